// What gestures are worth: situations with and without horn, flash and waved hand, over many seeds.
// HUNTSMAN_PAIRS sets their number.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>

#include "engine/core/dice.h"
#include "tests/agents/traffic/pairs.h"
#include "tests/agents/traffic/rig.h"
#include "tests/agents/traffic/streets.h"

namespace huntsman::agents::traffic {
namespace {

using engine::core::Dice;
using engine::core::Key;

// Runs until `done`, at most `limit_s` [s].
double time_until(Rig& rig, double limit_s, const std::function<bool()>& done) {
    while (rig.time_s() < limit_s && !done()) {
        rig.step();
        EXPECT_TRUE(rig.state.contacts.empty()) << rig.world.seed << " at " << rig.time_s();
    }
    return rig.time_s();
}

bool left_junction(Rig& rig, world::ActorId id) {
    const auto lane = rig.actor(id).mind.driver().route[0];
    return lane < 8 && lane % 2 == 1;
}

// Two who come to an all-way stop at the same time, from neighbouring arms: when both are through.
double all_way_stop_s(std::uint64_t seed, bool gestures) {
    Rig rig(all_way_stop());
    rig.world.seed = seed;
    rig.options.gestures = gestures;
    Dice dice(Key(seed).with("stop"));
    const double at_m = dice.uniform(60.0, 70.0);
    const auto east = rig.add_car(0, at_m, 8.0), north = rig.add_car(2, at_m, 8.0);
    rig.start();
    return time_until(rig, 60.0,
                      [&] { return left_junction(rig, east) && left_junction(rig, north); });
}

// Somebody waits at a zebra and does not cross, and a driver stops for them: when the driver is
// past it.
double past_zebra_s(std::uint64_t seed, bool gestures) {
    Rig rig(street_with_crossing(false));
    rig.world.seed = seed;
    rig.options.gestures = gestures;
    Dice dice(Key(seed).with("zebra"));
    const auto person = rig.add_person(0, 39.4, true);
    const auto car = rig.add_car(0, dice.uniform(40.0, 60.0), 8.0);
    rig.start();
    rig.after_think = [&] { rig.actor(person).mind.deliberation = {}; };
    return time_until(rig, 40.0, [&] { return rig.actor(car).X_WB.p.x > 105.0; });
}

Difference difference_in(const char* name, int count,
                         const std::function<double(std::uint64_t, bool)>& time_s) {
    std::vector<double> differences;
    double with = 0, without = 0;
    for (int i = 0; i < count; ++i) {
        const auto seed = static_cast<std::uint64_t>(30000 + i);
        const double a = time_s(seed, true), b = time_s(seed, false);
        with += a / count;
        without += b / count;
        differences.push_back(b - a);
    }
    const Difference d = difference_of(differences);
    fmt::print(
        "{}: {} pairs, {:.2f} s with gestures, {:.2f} s without, difference {:.2f} ({:.2f} to "
        "{:.2f}) s\n",
        name, count, with, without, d.mean, d.low, d.high);
    return d;
}

TEST(Gestures, ShortenAnAllWayStop) {
    EXPECT_GT(difference_in("all-way stop", pairs(300), all_way_stop_s).low, 0.0);
}

TEST(Gestures, LetADriverGoOnForWhomSomebodyWaitsAtAZebra) {
    EXPECT_GT(difference_in("zebra", pairs(40), past_zebra_s).low, 0.0);
}

}  // namespace
}  // namespace huntsman::agents::traffic
