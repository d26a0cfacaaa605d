// Our semantic classes in the words of nuScenes.
#pragma once

#include <span>
#include <string>

#include "engine/world/ids.h"

namespace huntsman::sensors::labels {

// nuScenes [Caesar et al. 2020]: "vehicle.car", ...; nullptr for classes that nuScenes has no boxes
// of. `kind` is the archetype's name: its words tell children from adults, police cars and
// ambulances from other vehicles, cones and barriers from other loose things.
const char* nuscenes_category(engine::world::Semantic semantic, const std::string& kind);
// A kind for each word that makes a difference, and an empty one.
std::span<const char* const> nuscenes_kinds();

// "vehicle.moving", ...: one for vehicles, cycles and people, nullptr for animals and things. Above
// 0.2 m/s a thing moves.
const char* nuscenes_attribute(engine::world::Semantic semantic, bool parked, double speed_mps);
std::span<const char* const> nuscenes_attributes();

}  // namespace huntsman::sensors::labels
