#include "sensors/imager/noise.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace huntsman::sensors::imager {
namespace {

// Quantiles spread evenly: sums over them are integrals over the distribution, without chance.
constexpr std::uint32_t kDraws = 1U << 18;
std::uint32_t even(std::uint32_t i) { return (i << 14) + (1U << 13); }

TEST(Noise, NormalTableHasTheDistributionsQuantiles) {
    for (const std::uint32_t bits :
         {0U, 1U, 70000U, 16777216U, 1U << 28, 0xB0000000U, 0xFFFFFFFFU}) {
        const double z = static_cast<double>(normal_at(bits));
        // The distribution function at the quantile gives the probability back.
        const double p = 0.5 * std::erfc(-z / std::sqrt(2.0)), wanted = (bits + 0.5) * 0x1p-32;
        EXPECT_NEAR(p, wanted, 1e-6 + 1e-3 * wanted * (1 - wanted));
    }
}

TEST(Noise, PoissonHasItsMeanVarianceAndSkewness) {
    for (const double mean : {0.1, 1.0, 5.0, 11.9, 12.1, 30.0, 300.0, 20000.0}) {
        double m1 = 0, m2 = 0, m3 = 0;
        for (std::uint32_t i = 0; i < kDraws; ++i) {
            m1 += static_cast<double>(poisson_at(static_cast<float>(mean), even(i)));
        }
        m1 /= kDraws;
        for (std::uint32_t i = 0; i < kDraws; ++i) {
            const double d =
                static_cast<double>(poisson_at(static_cast<float>(mean), even(i))) - m1;
            m2 += d * d;
            m3 += d * d * d;
        }
        m2 /= kDraws;
        const double skewness = m3 / kDraws / std::pow(m2, 1.5);
        // Evenly spread quantiles leave out tails beyond one in 2^19: half a percent of the third
        // moment. Above 12 the expansion and the table add as much.
        EXPECT_NEAR(m1, mean, 0.002 * mean + 1e-3) << mean;
        EXPECT_NEAR(m2, mean, 0.005 * mean) << mean;
        EXPECT_NEAR(skewness, 1 / std::sqrt(mean), 0.03 / std::sqrt(mean) + 0.002) << mean;
    }
}

TEST(Noise, SmallPoissonMeansPassChiSquare) {
    for (const double mean : {0.3, 2.0, 8.0}) {
        const Stream stream(engine::core::Key(3).with("chi"));
        constexpr int kCount = 200000, kBins = 24;
        std::vector<int> histogram(kBins);
        for (std::uint64_t i = 0; i < kCount; ++i) {
            const auto n = static_cast<int>(poisson_at(static_cast<float>(mean), stream.bits(i)));
            ++histogram[static_cast<std::size_t>(std::min(n, kBins - 1))];
        }
        double chi2 = 0, p = std::exp(-mean);
        int degrees = -1;
        for (int n = 0; n + 1 < kBins; ++n) {
            const double expected = p * kCount;
            if (expected > 10) {
                const double d = histogram[static_cast<std::size_t>(n)] - expected;
                chi2 += d * d / expected;
                ++degrees;
            }
            p *= mean / (n + 1);
        }
        // Mean `degrees`, deviation √(2 degrees): four of them are passed in one of 10⁴ tries.
        EXPECT_LT(chi2, degrees + 4 * std::sqrt(2.0 * degrees) + 4) << mean;
    }
}

TEST(Noise, NeighboursAndStagesAreIndependent) {
    const engine::core::Key key(5);
    const Stream a(key.with("photons")), b(key.with("read"));
    double next = 0, stage = 0;
    constexpr std::uint64_t kCount = 200000;
    for (std::uint64_t i = 0; i < kCount; ++i) {
        const double z = static_cast<double>(normal_at(a.bits(i)));
        next += z * static_cast<double>(normal_at(a.bits(i + 1)));
        stage += z * static_cast<double>(normal_at(b.bits(i)));
    }
    // Correlations of independent draws have the deviation 1/√n = 0.0022.
    EXPECT_LT(std::abs(next / kCount), 0.009);
    EXPECT_LT(std::abs(stage / kCount), 0.009);
}

}  // namespace
}  // namespace huntsman::sensors::imager
