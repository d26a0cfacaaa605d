#include "bridge/trace/osi/lanes.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "bridge/trace/osi/boundaries.h"
#include "bridge/trace/osi/convert.h"
#include "engine/road/compile.h"
#include "tests/support/networks.h"
#include "tests/support/road_models.h"

namespace huntsman::bridge::trace::osi {
namespace {

using engine::world::World;
using Lane = osi3::Lane::Classification;
using Boundary = osi3::LaneBoundary;

World model_world(engine::world::RoadModel model) {
    World world;
    world.road_model = std::move(model);
    const engine::road::RoadGeometry geometry(world.road_model);
    world.roads = engine::road::compile(world.road_model, geometry, {});
    return world;
}
osi3::GroundTruth lanes_of(const World& world) {
    osi3::GroundTruth truth;
    add_lanes(world, truth);
    return truth;
}

TEST(OsiLanes, JunctionIsOneLaneWithTwelveWays) {
    World world;
    world.roads = tests::four_way(false);
    const auto truth = lanes_of(world);
    // Four arms of two lanes, and the junction.
    ASSERT_EQ(truth.lane_size(), 9);
    const auto& junction = truth.lane(8).classification();
    EXPECT_EQ(junction.type(), Lane::TYPE_INTERSECTION);
    EXPECT_EQ(junction.centerline_size(), 0);
    EXPECT_EQ(junction.lane_pairing_size(), 12);
    EXPECT_GE(junction.free_lane_boundary_id_size(), 4);
    // A lane that comes in has one successor, the junction.
    const auto& in = truth.lane(0).classification();
    ASSERT_EQ(in.lane_pairing_size(), 1);
    EXPECT_EQ(in.lane_pairing(0).successor_lane_id().value(), truth.lane(8).id().value());
    EXPECT_FALSE(in.lane_pairing(0).has_antecessor_lane_id());
}

TEST(OsiLanes, IdsAreUniqueAndReferencesLead) {
    const World world = model_world(tests::four_way_model());
    const auto truth = lanes_of(world);
    std::set<std::uint64_t> lanes, boundaries;
    for (const auto& lane : truth.lane()) EXPECT_TRUE(lanes.insert(lane.id().value()).second);
    for (const auto& each : truth.lane_boundary()) {
        EXPECT_TRUE(boundaries.insert(each.id().value()).second);
        EXPECT_GE(each.boundary_line_size(), 2);
        EXPECT_NE(each.classification().type(), Boundary::Classification::TYPE_UNKNOWN);
    }
    for (const auto& lane : truth.lane()) {
        const auto& c = lane.classification();
        for (const auto& pair : c.lane_pairing()) {
            EXPECT_TRUE(!pair.has_antecessor_lane_id() ||
                        lanes.count(pair.antecessor_lane_id().value()));
            EXPECT_TRUE(!pair.has_successor_lane_id() ||
                        lanes.count(pair.successor_lane_id().value()));
        }
        for (const auto* ids : {&c.left_lane_boundary_id(), &c.right_lane_boundary_id(),
                                &c.free_lane_boundary_id()}) {
            for (const auto& id : *ids) EXPECT_TRUE(boundaries.count(id.value()));
        }
    }
}

// The junction's boundaries keep to its outside: none crosses the middle.
TEST(OsiLanes, JunctionsBoundariesLieOutside) {
    World world;
    world.roads = tests::four_way(false);
    const auto truth = lanes_of(world);
    std::set<std::uint64_t> free;
    for (const auto& id : truth.lane(8).classification().free_lane_boundary_id()) {
        free.insert(id.value());
    }
    for (const auto& boundary : truth.lane_boundary()) {
        if (!free.count(boundary.id().value())) continue;
        for (const auto& point : boundary.boundary_line()) {
            EXPECT_GT(std::hypot(point.position().x(), point.position().y()), 3.4);
        }
    }
}

TEST(OsiLanes, NeighboursOfBothDirectionsAreAdjacent) {
    const World world = model_world(tests::straight_model(100, 2));
    const auto truth = lanes_of(world);
    ASSERT_EQ(truth.lane_size(), 4);
    std::map<int, const osi3::Lane*> by_model;
    std::map<std::uint64_t, int> model_of;
    for (int i = 0; i < 4; ++i) {
        const auto& lane = world.roads.lanes[static_cast<std::size_t>(i)];
        by_model[lane.model_lane] = &truth.lane(i);
        model_of[truth.lane(i).id().value()] = lane.model_lane;
    }
    const auto& inner = by_model.at(-1)->classification();
    ASSERT_EQ(inner.left_adjacent_lane_id_size(), 1);
    EXPECT_EQ(model_of.at(inner.left_adjacent_lane_id(0).value()), 1);  // the other direction
    ASSERT_EQ(inner.right_adjacent_lane_id_size(), 1);
    EXPECT_EQ(model_of.at(inner.right_adjacent_lane_id(0).value()), -2);
    const auto& other = by_model.at(2)->classification();
    ASSERT_EQ(other.left_adjacent_lane_id_size(), 1);
    EXPECT_EQ(model_of.at(other.left_adjacent_lane_id(0).value()), 1);
    EXPECT_EQ(other.right_adjacent_lane_id_size(), 0);
}

// Broken marks of towns: 3 m of paint every 9 m, from the road's start on both sides of the road.
TEST(OsiLanes, DashesAreWhereTheyArePainted) {
    const World world = model_world(tests::straight_model(100, 2));
    for (const auto& lane : world.roads.lanes) {
        const bool along = lane.model_lane < 0;
        if (std::abs(lane.model_lane) != 2) continue;
        Boundary boundary;
        set_boundary(&boundary, world, lane, true);
        ASSERT_EQ(boundary.classification().type(), Boundary::Classification::TYPE_DASHED_LINE);
        std::vector<double> starts, ends;
        for (const auto& point : boundary.boundary_line()) {
            EXPECT_NE(point.dash(), Boundary::BoundaryPoint::DASH_UNKNOWN);
            if (point.dash() == Boundary::BoundaryPoint::DASH_START) {
                starts.push_back(point.position().x());
            }
            if (point.dash() == Boundary::BoundaryPoint::DASH_END) {
                ends.push_back(point.position().x());
            }
        }
        ASSERT_EQ(starts.size(), 12U);
        ASSERT_EQ(ends.size(), 12U);
        for (std::size_t i = 0; i < 12; ++i) {
            const double k = static_cast<double>(along ? i : 11 - i);
            EXPECT_NEAR(starts[i], std::min(100.0, 9 * k + (along ? 0 : 3)), 1e-6);
            EXPECT_NEAR(ends[i], std::min(100.0, 9 * k + (along ? 3 : 0)), 1e-6);
        }
    }
}

// Of a double line each lane has the stripe on its own side.
TEST(OsiLanes, DoubleLinesAreDifferentFromBothSides) {
    auto model = tests::straight_model(100, 2);
    for (auto& lane : model.roads[0].sections[0].lanes) {
        // From the inside to the outside: lane 1 may not cross it, lane 2 may.
        if (lane.id == 1) {
            lane.marks.assign(1, {.type = engine::world::MarkType::kSolidBroken});
        }
    }
    const World world = model_world(std::move(model));
    for (const auto& lane : world.roads.lanes) {
        if (lane.model_lane != 1 && lane.model_lane != 2) continue;
        Boundary boundary;
        // The border between the two is on the right of lane 1, which is the inner one.
        set_boundary(&boundary, world, lane, lane.model_lane == 2);
        EXPECT_EQ(boundary.classification().type(),
                  lane.model_lane == 1 ? Boundary::Classification::TYPE_SOLID_LINE
                                       : Boundary::Classification::TYPE_DASHED_LINE);
    }
}

TEST(OsiLanes, PavementsBesideALaneMakeItsBorderAKerb) {
    const World world = model_world(tests::four_way_model());
    for (const auto& lane : world.roads.lanes) {
        if (lane.in_junction()) continue;
        Boundary boundary;
        set_boundary(&boundary, world, lane, false);
        ASSERT_EQ(boundary.classification().type(), Boundary::Classification::TYPE_CURB);
        EXPECT_NEAR(boundary.boundary_line(0).height(), 0.12, 1e-12);
    }
}

}  // namespace
}  // namespace huntsman::bridge::trace::osi
