// Plays a story: evaluates its triggers, runs its actions, and moves the entities that nothing else
// moves, kinematically, as OpenSCENARIO XML 1.3 says.
//
// All that changes is in a StoryState; a step depends on it, the story, the roads and the step's
// length alone. Entities without a lateral action keep their offset in their lane, at junctions the
// straightest way or that of their route; entities without a longitudinal action keep their speed.
#pragma once

#include <memory>
#include <optional>

#include "engine/core/findings.h"
#include "engine/math/vec.h"
#include "engine/road/road_geometry.h"
#include "engine/world/story_state.h"
#include "scenarios/story/story.h"

namespace huntsman::scenarios::player {

using engine::world::StoryState;

// Where an entity is that something else moves.
struct Observed {
    engine::math::Vec3 p_W{0, 0, 0};
    double heading_rad = 0, pitch_rad = 0, roll_rad = 0;
    engine::math::Vec3 v_W{0, 0, 0}, a_W{0, 0, 0};
    double steer_rad = 0;
};

class Player {
  public:
    // Both must outlive the object. `origin_W` is that of the story's coordinates, for roads that
    // have been moved.
    Player(const story::Story& story, const engine::road::RoadGeometry& roads,
           const engine::math::Vec2& origin_W = {0, 0});
    ~Player();

    // What only the map shows: roads and lanes that are not there.
    std::vector<engine::core::Finding> check() const;

    // The state at time 0, initial actions done as far as they take no time.
    StoryState begin() const;

    // Advances triggers, actions and entities by one step; `dt_us` above 0.
    void step(StoryState& state, engine::core::TimeUs dt_us) const;

    // From now on something else moves an entity. Its actions end, and later ones are passed over
    // but for those that give its route.
    void let_go(StoryState& state, story::Index entity) const;
    // Where such an entity is now, `dt_us` after it was asked last.
    void observe(StoryState& state, story::Index entity, const Observed& now,
                 engine::core::TimeUs dt_us) const;

    // From outside an entity has been put elsewhere, as by a teleport action.
    void place(StoryState& state, story::Index entity, const Observed& now) const;

    // Sets what UserDefinedValueConditions of this name compare with.
    static void set_user_value(StoryState& state, const std::string& name, std::string value);

    // Position and heading of a place; nothing where the roads do not have it.
    struct Located {
        engine::math::Vec3 p_W{0, 0, 0};
        double heading_rad = 0;
    };
    std::optional<Located> locate(const StoryState& state, const story::Place& place) const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace huntsman::scenarios::player
