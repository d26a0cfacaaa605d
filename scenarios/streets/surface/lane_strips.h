// Lanes of roads as strips of points: at stations along the road so close that chords stay within a
// tolerance of the exact geometry, and at columns across each lane.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/road/road_geometry.h"
#include "scenarios/streets/surface/lattice.h"

namespace huntsman::scenarios::streets {

// What a part of the ground is covered with.
enum class Cover : std::uint8_t {
    kAsphalt,
    kCycleway,   // tinted asphalt
    kGutter,     // concrete edge strips
    kPaving,     // pavements
    kKerbStone,  // stones along the edge of raised paving
    kIsland,     // raised or narrow medians
    kGrass,
    kGravel,  // tracks
    kCount,
};

// How far chords may stray from the exact geometry: in plan, and in height.
struct Tolerance {
    double plan_m = 0.004, height_m = 0.0015;
};

struct SurfacePoint {
    LatticePoint xy;
    std::int64_t z = 0;  // lattice steps
    Vec3 normal{0, 0, 1};
    Vec2 st{0, 0};  // road coordinates [m]
};

struct LaneStrip {
    int lane = 0;
    engine::world::LaneType type = engine::world::LaneType::kUnused;
    std::uint32_t first_column = 0;  // in Span's rows; columns run from left to right
    std::vector<Cover> covers;       // between columns k and k + 1
    double max_width_m = 0;
    std::uint32_t columns() const { return static_cast<std::uint32_t>(covers.size()) + 1; }
};

// A stretch of one lane section in which nothing jumps.
struct Span {
    std::uint32_t road = 0, section = 0;
    std::vector<double> stations;      // at least two, increasing
    std::vector<LaneStrip> lanes;      // from left to right; lanes without width left out
    std::uint32_t columns = 0;         // of all lanes together
    std::vector<SurfacePoint> points;  // stations x columns
    std::vector<Vec2> lefts;           // unit vectors across the road, by station
    std::vector<std::uint32_t> must;   // stations that every level of detail keeps

    const SurfacePoint& at(std::size_t station, std::uint32_t column) const {
        return points[station * columns + column];
    }
};

// Samples a road. `cuts` are stations that all levels keep (borders of tiles).
std::vector<Span> sample_road(const engine::road::RoadGeometry& geometry, std::uint32_t road,
                              const Tolerance& tolerance, const std::vector<double>& cuts);

// Stations of a span that suffice for a coarser tolerance; first, last and `must` are kept.
std::vector<std::uint32_t> coarser(const Span& span, const Tolerance& tolerance);

// The area of a lane of a span (or of a range of lanes that stand side by side), taken at these
// stations; counter-clockwise.
Ring strip_ring(const Span& span, const std::vector<std::uint32_t>& stations,
                std::size_t first_lane, std::size_t last_lane);

// Height and slopes of the surface of one lane.
struct SurfaceSample {
    double z_m = 0;
    Vec3 normal{0, 0, 1};
};
SurfaceSample sample_surface(const engine::road::RoadGeometry& geometry, std::uint32_t road,
                             std::uint32_t section, int lane, double s_m, double t_m);

}  // namespace huntsman::scenarios::streets
