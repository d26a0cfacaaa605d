// The options that a recording keeps.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "bridge/loop/options_fields.h"
#include "engine/core/assets.h"
#include "engine/core/describe_compare.h"
#include "scenarios/catalogue/catalogue.h"
#include "scenarios/model/scenario_fields.h"

namespace huntsman::bridge::loop {
namespace {

using engine::core::first_difference;
using engine::world::Environment;

RunOptions some_options() {
    RunOptions options;
    options.scenario.name = "wet";
    options.scenario.town.seed = 77;
    options.scenario.town.density = 0.25;
    options.scenario.environment.set(&Environment::wetness, 0.5);
    options.scenario.weather.states = {{.time_s = 1, .rain_mm_h = 3}, {.time_s = 9}};
    options.driver = "oracle";
    options.rig = engine::core::assets_folder() / "rigs" / "stereo_pair.json";
    options.width = 128;
    options.height = 96;
    options.quality = engine::render::Quality::kHigh;
    options.latency = ConstantLatency{30};
    options.images = false;
    options.endless = true;
    return options;
}

// The first field in which options differ that a recording keeps.
std::string difference(const RunOptions& a, const RunOptions& b) {
    std::string found;
    engine::core::for_each_field<RunOptions>([&](const char* name, auto member,
                                                 const engine::core::About& about) {
        if constexpr (!std::is_same_v<decltype(member), scenarios::model::Scenario RunOptions::*>) {
            if (about.in_files && a.*member != b.*member && found.empty()) found = name;
        }
    });
    return found;
}

TEST(RunOptionsJson, IsReadBackToTheSameOptions) {
    const RunOptions options = some_options();
    const auto again = options_from_json(to_json(options), "the test");
    ASSERT_TRUE(again.ok()) << again.error().text();
    EXPECT_EQ(difference(*again, options), "");
    EXPECT_EQ(first_difference(again->scenario.town, options.scenario.town), "");
    EXPECT_EQ(first_difference(again->scenario.weather, options.scenario.weather), "");
    EXPECT_EQ(*again->scenario.environment.get(&Environment::wetness), 0.5);
    EXPECT_EQ(again->scenario.environment.get(&Environment::friction), nullptr);
    EXPECT_EQ(to_json(*again), to_json(options));
}

TEST(RunOptionsJson, NamesWhatIsWrongAndFilesThatAreOtherOnes) {
    const auto refused = [](auto change, const std::string& words) {
        auto json = nlohmann::ordered_json::parse(to_json(some_options()));
        change(json);
        const auto options = options_from_json(json.dump(1), "the test");
        ASSERT_FALSE(options.ok()) << words;
        EXPECT_NE(options.error().text().find(words), std::string::npos) << options.error().text();
    };
    refused([](auto& json) { json["speed"] = 1; }, "speed is not known here");
    refused([](auto& json) { json["width"] = 8; }, "width is 8, expected a whole number from 16");
    refused([](auto& json) { json["quality"] = "best"; }, "quality is best, expected one of fast");
    refused([](auto& json) { json.erase("driver"); }, "driver is missing");
    refused([](auto& json) { json["scenario"]["town"]["density"] = 2; },
            "scenario.town.density is 2, expected a number from 0 to 1");
    refused([](auto& json) { json["rig_hash"] = "0"; }, "is not the rig of the recording");
    refused([](auto& json) { json["actors_hash"] = "0"; }, "another actors_hash");
    // Recordings of before.
    auto json = nlohmann::ordered_json::parse(to_json(some_options()));
    json.erase("actors_hash");
    EXPECT_TRUE(options_from_json(json.dump(1), "the test").ok());
}

}  // namespace
}  // namespace huntsman::bridge::loop
