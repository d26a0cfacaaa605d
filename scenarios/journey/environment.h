// Light and weather drawn from a key.
#pragma once

#include "engine/core/random.h"
#include "engine/world/world.h"

namespace huntsman::scenarios::journey {

engine::world::Environment environment(const engine::core::Key& key);

}  // namespace huntsman::scenarios::journey
