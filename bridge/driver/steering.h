// The steering of the planner: pure pursuit on the route.
#pragma once

#include "bridge/driver/offset.h"
#include "bridge/messages/huntsman.pb.h"

namespace huntsman::bridge::driver {

// Steering angle [rad] towards a point beside the route, by `profile`, that lies further ahead the
// faster the car goes. The route must have points.
double steer_along(const messages::Observation& observation, const OffsetProfile& profile);

}  // namespace huntsman::bridge::driver
