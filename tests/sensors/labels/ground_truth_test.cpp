#include "sensors/labels/ground_truth.h"

#include <gtest/gtest.h>

namespace huntsman::sensors::labels {
namespace {

using namespace engine::world;
using engine::math::Vec3;

Camera forward_camera() {
    Camera camera;
    camera.X_BC = {engine::math::camera_rotation(0, 0), {0, 0, 1}};
    camera.width = 200;
    camera.height = 100;
    camera.lens.fx = camera.lens.fy = 100;
    camera.lens.cx = 100;
    camera.lens.cy = 50;
    return camera;
}

TEST(ProjectedArea, AThinPlateSquareToTheAxisHasItsExactArea) {
    const Camera camera = forward_camera();
    // 2 m wide, 1 m high, at 10 m: 20 × 10 px.
    const double area =
        projected_area_px(camera, camera.X_BC.inverse(), {10, 0, 1}, {1e-9, 2, 1}, 0);
    EXPECT_NEAR(area, 200.0, 1e-5);
}

TEST(ProjectedArea, ClipsAtThePictureAndVanishesBehindTheCamera) {
    const Camera camera = forward_camera();
    const auto X_CB = camera.X_BC.inverse();
    // A huge plate covers the whole picture; one half out to the left shows half its width.
    EXPECT_NEAR(projected_area_px(camera, X_CB, {10, 0, 1}, {1e-9, 100, 100}, 0), 20000, 1e-4);
    EXPECT_NEAR(projected_area_px(camera, X_CB, {10, 10, 1}, {1e-9, 2, 1}, 0), 100, 1e-4);
    EXPECT_EQ(projected_area_px(camera, X_CB, {-10, 0, 1}, {1, 2, 1}, 0), 0.0);
    // A box through the camera's plane stays finite and within the picture.
    const double near = projected_area_px(camera, X_CB, {0, 0, 1}, {4, 2, 1}, 0);
    EXPECT_GT(near, 19000);
    EXPECT_LE(near, 20000 + 1e-6);
}

TEST(Visibility, PixelsAndShareComeFromTheIdBuffer) {
    World world;
    world.archetypes.resize(1);
    world.archetypes[0].extent = {.front_m = 0, .rear_m = 1e-9, .width_m = 2, .height_m = 1};
    world.rig.cameras = {forward_camera()};
    world.spawns = {{.id = kEgo}, {.id = 5}};
    world.spawns[1].X_WB.p = {10, 0, 0.5};
    const State state = initial_state(world);
    auto objects = objects_around(world, state, 50);
    ASSERT_EQ(objects.size(), 1U);
    EXPECT_NEAR(glm::length(objects[0].centre_B - Vec3(10, 0, 1)), 0, 1e-6);
    // Half of its 200 pixels show it; another actor's pixels do not count.
    std::vector<std::uint32_t> ids(20000, 0);
    for (int i = 0; i < 100; ++i) ids[static_cast<std::size_t>(i)] = (13U << 24) | 5U;
    for (int i = 100; i < 200; ++i) ids[static_cast<std::size_t>(i)] = (13U << 24) | 6U;
    const std::vector<std::span<const std::uint32_t>> buffers = {ids};
    count_visible(world, buffers, objects);
    EXPECT_EQ(objects[0].pixels, 100U);
    EXPECT_NEAR(objects[0].visible_share, 0.5, 1e-6);
}

}  // namespace
}  // namespace huntsman::sensors::labels
