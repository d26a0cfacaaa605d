// Where a map ends, traffic leaves and other traffic comes in.
#include "agents/population/edges.h"

#include "engine/core/hash.h"
#include "tests/agents/traffic/rig.h"

namespace huntsman::agents::traffic {

using population::Edges;

namespace {

// An ego that stands on the eastbound lane of a straight road, and four cars.
struct Road {
    Rig rig;

    explicit Road(double length_m, double ego_s_m) : rig(tests::straight_road(length_m)) {
        rig.open_edges = true;
        world::Spawn ego;
        ego.id = world::kEgo;
        ego.archetype = kCarKind;
        const auto place = rig.map->at(0, ego_s_m);
        ego.X_WB = math::upright(place.p - math::Vec3(0, 6, 0), place.heading_rad);  // off the lane
        ego.lane = 0;
        ego.lane_s_m = ego_s_m;
        rig.world.spawns.push_back(ego);
        for (const auto& [lane, s_m] :
             {std::pair(0U, 100.0), {0U, 200.0}, {1U, 150.0}, {1U, 250.0}}) {
            rig.add_car(lane, s_m, 10.0);
            rig.world.spawns.back().id = static_cast<world::ActorId>(rig.world.spawns.size());
        }
        rig.start();
    }
};

TEST(Edges, AreWhereALaneAndItsNeighboursEnd) {
    auto roads = tests::two_lane_one_way(200);
    EXPECT_TRUE(leaves_map(roads, 0));
    EXPECT_TRUE(leaves_map(roads, 1));
    // The left lane goes on: the right one is a lane that closes.
    roads.lanes[1].successors = {0};
    EXPECT_FALSE(leaves_map(roads, 0));
    EXPECT_FALSE(leaves_map(roads, 1));
}

TEST(Edges, TrafficLeavesAndAsMuchComesInOutOfSight) {
    Road road(400, 20);
    std::size_t fewest = 99;
    world::ActorId newest = 5;
    bool stood_at_the_end = false;
    for (int i = 0; i < 180 * 200; ++i) {
        road.rig.step();
        const auto& actors = road.rig.state.actors;
        fewest = std::min(fewest, actors.size());
        EXPECT_LE(actors.size(), 5U);
        for (const auto& actor : actors) {
            if (actor.id <= newest) {
                stood_at_the_end =
                    stood_at_the_end || (actor.id != world::kEgo && actor.mind.waited_s() > 5.0);
                continue;
            }
            newest = actor.id;
            // It came in at a road's beginning, farther away than one sees.
            EXPECT_GE(glm::length(actor.X_WB.p - actors.front().X_WB.p),
                      population::Sight::kVehicle_m);
            EXPECT_LT(actor.mind.driver().lane_s_m, 5.0);
        }
    }
    EXPECT_LT(fewest, 5U);       // they left
    EXPECT_GT(newest, 5U + 4U);  // and others came, more than once
    EXPECT_FALSE(stood_at_the_end);
    EXPECT_TRUE(road.rig.state.contacts.empty());
}

TEST(Edges, NobodyComesInBeforeTheEgosEyesUnlessSomethingTallStandsBetween) {
    for (const bool hidden : {false, true}) {
        // All of the road is within sight of its middle.
        Road road(200, 100);
        if (hidden) {
            world::StaticObject house;
            house.id = world::kFirstStaticObject;
            house.X_WB = math::upright({150, 0, 0}, 0);
            house.extent = {4, 4, 30, 6};
            house.collides = false;
            road.rig.world.objects = {house};
            road.rig.start();
        }
        for (int i = 0; i < 60 * 200; ++i) road.rig.step();
        EXPECT_EQ(road.rig.state.next_actor > 6, hidden);
    }
}

TEST(Edges, TheSameRunGivesTheSameBits) {
    const auto hash = [] {
        Road road(400, 20);
        for (int i = 0; i < 60 * 200; ++i) road.rig.step();
        EXPECT_GT(road.rig.state.next_actor, 6U);
        return world::hash(road.rig.state);
    };
    EXPECT_EQ(hash(), hash());
}

TEST(Edges, WorldsWhoseLanesAllGoOnKeepTheirTraffic) {
    Rig rig(tests::four_way(false));
    for (auto& lane : rig.world.roads.lanes) {
        // Outgoing lanes lead back to an incoming one.
        if (lane.successors.empty()) lane.successors = {0};
        if (lane.predecessors.empty()) lane.predecessors = {1};
    }
    rig.add_car(2, 20, 5);
    rig.start();
    const LaneBook book(rig.world, *rig.map);
    const Edges edges(rig.world, book);
    EXPECT_TRUE(edges.exits().empty());
    EXPECT_TRUE(edges.entries().empty());
}

}  // namespace
}  // namespace huntsman::agents::traffic
