// The measures that the reference comparison rests on, against published and closed-form values.
#include "tests/support/reference/image_metrics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/core/random.h"

namespace huntsman::tests::support {
namespace {

Picture uniform(const Vec3& colour, int width = 48, int height = 32) {
    return {width, height,
            std::vector<Vec3>(static_cast<std::size_t>(width) * static_cast<std::size_t>(height),
                              colour)};
}
Picture noise(double amount, std::uint64_t seed, const Vec3& mean = Vec3(0.5)) {
    Picture p = uniform(mean);
    const engine::core::Key key(seed);
    for (std::size_t i = 0; i < p.pixels.size(); ++i) {
        p.pixels[i] += Vec3(amount * (key.uniform(i) - 0.5));
    }
    return p;
}

// [Sharma 2005, table 1].
TEST(Ciede2000, MatchesThePublishedPairs) {
    const double pairs[34][7] = {{50.0000, 2.6772, -79.7751, 50.0000, 0.0000, -82.7485, 2.0425},
                                 {50.0000, 3.1571, -77.2803, 50.0000, 0.0000, -82.7485, 2.8615},
                                 {50.0000, 2.8361, -74.0200, 50.0000, 0.0000, -82.7485, 3.4412},
                                 {50.0000, -1.3802, -84.2814, 50.0000, 0.0000, -82.7485, 1.0000},
                                 {50.0000, -1.1848, -84.8006, 50.0000, 0.0000, -82.7485, 1.0000},
                                 {50.0000, -0.9009, -85.5211, 50.0000, 0.0000, -82.7485, 1.0000},
                                 {50.0000, 0.0000, 0.0000, 50.0000, -1.0000, 2.0000, 2.3669},
                                 {50.0000, -1.0000, 2.0000, 50.0000, 0.0000, 0.0000, 2.3669},
                                 {50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0009, 7.1792},
                                 {50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0010, 7.1792},
                                 {50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0011, 7.2195},
                                 {50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0012, 7.2195},
                                 {50.0000, -0.0010, 2.4900, 50.0000, 0.0009, -2.4900, 4.8045},
                                 {50.0000, -0.0010, 2.4900, 50.0000, 0.0010, -2.4900, 4.8045},
                                 {50.0000, -0.0010, 2.4900, 50.0000, 0.0011, -2.4900, 4.7461},
                                 {50.0000, 2.5000, 0.0000, 50.0000, 0.0000, -2.5000, 4.3065},
                                 {50.0000, 2.5000, 0.0000, 73.0000, 25.0000, -18.0000, 27.1492},
                                 {50.0000, 2.5000, 0.0000, 61.0000, -5.0000, 29.0000, 22.8977},
                                 {50.0000, 2.5000, 0.0000, 56.0000, -27.0000, -3.0000, 31.9030},
                                 {50.0000, 2.5000, 0.0000, 58.0000, 24.0000, 15.0000, 19.4535},
                                 {50.0000, 2.5000, 0.0000, 50.0000, 3.1736, 0.5854, 1.0000},
                                 {50.0000, 2.5000, 0.0000, 50.0000, 3.2972, 0.0000, 1.0000},
                                 {50.0000, 2.5000, 0.0000, 50.0000, 1.8634, 0.5757, 1.0000},
                                 {50.0000, 2.5000, 0.0000, 50.0000, 3.2592, 0.3350, 1.0000},
                                 {60.2574, -34.0099, 36.2677, 60.4626, -34.1751, 39.4387, 1.2644},
                                 {63.0109, -31.0961, -5.8663, 62.8187, -29.7946, -4.0864, 1.2630},
                                 {61.2901, 3.7196, -5.3901, 61.4292, 2.2480, -4.9620, 1.8731},
                                 {35.0831, -44.1164, 3.7933, 35.0232, -40.0716, 1.5901, 1.8645},
                                 {22.7233, 20.0904, -46.6940, 23.0331, 14.9730, -42.5619, 2.0373},
                                 {36.4612, 47.8580, 18.3852, 36.2715, 50.5065, 21.2231, 1.4146},
                                 {90.8027, -2.0831, 1.4410, 91.1528, -1.6435, 0.0447, 1.4441},
                                 {90.9257, -0.5406, -0.9208, 88.6381, -0.8985, -0.7239, 1.5381},
                                 {6.7747, -0.2908, -2.4247, 5.8714, -0.0985, -2.2286, 0.6377},
                                 {2.0776, 0.0795, -1.1350, 0.9033, -0.0636, -0.5514, 0.9082}};
    for (const auto& p : pairs) {
        const Vec3 a(p[0], p[1], p[2]), b(p[3], p[4], p[5]);
        // The table has four decimals.
        EXPECT_NEAR(ciede2000(a, b), p[6], 6e-5);
        EXPECT_NEAR(ciede2000(b, a), p[6], 6e-5);
    }
}

TEST(Colour, WhiteIsNeutralAndConversionsInvertEachOther) {
    EXPECT_LT(glm::length(linear_to_lab(Vec3(1)) - Vec3(100, 0, 0)), 1e-9);
    // CIELAB of the sRGB primary red, D65.
    EXPECT_LT(glm::length(linear_to_lab({1, 0, 0}) - Vec3(53.24, 80.09, 67.20)), 0.02);
    for (const double x : {0.0, 0.002, 0.04, 0.5, 1.0}) {
        EXPECT_NEAR(linear_to_srgb(srgb_to_linear(Vec3(x))).y, x, 1e-12);
    }
}

TEST(Ssim, IsOneForEqualPicturesAndTheClosedFormForUniformOnes) {
    const Picture p = noise(0.4, 1);
    EXPECT_NEAR(ssim(p, p), 1, 1e-12);
    // Without variance only the luminance term is left.
    const double a = 0.3, b = 0.6, c1 = 1e-4;
    EXPECT_NEAR(ssim(uniform(Vec3(a)), uniform(Vec3(b))), (2 * a * b + c1) / (a * a + b * b + c1),
                1e-9);
}

TEST(Ssim, ForgivesABrighterPictureMoreThanAnotherStructure) {
    Picture brighter = noise(0.4, 1);
    for (Vec3& c : brighter.pixels) c += Vec3(0.05);
    EXPECT_GT(ssim(noise(0.4, 1), brighter), 0.95);
    EXPECT_LT(ssim(noise(0.4, 1), noise(0.4, 2)), 0.3);
}

TEST(Flip, IsZeroForEqualPicturesAndSymmetric) {
    const Picture a = noise(0.4, 1), b = noise(0.2, 2, {0.6, 0.4, 0.3});
    EXPECT_EQ(flip(a, a), 0);
    EXPECT_NEAR(flip(a, b), flip(b, a), 1e-12);
    EXPECT_GT(flip(a, b), 0.05);
    EXPECT_LT(flip(a, b), 1);
}

// Uniform pictures have no features, so that only the colour term is left.
TEST(Flip, OfBlackAndWhiteIsTheClosedForm) {
    // HyAB is 100; the largest difference is that of green and blue with the Hunt effect.
    const auto hunt = [](const Vec3& lab) {
        return Vec3(lab.x, 0.01 * lab.x * lab.y, 0.01 * lab.x * lab.z);
    };
    const Vec3 g = hunt(linear_to_lab({0, 1, 0})), b = hunt(linear_to_lab({0, 0, 1}));
    const double most = std::pow(std::abs(g.x - b.x) + std::hypot(g.y - b.y, g.z - b.z), 0.7);
    EXPECT_NEAR(most, 41.276, 0.01);  // [Andersson 2020, section 4.1.3]
    const double expected = 0.95 + (std::pow(100, 0.7) - 0.4 * most) / (0.6 * most) * 0.05;
    EXPECT_NEAR(flip(uniform(Vec3(0)), uniform(Vec3(1))), expected, 1e-6);
}

TEST(Flip, FineDetailCountsLessFromFarAway) {
    // A checkerboard of single pixels against its mean: from afar the eye sees no difference.
    Picture board = uniform(Vec3(0));
    for (int y = 0; y < board.height; ++y) {
        for (int x = 0; x < board.width; ++x) {
            board.pixels[static_cast<std::size_t>(y * board.width + x)] =
                Vec3((x + y) % 2 ? 0.6 : 0.4);
        }
    }
    const Picture grey =
        uniform(linear_to_srgb((srgb_to_linear(Vec3(0.4)) + srgb_to_linear(Vec3(0.6))) * 0.5));
    EXPECT_GT(flip(board, grey, 10), 2 * flip(board, grey, 80));
    EXPECT_LT(flip(board, grey, 80), 0.05);
}

TEST(LinearErrors, AreThoseOfAKnownScale) {
    Picture a = noise(0.8, 3), b = a;
    for (Vec3& c : b.pixels) c *= 1.25;
    const std::vector<bool> all(a.pixels.size(), true);
    const LinearError e = linear_error(a, b, all, 1);
    EXPECT_NEAR(e.bias, 0.25, 1e-12);
    EXPECT_NEAR(e.mean_relative, 0.25, 1e-12);
    // The floor of a hundredth of the mean takes away next to nothing.
    EXPECT_NEAR(e.relative_mse, 0.0625, 2e-4);
    // Cells of a picture with noise of its own agree better than its pixels.
    const Picture other = noise(0.8, 4);
    EXPECT_LT(linear_error(a, other, all, 8).mean_relative,
              0.4 * linear_error(a, other, all, 1).mean_relative);
}

TEST(LinearErrors, LeaveOutWhatIsNotChosen) {
    Picture a = uniform(Vec3(1)), b = a;
    std::vector<bool> chosen(a.pixels.size(), true);
    for (std::size_t i = 0; i < a.pixels.size(); i += 3) {
        b.pixels[i] = Vec3(100);
        chosen[i] = false;
    }
    EXPECT_EQ(linear_error(a, b, chosen, 5).mean_relative, 0);
    EXPECT_GT(linear_error(a, b, std::vector<bool>(chosen.size(), true), 5).bias, 30);
}

}  // namespace
}  // namespace huntsman::tests::support
