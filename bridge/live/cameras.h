// Where the cameras of an editor's views are: X_WC with C as OpenCV has it (x right, y down, z
// forward).
#pragma once

#include "engine/world/state.h"
#include "engine/world/world.h"

namespace huntsman::bridge::live {

// Around a place, which is at the middle of the picture.
struct Orbit {
    engine::math::Vec3 target_W{0, 0, 0};
    double yaw_rad = 0;       // to which it looks, from east to north
    double pitch_rad = -0.6;  // of the look, up positive
    double distance_m = 30;
};
engine::math::RigidTransform pose(const Orbit& orbit);
// Drags of the pointer, as shares of the picture's height.
void turn(Orbit& orbit, double right, double down);
void pan(Orbit& orbit, double right, double down, double vertical_fov_rad);
void zoom(Orbit& orbit, double steps);  // positive: nearer; towards the target

// A camera that flies.
struct Flight {
    engine::math::Vec3 p_W{0, 0, 2};
    double yaw_rad = 0, pitch_rad = 0;
};
engine::math::RigidTransform pose(const Flight& flight);
void turn(Flight& flight, double right, double down);
void move(Flight& flight, double forward_m, double left_m, double up_m);
Orbit orbit_of(const Flight& flight, double distance_m);
Flight flight_of(const Orbit& orbit);

// Behind and above an actor, which it follows.
engine::math::RigidTransform chase(const engine::world::World& world,
                                   const engine::world::ActorState& actor, double distance_m = 9);
// The eyes of whoever drives it, or of a person, looking where it looks.
engine::math::RigidTransform own_eyes(const engine::world::World& world,
                                      const engine::world::ActorState& actor);
// From above, north up; the picture is `across_m` wide at the height of the place.
engine::math::RigidTransform top_down(const engine::math::Vec3& place_W, double across_m,
                                      double horizontal_fov_rad, double heading_up_rad = 1.5707963);
// The pose of one of the rig's cameras on the ego, without what its calibration is off.
engine::math::RigidTransform on_ego(const engine::world::World& world,
                                    const engine::world::State& state, std::size_t camera);

}  // namespace huntsman::bridge::live
