#include "sensors/capture/plan.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "sensors/capture/resample.h"
#include "sensors/lens/lens.h"

namespace huntsman::sensors::capture {
namespace {

using engine::math::Vec2;
using engine::math::Vec3;
using engine::world::Camera;
using engine::world::LensModel;
using engine::world::Readout;

Camera camera_of(LensModel model, double f, int width = 160, int height = 100) {
    Camera camera{.name = "c", .width = width, .height = height};
    camera.lens = {.model = model,
                   .fx = f,
                   .fy = f,
                   .cx = 0.5 * width,
                   .cy = 0.5 * height,
                   .max_angle_rad = model == LensModel::kPinhole ? 1.5 : 3.1};
    return camera;
}

// The direction in C that a planned pixel is read from.
Vec3 read_from(const CameraPlan& plan, int x, int y) {
    const auto& at = plan.pixels[static_cast<std::size_t>(y * plan.camera.width + x)];
    const PlannedView& view = plan.views.at(at.view);
    return glm::normalize(view.R_CF *
                          Vec3((at.x - view.cx) / view.fx, (at.y - view.cy) / view.fy, 1));
}

TEST(Plan, PlainCameraIsOneViewPixelForPixel) {
    const auto plan = plan_camera(camera_of(LensModel::kPinhole, 100), 1e-3);
    ASSERT_TRUE(plan.ok());
    EXPECT_TRUE(plan->direct);
    EXPECT_EQ(plan->views.size(), 1U);
}

TEST(Plan, EveryPixelIsReadFromWhereTheLensLooks) {
    for (const LensModel model : {LensModel::kKannalaBrandt, LensModel::kFTheta,
                                  LensModel::kEquirectangular, LensModel::kPinhole}) {
        Camera camera = camera_of(model, 40);
        if (model == LensModel::kPinhole) camera.lens.k = {-0.05, 0.002};
        const auto plan = plan_camera(camera, 1e-3);
        ASSERT_TRUE(plan.ok()) << plan.error().text();
        for (int y = 0; y < camera.height; ++y) {
            for (int x = 0; x < camera.width; ++x) {
                Vec3 ray;
                if (!lens::unproject(camera.lens, Vec2(x + 0.5, y + 0.5), ray)) continue;
                // Places in views are floats: a few thousandths of a pixel.
                EXPECT_LT(glm::length(ray - read_from(*plan, x, y)), 1e-5);
            }
        }
    }
}

TEST(Plan, NoPixelIsReadAcrossTheEdgeOfAView) {
    const auto plan = plan_camera(camera_of(LensModel::kFTheta, 40), 1e-3);
    ASSERT_TRUE(plan.ok());
    EXPECT_TRUE(plan->joined);
    for (const PlannedPixel& p : plan->pixels) {
        if (p.view == kNoView) continue;
        const PlannedView& view = plan->views.at(p.view);
        EXPECT_GT(p.x, 2);
        EXPECT_GT(p.y, 2);
        EXPECT_LT(p.x, view.width - 2);
        EXPECT_LT(p.y, view.height - 2);
    }
}

TEST(Plan, RollingShutterIsCutIntoBandsThatKeepTheirTime) {
    for (const Readout readout : {Readout::kTopToBottom, Readout::kBottomToTop,
                                  Readout::kLeftToRight, Readout::kRightToLeft}) {
        Camera camera = camera_of(LensModel::kPinhole, 100);
        camera.shutter = {readout, 20000};
        constexpr double kResidual_s = 1e-3;
        const auto plan = plan_camera(camera, kResidual_s);
        ASSERT_TRUE(plan.ok());
        EXPECT_EQ(plan->views.size(), 10U);
        for (int y = 0; y < camera.height; ++y) {
            for (int x = 0; x < camera.width; ++x) {
                const auto& p = plan->pixels[static_cast<std::size_t>(y * camera.width + x)];
                const double time = line_time_s(camera, line_of(readout, x, y));
                EXPECT_LE(std::abs(time - plan->views.at(p.view).after_s), kResidual_s);
                // Without distortion whole pixels are read.
                EXPECT_NEAR(p.x - std::floor(p.x), 0.5, 1e-4);
                EXPECT_NEAR(p.y - std::floor(p.y), 0.5, 1e-4);
            }
        }
        EXPECT_NEAR(line_time_s(camera, 0) + line_time_s(camera, line_of(readout, 159, 99)), 0,
                    1e-12);
        const bool reversed = readout == Readout::kBottomToTop || readout == Readout::kRightToLeft;
        EXPECT_NEAR(line_time_s(camera, 0), reversed ? 0.01 : -0.01, 1e-12);
    }
}

TEST(Plan, LensThatSeesNothingIsRefused) {
    Camera camera = camera_of(LensModel::kKannalaBrandt, 100);
    camera.lens.max_angle_rad = 0.1;
    camera.lens.cx = -500;
    const auto plan = plan_camera(camera, 1e-3);
    ASSERT_FALSE(plan.ok());
    EXPECT_NE(plan.error().text().find("camera c"), std::string::npos);
}

// A spike on a slanted body is mended; the body's own slope and edges, and the ground, are not.
TEST(MendSlivers, SinglePixelsTakeTheirNeighboursDepth) {
    constexpr int kWidth = 9, kHeight = 7;
    engine::render::Frame frame;
    const auto at = [](int x, int y) { return static_cast<std::size_t>(y * kWidth + x); };
    frame.ids.assign(static_cast<std::size_t>(kWidth * kHeight), 0);
    frame.depth_m.assign(frame.ids.size(), 30.0F);
    for (int y = 1; y < 6; ++y) {
        for (int x = 2; x < 7; ++x) {
            frame.ids[at(x, y)] = 42;
            frame.depth_m[at(x, y)] = 10.0F + 0.2F * static_cast<float>(x);
        }
    }
    const auto right = frame.depth_m;
    frame.depth_m[at(4, 3)] = 9.0F;
    mend_slivers(frame, kWidth);
    // The closest neighbour is one step along the slope.
    EXPECT_NEAR(frame.depth_m[at(4, 3)], right[at(4, 3)], 0.21);
    frame.depth_m[at(4, 3)] = right[at(4, 3)];
    EXPECT_EQ(frame.depth_m, right);
    frame.depth_m[at(0, 3)] = 5.0F;  // the ground's own business
    mend_slivers(frame, kWidth);
    EXPECT_EQ(frame.depth_m[at(0, 3)], 5.0F);
}

}  // namespace
}  // namespace huntsman::sensors::capture
