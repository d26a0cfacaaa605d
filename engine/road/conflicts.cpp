#include "engine/road/conflicts.h"

#include <algorithm>
#include <array>
#include <optional>

#include "engine/math/geometry.h"
#include "engine/road/lane_curve.h"

namespace huntsman::engine::road {

using math::Vec2;
using world::kNone;
using world::Lane;
using world::LaneId;

namespace {

constexpr double kStep_m = 0.5;        // spacing of the points that are compared
constexpr double kWidthShare = 0.8;    // closer than this share of the width is a conflict
constexpr double kLevel_m = 2.5;       // ways further apart in height do not meet
constexpr double kSameArm_rad = 0.35;  // entries whose headings differ less come from one arm

// The centre line of a connection as evenly spaced points.
struct Track {
    std::vector<Vec2> points;
    std::vector<double> z_m;
    double step_m = 0;
    double width_m = 0;
    Vec2 low{0, 0}, high{0, 0};
};

Track track(const Lane& lane) {
    Track t;
    const int steps = std::max(1, static_cast<int>(std::ceil(lane.length_m / kStep_m)));
    t.step_m = lane.length_m / steps;
    t.low = Vec2(1e30);
    t.high = Vec2(-1e30);
    for (int i = 0; i <= steps; ++i) {
        const world::LaneSample q = lane_at(lane, i * t.step_m);
        t.points.push_back(math::xy(q.p));
        t.z_m.push_back(q.p.z);
        t.low = glm::min(t.low, t.points.back());
        t.high = glm::max(t.high, t.points.back());
    }
    // Lanes that open inside the junction are as wide as they get.
    t.width_m = std::max(lane.samples.front().width_m, lane.samples.back().width_m);
    return t;
}

// The stretch of a over which b is closer than `reach`.
std::optional<std::array<double, 2>> shared(const Track& a, const Track& b, double reach) {
    double begin = -1, end = -1;
    for (std::size_t i = 0; i < a.points.size(); ++i) {
        double best = reach;
        for (std::size_t j = 0; j + 1 < b.points.size(); ++j) {
            const Vec2 off = a.points[i] - b.points[j];
            const double far = reach + b.step_m;
            if (glm::dot(off, off) > far * far) continue;
            if (std::abs(a.z_m[i] - b.z_m[j]) > kLevel_m) continue;
            best = std::min(
                best,
                math::closest_on_segment(a.points[i], b.points[j], b.points[j + 1]).distance_m);
        }
        if (best < reach) {
            const double s = static_cast<double>(i) * a.step_m;
            if (begin < 0) begin = s;
            end = s;
        }
    }
    if (begin < 0) return std::nullopt;
    const double length = static_cast<double>(a.points.size() - 1) * a.step_m;
    return std::array{std::max(0.0, begin - 0.5 * a.step_m),
                      std::min(length, end + 0.5 * a.step_m)};
}

int control_rank(world::Control control) {
    switch (control) {
        case world::Control::kUncontrolled:
        case world::Control::kSignal:
            return 0;
        case world::Control::kYield:
            return 1;
        case world::Control::kStop:
            return 2;
    }
    return 0;
}

// Rule 4: the order of entries by right before left.
std::vector<LaneId> right_before_left(const world::RoadNetwork& network,
                                      const world::Junction& junction) {
    std::vector<LaneId> open = junction.entries, order;
    std::sort(open.begin(), open.end());
    const auto heading = [&](LaneId id) { return network.lanes[id].samples.back().heading_rad; };
    // Whether b comes from the right of a: its heading is a quarter turn to the left of a's. Where
    // traffic drives on the left, who comes from the left goes first.
    const double side = network.left_hand ? -1.0 : 1.0;
    const auto from_right = [&](LaneId a, LaneId b) {
        const double turn = side * math::wrap_angle(heading(b) - heading(a));
        return turn > kSameArm_rad && turn < math::kPi - kSameArm_rad;
    };
    while (!open.empty()) {
        auto pick = std::find_if(open.begin(), open.end(), [&](LaneId a) {
            return std::none_of(open.begin(), open.end(),
                                [&](LaneId b) { return from_right(a, b); });
        });
        if (pick == open.end()) pick = open.begin();
        order.push_back(*pick);
        open.erase(pick);
    }
    return order;
}

// Whether two connections come from one lane, or one is a part of the other's way.
bool related(const Lane& a, const Lane& b) {
    const auto has = [](const std::vector<LaneId>& list, LaneId id) {
        return std::find(list.begin(), list.end(), id) != list.end();
    };
    if (a.predecessors == b.predecessors && !a.predecessors.empty()) return true;
    if (has(a.successors, b.id) || has(b.successors, a.id)) return true;
    return std::any_of(a.predecessors.begin(), a.predecessors.end(),
                       [&](LaneId p) { return has(b.predecessors, p); });
}

}  // namespace

bool green_together(const world::RoadNetwork& network, world::SignalGroupId a,
                    world::SignalGroupId b) {
    if (a == kNone || b == kNone) return false;
    if (a == b) return true;
    const std::uint32_t index = network.signal_groups[a].program;
    if (index == kNone || index != network.signal_groups[b].program) return false;
    const world::SignalProgram& program = network.programs[index];
    const auto column = [&](world::SignalGroupId g) {
        return static_cast<std::size_t>(std::find(program.groups.begin(), program.groups.end(), g) -
                                        program.groups.begin());
    };
    const std::size_t ca = column(a), cb = column(b);
    return std::any_of(program.phases.begin(), program.phases.end(), [&](const auto& phase) {
        return phase.aspects[ca] == world::Aspect::kGreen &&
               phase.aspects[cb] == world::Aspect::kGreen;
    });
}

void compute_conflicts(world::RoadNetwork& network, world::JunctionId id,
                       std::span<const int> way_level) {
    const world::Junction& junction = network.junctions[id];
    const std::vector<LaneId> entry_order = right_before_left(network, junction);

    // Each connection's place in the order of way.
    const auto precedence = [&](const Lane& lane) {
        const world::Turn across = network.left_hand ? world::Turn::kRight : world::Turn::kLeft;
        const bool left = lane.turn == across || lane.turn == world::Turn::kUTurn;
        const int level = lane.id < way_level.size() ? way_level[lane.id] : 0;
        const LaneId entry = lane.predecessors.empty() ? kNone : lane.predecessors.front();
        const auto place = std::find(entry_order.begin(), entry_order.end(), entry);
        return std::array<std::int64_t, 5>{control_rank(lane.control), level, left ? 1 : 0,
                                           place - entry_order.begin(), lane.id};
    };

    std::vector<Track> tracks;
    for (const LaneId c : junction.connections) {
        network.lanes[c].conflicts.clear();
        tracks.push_back(track(network.lanes[c]));
    }
    for (std::size_t i = 0; i < tracks.size(); ++i) {
        for (std::size_t j = i + 1; j < tracks.size(); ++j) {
            Lane& a = network.lanes[junction.connections[i]];
            Lane& b = network.lanes[junction.connections[j]];
            // Ways that part from one entry follow each other, they do not cross; nor do parts of
            // one way.
            if (related(a, b)) continue;
            const double reach = kWidthShare * 0.5 * (tracks[i].width_m + tracks[j].width_m);
            if (glm::any(glm::greaterThan(tracks[i].low, tracks[j].high + reach)) ||
                glm::any(glm::greaterThan(tracks[j].low, tracks[i].high + reach))) {
                continue;
            }
            const auto on_a = shared(tracks[i], tracks[j], reach);
            const auto on_b = shared(tracks[j], tracks[i], reach);
            if (!on_a || !on_b) continue;
            const bool both_signalled = a.signal_group != kNone && b.signal_group != kNone;
            const bool ruled =
                !both_signalled || green_together(network, a.signal_group, b.signal_group);
            const bool a_first = precedence(a) < precedence(b);
            a.conflicts.push_back(
                {b.id, (*on_a)[0], (*on_a)[1], (*on_b)[0], (*on_b)[1], ruled && !a_first});
            b.conflicts.push_back(
                {a.id, (*on_b)[0], (*on_b)[1], (*on_a)[0], (*on_a)[1], ruled && a_first});
        }
    }
    for (const LaneId c : junction.connections) {
        auto& conflicts = network.lanes[c].conflicts;
        std::sort(conflicts.begin(), conflicts.end(), [](const auto& x, const auto& y) {
            return x.s_begin_m != y.s_begin_m ? x.s_begin_m < y.s_begin_m : x.other < y.other;
        });
    }
}

}  // namespace huntsman::engine::road
