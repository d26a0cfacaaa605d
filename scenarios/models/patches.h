// Lamps and plates that a model lacks, laid on its surface.
#pragma once

#include "engine/core/findings.h"
#include "engine/world/world.h"
#include "scenarios/models/levels.h"

namespace huntsman::scenarios::models {

// Lenses of a patch, one or two. Its outline has round corners. It lies on a smooth surface that is
// fitted to what rays from its side meet, or follows that itself where it is too uneven.
// It stands out of the vehicle's `extent` by no more than it is raised.
// A finding where the ray meets nothing: the patch is left out.
std::vector<Lens> lay_patch(const Patch& patch, const Tree& tree,
                            const engine::world::Extent& extent, engine::core::Findings& findings);

}  // namespace huntsman::scenarios::models
