#include "engine/road/programmes.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/math/geometry.h"

namespace huntsman::engine::road {

using math::Vec2;
using namespace world;

namespace {

constexpr double kSameArm_rad = 0.35;   // entries whose headings differ less are one approach
constexpr double kOpposite_rad = 2.36;  // and more: they meet head-on (135 degrees)
constexpr double kWalk_mps = 1.2;       // at which a crossing is cleared
constexpr double kLeastWalk_s = 6.0;
constexpr double kVehicle_m = 6.0;  // length that must have left
constexpr double kSlowLimit_mps = 55 / 3.6;
constexpr double kRedYellow_s = 1.0;
constexpr double kAlone_s = 15.0;  // red of a group that no other follows
// A crossing that a connection meets in its first part lies at the arm it comes from.
constexpr double kOwnArmShare = 0.35;

double entry_heading(const RoadNetwork& network, const Lane& c) {
    return c.predecessors.empty()
               ? c.samples.front().heading_rad
               : network.lanes[c.predecessors.front()].samples.back().heading_rad;
}

bool turns_across(const RoadNetwork& network, const Lane& lane) {
    return lane.turn == Turn::kUTurn ||
           lane.turn == (network.left_hand ? Turn::kRight : Turn::kLeft);
}

// From the stop line to the start of the connection.
double line_back_m(const RoadNetwork& network, const Lane& c) {
    return c.predecessors.empty()
               ? 0.0
               : std::max(0.0, network.lanes[c.predecessors.front()].length_m - c.stop_s_m);
}

// Stretches of a connection's way that a crossing lies on: from the connection's start, negative
// before it. `arm`: at the arm it comes from.
struct Over {
    double begin_m = 0, end_m = 0;
    bool own_arm = false;
};
std::vector<Over> overs(const RoadNetwork& network, const Lane& c, const Crossing& crossing) {
    constexpr double kNear_m = 30.0;  // of the junction
    std::vector<Over> out;
    for (const Crossing::LaneSpan& span : crossing.lanes) {
        if (span.lane == c.id) {
            out.push_back(
                {span.s_begin_m, span.s_end_m, span.s_begin_m < kOwnArmShare * c.length_m});
        }
        for (const LaneId p : c.predecessors) {
            const double length = network.lanes[p].length_m;
            if (span.lane != p || network.lanes[p].in_junction()) continue;
            if (length - span.s_end_m < kNear_m) {
                out.push_back({span.s_begin_m - length, span.s_end_m - length, true});
            }
        }
        for (const LaneId n : c.successors) {
            if (span.lane != n || span.s_begin_m > kNear_m) continue;
            out.push_back({c.length_m + span.s_begin_m, c.length_m + span.s_end_m, false});
        }
    }
    return out;
}

double crossing_length_m(const Crossing& crossing) {
    return glm::length(math::xy(crossing.b - crossing.a));
}

// One group with its members, while the programme is made.
struct Group {
    SignalGroupId id = kNone;
    std::vector<LaneId> connections;
    std::vector<CrossingId> crossings;
    double yellow_s = 3;
    double clear_s = 0;  // people: for the longest crossing
    bool people() const { return !crossings.empty(); }
};

std::vector<Group> groups_of(const RoadNetwork& network, const Junction& junction) {
    std::vector<Group> groups;
    for (SignalGroupId g = 0; g < network.signal_groups.size(); ++g) {
        if (network.signal_groups[g].junction != junction.id) continue;
        Group group;
        group.id = g;
        for (const LaneId c : junction.connections) {
            const Lane& lane = network.lanes[c];
            if (lane.signal_group != g) continue;
            group.connections.push_back(c);
            double limit = lane.speed_limit_mps;
            for (const LaneId p : lane.predecessors) {
                limit = std::max(limit, network.lanes[p].speed_limit_mps);
            }
            if (limit > kSlowLimit_mps) group.yellow_s = 4;
        }
        for (const Crossing& crossing : network.crossings) {
            if (crossing.signal_group != g) continue;
            group.crossings.push_back(crossing.id);
            group.clear_s =
                std::max(group.clear_s, std::ceil(crossing_length_m(crossing) / kWalk_mps));
        }
        if (!group.connections.empty() || !group.crossings.empty()) groups.push_back(group);
    }
    return groups;
}

bool incompatible_groups(const RoadNetwork& network, const Group& a, const Group& b) {
    for (const LaneId x : a.connections) {
        for (const LaneId y : b.connections) {
            if (incompatible(network, network.lanes[x], network.lanes[y])) return true;
        }
        for (const CrossingId y : b.crossings) {
            if (incompatible(network, network.lanes[x], network.crossings[y])) return true;
        }
    }
    for (const CrossingId x : a.crossings) {
        for (const LaneId y : b.connections) {
            if (incompatible(network, network.lanes[y], network.crossings[x])) return true;
        }
    }
    return false;
}

// Time from the end of a's green to the start of b's [RiLSA 2.5], for vehicles that clear.
double intergreen_s(const RoadNetwork& network, const Group& a, const Group& b) {
    constexpr double kEnter_mps = 11.1;  // of the first vehicle that gets green
    double longest = a.yellow_s + 1;
    for (const LaneId x : a.connections) {
        const Lane& lane = network.lanes[x];
        const bool turns = lane.turn != Turn::kStraight;
        const double pass_s = turns ? 2 : 3, clear_mps = turns ? 7 : 10;
        const auto clearing = [&](double end_m) {
            return pass_s + (line_back_m(network, lane) + end_m + kVehicle_m) / clear_mps;
        };
        for (const Conflict& conflict : lane.conflicts) {
            const Lane& other = network.lanes[conflict.other];
            if (other.signal_group != b.id) continue;
            const double enter_s =
                (line_back_m(network, other) + conflict.other_s_begin_m) / kEnter_mps;
            longest = std::max(longest, clearing(conflict.s_end_m) - enter_s);
        }
        for (const CrossingId y : b.crossings) {
            for (const Over& over : overs(network, lane, network.crossings[y])) {
                longest = std::max(longest, clearing(over.end_m));
            }
        }
    }
    return std::ceil(longest - 1e-9);
}

struct SignalStage {
    std::vector<char> green;  // by group
    double green_s = 0;
    double change_s = 0;  // to the next stage
    double start_s = 0;
};

std::vector<SignalStage> cover(const std::vector<Group>& groups,
                               const std::vector<std::vector<char>>& incompatible) {
    const std::size_t count = groups.size();
    std::vector<SignalStage> stages;
    std::vector<char> covered(count, 0);
    const auto fits = [&](const SignalStage& stage, std::size_t g) {
        for (std::size_t h = 0; h < count; ++h) {
            if (stage.green[h] != 0 && incompatible[g][h] != 0) return false;
        }
        return true;
    };
    for (std::size_t first = 0; first < count; ++first) {
        if (covered[first] != 0 || groups[first].people()) continue;
        SignalStage stage;
        stage.green.assign(count, 0);
        stage.green[first] = 1;
        // Those that have no green yet, then all that fit, then people.
        for (const int round : {0, 1, 2}) {
            for (std::size_t g = 0; g < count; ++g) {
                if (stage.green[g] != 0 || groups[g].people() != (round == 2)) continue;
                if (round == 0 && covered[g] != 0) continue;
                if (fits(stage, g)) stage.green[g] = 1;
            }
        }
        for (std::size_t g = 0; g < count; ++g) covered[g] |= stage.green[g];
        stages.push_back(std::move(stage));
    }
    // People whom no stage suits get one of their own.
    SignalStage walk;
    walk.green.assign(count, 0);
    bool any = false;
    for (std::size_t g = 0; g < count; ++g) {
        if (covered[g] != 0) continue;
        walk.green[g] = 1;
        any = true;
    }
    if (any) {
        for (std::size_t g = 0; g < count; ++g) {
            if (groups[g].people()) walk.green[g] = 1;
        }
        stages.push_back(std::move(walk));
    }
    // A group that none follows would be green for ever.
    if (stages.size() == 1) {
        SignalStage red;
        red.green.assign(count, 0);
        stages.push_back(std::move(red));
    }
    return stages;
}

// Green times and changes of the stages.
void time_stages(const RoadNetwork& network, const std::vector<Group>& groups,
                 std::vector<SignalStage>& stages) {
    const std::size_t n = stages.size();
    for (std::size_t k = 0; k < n; ++k) {
        SignalStage& stage = stages[k];
        const SignalStage& next = stages[(k + 1) % n];
        std::size_t lanes = 0;
        bool vehicles = false, any = false;
        for (std::size_t g = 0; g < groups.size(); ++g) {
            if (stage.green[g] == 0) continue;
            any = true;
            vehicles = vehicles || !groups[g].people();
            std::vector<LaneId> entries;
            for (const LaneId c : groups[g].connections) {
                const auto& before = network.lanes[c].predecessors;
                if (!before.empty()) entries.push_back(before.front());
            }
            std::sort(entries.begin(), entries.end());
            entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
            lanes = std::max(lanes, entries.size());
        }
        stage.green_s = !any       ? kAlone_s
                        : vehicles ? 12.0 + 4.0 * static_cast<double>(lanes)
                                   : kLeastWalk_s;
        stage.green_s = std::min(stage.green_s, 28.0);
        // Whoever starts waits for all who end and stand against it.
        for (std::size_t a = 0; a < groups.size(); ++a) {
            if (stage.green[a] == 0 || next.green[a] != 0) continue;
            if (groups[a].people()) {
                stage.change_s = std::max(stage.change_s, 2.0);
                continue;
            }
            stage.change_s = std::max(stage.change_s, groups[a].yellow_s + 1);
            for (std::size_t b = 0; b < groups.size(); ++b) {
                if (next.green[b] == 0 || stage.green[b] != 0) continue;
                stage.change_s =
                    std::max(stage.change_s, intergreen_s(network, groups[a], groups[b]));
            }
        }
        // Time enough for people to walk, and to clear before the change is over.
        for (std::size_t g = 0; g < groups.size(); ++g) {
            if (stage.green[g] == 0 || next.green[g] != 0 || !groups[g].people()) continue;
            if (!vehicles) {
                stage.change_s = std::max(stage.change_s, groups[g].clear_s);
            }
            stage.green_s =
                std::max(stage.green_s, kLeastWalk_s + groups[g].clear_s - stage.change_s);
        }
    }
    double start = 0;
    for (SignalStage& stage : stages) {
        stage.start_s = start;
        start += stage.green_s + stage.change_s;
    }
}

Aspect aspect_at(const Group& group, std::size_t g, const std::vector<SignalStage>& stages,
                 double t, bool red_yellow) {
    for (std::size_t k = 0; k < stages.size(); ++k) {
        const SignalStage& stage = stages[k];
        const double end = stage.start_s + stage.green_s + stage.change_s;
        if (t >= end) continue;
        const bool now = stage.green[g] != 0;
        const bool next = stages[(k + 1) % stages.size()].green[g] != 0;
        const double left = end - t;
        if (now && next) return Aspect::kGreen;
        if (group.people()) {
            const double last = std::max(stage.change_s, group.clear_s);
            return now && left > last ? Aspect::kGreen : Aspect::kRed;
        }
        if (now) {
            const double since = t - stage.start_s - stage.green_s;
            if (since < 0) return Aspect::kGreen;
            return since < group.yellow_s ? Aspect::kYellow : Aspect::kRed;
        }
        return next && red_yellow && left <= kRedYellow_s ? Aspect::kRedYellow : Aspect::kRed;
    }
    return Aspect::kRed;
}

// Smallest distance between two centre lines from a's `begin` on, by points every half metre.
bool meet(const Lane& a, const Lane& b) {
    const double reach = 0.4 * (a.samples.front().width_m + b.samples.front().width_m);
    for (std::size_t i = 0; i + 1 < a.samples.size(); ++i) {
        const Vec2 p = math::xy(a.samples[i].p), q = math::xy(a.samples[i + 1].p);
        const int steps = std::max(1, static_cast<int>(std::ceil(glm::length(q - p) / 0.5)));
        for (int s = 0; s <= steps; ++s) {
            const Vec2 at = p + (q - p) * (static_cast<double>(s) / steps);
            for (std::size_t j = 0; j + 1 < b.samples.size(); ++j) {
                const auto hit = math::closest_on_segment(at, math::xy(b.samples[j].p),
                                                          math::xy(b.samples[j + 1].p));
                if (hit.distance_m < 0.9 * reach &&
                    std::abs(a.samples[i].p.z - b.samples[j].p.z) < 2.5) {
                    return true;
                }
            }
        }
    }
    return false;
}

}  // namespace

bool incompatible(const RoadNetwork& network, const Lane& a, const Lane& b) {
    const bool met = std::any_of(a.conflicts.begin(), a.conflicts.end(),
                                 [&](const Conflict& c) { return c.other == b.id; });
    if (!met) return false;
    const double turn =
        std::abs(math::wrap_angle(entry_heading(network, a) - entry_heading(network, b)));
    if (turn < kSameArm_rad) return false;
    return !(turn > kOpposite_rad && (turns_across(network, a) || turns_across(network, b)));
}

bool incompatible(const RoadNetwork& network, const Lane& connection, const Crossing& crossing) {
    const auto all = overs(network, connection, crossing);
    return std::any_of(all.begin(), all.end(), [&](const Over& over) {
        return over.own_arm || connection.turn == Turn::kStraight;
    });
}

void make_programme(RoadNetwork& network, JunctionId junction, const ProgrammeOptions& options) {
    const std::vector<Group> groups = groups_of(network, network.junctions[junction]);
    if (groups.empty()) return;
    const std::size_t count = groups.size();
    std::vector<std::vector<char>> against(count, std::vector<char>(count, 0));
    for (std::size_t a = 0; a < count; ++a) {
        for (std::size_t b = 0; b < count; ++b) {
            against[a][b] = a != b && incompatible_groups(network, groups[a], groups[b]) ? 1 : 0;
        }
    }
    std::vector<SignalStage> stages = cover(groups, against);
    time_stages(network, groups, stages);

    // Every instant at which some aspect may change.
    const double cycle = stages.back().start_s + stages.back().green_s + stages.back().change_s;
    std::vector<double> times{0, cycle};
    for (const SignalStage& stage : stages) {
        const double end = stage.start_s + stage.green_s + stage.change_s;
        times.push_back(stage.start_s + stage.green_s);
        times.push_back(end);
        times.push_back(end - kRedYellow_s);
        for (const Group& group : groups) {
            times.push_back(stage.start_s + stage.green_s + group.yellow_s);
            times.push_back(end - group.clear_s);
            times.push_back(end - stage.change_s);
        }
    }
    std::sort(times.begin(), times.end());
    SignalProgram program;
    program.junction = junction;
    const auto index = static_cast<std::uint32_t>(network.programs.size());
    for (const Group& group : groups) {
        program.groups.push_back(group.id);
        network.signal_groups[group.id].program = index;
    }
    for (std::size_t i = 0; i + 1 < times.size(); ++i) {
        const double begin = std::max(0.0, times[i]), end = std::min(cycle, times[i + 1]);
        if (end - begin < 1e-6) continue;
        SignalPhase phase;
        phase.duration_us = core::from_seconds(end - begin);
        for (std::size_t g = 0; g < count; ++g) {
            phase.aspects.push_back(
                aspect_at(groups[g], g, stages, 0.5 * (begin + end), options.red_yellow));
        }
        if (!program.phases.empty() && program.phases.back().aspects == phase.aspects) {
            program.phases.back().duration_us += phase.duration_us;
        } else {
            program.phases.push_back(std::move(phase));
        }
    }
    program.offset_us = core::from_seconds(options.offset_s);
    network.programs.push_back(std::move(program));
    network.junctions[junction].signalled = true;
}

std::vector<GreenConflict> conflicting_greens(const RoadNetwork& network) {
    std::vector<GreenConflict> found;
    for (std::uint32_t p = 0; p < network.programs.size(); ++p) {
        const SignalProgram& program = network.programs[p];
        if (program.junction >= network.junctions.size()) continue;
        const Junction& junction = network.junctions[program.junction];
        const auto column = [&](SignalGroupId g) {
            return static_cast<std::size_t>(
                std::find(program.groups.begin(), program.groups.end(), g) -
                program.groups.begin());
        };
        const auto green = [&](const SignalPhase& phase, SignalGroupId g) {
            const std::size_t at = column(g);
            return at < phase.aspects.size() && phase.aspects[at] == Aspect::kGreen;
        };
        // Pairs of connections that meet and stand neither beside nor head-on to each other.
        for (std::size_t i = 0; i < junction.connections.size(); ++i) {
            const Lane& a = network.lanes[junction.connections[i]];
            if (a.signal_group == kNone) continue;
            for (std::size_t j = i + 1; j < junction.connections.size(); ++j) {
                const Lane& b = network.lanes[junction.connections[j]];
                if (b.signal_group == kNone || a.predecessors == b.predecessors) continue;
                const double turn = std::abs(
                    math::wrap_angle(entry_heading(network, a) - entry_heading(network, b)));
                if (turn < kSameArm_rad) continue;
                if (turn > kOpposite_rad &&
                    (turns_across(network, a) || turns_across(network, b))) {
                    continue;
                }
                for (std::uint32_t k = 0; k < program.phases.size(); ++k) {
                    const SignalPhase& phase = program.phases[k];
                    if (!green(phase, a.signal_group) || !green(phase, b.signal_group)) continue;
                    if (!meet(a, b)) break;
                    found.push_back({p, k, a.id, b.id, kNone, "two ways that meet are green"});
                    break;
                }
            }
        }
        // People and the traffic over their crossing, and the time between them.
        for (const Crossing& crossing : network.crossings) {
            if (crossing.signal_group == kNone ||
                column(crossing.signal_group) == program.groups.size()) {
                continue;
            }
            const double needed_s = crossing_length_m(crossing) / kWalk_mps;
            for (const LaneId c : junction.connections) {
                const Lane& lane = network.lanes[c];
                if (lane.signal_group == kNone || !incompatible(network, lane, crossing)) continue;
                double cleared_s = 1e9;  // since people's green ended, around the cycle twice
                for (std::size_t step = 0; step < 2 * program.phases.size(); ++step) {
                    const auto k = static_cast<std::uint32_t>(step % program.phases.size());
                    const SignalPhase& phase = program.phases[k];
                    const bool walk = green(phase, crossing.signal_group);
                    const bool drive = green(phase, lane.signal_group);
                    if (walk && drive) {
                        found.push_back({p, k, c, kNone, crossing.id, "people and traffic"});
                        break;
                    }
                    if (drive && cleared_s < needed_s - 1e-3) {
                        found.push_back({p, k, c, kNone, crossing.id, "people still cross"});
                        break;
                    }
                    cleared_s = walk ? 0 : cleared_s + core::seconds(phase.duration_us);
                }
            }
        }
    }
    return found;
}

}  // namespace huntsman::engine::road
