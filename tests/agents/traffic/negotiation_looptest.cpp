// Situations in which nobody has the say alone: they are resolved soon and without touching, over
// many seeds. HUNTSMAN_PAIRS sets their number.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "engine/core/dice.h"
#include "tests/agents/traffic/pairs.h"
#include "tests/agents/traffic/rig.h"
#include "tests/agents/traffic/streets.h"

namespace huntsman::agents::traffic {
namespace {

using engine::core::Dice;
using engine::core::Key;

constexpr double kLimit_s = 20.0;

struct Outcome {
    bool resolved = false, touched = false;
    double time_s = 0;  // from the first who has to wait, or could
};

// Runs until `done`, at most kLimit_s after `begun`.
Outcome outcome_of(Rig& rig, const std::function<bool()>& begun,
                   const std::function<bool()>& done) {
    constexpr double kApproach_s = 40.0;
    Outcome outcome;
    double from = -1;
    while (rig.time_s() < kApproach_s + kLimit_s) {
        rig.step();
        if (from < 0 && begun()) from = rig.time_s();
        outcome.touched = outcome.touched || !rig.state.contacts.empty();
        if (done()) {
            outcome.resolved = true;
            outcome.time_s = from < 0 ? 0.0 : rig.time_s() - from;
            break;
        }
        if (from >= 0 && rig.time_s() - from > kLimit_s) break;
    }
    return outcome;
}

void expect_resolved(const char* name, const std::function<Outcome(std::uint64_t)>& run) {
    const int count = pairs(150);
    int resolved = 0, touched = 0;
    double longest = 0, sum = 0;
    std::string failed;
    for (int i = 0; i < count; ++i) {
        const auto seed = static_cast<std::uint64_t>(20000 + i);
        const Outcome outcome = run(seed);
        resolved += outcome.resolved ? 1 : 0;
        touched += outcome.touched ? 1 : 0;
        longest = std::max(longest, outcome.time_s);
        sum += outcome.time_s;
        if ((!outcome.resolved || outcome.touched) && failed.size() < 60) {
            failed += fmt::format(" {}", seed);
        }
    }
    fmt::print(
        "{}: {} of {} resolved within {} s, {} touched, mean {:.1f} s, longest {:.1f} s;{}\n", name,
        resolved, count, kLimit_s, touched, sum / count, longest,
        failed.empty() ? "" : " not:" + failed);
    EXPECT_GE(resolved, 99 * count / 100) << failed;
    EXPECT_EQ(touched, 0) << failed;
}

bool left_junction(Rig& rig, world::ActorId id) {
    const auto lane = rig.actor(id).mind.driver().route[0];
    return lane < 8 && lane % 2 == 1;
}

// Three cars: by HCM a car takes up to 6 s there, so that four could not all be through in time.
TEST(Negotiation, AllWayStop) {
    expect_resolved("all-way stop", [](std::uint64_t seed) {
        Rig rig(all_way_stop());
        rig.world.seed = seed;
        Dice dice(Key(seed).with("stop"));
        std::vector<world::ActorId> cars;
        for (world::LaneId arm = 0; arm < 3; ++arm) {
            cars.push_back(rig.add_car(2 * arm, dice.uniform(35.0, 60.0), 8.0));
        }
        rig.start();
        return outcome_of(
            rig,
            [&] {
                return std::any_of(cars.begin(), cars.end(),
                                   [&](auto id) { return rig.actor(id).mind.waited_s() > 0.2; });
            },
            [&] {
                // Everybody has had its turn.
                return std::all_of(cars.begin(), cars.end(), [&](auto id) {
                    return rig.actor(id).mind.driver().route[0] >= 8 || left_junction(rig, id);
                });
            });
    });
}

TEST(Negotiation, UnprotectedLeftTurn) {
    expect_resolved("unprotected left", [](std::uint64_t seed) {
        Rig rig(tests::four_way(false));
        rig.world.seed = seed;
        Dice dice(Key(seed).with("left"));
        const auto left = rig.add_car(0, dice.uniform(40.0, 70.0), 8.0);
        double at = dice.uniform(60.0, 80.0);
        std::vector<world::ActorId> oncoming;
        while (at > 5.0) {
            oncoming.push_back(rig.add_car(4, at, 9.0));
            at -= dice.uniform(15.0, 45.0);
        }
        rig.start();
        rig.actor(left).mind.driver().route = world::DriverMind::no_route();
        rig.actor(left).mind.driver().route[0] = 0;
        rig.actor(left).mind.driver().route[1] = 8 + 2;
        rig.actor(left).mind.driver().route[2] = rig.world.roads.lanes[8 + 2].successors.front();
        for (const auto id : oncoming) {
            rig.actor(id).mind.driver().route = world::DriverMind::no_route();
            rig.actor(id).mind.driver().route[0] = 4;
            rig.actor(id).mind.driver().route[1] = 8 + 6 + 1;
            rig.actor(id).mind.driver().route[2] =
                rig.world.roads.lanes[8 + 6 + 1].successors.front();
        }
        return outcome_of(
            rig, [&] { return rig.actor(left).mind.waited_s() > 0.2; },
            [&] { return left_junction(rig, left); });
    });
}

TEST(Negotiation, NarrowPassage) {
    expect_resolved("narrow passage", [](std::uint64_t seed) {
        Rig rig(tests::straight_road(300));
        rig.world.seed = seed;
        Dice dice(Key(seed).with("narrow"));
        rig.world.objects.push_back(standing_van(150.0));
        const auto east = rig.add_car(0, dice.uniform(70.0, 110.0), 8.0);
        const auto west = rig.add_car(1, dice.uniform(70.0, 120.0), 8.0);
        rig.start();
        return outcome_of(
            rig,
            [&] {
                return rig.actor(east).mind.waited_s() > 0.2 ||
                       rig.actor(west).mind.waited_s() > 0.2;
            },
            [&] { return rig.actor(east).X_WB.p.x > 165.0 && rig.actor(west).X_WB.p.x < 140.0; });
    });
}

TEST(Negotiation, ZipMerge) {
    expect_resolved("zip merge", [](std::uint64_t seed) {
        Rig rig(lane_drop());
        rig.world.seed = seed;
        Dice dice(Key(seed).with("zip"));
        std::vector<world::ActorId> cars;
        for (const world::LaneId lane : {0U, 1U}) {
            double at = dice.uniform(60.0, 75.0);
            for (int i = 0; i < 3; ++i) {
                cars.push_back(rig.add_car(lane, at, 9.0));
                at -= dice.uniform(14.0, 20.0);
            }
        }
        rig.start();
        return outcome_of(
            rig, [&] { return rig.time_s() > 8.0; },
            [&] {
                return std::all_of(cars.begin(), cars.end(), [&](auto id) {
                    return rig.actor(id).mind.driver().route[0] == 2U;
                });
            });
    });
}

}  // namespace
}  // namespace huntsman::agents::traffic
