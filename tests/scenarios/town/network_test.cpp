#include <algorithm>
#include <set>

#include "engine/math/geometry.h"
#include "engine/road/compile.h"
#include "engine/road/conflicts.h"
#include "engine/road/lane_curve.h"
#include "engine/road/programmes.h"
#include "engine/road/signals.h"
#include "tests/scenarios/town/towns.h"

namespace huntsman::scenarios::town {
namespace {

namespace math = engine::math;
using namespace engine::world;

TEST(TownNetwork, EveryLaneReachesEveryOther) {
    for (const std::uint64_t seed : kSeeds) {
        const RoadNetwork& roads = town(seed).roads;
        const auto components = engine::road::strong_components(roads);
        ASSERT_EQ(components.size(), roads.lanes.size());
        for (const Lane& lane : roads.lanes) {
            // Parking, cycle lanes and shoulders are no way.
            EXPECT_EQ(components[lane.id], lane.kind == LaneKind::kDriving ? 0 : kNone)
                << "seed " << seed << " lane " << lane.id;
        }
    }
}

TEST(TownNetwork, LanesJoinWithoutGapOrKink) {
    for (const std::uint64_t seed : kSeeds) {
        const RoadNetwork& roads = town(seed).roads;
        for (const Lane& lane : roads.lanes) {
            if (lane.kind == LaneKind::kDriving) {
                EXPECT_FALSE(lane.successors.empty()) << seed << ' ' << lane.id;
                // Where a street widens, its new lane is entered from its neighbour.
                const bool beside = lane.left != kNone || lane.right != kNone;
                EXPECT_TRUE(beside || !lane.predecessors.empty()) << seed << ' ' << lane.id;
            }
            for (const LaneId id : lane.successors) {
                const LaneSample &end = lane.samples.back(),
                                 &start = roads.lanes[id].samples.front();
                EXPECT_LT(glm::length(end.p - start.p), 0.01) << seed << ' ' << lane.id;
                EXPECT_LT(std::abs(math::wrap_angle(end.heading_rad - start.heading_rad)), 1e-3)
                    << seed << ' ' << lane.id;
                const auto& back = roads.lanes[id].predecessors;
                EXPECT_NE(std::find(back.begin(), back.end(), lane.id), back.end());
            }
        }
    }
}

TEST(TownNetwork, SamplesAreDenseAndAgreeWithTheirHeadings) {
    for (const std::uint64_t seed : kSeeds) {
        for (const Lane& lane : town(seed).roads.lanes) {
            ASSERT_GE(lane.samples.size(), 2U);
            EXPECT_EQ(lane.samples.front().s_m, 0.0);
            EXPECT_EQ(lane.samples.back().s_m, lane.length_m);
            for (std::size_t i = 0; i + 1 < lane.samples.size(); ++i) {
                const LaneSample &a = lane.samples[i], &b = lane.samples[i + 1];
                const double step = b.s_m - a.s_m;
                const math::Vec2 chord = math::xy(b.p) - math::xy(a.p);
                EXPECT_GT(step, 0.0);
                EXPECT_LE(step, 8.0 + 1e-9);
                // A chord deviates from its ends' headings by half the turn between them.
                const double middle =
                    a.heading_rad + 0.5 * math::wrap_angle(b.heading_rad - a.heading_rad);
                const double off = math::wrap_angle(std::atan2(chord.y, chord.x) - middle);
                // Shoulders and parking lanes follow the tapers of their strips.
                if (lane.kind == LaneKind::kDriving) {
                    EXPECT_LT(std::abs(off), 0.02) << seed << ' ' << lane.id << ' ' << i;
                }
                EXPECT_NEAR(glm::length(b.p - a.p), step, 0.02);
            }
        }
    }
}

TEST(TownNetwork, CurvesAreWideEnoughToDrive) {
    for (const std::uint64_t seed : kSeeds) {
        for (const Lane& lane : town(seed).roads.lanes) {
            if (lane.kind != LaneKind::kDriving) continue;
            // Lanes lie up to 7 m inside a middle line of 21 m radius; in junctions the middle line
            // is that of the lane itself.
            const double least_m = lane.in_junction() ? 4.6 : 14.0;
            for (const LaneSample& q : lane.samples) {
                EXPECT_LE(std::abs(q.curvature_per_m) * least_m, 1.0 + 1e-3)
                    << seed << ' ' << lane.id;
            }
        }
    }
}

TEST(TownNetwork, LanesAreWideEnoughForABus) {
    for (const std::uint64_t seed : kSeeds) {
        for (const Lane& lane : town(seed).roads.lanes) {
            if (lane.kind != LaneKind::kDriving) continue;
            for (const LaneSample& q : lane.samples) EXPECT_GE(q.width_m, 2.8) << seed;
        }
    }
}

TEST(TownNetwork, CrossingsHaveThreeOrFourArmsAndEveryTurnHasALane) {
    int crossings = 0;
    for (const std::uint64_t seed : kSeeds) {
        const World& world = town(seed);
        const RoadNetwork& roads = world.roads;
        for (const Junction& junction : roads.junctions) {
            for (const LaneId c : junction.connections) {
                EXPECT_EQ(roads.lanes[c].junction, junction.id);
                for (const LaneSample& q : roads.lanes[c].samples) {
                    EXPECT_LE(glm::length(q.p - junction.centre), junction.radius_m + 1e-6);
                }
            }
            if (world.road_model.junctions[junction.id].name != "Junction") continue;
            ++crossings;
            // Roads that come in and that go out, and which turns between them are driven.
            std::set<std::uint32_t> in, out, arms;
            std::set<std::pair<std::uint32_t, std::uint32_t>> turns;
            for (const LaneId c : junction.connections) {
                const std::uint32_t from = roads.lanes[roads.lanes[c].predecessors[0]].road;
                const std::uint32_t to = roads.lanes[roads.lanes[c].successors[0]].road;
                in.insert(from);
                out.insert(to);
                turns.insert({from, to});
            }
            arms = in;
            arms.insert(out.begin(), out.end());
            EXPECT_GE(arms.size(), 3U) << seed;
            EXPECT_LE(arms.size(), 4U) << seed;
            std::size_t both = 0;
            for (const std::uint32_t road : in) both += out.count(road);
            EXPECT_EQ(turns.size(), in.size() * out.size() - both) << seed << ' ' << junction.id;
        }
    }
    EXPECT_GT(crossings, 200);
}

TEST(TownNetwork, ConflictsAreMutualAndNeverARingOfYields) {
    for (const std::uint64_t seed : kSeeds) {
        const RoadNetwork& roads = town(seed).roads;
        for (const Junction& junction : roads.junctions) {
            for (const LaneId a : junction.connections) {
                for (const Conflict& c : roads.lanes[a].conflicts) {
                    const auto& back = roads.lanes[c.other].conflicts;
                    const auto mirror = std::find_if(
                        back.begin(), back.end(), [&](const Conflict& d) { return d.other == a; });
                    ASSERT_NE(mirror, back.end());
                    EXPECT_FALSE(c.yields && mirror->yields);
                    if (!junction.signalled) {
                        EXPECT_NE(c.yields, mirror->yields);
                    }
                    EXPECT_LE(c.s_begin_m, c.s_end_m);
                    EXPECT_GE(c.s_begin_m, 0.0);
                    EXPECT_LE(c.s_end_m, roads.lanes[a].length_m + 1e-9);
                }
            }
            std::vector<LaneId> open = junction.connections;
            while (!open.empty()) {
                const auto free = std::find_if(open.begin(), open.end(), [&](LaneId a) {
                    const auto& cs = roads.lanes[a].conflicts;
                    return std::none_of(cs.begin(), cs.end(), [&](const Conflict& c) {
                        return c.yields &&
                               std::find(open.begin(), open.end(), c.other) != open.end();
                    });
                });
                ASSERT_NE(free, open.end()) << "seed " << seed << " junction " << junction.id;
                open.erase(free);
            }
        }
    }
}

TEST(TownSignals, NothingThatMeetsIsGreenTogether) {
    int signalled = 0;
    for (const std::uint64_t seed : kSeeds) {
        const RoadNetwork& roads = town(seed).roads;
        for (const auto& found : engine::road::conflicting_greens(roads)) {
            ADD_FAILURE() << seed << ": " << found.reason << ' ' << found.a << ' ' << found.b;
        }
        signalled += static_cast<int>(roads.programs.size());
    }
    EXPECT_GT(signalled, 50);
}

// The same looked at over time, by the aspects that drivers see.
TEST(TownSignals, ConflictingGreensOnlyWhereATurnAcrossYields) {
    for (const std::uint64_t seed : kSeeds) {
        const RoadNetwork& roads = town(seed).roads;
        const Turn across = roads.left_hand ? Turn::kRight : Turn::kLeft;
        std::vector<Aspect> aspects;
        const auto moving = [&](const Lane& lane) {
            if (lane.signal_group == kNone) return false;
            const Aspect aspect = aspects[lane.signal_group];
            return aspect == Aspect::kGreen || aspect == Aspect::kYellow;
        };
        for (int second = 0; second < 150; ++second) {
            engine::road::signal_aspects(roads, second * 1'000'000LL + 500'000, aspects);
            for (const Junction& junction : roads.junctions) {
                if (!junction.signalled) continue;
                for (const LaneId id : junction.connections) {
                    const Lane& lane = roads.lanes[id];
                    if (!moving(lane)) continue;
                    for (const Conflict& c : lane.conflicts) {
                        const Lane& other = roads.lanes[c.other];
                        if (!moving(other)) continue;
                        // Lanes of one entry that go on side by side do not cross.
                        if (roads.lanes[lane.predecessors[0]].road ==
                            roads.lanes[other.predecessors[0]].road) {
                            continue;
                        }
                        EXPECT_TRUE(lane.turn == across || other.turn == across)
                            << seed << ' ' << id << ' ' << c.other;
                        if (c.yields) {
                            EXPECT_EQ(lane.turn, across) << seed << ' ' << id << ' ' << c.other;
                        }
                    }
                }
            }
        }
    }
}

TEST(TownSignals, PeopleNeverWalkBeforeTrafficThatGoesStraight) {
    int walks = 0;
    for (const std::uint64_t seed : kSeeds) {
        const RoadNetwork& roads = town(seed).roads;
        std::vector<Aspect> aspects;
        for (int half_second = 0; half_second < 240; ++half_second) {
            engine::road::signal_aspects(roads, half_second * 500'000LL, aspects);
            for (const Crossing& crossing : roads.crossings) {
                if (crossing.signal_group == kNone) continue;
                ASSERT_TRUE(roads.signal_groups[crossing.signal_group].for_pedestrians);
                if (aspects[crossing.signal_group] != Aspect::kGreen) continue;
                ++walks;
                // No lane that ends at this crossing's junction may enter from it.
                for (const auto& span : crossing.lanes) {
                    if (roads.lanes[span.lane].kind != LaneKind::kDriving) continue;
                    for (const LaneId next : roads.lanes[span.lane].successors) {
                        const Lane& connection = roads.lanes[next];
                        if (span.s_end_m < roads.lanes[span.lane].length_m - 2.0) continue;
                        ASSERT_NE(connection.signal_group, kNone);
                        const Aspect aspect = aspects[connection.signal_group];
                        EXPECT_TRUE(aspect == Aspect::kRed) << seed << ' ' << next;
                    }
                }
            }
        }
    }
    EXPECT_GT(walks, 1000);
}

TEST(TownSignals, PeopleClearTheCrossingBeforeItsTrafficStarts) {
    for (const std::uint64_t seed : kSeeds) {
        const RoadNetwork& roads = town(seed).roads;
        // Groups that enter from under each crossing.
        std::vector<std::set<SignalGroupId>> vehicles(roads.crossings.size());
        for (const Crossing& crossing : roads.crossings) {
            if (crossing.signal_group == kNone) continue;
            for (const auto& span : crossing.lanes) {
                if (span.s_end_m < roads.lanes[span.lane].length_m - 2.0) continue;
                if (roads.lanes[span.lane].kind != LaneKind::kDriving) continue;
                for (const LaneId next : roads.lanes[span.lane].successors) {
                    vehicles[crossing.id].insert(roads.lanes[next].signal_group);
                }
            }
        }
        std::vector<double> last_walk_s(roads.crossings.size(), -1);
        std::vector<Aspect> aspects;
        for (int tenth = 0; tenth < 2400; ++tenth) {
            engine::road::signal_aspects(roads, tenth * 100'000LL, aspects);
            for (const Crossing& crossing : roads.crossings) {
                if (crossing.signal_group == kNone) continue;
                double& last = last_walk_s[crossing.id];
                if (aspects[crossing.signal_group] == Aspect::kGreen) last = 0.1 * tenth;
                for (const SignalGroupId group : vehicles[crossing.id]) {
                    if (aspects[group] != Aspect::kGreen || last < 0) continue;
                    // At 1.2 m/s from kerb to kerb; times are looked at each 0.1 s.
                    const double way_m = glm::length(crossing.a - crossing.b);
                    EXPECT_GE(0.1 * tenth - last, way_m / 1.2 - 0.2)
                        << "seed " << seed << " crossing " << crossing.id;
                    last = -1;
                }
            }
        }
    }
}

TEST(TownSignals, EveryHeadIsSeenAndGovernsItsGroup) {
    for (const std::uint64_t seed : kSeeds) {
        const World& world = town(seed);
        std::vector<int> heads(world.roads.lanes.size(), 0);
        for (const SignalHead& head : world.roads.signal_heads) {
            EXPECT_GE(head.object, kFirstStaticObject);
            for (const LaneId id : head.governs) {
                const Lane& lane = world.roads.lanes[id];
                EXPECT_EQ(lane.signal_group, head.group);
                ++heads[id];
                // It shines against the traffic that waits at the stop line, from ahead of it or
                // from beside it.
                const LaneSample stop =
                    engine::road::lane_at(world.roads.lanes[lane.predecessors[0]], lane.stop_s_m);
                const math::Vec2 way = math::direction(stop.heading_rad);
                EXPECT_LT(glm::dot(way, math::direction(head.heading_rad)), -0.6)
                    << "seed " << seed << " lane " << id;
                EXPECT_GT(glm::dot(way, math::xy(head.p - stop.p)), -0.01)
                    << "seed " << seed << " lane " << id;
            }
        }
        for (const Lane& lane : world.roads.lanes) {
            if (lane.signal_group != kNone) {
                EXPECT_GE(heads[lane.id], 1) << seed << ' ' << lane.id;
            }
        }
    }
}

TEST(TownCrossings, StopLinesLieBeforeTheCrossing) {
    for (const std::uint64_t seed : kSeeds) {
        const RoadNetwork& roads = town(seed).roads;
        for (const Lane& lane : roads.lanes) {
            if (!lane.in_junction() || lane.kind != LaneKind::kDriving) continue;
            const Lane& before = roads.lanes[lane.predecessors[0]];
            EXPECT_GE(lane.stop_s_m, 0.0);
            EXPECT_LE(lane.stop_s_m, before.length_m);
            for (const Crossing& crossing : roads.crossings) {
                for (const auto& span : crossing.lanes) {
                    // Crossings near the lane's end; those in its middle have no stop line.
                    if (span.lane != before.id || span.s_end_m < before.length_m - 2.0) continue;
                    EXPECT_LE(lane.stop_s_m, span.s_begin_m - 0.9) << seed << ' ' << lane.id;
                }
            }
        }
    }
}

TEST(TownCrossings, EveryCrossingRunsOverAllLanesOfItsStreet) {
    for (const std::uint64_t seed : kSeeds) {
        const RoadNetwork& roads = town(seed).roads;
        EXPECT_GT(roads.crossings.size(), 5U);
        for (const Crossing& crossing : roads.crossings) {
            std::set<LaneId> crossed;
            for (const auto& span : crossing.lanes) {
                crossed.insert(span.lane);
                const Lane& lane = roads.lanes[span.lane];
                const LaneSample q =
                    engine::road::lane_at(lane, 0.5 * (span.s_begin_m + span.s_end_m));
                const auto hit = math::closest_on_segment(math::xy(q.p), math::xy(crossing.a),
                                                          math::xy(crossing.b));
                EXPECT_LT(hit.distance_m, 0.1) << seed;
                // A square crossing of a straight lane is as long as it is wide.
                if (lane.kind == LaneKind::kDriving) {
                    EXPECT_NEAR(span.s_end_m - span.s_begin_m, crossing.width_m, 0.1) << seed;
                }
            }
            // Walking from kerb to kerb meets no other lane on the way.
            const math::Vec3 way = crossing.b - crossing.a;
            for (const Lane& lane : roads.lanes) {
                if (lane.kind != LaneKind::kDriving || crossed.count(lane.id) != 0) continue;
                for (std::size_t i = 0; i + 1 < lane.samples.size(); ++i) {
                    const math::Vec3 &p = lane.samples[i].p, &q = lane.samples[i + 1].p;
                    if (std::abs(p.z - crossing.a.z) > 3) continue;
                    EXPECT_FALSE(math::segment_crossing(math::xy(crossing.a),
                                                        math::xy(crossing.a + way), math::xy(p),
                                                        math::xy(q))
                                     .has_value())
                        << seed << " lane " << lane.id << " crossing " << crossing.id;
                }
            }
            EXPECT_EQ(roads.walkways[crossing.walkway].crossing, crossing.id);
        }
    }
}

TEST(TownWalks, PavementsAndCrossingsAreOneGraph) {
    for (const std::uint64_t seed : kSeeds) {
        const RoadNetwork& roads = town(seed).roads;
        std::set<std::uint32_t> seen{0};
        std::vector<std::uint32_t> open{0};
        while (!open.empty()) {
            const std::uint32_t at = open.back();
            open.pop_back();
            for (const WalkwayId id : roads.walk_nodes[at].walkways) {
                const Walkway& walkway = roads.walkways[id];
                for (const std::uint32_t to : {walkway.from, walkway.to}) {
                    if (seen.insert(to).second) open.push_back(to);
                }
            }
        }
        EXPECT_EQ(seen.size(), roads.walk_nodes.size()) << "seed " << seed;
        for (const Walkway& walkway : roads.walkways) {
            EXPECT_LT(glm::length(walkway.points.front() - roads.walk_nodes[walkway.from].p), 0.01);
            EXPECT_LT(glm::length(walkway.points.back() - roads.walk_nodes[walkway.to].p), 0.01);
        }
    }
}

}  // namespace
}  // namespace huntsman::scenarios::town
