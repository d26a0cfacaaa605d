#include <algorithm>
#include <cmath>

#include "engine/math/geometry.h"
#include "engine/road/plan_piece.h"
#include "scenarios/town/emit.h"
#include "scenarios/town/layout_parts.h"

namespace huntsman::scenarios::town {

namespace math = engine::math;
using namespace engine::world;

namespace {

constexpr double kPoleFromKerb_m = 0.5;
constexpr double kLowHead_m = 2.45, kOverhead_m = 5.1;  // lower edge of signal heads
constexpr double kWalkHead_m = 2.05;
constexpr double kSignHeight_m = 2.0;

bool opposite(const Arm& a, const Arm& b) { return glm::dot(a.u, b.u) < -0.7; }

}  // namespace

std::pair<double, double> Emitter::on_road(const Arm& arm, double along_m, double left_m) const {
    const Street& street = layout.streets[arm.street];
    const double s = along_m - arm.cut_m;
    return arm.at_start ? std::pair(s, left_m) : std::pair(street.length_m() - s, -left_m);
}

ModelSignal& Emitter::add_signal(std::uint32_t road, double s_m, double t_m,
                                 Orientation orientation) {
    ModelSignal signal;
    signal.id = std::to_string(next_signal++);
    signal.s_m = std::clamp(s_m, 0.0, model.roads[road].length_m);
    signal.t_m = t_m;
    signal.z_offset_m = kSignHeight_m;
    signal.orientation = orientation;
    signal.country = style.country;
    signal.height_m = signal.width_m = 0.6;
    model.roads[road].signals.push_back(std::move(signal));
    return model.roads[road].signals.back();
}

void Emitter::add_signals(std::uint32_t index) {
    const Node& node = layout.nodes[index];
    const auto junction = static_cast<std::uint32_t>(model.junctions.size() - 1);
    // Groups: vehicles of the main axis and of the other, people who cross either.
    std::vector<std::string> groups[4];
    const auto lamp = [&](std::uint32_t road, double s, double t, Orientation orientation,
                          double z) -> ModelSignal& {
        ModelSignal& signal = add_signal(road, s, t, orientation);
        signal.dynamic = true;
        signal.country = "OpenDRIVE";
        signal.type = "1000001";
        signal.subtype = "-1";
        signal.name = "traffic light";
        signal.z_offset_m = z;
        signal.width_m = 0.35;
        signal.height_m = 0.9;
        return signal;
    };
    const auto inbound = [](const Arm& arm) {
        return arm.at_start ? Orientation::kBackward : Orientation::kForward;
    };
    const auto outbound = [](const Arm& arm) {
        return arm.at_start ? Orientation::kForward : Orientation::kBackward;
    };
    const auto refer = [&](const Arm& arm, const std::string& id, double along) {
        SignalReference reference;
        reference.id = id;
        const auto [s, t] = on_road(arm, along, arm.left_kerb_m + kPoleFromKerb_m);
        reference.s_m = s;
        reference.t_m = t;
        reference.orientation = inbound(arm);
        model.roads[layout.streets[arm.street].road].signal_references.push_back(reference);
    };
    for (std::size_t k = 0; k < node.arms.size(); ++k) {
        const Arm& arm = node.arms[k];
        const std::uint32_t road = layout.streets[arm.street].road;
        const std::size_t axis = arm.main ? 0 : 1;
        // Ahead of who waits; without a crossing the road ends at the line.
        const double along = arm.crossing ? arm.stop_m() - 0.6 : arm.cut_m;
        const double left = arm.left_kerb_m + kPoleFromKerb_m;
        const double right = arm.right_kerb_m + kPoleFromKerb_m;
        if (!arm.in.empty()) {
            const auto [s, t] = on_road(arm, along, left);
            groups[axis].push_back(lamp(road, s, t, inbound(arm), kLowHead_m).id);
        }
        if (arm.crossing) {
            for (const bool at_left : {true, false}) {
                const auto [s, t] = on_road(arm, along, at_left ? left : -right);
                ModelSignal& walk = lamp(road, s, t, Orientation::kForward, kWalkHead_m);
                walk.type = "1000002";
                walk.name = "pedestrian light";
                walk.width_m = 0.3;
                walk.height_m = 0.6;
                // It looks across the road.
                walk.h_offset_rad = t > 0 ? 0.5 * math::kPi : -0.5 * math::kPi;
                walk.validity.push_back({0, 0});
                groups[2 + axis].push_back(walk.id);
            }
        }
        // The head that traffic from the opposite arm sees beyond the junction stands on this arm.
        bool has_opposite = false;
        for (const Arm& other : node.arms) {
            if (&other == &arm || !opposite(arm, other)) continue;
            has_opposite = true;
            if (other.in.empty()) continue;
            const bool wide = arm.out.size() > 1;
            const double offset =
                wide ? -0.5 * (arm.out.front().offset_m + arm.out.back().offset_m) : right;
            const auto [s, t] = on_road(arm, along, -std::abs(offset));
            ModelSignal& far = lamp(road, s, t, outbound(arm), wide ? kOverhead_m : kLowHead_m);
            far.validity.push_back({0, 0});
            const std::string id = far.id;
            groups[other.main ? 0 : 1].push_back(id);
            refer(other, id, other.cut_m + 0.2);
        }
        // A stem's traffic looks at the pavement straight ahead.
        if (has_opposite || arm.in.empty()) continue;
        for (std::uint32_t r = 0; r < model.roads.size(); ++r) {
            Road& corner = model.roads[r];
            if (corner.junction != junction || corner.predecessor.index == road ||
                corner.successor.index == road) {
                continue;
            }
            const auto& lanes = corner.sections[0].lanes;
            if (lanes.back().type != LaneType::kSidewalk || lanes.back().id != -1) continue;
            // Beyond the junction: its middle lies ahead.
            const auto& piece = corner.plan[0];
            const Vec2 from(piece.x_m, piece.y_m);
            const Vec2 along_corner = math::direction(piece.heading_rad);
            const Vec2 middle = from + 0.5 * corner.length_m * along_corner;
            if (glm::dot(middle - node.p, arm.u) > -1.0) continue;
            // Where the stem's axis, shifted to its traffic's right, meets the kerb.
            const Vec2 axis_point = node.p + 1.8 * math::perp(arm.u);
            const double det = math::cross(arm.u, along_corner);
            if (std::abs(det) < 0.3) continue;
            const double s = math::cross(axis_point - from, arm.u) / -det;
            const double at = std::clamp(s, 0.5, corner.length_m - 0.5);
            ModelSignal& ahead = lamp(r, at, -kPoleFromKerb_m, Orientation::kForward, kLowHead_m);
            // The corner may bend on its way there.
            const PlanPiece* here = &piece;
            for (const PlanPiece& next : model.roads[r].plan) {
                if (next.s_m <= at) here = &next;
            }
            const double heading = engine::road::plan_point(*here, at - here->s_m).heading_rad;
            ahead.h_offset_rad = math::wrap_angle(arm.angle_rad - heading - math::kPi);
            ahead.validity.push_back({0, 0});
            const std::string id = ahead.id;
            groups[axis].push_back(id);
            refer(arm, id, arm.cut_m + 0.2);
            break;
        }
    }
    // Controllers in this order switch one after the other.
    const char* const names[] = {"main road", "side road", "people over the main road",
                                 "people over the side road"};
    for (int g = 0; g < 4; ++g) {
        if (groups[g].empty()) continue;
        SignalController controller;
        controller.id = std::to_string(model.controllers.size());
        controller.name = names[g];
        for (const std::string& id : groups[g]) controller.controls.push_back({id, ""});
        model.junctions[junction].controllers.push_back({controller.id, "", g});
        model.controllers.push_back(std::move(controller));
    }
}

void Emitter::add_signs(std::uint32_t index) {
    const Node& node = layout.nodes[index];
    if (node.kind == Node::Kind::kGore) return;
    // Where people cross.
    for (const Arm& arm : node.arms) {
        if (!arm.crossing) continue;
        Road& road = model.roads[layout.streets[arm.street].road];
        ModelObject object;
        object.id = std::to_string(next_object++);
        object.type = "crosswalk";
        object.name = node.signalled ? "signalised crossing" : "zebra";
        const double from = arm.cut_m + kCrossingGap_m, to = from + kCrossingWidth_m;
        const auto [s, t] =
            on_road(arm, 0.5 * (from + to), 0.5 * (arm.left_kerb_m - arm.right_kerb_m));
        object.s_m = s;
        object.t_m = t;
        object.has_box = true;
        object.length_m = arm.left_kerb_m + arm.right_kerb_m;
        object.width_m = kCrossingWidth_m;
        object.heading_rad = 0.5 * math::kPi;
        Outline outline;
        for (const auto& [along, left] :
             {std::pair(from, -arm.right_kerb_m), std::pair(to, -arm.right_kerb_m),
              std::pair(to, arm.left_kerb_m), std::pair(from, arm.left_kerb_m)}) {
            OutlineCorner corner;
            std::tie(corner.a, corner.b) = on_road(arm, along, left);
            corner.id = static_cast<int>(outline.corners.size());
            outline.corners.push_back(corner);
        }
        object.outlines.push_back(std::move(outline));
        road.objects.push_back(std::move(object));
    }
    if (node.kind == Node::Kind::kDeadEnd) return;
    if (node.signalled) add_signals(index);

    // Who gives way, and what may not be entered.
    for (const Arm& arm : node.arms) {
        const std::uint32_t road = layout.streets[arm.street].road;
        const auto inbound = arm.at_start ? Orientation::kBackward : Orientation::kForward;
        const auto outbound = arm.at_start ? Orientation::kForward : Orientation::kBackward;
        const auto post = [&](double along, double left, Orientation orientation, const char* type,
                              const char* name, double z = kSignHeight_m) -> ModelSignal& {
            const auto [s, t] = on_road(arm, along, left);
            ModelSignal& sign = add_signal(road, s, t, orientation);
            sign.type = type;
            sign.subtype = "-1";
            sign.name = name;
            sign.z_offset_m = z;
            return sign;
        };
        const double kerb = arm.left_kerb_m + 0.55;
        const double stop = arm.stop_m() + 0.5;
        if (arm.control == Control::kStop && !arm.in.empty()) {
            post(stop, kerb, inbound, us() ? "R1-1" : "206", "stop");
        } else if (arm.control == Control::kYield && !arm.in.empty()) {
            post(stop, kerb, inbound, us() ? "R1-2" : "205", "yield");
            if (node.kind == Node::Kind::kRoundabout) {
                post(stop, kerb, inbound, us() ? "R6-5P" : "215", "roundabout", 2.7);
            }
        } else if (arm.main && !node.signalled && !node.equal && !us() && !arm.in.empty() &&
                   node.kind == Node::Kind::kCrossing) {
            post(stop + 8.0 < arm.cut_m + layout.streets[arm.street].length_m() ? stop + 8.0 : stop,
                 kerb, inbound, "306", "priority road");
        }
        const StreetKind kind = layout.streets[arm.street].kind;
        if (kind == StreetKind::kOneWay && arm.out.empty()) {
            // The far end of a one-way street, seen by those who would turn into it.
            post(arm.cut_m + 1.0, -(arm.right_kerb_m + 0.5), outbound, us() ? "R5-1" : "267",
                 "no entry");
        }
        if (kind == StreetKind::kOneWay && arm.in.empty()) {
            post(arm.cut_m + 6.5, -(arm.right_kerb_m + 0.5), outbound, us() ? "R6-1" : "220",
                 "one way");
        }
        if (kind == StreetKind::kRamp && arm.out.empty()) {
            post(arm.cut_m + 1.0, -(arm.right_kerb_m + 0.8), outbound, us() ? "R5-1" : "267",
                 "no entry");
        }
        if (kind == StreetKind::kMotorway || (kind == StreetKind::kRamp && arm.in.empty())) {
            post(arm.cut_m + 8.0, -(arm.right_kerb_m + 0.8), outbound, us() ? "M1-1" : "330.1",
                 "motorway");
        }
    }
}

// Signs along the streets: limits, dead ends, crossings.
void Emitter::add_street_signs() {
    for (const Street& street : layout.streets) {
        const std::uint32_t index = street.road;
        const double length = model.roads[index].length_m;
        const bool fast = street.kind == StreetKind::kMotorway || street.kind == StreetKind::kRamp;
        const double aside = fast ? 0.8 : kPoleFromKerb_m;
        const auto side_t = [&](bool left) {
            return left ? street.middle_m + street.left.kerb_m() + aside
                        : street.middle_m - street.right.kerb_m() - aside;
        };
        for (const bool left : {true, false}) {
            const Side& side = left ? street.left : street.right;
            if (side.driven() == 0) continue;
            const Node& origin = layout.nodes[left ? street.to : street.from];
            const Node& goal = layout.nodes[left ? street.from : street.to];
            const auto at = [&](double from_start) {
                return left ? length - from_start : from_start;
            };
            const auto way = left ? Orientation::kBackward : Orientation::kForward;
            // A limit after the node, on the right of those who leave it.
            if (length > 40 && dice.chance(fast ? 1.0 : 0.35) &&
                origin.kind != Node::Kind::kDeadEnd) {
                ModelSignal& sign = add_signal(index, at(12.0), side_t(left), way);
                const double kmh = std::round(street.speed_limit_mps * 3.6);
                sign.type = us() ? "R2-1" : "274";
                sign.name = "speed limit";
                sign.value = us() ? std::round(kmh / 1.609344 / 5.0) * 5.0 : kmh;
                sign.has_value = true;
                sign.unit = us() ? "mph" : "km/h";
                sign.subtype = us() ? "-1" : std::to_string(static_cast<int>(kmh));
                sign.text = std::to_string(static_cast<int>(sign.value));
            }
            if (goal.kind == Node::Kind::kDeadEnd && length > 30) {
                ModelSignal& sign = add_signal(index, at(9.0), side_t(left), way);
                sign.type = us() ? "W14-1" : "357";
                sign.name = "dead end";
            }
            for (const double zebra : street.zebras_m) {
                const double s = zebra - street.begin_m;
                ModelSignal& sign = add_signal(index, left ? s + 2.6 : s - 2.6, side_t(left), way);
                sign.type = us() ? "W11-2" : "350";
                sign.name = "pedestrian crossing";
            }
        }
        for (const double zebra : street.zebras_m) {
            ModelObject object;
            object.id = std::to_string(next_object++);
            object.type = "crosswalk";
            object.name = "zebra";
            const double low = street.middle_m - street.right.kerb_m();
            const double high = street.middle_m + street.left.kerb_m();
            object.s_m = zebra - street.begin_m;
            object.t_m = 0.5 * (low + high);
            object.has_box = true;
            object.length_m = high - low;
            object.width_m = kCrossingWidth_m;
            object.heading_rad = 0.5 * math::kPi;
            Outline outline;
            const double half = 0.5 * kCrossingWidth_m;
            for (const auto& [s, t] :
                 {std::pair(object.s_m - half, low), std::pair(object.s_m + half, low),
                  std::pair(object.s_m + half, high), std::pair(object.s_m - half, high)}) {
                OutlineCorner corner;
                corner.a = s;
                corner.b = t;
                corner.id = static_cast<int>(outline.corners.size());
                outline.corners.push_back(corner);
            }
            object.outlines.push_back(std::move(outline));
            model.roads[index].objects.push_back(std::move(object));
        }
    }
}

// Posts move away from where people step on a crossing, towards those who are to read them.
void Emitter::clear_crossings() {
    constexpr double kClear_m = 0.7;
    for (Road& road : model.roads) {
        for (const ModelObject& crossing : road.objects) {
            if (crossing.type != "crosswalk") continue;
            const double reach = 0.5 * crossing.width_m + kClear_m;
            for (ModelSignal& post : road.signals) {
                if (post.dynamic || std::abs(post.s_m - crossing.s_m) >= reach) continue;
                const double sign = post.orientation == Orientation::kForward ? -1.0 : 1.0;
                const double before = crossing.s_m + sign * reach;
                const bool fits = before >= 0 && before <= road.length_m;
                post.s_m = fits ? before : crossing.s_m - sign * reach;
            }
        }
    }
}

}  // namespace huntsman::scenarios::town
