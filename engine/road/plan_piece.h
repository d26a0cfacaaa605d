// Points of one piece of a reference line: line, arc, clothoid or cubic.
//
// All are functions of the length along the piece, which is what s counts. Clothoids are integrated
// to 1e-12 m. Cubics run over a parameter of their own, also those of range "arcLength", whose
// authors rarely meet unit speed exactly: they are measured, and the whole range of the parameter
// is stretched to the piece's stated length. That measure is the ArcTable.
#pragma once

#include <vector>

#include "engine/math/vec.h"
#include "engine/world/road_model.h"

namespace huntsman::engine::road {

struct ReferencePoint {
    math::Vec2 p{0, 0};
    double heading_rad = 0;  // in [-pi, pi]
    double curvature_per_m = 0;
};

// Length along a cubic at equal steps of its parameter; empty for pieces that need none.
struct ArcTable {
    std::vector<double> s_m;
    double end = 0;    // parameter at the last step
    double scale = 1;  // length along the cubic per length along the piece
};
ArcTable arc_table(const world::PlanPiece& piece);

// The point `ds_m` after the piece's start, with the piece's table. The second form makes the table
// for this one call.
ReferencePoint plan_point(const world::PlanPiece& piece, const ArcTable& arcs, double ds_m);
ReferencePoint plan_point(const world::PlanPiece& piece, double ds_m);

}  // namespace huntsman::engine::road
