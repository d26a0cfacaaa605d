// The steering of the planner: pure pursuit on the route.
#pragma once

#include "bridge/messages/huntsman.pb.h"

namespace huntsman::bridge::driver {

// Steering angle [rad] towards a point of the route that lies further ahead the faster the car
// goes. The route must have points.
double steer_along(const messages::Observation& observation);

}  // namespace huntsman::bridge::driver
