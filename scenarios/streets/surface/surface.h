// The ground of all roads of a map, tile by tile and level by level.
#pragma once

#include <memory>

#include "scenarios/streets/surface/junction_area.h"
#include "scenarios/streets/surface/levels.h"

namespace huntsman::scenarios::streets {

constexpr std::size_t kLevels = 3;
struct LevelOfDetail {
    Tolerance tolerance;
    double error_m;  // of the whole level, marks included
    double lift_m;   // of marks over the exact surface, so that no chord covers them
};
// Height tolerances bound how far a chord may rise above the exact surface; a mark's own chord may
// sink as far, so marks are lifted by twice that and 2 mm more.
constexpr LevelOfDetail kLevelsOfDetail[kLevels] = {
    {{0.004, 0.0015}, 0.0, 0.005}, {{0.03, 0.010}, 0.035, 0.022}, {{0.15, 0.040}, 0.17, 0.082}};

// A piece of ground that becomes one mesh: a stretch of a road, or a junction.
struct Tile {
    std::uint32_t road = engine::world::kNone;
    std::uint32_t junction = engine::world::kNone;
    double s_begin_m = 0, s_end_m = 0;
    Level level = Level::kGround;
};

struct RoadSpans {
    std::vector<Span> spans;
    std::vector<double> cuts;  // borders of tiles, both ends included
};

// What is known of a junction's ground beyond its sheets.
struct JunctionGround {
    std::uint32_t junction = 0;
    LaneField field;
    Rings carriageway;  // its asphalt
};

struct Surface {
    std::unique_ptr<engine::road::RoadSurface> wheels;  // what wheels stand on
    std::vector<RoadSpans> roads;                       // by road, as in the model
    std::vector<JunctionGround> junctions;
    std::vector<std::uint32_t> ground_of;  // by junction: index into `junctions`, or kNone
    std::vector<Tile> tiles;
    // By level and tile; the levels of a tile share the borders to its neighbours.
    std::array<std::vector<Sheet>, kLevels> sheets;
    // Stations of each span of each road at each level: kept[level][road][span].
    std::array<std::vector<std::vector<std::vector<std::uint32_t>>>, kLevels> kept;
    std::vector<OutlineEdge> outline;  // of the finest level
};

// Cost: some 10 us for each station of each road and each level.
Surface build_surface(const engine::road::RoadGeometry& geometry);

}  // namespace huntsman::scenarios::streets
