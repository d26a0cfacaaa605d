// Snap rounding [Hobby 1999]: edges that cross are bent a little, so that they meet in points of
// the lattice and nowhere else.
//
// Every end of an edge and every crossing, rounded to the lattice, is a hot point. An edge becomes
// the chain of the hot points whose squares (one step wide) it passes through. Such chains no
// longer cross, share no more than points and whole edges, and leave their edge by at most half a
// step along x and along y. All tests are exact.
//
// [Hobby 1999] J. D. Hobby, Practical segment intersection with finite precision output,
// Computational Geometry 13(4).
#pragma once

#include "scenarios/streets/surface/lattice.h"

namespace huntsman::scenarios::streets {

// The same rings with the hot points on their edges. Points that lie beside each other and are
// equal become one; a ring of two points is an edge there and back. Coordinates may differ by 2^30
// steps. Rings that do not cross stay as they are. Cost: about 0.5 us a point and a crossing where
// edges are short.
Rings snap_rounded(const Rings& rings);

}  // namespace huntsman::scenarios::streets
