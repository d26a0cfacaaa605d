// Meshes of things that stand: trees, lamps, signals, signs, benches, hedges. Origins on the ground
// unless said otherwise.
#pragma once

#include "engine/world/scene.h"

namespace huntsman::scenarios::catalogue {

using engine::world::Mesh;

constexpr int kTreeKinds = 3;  // broad, tall, small
Mesh tree(int kind, std::uint64_t variant);
double trunk_radius_m(int kind);
double tree_height_m(int kind);

// Pole with an arm along +x that carries a lamp.
Mesh street_lamp();
constexpr double kStreetLampHeight_m = 6.5;

// Origin in the housing's centre, lamps shine along +x: red, yellow, green from the top.
Mesh signal_head();
// The same for people: don't walk above walk.
Mesh walk_head();
// A pole of this height, with an arm along +x at its top where `reach_m` is above 0.
Mesh signal_pole(double height_m, double reach_m);

Mesh bench();  // faces +x
Mesh bin();
Mesh hedge(double length_m);  // along x, centred
Mesh fence(double length_m);  // along x, centred
constexpr double kHedgeHeight_m = 1.1, kHedgeWidth_m = 0.7;

}  // namespace huntsman::scenarios::catalogue
