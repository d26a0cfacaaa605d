// The ground of a junction as its lanes tell it.
#pragma once

#include "engine/math/grid_index.h"
#include "engine/road/road_surface.h"
#include "scenarios/streets/surface/lane_strips.h"

namespace huntsman::scenarios::streets {

// The cover of a whole lane: kerb stones belong to their pavement.
Cover lane_cover(const LaneStrip& lane);

// Heights of the ground of a junction from the lanes that cross it. The carriageway is that which
// wheels stand on (engine/road/road_surface.h). For pavements and islands, which rise upright from
// it, and where that surface knows nothing: the mean of the heights of the lanes that lie over each
// other, each weighted by the distance to its road's border, so that there are no steps where a
// lane begins to lie under another. These heights are those of the lanes' samples, linear between
// them: within their tolerance of the exact ones.
class LaneField {
  public:
    // Spans and surface must outlive it; `surface` may be null.
    LaneField(std::vector<const Span*> spans, const engine::road::RoadSurface* surface);

    // Of the lanes with this cover, driven lanes before others; of the nearest lane beyond them.
    SurfaceSample at(const Vec2& p, Cover cover) const;
    // Whether all lanes of each cover lie at one height within a millimetre.
    bool flat(double& z_m, Cover cover) const;
    const std::vector<const Span*>& spans() const { return spans_; }

  private:
    // Between two stations and two columns.
    struct Cell {
        std::uint32_t span = 0, station = 0, column = 0;
        Cover cover = Cover::kAsphalt;  // of the lane
        bool driven = false;
        Vec2 l0, r0, l1, r1;
    };
    struct Weighted {
        double weight = 0, z = 0;
        Vec3 normal{0, 0, 0};
    };
    // Adds a cell's height at p. Outside of the cell nothing, unless it is asked to `reach` p.
    bool add(const Cell& cell, const Vec2& p, bool reach, Weighted& sum) const;

    SurfaceSample of_lanes(const Vec2& p, Cover cover) const;
    std::vector<const Span*> spans_;
    const engine::road::RoadSurface* surface_;
    std::vector<Cell> cells_;
    engine::math::GridIndex grid_;
    struct Range {
        double low = 1e30, high = -1e30;
    };
    std::vector<Range> range_;  // by cover
};

}  // namespace huntsman::scenarios::streets
