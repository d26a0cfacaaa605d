// Lamps and noise in the dark.
#include <algorithm>

#include "engine/world/ids.h"
#include "sensors/imager/colour.h"
#include "sensors/imager/denoise.h"
#include "sensors/imager/flicker.h"
#include "sensors/imager/noise.h"
#include "tests/sensors/imager/flat.h"

namespace huntsman::sensors::imager {
namespace {

TEST(Flicker, ALampThatIsOffDuringTheShortCaptureKeepsTheLightOfTheLongOne) {
    auto camera = camera_of(16, 400);
    camera.shutter = {engine::world::Readout::kTopToBottom, 30000};
    const SensorProfile profile = profile_of("ar0132at");
    Development how;
    how.stages = nothing();
    how.stages.led_flicker = true;
    how.exposure_s = 0.04;  // whole periods of every diode, all but a part
    how.time_us = 1'000'000;
    how.want_linear = true;
    how.white_balance = {{1, 1}};
    // The light that fills the first capture of the most sensitive pixels; the lamp has five times
    // that.
    double full = 1e9;
    for (int c = 0; c < 3; ++c) {
        full = std::min(full, profile.saturation_e(profile.captures[0], 1) /
                                  (electrons_per_kcd_m2_s(profile, c) * *how.exposure_s));
    }
    auto shot = flat_shot(16, 400, 5 * full);
    shot.ids.assign(16 * 400,
                    engine::world::id_word(engine::world::Semantic::kTrafficSignal, 10003));
    shot.shape.assign(16 * 400, 3U << 22);
    engine::core::JobPool pool(1);
    int diodes = 0, off = 0;
    for (std::uint64_t seed = 0; diodes < 6; ++seed) {
        ASSERT_LT(seed, 40U);
        const engine::core::Key key(seed);
        const Pwm pwm = lamp_of(key.with("flicker"), 10003);
        if (pwm.frequency_hz <= 0) continue;
        ++diodes;
        Imager imager(profile, camera, key);
        ExposureControl control;
        const auto linear = imager.develop(shot, how, control, pool).linear;
        // The short captures of 0.16 and 2.5 ms meet it off in some rows; demosaicing undershoots
        // beside them.
        for (std::size_t y = 4; y < 396; ++y) {
            const double start = 1 + 0.03 * (static_cast<double>(y) / 399 - 0.5) - 0.02;
            off += flicker_factor(pwm, start + 0.04, 0.0025) < 0.2;
            for (std::size_t c = 0; c < 3; ++c) {
                EXPECT_GT(static_cast<double>(linear[3 * (y * 16 + 8) + c]), 0.5 * full)
                    << "row " << y << " of " << pwm.frequency_hz << " Hz";
            }
        }
    }
    EXPECT_GT(off, 20);
}

class Lamps : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Profiles, Lamps, ::testing::Values("ar0132at", "ar0231", "imx490"));

TEST_P(Lamps, NoPixelBesideALampIsDarkerThanTheWallBehindIt) {
    // White lamps from 5 to 5,000 times as bright as the wall, blurred by the lens.
    const SensorProfile profile = profile_of(GetParam());
    for (const double times : {5.0, 50.0, 500.0, 5000.0}) {
        const auto shot = shot_of(64, 64, [&](int x, int y, int) {
            return std::abs(x - 32) < 6 && std::abs(y - 31) < 4 ? 0.05 * times : 0.05;
        });
        Imager imager(profile, camera_of(64, 64), kKey);
        Development how;
        how.stages = nothing();
        how.stages.lens_blur = how.stages.tone = true;
        // The wall is a quarter of the way to white.
        how.exposure_s = 0.25 * profile.saturation_e(profile.captures[0], 1) /
                         (electrons_per_kcd_m2_s(profile, 1) * 0.05);
        how.white_balance = {{1, 1}};
        engine::core::JobPool pool(1);
        ExposureControl control;
        const auto image = imager.develop(shot, how, control, pool).image;
        const auto grey = [&](int x, int y) {
            const std::uint8_t* p = image.row(y) + 3 * x;
            return (p[0] + p[1] + p[2]) / 3;
        };
        const int wall = grey(8, 8);
        ASSERT_GT(wall, 40);
        for (int y = 4; y < 60; ++y) {
            for (int x = 4; x < 60; ++x) {
                EXPECT_GE(grey(x, y), wall * 2 / 3) << times << " times, at " << x << ", " << y;
            }
        }
    }
}

TEST_P(Lamps, LightThatThereCanBeKeepsItsColourUnderEveryWhiteBalance) {
    // Bright lights of the primaries and of mixtures, as the balanced channels tell them.
    const SensorProfile profile = profile_of(GetParam());
    const double lights[][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {1, 0.1, 0.05}, {0.1, 0.1, 1}};
    int kept = 0;
    for (const std::array<double, 2> balance : {std::array{1.0, 1.0}, {0.6, 1.6}, {1.5, 0.7}}) {
        Plane plane;
        plane.resize(5, 1);
        for (int x = 0; x < 5; ++x) {
            for (std::size_t c = 0; c < 3; ++c) {
                double channel = 0;
                for (std::size_t k = 0; k < 3; ++k) {
                    channel += profile.response_from_srgb[c][k] * lights[x][k];
                }
                const double gain = c == 0 ? balance[0] : c == 2 ? balance[1] : 1;
                plane.row(0)[3 * x + static_cast<int>(c)] = static_cast<float>(gain * channel);
            }
        }
        engine::core::JobPool pool(1);
        const ToneCurve tone(false, 1);
        engine::core::Image limited, free;
        Plane copy = plane;
        finish(pool, colour_matrix(profile), colour_limits(profile, balance), 0.8, tone, plane,
               limited);
        finish(pool, colour_matrix(profile), {1e9F, 1e9F, -1e9F}, 0.8, tone, copy, free);
        for (std::size_t light = 0; light < 5; ++light) {
            const std::uint8_t* now = limited.pixels.data() + 3 * light;
            const std::uint8_t* before = free.pixels.data() + 3 * light;
            // A balance so far off that it makes the light negative would show it black.
            if (before[0] + before[1] + before[2] == 0) continue;
            ++kept;
            for (int c = 0; c < 3; ++c) {
                EXPECT_NEAR(now[c], before[c], 1)
                    << "light " << light << ", balance " << balance[0] << ", " << balance[1];
            }
        }
    }
    EXPECT_GE(kept, 12);
}

TEST(ColourNoise, IsAveragedOnFlatGroundAndLeavesGreenAndEdgesOfColour) {
    // Grey left, red right, with the noise of a sensor in the dark.
    constexpr int kWidth = 96, kHeight = 64;
    const SensorProfile profile = profile_of("ar0231");
    const Exposure exposure{0.01, 8};
    const ChannelNoise noise = channel_noise(profile, {}, exposure, {1, 1, 1});
    const double level = 40 * std::sqrt(noise.at_dark[1]);
    Plane noisy;
    noisy.resize(kWidth, kHeight);
    for (int y = 0; y < kHeight; ++y) {
        for (int x = 0; x < kWidth; ++x) {
            for (int c = 0; c < 3; ++c) {
                const double light = level * (x >= kWidth / 2 && c == 0 ? 3 : 1);
                const auto k = static_cast<std::size_t>(c);
                const double deviation = std::sqrt(noise.at_dark[k] + noise.per_light[k] * light);
                noisy.row(y)[3 * x + c] = static_cast<float>(
                    light +
                    deviation * static_cast<double>(normal_at(
                                    Stream(kKey.with("test").with(k))
                                        .bits(static_cast<std::uint64_t>(y * kWidth + x)))));
            }
        }
    }
    Plane plane = noisy, scratch;
    engine::core::JobPool pool(2);
    denoise_colours(pool, noise, {}, plane, scratch);
    const auto colour = [&](const Plane& p, int from, int to) {
        std::vector<double> values;
        for (int y = 8; y < kHeight - 8; ++y) {
            for (int x = from; x < to; ++x) {
                values.push_back(static_cast<double>(p.row(y)[3 * x] - p.row(y)[3 * x + 1]));
            }
        }
        return moments(values);
    };
    // Mean of 81 where all is noise; what is left was kept since the window's own variance strayed.
    const auto before = colour(noisy, 8, 40), after = colour(plane, 8, 40);
    EXPECT_LT(after.variance, before.variance / 16);
    EXPECT_NEAR(after.mean, before.mean, 0.02 * std::sqrt(before.variance));
    EXPECT_NEAR(colour(plane, 56, 88).mean, 2 * level, 0.02 * level);
    // Beside the edge red stays what it was.
    EXPECT_NEAR(colour(plane, 48, 50).mean, 2 * level, 0.1 * level);
    EXPECT_NEAR(colour(plane, 46, 48).mean, 0, 0.1 * level);
    for (std::size_t i = 1; i < plane.rgb.size(); i += 3) EXPECT_EQ(plane.rgb[i], noisy.rgb[i]);
}

TEST(BrightnessNoise, KeepsAShareOnFlatGroundAndEdgesWhole) {
    // Dark left, bright right, grey.
    constexpr int kWidth = 96, kHeight = 64;
    const SensorProfile profile = profile_of("ar0231");
    const ChannelNoise noise = channel_noise(profile, {}, {0.01, 8}, {1, 1, 1});
    const double level = 40 * std::sqrt(noise.at_dark[1]);
    Plane noisy;
    noisy.resize(kWidth, kHeight);
    const Stream stream(kKey.with("test"));
    for (int y = 0; y < kHeight; ++y) {
        for (int x = 0; x < kWidth; ++x) {
            const double light = level * (x >= kWidth / 2 ? 4 : 1);
            const double deviation = std::sqrt(noise.at_dark[1] + noise.per_light[1] * light);
            const auto draw = static_cast<double>(
                normal_at(stream.bits(static_cast<std::uint64_t>(y * kWidth + x))));
            for (int c = 0; c < 3; ++c) {
                noisy.row(y)[3 * x + c] = static_cast<float>(light + deviation * draw);
            }
        }
    }
    Plane plane = noisy, scratch;
    engine::core::JobPool pool(2);
    denoise_brightness(pool, noise, {}, plane, scratch);
    const auto green = [&](const Plane& p, int from, int to) {
        std::vector<double> values;
        for (int y = 8; y < kHeight - 8; ++y) {
            for (int x = from; x < to; ++x) {
                values.push_back(static_cast<double>(p.row(y)[3 * x + 1]));
            }
        }
        return moments(values);
    };
    for (const int from : {8, 56}) {
        const auto before = green(noisy, from, from + 32), after = green(plane, from, from + 32);
        const double left = std::sqrt(after.variance / before.variance);
        EXPECT_GT(left, 0.42) << from;  // two fifths and what the mean has
        EXPECT_LT(left, 0.60) << from;
        EXPECT_NEAR(after.mean, before.mean, 0.02 * std::sqrt(before.variance));
    }
    // An edge of many times the noise stays.
    EXPECT_NEAR(green(plane, 47, 48).mean, green(noisy, 47, 48).mean, 0.05 * level);
    EXPECT_NEAR(green(plane, 48, 49).mean, green(noisy, 48, 49).mean, 0.05 * level);
    // All channels move alike.
    for (std::size_t i = 0; i < plane.rgb.size(); i += 3) {
        ASSERT_NEAR(plane.rgb[i], plane.rgb[i + 1], 1e-4F * std::abs(plane.rgb[i]) + 1e-6F);
    }
}

}  // namespace
}  // namespace huntsman::sensors::imager
