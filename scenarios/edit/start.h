// How a draft's story starts on its roads.
#pragma once

#include <memory>
#include <optional>

#include "engine/road/road_geometry.h"
#include "engine/world/story_state.h"
#include "scenarios/edit/commands.h"
#include "scenarios/player/player.h"

namespace huntsman::scenarios::edit {

class Start {
  public:
    // `reading` without errors; the place must outlive the object.
    Start(openscenario::StoryFile reading, const model::Place& place,
          const engine::math::Vec2& origin_W);

    const story::Story& story() const { return reading_.story; }
    const openscenario::StoryFile& reading() const { return reading_; }
    const player::Player& player() const { return player_; }
    const player::StoryState& state() const { return state_; }

  private:
    openscenario::StoryFile reading_;
    engine::road::RoadGeometry geometry_;
    player::Player player_;
    player::StoryState state_;
};

// Of a draft's own story; null where it has errors, or the place is not there.
std::unique_ptr<Start> start_of(const Draft& draft, const Context& context);

struct WorldPose {
    engine::math::Vec3 p_W{0, 0, 0};
    double heading_rad = 0;
};
// Where an entity of the draft's story starts: as it is written, or as `start` has it, which may be
// null.
std::optional<WorldPose> pose_of(const Draft& draft, const Start* start,
                                 const engine::math::Vec2& origin_W, const std::string& entity);

}  // namespace huntsman::scenarios::edit
