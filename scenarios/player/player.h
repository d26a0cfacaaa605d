// Plays a story: evaluates its triggers, runs its actions, and moves the entities that nothing else
// moves, kinematically, as OpenSCENARIO XML 1.3 says.
//
// All that changes is in a StoryState; a step depends on it, the story, the roads and the step's
// length alone. Entities without a lateral action keep their offset in their lane, at junctions the
// straightest way or that of their route; entities without a longitudinal action keep their speed.
#pragma once

#include <memory>
#include <span>

#include "engine/core/findings.h"
#include "engine/road/road_geometry.h"
#include "engine/world/story_state.h"
#include "scenarios/story/story.h"

namespace huntsman::scenarios::player {

using engine::world::StoryState;

class Player {
  public:
    // Both must outlive the object.
    Player(const story::Story& story, const engine::road::RoadGeometry& roads);
    ~Player();

    // What only the map shows: roads and lanes that are not there.
    std::vector<engine::core::Finding> check() const;

    // The state at time 0, initial actions done as far as they take no time.
    StoryState begin() const;

    // Advances triggers, actions and entities by one step; `dt_us` above 0.
    void step(StoryState& state, engine::core::TimeUs dt_us) const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace huntsman::scenarios::player
