#include "engine/sim/simulation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace huntsman::engine::sim {
namespace {

using testing::ElementsAre;

world::State one_actor() {
    world::State state;
    state.actors.resize(1);
    state.actors[0].id = world::kEgo;
    return state;
}

Phase noted(PhaseOrder order, core::TimeUs period_us, std::vector<std::string>& notes) {
    return {order, period_us, 0, [order, &notes](world::State& state) -> core::Status {
                notes.push_back(fmt::format("{}@{}", name(order), state.time_us / 1000));
                return {};
            }};
}

TEST(Due, FirstTickAtOrAfterEachMultipleOfThePeriod) {
    // 36 Hz: 27 777 us; ticks at 0, 30, 60, 85, 115, 140 ms ...
    std::vector<core::TimeUs> ticks;
    for (core::TimeUs t = 0; t <= 140'000; t += 5000) {
        if (due(t, 27'777)) ticks.push_back(t / 1000);
    }
    EXPECT_THAT(ticks, ElementsAre(0, 30, 60, 85, 115, 140));
    EXPECT_TRUE(due(5000, 5000));
    EXPECT_TRUE(due(15'000, 3000));  // shorter than a tick: each tick
    EXPECT_FALSE(due(5000, 10'000));
}

TEST(Simulation, RunsPhasesInOrderAtTheirOwnRates) {
    std::vector<std::string> notes;
    std::vector<Phase> phases = {noted(PhaseOrder::kMove, 5000, notes),
                                 noted(PhaseOrder::kThink, 10'000, notes)};
    Simulation simulation(one_actor(), std::move(phases));
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(simulation.tick().ok());
    EXPECT_THAT(notes, ElementsAre("think@0", "move@0", "move@5", "think@10", "move@10"));
    EXPECT_EQ(simulation.state().tick, 3);
    EXPECT_EQ(simulation.state().time_us, 15'000);
    ASSERT_EQ(simulation.chain().size(), 5U);
    EXPECT_EQ(simulation.chain()[3].tick, 2);
    EXPECT_EQ(simulation.chain()[3].phase, PhaseOrder::kThink);
    EXPECT_EQ(simulation.phase_seconds().size(), 2U);
}

TEST(Simulation, ATickInTwoPartsIsTheSameTick) {
    std::vector<std::string> notes, whole_notes;
    const auto phases = [](std::vector<std::string>& to) {
        return std::vector<Phase>{noted(PhaseOrder::kThink, 10'000, to),
                                  noted(PhaseOrder::kDrive, 5000, to),
                                  noted(PhaseOrder::kMove, 5000, to)};
    };
    Simulation parts(one_actor(), phases(notes)), whole(one_actor(), phases(whole_notes));
    ASSERT_TRUE(parts.run_to(PhaseOrder::kDrive).ok());
    EXPECT_THAT(notes, ElementsAre("think@0", "drive@0"));
    ASSERT_TRUE(parts.run_to(PhaseOrder::kDrive).ok());  // has run
    EXPECT_EQ(parts.state().tick, 0);
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(parts.tick().ok());
        ASSERT_TRUE(parts.run_to(PhaseOrder::kThink).ok());
        ASSERT_TRUE(whole.tick().ok());
    }
    ASSERT_TRUE(whole.run_to(PhaseOrder::kThink).ok());
    EXPECT_EQ(notes, whole_notes);
    EXPECT_EQ(parts.chain(), whole.chain());
    EXPECT_EQ(parts.state_hash(), whole.state_hash());
}

TEST(Simulation, ScheduleAgreesWithDueForOddPeriods) {
    for (const core::TimeUs period : {3000, 5000, 7000, 27'777, 33'333, 50'000}) {
        std::vector<core::TimeUs> ran, expected;
        Phase phase{PhaseOrder::kSense, period, 0, [&ran](world::State& state) -> core::Status {
                        ran.push_back(state.time_us);
                        return {};
                    }};
        Simulation simulation(one_actor(), {phase});
        for (core::TimeUs t = 0; t < 500'000; t += 5000) {
            if (due(t, period)) expected.push_back(t);
            ASSERT_TRUE(simulation.tick().ok());
        }
        EXPECT_EQ(ran, expected) << period;
    }
}

TEST(Simulation, PhasesOfOneOrderKeepTheirGivenOrder) {
    std::string order;
    const auto letter = [&order](char c) {
        return Phase{PhaseOrder::kJudge, 5000, 0, [&order, c](world::State&) -> core::Status {
                         order += c;
                         return {};
                     }};
    };
    Simulation simulation(one_actor(), {letter('a'), letter('b'), letter('c')});
    ASSERT_TRUE(simulation.tick().ok());
    EXPECT_EQ(order, "abc");
}

TEST(Simulation, InvalidStateEndsTheRunNamingActorAndTick) {
    Phase move{PhaseOrder::kMove, 5000, world::kBodies, [](world::State& state) -> core::Status {
                   if (state.tick == 7) {
                       state.actors[0].v_W.x = std::numeric_limits<double>::quiet_NaN();
                   }
                   return {};
               }};
    Simulation simulation(one_actor(), {move});
    for (int i = 0; i < 7; ++i) ASSERT_TRUE(simulation.tick().ok());
    const core::Status status = simulation.tick();
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().kind, core::ErrorKind::kInvalid);
    EXPECT_THAT(status.error().message, testing::HasSubstr("actor 1"));
    EXPECT_THAT(status.error().message, testing::HasSubstr("tick 7"));
    EXPECT_EQ(simulation.state().tick, 7);
}

TEST(Simulation, PassesOnAPhasesError) {
    Phase story{PhaseOrder::kStory, 5000, world::kStory,
                [](world::State&) -> core::Status { return core::Error{"the story went wrong"}; }};
    Simulation simulation(one_actor(), {story});
    const core::Status status = simulation.tick();
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().message, "the story went wrong");
}

TEST(Simulation, ChainTellsWhereTwoRunsPart) {
    const auto run = [](std::int64_t disturbed) {
        Phase think{PhaseOrder::kThink, 5000, world::kMinds,
                    [disturbed](world::State& state) -> core::Status {
                        if (state.tick == disturbed) state.actors[0].mind.driver().lane_s_m = 1e-12;
                        return {};
                    }};
        Phase move{PhaseOrder::kMove, 5000, world::kBodies,
                   [](world::State& state) -> core::Status {
                       state.actors[0].X_WB.p.x += 0.1;
                       return {};
                   }};
        Simulation simulation(one_actor(), {think, move});
        for (int i = 0; i < 20; ++i) EXPECT_TRUE(simulation.tick().ok());
        return std::pair(simulation.chain(), simulation.state_hash());
    };
    const auto [calm, calm_hash] = run(-1);
    const auto [again, again_hash] = run(-1);
    const auto [other, other_hash] = run(13);
    EXPECT_EQ(calm, again);
    EXPECT_EQ(calm_hash, again_hash);
    EXPECT_NE(calm_hash, other_hash);
    std::size_t i = 0;
    while (calm[i] == other[i]) ++i;
    EXPECT_EQ(calm[i].tick, 13);
    EXPECT_EQ(calm[i].phase, PhaseOrder::kThink);
}

// A phase that changes something of each part, from a state with a car and a person.
struct Change {
    world::StatePart part;
    void (*make)(world::State&);
};
constexpr Change kChanges[] = {
    {world::kRoster, [](world::State& s) { s.actors[1].hidden_from = world::kTraffic; }},
    {world::kBodies, [](world::State& s) { s.actors[1].X_WB.p.x += 1e-9; }},
    {world::kControls, [](world::State& s) { s.actors[1].vehicle.brake = 1; }},
    {world::kMinds, [](world::State& s) { s.actors[1].mind.driver().waited_s = 1; }},
    {world::kBeliefs, [](world::State& s) { s.actors[1].mind.beliefs.tracks.resize(1); }},
    {world::kSignals, [](world::State& s) { s.signals = {world::Aspect::kRed}; }},
    {world::kContacts,
     [](world::State& s) {
         s.swept_overlaps = {1, 2};
     }},
    {world::kStory, [](world::State& s) { s.story.emplace(); }},
    {world::kClock, [](world::State& s) { s.tick += 1; }}};

world::State ego_and_another() {
    world::State state = one_actor();
    state.actors.push_back({.id = 2});
    state.next_actor = 3;
    return state;
}
core::Status run_checked(world::StateParts parts, void (*make)(world::State&)) {
    Phase phase{PhaseOrder::kThink, 5000, parts, [make](world::State& state) -> core::Status {
                    make(state);
                    return {};
                }};
    Simulation simulation(ego_and_another(), {phase});
    simulation.check_parts();
    return simulation.tick();
}

TEST(PhaseParts, APhaseThatWritesMoreThanItSaysEndsTheRun) {
    for (const auto& [part, make] : kChanges) {
        EXPECT_TRUE(run_checked(part, make)) << name(part);
        const core::Status lied = run_checked(world::kWholeState & ~part, make);
        ASSERT_FALSE(lied) << name(part);
        EXPECT_EQ(lied.error().message, fmt::format("phase think wrote {} in tick 0, which is none "
                                                    "of its parts",
                                                    name(part)));
    }
}

TEST(PhaseParts, WhoAppearsAndVanishesDoesSoWithAllThatBelongsToIt) {
    const auto come_and_go = [](world::State& state) {
        state.actors.pop_back();
        state.actors.push_back({.id = state.next_actor++, .lamps = 1});
        state.actors.back().mind.beliefs.tracks.resize(1);
    };
    EXPECT_TRUE(run_checked(world::kRoster, come_and_go));
    EXPECT_FALSE(run_checked(world::kWholeState & ~world::kRoster, come_and_go));
    const auto also_move = [](world::State& state) {
        state.actors.pop_back();
        state.actors[0].X_WB.p.x += 1;
    };
    EXPECT_FALSE(run_checked(world::kRoster, also_move));
}

TEST(PhaseParts, ALinkCoversTheClockAndWhatItsPhaseMayWrite) {
    const auto link_after = [](void (*make)(world::State&)) {
        world::State state = ego_and_another();
        make(state);
        Phase judge{PhaseOrder::kJudge, 5000, world::kBodies | world::kSignals,
                    [](world::State&) { return core::Status(); }};
        Simulation simulation(std::move(state), {judge});
        EXPECT_TRUE(simulation.tick());
        return simulation.chain().front().hash;
    };
    const std::uint64_t as_it_was = link_after([](world::State&) {});
    constexpr world::StateParts kCovered = world::kClock | world::kBodies | world::kSignals;
    for (const auto& [part, make] : kChanges) {
        EXPECT_EQ(link_after(make) == as_it_was, (part & kCovered) == 0) << name(part);
    }
}

}  // namespace
}  // namespace huntsman::engine::sim
