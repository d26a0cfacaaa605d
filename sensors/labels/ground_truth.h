// What is truly there: boxes of road users with how much of each the cameras see.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/world/state.h"
#include "engine/world/world.h"

namespace huntsman::sensors::labels {

struct TrueObject {
    engine::world::ActorId id = engine::world::kNoActor;
    engine::world::Semantic semantic = engine::world::Semantic::kNothing;
    engine::math::Vec3 centre_B{0, 0, 0};  // of the box, in the ego's body frame
    engine::math::Vec3 size_m{0, 0, 0};    // length, width, height
    double yaw_rad = 0;                    // in the ego's body frame
    engine::math::Vec2 velocity_B{0, 0};   // over ground, along the ego's axes
    double distance_m = 0;                 // of the centre on the ground from B's origin
    std::uint32_t pixels = 0;              // in all cameras together
    double visible_share = 0;  // largest over the cameras: pixels / area of the projected box, 0..1
};

// Actors other than the ego and labelled static objects (parked cars) within `range_m`, sorted by
// id. Without pictures `pixels` and `visible_share` stay 0; see count_visible.
std::vector<TrueObject> objects_around(const engine::world::World& world,
                                       const engine::world::State& state, double range_m);

// Fills in what the cameras see from their id buffers (height × width words),
// one for each camera of world.rig, in its order.
void count_visible(const engine::world::World& world,
                   std::span<const std::span<const std::uint32_t>> id_buffers,
                   std::vector<TrueObject>& objects);

// Pixel area of the convex hull of a box's corners in a camera, clipped to the picture; 0 when the
// box lies behind the camera.
double projected_area_px(const engine::world::Camera& camera,
                         const engine::math::RigidTransform& X_CB,
                         const engine::math::Vec3& centre_B, const engine::math::Vec3& size_m,
                         double yaw_rad);

}  // namespace huntsman::sensors::labels
