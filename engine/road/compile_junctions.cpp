// Junctions: turns, what signs say, and the order of way.
#include <algorithm>
#include <cmath>

#include "engine/math/geometry.h"
#include "engine/road/compile_parts.h"
#include "engine/road/lane_curve.h"
#include "engine/road/signal_role.h"

namespace huntsman::engine::road::parts {

using math::Vec2;
using math::Vec3;
using namespace world;

namespace {

constexpr double kStraight_rad = 35.0 * math::kPi / 180.0;
constexpr double kUTurn_rad = 150.0 * math::kPi / 180.0;
constexpr double kSignReach_m = 60.0;  // a sign rules the next junction within this

// The turn of a connection, by its heading's change along it.
Turn turn_of(const Lane& lane) {
    double turned = 0;
    for (std::size_t i = 0; i + 1 < lane.samples.size(); ++i) {
        turned += math::wrap_angle(lane.samples[i + 1].heading_rad - lane.samples[i].heading_rad);
    }
    if (std::abs(turned) > kUTurn_rad) return Turn::kUTurn;
    if (std::abs(turned) < kStraight_rad) return Turn::kStraight;
    return turned > 0 ? Turn::kLeft : Turn::kRight;
}

void add_unique(std::vector<LaneId>& list, LaneId value) {
    if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(value);
}

// Signs at the entries.
void heed_signs(Draft& draft) {
    RoadNetwork& network = draft.network;
    const auto uses = signal_uses(draft);
    std::vector<char> priority(network.lanes.size(), 0);
    const auto set = [&](LaneId c, Control control) {
        // A stop sign is stronger than a yield sign.
        Control& own = network.lanes[c].control;
        if (own != Control::kStop) own = control;
    };
    for (const SignalUse& use : uses) {
        const SignalRole role = role_of(draft.model.roads[use.home].signals[use.signal]);
        const bool sign = role == SignalRole::kStop || role == SignalRole::kYield ||
                          role == SignalRole::kPriority;
        if (!sign && role != SignalRole::kStopLine) continue;
        const auto lanes = ruled_lanes(draft, use);
        for (const LaneId c : connections_ahead(draft, lanes, kSignReach_m)) {
            if (role == SignalRole::kStop) set(c, Control::kStop);
            if (role == SignalRole::kYield) set(c, Control::kYield);
            if (role == SignalRole::kPriority) priority[c] = 1;
        }
        // The line itself: where the lane's vehicles stop.
        for (const LaneId l : lanes) {
            if (role != SignalRole::kStopLine || network.lanes[l].in_junction()) continue;
            const double s = lane_s_at(draft, l, use.s_m);
            if (network.lanes[l].length_m - s > 30.0) continue;
            for (const LaneId c : network.lanes[l].successors) {
                if (!network.lanes[c].in_junction()) continue;
                network.lanes[c].stop_s_m = s;
                draft.given_line[c] = 1;
            }
        }
    }
    // Who has no sign gives way to a priority road.
    for (const Junction& junction : network.junctions) {
        const bool any = std::any_of(junction.connections.begin(), junction.connections.end(),
                                     [&](LaneId c) { return priority[c] != 0; });
        if (!any) continue;
        for (const LaneId c : junction.connections) {
            if (priority[c] == 0) set(c, Control::kYield);
        }
    }
}

// Levels of the file's priorities: the longest chain of connecting roads that go before.
void heed_priorities(Draft& draft, JunctionId id) {
    const auto& priorities = draft.model.junctions[id].priorities;
    if (priorities.empty()) return;
    std::vector<std::pair<std::uint32_t, int>> level;  // road, level
    const auto of = [&](std::uint32_t road) -> int& {
        for (auto& [r, l] : level) {
            if (r == road) return l;
        }
        level.emplace_back(road, 0);
        return level.back().second;
    };
    for (const JunctionPriority& p : priorities) {
        if (p.high != kNone) of(p.high);
        if (p.low != kNone) of(p.low);
    }
    // As many rounds as roads settle every order; a ring never settles, and stays as it stands.
    for (std::size_t round = 0; round < level.size(); ++round) {
        for (const JunctionPriority& p : priorities) {
            if (p.high == kNone || p.low == kNone || p.high == p.low) continue;
            int& low = of(p.low);
            low = std::max(low, of(p.high) + 1);
        }
    }
    for (const LaneId c : draft.network.junctions[id].connections) {
        for (const auto& [road, l] : level) {
            if (draft.network.lanes[c].road == road) draft.way_level[c] = l;
        }
    }
}

// Roundabouts that the file names: who comes from outside the group gives way.
void heed_roundabouts(Draft& draft) {
    RoadNetwork& network = draft.network;
    std::vector<std::uint32_t> group(network.junctions.size(), kNone);  // by junction
    for (std::uint32_t g = 0; g < draft.model.junction_groups.size(); ++g) {
        if (draft.model.junction_groups[g].type != "roundabout") continue;
        for (const std::string& id : draft.model.junction_groups[g].junctions) {
            for (std::uint32_t j = 0; j < draft.model.junctions.size(); ++j) {
                if (draft.model.junctions[j].id == id) group[j] = g;
            }
        }
    }
    for (Junction& junction : network.junctions) {
        if (group[junction.id] == kNone) continue;
        for (const LaneId entry : junction.entries) {
            // Back along the lanes to the junction that this one comes from.
            std::uint32_t from = kNone;
            LaneId at = entry;
            for (int step = 0; step < 64 && from == kNone; ++step) {
                const Lane& lane = network.lanes[at];
                if (lane.in_junction()) from = lane.junction;
                if (lane.predecessors.empty()) break;
                at = lane.predecessors.front();
            }
            if (from != kNone && group[from] == group[junction.id]) continue;
            for (const LaneId c : network.lanes[entry].successors) {
                Lane& connection = network.lanes[c];
                if (connection.junction == junction.id &&
                    connection.control == Control::kUncontrolled) {
                    connection.control = Control::kYield;
                }
            }
        }
    }
}

}  // namespace

std::vector<SignalUse> signal_uses(const Draft& draft) {
    std::vector<SignalUse> uses;
    for (std::uint32_t r = 0; r < draft.model.roads.size(); ++r) {
        const Road& road = draft.model.roads[r];
        for (std::uint32_t i = 0; i < road.signals.size(); ++i) {
            const ModelSignal& signal = road.signals[i];
            uses.push_back({r, signal.s_m, signal.t_m, signal.orientation, &signal.validity, r, i});
        }
        for (const SignalReference& reference : road.signal_references) {
            for (std::uint32_t h = 0; h < draft.model.roads.size(); ++h) {
                const auto& signals = draft.model.roads[h].signals;
                for (std::uint32_t i = 0; i < signals.size(); ++i) {
                    if (signals[i].id != reference.id) continue;
                    uses.push_back({r, reference.s_m, reference.t_m, reference.orientation,
                                    &reference.validity, h, i});
                }
            }
        }
    }
    return uses;
}

std::vector<LaneId> ruled_lanes(const Draft& draft, const SignalUse& use) {
    std::vector<LaneId> lanes;
    for (const Stretch& stretch : draft.stretches[use.road]) {
        const bool last = &stretch == &draft.stretches[use.road].back();
        const bool first = &stretch == &draft.stretches[use.road].front();
        if (use.s_m < stretch.low_m && !first) continue;
        if (use.s_m >= stretch.high_m && !last) continue;
        for (const std::uint32_t p : stretch.pieces) {
            const Piece& piece = draft.pieces[p];
            if (piece.kind != LaneKind::kDriving || piece.net_lane == kNone) continue;
            if (use.orientation != Orientation::kBoth &&
                piece.forward != (use.orientation == Orientation::kForward)) {
                continue;
            }
            const bool valid =
                use.validity->empty() ||
                std::any_of(use.validity->begin(), use.validity->end(), [&](const LaneRange& v) {
                    return piece.lane >= std::min(v.from, v.to) &&
                           piece.lane <= std::max(v.from, v.to);
                });
            if (valid) add_unique(lanes, piece.net_lane);
        }
    }
    return lanes;
}

std::vector<LaneId> connections_ahead(const Draft& draft, const std::vector<LaneId>& lanes,
                                      double reach_m) {
    const RoadNetwork& network = draft.network;
    std::vector<LaneId> found;
    std::vector<std::pair<LaneId, double>> open;
    for (const LaneId l : lanes) open.emplace_back(l, 0.0);
    while (!open.empty()) {
        const auto [at, gone] = open.back();
        open.pop_back();
        const Lane& lane = network.lanes[at];
        if (lane.in_junction()) {
            add_unique(found, at);
            continue;
        }
        if (gone > reach_m) continue;
        for (const LaneId next : lane.successors) {
            const double length = network.lanes[next].length_m;
            open.emplace_back(next, gone + (network.lanes[next].in_junction() ? 0.0 : length));
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

double lane_s_at(const Draft& draft, LaneId lane, double road_s_m) {
    // The sample line crosses the road's cross-section at one place: bisect by projection.
    const Lane& l = draft.network.lanes[lane];
    const ReferencePoint q = draft.geometry.reference(l.road, road_s_m);
    const Vec2 along = math::direction(q.heading_rad);
    const Piece& first = draft.pieces[draft.chains[lane].front()];
    const double sign = first.forward ? 1.0 : -1.0;
    const auto ahead = [&](double s) {
        return sign * glm::dot(math::xy(lane_at(l, s).p) - q.p, along);
    };
    // Only the neighbourhood of the place counts: on a ring the line passes it twice.
    const Piece& last = draft.pieces[draft.chains[lane].back()];
    const double begin = first.forward ? first.low_m : first.high_m;
    const double end = first.forward ? last.high_m : last.low_m;
    const double share =
        std::clamp(std::abs(end - begin) > 0 ? (road_s_m - begin) / (end - begin) : 0.0, 0.0, 1.0);
    double s = share * l.length_m;
    for (int i = 0; i < 20; ++i) {
        const double next = std::clamp(s - ahead(s), 0.0, l.length_m);
        if (std::abs(next - s) < 1e-4) break;
        s = next;
    }
    return s;
}

void set_lines_back(Draft& draft) {
    // A city bus: rear axle to front and back, half width with a little room.
    constexpr double kFront_m = 8.5, kRear_m = 3.4, kHalf_m = 1.45;
    constexpr double kMost_m = 8.0, kStep_m = 0.5, kCarHalf_m = 1.0;
    RoadNetwork& network = draft.network;
    for (const Junction& junction : network.junctions) {
        // The ground that buses cover on ways that bend.
        std::vector<std::pair<LaneId, math::Box2>> swept;  // by the entry they come from
        for (const LaneId id : junction.connections) {
            const Lane& c = network.lanes[id];
            double bend = 0;
            for (const LaneSample& q : c.samples) {
                bend = std::max(bend, std::abs(q.curvature_per_m));
            }
            if (bend < 1.0 / 25.0 || c.predecessors.empty() || c.successors.empty()) continue;
            const Lane& out = network.lanes[c.successors.front()];
            for (double s = 0; s < c.length_m + kRear_m; s += 1.0) {
                const LaneSample q = s < c.length_m ? lane_at(c, s) : lane_at(out, s - c.length_m);
                const Vec2 x = math::direction(q.heading_rad);
                // The rear axle keeps to the inside as far as the lane has room.
                const double room = std::max(0.0, 0.5 * q.width_m - kHalf_m);
                const double inward =
                    std::clamp(0.25 * q.curvature_per_m * kFront_m * kFront_m, -room, room);
                swept.emplace_back(c.predecessors.front(),
                                   math::Box2{math::xy(q.p) + inward * math::perp(x) +
                                                  0.5 * (kFront_m - kRear_m) * x,
                                              q.heading_rad,
                                              {0.5 * (kFront_m + kRear_m), kHalf_m}});
            }
        }
        for (const LaneId entry : junction.entries) {
            const Lane& lane = network.lanes[entry];
            const double most = std::min(kMost_m, 0.5 * lane.length_m);
            double back = 0;
            for (; back < most; back += kStep_m) {
                const LaneSample q = lane_at(lane, lane.length_m - back);
                const math::Box2 car{math::xy(q.p) - math::direction(q.heading_rad),
                                     q.heading_rad,
                                     {1.0, kCarHalf_m}};
                if (std::none_of(swept.begin(), swept.end(), [&](const auto& box) {
                        return box.first != entry && math::overlap(car, box.second);
                    })) {
                    break;
                }
            }
            for (const LaneId c : lane.successors) {
                Lane& connection = network.lanes[c];
                if (!connection.in_junction() || draft.given_line[c] != 0) continue;
                connection.stop_s_m = std::min(connection.stop_s_m, lane.length_m - back);
            }
        }
    }
}

void make_junctions(Draft& draft) {
    RoadNetwork& network = draft.network;
    for (std::uint32_t j = 0; j < draft.model.junctions.size(); ++j) {
        Junction junction;
        junction.id = j;
        network.junctions.push_back(std::move(junction));
    }
    make_merges(draft);
    draft.way_level.assign(network.lanes.size(), 0);
    draft.given_line.assign(network.lanes.size(), 0);
    for (Lane& lane : network.lanes) {
        if (!lane.in_junction() || lane.junction >= draft.model.junctions.size()) continue;
        if (lane.kind != LaneKind::kDriving) {
            lane.junction = kNone;  // only driven lanes are connections
            continue;
        }
        lane.turn = turn_of(lane);
        Junction& junction = network.junctions[lane.junction];
        junction.connections.push_back(lane.id);
        lane.stop_s_m = 0;
        for (const LaneId before : lane.predecessors) {
            if (network.lanes[before].in_junction()) continue;
            lane.stop_s_m = network.lanes[before].length_m;
            add_unique(junction.entries, before);
        }
    }
    // Middle and radius: of the box around all connections.
    for (Junction& junction : network.junctions) {
        std::sort(junction.entries.begin(), junction.entries.end());
        Vec3 low(1e30), high(-1e30);
        for (const LaneId c : junction.connections) {
            for (const LaneSample& q : network.lanes[c].samples) {
                low = glm::min(low, q.p);
                high = glm::max(high, q.p);
            }
        }
        if (junction.connections.empty()) continue;
        junction.centre = 0.5 * (low + high);
        for (const LaneId c : junction.connections) {
            for (const LaneSample& q : network.lanes[c].samples) {
                junction.radius_m =
                    std::max(junction.radius_m,
                             glm::length(math::xy(q.p - junction.centre)) + 0.5 * q.width_m);
            }
        }
    }
    heed_signs(draft);
    heed_roundabouts(draft);
    heed_rings(draft);
    for (JunctionId j = 0; j < draft.model.junctions.size(); ++j) heed_priorities(draft, j);
}

}  // namespace huntsman::engine::road::parts
