// Where somebody looks next: head and eyes follow what is attended to.
#pragma once

#include "agents/conduct/scene.h"

namespace huntsman::agents::conduct {

// The gaze of a driver with this mind [rad, in W]: ahead, to both sides before junctions, at
// mirrors now and then, and at whom it gives way to.
double gaze_of_driver(const Scene& scene, const world::DriverMind& mind);

// Of somebody on foot, whose way leads in a direction: both ways along the road and at the nearest
// vehicle before and on a crossing, else ahead.
double gaze_of_person(const Scene& scene, const world::PedestrianMind& mind, double forward_rad);

// Time after which somebody who stands at the kerb has looked both ways [s].
constexpr double kBothWays_s = 1.2;

}  // namespace huntsman::agents::conduct
