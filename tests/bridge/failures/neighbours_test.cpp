// Neighbours are near, varied and repeatable; uncertainty is that of scores.
#include "bridge/failures/neighbours.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "bridge/failures/pictures.h"
#include "bridge/failures/uncertainty.h"
#include "bridge/run/settings.h"
#include "scenarios/situations/situation.h"

namespace huntsman::bridge::failures {
namespace {

loop::RunOptions failing() {
    const auto options = run::to_options(
        {.scenario = "cpnco", .driver = "constant", .seed = 2001, .no_images = true});
    EXPECT_TRUE(options) << options.error().text();
    return *options;
}

Surroundings around() {
    const auto sky = default_sky();
    EXPECT_TRUE(sky) << sky.error().text();
    return {.sky = *sky, .towns = {2001, 2002, 2003}};
}

TEST(Neighbours, NumberNoneIsTheRunItself) {
    const auto none = neighbour(failing(), "key", 0, around());
    ASSERT_TRUE(none) << none.error().text();
    EXPECT_EQ(to_json(none->options), to_json(failing()));
    EXPECT_EQ(none->varied, "");
}

TEST(Neighbours, StayWithinFivePercentAndVaryTheRest) {
    const auto situation = scenarios::situations::load("cpnco");
    ASSERT_TRUE(situation);
    std::set<std::uint64_t> towns;
    std::set<std::string> lights, weathers, all;
    int with_traffic = 0;
    constexpr int kMany = 60;
    for (int n = 1; n <= kMany; ++n) {
        const auto one = neighbour(failing(), "key", static_cast<std::uint64_t>(n), around());
        ASSERT_TRUE(one) << one.error().text();
        const auto& scenario = one->options.scenario;
        for (const auto& p : situation->parameters) {
            const double value = std::stod(scenario.story.parameters.at(p.name));
            EXPECT_LE(std::abs(value - p.nominal), 0.0501 * (p.high - p.low)) << p.name;
        }
        towns.insert(scenario.town.seed);
        with_traffic += scenario.town.vehicles > 0;
        lights.insert(std::get<std::string>(one->drawn.at("light")));
        weathers.insert(std::get<std::string>(one->drawn.at("weather")));
        all.insert(to_json(one->options));
    }
    EXPECT_EQ(towns, (std::set<std::uint64_t>{2001, 2002, 2003}));
    EXPECT_GE(lights.size(), 3U);
    EXPECT_GE(weathers.size(), 4U);
    // Half of 60, within four standard deviations.
    EXPECT_NEAR(with_traffic, 30, 16);
    EXPECT_EQ(all.size(), static_cast<std::size_t>(kMany));
}

TEST(Neighbours, DependOnKeyAndNumberAlone) {
    const auto text = [](const auto& draw, const char* key, std::uint64_t number) {
        const auto one = draw(failing(), key, number, around());
        return one ? to_json(one->options) : one.error().text();
    };
    EXPECT_EQ(text(neighbour, "key", 3), text(neighbour, "key", 3));
    EXPECT_NE(text(neighbour, "key", 3), text(neighbour, "key", 4));
    EXPECT_NE(text(neighbour, "key", 3), text(neighbour, "other", 3));
    EXPECT_EQ(text(random_run, "key", 3), text(random_run, "key", 3));
    EXPECT_NE(text(random_run, "key", 3), text(neighbour, "key", 3));
}

TEST(Uncertainty, IsLargestAtTheScoreFromWhichDriversAct) {
    score::PerceptionJudge::Samples samples;
    samples.frames = 4;
    samples.classes[0].detections = {{0, {1, 1}, 1.0}, {1, {1, 1}, 0.65}, {2, {1, 1}, 0.15}};
    samples.classes[1].detections = {{0, {5, 5}, 0.3}};
    const auto frames = uncertainty_of_frames(samples);
    ASSERT_EQ(frames.size(), 4U);
    EXPECT_NEAR(frames[0], 1, 1e-12) << "the least sure detection counts";
    EXPECT_NEAR(frames[1], 0.5, 1e-12);
    EXPECT_NEAR(frames[2], 0.5, 1e-12);
    EXPECT_EQ(frames[3], 0);
}

TEST(Uncertainty, WithoutScoresItSaysSo) {
    const auto none = most_uncertain({}, 3, 8, 0.5);
    ASSERT_FALSE(none);
    EXPECT_NE(none.error().message.find("cannot be had"), std::string::npos);
}

}  // namespace
}  // namespace huntsman::bridge::failures
