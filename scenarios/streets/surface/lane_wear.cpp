#include "scenarios/streets/surface/lane_wear.h"

#include <algorithm>
#include <cmath>

namespace huntsman::scenarios::streets {

namespace math = engine::math;
namespace world = engine::world;

// What the asphalt of the k-th lane of a span is used for.
world::LaneUse use_of(const Span& span, std::size_t k) {
    const LaneStrip& lane = span.lanes[k];
    if (lane.type == world::LaneType::kParking) return world::LaneUse::kParking;
    if (!world::is_driven(lane.type)) return world::LaneUse::kOther;
    // The outer neighbour, and what of it touches the lane.
    const bool left = lane.lane > 0;
    if (left ? k == 0 : k + 1 == span.lanes.size()) return world::LaneUse::kDriven;
    const LaneStrip& outer = span.lanes[left ? k - 1 : k + 1];
    const Cover cover = left ? outer.covers.back() : outer.covers.front();
    const bool kerb = cover == Cover::kKerbStone || cover == Cover::kIsland ||
                      cover == Cover::kPaving || cover == Cover::kGrass;
    return kerb ? world::LaneUse::kDrivenAtKerb : world::LaneUse::kDriven;
}

// Share of the lane's width from its inner border, and the way along the road.
Vec2 place_in_lane(const Span& span, const LaneStrip& lane, std::uint32_t row,
                   std::uint32_t column) {
    const double first = span.at(row, lane.first_column).st.y,
                 last = span.at(row, lane.first_column + lane.columns() - 1).st.y;
    const Vec2 st = span.at(row, lane.first_column + column).st;
    const double from_left = (first - st.y) / std::max(0.05, first - last);
    return {std::clamp(lane.lane > 0 ? 1 - from_left : from_left, 0.0, 1.0), st.x};
}

// The affine function with these values at a triangle's corners.
LaneMap lane_map(const std::array<Vec2, 3>& p, const std::array<Vec2, 3>& value) {
    LaneMap map;
    map.origin = p[0];
    map.at_origin = value[0];
    const Vec2 b = p[1] - p[0], c = p[2] - p[0];
    const double area = math::cross(b, c);
    // Slivers have one value.
    constexpr double kLeast_m2 = 1e-4;
    if (std::abs(area) < kLeast_m2) return map;
    const Vec2 db = value[1] - value[0], dc = value[2] - value[0];
    map.per_x = (db * c.y - dc * b.y) / area;
    map.per_y = (dc * b.x - db * c.x) / area;
    return map;
}

}  // namespace huntsman::scenarios::streets
