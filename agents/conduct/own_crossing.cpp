#include "agents/conduct/own_crossing.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace huntsman::agents::conduct {

namespace {

constexpr double kStep_m = 0.5;
constexpr double kToRoad_m = 6.0;    // from the pavement's middle to the road
constexpr double kWidest_m = 16.0;   // road that is crossed
constexpr double kPavement_m = 6.0;  // from the road's edge to the pavement opposite
constexpr double kKerb_m = 0.5;      // from the road's edge to where one waits
constexpr double kWidth_m = 1.2;     // of the way
constexpr double kFree_m = 0.6;      // beside it, without things
constexpr double kWants = 0.5;       // of the walkways: where somebody has to be opposite
constexpr double kHere_m = 0.2;      // about the place where it leaves the walkway

// Distance from a polyline in the plane.
double distance_m(const world::Walkway& walkway, const Vec2& p) {
    double best = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i + 1 < walkway.points.size(); ++i) {
        const Vec2 a = math::xy(walkway.points[i]), ab = math::xy(walkway.points[i + 1]) - a;
        const double length2 = std::max(glm::dot(ab, ab), 1e-9);
        const Vec2 off = p - a - std::clamp(glm::dot(p - a, ab) / length2, 0.0, 1.0) * ab;
        best = std::min(best, glm::length(off));
    }
    return best;
}

// The walkway beside a kerb, other than crossings.
world::WalkwayId walkway_at(const LaneBook& book, const math::Vec3& p) {
    world::WalkwayId found = world::kNone;
    double best = kPavement_m;
    for (const world::Walkway& walkway : book.roads().walkways) {
        if (walkway.crossing != world::kNone || walkway.points.empty() ||
            std::abs(walkway.points.front().z - p.z) > road::kLevel_m) {
            continue;
        }
        const double d = distance_m(walkway, math::xy(p));
        if (d >= best) continue;
        best = d;
        found = walkway.id;
    }
    return found;
}

bool is_free(const LaneBook& book, const Vec2& from, const Vec2& to) {
    const double length_m = glm::length(to - from);
    const Vec2 along = (to - from) / std::max(length_m, 1e-6);
    bool free = true;
    for (double at_m = 0; at_m <= length_m && free; at_m += 1.0) {
        const math::Box2 body{from + at_m * along, 0, {kFree_m, kFree_m}};
        book.near_boxes(body.centre, [&](const math::Box2& box, double) {
            free = free && !math::overlap(body, box);
        });
    }
    return free;
}

std::optional<world::OwnCrossing> way_to_side(const LaneBook& book, const math::Vec3& p,
                                              const Vec2& across) {
    const auto on_road = [&](double at_m) {
        return book.map().on_road(p + math::Vec3(at_m * across, 0));
    };
    double begin_m = 0;
    while (begin_m <= kToRoad_m && !on_road(begin_m)) begin_m += kStep_m;
    if (begin_m == 0 || begin_m > kToRoad_m) return std::nullopt;
    double end_m = begin_m;
    while (end_m - begin_m <= kWidest_m && on_road(end_m)) end_m += kStep_m;
    if (end_m - begin_m > kWidest_m) return std::nullopt;
    world::OwnCrossing way;
    way.from_W = math::xy(p) + std::max(0.0, begin_m - kStep_m - kKerb_m) * across;
    way.to_W = math::xy(p) + (end_m + kKerb_m) * across;
    for (const LaneCrossed& crossed : lanes_crossed(book, way, p.z)) {
        if (book.roads().lanes[crossed.lane].in_junction()) return std::nullopt;
    }
    way.beyond = walkway_at(book, math::Vec3(way.to_W, p.z));
    if (way.beyond == world::kNone || !is_free(book, way.from_W, way.to_W)) return std::nullopt;
    return way;
}

}  // namespace

std::vector<LaneCrossed> lanes_crossed(const LaneBook& book, const world::OwnCrossing& way,
                                       double z_m) {
    const double length_m = glm::length(way.to_W - way.from_W);
    const Vec2 along = (way.to_W - way.from_W) / std::max(length_m, 1e-6);
    std::vector<LaneCrossed> lanes;
    for (double at_m = 0; at_m <= length_m; at_m += kStep_m) {
        const math::Vec3 p(way.from_W + at_m * along, z_m);
        if (!book.map().on_road(p)) continue;
        const auto place = book.map().nearest_lane(p, 0);
        if (!place || (!lanes.empty() && lanes.back().lane == place->lane)) continue;
        const world::LaneSample q = book.map().at(place->lane, place->s_m);
        const double middle_m = glm::dot(math::xy(q.p) - way.from_W, along);
        lanes.push_back(
            {place->lane, place->s_m - 0.5 * kWidth_m, place->s_m + 0.5 * kWidth_m, middle_m});
    }
    return lanes;
}

std::optional<world::OwnCrossing> way_over(const LaneBook& book, const math::Vec3& p,
                                           const Vec2& along) {
    for (const double side : {1.0, -1.0}) {
        const auto way = way_to_side(book, p, side * math::perp(along));
        if (way) return way;
    }
    return std::nullopt;
}

bool leaves_walkway(const Scene& scene, const world::Walkway& walkway, double s_m,
                    const world::PedestrianMind& mind, const engine::core::Key& seed) {
    constexpr double kEnds_m = 8.0;  // near its ends one takes the corner
    if (walkway.crossing != world::kNone || walkway.length_m < 3.0 * kEnds_m) return false;
    const engine::core::Key key = seed.with(scene.self.id)
                                      .with("own crossing")
                                      .with(walkway.id)
                                      .with(static_cast<std::uint64_t>(mind.goal_node));
    if (key.uniform(0) >= kWants * (1 - scene.self.traits->uses_crossings)) return false;
    const double place_m = key.uniform(kEnds_m, walkway.length_m - kEnds_m, 1);
    return std::abs(s_m - place_m) < kHere_m;
}

world::Walkway as_walkway(const world::OwnCrossing& way, double z_m) {
    world::Walkway walkway;
    walkway.points = {math::Vec3(way.from_W, z_m), math::Vec3(way.to_W, z_m)};
    walkway.length_m = glm::length(way.to_W - way.from_W);
    walkway.width_m = kWidth_m;
    return walkway;
}

}  // namespace huntsman::agents::conduct
