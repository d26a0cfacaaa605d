#include "agents/population/edges.h"

#include <algorithm>
#include <cmath>

#include "agents/conduct/periods.h"
#include "agents/population/lane_room.h"
#include "engine/core/time.h"
#include "engine/road/vehicle_pose.h"

namespace huntsman::agents::population {

using engine::core::Key;
using world::kNone;
using world::LaneId;

namespace {

constexpr double kInside_m = 1.0;    // gap between the road's end and a vehicle that comes in
constexpr double kEntryGap_m = 8.0;  // to the next vehicle, besides two seconds of way
// Between vehicles on one lane in the mean: 450 an hour leave gaps for those who must yield.
constexpr double kMeanGap_s = 8.0;

}  // namespace

Edges::Edges(const world::World& world, const LaneBook& book) : world_(&world), book_(&book) {
    const world::RoadNetwork& roads = book.roads();
    for (const world::Lane& lane : roads.lanes) {
        if (lane.kind != world::LaneKind::kDriving) continue;
        if (book.leaves(lane.id)) exits_.push_back(lane.id);
        // Who comes in needs a road ahead.
        if (conduct::enters_map(roads, lane.id) && book.onward_m(lane.id) > 60.0)
            entries_.push_back(lane.id);
    }
    for (const world::Spawn& spawn : world.spawns) {
        if (spawn.id != world::kEgo && spawn.lane != kNone &&
            world::is_vehicle(world.archetype_of(spawn).semantic)) {
            kinds_.push_back(&spawn);
        }
    }
}

bool Edges::has_left(const world::ActorState& actor) const {
    if (actor.id == world::kEgo || !actor.mind.is_driver()) return false;
    const world::DriverMind& mind = actor.mind.driver();
    const LaneId lane = mind.route[0];
    if (lane == kNone || !std::binary_search(exits_.begin(), exits_.end(), lane)) {
        return false;
    }
    const double front = world_->archetypes[actor.archetype].extent.front_m;
    return mind.lane_s_m + front >= book_->roads().lanes[lane].length_m - 0.5;
}

bool Edges::is_free(const world::State& state, LaneId lane, double s_m, double speed_mps) const {
    const Vec2 p = math::xy(book_->map().at(lane, s_m).p);
    return std::none_of(state.actors.begin(), state.actors.end(), [&](const auto& other) {
        const world::Extent& extent = world_->archetypes[other.archetype].extent;
        const double apart = glm::length(math::xy(other.X_WB.p) - p);
        return apart < kEntryGap_m + kHeadway_s * speed_mps + extent.length_m();
    });
}

void Edges::let_in(world::State& state, const Sight& sight, const Key& key) const {
    const double share = engine::core::seconds(conduct::kPopulatePeriod_us) / kMeanGap_s *
                         static_cast<double>(entries_.size());
    if (key.with("when").uniform() > share) return;
    const LaneId lane = entries_[key.with("lane").index(entries_.size())];
    const world::Spawn& like = *kinds_[key.with("kind").index(kinds_.size())];
    const world::Archetype& archetype = world_->archetype_of(like);

    // A place whose road is wide, level across and free, as fast as the road allows.
    const double s = archetype.extent.rear_m + kInside_m;
    const world::LaneSample place = book_->map().at(lane, s);
    if (place.width_m < archetype.extent.width_m + kBesideLane_m) return;
    const double speed =
        std::min(0.8 * book_->roads().lanes[lane].speed_limit_mps, book_->speed_mps(lane, s));
    if (!is_free(state, lane, s, speed)) return;
    if (!is_level(*book_, place)) return;

    world::Spawn spawn = like;
    spawn.X_WB = road::vehicle_pose(book_->map(), archetype.vehicle, place);
    spawn.speed_mps = speed;
    spawn.lane = lane;
    spawn.lane_s_m = s;
    if (sight.of_anyone(state, archetype, spawn.X_WB, world::kNoActor)) return;
    // Ids that are used up end the coming, not the run.
    static_cast<void>(world::add_actor(state, *world_, spawn));
}

void Edges::update(world::State& state, const Sight& sight, const Key& key) const {
    if (exits_.empty()) return;
    std::size_t vehicles = 0;
    for (std::size_t i = state.actors.size(); i-- > 0;) {
        const world::ActorState& actor = state.actors[i];
        if (has_left(actor)) {
            world::remove_actor(state, actor.id);
        } else if (actor.id != world::kEgo && actor.mind.is_driver() &&
                   actor.mind.driver().route[0] != kNone) {
            ++vehicles;
        }
    }
    if (vehicles < kinds_.size() && !entries_.empty()) {
        let_in(state, sight, key);
    }
}

}  // namespace huntsman::agents::population
