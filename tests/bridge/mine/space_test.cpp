#include "bridge/mine/space.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace huntsman::bridge::mine {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;

Dimension uniform(const std::string& name, double low, double high) {
    return {.name = name, .nominal = 0.5 * (low + high), .low = low, .high = high};
}
Dimension normal(const std::string& name, double nominal, double low, double high) {
    return {.name = name,
            .distribution = Dimension::kNormal,
            .nominal = nominal,
            .low = low,
            .high = high};
}
Dimension choice(const std::string& name, std::vector<double> choices,
                 std::vector<double> weights = {}) {
    return {.name = name,
            .distribution = Dimension::kChoice,
            .nominal = choices.empty() ? 0 : choices.front(),
            .choices = std::move(choices),
            .weights = std::move(weights)};
}

Space space_of(std::vector<Dimension> dimensions) {
    return Space::create(std::move(dimensions)).value();
}
std::string error_of(std::vector<Dimension> dimensions) {
    const auto space = Space::create(std::move(dimensions));
    return space.ok() ? "" : space.error().message;
}

TEST(Space, UniformIsLinear) {
    const Space space = space_of({uniform("gap", 10, 30)});
    EXPECT_THAT(space.values({0.0}), ElementsAre(10));
    EXPECT_THAT(space.values({0.25}), ElementsAre(15));
}

// Mean 0 and range -2..2: deviation 1, cut off at two deviations. Tables: Φ(2) = 0.9772498681,
// Φ(1) = 0.8413447461.
TEST(Space, NormalHasItsQuantiles) {
    const Space space = space_of({normal("speed", 0, -2, 2)});
    EXPECT_NEAR(space.values({0.5})[0], 0.0, 1e-12);
    const double within = 2 * 0.9772498681 - 1;
    EXPECT_NEAR(space.values({(0.8413447461 - (1 - 0.9772498681)) / within})[0], 1.0, 1e-8);
    EXPECT_DOUBLE_EQ(space.values({0.0})[0], -2.0);
    EXPECT_LE(space.values({std::nextafter(1.0, 0.0)})[0], 2.0);
}

// Nominal at the lower end: half a normal. Its median is Φ^-1(0.5 + 0.5 (Φ(4) - 0.5)) deviations.
TEST(Space, NormalMayBeOneSided) {
    const Space space = space_of({normal("delay", 0, 0, 4)});
    EXPECT_NEAR(space.values({0.5})[0], 0.674440, 1e-6);
}

TEST(Space, ChoicesHaveTheirShares) {
    const Space space = space_of({choice("a", {1, 2, 3, 4}), choice("b", {7, 8}, {0.2, 0.8})});
    EXPECT_THAT(space.values({0.0, 0.199}), ElementsAre(1, 7));
    EXPECT_THAT(space.values({0.25, 0.201}), ElementsAre(2, 8));
    EXPECT_THAT(space.values({0.999, 0.999}), ElementsAre(4, 8));
}

TEST(Space, ThereAndBackAgain) {
    const Space space = space_of({uniform("a", -3, 5), normal("b", 1, 0, 4), normal("c", 0, 0, 1),
                                  choice("d", {3, 1, 2}, {0.5, 0.25, 0.25})});
    for (int i = 0; i < 100; ++i) {
        const double x = i / 100.0;
        const Point u = {x, std::fmod(x + 0.3, 1.0), std::fmod(x + 0.6, 1.0), x};
        const std::vector<double> values = space.values(u);
        const Point back = space.unit(values).value();
        for (std::size_t j = 0; j < 3; ++j) EXPECT_NEAR(back[j], u[j], 1e-12);
        // Exact for a choice, of which u is the middle of its share.
        const std::vector<double> again = space.values(back);
        for (std::size_t j = 0; j < 3; ++j) EXPECT_NEAR(again[j], values[j], 1e-11);
        EXPECT_EQ(again[3], values[3]);
    }
    EXPECT_DOUBLE_EQ(space.unit({-3, 1, 0, 1}).value()[3], 0.625);
    // The upper end of a range is in the half-open cube too.
    const Point last = space.unit({5, 4, 1, 2}).value();
    for (const double u : last) EXPECT_LT(u, 1.0);
}

TEST(Space, ValuesOfNoPointAreRefused) {
    const Space space = space_of({uniform("gap", 10, 30), choice("lanes", {1, 2})});
    EXPECT_THAT(space.unit({9, 1}).error().message, HasSubstr("'gap'"));
    EXPECT_THAT(space.unit({10, 1.5}).error().message, HasSubstr("'lanes'"));
    EXPECT_THAT(space.unit({std::numeric_limits<double>::quiet_NaN(), 1}).error().message,
                HasSubstr("'gap'"));
    EXPECT_THAT(space.unit({10}).error().message, HasSubstr("1 values for 2 parameters"));
}

TEST(Space, PlausibilityIsTheDensityOverTheLargest) {
    const Space space =
        space_of({uniform("a", 0, 1), normal("b", 0, -2, 2), choice("c", {7, 8}, {0.2, 0.8})});
    EXPECT_NEAR(space.plausibility(space.unit({0.9, 0, 8}).value()), 1.0, 1e-12);
    EXPECT_NEAR(space.plausibility(space.unit({0.9, 1, 8}).value()), std::exp(-0.5), 1e-12);
    EXPECT_NEAR(space.plausibility(space.unit({0.9, -2, 7}).value()), 0.25 * std::exp(-2.0), 1e-12);
}

TEST(Space, BadSpacesAreRefused) {
    const double infinity = std::numeric_limits<double>::infinity();
    const double nan = std::numeric_limits<double>::quiet_NaN();
    EXPECT_THAT(error_of({}), HasSubstr("no parameters"));
    EXPECT_THAT(error_of({uniform("", 0, 1)}), HasSubstr("no name"));
    EXPECT_THAT(error_of({uniform("a", 0, 1), uniform("a", 0, 1)}), HasSubstr("'a' comes twice"));
    EXPECT_THAT(error_of({uniform("a", 1, 1)}), HasSubstr("low below high"));
    EXPECT_THAT(error_of({uniform("a", 2, 1)}), HasSubstr("low below high"));
    EXPECT_THAT(error_of({normal("a", 0, -infinity, 1)}), HasSubstr("range of parameter 'a'"));
    EXPECT_THAT(error_of({normal("a", nan, 0, 1)}), HasSubstr("not finite"));
    EXPECT_THAT(error_of({normal("a", 3, 0, 1)}), HasSubstr("outside its range 0 to 1"));
    EXPECT_THAT(error_of({choice("a", {})}), HasSubstr("no choices"));
    EXPECT_THAT(error_of({choice("a", {1, 1})}), HasSubstr("the choice 1 twice"));
    EXPECT_THAT(error_of({choice("a", {1, nan})}), HasSubstr("not finite"));
    EXPECT_THAT(error_of({choice("a", {1, 2}, {1})}), HasSubstr("1 weights for 2 choices"));
    EXPECT_THAT(error_of({choice("a", {1, 2}, {0.5, 0.4})}), HasSubstr("add up to 0.9"));
    EXPECT_THAT(error_of({choice("a", {1, 2}, {1.5, -0.5})}), HasSubstr("not positive"));
    Dimension other = choice("a", {1, 2});
    other.nominal = 3;
    EXPECT_THAT(error_of({other}), HasSubstr("not among its choices"));
}

}  // namespace
}  // namespace huntsman::bridge::mine
