// Places relative to the route of an observation.
#pragma once

#include <limits>

#include "bridge/messages/huntsman.pb.h"
#include "engine/math/vec.h"

namespace huntsman::bridge::driver {

// s along the route, t to its left; t is infinite where the route has no length.
struct OnRoute {
    double s_m = 0, t_m = std::numeric_limits<double>::infinity();
    double z_m = 0;  // of the route there
};

// The nearest place on the route to `p` in B.
OnRoute project(const messages::Route& route, const engine::math::Vec2& p);

// The first point at `s_m` or behind it, else the last. The route must have points.
const messages::RoutePoint& point_at(const messages::Route& route, double s_m);

// Half the room that an object takes along the route (x) and across it (y), where the route has
// this heading.
engine::math::Vec2 half_extent_on_route(const messages::PerceivedObject& object,
                                        double route_heading_rad);

}  // namespace huntsman::bridge::driver
