// What a renderer has uploaded of a world, in short.
#pragma once

#include <cstdint>

#include "engine/world/world.h"

namespace huntsman::bridge::live {

// The same for worlds that look the same but for light and weather and for who is where: hash of
// all meshes, placed instances, archetypes and static objects. Takes some 10 ms for a town.
std::uint64_t scene_key(const engine::world::World& world);
// Of light and weather.
std::uint64_t light_key(const engine::world::World& world);

}  // namespace huntsman::bridge::live
