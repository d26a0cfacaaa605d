// Where cameras are and what they look at.
#include "bridge/live/cameras.h"

#include <gtest/gtest.h>

#include "bridge/live/views.h"

namespace huntsman::bridge::live {
namespace {

using engine::math::Vec3;

void expect_near(const Vec3& a, const Vec3& b, double tolerance = 1e-9) {
    EXPECT_NEAR(glm::length(a - b), 0, tolerance) << a.x << " " << a.y << " " << a.z;
}

TEST(Cameras, AnOrbitHasItsTargetInTheMiddle) {
    Orbit orbit{.target_W = {3, 4, 1}, .yaw_rad = 0.7, .pitch_rad = -0.5, .distance_m = 20};
    expect_near(pose(orbit).inverse() * orbit.target_W, {0, 0, 20});
    turn(orbit, 0.3, -0.2);
    expect_near(pose(orbit).inverse() * orbit.target_W, {0, 0, 20});
    zoom(orbit, 2);
    EXPECT_LT(orbit.distance_m, 20);
    for (int i = 0; i < 100; ++i) turn(orbit, 0, 1);
    EXPECT_GT(pose(orbit).p.z, 1);
    for (int i = 0; i < 1000; ++i) zoom(orbit, 5);
    EXPECT_GT(orbit.distance_m, 0.1);
}

TEST(Cameras, PanningMovesWhatIsUnderThePointerAlong) {
    // Straight down, 90 degrees: the picture is twice as high as the camera.
    Orbit orbit{.target_W = {0, 0, 0}, .yaw_rad = 0, .pitch_rad = -1.5, .distance_m = 10};
    pan(orbit, 0.5, 0, 1.5707963267948966);
    expect_near(orbit.target_W, {0, 10, 0}, 1e-6);  // dragged right: the camera goes left
}

TEST(Cameras, AFlightBecomesAnOrbitAndBack) {
    const Flight flight{.p_W = {1, 2, 3}, .yaw_rad = 0.4, .pitch_rad = -0.2};
    const Flight back = flight_of(orbit_of(flight, 15));
    expect_near(back.p_W, flight.p_W);
    EXPECT_NEAR(back.yaw_rad, flight.yaw_rad, 1e-12);
    Flight moved = flight;
    move(moved, 2, 0, 0);
    expect_near(pose(flight).inverse() * moved.p_W, {0, 0, 2});
}

TEST(Cameras, FromAboveNorthIsUp) {
    const auto X_WC = top_down({5, 6, 0}, 40, 1.5707963267948966);
    expect_near(X_WC.p, {5, 6, 20}, 1e-6);
    const Vec3 north_C = X_WC.inverse() * Vec3(5, 16, 0);
    expect_near(north_C, {0, -10, 20}, 1e-5);
}

TEST(Picture, DepthAndRayGiveThePlace) {
    ViewPicture picture;
    picture.camera.width = 100;
    picture.camera.height = 50;
    picture.camera.lens = {.fx = 50, .fy = 50, .cx = 50, .cy = 25};
    picture.depth_m.assign(5000, 10);
    picture.ids.assign(5000, engine::world::id_word(engine::world::Semantic::kCar, 42));
    const auto place = place_under(picture, 1.0 - 1e-9, 0.5);
    ASSERT_TRUE(place);
    expect_near(*place, {10, 0, 10}, 1e-6);
    EXPECT_EQ(actor_under(picture, 0.2, 0.2), 42U);
    const auto share = place_in(picture, {0, 1, 10});
    ASSERT_TRUE(share);
    EXPECT_NEAR(share->y, 0.6, 1e-12);
    EXPECT_FALSE(place_in(picture, {0, 0, -1}));
    picture.depth_m.assign(5000, std::numeric_limits<float>::infinity());
    EXPECT_FALSE(place_under(picture, 0.5, 0.5));
    picture.depth_m.clear();
    EXPECT_FALSE(place_under(picture, 0.5, 0.5));
}

}  // namespace
}  // namespace huntsman::bridge::live
