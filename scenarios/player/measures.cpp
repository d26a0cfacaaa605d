// Distances between entities and places.

#include <algorithm>
#include <array>

#include "scenarios/player/stage.h"

namespace huntsman::scenarios::player {

namespace {

constexpr double kReach_m = 2000;  // distances along roads are sought this far

// The corners of an entity's box in the plane.
std::array<Vec2, 4> corners(const ScriptedEntity& entity, const story::Box& box) {
    const Vec2 along(std::cos(entity.heading_rad), std::sin(entity.heading_rad));
    const Vec2 left(-along.y, along.x);
    const Vec2 centre = Vec2(entity.p_W.x, entity.p_W.y) + box.x_m * along + box.y_m * left;
    const Vec2 a = box.length_m / 2 * along, b = box.width_m / 2 * left;
    return {centre + a + b, centre - a + b, centre - a - b, centre + a - b};
}

// The range that a box covers along an axis, from a point on.
std::pair<double, double> range(const std::array<Vec2, 4>& box, const Vec2& from,
                                const Vec2& axis) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const Vec2& corner : box) {
        const double d = glm::dot(corner - from, axis);
        low = std::min(low, d);
        high = std::max(high, d);
    }
    return {low, high};
}

// Signed distance between two ranges; 0 where they overlap.
double between(std::pair<double, double> a, std::pair<double, double> b) {
    if (b.first > a.second) return b.first - a.second;
    if (a.first > b.second) return b.second - a.first;
    return 0;
}

bool boxes_overlap(const std::array<Vec2, 4>& a, const std::array<Vec2, 4>& b) {
    for (const auto& box : {a, b}) {
        for (const Vec2& edge : {box[0] - box[1], box[1] - box[2]}) {
            const double length = glm::length(edge);
            if (length < 1e-9) continue;
            if (between(range(a, a[0], edge / length), range(b, a[0], edge / length)) != 0) {
                return false;
            }
        }
    }
    return true;
}

double point_to_segment(const Vec2& p, const Vec2& a, const Vec2& b) {
    const Vec2 ab = b - a;
    const double length2 = glm::dot(ab, ab);
    const double u = length2 > 0 ? std::clamp(glm::dot(p - a, ab) / length2, 0.0, 1.0) : 0;
    return glm::length(p - a - u * ab);
}

double box_distance(const std::array<Vec2, 4>& a, const std::array<Vec2, 4>& b) {
    if (boxes_overlap(a, b)) return 0;
    double best = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < 4; ++i) {
        for (std::size_t j = 0; j < 4; ++j) {
            best = std::min(best, point_to_segment(a[i], b[j], b[(j + 1) % 4]));
            best = std::min(best, point_to_segment(b[i], a[j], a[(j + 1) % 4]));
        }
    }
    return best;
}

}  // namespace

bool Step::overlap(Index a, Index b) const {
    const ScriptedEntity& first = state_.entities[a];
    const ScriptedEntity& second = state_.entities[b];
    if (!first.present || !second.present) return false;
    const story::Box& box_a = story_.entities[a].box;
    const story::Box& box_b = story_.entities[b].box;
    const auto low = [](const ScriptedEntity& e, const story::Box& box) {
        return e.p_W.z + box.z_m - box.height_m / 2;
    };
    const double la = low(first, box_a), lb = low(second, box_b);
    if (la > lb + box_b.height_m || lb > la + box_a.height_m) return false;
    return boxes_overlap(corners(first, box_a), corners(second, box_b));
}

std::optional<double> Step::along_road(const ScriptedEntity& from, const OnRoad& to) const {
    if (from.on_road.road == engine::world::kNone || to.road == engine::world::kNone) {
        return std::nullopt;
    }
    return walk_.distance(from.on_road, faces_along(from), to, kReach_m);
}

Step::Gap Step::gap(Index from, const Pose& to, const story::Measure& measure) const {
    const ScriptedEntity& a = state_.entities[from];
    Gap gap;
    const Vec2 apart(to.p_W.x - a.p_W.x, to.p_W.y - a.p_W.y);
    gap.euclidean_m = glm::length(to.p_W - a.p_W);
    gap.found = true;
    if (measure.frame == story::Frame::kRoad || measure.frame == story::Frame::kLane) {
        const auto along = to.on_road ? along_road(a, *to.on_road) : std::nullopt;
        gap.found = along.has_value() || measure.kind == story::DistanceKind::kEuclidean;
        gap.longitudinal_m = along.value_or(0);
        if (to.on_road) {
            gap.lateral_m = measure.frame == story::Frame::kLane
                                ? to.on_road->offset_m - a.on_road.offset_m
                                : to.on_road->t_m - a.on_road.t_m;
        }
        if (measure.freespace && gap.found) {
            const story::Box& box = story_.entities[from].box;
            const double ahead = box.x_m + box.length_m / 2, behind = box.length_m / 2 - box.x_m;
            gap.longitudinal_m = gap.longitudinal_m > 0
                                     ? std::max(0.0, gap.longitudinal_m - ahead)
                                     : std::min(0.0, gap.longitudinal_m + behind);
        }
        return gap;
    }
    const Vec2 axis = measure.frame == story::Frame::kWorld
                          ? Vec2(1, 0)
                          : Vec2(std::cos(a.heading_rad), std::sin(a.heading_rad));
    const Vec2 left(-axis.y, axis.x);
    gap.longitudinal_m = glm::dot(apart, axis);
    gap.lateral_m = glm::dot(apart, left);
    if (!measure.freespace) return gap;
    const auto box = corners(a, story_.entities[from].box);
    const Vec2 at(a.p_W.x, a.p_W.y), p(to.p_W.x, to.p_W.y);
    const auto point = [&](const Vec2& direction) {
        const double d = glm::dot(p - at, direction);
        return std::pair(d, d);
    };
    gap.longitudinal_m = between(range(box, at, axis), point(axis));
    gap.lateral_m = between(range(box, at, left), point(left));
    gap.euclidean_m = box_distance(box, {p, p, p, p});
    return gap;
}

Step::Gap Step::gap(Index from, Index to, const story::Measure& measure) const {
    const ScriptedEntity& a = state_.entities[from];
    const ScriptedEntity& b = state_.entities[to];
    story::Measure points = measure;
    points.freespace = false;
    Pose pose{.p_W = b.p_W, .heading_rad = b.heading_rad};
    if (b.on_road.road != engine::world::kNone) pose.on_road = b.on_road;
    Gap gap = this->gap(from, pose, points);
    if (!measure.freespace || !gap.found) return gap;
    const story::Box& box_a = story_.entities[from].box;
    const story::Box& box_b = story_.entities[to].box;
    const auto a_corners = corners(a, box_a), b_corners = corners(b, box_b);
    gap.euclidean_m = box_distance(a_corners, b_corners);
    if (measure.frame == story::Frame::kRoad || measure.frame == story::Frame::kLane) {
        // Boxes stand along their roads, one ahead of the other.
        const bool same = faces_along(a) == faces_along(b);
        const double a_ahead = box_a.length_m / 2 + box_a.x_m,
                     a_behind = box_a.length_m / 2 - box_a.x_m;
        const double b_ahead = box_b.length_m / 2 + (same ? box_b.x_m : -box_b.x_m),
                     b_behind = box_b.length_m / 2 - (same ? box_b.x_m : -box_b.x_m);
        gap.longitudinal_m = between({-a_behind, a_ahead},
                                     {gap.longitudinal_m - b_behind, gap.longitudinal_m + b_ahead});
        gap.lateral_m =
            between({-box_a.width_m / 2, box_a.width_m / 2},
                    {gap.lateral_m - box_b.width_m / 2, gap.lateral_m + box_b.width_m / 2});
        return gap;
    }
    const Vec2 axis = measure.frame == story::Frame::kWorld
                          ? Vec2(1, 0)
                          : Vec2(std::cos(a.heading_rad), std::sin(a.heading_rad));
    const Vec2 left(-axis.y, axis.x), at(a.p_W.x, a.p_W.y);
    gap.longitudinal_m = between(range(a_corners, at, axis), range(b_corners, at, axis));
    gap.lateral_m = between(range(a_corners, at, left), range(b_corners, at, left));
    return gap;
}

std::optional<double> Step::distance(const Gap& gap, const story::Measure& measure) const {
    if (!gap.found) return std::nullopt;
    switch (measure.kind) {
        case story::DistanceKind::kLateral:
            return std::abs(gap.lateral_m);
        case story::DistanceKind::kLongitudinal:
            return std::abs(gap.longitudinal_m);
        case story::DistanceKind::kEuclidean:
            break;
    }
    if (measure.frame == story::Frame::kRoad || measure.frame == story::Frame::kLane) {
        return std::hypot(gap.longitudinal_m, gap.lateral_m);
    }
    return gap.euclidean_m;
}

}  // namespace huntsman::scenarios::player
