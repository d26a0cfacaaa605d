// Meshes of things that stand beside and on roads: cones, barriers, posts, shelters. Origins on the
// ground, x along the road, y across it.
#pragma once

#include "engine/world/scene.h"

namespace huntsman::scenarios::catalogue {

engine::world::Mesh traffic_cone(double height_m);
// A red and white board on two feet, `width_m` wide along y.
engine::world::Mesh works_barrier(double width_m, double height_m);
engine::world::Mesh bollard(double height_m, double radius_m);
// White delineator post with its black band.
engine::world::Mesh guide_post(double height_m);
// Open towards +y.
engine::world::Mesh bus_shelter(double length_m, double width_m, double height_m);
// A plain pole; `dark` ones are wood.
engine::world::Mesh plain_pole(double height_m, double radius_m, bool wood);
// A bush of this height and width.
engine::world::Mesh bush(double height_m, double width_m);
// A heap of building material.
engine::world::Mesh heap(double length_m, double width_m, double height_m);

}  // namespace huntsman::scenarios::catalogue
