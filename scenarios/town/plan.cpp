#include "scenarios/town/plan.h"

#include <algorithm>

#include "engine/draw/drawing.h"
#include "engine/road/lane_curve.h"
#include "engine/world/pose.h"

namespace huntsman::scenarios::town {

namespace math = engine::math;
using engine::draw::Colour;
using engine::draw::Drawing;
using engine::draw::Path;
using engine::draw::Shape;
using math::Vec2;
using namespace engine::world;

namespace {

constexpr int kSide_px = 1600;

// Points in W.
std::vector<Vec2> lane_line(const Lane& lane, double from_m, double to_m) {
    std::vector<Vec2> line;
    const int steps = std::max(1, static_cast<int>((to_m - from_m) / 2.0));
    for (int i = 0; i <= steps; ++i) {
        const double s = from_m + (to_m - from_m) * i / steps;
        line.push_back(math::xy(engine::road::lane_at(lane, s).p));
    }
    return line;
}

std::vector<Vec2> walkway_line(const Walkway& walkway) {
    std::vector<Vec2> line;
    for (const auto& p : walkway.points) line.push_back(math::xy(p));
    return line;
}

Colour object_colour(Semantic semantic) {
    switch (semantic) {
        case Semantic::kBuilding:
            return {0xb0, 0x89, 0x68};
        case Semantic::kVegetation:
            return {0x4f, 0x8a, 0x3c};
        case Semantic::kPole:
        case Semantic::kTrafficSign:
            return {0x7a, 0x4f, 0xbf};
        case Semantic::kFence:
            return {0x9c, 0x8f, 0x6b};
        default:
            return is_vehicle(semantic) ? Colour{0x5a, 0x6a, 0x80} : Colour{0x88, 0x88, 0x88};
    }
}

Colour stop_line_colour(Control control) {
    switch (control) {
        case Control::kSignal:
            return {0xd0, 0x20, 0x20};
        case Control::kStop:
            return {0xff, 0x00, 0xff};
        case Control::kYield:
            return {0xff, 0xd0, 0x00};
        default:
            return {0xff, 0xff, 0xff};
    }
}

// Draws in metres of W.
class PlanPainter {
  public:
    explicit PlanPainter(const World& world)
        : world_(world),
          side_m_(plan_side_m(world)),
          drawing_{.width_px = kSide_px,
                   .height_px = kSide_px,
                   .background = {0xdf, 0xe8, 0xd5},
                   .shapes = {}} {}

    void draw_ground();
    void draw_lane_details();
    void draw_objects();
    void draw_route();
    void draw_track(const std::vector<Vec2>& track) {
        if (!track.empty()) stroke(track, {0xff, 0x60, 0x00}, 0.6);
    }
    void draw_spawns();
    Drawing take() { return std::move(drawing_); }

  private:
    double px(double metres) const { return metres * kSide_px / side_m_; }
    Path path(const std::vector<Vec2>& line) const {
        Path path;
        for (const Vec2& p : line)
            path.emplace_back(px(p.x + 0.5 * side_m_), px(0.5 * side_m_ - p.y));
        return path;
    }
    Shape& stroke(const std::vector<Vec2>& line, const Colour& colour, double width_m) {
        return drawing_.shapes.emplace_back(Shape{.kind = Shape::Kind::kStroke,
                                                  .colour = colour,
                                                  .paths = {path(line)},
                                                  .size_px = px(width_m)});
    }
    void fill(const std::vector<Vec2>& line, const Colour& colour) {
        drawing_.shapes.push_back({.colour = colour, .paths = {path(line)}});
    }
    void fill(const math::Box2& box, const Colour& colour) {
        const auto corners = box.corners();
        fill({corners.begin(), corners.end()}, colour);
    }

    const World& world_;
    double side_m_;
    Drawing drawing_;
};

// Walkways under the carriageway, then lanes and crossings.
void PlanPainter::draw_ground() {
    const RoadNetwork& roads = world_.roads;
    for (const Walkway& walkway : roads.walkways) {
        if (walkway.crossing != kNone) continue;
        stroke(walkway_line(walkway), {0xd8, 0xd2, 0xc8}, walkway.width_m);
    }
    for (const Lane& lane : roads.lanes) {
        const std::uint8_t grey = lane.in_junction() ? 0x8d : 0x77;
        stroke(lane_line(lane, 0, lane.length_m), {grey, grey, grey}, lane.samples[0].width_m);
    }
    for (const Crossing& c : roads.crossings) {
        const bool zebra = c.signal_group == kNone;
        Shape& crossing = stroke({math::xy(c.a), math::xy(c.b)},
                                 {0xff, 0xff, 0xff, zebra ? 1.0 : 0.6}, c.width_m);
        if (zebra) crossing.dash_px = px(0.5);
    }
}

// Centre lines of walkways and lanes, and stop lines in the colour of their control.
void PlanPainter::draw_lane_details() {
    const RoadNetwork& roads = world_.roads;
    for (const Walkway& walkway : roads.walkways) {
        stroke(walkway_line(walkway), {0xe0, 0x8b, 0x2d}, 0.2);
    }
    for (const Lane& lane : roads.lanes) {
        stroke(lane_line(lane, 0, lane.length_m), {0xf5, 0xf5, 0xf5}, 0.1);
        if (!lane.in_junction() || lane.predecessors.empty()) continue;
        const LaneSample q =
            engine::road::lane_at(roads.lanes[lane.predecessors[0]], lane.stop_s_m);
        const Vec2 across = 0.5 * q.width_m * math::perp(math::direction(q.heading_rad));
        stroke({math::xy(q.p) + across, math::xy(q.p) - across}, stop_line_colour(lane.control),
               0.4);
    }
}

// What stands beside the road, and which way signal heads look.
void PlanPainter::draw_objects() {
    for (const StaticObject& object : world_.objects) {
        if (object.extent.length_m() <= 0) continue;
        fill(footprint(object.extent, object.X_WB), object_colour(object.semantic));
    }
    for (const SignalHead& head : world_.roads.signal_heads) {
        const Vec2 p = math::xy(head.p);
        const bool pedestrians = world_.roads.signal_groups[head.group].for_pedestrians;
        stroke({p, p + 1.2 * math::direction(head.heading_rad)},
               pedestrians ? Colour{0x00, 0xa0, 0xff} : Colour{0xff, 0x20, 0x20}, 0.4);
    }
}

// The ego's, from where it starts to its goal.
void PlanPainter::draw_route() {
    for (const LaneId id : world_.ego_route) {
        const Lane& lane = world_.roads.lanes[id];
        const bool first = id == world_.ego_route.front(), last = id == world_.ego_route.back();
        stroke(lane_line(lane, first && !world_.spawns.empty() ? world_.spawns[0].lane_s_m : 0,
                         last ? world_.ego_goal_s_m : lane.length_m),
               {0x10, 0x60, 0xff, 0.7}, 0.8);
    }
}

// Everybody at the start.
void PlanPainter::draw_spawns() {
    for (const Spawn& spawn : world_.spawns) {
        const Archetype& archetype = world_.archetype_of(spawn);
        const auto ground = footprint(archetype.extent, spawn.X_WB);
        if (is_vehicle(archetype.semantic)) {
            fill(ground, spawn.id == kEgo ? Colour{0xff, 0x30, 0x00} : Colour{0x10, 0x3a, 0x7a});
            continue;
        }
        constexpr int kCorners = 12;
        constexpr double kPerson_m = 0.5;
        std::vector<Vec2> circle;
        for (int i = 0; i < kCorners; ++i) {
            circle.push_back(ground.centre +
                             kPerson_m * math::direction(2 * math::kPi * i / kCorners));
        }
        fill(circle, {0xc0, 0x00, 0x7a});
    }
}

}  // namespace

double plan_side_m(const World& world) { return world.size_m > 0 ? world.size_m : 600.0; }

std::string plan_svg(const World& world, const std::vector<Vec2>& track) {
    PlanPainter painter(world);
    painter.draw_ground();
    painter.draw_lane_details();
    painter.draw_objects();
    painter.draw_route();
    painter.draw_track(track);
    painter.draw_spawns();
    return engine::draw::to_svg_element(painter.take());
}

}  // namespace huntsman::scenarios::town
