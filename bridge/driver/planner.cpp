#include "bridge/driver/planner.h"

#include <algorithm>
#include <cmath>

#include "bridge/driver/demand.h"
#include "bridge/driver/on_route.h"
#include "bridge/driver/pedals.h"
#include "bridge/driver/road_users.h"
#include "bridge/driver/speed.h"
#include "bridge/driver/steering.h"

namespace huntsman::bridge::driver {

void Planner::reset() { *this = Planner(); }

messages::Pedals Planner::plan(const messages::Observation& observation,
                               const messages::Perception& perception) {
    constexpr double kFrame_s = 0.1;        // before the first frame, which nothing tells
    constexpr double kNoRoute_mps2 = -3.0;  // without a route to go along
    const messages::Route& route = observation.route();
    const messages::EgoVehicle& vehicle = observation.vehicle();
    const double speed = std::max(0.0, observation.motion().speed_mps());
    const double grade = observation.motion().grade();
    const std::int64_t now_us = observation.time_us();
    double dt = kFrame_s;
    if (last_time_us_ >= 0) {
        dt = 1e-6 * static_cast<double>(now_us - last_time_us_);
        lines_.advance(dt, speed);
        passing_.advance(dt * speed * along_);
    }
    last_time_us_ = now_us;
    if (route.points_size() < 2) return pedals_for(vehicle, kNoRoute_mps2, 0.0, speed, grade);

    along_ = std::cos(point_at(route, 0.0).heading_rad());

    const SpeedPlan free = plan_speed(route, speed);
    Demand demand(speed, free.desired_mps, vehicle.front_m());
    lines_.see(perception, now_us);
    const Duties duties = lines_.weigh(route, now_us, demand);
    const std::vector<RoadUser> users = road_users(observation, perception);
    const OffsetProfile profile = passing_.weigh(observation, users, demand);
    weigh_road_users(observation, users, profile, free.passage, duties, lines_.waiting_s(), demand);
    acceleration_mps2_ = eased(demand.acceleration_mps2(), acceleration_mps2_, dt);
    return pedals_for(vehicle, acceleration_mps2_, steer_along(observation, profile), speed, grade);
}

}  // namespace huntsman::bridge::driver
