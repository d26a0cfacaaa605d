// The ground of a junction as its lanes tell it.
#pragma once

#include "scenarios/streets/lane_strips.h"

namespace huntsman::scenarios::streets {

// The cover of a whole lane: kerb stones belong to their pavement.
Cover lane_cover(const LaneStrip& lane);

// Heights of the ground of a junction from the lanes that cross it. Where several lanes lie over
// each other the mean of their heights, each weighted by the distance to its road's border, so that
// there are no steps where a lane begins to lie under another.
class LaneField {
  public:
    // The geometry and the spans must outlive it.
    LaneField(const engine::road::RoadGeometry& geometry, std::vector<const Span*> spans);

    // Of the lanes with this cover, driven lanes before others; of the nearest lane beyond them.
    SurfaceSample at(const Vec2& p, Cover cover) const;
    // Whether all lanes of each cover lie at one height within a millimetre.
    bool flat(double& z_m, Cover cover) const;
    const std::vector<const Span*>& spans() const { return spans_; }

  private:
    struct Cell {
        std::uint32_t span = 0, lane = 0;
        double s0 = 0, s1 = 0;
        Vec2 l0, r0, l1, r1;
    };
    struct Weighted;
    bool add(const Cell& cell, const Vec2& p, Weighted& sum) const;
    std::size_t index(std::int64_t x, std::int64_t y) const;

    const engine::road::RoadGeometry* geometry_;
    std::vector<const Span*> spans_;
    std::vector<Cell> cells_;
    Vec2 low_{0, 0};
    std::int64_t columns_ = 0, rows_ = 0;
    std::vector<std::vector<std::uint32_t>> grid_;
    struct Range {
        double low = 1e30, high = -1e30;
    };
    std::vector<Range> range_;  // by cover
};

}  // namespace huntsman::scenarios::streets
