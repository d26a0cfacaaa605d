#include "scenarios/streets/lane_field.h"

#include <algorithm>

#include "scenarios/streets/polygons.h"

namespace huntsman::scenarios::streets {

namespace math = engine::math;
namespace world = engine::world;
using engine::road::RoadGeometry;

namespace {

constexpr double kGridCell_m = 2.0;
constexpr double kEdge_m = 0.02;  // a point this far outside a lane still counts as on it
constexpr double kFlat_m = 0.001;
// A lane's weight grows from its road's border inwards over this width.
constexpr double kBlend_m = 1.0;

constexpr std::size_t index_of(Cover cover) { return static_cast<std::size_t>(cover); }
constexpr std::size_t kCovers = index_of(Cover::kCount);

// Whether a lane tells the height of ground of a cover: stones lie in their pavement.
bool holds(Cover lane, Cover ground) {
    return lane == ground || (ground == Cover::kKerbStone && lane == Cover::kPaving);
}

}  // namespace

Cover lane_cover(const LaneStrip& lane) {
    for (const Cover c : lane.covers) {
        if (c != Cover::kKerbStone) return c;
    }
    return Cover::kKerbStone;
}

struct LaneField::Weighted {
    double weight = 0, z = 0;
    Vec3 normal{0, 0, 0};
};

LaneField::LaneField(const RoadGeometry& geometry, std::vector<const Span*> spans)
    : geometry_(&geometry), spans_(std::move(spans)), range_(kCovers) {
    Bounds bounds;
    for (std::uint32_t s = 0; s < spans_.size(); ++s) {
        const Span& span = *spans_[s];
        for (const SurfacePoint& p : span.points) bounds.add(p.xy);
        for (std::uint32_t k = 0; k < span.lanes.size(); ++k) {
            const LaneStrip& lane = span.lanes[k];
            const std::uint32_t l = lane.first_column, r = l + lane.columns() - 1;
            Range& range = range_[index_of(lane_cover(lane))];
            for (std::size_t i = 0; i < span.stations.size(); ++i) {
                for (std::uint32_t c = l; c <= r; ++c) {
                    range.low = std::min(range.low, to_metres(span.at(i, c).z));
                    range.high = std::max(range.high, to_metres(span.at(i, c).z));
                }
                if (i == 0) continue;
                cells_.push_back({s, k, span.stations[i - 1], span.stations[i],
                                  to_metres(span.at(i - 1, l).xy), to_metres(span.at(i - 1, r).xy),
                                  to_metres(span.at(i, l).xy), to_metres(span.at(i, r).xy)});
            }
        }
    }
    if (cells_.empty()) return;
    low_ = to_metres(bounds.lo) - Vec2(1, 1);
    const Vec2 size = to_metres(bounds.hi) - low_ + Vec2(1, 1);
    columns_ = static_cast<std::int64_t>(size.x / kGridCell_m) + 1;
    rows_ = static_cast<std::int64_t>(size.y / kGridCell_m) + 1;
    grid_.resize(static_cast<std::size_t>(columns_ * rows_));
    for (std::uint32_t c = 0; c < cells_.size(); ++c) {
        const Cell& cell = cells_[c];
        const Vec2 lo =
            glm::min(glm::min(cell.l0, cell.r0), glm::min(cell.l1, cell.r1)) - Vec2(2 * kEdge_m);
        const Vec2 hi =
            glm::max(glm::max(cell.l0, cell.r0), glm::max(cell.l1, cell.r1)) + Vec2(2 * kEdge_m);
        const auto at = [&](double v, double low) {
            return static_cast<std::int64_t>((v - low) / kGridCell_m);
        };
        for (std::int64_t y = at(lo.y, low_.y); y <= at(hi.y, low_.y); ++y) {
            for (std::int64_t x = at(lo.x, low_.x); x <= at(hi.x, low_.x); ++x) {
                grid_[index(x, y)].push_back(c);
            }
        }
    }
}

std::size_t LaneField::index(std::int64_t x, std::int64_t y) const {
    return static_cast<std::size_t>(std::clamp<std::int64_t>(y, 0, rows_ - 1) * columns_ +
                                    std::clamp<std::int64_t>(x, 0, columns_ - 1));
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

bool LaneField::add(const Cell& cell, const Vec2& p, Weighted& sum) const {
    // Inside the four sides, with a margin.
    const Vec2 corners[] = {cell.r0, cell.r1, cell.l1, cell.l0};
    for (unsigned i = 0; i < 4; ++i) {
        const Vec2 &a = corners[i], &b = corners[(i + 1) % 4];
        const double length = glm::length(b - a);
        if (math::cross(b - a, p - a) < -kEdge_m * length) return false;
    }
    const Span& span = *spans_[cell.span];
    const LaneStrip& lane = span.lanes[cell.lane];
    const auto place = geometry_->project_near(span.road, Vec3(p, 0), 0.5 * (cell.s0 + cell.s1));
    const double s = std::clamp(place.s_m, cell.s0, cell.s1);
    // The neighbour's cell counts a point just beyond this one.
    if (std::abs(place.s_m - s) > kEdge_m) return false;
    double t = place.t_m;
    const double outer = geometry_->outer_t_m(span.road, span.section, lane.lane, s);
    const double inner = geometry_->inner_t_m(span.road, span.section, lane.lane, s);
    t = std::clamp(t, std::min(inner, outer), std::max(inner, outer));
    const SurfaceSample sample =
        sample_surface(*geometry_, span.road, span.section, lane.lane, s, t);
    // Distance to the borders of the road.
    const int left = span.lanes.front().lane, right = span.lanes.back().lane;
    const double high = left > 0 ? geometry_->outer_t_m(span.road, span.section, left, s)
                                 : geometry_->inner_t_m(span.road, span.section, left, s);
    const double low = right < 0 ? geometry_->outer_t_m(span.road, span.section, right, s)
                                 : geometry_->inner_t_m(span.road, span.section, right, s);
    const double weight = std::clamp(std::min(high - t, t - low) / kBlend_m, 1e-4, 1.0);
    sum.weight += weight;
    sum.z += weight * sample.z_m;
    sum.normal += weight * sample.normal;
    return true;
}

SurfaceSample LaneField::at(const Vec2& p, Cover cover) const {
    SurfaceSample out;
    if (cells_.empty()) return out;
    if (double z = 0; flat(z, cover)) {
        out.z_m = z;
        return out;
    }
    const auto x = static_cast<std::int64_t>((p.x - low_.x) / kGridCell_m),
               y = static_cast<std::int64_t>((p.y - low_.y) / kGridCell_m);
    Weighted driven, other;
    for (const std::uint32_t c : grid_[index(x, y)]) {
        const LaneStrip& lane = spans_[cells_[c].span]->lanes[cells_[c].lane];
        if (!holds(lane_cover(lane), cover)) continue;
        if (world::is_driven(lane.type)) {
            add(cells_[c], p, driven);
        } else if (driven.weight == 0) {
            add(cells_[c], p, other);
        }
    }
    const Weighted& sum = driven.weight > 0 ? driven : other;
    if (sum.weight > 0) {
        out.z_m = sum.z / sum.weight;
        out.normal = glm::normalize(sum.normal);
        return out;
    }
    // Beyond all lanes of this cover: as the nearest one, of any cover if need be.
    for (const bool any : {false, true}) {
        double best = 1e30;
        const Cell* nearest = nullptr;
        for (std::int64_t ring = 0; ring <= std::max(columns_, rows_); ++ring) {
            for (std::int64_t j = y - ring; j <= y + ring; ++j) {
                for (std::int64_t i = x - ring; i <= x + ring; ++i) {
                    if (std::max(std::abs(i - x), std::abs(j - y)) != ring) continue;
                    if (i < 0 || j < 0 || i >= columns_ || j >= rows_) continue;
                    for (const std::uint32_t c : grid_[index(i, j)]) {
                        const Cell& cell = cells_[c];
                        const LaneStrip& lane = spans_[cell.span]->lanes[cell.lane];
                        if (!any && !holds(lane_cover(lane), cover)) continue;
                        const Vec2 middle = 0.25 * (cell.l0 + cell.r0 + cell.l1 + cell.r1);
                        const double d = glm::length(p - middle);
                        if (d < best) {
                            best = d;
                            nearest = &cell;
                        }
                    }
                }
            }
            if (nearest != nullptr && best < kGridCell_m * static_cast<double>(ring)) break;
        }
        if (nearest == nullptr) continue;
        const Span& span = *spans_[nearest->span];
        const int lane = span.lanes[nearest->lane].lane;
        const auto place =
            geometry_->project_near(span.road, Vec3(p, 0), 0.5 * (nearest->s0 + nearest->s1));
        const double s = std::clamp(place.s_m, span.stations.front(), span.stations.back() - 1e-6);
        const double outer = geometry_->outer_t_m(span.road, span.section, lane, s);
        const double inner = geometry_->inner_t_m(span.road, span.section, lane, s);
        return sample_surface(
            *geometry_, span.road, span.section, lane, s,
            std::clamp(place.t_m, std::min(inner, outer), std::max(inner, outer)));
    }
    return out;
}

}  // namespace huntsman::scenarios::streets
