#include "agents/traffic/traffic.h"

#include <algorithm>

#include "agents/conduct/drivers.h"
#include "agents/conduct/people.h"
#include "agents/minds/perception.h"
#include "agents/population/population.h"
#include "agents/senses/agent.h"
#include "agents/traffic/control.h"
#include "engine/core/check.h"
#include "engine/road/walkways.h"

namespace huntsman::agents::traffic {

namespace math = engine::math;
namespace road = engine::road;
namespace world = engine::world;
using engine::core::Key;

namespace {

profiles::Role role_of(const world::Archetype& archetype) {
    if (archetype.semantic == world::Semantic::kAnimal) return profiles::Role::kAnimal;
    if (archetype.semantic == world::Semantic::kBicycle) return profiles::Role::kCyclist;
    return world::is_vehicle(archetype.semantic) ? profiles::Role::kDriver
                                                 : profiles::Role::kPerson;
}

// Whether an agent thinks at this tick. Those far from the ego do so less often, each at ticks of
// its own.
bool thinks_now(const world::ActorState& actor, const world::ActorState* ego,
                engine::core::TimeUs time_us) {
    constexpr double kFar_m = 120, kVeryFar_m = 200;
    if (ego == nullptr || actor.mind.thought_us < 0) return true;
    const math::Vec2 off = math::xy(actor.X_WB.p - ego->X_WB.p);
    const double square = glm::dot(off, off);
    if (square < kFar_m * kFar_m) return true;
    const std::int64_t every = square < kVeryFar_m * kVeryFar_m ? 2 : 4;
    return (time_us / conduct::kThinkPeriod_us + actor.id) % every == 0;
}

}  // namespace

struct Traffic::Impl {
    const world::World& world;
    profiles::Cast cast;
    std::vector<std::string> names;
    TrafficOptions options;
    conduct::LaneBook book;
    population::Population population;
    minds::Perception perception;
    conduct::SightLines sight;
    Key seed;
    // Rebuilt at each call; kept for their memory only.
    conduct::Scene scene;
    struct Decision {
        world::Mind mind;
        world::WalkCommand walk;
    };
    std::vector<Decision> decisions;
    std::vector<char> thinks;  // by actor
    // Traits by actor: each a pure function of world, actor and profile.
    struct Known {
        std::uint32_t profile = world::kNone;
        conduct::Traits traits;
    };
    std::vector<Known> traits;

    Impl(const world::World& w, const road::RoadMap& map, profiles::Cast c, const TrafficOptions& o)
        : world(w),
          cast(std::move(c)),
          options(o),
          book(w, map, o.open_edges),
          population(w, book),
          perception(w, book, o.drive_ego,
                     {.all_knowing = o.all_knowing, .other_minds = o.other_minds}),
          sight(book, perception.sight_map()),
          seed(Key(w.seed).with("traffic")) {
        for (const profiles::Profile& profile : cast.profiles) names.push_back(profile.name);
    }

    bool is_agent(const world::ActorState& actor) const {
        return senses::is_agent(actor, options.drive_ego);
    }
    bool is_vehicle(const world::ActorState& actor) const {
        return world::is_vehicle(world.archetypes[actor.archetype].semantic);
    }
    // Who an actor is that has just appeared.
    std::uint32_t profile_of(const world::ActorState& actor) const {
        const auto spawn = std::ranges::lower_bound(world.spawns, actor.id, {}, &world::Spawn::id);
        if (spawn != world.spawns.end() && spawn->id == actor.id && !spawn->profile.empty()) {
            const auto named = cast.find(spawn->profile);
            HM_CHECK(named.has_value(), "actor {} has the unknown profile \"{}\"", actor.id,
                     spawn->profile);
            return *named;
        }
        const profiles::Role role = role_of(world.archetypes[actor.archetype]);
        return *cast.find(draw_profile(cast.mix, role, seed.with(actor.id).with("profile")));
    }
    const conduct::Traits& traits_of(const world::ActorState& actor) {
        if (traits.size() <= actor.id) traits.resize(actor.id + 1);
        Known& known = traits[actor.id];
        if (known.profile != actor.profile) {
            known = {
                actor.profile,
                conduct::traits_of(cast.profiles[actor.profile], seed, actor.id,
                                   world.archetypes[actor.archetype].pedestrian.walk_speed_mps)};
        }
        return known.traits;
    }
    void decide(const world::State& state, const world::ActorState& actor, Decision& decision);
};

Traffic::Traffic(const world::World& world, const road::RoadMap& map, profiles::Cast cast,
                 const TrafficOptions& options)
    : impl_(std::make_unique<Impl>(world, map, std::move(cast), options)) {}
Traffic::~Traffic() = default;

const std::vector<std::string>& Traffic::profiles() const { return impl_->names; }

const conduct::Traits& Traffic::traits(const world::ActorState& agent) const {
    return impl_->traits_of(agent);
}

void Traffic::place(world::State& state, world::ActorId id) const {
    constexpr double kReach_m = 30;  // as drivers who are lost look for a lane
    world::ActorState* actor = state.find(id);
    if (actor == nullptr) return;
    const double yaw_rad = actor->X_WB.yaw_rad();
    const road::RoadMap& map = impl_->book.map();
    actor->mind.deliberation = {};
    actor->mind.signalled = {};
    if (actor->mind.is_driver()) {
        world::DriverMind mind{.gaze_rad = yaw_rad, .decisions = actor->mind.driver().decisions};
        if (const auto lane = map.nearest_lane(actor->X_WB.p, yaw_rad, kReach_m)) {
            mind.route[0] = lane->lane;
            mind.lane_s_m = lane->s_m;
            mind.lane_t_m = lane->t_m;
        }
        actor->mind.own = mind;
        return;
    }
    world::PedestrianMind mind{.gaze_rad = yaw_rad,
                               .decisions = actor->mind.pedestrian().decisions};
    mind.walkway = road::nearest_walkway(map.network(), actor->X_WB.p, kReach_m);
    if (mind.walkway != world::kNone) {
        mind.walkway_forward =
            road::runs_along(map.network().walkways[mind.walkway], actor->X_WB.p, yaw_rad);
    }
    actor->mind.own = mind;
}

void Traffic::populate(world::State& state) const { impl_->population.update(state, impl_->seed); }

// What one agent sees, believes and decides; all that it reads of others goes through its beliefs.
void Traffic::Impl::decide(const world::State& state, const world::ActorState& actor,
                           Decision& decision) {
    const conduct::Traits& own = traits_of(actor);
    decision.mind = actor.mind;
    const bool first = actor.mind.thought_us < 0;
    const double dt_s =
        engine::core::seconds(first ? kThinkPeriod_us : state.time_us - actor.mind.thought_us);
    decision.mind.thought_us = state.time_us;
    decision.walk = actor.walk;
    perception.perceive(actor, own, dt_s, decision.mind);
    const conduct::Self self{.id = actor.id,
                             .archetype = actor.archetype,
                             .X_WB = actor.X_WB,
                             .v_W = actor.v_W,
                             .steer_rad = actor.steer_rad,
                             .walk = actor.walk,
                             .mind = &decision.mind,
                             .traits = &own,
                             .plan = actor.id == world::kEgo
                                         ? std::span<const world::LaneId>(world.ego_route)
                                         : std::span<const world::LaneId>(),
                             .time_us = state.time_us,
                             .dt_s = dt_s,
                             .sight = options.all_knowing ? nullptr : &sight,
                             .options = {.other_minds = options.other_minds && own.level > 0,
                                         .second_order = own.level > 1,
                                         .phantoms = options.phantoms,
                                         .gestures = options.gestures}};
    scene.build(book, self);
    if (is_vehicle(actor)) {
        decision.mind.own =
            conduct::think_driver(scene, seed, decision.mind.deliberation, decision.mind.signalled);
    } else {
        conduct::Steps steps = conduct::think_person(scene, seed, decision.mind.deliberation);
        decision.mind.own = steps.mind;
        decision.mind.signalled = steps.signalled;
        decision.walk = steps.walk;
    }
}

void Traffic::think(world::State& state) {
    Impl& impl = *impl_;
    for (world::ActorState& actor : state.actors) {
        if (actor.profile == world::kNone && impl.is_agent(actor)) {
            actor.profile = impl.profile_of(actor);
        }
    }
    impl.perception.begin(state);

    // Everyone decides from the same snapshot; then all decisions take effect.
    impl.decisions.resize(state.actors.size());
    const world::ActorState* ego = state.find(world::kEgo);
    impl.thinks.assign(state.actors.size(), 0);
    for (std::size_t i = 0; i < state.actors.size(); ++i) {
        const world::ActorState& actor = state.actors[i];
        if (!impl.is_agent(actor) || !thinks_now(actor, ego, state.time_us)) continue;
        impl.thinks[i] = 1;
        impl.decide(state, actor, impl.decisions[i]);
    }
    for (std::size_t i = 0; i < state.actors.size(); ++i) {
        world::ActorState& actor = state.actors[i];
        if (impl.thinks[i] == 0) continue;
        std::swap(actor.mind, impl.decisions[i].mind);
        actor.walk = impl.decisions[i].walk;
    }
}

void Traffic::act(world::State& state) {
    const bool dipped_beam = wants_dipped_beam(world::environment_at(impl_->world, state));
    for (world::ActorState& actor : state.actors) {
        if (impl_->is_agent(actor) && impl_->is_vehicle(actor)) {
            // Who has just appeared has not thought yet.
            const bool blue_light =
                actor.profile != world::kNone && impl_->traits_of(actor).blue_light;
            drive(impl_->book, impl_->world, {dipped_beam, blue_light}, actor);
        } else if (impl_->is_vehicle(actor)) {
            // Lamps go by themselves, as a modern car's do.
            actor.lamps = lamps_of(actor, dipped_beam);
            if (actor.id == world::kEgo && !actor.scripted) {
                actor.lamps |= route_lamps(impl_->book, impl_->world.ego_route, actor);
            }
            if (!actor.scripted) continue;
            actor.lamps = (actor.lamps & ~actor.scripted->lamps_ruled) | actor.scripted->lamps_lit;
        }
    }
}

}  // namespace huntsman::agents::traffic
