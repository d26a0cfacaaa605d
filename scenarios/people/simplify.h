// Simplification of pieces by collapsing edges onto one of their ends, so that all that a point
// carries stays what it was made with.
//
// Quadrics of planes [Garland & Heckbert 1997] weigh shape; to these come steps of colour, of what
// carries a point, and borders. Points that matter more weigh more. No face turns over, none
// becomes a sliver, and the surface keeps its topology. The library that other meshes are
// simplified with (meshoptimizer 0.18) looks at positions alone and lets faces turn over, which
// faces and hems do not bear.
#pragma once

#include "scenarios/people/piece.h"

namespace huntsman::scenarios::people {

// Collapses until at most `most` faces are left, or none can be collapsed any more. The piece has
// one point for each weld; points that are no longer used stay. `rough`: slivers are allowed, as
// levels for far away need to reach a few faces.
void simplify(Piece& piece, std::size_t most, bool rough = false);

// References
// [Garland & Heckbert 1997] Surface simplification using quadric error metrics, SIGGRAPH.

}  // namespace huntsman::scenarios::people
