#include <gtest/gtest.h>

#include "engine/math/geometry.h"
#include "engine/math/transform.h"
#include "engine/world/pose.h"
#include "engine/world/state.h"

namespace huntsman::engine {
namespace {

using math::Box2;
using math::RigidTransform;
using math::Vec2;
using math::Vec3;

constexpr double kTiny = 1e-12;  // a few rounding errors of numbers near 1

TEST(RigidTransform, InverseAndCompositionAgree) {
    const RigidTransform X_AB = math::upright({1, 2, 3}, 0.7);
    const RigidTransform X_BC{math::camera_rotation(-1.1, 0.2), {0.3, -0.4, 1.5}};
    const Vec3 p_C(0.2, 0.5, 4.0);
    EXPECT_NEAR(glm::length(X_AB * (X_BC * p_C) - (X_AB * X_BC) * p_C), 0.0, kTiny);
    EXPECT_NEAR(glm::length(X_AB.inverse() * (X_AB * p_C) - p_C), 0.0, kTiny);
    EXPECT_NEAR(X_AB.yaw_rad(), 0.7, kTiny);
}

TEST(CameraRotation, LooksForwardWithThePictureUpright) {
    const auto q = math::camera_rotation(0, 0);
    EXPECT_NEAR(glm::length(q * Vec3(0, 0, 1) - Vec3(1, 0, 0)), 0, kTiny);   // z forward
    EXPECT_NEAR(glm::length(q * Vec3(1, 0, 0) - Vec3(0, -1, 0)), 0, kTiny);  // x right
    EXPECT_NEAR(glm::length(q * Vec3(0, 1, 0) - Vec3(0, 0, -1)), 0, kTiny);  // y down
    const auto left = math::camera_rotation(math::kPi / 2, 0);
    EXPECT_NEAR(glm::length(left * Vec3(0, 0, 1) - Vec3(0, 1, 0)), 0, kTiny);
}

TEST(Box2, OverlapAndDistanceOfKnownPlacements) {
    const Box2 a{{0, 0}, 0, {2, 1}};
    EXPECT_TRUE(overlap(a, {{3.9, 0}, 0, {2, 1}}));
    EXPECT_FALSE(overlap(a, {{4.1, 0}, 0, {2, 1}}));
    EXPECT_NEAR(distance(a, {{4.1, 0}, 0, {2, 1}}), 0.1, kTiny);
    // A diamond whose tip points at the corner region: separating axis is the diamond's own.
    const Box2 diamond{{3.2, 2.2}, math::kPi / 4, {1, 1}};
    EXPECT_FALSE(overlap(a, diamond));
    EXPECT_NEAR(distance(a, diamond), (1.2 + 1.2) / std::sqrt(2.0) - 1.0, kTiny);
}

TEST(Geometry, SegmentsCrossWhereComputedByHand) {
    const auto hit = math::segment_crossing({0, 0}, {4, 0}, {1, -1}, {1, 3});
    ASSERT_TRUE(hit);
    EXPECT_NEAR(hit->x, 0.25, kTiny);
    EXPECT_NEAR(hit->y, 0.25, kTiny);
    EXPECT_FALSE(math::segment_crossing({0, 0}, {1, 0}, {2, -1}, {2, 1}));
    EXPECT_FALSE(math::segment_crossing({0, 0}, {1, 0}, {0, 1}, {1, 1}));
}

TEST(State, HashSeesEveryActorFieldAndInvalidActorIsNamed) {
    world::World w;
    w.archetypes.resize(1);
    w.spawns = {{.id = 1}, {.id = 5, .speed_mps = 3}};
    world::State state = world::initial_state(w);
    EXPECT_EQ(state.find(5)->v_W.x, 3.0);
    EXPECT_EQ(state.find(4), nullptr);
    const auto before = world::hash(state);
    EXPECT_EQ(world::hash(state), before);
    state.actors[1].mind.driver().waited_s = 1e-9;
    EXPECT_NE(world::hash(state), before);
    EXPECT_EQ(world::first_invalid_actor(state), world::kNoActor);
    state.actors[1].v_W.y = std::nan("");
    EXPECT_EQ(world::first_invalid_actor(state), 5U);
}

TEST(Pose, FootprintIsCentredBetweenTheBumpers) {
    const world::Extent extent{.front_m = 3.5, .rear_m = 1.0, .width_m = 1.8, .height_m = 1.5};
    const Box2 box = world::footprint(extent, math::upright({10, 0, 0}, math::kPi / 2));
    EXPECT_NEAR(box.centre.x, 10, kTiny);
    EXPECT_NEAR(box.centre.y, 1.25, kTiny);
    EXPECT_NEAR(box.half.x, 2.25, kTiny);
}

}  // namespace
}  // namespace huntsman::engine
