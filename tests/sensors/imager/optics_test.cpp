#include "sensors/imager/optics.h"

#include "sensors/imager/demosaic.h"
#include "sensors/imager/flicker.h"
#include "tests/sensors/imager/flat.h"

namespace huntsman::sensors::imager {
namespace {

engine::core::JobPool& pool() {
    static engine::core::JobPool workers(2);
    return workers;
}

// The sensor's estimate of light, without noise.
std::vector<float> linear_of(const SensorProfile& profile, const engine::world::Camera& camera,
                             const capture::Shot& shot, const Stages& stages, double exposure_s) {
    Imager imager(profile, camera, kKey);
    Development how;
    how.stages = stages;
    how.exposure_s = exposure_s;
    how.white_balance = {{1, 1}};
    how.want_linear = true;
    ExposureControl control;
    return imager.develop(shot, how, control, pool()).linear;
}

TEST(Optics, FlatFieldFallsOffByTheFourthPowerOfTheCosine) {
    SensorProfile profile = profile_of("ar0132at");
    profile.optics.vignetting_share = 0;
    const auto camera = camera_of(320, 200, 180);
    Stages stages = nothing();
    stages.lens_shading = true;
    const auto linear = linear_of(profile, camera, flat_shot(320, 200, 1), stages, 1e-4);
    for (int y = 4; y < 196; y += 7) {
        for (int x = 4; x < 316; x += 7) {
            const double dx = (x + 0.5 - 160) / 180, dy = (y + 0.5 - 100) / 180;
            const double cosine2 = 1 / (1 + dx * dx + dy * dy);
            // Demosaicing a smooth field leaves second differences: below 1e-3.
            EXPECT_NEAR(
                static_cast<double>(linear[static_cast<std::size_t>(3 * (y * 320 + x) + 1)]),
                cosine2 * cosine2, 1e-3);
        }
    }
}

// Of a flat field a fifth of the fall-off's logarithm stays in the picture.
TEST(Optics, ThePictureOfAFlatFieldIsNearlyFlat) {
    SensorProfile profile = profile_of("ar0132at");
    profile.optics.vignetting_share = 0;
    const auto camera = camera_of(320, 200, 180);
    Imager imager(profile, camera, kKey);
    Development how;
    how.stages = nothing();
    how.stages.lens_shading = true;
    how.exposure_s = 5e-5;
    how.white_balance = {{1, 1}};
    std::array<engine::core::Image, 2> pictures;
    for (const bool corrected : {false, true}) {
        how.stages.shading_correction = corrected;
        ExposureControl control;
        pictures[corrected] = imager.develop(flat_shot(320, 200, 1), how, control, pool()).image;
    }
    // The sRGB curve undone.
    const auto light = [](const engine::core::Image& image, int x, int y) {
        const double v = image.row(y)[3 * x + 1] / 255.0;
        return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
    };
    for (const auto& [x, y] : {std::pair(20, 100), std::pair(300, 12), std::pair(90, 180)}) {
        const double dx = (x + 0.5 - 160) / 180, dy = (y + 0.5 - 100) / 180;
        const double fall_off = 1 / ((1 + dx * dx + dy * dy) * (1 + dx * dx + dy * dy));
        EXPECT_NEAR(light(pictures[0], x, y) / light(pictures[0], 160, 100), fall_off, 0.02);
        EXPECT_NEAR(light(pictures[1], x, y) / light(pictures[1], 160, 100),
                    std::pow(fall_off, 0.2), 0.02);
    }
}

TEST(Optics, FishEyeFallsOffAsItsProjectionAsks) {
    const SensorProfile profile = profile_of("ar0132at");
    auto camera = camera_of(320, 200, 100);
    camera.lens.model = engine::world::LensModel::kKannalaBrandt;
    Optics optics = profile.optics;
    optics.vignetting_share = 0;
    const auto map = relative_illumination(camera, optics);
    for (const int x : {160, 200, 260, 300}) {
        const double angle = std::hypot(x + 0.5 - 160, 0.5) / 100;
        EXPECT_NEAR(static_cast<double>(map[static_cast<std::size_t>(100 * 320 + x)]),
                    std::max(0.05, std::cos(angle) * std::sin(angle) / angle), 1e-5);
    }
}

// Slanted edge of ISO 12233: edge spread with four bins a pixel, its derivative's spectrum.
double mtf50(const std::vector<float>& rgb, int side, double slope) {
    constexpr int kBins = 4;
    std::vector<double> sum(static_cast<std::size_t>(side * kBins)), count(sum.size());
    const double cosine = 1 / std::sqrt(1 + slope * slope);
    for (int y = 8; y < side - 8; ++y) {
        for (int x = 8; x < side - 8; ++x) {
            const double d = (x + 0.5 - 0.5 * side - slope * (y + 0.5 - 0.5 * side)) * cosine;
            const int bin = static_cast<int>(std::floor(d * kBins)) + side * kBins / 2;
            if (bin < 0 || bin >= side * kBins) continue;
            sum[static_cast<std::size_t>(bin)] +=
                static_cast<double>(rgb[static_cast<std::size_t>(3 * (y * side + x) + 1)]);
            ++count[static_cast<std::size_t>(bin)];
        }
    }
    constexpr int kReach = 60;  // bins on either side of the edge
    std::vector<double> spread;
    for (int i = -kReach; i <= kReach; ++i) {
        const auto bin = static_cast<std::size_t>(side * kBins / 2 + i);
        EXPECT_GT(count[bin], 10);
        spread.push_back(sum[bin] / count[bin]);
    }
    const auto response = [&](double cycles_per_px) {
        double re = 0, im = 0;
        for (std::size_t i = 0; i + 1 < spread.size(); ++i) {
            const double line = spread[i + 1] - spread[i];
            const double phase =
                2 * 3.14159265358979 * cycles_per_px * static_cast<double>(i) / kBins;
            re += line * std::cos(phase);
            im += line * std::sin(phase);
        }
        // Bins and differences are boxes of a quarter pixel each.
        const double box = 3.14159265358979 * cycles_per_px / kBins;
        const double loss = box > 0 ? std::pow(std::sin(box) / box, 2) : 1;
        return std::hypot(re, im) / loss;
    };
    const double zero = response(0);
    double f = 0;
    while (f < 1 && response(f) > 0.5 * zero) f += 0.0005;
    return f;
}

TEST(Optics, SlantedEdgeHasTheResponseOfSpreadTimesAperture) {
    constexpr int kSide = 200;
    const double slope = std::tan(5 * 3.14159265 / 180);
    // Each pixel has the exact share of its area on the bright side.
    const auto shot = shot_of(kSide, kSide, [&](int x, int y, int) {
        double share = 0;
        constexpr int kSteps = 64;
        for (int k = 0; k < kSteps; ++k) {
            const double edge = 0.5 * kSide + slope * (y + (k + 0.5) / kSteps - 0.5 * kSide);
            share += std::clamp(x + 1 - edge, 0.0, 1.0) / kSteps;
        }
        return 0.1 + 0.8 * share;
    });
    for (const double sigma_um : {1.4, 2.0, 3.0, 4.5}) {
        SensorProfile profile = profile_of("ar0132at");
        profile.optics.psf_sigma_um = sigma_um;
        Plane plane, scratch, out;
        plane.width = plane.height = kSide;
        plane.rgb = shot.radiance;
        const double sigma = point_spread_px(profile);
        gaussian_blur(pool(), plane, sigma, scratch, out);
        double expected = 0;
        while (expected < 1) {
            const double a = 3.14159265358979 * (expected + 1e-9);
            const double value = std::exp(-2 * a * a * sigma * sigma) * std::sin(a) / a;
            if (value < 0.5) break;
            expected += 0.0005;
        }
        const double measured = mtf50(out.rgb, kSide, slope);
        std::printf("spread %.3f px: MTF50 %.4f, in closed form %.4f cycles/px\n", sigma, measured,
                    expected);
        EXPECT_NEAR(measured / expected, 1, 0.05) << sigma;
    }
}

TEST(Optics, GlareScattersLightWithoutLoss) {
    Optics optics = profile_of("ar0132at").optics;
    optics.ghost_share = 0;
    optics.veiling_share = 0.05;
    // A small bright square in the middle of a wide dark picture.
    Plane plane;
    plane.resize(640, 400);
    std::fill(plane.rgb.begin(), plane.rgb.end(), 0.0F);
    for (int y = 196; y < 204; ++y) {
        for (int x = 316; x < 324; ++x) plane.row(y)[3 * x + 1] = 100;
    }
    Glare glare;
    glare.apply(pool(), optics, 320, 200, plane);
    double sum = 0, inside = 0;
    for (int y = 0; y < 400; ++y) {
        for (int x = 0; x < 640; ++x) {
            const double v = static_cast<double>(plane.row(y)[3 * x + 1]);
            sum += v;
            if (std::abs(x - 319.5) < 5 && std::abs(y - 199.5) < 5) inside += v;
        }
    }
    // The widest veil reaches the border, whose continuation returns what leaves there.
    EXPECT_NEAR(sum / 6400, 1, 0.01);
    // The rest is where it was, with a part of the halo.
    EXPECT_GT(inside / 6400, 0.95);
    EXPECT_LT(inside / 6400, 0.95 + 0.05 * 0.25);
}

TEST(Optics, AFlatFieldStaysFlatUnderGlare) {
    Plane plane;
    plane.resize(130, 70);
    std::fill(plane.rgb.begin(), plane.rgb.end(), 2.0F);
    Optics optics = profile_of("ar0132at").optics;
    optics.ghost_share = 0;
    Glare glare;
    glare.apply(pool(), optics, 65, 35, plane);
    for (const float v : plane.rgb) EXPECT_NEAR(v, 2.0F, 1e-4F);
}

TEST(Optics, LateralColourMovesRedOutwardsByTheStatedLength) {
    SensorProfile profile = profile_of("ar0132at");
    profile.optics.lateral_red_um = 3 * profile.pixel_um;
    profile.optics.lateral_blue_um = 0;
    profile.response_from_srgb = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
    // A soft step near the right border; where it crosses one half tells where it is.
    const auto step = [](double x) { return 0.1 + 0.5 / (1 + std::exp(-(x - 260) / 4)); };
    const auto shot = shot_of(320, 200, [&](int x, int, int) { return step(x + 0.5); });
    Stages stages = nothing();
    stages.lateral_colour = true;
    const auto linear = linear_of(profile, camera_of(320, 200), shot, stages, 1e-4);
    const auto crossing = [&](std::size_t channel) {
        for (std::size_t x = 200; x < 310; ++x) {
            const auto at = [&](std::size_t i) {
                return static_cast<double>(linear[3 * (100 * 320 + i) + channel]);
            };
            if (at(x) <= 0.35 && at(x + 1) > 0.35) {
                return static_cast<double>(x) + (0.35 - at(x)) / (at(x + 1) - at(x));
            }
        }
        return 0.0;
    };
    const double corner = 0.5 * std::hypot(320, 200);
    EXPECT_NEAR(crossing(0) - crossing(1), 3 * (260 - 160) / corner, 0.1);
    EXPECT_NEAR(crossing(2) - crossing(1), 0, 0.1);
}

TEST(Optics, DemosaicOfALinearRampIsExact) {
    constexpr int kWidth = 64, kHeight = 48;
    const auto ramp = [](int x, int y, int c) {
        return 10 + (0.05 + 0.02 * c) * x + (0.03 - 0.01 * c) * y;
    };
    std::vector<float> mosaic;
    for (int y = 0; y < kHeight; ++y) {
        for (int x = 0; x < kWidth; ++x) {
            mosaic.push_back(static_cast<float>(ramp(x, y, channel_at(x, y))));
        }
    }
    Plane out;
    demosaic(pool(), mosaic, kWidth, kHeight, out);
    // Two pixels from the border the mirrored ramp bends.
    for (int y = 2; y < kHeight - 2; ++y) {
        for (int x = 2; x < kWidth - 2; ++x) {
            for (int c = 0; c < 3; ++c) {
                EXPECT_NEAR(static_cast<double>(out.row(y)[3 * x + c]), ramp(x, y, c), 1e-5 * 20);
            }
        }
    }
}

TEST(Flicker, MeanOverWindowsIsOneAndMatchesTheClosedForm) {
    const Pwm pwm{100, 0.25, 0};
    // On from 0 to 2.5 ms of each 10 ms.
    EXPECT_NEAR(flicker_factor(pwm, 0, 0.0025), 4, 1e-9);
    EXPECT_NEAR(flicker_factor(pwm, 0.0025, 0.0075), 0, 1e-9);
    EXPECT_NEAR(flicker_factor(pwm, 0.001, 0.003), 4 * 0.0015 / 0.003, 1e-9);
    EXPECT_NEAR(flicker_factor(pwm, 0.0377, 0.02), 1, 1e-9);  // whole periods
    double sum = 0;
    for (int k = 0; k < 1000; ++k) sum += flicker_factor(pwm, 1e-5 * k, 0.0013) / 1000;
    EXPECT_NEAR(sum, 1, 1e-6);
    // Pictures at 30 Hz see 100 Hz at the beat |100 - 3 · 30| = 10 Hz: every third picture repeats.
    for (int k = 0; k < 30; ++k) {
        EXPECT_NEAR(flicker_factor(pwm, k / 30.0, 0.001),
                    flicker_factor(pwm, (k + 3) / 30.0, 0.001), 1e-9);
    }
}

}  // namespace
}  // namespace huntsman::sensors::imager
