#include "scenarios/player/road_walk.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <queue>

namespace huntsman::scenarios::player {

using engine::math::Vec2;
using engine::math::Vec3;
using engine::world::ContactPoint;
using engine::world::kNone;
using engine::world::ModelLane;
using engine::world::Road;
using engine::world::RoadLink;

using engine::math::kPi;
using engine::math::wrap_angle;

std::optional<std::uint32_t> RoadWalk::road_named(const std::string& id) const {
    const auto& roads = geometry_->model().roads;
    const auto at = std::ranges::find(roads, id, &Road::id);
    if (at == roads.end()) return std::nullopt;
    return static_cast<std::uint32_t>(at - roads.begin());
}

double RoadWalk::lane_centre_t_m(std::uint32_t road, int lane, double s_m) const {
    const std::uint32_t section = geometry_->section_at(road, s_m);
    return (geometry_->inner_t_m(road, section, lane, s_m) +
            geometry_->outer_t_m(road, section, lane, s_m)) /
           2;
}

double RoadWalk::lane_width_m(std::uint32_t road, int lane, double s_m) const {
    return geometry_->width_m(road, geometry_->section_at(road, s_m), lane, s_m);
}

bool RoadWalk::has_lane(std::uint32_t road, int lane, double s_m) const {
    return geometry_->lane(road, geometry_->section_at(road, s_m), lane) != nullptr;
}

int RoadWalk::lane_beside(int lane, int lanes) {
    const int beside = lane + lanes;
    // Lane 0 has no width: lane 1 lies beside lane -1.
    if (lane < 0 && beside >= 0) return beside + 1;
    if (lane > 0 && beside <= 0) return beside - 1;
    return beside;
}

OnRoad RoadWalk::in_lane(std::uint32_t road, int lane, double s_m, double offset_m) const {
    const double s = std::clamp(s_m, 0.0, geometry_->model().roads[road].length_m);
    return {.road = road,
            .lane = lane,
            .s_m = s,
            .t_m = lane_centre_t_m(road, lane, s) + offset_m,
            .offset_m = offset_m};
}

OnRoad RoadWalk::at_t(std::uint32_t road, double s_m, double t_m) const {
    const double s = std::clamp(s_m, 0.0, geometry_->model().roads[road].length_m);
    int lane = geometry_->lane_at(road, s, t_m);
    if (lane == 0) {
        // Beyond all lanes, or between two: the outermost of that side.
        const std::uint32_t section = geometry_->section_at(road, s);
        for (const ModelLane& each : geometry_->model().roads[road].sections[section].lanes) {
            if (each.id == 0 || (each.id > 0) != (t_m > 0)) continue;
            if (lane == 0 || std::abs(each.id) > std::abs(lane)) lane = each.id;
        }
    }
    OnRoad place = in_lane(road, lane, s, 0);
    place.offset_m = t_m - place.t_m;
    place.t_m = t_m;
    return place;
}

std::optional<OnRoad> RoadWalk::nearest(const Vec3& p, double heading_rad, double reach_m) const {
    const auto& roads = geometry_->model().roads;
    std::optional<OnRoad> best;
    double best_cost = std::numeric_limits<double>::infinity();
    for (std::uint32_t road = 0; road < roads.size(); ++road) {
        const auto at = geometry_->project(road, p);
        const auto reference = geometry_->reference(road, at.s_m);
        const Vec2 from(p.x - reference.p.x, p.y - reference.p.y);
        // Beyond the road's ends, projections are clamped.
        const double along = std::abs(from.x * std::cos(reference.heading_rad) +
                                      from.y * std::sin(reference.heading_rad));
        const OnRoad place = at_t(road, at.s_m, at.t_m);
        const double half = lane_width_m(road, place.lane, at.s_m) / 2;
        const double outside = std::max(0.0, std::abs(place.offset_m) - half);
        if (outside > reach_m || along > 0.05 + reach_m) continue;
        if (std::abs(at.h_m) > 10) continue;
        double turned = std::abs(wrap_angle(heading_rad - reference.heading_rad));
        turned = std::min(turned, kPi - turned);
        const double cost = 10 * (outside + along) + std::abs(at.h_m) + 0.5 * turned;
        if (cost < best_cost) {
            best_cost = cost;
            best = place;
        }
    }
    return best;
}

bool RoadWalk::on_carriageway(const OnRoad& place) const {
    if (place.road == kNone) return false;
    const int id = geometry_->lane_at(place.road, place.s_m, place.t_m);
    const ModelLane* lane =
        geometry_->lane(place.road, geometry_->section_at(place.road, place.s_m), id);
    using engine::world::LaneType;
    return lane != nullptr && id != 0 &&
           (engine::world::is_driven(lane->type) || lane->type == LaneType::kParking ||
            lane->type == LaneType::kStop);
}

bool RoadWalk::drives_forward(const OnRoad& place) const {
    return (place.lane < 0) != geometry_->model().roads[place.road].left_hand;
}

std::vector<RoadWalk::Next> RoadWalk::next(std::uint32_t road, bool forward, int lane) const {
    std::vector<Next> ways;
    const engine::world::RoadModel& model = geometry_->model();
    const Road& here = model.roads[road];
    const RoadLink& link = forward ? here.successor : here.predecessor;
    if (link.kind == RoadLink::Kind::kRoad && link.index != kNone) {
        const bool onward = link.contact != ContactPoint::kEnd;
        int next_lane = lane;
        const auto& section = forward ? here.sections.back() : here.sections.front();
        const auto at = std::ranges::find(section.lanes, lane, &ModelLane::id);
        if (at != section.lanes.end()) {
            const auto& linked = forward ? at->successors : at->predecessors;
            // Roads linked end to end run against each other.
            next_lane = !linked.empty() ? linked.front() : (onward == forward ? lane : -lane);
        }
        ways.push_back({link.index, onward, next_lane});
    } else if (link.kind == RoadLink::Kind::kJunction && link.index != kNone) {
        for (const auto& connection : model.junctions[link.index].connections) {
            if (connection.incoming != road || connection.connecting == kNone) continue;
            for (const auto& lanes : connection.lanes) {
                if (lane != 0 && lanes.from != lane) continue;
                ways.push_back(
                    {connection.connecting, connection.contact != ContactPoint::kEnd, lanes.to});
            }
        }
    }
    return ways;
}

std::vector<RouteRoad> RoadWalk::random_route(const OnRoad& from, bool forward,
                                              const engine::core::Key& key) const {
    constexpr std::size_t kMost = 500;  // roads: more than a run drives
    std::vector<RouteRoad> route{{from.road, forward}};
    int lane = from.lane;
    while (route.size() < kMost) {
        std::vector<Next> ways = next(route.back().road, route.back().forward, lane);
        if (ways.empty()) ways = next(route.back().road, route.back().forward, 0);
        if (ways.empty()) break;
        const Next& way = ways[key.index(ways.size(), route.size())];
        route.push_back({way.road, way.forward});
        lane = way.lane;
    }
    return route;
}

std::optional<RoadWalk::Next> RoadWalk::choose(const OnRoad& place, bool forward,
                                               std::span<const RouteRoad> route,
                                               std::uint32_t& route_at) const {
    std::vector<Next> ways = next(place.road, forward, place.lane);
    if (ways.empty()) ways = next(place.road, forward, 0);
    if (ways.empty()) return std::nullopt;
    for (std::uint32_t i = route_at; i + 1 < route.size(); ++i) {
        if (route[i].road != place.road) continue;
        for (const Next& way : ways) {
            if (way.road == route[i + 1].road) {
                route_at = i + 1;
                return way;
            }
        }
        // The route leaves from another lane.
        for (const Next& way : next(place.road, forward, 0)) {
            if (way.road == route[i + 1].road) {
                route_at = i + 1;
                return way;
            }
        }
        break;
    }
    // The straightest: the least turn between here and the way's end.
    const double here = geometry_->reference(place.road, place.s_m).heading_rad;
    const auto turn = [&](const Next& way) {
        const double length = geometry_->model().roads[way.road].length_m;
        double there = geometry_->reference(way.road, way.forward ? length : 0).heading_rad;
        if (way.forward != forward) there += kPi;
        return std::abs(wrap_angle(there - here));
    };
    return *std::ranges::min_element(ways, {}, turn);
}

void RoadWalk::cross_section(OnRoad& place, bool forward, double& left_m, Along along) const {
    const Road& road = geometry_->model().roads[place.road];
    const std::uint32_t section =
        geometry_->section_at(place.road, forward ? place.s_m : std::max(0.0, place.s_m - 1e-9));
    const double border_m =
        forward ? geometry_->section_end_m(place.road, section) : road.sections[section].s_m;
    const double room_m = std::abs(border_m - place.s_m);
    // On a bend, s runs faster or slower than the distance at t.
    const double curvature = geometry_->reference(place.road, place.s_m).curvature_per_m;
    const double scale =
        along == Along::kReferenceLine ? 1.0 : std::clamp(1 - curvature * place.t_m, 0.1, 10.0);
    const double ds = left_m / scale;
    const double sign = forward ? 1 : -1;
    if (ds < room_m) {
        place.s_m += sign * ds;
        left_m = 0;
    } else {
        place.s_m = border_m;
        left_m -= room_m * scale;
        const auto at = std::ranges::find(road.sections[section].lanes, place.lane, &ModelLane::id);
        const bool inside = forward ? section + 1 < road.sections.size() : section > 0;
        if (inside && at != road.sections[section].lanes.end()) {
            const auto& linked = forward ? at->successors : at->predecessors;
            if (!linked.empty()) place.lane = linked.front();
        }
    }
    place.t_m = lane_centre_t_m(place.road, place.lane, place.s_m) + place.offset_m;
}

double RoadWalk::move(OnRoad& place, bool& forward, double distance_m,
                      std::span<const RouteRoad> route, std::uint32_t& route_at,
                      Along along) const {
    double left_m = distance_m;
    // More borders than this within one step: lanes without length.
    constexpr int kMostBorders = 100;
    for (int i = 0; i < kMostBorders && left_m > 1e-12; ++i) {
        const double length = geometry_->model().roads[place.road].length_m;
        if (forward ? place.s_m >= length : place.s_m <= 0) {
            const auto way = choose(place, forward, route, route_at);
            if (!way) return left_m;
            // Where the direction along s turns round, so does the side that offsets count to.
            const double offset = way->forward == forward ? place.offset_m : -place.offset_m;
            const double next_length = geometry_->model().roads[way->road].length_m;
            place = in_lane(way->road, way->lane, way->forward ? 0 : next_length, offset);
            forward = way->forward;
        }
        cross_section(place, forward, left_m, along);
    }
    return 0;
}

std::optional<double> RoadWalk::distance(const OnRoad& from, bool forward, const OnRoad& to,
                                         double reach_m) const {
    if (from.road == to.road) {
        const double ds = (to.s_m - from.s_m) * (forward ? 1 : -1);
        return std::abs(ds) <= reach_m ? std::optional(ds) : std::nullopt;
    }
    std::optional<double> best;
    for (const bool ahead : {true, false}) {
        const bool along = ahead == forward;
        const double sign = ahead ? 1 : -1;
        // Dijkstra over roads: the distance at which each is entered.
        struct Entry {
            double at_m;
            std::uint32_t road;
            bool forward;
            bool operator>(const Entry& other) const {
                return std::tie(at_m, road, forward) >
                       std::tie(other.at_m, other.road, other.forward);
            }
        };
        std::priority_queue<Entry, std::vector<Entry>, std::greater<>> open;
        std::map<std::pair<std::uint32_t, bool>, double> seen;
        const auto leave = [&](std::uint32_t road, bool direction, double at_m) {
            for (const Next& way : next(road, direction, 0)) {
                open.push({at_m, way.road, way.forward});
            }
        };
        const double length = geometry_->model().roads[from.road].length_m;
        leave(from.road, along, along ? length - from.s_m : from.s_m);
        while (!open.empty()) {
            const Entry entry = open.top();
            open.pop();
            if (entry.at_m > reach_m || (best && entry.at_m > std::abs(*best))) break;
            if (!seen.emplace(std::pair(entry.road, entry.forward), entry.at_m).second) continue;
            const double next_length = geometry_->model().roads[entry.road].length_m;
            if (entry.road == to.road) {
                const double d = entry.at_m + (entry.forward ? to.s_m : next_length - to.s_m);
                if (!best || d < std::abs(*best)) best = sign * d;
            }
            leave(entry.road, entry.forward, entry.at_m + next_length);
        }
    }
    if (best && std::abs(*best) > reach_m) return std::nullopt;
    return best;
}

std::vector<RouteRoad> RoadWalk::route(std::span<const OnRoad> places) const {
    std::vector<RouteRoad> roads;
    if (places.empty()) return roads;
    using Node = std::pair<std::uint32_t, bool>;
    roads.push_back({places[0].road, drives_forward(places[0])});
    for (std::size_t i = 1; i < places.size(); ++i) {
        const Node start{roads.back().road, roads.back().forward};
        const OnRoad& goal = places[i];
        const OnRoad& before = places[i - 1];
        if (goal.road == start.first && before.road == goal.road &&
            (start.second ? goal.s_m >= before.s_m : goal.s_m <= before.s_m)) {
            continue;
        }
        std::map<Node, Node> came;
        std::priority_queue<std::pair<double, Node>, std::vector<std::pair<double, Node>>,
                            std::greater<>>
            open;
        std::map<Node, double> cost{{start, 0}};
        open.emplace(0, start);
        std::optional<Node> end;
        while (!open.empty()) {
            const auto [at_m, node] = open.top();
            open.pop();
            if (at_m > cost.at(node)) continue;
            if (node.first == goal.road && node != start) {
                end = node;
                break;
            }
            const double length = geometry_->model().roads[node.first].length_m;
            for (const Next& way : next(node.first, node.second, 0)) {
                const Node there{way.road, way.forward};
                const double there_m = at_m + length;
                const auto known = cost.find(there);
                if (known != cost.end() && known->second <= there_m) continue;
                cost[there] = there_m;
                came[there] = node;
                open.emplace(there_m, there);
            }
        }
        if (!end) return {};
        std::vector<RouteRoad> part;
        for (Node node = *end; node != start; node = came.at(node)) {
            part.push_back({node.first, node.second});
        }
        roads.insert(roads.end(), part.rbegin(), part.rend());
    }
    return roads;
}

}  // namespace huntsman::scenarios::player
