// Crossings from crosswalk objects.
#include <algorithm>
#include <cctype>
#include <cmath>

#include "engine/math/geometry.h"
#include "engine/road/compile_parts.h"
#include "engine/road/lane_curve.h"

namespace huntsman::engine::road::parts {

using math::Vec2;
using math::Vec3;
using namespace world;

namespace {

constexpr double kStep_m = 0.25;        // along lanes, when looking for what a crossing covers
constexpr double kStopBefore_m = 1.0;   // stop lines lie this far before a crossing
constexpr double kAtJunction_m = 20.0;  // crossings nearer to a junction belong to its stop line
constexpr double kLeastWidth_m = 1.0;

std::string lower(std::string text) {
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

bool is_crosswalk(const ModelObject& object) {
    const std::string type = lower(object.type);
    return type == "crosswalk" || type == "zebracrossing" || type == "pedestriancrossing";
}

// The corners of an object's area in the plane.
std::vector<Vec2> corners_of(const Draft& draft, std::uint32_t road, const ModelObject& object) {
    const RoadPose pose = draft.geometry.pose({road, object.s_m, object.t_m, 0});
    const Vec2 u = math::direction(pose.heading_rad + object.heading_rad), v = math::perp(u);
    std::vector<Vec2> corners;
    const Outline* outline = nullptr;
    for (const Outline& candidate : object.outlines) {
        if (candidate.corners.size() >= 3 && (outline == nullptr || candidate.outer)) {
            outline = &candidate;
            if (candidate.outer) break;
        }
    }
    if (outline != nullptr) {
        for (const OutlineCorner& c : outline->corners) {
            corners.push_back(c.local ? math::xy(pose.p) + c.a * u + c.b * v
                                      : math::xy(draft.geometry.pose({road, c.a, c.b, 0}).p));
        }
    } else if (object.has_box && object.length_m > 0 && object.width_m > 0) {
        for (const Vec2& k : {Vec2(1, 1), Vec2(-1, 1), Vec2(-1, -1), Vec2(1, -1)}) {
            corners.push_back(math::xy(pose.p) + 0.5 * k.x * object.length_m * u +
                              0.5 * k.y * object.width_m * v);
        }
    }
    return corners;
}

// The strip that people walk on.
struct Strip {
    Vec2 centre{0, 0}, along{1, 0};
    double low_m = 0, high_m = 0;  // along, from the centre
    double half_width_m = 0;
    Vec2 place(const Vec2& p) const {  // along and across
        const Vec2 off = p - centre;
        return {glm::dot(off, along), math::cross(along, off)};
    }
};

// Driven lanes that pass near, with their direction there.
struct Passing {
    LaneId lane = kNone;
    std::vector<double> s_m;
};

std::vector<Passing> lanes_through(const Draft& draft, const std::vector<Vec2>& corners, double z) {
    Vec2 low = corners[0], high = corners[0];
    for (const Vec2& p : corners) {
        low = glm::min(low, p);
        high = glm::max(high, p);
    }
    constexpr double kMargin_m = 8.0, kLevel_m = 2.5;
    std::vector<Passing> found;
    for (const Lane& lane : draft.network.lanes) {
        if (lane.kind != LaneKind::kDriving) continue;
        Passing passing{lane.id, {}};
        for (std::size_t i = 0; i + 1 < lane.samples.size(); ++i) {
            const LaneSample &a = lane.samples[i], &b = lane.samples[i + 1];
            if (std::abs(a.p.z - z) > kLevel_m) continue;
            if (glm::any(glm::lessThan(glm::max(math::xy(a.p), math::xy(b.p)), low - kMargin_m)) ||
                glm::any(
                    glm::greaterThan(glm::min(math::xy(a.p), math::xy(b.p)), high + kMargin_m))) {
                continue;
            }
            for (double s = std::ceil(a.s_m / kStep_m) * kStep_m; s <= b.s_m; s += kStep_m) {
                if (math::inside_polygon(math::xy(lane_at(lane, s).p), corners)) {
                    passing.s_m.push_back(s);
                }
            }
        }
        if (!passing.s_m.empty()) found.push_back(std::move(passing));
    }
    return found;
}

// A crossing from its corners, or false where no lane runs through them.
bool make_crossing(const Draft& draft, const std::vector<Vec2>& corners, double z,
                   Crossing& crossing) {
    const auto passing = lanes_through(draft, corners, z);
    if (passing.empty()) return false;
    // The lanes' common axis, as a doubled angle.
    Vec2 doubled(0);
    for (const Passing& p : passing) {
        const double heading =
            lane_at(draft.network.lanes[p.lane], p.s_m[p.s_m.size() / 2]).heading_rad;
        doubled += math::direction(2 * heading);
    }
    const Vec2 lanes = math::direction(0.5 * std::atan2(doubled.y, doubled.x));
    // People walk along those edges that lie most across it; long edges count more.
    Strip strip;
    double best = -1;
    for (std::size_t i = 0; i < corners.size(); ++i) {
        const Vec2 edge = corners[(i + 1) % corners.size()] - corners[i];
        const double length = glm::length(edge);
        if (length < 0.2) continue;
        const double across = std::abs(math::cross(lanes, edge / length));
        const double score = across * across * across + 0.01 * length * across;
        if (score > best) {
            best = score;
            strip.along = edge / length;
        }
    }
    for (const Vec2& p : corners) strip.centre += p / static_cast<double>(corners.size());
    double low = 1e30, high = -1e30, left = -1e30, right = 1e30;
    for (const Vec2& p : corners) {
        const Vec2 q = strip.place(p);
        low = std::min(low, q.x);
        high = std::max(high, q.x);
        left = std::max(left, q.y);
        right = std::min(right, q.y);
    }
    strip.centre += 0.5 * (left + right) * math::perp(strip.along);
    strip.half_width_m = std::max(0.5 * kLeastWidth_m, 0.5 * (left - right));
    // From edge to edge of the lanes at least.
    for (const Passing& p : passing) {
        for (const double s : p.s_m) {
            const LaneSample q = lane_at(draft.network.lanes[p.lane], s);
            const double sine = std::abs(math::cross(math::direction(q.heading_rad), strip.along));
            const double reach = 0.5 * q.width_m / std::max(0.5, sine);
            const Vec2 at = strip.place(math::xy(q.p));
            low = std::min(low, at.x - reach);
            high = std::max(high, at.x + reach);
        }
    }
    strip.low_m = low;
    strip.high_m = high;
    crossing.width_m = 2 * strip.half_width_m;
    const Vec2 a = strip.centre + low * strip.along, b = strip.centre + high * strip.along;
    crossing.a = Vec3(a, z);
    crossing.b = Vec3(b, z);

    // The stretch of each lane inside the strip.
    for (const Passing& p : passing) {
        const Lane& lane = draft.network.lanes[p.lane];
        const auto inside = [&](double s) {
            const Vec2 q = strip.place(math::xy(lane_at(lane, s).p));
            return std::abs(q.y) <= strip.half_width_m && q.x > low && q.x < high;
        };
        double begin = p.s_m.front(), end = p.s_m.back();
        while (begin > 0 && inside(begin - kStep_m / 5)) begin -= kStep_m / 5;
        while (end < lane.length_m && inside(end + kStep_m / 5)) end += kStep_m / 5;
        crossing.lanes.push_back({lane.id, std::max(0.0, begin), std::min(lane.length_m, end)});
    }
    return true;
}

}  // namespace

void make_crossings(Draft& draft) {
    RoadNetwork& network = draft.network;
    for (std::uint32_t r = 0; r < draft.model.roads.size(); ++r) {
        for (const ModelObject& object : draft.model.roads[r].objects) {
            if (!is_crosswalk(object)) continue;
            const auto corners = corners_of(draft, r, object);
            if (corners.size() < 3) continue;
            const double z = draft.geometry.pose({r, object.s_m, object.t_m, 0}).p.z;
            Crossing crossing;
            if (!make_crossing(draft, corners, z, crossing)) continue;
            // One crossing may be described on several roads of a junction.
            const bool known = std::any_of(
                network.crossings.begin(), network.crossings.end(), [&](const Crossing& other) {
                    const Vec2 off =
                        math::xy(0.5 * (other.a + other.b) - 0.5 * (crossing.a + crossing.b));
                    return glm::length(off) < 1.0 && std::abs(other.a.z - crossing.a.z) < 2.5;
                });
            if (known) continue;
            // Heights are those of the carriageway, just inside the kerbs.
            const Vec3 inside = 0.1 * glm::normalize(crossing.b - crossing.a);
            for (const bool start : {true, false}) {
                Vec3& end = start ? crossing.a : crossing.b;
                const RoadPlace place =
                    draft.geometry.project(r, start ? end + inside : end - inside);
                end.z = draft.geometry.pose({r, place.s_m, place.t_m, 0}).p.z;
            }
            crossing.id = static_cast<CrossingId>(network.crossings.size());
            network.crossings.push_back(std::move(crossing));
        }
    }
    // Vehicles stop before crossings that lie between them and the junction.
    for (const Crossing& crossing : network.crossings) {
        for (const Crossing::LaneSpan& span : crossing.lanes) {
            const Lane& lane = network.lanes[span.lane];
            if (lane.in_junction() || lane.length_m - span.s_end_m > kAtJunction_m) continue;
            const double stop = std::max(0.0, span.s_begin_m - kStopBefore_m);
            for (const LaneId c : lane.successors) {
                Lane& connection = network.lanes[c];
                if (!connection.in_junction()) continue;
                connection.stop_s_m = std::min(connection.stop_s_m, stop);
            }
        }
    }
}

}  // namespace huntsman::engine::road::parts
