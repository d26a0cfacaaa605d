// Lamps and plates that a model lacks, laid on its surface.
#pragma once

#include "engine/core/findings.h"
#include "scenarios/models/levels.h"

namespace huntsman::scenarios::models {

// Lenses of a patch, one or two. Its outline has round corners. It lies on a smooth surface that is
// fitted to what rays from its side meet, or follows that itself where it is too uneven.
// A finding where the ray meets nothing: the patch is left out.
std::vector<Lens> lay_patch(const Patch& patch, const Tree& tree, engine::core::Findings& findings);

}  // namespace huntsman::scenarios::models
