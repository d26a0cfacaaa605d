// A rig drawn: reach from above, coverage of the horizon, mounting from above and from the side,
// and a table of its cameras.
#pragma once

#include "engine/draw/drawing.h"
#include "engine/world/rig.h"
#include "engine/world/world.h"
#include "sensors/rig/coverage.h"

namespace huntsman::sensors::rig {

// `car`: outline of the vehicle that carries the rig.
engine::draw::Drawing plot(const engine::world::Rig& rig, const Coverage& coverage,
                           const engine::world::Extent& car);

// An azimuth's tenths of a degree as words: "12.5° left", "ahead", "behind".
std::string azimuth_text(int tenths);

// Pixels a degree at the picture's centre.
double px_per_degree(const engine::world::Camera& camera);

}  // namespace huntsman::sensors::rig
