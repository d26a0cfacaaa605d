// Phases keep to the parts of the state that they say they write.
#include <gtest/gtest.h>

#include "bridge/loop/assembly.h"
#include "bridge/loop/resources.h"
#include "bridge/run/assets.h"
#include "tests/bridge/loop/options.h"

namespace huntsman::bridge::loop {
namespace {

// Runs a world with its phases checked; the parts that they may write.
engine::world::StateParts run_checked(const RunOptions& options, Hooks hooks, double time_s) {
    auto built = build_world(options);
    EXPECT_TRUE(built) << built.error().text();
    if (!built) return 0;
    const auto assembly = Assembly::create(std::move(*built), std::move(hooks));
    EXPECT_TRUE(assembly) << assembly.error().text();
    if (!assembly) return 0;
    auto& simulation = *(*assembly)->simulation;
    simulation.check_parts();
    while (simulation.state().time_us < engine::core::from_seconds(time_s)) {
        const auto status = simulation.tick();
        EXPECT_TRUE(status) << status.error().text();
        if (!status) break;
    }
    return simulation.parts();
}

TEST(PhaseParts, ATownKeepsToThem) {
    run_checked(town_options("none", 0), {.traffic_drives_ego = true, .endless = true}, 10);
}

TEST(PhaseParts, AStoryKeepsToThemAndEveryPartIsOfAPhase) {
    for (const bool physical : {false, true}) {
        RunOptions options = test_options("scripted", 0);
        auto scenario = run::find_scenario("cpnco");
        ASSERT_TRUE(scenario) << scenario.error().text();
        options.scenario = std::move(*scenario);
        options.scenario.town.seed = 1;
        options.scenario.town.vehicles = 5;
        options.scenario.town.pedestrians = 5;
        const auto parts =
            run_checked(options, {.ego = Hooks::Scripted::kAlways, .physical = physical}, 10);
        EXPECT_EQ(parts | engine::world::kClock, engine::world::kWholeState);
    }
}

}  // namespace
}  // namespace huntsman::bridge::loop
