// Parts that lorries and their trailers share.
#pragma once

#include "scenarios/bodywork/body.h"
#include "scenarios/bodywork/mesh.h"

namespace huntsman::scenarios::bodywork {

Mesh make_cab(const Body& body);
// Rails up to `top`, axles, tank and, where there is room and `guards`, side guards.
Mesh make_frame(const Body& body, double top, bool guards);
// Part of a ring about (x, z), from one angle to another above the horizontal.
Mesh mudguard(double x, double y0, double y1, double z, double radius, double from_rad,
              double to_rad);
// Beam with lamps and plate; its rear face is at x, its middle at height z.
Mesh rear_beam(double x, double half, double z, bool reverse);
// A closed load space from x0 to x1 with doors at x0.
Mesh box_body(double x0, double x1, double half, double z0, double z1, const Stuff& skin);

}  // namespace huntsman::scenarios::bodywork
