#include "apps/huntsman/bench_senses.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "agents/senses/senses.h"
#include "engine/core/random.h"
#include "engine/core/wall_time.h"
#include "engine/road/lane_curve.h"
#include "scenarios/town/town.h"

namespace huntsman::apps {

using engine::core::Error;
using engine::core::Key;
using engine::core::Result;
using engine::core::WallClock;
using engine::math::Vec2;
using nlohmann::ordered_json;

namespace {

namespace math = engine::math;
namespace world = engine::world;

constexpr std::uint64_t kTownSeed = 1001;
constexpr double kTownSize_m = 1500;
constexpr int kTicks = 20;
// 60 agents within 150 m of the middle, as they live around an ego; more at the same density.
double disc_radius_m(int agents) { return 150 * std::sqrt(agents / 60.0); }

// A place for an agent: on a lane or walkway, at the drawn share of its length.
world::ActorState on_lane(const world::Lane& lane, double share, std::uint32_t archetype) {
    world::ActorState actor;
    const auto q = engine::road::lane_at(lane, share * lane.length_m);
    actor.archetype = archetype;
    actor.X_WB = math::upright(q.p, q.heading_rad);
    actor.v_W = math::Vec3(8.0 * math::direction(q.heading_rad), 0);
    return actor;
}
world::ActorState on_walkway(const world::Walkway& walkway, double share, std::uint32_t archetype) {
    world::ActorState actor;
    const std::size_t last = walkway.points.size() - 1;
    const auto piece =
        std::min(static_cast<std::size_t>(share * static_cast<double>(last)), last - 1);
    const math::Vec3 a = walkway.points[piece], b = walkway.points[piece + 1];
    const double along = share * static_cast<double>(last) - static_cast<double>(piece);
    actor.archetype = archetype;
    actor.X_WB = math::upright(a + along * (b - a), std::atan2(b.y - a.y, b.x - a.x));
    actor.v_W = 1.3 * glm::normalize(b - a);
    return actor;
}

// Agents at drawn places within the disc around the town's middle.
Result<world::State> populate(const world::World& town, int agents) {
    std::uint32_t vehicle = world::kNone, person = world::kNone;
    for (std::uint32_t i = 0; i < town.archetypes.size(); ++i) {
        const world::Semantic semantic = town.archetypes[i].semantic;
        if (vehicle == world::kNone && semantic == world::Semantic::kCar) vehicle = i;
        if (person == world::kNone && semantic == world::Semantic::kPedestrian) person = i;
    }
    world::State state;
    const Key key = Key(kTownSeed).with("bench senses");
    constexpr std::uint64_t kMostDraws = 1'000'000;
    for (std::uint64_t draw = 0; std::ssize(state.actors) < agents; ++draw) {
        if (draw == kMostDraws) {
            return Error{.message = "the town has no room for the agents of bench senses"};
        }
        const Key own = key.with(draw);
        const bool drives = state.actors.size() % 2 == 0;
        world::ActorState actor;
        if (drives) {
            const auto& lane = town.roads.lanes[own.index(town.roads.lanes.size(), 0)];
            if (lane.kind != world::LaneKind::kDriving) continue;
            actor = on_lane(lane, own.uniform(1), vehicle);
        } else {
            const auto& way = town.roads.walkways[own.index(town.roads.walkways.size(), 0)];
            if (way.points.size() < 2) continue;
            actor = on_walkway(way, own.uniform(1), person);
        }
        if (glm::length(math::xy(actor.X_WB.p)) > disc_radius_m(agents)) continue;
        actor.id = static_cast<world::ActorId>(state.actors.size() + 2);
        state.actors.push_back(actor);
    }
    return state;
}

}  // namespace

Result<ordered_json> bench_senses(int repeats) {
    scenarios::town::TownParameters parameters;
    parameters.seed = kTownSeed;
    parameters.size_m = kTownSize_m;
    parameters.vehicles = 0;
    parameters.pedestrians = 0;
    HM_TAKE(const world::World town, scenarios::town::generate(parameters));
    ordered_json rows = ordered_json::array();
    for (const int agents : {60, 125, 250, 500}) {
        HM_TAKE(world::State state, populate(town, agents));
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
