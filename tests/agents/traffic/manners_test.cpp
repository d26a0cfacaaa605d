// Those who do not keep to the rules, those who have other ones, and what others make of them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "agents/conduct/own_crossing.h"
#include "tests/agents/traffic/rig.h"
#include "tests/agents/traffic/streets.h"

namespace huntsman::agents::traffic {
namespace {

using tests::four_way;
using tests::straight_road;

// A straight street with a pavement on each side and no crossing.
world::RoadNetwork street_with_pavements() {
    world::RoadNetwork roads = straight_road(300);
    for (std::uint32_t i = 0; i < 2; ++i) {
        const double y = i == 0 ? -5.0 : 5.0;
        const math::Vec3 ends[] = {{20, y, 0}, {280, y, 0}};
        world::Walkway walkway;
        walkway.id = i;
        walkway.points = {ends[0], ends[1]};
        walkway.length_m = 260;
        walkway.from = 2 * i;
        walkway.to = 2 * i + 1;
        for (const math::Vec3& p : ends) roads.walk_nodes.push_back({p, {i}});
        roads.walkways.push_back(walkway);
    }
    return roads;
}

// Whether a vehicle touches anybody.
bool vehicle_touches(Rig& rig) {
    const auto drives = [&](world::ActorId id) {
        const auto* actor = rig.state.find(id);
        return actor != nullptr &&
               world::is_vehicle(rig.world.archetypes[actor->archetype].semantic);
    };
    return std::any_of(rig.state.contacts.begin(), rig.state.contacts.end(),
                       [&](const auto& contact) { return drives(contact.a) || drives(contact.b); });
}

int crossed_away(const char* profile, bool with_cars) {
    Rig rig(street_with_pavements());
    rig.world.seed = 5;
    std::vector<world::ActorId> people;
    for (int i = 0; i < 16; ++i) {
        people.push_back(rig.add_person(0, 20.0 + 14.0 * i, true));
        rig.world.spawns.back().profile = profile;
    }
    if (with_cars) {
        for (int i = 0; i < 5; ++i) {
            rig.add_car(0, 200.0 - 45.0 * i, 9.0);
            rig.add_car(1, 200.0 - 40.0 * i, 9.0);
        }
    }
    rig.start();
    rig.run(60.0, [&] { EXPECT_FALSE(vehicle_touches(rig)) << rig.time_s(); });
    return static_cast<int>(std::count_if(people.begin(), people.end(), [&](world::ActorId id) {
        return rig.actor(id).X_WB.p.y > 3.5;
    }));
}

TEST(OwnCrossing, RunsStraightFromKerbToKerb) {
    Rig rig(street_with_pavements());
    rig.start();
    const LaneBook book(rig.world, *rig.map);
    const auto way = way_over(book, {100, -5, 0}, {1, 0});
    ASSERT_TRUE(way.has_value());
    EXPECT_EQ(way->beyond, 1U);
    EXPECT_NEAR(way->from_W.x, 100, 1e-9);
    EXPECT_NEAR(way->to_W.x, 100, 1e-9);
    EXPECT_NEAR(way->from_W.y, -4.25, 0.51);
    EXPECT_NEAR(way->to_W.y, 4.25, 0.51);
    const auto lanes = lanes_crossed(book, *way, 0);
    ASSERT_EQ(lanes.size(), 2U);
    EXPECT_EQ(lanes[0].lane, 0U);
    EXPECT_EQ(lanes[1].lane, 1U);
    EXPECT_NEAR(lanes[0].s_begin_m, 99.4, 0.1);
    EXPECT_NEAR(lanes[1].place_m - lanes[0].place_m, 3.5, 1e-6);
    // No pavement opposite.
    EXPECT_FALSE(way_over(book, {10, -15, 0}, {1, 0}).has_value());
}

TEST(OwnCrossing, JaywalkersCrossAwayFromCrossingsAndOthersSeldom) {
    const int jaywalkers = crossed_away("jaywalker", false);
    EXPECT_GE(jaywalkers, 2);
    EXPECT_LT(crossed_away("pedestrian", false), jaywalkers);
}

TEST(OwnCrossing, AttentiveDriversDoNotHitJaywalkers) {
    EXPECT_GE(crossed_away("jaywalker", true), 2);
}

TEST(People, DriversForeseeSomebodyWhoWalksAcrossTheRoad) {
    Rig rig(straight_road());
    const auto car = rig.add_car(0, 10, 12.0);
    rig.world.spawns.push_back(rig.world.spawns.back());
    world::Spawn& spawn = rig.world.spawns.back();
    const world::ActorId person = car + 1;
    spawn.id = person;
    spawn.archetype = kPersonKind;
    spawn.lane = world::kNone;
    spawn.speed_mps = 0;
    spawn.X_WB = math::upright({60, 5.5, 0}, -0.5 * math::kPi);
    rig.start();
    double speed_at_meeting = 0;
    rig.after_think = [&] { rig.actor(person).walk.velocity_mps = {0, -1.4}; };
    double hardest = 0;
    rig.run(12.0, [&] {
        ASSERT_TRUE(rig.state.contacts.empty());
        const double y = rig.actor(person).X_WB.p.y;
        if (y > 0.2) hardest = std::min(hardest, rig.actor(car).mind.driver().acceleration_mps2);
        if (y < 0 && speed_at_meeting == 0) speed_at_meeting = rig.speed(car);
    });
    // It has braked before the person was in its lane.
    EXPECT_LT(hardest, -0.8);
    EXPECT_GT(rig.actor(car).X_WB.p.x, 62.0);
}

TEST(Red, SomePeopleCrossAtRed) {
    const auto early = [](const char* profile) {
        Rig rig(street_with_crossing(true));
        std::vector<world::ActorId> people;
        for (int i = 0; i < 10; ++i) {
            people.push_back(rig.add_person(0, 30.0 + 0.9 * i, true));
            rig.world.spawns.back().profile = profile;
        }
        rig.start();
        std::vector<bool> on(people.size(), false);
        rig.run(9.5, [&] {
            for (std::size_t i = 0; i < people.size(); ++i) {
                const math::Vec3& p = rig.actor(people[i]).X_WB.p;
                on[i] = on[i] || (std::abs(p.y) < 3.0 && std::abs(p.x - 100) < 2.0);
            }
        });
        return std::count(on.begin(), on.end(), true);
    };
    const auto jaywalkers = early("jaywalker");
    EXPECT_GE(jaywalkers, 2);
    EXPECT_LT(early("pedestrian"), jaywalkers);
}

TEST(Emergency, OthersMakeWayForBlueLamps) {
    const auto drive = [](const char* profile, double& aside_m, double& passed_s) {
        Rig rig(straight_road(800));
        const auto car = rig.add_car(0, 60, 9.0);
        const auto behind = rig.add_car(0, 15, 12.0);
        rig.world.spawns.back().profile = profile;
        rig.start();
        aside_m = 0;
        passed_s = -1;
        bool blue = false;
        rig.run(35.0, [&] {
            EXPECT_TRUE(rig.state.contacts.empty());
            aside_m = std::min(aside_m, rig.actor(car).mind.driver().lane_t_m);
            blue = blue || (rig.actor(behind).lamps & world::bit(world::Lamp::kBlue)) != 0;
            if (passed_s < 0 && rig.actor(behind).X_WB.p.x > rig.actor(car).X_WB.p.x + 5) {
                passed_s = rig.time_s();
            }
        });
        return blue;
    };
    double aside_m = 0, passed_s = 0;
    EXPECT_TRUE(drive("emergency", aside_m, passed_s));
    EXPECT_LT(aside_m, -0.5);
    EXPECT_GT(passed_s, 0);
    EXPECT_FALSE(drive("attentive", aside_m, passed_s));
    EXPECT_GT(aside_m, -0.4);
    EXPECT_LT(passed_s, 0);
}

TEST(Emergency, DrivesSlowlyOverRedAndOthersWait) {
    Rig rig(four_way(true));
    const auto emergency = rig.add_car(2, 30, 10.0);  // from the north, red until 30 s
    rig.world.spawns.back().profile = "emergency";
    const auto crossing = rig.add_car(0, 10, 9.0);  // from the east, green until 25 s
    rig.start();
    double over_s = -1, fastest_mps = 0, crossed_s = -1;
    rig.run(28.0, [&] {
        EXPECT_TRUE(rig.state.contacts.empty());
        const auto lane = rig.actor(emergency).mind.driver().route[0];
        if (lane >= 8 && rig.actor(emergency).mind.driver().lane_s_m < 3) {
            fastest_mps = std::max(fastest_mps, rig.speed(emergency));
        }
        if (over_s < 0 && (lane >= 8 || lane % 2 == 1)) over_s = rig.time_s();
        const auto other = rig.actor(crossing).mind.driver().route[0];
        if (crossed_s < 0 && other < 8 && other % 2 == 1) crossed_s = rig.time_s();
    });
    EXPECT_GT(over_s, 0);
    EXPECT_LT(over_s, 20);
    EXPECT_LT(fastest_mps, 7.5);
    EXPECT_GT(crossed_s, 0);
}

TEST(Delivery, StopsAtTheKerbWithHazardLightsAndIsPassed) {
    int stops = 0;
    for (std::uint64_t seed = 1; seed < 40 && stops == 0; ++seed) {
        Rig rig(straight_road(250));
        rig.world.seed = seed;
        const auto van = rig.add_car(0, 45, 8.0);
        rig.world.spawns.back().profile = "delivery";
        const auto car = rig.add_car(0, 10, 8.0);
        rig.start();
        rig.run(12.0);
        const auto* there = rig.state.find(van);
        if (there == nullptr || there->mind.driver().target_speed_mps <= 0) continue;
        double parked_s = 0, passed_s = -1, off_m = 0;
        rig.run(45.0, [&] {
            ASSERT_TRUE(rig.state.contacts.empty());
            const auto* actor = rig.state.find(van);
            const auto* other = rig.state.find(car);
            if (actor == nullptr || actor->mind.driver().parked_s <= 0) return;
            if (glm::length(actor->v_W) > 0.1) return;
            parked_s += engine::core::seconds(engine::core::kTick_us);
            off_m = actor->mind.driver().lane_t_m;
            EXPECT_TRUE(actor->lamps & world::bit(world::Lamp::kTurnLeft));
            EXPECT_TRUE(actor->lamps & world::bit(world::Lamp::kTurnRight));
            if (passed_s < 0 && (other == nullptr || other->X_WB.p.x > actor->X_WB.p.x + 4)) {
                passed_s = rig.time_s();
            }
        });
        if (parked_s < 10) continue;
        ++stops;
        EXPECT_LT(off_m, -0.4);
        EXPECT_GT(passed_s, 0);  // while it stands there
    }
    EXPECT_EQ(stops, 1);
}

TEST(Horn, SoundsForALeaderThatDoesNotStartAtGreenAndWakesIt) {
    Rig rig(four_way(true));
    const auto leader = rig.add_car(0, 94, 0.0);
    const auto follower = rig.add_car(0, 86, 0.0);
    rig.start();
    bool sleeps = true;
    double horn_s = -1, woken_s = -1;
    rig.after_think = [&] {
        world::Mind& mind = rig.actor(leader).mind;
        if (horn_s < 0 || woken_s < 0) mind.driver().acceleration_mps2 = -3.0;
        if (sleeps) mind.glance = {true, rig.state.time_us + 20 * engine::core::kMicrosPerSecond};
    };
    rig.run(20.0, [&] {
        const auto& signalled = rig.actor(follower).mind.signalled;
        if (horn_s < 0 && signalled.gesture == world::Gesture::kHorn) {
            EXPECT_EQ(signalled.to, leader);
            horn_s = rig.time_s();
            sleeps = false;
        }
        if (horn_s > 0 && woken_s < 0 && !rig.actor(leader).mind.glance.away) {
            woken_s = rig.time_s();
        }
    });
    EXPECT_GT(horn_s, 4.0);
    EXPECT_LT(horn_s, 11.0);
    EXPECT_GT(woken_s, horn_s);
    EXPECT_LT(woken_s, horn_s + 1.0);
    EXPECT_GT(rig.speed(leader), 1.0);
}

// What two who come to an all-way stop together show each other.
TEST(Gestures, AFlashIsSeenByTheOneForWhomItIsAndTheOtherWaits) {
    int flashes = 0, seen = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Rig rig(all_way_stop());
        rig.world.seed = seed;
        for (world::LaneId arm = 0; arm < 2; ++arm) rig.add_car(2 * arm, 65.0, 8.0);
        rig.add_car(0, 40.0, 8.0);  // behind one of them, and sees it too
        rig.start();
        rig.run(20.0, [&] {
            for (const auto& from : rig.state.actors) {
                const world::Signalled& signalled = from.mind.signalled;
                for (const auto& other : rig.state.actors) {
                    const auto* track = other.mind.beliefs.find(from.id);
                    const bool sees = track != nullptr && track->unseen_s == 0.0 &&
                                      track->gesture == world::Gesture::kFlash;
                    // Whoever has just ended it is still believed to give it.
                    const bool shows = signalled.gesture == world::Gesture::kFlash;
                    if (sees && shows) EXPECT_EQ(other.id, signalled.to);
                    seen += sees && shows ? 1 : 0;
                }
                if (signalled.gesture != world::Gesture::kFlash) continue;
                ++flashes;
                EXPECT_LT(rig.speed(from.id), 0.5) << seed;
            }
        });
    }
    EXPECT_GT(flashes, 0);
    EXPECT_GT(seen, flashes / 2);
}

TEST(Gestures, APersonAtTheKerbWavesADriverOn) {
    Rig rig(street_with_crossing(false));
    const auto person = rig.add_person(0, 39.4, true);
    const auto car = rig.add_car(0, 50.0, 8.0);
    rig.start();
    bool waved = false, seen = false;
    rig.after_think = [&] {
        world::Mind& mind = rig.actor(person).mind;
        if (!waved) mind.deliberation = {};
        if (mind.signalled.gesture != world::Gesture::kWave) return;
        waved = true;
        EXPECT_EQ(mind.signalled.to, car);
        EXPECT_EQ(mind.intention(), world::Intention::kWaitToCross);
        const auto* track = rig.actor(car).mind.beliefs.find(person);
        seen = seen || (track != nullptr && track->gesture == world::Gesture::kWave);
    };
    rig.run(20.0);
    EXPECT_TRUE(waved);
    EXPECT_TRUE(seen);
}

TEST(Emergency, IsHeardBehindAWallAndGivenWay) {
    const auto drive = [](const char* profile, bool& heard_unseen) {
        Rig rig(four_way(false));
        world::StaticObject wall;
        wall.id = world::kFirstStaticObject;
        wall.semantic = world::Semantic::kBuilding;
        wall.extent = {45.0, 45.0, 90.0, 8.0};
        wall.X_WB = math::upright({54.0, 54.0, 0.0}, 0.0);
        wall.collides = true;
        rig.world.objects.push_back(wall);
        const auto car = rig.add_car(0, 45, 9.0);  // from the east, which has way
        const auto emergency = rig.add_car(2, 30, 12.0);
        rig.world.spawns.back().profile = profile;
        rig.start();
        bool waits = false;
        rig.run(20.0, [&] {
            EXPECT_TRUE(rig.state.contacts.empty());
            const world::Mind& mind = rig.actor(car).mind;
            const bool for_it = mind.driver().leader == emergency &&
                                mind.driver().intention == world::Intention::kYield;
            waits = waits || for_it;
            if (for_it && mind.beliefs.find(emergency) == nullptr) {
                EXPECT_TRUE(mind.beliefs.siren.has_value());
                heard_unseen = true;
            }
        });
        return waits;
    };
    bool heard_unseen = false;
    EXPECT_TRUE(drive("emergency", heard_unseen));
    EXPECT_TRUE(heard_unseen);
    heard_unseen = false;
    EXPECT_FALSE(drive("attentive", heard_unseen));
    EXPECT_FALSE(heard_unseen);
}

TEST(Animals, RunOntoTheRoadAndDriversBrake) {
    int on_road = 0, braked = 0, hit = 0;
    for (std::uint64_t seed = 1; seed <= 24; ++seed) {
        Rig rig(street_with_pavements());
        rig.world.seed = seed;
        world::Archetype dog;
        dog.semantic = world::Semantic::kAnimal;
        dog.extent = {0.4, 0.4, 0.35, 0.6};
        rig.world.archetypes.push_back(dog);
        std::vector<world::ActorId> animals, cars;
        for (int i = 0; i < 8; ++i) {
            animals.push_back(rig.add_person(0, 20.0 + 25.0 * i, true));
            rig.world.spawns.back().archetype = 2;
        }
        for (int i = 0; i < 4; ++i) {
            cars.push_back(rig.add_car(0, 200.0 - 55.0 * i, 9.0));
            cars.push_back(rig.add_car(1, 200.0 - 50.0 * i, 9.0));
        }
        rig.start();
        std::vector<bool> on(animals.size(), false), for_it(animals.size(), false);
        bool touched = false;
        rig.run(30.0, [&] {
            touched = touched || vehicle_touches(rig);
            for (std::size_t i = 0; i < animals.size(); ++i) {
                const math::Vec3& p = rig.actor(animals[i]).X_WB.p;
                if (std::abs(p.y) > 3.2) continue;
                on[i] = true;
                for (const world::ActorId car : cars) {
                    const auto* driver = rig.state.find(car);
                    if (driver == nullptr) continue;
                    const auto& mind = driver->mind.driver();
                    if (mind.leader == animals[i] && mind.acceleration_mps2 < -1.5)
                        for_it[i] = true;
                }
            }
        });
        on_road += static_cast<int>(std::count(on.begin(), on.end(), true));
        braked += static_cast<int>(std::count(for_it.begin(), for_it.end(), true));
        hit += touched ? 1 : 0;
    }
    fmt::print("animals: {} on the road, {} braked for, {} runs with a hit\n", on_road, braked,
               hit);
    EXPECT_GE(on_road, 15);
    EXPECT_GE(braked, 5);
    // They run without weighing gaps: not all can be saved.
    EXPECT_LT(hit, braked);
}

// Metres that the first car drives on the wrong side of a long street, on which others come.
struct WrongSide {
    double far_m = 0, nearest_m = 1e9, slowest_mps = 1e9, aside_m = 0;
    bool touched = false, horn = false;
    int through = 0;  // of the oncoming ones, at the end
};
WrongSide drive_on_wrong_side(std::uint64_t seed, const char* profile, int oncoming) {
    Rig rig(straight_road(700));
    rig.open_edges = true;
    rig.world.seed = seed;
    const auto car = rig.add_car(0, 5, 8.0);
    rig.world.spawns.back().profile = profile;
    rig.add_car(0, 150, 10.0);  // ahead of it
    std::vector<world::ActorId> others;
    for (int i = 0; i < oncoming; ++i) others.push_back(rig.add_car(1, 380.0 - 40.0 * i, 10.0));
    rig.start();
    WrongSide result;
    rig.run(60.0, [&] {
        result.touched = result.touched || !rig.state.contacts.empty();
        const auto* wrong = rig.state.find(car);
        if (wrong == nullptr) return;
        if (wrong->X_WB.p.y > 1.0 && glm::length(wrong->v_W) > 1.0) {
            result.far_m += glm::length(wrong->v_W) * engine::core::seconds(engine::core::kTick_us);
        }
        for (const auto id : others) {
            const auto* other = rig.state.find(id);
            if (other == nullptr) continue;
            if (other->mind.driver().leader == car) {
                result.slowest_mps = std::min(result.slowest_mps, glm::length(other->v_W));
            }
            result.aside_m = std::min(result.aside_m, other->mind.driver().lane_t_m);
            result.horn = result.horn || (other->mind.signalled.gesture == world::Gesture::kHorn &&
                                          other->mind.signalled.to == car);
        }
    });
    for (const auto id : others) {
        const auto* other = rig.state.find(id);
        result.through += other == nullptr || other->X_WB.p.x < 100.0 ? 1 : 0;
    }
    return result;
}

TEST(WrongSide, IsDrivenForAGoodStretchWhereNobodyComes) {
    int drove = 0, touched = 0;
    constexpr int kSeeds = 12;
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        const WrongSide result = drive_on_wrong_side(seed, "wrong_way", 0);
        drove += result.far_m > 60.0 ? 1 : 0;
        touched += result.touched ? 1 : 0;
    }
    EXPECT_GE(drove, kSeeds - 1);
    EXPECT_EQ(touched, 0);
    EXPECT_EQ(drive_on_wrong_side(1, "attentive", 0).far_m, 0.0);
}

TEST(WrongSide, OthersBrakeKeepAsideAndSoundTheHornAndAllGetOn) {
    int drove = 0, braked = 0, aside = 0, horns = 0, touched = 0, through = 0;
    constexpr int kSeeds = 24, kOncoming = 4;
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        const WrongSide result = drive_on_wrong_side(seed, "wrong_way", kOncoming);
        drove += result.far_m > 20.0 ? 1 : 0;
        braked += result.slowest_mps < 8.0 ? 1 : 0;
        aside += result.aside_m < -0.4 ? 1 : 0;
        horns += result.horn ? 1 : 0;
        touched += result.touched ? 1 : 0;
        through += result.through;
    }
    fmt::print(
        "wrong side: {} of {} drove there, {} braked for, {} kept aside of, {} horns, {} contacts, "
        "{} of {} through\n",
        drove, kSeeds, braked, aside, horns, touched, through, kSeeds * kOncoming);
    EXPECT_GE(drove, kSeeds / 2);
    EXPECT_GE(braked, kSeeds / 4);
    EXPECT_GE(aside, kSeeds / 4);
    EXPECT_GE(horns, kSeeds / 4);
    EXPECT_EQ(touched, 0);
    EXPECT_EQ(through, kSeeds * kOncoming);
}

}  // namespace
}  // namespace huntsman::agents::traffic
