// Worlds of a few seeds, made once for all tests of the file.
#pragma once

#include <gtest/gtest.h>

#include <map>

#include "scenarios/town/town.h"

namespace huntsman::scenarios::town {

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

// Enough to meet all kinds of junctions, weather and weather-worn corner cases of the layout.
constexpr std::uint64_t kSeeds[] = {1, 2, 3, 4, 5, 6, 7, 8, 42, 1000003};

}  // namespace huntsman::scenarios::town
