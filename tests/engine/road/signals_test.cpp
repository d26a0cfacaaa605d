#include "engine/road/signals.h"

#include <gtest/gtest.h>

#include <limits>

#include "engine/road/conflicts.h"
#include "tests/support/networks.h"

namespace huntsman::engine::road {
namespace {

using world::Aspect;
using world::Lane;
using world::LaneId;

std::vector<Aspect> at(const world::RoadNetwork& network, double time_s) {
    std::vector<Aspect> aspects;
    signal_aspects(network, core::from_seconds(time_s), aspects);
    return aspects;
}

TEST(Signals, CycleByHand) {
    const auto network = tests::four_way(true);
    using enum Aspect;
    EXPECT_EQ(at(network, 0), (std::vector{kGreen, kRed}));
    EXPECT_EQ(at(network, 24.999), (std::vector{kGreen, kRed}));
    EXPECT_EQ(at(network, 25), (std::vector{kYellow, kRed}));
    EXPECT_EQ(at(network, 28.5), (std::vector{kRed, kRed}));
    EXPECT_EQ(at(network, 29.5), (std::vector{kRed, kRedYellow}));
    EXPECT_EQ(at(network, 31), (std::vector{kRed, kGreen}));
    EXPECT_EQ(at(network, 56), (std::vector{kRed, kYellow}));
    EXPECT_EQ(at(network, 59.5), (std::vector{kRedYellow, kRed}));
    EXPECT_EQ(at(network, 60 * 1000 + 31), at(network, 31));
}

TEST(Signals, OffsetShiftsTheCycle) {
    auto network = tests::four_way(true);
    network.programs[0].offset_us = 30 * core::kMicrosPerSecond;
    EXPECT_EQ(at(network, 0), (std::vector{Aspect::kRed, Aspect::kGreen}));
    EXPECT_EQ(at(network, 30), (std::vector{Aspect::kGreen, Aspect::kRed}));
}

TEST(Signals, TimeToChangeSpansPhasesOfOneAspect) {
    const auto network = tests::four_way(true);
    EXPECT_NEAR(time_to_change_s(network, 0, core::from_seconds(10)), 15, 1e-9);
    EXPECT_NEAR(time_to_change_s(network, 0, core::from_seconds(28)), 31, 1e-9);
    EXPECT_NEAR(time_to_change_s(network, 1, core::from_seconds(58)), 31, 1e-9);
}

TEST(Signals, GroupWithoutProgrammeIsOffForEver) {
    auto network = tests::four_way(true);
    network.signal_groups.push_back({});
    network.signal_groups.back().program = world::kNone;
    EXPECT_EQ(at(network, 3)[2], Aspect::kOff);
    EXPECT_EQ(time_to_change_s(network, 2, 0), std::numeric_limits<double>::infinity());
}

// Conflict of a connection with another, or nullptr.
const world::Conflict* conflict(const world::RoadNetwork& network, LaneId a, LaneId b) {
    for (const auto& c : network.lanes[a].conflicts) {
        if (c.other == b) return &c;
    }
    return nullptr;
}

constexpr LaneId connection(unsigned arm, unsigned k) { return 8 + 3 * arm + k; }

TEST(Conflicts, StraightsCrossWhereTheyShouldAndParallelOnesDoNot) {
    const auto network = tests::four_way(false);
    // From the west at y = -1.75 and from the south at x = 1.75: they meet 13.75 m and 10.25 m in,
    // within 2.8 m of each other.
    const auto* c = conflict(network, connection(2, 1), connection(3, 1));
    ASSERT_NE(c, nullptr);
    EXPECT_NEAR(0.5 * (c->s_begin_m + c->s_end_m), 13.75, 0.3);
    EXPECT_NEAR(0.5 * (c->other_s_begin_m + c->other_s_end_m), 10.25, 0.3);
    EXPECT_NEAR(c->s_end_m - c->s_begin_m, 2 * 2.8, 1.1);
    EXPECT_EQ(conflict(network, connection(2, 1), connection(0, 1)), nullptr);
    // From one entry nothing conflicts.
    EXPECT_EQ(conflict(network, connection(2, 1), connection(2, 2)), nullptr);
}

TEST(Conflicts, MinorRoadYieldsAndLeftTurnYieldsToOncoming) {
    const auto network = tests::four_way(false);
    EXPECT_TRUE(conflict(network, connection(3, 1), connection(2, 1))->yields);
    EXPECT_FALSE(conflict(network, connection(2, 1), connection(3, 1))->yields);
    EXPECT_TRUE(conflict(network, connection(2, 2), connection(0, 1))->yields);
    EXPECT_FALSE(conflict(network, connection(0, 1), connection(2, 2))->yields);
}

TEST(Conflicts, SignalsSeparateCrossingRoads) {
    const auto network = tests::four_way(true);
    EXPECT_FALSE(conflict(network, connection(3, 1), connection(2, 1))->yields);
    EXPECT_FALSE(conflict(network, connection(2, 1), connection(3, 1))->yields);
    EXPECT_TRUE(conflict(network, connection(2, 2), connection(0, 1))->yields);
    // Left and right turn into one lane: the left turn waits.
    EXPECT_TRUE(conflict(network, connection(2, 2), connection(0, 0))->yields);
    EXPECT_FALSE(conflict(network, connection(0, 0), connection(2, 2))->yields);
}

TEST(Conflicts, RightBeforeLeftWhereNothingElseRules) {
    auto network = tests::four_way(false);
    for (Lane& lane : network.lanes) lane.control = world::Control::kUncontrolled;
    // Without the arm in the east nobody comes from the right of the south: it goes before the
    // west, whose right it is.
    auto& junction = network.junctions[0];
    std::erase(junction.entries, LaneId{0});
    std::erase_if(junction.connections, [](LaneId id) { return id >= 8 && id < 11; });
    compute_conflicts(network, 0);
    EXPECT_TRUE(conflict(network, connection(2, 1), connection(3, 1))->yields);
    EXPECT_TRUE(conflict(network, connection(1, 1), connection(2, 1))->yields);
}

TEST(Conflicts, ExactlyOneYieldsAndNoRingOfYields) {
    for (const bool all_equal : {false, true}) {
        auto network = tests::four_way(false);
        if (all_equal) {
            for (Lane& lane : network.lanes) lane.control = world::Control::kUncontrolled;
            compute_conflicts(network, 0);
        }
        // Remove those that yield to nobody left, until none is left.
        std::vector<LaneId> open = network.junctions[0].connections;
        const std::vector<LaneId> all = open;
        while (!open.empty()) {
            const auto free = std::find_if(open.begin(), open.end(), [&](LaneId a) {
                return std::none_of(open.begin(), open.end(), [&](LaneId b) {
                    const auto* c = conflict(network, a, b);
                    return c != nullptr && c->yields;
                });
            });
            ASSERT_NE(free, open.end()) << "a ring of yields among " << open.size();
            open.erase(free);
        }
        for (const LaneId a : all) {
            for (const auto& c : network.lanes[a].conflicts) {
                EXPECT_NE(c.yields, conflict(network, c.other, a)->yields);
            }
        }
    }
}

}  // namespace
}  // namespace huntsman::engine::road
