// The steering of the planner: pure pursuit on the route.
#pragma once

#include "bridge/messages/huntsman.pb.h"
#include "engine/driving/swerve.h"

namespace huntsman::bridge::driver {

using engine::driving::OffsetProfile;

// Steering angle [rad] towards a point beside the route, by `profile`, that lies further ahead the
// faster the car goes. The route must have points.
double steer_along(const messages::Observation& observation, const OffsetProfile& profile);

}  // namespace huntsman::bridge::driver
