// A world with everything that moves it, wired into the tick in the architecture's order.
//
// `run` and `replay` differ only in the hooks: who senses, who drives, and where inputs from
// outside come from. The phases, their periods and their order are the same, so that the hash
// chains compare.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "agents/traffic/traffic.h"
#include "bridge/route/ego_route.h"
#include "bridge/score/criteria.h"
#include "bridge/score/judge.h"
#include "bridge/score/plan_judge.h"
#include "engine/physics/physics.h"
#include "engine/road/road_map.h"
#include "engine/sim/inputs.h"
#include "engine/sim/simulation.h"
#include "engine/world/world.h"
#include "scenarios/model/scenario.h"
#include "scenarios/openscenario/openscenario.h"
#include "scenarios/player/story_actors.h"

namespace huntsman::bridge::loop {

struct Hooks {
    std::function<engine::core::Status(engine::world::State&)>
        sense;  // whenever a camera may be due
    std::function<engine::core::Status(engine::world::State&)> drive;  // at the rig's rate
    // Each tick before and after traffic's own commands: notes what comes in from outside, the
    // ego's commands among it, and applies all that holds. Called twice it must do the same.
    std::function<engine::core::Status(engine::world::State&)> inputs;
    bool traffic_drives_ego = false;  // like any other vehicle along its route; no commands then
    bool endless = false;             // the route is lengthened before the ego comes to its goal
    // Until when the story moves its ego.
    enum class Scripted { kNever, kUntilController, kAlways };
    Scripted ego = Scripted::kNever;
    bool physical = false;  // physics moves all that the story steers
};

class Assembly {
  public:
    // Missing hooks do nothing.
    static engine::core::Result<std::unique_ptr<Assembly>> create(
        scenarios::model::BuiltScenario scenario, Hooks hooks);

  private:
    engine::world::World own_world_;  // only its route grows, and only in endless runs

  public:
    const engine::world::World& world = own_world_;
    const engine::road::RoadMap map;
    route::EgoRoute route;
    score::Judge judge;
    score::PlanJudge plans;  // fed by whoever drives
    agents::traffic::Traffic traffic;
    score::CriteriaWatch criteria;  // the scenario's, or those of a run without any
    const std::optional<scenarios::openscenario::StoryFile> story;
    std::unique_ptr<engine::physics::Physics> physics;
    std::optional<engine::sim::Simulation> simulation;

    // What comes from outside before the tick's phases that act: an actor that is put elsewhere,
    // another weather. Other kinds of inputs do nothing here.
    void change(const engine::sim::ExternalInput& input);

  private:
    Assembly(scenarios::model::BuiltScenario from, agents::profiles::Cast cast, const Hooks& hooks);
    void watch(const engine::world::State& state);
    void lengthen_route();
    engine::core::Status begin_story(engine::world::State& initial, const Hooks& hooks);
    engine::core::Status play(engine::world::State& state, Hooks::Scripted ego);

    std::optional<engine::road::RoadGeometry> geometry_;  // of runs with a story
    std::optional<scenarios::player::StoryActors> actors_;
    std::vector<engine::world::ActorId> cast_;  // actors of the story's entities

    std::uint64_t extensions_ = 0;
    bool roads_end_ = false;
};

}  // namespace huntsman::bridge::loop
