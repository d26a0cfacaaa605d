// Steps of make_layout that stand in files of their own.
#pragma once

#include "engine/core/dice.h"
#include "scenarios/town/layout.h"

namespace huntsman::scenarios::town {

using engine::core::Dice;

// Fills an arm's direction, borders and lanes from its street.
void fill_arm(const Street& street, Arm& arm);

// The turning circle of a dead end: out to the right, around to the left, back in.
struct TurningCircle {
    double out_radius_m = 12.0, ring_radius_m = 6.5;
    double out_turn_rad = 0;  // of each of the two bends to the right
    double reach_m = 0;       // from the circle's centre to where the street ends
};
TurningCircle turning_circle(const Arm& arm);

constexpr double kRingLane_m = 5.0;                                 // width of a roundabout's lane
constexpr double kRingBeta_rad = 28.0 * 3.141592653589793 / 180.0;  // half an arm's share of it
double roundabout_cut_m(const Node& node, const Arm& arm);

// A motorway from the east end of a main road around the north to its west end, with a diamond
// interchange where a main road leaves the town northwards. False where there is no such road.
bool add_motorway(Layout& layout, double size_m);

// Heights of nodes and streets.
void add_heights(Layout& layout, const engine::core::Key& key, const TownStyle& style);

// A straight railway between two rows of streets, and its height above all of them.
void add_railway(Layout& layout, Dice& dice, double size_m);
double railway_height_m(const Layout& layout);

}  // namespace huntsman::scenarios::town
