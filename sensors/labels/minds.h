// What is in the minds of road users, as far as the state knows it.
#pragma once

#include <span>

#include "engine/world/state.h"
#include "sensors/labels/sample.h"

namespace huntsman::sensors::labels {

// How far and how wide road users look: a person's field for moving things, without turning the
// head, is about 190 degrees wide [Traquair 1938, as given in textbooks of perimetry].
constexpr double kLook_m = 60;
constexpr double kHalfField_rad = 1.66;

// Fills the minds of the labels that are actors. Whom somebody has seen: those of the labels, and
// the ego, within kLook_m and the half field about the gaze, to whom the straight line from eye to
// middle meets no other road user's or static object's ground rectangle that is higher than it.
void label_minds(const engine::world::World& world, const engine::world::State& state,
                 std::span<ObjectLabel> labels);

}  // namespace huntsman::sensors::labels
