#include "sensors/rig/coverage.h"

#include <gtest/gtest.h>

#include "sensors/lens/field.h"
#include "sensors/rig/plot.h"

namespace huntsman::sensors::rig {
namespace {

using engine::world::Camera;
using engine::world::LensModel;

constexpr double kDegree = engine::math::kPi / 180;

Camera looking(double yaw_deg, double fov_deg, LensModel model = LensModel::kPinhole) {
    Camera camera{.name = "c"};
    camera.X_BC.q = engine::math::camera_rotation(yaw_deg * kDegree, 0);
    camera.lens = lens::lens_for_fov(model, camera.width, camera.height, fov_deg * kDegree);
    return camera;
}

TEST(Coverage, OneCameraSeesItsFieldAndTheRestIsOneGap) {
    const auto seen = coverage({.name = "r", .cameras = {looking(90, 60)}});
    ASSERT_EQ(seen.cameras[0].size(), 1U);
    EXPECT_EQ(seen.cameras[0][0].from, 600);
    EXPECT_EQ(seen.cameras[0][0].to, 1200);
    ASSERT_EQ(seen.gaps.size(), 1U);
    EXPECT_EQ(seen.gaps[0].from, 1200);
    EXPECT_EQ(seen.gaps[0].to, 3600 + 600);
    EXPECT_NEAR(seen.covered_deg, 60, 1e-9);
    EXPECT_EQ(seen.overlap_deg, 0);
}

TEST(Coverage, AFieldAcrossAheadIsOneArc) {
    const auto seen = coverage({.name = "r", .cameras = {looking(0, 40)}});
    ASSERT_EQ(seen.cameras[0].size(), 1U);
    EXPECT_EQ(seen.cameras[0][0].from, 3400);
    EXPECT_EQ(seen.cameras[0][0].to, 3800);
}

TEST(Coverage, OverlapsAndGapsAddUpToATurn) {
    engine::world::Rig rig{.name = "r"};
    for (const double yaw : {0.0, 50.0, 180.0}) rig.cameras.push_back(looking(yaw, 70));
    const auto seen = coverage(rig);
    EXPECT_NEAR(seen.overlap_deg, 20, 1e-9);  // 70 - 50
    EXPECT_NEAR(seen.covered_deg, 70 + 50 + 70, 1e-9);
    ASSERT_EQ(seen.gaps.size(), 2U);
    EXPECT_NEAR(seen.gaps[0].degrees() + seen.gaps[1].degrees(), 170, 1e-9);
    EXPECT_EQ(seen.most, 2);
}

TEST(Coverage, AFisheyeSeesBehindItself) {
    const auto seen =
        coverage({.name = "r", .cameras = {looking(0, 190, LensModel::kKannalaBrandt)}});
    EXPECT_NEAR(seen.covered_deg, 190, 0.1);
    const auto all =
        coverage({.name = "r", .cameras = {looking(0, 360, LensModel::kEquirectangular)}});
    EXPECT_NEAR(all.covered_deg, 360, 1e-9);
    EXPECT_TRUE(all.gaps.empty());
}

TEST(Coverage, ACameraThatLooksDownDoesNotSeeTheHorizon) {
    Camera camera = looking(0, 60);
    camera.X_BC.q = engine::math::camera_rotation(0, -80 * kDegree);
    const auto seen = coverage({.name = "r", .cameras = {camera}});
    EXPECT_TRUE(seen.cameras[0].empty());
    ASSERT_EQ(seen.gaps.size(), 1U);
    EXPECT_NEAR(seen.gaps[0].degrees(), 360, 1e-9);
}

TEST(Plot, NamesEveryCameraAndTheGap) {
    engine::world::Rig rig{.name = "<two>", .cameras = {looking(0, 70), looking(60, 70)}};
    rig.cameras[0].name = "first_one";
    rig.cameras[1].name = "second_one";
    const auto drawing =
        plot(rig, coverage(rig), {.front_m = 3.6, .rear_m = 0.9, .width_m = 1.8, .height_m = 1.4});
    std::string text;
    for (const auto& shape : drawing.shapes) {
        text += shape.text + "\n";
        for (const auto& path : shape.paths) {
            for (const auto& p : path) {
                ASSERT_TRUE(p.x >= 0 && p.y >= 0 && p.x <= drawing.width_px &&
                            p.y <= drawing.height_px)
                    << p.x << " " << p.y << " " << shape.text;
            }
        }
    }
    for (const char* part : {"<two>", "first_one", "second_one", "70.0°", "blind 230.0°"}) {
        EXPECT_NE(text.find(part), std::string::npos) << part;
    }
    EXPECT_NE(engine::draw::to_svg(drawing).find("&lt;two&gt;"), std::string::npos);
}

TEST(Plot, ThirtyTwoCamerasFit) {
    engine::world::Rig rig{.name = "many"};
    for (int i = 0; i < 32; ++i) rig.cameras.push_back(looking(11.0 * i - 170, 30));
    const auto drawing =
        plot(rig, coverage(rig), {.front_m = 3.6, .rear_m = 0.9, .width_m = 1.8, .height_m = 1.4});
    EXPECT_GT(drawing.height_px, 32 * 27);
}

TEST(AzimuthText, SaysTheSide) {
    EXPECT_EQ(azimuth_text(0), "ahead");
    EXPECT_EQ(azimuth_text(3600), "ahead");
    EXPECT_EQ(azimuth_text(1800), "behind");
    EXPECT_EQ(azimuth_text(125), "12.5° left");
    EXPECT_EQ(azimuth_text(3599), "0.1° right");
    EXPECT_EQ(azimuth_text(-10), "1.0° right");
}

}  // namespace
}  // namespace huntsman::sensors::rig
