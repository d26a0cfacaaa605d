// Lamps and plates that a model lacks, laid on its surface.
#pragma once

#include "engine/core/findings.h"
#include "scenarios/models/levels.h"

namespace huntsman::scenarios::models {

// Lenses of a patch, one or two. Its middle is brought to the surface that a ray from its side
// meets first, and its grid follows the surface as far as that is within the patch's own size.
// A finding where the ray meets nothing: the patch is left out.
std::vector<Lens> lay_patch(const Patch& patch, const Tree& tree, engine::core::Findings& findings);

}  // namespace huntsman::scenarios::models
