#include "agents/conduct/drivers.h"

#include "engine/core/hash.h"
#include "tests/agents/traffic/rig.h"

namespace huntsman::agents::traffic {
namespace {

using tests::four_way;
using tests::straight_road;

TEST(Following, PhysicalCarsSettleAtTheEquilibriumGap) {
    Rig rig(straight_road(1500));
    const auto leader = rig.add_car(0, 60, 8.0);
    const auto follower = rig.add_car(0, 30, 8.0);
    rig.start();
    // The leader keeps 8 m/s.
    rig.after_think = [&] {
        auto& lead = rig.actor(leader);
        lead.mind.driver().acceleration_mps2 = 1.0 * (8.0 - lead.v_W.x);
    };
    rig.run(100.0);
    const Traits& driver = rig.traffic->traits(rig.actor(follower));
    const double v0 = 13.9 * driver.speed_factor;
    const double ratio = 8.0 / v0;
    const double expected =
        (driver.idm.jam_gap_m + 8.0 * driver.idm.headway_s) / std::sqrt(1 - std::pow(ratio, 4));
    const double gap = rig.actor(leader).X_WB.p.x - rig.actor(follower).X_WB.p.x - 3.5 - 1.008;
    EXPECT_NEAR(rig.speed(follower), 8.0, 0.15);
    EXPECT_NEAR(gap, expected, 0.06 * expected);
}

TEST(Following, PlatoonOfTenSurvivesAFullStopOfItsLeader) {
    Rig rig(straight_road(1500));
    std::vector<world::ActorId> cars;
    for (int i = 0; i < 10; ++i) cars.push_back(rig.add_car(0, 400 - 25.0 * i, 12.0));
    rig.start();
    rig.run(5.0);
    ASSERT_GT(rig.speed(cars.front()), 9.0);
    // An emergency stop: full brakes, whatever the mind says.
    rig.after_think = [&] { rig.actor(cars.front()).mind.driver().acceleration_mps2 = -9.0; };
    rig.run(50.0, [&] {
        for (const auto& contact : rig.state.contacts) {
            FAIL() << contact.a << " hit " << contact.b << " at " << rig.time_s();
        }
    });
    for (std::size_t i = 0; i < cars.size(); ++i) EXPECT_LT(rig.speed(cars[i]), 0.1) << i;
}

TEST(Following, StopsForAPersonOnTheRoad) {
    Rig rig(straight_road());
    const auto car = rig.add_car(0, 10, 13.0);
    rig.world.spawns.push_back(rig.world.spawns.back());
    rig.world.spawns.back().id = car + 1;
    rig.world.spawns.back().archetype = kPersonKind;
    rig.world.spawns.back().lane = world::kNone;
    rig.world.spawns.back().speed_mps = 0;
    rig.world.spawns.back().X_WB = math::upright({80, -1.75, 0}, 0);
    rig.start();
    rig.run(20.0, [&] { ASSERT_TRUE(rig.state.contacts.empty()); });
    EXPECT_LT(rig.speed(car), 0.05);
    const double front = rig.actor(car).X_WB.p.x + 3.5;
    EXPECT_GT(front, 75.0);
    EXPECT_LT(front, 79.0);
    EXPECT_EQ(rig.actor(car).mind.driver().leader, car + 1);
}

TEST(Lanes, CarKeepsToTheCentreOfABend) {
    Rig rig(tests::arc(20.0, 1.5 * math::kPi));
    const auto car = rig.add_car(0, 1, 5.0);
    rig.start();
    rig.run(9.0, [&] {
        EXPECT_LT(std::abs(rig.actor(car).mind.driver().lane_t_m), 0.35);
        // Comfortable: 2.5 m/s² asks for 7.1 m/s on 20 m.
        EXPECT_LT(rig.speed(car), 7.5);
    });
    EXPECT_GT(rig.speed(car), 4.0);
}

// The straight connection of an arm, and the route over it.
void send(Rig& rig, world::ActorId car, world::LaneId in, int turn) {
    auto& mind = rig.actor(car).mind.driver();
    const auto connection =
        static_cast<world::LaneId>(8 + 3 * (in / 2) + static_cast<unsigned>(turn));
    mind.route = {in,           connection,   rig.world.roads.lanes[connection].successors.front(),
                  world::kNone, world::kNone, world::kNone};
}
constexpr int kRight = 0, kStraight = 1, kLeft = 2;

TEST(Signals, CarStopsShortOfARedLineAndLeavesOnGreen) {
    Rig rig(four_way(true));
    const auto car = rig.add_car(2, 20, 10.0);  // from the north: red until 30 s
    rig.start();
    send(rig, car, 2, kStraight);
    const double line = rig.world.roads.lanes[8 + 3 + 1].stop_s_m;
    rig.run(28.0, [&] {
        const auto& mind = rig.actor(car).mind.driver();
        ASSERT_EQ(mind.route[0], 2U);
        ASSERT_LT(mind.lane_s_m + 3.5, line);
    });
    const double gap = line - rig.actor(car).mind.driver().lane_s_m - 3.5;
    EXPECT_GT(gap, 0.8);
    EXPECT_LT(gap, 3.0);
    EXPECT_LT(rig.speed(car), 0.05);
    EXPECT_EQ(rig.actor(car).mind.driver().intention, world::Intention::kStopAtLine);
    rig.run(12.0);
    EXPECT_EQ(rig.actor(car).mind.driver().route[0], 2U * 3U + 1U);  // out to the south
}

TEST(Signals, NobodyEntersOnRed) {
    Rig rig(four_way(true));
    for (int arm = 0; arm < 4; ++arm) {
        for (int i = 0; i < 4; ++i) {
            rig.add_car(static_cast<world::LaneId>(2 * arm), 70.0 - 17.0 * i, 8.0);
        }
    }
    rig.start();
    std::vector<bool> was_before(rig.state.actors.size(), true);
    rig.run(90.0, [&] {
        for (std::size_t i = 0; i < rig.state.actors.size(); ++i) {
            const auto& actor = rig.state.actors[i];
            const auto& route = actor.mind.driver().route;
            if (route[0] >= 8 || route[0] % 2 == 1 || route[1] == world::kNone) {
                was_before[i] = false;
                continue;
            }
            const auto& next = rig.world.roads.lanes[route[1]];
            const bool before = actor.mind.driver().lane_s_m + 3.5 < next.stop_s_m;
            if (was_before[i] && !before) {
                // Yellow may be passed when stopping is uncomfortable.
                ASSERT_NE(rig.state.signals[next.signal_group], world::Aspect::kRed);
                ASSERT_NE(rig.state.signals[next.signal_group], world::Aspect::kRedYellow);
            }
            was_before[i] = before;
        }
        for (const auto& contact : rig.state.contacts) {
            FAIL() << contact.a << " hit " << contact.b << " at " << rig.time_s();
        }
    });
    for (const auto& actor : rig.state.actors) {
        EXPECT_EQ(actor.mind.driver().route[0] % 2, 1U)
            << "actor " << actor.id << " did not get through";
    }
}

TEST(RightOfWay, SideRoadWaitsForTheMainRoad) {
    Rig rig(four_way(false));
    // From the south, yielding, straight on; a stream on the main road from the east.
    const auto side = rig.add_car(6, 70, 8.0);
    std::vector<world::ActorId> main;
    for (int i = 0; i < 3; ++i) main.push_back(rig.add_car(0, 75.0 - 26.0 * i, 9.0));
    rig.start();
    send(rig, side, 6, kStraight);
    for (const auto id : main) send(rig, id, 0, kStraight);
    double entered = -1, slowest_main = 100;
    double last_main_passed = -1;
    rig.run(30.0, [&] {
        ASSERT_TRUE(rig.state.contacts.empty()) << rig.time_s();
        if (entered < 0 && rig.actor(side).mind.driver().route[0] >= 8) entered = rig.time_s();
        for (const auto id : main) {
            const auto lane = rig.actor(id).mind.driver().route[0];
            if (lane == 0) slowest_main = std::min(slowest_main, rig.speed(id));
            if (lane >= 8) last_main_passed = rig.time_s();
        }
    });
    EXPECT_GT(entered, 0.0);
    // It let most of the stream pass, and nobody had to brake for it.
    EXPECT_GT(entered, last_main_passed - 3.0);
    EXPECT_GT(slowest_main, 6.0);
}

TEST(RightOfWay, LeftTurnWaitsForOncomingTraffic) {
    Rig rig(four_way(true));
    const auto left = rig.add_car(0, 75, 8.0);
    std::vector<world::ActorId> oncoming;
    for (int i = 0; i < 4; ++i) oncoming.push_back(rig.add_car(4, 75.0 - 20.0 * i, 10.0));
    rig.start();
    send(rig, left, 0, kLeft);
    for (const auto id : oncoming) send(rig, id, 4, kStraight);
    double entered = -1, last = -1;
    rig.run(24.0, [&] {
        ASSERT_TRUE(rig.state.contacts.empty()) << rig.time_s();
        if (entered < 0 && rig.actor(left).mind.driver().route[0] >= 8) entered = rig.time_s();
        for (const auto id : oncoming) {
            if (rig.actor(id).mind.driver().route[0] >= 8) last = rig.time_s();
        }
    });
    EXPECT_GT(entered, 0.0);
    EXPECT_GT(entered, last - 3.0);
}

TEST(RightOfWay, FourCarsArrivingTogetherAllGetThrough) {
    for (const int turn : {kRight, kStraight, kLeft}) {
        Rig rig(four_way(false));
        std::vector<world::ActorId> cars;
        for (world::LaneId arm = 0; arm < 4; ++arm) cars.push_back(rig.add_car(2 * arm, 60, 8.0));
        rig.start();
        for (world::LaneId arm = 0; arm < 4; ++arm) send(rig, cars[arm], 2 * arm, turn);
        rig.run(40.0, [&] { ASSERT_TRUE(rig.state.contacts.empty()) << rig.time_s(); });
        for (const auto id : cars) {
            EXPECT_EQ(rig.actor(id).mind.driver().route[0] % 2, 1U)
                << "turn " << turn << " car " << id;
            EXPECT_LT(rig.actor(id).mind.driver().route[0], 8U);
        }
    }
}

TEST(RightOfWay, NobodyEntersAJunctionThatCannotBeLeft) {
    Rig rig(four_way(false));
    // The way out to the west is full.
    const auto blocker = rig.add_car(5, 3.0, 0.0);
    const auto car = rig.add_car(0, 60, 8.0);
    rig.start();
    send(rig, car, 0, kStraight);
    rig.after_think = [&] { rig.actor(blocker).mind.driver().acceleration_mps2 = -3.0; };
    rig.run(15.0);
    EXPECT_EQ(rig.actor(car).mind.driver().route[0], 0U);
    EXPECT_LT(rig.speed(car), 0.1);
}

TEST(LaneChange, FollowsTheRouteToTheNeighbour) {
    Rig rig(tests::two_lane_one_way(400));
    const auto car = rig.add_car(0, 20, 10.0);
    const auto beside = rig.add_car(1, 18, 10.0);
    rig.start();
    rig.actor(car).mind.driver().route = {0,           1, world::kNone, world::kNone, world::kNone,
                                          world::kNone};
    rig.run(20.0, [&] { ASSERT_TRUE(rig.state.contacts.empty()) << rig.time_s(); });
    EXPECT_EQ(rig.actor(car).mind.driver().route[0], 1U);
    EXPECT_NEAR(rig.actor(car).X_WB.p.y, 1.75, 0.3);
    EXPECT_NEAR(rig.actor(beside).X_WB.p.y, 1.75, 0.3);
}

TEST(Lamps, BrakeAndIndicatorsFollowTheDriving) {
    Rig rig(four_way(true));
    const auto car = rig.add_car(2, 60, 9.0);
    rig.start();
    send(rig, car, 2, kLeft);
    bool braked = false;
    rig.run(12.0, [&] {
        braked = braked || (rig.actor(car).lamps & world::bit(world::Lamp::kBrake)) != 0;
    });
    EXPECT_TRUE(braked);
    EXPECT_NE(rig.actor(car).lamps & world::bit(world::Lamp::kTurnLeft), 0U);
    EXPECT_EQ(rig.actor(car).lamps & world::bit(world::Lamp::kTurnRight), 0U);
}

TEST(Think, DoesNotDependOnTheOrderOfEvaluation) {
    // Thinking is a function of the snapshot: a second call on a copy gives the same minds, and a
    // world that only lacks somebody far away gives the others the same minds.
    Rig rig(four_way(true));
    for (world::LaneId arm = 0; arm < 4; ++arm) rig.add_car(2 * arm, 60, 8.0);
    const auto far = rig.add_car(7, 95, 3.0);
    rig.start();
    rig.run(3.0);
    world::State with = rig.state, without = rig.state;
    rig.traffic->think(with);
    without.actors.erase(without.actors.begin() + (without.find(far) - without.actors.data()));
    auto cast = profiles::load_cast(rig.world.minds);
    ASSERT_TRUE(cast.ok());
    Traffic(rig.world, *rig.map, std::move(*cast), rig.options).think(without);
    with.actors.erase(with.actors.begin() + (with.find(far) - with.actors.data()));
    EXPECT_EQ(world::hash(with), world::hash(without));
}

}  // namespace
}  // namespace huntsman::agents::traffic
