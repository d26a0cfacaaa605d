#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <set>

#include "engine/math/geometry.h"
#include "engine/road/compile.h"
#include "scenarios/town/graph.h"
#include "tests/scenarios/town/towns.h"

namespace huntsman::scenarios::town {
namespace {

namespace math = engine::math;
using engine::road::RoadGeometry;
using namespace engine::world;

TEST(TownFeatures, RoundaboutsAreFullCirclesWithRightOfWay) {
    const RoadModel model = roads_of(1, [](auto& p) {
        p.roundabout_share = 1;
        p.age = 0;
    });
    expect_clean(opendrive::check(model), 1);
    ASSERT_FALSE(model.junction_groups.empty());
    const RoadGeometry geometry(model);
    const RoadNetwork network = engine::road::compile(model, geometry);
    for (const JunctionGroup& group : model.junction_groups) {
        EXPECT_EQ(group.type, "roundabout");
        EXPECT_GE(group.junctions.size(), 3U);
        double turned = 0;
        int entries = 0;
        for (const std::string& id : group.junctions) {
            const auto at = std::find_if(model.junctions.begin(), model.junctions.end(),
                                         [&](const ModelJunction& j) { return j.id == id; });
            ASSERT_NE(at, model.junctions.end());
            const auto j = static_cast<std::size_t>(at - model.junctions.begin());
            const auto on_ring = [&](LaneId lane) {
                return model.roads[network.lanes[lane].road].name == "Roundabout";
            };
            for (const LaneId c : network.junctions[j].connections) {
                const Lane& lane = network.lanes[c];
                const bool from_ring = on_ring(lane.predecessors[0]);
                if (from_ring && on_ring(lane.successors[0])) {
                    // Around the ring: this piece and the one after it.
                    for (const LaneId part : {c, lane.successors[0]}) {
                        const auto& samples = network.lanes[part].samples;
                        for (std::size_t i = 0; i + 1 < samples.size(); ++i) {
                            turned += math::wrap_angle(samples[i + 1].heading_rad -
                                                       samples[i].heading_rad);
                        }
                    }
                } else if (!from_ring) {
                    // Who enters gives way to the ring.
                    ++entries;
                    EXPECT_EQ(lane.control, Control::kYield);
                    int yields = 0;
                    for (const Conflict& conflict : lane.conflicts) {
                        if (!on_ring(network.lanes[conflict.other].predecessors[0])) continue;
                        yields += conflict.yields ? 1 : 0;
                    }
                    EXPECT_GE(yields, 1);
                }
            }
        }
        EXPECT_NEAR(turned, 2 * math::kPi, 1e-3);
        EXPECT_GE(entries, 2);
    }
}

TEST(TownFeatures, DeadEndsTurnBackOnACircle) {
    const RoadModel model = roads_of(1, [](auto& p) { p.dead_end_share = 1; });
    const RoadGeometry geometry(model);
    const RoadNetwork network = engine::road::compile(model, geometry);
    int circles = 0;
    for (std::size_t j = 0; j < model.junctions.size(); ++j) {
        if (model.junctions[j].name != "Turning circle") continue;
        ++circles;
        ASSERT_EQ(network.junctions[j].connections.size(), 1U);
        const Lane& lane = network.lanes[network.junctions[j].connections[0]];
        EXPECT_EQ(lane.turn, Turn::kUTurn);
        EXPECT_EQ(network.lanes[lane.predecessors[0]].road, network.lanes[lane.successors[0]].road);
        double sharpest = 0, turned = 0;
        for (std::size_t i = 0; i + 1 < lane.samples.size(); ++i) {
            sharpest = std::max(sharpest, std::abs(lane.samples[i].curvature_per_m));
            turned +=
                math::wrap_angle(lane.samples[i + 1].heading_rad - lane.samples[i].heading_rad);
        }
        EXPECT_NEAR(std::abs(turned), math::kPi, 1e-3);
        // The largest car of the catalogue turns on 6 m.
        EXPECT_LE(sharpest, 1 / 6.0);
    }
    EXPECT_GE(circles, 1);
}

TEST(TownFeatures, OneWayStreetsHaveLanesOfOneDirection) {
    const RoadModel model = roads_of(2, [](auto& p) { p.one_way_share = 1; });
    expect_clean(opendrive::check(model), 2);
    int one_way = 0, no_entry = 0;
    for (const Road& road : model.roads) {
        if (road.junction != kNone || road.name != "Street") continue;
        int left = 0, right = 0;
        for (const ModelLane& lane : road.sections[0].lanes) {
            if (is_driven(lane.type)) (lane.id > 0 ? left : right) += 1;
        }
        EXPECT_GT(left + right, 0);
        if (left == 0 || right == 0) ++one_way;
        for (const ModelSignal& signal : road.signals) no_entry += signal.name == "no entry";
    }
    EXPECT_GE(one_way, 3);
    EXPECT_GE(no_entry, one_way);
}

TEST(TownFeatures, MotorwaysHaveRampsThatMergeAndABridge) {
    const RoadModel model = roads_of(1, [](auto& p) { p.motorway = true; });
    expect_clean(opendrive::check(model), 1);
    EXPECT_EQ(roads_named(model, "Motorway"), 3);
    EXPECT_EQ(roads_named(model, "Ramp"), 4);
    const RoadGeometry geometry(model);
    const RoadNetwork network = engine::road::compile(model, geometry);
    int merges = 0, exits = 0;
    for (std::size_t j = 0; j < model.junctions.size(); ++j) {
        if (model.junctions[j].name != "Ramps") continue;
        for (const LaneId c : network.junctions[j].connections) {
            const Lane& lane = network.lanes[c];
            const auto name_of = [&](LaneId id) {
                return model.roads[network.lanes[id].road].name;
            };
            if (name_of(lane.predecessors[0]) == "Ramp") {
                ++merges;
                // It shares its goal with the motorway's own lane, and gives way to it.
                const Lane& goal = network.lanes[lane.successors[0]];
                EXPECT_EQ(model.roads[goal.road].name, "Motorway");
                EXPECT_EQ(goal.predecessors.size(), 2U);
                for (const LaneId other : goal.predecessors) {
                    if (other == c) continue;
                    const auto met = std::find_if(
                        lane.conflicts.begin(), lane.conflicts.end(),
                        [&](const Conflict& conflict) { return conflict.other == other; });
                    ASSERT_NE(met, lane.conflicts.end());
                    EXPECT_TRUE(met->yields);
                }
            } else if (name_of(lane.successors[0]) == "Ramp") {
                ++exits;
                EXPECT_EQ(network.lanes[lane.predecessors[0]].successors.size(), 2U);
            }
        }
    }
    EXPECT_EQ(merges, 2);
    EXPECT_EQ(exits, 2);
    // Where the motorway crosses the street below there is room for a lorry.
    int below = 0;
    for (std::uint32_t m = 0; m < model.roads.size(); ++m) {
        if (model.roads[m].structures.empty() || model.roads[m].name != "Motorway") continue;
        const Structure& bridge = model.roads[m].structures[0];
        for (std::uint32_t r = 0; r < model.roads.size(); ++r) {
            if (r == m || model.roads[r].name != "Main street") continue;
            for (double s = 0; s < model.roads[r].length_m; s += 1) {
                const auto q = geometry.pose({r, s, 0, 0});
                const auto place = geometry.project(m, q.p);
                if (std::abs(place.t_m) > 8 || place.s_m < 1 ||
                    place.s_m > model.roads[m].length_m - 1)
                    continue;
                ++below;
                EXPECT_GT(geometry.elevation_m(m, place.s_m) - q.p.z, 6.0);
                EXPECT_GT(place.s_m, bridge.s_m);
                EXPECT_LT(place.s_m, bridge.s_m + bridge.length_m);
            }
        }
    }
    EXPECT_GT(below, 10);
}

TEST(TownFeatures, RailwaysRunOnAViaductOverStreets) {
    for (const double hilliness : {0.0, 1.0}) {
        const RoadModel model = roads_of(4, [=](auto& p) {
            p.railway = true;
            p.motorway = true;
            p.hilliness = hilliness;
        });
        const RoadGeometry geometry(model);
        const auto rail = static_cast<std::uint32_t>(
            std::find_if(model.roads.begin(), model.roads.end(),
                         [](const Road& r) { return r.name == "Railway"; }) -
            model.roads.begin());
        ASSERT_LT(rail, model.roads.size());
        ASSERT_EQ(model.roads[rail].structures.size(), 1U);
        EXPECT_EQ(model.roads[rail].structures[0].length_m, model.roads[rail].length_m);
        std::set<std::uint32_t> below;
        for (std::uint32_t r = 0; r < model.roads.size(); ++r) {
            if (r == rail) continue;
            for (double s = 0; s < model.roads[r].length_m; s += 1) {
                const auto q = geometry.pose({r, s, 0, 0});
                const auto place = geometry.project(rail, q.p);
                if (std::abs(place.t_m) > 5 || place.s_m <= 0 ||
                    place.s_m >= model.roads[rail].length_m) {
                    continue;
                }
                below.insert(r);
                // A lorry of 4 m, a deck of a metre.
                EXPECT_GT(geometry.elevation_m(rail, place.s_m) - q.p.z, 5.5) << "road " << r;
            }
        }
        EXPECT_GE(below.size(), 2U);
    }
}

TEST(TownFeatures, HillsAreNoSteeperThanEightPercent) {
    const auto steepest = [](const RoadModel& model) {
        const RoadGeometry geometry(model);
        double most = 0;
        for (std::uint32_t r = 0; r < model.roads.size(); ++r) {
            for (double s = 0; s <= model.roads[r].length_m; s += 1) {
                most = std::max(most, std::abs(geometry.elevation_slope(r, s)));
            }
        }
        return most;
    };
    for (const std::uint64_t seed : kSeeds) {
        EXPECT_LE(steepest(town(seed).road_model), 0.08) << "seed " << seed;
        const RoadModel hilly = roads_of(seed, [](auto& p) { p.hilliness = 1; });
        EXPECT_LE(steepest(hilly), 0.08) << "seed " << seed;
        EXPECT_GT(steepest(hilly), 0.03) << "seed " << seed;
    }
    const RoadModel level = roads_of(1, [](auto& p) {
        p.hilliness = 0;
        p.motorway = false;
    });
    EXPECT_EQ(steepest(level), 0);
}

TEST(TownFeatures, RoadworksShiftTheLanesAndStandOffThem) {
    const RoadModel model = roads_of(5, [](auto& p) { p.works_share = 1; });
    expect_clean(opendrive::check(model), 5);
    const RoadGeometry geometry(model);
    std::set<std::uint32_t> works;
    each_lane(model, [&](const Road& road, std::uint32_t r, const ModelLane& lane) {
        if (lane.type != LaneType::kRoadWorks || road.junction != kNone) return;
        works.insert(r);
        double widest = 0, narrowest = 1e9, shift = 0;
        for (double s = 0; s <= road.length_m; s += 0.5) {
            widest = std::max(widest, geometry.width_m(r, 0, lane.id, s));
            shift = std::max(shift, std::abs(geometry.lane_offset_m(r, s)));
            for (const ModelLane& other : road.sections[0].lanes) {
                if (is_driven(other.type)) {
                    narrowest = std::min(narrowest, geometry.width_m(r, 0, other.id, s));
                }
            }
        }
        EXPECT_GT(widest, 0.55);
        EXPECT_GT(shift, 0.25);
        EXPECT_GE(narrowest, 2.85 - 1e-9);
    });
    ASSERT_GE(works.size(), 3U);
    std::set<std::uint32_t> with_cones;
    for (const std::uint32_t r : works) {
        for (const ModelObject& object : model.roads[r].objects) {
            const bool solid = object.type == "obstacle" || object.type == "barrier";
            if (!solid) continue;
            if (object.name == "trafficCone") with_cones.insert(r);
            for (const ModelLane& lane : model.roads[r].sections[0].lanes) {
                if (!is_driven(lane.type)) continue;
                const double inner = geometry.inner_t_m(r, 0, lane.id, object.s_m);
                const double outer = geometry.outer_t_m(r, 0, lane.id, object.s_m);
                const double low = std::min(inner, outer), high = std::max(inner, outer);
                const bool apart = object.t_m + 0.5 * object.width_m <= low ||
                                   object.t_m - 0.5 * object.width_m >= high;
                EXPECT_TRUE(apart) << object.name << " on lane " << lane.id << " of road " << r
                                   << " at " << object.s_m;
            }
        }
    }
    EXPECT_EQ(with_cones, works);
}

TEST(TownFeatures, BusStopsStandOnPavements) {
    int stops = 0, posts = 0;
    for (const std::uint64_t seed : kSeeds) {
        const RoadModel& model = town(seed).road_model;
        const RoadGeometry geometry(model);
        each_object(model, "obstacle",
                    [&](const Road& road, std::uint32_t r, const ModelObject& o) {
                        if (o.subtype != "busStop") return;
                        ++stops;
                        for (const double side : {-0.5, 0.5}) {
                            const int id = geometry.lane_at(r, o.s_m, o.t_m + side * o.width_m);
                            const ModelLane* lane = geometry.lane(r, 0, id);
                            ASSERT_NE(lane, nullptr);
                            EXPECT_EQ(lane->type, LaneType::kSidewalk) << "seed " << seed;
                        }
                        static_cast<void>(road);
                    });
        for (const Road& road : model.roads) {
            for (const ModelSignal& signal : road.signals) posts += signal.name == "bus stop";
        }
    }
    EXPECT_GE(stops, 10);
    EXPECT_EQ(posts, stops);
}

TEST(TownFeatures, CycleLanesFollowTheirShare) {
    const auto count = [](const RoadModel& model) {
        int lanes = 0;
        each_lane(model, [&](const Road&, std::uint32_t, const ModelLane& lane) {
            if (lane.type != LaneType::kBiking) return;
            ++lanes;
            EXPECT_NEAR(lane.widths[0].a, 1.6, 1e-12);
        });
        return lanes;
    };
    EXPECT_EQ(count(roads_of(1, [](auto& p) { p.cycle_share = 0; })), 0);
    const int half = count(roads_of(1, [](auto& p) { p.cycle_share = 0.5; }));
    const int all = count(roads_of(1, [](auto& p) { p.cycle_share = 1; }));
    EXPECT_GT(half, 0);
    EXPECT_GT(all, half);
}

TEST(TownFeatures, ParkingPlacesLieInTheirBays) {
    int places = 0;
    for (const std::uint64_t seed : kSeeds) {
        const RoadModel& model = town(seed).road_model;
        const RoadGeometry geometry(model);
        each_object(
            model, "parkingSpace", [&](const Road&, std::uint32_t r, const ModelObject& place) {
                ++places;
                const int id = geometry.lane_at(r, place.s_m, place.t_m);
                const ModelLane* lane = geometry.lane(r, 0, id);
                ASSERT_NE(lane, nullptr);
                EXPECT_EQ(lane->type, LaneType::kParking) << "seed " << seed;
                for (const double end : {-0.5, 0.5}) {
                    const double s = place.s_m + end * place.length_m;
                    const double inner = geometry.inner_t_m(r, 0, id, s);
                    const double outer = geometry.outer_t_m(r, 0, id, s);
                    const double low = std::min(inner, outer), high = std::max(inner, outer);
                    EXPECT_GE(place.t_m - 0.5 * place.width_m, low - 1e-6) << "seed " << seed;
                    EXPECT_LE(place.t_m + 0.5 * place.width_m, high + 1e-6) << "seed " << seed;
                }
            });
    }
    EXPECT_GT(places, 500);
}

// Seen in the plan's graph: a short street between two three-armed nodes whose side arms lie on
// opposite sides.
TEST(TownGraph, SomeCrossroadsAreStaggered) {
    int staggered = 0;
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        Dice dice(engine::core::Key(seed).with("graph"));
        const Graph graph = make_graph(dice, TownStyle{}, 900);
        for (const GraphEdge& edge : graph.edges) {
            const double length = glm::length(graph.p[edge.b] - graph.p[edge.a]);
            if (edge.removed || length < 44 || length > 52) continue;
            const Vec2 way = graph.p[edge.b] - graph.p[edge.a];
            double side[2] = {0, 0};
            int k = 0;
            for (const std::uint32_t node : {edge.a, edge.b}) {
                for (const std::uint32_t e : graph.edges_of(node)) {
                    const Vec2 out = graph.out_of(node, graph.edges[e]);
                    const double across = math::cross(glm::normalize(way), out);
                    if (std::abs(across) > 0.7) side[k] = across;
                }
                ++k;
            }
            if (graph.edges_of(edge.a).size() == 3 && graph.edges_of(edge.b).size() == 3 &&
                side[0] * side[1] < 0) {
                ++staggered;
            }
        }
    }
    EXPECT_GE(staggered, 10);
}

TEST(TownGraph, IsConnectedAndNoCornerIsSharp) {
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        Dice dice(engine::core::Key(seed).with("graph"));
        TownStyle style;
        style.age = static_cast<double>(seed) / 60;
        const Graph graph = make_graph(dice, style, 700);
        EXPECT_TRUE(graph.connected()) << seed;
        for (std::uint32_t n = 0; n < graph.p.size(); ++n) {
            const auto around = graph.edges_of(n);
            EXPECT_LE(around.size(), 4U);
            for (std::size_t i = 0; i < around.size(); ++i) {
                for (std::size_t j = 0; j < i; ++j) {
                    const double c = glm::dot(graph.out_of(n, graph.edges[around[i]]),
                                              graph.out_of(n, graph.edges[around[j]]));
                    EXPECT_LT(c, std::cos(50 * math::kPi / 180)) << seed << " node " << n;
                }
            }
        }
    }
}

}  // namespace
}  // namespace huntsman::scenarios::town
