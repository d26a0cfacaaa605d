// Situations in the closed loop: who does not react fails, and who is careful passes.
//
// HUNTSMAN_SITUATION_TOWNS="A B" takes the towns of seeds A to B, HUNTSMAN_SITUATION=NAME one
// situation, HUNTSMAN_SITUATION_TABLE=1 prints the table of docs/situations.md.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <sstream>

#include "bridge/loop/session.h"
#include "bridge/run/assets.h"
#include "bridge/run/driver_spec.h"
#include "scenarios/model/story_world.h"
#include "scenarios/situations/situation.h"
#include "tests/bridge/loop/options.h"

namespace huntsman::bridge::loop {
namespace {

using scenarios::model::BuiltScenario;

struct Tally {
    int towns = 0, placed = 0, critical = 0, avoidable = 0, avoided = 0;
    std::string refusal;  // of the last town that has no place
};

const char* text_of(const char* variable, const char* otherwise) {
    const char* given = std::getenv(variable);
    return given != nullptr ? given : otherwise;
}

bool passes(Resources& resources, const RunOptions& options, const BuiltScenario& scenario,
            const char* name) {
    RunOptions own = options;
    own.driver = name;
    auto driver = run::make_driver(own);
    EXPECT_TRUE(driver) << driver.error().text();
    auto session =
        Session::create(resources, own, {.driver = std::move(*driver), .world = scenario});
    EXPECT_TRUE(session) << session.error().text();
    if (!session) return false;
    while (!(*session)->ended()) EXPECT_TRUE((*session)->step());
    const auto result = (*session)->finish();
    EXPECT_TRUE(result && result->valid) << options.scenario.name;
    if (std::getenv("HUNTSMAN_SITUATION_VERBOSE") != nullptr && !result->verdict.passed) {
        std::printf("  %s, town %llu, %s: %s\n", options.scenario.name.c_str(),
                    static_cast<unsigned long long>(options.scenario.town.seed), name,
                    result->verdict.first_failure()->reason.c_str());
    }
    return result->verdict.passed;
}

// One town, all situations.
void survey(std::uint64_t seed, const std::vector<std::string>& names,
            std::map<std::string, Tally>& tallies) {
    RunOptions options = test_options("constant", 60);
    options.scenario.town.seed = seed;
    options.scenario.town.vehicles = 0;
    options.scenario.town.pedestrians = 0;
    options.scenario.town.parked_share = 0;
    const auto town = build_world(options);
    ASSERT_TRUE(town) << town.error().text();
    Resources resources(1);
    scenarios::model::Sites sites(town->world.road_model);
    for (const std::string& name : names) {
        Tally& tally = tallies[name];
        ++tally.towns;
        options.scenario.name = name;
        options.scenario.story.situation = name;
        BuiltScenario scenario{town->world, std::nullopt};
        auto story = scenarios::model::place_situation(options.scenario, sites, scenario.world);
        if (!story) {
            tally.refusal = story.error().text();
            continue;
        }
        const auto added = scenarios::model::add_story(*story, scenario.world);
        EXPECT_TRUE(added) << name << ", town " << seed << ": " << added.error().text();
        if (!added) continue;
        scenario.story = std::move(*story);
        ++tally.placed;
        if (!passes(resources, options, scenario, "constant")) ++tally.critical;
        const bool avoidable = passes(resources, options, scenario, "r157");
        if (avoidable) ++tally.avoidable;
        if (avoidable && passes(resources, options, scenario, "oracle")) ++tally.avoided;
    }
}

TEST(SituationSurvey, TheCarelessFailAndTheCarefulPass) {
    std::istringstream range(text_of("HUNTSMAN_SITUATION_TOWNS", "3 3"));
    std::uint64_t first = 0, last = 0;
    ASSERT_TRUE(range >> first >> last);
    std::vector<std::string> names = scenarios::situations::shipped();
    const std::string one = text_of("HUNTSMAN_SITUATION", "");
    if (!one.empty()) names = {one};
    std::map<std::string, Tally> tallies;
    for (std::uint64_t seed = first; seed <= last; ++seed) survey(seed, names, tallies);

    Tally all;
    for (const auto& [name, t] : tallies) {
        all.placed += t.placed;
        all.critical += t.critical;
        all.avoidable += t.avoidable;
        all.avoided += t.avoided;
        if (std::getenv("HUNTSMAN_SITUATION_TABLE") == nullptr) continue;
        std::printf("| %s | %d of %d | %d | %d | %d |%s\n", name.c_str(), t.placed, t.towns,
                    t.critical, t.avoidable, t.avoided,
                    t.placed == 0 ? (" " + t.refusal).c_str() : "");
    }
    std::printf("placed %d, critical %d, avoidable %d, the oracle avoids %d\n", all.placed,
                all.critical, all.avoidable, all.avoided);
    EXPECT_GE(all.placed, static_cast<int>(names.size()) / 3);
    EXPECT_GE(all.critical, 0.85 * all.placed);
    EXPECT_GE(all.avoided, 0.85 * all.avoidable);
}

}  // namespace
}  // namespace huntsman::bridge::loop
