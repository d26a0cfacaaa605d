#include "bridge/live/cameras.h"

#include <algorithm>
#include <cmath>

#include "engine/math/vec.h"

namespace huntsman::bridge::live {

using engine::math::RigidTransform;
using engine::math::Vec3;
using engine::world::ActorState;
using engine::world::State;
using engine::world::World;

namespace {

constexpr double kSteepest_rad = 1.55;  // straight up and down have no direction to look to
using engine::math::kPi;

RigidTransform looking(const Vec3& from, double yaw_rad, double pitch_rad) {
    return {engine::math::camera_rotation(yaw_rad, pitch_rad), from};
}
Vec3 ahead(double yaw_rad, double pitch_rad) {
    return {std::cos(yaw_rad) * std::cos(pitch_rad), std::sin(yaw_rad) * std::cos(pitch_rad),
            std::sin(pitch_rad)};
}
Vec3 to_left(double yaw_rad) { return {-std::sin(yaw_rad), std::cos(yaw_rad), 0}; }

double steep(double pitch_rad) { return std::clamp(pitch_rad, -kSteepest_rad, kSteepest_rad); }

}  // namespace

RigidTransform pose(const Orbit& orbit) {
    return looking(orbit.target_W - orbit.distance_m * ahead(orbit.yaw_rad, orbit.pitch_rad),
                   orbit.yaw_rad, orbit.pitch_rad);
}

void turn(Orbit& orbit, double right, double down) {
    orbit.yaw_rad = engine::math::wrap_angle(orbit.yaw_rad - kPi * right);
    orbit.pitch_rad = steep(orbit.pitch_rad - kPi * down);
}

void pan(Orbit& orbit, double right, double down, double vertical_fov_rad) {
    // What is under the pointer at the target's distance stays there; up is along the ground.
    const double height_m = 2 * orbit.distance_m * std::tan(0.5 * vertical_fov_rad);
    const Vec3 along(std::cos(orbit.yaw_rad), std::sin(orbit.yaw_rad), 0);
    constexpr double kFlattest = 0.2;  // looks along the ground would go far
    const double slope = std::max(kFlattest, std::abs(std::sin(orbit.pitch_rad)));
    orbit.target_W += height_m * (right * to_left(orbit.yaw_rad) + down / slope * along);
}

void zoom(Orbit& orbit, double steps) {
    constexpr double kStep = 1.15, kNearest_m = 0.5, kFarthest_m = 5000;
    orbit.distance_m =
        std::clamp(orbit.distance_m * std::pow(kStep, -steps), kNearest_m, kFarthest_m);
}

RigidTransform pose(const Flight& flight) {
    return looking(flight.p_W, flight.yaw_rad, flight.pitch_rad);
}

void turn(Flight& flight, double right, double down) {
    flight.yaw_rad = engine::math::wrap_angle(flight.yaw_rad - kPi * right);
    flight.pitch_rad = steep(flight.pitch_rad - kPi * down);
}

void move(Flight& flight, double forward_m, double left_m, double up_m) {
    flight.p_W += forward_m * ahead(flight.yaw_rad, flight.pitch_rad) +
                  left_m * to_left(flight.yaw_rad) + Vec3(0, 0, up_m);
}

Orbit orbit_of(const Flight& flight, double distance_m) {
    return {flight.p_W + distance_m * ahead(flight.yaw_rad, flight.pitch_rad), flight.yaw_rad,
            flight.pitch_rad, distance_m};
}

Flight flight_of(const Orbit& orbit) { return {pose(orbit).p, orbit.yaw_rad, orbit.pitch_rad}; }

RigidTransform chase(const World& world, const ActorState& actor, double distance_m) {
    const auto& extent = world.archetypes[actor.archetype].extent;
    constexpr double kPitch_rad = -0.28;
    return pose(Orbit{actor.X_WB * Vec3(extent.centre_x_m(), 0, extent.height_m),
                      actor.X_WB.yaw_rad(), kPitch_rad, distance_m + 0.5 * extent.length_m()});
}

RigidTransform own_eyes(const World& world, const ActorState& actor) {
    const auto& archetype = world.archetypes[actor.archetype];
    const auto& extent = archetype.extent;
    if (engine::world::is_person(archetype.semantic)) {
        // The gaze of a mind that has not thought yet is not known.
        const double yaw =
            actor.mind.thought_us >= 0 ? actor.mind.gaze_rad() : actor.X_WB.yaw_rad();
        constexpr double kEyes = 0.93;  // of the body's height
        return looking(actor.X_WB.p + Vec3(0, 0, kEyes * extent.height_m), yaw, -0.05);
    }
    const double yaw = actor.X_WB.yaw_rad();
    if (engine::world::is_two_wheeler(archetype.semantic)) {
        return looking(actor.X_WB * Vec3(extent.centre_x_m(), 0, 0.92 * extent.height_m), yaw,
                       -0.05);
    }
    // Where a driver's head is in a car: behind the middle, at four fifths of the height; high
    // vehicles are driven from the front.
    constexpr double kCar_m = 2;
    const bool high = extent.height_m > kCar_m;
    const double x = high ? extent.front_m - 1.2 : 0.42 * archetype.vehicle.wheelbase_m;
    const double z = high ? std::min(0.8 * extent.height_m, 2.4) : 0.8 * extent.height_m;
    return looking(actor.X_WB * Vec3(x, 0.2 * extent.width_m, z), yaw, -0.03);
}

RigidTransform top_down(const Vec3& place_W, double across_m, double horizontal_fov_rad,
                        double heading_up_rad) {
    const double height_m = 0.5 * across_m / std::tan(0.5 * horizontal_fov_rad);
    return looking(place_W + Vec3(0, 0, height_m), heading_up_rad, -0.5 * kPi);
}

RigidTransform on_ego(const World& world, const State& state, std::size_t camera) {
    return state.actors.front().X_WB * world.rig.cameras[camera].X_BC;
}

}  // namespace huntsman::bridge::live
