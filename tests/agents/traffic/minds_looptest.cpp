// Experiments on minds: what agents do that cannot have seen something, or believe it wrongly.
//
// Each runs over many seeds, in two arms that differ in one thing. HUNTSMAN_PAIRS sets the number
// of pairs of all experiments.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <vector>

#include "agents/minds/perception.h"
#include "engine/core/describe_hash.h"
#include "engine/world/state_fields.h"
#include "tests/agents/traffic/rig.h"
#include "tests/agents/traffic/streets.h"

namespace huntsman::agents::traffic {
namespace {

int pairs(int usual) {
    const char* asked = std::getenv("HUNTSMAN_PAIRS");
    return asked != nullptr ? std::atoi(asked) : usual;
}

// Mean of paired differences with its interval of 95 %.
struct Difference {
    double mean = 0, low = 0, high = 0;
};
Difference difference_of(const std::vector<double>& differences) {
    const auto n = static_cast<double>(differences.size());
    double sum = 0, squares = 0;
    for (const double d : differences) sum += d;
    const double mean = sum / n;
    for (const double d : differences) squares += (d - mean) * (d - mean);
    const double half = 1.96 * std::sqrt(squares / (n - 1) / n);
    return {mean, mean - half, mean + half};
}

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
    const Traits driver = traits_of(*driver_profile, engine::core::Key(seed), car);
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
    if (std::getenv("HUNTSMAN_MINDS_DEBUG")) { int k = 0; for (auto& [e, t] : estimates) { fmt::print("{}{:.2f}{} ", k % 2 ? "R" : "U", e, t ? "+" : "-"); ++k; } fmt::print("\n"); }
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

}  // namespace
}  // namespace huntsman::agents::traffic
