#include "agents/conduct/lane_changes.h"

#include <fmt/format.h>

#include "tests/agents/traffic/pairs.h"
#include "tests/agents/traffic/rig.h"

namespace huntsman::agents::traffic {
namespace {

using tests::two_lane_one_way;

const engine::driving::Idm kIdm;

TEST(Mobil, TheGainIsThatOfTheDriverAndAShareOfThoseOfItsFollowers) {
    const double v = 10, v0 = 14, length_m = 4.5;
    const Neighbours here{{10.0, 6.0}, {12.0, 11.0}, length_m};
    const Neighbours there{{60.0, 13.0}, {30.0, 12.0}, length_m};
    const auto follow = [](double speed, double wanted, double gap, double leader) {
        return engine::driving::follow_acceleration(kIdm, speed, wanted, gap, leader);
    };
    const double own = follow(10, v0, 60, 13) - follow(10, v0, 10, 6);
    const double new_follower = follow(12, v0, 30, 10) - follow(12, v0, 30 + 4.5 + 60, 13);
    const double old_follower = follow(11, v0, 12 + 4.5 + 10, 6) - follow(11, v0, 12, 10);
    ASSERT_TRUE(incentive_mps2(kIdm, v, v0, here, there, 0.0).has_value());
    EXPECT_NEAR(*incentive_mps2(kIdm, v, v0, here, there, 0.0), own, 1e-12);
    EXPECT_NEAR(*incentive_mps2(kIdm, v, v0, here, there, 0.3),
                own + 0.3 * (new_follower + old_follower), 1e-12);
    EXPECT_GT(own, 0.5);
    EXPECT_LT(new_follower, 0.0);
}

TEST(Mobil, NobodyIsMadeToBrakeHarderThanIsSafeNorDrivenInto) {
    const Neighbours here{{5.0, 2.0}, {}, 4.5};
    EXPECT_TRUE(incentive_mps2(kIdm, 10, 14, here, {{}, {60.0, 14.0}, 4.5}, 0.0).has_value());
    EXPECT_FALSE(incentive_mps2(kIdm, 10, 14, here, {{}, {8.0, 16.0}, 4.5}, 0.0).has_value());
    EXPECT_FALSE(incentive_mps2(kIdm, 10, 14, here, {{}, {-1.0, 10.0}, 4.5}, 0.0).has_value());
    EXPECT_FALSE(incentive_mps2(kIdm, 10, 14, here, {{-1.0, 10.0}, {}, 4.5}, 0.0).has_value());
}

TEST(Mobil, PolitenessFollowsSocialValue) {
    EXPECT_EQ(politeness(-0.5), 0.0);
    EXPECT_EQ(politeness(0.0), 0.0);
    EXPECT_NEAR(politeness(math::kPi / 8), 0.25, 1e-12);
    EXPECT_EQ(politeness(1.2), 0.5);
}

TEST(Overtaking, OnTheLeftLaneWithTheIndicatorLitBeforeItMoves) {
    Rig rig(two_lane_one_way(1200));
    rig.open_edges = true;
    const auto slow = rig.add_car(0, 90, 6.0), fast = rig.add_car(0, 50, 12.0);
    rig.start();
    rig.after_think = [&] {
        auto& mind = rig.actor(slow).mind.driver();
        mind.acceleration_mps2 = 6.0 - rig.speed(slow);
    };
    double lit_s = -1, moves_s = -1, passed_s = -1;
    rig.run(50.0, [&] {
        ASSERT_TRUE(rig.state.contacts.empty());
        const auto& actor = rig.actor(fast);
        if (lit_s < 0 && (actor.lamps & world::bit(world::Lamp::kTurnLeft)) != 0) {
            lit_s = rig.time_s();
        }
        if (moves_s < 0 && actor.X_WB.p.y > -1.2) moves_s = rig.time_s();
        if (passed_s < 0 && actor.X_WB.p.x > rig.actor(slow).X_WB.p.x + 10) {
            passed_s = rig.time_s();
            EXPECT_NEAR(actor.X_WB.p.y, 1.75, 0.6);
        }
    });
    EXPECT_GT(lit_s, 0);
    EXPECT_GT(moves_s, lit_s + 0.8);
    EXPECT_GT(passed_s, moves_s);
}

// Somebody comes up fast on the left lane.
TEST(Overtaking, WaitsForAFollowerOnTheOtherLane) {
    Rig rig(two_lane_one_way(1200));
    rig.open_edges = true;
    const auto slow = rig.add_car(0, 90, 6.0), fast = rig.add_car(0, 60, 8.0);
    const auto comes = rig.add_car(1, 30, 13.5);
    rig.start();
    rig.after_think = [&] {
        rig.actor(slow).mind.driver().acceleration_mps2 = 6.0 - rig.speed(slow);
    };
    double hardest_mps2 = 0;
    bool changed = false;
    rig.run(50.0, [&] {
        ASSERT_TRUE(rig.state.contacts.empty());
        hardest_mps2 = std::min(hardest_mps2, rig.actor(comes).mind.driver().acceleration_mps2);
        changed = changed || rig.actor(fast).mind.driver().route[0] == 1U;
    });
    EXPECT_TRUE(changed);
    EXPECT_GT(hardest_mps2, -3.2);
}

struct Busy {
    int changes = 0, touched = 0;
};
// Eighteen cars of all kinds on two lanes.
Busy busy_road(std::uint64_t seed) {
    Rig rig(two_lane_one_way(1500));
    rig.open_edges = true;
    rig.world.seed = seed;
    rig.world.minds = "everyday";
    const engine::core::Key key = engine::core::Key(seed).with("busy");
    for (world::LaneId lane : {0U, 1U}) {
        double at = 20 + key.uniform(0, 15, lane);
        for (std::uint32_t i = 0; i < 9; ++i) {
            rig.add_car(lane, at, 9.0);
            at += key.uniform(18.0, 45.0, 10 * lane + i + 2);
        }
    }
    rig.start();
    Busy busy;
    std::vector<world::LaneId> lanes(rig.state.actors.size() + 2, world::kNone);
    rig.run(45.0, [&] {
        if (!rig.state.contacts.empty()) busy.touched = 1;
        for (const auto& actor : rig.state.actors) {
            const world::LaneId lane = actor.mind.driver().route[0];
            if (lanes[actor.id] != world::kNone && lanes[actor.id] != lane) ++busy.changes;
            lanes[actor.id] = lane;
        }
    });
    return busy;
}

TEST(Overtaking, TouchesNobodyOverManySeeds) {
    int changes = 0, touched = 0;
    const int count = pairs(8);
    for (int i = 0; i < count; ++i) {
        const Busy busy = busy_road(static_cast<std::uint64_t>(100 + i));
        changes += busy.changes;
        touched += busy.touched;
    }
    fmt::print("busy road: {} seeds, {} changes of lane, {} runs with a contact\n", count, changes,
               touched);
    EXPECT_GT(changes, count);
    EXPECT_EQ(touched, 0);
}

// Whether somebody behind a slow car moves in between those who drive faster on the left lane
// within 20 s.
bool moves_in(std::uint64_t seed, double social_deg) {
    Rig rig(two_lane_one_way(1200));
    rig.open_edges = true;
    rig.world.seed = seed;
    rig.alter = [&](profiles::Profile& profile) {
        if (profile.name != "hurried") return;
        profile.social_rad = social_deg * engine::core::kRadiansInDegree;
        profile.social_sd_rad = 0;
    };
    const engine::core::Key key = engine::core::Key(seed).with("gaps");
    const auto slow = rig.add_car(0, 230, 7.0), car = rig.add_car(0, 200, 9.0);
    rig.world.spawns.back().profile = "hurried";
    double at = 280;
    for (std::uint32_t i = 0; at > 5; ++i) {
        rig.add_car(1, at, 11.0);
        at -= key.uniform(25.0, 60.0, i);
    }
    rig.start();
    rig.after_think = [&] {
        rig.actor(slow).mind.driver().acceleration_mps2 = 7.0 - rig.speed(slow);
    };
    bool moved = false;
    rig.run(20.0, [&] { moved = moved || rig.actor(car).mind.driver().route[0] == 1U; });
    return moved;
}

TEST(Overtaking, ThePoliteMoveInBeforeOthersLessOften) {
    std::vector<double> differences;
    const int count = pairs(60);
    int polite = 0, egoist = 0;
    for (int i = 0; i < count; ++i) {
        const auto seed = static_cast<std::uint64_t>(100 + i);
        const bool a = moves_in(seed, 0), b = moves_in(seed, 45);
        egoist += a ? 1 : 0;
        polite += b ? 1 : 0;
        differences.push_back((a ? 1.0 : 0.0) - (b ? 1.0 : 0.0));
    }
    const Difference d = difference_of(differences);
    fmt::print(
        "moves in: {} pairs, {:.0f} % egoists, {:.0f} % polite, difference {:.0f} ({:.0f} to "
        "{:.0f}) points\n",
        count, 100.0 * egoist / count, 100.0 * polite / count, 100 * d.mean, 100 * d.low,
        100 * d.high);
    EXPECT_GT(d.low, 0.0);
}

}  // namespace
}  // namespace huntsman::agents::traffic
