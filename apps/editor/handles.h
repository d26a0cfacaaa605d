// What of the selected actors and events can be dragged in views beside themselves: points of
// routes and trajectories, places and reaches of triggers, the direction that an actor faces.
#pragma once

#include <imgui.h>

#include <cstdint>
#include <string>
#include <vector>

#include "engine/math/vec.h"

namespace huntsman::apps::editor {

struct Ui;
struct ViewMap;

struct Handle {
    enum class Kind : std::uint8_t {
        kPoint,    // of a route or trajectory
        kBetween,  // two of them: drags a new one out
        kTrigger,
        kRadius,  // of a trigger
        kHeading  // of an actor
    };
    Kind kind = Kind::kPoint;
    engine::math::Vec3 p_W{0, 0, 0};
    engine::math::Vec3 about_W{0, 0, 0};  // kRadius, kHeading: the middle
    std::string path;  // of the <Position>, kBetween: of the one before; kRadius: of what has it
    std::string attribute;  // kRadius
    std::string actor;      // whose
    bool on_roads = false;  // keeps to lanes
};

struct HandleDrag {
    bool active = false, moved = false;
    Handle handle;
    std::string view;  // in which it goes on
};

std::vector<Handle> handles_of(const Ui& ui);

// Draws the handles into a view and does what the pointer does with them: drags, and Ctrl+click
// removes a point. True: the pointer is on one or drags one.
bool use_handles(Ui& ui, ImDrawList& list, const char* view, const ViewMap& map, bool hovered);

}  // namespace huntsman::apps::editor
