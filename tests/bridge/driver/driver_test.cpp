// What drivers are given, and the message form of it.
#include "bridge/driver/driver.h"

#include <gtest/gtest.h>

namespace huntsman::bridge::driver {
namespace {

TEST(MessageForm, HoldsEveryPictureWithItsCalibration) {
    engine::world::Camera plain{.name = "main", .width = 4, .height = 2};
    plain.lens = {.fx = 3, .fy = 3.5, .cx = 2, .cy = 1};
    engine::world::Camera fisheye = plain;
    fisheye.name = "side";
    fisheye.lens.model = engine::world::LensModel::kKannalaBrandt;
    fisheye.lens.k[1] = -0.25;
    fisheye.lens.max_angle_rad = 1.7;
    fisheye.X_BC = {{0.5, 0.5, -0.5, 0.5}, {1, 2, 3}};
    std::vector<std::uint8_t> rgb(4 * 2 * 3);
    for (std::size_t i = 0; i < rgb.size(); ++i) rgb[i] = static_cast<std::uint8_t>(10 * i);
    const std::vector<CameraPicture> pictures = {{&plain, rgb}, {&fisheye, rgb}};

    messages::Observation observation;
    add_cameras(pictures, observation);
    ASSERT_EQ(observation.cameras_size(), 2);
    const auto& first = observation.cameras(0);
    EXPECT_EQ(first.name(), "main");
    EXPECT_EQ(first.width(), 4U);
    EXPECT_EQ(first.height(), 2U);
    EXPECT_EQ(first.rgb(), std::string(rgb.begin(), rgb.end()));
    EXPECT_EQ(first.lens_model(), messages::LENS_PINHOLE);
    EXPECT_EQ(first.fy(), 3.5);
    EXPECT_EQ(first.lens_k_size(), 0);  // a plain pinhole has no coefficients
    const auto& second = observation.cameras(1);
    EXPECT_EQ(second.lens_model(), messages::LENS_KANNALA_BRANDT);
    ASSERT_EQ(second.lens_k_size(), 6);
    EXPECT_EQ(second.lens_k(1), -0.25);
    EXPECT_EQ(second.max_angle_rad(), 1.7);
    EXPECT_EQ(second.x_bc().qy(), -0.5);
    EXPECT_EQ(second.x_bc().z(), 3);
}

TEST(SimpleDrivers, OnlyTheOracleAsksForTheTruth) {
    EXPECT_FALSE(make_none_driver()->needs_truth());
    EXPECT_TRUE(make_oracle_driver()->needs_truth());
    EXPECT_FALSE(make_oracle_driver()->needs_images());
}

}  // namespace
}  // namespace huntsman::bridge::driver
