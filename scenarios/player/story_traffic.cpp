#include "scenarios/player/story_traffic.h"

#include <algorithm>
#include <cmath>

#include "engine/math/geometry.h"
#include "engine/road/vehicle_pose.h"

namespace huntsman::scenarios::player {

using engine::core::Key;
using engine::core::Result;
using engine::core::Status;
using engine::math::Vec2;
using engine::math::Vec3;
using engine::world::ActorId;
using engine::world::ActorState;
using engine::world::kNone;
using engine::world::Semantic;
using engine::world::Spawn;
using engine::world::State;

namespace {

constexpr double kPlaceStep_m = 8.0;  // between places on a lane
constexpr double kOnwardRoom_m = 4.0;
constexpr double kWiderLane_m = 0.35;  // lanes are at least this much wider than who appears
constexpr double kSlowing_mps2 = 1.5;  // with which who appears can stop at the lane's end
constexpr double kGap_m = 6.0;         // to other vehicles, besides two seconds of own way
constexpr double kHeadway_s = 2.0;
constexpr double kFromPeople_m = 1.5, kPersonApart_m = 0.9;
constexpr std::uint64_t kTries = 8;  // for a place, in a step

std::string category_of(Semantic semantic) {
    switch (semantic) {
        case Semantic::kCar:
            return "car";
        case Semantic::kVan:
            return "van";
        case Semantic::kTruck:
            return "truck";
        case Semantic::kBus:
            return "bus";
        case Semantic::kMotorcycle:
            return "motorbike";
        case Semantic::kBicycle:
            return "bicycle";
        case Semantic::kPedestrian:
            return "pedestrian";
        default:
            return "";
    }
}

// The point in the ellipse about the central entity: below 1 inside.
double in_ellipse(const story::TrafficSwarm& swarm, const engine::world::ScriptedEntity& central,
                  const Vec3& p) {
    const Vec2 ahead = engine::math::direction(central.heading_rad);
    const Vec2 d = engine::math::xy(p - central.p_W) - swarm.offset_m * ahead;
    const double x = glm::dot(d, ahead) / std::max(swarm.semi_major_m, 1e-6);
    const double y = engine::math::cross(ahead, d) / std::max(swarm.semi_minor_m, 1e-6);
    return x * x + y * y;
}

void forget_absent(const State& state, std::vector<ActorId>& members) {
    std::erase_if(members, [&](ActorId id) { return state.find(id) == nullptr; });
}

}  // namespace

StoryTraffic::StoryTraffic(const story::Story& story, const engine::world::World& world,
                           const engine::road::RoadMap& map, const Player& player)
    : story_(story), world_(world), map_(map), player_(player) {
    const auto is_traffic = [](const auto& item) {
        return std::holds_alternative<story::TrafficAction>(item.action);
    };
    any_ = std::ranges::any_of(story.init, is_traffic) ||
           std::ranges::any_of(story.elements, is_traffic);
    if (!any_) return;
    for (std::uint32_t i = 0; i < world.archetypes.size(); ++i) {
        const bool of_story = std::ranges::any_of(
            world.story_roles, [&](const auto& role) { return role.archetype == i; });
        const std::string category = category_of(world.archetypes[i].semantic);
        if (!of_story && !category.empty()) kinds_[category].push_back(i);
    }
    for (const engine::world::Lane& lane : world.roads.lanes) {
        if (lane.kind != engine::world::LaneKind::kDriving || lane.in_junction()) continue;
        for (double s = kPlaceStep_m; s < lane.length_m; s += kPlaceStep_m) {
            lanes_.push_back({lane.id, s, 0});
        }
    }
    feet_ = engine::road::FootPlaces(world, map);
}

const story::TrafficAction& StoryTraffic::action_of(const Running& running) const {
    return std::get<story::TrafficAction>(running.from_init
                                              ? story_.init[running.element].action
                                              : story_.elements[running.element].action);
}

Status StoryTraffic::step(State& state, engine::core::TimeUs dt_us) const {
    if (!any_) return {};
    const Key key =
        Key(world_.seed).with("story traffic").with(static_cast<std::uint64_t>(state.tick));
    for (Running& running : state.story->traffic) {
        forget_absent(state, running.members);
        const Key own = key.with(running.element).with(running.from_init ? 1 : 0);
        HM_TRY(std::visit(
            [&](const auto& kind) -> Status {
                if constexpr (std::is_same_v<std::remove_cvref_t<decltype(kind)>,
                                             story::TrafficStop>) {
                    return {};
                } else {
                    return run(kind, running, state, engine::core::seconds(dt_us), own);
                }
            },
            action_of(running).kind));
    }
    return {};
}

// Road users come within the radius at the rate, as far as there is room.
Status StoryTraffic::run(const story::TrafficSource& source, Running& running, State& state,
                         double dt_s, const Key& key) const {
    running.owed = std::min(running.owed + source.rate_per_s * dt_s, 1.0 + source.rate_per_s);
    const auto at = player_.locate(*state.story, source.place);
    if (running.owed < 1 || !at) return {};
    const auto near = [&](const Vec3& p) { return glm::length(p - at->p_W) <= source.radius_m; };
    HM_TAKE(const bool came, bring(source.mix, near, source.speed_mps, running, state, key));
    if (came) running.owed -= 1;
    return {};
}

// Whoever of the traffic is within the radius goes, at the rate where there is one.
Status StoryTraffic::run(const story::TrafficSink& sink, Running& running, State& state,
                         double dt_s, const Key&) const {
    const auto at = player_.locate(*state.story, sink.place);
    if (!at) return {};
    if (sink.rate_per_s) running.owed = std::min(running.owed + *sink.rate_per_s * dt_s, 1.0);
    for (std::size_t i = state.actors.size(); i-- > 0;) {
        const ActorState& actor = state.actors[i];
        if (sink.rate_per_s && running.owed < 1) break;
        if (!is_traffic(state, actor)) continue;
        if (glm::length(actor.X_WB.p - at->p_W) > sink.radius_m) continue;
        const auto& kinds = sink.mix.kinds;
        const std::string category = category_of(world_.archetypes[actor.archetype].semantic);
        if (!kinds.empty() && std::ranges::none_of(kinds, [&](const auto& kind) {
                return kind.category == category && kind.weight > 0;
            })) {
            continue;
        }
        engine::world::remove_actor(state, actor.id);
        if (sink.rate_per_s) running.owed -= 1;
    }
    return {};
}

// The swarm keeps its number: who leaves the ellipse vanishes, and others come between the inner
// radius and its border.
Status StoryTraffic::run(const story::TrafficSwarm& swarm, Running& running, State& state,
                         double /*dt_s*/, const Key& key) const {
    if (swarm.entity >= state.story->entities.size()) return {};
    const engine::world::ScriptedEntity& central = state.story->entities[swarm.entity];
    if (!central.present) return {};
    for (const ActorId id : running.members) {
        if (in_ellipse(swarm, central, state.find(id)->X_WB.p) > 1) {
            engine::world::remove_actor(state, id);
        }
    }
    forget_absent(state, running.members);
    if (running.members.size() >= static_cast<std::size_t>(std::max(0, swarm.vehicles))) return {};
    const auto allows = [&](const Vec3& p) {
        return in_ellipse(swarm, central, p) <= 1 &&
               glm::length(engine::math::xy(p - central.p_W)) >= swarm.inner_radius_m;
    };
    std::optional<double> speed;
    if (swarm.low_mps && swarm.high_mps) {
        speed = key.with("speed").uniform(*swarm.low_mps, *swarm.high_mps);
    }
    HM_TRY(bring(swarm.mix, allows, speed, running, state, key));
    return {};
}

// The border of an area, or its stretches of roads.
struct StoryTraffic::Region {
    std::vector<Vec2> border;
    const story::TrafficArea* area = nullptr;
    const engine::world::World* world = nullptr;
    const engine::road::RoadMap* map = nullptr;

    bool holds(const Vec3& p) const {
        if (!area->border.empty()) return engine::math::inside_polygon(engine::math::xy(p), border);
        constexpr double kReach_m = 4.0;
        const auto place = map->nearest_lane(p, 0, kReach_m);
        if (!place) return false;
        const engine::world::Lane& lane = world->roads.lanes[place->lane];
        if (lane.road >= world->road_model.roads.size()) return false;
        const engine::world::Road& road = world->road_model.roads[lane.road];
        return std::ranges::any_of(area->stretches, [&](const auto& stretch) {
            const bool listed =
                stretch.lanes.empty() ||
                std::ranges::find(stretch.lanes, lane.model_lane) != stretch.lanes.end();
            if (stretch.road != road.id || !listed) return false;
            // Lanes run along their road or against it.
            const double begin = road.sections[lane.section].s_m;
            const double s =
                lane.model_lane < 0 ? begin + place->s_m : begin + lane.length_m - place->s_m;
            return s >= stretch.low_m && s <= stretch.high_m;
        });
    }
};

Status StoryTraffic::run(const story::TrafficArea& area, Running& running, State& state,
                         double /*dt_s*/, const Key& key) const {
    const auto wanted = static_cast<std::size_t>(std::max(0, area.entities));
    running.filled = running.filled || running.members.size() >= wanted;
    if (running.members.size() >= wanted || (running.filled && !area.continuous)) return {};
    Region region{.border = {}, .area = &area, .world = &world_, .map = &map_};
    for (const story::Place& place : area.border) {
        const auto at = player_.locate(*state.story, place);
        if (!at) return {};
        region.border.push_back(engine::math::xy(at->p_W));
    }
    const auto allows = [&](const Vec3& p) { return region.holds(p); };
    HM_TRY(bring(area.mix, allows, {}, running, state, key));
    return {};
}

std::uint32_t StoryTraffic::draw_kind(const story::TrafficMix& mix, const Key& key) const {
    const auto of_category = [&](std::string_view category) -> std::uint32_t {
        const auto found = kinds_.find(category);
        if (found == kinds_.end()) return kNone;
        return found->second[key.with("kind").index(found->second.size())];
    };
    double sum = 0;
    for (const auto& kind : mix.kinds) sum += kinds_.contains(kind.category) ? kind.weight : 0;
    if (sum <= 0) return mix.kinds.empty() ? of_category("car") : kNone;
    double left = sum * key.with("category").uniform();
    std::uint32_t last = kNone;
    for (const auto& kind : mix.kinds) {
        if (!kinds_.contains(kind.category) || kind.weight <= 0) continue;
        last = of_category(kind.category);
        left -= kind.weight;
        if (left < 0) break;
    }
    return last;
}

bool StoryTraffic::set_on_lane(std::size_t index, std::optional<double> speed_mps,
                               Spawn& spawn) const {
    const engine::road::LanePlace& place = lanes_[index];
    const engine::world::Archetype& kind = world_.archetype_of(spawn);
    const engine::world::Lane& lane = world_.roads.lanes[place.lane];
    const auto q = map_.at(place.lane, place.s_m);
    const double ahead_m = lane.length_m - place.s_m - kind.extent.front_m - kOnwardRoom_m;
    if (place.s_m < kind.extent.rear_m + 1.0 || ahead_m < 0) return false;
    if (q.width_m < kind.extent.width_m + kWiderLane_m) return false;
    spawn.X_WB = engine::road::vehicle_pose(map_, kind.vehicle, q);
    spawn.speed_mps = std::min(speed_mps.value_or(0.8 * lane.speed_limit_mps),
                               std::sqrt(2 * kSlowing_mps2 * ahead_m));
    spawn.lane = place.lane;
    spawn.lane_s_m = place.s_m;
    return true;
}

bool StoryTraffic::is_free(const State& state, const Spawn& spawn) const {
    const bool person = !engine::world::is_vehicle(world_.archetype_of(spawn).semantic);
    const double own_m = world_.archetype_of(spawn).extent.length_m();
    return std::ranges::none_of(state.actors, [&](const ActorState& other) {
        const double apart = glm::length(other.X_WB.p - spawn.X_WB.p);
        const engine::world::Archetype& kind = world_.archetypes[other.archetype];
        const bool other_person = !engine::world::is_vehicle(kind.semantic);
        if (person && other_person) return apart < kPersonApart_m;
        const double length_m = person ? kind.extent.length_m() : own_m;
        if (person || other_person) return apart < kFromPeople_m + length_m;
        return apart < kGap_m + kHeadway_s * spawn.speed_mps + kind.extent.length_m() + own_m;
    });
}

Result<bool> StoryTraffic::bring(const story::TrafficMix& mix, const Allows& allows,
                                 std::optional<double> speed_mps, Running& running, State& state,
                                 const Key& key) const {
    Spawn spawn;
    spawn.archetype = draw_kind(mix, key);
    if (spawn.archetype == kNone) return false;
    const bool person = world_.archetype_of(spawn).semantic == Semantic::kPedestrian;
    const auto shade = static_cast<float>(key.with("tint").uniform(0.03, 0.8));
    spawn.tint = {shade, shade, shade};
    // The places that are allowed; of these a few are tried.
    std::vector<std::uint32_t> places;
    const std::size_t count = person ? feet_.all().size() : lanes_.size();
    for (std::uint32_t i = 0; i < count; ++i) {
        const Vec3 p = person ? feet_.all()[i].p_W : map_.point(lanes_[i]);
        if (allows(p)) places.push_back(i);
    }
    for (std::uint64_t attempt = 0; attempt < kTries && !places.empty(); ++attempt) {
        const std::uint32_t at = places[key.with("place").index(places.size(), attempt)];
        if (person) {
            feet_.put(at, key.with("stance"), spawn);
        } else if (!set_on_lane(at, speed_mps, spawn)) {
            continue;
        }
        if (!is_free(state, spawn)) continue;
        HM_TAKE(const ActorId id, engine::world::add_actor(state, world_, spawn));
        running.members.push_back(id);
        return true;
    }
    return false;
}

bool StoryTraffic::is_traffic(const State& state, const ActorState& actor) const {
    return actor.id != engine::world::kEgo && !actor.scripted &&
           std::ranges::none_of(state.story->entities,
                                [&](const auto& entity) { return entity.actor == actor.id; });
}

}  // namespace huntsman::scenarios::player
