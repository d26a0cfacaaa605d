// A straight road of 3.5 m lanes along x, and cars on it, as a planner is told of them.
#pragma once

#include "bridge/messages/huntsman.pb.h"

namespace huntsman::bridge::driver {

inline messages::Observation straight_road(double speed_mps) {
    messages::Observation observation;
    observation.mutable_motion()->set_speed_mps(speed_mps);
    auto* vehicle = observation.mutable_vehicle();
    vehicle->set_wheelbase_m(2.58);
    vehicle->set_front_m(3.5);
    vehicle->set_rear_m(1.0);
    vehicle->set_width_m(1.8);
    vehicle->set_max_steer_rad(0.7);
    vehicle->set_full_throttle_mps2(4.5);
    vehicle->set_full_brake_mps2(9.0);
    for (int s = -5; s <= 80; ++s) {
        auto* point = observation.mutable_route()->add_points();
        point->set_s_m(s);
        point->set_x_m(s);
        point->set_speed_limit_mps(10);
        point->set_width_m(3.5);
    }
    return observation;
}

inline messages::PerceivedObject car(double x, double y, double vx = 0, double vy = 0) {
    messages::PerceivedObject object;
    object.set_object_class(messages::OBJECT_VEHICLE);
    object.set_score(0.9);
    object.set_x_m(x);
    object.set_y_m(y);
    object.set_length_m(4.5);
    object.set_width_m(1.8);
    object.set_velocity_x_mps(vx);
    object.set_velocity_y_mps(vy);
    return object;
}

}  // namespace huntsman::bridge::driver
