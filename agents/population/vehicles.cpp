#include "agents/population/vehicles.h"

#include <algorithm>
#include <cmath>

#include "agents/population/lane_room.h"
#include "agents/population/walkers.h"
#include "engine/road/vehicle_pose.h"
#include "engine/world/boxes.h"

namespace huntsman::agents::population {

using engine::core::Key;
using world::kNone;

namespace {

constexpr double kStep_m = 10.0;       // between places on a lane
constexpr double kOnward_m = 60.0;     // of road ahead of who appears
constexpr double kOffCrossing_m = 10;  // from a place to a crossing
constexpr double kToEnds_m = 4.0;      // from a body to the lane's ends
constexpr double kSlowing_mps2 = 1.5;  // with which who appears can stop at the lane's end
constexpr double kMidwayGap_m = 25.0;  // to other vehicles, besides two seconds of way of both
constexpr double kFromPeople_m = 8.0;
constexpr double kWaits_s = 3.0, kWaitsLong_s = 150.0;

bool is_near_crossing(const LaneBook& book, world::LaneId lane, double s_m) {
    const auto& crossings = book.crossings(lane);
    return std::any_of(crossings.begin(), crossings.end(), [&](const auto& crossing) {
        return s_m > crossing.begin_m - kOffCrossing_m && s_m < crossing.end_m + kOffCrossing_m;
    });
}

}  // namespace

Vehicles::Vehicles(const world::World& world, const LaneBook& book) : world_(&world), book_(&book) {
    for (const world::Spawn& spawn : world.spawns) {
        if (spawn.id != world::kEgo && spawn.lane != kNone &&
            world::is_vehicle(world.archetype_of(spawn).semantic)) {
            kinds_.push_back(&spawn);
        }
    }
    for (const world::Lane& lane : book.roads().lanes) {
        if (lane.kind != world::LaneKind::kDriving || lane.in_junction() || book.on_ring(lane.id)) {
            continue;
        }
        for (double s = kStep_m; s < lane.length_m; s += kStep_m) {
            if (book.onward_m(lane.id) < s + kOnward_m || is_near_crossing(book, lane.id, s)) {
                continue;
            }
            const world::LaneSample q = book.map().at(lane.id, s);
            if (!is_level(book, q)) continue;
            places_.push_back({lane.id, s, 0});
            at_W_.push_back(math::xy(q.p));
        }
    }
}

// The vehicle that is farthest away from the middle, of those that may leave; counts all.
const world::ActorState* Vehicles::leaving(const world::State& state, const Vec2& middle,
                                           std::size_t& count) const {
    const world::ActorState* farthest = nullptr;
    double most_m = kLeave_m;
    for (const world::ActorState& actor : state.actors) {
        if (!actor.mind.is_driver() || is_bound(state, actor)) continue;
        if (actor.mind.driver().route[0] == kNone) continue;
        ++count;
        const double waited_s = actor.mind.waited_s();
        if (waited_s > kWaits_s && waited_s < kWaitsLong_s) continue;
        const double far_m = glm::length(math::xy(actor.X_WB.p) - middle);
        if (far_m <= most_m) continue;
        most_m = far_m;
        farthest = &actor;
    }
    return farthest;
}

// As fast as the road there allows; false where the vehicle does not fit.
// Whether a body would stand in something beside the road, as a long one may in a bend.
bool Vehicles::touches_something(const world::Archetype& kind,
                                 const math::RigidTransform& X_WB) const {
    math::Box2 box = world::footprint(kind.extent, X_WB);
    box.half += math::Vec2(kBesideLane_m);
    const math::Vec2 x = math::direction(box.yaw_rad);
    bool touches = false;
    for (double ahead_m = -box.half.x; ahead_m <= box.half.x; ahead_m += 2.0) {
        book_->near_boxes(box.centre + ahead_m * x, [&](const math::Box2& other, double z_m) {
            const bool level = std::abs(z_m - X_WB.p.z) < road::kLevel_m;
            touches = touches || (level && math::overlap(box, other));
        });
    }
    return touches;
}

bool Vehicles::set_on_lane(const road::LanePlace& place, world::Spawn& spawn) const {
    const world::Archetype& kind = world_->archetype_of(spawn);
    const world::Lane& lane = book_->roads().lanes[place.lane];
    const world::LaneSample q = book_->map().at(place.lane, place.s_m);
    const double ahead_m = lane.length_m - place.s_m - kind.extent.front_m - kToEnds_m;
    if (place.s_m < kind.extent.rear_m + kToEnds_m || ahead_m < 0) return false;
    if (q.width_m < kind.extent.width_m + kBesideLane_m) return false;
    if (kind.extent.front_m > conduct::kLongFront_m &&
        (!book_->for_buses(place.lane) || !book_->roomy(place.lane))) {
        return false;
    }
    if (!book_->detours().on(place.lane, spawn.archetype).empty()) return false;
    spawn.X_WB = road::vehicle_pose(book_->map(), kind.vehicle, q);
    if (touches_something(kind, spawn.X_WB)) return false;
    spawn.speed_mps = std::min({0.8 * lane.speed_limit_mps, book_->speed_mps(place.lane, place.s_m),
                                std::sqrt(2 * kSlowing_mps2 * ahead_m)});
    spawn.lane = place.lane;
    spawn.lane_s_m = place.s_m;
    return true;
}

bool Vehicles::is_free(const world::State& state, const world::Spawn& spawn) const {
    return std::none_of(state.actors.begin(), state.actors.end(), [&](const auto& other) {
        const double apart = glm::length(math::xy(other.X_WB.p - spawn.X_WB.p));
        const world::Archetype& kind = world_->archetypes[other.archetype];
        if (!world::is_vehicle(kind.semantic)) return apart < kFromPeople_m;
        const double way = kHeadway_s * (spawn.speed_mps + glm::length(math::xy(other.v_W)));
        return apart < kMidwayGap_m + way + kind.extent.length_m();
    });
}

void Vehicles::update(world::State& state, const Sight& sight, const Key& key) const {
    const world::ActorState* ego = state.find(world::kEgo);
    if (ego == nullptr || kinds_.empty() || places_.empty()) return;
    const Vec2 middle = road::FootPlaces::middle(ego->X_WB);
    std::size_t count = 0;
    const world::ActorState* farthest = leaving(state, middle, count);
    const bool missing = count < kinds_.size();
    if (!missing && farthest == nullptr) return;
    if (!missing && sight.of_anyone(state, world_->archetypes[farthest->archetype], farthest->X_WB,
                                    farthest->id)) {
        return;
    }
    // Nobody leaves unless somebody can come in their place.
    const auto at = static_cast<std::size_t>(key.with("place").index(places_.size()));
    if (glm::length(at_W_[at] - middle) > kAppear_m) return;
    world::Spawn spawn = *kinds_[key.with("kind").index(kinds_.size())];
    if (!set_on_lane(places_[at], spawn) || !is_free(state, spawn)) return;
    if (sight.of_anyone(state, world_->archetype_of(spawn), spawn.X_WB, world::kNoActor)) return;
    const world::ActorId leaving = missing ? world::kNoActor : farthest->id;
    // Ids that are used up end the coming, not the run.
    if (world::add_actor(state, *world_, spawn) && leaving != world::kNoActor) {
        world::remove_actor(state, leaving);
    }
}

}  // namespace huntsman::agents::population
