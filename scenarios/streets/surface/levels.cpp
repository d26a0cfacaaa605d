#include "scenarios/streets/surface/levels.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "engine/math/grid_index.h"
#include "scenarios/streets/surface/polygons.h"

namespace huntsman::scenarios::streets {

namespace world = engine::world;
using engine::road::RoadGeometry;

namespace {

constexpr double kProbe_m = 4.0;         // spacing of the points that are compared
constexpr double kClearance_m = 3.0;     // a road this far above another one is a bridge
constexpr double kAbutment_m = 8.0;      // and is one this far beyond
constexpr std::size_t kMostProbes = 64;  // of a cell: enough for any real crossing
constexpr double kSameRoad_m = 40.0;     // a road passes over itself only farther along

struct Probe {
    Vec3 p;
    std::uint32_t road;
    double s;
};

// Sorts stretches; where they overlap they become one of the first kind.
void merge(std::vector<Stretch>& stretches, double length_m) {
    for (Stretch& s : stretches) {
        s.s_begin_m = std::clamp(s.s_begin_m, 0.0, length_m);
        s.s_end_m = std::clamp(s.s_end_m, 0.0, length_m);
    }
    std::erase_if(stretches, [](const Stretch& s) { return s.s_end_m - s.s_begin_m < 1.0; });
    std::stable_sort(stretches.begin(), stretches.end(),
                     [](const Stretch& a, const Stretch& b) { return a.s_begin_m < b.s_begin_m; });
    std::vector<Stretch> out;
    for (const Stretch& s : stretches) {
        if (!out.empty() && s.s_begin_m < out.back().s_end_m + 1.0) {
            out.back().s_end_m = std::max(out.back().s_end_m, s.s_end_m);
        } else {
            out.push_back(s);
        }
    }
    stretches = std::move(out);
}

// Edges by where they start.
using Starts = std::map<LatticePoint, std::vector<std::size_t>>;

// The edge that goes on from another one; where several do, the one of the nearest height, then the
// one that turns left most. The number of edges where none does.
std::size_t next_edge(const std::vector<OutlineEdge>& edges, const std::vector<bool>& used,
                      const Starts& starts, std::size_t at) {
    const auto next = starts.find(edges[at].b);
    std::size_t best = edges.size();
    double best_score = 1e30;
    if (next == starts.end()) return best;
    const Vec2 in = to_metres(edges[at].b) - to_metres(edges[at].a);
    for (const std::size_t candidate : next->second) {
        if (used[candidate]) continue;
        const double step = std::abs(to_metres(edges[candidate].a_z - edges[at].b_z));
        if (step > 1.0) continue;
        const Vec2 out = to_metres(edges[candidate].b) - to_metres(edges[candidate].a);
        const double turn = std::atan2(engine::math::cross(in, out), glm::dot(in, out));
        const double score = std::floor(step / 0.25) * 10 - turn;
        if (score < best_score) {
            best_score = score;
            best = candidate;
        }
    }
    return best;
}

// Chains of edges.
Rings chained(const std::vector<OutlineEdge>& edges) {
    Starts starts;
    for (std::size_t i = 0; i < edges.size(); ++i) {
        starts[edges[i].a].push_back(i);
    }
    std::vector<bool> used(edges.size(), false);
    Rings loops;
    for (std::size_t first = 0; first < edges.size(); ++first) {
        if (used[first]) continue;
        Ring loop;
        std::size_t at = first;
        for (;;) {
            used[at] = true;
            loop.push_back(edges[at].a);
            const std::size_t best = next_edge(edges, used, starts, at);
            if (best == edges.size()) break;
            at = best;
        }
        if (loop.size() >= 3) loops.push_back(std::move(loop));
    }
    return loops;
}

// Gives the corners of cleaned rings the heights of the edges that they came from.
class Lifter {
  public:
    static constexpr double kCrack_m = 0.03;  // that maps leave between roads

    explicit Lifter(const std::vector<OutlineEdge>& edges);
    // A ring with heights; straight borders that rise and fall get corners where a chord would
    // miss by 5 mm.
    std::vector<Vec3> lifted(const Ring& ring) const;

  private:
    static constexpr double kCell_m = 6.0;  // of the plan, by which edges are found

    double height(const LatticePoint& p) const;
    double height_between(const Vec2& p, double fallback) const;
    void split(const Vec3& a, const Vec3& b, std::vector<Vec3>& out) const;

    const std::vector<OutlineEdge>& edges_;
    std::map<LatticePoint, double> heights_;  // of corners
    engine::math::GridIndex near_;            // of edges
};

Lifter::Lifter(const std::vector<OutlineEdge>& edges) : edges_(edges) {
    for (const OutlineEdge& edge : edges) {
        heights_.try_emplace(edge.a, to_metres(edge.a_z));
        heights_.try_emplace(edge.b, to_metres(edge.b_z));
    }
    std::vector<engine::math::Bounds2> bounds;
    for (const OutlineEdge& edge : edges) {
        const Vec2 a = to_metres(edge.a), b = to_metres(edge.b);
        bounds.push_back({glm::min(a, b) - 0.2, glm::max(a, b) + 0.2});
    }
    near_ = engine::math::GridIndex(bounds, kCell_m);
}

double Lifter::height(const LatticePoint& p) const {
    // The closest point of the outline; corners move by less than a crack.
    const auto near = heights_.lower_bound(
        {p.x - to_lattice(4 * kCrack_m), std::numeric_limits<std::int64_t>::min()});
    double best = 1e30, z = 0;
    for (auto it = near; it != heights_.end() && it->first.x <= p.x + to_lattice(4 * kCrack_m);
         ++it) {
        const Vec2 off = to_metres(it->first) - to_metres(p);
        const double d = glm::dot(off, off);
        if (d < best) {
            best = d;
            z = it->second;
        }
    }
    return z;
}

double Lifter::height_between(const Vec2& p, double fallback) const {
    double best = 0.15, z = fallback;
    for (const std::uint32_t i : near_.at(p)) {
        const auto hit =
            engine::math::closest_on_segment(p, to_metres(edges_[i].a), to_metres(edges_[i].b));
        if (hit.distance_m >= best) continue;
        best = hit.distance_m;
        z = to_metres(edges_[i].a_z) +
            hit.along * (to_metres(edges_[i].b_z) - to_metres(edges_[i].a_z));
    }
    return z;
}

void Lifter::split(const Vec3& a, const Vec3& b, std::vector<Vec3>& out) const {
    constexpr double kMiss_m = 0.005, kShortest_m = 1.0;
    const Vec3 chord = 0.5 * (a + b);
    if (glm::length(Vec2(b) - Vec2(a)) < kShortest_m) return;
    bool straight = true;
    for (const double u : {0.25, 0.5, 0.75}) {
        const Vec3 q = a + u * (b - a);
        straight = straight && std::abs(height_between(Vec2(q), q.z) - q.z) < kMiss_m;
    }
    if (straight) return;
    const Vec3 middle(Vec2(chord), height_between(Vec2(chord), chord.z));
    split(a, middle, out);
    out.push_back(middle);
    split(middle, b, out);
}

std::vector<Vec3> Lifter::lifted(const Ring& ring) const {
    std::vector<Vec3> corners, out;
    corners.reserve(ring.size());
    for (const LatticePoint& p : ring) corners.emplace_back(to_metres(p), height(p));
    for (std::size_t i = 0; i < corners.size(); ++i) {
        out.push_back(corners[i]);
        split(corners[i], corners[(i + 1) % corners.size()], out);
    }
    return out;
}

// The smallest of some borders that holds a ring; their number where none does.
std::size_t border_around(const Ring& ring, const Rings& clean,
                          const std::vector<std::size_t>& outer) {
    const Bounds box = bounds_of(ring);
    std::size_t best = outer.size();
    double best_area = 1e30;
    for (std::size_t k = 0; k < outer.size(); ++k) {
        const Ring& border = clean[outer[k]];
        if (!bounds_of(border).overlaps(box)) continue;
        const double area = area_m2(border);
        if (area >= best_area || area < -area_m2(ring)) continue;
        if (!contains({border}, to_metres(ring[0]))) continue;
        best_area = area;
        best = k;
    }
    return best;
}

// Points of all roads by cells of the plan.
class Probes {
  public:
    explicit Probes(const RoadGeometry& geometry) : geometry_(geometry) {
        for (std::uint32_t r = 0; r < geometry.model().roads.size(); ++r) add_road(r);
    }

    const std::vector<Probe>& all() const { return probes_; }

    // Whether a probe lies over another road, or over its own farther along.
    bool is_over(const Probe& probe) const {
        const std::int64_t x = cell(probe.p.x), y = cell(probe.p.y);
        for (std::int64_t i = x - 1; i <= x + 1; ++i) {
            for (std::int64_t j = y - 1; j <= y + 1; ++j) {
                const auto found = cells_.find(key(i, j));
                if (found == cells_.end()) continue;
                for (const std::uint32_t index : found->second) {
                    const Probe& other = probes_[index];
                    if (probe.p.z - other.p.z < kClearance_m) continue;
                    if (other.road == probe.road && std::abs(other.s - probe.s) < kSameRoad_m) {
                        continue;
                    }
                    const Vec2 off = Vec2(other.p) - Vec2(probe.p);
                    if (glm::dot(off, off) < kProbe_m * kProbe_m) return true;
                }
            }
        }
        return false;
    }

  private:
    static std::int64_t cell(double v) { return static_cast<std::int64_t>(std::floor(v / 5.0)); }
    static std::uint64_t key(std::int64_t x, std::int64_t y) {
        return static_cast<std::uint64_t>(x) << 32 ^ (static_cast<std::uint64_t>(y) & 0xffffffffU);
    }

    void add_road(std::uint32_t r) {
        const world::Road& road = geometry_.model().roads[r];
        if (road.sections.empty() || road.plan.empty()) return;
        for (double s = 0; s <= road.length_m; s += kProbe_m) {
            const std::uint32_t k = geometry_.section_at(r, s);
            double left = 0, right = 0;
            for (const world::ModelLane& lane : road.sections[k].lanes) {
                left = std::max(left, geometry_.outer_t_m(r, k, lane.id, s));
                right = std::min(right, geometry_.outer_t_m(r, k, lane.id, s));
            }
            const int steps = std::clamp(static_cast<int>((left - right) / kProbe_m) + 1, 1, 20);
            for (int i = 0; i <= steps; ++i) {
                const double t = right + (left - right) * i / steps;
                const Vec3 p = geometry_.pose({r, s, t, 0}).p;
                auto& listed = cells_[key(cell(p.x), cell(p.y))];
                if (listed.size() < kMostProbes) {
                    listed.push_back(static_cast<std::uint32_t>(probes_.size()));
                }
                probes_.push_back({p, r, s});
            }
        }
    }

    const RoadGeometry& geometry_;
    std::vector<Probe> probes_;
    std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> cells_;  // looked up only
};

// The bridge that a probe stands on: a new one, or the road's last one grows.
void extend_bridge(std::vector<Stretch>& of_road, double s) {
    if (!of_road.empty() && of_road.back().level == Level::kBridge &&
        s - kAbutment_m <= of_road.back().s_end_m && s >= of_road.back().s_begin_m) {
        of_road.back().s_end_m = std::max(of_road.back().s_end_m, s + kAbutment_m);
    } else {
        of_road.push_back({Level::kBridge, s - kAbutment_m, s + kAbutment_m});
    }
}

}  // namespace

std::vector<std::vector<Stretch>> find_stretches(const RoadGeometry& geometry) {
    const world::RoadModel& model = geometry.model();
    std::vector<std::vector<Stretch>> out(model.roads.size());
    double low = 1e30, high = -1e30;
    for (std::uint32_t r = 0; r < model.roads.size(); ++r) {
        const world::Road& road = model.roads[r];
        for (const world::Structure& structure : road.structures) {
            out[r].push_back({structure.kind == world::Structure::Kind::kBridge ? Level::kBridge
                                                                                : Level::kTunnel,
                              structure.s_m, structure.s_m + structure.length_m});
        }
        for (double s = 0; s <= road.length_m; s += kProbe_m) {
            low = std::min(low, geometry.elevation_m(r, s));
            high = std::max(high, geometry.elevation_m(r, s));
        }
    }
    // A flat map has nothing to compare.
    if (high - low > kClearance_m) {
        const Probes probes(geometry);
        for (const Probe& probe : probes.all()) {
            if (probes.is_over(probe)) extend_bridge(out[probe.road], probe.s);
        }
    }
    for (std::uint32_t r = 0; r < out.size(); ++r) merge(out[r], model.roads[r].length_m);
    return out;
}

std::vector<OutlinePolygon> outline_of(const std::vector<Sheet>& sheets,
                                       const std::vector<bool>& take) {
    const std::vector<OutlineEdge> edges = open_sides(sheets, take);
    // Clean polygons with their holes; cracks that maps leave between roads are no land.
    constexpr double kCrack_m = Lifter::kCrack_m;
    const Rings clean =
        simplified(grow(grow(unite(simplified(chained(edges), 0.003)), kCrack_m), -kCrack_m), 0.01);
    const Lifter lifter(edges);
    std::vector<OutlinePolygon> polygons;
    std::vector<std::size_t> outer;
    for (std::size_t i = 0; i < clean.size(); ++i) {
        if (area_m2(clean[i]) < 0.5) continue;
        outer.push_back(i);
        polygons.push_back({lifter.lifted(clean[i]), {}});
    }
    constexpr double kSmallestHole_m2 = 0.5;
    for (const Ring& ring : clean) {
        if (area_m2(ring) > -kSmallestHole_m2) continue;
        const std::size_t best = border_around(ring, clean, outer);
        if (best < polygons.size()) polygons[best].holes.push_back(lifter.lifted(ring));
    }
    return polygons;
}

}  // namespace huntsman::scenarios::streets
