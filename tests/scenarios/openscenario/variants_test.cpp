#include "scenarios/openscenario/variants.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>

#include "engine/core/files.h"
#include "interop.h"

namespace huntsman::scenarios::openscenario {
namespace {

namespace fs = std::filesystem;

class VariantFiles : public testing::Test {
  protected:
    engine::core::Result<Variants> make(const std::string& body, std::size_t count = 0,
                                        std::uint64_t seed = 1) {
        const fs::path path =
            fs::temp_directory_path() / fmt::format("huntsman_variants_{}.xosc", ::getpid());
        EXPECT_TRUE(engine::core::write_file(
                        path, fmt::format(R"(<OpenSCENARIO><FileHeader revMajor="1" revMinor="3"
 date="2026-01-01T00:00:00" description="" author=""/><ParameterValueDistribution>
<ScenarioFile filepath="a.xosc"/>{}</ParameterValueDistribution></OpenSCENARIO>)",
                                          body))
                        .ok());
        auto result = read_variants(path, count, seed);
        fs::remove(path);
        return result;
    }
    static std::string stochastic(const std::string& distribution) {
        return fmt::format(R"(<Stochastic numberOfTestRuns="4000" randomSeed="3">
<StochasticDistribution parameterName="p">{}</StochasticDistribution></Stochastic>)",
                           distribution);
    }
    std::vector<double> drawn(const std::string& distribution) {
        const auto variants = make(stochastic(distribution));
        EXPECT_TRUE(variants.ok());
        EXPECT_TRUE(variants->findings.empty());
        std::vector<double> values;
        for (const auto& set : variants->values) values.push_back(std::stod(set.at("p")));
        EXPECT_EQ(values.size(), 4000U);
        return values;
    }
    static double mean(const std::vector<double>& values) {
        double sum = 0;
        for (const double value : values) sum += value;
        return sum / static_cast<double>(values.size());
    }
    static double variance(const std::vector<double>& values) {
        const double m = mean(values);
        double sum = 0;
        for (const double value : values) sum += (value - m) * (value - m);
        return sum / static_cast<double>(values.size());
    }
};

TEST_F(VariantFiles, DeterministicOnesGiveEveryCombination) {
    const auto variants = make(R"(<Deterministic>
<DeterministicSingleParameterDistribution parameterName="a"><DistributionSet><Element value="x"/>
<Element value="y"/></DistributionSet></DeterministicSingleParameterDistribution>
<DeterministicSingleParameterDistribution parameterName="b"><DistributionRange stepWidth="0.1">
<Range lowerLimit="0" upperLimit="0.3"/></DistributionRange>
</DeterministicSingleParameterDistribution>
<DeterministicMultiParameterDistribution><ValueSetDistribution><ParameterValueSet>
<ParameterAssignment parameterRef="c" value="1"/><ParameterAssignment parameterRef="d" value="2"/>
</ParameterValueSet></ValueSetDistribution></DeterministicMultiParameterDistribution>
</Deterministic>)");
    ASSERT_TRUE(variants.ok()) << variants.error().text();
    ASSERT_EQ(variants->values.size(), 2U * 4 * 1);
    EXPECT_EQ(variants->values[1],
              (ParameterValues{{"a", "x"}, {"b", "0.1"}, {"c", "1"}, {"d", "2"}}));
    EXPECT_EQ(variants->values[7].at("a"), "y");
}

// Means and variances of 4000 draws, within four standard errors.
TEST_F(VariantFiles, DrawsHaveTheirDistributionsMoments) {
    const auto uniform = drawn(R"(<UniformDistribution><Range lowerLimit="2" upperLimit="5"/>
</UniformDistribution>)");
    EXPECT_NEAR(mean(uniform), 3.5, 4 * std::sqrt(0.75 / 4000));
    EXPECT_NEAR(variance(uniform), 0.75, 0.05);
    const auto normal = drawn(R"(<NormalDistribution expectedValue="10" variance="4"/>)");
    EXPECT_NEAR(mean(normal), 10, 4 * std::sqrt(4.0 / 4000));
    EXPECT_NEAR(variance(normal), 4, 4 * 4 * std::sqrt(2.0 / 4000));
    const auto poisson = drawn(R"(<PoissonDistribution expectedValue="3"/>)");
    EXPECT_NEAR(mean(poisson), 3, 4 * std::sqrt(3.0 / 4000));
    EXPECT_NEAR(variance(poisson), 3, 0.4);
    const auto logarithmic = drawn(R"(<LogNormalDistribution expectedValue="0" variance="0.25"/>)");
    EXPECT_NEAR(mean(logarithmic), std::exp(0.125), 0.05);
    const auto cut = drawn(R"(<NormalDistribution expectedValue="0" variance="1">
<Range lowerLimit="0" upperLimit="9"/></NormalDistribution>)");
    EXPECT_GE(*std::ranges::min_element(cut), 0);
    EXPECT_NEAR(mean(cut), std::sqrt(2 / 3.14159265), 0.04);
    const auto set = drawn(R"(<ProbabilityDistributionSet><Element value="1" weight="3"/>
<Element value="2" weight="1"/></ProbabilityDistributionSet>)");
    EXPECT_NEAR(mean(set), 1.25, 4 * std::sqrt(0.1875 / 4000));
    const auto histogram =
        drawn(R"(<Histogram><Bin weight="1"><Range lowerLimit="0" upperLimit="1"/>
</Bin><Bin weight="1"><Range lowerLimit="10" upperLimit="11"/></Bin></Histogram>)");
    EXPECT_NEAR(mean(histogram), 5.5, 0.4);
}

TEST_F(VariantFiles, AVariantDoesNotDependOnTheCount) {
    const std::string body = stochastic(R"(<NormalDistribution expectedValue="0" variance="1"/>)");
    const auto few = make(body, 3), many = make(body, 50), other = make(body, 3, 2);
    ASSERT_TRUE(few.ok() && many.ok() && other.ok());
    EXPECT_EQ(few->values[2], many->values[2]);
    EXPECT_NE(few->values[2], other->values[2]);
}

TEST_F(VariantFiles, WhatCannotBeVariedIsNamed) {
    const auto empty = make(stochastic(R"(<ProbabilityDistributionSet>
<Element value="1" weight="0"/></ProbabilityDistributionSet>)"));
    ASSERT_TRUE(empty.ok());
    ASSERT_FALSE(empty->findings.empty());
    EXPECT_THAT(empty->findings[0].message, testing::HasSubstr("nothing can be drawn"));
    const auto backwards = make(R"(<Deterministic><DeterministicSingleParameterDistribution
 parameterName="b"><DistributionRange stepWidth="0"><Range lowerLimit="0" upperLimit="1"/>
</DistributionRange></DeterministicSingleParameterDistribution></Deterministic>)");
    ASSERT_TRUE(backwards.ok());
    EXPECT_THAT(backwards->findings[0].message, testing::HasSubstr("by steps of 0"));
    EXPECT_THAT(
        make(stochastic("<PoissonDistribution expectedValue=\"1\"/>"), 200'000).error().message,
        testing::HasSubstr("at most 100000"));
}

TEST_F(VariantFiles, TheFileOfOthersExpands) {
    const fs::path path = interop_folder() / "xosc/cut-in_parameter_set.xosc";
    if (!fs::exists(path)) GTEST_SKIP() << "no scenarios of others";
    const auto variants = read_variants(path, 0, 1);
    ASSERT_TRUE(variants.ok()) << variants.error().text();
    EXPECT_TRUE(variants->findings.empty());
    EXPECT_GT(variants->values.size(), 1U);
    EXPECT_TRUE(fs::exists(variants->scenario));
}

}  // namespace
}  // namespace huntsman::scenarios::openscenario
