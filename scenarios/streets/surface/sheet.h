// The ground as sheets of triangles on the lattice, before they become meshes: sheets of
// neighbouring tiles are welded until they share every point of their common borders, then kerb
// faces and skirts close all sides.
#pragma once

#include <array>

#include "engine/world/scene.h"
#include "scenarios/streets/surface/lane_strips.h"

namespace huntsman::scenarios::streets {

struct SheetVertex {
    LatticePoint xy;
    std::int64_t z = 0;
    Vec3 normal{0, 0, 1};
    Vec2 st{0, 0};            // texture coordinates of paving [m]
    std::uint32_t patch = 0;  // what is welded: vertices of one patch are never joined
};

// An upright face below an edge a -> b whose sheet lies on its left.
struct Wall {
    LatticePoint a, b;
    std::int64_t a_high = 0, b_high = 0, a_low = 0, b_low = 0;
    Cover cover = Cover::kAsphalt;  // of the sheet above
    bool skirt = false;             // nothing lies beyond: the face ends in the ground
};

// Where a point lies within its lane, as an affine function of W.xy: parts of a triangle that is
// cut keep it.
struct LaneMap {
    Vec2 at_origin{0, 0};  // across from 0 (inner border) to 1; metres along
    Vec2 per_x{0, 0}, per_y{0, 0};
    Vec2 origin{0, 0};
    engine::world::LaneUse use = engine::world::LaneUse::kOther;
    std::uint32_t name = 0;  // of the lane, for its own variation
    Vec2 at(const Vec2& p) const {
        return at_origin + (p.x - origin.x) * per_x + (p.y - origin.y) * per_y;
    }
};

struct Sheet {
    std::vector<SheetVertex> vertices;
    struct Triangle {
        std::array<std::uint32_t, 3> v{};  // counter-clockwise seen from above
        Cover cover = Cover::kAsphalt;
        std::uint32_t lane = engine::world::kNone;  // index into lanes; none in junctions
    };
    std::vector<LaneMap> lanes;
    std::vector<Triangle> triangles;
    std::vector<Wall> walls;
};

// Depth of skirts: terrain that lies a little lower shows no gap.
constexpr double kSkirt_m = 0.4;

// Appends the stations `kept` (increasing indices) of a span, as one patch.
void add_span(const Span& span, const std::vector<std::uint32_t>& kept, std::uint32_t patch,
              Sheet& sheet);

// Moves border points of different patches that nearly coincide onto each other and splits borders
// at points of others that lie on them.
void weld(std::vector<Sheet>& sheets);

// An edge of the outline, with its sheet on its left.
struct OutlineEdge {
    LatticePoint a, b;
    std::int64_t a_z = 0, b_z = 0;
    std::uint32_t sheet = 0;
    Cover cover = Cover::kAsphalt;
};

// Edges of the sheets that count beyond which no other sheet that counts goes on, at any height.
std::vector<OutlineEdge> open_sides(const std::vector<Sheet>& sheets,
                                    const std::vector<bool>& take);

// Fills `walls` of all sheets; returns the edges beyond which there is no sheet.
std::vector<OutlineEdge> close_sides(std::vector<Sheet>& sheets);

}  // namespace huntsman::scenarios::streets
