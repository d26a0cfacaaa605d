#include "apps/huntsman/bench_town.h"

#include <algorithm>
#include <cmath>

#include "engine/core/random.h"
#include "engine/road/lane_curve.h"
#include "scenarios/town/town.h"

namespace huntsman::apps {

using engine::core::Error;
using engine::core::Key;
using engine::core::Result;
using engine::core::Status;

namespace {

namespace math = engine::math;
namespace world = engine::world;

constexpr std::uint64_t kTownSeed = 1001;
constexpr double kTownSize_m = 1500;
constexpr double kDriving_mps = 8.0, kWalking_mps = 1.3;

double disc_radius_m(int agents) { return 150 * std::sqrt(agents / 60.0); }

// At a share of the length of a lane or walkway.
world::Spawn on_lane(const world::Lane& lane, double share, std::uint32_t archetype) {
    const auto q = engine::road::lane_at(lane, share * lane.length_m);
    return {.archetype = archetype,
            .X_WB = math::upright(q.p, q.heading_rad),
            .speed_mps = kDriving_mps,
            .lane = lane.id,
            .lane_s_m = share * lane.length_m};
}
world::Spawn on_walkway(const world::Walkway& walkway, double share, std::uint32_t archetype) {
    const std::size_t last = walkway.points.size() - 1;
    const auto piece =
        std::min(static_cast<std::size_t>(share * static_cast<double>(last)), last - 1);
    const math::Vec3 a = walkway.points[piece], ab = walkway.points[piece + 1] - a;
    const double along = share * static_cast<double>(last) - static_cast<double>(piece);
    double s_m = along * glm::length(ab);
    for (std::size_t i = 0; i < piece; ++i) {
        s_m += glm::length(walkway.points[i + 1] - walkway.points[i]);
    }
    return {.archetype = archetype,
            .X_WB = math::upright(a + along * ab, std::atan2(ab.y, ab.x)),
            .speed_mps = kWalking_mps,
            .walkway = walkway.id,
            .walkway_s_m = s_m};
}

// Whether a road user has room between those that are there already.
bool is_free(const world::World& town, const world::Spawn& spawn) {
    constexpr double kCars_m = 9, kPeople_m = 1;
    return std::ranges::none_of(town.spawns, [&](const world::Spawn& other) {
        const bool cars = spawn.lane != world::kNone && other.lane != world::kNone;
        return glm::length(spawn.X_WB.p - other.X_WB.p) < (cars ? kCars_m : kPeople_m);
    });
}

std::uint32_t first_of(const world::World& town, world::Semantic semantic) {
    const auto found = std::ranges::find(town.archetypes, semantic, &world::Archetype::semantic);
    return static_cast<std::uint32_t>(found - town.archetypes.begin());
}

}  // namespace

Result<world::World> bench_town() {
    scenarios::town::TownParameters parameters;
    parameters.seed = kTownSeed;
    parameters.size_m = kTownSize_m;
    parameters.vehicles = 0;
    parameters.pedestrians = 0;
    return scenarios::town::generate(parameters);
}

Status place_agents(world::World& town, int agents) {
    town.spawns.clear();
    const std::uint32_t vehicle = first_of(town, world::Semantic::kCar);
    const std::uint32_t person = first_of(town, world::Semantic::kPedestrian);
    const Key key = Key(kTownSeed).with("bench senses");
    constexpr std::uint64_t kMostDraws = 1'000'000;
    for (std::uint64_t draw = 0; std::ssize(town.spawns) < agents; ++draw) {
        if (draw == kMostDraws) {
            return Error{
                .message = fmt::format("the town of the bench has no room for {} agents", agents)};
        }
        const Key own = key.with(draw);
        world::Spawn spawn;
        if (town.spawns.size() % 2 == 0) {
            const auto& lane = town.roads.lanes[own.index(town.roads.lanes.size(), 0)];
            if (lane.kind != world::LaneKind::kDriving) continue;
            spawn = on_lane(lane, own.uniform(1), vehicle);
        } else {
            const auto& way = town.roads.walkways[own.index(town.roads.walkways.size(), 0)];
            if (way.points.size() < 2) continue;
            spawn = on_walkway(way, own.uniform(1), person);
        }
        if (glm::length(math::xy(spawn.X_WB.p)) > disc_radius_m(agents)) continue;
        if (!is_free(town, spawn)) continue;
        spawn.id = static_cast<world::ActorId>(town.spawns.size() + 1);
        town.spawns.push_back(spawn);
    }
    return {};
}

}  // namespace huntsman::apps
