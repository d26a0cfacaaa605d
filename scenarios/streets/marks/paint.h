// Paint on the ground: ribbons along lane borders and flat shapes, laid a little above it at every
// level of detail.
#pragma once

#include <functional>
#include <optional>

#include "scenarios/streets/surface/tile_mesh.h"

namespace huntsman::scenarios::streets {

catalogue::Colour paint_colour(engine::world::MarkColour colour);

// Where a ribbon runs: along the border between two lanes of a span.
struct Border {
    const Span* span = nullptr;
    // Columns of the border, of the lane on its left and of the one on its right; kNone: no lane.
    std::uint32_t left = engine::world::kNone, right = engine::world::kNone;
};
// The border on which the marks of a lane stand (lane 0: between the two sides). Nothing where the
// lane has no width in this span.
std::optional<Border> border_of(const Span& span, int lane);

// Lays ribbons of one road into the tiles it runs through.
class RibbonPainter {
  public:
    // `ground` is the junction's where the road is a connecting road, else nullptr.
    RibbonPainter(const Surface& surface, std::uint32_t road, const JunctionGround* ground,
                  TileMesh& tile, double from_m, double to_m)
        : surface_(surface),
          road_(road),
          ground_(ground),
          tile_(tile),
          from_m_(from_m),
          to_m_(to_m) {}

    // A ribbon of a width from s0 to s1, its middle `offset` left of the border. The part outside
    // of the tile is left out. `offset` is asked at every station.
    template <typename Offset>
    void ribbon(std::size_t span, const Border& border, double s0, double s1, double width_m,
                catalogue::Colour colour, Offset offset);

  private:
    struct Row {
        double s;
        Vec3 left, right, normal;
    };
    // Ends of the ribbon's cross-section at s, from the rows of one level.
    Row row(const Span& span, const std::vector<std::uint32_t>& kept, const Border& border,
            double s, double offset_m, double width_m) const;
    void emit(std::size_t level, const std::vector<Row>& rows, catalogue::Colour colour);
    std::vector<double> stations(std::size_t level, std::size_t span, double s0, double s1) const;

    const Surface& surface_;
    std::uint32_t road_;
    const JunctionGround* ground_;
    TileMesh& tile_;
    double from_m_, to_m_;
};

template <typename Offset>
void RibbonPainter::ribbon(std::size_t span, const Border& border, double s0, double s1,
                           double width_m, catalogue::Colour colour, Offset offset) {
    const double from = std::max(s0, from_m_), to = std::min(s1, to_m_);
    if (to - from < 0.01) return;
    const Span& of = surface_.roads[road_].spans[span];
    for (std::size_t level = 0; level < kLevels; ++level) {
        std::vector<Row> rows;
        for (const double s : stations(level, span, from, to)) {
            rows.push_back(
                row(of, surface_.kept[level][road_][span], border, s, offset(s), width_m));
        }
        emit(level, rows, colour);
    }
}

// What flat shapes are made of. Those that lie lower are covered by those that lie higher.
struct Coat {
    engine::world::Material material = engine::world::Material::kRoadMark;
    engine::world::Semantic semantic = engine::world::Semantic::kRoadMark;
    double lift = 1.0;  // share of a level's lift, in (0, 1]
};

// Lays flat shapes, given in plan (W), over the exact ground.
class ShapePainter {
  public:
    using Height = std::function<SurfaceSample(const Vec2&)>;
    ShapePainter(TileMesh& tile, Height height, const Coat& coat = {})
        : tile_(tile), height_(std::move(height)), coat_(coat) {}

    // A polygon without holes; long sides are divided so that it follows the ground. `coarsest` is
    // the last level that shows it.
    void polygon(const std::vector<Vec2>& corners, catalogue::Colour colour,
                 std::size_t coarsest = kLevels - 1);
    void rings(const Rings& rings, catalogue::Colour colour, std::size_t coarsest = kLevels - 1);
    // A straight band of a width.
    void band(const Vec2& a, const Vec2& b, double width_m, catalogue::Colour colour,
              std::size_t coarsest = kLevels - 1);

  private:
    TileMesh& tile_;
    Height height_;
    Coat coat_;
};

}  // namespace huntsman::scenarios::streets
