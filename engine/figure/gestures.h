#pragma once

#include "engine/figure/limbs.h"

namespace huntsman::engine::figure {

// Brings arms, hands and head of a pose into the movement's gesture.
void add_gesture(Maker& maker, const Movement& movement);

// The ball of Gesture::kBall: its radius, and its middle at rest in B, carried by Joint::kSpine3.
// A child of 1.25 m has one of 18 cm.
double ball_radius_m(const Skeleton& skeleton);
math::Vec3 ball_place(const Skeleton& skeleton);

}  // namespace huntsman::engine::figure
