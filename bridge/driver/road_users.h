// Other road users and standing things: whom to follow, whom to let pass, where to stop for them.
#pragma once

#include <optional>
#include <vector>

#include "bridge/driver/demand.h"
#include "bridge/driver/lines.h"
#include "bridge/driver/on_route.h"
#include "bridge/driver/speed.h"
#include "bridge/messages/huntsman.pb.h"
#include "engine/driving/swerve.h"
#include "engine/math/vec.h"

namespace huntsman::bridge::driver {

using engine::driving::OffsetProfile;

// A perceived object as the planner weighs it.
struct RoadUser {
    const messages::PerceivedObject* object = nullptr;
    bool person = false;
    engine::math::Vec2 p{0, 0}, v{0, 0};  // in B
    OnRoute at;
    double heading_rad = 0;         // of the route there
    engine::math::Vec2 half{0, 0};  // its half extent along the route and across
    double along_mps = 0;           // its speed along the route
    double margin_m = 0;            // from the ego's path to its edge, below which it is in the way
    double rear_gap_m = 0;          // from the front bumper to its rear
};

// Empty for objects that are no reason to brake: hardly seen, or on a bridge over the route.
std::optional<RoadUser> road_user(const messages::Observation& observation,
                                  const messages::PerceivedObject& object);
std::vector<RoadUser> road_users(const messages::Observation& observation,
                                 const messages::Perception& perception);

// Where and when the predicted path of an object is on the ego's.
struct Meeting {
    double enter_s_m = 0, leave_s_m = 0;  // of the route
    double enter_s = 0, leave_s = 0;      // from now
};
std::optional<Meeting> predict_meeting(const messages::Route& route, const OffsetProfile& profile,
                                       const RoadUser& user);

// Adds what road users ask for to `demand`, where the ego drives beside the route by `profile`.
// `waiting_s`: how long the ego has given way.
void weigh_road_users(const messages::Observation& observation, const std::vector<RoadUser>& users,
                      const OffsetProfile& profile, const Passage& passage, const Duties& duties,
                      double waiting_s, Demand& demand);

}  // namespace huntsman::bridge::driver
