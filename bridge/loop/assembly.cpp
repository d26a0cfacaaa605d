#include "bridge/loop/assembly.h"

#include "engine/road/signals.h"
#include "scenarios/journey/journey.h"
#include "sensors/eyes/eyes.h"

namespace huntsman::bridge::loop {

using engine::core::Result;
using engine::core::Status;
using engine::core::TimeUs;
using engine::sim::Phase;
using engine::sim::PhaseOrder;
using engine::world::State;

namespace {

using engine::core::kTick_us;

std::function<Status(State&)> or_nothing(std::function<Status(State&)> hook) {
    if (hook) return hook;
    return [](State&) { return Status(); };
}

}  // namespace

namespace {

score::CriteriaWatch watch_of(const engine::world::World& world,
                              const scenarios::model::BuiltScenario& scenario) {
    score::CriteriaNames names;
    if (scenario.story) {
        const auto& story = scenario.story->story;
        for (const auto& entity : story.entities) names.entities.push_back(entity.name);
        for (const auto& monitor : story.monitors) names.monitors.push_back(monitor.name);
    }
    return {world, scenario.criteria, std::move(names)};
}

}  // namespace

Assembly::Assembly(scenarios::model::BuiltScenario from, agents::profiles::Cast cast,
                   const Hooks& hooks)
    : own_world_(std::move(from.world)),
      map(world),
      route(world, map),
      judge(world, map, route),
      plans(world, map, route),
      traffic(world, map, std::move(cast), {.drive_ego = hooks.traffic_drives_ego}),
      criteria(watch_of(world, from)),
      story(std::move(from.story)) {}

void Assembly::watch(const State& state) {
    score::Moment moment = score::moment_of(judge);
    if (state.story) {
        cast_.clear();
        for (const auto& entity : state.story->entities) cast_.push_back(entity.actor);
        moment.story = &*state.story;
        moment.actors = cast_;
    }
    criteria.observe(state, moment);
}

Status Assembly::begin_story(State& initial, const Hooks& hooks) {
    geometry_.emplace(world.road_model);
    actors_.emplace(story->story, *geometry_, world, map, hooks.physical);
    HM_TRY(actors_->begin(initial));
    if (hooks.ego == Hooks::Scripted::kNever) actors_->give_ego_away(initial);
    return {};
}

Status Assembly::play(State& state, Hooks::Scripted ego) {
    const bool driven = !state.find(engine::world::kEgo)->scripted;
    if (ego == Hooks::Scripted::kUntilController && !driven && actors_->asks_for_driver(state)) {
        actors_->give_ego_away(state);
    }
    return actors_->step(state);
}

void Assembly::change(const engine::sim::ExternalInput& input) {
    using engine::sim::InputKind;
    if (input.kind == InputKind::kEnvironment) {
        simulation->change(
            [&](State& state) { state.environment = engine::sim::environment_of(input); });
    } else if (input.kind == InputKind::kPlace) {
        const engine::sim::Placement to = engine::sim::placement_of(input);
        simulation->change([&](State& state) {
            const auto X_WB = engine::math::upright(to.p_W, to.yaw_rad);
            if (!engine::world::place_actor(state, world, input.actor, X_WB, to.speed_mps)) return;
            physics->place(input.actor);
            traffic.place(state, input.actor);
            if (actors_) actors_->place(state, input.actor);
        });
    }
}

// Before a driver sees the goal ahead.
void Assembly::lengthen_route() {
    constexpr double kSight_m = 120.0, kMore_m = 600.0;
    if (roads_end_ || judge.route_s_m() < route.length_m() - kSight_m) return;
    roads_end_ = !scenarios::journey::extend_route(kMore_m, extensions_++, own_world_);
    if (!roads_end_) route = route::EgoRoute(world, map);
}

Result<std::unique_ptr<Assembly>> Assembly::create(scenarios::model::BuiltScenario scenario,
                                                   Hooks hooks) {
    HM_TAKE(auto cast, agents::profiles::load_cast(scenario.world.minds));
    auto assembly =
        std::unique_ptr<Assembly>(new Assembly(std::move(scenario), std::move(cast), hooks));
    Assembly* a = assembly.get();

    const auto inputs = [a, given = or_nothing(std::move(hooks.inputs))](State& state) -> Status {
        HM_TRY(given(state));
        if (a->actors_) a->actors_->override_controls(state);
        return Status();
    };
    State initial = engine::world::initial_state(a->world);
    engine::road::signal_aspects(a->world.roads, initial.time_us, initial.signals);
    if (a->story) HM_TRY(a->begin_story(initial, hooks));
    HM_TAKE(a->physics, engine::physics::Physics::create(a->world, a->map, initial));

    const auto camera_us = static_cast<TimeUs>(1e6 / a->world.rig.rate_hz + 0.5);
    using namespace engine::world;
    // Whoever lets actors appear says all about them.
    constexpr StateParts kActors = kRoster | kBodies | kControls | kMinds;
    std::vector<Phase> phases = {
        {PhaseOrder::kSense, sensors::eyes::step_us(a->world.rig), 0,
         or_nothing(std::move(hooks.sense))},
        {PhaseOrder::kThink, agents::traffic::Traffic::kThinkPeriod_us,
         kControls | kMinds | kBeliefs,
         [a](State& state) {
             a->traffic.think(state);
             return Status();
         }},
        {PhaseOrder::kDrive, camera_us, 0, or_nothing(std::move(hooks.drive))},
        {PhaseOrder::kStory, agents::traffic::Traffic::kPopulatePeriod_us, kActors | kSignals,
         [a](State& state) {
             engine::road::signal_aspects(a->world.roads, state.time_us, state.signals);
             a->traffic.populate(state);
             return Status();
         }},
        {PhaseOrder::kAct, kTick_us, kControls, inputs},
        {PhaseOrder::kAct, agents::traffic::Traffic::kActPeriod_us, kControls | kMinds,
         [a, inputs](State& state) {
             a->traffic.act(state);
             return inputs(state);
         }},
        {PhaseOrder::kMove, kTick_us, kBodies | kContacts,
         [a](State& state) {
             a->physics->step(state);
             return Status();
         }},
        {PhaseOrder::kJudge, kTick_us, 0,
         [a, endless = hooks.endless](State& state) {
             if (endless) a->lengthen_route();
             a->judge.observe(state);
             a->watch(state);
             return Status();
         }},
    };
    if (a->story) {
        phases.push_back({PhaseOrder::kStory, kTick_us, kActors | kSignals | kStory,
                          [a, ego = hooks.ego](State& state) { return a->play(state, ego); }});
    }
    a->simulation.emplace(std::move(initial), std::move(phases));
    return assembly;
}

}  // namespace huntsman::bridge::loop
