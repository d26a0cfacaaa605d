// What a map holds, in numbers, and its lane borders as a table.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/math/vec.h"
#include "engine/world/road_model.h"

namespace huntsman::scenarios::opendrive {

struct Survey {
    std::size_t roads = 0, connecting_roads = 0, sections = 0, lanes = 0, marks = 0;
    double road_length_m = 0;  // of reference lines
    // By name of the lane type: number of lanes (one a section) and their length together.
    struct Lanes {
        std::size_t number = 0;
        double length_m = 0;
    };
    std::map<std::string, Lanes> lane_types;
    std::map<std::string, std::size_t> pieces;     // of reference lines, by kind
    std::map<std::string, std::size_t> junctions;  // by kind
    std::size_t connections = 0, controllers = 0, junction_groups = 0;
    std::size_t lights = 0, signs = 0, signal_references = 0;
    std::map<std::string, std::size_t> objects;  // by type
    std::size_t bridges = 0, tunnels = 0;
    // Box around all lanes, by samples every 5 m; zero where there are none.
    engine::math::Vec3 low{0, 0, 0}, high{0, 0, 0};
};
Survey survey(const engine::world::RoadModel& model);

// The outer border of every lane of every section (lane 0: the reference line with lane offset), as
// CSV with the header road,section,lane,s,x,y,z,heading,width. A section is divided into equal
// steps of at most `step_m`; its last row lies at its end.
std::string sample_csv(const engine::world::RoadModel& model, double step_m);
// Number of rows that this gives.
double sample_rows(const engine::world::RoadModel& model, double step_m);

}  // namespace huntsman::scenarios::opendrive
