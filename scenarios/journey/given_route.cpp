// The route along a way that a user gives.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "engine/road/lane_curve.h"
#include "engine/road/road_geometry.h"
#include "scenarios/journey/route_search.h"

namespace huntsman::scenarios::journey {

using namespace engine::world;
using engine::core::Error;
using engine::core::Result;
using engine::math::Vec2;
using engine::road::RoadMap;

namespace {

constexpr double kNear_m = 15.0;   // from a point to the driven lane that it means
constexpr double kLeast_m = 10.0;  // between two places that follow each other on a lane
constexpr double kRear_m = 2.0;    // from a lane's start to the rear axle of a car on it
constexpr int kStarts = 64;        // tried where only the end is given

struct RoutePoint {
    LaneId lane = kNone;
    double s_m = 0;
    double off_m = 0;  // from the place to the lane
};

std::vector<std::string> parts_of(const std::string& text) {
    std::vector<std::string> parts{""};
    for (const char c : text) {
        if (c == ',') {
            parts.emplace_back();
        } else {
            parts.back() += c;
        }
    }
    return parts;
}

std::optional<double> number(const std::string& text) {
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    if (text.empty() || *end != 0 || !std::isfinite(value)) return std::nullopt;
    return value;
}

// The nearest of some lanes to a point.
template <typename Accept>
RoutePoint nearest(const RoadMap& map, const Vec2& p, Accept accept) {
    RoutePoint best{.off_m = 1e30};
    for (const Lane& lane : map.network().lanes) {
        if (lane.kind != LaneKind::kDriving || !accept(lane)) continue;
        const auto place = map.project(lane.id, p);
        const double off =
            glm::length(engine::math::xy(engine::road::lane_at(lane, place.s_m).p) - p);
        if (off < best.off_m) best = {lane.id, place.s_m, off};
    }
    return best;
}

Result<RoutePoint> on_road(const World& world, const RoadMap& map, const std::string& name,
                           const std::string& text, const std::vector<std::string>& parts) {
    const auto& roads = world.road_model.roads;
    const auto road =
        std::find_if(roads.begin(), roads.end(), [&](const Road& r) { return r.id == parts[0]; });
    if (road == roads.end()) {
        return Error{fmt::format("{} is {}: the map has no road {}", name, text, parts[0])};
    }
    const auto lane = number(parts[1]), s = number(parts[2]);
    if (!lane || *lane != std::round(*lane) || !s) {
        return Error{fmt::format("{} is {}, expected ROAD,LANE,S or X,Y", name, text)};
    }
    if (*s < 0 || *s > road->length_m) {
        return Error{fmt::format("{} is {}: s is {}, expected 0 to {:.6g} on road {}", name, text,
                                 *s, road->length_m, parts[0])};
    }
    const auto index = static_cast<std::uint32_t>(road - roads.begin());
    const engine::road::RoadGeometry geometry(world.road_model);
    const RoutePoint place = nearest(map, geometry.reference(index, *s).p, [&](const Lane& l) {
        return l.road == index && l.model_lane == static_cast<int>(*lane);
    });
    if (place.lane == kNone) {
        return Error{
            fmt::format("{} is {}: road {} has no driven lane {}", name, text, parts[0], parts[1])};
    }
    return place;
}

Result<RoutePoint> find_place(const World& world, const RoadMap& map, const std::string& name,
                              const std::string& text, const Vec2& origin_W) {
    const auto parts = parts_of(text);
    if (parts.size() == 3) return on_road(world, map, name, text, parts);
    const auto x = number(parts[0]), y = parts.size() == 2 ? number(parts[1]) : std::nullopt;
    if (!x || !y) {
        return Error{fmt::format("{} is {}, expected ROAD,LANE,S or X,Y", name, text)};
    }
    const RoutePoint place =
        nearest(map, origin_W + Vec2(*x, *y), [](const Lane& l) { return !l.in_junction(); });
    if (place.lane == kNone || place.off_m > kNear_m) {
        return Error{
            fmt::format("{} is {}: the nearest driven lane is {:.0f} m away, expected {:g}", name,
                        text, place.off_m, kNear_m)};
    }
    return place;
}

double length_of(const RoadNetwork& network, const std::vector<LaneId>& lanes, double start_s_m,
                 double goal_s_m) {
    double length = goal_s_m - start_s_m;
    for (std::size_t i = 0; i + 1 < lanes.size(); ++i) {
        const Lane& lane = network.lanes[lanes[i]];
        const bool change = lane.left == lanes[i + 1] || lane.right == lanes[i + 1];
        length += change ? 0.0 : lane.length_m;
    }
    return length;
}

// The lanes from one place to another; none where no way leads there.
std::vector<LaneId> lanes_between(const RoadMap& map, const RoutePoint& a, const RoutePoint& b) {
    if (a.lane != b.lane) return map.route(a.lane, b.lane);
    if (b.s_m >= a.s_m + kLeast_m) return {a.lane};
    // Once round and back to the same lane.
    std::vector<LaneId> best;
    double shortest = 1e30;
    for (const LaneId next : map.network().lanes[a.lane].successors) {
        std::vector<LaneId> lanes = map.route(next, b.lane);
        if (lanes.empty()) continue;
        const double length = length_of(map.network(), lanes, 0, b.s_m);
        if (length >= shortest) continue;
        shortest = length;
        lanes.insert(lanes.begin(), a.lane);
        best = std::move(lanes);
    }
    return best;
}

Result<Route> along(const RoadMap& map, const std::vector<RoutePoint>& places,
                    const std::vector<std::string>& texts) {
    Route route;
    route.lanes = {places.front().lane};
    route.start_s_m = places.front().s_m;
    route.goal_s_m = places.back().s_m;
    for (std::size_t i = 0; i + 1 < places.size(); ++i) {
        const auto lanes = lanes_between(map, places[i], places[i + 1]);
        if (lanes.empty()) {
            return Error{fmt::format("no way leads from {} to {}", texts[i], texts[i + 1])};
        }
        route.lanes.insert(route.lanes.end(), lanes.begin() + 1, lanes.end());
    }
    route.length_m = length_of(map.network(), route.lanes, route.start_s_m, route.goal_s_m);
    return route;
}

}  // namespace

Result<Route> given_route(const World& world, const RoadMap& map, const Way& way,
                          const Vec2& origin_W, const std::vector<LaneId>& starts, double wanted_m,
                          Dice& dice) {
    std::vector<RoutePoint> places;
    std::vector<std::string> texts;
    const auto add = [&](const std::string& name, const std::string& text) -> engine::core::Status {
        if (text.empty()) return {};
        HM_TAKE(const RoutePoint place, find_place(world, map, name, text, origin_W));
        places.push_back(place);
        texts.push_back(text);
        return {};
    };
    HM_TRY(add("the route's start", way.from));
    for (const std::string& text : way.via) HM_TRY(add("the route's place", text));
    HM_TRY(add("the route's end", way.to));
    if (!way.from.empty()) {
        const Lane& lane = world.roads.lanes[places.front().lane];
        if (lane.in_junction()) {
            return Error{fmt::format("the route's start is {}: it lies in a junction", way.from)};
        }
        places.front().s_m = std::clamp(places.front().s_m, std::min(kRear_m, 0.5 * lane.length_m),
                                        std::max(0.5 * lane.length_m, lane.length_m - kLeast_m));
    }
    if (!way.from.empty() && !way.to.empty()) return along(map, places, texts);
    if (way.to.empty())
        return route_from(world, places.front().lane, places.front().s_m, wanted_m, dice);

    Route best;
    for (int i = 0; i < kStarts; ++i) {
        const LaneId start = starts[dice.index(starts.size())];
        const RoutePoint from{start, std::min(9.0, 0.3 * world.roads.lanes[start].length_m), 0};
        auto route = along(map, {from, places.front()}, {"", ""});
        if (!route) continue;
        route->score = -std::abs(route->length_m - wanted_m);
        if (route->score > best.score) best = std::move(*route);
    }
    if (best.lanes.empty()) {
        return Error{fmt::format("the route's end is {}: no way leads there", way.to)};
    }
    return best;
}

}  // namespace huntsman::scenarios::journey
