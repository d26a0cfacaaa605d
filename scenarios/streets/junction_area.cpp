#include "scenarios/streets/junction_area.h"

#include <algorithm>

#include "engine/core/check.h"
#include "scenarios/streets/triangulation.h"

namespace huntsman::scenarios::streets {

namespace math = engine::math;
namespace world = engine::world;
using engine::road::RoadGeometry;

namespace {

constexpr double kGridCell_m = 2.0;
constexpr double kEdge_m = 0.02;       // a point this far outside a lane still counts as on it
constexpr double kTinyHole_m2 = 10.0;  // smaller holes are filled
constexpr double kOverreach_m = 0.1;   // lanes reach this far into the roads they join
constexpr double kFlat_m = 0.001;
constexpr double kKerbStone_m = 0.15;  // width of the stones along raised pavements
constexpr double kKerbStep_m = 0.03;
// A lane's weight grows from its road's border inwards over this width.
constexpr double kBlend_m = 1.0;

constexpr std::size_t index_of(Cover cover) { return static_cast<std::size_t>(cover); }
constexpr std::size_t kCovers = index_of(Cover::kCount);

// Which cover wins where lanes of several lie over each other, from the strongest.
constexpr Cover kOrder[] = {Cover::kAsphalt, Cover::kCycleway,  Cover::kGravel, Cover::kPaving,
                            Cover::kIsland,  Cover::kKerbStone, Cover::kGutter, Cover::kGrass};

// Whether a lane tells the height of ground of a cover: stones lie in their pavement.
bool holds(Cover lane, Cover ground) {
    return lane == ground || (ground == Cover::kKerbStone && lane == Cover::kPaving);
}

// The cover of a whole lane: kerb stones belong to their pavement.
Cover lane_cover(const LaneStrip& lane) {
    for (const Cover c : lane.covers) {
        if (c != Cover::kKerbStone) return c;
    }
    return Cover::kKerbStone;
}

}  // namespace

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

namespace {

// A run of lanes of one cover in a span, as a ring that reaches a little beyond the road's ends.
Ring lane_ring(const RoadGeometry& geometry, const Span& span,
               const std::vector<std::uint32_t>& kept, std::size_t first, std::size_t last) {
    Ring ring = strip_ring(span, kept, first, last);
    const double length = geometry.model().roads[span.road].length_m;
    const std::uint32_t l = span.lanes[first].first_column;
    const std::uint32_t r = span.lanes[last].first_column + span.lanes[last].columns() - 1;
    for (const bool at_end : {false, true}) {
        const double s = at_end ? span.stations.back() : span.stations.front();
        if (std::abs(s - (at_end ? length : 0.0)) > 1e-6) continue;
        const double heading = geometry.reference(span.road, s).heading_rad;
        const LatticePoint step =
            to_lattice((at_end ? kOverreach_m : -kOverreach_m) * math::direction(heading));
        const std::size_t row = at_end ? span.stations.size() - 1 : 0;
        for (std::uint32_t c = l; c <= r; ++c) {
            const LatticePoint p = span.at(row, c).xy;
            for (LatticePoint& q : ring) {
                if (q == p) q = {q.x + step.x, q.y + step.y};
            }
        }
    }
    if (area_m2(ring) < 0) std::reverse(ring.begin(), ring.end());
    return ring;
}

// Whether pavements of these lanes lie above the carriageway.
bool raised(const RoadGeometry& geometry, const std::vector<const Span*>& spans) {
    for (const Span* span : spans) {
        for (const LaneStrip& strip : span->lanes) {
            if (strip.type != world::LaneType::kSidewalk) continue;
            const auto* lane = geometry.lane(span->road, span->section, strip.lane);
            for (const world::LaneHeight& h : lane->heights) {
                if (h.inner_m > kKerbStep_m) return true;
            }
        }
    }
    return false;
}

// Areas by cover, none over another.
std::vector<Rings> cover_areas(const RoadGeometry& geometry, const std::vector<const Span*>& spans,
                               const std::vector<std::vector<std::uint32_t>>& kept,
                               const Rings& taken, double simplify_m) {
    std::vector<Rings> raw(kCovers), areas(kCovers);
    for (std::size_t s = 0; s < spans.size(); ++s) {
        const Span& span = *spans[s];
        for (std::size_t k = 0; k < span.lanes.size();) {
            const Cover cover = lane_cover(span.lanes[k]);
            std::size_t last = k;
            // Unused lanes of connecting roads are but space between these and what they run along.
            if (cover == Cover::kGrass && span.lanes[k].type == world::LaneType::kUnused) {
                ++k;
                continue;
            }
            // Unused lanes of connecting roads are but space between these and what they run along.
            if (cover == Cover::kGrass && span.lanes[k].type == world::LaneType::kUnused) {
                ++k;
                continue;
            }
            while (last + 1 < span.lanes.size() && lane_cover(span.lanes[last + 1]) == cover) {
                ++last;
            }
            raw[index_of(cover)].push_back(lane_ring(geometry, span, kept[s], k, last));
            k = last + 1;
        }
    }
    Rings stronger = taken;
    for (const Cover cover : kOrder) {
        if (raw[index_of(cover)].empty()) continue;
        Rings area = unite(raw[index_of(cover)]);
        if (cover == Cover::kAsphalt) {
            std::erase_if(area, [](const Ring& ring) {
                const double a = area_m2(ring);
                return a <= 0 && a > -kTinyHole_m2;
            });
        }
        area = subtract(simplified(area, simplify_m), stronger);
        // Threads that rounding leaves are nothing.
        std::erase_if(area, [](const Ring& ring) { return std::abs(area_m2(ring)) < 1e-3; });
        stronger.insert(stronger.end(), area.begin(), area.end());
        areas[index_of(cover)] = std::move(area);
    }

    // Kerb stones along the lower ground, where pavements are raised.
    Rings& paving = areas[index_of(Cover::kPaving)];
    if (!paving.empty() && raised(geometry, spans)) {
        Rings low = areas[index_of(Cover::kAsphalt)];
        const Rings& gutter = areas[index_of(Cover::kGutter)];
        low.insert(low.end(), gutter.begin(), gutter.end());
        Rings& stones = areas[index_of(Cover::kKerbStone)];
        const Rings edge = intersect(paving, simplified(grow(unite(low), kKerbStone_m), 0.002));
        paving = subtract(paving, edge);
        stones.insert(stones.end(), edge.begin(), edge.end());
    }
    return areas;
}

}  // namespace

Sheet junction_sheet(const RoadGeometry& geometry,
                     const std::vector<std::vector<std::uint32_t>>& kept, const LaneField& field,
                     const Rings& taken, const Tolerance& tolerance, std::uint32_t patch,
                     Rings* carriageway) {
    Sheet sheet;
    const std::vector<Rings> areas =
        cover_areas(geometry, field.spans(), kept, taken, 0.5 * tolerance.plan_m);
    if (carriageway != nullptr) *carriageway = areas[index_of(Cover::kAsphalt)];

    // All borders in one triangulation.
    Bounds bounds;
    for (const Rings& area : areas) {
        for (const Ring& ring : area) {
            for (const LatticePoint& p : ring) bounds.add(p);
        }
    }
    if (bounds.lo.x > bounds.hi.x) return sheet;
    Triangulation mesh(bounds.lo, bounds.hi);
    for (const Rings& area : areas) {
        for (const Ring& ring : area) mesh.add_ring(ring);
    }

    // Cover of each connected part.
    std::vector<std::uint32_t> labels;
    std::vector<Cover> covers;
    const auto classify = [&] {
        const std::uint32_t parts = mesh.label(labels);
        std::vector<double> area(parts, 0.0);
        std::vector<std::uint32_t> largest(parts, 0);
        std::vector<double> largest_m2(parts, -1.0);
        for (std::uint32_t t = 0; t < labels.size(); ++t) {
            const auto& v = mesh.triangles()[t].points;
            const double m2 =
                area_m2({mesh.points()[v[0]], mesh.points()[v[1]], mesh.points()[v[2]]});
            area[labels[t]] += m2;
            if (m2 > largest_m2[labels[t]]) {
                largest_m2[labels[t]] = m2;
                largest[labels[t]] = t;
            }
        }
        covers.assign(parts, Cover::kCount);
        for (std::uint32_t part = 0; part < parts; ++part) {
            const auto& v = mesh.triangles()[largest[part]].points;
            const Vec2 centre = (to_metres(mesh.points()[v[0]]) + to_metres(mesh.points()[v[1]]) +
                                 to_metres(mesh.points()[v[2]])) /
                                3.0;
            for (const Cover cover : kOrder) {
                if (!contains(areas[index_of(cover)], centre)) continue;
                covers[part] = cover;
                break;
            }
            if (covers[part] != Cover::kCount || contains(taken, centre)) continue;
        }
        // Small gaps that ground encloses take the cover of the longest border.
        std::vector<std::vector<double>> borders(parts);
        std::vector<bool> enclosed(parts, true);
        for (std::uint32_t t = 0; t < labels.size(); ++t) {
            const std::uint32_t part = labels[t];
            if (covers[part] != Cover::kCount) continue;
            const auto& triangle = mesh.triangles()[t];
            for (unsigned i = 0; i < 3; ++i) {
                const std::uint32_t o = triangle.neighbour[i];
                if (o == Triangulation::kNobody) {
                    enclosed[part] = false;
                    continue;
                }
                const Cover other = covers[labels[o]];
                if (labels[o] == part || other == Cover::kCount) continue;
                borders[part].resize(kCovers, 0.0);
                borders[part][index_of(other)] +=
                    glm::length(to_metres(mesh.points()[triangle.points[i]]) -
                                to_metres(mesh.points()[triangle.points[i == 2 ? 0 : i + 1]]));
            }
        }
        for (std::uint32_t part = 0; part < parts; ++part) {
            if (!enclosed[part] || borders[part].empty() || area[part] > kTinyHole_m2) continue;
            const auto& v = mesh.triangles()[largest[part]].points;
            const Vec2 centre = (to_metres(mesh.points()[v[0]]) + to_metres(mesh.points()[v[1]]) +
                                 to_metres(mesh.points()[v[2]])) /
                                3.0;
            if (contains(taken, centre)) continue;
            covers[part] =
                static_cast<Cover>(std::max_element(borders[part].begin(), borders[part].end()) -
                                   borders[part].begin());
        }
    };
    classify();

    // Points where the surface leaves the triangles, until it does not.
    bool level = true;
    for (const Cover cover : kOrder) {
        double z = 0;
        level = level && (areas[index_of(cover)].empty() || field.flat(z, cover));
    }
    constexpr int kRounds = 6;
    constexpr double kSmallest_m2 = 0.05;
    for (int round = 0; round < kRounds && !level; ++round) {
        std::vector<LatticePoint> more;
        for (std::uint32_t t = 0; t < labels.size(); ++t) {
            const Cover cover = covers[labels[t]];
            if (cover == Cover::kCount) continue;
            const auto& triangle = mesh.triangles()[t];
            Vec2 p[3];
            double z[3];
            for (unsigned i = 0; i < 3; ++i) {
                p[i] = to_metres(mesh.points()[triangle.points[i]]);
            }
            if (math::cross(p[1] - p[0], p[2] - p[0]) < 2 * kSmallest_m2) continue;
            for (unsigned i = 0; i < 3; ++i) z[i] = field.at(p[i], cover).z_m;
            const auto test = [&](const Vec2& q, double z_flat) {
                if (std::abs(field.at(q, cover).z_m - z_flat) <= tolerance.height_m) return false;
                more.push_back(to_lattice(q));
                return true;
            };
            if (test((p[0] + p[1] + p[2]) / 3.0, (z[0] + z[1] + z[2]) / 3.0)) continue;
            // Middles of sides, once each; outer borders stay as they are.
            for (unsigned i = 0; i < 3; ++i) {
                const std::uint32_t o = triangle.neighbour[i];
                const unsigned j = i == 2 ? 0 : i + 1;
                if (o < t || glm::length(p[i] - p[j]) < 1.0) continue;
                if (test(0.5 * (p[i] + p[j]), 0.5 * (z[i] + z[j]))) break;
            }
        }
        if (more.empty()) break;
        std::sort(more.begin(), more.end());
        more.erase(std::unique(more.begin(), more.end()), more.end());
        for (const LatticePoint& p : more) mesh.add_point(p);
        classify();
    }

    // Vertices by point and cover.
    std::vector<std::vector<std::uint32_t>> names(kCovers);
    for (std::uint32_t t = 0; t < labels.size(); ++t) {
        const Cover cover = covers[labels[t]];
        if (cover == Cover::kCount) continue;
        auto& of_cover = names[index_of(cover)];
        if (of_cover.empty()) of_cover.assign(mesh.points().size(), Triangulation::kNobody);
        Sheet::Triangle triangle;
        triangle.cover = cover;
        for (unsigned i = 0; i < 3; ++i) {
            std::uint32_t& name = of_cover[mesh.triangles()[t].points[i]];
            if (name == Triangulation::kNobody) {
                name = static_cast<std::uint32_t>(sheet.vertices.size());
                const LatticePoint xy = mesh.points()[mesh.triangles()[t].points[i]];
                const SurfaceSample sample = field.at(to_metres(xy), cover);
                sheet.vertices.push_back(
                    {xy, to_lattice(sample.z_m), sample.normal, to_metres(xy), patch});
            }
            triangle.v[i] = name;
        }
        sheet.triangles.push_back(triangle);
    }
    return sheet;
}

}  // namespace huntsman::scenarios::streets
