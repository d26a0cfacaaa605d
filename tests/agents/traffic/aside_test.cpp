// Where drivers keep across their lane.
#include "agents/conduct/aside.h"

#include "engine/world/boxes.h"
#include "tests/agents/traffic/rig.h"

namespace huntsman::agents::traffic {
namespace {

using tests::straight_road;

constexpr std::uint32_t kBicycleKind = 2;

world::ActorId add_bicycle(Rig& rig, world::LaneId lane, double s_m, double speed_mps) {
    if (rig.world.archetypes.size() <= kBicycleKind) {
        world::Archetype bicycle = rig.world.archetypes[kCarKind];
        bicycle.semantic = world::Semantic::kBicycle;
        bicycle.extent = {1.4, 0.4, 0.6, 1.7};
        rig.world.archetypes.push_back(bicycle);
    }
    const auto id = rig.add_car(lane, s_m, speed_mps);
    rig.world.spawns.back().archetype = kBicycleKind;
    return id;
}

// Between the sides of two bodies on a road along x; negative where they are not beside each other.
double between_m(Rig& rig, world::ActorId a, world::ActorId b) {
    const auto box = [&](world::ActorId id) {
        const world::ActorState& actor = rig.actor(id);
        return world::footprint(rig.world.archetypes[actor.archetype].extent, actor.X_WB);
    };
    const math::Box2 one = box(a), other = box(b);
    if (std::abs(one.centre.x - other.centre.x) > one.half.x + other.half.x) return -1;
    return math::distance(one, other);
}

TEST(Aside, BicyclesRideOnTheRightAndOnTheLeftInLeftHandTraffic) {
    for (const bool left_hand : {false, true}) {
        Rig rig(straight_road());
        rig.world.roads.left_hand = left_hand;
        const auto bicycle = add_bicycle(rig, 0, 10, 4.0);
        rig.start();
        rig.run(10.0);
        rig.run(10.0, [&] {
            const double off_m = (left_hand ? 1 : -1) * rig.actor(bicycle).mind.driver().lane_t_m;
            EXPECT_NEAR(off_m, 1.75 - 0.3 - 0.3, 0.15);
        });
        EXPECT_GT(rig.speed(bicycle), 4.0);
        EXPECT_LT(rig.speed(bicycle), 6.5);
    }
}

TEST(Aside, BicyclesRideInACycleLane) {
    world::RoadNetwork roads = straight_road();
    world::Lane cycle = roads.lanes[0];
    cycle.id = 2;
    cycle.kind = world::LaneKind::kCycle;
    cycle.road = roads.lanes[0].road = 0;
    cycle.section = roads.lanes[0].section = 0;
    roads.lanes[0].model_lane = -1;
    cycle.model_lane = -2;
    for (auto& sample : cycle.samples) {
        sample.p.y = -4.25;
        sample.width_m = 1.5;
    }
    roads.lanes.push_back(cycle);
    Rig rig(std::move(roads));
    const auto bicycle = add_bicycle(rig, 0, 10, 4.0);
    rig.start();
    rig.run(15.0);
    EXPECT_NEAR(rig.actor(bicycle).X_WB.p.y, -4.25, 0.15);
    EXPECT_EQ(rig.actor(bicycle).mind.driver().route[0], 0U);
}

TEST(Aside, CarsPassABicycleWithRoom) {
    Rig rig(straight_road(600));
    const auto bicycle = add_bicycle(rig, 0, 70, 4.5);
    const auto car = rig.add_car(0, 20, 10.0);
    rig.start();
    double least_m = 1e9, over_m = -1e9;
    rig.run(25.0, [&] {
        ASSERT_TRUE(rig.state.contacts.empty());
        const double between = between_m(rig, car, bicycle);
        if (between >= 0) least_m = std::min(least_m, between);
        over_m = std::max(over_m, rig.actor(car).X_WB.p.y + 0.8);
    });
    EXPECT_GT(rig.actor(car).X_WB.p.x, rig.actor(bicycle).X_WB.p.x + 10);
    EXPECT_GT(least_m, 0.9);
    EXPECT_LT(least_m, 2.0);
    EXPECT_GT(over_m, 0.1);  // over the middle line, at y = 0
    EXPECT_NEAR(rig.actor(car).mind.driver().lane_t_m, 0.0, 0.3);
}

TEST(Aside, CarsStayBehindABicycleWhileOthersCome) {
    Rig rig(straight_road(600));
    const auto bicycle = add_bicycle(rig, 0, 50, 4.5);
    const auto car = rig.add_car(0, 25, 6.0);
    std::vector<world::ActorId> oncoming;
    for (int i = 0; i < 8; ++i) oncoming.push_back(rig.add_car(1, 480.0 - 28.0 * i, 9.0));
    rig.start();
    double last_met_s = -1, passed_s = -1;
    rig.run(45.0, [&] {
        ASSERT_TRUE(rig.state.contacts.empty());
        const double x = rig.actor(car).X_WB.p.x;
        if (rig.actor(oncoming.back()).X_WB.p.x > x) last_met_s = rig.time_s();
        if (passed_s < 0 && x > rig.actor(bicycle).X_WB.p.x + 3) passed_s = rig.time_s();
    });
    EXPECT_GT(last_met_s, 5.0);
    EXPECT_GT(passed_s, last_met_s);
}

TEST(Aside, BicyclesFilterPastAStandingQueueSlowlyWithRoom) {
    Rig rig(straight_road(400));
    std::vector<world::ActorId> queue;
    for (int i = 0; i < 4; ++i) queue.push_back(rig.add_car(0, 160.0 - 8.0 * i, 0.0));
    const auto bicycle = add_bicycle(rig, 0, 100, 4.5);
    rig.start();
    rig.after_think = [&] {
        for (const auto id : queue) rig.actor(id).mind.driver().acceleration_mps2 = -5.0;
    };
    double least_m = 1e9, fastest_mps = 0;
    rig.run(45.0, [&] {
        ASSERT_TRUE(rig.state.contacts.empty());
        for (const auto id : queue) {
            const double between = between_m(rig, bicycle, id);
            if (between < 0) continue;
            least_m = std::min(least_m, between);
            fastest_mps = std::max(fastest_mps, rig.speed(bicycle));
        }
    });
    EXPECT_GT(rig.actor(bicycle).X_WB.p.x, 170.0);
    EXPECT_GT(least_m, 0.35);
    EXPECT_LT(fastest_mps, 4.6);
}

}  // namespace
}  // namespace huntsman::agents::traffic
