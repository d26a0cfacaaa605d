// Words of enumerations in files, and how many values each has; see engine/core/describe_json.h.
#pragma once

#include "engine/core/describe.h"
#include "engine/world/road_network.h"
#include "engine/world/state.h"

namespace huntsman::engine::world {

const char* name(Intention intention);  // "follow", "stop_at_line", ...
const char* name(Aspect aspect);        // "off", "red", "red_yellow", "green", "yellow"
const char* name(LaneKind kind);        // "driving", "parking", "cycle", "shoulder"
const char* name(Turn turn);            // "straight", "left", "right", "u_turn"

constexpr int value_count(core::Of<Semantic>) { return kSemantics; }
constexpr int value_count(core::Of<Intention>) { return 7; }
constexpr int value_count(core::Of<Aspect>) { return 5; }
constexpr int value_count(core::Of<LaneKind>) { return 4; }
constexpr int value_count(core::Of<Turn>) { return 4; }

}  // namespace huntsman::engine::world
