#include "apps/huntsman/bench_agents.h"

#include <time.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "agents/profiles/profile.h"
#include "agents/traffic/traffic.h"
#include "apps/huntsman/bench_town.h"
#include "engine/physics/physics.h"
#include "engine/road/signals.h"

namespace huntsman::apps {

using engine::core::Result;
using nlohmann::ordered_json;

namespace {

namespace world = engine::world;

// Of this thread: what others do on the machine does not count.
double processor_s() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// Road users of a town and all that moves them.
class Bench {
  public:
    // The town must outlive it.
    static Result<std::unique_ptr<Bench>> create(const world::World& town) {
        HM_TAKE(auto cast, agents::profiles::load_cast(town.minds));
        auto bench = std::unique_ptr<Bench>(new Bench(town, std::move(cast)));
        HM_TAKE(bench->physics_,
                engine::physics::Physics::create(bench->town_, bench->map_, bench->state_));
        return bench;
    }

    struct Times {
        double think_ms = 0, move_ms = 0;  // of a think tick and of a physics step, means
    };
    Times drive(double time_s) {
        using agents::traffic::Traffic;
        double think_s = 0, move_s = 0;
        int thinks = 0, moves = 0;
        const auto until_us = state_.time_us + engine::core::from_seconds(time_s);
        while (state_.time_us < until_us) {
            if (state_.time_us % Traffic::kThinkPeriod_us == 0) {
                engine::road::signal_aspects(town_.roads, state_.time_us, state_.signals);
                const double start = processor_s();
                traffic_.think(state_);
                think_s += processor_s() - start;
                ++thinks;
            }
            if (state_.time_us % Traffic::kActPeriod_us == 0) traffic_.act(state_);
            const double start = processor_s();
            physics_->step(state_);
            move_s += processor_s() - start;
            ++moves;
            state_.time_us += engine::core::kTick_us;
            ++state_.tick;
        }
        return {1e3 * think_s / thinks, 1e3 * move_s / moves};
    }

  private:
    Bench(const world::World& town, agents::profiles::Cast cast)
        : town_(town),
          map_(town_),
          traffic_(town_, map_, std::move(cast), {.drive_ego = true}),
          state_(world::initial_state(town_)) {}

    const world::World& town_;
    const engine::road::RoadMap map_;
    agents::traffic::Traffic traffic_;
    std::unique_ptr<engine::physics::Physics> physics_;
    world::State state_;
};

}  // namespace

Result<ordered_json> bench_agents(std::span<const int> counts, int repeats) {
    constexpr double kWarmUp_s = 3, kPiece_s = 1;
    HM_TAKE(world::World town, bench_town());
    ordered_json rows = ordered_json::array();
    for (const int agents : counts) {
        HM_TRY(place_agents(town, agents));
        HM_TAKE(const auto bench, Bench::create(town));
        bench->drive(kWarmUp_s);
        std::vector<double> think_ms, move_ms;
        for (int r = 0; r < repeats; ++r) {
            const auto times = bench->drive(kPiece_s);
            think_ms.push_back(times.think_ms);
            move_ms.push_back(times.move_ms);
        }
        std::ranges::sort(think_ms);
        std::ranges::sort(move_ms);
        rows.push_back({{"agents", agents},
                        {"think_ms", think_ms.front()},
                        {"move_ms", move_ms.front()},
                        {"think_median_ms", think_ms[think_ms.size() / 2]},
                        {"move_median_ms", move_ms[move_ms.size() / 2]}});
    }
    return rows;
}

}  // namespace huntsman::apps
