// Coarser levels of detail of a mesh, for what has none of its own.
//
// Levels of small error keep the edges that bound a submesh, so that neighbours never come apart;
// in the others, which are seen from afar only, these may move within the error too. Thinned by
// quadric error [Garland and Heckbert 1997] as meshoptimizer has it.
//   Garland, M., Heckbert, P.: Surface simplification using quadric error metrics, SIGGRAPH 1997.
#pragma once

#include <span>

#include "engine/world/scene.h"

namespace huntsman::scenarios::catalogue {

// Appends a level for each of the growing `errors_m`, made from the mesh's finest level. A level
// that would save less than a quarter of the one before is left out.
void add_levels(engine::world::Mesh& mesh, std::span<const float> errors_m);

}  // namespace huntsman::scenarios::catalogue
