// A body as a stack of horizontal outlines from its lower edge to its roof: one half, y >= 0.
//
// An outline is a rectangle between `rear` and `front` of half width `half`, with rounded corners
// and ends that are bowed in plan. Between stations it changes along a smooth curve, so that a
// bonnet, a raked screen and a roof edge are stations whose ends lie behind each other.
#pragma once

#include <vector>

#include "scenarios/bodywork/mesh.h"

namespace huntsman::scenarios::bodywork {

struct Station {
    double z = 0;
    double front = 0, rear = 0, half = 1;          // x of the ends at y = 0, and largest y
    double corner_front = 0.1, corner_rear = 0.1;  // radius of the corners in plan
    double bow_front = 0, bow_rear = 0;  // by how much the ends' sides lie behind their middle
    int steps = 1;                       // to the next station; 1: a straight line
};

// How finely outlines are divided.
struct Division {
    int front = 3, corner = 3, side = 6, rear = 3;
};

struct ShellShape {
    std::vector<Station> stations;  // z does not fall
    Division division;
    std::vector<double> side_at;  // x of more columns along the side
    double side_bow = 0;          // by how much the side's ends lie inside its middle
    double crown = 0.02;          // by how much the roof's middle is above its edge
};

// A station like another one, moved in at all its ends: for roof edges.
Station inset(Station s, double z, double front, double rear, double half);
// Adds a roof edge rounded by an ellipse: `height` of it, and how far each end moves in.
void add_roof_edge(std::vector<Station>& stations, double height, double front, double rear,
                   double half, int steps);

// The half shell with its roof, all of one stuff, and a floor of another.
struct Shell {
    Mesh mesh;
    std::uint32_t skin = 0, floor = 0;  // objects
};
Shell make_shell(const ShellShape& shape, const Stuff& skin, const Stuff& floor);

}  // namespace huntsman::scenarios::bodywork
