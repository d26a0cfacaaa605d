#include <algorithm>
#include <set>

#include "engine/math/geometry.h"
#include "engine/road/conflicts.h"
#include "engine/road/lane_curve.h"
#include "engine/road/signals.h"
#include "tests/scenarios/town/towns.h"

namespace huntsman::scenarios::town {
namespace {

namespace math = engine::math;
using namespace engine::world;

TEST(TownNetwork, EveryLaneReachesEveryOther) {
    for (const std::uint64_t seed : kSeeds) {
        const RoadNetwork& roads = town(seed).roads;
        // From lane 0 forwards, and to lane 0 backwards, over successors and lane changes.
        for (const bool forward : {true, false}) {
            std::vector<std::vector<LaneId>> edges(roads.lanes.size());
            for (const Lane& lane : roads.lanes) {
                std::vector<LaneId> next = lane.successors;
                if (lane.left != kNone) next.push_back(lane.left);
                if (lane.right != kNone) next.push_back(lane.right);
                for (const LaneId to : next) {
                    edges[forward ? lane.id : to].push_back(forward ? to : lane.id);
                }
            }
            std::set<LaneId> seen{0};
            std::vector<LaneId> open{0};
            while (!open.empty()) {
                const LaneId at = open.back();
                open.pop_back();
                for (const LaneId to : edges[at]) {
                    if (seen.insert(to).second) open.push_back(to);
                }
            }
            EXPECT_EQ(seen.size(), roads.lanes.size()) << "seed " << seed;
        }
    }
}

TEST(TownNetwork, LanesJoinWithoutGapOrKink) {
    for (const std::uint64_t seed : kSeeds) {
        const RoadNetwork& roads = town(seed).roads;
        for (const Lane& lane : roads.lanes) {
            ASSERT_FALSE(lane.successors.empty());
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
                const bool bent = a.curvature_per_m != 0 && b.curvature_per_m != 0;
                EXPECT_LE(step,
                          bent ? 1.2 : 5.0 + 1e-9);  // outer lanes of a bend stretch by 1 - k·t
                // A chord deviates from its ends' headings by half the turn between them.
                const double middle =
                    a.heading_rad + 0.5 * math::wrap_angle(b.heading_rad - a.heading_rad);
                const double off = math::wrap_angle(std::atan2(chord.y, chord.x) - middle);
                EXPECT_LT(std::abs(off), 0.02) << seed << ' ' << lane.id << ' ' << i;
                EXPECT_NEAR(glm::length(chord), step, 0.01);
            }
        }
    }
}

TEST(TownNetwork, CurvesAreWideEnoughToDrive) {
    for (const std::uint64_t seed : kSeeds) {
        for (const Lane& lane : town(seed).roads.lanes) {
            // Lanes of streets lie up to 7 m inside a centre line of 25 m radius.
            const double least_m = lane.in_junction() ? 5.5 : 17.0;
            for (const LaneSample& q : lane.samples) {
                EXPECT_LE(std::abs(q.curvature_per_m) * least_m, 1.0 + 1e-9)
                    << seed << ' ' << lane.id;
            }
        }
    }
}

TEST(TownNetwork, JunctionsHaveThreeOrFourArmsAndEveryTurnHasALane) {
    for (const std::uint64_t seed : kSeeds) {
        const RoadNetwork& roads = town(seed).roads;
        for (const Junction& junction : roads.junctions) {
            std::set<std::uint32_t> arms;
            for (const LaneId in : junction.entries) arms.insert(roads.lanes[in].road);
            // A street may join a junction to itself no more than twice as entry.
            EXPECT_GE(arms.size(), 3U);
            EXPECT_LE(arms.size(), 4U);
            std::set<std::pair<std::uint32_t, std::uint32_t>> turns;
            for (const LaneId c : junction.connections) {
                EXPECT_EQ(roads.lanes[c].junction, junction.id);
                turns.insert({roads.lanes[roads.lanes[c].predecessors[0]].road,
                              roads.lanes[roads.lanes[c].successors[0]].road});
                for (const LaneSample& q : roads.lanes[c].samples) {
                    EXPECT_LE(glm::length(q.p - junction.centre), junction.radius_m + 1e-6);
                }
            }
            EXPECT_EQ(turns.size(), arms.size() * (arms.size() - 1));
        }
    }
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
                    EXPECT_EQ(c.s_begin_m, mirror->other_s_begin_m);
                    EXPECT_LE(c.s_begin_m, c.s_end_m);
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

TEST(TownSignals, ConflictingGreensOnlyWhereALeftTurnYields) {
    for (const std::uint64_t seed : kSeeds) {
        const RoadNetwork& roads = town(seed).roads;
        std::vector<Aspect> aspects;
        const auto moving = [&](const Lane& lane) {
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
                        EXPECT_TRUE(lane.turn == Turn::kLeft || other.turn == Turn::kLeft)
                            << seed << ' ' << id << ' ' << c.other;
                        if (c.yields) {
                            EXPECT_EQ(lane.turn, Turn::kLeft);
                        }
                    }
                }
            }
        }
    }
}

TEST(TownSignals, PeopleNeverWalkBeforeTrafficThatGoesStraight) {
    for (const std::uint64_t seed : kSeeds) {
        const RoadNetwork& roads = town(seed).roads;
        std::vector<Aspect> aspects;
        for (int half_second = 0; half_second < 240; ++half_second) {
            engine::road::signal_aspects(roads, half_second * 500'000LL, aspects);
            for (const Crossing& crossing : roads.crossings) {
                if (crossing.signal_group == kNone) continue;
                ASSERT_TRUE(roads.signal_groups[crossing.signal_group].for_pedestrians);
                if (aspects[crossing.signal_group] != Aspect::kGreen) continue;
                // No lane that ends at this crossing's junction may enter from it.
                for (const auto& span : crossing.lanes) {
                    for (const LaneId next : roads.lanes[span.lane].successors) {
                        const Lane& connection = roads.lanes[next];
                        if (span.s_end_m < roads.lanes[span.lane].length_m - 2.0) continue;
                        EXPECT_EQ(aspects[connection.signal_group], Aspect::kRed);
                    }
                }
            }
        }
    }
}

TEST(TownSignals, PeopleClearTheCrossingBeforeItsTrafficStarts) {
    for (const std::uint64_t seed : kSeeds) {
        const RoadNetwork& roads = town(seed).roads;
        std::vector<Aspect> aspects;
        for (const Crossing& crossing : roads.crossings) {
            if (crossing.signal_group == kNone) continue;
            // The last moment of walking green, then the first green of the vehicles that cross.
            const SignalGroupId vehicles = crossing.signal_group - 2;
            double last_walk = -1;
            for (int tenth = 0; tenth < 2400; ++tenth) {
                engine::road::signal_aspects(roads, tenth * 100'000LL, aspects);
                if (aspects[crossing.signal_group] == Aspect::kGreen) last_walk = 0.1 * tenth;
                if (aspects[vehicles] == Aspect::kGreen && last_walk >= 0) {
                    const double width = glm::length(crossing.a - crossing.b);
                    EXPECT_GE(0.1 * tenth - last_walk, width / 1.2 - 0.2) << "seed " << seed;
                    last_walk = -1;
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
                // It shines against the traffic that waits at the stop line, from ahead of it.
                const LaneSample stop =
                    engine::road::lane_at(world.roads.lanes[lane.predecessors[0]], lane.stop_s_m);
                const math::Vec2 way = math::direction(stop.heading_rad);
                EXPECT_LT(glm::dot(way, math::direction(head.heading_rad)), -0.6);
                EXPECT_GT(glm::dot(way, math::xy(head.p - stop.p)), 0.1);
            }
        }
        for (const Lane& lane : world.roads.lanes) {
            if (lane.signal_group != kNone) {
                EXPECT_GE(heads[lane.id], 2) << seed << ' ' << lane.id;
            }
        }
    }
}

TEST(TownCrossings, StopLinesLieBeforeTheCrossing) {
    for (const std::uint64_t seed : kSeeds) {
        const RoadNetwork& roads = town(seed).roads;
        for (const Lane& lane : roads.lanes) {
            if (!lane.in_junction()) continue;
            const Lane& before = roads.lanes[lane.predecessors[0]];
            EXPECT_GT(lane.stop_s_m, 0.0);
            EXPECT_LT(lane.stop_s_m, before.length_m);
            for (const Crossing& crossing : roads.crossings) {
                for (const auto& span : crossing.lanes) {
                    // Crossings near the lane's end; those in its middle have no stop line.
                    if (span.lane != before.id || span.s_end_m < before.length_m - 2.0) continue;
                    EXPECT_LE(lane.stop_s_m, span.s_begin_m - 0.9);
                    EXPECT_GE(lane.stop_s_m, span.s_begin_m - 1.5);
                }
            }
        }
    }
}

TEST(TownCrossings, EveryCrossingRunsOverAllLanesOfItsStreet) {
    for (const std::uint64_t seed : kSeeds) {
        const RoadNetwork& roads = town(seed).roads;
        for (const Crossing& crossing : roads.crossings) {
            EXPECT_GE(crossing.lanes.size(), 2U);
            for (const auto& span : crossing.lanes) {
                EXPECT_NEAR(span.s_end_m - span.s_begin_m, crossing.width_m, 0.05);
                const LaneSample q = engine::road::lane_at(roads.lanes[span.lane],
                                                           0.5 * (span.s_begin_m + span.s_end_m));
                const auto hit = math::closest_on_segment(math::xy(q.p), math::xy(crossing.a),
                                                          math::xy(crossing.b));
                EXPECT_LT(hit.distance_m, 0.1);
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
