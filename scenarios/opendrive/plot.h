// A road model from above: lanes by type, marks, directions, signals, objects, ids, scale.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>

#include "engine/draw/drawing.h"
#include "engine/world/road_model.h"

namespace huntsman::scenarios::opendrive {

// From the map's plane [m] to the picture [px].
using ToPage = std::function<engine::math::Vec2(const engine::math::Vec2&)>;

struct PlotOptions {
    int size_px = 2000;  // longer side of the map
    bool ids = true;     // of roads and junctions
    std::string title;
    // What is shown, {low, high} [m]; the whole map where nothing is given.
    std::optional<std::array<engine::math::Vec2, 2>> area = {};
    // Draws on top of the map, below its frame.
    std::function<void(const ToPage&, engine::draw::Drawing&)> overlay = {};
};
// North is up. Roads are stacked by height, so that bridges cover what they cross.
engine::draw::Drawing plot(const engine::world::RoadModel& model, const PlotOptions& options);

}  // namespace huntsman::scenarios::opendrive
