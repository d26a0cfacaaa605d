#include "apps/huntsman/bench_senses.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "agents/senses/senses.h"
#include "apps/huntsman/bench_town.h"
#include "engine/core/wall_time.h"

namespace huntsman::apps {

using engine::core::Result;
using engine::core::WallClock;
using nlohmann::ordered_json;

namespace world = engine::world;

Result<ordered_json> bench_senses(std::span<const int> counts, int repeats) {
    constexpr int kTicks = 20;
    HM_TAKE(world::World town, bench_town());
    ordered_json rows = ordered_json::array();
    for (const int agents : counts) {
        HM_TRY(place_agents(town, agents));
        world::State state = world::initial_state(town);
        agents::senses::Senses senses(town);
        auto scratch = senses.scratch();
        std::vector<agents::senses::Sighting> seen;
        std::vector<double> ms;
        std::size_t neighbours = 0, detections = 0;
        for (int r = 0; r < repeats; ++r) {
            neighbours = detections = 0;
            const auto start = WallClock::now();
            for (state.tick = 0; state.tick < kTicks; ++state.tick) {
                senses.begin(state);
                for (const world::ActorState& actor : state.actors) {
                    senses.look(actor.id, {.yaw_rad = actor.X_WB.yaw_rad()}, scratch, seen);
                    neighbours += scratch.neighbours().size();
                    detections += seen.size();
                }
            }
            ms.push_back(1e3 * engine::core::seconds_since(start) / kTicks);
        }
        std::ranges::sort(ms);
        const double looks = static_cast<double>(agents) * kTicks;
        rows.push_back({{"agents", agents},
                        {"think_min_ms", ms.front()},
                        {"think_median_ms", ms[ms.size() / 2]},
                        {"neighbours", static_cast<double>(neighbours) / looks},
                        {"detections", static_cast<double>(detections) / looks},
                        {"hiding_boxes", senses.map().boxes()}});
    }
    return rows;
}

}  // namespace huntsman::apps
