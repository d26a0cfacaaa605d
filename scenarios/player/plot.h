// A story from above: the road, the paths of its entities with a dot each second, and where its
// events begin.
#pragma once

#include <string>

#include "engine/draw/drawing.h"
#include "engine/world/road_model.h"
#include "scenarios/story/story.h"

namespace huntsman::scenarios::player {

struct StoryPlotOptions {
    int size_px = 1600;   // longer side
    double seconds = 60;  // played so long, unless the stop trigger fires before
    std::string title;
};
engine::draw::Drawing plot(const story::Story& story, const engine::world::RoadModel& roads,
                           const StoryPlotOptions& options);

}  // namespace huntsman::scenarios::player
