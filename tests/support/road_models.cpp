#include "tests/support/road_models.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace huntsman::tests {

namespace math = engine::math;
using math::Vec2;
using namespace engine::world;

namespace {

constexpr double kInner_m = 12.0, kArm_m = 100.0, kLane_m = 3.5, kPavement_m = 2.0;

void sort_lanes(LaneSection& section) {
    std::sort(section.lanes.begin(), section.lanes.end(),
              [](const ModelLane& a, const ModelLane& b) { return a.id > b.id; });
}

void raise(ModelLane& lane) { lane.heights.push_back({0, 0.12, 0.12}); }

RoadLink to_road(std::uint32_t index, ContactPoint contact) {
    RoadLink link;
    link.kind = RoadLink::Kind::kRoad;
    link.id = fmt::format("{}", index);
    link.index = index;
    link.contact = contact;
    return link;
}

}  // namespace

ModelLane& add_lane(LaneSection& section, int id, LaneType type, double width_m) {
    ModelLane lane;
    lane.id = id;
    lane.type = type;
    if (id != 0) lane.widths.push_back({0, width_m, 0, 0, 0});
    section.lanes.push_back(std::move(lane));
    sort_lanes(section);
    return *std::find_if(section.lanes.begin(), section.lanes.end(),
                         [&](const ModelLane& l) { return l.id == id; });
}

PlanPiece plan_piece(double x_m, double y_m, double heading_rad, double length_m,
                     double curvature_per_m) {
    PlanPiece piece;
    piece.kind = curvature_per_m == 0 ? PlanPiece::Kind::kLine : PlanPiece::Kind::kArc;
    piece.length_m = length_m;
    piece.x_m = x_m;
    piece.y_m = y_m;
    piece.heading_rad = heading_rad;
    piece.curvature_start = piece.curvature_end = curvature_per_m;
    return piece;
}

RoadModel straight_model(double length_m, int lanes, double section_m) {
    RoadModel model;
    Road road;
    road.id = "0";
    road.length_m = length_m;
    road.plan.push_back(plan_piece(0, 0, 0, length_m));
    for (double s = 0; s < length_m - 1e-6; s += section_m) {
        LaneSection section;
        section.s_m = s;
        add_lane(section, 0, LaneType::kUnused, 0);
        for (int i = 1; i <= lanes; ++i) {
            for (const int id : {i, -i}) {
                ModelLane& lane = add_lane(section, id, LaneType::kDriving, kLane_m);
                RoadMark mark;
                mark.type = i < lanes ? MarkType::kBroken : MarkType::kSolid;
                lane.marks.push_back(mark);
                if (s > 0) lane.predecessors = {id};
                if (s + section_m < length_m - 1e-6) lane.successors = {id};
            }
        }
        road.sections.push_back(std::move(section));
    }
    model.roads.push_back(std::move(road));
    return model;
}

namespace {

// A road with one piece of plan and one driven lane.
Road one_lane(std::uint32_t index, const PlanPiece& piece, int lane) {
    Road road;
    road.id = fmt::format("{}", index);
    road.length_m = piece.length_m;
    road.plan.push_back(piece);
    LaneSection section;
    add_lane(section, 0, LaneType::kUnused, 0);
    ModelLane& driven = add_lane(section, lane, LaneType::kDriving, kLane_m);
    driven.predecessors = driven.successors = {lane};
    road.sections.push_back(std::move(section));
    return road;
}

RoadLink to_junction(std::uint32_t index) {
    RoadLink link;
    link.kind = RoadLink::Kind::kJunction;
    link.id = fmt::format("{}", 100 + index);
    link.index = index;
    return link;
}

PlanPiece between(const Vec2& a, const Vec2& b) {
    const Vec2 ab = b - a;
    return plan_piece(a.x, a.y, std::atan2(ab.y, ab.x), glm::length(ab));
}

}  // namespace

RoadModel roundabout_model() {
    constexpr double kRadius_m = 20, kSpan_rad = 0.35, kArmFrom_m = 40;
    RoadModel model;
    model.roads.resize(20);
    for (std::uint32_t k = 0; k < 4; ++k) {
        ModelJunction junction;
        junction.id = fmt::format("{}", 100 + k);
        model.junctions.push_back(std::move(junction));
    }
    const auto on_ring = [&](double angle) { return kRadius_m * math::direction(angle); };
    // The arms, two lanes each.
    for (std::uint32_t k = 0; k < 4; ++k) {
        const double angle = 0.5 * math::kPi * k;
        const Vec2 start = kArmFrom_m * math::direction(angle);
        Road arm = one_lane(k, plan_piece(start.x, start.y, angle, 80), -1);
        add_lane(arm.sections[0], 1, LaneType::kDriving, kLane_m);
        arm.predecessor = to_junction(k);
        model.roads[k] = std::move(arm);
    }
    for (std::uint32_t k = 0; k < 4; ++k) {
        const double angle = 0.5 * math::kPi * k;
        const auto ring = [&](std::uint32_t i) { return 4 + i % 4; };
        // The quarter behind arm k.
        const Vec2 from = on_ring(angle + kSpan_rad);
        Road quarter = one_lane(
            ring(k),
            plan_piece(from.x, from.y, math::wrap_angle(angle + kSpan_rad + 0.5 * math::kPi),
                       kRadius_m * (0.5 * math::kPi - 2 * kSpan_rad), 1 / kRadius_m),
            -1);
        quarter.predecessor = to_junction(k);
        quarter.successor = to_junction((k + 1) % 4);
        model.roads[ring(k)] = std::move(quarter);
        // Junction k: from the quarter before it on to the next, from the arm in, and out to it.
        const std::uint32_t before = ring(k + 3), after = ring(k), first = 8 + 3 * k;
        const Vec2 in = on_ring(angle - kSpan_rad), out = on_ring(angle + kSpan_rad);
        const Vec2 arm = kArmFrom_m * math::direction(angle);
        const auto add = [&](std::uint32_t index, const PlanPiece& piece, std::uint32_t incoming,
                             ContactPoint in_contact, int in_lane, std::uint32_t outgoing) {
            Road road = one_lane(index, piece, -1);
            road.junction = k;
            road.junction_id = model.junctions[k].id;
            road.predecessor = to_road(incoming, in_contact);
            road.successor = to_road(outgoing, ContactPoint::kStart);
            road.sections[0].lanes[1].predecessors = {in_lane};
            model.roads[index] = std::move(road);
            JunctionConnection connection;
            connection.id = fmt::format("{}", index);
            connection.incoming = incoming;
            connection.connecting = index;
            connection.contact = ContactPoint::kStart;
            connection.lanes.push_back({in_lane, -1});
            model.junctions[k].connections.push_back(std::move(connection));
        };
        add(first,
            plan_piece(in.x, in.y, math::wrap_angle(angle - kSpan_rad + 0.5 * math::kPi),
                       2 * kSpan_rad * kRadius_m, 1 / kRadius_m),
            before, ContactPoint::kEnd, -1, after);
        add(first + 1, between(arm, out), k, ContactPoint::kStart, 1, after);
        add(first + 2, between(in, arm), before, ContactPoint::kEnd, -1, k);
    }
    return model;
}

RoadModel merge_model() {
    RoadModel model;
    // Road 1 joins by two arcs that take it 3.5 m to the left over its last 60 m.
    constexpr double kOver_m = 60, kAside_m = 3.5;
    model.roads.push_back(one_lane(0, plan_piece(0, 0, 0, 100), -1));
    Road ramp = one_lane(1, plan_piece(0, -kAside_m, 0, 40), -1);
    const double radius = (0.25 * kOver_m * kOver_m + 0.25 * kAside_m * kAside_m) / kAside_m;
    const double turn = 2 * std::atan2(kAside_m, kOver_m);
    const double arc = radius * turn;
    PlanPiece left = plan_piece(40, -kAside_m, 0, arc, 1 / radius);
    left.s_m = 40;
    PlanPiece right = plan_piece(40 + 0.5 * kOver_m, -0.5 * kAside_m, turn, arc, -1 / radius);
    right.s_m = 40 + arc;
    ramp.plan.push_back(left);
    ramp.plan.push_back(right);
    ramp.length_m = 40 + 2 * arc;
    model.roads.push_back(std::move(ramp));
    model.roads.push_back(one_lane(2, plan_piece(100, 0, 0, 100), -1));
    model.roads[0].successor = to_road(2, ContactPoint::kStart);
    model.roads[1].successor = to_road(2, ContactPoint::kStart);
    model.roads[2].predecessor = to_road(0, ContactPoint::kEnd);
    model.roads[0].sections[0].lanes[1].predecessors.clear();
    model.roads[1].sections[0].lanes[1].predecessors.clear();
    model.roads[2].sections[0].lanes[1].successors.clear();
    return model;
}

RoadModel four_way_model(const ArmOptions& options) {
    RoadModel model;
    // Mirrored for left-hand traffic: signs of lanes, of turns and of offsets.
    const int in = options.left_hand ? -1 : 1;  // lane of an arm that comes in
    ModelJunction junction;
    junction.id = "100";
    for (int arm = 0; arm < 4; ++arm) {
        Road road;
        road.id = fmt::format("{}", arm);
        road.length_m = kArm_m;
        road.left_hand = options.left_hand;
        const double heading = 0.5 * math::kPi * arm;
        const Vec2 start = kInner_m * math::direction(heading);
        road.plan.push_back(plan_piece(start.x, start.y, heading, kArm_m));
        road.predecessor.kind = RoadLink::Kind::kJunction;
        road.predecessor.id = "100";
        road.predecessor.index = 0;
        LaneSection section;
        add_lane(section, 0, LaneType::kUnused, 0);
        for (const int id : {1, -1}) add_lane(section, id, LaneType::kDriving, kLane_m);
        if (options.pavements) {
            for (const int id : {2, -2}) {
                raise(add_lane(section, id, LaneType::kSidewalk, kPavement_m));
            }
        }
        road.sections.push_back(std::move(section));
        const auto add_signal = [&](const char* type, bool dynamic) {
            ModelSignal signal;
            signal.id = fmt::format("{}", 200 + arm);
            signal.s_m = 6;
            signal.t_m = in * (kLane_m + 0.5);
            signal.z_offset_m = 2.9;
            signal.orientation = options.left_hand ? Orientation::kForward : Orientation::kBackward;
            if (options.left_hand) signal.orientation = Orientation::kBackward;
            signal.dynamic = dynamic;
            signal.type = type;
            signal.country = "OpenDRIVE";
            signal.width_m = 0.35;
            signal.height_m = 1.0;
            road.signals.push_back(signal);
        };
        if (options.signals) add_signal("1000001", true);
        if (options.yield_signs && arm % 2 == 1) add_signal("205", false);
        if (options.crosswalks) {
            ModelObject object;
            object.id = fmt::format("{}", 300 + arm);
            object.type = "crosswalk";
            object.s_m = 3;
            Outline outline;
            for (const auto& [s, t] : {std::pair{1.5, -kLane_m}, std::pair{4.5, -kLane_m},
                                       std::pair{4.5, kLane_m}, std::pair{1.5, kLane_m}}) {
                outline.corners.push_back({false, s, t, 0, 0, -1});
            }
            object.outlines.push_back(outline);
            road.objects.push_back(std::move(object));
        }
        model.roads.push_back(std::move(road));
    }
    for (int arm = 0; arm < 4; ++arm) {
        for (int k = 0; k < 3; ++k) {
            const int to = (arm + 1 + k) % 4;
            // The near turn leads to the next arm counter-clockwise, or clockwise on the left.
            const double bend = k == 1 ? 0.0 : (k == 0 ? -1.0 : 1.0) / kInner_m;
            Road road;
            const auto index = static_cast<std::uint32_t>(model.roads.size());
            road.id = fmt::format("{}", index);
            road.left_hand = options.left_hand;
            road.junction_id = "100";
            road.junction = 0;
            const double heading = 0.5 * math::kPi * arm;
            const Vec2 start = kInner_m * math::direction(heading);
            road.length_m = k == 1 ? 2 * kInner_m : 0.5 * math::kPi * kInner_m;
            road.plan.push_back(plan_piece(start.x, start.y, math::wrap_angle(heading + math::kPi),
                                           road.length_m, bend));
            const auto from_index = static_cast<std::uint32_t>(arm);
            const auto to_index = static_cast<std::uint32_t>(to);
            road.predecessor = to_road(from_index, ContactPoint::kStart);
            road.successor = to_road(to_index, ContactPoint::kStart);
            LaneSection section;
            add_lane(section, 0, LaneType::kUnused, 0);
            ModelLane& lane = add_lane(section, -in, LaneType::kDriving, kLane_m);
            lane.predecessors = {in};
            lane.successors = {-in};
            const bool near = k == (options.left_hand ? 2 : 0);
            if (options.pavements && near) {
                ModelLane& pavement = add_lane(section, -2 * in, LaneType::kSidewalk, kPavement_m);
                raise(pavement);
                pavement.predecessors = {2 * in};
                pavement.successors = {-2 * in};
            }
            road.sections.push_back(std::move(section));
            model.roads.push_back(std::move(road));
            JunctionConnection connection;
            connection.id = fmt::format("{}", index);
            connection.incoming_id = fmt::format("{}", arm);
            connection.connecting_id = fmt::format("{}", index);
            connection.incoming = from_index;
            connection.connecting = index;
            connection.contact = ContactPoint::kStart;
            connection.lanes.push_back({in, -in});
            junction.connections.push_back(std::move(connection));
        }
    }
    if (options.controllers) {
        for (int c = 0; c < 2; ++c) {
            SignalController controller;
            controller.id = fmt::format("{}", 400 + c);
            controller.controls.push_back({fmt::format("{}", 200 + c), ""});
            controller.controls.push_back({fmt::format("{}", 202 + c), ""});
            model.controllers.push_back(controller);
            junction.controllers.push_back({controller.id, "", c});
        }
    }
    model.junctions.push_back(std::move(junction));
    return model;
}

}  // namespace huntsman::tests
