#include <algorithm>

#include "engine/math/geometry.h"
#include "scenarios/town/network.h"

namespace huntsman::scenarios::town {

namespace math = engine::math;
using namespace engine::world;

namespace {

constexpr double kWalkRound_m = 2.0;

struct Walks {
    RoadNetwork& network;

    std::uint32_t add_node(const Vec2& p) {
        network.walk_nodes.push_back({Vec3(p, kPavement_m), {}});
        return static_cast<std::uint32_t>(network.walk_nodes.size() - 1);
    }
    WalkwayId add_walkway(std::uint32_t from, std::uint32_t to, std::vector<Vec3> points,
                          double width_m) {
        Walkway walkway;
        walkway.id = static_cast<WalkwayId>(network.walkways.size());
        walkway.from = from;
        walkway.to = to;
        walkway.width_m = width_m;
        for (std::size_t i = 0; i + 1 < points.size(); ++i) {
            walkway.length_m += glm::length(points[i + 1] - points[i]);
        }
        walkway.points = std::move(points);
        network.walk_nodes[from].walkways.push_back(walkway.id);
        network.walk_nodes[to].walkways.push_back(walkway.id);
        network.walkways.push_back(std::move(walkway));
        return network.walkways.back().id;
    }
    // A crossing from kerb a to kerb b between two nodes, over these lanes.
    void add_crossing(std::uint32_t from, std::uint32_t to, const Vec2& a, const Vec2& b,
                      SignalGroupId group, const std::vector<LaneId>& lanes) {
        Crossing crossing;
        crossing.id = static_cast<CrossingId>(network.crossings.size());
        crossing.a = Vec3(a, kDropped_m);
        crossing.b = Vec3(b, kDropped_m);
        crossing.width_m = kCrossingWidth_m;
        crossing.signal_group = group;
        for (const LaneId id : lanes) {
            const double s = where(network.lanes[id], 0.5 * (a + b));
            crossing.lanes.push_back(
                {id, std::max(0.0, s - 0.5 * kCrossingWidth_m),
                 std::min(network.lanes[id].length_m, s + 0.5 * kCrossingWidth_m)});
        }
        // Down the dropped kerb, over the road and up again.
        const Vec2 in = 0.3 * glm::normalize(b - a);
        crossing.walkway = add_walkway(from, to,
                                       {network.walk_nodes[from].p, crossing.a, Vec3(a + in, 0),
                                        Vec3(b - in, 0), crossing.b, network.walk_nodes[to].p},
                                       kCrossingWidth_m);
        network.walkways[crossing.walkway].crossing = crossing.id;
        network.crossings.push_back(std::move(crossing));
    }
    // Place on a lane that is closest to p.
    static double where(const Lane& lane, const Vec2& p) {
        double best = 1e30, s = 0;
        for (std::size_t i = 0; i + 1 < lane.samples.size(); ++i) {
            const auto& a = lane.samples[i];
            const auto& b = lane.samples[i + 1];
            const auto hit = math::closest_on_segment(p, math::xy(a.p), math::xy(b.p));
            if (hit.distance_m < best) {
                best = hit.distance_m;
                s = a.s_m + hit.along * (b.s_m - a.s_m);
            }
        }
        return s;
    }
};

// Middle of a side's pavement, from the centre line.
double middle_m(const Street& street, const Side& side, double s) {
    return 0.5 * (street.kerb_m(side, s) + side.outer_m);
}

}  // namespace

void build_walks(const Layout& layout, RoadNetwork& network) {
    Walks walks{network};
    // Two nodes an arm, at its crossing or where one would be: [node][arm][left, right].
    std::vector<std::vector<std::array<std::uint32_t, 2>>> ends(layout.nodes.size());
    // The same by street: [street][side: left, right][end: start, end], and where along.
    struct StreetEnds {
        std::uint32_t node[2][2];
        double s_m[2];
    };
    std::vector<StreetEnds> streets(layout.streets.size());
    for (std::size_t n = 0; n < layout.nodes.size(); ++n) {
        const Node& node = layout.nodes[n];
        for (const Arm& arm : node.arms) {
            const Street& street = layout.streets[arm.street];
            std::array<std::uint32_t, 2> pair{};
            for (const bool left : {true, false}) {
                const Side& side = layout.arm_side(arm, left);
                const double offset = 0.5 * (street.kerb_m() + side.outer_m);
                const auto id = walks.add_node(
                    layout.arm_point(node, arm, arm.crossing_m(), left ? offset : -offset));
                pair[left ? 0 : 1] = id;
                const std::size_t street_side = arm.at_start == left ? 0 : 1;
                streets[arm.street].node[street_side][arm.at_start ? 0 : 1] = id;
            }
            streets[arm.street].s_m[arm.at_start ? 0 : 1] =
                arm.at_start ? arm.crossing_m() : street.path.length_m() - arm.crossing_m();
            ends[n].push_back(pair);
        }
    }
    // Corners and crossings of junctions.
    for (std::size_t n = 0; n < layout.nodes.size(); ++n) {
        const Node& node = layout.nodes[n];
        for (std::size_t k = 0; k < node.arms.size(); ++k) {
            const std::size_t j = (k + 1) % node.arms.size();
            const Arm &arm = node.arms[k], &next = node.arms[j];
            const Street& street = layout.streets[arm.street];
            const double left = 0.5 * (street.kerb_m() + layout.arm_side(arm, true).outer_m);
            const double right =
                0.5 * (layout.streets[next.street].kerb_m() + layout.arm_side(next, false).outer_m);
            std::vector<Vec3> points;
            for (const Vec2& p : layout.corner_line(node, k, arm.crossing_m(), left,
                                                    next.crossing_m(), right, kWalkRound_m)) {
                points.push_back(Vec3(p, kPavement_m));
            }
            walks.add_walkway(ends[n][k][0], ends[n][j][1], std::move(points), 2.0);
            if (!arm.crossing) continue;
            std::vector<LaneId> lanes = arm.in;
            lanes.insert(lanes.end(), arm.out.begin(), arm.out.end());
            SignalGroupId group = kNone;
            if (node.signalled) {
                // People's groups follow the two of vehicles.
                const LaneId connection = network.lanes[arm.in[0]].successors[0];
                group = network.lanes[connection].signal_group + 2;
            }
            walks.add_crossing(ends[n][k][0], ends[n][k][1],
                               layout.arm_point(node, arm, arm.crossing_m(), street.kerb_m()),
                               layout.arm_point(node, arm, arm.crossing_m(), -street.kerb_m()),
                               group, lanes);
        }
    }
    // Pavements along the streets, cut at crossings between junctions.
    for (std::size_t i = 0; i < layout.streets.size(); ++i) {
        const Street& street = layout.streets[i];
        std::vector<double> cuts{streets[i].s_m[0]};
        cuts.insert(cuts.end(), street.zebras_m.begin(), street.zebras_m.end());
        cuts.push_back(streets[i].s_m[1]);
        std::vector<std::array<std::uint32_t, 2>> middle;  // nodes at inner cuts: left, right
        for (const double s : street.zebras_m) {
            const PathPoint q = street.path.at(s);
            middle.push_back({walks.add_node(q.left(middle_m(street, street.left, s))),
                              walks.add_node(q.left(-middle_m(street, street.right, s)))});
            std::vector<LaneId> lanes = street.forward;
            lanes.insert(lanes.end(), street.backward.begin(), street.backward.end());
            walks.add_crossing(middle.back()[0], middle.back()[1], q.left(street.kerb_m()),
                               q.left(-street.kerb_m()), kNone, lanes);
        }
        for (const bool left : {true, false}) {
            const std::size_t side_index = left ? 0 : 1;
            const Side& side = street.side(left);
            for (std::size_t c = 0; c + 1 < cuts.size(); ++c) {
                const std::uint32_t from =
                    c == 0 ? streets[i].node[side_index][0] : middle[c - 1][side_index];
                const std::uint32_t to =
                    c + 2 == cuts.size() ? streets[i].node[side_index][1] : middle[c][side_index];
                std::vector<Vec3> points;
                for (const double s : street.path.stations(cuts[c], cuts[c + 1], 3.0, 1.5)) {
                    const double offset = middle_m(street, side, s);
                    points.push_back(
                        Vec3(street.path.at(s).left(left ? offset : -offset), kPavement_m));
                }
                walks.add_walkway(
                    from, to, std::move(points),
                    side.outer_m - street.kerb_m() - (side.bays.empty() ? 0 : kBay_m));
            }
        }
    }
}

}  // namespace huntsman::scenarios::town
