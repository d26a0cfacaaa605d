#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

#include "engine/math/geometry.h"
#include "scenarios/town/emit.h"
#include "scenarios/town/layout_parts.h"

namespace huntsman::scenarios::town {

namespace math = engine::math;
using namespace engine::world;

namespace {

constexpr double kSignHeight_m = 2.0;

}  // namespace

Orientation inbound(const Arm& arm) {
    return arm.at_start ? Orientation::kBackward : Orientation::kForward;
}

Orientation outbound(const Arm& arm) {
    return arm.at_start ? Orientation::kForward : Orientation::kBackward;
}

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

ModelSignal& Emitter::post_sign(const Arm& arm, double along_m, double left_m,
                                Orientation orientation, const SignNames& names) {
    const auto [s, t] = on_road(arm, along_m, left_m);
    ModelSignal& sign = add_signal(layout.streets[arm.street].road, s, t, orientation);
    sign.type = us() ? names.us : names.vienna;
    sign.subtype = "-1";
    sign.name = names.name;
    return sign;
}

void Emitter::add_crosswalk(std::uint32_t road, ModelObject object,
                            std::span<const std::pair<double, double>> corners) {
    object.id = std::to_string(next_object++);
    object.type = "crosswalk";
    object.has_box = true;
    object.width_m = kCrossingWidth_m;
    object.heading_rad = 0.5 * math::kPi;
    Outline outline;
    for (const auto& [s, t] : corners) {
        OutlineCorner corner;
        corner.a = s;
        corner.b = t;
        corner.id = static_cast<int>(outline.corners.size());
        outline.corners.push_back(corner);
    }
    object.outlines.push_back(std::move(outline));
    model.roads[road].objects.push_back(std::move(object));
}

void Emitter::add_arm_crossing(const Node& node, const Arm& arm) {
    const double from = arm.cut_m + kCrossingGap_m, to = from + kCrossingWidth_m;
    ModelObject object;
    object.name = node.signalled ? "signalised crossing" : "zebra";
    std::tie(object.s_m, object.t_m) =
        on_road(arm, 0.5 * (from + to), 0.5 * (arm.left_kerb_m - arm.right_kerb_m));
    object.length_m = arm.left_kerb_m + arm.right_kerb_m;
    add_crosswalk(
        layout.streets[arm.street].road, std::move(object),
        std::array{on_road(arm, from, -arm.right_kerb_m), on_road(arm, to, -arm.right_kerb_m),
                   on_road(arm, to, arm.left_kerb_m), on_road(arm, from, arm.left_kerb_m)});
}

// Who gives way.
void Emitter::post_priority(const Node& node, const Arm& arm) {
    if (arm.in.empty()) return;
    const double kerb = arm.left_kerb_m + 0.55;
    const double stop = arm.stop_m() + 0.5;
    if (arm.control == Control::kStop) {
        post_sign(arm, stop, kerb, inbound(arm), {"R1-1", "206", "stop"});
    } else if (arm.control == Control::kYield) {
        post_sign(arm, stop, kerb, inbound(arm), {"R1-2", "205", "yield"});
        if (node.kind == Node::Kind::kRoundabout) {
            post_sign(arm, stop, kerb, inbound(arm), {"R6-5P", "215", "roundabout"}).z_offset_m =
                2.7;
        }
    } else if (arm.main && !node.signalled && !node.equal && !us() &&
               node.kind == Node::Kind::kCrossing) {
        const double end = arm.cut_m + layout.streets[arm.street].length_m();
        post_sign(arm, stop + 8.0 < end ? stop + 8.0 : stop, kerb, inbound(arm),
                  {"", "306", "priority road"});
    }
}

// What may not be entered, and where a motorway or a one-way street begins.
void Emitter::post_entry(const Arm& arm) {
    const StreetKind kind = layout.streets[arm.street].kind;
    const bool one_way = kind == StreetKind::kOneWay, ramp = kind == StreetKind::kRamp;
    const double beside = -(arm.right_kerb_m + (one_way ? 0.5 : 0.8));
    // The far end of a one-way street or a ramp, seen by those who would turn into it.
    if ((one_way || ramp) && arm.out.empty()) {
        post_sign(arm, arm.cut_m + 1.0, beside, outbound(arm), {"R5-1", "267", "no entry"});
    }
    if (one_way && arm.in.empty()) {
        post_sign(arm, arm.cut_m + 6.5, beside, outbound(arm), {"R6-1", "220", "one way"});
    }
    if (kind == StreetKind::kMotorway || (ramp && arm.in.empty())) {
        post_sign(arm, arm.cut_m + 8.0, beside, outbound(arm), {"M1-1", "330.1", "motorway"});
    }
}

void Emitter::add_signs(std::uint32_t index) {
    const Node& node = layout.nodes[index];
    if (node.kind == Node::Kind::kGore) return;
    for (const Arm& arm : node.arms) {
        if (arm.crossing) add_arm_crossing(node, arm);
    }
    if (node.kind == Node::Kind::kDeadEnd) return;
    if (node.signalled) add_signals(index);
    for (const Arm& arm : node.arms) {
        post_priority(node, arm);
        post_entry(arm);
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
            const double low = street.middle_m - street.right.kerb_m();
            const double high = street.middle_m + street.left.kerb_m();
            const double half = 0.5 * kCrossingWidth_m;
            ModelObject object;
            object.name = "zebra";
            object.s_m = zebra - street.begin_m;
            object.t_m = 0.5 * (low + high);
            object.length_m = high - low;
            const double before = object.s_m - half, after = object.s_m + half;
            add_crosswalk(index, std::move(object),
                          std::array{std::pair(before, low), std::pair(after, low),
                                     std::pair(after, high), std::pair(before, high)});
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
