#include "scenarios/streets/surface/lane_field.h"

#include <algorithm>

#include "scenarios/streets/surface/polygons.h"

namespace huntsman::scenarios::streets {

namespace math = engine::math;
namespace world = engine::world;

namespace {

constexpr double kGridCell_m = 2.0;
constexpr double kEdge_m = 0.02;  // a point this far outside a lane still counts as on it
constexpr double kFlat_m = 0.001;
constexpr double kAbove_m = 0.1, kKerb_m = 0.3;
// A lane's weight grows from its road's border inwards over this width.
constexpr double kBlend_m = 1.0;

constexpr std::size_t index_of(Cover cover) { return static_cast<std::size_t>(cover); }
constexpr std::size_t kCovers = index_of(Cover::kCount);

// Whether a lane tells the height of ground of a cover: stones lie in their pavement.
bool holds(Cover lane, Cover ground) {
    return lane == ground || (ground == Cover::kKerbStone && lane == Cover::kPaving);
}

double distance_to(const Vec2& p, const Vec2& lo, const Vec2& hi) {
    const Vec2 off = glm::max(glm::max(lo - p, p - hi), Vec2(0));
    return glm::length(off);
}

}  // namespace

Cover lane_cover(const LaneStrip& lane) {
    for (const Cover c : lane.covers) {
        if (c != Cover::kKerbStone) return c;
    }
    return Cover::kKerbStone;
}

LaneField::LaneField(std::vector<const Span*> spans, const engine::road::RoadSurface* surface)
    : spans_(std::move(spans)), surface_(surface), range_(kCovers) {
    Bounds bounds;
    for (std::uint32_t s = 0; s < spans_.size(); ++s) {
        const Span& span = *spans_[s];
        for (const SurfacePoint& p : span.points) bounds.add(p.xy);
        for (const LaneStrip& lane : span.lanes) {
            const Cover cover = lane_cover(lane);
            Range& range = range_[index_of(cover)];
            for (std::uint32_t i = 0; i < span.stations.size(); ++i) {
                for (std::uint32_t c = 0; c < lane.columns(); ++c) {
                    const double z = to_metres(span.at(i, lane.first_column + c).z);
                    range.low = std::min(range.low, z);
                    range.high = std::max(range.high, z);
                }
                if (i == 0) continue;
                for (std::uint32_t c = 0; c + 1 < lane.columns(); ++c) {
                    const std::uint32_t l = lane.first_column + c;
                    cells_.push_back(
                        {s, i - 1, l, cover, world::is_driven(lane.type),
                         to_metres(span.at(i - 1, l).xy), to_metres(span.at(i - 1, l + 1).xy),
                         to_metres(span.at(i, l).xy), to_metres(span.at(i, l + 1).xy)});
                }
            }
        }
    }
    if (cells_.empty()) return;
    std::vector<math::Bounds2> boxes;
    for (const Cell& cell : cells_) {
        boxes.push_back(
            {glm::min(glm::min(cell.l0, cell.r0), glm::min(cell.l1, cell.r1)) - Vec2(2 * kEdge_m),
             glm::max(glm::max(cell.l0, cell.r0), glm::max(cell.l1, cell.r1)) + Vec2(2 * kEdge_m)});
    }
    const math::Bounds2 area{to_metres(bounds.lo) - Vec2(1, 1), to_metres(bounds.hi) + Vec2(1, 1)};
    constexpr double kMaxCells = 1e5;
    grid_ = math::GridIndex(boxes, area, kGridCell_m, kMaxCells);
}

bool LaneField::flat(double& z_m, Cover cover) const {
    Range range = range_[index_of(cover)];
    if (cover == Cover::kKerbStone) {
        const Range& paving = range_[index_of(Cover::kPaving)];
        range.low = std::min(range.low, paving.low);
        range.high = std::max(range.high, paving.high);
    }
    z_m = 0.5 * (range.low + range.high);
    return range.high - range.low < kFlat_m;
}

bool LaneField::add(const Cell& cell, const Vec2& p, bool reach, Weighted& sum) const {
    if (!reach) {
        // Inside the four sides, with a margin.
        const Vec2 corners[] = {cell.r0, cell.r1, cell.l1, cell.l0};
        for (unsigned i = 0; i < 4; ++i) {
            const Vec2 &a = corners[i], &b = corners[(i + 1) % 4];
            if (math::cross(b - a, p - a) < -kEdge_m * glm::length(b - a)) return false;
        }
    }
    // Share of the way between the two stations, then between the two columns.
    const auto beyond = [&](const Vec2& l, const Vec2& r) {
        const double length = glm::length(l - r);
        return length > 1e-9 ? math::cross(p - r, l - r) / length : 0.0;
    };
    const double ahead = beyond(cell.l0, cell.r0), left = -beyond(cell.l1, cell.r1);
    const double u = ahead + left > 1e-9 ? std::clamp(ahead / (ahead + left), 0.0, 1.0) : 0.5;
    const Vec2 l = cell.l0 + u * (cell.l1 - cell.l0), r = cell.r0 + u * (cell.r1 - cell.r0);
    const double width2 = glm::dot(r - l, r - l);
    const double v = width2 > 1e-12 ? std::clamp(glm::dot(p - l, r - l) / width2, 0.0, 1.0) : 0.5;
    const Span& span = *spans_[cell.span];
    const std::uint32_t i = cell.station, c = cell.column;
    const auto mix = [&](auto value) {
        return (1 - u) * ((1 - v) * value(span.at(i, c)) + v * value(span.at(i, c + 1))) +
               u * ((1 - v) * value(span.at(i + 1, c)) + v * value(span.at(i + 1, c + 1)));
    };
    // Distance to the borders of the road.
    const double t = mix([](const SurfacePoint& q) { return q.st.y; });
    const auto border = [&](std::uint32_t column) {
        return (1 - u) * span.at(i, column).st.y + u * span.at(i + 1, column).st.y;
    };
    const double inside = std::min(border(0) - t, t - border(span.columns - 1));
    const double weight = std::clamp(inside / kBlend_m, 1e-4, 1.0);
    sum.weight += weight;
    sum.z += weight * mix([](const SurfacePoint& q) { return to_metres(q.z); });
    sum.normal += weight * mix([](const SurfacePoint& q) { return q.normal; });
    return true;
}

SurfaceSample LaneField::at(const Vec2& p, Cover cover) const {
    SurfaceSample out;
    if (cells_.empty()) return out;
    if (double z = 0; flat(z, cover)) {
        out.z_m = z;
        return out;
    }
    out = of_lanes(p, cover);
    const bool level = cover == Cover::kAsphalt || cover == Cover::kCycleway ||
                       cover == Cover::kGutter || cover == Cover::kGravel;
    if (surface_ == nullptr || !level) return out;
    // Asked from just above, so that no bridge over the junction is meant. Beside kerbs the lanes
    // know better on which side the point is meant to be.
    const engine::road::Surface ground = surface_->at(Vec3(p, out.z_m + kAbove_m));
    if (std::abs(ground.height_m - out.z_m) < kKerb_m) {
        out.z_m = ground.height_m;
        out.normal = ground.normal;
    }
    return out;
}

SurfaceSample LaneField::of_lanes(const Vec2& p, Cover cover) const {
    SurfaceSample out;
    const math::GridIndex::Cells own_cell = grid_.touched_or_border({p, p});
    const Vec2 corner = glm::floor((p - grid_.low()) / grid_.cell_m());
    const int x = static_cast<int>(corner.x), y = static_cast<int>(corner.y);
    Weighted driven, other;
    for (const std::uint32_t c : grid_.items(own_cell.x0, own_cell.y0)) {
        const Cell& cell = cells_[c];
        if (!holds(cell.cover, cover)) continue;
        if (cell.driven) {
            add(cell, p, false, driven);
        } else if (driven.weight == 0) {
            add(cell, p, false, other);
        }
    }
    Weighted sum = driven.weight > 0 ? driven : other;
    // Beyond all lanes of this cover: as the nearest one, of any cover if need be.
    for (const bool any : {false, true}) {
        if (sum.weight > 0) break;
        double best = 1e30;
        const Cell* nearest = nullptr;
        for (int ring = 0; ring <= grid_.columns() + grid_.rows(); ++ring) {
            if (nearest != nullptr && best < grid_.cell_m() * (ring - 1)) break;
            for (int j = y - ring; j <= y + ring; ++j) {
                const bool whole = j == y - ring || j == y + ring;
                for (int i = x - ring; i <= x + ring; i += whole || ring == 0 ? 1 : 2 * ring) {
                    if (i < 0 || j < 0 || i >= grid_.columns() || j >= grid_.rows()) continue;
                    for (const std::uint32_t c : grid_.items(i, j)) {
                        const Cell& cell = cells_[c];
                        if (!any && !holds(cell.cover, cover)) continue;
                        const double d = distance_to(
                            p, glm::min(glm::min(cell.l0, cell.r0), glm::min(cell.l1, cell.r1)),
                            glm::max(glm::max(cell.l0, cell.r0), glm::max(cell.l1, cell.r1)));
                        if (d < best) {
                            best = d;
                            nearest = &cell;
                        }
                    }
                }
            }
        }
        if (nearest != nullptr) add(*nearest, p, true, sum);
    }
    if (sum.weight > 0) {
        out.z_m = sum.z / sum.weight;
        out.normal = glm::normalize(sum.normal);
    }
    return out;
}

}  // namespace huntsman::scenarios::streets
