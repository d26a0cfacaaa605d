#include "sensors/rig/rig.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

namespace huntsman::sensors::rig {
namespace {

std::string written(const std::string& text) {
    const auto path = std::filesystem::temp_directory_path() / "huntsman_rig_test.json";
    std::ofstream(path) << text;
    return path.string();
}

std::string with_camera(const std::string& fields) {
    return "{\n \"name\": \"r\",\n \"cameras\": [\n  {" + fields + "}\n ]\n}\n";
}

TEST(Rig, TheShippedOneHasEightCamerasWithTheFieldsOfViewOfTheDesign) {
    const auto rig = load(HUNTSMAN_SOURCE_DIR "/assets/rigs/eight_cameras.json", 640, 400);
    ASSERT_TRUE(rig.ok()) << rig.error().text();
    ASSERT_EQ(rig->cameras.size(), 8U);
    const double fov_deg[8] = {50, 120, 35, 90, 90, 75, 75, 130};
    for (std::size_t i = 0; i < 8; ++i) {
        const auto& camera = rig->cameras[i];
        EXPECT_NEAR(2 * std::atan(320 / camera.lens.fx) * 180 / engine::math::kPi, fov_deg[i], 1e-9);
        EXPECT_EQ(camera.lens.cx, 320);
        EXPECT_EQ(camera.lens.cy, 200);
    }
    // The left pillar's camera looks to the left.
    EXPECT_GT((rig->cameras[3].X_BC.q * engine::math::Vec3(0, 0, 1)).y, 0.5);
}

TEST(Rig, BadFilesAreRefusedWithFileLineAndExpectation) {
    const std::string good =
        R"("name": "a", "position_m": [1, 0, 1], "yaw_deg": 0, "horizontal_fov_deg": 90)";
    EXPECT_TRUE(load(written(with_camera(good)), 64, 40).ok());

    const auto message = [&](const std::string& text) {
        const auto result = load(written(text), 64, 40);
        return result.ok() ? std::string("accepted") : result.error().text();
    };
    EXPECT_NE(message("{\n \"name\": ").find(":2:"), std::string::npos);
    EXPECT_NE(message(with_camera(good + ", \"zoom\": 2")).find(":4: cameras.0.zoom is not known"),
              std::string::npos);
    EXPECT_NE(
        message(with_camera(
                    R"("name": "a", "position_m": [1, 0], "yaw_deg": 0, "horizontal_fov_deg": 90)"))
            .find("expected 3 numbers"),
        std::string::npos);
    EXPECT_NE(
        message(
            with_camera(
                R"("name": "a", "position_m": [1, 0, 1], "yaw_deg": 0, "horizontal_fov_deg": 179)"))
            .find("from 1 to 150"),
        std::string::npos);
    EXPECT_NE(message("{\"name\": \"r\", \"cameras\": []}").find("expected 1 to 16"),
              std::string::npos);
    EXPECT_NE(message("[1, 2]").find("expected a JSON object"), std::string::npos);
    EXPECT_NE(message("{\"name\": \"r\", \"cameras\": [{" + good + "}, {" + good + "}]}")
                  .find("repeats the camera name"),
              std::string::npos);
    EXPECT_FALSE(load("/nowhere/rig.json", 64, 40).ok());
    EXPECT_NE(load(written(with_camera(good)), -3, 40).error().text().find("-3x40"),
              std::string::npos);
}

}  // namespace
}  // namespace huntsman::sensors::rig
