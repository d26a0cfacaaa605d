// A road model from above: lanes by type, marks, directions, signals, objects, ids, scale.
#pragma once

#include <string>

#include "engine/draw/drawing.h"
#include "engine/world/road_model.h"

namespace huntsman::scenarios::opendrive {

struct PlotOptions {
    int size_px = 2000;  // longer side of the map
    bool ids = true;     // of roads and junctions
    std::string title;
};
// North is up. Roads are stacked by height, so that bridges cover what they cross.
engine::draw::Drawing plot(const engine::world::RoadModel& model, const PlotOptions& options);

}  // namespace huntsman::scenarios::opendrive
