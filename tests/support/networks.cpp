#include "tests/support/networks.h"

#include "engine/core/check.h"
#include "engine/road/conflicts.h"

namespace huntsman::tests {

using engine::math::Vec2;
using engine::math::Vec3;
using namespace engine::world;
namespace math = engine::math;

namespace {

constexpr double kWidth_m = 3.5;

// A lane of constant curvature from a pose.
Lane arc_lane(LaneId id, Vec2 p, double heading, double curvature, double length, double step) {
    Lane lane;
    lane.id = id;
    lane.length_m = length;
    const int steps = std::max(1, static_cast<int>(std::ceil(length / step)));
    for (int i = 0; i <= steps; ++i) {
        const double s = length * i / steps, turned = curvature * s;
        const Vec2 along = curvature == 0.0
                               ? Vec2(s, 0)
                               : Vec2(std::sin(turned), 1 - std::cos(turned)) / curvature;
        const Vec2 x = math::direction(heading);
        lane.samples.push_back({s, Vec3(p + along.x * x + along.y * math::perp(x), 0),
                                math::wrap_angle(heading + turned), curvature, kWidth_m});
    }
    return lane;
}

Lane straight_lane(LaneId id, const Vec2& a, const Vec2& b) {
    const Vec2 ab = b - a;
    return arc_lane(id, a, std::atan2(ab.y, ab.x), 0.0, glm::length(ab), 5.0);
}

void link(RoadNetwork& network, LaneId from, LaneId to) {
    network.lanes[from].successors.push_back(to);
    network.lanes[to].predecessors.push_back(from);
}

}  // namespace

RoadNetwork straight_road(double length_m) {
    RoadNetwork network;
    network.lanes.push_back(straight_lane(0, {0, -1.75}, {length_m, -1.75}));
    network.lanes.push_back(straight_lane(1, {length_m, 1.75}, {0, 1.75}));
    return network;
}

RoadNetwork two_lane_one_way(double length_m) {
    RoadNetwork network;
    network.lanes.push_back(straight_lane(0, {0, -1.75}, {length_m, -1.75}));
    network.lanes.push_back(straight_lane(1, {0, 1.75}, {length_m, 1.75}));
    network.lanes[0].left = 1;
    network.lanes[1].right = 0;
    return network;
}

RoadNetwork arc(double radius_m, double angle_rad) {
    RoadNetwork network;
    network.lanes.push_back(arc_lane(0, {0, 0}, 0, 1.0 / radius_m, radius_m * angle_rad, 1.0));
    return network;
}

RoadNetwork four_way(bool signalled) {
    constexpr double kInner_m = 12.0, kOuter_m = 112.0, kOffset_m = 0.5 * kWidth_m;
    RoadNetwork network;
    Junction junction;
    junction.id = 0;
    junction.radius_m = kInner_m + kWidth_m;
    junction.signalled = signalled;
    // Incoming and outgoing lanes of the four arms; traffic keeps right.
    for (int arm = 0; arm < 4; ++arm) {
        const Vec2 out = math::direction(0.5 * math::kPi * arm);
        const Vec2 left = math::perp(out);  // incoming lanes lie left of the outward direction
        const auto in_id = static_cast<LaneId>(2 * arm);
        network.lanes.push_back(straight_lane(in_id, kOuter_m * out + kOffset_m * left,
                                              kInner_m * out + kOffset_m * left));
        network.lanes.push_back(straight_lane(in_id + 1, kInner_m * out - kOffset_m * left,
                                              kOuter_m * out - kOffset_m * left));
        junction.entries.push_back(in_id);
    }
    // Connections: quarter circles and straights; a right turn leads to the next arm
    // counter-clockwise.
    for (int arm = 0; arm < 4; ++arm) {
        const auto in_id = static_cast<LaneId>(2 * arm);
        const LaneSample start = network.lanes[in_id].samples.back();
        for (int k = 0; k < 3; ++k) {
            const auto id = static_cast<LaneId>(8 + 3 * arm + k);
            const auto out_id = static_cast<LaneId>(2 * ((arm + 1 + k) % 4) + 1);
            const double radius = k == 0 ? kInner_m - kOffset_m : kInner_m + kOffset_m;
            const double curvature = k == 1 ? 0.0 : (k == 0 ? -1.0 : 1.0) / radius;
            const double length = k == 1 ? 2 * kInner_m : 0.5 * math::kPi * radius;
            Lane lane = arc_lane(id, math::xy(start.p), start.heading_rad, curvature, length, 0.5);
            lane.turn = k == 0 ? Turn::kRight : k == 1 ? Turn::kStraight : Turn::kLeft;
            lane.junction = 0;
            lane.speed_limit_mps = k == 1 ? 13.9 : 8.3;
            lane.stop_s_m = network.lanes[in_id].length_m - 1.0;
            if (signalled) {
                lane.signal_group = static_cast<SignalGroupId>(arm % 2);
                lane.control = Control::kSignal;
            } else {
                lane.control = arm % 2 == 0 ? Control::kUncontrolled : Control::kYield;
            }
            network.lanes.push_back(lane);
            junction.connections.push_back(id);
            link(network, in_id, id);
            link(network, id, out_id);
        }
    }
    network.junctions.push_back(junction);
    if (signalled) {
        network.signal_groups = {{0, 0, false}, {0, 0, false}};
        SignalProgram program;
        program.junction = 0;
        program.groups = {0, 1};
        using enum Aspect;
        const auto phase = [&](int duration_s, Aspect a, Aspect b) {
            program.phases.push_back({duration_s * engine::core::kMicrosPerSecond, {a, b}});
        };
        phase(25, kGreen, kRed);
        phase(3, kYellow, kRed);
        phase(1, kRed, kRed);
        phase(1, kRed, kRedYellow);
        phase(25, kRed, kGreen);
        phase(3, kRed, kYellow);
        phase(1, kRed, kRed);
        phase(1, kRedYellow, kRed);
        network.programs.push_back(program);
    }
    engine::road::compute_conflicts(network, 0);
    return network;
}

}  // namespace huntsman::tests
