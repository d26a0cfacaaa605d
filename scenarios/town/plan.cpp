#include "scenarios/town/plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/road/lane_curve.h"
#include "engine/world/pose.h"

namespace huntsman::scenarios::town {

namespace math = engine::math;
using math::Vec2;
using namespace engine::world;

namespace {

// Points of an SVG shape; y grows downwards there.
std::string points(const std::vector<Vec2>& line) {
    std::string out;
    for (const Vec2& p : line) out += fmt::format("{:.2f},{:.2f} ", p.x, -p.y);
    return out;
}

std::vector<Vec2> lane_line(const Lane& lane, double from_m, double to_m) {
    std::vector<Vec2> line;
    const int steps = std::max(1, static_cast<int>((to_m - from_m) / 2.0));
    for (int i = 0; i <= steps; ++i) {
        const double s = from_m + (to_m - from_m) * i / steps;
        line.push_back(math::xy(engine::road::lane_at(lane, s).p));
    }
    return line;
}

std::string stroke(const std::vector<Vec2>& line, const char* colour, double width,
                   const char* more = "") {
    return fmt::format("<polyline points='{}' fill='none' stroke='{}' stroke-width='{:.2f}' {}/>\n",
                       points(line), colour, width, more);
}

std::string polygon(const std::vector<Vec2>& line, const char* fill) {
    return fmt::format("<polygon points='{}' fill='{}'/>\n", points(line), fill);
}

std::string box(const math::Box2& b, const char* fill) {
    const auto c = b.corners();
    return polygon({c.begin(), c.end()}, fill);
}

const char* object_colour(Semantic semantic) {
    switch (semantic) {
        case Semantic::kBuilding:
            return "#b08968";
        case Semantic::kVegetation:
            return "#4f8a3c";
        case Semantic::kPole:
        case Semantic::kTrafficSign:
            return "#7a4fbf";
        case Semantic::kFence:
            return "#9c8f6b";
        default:
            return is_vehicle(semantic) ? "#5a6a80" : "#888888";
    }
}

}  // namespace

std::string plan_svg(const World& world, const std::vector<Vec2>& track) {
    const double side = world.size_m > 0 ? world.size_m : 600.0;
    std::string out = fmt::format(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='{0} {0} {1} {1}'>\n"
        "<rect x='{0}' y='{0}' width='{1}' height='{1}' fill='#dfe8d5'/>\n",
        -0.5 * side, side);
    const RoadNetwork& roads = world.roads;
    // Walkways under the carriageway, then lanes, crossings and what stands beside.
    for (const Walkway& walkway : roads.walkways) {
        std::vector<Vec2> line;
        for (const auto& p : walkway.points) line.push_back(math::xy(p));
        if (walkway.crossing == kNone) out += stroke(line, "#d8d2c8", walkway.width_m);
    }
    for (const Lane& lane : roads.lanes) {
        out += stroke(lane_line(lane, 0, lane.length_m), lane.in_junction() ? "#8d8d8d" : "#777777",
                      lane.samples[0].width_m);
    }
    for (const Crossing& c : roads.crossings) {
        out +=
            stroke({math::xy(c.a), math::xy(c.b)}, "#ffffff", c.width_m,
                   c.signal_group == kNone ? "stroke-dasharray='0.5 0.5'" : "stroke-opacity='0.6'");
    }
    for (const Walkway& walkway : roads.walkways) {
        std::vector<Vec2> line;
        for (const auto& p : walkway.points) line.push_back(math::xy(p));
        out += stroke(line, "#e08b2d", 0.2);
    }
    for (const Lane& lane : roads.lanes) {
        out += stroke(lane_line(lane, 0, lane.length_m), "#f5f5f5", 0.1);
        if (!lane.in_junction() || lane.predecessors.empty()) continue;
        const LaneSample q =
            engine::road::lane_at(roads.lanes[lane.predecessors[0]], lane.stop_s_m);
        const Vec2 across = 0.5 * q.width_m * math::perp(math::direction(q.heading_rad));
        const char* colour = lane.control == Control::kSignal  ? "#d02020"
                             : lane.control == Control::kStop  ? "#ff00ff"
                             : lane.control == Control::kYield ? "#ffd000"
                                                               : "#ffffff";
        out += stroke({math::xy(q.p) + across, math::xy(q.p) - across}, colour, 0.4);
    }
    for (const StaticObject& object : world.objects) {
        if (object.extent.length_m() <= 0) continue;
        out += box(footprint(object.extent, object.X_WB), object_colour(object.semantic));
    }
    for (const SignalHead& head : roads.signal_heads) {
        const Vec2 p = math::xy(head.p);
        out += stroke({p, p + 1.2 * math::direction(head.heading_rad)},
                      roads.signal_groups[head.group].for_pedestrians ? "#00a0ff" : "#ff2020", 0.4);
    }
    // The ego's route and goal, then everybody at the start.
    for (const LaneId id : world.ego_route) {
        const Lane& lane = roads.lanes[id];
        const bool first = id == world.ego_route.front(), last = id == world.ego_route.back();
        out += stroke(lane_line(lane, first && !world.spawns.empty() ? world.spawns[0].lane_s_m : 0,
                                last ? world.ego_goal_s_m : lane.length_m),
                      "#1060ff", 0.8, "stroke-opacity='0.7'");
    }
    if (!track.empty()) out += stroke(track, "#ff6000", 0.6);
    for (const Spawn& spawn : world.spawns) {
        const Archetype& archetype = world.archetype_of(spawn);
        const auto ground = footprint(archetype.extent, spawn.X_WB);
        if (is_vehicle(archetype.semantic)) {
            out += box(ground, spawn.id == kEgo ? "#ff3000" : "#103a7a");
        } else {
            out += fmt::format("<circle cx='{:.2f}' cy='{:.2f}' r='0.5' fill='#c0007a'/>\n",
                               ground.centre.x, -ground.centre.y);
        }
    }
    return out + "</svg>\n";
}

}  // namespace huntsman::scenarios::town
