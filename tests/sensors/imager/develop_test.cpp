#include <algorithm>

#include "engine/core/files.h"
#include "engine/world/ids.h"
#include "sensors/encode/exr_file.h"
#include "sensors/imager/colour.h"
#include "sensors/imager/flicker.h"
#include "sensors/imager/motion_blur.h"
#include "tests/sensors/imager/flat.h"

namespace huntsman::sensors::imager {
namespace {

// A picture with everything in it: ramps, a lamp, motion.
capture::Shot rich_shot(int width, int height) {
    auto shot = shot_of(width, height, [&](int x, int y, int c) {
        const bool lamp = std::abs(x - width / 3) < 3 && std::abs(y - height / 3) < 3;
        return lamp ? 500.0 : 0.2 + 0.01 * x + 0.005 * y * (c + 1);
    });
    const auto pixels = static_cast<std::size_t>(width * height);
    for (std::size_t i = 0; i < pixels; ++i) {
        shot.velocity_px_s.push_back(static_cast<float>(i % 97) * 30.0F);
        shot.velocity_px_s.push_back(200);
    }
    shot.ids.assign(pixels, engine::world::id_word(engine::world::Semantic::kTrafficSignal, 10001));
    shot.shape.assign(pixels, 0);
    for (std::size_t i = pixels / 3; i < pixels / 2; ++i) shot.shape[i] = 3U << 22;
    shot.depth_m.assign(pixels, 10);
    return shot;
}

TEST(Develop, ThreadsDoNotChangeABit) {
    const auto shot = rich_shot(203, 117);
    const auto camera = camera_of(203, 117, 150);
    Development how;
    how.soil = {0.7, 0.5, 0.5};
    how.want_raw = how.want_linear = true;
    how.time_us = 2'345'678;
    Developed first;
    for (int threads = 1; threads <= 4; ++threads) {
        engine::core::JobPool pool(threads);
        Imager imager(profile_of("ar0231"), camera, kKey);
        ExposureControl control;
        auto developed = imager.develop(shot, how, control, pool);
        if (threads == 1) {
            first = std::move(developed);
            continue;
        }
        EXPECT_EQ(first.image.pixels, developed.image.pixels) << threads;
        EXPECT_EQ(first.raw, developed.raw) << threads;
        EXPECT_EQ(first.linear, developed.linear) << threads;
    }
}

TEST(Develop, SeedAndFrameChangeTheNoiseAndAStageLeavesTheOthersDrawsAlone) {
    engine::core::JobPool pool(1);
    const auto shot = flat_shot(64, 48, 0.5);
    const auto raw_of = [&](std::uint64_t seed, std::uint64_t frame, bool dark) {
        Imager imager(profile_of("imx490"), camera_of(64, 48), engine::core::Key(seed));
        Development how;
        how.stages = nothing();
        how.stages.photon_noise = true;
        how.stages.converter = true;
        how.stages.read_noise = dark;
        how.frame = frame;
        how.exposure_s = 1e-4;
        how.want_raw = true;
        ExposureControl control;
        return imager.develop(shot, how, control, pool).raw;
    };
    EXPECT_EQ(raw_of(1, 1, false), raw_of(1, 1, false));
    EXPECT_NE(raw_of(1, 1, false), raw_of(2, 1, false));
    EXPECT_NE(raw_of(1, 1, false), raw_of(1, 2, false));
    // Read noise of 0.8 e comes on top of the same photons.
    const auto with = raw_of(1, 1, true), without = raw_of(1, 1, false);
    std::vector<double> difference;
    for (std::size_t i = 0; i < with.size(); ++i) {
        difference.push_back(static_cast<double>(with[i]) - without[i]);
    }
    EXPECT_NEAR(moments(difference).variance, 0.83 * 0.83 + 1.0 / 12, 0.08);
}

class Colours : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Profiles, Colours, testing::Values("ar0132at", "ar0231", "imx490"));

std::array<double, 3> mean_colour(const engine::core::Image& image) {
    std::array<double, 3> sum{};
    int count = 0;
    for (int y = 8; y < image.height - 8; ++y) {
        for (int x = 8; x < image.width - 8; ++x, ++count) {
            for (std::size_t c = 0; c < 3; ++c) {
                sum[c] += image.row(y)[3 * x + static_cast<int>(c)];
            }
        }
    }
    for (double& v : sum) v /= count;
    return sum;
}

TEST_P(Colours, AGreyCardIsGreyAndOfTheRightLevel) {
    const SensorProfile profile = profile_of(GetParam());
    engine::core::JobPool pool(2);
    Imager imager(profile, camera_of(160, 120), kKey);
    Development how;
    how.stages = without_lens();
    how.stages.tone = false;
    how.exposure_s = 2e-4;
    // 18 % of what fills the first capture, which is shown as white.
    const double white =
        profile.saturation_e(profile.captures[0], 1) / (electrons_per_kcd_m2_s(profile, 1) * 2e-4);
    ExposureControl control;
    const auto colour =
        mean_colour(imager.develop(flat_shot(160, 120, 0.18 * white), how, control, pool).image);
    for (const double v : colour) EXPECT_NEAR(v, 255 * srgb_tone(0.18), 1.5);
}

TEST_P(Colours, AWarmLightIsBalancedToGrey) {
    engine::core::JobPool pool(2);
    Imager imager(profile_of(GetParam()), camera_of(160, 120), kKey);
    Development how;
    how.stages = without_lens();
    ExposureControl control;
    const auto shot = shot_of(160, 120, [](int, int, int c) {
        return c == 0 ? 0.7 : c == 1 ? 0.5 : 0.35;
    });
    const auto colour = mean_colour(imager.develop(shot, how, control, pool).image);
    EXPECT_NEAR(colour[0], colour[1], 2);
    EXPECT_NEAR(colour[2], colour[1], 2);
}

struct Lab {
    double l, a, b;
};
Lab lab_of(const std::array<double, 3>& rgb) {
    const double m[3][3] = {
        {0.4124, 0.3576, 0.1805}, {0.2126, 0.7152, 0.0722}, {0.0193, 0.1192, 0.9505}};
    const double white[3] = {0.9505, 1, 1.089};
    double f[3];
    for (int r = 0; r < 3; ++r) {
        const double t = (m[r][0] * rgb[0] + m[r][1] * rgb[1] + m[r][2] * rgb[2]) / white[r];
        f[r] = t > 0.008856 ? std::cbrt(t) : 7.787 * t + 16.0 / 116;
    }
    return {116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])};
}

TEST_P(Colours, ColoursOfACheckerComeOutWithinDeltaETwo) {
    // Linear sRGB of patches of the ColorChecker that the screen's colours hold.
    const std::array<std::array<double, 3>, 8> patches = {{{0.17, 0.08, 0.06},
                                                           {0.55, 0.31, 0.22},
                                                           {0.11, 0.20, 0.34},
                                                           {0.10, 0.15, 0.05},
                                                           {0.68, 0.20, 0.03},
                                                           {0.06, 0.30, 0.07},
                                                           {0.43, 0.03, 0.04},
                                                           {0.85, 0.57, 0.02}}};
    engine::core::JobPool pool(2);
    const SensorProfile profile = profile_of(GetParam());
    Imager imager(profile, camera_of(96, 96), kKey);
    const double white =
        profile.saturation_e(profile.captures[0], 1) / (electrons_per_kcd_m2_s(profile, 1) * 2e-4);
    for (const auto& patch : patches) {
        Development how;
        how.stages = without_lens();
        how.stages.tone = false;
        how.exposure_s = 2e-4;
        how.white_balance = {{1, 1}};
        how.want_linear = true;
        ExposureControl control;
        const auto shot = shot_of(96, 96, [&](int, int, int c) {
            return 0.8 * white * patch[static_cast<std::size_t>(c)];
        });
        const auto linear = imager.develop(shot, how, control, pool).linear;
        std::array<double, 3> mean{};
        for (std::size_t i = 0; i < linear.size(); ++i) {
            mean[i % 3] += static_cast<double>(linear[i]) / (96 * 96 * 0.8 * white);
        }
        const Lab a = lab_of(mean), b = lab_of(patch);
        EXPECT_LT(std::hypot(a.l - b.l, a.a - b.a, a.b - b.b), 2);
    }
}

class HighRange : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Profiles, HighRange, testing::Values("ar0132at", "ar0231", "imx490"));

TEST_P(HighRange, CombinationIsLinearOverTheStatedRangeWithTheNoiseOfItsCapture) {
    const SensorProfile profile = profile_of(GetParam());
    engine::core::JobPool pool(2);
    Imager imager(profile, camera_of(128, 128), kKey);
    Development how;
    how.stages = without_lens();
    how.stages.fixed_pattern = how.stages.defects = how.stages.dark_current = false;
    how.exposure_s = 1e-3;
    how.want_linear = true;
    how.white_balance = {{1, 1}};
    const double electrons = electrons_per_kcd_m2_s(profile, 1) * 1e-3;
    const double lowest = profile.captures[0].read_noise_e / electrons;
    const double highest = 0.95 * full_light(profile, 1, {1e-3, 1});
    EXPECT_NEAR(20 * std::log10(highest / 0.95 / lowest), profile.dynamic_range_db(), 1e-6);
    for (double light = lowest; light < highest; light *= 1.7) {
        ExposureControl control;
        const auto linear = imager.develop(flat_shot(128, 128, light), how, control, pool).linear;
        std::vector<double> green;
        for (int y = 4; y < 124; ++y) {
            for (int x = 4; x < 124; ++x) {
                if (channel_at(x, y) == 1) {
                    green.push_back(static_cast<double>(
                        linear[static_cast<std::size_t>(3 * (y * 128 + x) + 1)]));
                }
            }
        }
        const auto m = moments(green);
        // The capture that serves this light, and its noise on the scale of the first.
        const Capture* serving = nullptr;
        bool at_a_seam = false;
        for (const Capture& capture : profile.captures) {
            const double share = capture.time_share * capture.sensitivity_share;
            const double filled = light * electrons * share / profile.saturation_e(capture, 1);
            at_a_seam = at_a_seam || (filled > 0.9 && filled < 1.02);
            if (serving == nullptr && filled < 0.96) serving = &capture;
        }
        ASSERT_NE(serving, nullptr);
        const double share = serving->time_share * serving->sensitivity_share;
        const double e = light * electrons * share;
        const double noise_e =
            std::sqrt(e + serving->read_noise_e * serving->read_noise_e +
                      1.0 / 12 / (serving->gain_dn_per_e * serving->gain_dn_per_e));
        // Four standard errors of 7,200 pixels, whose colours share noise, and 1 %.
        EXPECT_NEAR(m.mean / light, 1, 0.01 + 8 * noise_e / e / 85) << light;
        // The colour matrix mixes the channels' noise: green's own stays the most of it. Measured
        // as a ratio that must lie between none and three times.
        if (!at_a_seam) {
            const double relative = std::sqrt(m.variance) / light / (noise_e / e);
            EXPECT_GT(relative, 0.8) << light;
            EXPECT_LT(relative, 4.5) << light;
        }
    }
}

TEST(Motion, AMovingEdgeBlursOverVelocityTimesExposure) {
    engine::core::JobPool pool(2);
    auto shot = shot_of(256, 64, [](int x, int, int) { return x < 128 ? 0.0 : 1.0; });
    for (std::size_t i = 0; i < 256 * 64; ++i) {
        shot.velocity_px_s.push_back(2000);
        shot.velocity_px_s.push_back(0);
    }
    shot.depth_m.assign(256 * 64, 10);
    Plane light, scratch;
    light.width = 256;
    light.height = 64;
    light.rgb = shot.radiance;
    motion_blur(pool, shot, 0.01, light, scratch);
    // 20 px: a ramp from 118 to 138.
    for (int x = 100; x < 156; ++x) {
        const double expected = std::clamp((x + 0.5 - 118) / 20, 0.0, 1.0);
        EXPECT_NEAR(static_cast<double>(light.row(32)[3 * x]), expected, 0.03) << x;
    }
}

TEST(Motion, AFastThingBlursOverItsBorderAndKeepsItsLight) {
    engine::core::JobPool pool(2);
    const auto inside = [](int x, int y) { return x >= 118 && x < 138 && y >= 20 && y < 44; };
    auto shot = shot_of(256, 64, [&](int x, int y, int) { return inside(x, y) ? 1.0 : 0.0; });
    for (int y = 0; y < 64; ++y) {
        for (int x = 0; x < 256; ++x) {
            shot.velocity_px_s.push_back(inside(x, y) ? 4000.0F : 0.0F);
            shot.velocity_px_s.push_back(0);
            shot.depth_m.push_back(inside(x, y) ? 5.0F : 50.0F);
        }
    }
    Plane light, scratch;
    light.width = 256;
    light.height = 64;
    light.rgb = shot.radiance;
    motion_blur(pool, shot, 0.01, light, scratch);
    // 20 px wide, moving 40 px: never more than half of the time at a place, from 98 to 158.
    double sum = 0;
    for (int x = 0; x < 256; ++x) {
        const double v = static_cast<double>(light.row(32)[3 * x]);
        const double expected =
            std::clamp(std::min((x + 0.5 - 98) / 40, (158 - x - 0.5) / 40), 0.0, 0.5);
        EXPECT_NEAR(v, expected, 0.06) << x;
        sum += v;
    }
    EXPECT_NEAR(sum, 20, 1);
    EXPECT_EQ(light.row(5)[3 * 128], 0.0F);
}

TEST(Develop, SingleLampFlickersByItsWindow) {
    // A lamp that is lit all over the picture: rows see the windows of a rolling shutter.
    auto camera = camera_of(32, 400);
    camera.shutter = {engine::world::Readout::kTopToBottom, 30000};
    SensorProfile profile = profile_of("ar0132at");
    profile.captures.resize(1);
    auto shot = flat_shot(32, 400, 0.2);
    shot.ids.assign(32 * 400,
                    engine::world::id_word(engine::world::Semantic::kTrafficSignal, 10003));
    shot.shape.assign(32 * 400, 3U << 22);
    // Of several cameras one whose key gives this lamp diodes.
    engine::core::JobPool pool(1);
    for (std::uint64_t seed = 0;; ++seed) {
        ASSERT_LT(seed, 20U);
        const engine::core::Key key(seed);
        const Pwm pwm = lamp_of(key.with("flicker"), 10003);
        if (pwm.frequency_hz <= 0) continue;
        Imager imager(profile, camera, key);
        Development how;
        how.stages = nothing();
        how.stages.led_flicker = true;
        how.exposure_s = 4e-4;
        how.time_us = 1'000'000;
        how.want_linear = true;
        how.white_balance = {{1, 1}};
        ExposureControl control;
        const auto linear = imager.develop(shot, how, control, pool).linear;
        for (std::size_t y = 4; y < 396; ++y) {
            const double start = 1 + 0.03 * (static_cast<double>(y) / 399 - 0.5) - 2e-4;
            const double expected = 0.2 * flicker_factor(pwm, start, 4e-4);
            const double near_by = 0.2 * flicker_factor(pwm, start + 3e-4, 4e-4) +
                                   0.2 * flicker_factor(pwm, start - 3e-4, 4e-4);
            // Where the light switches, demosaicing mixes rows.
            if (std::abs(near_by - 2 * expected) > 1e-6) continue;
            EXPECT_NEAR(static_cast<double>(linear[3 * (y * 32 + 16) + 1]), expected,
                        0.01 + 0.1 * expected);
        }
        break;
    }
}

TEST(Develop, PicturesAreLostAtTheStatedRate) {
    engine::core::JobPool pool(1);
    Imager imager(profile_of("ar0132at"), camera_of(16, 16), kKey);
    const auto shot = flat_shot(16, 16, 1);
    ExposureControl control;
    int lost = 0;
    constexpr int kPictures = 2000;
    for (int k = 0; k < kPictures; ++k) {
        Development how;
        how.frame = static_cast<std::uint64_t>(k);
        how.time_us = 100'000 * k;
        how.drop_share = 0.1;
        const auto developed = imager.develop(shot, how, control, pool);
        EXPECT_EQ(developed.dropped, developed.image.pixels.empty());
        lost += developed.dropped ? 1 : 0;
    }
    // Deviation √(n p q) = 13.4.
    EXPECT_NEAR(lost, 200, 54);
}

TEST(Develop, ExposureFollowsTheLightOverSomePictures) {
    engine::core::JobPool pool(1);
    Imager imager(profile_of("ar0132at"), camera_of(64, 48), kKey);
    ExposureControl control;
    Development how;
    const auto dim = flat_shot(64, 48, 0.05), bright = flat_shot(64, 48, 5);
    const double before = imager.develop(dim, how, control, pool).exposure_s;
    std::vector<double> times;
    for (int k = 1; k <= 40; ++k) {
        how.frame = static_cast<std::uint64_t>(k);
        how.time_us = 50'000 * k;
        times.push_back(imager.develop(bright, how, control, pool).exposure_s);
    }
    EXPECT_LT(times.front(), before);
    EXPECT_GT(times.front(), 2 * times.back());
    EXPECT_TRUE(std::is_sorted(times.rbegin(), times.rend()));
    ExposureControl fresh;
    EXPECT_NEAR(times.back() / imager.develop(bright, how, fresh, pool).exposure_s, 1, 0.03);
}

TEST(Develop, SoilLeavesAnEmptyLensAloneAndChangesSlowly) {
    engine::core::JobPool pool(2);
    const auto shot = rich_shot(320, 200);
    Imager imager(profile_of("ar0132at"), camera_of(320, 200), kKey);
    const auto picture = [&](const Soil& soil, std::int64_t time_us) {
        Development how;
        how.stages.photon_noise = how.stages.read_noise = false;
        how.stages.led_flicker = how.stages.motion_blur = false;
        how.soil = soil;
        how.time_us = time_us;
        how.exposure_s = 1e-4;
        how.white_balance = {{1, 1}};
        ExposureControl control;
        return imager.develop(shot, how, control, pool).image.pixels;
    };
    const auto changed = [](const auto& a, const auto& b) {
        std::size_t count = 0;
        for (std::size_t i = 0; i < a.size(); ++i) count += std::abs(a[i] - b[i]) > 8 ? 1U : 0U;
        return static_cast<double>(count) / static_cast<double>(a.size());
    };
    const auto clean = picture({}, 0), wet = picture({.rain = 1}, 0);
    const auto soon = picture({.rain = 1}, 100'000), later = picture({.rain = 1}, 30'000'000);
    EXPECT_EQ(clean, picture({}, 30'000'000));
    EXPECT_GT(changed(clean, wet), 0.02);
    EXPECT_LT(changed(wet, soon), 0.4 * changed(wet, later));
    EXPECT_GT(changed(clean, picture({.dirt = 1}, 0)), 0.1);
    EXPECT_GT(changed(clean, picture({.ice = 1}, 0)), 0.05);
}

TEST(Develop, JpegCostsDetailByItsQuality) {
    engine::core::JobPool pool(1);
    Imager imager(profile_of("ar0132at"), camera_of(160, 96), kKey);
    const auto shot = rich_shot(160, 96);
    const auto error_at = [&](int quality) {
        Development how;
        how.exposure_s = 1e-4;
        ExposureControl a, b;
        const auto plain = imager.develop(shot, how, a, pool).image;
        how.jpeg_quality = quality;
        const auto lossy = imager.develop(shot, how, b, pool).image;
        double sum = 0;
        for (std::size_t i = 0; i < plain.pixels.size(); ++i) {
            sum += std::abs(plain.pixels[i] - lossy.pixels[i]);
        }
        return sum / static_cast<double>(plain.pixels.size());
    };
    EXPECT_EQ(error_at(0), 0);
    EXPECT_GT(error_at(95), 0);
    EXPECT_LT(error_at(95), error_at(20));
    EXPECT_LT(error_at(20), 25);
}

TEST(Develop, DiodesAndGainsOfOneExposureShareTheirElectrons) {
    // Two conversion gains read the same electrons: where both are in range they differ by their
    // read noise alone, far below the photons' noise.
    SensorProfile profile = profile_of("ar0231");
    engine::core::JobPool pool(1);
    const double light = 3000 / (electrons_per_kcd_m2_s(profile, 1) * 1e-3);
    const auto raw_of = [&](std::size_t capture) {
        SensorProfile one = profile;
        one.captures = {profile.captures[capture]};
        Imager imager(one, camera_of(96, 96), kKey);
        Development how;
        how.stages = nothing();
        how.stages.photon_noise = how.stages.read_noise = true;
        how.exposure_s = 1e-3;
        how.want_raw = true;
        ExposureControl control;
        return imager.develop(flat_shot(96, 96, light), how, control, pool).raw;
    };
    const auto high = raw_of(0), low = raw_of(1);
    std::vector<double> difference;
    for (int y = 0; y < 96; ++y) {
        for (int x = 0; x < 96; ++x) {
            const auto i = static_cast<std::size_t>(96 * y + x);
            if (channel_at(x, y) != 1) continue;
            difference.push_back(
                (high[i] - profile.black_level_dn) / profile.captures[0].gain_dn_per_e -
                (low[i] - profile.black_level_dn) / profile.captures[1].gain_dn_per_e);
        }
    }
    // Both keys of read noise start at capture 0 here, so the parts add up as 3.5 - 1.5 = 2 e, and
    // whole numbers of 1 / gain add up to 1.2 e.
    EXPECT_LT(moments(difference).variance, 12);
}

TEST(Exr, RoundTripsAndRefusesDamage) {
    const auto path = std::filesystem::temp_directory_path() / "huntsman_imager_test.exr";
    encode::FloatImage image{37, 11, {}};
    for (int i = 0; i < 37 * 11 * 3; ++i) image.rgb.push_back(0.37F * static_cast<float>(i));
    ASSERT_TRUE(encode::write_exr(path, image, encode::ExrDepth::kFloat).ok());
    const auto same = encode::read_exr(path);
    ASSERT_TRUE(same.ok()) << same.error().text();
    EXPECT_EQ(same->width, 37);
    EXPECT_EQ(same->rgb, image.rgb);
    ASSERT_TRUE(encode::write_exr(path, image, encode::ExrDepth::kHalf).ok());
    const auto half = encode::read_exr(path);
    ASSERT_TRUE(half.ok());
    for (std::size_t i = 0; i < image.rgb.size(); ++i) {
        EXPECT_NEAR(half->rgb[i], image.rgb[i], 0.0005F * image.rgb[i]);  // 11 bits
    }
    // Cut at every length it is refused, and never crashes.
    const auto bytes = engine::core::read_file(path);
    for (std::size_t keep = 0; keep + 16 < bytes->size(); keep += 97) {
        ASSERT_TRUE(engine::core::write_file(path, bytes->substr(0, keep)).ok());
        EXPECT_FALSE(encode::read_exr(path).ok()) << keep;
    }
    EXPECT_FALSE(encode::read_exr("/nowhere/a.exr").ok());
    std::filesystem::remove(path);
}

TEST(Profile, BadFilesAreRefusedWithLineAndExpectation) {
    const auto good = engine::core::read_file(HUNTSMAN_SOURCE_DIR "/assets/sensors/ar0132at.json");
    const auto path = std::filesystem::temp_directory_path() / "huntsman_profile_test.json";
    const auto message = [&](const std::string& from, const std::string& to) {
        std::string text = *good;
        const auto at = text.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        text.replace(at, from.size(), to);
        EXPECT_TRUE(engine::core::write_file(path, text).ok());
        const auto result = load_profile(path);
        return result.ok() ? std::string("accepted") : result.error().text();
    };
    EXPECT_EQ(message("AR0132AT", "AR0132AT"), "accepted");
    EXPECT_NE(message("\"pixel_um\": 3.75", "\"pixel_um\": -1").find(":5:"), std::string::npos);
    EXPECT_NE(message("rggb", "xyz").find("expected rggb or rccb"), std::string::npos);
    EXPECT_NE(message("0.80, 0.17, 0.03", "0.90, 0.17, 0.03").find("sum to 1"), std::string::npos);
    EXPECT_NE(message("\"bits\": 12", "\"bits\": 40").find("converter.bits"), std::string::npos);
    EXPECT_NE(message("\"f_number\"", "\"f_numbre\"").find("f_numbre"), std::string::npos);
    EXPECT_NE(message("0.0625", "1.0").find("ever higher lights"), std::string::npos);
    EXPECT_NE(message("\"longest_us\": 20000", "\"longest_us\": 2").find("longest_us"),
              std::string::npos);
    EXPECT_NE(message("0.14, 0.74, 0.12, 0.03, 0.17, 0.80", "0.80, 0.17, 0.03, 0.80, 0.17, 0.03")
                  .find("three colours"),
              std::string::npos);
    EXPECT_FALSE(load_profile("/nowhere/sensor.json").ok());
    std::filesystem::remove(path);
}

}  // namespace
}  // namespace huntsman::sensors::imager
