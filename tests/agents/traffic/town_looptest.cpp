#include <gtest/gtest.h>

#include <cstdlib>

#include "engine/core/hash.h"
#include "tests/agents/traffic/town_run.h"

namespace huntsman::agents::traffic {
namespace {

std::string list(const std::set<std::string>& lines) {
    std::string out;
    for (const auto& line : lines) out += "\n    " + line;
    return out;
}

void expect_healthy(const TownRun& run) {
    EXPECT_TRUE(run.collisions.empty()) << list(run.collisions);
    EXPECT_TRUE(run.stuck.empty()) << list(run.stuck);
    EXPECT_TRUE(run.off_road.empty()) << list(run.off_road);
    // The profile of people has it that two in a hundred do not wait for green.
    EXPECT_LE(run.red.size(), 1U) << list(run.red);
    EXPECT_GT(run.mean_speed_mps, 3.0);
    EXPECT_LT(run.longest_stand_s, 60.0);  // a whole cycle of signals
}

class Town : public testing::TestWithParam<int> {};

TEST_P(Town, MinuteOfTrafficWithADrivenEgoIsHealthyAndRepeatable) {
    const auto seed = static_cast<std::uint64_t>(GetParam());
    auto first = run_town(seed, 60.0, 20, 20, true);
    ASSERT_TRUE(first.ok()) << first.error().text();
    expect_healthy(*first);
    EXPECT_GT(first->crossings_begun, 0);
    auto second = run_town(seed, 60.0, 20, 20, true);
    ASSERT_TRUE(second.ok());
    EXPECT_EQ(first->state_hash, second->state_hash);
}

TEST_P(Town, TrafficQueuesBehindAnEgoThatNeverMoves) {
    auto run = run_town(static_cast<std::uint64_t>(GetParam()), 60.0, 20, 20, false);
    ASSERT_TRUE(run.ok()) << run.error().text();
    EXPECT_TRUE(run->collisions.empty()) << list(run->collisions);
    EXPECT_TRUE(run->off_road.empty()) << list(run->off_road);
}

INSTANTIATE_TEST_SUITE_P(Seeds, Town, testing::Values(1, 2, 3));

// HUNTSMAN_TOWNS="first last seconds vehicles people" prints a table instead of testing.
TEST(TownSurvey, PrintsATableWhenAsked) {
    const char* text = std::getenv("HUNTSMAN_TOWNS");
    if (text == nullptr) GTEST_SKIP() << "set HUNTSMAN_TOWNS to survey";
    int first = 1, last = 3, seconds = 60, vehicles = 20, people = 20;
    ASSERT_GE(std::sscanf(text, "%d %d %d %d %d", &first, &last, &seconds, &vehicles, &people), 2);
    for (int seed = first; seed <= last; ++seed) {
        auto run = run_town(static_cast<std::uint64_t>(seed), seconds, vehicles, people, true);
        ASSERT_TRUE(run.ok()) << run.error().text();
        fmt::print(
            "seed {:3d} v {:5.2f} walk {:4.2f} laps {:4d} crossings {:3d} wait {:5.1f} and {:5.1f} "
            "s  {:6.1f}x "
            "think {:.1f} act {:.1f} move {:.1f} all {:.1f} us/tick objects {} hash {}\n",
            seed, run->mean_speed_mps, run->mean_walk_mps, run->laps, run->crossings_begun,
            run->longest_wait_s, run->longest_stand_s, run->simulated_s / run->wall_s,
            run->phase_seconds[0] / seconds * 5e3, run->phase_seconds[1] / seconds * 5e3,
            run->phase_seconds[2] / seconds * 5e3, run->wall_s / seconds * 5e3,
            run->world.objects.size(), engine::core::hex(run->state_hash));
        const auto show = [](const char* what, const std::set<std::string>& lines) {
            if (!lines.empty()) fmt::print("  {}:{}\n", what, list(lines));
        };
        show("collisions", run->collisions);
        show("stuck", run->stuck);
        show("off road", run->off_road);
        show("red", run->red);
        std::fflush(stdout);
    }
}

}  // namespace
}  // namespace huntsman::agents::traffic
