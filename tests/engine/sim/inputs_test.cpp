#include "engine/sim/inputs.h"

#include <gtest/gtest.h>

#include <limits>

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

TEST(ExternalInput, PlacementsAndWeatherAreReadAsTheyWereWritten) {
    const ExternalInput placed =
        place_input(40, 9, {.p_W = {1, -2, 3}, .yaw_rad = 0.5, .speed_mps = 7});
    EXPECT_TRUE(check(placed));
    EXPECT_EQ(placed, (ExternalInput{40, 9, InputKind::kPlace, {1, -2, 3, 0.5, 7}}));
    EXPECT_EQ(placement_of(placed).p_W, math::Vec3(1, -2, 3));
    EXPECT_EQ(placement_of(placed).speed_mps, 7);

    world::Environment rain{.sun_azimuth_rad = 1,
                            .sun_elevation_rad = 0.2,
                            .turbidity = 4,
                            .cloud_cover = 1,
                            .fog_per_m = 0.01,
                            .wetness = 0.9,
                            .rain_mm_h = 6,
                            .puddles = 0.4,
                            .snow_cover = 0,
                            .friction = 0.5,
                            .light = "low sun",
                            .weather = "rain"};
    const ExternalInput weather = environment_input(40, rain);
    EXPECT_TRUE(check(weather)) << check(weather).error().text();
    EXPECT_EQ(weather.actor, world::kNoActor);
    EXPECT_EQ(environment_of(weather), rain);
    EXPECT_STREQ(name(InputKind::kPlace), "place");
    EXPECT_STREQ(name(InputKind::kEnvironment), "environment");
}

TEST(ExternalInput, PlacesAndWeatherOutOfRangeAreNamed) {
    constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
    for (const auto& values : std::vector<std::vector<double>>{
             {kNaN, 0, 0, 0, 0}, {0, 2e5, 0, 0, 0}, {0, 0, 0, kNaN, 0}, {0, 0, 0, 0, -2e3}}) {
        const auto status = check({3, 9, InputKind::kPlace, values});
        ASSERT_FALSE(status);
        EXPECT_NE(status.error().message.find("actor 9"), std::string::npos);
    }
    EXPECT_FALSE(check({3, 9, InputKind::kPlace, {0, 0, 0, 0}}));
    for (const double friction : {0.0, 3.0, kNaN}) {
        const auto status = check(environment_input(3, {.friction = friction}));
        ASSERT_FALSE(status) << friction;
        EXPECT_NE(status.error().message.find("friction"), std::string::npos);
    }
    ExternalInput few = environment_input(3, {});
    few.values.pop_back();
    EXPECT_FALSE(check(few));
}

TEST(InputLog, PlacementsAndWeatherCommandNothing) {
    InputLog log;
    world::State state = two_actors();
    log.command(1, 9, {.throttle = 0.5});
    log.add(place_input(2, 9, {.p_W = {5, 5, 0}}));
    log.add(environment_input(2, {.friction = 0.4}));
    log.apply(state);
    EXPECT_EQ(state.actors[1].vehicle.throttle, 0.5);
    EXPECT_EQ(state.actors[1].X_WB.p, math::Vec3(0, 0, 0));
    EXPECT_FALSE(state.environment.has_value());
}

TEST(ExternalInput, UnknownKindsAndWrongCountsAreNamed) {
    EXPECT_TRUE(check({0, 1, InputKind::kCommand, {0, 0, 0, 0}}));
    EXPECT_FALSE(check({0, 1, InputKind::kCommand, {0, 0, 0}}));
    EXPECT_FALSE(check({0, 1, InputKind::kRelease, {0}}));
    EXPECT_FALSE(check({0, 1, static_cast<InputKind>(3), {}}));
}

}  // namespace
}  // namespace huntsman::engine::sim
