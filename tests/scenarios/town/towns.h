// Towns of a few seeds, made once for all tests of the program.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

#include "scenarios/opendrive/opendrive.h"
#include "scenarios/town/town.h"

namespace huntsman::scenarios::town {

// Enough to meet all kinds of junctions, weather and crooked corners of the layout.
constexpr std::uint64_t kSeeds[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 42, 1000003};

// The town of a seed, all its style drawn.
inline const engine::world::World& town(std::uint64_t seed) {
    static std::map<std::uint64_t, engine::world::World> made;
    auto at = made.find(seed);
    if (at == made.end()) {
        TownParameters parameters;
        parameters.seed = seed;
        auto world = generate(parameters);
        EXPECT_TRUE(world.ok()) << world.error().text();
        at = made.emplace(seed, std::move(*world)).first;
    }
    return at->second;
}

// The roads alone of a town of chosen character.
template <typename Choose>
engine::world::RoadModel roads_of(std::uint64_t seed, Choose choose) {
    TownParameters parameters;
    parameters.seed = seed;
    choose(parameters);
    auto model = generate_roads(parameters);
    EXPECT_TRUE(model.ok()) << model.error().text();
    return model.ok() ? std::move(*model) : engine::world::RoadModel{};
}

inline void expect_clean(const std::vector<opendrive::Finding>& findings, std::uint64_t seed) {
    for (const opendrive::Finding& f : findings) {
        EXPECT_EQ(f.severity, opendrive::Severity::kNote)
            << "seed " << seed << ": " << f.rule << ' ' << f.message;
    }
}

// All lanes of a model, and all objects of a type, with their road.
template <typename Use>
void each_lane(const engine::world::RoadModel& model, Use use) {
    for (std::uint32_t r = 0; r < model.roads.size(); ++r) {
        for (const engine::world::LaneSection& section : model.roads[r].sections) {
            for (const engine::world::ModelLane& lane : section.lanes) use(model.roads[r], r, lane);
        }
    }
}
template <typename Use>
void each_object(const engine::world::RoadModel& model, const char* type, Use use) {
    for (std::uint32_t r = 0; r < model.roads.size(); ++r) {
        for (const engine::world::ModelObject& object : model.roads[r].objects) {
            if (object.type == type) use(model.roads[r], r, object);
        }
    }
}
inline int roads_named(const engine::world::RoadModel& model, const std::string& name) {
    return static_cast<int>(
        std::count_if(model.roads.begin(), model.roads.end(),
                      [&](const engine::world::Road& r) { return r.name == name; }));
}

}  // namespace huntsman::scenarios::town
