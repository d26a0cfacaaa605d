// Experiments on minds: what agents do that cannot have seen something, or believe it wrongly.
//
// Each runs over many seeds, in two arms that differ in one thing. HUNTSMAN_PAIRS sets the number
// of pairs of all experiments.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "agents/minds/perception.h"
#include "engine/core/describe_hash.h"
#include "engine/world/state_fields.h"
#include "tests/agents/traffic/pairs.h"
#include "tests/agents/traffic/rig.h"
#include "tests/agents/traffic/streets.h"

namespace huntsman::agents::traffic {
namespace {

// Area under the curve of a score that should be higher where `truth` holds: the share of pairs
// that it orders rightly.
double area_under_curve(const std::vector<std::pair<double, bool>>& scored) {
    double right = 0, all = 0;
    for (const auto& [high, is_true] : scored) {
        if (!is_true) continue;
        for (const auto& [low, also_true] : scored) {
            if (also_true) continue;
            all += 1;
            right += high > low ? 1.0 : high == low ? 0.5 : 0.0;
        }
    }
    return right / all;
}

// --- A car that starts while somebody looks away (Sally and Anne with a car) ---
//
// A person waits at a zebra. A car stands up the road. It comes to the same place and speed at
// kDecides_s in both arms; in one it has driven when the person last looked, in the other it starts
// after that. From kLastLook_s on the person looks away, until after the decision.
constexpr double kLastLook_s = 3.0, kDecides_s = 5.6, kEnd_s = 7.2;
constexpr double kSpeed_mps = 8.0, kThere_m = 74.0;  // of the car at kDecides_s; zebra from 98.5 on

// Place and speed of the car at a time.
struct CarAt {
    double x_m = 0, v_mps = 0;
};
CarAt car_at(bool starts_unseen, double t_s) {
    const double a = 4.0, ramp_s = kSpeed_mps / a;
    // When it has reached its speed: before the last look, or just before the decision.
    const double full_s = starts_unseen ? kDecides_s - 0.4 : kLastLook_s - 0.4;
    if (t_s >= full_s) return {kThere_m + (t_s - kDecides_s) * kSpeed_mps, kSpeed_mps};
    const double since = std::max(0.0, t_s - (full_s - ramp_s));
    const double full_x = kThere_m + (full_s - kDecides_s) * kSpeed_mps;
    return {full_x - 0.5 * a * ramp_s * ramp_s + 0.5 * a * since * since, a * since};
}

struct Crossing {
    bool stepped_out = false;
    bool knows = false;   // the person believes that the car moves
    double estimate = 0;  // of the car's driver: has it seen me
    double gaze_rad = 0;  // of the person at the decision
    double car_x_m = 0, car_v_mps = 0;
};
Crossing cross_before(std::uint64_t seed, bool starts_unseen, bool all_knowing) {
    Rig rig(street_with_crossing(false));
    rig.world.seed = seed;
    rig.options.all_knowing = all_knowing;
    const auto person = rig.add_person(0, 39.4, true);
    rig.world.spawns.back().profile = "on_phone";
    const auto car = rig.add_car(0, car_at(starts_unseen, 0).x_m, 0);
    rig.start();
    Crossing result;
    // Drives the car from the side of a script, with eyes of its own.
    const conduct::LaneBook book(rig.world, *rig.map, false);
    minds::Perception eyes(rig.world, book, false, {});
    const auto driver_profile = profiles::load_profile("attentive");
    Traits driver = traits_of(*driver_profile, engine::core::Key(seed), car);
    driver.level = 2;  // one who thinks of what others have seen
    world::Mind watching = rig.actor(car).mind;
    rig.after_think = [&] {
        const double t = rig.time_s();
        auto& walker = rig.actor(person);
        const bool thought = rig.state.time_us % Traffic::kThinkPeriod_us == 0;
        if (thought) {
            walker.mind.glance = {t >= kLastLook_s, engine::core::from_seconds(1000.0)};
            if (t < kDecides_s) walker.mind.deliberation = {};
            watching.driver().waited_s = rig.speed(car) < 0.1 ? 1.0 : watching.driver().waited_s;
            if (rig.speed(car) > 1.5) watching.driver().waited_s = 0;
            watching.driver().gaze_rad = rig.actor(car).X_WB.yaw_rad();
            eyes.begin(rig.state);
            eyes.perceive(rig.actor(car), driver, 0.05, watching);
        }
        const CarAt next = car_at(starts_unseen, t + 0.005);
        auto& vehicle = rig.actor(car);
        world::ScriptedMotion motion;
        motion.X_WB = vehicle.X_WB;
        motion.X_WB.p.x = next.x_m;
        motion.v_W = {next.v_mps, 0, 0};
        vehicle.scripted = motion;
    };
    while (rig.time_s() < kEnd_s && !result.stepped_out) {
        const double t = rig.time_s();
        if (std::abs(t - kDecides_s) < 1e-9) {
            const auto* track = rig.actor(person).mind.beliefs.find(car);
            result.knows = track != nullptr && glm::length(track->v_W) > 1.0;
            const auto* seen = watching.beliefs.find(person);
            result.estimate = seen != nullptr && seen->mind ? seen->mind->has_seen_me : 0.0;
            result.gaze_rad = rig.actor(person).mind.gaze_rad();
            result.car_x_m = rig.actor(car).X_WB.p.x;
            result.car_v_mps = rig.speed(car);
        }
        rig.step();
        result.stepped_out = rig.actor(person).mind.intention() == world::Intention::kCrossRoad;
    }
    return result;
}

TEST(FalseBelief, WhoDidNotSeeTheCarStartStepsOutMore) {
    std::vector<double> differences;
    std::vector<std::pair<double, bool>> estimates;
    int unseen = 0, seen = 0;
    const int count = pairs(500);
    for (int i = 0; i < count; ++i) {
        const auto seed = static_cast<std::uint64_t>(1000 + i);
        const Crossing wrong = cross_before(seed, true, false);
        const Crossing right = cross_before(seed, false, false);
        // The world is the same at the decision, and the eyes too.
        ASSERT_NEAR(wrong.car_x_m, right.car_x_m, 1e-9);
        ASSERT_NEAR(wrong.car_v_mps, right.car_v_mps, 1e-9);
        ASSERT_NEAR(wrong.gaze_rad, right.gaze_rad, 1e-9);
        unseen += wrong.stepped_out ? 1 : 0;
        seen += right.stepped_out ? 1 : 0;
        differences.push_back((wrong.stepped_out ? 1.0 : 0.0) - (right.stepped_out ? 1.0 : 0.0));
        estimates.emplace_back(wrong.estimate, wrong.knows);
        estimates.emplace_back(right.estimate, right.knows);
    }
    const Difference d = difference_of(differences);
    const double area = area_under_curve(estimates);
    fmt::print(
        "false belief: {} pairs, steps out {:.1f} % unseen, {:.1f} % seen, difference {:.1f} "
        "({:.1f} to {:.1f}) points; AUC of the driver's estimate {:.3f}\n",
        count, 100.0 * unseen / count, 100.0 * seen / count, 100 * d.mean, 100 * d.low,
        100 * d.high, area);
    EXPECT_GT(d.low, 0.0);
    EXPECT_GT(area, 0.9);
}

TEST(FalseBelief, VanishesForThoseWhoKnowEverything) {
    std::vector<double> differences;
    const int count = pairs(1000);
    for (int i = 0; i < count; ++i) {
        const auto seed = static_cast<std::uint64_t>(1000 + i);
        differences.push_back((cross_before(seed, true, true).stepped_out ? 1.0 : 0.0) -
                              (cross_before(seed, false, true).stepped_out ? 1.0 : 0.0));
    }
    const Difference d = difference_of(differences);
    fmt::print("all-knowing: {} pairs, difference {:.1f} ({:.1f} to {:.1f}) points\n", count,
               100 * d.mean, 100 * d.low, 100 * d.high);
    EXPECT_GT(d.low, -0.05);
    EXPECT_LT(d.high, 0.05);
}

// --- Second order: has it seen me? ---

// Share of the free speed that a driver still has 20 m before somebody who stands at the kerb
// facing the road, and either looks at the car or at a phone.
double speed_before(std::uint64_t seed, bool looks, bool other_minds) {
    Rig rig(street_with_crossing(false));
    rig.world.seed = seed;
    rig.options.other_minds = other_minds;
    rig.world.roads.crossings.clear();
    for (auto& walkway : rig.world.roads.walkways) walkway.crossing = world::kNone;
    const auto person = rig.add_person(0, 30.0, true);  // at x = 90
    const auto car = rig.add_car(0, 20.0, 13.0);
    rig.start();
    rig.after_think = [&] {
        auto& walker = rig.actor(person);
        walker.mind.glance = {!looks, engine::core::from_seconds(1000.0)};
        walker.walk = {{0, 0}, 0.5 * math::kPi};
        const auto to = math::xy(rig.actor(car).X_WB.p - walker.X_WB.p);
        walker.mind.pedestrian().gaze_rad = looks ? std::atan2(to.y, to.x) : 0.5 * math::kPi;
        rig.actor(car).mind.glance = {false, engine::core::from_seconds(1000.0)};
    };
    double fastest = 0;
    while (rig.actor(car).X_WB.p.x + 3.5 < 70.0 && rig.time_s() < 30.0) {
        rig.step();
        fastest = std::max(fastest, rig.speed(car));
    }
    return rig.speed(car) / fastest;
}

Difference slowing(bool other_minds, double& looked_share, double& unseen_share) {
    std::vector<double> differences;
    int looked = 0, unseen = 0;
    const int count = pairs(1000);
    constexpr double kSlowed = 0.9;
    for (int i = 0; i < count; ++i) {
        const auto seed = static_cast<std::uint64_t>(5000 + i);
        const bool slowed_unseen = speed_before(seed, false, other_minds) < kSlowed;
        const bool slowed_looked = speed_before(seed, true, other_minds) < kSlowed;
        unseen += slowed_unseen ? 1 : 0;
        looked += slowed_looked ? 1 : 0;
        differences.push_back((slowed_unseen ? 1.0 : 0.0) - (slowed_looked ? 1.0 : 0.0));
    }
    looked_share = 100.0 * looked / count;
    unseen_share = 100.0 * unseen / count;
    return difference_of(differences);
}

TEST(SecondOrder, DriversSlowEarlierForWhoHasNotSeenThem) {
    double looked = 0, unseen = 0;
    const Difference d = slowing(true, looked, unseen);
    fmt::print(
        "second order: slowed 20 m before: {:.1f} % for who does not look, {:.1f} % for who "
        "does, difference {:.1f} ({:.1f} to {:.1f}) points\n",
        unseen, looked, 100 * d.mean, 100 * d.low, 100 * d.high);
    EXPECT_GT(d.low, 0.0);
}

TEST(SecondOrder, DoesNotMatterToThoseWhoDoNotThinkOfIt) {
    double looked = 0, unseen = 0;
    const Difference d = slowing(false, looked, unseen);
    fmt::print("second order off: difference {:.1f} ({:.1f} to {:.1f}) points\n", 100 * d.mean,
               100 * d.low, 100 * d.high);
    EXPECT_GT(d.low, -0.05);
    EXPECT_LT(d.high, 0.05);
}

// --- Levels ---

// All think so many steps ahead.
void set_level(Rig& rig, int level) {
    rig.alter = [level](profiles::Profile& profile) {
        profile.levels = {level == 0 ? 1.0 : 0.0, level == 1 ? 1.0 : 0.0, level == 2 ? 1.0 : 0.0};
    };
}

// Speed of a car before somebody who stands at the kerb at x = 90, faces the road and either looks
// at the car or at a phone. Behind them a car may stand on the road for which it brakes anyway.
double speed_at_kerb(std::uint64_t seed, int level, bool looks, bool queue) {
    Rig rig(street_with_crossing(false));
    rig.world.seed = seed;
    set_level(rig, level);
    rig.world.roads.crossings.clear();
    for (auto& walkway : rig.world.roads.walkways) walkway.crossing = world::kNone;
    const auto person = rig.add_person(0, 30.0, true);
    rig.world.spawns.back().X_WB.p.y = -4.0;  // close to the kerb
    const auto car = rig.add_car(0, 20.0, 13.0);
    const auto standing = queue ? rig.add_car(0, 93.0, 0.0) : car;
    rig.start();
    rig.after_think = [&] {
        auto& walker = rig.actor(person);
        walker.mind.glance = {!looks, engine::core::from_seconds(1000.0)};
        walker.walk = {{0, 0}, 0.5 * math::kPi};
        const auto to = math::xy(rig.actor(car).X_WB.p - walker.X_WB.p);
        walker.mind.pedestrian().gaze_rad = looks ? std::atan2(to.y, to.x) : 0.5 * math::kPi;
        rig.actor(car).mind.glance = {false, engine::core::from_seconds(1000.0)};
        if (queue) rig.actor(standing).mind.driver().acceleration_mps2 = -3.0;
    };
    const double until_m = queue ? 82.0 : 70.0;
    while (rig.actor(car).X_WB.p.x + 3.5 < until_m && rig.time_s() < 30.0) rig.step();
    return rig.speed(car);
}

Difference speed_difference(const char* name, int low_level, int high_level, bool looks,
                            bool queue) {
    std::vector<double> differences;
    double low = 0, high = 0;
    const int count = pairs(60);
    for (int i = 0; i < count; ++i) {
        const auto seed = static_cast<std::uint64_t>(7000 + i);
        const double a = speed_at_kerb(seed, low_level, looks, queue);
        const double b = speed_at_kerb(seed, high_level, looks, queue);
        low += a / count;
        high += b / count;
        differences.push_back(a - b);
    }
    const Difference d = difference_of(differences);
    fmt::print(
        "{}: {} pairs, {:.2f} m/s at level {}, {:.2f} m/s at level {}, difference {:.2f} ({:.2f} "
        "to {:.2f}) m/s\n",
        name, count, low, low_level, high, high_level, d.mean, d.low, d.high);
    return d;
}

TEST(Levels, TheFirstSlowsForWhoHasNotSeenIt) {
    EXPECT_GT(speed_difference("has not seen me", 0, 1, false, false).low, 0.0);
}

// It brakes for a queue, and who has seen it may take that for giving way.
TEST(Levels, TheSecondIsCarefulOfWhoExpectsItToStop) {
    EXPECT_GT(speed_difference("expects me to stop", 1, 2, true, true).low, 0.0);
    const Difference d = speed_difference("has seen me", 1, 2, true, false);
    EXPECT_NEAR(d.mean, 0.0, 0.1);
}

// --- Eye contact ---

// Time until somebody at a zebra decides to cross before a car that comes slowly, whose driver
// looks at them or away.
double decision_s(std::uint64_t seed, bool looks) {
    constexpr double kLimit_s = 8.0;
    Rig rig(street_with_crossing(false));
    rig.world.seed = seed;
    const auto person = rig.add_person(0, 39.4, true);
    const auto car = rig.add_car(0, 76.0, 3.0);
    rig.start();
    rig.after_think = [&] {
        auto& vehicle = rig.actor(car);
        const auto to = math::xy(rig.actor(person).X_WB.p - vehicle.X_WB.p);
        auto& driver = vehicle.mind.driver();
        driver.gaze_rad = looks ? std::atan2(to.y, to.x) : vehicle.X_WB.yaw_rad() + 1.2;
        driver.acceleration_mps2 = 2.0 * (3.0 - rig.speed(car));
        rig.actor(person).mind.glance = {false, engine::core::from_seconds(1000.0)};
    };
    while (rig.time_s() < kLimit_s &&
           rig.actor(person).mind.intention() != world::Intention::kCrossRoad) {
        rig.step();
    }
    return rig.time_s();
}

TEST(EyeContact, ShortensTheDecisionToCross) {
    std::vector<double> differences;
    double met = 0, unmet = 0;
    const int count = pairs(500);
    for (int i = 0; i < count; ++i) {
        const auto seed = static_cast<std::uint64_t>(9000 + i);
        const double with = decision_s(seed, true), without = decision_s(seed, false);
        met += with / count;
        unmet += without / count;
        differences.push_back(without - with);
    }
    const Difference d = difference_of(differences);
    fmt::print(
        "eye contact: decided after {:.2f} s, {:.2f} s without, difference {:.2f} ({:.2f} to "
        "{:.2f}) s\n",
        met, unmet, d.mean, d.low, d.high);
    EXPECT_GT(d.low, 0.0);
}

// --- Phantoms ---

// Speed of a car beside a parked van, behind which it believes somebody to be with a probability.
double speed_past_van(std::uint64_t seed, double exists, bool phantoms) {
    constexpr world::ActorId kSomebody = 500;
    Rig rig(tests::straight_road());
    rig.world.seed = seed;
    rig.options.phantoms = phantoms;
    world::StaticObject van;
    van.id = world::kFirstStaticObject;
    van.semantic = world::Semantic::kVan;
    van.extent = {2.6, 2.6, 2.0, 2.3};
    van.X_WB = math::upright({110.0, -4.9, 0.0}, 0.0);
    van.collides = true;
    rig.world.objects.push_back(van);
    const auto car = rig.add_car(0, 20.0, 12.0);
    rig.start();
    rig.after_think = [&] {
        auto& tracks = rig.actor(car).mind.beliefs.tracks;
        std::erase_if(tracks, [](const auto& track) { return track.id == kSomebody; });
        if (exists <= 0.0) return;
        world::Track hidden;
        hidden.id = kSomebody;
        hidden.kind = world::Semantic::kPedestrian;
        hidden.archetype = kPersonKind;
        hidden.exists = exists;
        hidden.p_W = {113.1, -4.9, 0.0};
        hidden.yaw_rad = 0.5 * math::kPi;
        hidden.unseen_s = 2.0;
        tracks.push_back(hidden);
    };
    double slowest = 1e9;
    while (rig.actor(car).X_WB.p.x < 108.0 && rig.time_s() < 40.0) {
        rig.step();
        if (rig.actor(car).X_WB.p.x > 70.0) slowest = std::min(slowest, rig.speed(car));
    }
    return slowest;
}

TEST(Phantoms, SpeedPastAParkedVanFallsWithTheBeliefInSomebodyBehindIt) {
    const int count = std::max(10, pairs(200) / 10);
    std::vector<double> means;
    for (const double exists : {0.0, 0.3, 0.6, 0.95}) {
        double sum = 0;
        for (int i = 0; i < count; ++i) {
            sum += speed_past_van(static_cast<std::uint64_t>(300 + i), exists, true);
        }
        means.push_back(sum / count);
    }
    double without = 0;
    for (int i = 0; i < count; ++i) {
        without += speed_past_van(static_cast<std::uint64_t>(300 + i), 0.0, false) / count;
    }
    fmt::print(
        "parked van: {:.2f} m/s without phantoms, then with somebody behind it believed with "
        "0, 0.3, 0.6, 0.95: {:.2f} {:.2f} {:.2f} {:.2f} m/s\n",
        without, means[0], means[1], means[2], means[3]);
    EXPECT_LT(means[0], without - 0.1);
    EXPECT_LT(means[1], means[0] - 0.2);
    EXPECT_LT(means[2], means[1] - 0.1);
    EXPECT_LT(means[3], means[2] - 0.05);
}

// --- Firewall ---

std::uint64_t hash_of(const world::ActorState& actor) {
    engine::core::Hasher hasher;
    engine::core::add_to(hasher, actor.mind);
    engine::core::add_to(hasher, actor.walk);
    return hasher.digest();
}

// An agent's mind after each think, while another, which a wall hides, stands at one of two places
// with different speed and lamps. `exposed`: there is no wall.
std::vector<std::uint64_t> minds_beside_wall(std::uint64_t seed, bool elsewhere, bool exposed) {
    Rig rig(tests::four_way(false));
    rig.world.seed = seed;
    if (!exposed) {
        world::StaticObject wall;
        wall.id = world::kFirstStaticObject;
        wall.semantic = world::Semantic::kBuilding;
        wall.extent = {40.0, 40.0, 60.0, 8.0};
        wall.X_WB = math::upright({50.0, -40.0, 0.0}, 0.0);
        wall.collides = true;
        rig.world.objects.push_back(wall);
    }
    // From the south towards the junction; the other waits on the arm from the east.
    const auto driver = rig.add_car(6, 20.0, 6.0);
    const auto other = rig.add_car(0, 40.0, 0.0);
    rig.start();
    std::vector<std::uint64_t> minds;
    for (int think = 0; think < 40; ++think) {
        // Nobody moves: what the world shows is fixed but for the other.
        auto& hidden = rig.actor(other);
        world::ScriptedMotion motion;
        motion.X_WB = math::upright({elsewhere ? 80.0 : 60.0, 1.75, 0}, math::kPi);
        hidden.scripted = motion;
        hidden.X_WB = motion.X_WB;
        hidden.v_W = {elsewhere ? -12.0 : 0.0, 0, 0};
        hidden.lamps = elsewhere ? world::bit(world::Lamp::kTurnLeft) : 0U;
        rig.state.time_us += Traffic::kThinkPeriod_us;
        rig.state.tick += 10;
        rig.traffic->think(rig.state);
        minds.push_back(hash_of(rig.actor(driver)));
    }
    return minds;
}

TEST(Firewall, WhatIsHiddenChangesNoBitOfAMind) {
    int differ_when_seen = 0;
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        EXPECT_EQ(minds_beside_wall(seed, false, false), minds_beside_wall(seed, true, false))
            << seed;
        differ_when_seen +=
            minds_beside_wall(seed, false, true) != minds_beside_wall(seed, true, true) ? 1 : 0;
    }
    // Where it can be seen it makes a difference.
    EXPECT_GE(differ_when_seen, 95);
}

}  // namespace
}  // namespace huntsman::agents::traffic
