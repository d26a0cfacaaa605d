// Where people on foot go: nodes of the walkways that draw them, and the shortest ways there.
// Computed once.
#pragma once

#include <vector>

#include "engine/core/random.h"
#include "engine/road/road_map.h"
#include "engine/world/world.h"

namespace huntsman::agents::conduct {

class WalkBook {
  public:
    WalkBook() = default;  // no goals
    WalkBook(const engine::world::World& world, const engine::road::RoadMap& map);

    // A goal for somebody at a node who came there along a walkway: at least some way off and
    // without turning back where there is one, by what draws people to it. kNone where no way leads
    // to any.
    std::uint32_t draw_goal(std::uint32_t node, engine::world::WalkwayId came_along,
                            const engine::core::Key& key, std::uint32_t draw) const;

    // The first walkway of the shortest way to a goal; kNone where none is known.
    engine::world::WalkwayId next(std::uint32_t node, std::uint32_t goal) const;

    static constexpr double kFarthest_m = 600;  // to a goal
    static constexpr double kNearest_m = 50;    // unless there is none beyond

  private:
    struct Lead {
        std::uint32_t goal = 0;
        engine::world::WalkwayId walkway = 0;  // the first one
        double distance_m = 0, weight = 0;
    };
    void find_ways(const engine::world::RoadNetwork& roads, std::uint32_t goal, double weight);

    std::vector<std::vector<Lead>> leads_;  // by node, sorted by goal
};

}  // namespace huntsman::agents::conduct
