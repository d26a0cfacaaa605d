// Actors that are put elsewhere from outside.
#include <gtest/gtest.h>

#include "tests/engine/physics/yard.h"

namespace huntsman::engine::physics {
namespace {

void place(Yard& yard, world::ActorId id, math::Vec2 p, double yaw_rad, double speed_mps) {
    ASSERT_TRUE(world::place_actor(yard.state, yard.world, id,
                                   math::upright({p.x, p.y, 0}, yaw_rad), speed_mps));
    yard.physics->place(id);
}

TEST(Place, APlacedCarIsThereAtThatTickAndGoesOnAtItsSpeed) {
    Yard yard;
    const auto car = yard.add(kCarKind, {0, 0}, 0.0, 15.0);
    yard.start();
    yard.run(1.0);
    constexpr double kYaw = 2.0, kSpeed = 8.0;
    place(yard, car, {40, -25}, kYaw, kSpeed);
    yard.step();
    // One step further, to within what rolling resistance and drag take in it.
    const math::Vec3 along(std::cos(kYaw), std::sin(kYaw), 0);
    const math::Vec3 expected = math::Vec3(40, -25, 0) + kSpeed * kStep_s * along;
    EXPECT_NEAR(yard.actor(car).X_WB.p.x, expected.x, 1e-3);
    EXPECT_NEAR(yard.actor(car).X_WB.p.y, expected.y, 1e-3);
    EXPECT_NEAR(yard.actor(car).X_WB.yaw_rad(), kYaw, 1e-3);
    EXPECT_NEAR(glm::dot(yard.actor(car).v_W, along), kSpeed, 0.05);
    EXPECT_LT(std::abs(glm::dot(yard.actor(car).a_W, along)), 5) << "no blow";
    yard.run(1.0);
    EXPECT_NEAR(glm::length(math::xy(yard.actor(car).X_WB.p - expected)), kSpeed, 0.5);
}

TEST(Place, AStandingCarStaysWhereItIsPut) {
    Yard yard;
    const auto car = yard.add(kCarKind, {0, 0}, 0.0, 20.0);
    yard.start();
    yard.run(0.5);
    place(yard, car, {-30, 12}, -1.0, 0);
    yard.run(2.0);
    EXPECT_NEAR(yard.actor(car).X_WB.p.x, -30, 0.02);
    EXPECT_NEAR(yard.actor(car).X_WB.p.y, 12, 0.02);
    EXPECT_NEAR(yard.actor(car).X_WB.yaw_rad(), -1.0, 0.01);
    EXPECT_LT(glm::length(yard.actor(car).v_W), 0.02);
}

TEST(Place, TheWayToThePlaceSweepsOverNobody) {
    Yard yard;
    const auto car = yard.add(kCarKind, {0, 0}, 0.0);
    yard.add(kCarKind, {20, 0}, 0.0);
    yard.start();
    yard.run(0.1);
    place(yard, car, {40, 0}, 0, 0);
    yard.step();
    EXPECT_TRUE(yard.state.swept_overlaps.empty());
    EXPECT_TRUE(yard.state.contacts.empty());
    // Where it stands now it can be hit.
    place(yard, car, {20.5, 0.5}, 0, 0);
    yard.step();
    EXPECT_EQ(yard.state.swept_overlaps.size(), 2U);
}

TEST(Place, AFallenPersonStandsAgain) {
    Yard yard;
    yard.add(kCarKind, {0, 0}, 0.0, 10.0);
    const auto person = yard.add(kPersonKind, {8, 0}, 0.0);
    yard.start();
    yard.run(2.0);
    ASSERT_LT(yard.actor(person).X_WB.rotate({0, 0, 1}).z, 0.8) << "it has been run over";
    place(yard, person, {0, 30}, 1.0, 0);
    yard.step();
    EXPECT_NEAR(yard.actor(person).X_WB.rotate({0, 0, 1}).z, 1, 1e-9);
    EXPECT_NEAR(yard.actor(person).X_WB.p.x, 0, 1e-9);
    EXPECT_NEAR(yard.actor(person).X_WB.p.y, 30, 1e-9);
    yard.actor(person).walk = {.velocity_mps = {1, 0}, .heading_rad = 0};
    yard.run(2.0);
    EXPECT_GT(yard.actor(person).X_WB.p.x, 1.5);
}

TEST(Place, ThoseOfAScriptGoOnFromThere) {
    Yard yard;
    const auto car = yard.add(kCarKind, {0, 0}, 0.0, 5.0);
    yard.start();
    const auto script = [&](double x) {
        yard.actor(car).scripted = {.X_WB = math::upright({x, 0, 0}, 0), .v_W = {5, 0, 0}};
    };
    for (int i = 1; i <= 20; ++i) {
        script(5 * kStep_s * i);
        yard.step();
    }
    place(yard, car, {50, 0}, 0, 5);
    script(50 + 5 * kStep_s);
    yard.step();
    EXPECT_NEAR(yard.actor(car).X_WB.p.x, 50 + 5 * kStep_s, 1e-9);
    EXPECT_NEAR(yard.actor(car).v_W.x, 5, 1e-6);
    EXPECT_LT(glm::length(yard.actor(car).a_W), 1e-3);
}

TEST(Place, NobodyIsPlacedWhoIsNotThere) {
    Yard yard;
    yard.add(kCarKind, {0, 0}, 0.0);
    yard.start();
    EXPECT_FALSE(world::place_actor(yard.state, yard.world, 7, {}, 0));
    yard.physics->place(7);
    yard.step();
    EXPECT_EQ(yard.state.actors.size(), 1U);
}

TEST(Place, RunsWithPlacingsAreEqualAndAllElseMovesAsWithout) {
    const auto run = [](bool placed) {
        Yard yard;
        yard.add(kCarKind, {0, 0}, 0.0, 10.0);
        const auto other = yard.add(kCarKind, {0, 50}, 0.0, 10.0);
        yard.add(kPersonKind, {30, 20}, 0.0);
        yard.start();
        yard.run(0.5);
        if (placed) place(yard, other, {-60, -60}, 3, 4);
        yard.run(1.0);
        return yard.state;
    };
    const auto one = run(true), two = run(true), without = run(false);
    EXPECT_EQ(world::hash(one), world::hash(two));
    EXPECT_EQ(one.actors[0].X_WB.p, without.actors[0].X_WB.p);
    EXPECT_EQ(one.actors[2].X_WB.p, without.actors[2].X_WB.p);
    EXPECT_NE(one.actors[1].X_WB.p, without.actors[1].X_WB.p);
}

TEST(Weather, FrictionFromOutsideTakesThePlaceOfTheWorlds) {
    const auto way_m = [](std::optional<double> friction) {
        Yard yard;
        const auto car = yard.add(kCarKind, {0, 0}, 0.0, 20.0);
        yard.start();
        if (friction) {
            yard.state.environment.emplace();
            yard.state.environment->friction = *friction;
        }
        yard.actor(car).vehicle.brake = 1;
        yard.run(8.0);
        return yard.actor(car).X_WB.p.x;
    };
    EXPECT_EQ(way_m(1.0), way_m({}));  // as the world has it
    // Locked-up wheels on ice: the way to a stop grows as friction falls.
    EXPECT_GT(way_m(0.3), 2.5 * way_m(1.0));
}

}  // namespace
}  // namespace huntsman::engine::physics
