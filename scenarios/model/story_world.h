// What a scenario's story needs of the world: looks of its entities, the ego's start and route, and
// room for who takes part.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "engine/core/result.h"
#include "engine/world/world.h"
#include "scenarios/model/scenario.h"
#include "scenarios/openscenario/openscenario.h"
#include "scenarios/situations/finder.h"

namespace huntsman::scenarios::model {

// Reads the scenario's story with its parameters. Errors: what `openscenario::read` says, findings
// that are errors, no entity that can be the ego.
engine::core::Result<openscenario::StoryFile> read_story(const Scenario& scenario);

// The roads of a place, prepared for the search for sites when it is first needed. Any thread may
// call.
class Sites {
  public:
    explicit Sites(engine::world::RoadModel roads) : roads_(std::move(roads)) {}
    const situations::PlaceFinder& finder();

  private:
    engine::world::RoadModel roads_;
    std::once_flag once_;
    std::unique_ptr<const situations::PlaceFinder> finder_;
};

// The story of the scenario's situation, placed on the world's roads, which are those of `sites`.
// Errors: no such situation or parameter, and what a place lacks that it needs.
engine::core::Result<openscenario::StoryFile> place_situation(const Scenario& scenario,
                                                              Sites& sites,
                                                              engine::world::World& world);

// A point in the plane, as "X,Y" [m]; nothing where the text is not one.
std::optional<engine::math::Vec2> point_of(const std::string& text);

// Fills in World::story_roles, places the ego where the story has it and gives it its route: by the
// waypoints of the story's assign route or acquire position actions for it, else straight on along
// its lane. Other road users and parked vehicles make room for the story's entities. Errors name
// places that the roads do not have.
engine::core::Status add_story(const openscenario::StoryFile& reading, engine::world::World& world);

}  // namespace huntsman::scenarios::model
