#include <algorithm>

#include "engine/math/geometry.h"
#include "engine/road/conflicts.h"
#include "scenarios/town/dice.h"
#include "scenarios/town/network.h"

namespace huntsman::scenarios::town {

namespace math = engine::math;
using namespace engine::world;

namespace {

constexpr double kYellow_s = 3.0, kAllRed_s = 2.0, kRedYellow_s = 1.0;
constexpr double kClearingWalk_mps = 1.2;  // speed at which people clear a crossing
constexpr double kLeastWalk_s = 6.0;
constexpr double kPoleFromKerb_m = 0.5;

// Groups of a junction: vehicles of the main axis, of the other axis, then people who cross the
// main road and people who cross the other road.
struct Groups {
    SignalGroupId vehicles[2];
    SignalGroupId people[2];
};

int axis(const Arm& arm) { return arm.main ? 0 : 1; }

// The programme: main road, other road; people walk beside the traffic that has green.
void add_program(const Layout& layout, const Node& node, JunctionId id, Dice& dice, Groups& groups,
                 RoadNetwork& network) {
    const auto program_index = static_cast<std::uint32_t>(network.programs.size());
    const auto add_group = [&](bool people) {
        network.signal_groups.push_back({id, program_index, people});
        return static_cast<SignalGroupId>(network.signal_groups.size() - 1);
    };
    for (int a = 0; a < 2; ++a) groups.vehicles[a] = add_group(false);
    for (int a = 0; a < 2; ++a) groups.people[a] = add_group(true);

    // Longest way over each axis' carriageway.
    double width[2] = {0, 0};
    for (const Arm& arm : node.arms) {
        double& w = width[axis(arm)];
        w = std::max(w, 2 * layout.streets[arm.street].kerb_m());
    }
    // People on the crossing of one axis walk while the other axis drives, and have left before
    // their own axis gets green.
    double green[2] = {static_cast<double>(dice.integer(18, 26)),
                       static_cast<double>(dice.integer(13, 18))};
    double walk[2];  // of people who cross axis a, from the start of the other axis' green
    for (int a = 0; a < 2; ++a) {
        const double clearing = std::ceil(width[a] / kClearingWalk_mps);
        const double least = kLeastWalk_s + clearing - kYellow_s - kAllRed_s;
        green[1 - a] = std::max(green[1 - a], least);
        walk[a] = std::min(green[1 - a], green[1 - a] + kYellow_s + kAllRed_s - clearing);
    }
    // Aspects as functions of the time since the start of the main road's green.
    const double half[2] = {green[0] + kYellow_s + kAllRed_s, green[1] + kYellow_s + kAllRed_s};
    const double cycle = half[0] + half[1];
    const double start[2] = {0, half[0]};
    const auto vehicles = [&](int a, double t) {
        double since = t - start[a];
        if (since < 0) since += cycle;
        if (since < green[a]) return Aspect::kGreen;
        if (since < green[a] + kYellow_s) return Aspect::kYellow;
        return since >= cycle - kRedYellow_s ? Aspect::kRedYellow : Aspect::kRed;
    };
    const auto people = [&](int a, double t) {
        const double since = t - start[1 - a];
        return since >= 0 && since < walk[a] ? Aspect::kGreen : Aspect::kRed;
    };
    std::vector<double> times{0, cycle};
    for (int a = 0; a < 2; ++a) {
        for (const double t : {start[a], start[a] + green[a], start[a] + green[a] + kYellow_s,
                               start[a] + walk[1 - a], start[a] + half[a] - kRedYellow_s}) {
            times.push_back(t);
        }
    }
    std::sort(times.begin(), times.end());
    times.erase(std::unique(times.begin(), times.end()), times.end());
    SignalProgram program;
    program.junction = id;
    program.groups = {groups.vehicles[0], groups.vehicles[1], groups.people[0], groups.people[1]};
    for (std::size_t i = 0; i + 1 < times.size(); ++i) {
        const double t = 0.5 * (times[i] + times[i + 1]);
        program.phases.push_back({engine::core::from_seconds(times[i + 1] - times[i]),
                                  {vehicles(0, t), vehicles(1, t), people(0, t), people(1, t)}});
    }
    program.offset_us = engine::core::from_seconds(dice.integer(0, static_cast<int>(cycle)));
    network.programs.push_back(std::move(program));
}

// Where a pole stands that a stem's traffic sees straight ahead: behind the kerb on the far side, a
// little to the right. False where the way ahead meets no kerb.
bool pole_ahead(const Layout& layout, const Node& node, const Arm& stem, Vec2& p) {
    constexpr double kRight_m = 1.8, kFar_m = 40.0;
    const Vec2 from = node.p + kRight_m * math::perp(stem.u), to = from - kFar_m * stem.u;
    for (std::size_t k = 0; k < node.arms.size(); ++k) {
        const Arm &a = node.arms[k], &b = node.arms[(k + 1) % node.arms.size()];
        if (&a == &stem || &b == &stem) continue;
        const auto kerb =
            layout.corner_line(node, k, a.cut_m, layout.streets[a.street].kerb_m(), b.cut_m,
                               layout.streets[b.street].kerb_m(), layout.corner_radius_m(node, k));
        for (std::size_t i = 0; i + 1 < kerb.size(); ++i) {
            const auto hit = math::segment_crossing(from, to, kerb[i], kerb[i + 1]);
            if (!hit) continue;
            // Behind the kerb, square to it; corners run clockwise about the land behind them.
            const Vec2 along = glm::normalize(kerb[i + 1] - kerb[i]);
            p = from + hit->x * (to - from) - kPoleFromKerb_m * math::perp(along);
            return true;
        }
    }
    return false;
}

// Heads on their masts: before the crossing on the right, and again beyond the junction.
void add_heads(const Layout& layout, const Node& node, const Groups& groups, RoadNetwork& network,
               std::vector<SignalMast>& masts) {
    constexpr double kLow_m = 2.9, kOverhead_m = 5.5, kWalkHead_m = 2.35;
    const auto add_head = [&](SignalMast& mast, SignalGroupId group, const Vec2& p, double z,
                              double heading, std::vector<LaneId> governs) {
        SignalHead head;
        head.group = group;
        head.p = Vec3(p, z);
        head.heading_rad = heading;
        head.governs = std::move(governs);
        if (network.signal_groups[group].for_pedestrians) {
            head.width_m = 0.3;
            head.height_m = 0.6;
        }
        mast.heads.push_back(static_cast<std::uint32_t>(network.signal_heads.size()));
        network.signal_heads.push_back(std::move(head));
    };
    constexpr double kHeadOut_m = 0.22;  // housing before the pole's axis
    for (const Arm& arm : node.arms) {
        const Street& street = layout.streets[arm.street];
        const double lateral = street.kerb_m() + kPoleFromKerb_m;
        const double along = arm.stop_m() - 0.6;
        std::vector<LaneId> governs;
        for (const LaneId in : arm.in) {
            const auto& next = network.lanes[in].successors;
            governs.insert(governs.end(), next.begin(), next.end());
        }
        const SignalGroupId group = groups.vehicles[axis(arm)];

        // Near side, with the walk head for people on this side.
        SignalMast near;
        near.p = layout.arm_point(node, arm, along, lateral);
        add_head(near, group, near.p + kHeadOut_m * arm.u, kLow_m, arm.angle_rad, governs);
        const Vec2 across = math::perp(arm.u);
        const SignalGroupId walk = groups.people[axis(arm)];
        add_head(near, walk, near.p - kHeadOut_m * across, kWalkHead_m,
                 std::atan2(-across.y, -across.x), {});
        masts.push_back(near);

        // The other side of this arm's crossing: walk head, and the head that traffic from the
        // opposite arm sees beyond the junction.
        SignalMast far;
        far.p = layout.arm_point(node, arm, along, -lateral);
        add_head(far, walk, far.p + kHeadOut_m * across, kWalkHead_m,
                 std::atan2(across.y, across.x), {});
        for (const Arm& opposite : node.arms) {
            if (glm::dot(opposite.u, arm.u) > -0.7) continue;  // not within 45 degrees
            std::vector<LaneId> rules;
            for (const LaneId in : opposite.in) {
                const auto& next = network.lanes[in].successors;
                rules.insert(rules.end(), next.begin(), next.end());
            }
            Vec2 p = far.p;
            double z = kLow_m;
            if (street.arterial) {
                // Over the middle of the lanes.
                far.height_m = 6.1;
                far.reach_m = lateral - street.lane_width_m;
                far.arm_heading_rad = std::atan2(across.y, across.x);
                p += far.reach_m * across;
                z = kOverhead_m;
            }
            add_head(far, groups.vehicles[axis(opposite)], p - kHeadOut_m * arm.u, z,
                     math::wrap_angle(arm.angle_rad + math::kPi), std::move(rules));
        }
        masts.push_back(far);

        // A stem's traffic looks at the pavement straight ahead.
        const bool has_opposite =
            std::any_of(node.arms.begin(), node.arms.end(),
                        [&](const Arm& o) { return glm::dot(o.u, arm.u) < -0.7; });
        if (!has_opposite) {
            SignalMast ahead;
            if (!pole_ahead(layout, node, arm, ahead.p)) continue;
            add_head(ahead, group, ahead.p + kHeadOut_m * arm.u, kLow_m, arm.angle_rad, governs);
            masts.push_back(ahead);
        }
    }
}

}  // namespace

std::vector<SignalMast> build_signals(const Layout& layout, const engine::core::Key& key,
                                      RoadNetwork& network) {
    std::vector<SignalMast> masts;
    for (std::uint32_t i = 0; i < layout.nodes.size(); ++i) {
        const Node& node = layout.nodes[i];
        if (node.signalled) {
            Dice dice(key.with("signals").with(i));
            Groups groups{};
            add_program(layout, node, i, dice, groups, network);
            for (const Arm& arm : node.arms) {
                for (const LaneId in : arm.in) {
                    for (const LaneId c : network.lanes[in].successors) {
                        network.lanes[c].signal_group = groups.vehicles[axis(arm)];
                    }
                }
            }
            add_heads(layout, node, groups, network, masts);
        }
        engine::road::compute_conflicts(network, i);
    }
    return masts;
}

}  // namespace huntsman::scenarios::town
