// Words of the enumerations of minds in files, as names.h has them for others.
#pragma once

#include "engine/core/describe.h"
#include "engine/world/mind.h"

namespace huntsman::engine::world {

const char* name(Goal goal);        // "straight", "left", "right", "yield", "cross", "wait"
const char* name(Gesture gesture);  // "nothing", "horn", "flash", "wave"

constexpr int value_count(core::Of<Goal>) { return static_cast<int>(kGoals); }
constexpr int value_count(core::Of<Gesture>) { return 4; }

}  // namespace huntsman::engine::world
