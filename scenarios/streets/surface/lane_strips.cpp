#include "scenarios/streets/surface/lane_strips.h"

#include <algorithm>

#include "engine/core/check.h"

namespace huntsman::scenarios::streets {

namespace math = engine::math;
namespace world = engine::world;
using engine::road::ReferencePoint;
using engine::road::RoadGeometry;
using world::LaneType;
using world::ModelLane;

namespace {

constexpr double kKerbStone_m = 0.15;
constexpr double kKerbStep_m = 0.03;     // a step that gets kerb stones
constexpr double kNarrowMedian_m = 2.0;  // medians up to this width are not of grass
constexpr double kGutter_m = 0.65;       // "border" lanes up to this width are concrete
constexpr double kWidest_m = 200.0;      // wider lanes are slips
constexpr double kShortest_m = 0.05;     // stations are not refined below this
constexpr double kLongest_m = 25.0, kInflection_m = 3.0;
constexpr std::size_t kMostStations = 100'000;  // of a span; beyond it stays coarse
// Records are read this far before a span's end, so that the next record does not count yet.
constexpr double kBefore_m = 1e-6;
constexpr double kFarthest_m = 150.0;  // between rows that belong together
constexpr double kGap_m = 0.05;
constexpr double kJump_m = 1e-3;  // larger jumps of a profile end a span

Cover cover_of(const ModelLane& lane, double width_m) {
    const bool raised = !lane.heights.empty() && lane.heights.front().inner_m > kKerbStep_m;
    switch (lane.type) {
        case LaneType::kBiking:
            return Cover::kCycleway;
        case LaneType::kSidewalk:
            return Cover::kPaving;
        case LaneType::kCurb:
            return Cover::kKerbStone;
        case LaneType::kMedian:
            if (width_m > kNarrowMedian_m) return Cover::kGrass;
            return raised ? Cover::kIsland : Cover::kGutter;
        case LaneType::kBorder:
            if (raised) return Cover::kIsland;  // aprons of roundabouts
            return width_m <= kGutter_m ? Cover::kGutter : Cover::kGrass;
        case LaneType::kUnused:
            return Cover::kGrass;
        case LaneType::kRail:
            return Cover::kGravel;
        default:
            return Cover::kAsphalt;
    }
}

// t = inner border + fraction of the width + offset, both outwards.
struct Column {
    double fraction = 0, offset_m = 0;
};

struct LanePlan {
    const ModelLane* lane = nullptr;
    std::vector<Column> columns;  // from left to right
};

class Sampler {
  public:
    Sampler(const RoadGeometry& geometry, Span& span, double begin_m, double end_m)
        : geometry_(geometry), span_(span), begin_m_(begin_m), end_m_(end_m) {
        const auto& road = geometry.model().roads[span.road];
        has_shape_ = !road.shape.empty() || !road.crossfall.empty();
    }

    // Decides lanes and columns. False where no lane has width.
    bool plan();
    struct Point {
        Vec2 p;
        double z, s, t;
        Vec3 normal;
    };
    void row(double s_m, std::vector<Point>& out) const;
    void refine(const Tolerance& tolerance, const std::vector<double>& breaks);

  private:
    void refine(std::size_t depth, double s0, const std::vector<Point>& a, double s1,
                const std::vector<Point>& b, const Tolerance& tolerance);
    void keep(double s, const std::vector<Point>& points);
    bool straight(const std::vector<Point>& a, const std::vector<Point>& m,
                  const std::vector<Point>& b, const Tolerance& tolerance) const;

    const RoadGeometry& geometry_;
    Span& span_;
    double begin_m_, end_m_;
    bool has_shape_ = false;
    std::vector<LanePlan> lanes_;
};

bool Sampler::plan() {
    const auto& section = geometry_.model().roads[span_.road].sections[span_.section];
    // Lanes that have width somewhere in the span.
    struct Seen {
        const ModelLane* lane;
        double width_m, inner_h, outer_h;
    };
    std::vector<Seen> seen;
    constexpr int kProbes = 8;
    for (const ModelLane& lane : section.lanes) {
        if (lane.id == 0) continue;
        double widest = 0;
        for (int i = 0; i <= kProbes; ++i) {
            const double s =
                std::min(begin_m_ + (end_m_ - begin_m_) * i / kProbes, end_m_ - kBefore_m);
            widest = std::max(widest, geometry_.width_m(span_.road, span_.section, lane.id, s));
        }
        if (!(widest >= 1e-3 && widest <= kWidest_m)) continue;
        const double ds = 0.5 * (begin_m_ + end_m_) - section.s_m;
        seen.push_back({&lane, widest, geometry_.lane_height_m(lane, ds, false),
                        geometry_.lane_height_m(lane, ds, true)});
    }
    for (std::size_t k = 0; k < seen.size(); ++k) {
        const Seen& here = seen[k];
        LaneStrip strip;
        strip.lane = here.lane->id;
        strip.type = here.lane->type;
        strip.max_width_m = here.width_m;
        strip.first_column = span_.columns;
        Cover cover = cover_of(*here.lane, here.width_m);
        // An unused lane between two lanes of asphalt is closed carriageway.
        if (here.lane->type == LaneType::kUnused) {
            const auto asphalt = [&](auto first, auto last) {
                const auto used = std::find_if(first, last, [](const Seen& other) {
                    return other.lane->type != LaneType::kUnused;
                });
                return used != last && cover_of(*used->lane, used->width_m) == Cover::kAsphalt;
            };
            const auto at = static_cast<std::ptrdiff_t>(k);
            if (asphalt(seen.begin() + at + 1, seen.end()) &&
                asphalt(seen.rend() - at, seen.rend())) {
                cover = Cover::kAsphalt;
            }
        }
        const bool left_side = here.lane->id > 0;
        std::vector<Column> columns{{0, 0}, {1, 0}};
        std::vector<Cover> covers{cover};
        // Kerb stones where the neighbour lies lower.
        if (cover == Cover::kPaving || cover == Cover::kIsland) {
            const auto neighbour = [&](bool outer) -> const Seen* {
                const bool to_left = outer == left_side;
                if (to_left) return k > 0 ? &seen[k - 1] : nullptr;
                return k + 1 < seen.size() ? &seen[k + 1] : nullptr;
            };
            const auto lower = [&](bool outer) {
                const Seen* n = neighbour(outer);
                if (n == nullptr) return false;
                const double mine = outer ? here.outer_h : here.inner_h;
                // Across the middle both lanes show their inner border.
                const bool same_side = (n->lane->id > 0) == left_side;
                const double theirs = outer || !same_side ? n->inner_h : n->outer_h;
                return mine - theirs > kKerbStep_m;
            };
            if (here.width_m > 3 * kKerbStone_m) {
                if (lower(false)) {
                    columns.insert(columns.begin() + 1, {0, kKerbStone_m});
                    covers.insert(covers.begin(), Cover::kKerbStone);
                }
                if (lower(true)) {
                    columns.insert(columns.end() - 1, {1, -kKerbStone_m});
                    covers.push_back(Cover::kKerbStone);
                }
            }
        }
        // Curved cross-sections in steps of half a metre.
        if (!geometry_.model().roads[span_.road].shape.empty()) {
            const int steps = std::clamp(static_cast<int>(here.width_m / 0.5), 1, 24);
            std::vector<Column> fine;
            std::vector<Cover> fine_covers;
            for (std::size_t c = 0; c + 1 < columns.size(); ++c) {
                const int parts = covers[c] == Cover::kKerbStone ? 1 : steps;
                for (int i = 0; i < parts; ++i) {
                    const double u = static_cast<double>(i) / parts;
                    fine.push_back({(1 - u) * columns[c].fraction + u * columns[c + 1].fraction,
                                    (1 - u) * columns[c].offset_m + u * columns[c + 1].offset_m});
                    fine_covers.push_back(covers[c]);
                }
            }
            fine.push_back(columns.back());
            columns = std::move(fine);
            covers = std::move(fine_covers);
        }
        if (left_side) {
            std::reverse(columns.begin(), columns.end());
            std::reverse(covers.begin(), covers.end());
        }
        strip.covers = std::move(covers);
        span_.columns += static_cast<std::uint32_t>(columns.size());
        span_.lanes.push_back(std::move(strip));
        lanes_.push_back({here.lane, std::move(columns)});
    }
    return !span_.lanes.empty();
}

void Sampler::row(double s_m, std::vector<Point>& out) const {
    out.clear();
    const double s = std::clamp(s_m, begin_m_, end_m_ - kBefore_m);
    const std::uint32_t road = span_.road;
    const ReferencePoint q = geometry_.reference(road, s);
    const Vec2 along = math::direction(q.heading_rad), left = math::perp(along);
    const double elevation = geometry_.elevation_m(road, s);
    const double slope = geometry_.elevation_slope(road, s);
    const double roll = geometry_.superelevation_rad(road, s);
    constexpr double kStep_m = 0.05;
    const double s_low = std::max(begin_m_, s - kStep_m),
                 s_high = std::min(end_m_ - kBefore_m, s + kStep_m);
    const double twist = s_high > s_low ? (geometry_.superelevation_rad(road, s_high) -
                                           geometry_.superelevation_rad(road, s_low)) /
                                              (s_high - s_low)
                                        : 0.0;
    const double cosine = std::cos(roll), sine = std::sin(roll);
    double last_t = 0, last_offset = 0;
    for (const LanePlan& plan : lanes_) {
        const int id = plan.lane->id;
        const double inner = geometry_.inner_t_m(road, span_.section, id, s);
        const double width = geometry_.width_m(road, span_.section, id, s);
        const double sign = id > 0 ? 1.0 : -1.0;
        for (std::size_t c = 0; c < plan.columns.size(); ++c) {
            const Column& column = plan.columns[c];
            const double from_inner = std::clamp(
                column.fraction * width + std::clamp(column.offset_m, -0.4 * width, 0.4 * width),
                0.0, width);
            const double t = inner + sign * from_inner;
            const double offset = geometry_.surface_offset_m(road, span_.section, id, s, t);
            // Slopes of the surface along and across.
            const double step = std::min(0.01, 0.25 * width);
            const double t_in = c == 0 ? t - step : t + step;
            double across = sine / cosine;
            double rise = slope + t * cosine * twist;
            if (step > 1e-6) {
                // Inside the lane, so that the kerb does not count.
                const double other = geometry_.surface_offset_m(road, span_.section, id, s, t_in);
                across += (other - offset) / (t_in - t);
            }
            if (has_shape_ && s_high > s_low) {
                rise += (geometry_.surface_offset_m(road, span_.section, id, s_high, t) -
                         geometry_.surface_offset_m(road, span_.section, id, s_low, t)) /
                        (s_high - s_low);
            }
            const double stretch = std::max(0.2, 1.0 - q.curvature_per_m * t);
            const Vec3 normal =
                glm::normalize(Vec3(-(rise / stretch) * along - across * left, 1.0));
            // Both sides of a kerb stand at one place: that of the lower side.
            double offset_xy = offset;
            if (c == 0 && !out.empty() && std::abs(t - last_t) < 1e-9) {
                offset_xy = std::min(offset, last_offset);
                Point& twin = out.back();
                twin.p = q.p + (t * cosine - offset_xy * sine) * left;
            }
            out.push_back({q.p + (t * cosine - offset_xy * sine) * left,
                           elevation + t * sine + offset * cosine, s_m, t, normal});
            last_t = t;
            last_offset = offset;
        }
    }
}

void Sampler::keep(double s, const std::vector<Point>& points) {
    span_.stations.push_back(s);
    span_.lefts.push_back(
        math::perp(math::direction(geometry_.reference(span_.road, s).heading_rad)));
    const bool first = span_.points.empty();
    const std::size_t before = first ? 0 : span_.points.size() - points.size();
    const Vec2 left = span_.lefts.back(), along(left.y, -left.x);
    for (std::size_t i = 0; i < points.size(); ++i) {
        const Point& p = points[i];
        SurfacePoint point{to_lattice(p.p), to_lattice(p.z), p.normal, {p.s, p.t}};
        // Inside of a bend tighter than the road is wide borders would run backwards: they wait.
        if (!first) {
            const SurfacePoint& last = span_.points[before + i];
            if (glm::dot(to_metres(point.xy) - to_metres(last.xy), along) <= 0) {
                point.xy = last.xy;
                point.z = last.z;
            }
        }
        span_.points.push_back(point);
    }
}

bool Sampler::straight(const std::vector<Point>& a, const std::vector<Point>& m,
                       const std::vector<Point>& b, const Tolerance& tolerance) const {
    for (std::size_t i = 0; i < m.size(); ++i) {
        const Vec2 ab = b[i].p - a[i].p, am = m[i].p - a[i].p;
        const double length = glm::length(ab);
        const double off = length > 0 ? std::abs(math::cross(ab, am)) / length : glm::length(am);
        if (off > tolerance.plan_m) return false;
        // On steep banks a shift in plan is one in height too.
        const double bank = std::hypot(m[i].normal.x, m[i].normal.y) / m[i].normal.z;
        if (off * bank > tolerance.height_m) return false;
        const double u =
            length > 0 ? std::clamp(glm::dot(am, ab) / (length * length), 0.0, 1.0) : 0.5;
        if (std::abs(m[i].z - (1 - u) * a[i].z - u * b[i].z) > tolerance.height_m) return false;
    }
    // Twist: the two diagonals of a cell pass the middle at different heights.
    for (const LaneStrip& lane : span_.lanes) {
        for (std::uint32_t c = 0; c + 1 < lane.columns(); ++c) {
            const std::size_t l = lane.first_column + c, r = l + 1;
            const double diagonals = 0.25 * (a[l].z + b[r].z - a[r].z - b[l].z);
            if (std::abs(diagonals) > tolerance.height_m) return false;
        }
    }
    return true;
}

void Sampler::refine(std::size_t depth, double s0, const std::vector<Point>& a, double s1,
                     const std::vector<Point>& b, const Tolerance& tolerance) {
    // Three points within, so that no inflection hides between two.
    std::vector<Point> quarter, middle, last;
    if (s1 - s0 > kShortest_m && depth < 24 && span_.stations.size() < kMostStations) {
        row(0.5 * (s0 + s1), middle);
        bool fine = s1 - s0 <= kLongest_m && straight(a, middle, b, tolerance);
        // Short pieces hide no bend that matters.
        if (fine && s1 - s0 > kInflection_m) {
            row(s0 + 0.25 * (s1 - s0), quarter);
            row(s0 + 0.75 * (s1 - s0), last);
            fine = straight(a, quarter, b, tolerance) && straight(a, last, b, tolerance);
        }
        if (!fine) {
            refine(depth + 1, s0, a, 0.5 * (s0 + s1), middle, tolerance);
            refine(depth + 1, 0.5 * (s0 + s1), middle, s1, b, tolerance);
            return;
        }
    }
    keep(s1, b);
}

void Sampler::refine(const Tolerance& tolerance, const std::vector<double>& breaks) {
    std::vector<double> at{begin_m_};
    for (const double s : breaks) {
        if (s > at.back() + kShortest_m && s < end_m_ - kShortest_m) at.push_back(s);
    }
    at.push_back(end_m_);
    std::vector<Point> a, b;
    row(at[0], a);
    keep(at[0], a);
    for (std::size_t i = 0; i + 1 < at.size(); ++i) {
        row(at[i + 1], b);
        refine(0, at[i], a, at[i + 1], b, tolerance);
        std::swap(a, b);
    }
}

// Adds starts of a profile's records as stations, and those where its value jumps as span ends.
void collect(const world::Profile& profile, double base_m, std::vector<double>& breaks,
             std::vector<double>& jumps) {
    for (std::size_t i = 0; i < profile.size(); ++i) {
        const double s = base_m + profile[i].s_m;
        breaks.push_back(s);
        if (i > 0 && std::abs(profile[i - 1].at(profile[i].s_m) - profile[i].a) > kJump_m) {
            jumps.push_back(s);
        }
    }
}

// Whether a span is as long as its stations say: cubics that run away leave rows far apart.
bool sound(const Span& span) {
    for (std::size_t i = 1; i < span.stations.size(); ++i) {
        for (std::uint32_t c = 0; c < span.columns; ++c) {
            const Vec2 step = to_metres(span.at(i, c).xy) - to_metres(span.at(i - 1, c).xy);
            if (!(glm::length(step) <= kFarthest_m)) return false;
        }
    }
    return true;
}

}  // namespace

std::vector<Span> sample_road(const RoadGeometry& geometry, std::uint32_t index,
                              const Tolerance& tolerance, const std::vector<double>& cuts) {
    const world::Road& road = geometry.model().roads[index];
    std::vector<Span> spans;
    if (road.length_m < 1e-3 || road.sections.empty() || road.plan.empty()) return spans;

    // Stations that matter to the whole road.
    std::vector<double> road_breaks(cuts), road_jumps;
    for (std::size_t i = 0; i < road.plan.size(); ++i) {
        const double s = road.plan[i].s_m;
        road_breaks.push_back(s);
        // Where the plan leaves a gap the road ends and begins anew.
        if (i > 0 && glm::length(geometry.reference(index, s).p -
                                 geometry.reference(index, s - kBefore_m).p) > kGap_m) {
            road_jumps.push_back(s);
        }
    }
    for (std::size_t i = 0; i < road.shape.size(); ++i) {
        road_breaks.push_back(road.shape[i].s_m);
        // A second profile at one place: the shape steps there.
        if (i > 0 && road.shape[i].s_m == road.shape[i - 1].s_m &&
            road.shape[i].t_m <= road.shape[i - 1].t_m) {
            road_jumps.push_back(road.shape[i].s_m);
        }
    }
    for (const auto& fall : road.crossfall) road_breaks.push_back(fall.slope.s_m);
    collect(road.elevation, 0, road_breaks, road_jumps);
    collect(road.superelevation, 0, road_breaks, road_jumps);
    collect(road.lane_offset, 0, road_breaks, road_jumps);

    for (std::uint32_t k = 0; k < road.sections.size(); ++k) {
        const world::LaneSection& section = road.sections[k];
        const double begin = std::clamp(section.s_m, 0.0, road.length_m);
        const double end = std::clamp(geometry.section_end_m(index, k), 0.0, road.length_m);
        if (end - begin < 1e-3) continue;
        std::vector<double> breaks(road_breaks), jumps(road_jumps);
        for (const ModelLane& lane : section.lanes) {
            collect(lane.widths, section.s_m, breaks, jumps);
            collect(lane.borders, section.s_m, breaks, jumps);
            for (std::size_t i = 1; i < lane.heights.size(); ++i) {
                jumps.push_back(section.s_m + lane.heights[i].s_offset_m);
            }
        }
        std::sort(breaks.begin(), breaks.end());
        std::sort(jumps.begin(), jumps.end());
        double from = begin;
        jumps.push_back(end);
        for (const double jump : jumps) {
            const double to = std::min(jump, end);
            if (to - from < kShortest_m && to < end) continue;
            if (to - from < 1e-3) continue;
            Span span;
            span.road = index;
            span.section = k;
            Sampler sampler(geometry, span, from, to);
            from = to;
            if (!sampler.plan()) continue;
            sampler.refine(tolerance, breaks);
            if (!sound(span)) continue;
            for (std::uint32_t i = 0; i < span.stations.size(); ++i) {
                const double s = span.stations[i];
                if (std::any_of(cuts.begin(), cuts.end(),
                                [&](double c) { return std::abs(c - s) < 1e-9; })) {
                    span.must.push_back(i);
                }
            }
            spans.push_back(std::move(span));
        }
    }
    return spans;
}

std::vector<std::uint32_t> coarser(const Span& span, const Tolerance& tolerance) {
    const auto last = static_cast<std::uint32_t>(span.stations.size() - 1);
    std::vector<std::uint32_t> kept{0};
    std::size_t must = 0;
    const auto fits = [&](std::uint32_t a, std::uint32_t b) {
        if (span.stations[b] - span.stations[a] > 4 * kLongest_m) return false;
        for (std::uint32_t c = 0; c < span.columns; ++c) {
            const SurfacePoint &pa = span.at(a, c), &pb = span.at(b, c);
            const Vec2 from = to_metres(pa.xy), ab = to_metres(pb.xy) - from;
            const double length2 = glm::dot(ab, ab);
            for (std::uint32_t i = a + 1; i < b; ++i) {
                const SurfacePoint& pm = span.at(i, c);
                const Vec2 am = to_metres(pm.xy) - from;
                const double u = length2 > 0 ? glm::dot(am, ab) / length2 : 0.0;
                if (glm::length(am - std::clamp(u, 0.0, 1.0) * ab) > tolerance.plan_m) {
                    return false;
                }
                const double z =
                    (1 - u) * static_cast<double>(pa.z) + u * static_cast<double>(pb.z);
                if (std::abs(static_cast<double>(pm.z) - z) * kLattice_m > tolerance.height_m) {
                    return false;
                }
            }
        }
        return true;
    };
    while (kept.back() != last) {
        while (must < span.must.size() && span.must[must] <= kept.back()) ++must;
        const std::uint32_t end = must < span.must.size() ? span.must[must] : last;
        std::uint32_t next = kept.back() + 1;
        while (next < end && fits(kept.back(), next + 1)) ++next;
        kept.push_back(next);
    }
    return kept;
}

Ring strip_ring(const Span& span, const std::vector<std::uint32_t>& stations,
                std::size_t first_lane, std::size_t last_lane) {
    const std::uint32_t left = span.lanes[first_lane].first_column;
    const LaneStrip& right_lane = span.lanes[last_lane];
    const std::uint32_t right = right_lane.first_column + right_lane.columns() - 1;
    Ring ring;
    const auto add = [&](const LatticePoint& p) {
        if (ring.empty() || ring.back() != p) ring.push_back(p);
    };
    // Along the right border, across the end, back along the left border, across the start.
    for (const std::uint32_t i : stations) add(span.at(i, right).xy);
    for (std::uint32_t c = right; c-- > left;) add(span.at(stations.back(), c).xy);
    for (std::size_t k = stations.size() - 1; k-- > 0;) add(span.at(stations[k], left).xy);
    for (std::uint32_t c = left + 1; c < right; ++c) add(span.at(stations.front(), c).xy);
    while (ring.size() > 1 && ring.front() == ring.back()) ring.pop_back();
    return ring;
}

SurfaceSample sample_surface(const RoadGeometry& geometry, std::uint32_t road,
                             std::uint32_t section, int lane, double s_m, double t_m) {
    const auto height = [&](double s, double t) {
        const double roll = geometry.superelevation_rad(road, s);
        return geometry.elevation_m(road, s) + t * std::sin(roll) +
               geometry.surface_offset_m(road, section, lane, s, t) * std::cos(roll);
    };
    SurfaceSample sample;
    sample.z_m = height(s_m, t_m);
    // Slopes by small differences along and across.
    constexpr double kStep_m = 0.02;
    const double length = geometry.model().roads[road].length_m;
    const double s0 = std::max(0.0, s_m - kStep_m), s1 = std::min(length, s_m + kStep_m);
    const double rise = s1 > s0 ? (height(s1, t_m) - height(s0, t_m)) / (s1 - s0) : 0.0;
    const double across =
        (height(s_m, t_m + 0.5 * kStep_m) - height(s_m, t_m - 0.5 * kStep_m)) / kStep_m;
    const ReferencePoint q = geometry.reference(road, s_m);
    const Vec2 along = math::direction(q.heading_rad);
    const double stretch = std::max(0.2, 1.0 - q.curvature_per_m * t_m);
    sample.normal = glm::normalize(Vec3(-(rise / stretch) * along - across * math::perp(along), 1));
    return sample;
}

}  // namespace huntsman::scenarios::streets
