// Actors that appear and vanish while the world runs.
#include <algorithm>
#include <thread>

#include "engine/core/random.h"
#include "tests/engine/physics/yard.h"

namespace huntsman::engine::physics {
namespace {

world::Spawn spawn_at(std::uint32_t kind, double x_m, double y_m, double speed_mps) {
    world::Spawn spawn;
    spawn.archetype = kind;
    spawn.X_WB = math::upright({x_m, y_m, 0}, 0.0);
    spawn.speed_mps = speed_mps;
    return spawn;
}

TEST(Appear, IdsAscendAndAreNeverGivenTwice) {
    Yard yard;
    yard.add(kCarKind, {0, 0}, 0.0);
    yard.start();
    const auto first = world::add_actor(yard.state, yard.world, spawn_at(kCarKind, 20, 0, 0));
    ASSERT_TRUE(first.ok());
    EXPECT_EQ(*first, world::kEgo + 1);
    EXPECT_TRUE(world::remove_actor(yard.state, *first));
    EXPECT_FALSE(world::remove_actor(yard.state, *first));
    const auto second = world::add_actor(yard.state, yard.world, spawn_at(kPersonKind, 20, 0, 0));
    ASSERT_TRUE(second.ok());
    EXPECT_EQ(*second, world::kEgo + 2);
}

TEST(Appear, UnknownArchetypesAndUsedUpIdsAreErrors) {
    Yard yard;
    yard.add(kCarKind, {0, 0}, 0.0);
    yard.start();
    EXPECT_FALSE(world::add_actor(yard.state, yard.world, spawn_at(7, 20, 0, 0)).ok());
    yard.state.next_actor = world::kFirstStaticObject;
    EXPECT_FALSE(world::add_actor(yard.state, yard.world, spawn_at(kCarKind, 20, 0, 0)).ok());
    EXPECT_EQ(yard.state.actors.size(), 1U);
}

TEST(Appear, CarThatAppearsDrivesAsOneThatWasThereFromTheStart) {
    Yard early, late;
    for (Yard* yard : {&early, &late}) yard->add(kCarKind, {0, 50}, 0.0);
    const auto id = early.add(kCarKind, {0, 0}, 0.0, 12.0);
    early.start();
    late.start();
    late.run(1.0);
    ASSERT_TRUE(world::add_actor(late.state, late.world, spawn_at(kCarKind, 0, 0, 12.0)).ok());
    early.run(2.0);
    late.run(2.0);
    const auto &a = early.actor(id), &b = late.actor(id);
    EXPECT_EQ(a.X_WB.p, b.X_WB.p);
    EXPECT_EQ(a.X_WB.q, b.X_WB.q);
    EXPECT_EQ(a.v_W, b.v_W);
}

TEST(Appear, WhatVanishedIsNoLongerHit) {
    for (const bool vanishes : {false, true}) {
        Yard yard;
        yard.add(kCarKind, {0, 0}, 0.0, 10.0);
        const auto standing = yard.add(kCarKind, {15, 0}, 0.0);
        yard.start();
        yard.run(0.5);
        if (vanishes) {
            EXPECT_TRUE(world::remove_actor(yard.state, standing));
        }
        bool touched = false;
        yard.run(1.5, [&] {
            touched = touched || !yard.state.contacts.empty() || !yard.state.swept_overlaps.empty();
        });
        EXPECT_NE(touched, vanishes);
    }
}

TEST(Appear, AppearingIsNoMotionThatSweepsOverOthers) {
    // Between the two places stands a car; a sweep from one to the other would hit it.
    Yard yard;
    yard.add(kCarKind, {0, 0}, 0.0);
    const auto leaving = yard.add(kCarKind, {-20, 0}, 0.0);
    yard.start();
    yard.run(0.1);
    EXPECT_TRUE(world::remove_actor(yard.state, leaving));
    ASSERT_TRUE(world::add_actor(yard.state, yard.world, spawn_at(kCarKind, 20, 0, 0)).ok());
    yard.step();
    EXPECT_TRUE(yard.state.swept_overlaps.empty());
}

// Hash of a run in which 1,000 actors appear and 1,000 vanish among walls, some of them struck.
std::uint64_t busy_run() {
    Yard yard;
    yard.add(kCarKind, {0, 0}, 0.0);
    for (int i = 0; i < 20; ++i) yard.add_wall({-95.0 + 10 * i, 7}, 0.0, 6, 0.4);
    yard.start();
    const core::Key key = core::Key(7).with("appear");
    int appeared = 0, vanished = 0;
    std::uint64_t hash = 0;
    for (std::uint64_t tick = 0; appeared < 1000 || vanished < 1000; ++tick) {
        const core::Key now = key.with(tick);
        if (appeared < 1000) {
            const auto kind = now.with("kind").uniform() < 0.5 ? kCarKind : kPersonKind;
            world::Spawn spawn = spawn_at(kind, -100 + 200 * now.with("x").uniform(),
                                          -20 + 40 * now.with("y").uniform(), 8);
            spawn.X_WB = math::upright(spawn.X_WB.p, 6.28 * now.with("yaw").uniform());
            EXPECT_TRUE(world::add_actor(yard.state, yard.world, spawn).ok());
            ++appeared;
        }
        const std::size_t count = yard.state.actors.size();
        if (count > 40 || (appeared == 1000 && count > 1)) {
            const auto victim = 1 + static_cast<std::size_t>(now.with("victim").uniform() *
                                                             static_cast<double>(count - 1));
            EXPECT_TRUE(world::remove_actor(yard.state, yard.state.actors[victim].id));
            ++vanished;
        }
        yard.run(2 * kStep_s);
        hash = hash * 31 + world::hash(yard.state);
    }
    EXPECT_EQ(yard.state.next_actor, world::kEgo + 1001);
    EXPECT_EQ(yard.state.actors.size(), 1U);
    EXPECT_EQ(world::first_invalid_actor(yard.state), world::kNoActor);
    return hash;
}

TEST(Appear, ThousandAppearancesGiveEqualHashesInAnyThread) {
    const std::uint64_t alone = busy_run();
    std::array<std::uint64_t, 3> beside{};
    std::vector<std::thread> threads;
    for (auto& hash : beside) threads.emplace_back([&hash] { hash = busy_run(); });
    for (auto& thread : threads) thread.join();
    for (const auto hash : beside) EXPECT_EQ(hash, alone);
}

}  // namespace
}  // namespace huntsman::engine::physics
