// The entities of a story as actors of a run's state.
//
// The story's progress is State::story. Its ego is the state's ego; every other entity gets an
// actor while it is present. Scripted actors are told where to go in each tick
// (ActorState::scripted); of actors that something else moves the story is told where they are.
#pragma once

#include "engine/core/result.h"
#include "engine/road/road_map.h"
#include "engine/world/state.h"
#include "engine/world/world.h"
#include "scenarios/player/player.h"

namespace huntsman::scenarios::player {

class StoryActors {
  public:
    // All must outlive the object. The world has a role for each entity.
    StoryActors(const story::Story& story, const engine::road::RoadGeometry& roads,
                const engine::world::World& world, const engine::road::RoadMap& map);

    // Adds the story and its actors to a state at time 0 that has its ego.
    engine::core::Status begin(engine::world::State& state) const;

    // One tick, in the phase `story`. Errors: the ids of actors are used up.
    engine::core::Status step(engine::world::State& state) const;

    // A driver has the ego from now on.
    void give_ego_away(engine::world::State& state) const;
    // Whether the story has given the control of its ego to a controller, wholly.
    bool asks_for_driver(const engine::world::State& state) const;

  private:
    engine::core::Status bring(engine::world::State& state, story::Index entity) const;
    void send(engine::world::State& state, story::Index entity) const;
    void tell(engine::world::State& state, story::Index entity) const;
    engine::math::RigidTransform pose_of(const engine::world::ScriptedEntity& entity) const;

    const story::Story& story_;
    const engine::world::World& world_;
    const engine::road::RoadMap& map_;
    Player player_;
};

}  // namespace huntsman::scenarios::player
