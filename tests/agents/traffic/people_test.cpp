#include "agents/conduct/people.h"

#include "agents/minds/perception.h"
#include "tests/agents/traffic/rig.h"
#include "tests/agents/traffic/streets.h"

namespace huntsman::agents::traffic {
namespace {

bool on_carriageway(const world::ActorState& actor) { return std::abs(actor.X_WB.p.y) < 3.5; }

TEST(Walking, PersonFollowsThePavementAtTheirOwnSpeed) {
    Rig rig(street_with_crossing(false));
    const auto person = rig.add_person(0, 2, true);
    rig.start();
    const double start = rig.actor(person).X_WB.p.x;
    rig.run(20.0, [&] {
        // Within the pavement, 2 m wide about y = -5.
        ASSERT_LT(std::abs(rig.actor(person).X_WB.p.y + 5.0), 1.0);
    });
    // Getting up to speed costs v²/2a, a third of a metre, and stepping aside a little more.
    EXPECT_NEAR(rig.actor(person).X_WB.p.x - start,
                20.0 * rig.traffic->traits(rig.actor(person)).walking_mps, 0.7);
}

TEST(Walking, TurnsBackAtTheEndOfTheWay) {
    Rig rig(street_with_crossing(false));
    const auto person = rig.add_person(0, 5, false);
    rig.start();
    rig.run(12.0);
    EXPECT_TRUE(rig.actor(person).mind.pedestrian().walkway_forward);
    EXPECT_GT(rig.actor(person).v_W.x, 0.5);
}

TEST(Walking, TwoWhoMeetPassWithoutTouching) {
    for (const double apart : {4.0, 12.0, 15.0}) {
        Rig rig(street_with_crossing(false));
        const auto east = rig.add_person(0, 2, true);
        const auto west = rig.add_person(0, 2 + apart, false);
        rig.start();
        rig.run(0.4 * apart + 3.0,
                [&] { ASSERT_TRUE(rig.state.contacts.empty()) << rig.time_s(); });
        EXPECT_GT(rig.actor(east).X_WB.p.x, rig.actor(west).X_WB.p.x);
    }
}

TEST(Zebra, PersonLooksThenCrossesAnEmptyRoad) {
    Rig rig(street_with_crossing(false));
    const auto person = rig.add_person(0, 34, true);
    rig.start();
    bool waited = false;
    double crossed = -1;
    rig.run(25.0, [&] {
        const auto& mind = rig.actor(person).mind.pedestrian();
        waited = waited || mind.intention == world::Intention::kWaitToCross;
        if (crossed < 0 && mind.walkway == 2) crossed = rig.time_s();
    });
    EXPECT_TRUE(waited);
    EXPECT_GT(crossed, 0.0);
    EXPECT_EQ(rig.actor(person).mind.pedestrian().intention, world::Intention::kWalk);
}

TEST(Zebra, CarGivesWayToAPersonWhoWaits) {
    Rig rig(street_with_crossing(false));
    const auto person = rig.add_person(0, 37, true);
    const auto car = rig.add_car(0, 20, 10.0);
    rig.start();
    double person_over = -1, car_over = -1;
    rig.run(30.0, [&] {
        ASSERT_TRUE(rig.state.contacts.empty());
        if (person_over < 0 && rig.actor(person).X_WB.p.y > 3.5) person_over = rig.time_s();
        if (car_over < 0 && rig.actor(car).X_WB.p.x > 102) car_over = rig.time_s();
    });
    EXPECT_GT(person_over, 0.0);
    EXPECT_GT(car_over, 0.0);
    EXPECT_LT(rig.actor(person).X_WB.p.y > 0 ? person_over - 3.0 : 1e9, car_over);
}

TEST(Zebra, PersonLetsACarPassThatCannotStop) {
    Rig rig(street_with_crossing(false));
    // Reaches the kerb when the car, at 13 m/s, is some 20 m away.
    const auto person = rig.add_person(0, 38.8, true);
    const auto car = rig.add_car(0, 60, 13.0);
    rig.start();
    double stepped = -1, passed = -1;
    rig.run(15.0, [&] {
        ASSERT_TRUE(rig.state.contacts.empty());
        if (stepped < 0 && on_carriageway(rig.actor(person))) stepped = rig.time_s();
        if (passed < 0 && rig.actor(car).X_WB.p.x > 102) passed = rig.time_s();
    });
    EXPECT_GT(passed, 0.0);
    EXPECT_GT(stepped, passed - 0.5);
}

TEST(Zebra, WaitingEyesGoBothWaysAndToTheApproachingCar) {
    Rig rig(street_with_crossing(false));
    const auto person = rig.add_person(0, 39.2, true);
    const auto car = rig.add_car(0, 55, 13.0);
    rig.start();
    int looked = 0, thinks = 0;
    rig.run(2.5, [&] {
        const auto& actor = rig.actor(person);
        if (actor.mind.pedestrian().intention != world::Intention::kWaitToCross) return;
        const auto to = math::xy(rig.actor(car).X_WB.p - actor.X_WB.p);
        if (rig.actor(car).X_WB.p.x > 95) return;
        ++thinks;
        const double off = actor.mind.pedestrian().gaze_rad - std::atan2(to.y, to.x);
        looked += std::abs(math::wrap_angle(off)) < 0.2 ? 1 : 0;
    });
    // Both ways in turn, and at the car once it has been seen.
    EXPECT_GT(looked, 0.35 * thinks);
    EXPECT_LT(looked, 0.95 * thinks);
    EXPECT_GT(thinks, 100);
}

TEST(Zebra, MarginIsTheHandComputedOne) {
    Rig rig(street_with_crossing(false));
    const auto person = rig.add_person(0, 30, true);
    rig.add_car(0, 45, 10.0);
    rig.start();
    const LaneBook book(rig.world, *rig.map);
    minds::Perception perception(rig.world, book, false, {.all_knowing = true});
    perception.begin(rig.state);
    const Traits traits;
    world::ActorState& agent = rig.actor(person);
    perception.perceive(agent, traits, 0.05, agent.mind);
    Scene scene;
    scene.build(book, {.id = person,
                       .archetype = agent.archetype,
                       .X_WB = agent.X_WB,
                       .mind = &agent.mind,
                       .traits = &traits});
    // The front, at 48.5 m, needs (98.5 - 48.5) / 10 = 5.0 s to the crossing. Lane 0 lies 2.0 m
    // from kerb a: a person at a, at 1.25 m/s, is clear of it after (2.0 + 1.1 + 0.28) / 1.25
    // = 2.704 s.
    EXPECT_NEAR(crossing_margin_s(scene, 0, 0.0, true, 1.25), 5.0 - 2.704, 1e-9);
    // From b, lane 0 is 5.5 m away: (5.5 + 1.38) / 1.25 = 5.504 s.
    EXPECT_NEAR(crossing_margin_s(scene, 0, 7.5, false, 1.25), 5.0 - 5.504, 1e-9);
}

TEST(Signal, NobodyStepsOnTheRoadAtRedAndAllCrossAtGreen) {
    Rig rig(street_with_crossing(true));
    std::vector<world::ActorId> people;
    for (int i = 0; i < 6; ++i) people.push_back(rig.add_person(0, 30.0 + 1.6 * i, true));
    rig.start();
    std::vector<bool> was_on(people.size(), false);
    rig.run(55.0, [&] {
        for (std::size_t i = 0; i < people.size(); ++i) {
            const bool on = on_carriageway(rig.actor(people[i]));
            if (on && !was_on[i]) {
                // Decided at green; the step from the kerb takes another two seconds at most.
                const double t = rig.time_s();
                EXPECT_GT(t, 10.0);
                EXPECT_LT(t, 27.0);
            }
            was_on[i] = on;
        }
    });
    for (const auto id : people) EXPECT_GT(rig.actor(id).X_WB.p.y, 3.5) << id;
}

TEST(Traits, SpeedsSpreadAsTheProfileSays) {
    const auto profile = profiles::load_profile("pedestrian");
    ASSERT_TRUE(profile.ok());
    double sum = 0, sum2 = 0;
    constexpr int kCount = 20000;
    for (world::ActorId id = 1; id <= kCount; ++id) {
        const Traits walker = traits_of(*profile, engine::core::Key(1), id);
        sum += walker.walking_mps;
        sum2 += walker.walking_mps * walker.walking_mps;
    }
    const double mean = sum / kCount, deviation = std::sqrt(sum2 / kCount - mean * mean);
    EXPECT_NEAR(mean, profile->walking_mps, 0.01);
    // A normal distribution cut at two deviations has 0.88 of its deviation.
    EXPECT_NEAR(deviation, 0.88 * profile->walking_sd_mps, 0.02);
}

}  // namespace
}  // namespace huntsman::agents::traffic
