// The photon transfer method of EMVA 1288: from pairs of flat pictures at many exposures to gain,
// full well and read noise, as one would measure a real camera.
#include "tests/sensors/imager/flat.h"

namespace huntsman::sensors::imager {
namespace {

constexpr int kSide = 256;

// Temporal mean and variance [dn] of the green or clear pixels of a pair.
Moments pair_of(Imager& imager, double light, const Development& base, std::uint64_t pair) {
    engine::core::JobPool pool(2);
    const auto shot = flat_shot(kSide, kSide, light);
    Development how = base;
    how.want_raw = true;
    ExposureControl control;
    how.frame = 2 * pair;
    const auto a = imager.develop(shot, how, control, pool).raw;
    how.frame = 2 * pair + 1;
    const auto b = imager.develop(shot, how, control, pool).raw;
    std::vector<double> sums, differences;
    for (int y = 0; y < kSide; ++y) {
        for (int x = 0; x < kSide; ++x) {
            if (channel_at(x, y) != 1) continue;
            const std::size_t i = static_cast<std::size_t>(y * kSide + x);
            sums.push_back(0.5 * (a[i] + b[i]));
            differences.push_back(static_cast<double>(a[i]) - static_cast<double>(b[i]));
        }
    }
    return {moments(sums).mean, 0.5 * moments(differences).variance};
}

class PhotonTransfer : public testing::TestWithParam<const char*> {};

TEST_P(PhotonTransfer, RecoversGainFullWellAndReadNoiseWithinThreePercent) {
    SensorProfile profile = profile_of(GetParam());
    const std::vector<Capture> captures = profile.captures;
    for (const Capture& capture : captures) {
        // One reading at a time, as a sensor's linear mode gives it.
        profile.captures = {capture};
        Imager imager(profile, camera_of(kSide, kSide), kKey);
        Development how;
        how.stages = without_lens();
        how.stages.dark_current = false;
        how.stages.defects = false;
        constexpr double kExposure_s = 1e-3;
        how.exposure_s = kExposure_s;
        const double electrons = electrons_per_kcd_m2_s(profile, 1) * kExposure_s *
                                 capture.time_share * capture.sensitivity_share;
        const double saturation = profile.saturation_e(capture, 1);

        // Gain: slope of variance over mean up to 70 % of saturation, by least squares with the
        // offset free [EMVA 1288, 6.6].
        std::vector<Moments> points;
        for (std::uint64_t k = 0; k < 12; ++k) {
            const double share = 0.06 * static_cast<double>(k + 1) - 0.02;
            points.push_back(pair_of(imager, share * saturation / electrons, how, k));
        }
        double sx = 0, sy = 0, sxx = 0, sxy = 0;
        for (const Moments& p : points) {
            sx += p.mean;
            sy += p.variance;
            sxx += p.mean * p.mean;
            sxy += p.mean * p.variance;
        }
        const double n = static_cast<double>(points.size());
        const double gain = (n * sxy - sx * sy) / (n * sxx - sx * sx);
        EXPECT_NEAR(gain / capture.gain_dn_per_e, 1, 0.03) << capture.name;

        // Saturation: the mean of a picture far beyond.
        const auto full = pair_of(imager, 4 * saturation / electrons, how, 50);
        const double full_e = (full.mean - profile.black_level_dn) / gain;
        EXPECT_NEAR(full_e / saturation, 1, 0.03) << capture.name;

        // Read noise: dark pairs at an analogue gain that lifts it over the converter's steps,
        // whose 1/12 is taken off.
        how.gain = std::max(1.0, 4 / (capture.gain_dn_per_e * capture.read_noise_e));
        const auto dark = pair_of(imager, 0, how, 60);
        const double read_e = std::sqrt(dark.variance - 1.0 / 12) / (gain * how.gain);
        EXPECT_NEAR(read_e / capture.read_noise_e, 1, 0.03) << capture.name;
        std::printf("%s %s: gain %.4f of %.4f dn/e, full %.0f of %.0f e, read %.2f of %.2f e\n",
                    profile.name.c_str(), capture.name.c_str(), gain, capture.gain_dn_per_e, full_e,
                    saturation, read_e, capture.read_noise_e);
    }
}

INSTANTIATE_TEST_SUITE_P(Profiles, PhotonTransfer, testing::Values("ar0132at", "ar0231", "imx490"));

TEST(PhotonTransfer, FixedPatternHasTheStatedSpread) {
    const SensorProfile profile = profile_of("ar0132at");
    const auto faults = pixel_faults(profile, 512, 512, kKey);
    const auto gain = moments(faults.gain), offset = moments(faults.offset_e);
    // Standard errors of 2¹⁸ values are 0.14 % of the deviation.
    EXPECT_NEAR(std::sqrt(gain.variance) / profile.prnu_share, 1, 0.01);
    EXPECT_NEAR(std::sqrt(offset.variance) / profile.dsnu_e, 1, 0.01);
    EXPECT_NEAR(gain.mean, 1, 1e-4);
    SensorProfile worse = profile;
    worse.dead_share = 0.01;
    worse.hot_share = 0.02;
    const auto many = pixel_faults(worse, 512, 512, kKey).defects.size();
    EXPECT_NEAR(static_cast<double>(many) / (512.0 * 512.0), 0.03, 0.002);
}

TEST(PhotonTransfer, DarkCurrentDoublesAsStated) {
    SensorProfile profile = profile_of("ar0132at");
    profile.captures.resize(1);
    Imager imager(profile, camera_of(kSide, kSide), kKey);
    Development how;
    how.stages = nothing();
    how.stages.dark_current = true;
    how.exposure_s = 0.02;
    how.gain = 8;
    const auto cool = pair_of(imager, 0, how, 0);
    how.sensor_degc = 60 + 2 * profile.dark_doubling_k;
    const auto hot = pair_of(imager, 0, how, 0);
    const double per_e = 8 * profile.captures[0].gain_dn_per_e;
    // Raw numbers are whole; the truth lies within one.
    EXPECT_NEAR(cool.mean - profile.black_level_dn, per_e * 0.02 * profile.dark_e_per_s, 1);
    EXPECT_NEAR(hot.mean - profile.black_level_dn, per_e * 0.02 * 4 * profile.dark_e_per_s, 1);
}

TEST(PhotonTransfer, NoisyAndNoiseFreeDifferByTheNoiseAlone) {
    SensorProfile profile = profile_of("ar0132at");
    profile.captures.resize(1);
    Imager imager(profile, camera_of(kSide, kSide), kKey);
    engine::core::JobPool pool(2);
    Development how;
    how.want_raw = true;
    how.exposure_s = 1e-3;
    how.stages.fixed_pattern = how.stages.defects = how.stages.dark_current = false;
    const double light =
        0.3 * profile.captures[0].full_well_e / (electrons_per_kcd_m2_s(profile, 1) * 1e-3);
    const auto shot =
        shot_of(kSide, kSide, [&](int x, int, int) { return light * (0.5 + 0.5 * x / kSide); });
    ExposureControl a, b;
    const auto noisy = imager.develop(shot, how, a, pool).raw;
    how.stages.photon_noise = how.stages.read_noise = false;
    const auto clean = imager.develop(shot, how, b, pool).raw;

    // Normalised by the predicted deviation: mean 0, variance 1.
    const double g = profile.captures[0].gain_dn_per_e, read = profile.captures[0].read_noise_e;
    std::vector<double> normalised;
    for (std::size_t i = 0; i < noisy.size(); ++i) {
        const double signal = clean[i] - profile.black_level_dn;
        // Photons, electronics and two roundings.
        const double variance = g * signal + g * g * read * read + 2.0 / 12;
        normalised.push_back((static_cast<double>(noisy[i]) - clean[i]) / std::sqrt(variance));
    }
    const auto m = moments(normalised);
    // Standard errors with 65,536 pixels: 0.004 and 0.0055.
    EXPECT_NEAR(m.mean, 0, 0.02);
    EXPECT_NEAR(m.variance, 1, 0.03);
}

}  // namespace
}  // namespace huntsman::sensors::imager
