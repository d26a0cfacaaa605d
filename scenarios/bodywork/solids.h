// Small parts: boxes with rounded edges, tubes, turned profiles.
#pragma once

#include "scenarios/bodywork/imprint.h"
#include "scenarios/bodywork/mesh.h"

namespace huntsman::scenarios::bodywork {

// A box with edges rounded by `radius` in `steps` chords.
Mesh box(const Vec3& low, const Vec3& high, double radius, const Stuff& what, int steps = 1);
// Without rounding; 12 faces.
Mesh plain_box(const Vec3& low, const Vec3& high, const Stuff& what);

// A tube along points, with the radius at each; ends closed by flat caps, or by round ones.
Mesh tube(const std::vector<Vec3>& path, const std::vector<double>& radii, int sides,
          const Stuff& what, bool round_ends = false);
Mesh tube(const std::vector<Vec3>& path, double radius, int sides, const Stuff& what,
          bool round_ends = false);
// A smooth path through points: `steps` for each stretch.
std::vector<Vec3> smooth(const std::vector<Vec3>& points, int steps);

// (distance from the axis, y) turned about y, from one end to the other: with y falling along the
// profile of an outer surface its faces look outwards. A closed profile returns to its beginning.
Mesh lathe(const std::vector<Vec2>& profile, int sides, const Stuff& what, bool closed = false);

// A plate between an outline and the same at another depth: `outline` in (y, z), extruded along x
// from x0 to x1 > x0, both ends closed; the outline must be convex.
Mesh extrude_x(const Outline& outline, double x0, double x1, const Stuff& what);
// In (x, z), along y.
Mesh extrude_y(const Outline& outline, double y0, double y1, const Stuff& what);

// Half an ellipsoid, flat side towards -x, for lenses and mirrors' backs.
Mesh dome_x(const Vec3& middle, double depth, double radius_y, double radius_z, int sides,
            int rings, const Stuff& what);

}  // namespace huntsman::scenarios::bodywork
