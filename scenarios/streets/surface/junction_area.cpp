#include "scenarios/streets/surface/junction_area.h"

#include <algorithm>

#include "engine/core/check.h"
#include "scenarios/streets/surface/triangulation.h"

namespace huntsman::scenarios::streets {

namespace math = engine::math;
namespace world = engine::world;
using engine::road::RoadGeometry;

namespace {

constexpr double kTinyHole_m2 = 10.0;  // smaller holes are filled
constexpr double kThinHole_m = 2.0;    // and so are gaps narrower than this
constexpr double kThread_m = 0.005;
constexpr double kRoadEnds_m = 1.0;    // how much of the roads beside a junction is looked at
constexpr double kOverreach_m = 0.1;   // lanes reach this far into the roads they join
constexpr double kKerbStone_m = 0.15;  // width of the stones along raised pavements
constexpr double kKerbStep_m = 0.03;

constexpr std::size_t index_of(Cover cover) { return static_cast<std::size_t>(cover); }
constexpr std::size_t kCovers = index_of(Cover::kCount);

// Which cover wins where lanes of several lie over each other, from the strongest.
constexpr Cover kOrder[] = {Cover::kAsphalt, Cover::kCycleway,  Cover::kGravel, Cover::kPaving,
                            Cover::kIsland,  Cover::kKerbStone, Cover::kGutter, Cover::kGrass};

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

// Which cover each triangle has.
struct Parts {
    std::vector<std::uint32_t> labels;  // by triangle
    std::vector<Cover> covers;          // by label; kCount: none
    Cover of(std::uint32_t triangle) const { return covers[labels[triangle]]; }
};

Parts classify(const Triangulation& mesh, const std::vector<Rings>& areas, const Rings& roads) {
    Parts parts;
    const std::uint32_t count = mesh.label(parts.labels);
    const auto corner = [&](std::uint32_t t, unsigned i) {
        return mesh.points()[mesh.triangles()[t].points[i]];
    };
    // The largest triangle of a part stands for it.
    std::vector<double> area(count, 0.0), largest_m2(count, -1.0);
    std::vector<std::uint32_t> largest(count, 0);
    for (std::uint32_t t = 0; t < parts.labels.size(); ++t) {
        const std::uint32_t part = parts.labels[t];
        const double m2 = area_m2({corner(t, 0), corner(t, 1), corner(t, 2)});
        area[part] += m2;
        if (m2 <= largest_m2[part]) continue;
        largest_m2[part] = m2;
        largest[part] = t;
    }
    parts.covers.assign(count, Cover::kCount);
    std::vector<bool> road(count, false);
    for (std::uint32_t part = 0; part < count; ++part) {
        const std::uint32_t t = largest[part];
        const Vec2 centre =
            (to_metres(corner(t, 0)) + to_metres(corner(t, 1)) + to_metres(corner(t, 2))) / 3.0;
        for (const Cover cover : kOrder) {
            if (!contains(areas[index_of(cover)], centre)) continue;
            parts.covers[part] = cover;
            break;
        }
        road[part] = parts.covers[part] == Cover::kCount && contains(roads, centre);
    }
    // Small or thin gaps that ground encloses take the cover of the longest border.
    std::vector<std::vector<double>> borders(count);
    std::vector<bool> enclosed(count, true);
    for (std::uint32_t t = 0; t < parts.labels.size(); ++t) {
        const std::uint32_t part = parts.labels[t];
        if (parts.covers[part] != Cover::kCount) continue;
        for (unsigned i = 0; i < 3; ++i) {
            const std::uint32_t o = mesh.triangles()[t].neighbour[i];
            if (o == Triangulation::kNobody) {
                enclosed[part] = false;
                continue;
            }
            const std::uint32_t other = parts.labels[o];
            // A road's end counts as the most common ground.
            const Cover cover = road[other] ? Cover::kAsphalt : parts.covers[other];
            if (other == part || cover == Cover::kCount) continue;
            borders[part].resize(kCovers, 0.0);
            borders[part][index_of(cover)] +=
                glm::length(to_metres(corner(t, i)) - to_metres(corner(t, i == 2 ? 0 : i + 1)));
        }
    }
    std::vector<std::pair<std::uint32_t, Cover>> filled;
    for (std::uint32_t part = 0; part < count; ++part) {
        if (!enclosed[part] || borders[part].empty()) continue;
        double border = 0;
        for (const double length : borders[part]) border += length;
        // Of the roads' ends only threads that rounding leaves.
        const bool thin = 2 * area[part] < (road[part] ? kThread_m : kThinHole_m) * border;
        if (!thin && (road[part] || area[part] > kTinyHole_m2)) continue;
        filled.emplace_back(
            part, static_cast<Cover>(std::max_element(borders[part].begin(), borders[part].end()) -
                                     borders[part].begin()));
    }
    for (const auto& [part, cover] : filled) parts.covers[part] = cover;
    return parts;
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
    if (!Triangulation::fits(bounds.lo, bounds.hi)) return sheet;
    // The roads' ends close gaps beside them.
    const std::int64_t margin = to_lattice(kRoadEnds_m);
    const LatticePoint lo{bounds.lo.x - margin, bounds.lo.y - margin},
        hi{bounds.hi.x + margin, bounds.hi.y + margin};
    const Rings ends = intersect(taken, {{lo, {hi.x, lo.y}, hi, {lo.x, hi.y}}});
    Triangulation mesh(lo, hi);
    Rings borders = ends;
    for (const Rings& area : areas) borders.insert(borders.end(), area.begin(), area.end());
    mesh.add_rings(borders);

    Parts parts = classify(mesh, areas, ends);

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
        for (std::uint32_t t = 0; t < parts.labels.size(); ++t) {
            const Cover cover = parts.of(t);
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
            // Middles of sides, once each.
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
        parts = classify(mesh, areas, ends);
    }

    // Vertices by point and cover.
    std::vector<std::vector<std::uint32_t>> names(kCovers);
    for (std::uint32_t t = 0; t < parts.labels.size(); ++t) {
        const Cover cover = parts.of(t);
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
