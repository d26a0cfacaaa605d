// Our semantic classes in the words of nuScenes and the colours of Cityscapes.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "engine/world/ids.h"

namespace huntsman::sensors::labels {

using Rgb8 = std::array<std::uint8_t, 3>;

// nuScenes [Caesar et al. 2020]: "vehicle.car", ...; nullptr for classes that nuScenes has no boxes
// of. `kind` is the archetype's name: it tells children from adults.
const char* nuscenes_category(engine::world::Semantic semantic, const std::string& kind);

// "vehicle.moving", ...: exactly one for vehicles, cycles and people. Above 0.2 m/s a thing moves.
const char* nuscenes_attribute(engine::world::Semantic semantic, bool parked, double speed_mps);
std::span<const char* const> nuscenes_attributes();

// A colour for each of our classes, for pictures: that of Cityscapes where it has the class [Cordts
// et al. 2016, cityscapesScripts, labels.py].
Rgb8 colour_of(engine::world::Semantic semantic);

}  // namespace huntsman::sensors::labels
