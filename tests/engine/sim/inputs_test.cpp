#include "engine/sim/inputs.h"

#include <gtest/gtest.h>

namespace huntsman::engine::sim {
namespace {

world::State two_actors() {
    world::State state;
    state.actors.resize(2);
    state.actors[0].id = world::kEgo;
    state.actors[1].id = 9;
    return state;
}

TEST(InputLog, ACommandHoldsUntilTheNextOrTheRelease) {
    InputLog log;
    world::State state = two_actors();
    log.command(0, world::kEgo, {.throttle = 0.5});
    log.command(4, 9, {.steer_rad = 0.1, .brake = 1, .reverse = true});
    log.apply(state);
    EXPECT_EQ(state.actors[0].vehicle.throttle, 0.5);
    EXPECT_EQ(state.actors[1].vehicle.steer_rad, 0.1);
    EXPECT_TRUE(state.actors[1].vehicle.reverse);
    log.release(7, 9);
    state.actors[1].vehicle = {.throttle = 0.25};
    log.apply(state);
    EXPECT_EQ(state.actors[1].vehicle.throttle, 0.25);
}

TEST(InputLog, ALatencyIsKeptAndCommandsNothing) {
    InputLog log;
    world::State state = two_actors();
    log.latency(20, world::kEgo, 0);
    log.latency(40, world::kEgo, 120'345);
    state.actors[0].vehicle = {.throttle = 0.25};
    log.apply(state);
    EXPECT_EQ(state.actors[0].vehicle.throttle, 0.25);
    ASSERT_EQ(log.inputs().size(), 2U);
    EXPECT_EQ(log.inputs()[1], (ExternalInput{40, 1, InputKind::kLatency, {120'345.0}}));
    EXPECT_STREQ(name(InputKind::kLatency), "latency");
}

TEST(InputLog, KeepsWhatChangesAlone) {
    InputLog log;
    for (std::int64_t tick = 0; tick < 100; ++tick) log.command(tick, 1, {.brake = 0.5});
    log.release(100, 1);
    log.release(101, 1);
    log.command(102, 1, {.brake = 0.5});
    ASSERT_EQ(log.inputs().size(), 3U);
    EXPECT_EQ(log.inputs()[1], (ExternalInput{100, 1, InputKind::kRelease, {}}));
    EXPECT_EQ(log.inputs()[2].tick, 102);
}

TEST(InputLog, InputsAddedAgainGiveTheSameStates) {
    InputLog log;
    log.command(0, world::kEgo, {.steer_rad = -0.2, .throttle = 0.1});
    log.command(3, 9, {.brake = 0.7});
    log.command(3, 12, {.brake = 0.7});  // not there (any more)
    InputLog again;
    for (const ExternalInput& input : log.inputs()) again.add(input);
    world::State a = two_actors(), b = two_actors();
    log.apply(a);
    again.apply(b);
    EXPECT_EQ(world::hash(a), world::hash(b));
    EXPECT_EQ(log.inputs(), again.inputs());
}

TEST(ExternalInput, UnknownKindsAndWrongCountsAreNamed) {
    EXPECT_TRUE(check({0, 1, InputKind::kCommand, {0, 0, 0, 0}}));
    EXPECT_FALSE(check({0, 1, InputKind::kCommand, {0, 0, 0}}));
    EXPECT_FALSE(check({0, 1, InputKind::kRelease, {0}}));
    EXPECT_FALSE(check({0, 1, static_cast<InputKind>(3), {}}));
}

}  // namespace
}  // namespace huntsman::engine::sim
