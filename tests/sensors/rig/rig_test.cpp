#include "sensors/rig/rig.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "sensors/lens/field.h"

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
        EXPECT_NEAR(2 * std::atan(320 / camera.lens.fx) * 180 / engine::math::kPi, fov_deg[i],
                    1e-9);
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
    EXPECT_NE(message("{\"name\": \"r\", \"cameras\": []}").find("expected 1 to 32"),
              std::string::npos);
    EXPECT_NE(message("[1, 2]").find("expected a JSON object"), std::string::npos);
    EXPECT_NE(message("{\"name\": \"r\", \"cameras\": [{" + good + "}, {" + good + "}]}")
                  .find("repeats the camera name"),
              std::string::npos);
    EXPECT_FALSE(load("/nowhere/rig.json", 64, 40).ok());
    EXPECT_NE(load(written(with_camera(good)), -3, 40).error().text().find("-3x40"),
              std::string::npos);
}

TEST(Rig, EveryShippedOneLoadsAndKeepsItsCoverage) {
    const std::pair<const char*, std::size_t> rigs[] = {{"eight_cameras_automotive", 8},
                                                        {"six_cameras", 6},
                                                        {"stereo_pair", 2},
                                                        {"surround_fisheye", 4},
                                                        {"panorama", 1}};
    for (const auto& [name, cameras] : rigs) {
        const auto rig =
            load(fmt::format("{}/assets/rigs/{}.json", HUNTSMAN_SOURCE_DIR, name), 640, 400);
        ASSERT_TRUE(rig.ok()) << rig.error().text();
        EXPECT_EQ(rig->name, name);
        EXPECT_EQ(rig->cameras.size(), cameras);
        for (const auto& camera : rig->cameras) {
            EXPECT_TRUE(lens::check(camera.lens, camera.width, camera.height).ok()) << camera.name;
        }
    }
}

TEST(Rig, TheAutomotiveRigHasTheFieldsOfThePinholesWithRealLensesInFront) {
    const auto plain = load(HUNTSMAN_SOURCE_DIR "/assets/rigs/eight_cameras.json", 640, 400);
    const auto real =
        load(HUNTSMAN_SOURCE_DIR "/assets/rigs/eight_cameras_automotive.json", 640, 400);
    ASSERT_TRUE(plain.ok() && real.ok());
    for (std::size_t i = 0; i < 8; ++i) {
        const auto& a = plain->cameras[i];
        const auto& b = real->cameras[i];
        EXPECT_EQ(a.name, b.name);
        EXPECT_EQ(a.X_BC.p, b.X_BC.p);
        EXPECT_NEAR(lens::field_of_view(a.lens, 640, 400).horizontal_rad,
                    lens::field_of_view(b.lens, 640, 400).horizontal_rad, 1e-3);
        EXPECT_EQ(b.shutter.readout, engine::world::Readout::kTopToBottom);
        EXPECT_TRUE(b.sensor.ends_with(".json"));
    }
    EXPECT_EQ(real->cameras[1].lens.model, engine::world::LensModel::kKannalaBrandt);
    EXPECT_EQ(real->cameras[7].shutter.readout_us, 22850);
}

TEST(Rig, IntrinsicsOfAnotherSizeAreScaledToTheRuns) {
    const std::string fields =
        R"("name": "a", "position_m": [1, 0, 1], "yaw_deg": 0, "lens": {"fx": 1000, "fy": 900, "cx": 700, "cy": 400, "for_size": [1280, 800]})";
    const auto rig = load(written(with_camera(fields)), 640, 400);
    ASSERT_TRUE(rig.ok()) << rig.error().text();
    EXPECT_DOUBLE_EQ(rig->cameras[0].lens.fx, 500);
    EXPECT_DOUBLE_EQ(rig->cameras[0].lens.fy, 450);
    EXPECT_DOUBLE_EQ(rig->cameras[0].lens.cx, 350);
    EXPECT_DOUBLE_EQ(rig->cameras[0].lens.cy, 200);
}

TEST(Rig, AnFThetaPolynomialInPixelsIsTheFocalLengthAndShares) {
    const std::string fields =
        R"("name": "a", "position_m": [1, 0, 1], "yaw_deg": 0, "size": [640, 480], "lens": {"model": "f_theta", "polynomial_px": [200, 4, -10], "max_angle_deg": 90})";
    const auto rig = load(written(with_camera(fields)), 1280, 800);
    ASSERT_TRUE(rig.ok()) << rig.error().text();
    const auto& camera = rig->cameras[0];
    EXPECT_EQ(camera.width, 640);
    EXPECT_EQ(camera.lens.cx, 320);
    engine::math::Vec2 pixel;
    ASSERT_TRUE(lens::project(camera.lens, {std::sin(1.2), 0, std::cos(1.2)}, pixel));
    EXPECT_NEAR(pixel.x - 320, 200 * 1.2 + 4 * 1.2 * 1.2 - 10 * 1.2 * 1.2 * 1.2, 1e-9);
}

TEST(Rig, ImpossibleLensesAndTimesAreNamedWithTheirLine) {
    const auto message = [&](const std::string& fields) {
        const auto result =
            load(written(with_camera(R"("name": "a", "position_m": [1, 0, 1], "yaw_deg": 0, )" +
                                     fields)),
                 64, 40);
        return result.ok() ? std::string("accepted") : result.error().text();
    };
    const auto expect = [&](const char* fields, const char* part) {
        const std::string text = message(fields);
        EXPECT_NE(text.find(part), std::string::npos) << text;
        EXPECT_NE(text.find(".json:4:"), std::string::npos) << text;
    };
    expect(R"("lens": {"model": "telephoto", "horizontal_fov_deg": 50})",
           "lens.model is telephoto, expected one of pinhole");
    expect(R"("lens": {"model": "pinhole"})", "from nothing");
    expect(R"("lens": {"horizontal_fov_deg": 50, "fx": 3})", "from several");
    expect(R"("horizontal_fov_deg": 50, "lens": {"horizontal_fov_deg": 50})", "from several");
    expect(R"("lens": {"horizontal_fov_deg": 50, "zoom": 2})", "cameras.0.lens.zoom is not known");
    expect(R"("lens": {"horizontal_fov_deg": 170})", "from 1 to 150");
    // k1 = -0.6 folds at r² = 1 / 1.8.
    expect(R"("lens": {"horizontal_fov_deg": 100, "k": [-0.6]})", "sees no further than 36");
    expect(R"("lens": {"model": "kannala_brandt", "horizontal_fov_deg": 200, "k": [-0.2]})",
           "sees no further than 73");
    expect(R"("lens": {"model": "kannala_brandt", "horizontal_fov_deg": 90, "p": [0.1]})",
           "does not know");
    expect(R"("lens": {"fx": 100, "fy": 100, "cx": 32, "cy": 20})", "expected for_size");
    expect(R"("lens": {"fx": -100, "fy": 100, "cx": 32, "cy": 20, "for_size": [64, 40]})",
           "lens.fx is -100");
    expect(
        R"("lens": {"fx": 30, "fy": 30, "cx": 32, "cy": 20, "for_size": [64, 40], "max_angle_deg": 20})",
        "does not reach pixel");
    expect(R"("lens": {"fx": 30, "fy": 30, "cx": 320, "cy": 20, "for_size": [64, 40]})",
           "principal point");
    expect(R"("lens": {"model": "f_theta", "polynomial_px": [0, 1], "for_size": [64, 40]})",
           "positive first number");
    expect(
        R"("lens": {"model": "equirectangular", "fx": 8, "fy": 8, "cx": 32, "cy": 20, "for_size": [64, 40]})",
        "at most 360 by 180");
    const std::string good = R"("horizontal_fov_deg": 50, )";
    expect((good + R"("size": [64, 40.5])").c_str(), "whole pixels");
    expect((good + R"("size": [64])").c_str(), "expected 2 numbers");
    expect((good + R"("rate_hz": 0)").c_str(), "cameras.0.rate_hz is 0");
    expect((good + R"("phase_ms": 101)").c_str(), "from 0 to 100");
    expect((good + R"("shutter": {"readout": "sideways"})").c_str(),
           "shutter.readout is sideways, expected one of global");
    expect((good + R"("shutter": {"readout": "top_to_bottom"})").c_str(), "has no readout_ms");
    expect((good + R"("shutter": {"readout": "global", "readout_ms": 3})").c_str(),
           "global shutter");
    expect((good + R"("shutter": {"readout": "top_to_bottom", "readout_ms": 300})").c_str(),
           "from 0 to 100");
    expect((good + R"("sensor": "webcam")").c_str(),
           "has the sensor webcam, expected one of ar0132at, ar0231, imx490, or a path");
    expect((good + R"("sensor": "mine/webcam")").c_str(), "expected a data file");
    expect((good + R"("calibration_error": {"rotation_rad": 1})").c_str(), "is not known");
}

TEST(Rig, AShippedSensorIsNamedFromAnywhereAndAPathIsFromTheRigsFolder) {
    const auto sensor_of = [](const std::string& given) {
        const std::string fields =
            R"("name": "a", "position_m": [1, 0, 1], "yaw_deg": 0, "horizontal_fov_deg": 50, "sensor": ")" +
            given + "\"";
        const auto rig = load(written(with_camera(fields)), 64, 40);
        EXPECT_TRUE(rig.ok()) << rig.error().text();
        return rig.ok() ? rig->cameras[0].sensor : "";
    };
    const std::filesystem::path folder = std::filesystem::path(written("{}")).parent_path();
    EXPECT_EQ(sensor_of("ar0231"), HUNTSMAN_SOURCE_DIR "/assets/sensors/ar0231.json");
    std::filesystem::create_directories(folder / "own_sensors");
    for (const char* own : {"huntsman_own.json", "own_sensors/huntsman_own"}) {
        std::ofstream(folder / own) << "{}";
        EXPECT_EQ(sensor_of(own), (folder / own).lexically_normal().string());
    }
}

TEST(TrueCamera, WithoutAnErrorItIsTheNominalOneToTheBit) {
    const auto rig = load(HUNTSMAN_SOURCE_DIR "/assets/rigs/eight_cameras.json", 640, 400);
    ASSERT_TRUE(rig.ok());
    const auto truth = true_camera(rig->cameras[3], 5, 3, 1'000'000);
    EXPECT_EQ(truth.lens, rig->cameras[3].lens);
    EXPECT_EQ(truth.X_BC.q, rig->cameras[3].X_BC.q);
    EXPECT_EQ(truth.X_BC.p, rig->cameras[3].X_BC.p);
}

// Angle between two rotations.
double turn_rad(const engine::math::Quat& a, const engine::math::Quat& b) {
    const auto d = glm::conjugate(a) * b;
    return 2 * std::atan2(std::sqrt(d.x * d.x + d.y * d.y + d.z * d.z), std::abs(d.w));
}

TEST(TrueCamera, ErrorsHaveTheStatedStandardDeviations) {
    engine::world::Camera camera{.name = "a"};
    camera.X_BC.q = engine::math::camera_rotation(0.4, 0.1);
    camera.lens = {.fx = 400, .fy = 410, .cx = 320, .cy = 200};
    camera.error = {
        .position_m = 0.01, .rotation_rad = 0.002, .focal_share = 0.003, .centre_px = 1.5};
    constexpr int kRuns = 4000;
    double position = 0, rotation = 0, focal = 0, centre = 0;
    for (int i = 0; i < kRuns; ++i) {
        const auto truth = true_camera(camera, static_cast<std::uint64_t>(i), 2, 0);
        position += glm::dot(truth.X_BC.p, truth.X_BC.p) / 3;
        rotation += std::pow(turn_rad(camera.X_BC.q, truth.X_BC.q), 2) / 3;
        focal += std::pow(truth.lens.fx / 400 - 1, 2);
        centre += std::pow(truth.lens.cx - 320, 2);
        EXPECT_NEAR(truth.lens.fy / truth.lens.fx, 410.0 / 400, 1e-12);
    }
    // A variance of 4000 draws is known to 2.2 %; four times that.
    EXPECT_NEAR(position / kRuns / 1e-4, 1, 0.09);
    EXPECT_NEAR(rotation / kRuns / 4e-6, 1, 0.09);
    EXPECT_NEAR(focal / kRuns / 9e-6, 1, 0.09);
    EXPECT_NEAR(centre / kRuns / 2.25, 1, 0.09);
}

TEST(TrueCamera, DriftIsARandomWalkThatStartsAtNothingAndHasNoJumps) {
    engine::world::Camera camera{.name = "a"};
    camera.error.drift_rad_per_sqrt_s = 1e-3;
    EXPECT_LT(turn_rad(camera.X_BC.q, true_camera(camera, 1, 0, 0).X_BC.q), 1e-12);
    constexpr int kRuns = 3000;
    double variance[3] = {}, increments = 0;
    const double times_s[3] = {1, 10, 100};
    for (int i = 0; i < kRuns; ++i) {
        const auto seed = static_cast<std::uint64_t>(i);
        for (int t = 0; t < 3; ++t) {
            const auto truth = true_camera(camera, seed, 0, engine::core::from_seconds(times_s[t]));
            variance[t] += std::pow(turn_rad(camera.X_BC.q, truth.X_BC.q), 2) / 3 / kRuns;
        }
        const auto a = true_camera(camera, seed, 0, 41'000'000);
        const auto b = true_camera(camera, seed, 0, 50'000'000);
        increments += std::pow(turn_rad(a.X_BC.q, b.X_BC.q), 2) / 3 / kRuns;
    }
    // Three axes and 3000 runs: known to 1.5 %; four times that. Variance grows as time does.
    EXPECT_NEAR(variance[0] / 1e-6, 1, 0.06);
    EXPECT_NEAR(variance[1] / 1e-5, 1, 0.06);
    EXPECT_NEAR(variance[2] / 1e-4, 1, 0.06);
    EXPECT_NEAR(increments / 9e-6, 1, 0.06);
    // Between two camera ticks it moves by little, wherever the seconds change.
    for (engine::core::TimeUs t = 0; t < 20'000'000; t += 100'000) {
        const auto a = true_camera(camera, 8, 0, t), b = true_camera(camera, 8, 0, t + 100'000);
        EXPECT_LT(turn_rad(a.X_BC.q, b.X_BC.q), 1e-3);
    }
    // Days later there is still an answer.
    EXPECT_GT(turn_rad(camera.X_BC.q, true_camera(camera, 1, 0, 2'000'000'000'000).X_BC.q), 0);
}

TEST(TrueCamera, CamerasAndSeedsDiffer) {
    engine::world::Camera camera{.name = "a"};
    camera.error.position_m = 0.01;
    const auto p = true_camera(camera, 1, 0, 0).X_BC.p;
    EXPECT_NE(p, true_camera(camera, 1, 1, 0).X_BC.p);
    EXPECT_NE(p, true_camera(camera, 2, 0, 0).X_BC.p);
    EXPECT_EQ(p, true_camera(camera, 1, 0, 9'000'000).X_BC.p);
}

}  // namespace
}  // namespace huntsman::sensors::rig
