// Ideal parts in the closed loop: they undo their faults, and nobody sees through a van.
#include <gtest/gtest.h>

#include "bridge/loop/actual.h"
#include "bridge/loop/observe.h"
#include "bridge/run/runner.h"
#include "tests/bridge/loop/options.h"

namespace huntsman::bridge::loop {
namespace {

RunResult run(const RunOptions& options, const std::vector<Observer>& observers = {}) {
    run::Runner runner(2);
    run::RunCallbacks callbacks;
    callbacks.observers = observers;
    auto result = runner.run(options, callbacks);
    EXPECT_TRUE(result) << result.error().text();
    return result ? std::move(*result) : RunResult{};
}

// Seen by the driver at the last frame.
Observer last_perception(messages::Perception& perception) {
    return {.sense = {},
            .frame = [&](const FrameView& view) -> engine::core::Status {
                perception = view.action.perception();
                return {};
            },
            .finished = {}};
}

RunOptions situation_options(const std::string& situation, double seconds) {
    RunOptions options = test_options("oracle", seconds);
    options.scenario.story.situation = situation;
    options.scenario.town.seed = 2001;
    options.scenario.town.vehicles = 0;
    options.scenario.town.pedestrians = 0;
    options.scenario.town.parked_share = 0;
    return options;
}

TEST(IdealParts, UndoTheirFaultsToTheBit) {
    RunOptions plain = town_options("oracle", 4);
    plain.latency = ConstantLatency{0};
    const auto hash = run(plain).state_hash;
    struct Case {
        std::vector<faults::Fault> faults;
        parts::Part part;
        int latency_ms;
    };
    const std::vector<Case> cases{
        {{faults::Late{.ms = 300}, faults::Drop{.share = 0.3}}, parts::Latency{}, 120},
        {{faults::WeakBrakes{.share = 0.5}, faults::SteerOffset{.deg = 3}}, parts::Actions{}, 0},
        {{faults::RouteShift{.left_m = 1}, faults::SpeedLimit{.factor = 2}}, parts::Map{}, 0}};
    for (const Case& one : cases) {
        RunOptions spoilt = plain;
        spoilt.faults = one.faults;
        spoilt.latency = ConstantLatency{one.latency_ms};
        EXPECT_NE(run(spoilt).state_hash, hash) << parts::text(one.part);
        spoilt.ideal = {one.part};
        const RunResult mended = run(spoilt);
        EXPECT_EQ(mended.state_hash, hash) << parts::text(one.part);
        // Its recording says so, and gives the run again.
        Resources resources(2);
        const auto again = replay(resources, mended.recording);
        ASSERT_TRUE(again) << again.error().text();
        EXPECT_EQ((*again)->state_hash(), hash) << parts::text(one.part);
    }
}

TEST(IdealParts, ABlindDriverSeesAgainAndThePlanIsMadeOnThat) {
    RunOptions options = situation_options("cpfa", 4);
    options.faults = {faults::Blind{.of_class = faults::Class::kPedestrian}};
    const auto people = [](const messages::Perception& perception) {
        int count = 0;
        for (const auto& object : perception.objects()) {
            count += object.object_class() == messages::OBJECT_PEDESTRIAN ? 1 : 0;
        }
        return count;
    };
    messages::Perception perception;
    const auto blind = run(options, {last_perception(perception)}).state_hash;
    EXPECT_EQ(people(perception), 0);
    options.ideal = {parts::Perception{.of_class = parts::Seen::kPedestrian}};
    const auto sees = run(options, {last_perception(perception)}).state_hash;
    EXPECT_EQ(people(perception), 1);
    EXPECT_NE(sees, blind) << "it reacts";
    for (const auto& object : perception.objects()) EXPECT_EQ(object.way_size(), 0);
    options.ideal.emplace_back(parts::Prediction{});
    run(options, {last_perception(perception)});
    EXPECT_EQ(people(perception), 1);
}

TEST(IdealParts, WhoIsHiddenCannotBeSeenAndComesIntoViewLater) {
    std::optional<Actual> actual;
    int hidden = 0, seen = 0;
    bool told = true;
    const Observer observer{
        .sense = {},
        .frame = [&](const FrameView& view) -> engine::core::Status {
            if (!actual) actual.emplace(view.world, nullptr);
            const auto visible = actual->at(view.state, view.observation.route());
            const auto all = true_perception(view.world, view.state, view.observation.route());
            const auto has_child = [](const messages::Perception& perception) {
                return std::ranges::any_of(perception.objects(), [](const auto& object) {
                    return object.object_class() == messages::OBJECT_PEDESTRIAN;
                });
            };
            told = told && has_child(all);
            (has_child(visible) ? seen : hidden) += 1;
            if (seen == 0) EXPECT_GT(all.objects_size(), visible.objects_size());
            return {};
        },
        .finished = {}};
    // The child comes out from between parked cars.
    run(situation_options("cpnco", 6), {observer});
    EXPECT_TRUE(told) << "the oracle is told of who is hidden";
    EXPECT_GT(hidden, 5);
    EXPECT_GT(seen, 5);
}

TEST(Ways, AreWhereSomebodyWentAfterNow) {
    engine::world::State state;
    state.actors.resize(1);
    state.actors[0].id = 4;
    Ways ways;
    for (int k = 0; k < 60; ++k) {
        state.time_us = 100'000 * k;
        state.actors[0].X_WB.p = {2.0 * k, -1.0 * k, 0};
        ways.note(state);
    }
    const auto from = ways.from(4, 1'000'000);
    ASSERT_EQ(from.size(), 40U) << "four seconds";
    EXPECT_NEAR(from.front().t_s, 0.1, 1e-12);
    EXPECT_NEAR(from.back().t_s, 4, 1e-12);
    EXPECT_NEAR(from.back().moved_m.x, 80, 1e-9);
    EXPECT_NEAR(from.back().moved_m.y, -40, 1e-9);
    EXPECT_EQ(ways.from(4, 5'800'000).size(), 1U) << "the run ends there";
    EXPECT_TRUE(ways.from(4, 5'950'000).empty());
    EXPECT_TRUE(ways.from(5, 1'000'000).empty());
}

}  // namespace
}  // namespace huntsman::bridge::loop
