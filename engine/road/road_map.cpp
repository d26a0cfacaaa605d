#include "engine/road/road_map.h"

#include <algorithm>
#include <limits>
#include <queue>

#include "engine/core/check.h"
#include "engine/math/geometry.h"
#include "engine/math/grid_index.h"
#include "engine/road/lane_curve.h"
#include "engine/road/road_surface.h"

namespace huntsman::engine::road {

using math::Vec2;
using math::Vec3;
using world::kNone;
using world::Lane;
using world::LaneId;
using world::LaneSample;

namespace {

constexpr double kCell_m = 4.0;         // a few segments a cell outside junctions
constexpr double kLaneChange_m = 20.0;  // surcharge of a lane change on a route
constexpr double kEndSlack_m = 0.02;    // lanes that join leave no crack between them
constexpr double kVergeFriction = 0.6;  // grass and soil against asphalt
// Gutter, and the corners of a junction that no connection sweeps, are still asphalt.
constexpr double kGutter_m = 1.5;

// A chord of a driving lane's centre line.
struct Segment {
    LaneId lane;
    Vec2 a, ab;
    double inverse_length2;
    double s_a, ds;
    double z_a, dz;
    double half_width;  // larger of the two ends
    bool first, last;   // of its lane
};

// Closest point of a chord: squared distance and how far along, clamped to the chord.
struct Closest {
    double distance2;
    double along;
    double beyond_m;  // how far p lies past the lane's end, 0 within
    double z;
};
Closest closest(const Segment& g, const Vec2& p) {
    const Vec2 ap = p - g.a;
    const double raw = glm::dot(ap, g.ab) * g.inverse_length2;
    const double along = std::clamp(raw, 0.0, 1.0);
    const Vec2 off = ap - along * g.ab;
    double beyond = 0;
    if (g.first && raw < 0.0) beyond = -raw * g.ds;
    if (g.last && raw > 1.0) beyond = (raw - 1.0) * g.ds;
    return {glm::dot(off, off), along, beyond, g.z_a + along * g.dz};
}

// The projection of p on a lane, from a start near it.
LanePlace refine(const Lane& l, double s, const Vec2& p) {
    // Newton's method on (p - c(s)) . tangent(s) = 0; three steps reach rounding error.
    LaneSample q = lane_at(l, s);
    for (int step = 0; step < 4; ++step) {
        const Vec2 tangent = math::direction(q.heading_rad);
        const Vec2 off = p - math::xy(q.p);
        // Near the centre of curvature the slope vanishes: keep the step bounded.
        const double slope =
            std::max(0.2, 1.0 - q.curvature_per_m * glm::dot(off, math::perp(tangent)));
        const double next = std::clamp(s + glm::dot(off, tangent) / slope, 0.0, l.length_m);
        if (next == s) break;
        s = next;
        q = lane_at(l, s);
    }
    const Vec2 off = p - math::xy(q.p);
    return {l.id, s, glm::dot(off, math::perp(math::direction(q.heading_rad)))};
}

}  // namespace

struct RoadMap::Index {
    std::vector<Segment> segments;  // by lane, then along it
    math::GridIndex grid;           // of segments
    bool flat = true;               // all lanes at one height
    double height_m = 0;
    std::optional<RoadSurface> surface;

    // Calls visit(segment) for all segments in the cells that the square around p touches, until it
    // returns true; a segment may come several times.
    template <typename Visit>
    void near(const Vec2& p, double reach_m, Visit visit) const {
        grid.any({p - reach_m, p + reach_m}, [&](std::uint32_t i) { return visit(segments[i]); });
    }

    // Whether p lies on a lane whose height there is accepted.
    template <typename Accept>
    bool on_road(const Vec2& p, double margin_m, Accept accept) const {
        bool on = false;
        near(p, std::max(0.0, margin_m), [&](const Segment& g) {
            const Closest c = closest(g, p);
            const double reach = g.half_width + margin_m;
            on = reach >= 0 && c.distance2 <= reach * reach &&
                 c.beyond_m <= kEndSlack_m + std::max(0.0, margin_m) && accept(c.z);
            return on;
        });
        return on;
    }
};

RoadMap::RoadMap(const world::World& world) : RoadMap(world.roads) {
    if (!world.road_model.empty()) index_->surface.emplace(world.road_model, &world.terrain);
}

RoadMap::RoadMap(const world::RoadNetwork& network)
    : network_(&network), index_(std::make_unique<Index>()) {
    Index& index = *index_;
    // Chords of all driving lanes and their bounds.
    std::vector<math::Bounds2> bounds;
    Vec2 low(1e30), high(-1e30);
    bool first_height = true;
    for (const Lane& lane : network.lanes) {
        if (lane.kind != world::LaneKind::kDriving) continue;
        HM_CHECK(lane.samples.size() >= 2, "lane {} has {} samples", lane.id, lane.samples.size());
        for (std::size_t i = 0; i + 1 < lane.samples.size(); ++i) {
            const LaneSample &a = lane.samples[i], &b = lane.samples[i + 1];
            HM_CHECK(b.s_m > a.s_m, "lane {}: s does not grow at sample {}", lane.id, i + 1);
            const Vec2 ab = math::xy(b.p) - math::xy(a.p);
            index.segments.push_back({lane.id, math::xy(a.p), ab,
                                      1.0 / std::max(1e-12, glm::dot(ab, ab)), a.s_m, b.s_m - a.s_m,
                                      a.p.z, b.p.z - a.p.z, 0.5 * std::max(a.width_m, b.width_m),
                                      i == 0, i + 2 == lane.samples.size()});
            const double half = index.segments.back().half_width;
            const Vec2 end = math::xy(a.p) + ab;
            bounds.push_back({glm::min(math::xy(a.p), end) - (half + kEndSlack_m),
                              glm::max(math::xy(a.p), end) + (half + kEndSlack_m)});
            low = glm::min(low, glm::min(math::xy(a.p), math::xy(b.p)) - half);
            high = glm::max(high, glm::max(math::xy(a.p), math::xy(b.p)) + half);
        }
        for (const LaneSample& q : lane.samples) {
            if (first_height) index.height_m = q.p.z;
            first_height = false;
            if (q.p.z != index.height_m) index.flat = false;
        }
    }
    index.grid = math::GridIndex(bounds, {low - kCell_m, high + kCell_m}, kCell_m);
}

RoadMap::~RoadMap() = default;
RoadMap::RoadMap(RoadMap&&) noexcept = default;
RoadMap& RoadMap::operator=(RoadMap&&) noexcept = default;

const Lane& RoadMap::lane(LaneId id) const {
    HM_CHECK(id < network_->lanes.size(), "lane {} of {}", id, network_->lanes.size());
    return network_->lanes[id];
}

LaneSample RoadMap::at(LaneId id, double s_m) const { return lane_at(lane(id), s_m); }

Vec3 RoadMap::point(const LanePlace& place) const {
    const LaneSample q = at(place.lane, place.s_m);
    return q.p + Vec3(math::perp(math::direction(q.heading_rad)) * place.t_m, 0.0);
}

LanePlace RoadMap::project(LaneId id, const Vec2& p) const {
    const Lane& l = lane(id);
    // The closest chord gives the start.
    double best2 = std::numeric_limits<double>::infinity(), s = 0;
    for (std::size_t i = 0; i + 1 < l.samples.size(); ++i) {
        const LaneSample &a = l.samples[i], &b = l.samples[i + 1];
        const auto hit = math::closest_on_segment(p, math::xy(a.p), math::xy(b.p));
        if (hit.distance_m < best2) {
            best2 = hit.distance_m;
            s = a.s_m + hit.along * (b.s_m - a.s_m);
        }
    }
    return refine(l, s, p);
}

std::optional<LanePlace> RoadMap::nearest_lane(const Vec3& place, double heading_rad,
                                               double reach_m) const {
    const Index& index = *index_;
    const Vec2 p = math::xy(place);
    // Lanes that hold p: the heading decides, then the smaller offset, then the lower id. All
    // chords whose area may hold p are in p's own cell, in order of lanes.
    LaneId best = kNone;
    double best_turn = 0, best2 = 0, best_s = 0;
    LaneId current = kNone;
    double lane2 = 0, lane_s = 0;
    const Segment* lane_segment = nullptr;
    const auto finish = [&] {
        if (lane_segment == nullptr ||
            lane2 > lane_segment->half_width * lane_segment->half_width) {
            return;
        }
        const double heading = std::atan2(lane_segment->ab.y, lane_segment->ab.x);
        const double turn = std::abs(math::wrap_angle(heading - heading_rad));
        constexpr double kSameHeading_rad = 1e-3;
        if (best == kNone || turn < best_turn - kSameHeading_rad ||
            (turn < best_turn + kSameHeading_rad && lane2 < best2)) {
            best = current;
            best_turn = turn;
            best2 = lane2;
            best_s = lane_s;
        }
    };
    index.near(p, 0.0, [&](const Segment& g) {
        const Closest c = closest(g, p);
        if (c.beyond_m > kEndSlack_m || std::abs(c.z - place.z) > kLevel_m) return false;
        if (g.lane != current) {
            finish();
            current = g.lane;
            lane_segment = nullptr;
        }
        if (lane_segment == nullptr || c.distance2 < lane2) {
            lane_segment = &g;
            lane2 = c.distance2;
            lane_s = g.s_a + c.along * g.ds;
        }
        return false;
    });
    finish();
    if (best != kNone) return refine(network_->lanes[best], best_s, p);

    // Otherwise the closest within reach, looking further only where the small circle is empty.
    for (double reach = std::min(4.0, reach_m);; reach = reach_m) {
        double closest2 = reach * reach;
        index.near(p, reach, [&](const Segment& g) {
            const Closest c = closest(g, p);
            if (std::abs(c.z - place.z) > kLevel_m) return false;
            if (c.distance2 < closest2 ||
                (c.distance2 == closest2 && (best == kNone || g.lane < best))) {
                closest2 = c.distance2;
                best = g.lane;
                best_s = g.s_a + c.along * g.ds;
            }
            return false;
        });
        if (best != kNone) return refine(network_->lanes[best], best_s, p);
        if (reach >= reach_m) return std::nullopt;
    }
}

bool RoadMap::on_road(const Vec3& p, double margin_m) const {
    return index_->on_road(math::xy(p), margin_m,
                           [&](double z) { return std::abs(z - p.z) <= kLevel_m; });
}

bool RoadMap::on_road(const Vec2& p, double margin_m) const {
    return index_->on_road(p, margin_m, [](double) { return true; });
}

std::vector<LaneId> RoadMap::lanes_near(const Vec3& place, double radius_m) const {
    const Vec2 p = math::xy(place);
    std::vector<LaneId> lanes;
    index_->near(p, radius_m, [&](const Segment& g) {
        const Closest c = closest(g, p);
        if (c.distance2 <= radius_m * radius_m && std::abs(c.z - place.z) <= kLevel_m) {
            lanes.push_back(g.lane);
        }
        return false;
    });
    std::sort(lanes.begin(), lanes.end());
    lanes.erase(std::unique(lanes.begin(), lanes.end()), lanes.end());
    return lanes;
}

std::vector<LaneId> RoadMap::route(LaneId from, LaneId to) const {
    static_cast<void>(lane(from));
    static_cast<void>(lane(to));
    // Dijkstra over lanes; the heap's order is total, so ties fall the same way on every machine.
    const std::size_t count = network_->lanes.size();
    std::vector<double> cost(count, std::numeric_limits<double>::infinity());
    std::vector<LaneId> before(count, kNone);
    using Entry = std::pair<double, LaneId>;
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> open;
    cost[from] = 0;
    open.push({0.0, from});
    while (!open.empty()) {
        const double reached = open.top().first;
        const LaneId id = open.top().second;
        open.pop();
        if (reached > cost[id]) continue;
        if (id == to) break;
        const Lane& here = network_->lanes[id];
        const auto relax = [&](LaneId next, double step) {
            if (network_->lanes[next].kind != world::LaneKind::kDriving) return;
            if (reached + step < cost[next]) {
                cost[next] = reached + step;
                before[next] = id;
                open.push({cost[next], next});
            }
        };
        for (const LaneId next : here.successors) relax(next, network_->lanes[next].length_m);
        if (here.left != kNone) relax(here.left, kLaneChange_m);
        if (here.right != kNone) relax(here.right, kLaneChange_m);
    }
    if (cost[to] == std::numeric_limits<double>::infinity()) return {};
    std::vector<LaneId> lanes{to};
    while (lanes.back() != from) lanes.push_back(before[lanes.back()]);
    std::reverse(lanes.begin(), lanes.end());
    return lanes;
}

Surface RoadMap::surface(const Vec3& place) const {
    const Index& index = *index_;
    if (index.surface) return index.surface->at(place);
    const Vec2 p = math::xy(place);
    Surface out;
    out.friction = on_road(p) || on_road(p, kGutter_m) ? 1.0 : kVergeFriction;
    if (index.flat) {
        out.height_m = index.height_m;
        return out;
    }
    // Hilly networks: the mean of the planes of the chords around, weighted by closeness, so that
    // wheels meet no step where lanes of different slopes join.
    const auto height = [&](const Vec2& at) {
        constexpr double kReach_m = 12.0;
        double weights = 0, sum = 0;
        index.near(at, kReach_m, [&](const Segment& g) {
            const Closest c = closest(g, at);
            const double fade = 1.0 - c.distance2 / (kReach_m * kReach_m);
            if (fade <= 0) return false;
            const double weight = g.ds * fade * fade / (c.distance2 + 0.25);
            const double along = glm::dot(at - g.a, g.ab) * g.inverse_length2;
            weights += weight;
            sum += weight * (g.z_a + along * g.dz);
            return false;
        });
        return weights > 0 ? sum / weights : index.height_m;
    };
    constexpr double kStep_m = 0.25;  // of the central difference, about a tyre's contact patch
    out.height_m = height(p);
    const double dx = (height(p + Vec2(kStep_m, 0)) - height(p - Vec2(kStep_m, 0))) / (2 * kStep_m);
    const double dy = (height(p + Vec2(0, kStep_m)) - height(p - Vec2(0, kStep_m))) / (2 * kStep_m);
    out.normal = glm::normalize(Vec3(-dx, -dy, 1.0));
    return out;
}

}  // namespace huntsman::engine::road
