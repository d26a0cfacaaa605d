// The entities of a story as actors of a run's state.
//
// The story's progress is State::story. Its ego is the state's ego; every other entity gets an
// actor while it is present. Scripted actors are told where to go in each tick
// (ActorState::scripted); of actors that something else moves the story is told where they are.
//
// Physical entities are steered after the story's motion by pedals, steering and legs, and are
// where physics takes them; what the story measures of them is its own motion. An entity is
// physical where all are, or where it or a controller of it has the property "physical" with the
// value "true". Once all that an entity takes part in is over, it becomes an agent of the traffic
// where it has the property "after_story" with the value "traffic".
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/road/road_map.h"
#include "engine/world/state.h"
#include "engine/world/world.h"
#include "scenarios/player/player.h"
#include "scenarios/player/story_traffic.h"

namespace huntsman::scenarios::player {

class StoryActors {
  public:
    // All must outlive the object. The world has a role for each entity.
    StoryActors(const story::Story& story, const engine::road::RoadGeometry& roads,
                const engine::world::World& world, const engine::road::RoadMap& map,
                bool all_physical = false);

    // Adds the story and its actors to a state at time 0 that has its ego.
    engine::core::Status begin(engine::world::State& state) const;

    // One tick, in the phase `story`. Errors: the ids of actors are used up.
    engine::core::Status step(engine::world::State& state) const;

    // What the story has taken from whoever moves an actor by pedals and steering; to be called
    // after that one, before the phase `move`.
    void override_controls(engine::world::State& state) const;

    // An actor has been put elsewhere from outside: its entity, where it has one, stands there, as
    // after a teleport action. What steered it sideways ends; speeds, triggers and all the rest go
    // on from there. Precondition: the state has its story.
    void place(engine::world::State& state, engine::world::ActorId actor) const;

    // A driver has the ego from now on.
    void give_ego_away(engine::world::State& state) const;
    // Whether the story has given the control of its ego to a controller, wholly.
    bool asks_for_driver(const engine::world::State& state) const;

  private:
    engine::core::Status bring(engine::world::State& state, story::Index entity) const;
    void send(engine::world::State& state, story::Index entity) const;
    void tell(engine::world::State& state, story::Index entity) const;
    void steer(engine::world::ActorState& actor, const engine::world::ScriptedEntity& to) const;
    void show_signals(engine::world::State& state) const;
    bool is_over(const engine::world::StoryState& state, story::Index entity) const;
    void hand_to_traffic(engine::world::State& state, story::Index entity) const;
    engine::math::RigidTransform pose_of(const engine::world::ScriptedEntity& entity) const;

    const story::Story& story_;
    const engine::world::World& world_;
    const engine::road::RoadMap& map_;
    Player player_;
    StoryTraffic traffic_;
    std::vector<char> physical_, joins_traffic_;     // by entity
    std::vector<std::vector<story::Index>> groups_;  // manoeuvre groups of each entity
    std::multimap<std::string, engine::world::SignalGroupId> groups_of_signal_;  // by OpenDRIVE id
};

}  // namespace huntsman::scenarios::player
