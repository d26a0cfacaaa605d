// Towns of a few seeds, made once for all tests of the program.
#pragma once

#include <gtest/gtest.h>

#include <map>

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

}  // namespace huntsman::scenarios::town
