// The ego's route, other vehicles on the lanes, people on the pavements: on any road network.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "engine/core/random.h"
#include "engine/core/result.h"
#include "engine/math/geometry.h"
#include "engine/world/world.h"
#include "scenarios/catalogue/catalogue.h"
#include "scenarios/journey/way.h"

namespace huntsman::scenarios::journey {

struct JourneyParameters {
    int vehicles = 20;     // driving, without the ego; as many as find room
    double route_m = 900;  // wanted length of the ego's route; shorter where the roads end
    Way way;               // as far as it is given
    engine::math::Vec2 origin_W{0, 0};  // of the map's coordinates
    // Boxes of things that stand on lanes, and the heights of their feet: nobody starts there.
    std::vector<std::pair<engine::math::Box2, double>> obstacles = {};
};

// Adds the route, the ego and the other vehicles to a world that has roads and archetypes (those of
// the catalogue). The route is the best of many walks over successors and lane changes: near the
// wanted length, with turns and lights, over no lane twice where that can be. It ends before the
// road does, and before the queue that forms where lanes end at the map's edge. Half of all others
// start within 200 m of it; on fast roads they are on the way already. Nobody starts on lanes whose
// banks ask for more grip than tyres have to spare. Poses lie on the surface, whatever its slope.
// Errors: a network with no lane to start on, a place of the way that is not on a driven lane, no
// way between two places.
engine::core::Status add_journey(const JourneyParameters& parameters,
                                 const catalogue::Catalogue& catalogue,
                                 const engine::core::Key& key, engine::world::World& world);

// Adds people to a world that has its ego and all that stands about: where the ego can meet them
// and most where a place draws them (engine/road/foot_places.h), off the road, apart from each
// other and clear of things. On maps without pavements nobody walks. Without a count 60 people, or
// as many as the walkways hold; an error says how many that are where a count is larger.
engine::core::Status add_people(std::optional<int> count, const catalogue::Catalogue& catalogue,
                                const engine::core::Key& key, engine::world::World& world);

// Lengthens the ego's route by about `more_m` with the search's next walk, the `count`-th of the
// run; false where the roads end at its goal.
bool extend_route(double more_m, std::uint64_t count, engine::world::World& world);

}  // namespace huntsman::scenarios::journey
