#include "engine/physics/footpaths.h"

#include <algorithm>

#include "engine/math/geometry.h"
#include "engine/road/road_map.h"

namespace huntsman::engine::physics {

using math::Vec2;

namespace {

constexpr double kCell_m = 4.0;
constexpr double kBeside_m = 0.6;  // people also step beside the walkway's edge

}  // namespace

Footpaths::Footpaths(const world::RoadNetwork& roads) {
    Vec2 high{0, 0};
    for (const world::Walkway& walkway : roads.walkways) {
        for (std::size_t i = 0; i + 1 < walkway.points.size(); ++i) {
            const math::Vec3 &a = walkway.points[i], &b = walkway.points[i + 1];
            const Vec2 ab = math::xy(b - a);
            const double length2 = glm::dot(ab, ab);
            if (length2 <= 0.0) continue;
            const double reach = 0.5 * walkway.width_m + kBeside_m;
            if (segments_.empty()) low_ = high = math::xy(a);
            low_ = glm::min(low_, glm::min(math::xy(a), math::xy(b)) - reach);
            high = glm::max(high, glm::max(math::xy(a), math::xy(b)) + reach);
            segments_.push_back({math::xy(a), ab, 1.0 / length2, a.z, b.z - a.z, reach});
        }
    }
    if (segments_.empty()) return;
    // Each segment into the cells around it.
    columns_ = static_cast<std::int64_t>((high.x - low_.x) / kCell_m) + 1;
    rows_ = static_cast<std::int64_t>((high.y - low_.y) / kCell_m) + 1;
    std::vector<std::vector<std::uint32_t>> cells(static_cast<std::size_t>(columns_ * rows_));
    for (std::uint32_t i = 0; i < segments_.size(); ++i) {
        const Segment& g = segments_[i];
        const Vec2 from = (glm::min(g.a, g.a + g.ab) - g.reach_m - low_) / kCell_m;
        const Vec2 to = (glm::max(g.a, g.a + g.ab) + g.reach_m - low_) / kCell_m;
        for (auto y = static_cast<std::int64_t>(from.y); y <= static_cast<std::int64_t>(to.y);
             ++y) {
            for (auto x = static_cast<std::int64_t>(from.x); x <= static_cast<std::int64_t>(to.x);
                 ++x) {
                if (x < columns_ && y < rows_) {
                    cells[static_cast<std::size_t>(y * columns_ + x)].push_back(i);
                }
            }
        }
    }
    begin_.push_back(0);
    for (const auto& cell : cells) {
        items_.insert(items_.end(), cell.begin(), cell.end());
        begin_.push_back(static_cast<std::uint32_t>(items_.size()));
    }
}

std::optional<double> Footpaths::height_m(const math::Vec3& place) const {
    if (segments_.empty()) return std::nullopt;
    const Vec2 p = math::xy(place);
    const Vec2 q = (p - low_) / kCell_m;
    if (q.x < 0 || q.y < 0) return std::nullopt;
    const auto x = static_cast<std::int64_t>(q.x), y = static_cast<std::int64_t>(q.y);
    if (x >= columns_ || y >= rows_) return std::nullopt;
    const auto cell = static_cast<std::size_t>(y * columns_ + x);
    double best2 = 1e30, height = 0;
    for (std::uint32_t k = begin_[cell]; k < begin_[cell + 1]; ++k) {
        const Segment& g = segments_[items_[k]];
        const double u = std::clamp(glm::dot(p - g.a, g.ab) * g.inverse_length2, 0.0, 1.0);
        const Vec2 off = p - g.a - u * g.ab;
        const double d2 = glm::dot(off, off);
        const double z = g.z + u * g.dz;
        if (d2 > g.reach_m * g.reach_m || d2 >= best2) continue;
        if (std::abs(z - place.z) > road::kLevel_m) continue;
        best2 = d2;
        height = z;
    }
    return best2 < 1e30 ? std::optional(height) : std::nullopt;
}

}  // namespace huntsman::engine::physics
