// Actors that a script moves: exactly where it says, until something hits them.
#include <cmath>

#include "tests/engine/physics/yard.h"

namespace huntsman::engine::physics {
namespace {

using math::Vec2;
using math::Vec3;

// On a straight line at constant speed, from where the yard has it.
void drive_script(world::ActorState& actor, double speed_mps) {
    const Vec3 v = speed_mps * actor.X_WB.rotate({1, 0, 0});
    actor.scripted = {.X_WB = {actor.X_WB.q, actor.X_WB.p + v * kStep_s}, .v_W = v};
}

TEST(Scripted, GoesExactlyWhereItsScriptSays) {
    Yard yard;
    const auto a = yard.add(kCarKind, {0, 0}, 0);
    yard.start();
    const auto on_circle = [](double t) {
        constexpr double kRadius_m = 20, kTurn_rad_s = 0.5;
        const double angle = kTurn_rad_s * t;
        return math::upright(
            Vec3(kRadius_m * std::sin(angle), kRadius_m * (1 - std::cos(angle)), 0), angle);
    };
    for (int i = 1; i <= 400; ++i) {
        world::ActorState& actor = yard.actor(a);
        const auto to = on_circle(i * kStep_s), from = on_circle((i - 1) * kStep_s);
        actor.scripted = {.X_WB = to, .v_W = (to.p - from.p) / kStep_s};
        yard.step();
        EXPECT_EQ(yard.actor(a).X_WB.p, to.p);
        EXPECT_NEAR(glm::length(yard.actor(a).v_W), 10, 1e-3);
        EXPECT_NEAR(yard.actor(a).w_W.z, 0.5, 1e-4);
        // Toward the centre, v²/r.
        if (i > 2) {
            EXPECT_NEAR(glm::length(yard.actor(a).a_W), 5, 0.05);
        }
    }
    EXPECT_TRUE(yard.actor(a).scripted);
}

TEST(Scripted, JumpHasNoSpeedAndTouchesNothingOnItsWay) {
    Yard yard;
    const auto a = yard.add(kCarKind, {0, 0}, 0);
    yard.add(kCarKind, {50, 0}, 0);
    yard.start();
    yard.actor(a).scripted = {.X_WB = yard.actor(a).X_WB};
    yard.step();
    yard.actor(a).scripted = {.X_WB = math::upright({100, 0, 0}, 0)};
    yard.step();
    EXPECT_EQ(yard.actor(a).X_WB.p, Vec3(100, 0, 0));
    EXPECT_EQ(yard.actor(a).v_W, Vec3(0));
    EXPECT_EQ(yard.actor(a).a_W, Vec3(0));
    EXPECT_TRUE(yard.state.contacts.empty());
    EXPECT_TRUE(yard.state.swept_overlaps.empty());
}

// What is hit has its own mass: momentum is conserved, and the script is over.
TEST(Scripted, CollisionConservesMomentumAndEndsTheScript) {
    Yard yard;
    const auto free = yard.add(kCarKind, {0, 0}, 0, 12);
    const auto scripted = yard.add(kCarKind, {8, 0}, 0);
    yard.start();
    drive_script(yard.actor(scripted), 0);
    const double before = 12;
    double together = 0;
    for (int i = 0; i < 200 && yard.actor(scripted).scripted; ++i) {
        drive_script(yard.actor(scripted), 0);
        yard.step();
        together = yard.v_cg(free).x + yard.v_cg(scripted).x;
    }
    EXPECT_FALSE(yard.actor(scripted).scripted);
    // Rolling and the tyres take a little of it on the way.
    EXPECT_NEAR(together, before, 0.35);
    EXPECT_GT(yard.v_cg(scripted).x, 4);
    yard.run(0.5);
    EXPECT_GT(yard.actor(scripted).X_WB.p.x, 10);
}

// A car of 1100 kg does not stop at a person of 71 kg, as it would at a moving wall.
TEST(Scripted, PersonWhoIsStruckFallsAndHardlySlowsTheCar) {
    Yard yard;
    const auto car = yard.add(kCarKind, {0, 0}, 0, 10);
    const auto person = yard.add(kPersonKind, {8, -1}, math::kPi / 2);
    yard.start();
    drive_script(yard.actor(person), 1.5);
    for (int i = 0; i < 300 && yard.actor(person).scripted; ++i) {
        drive_script(yard.actor(person), 1.5);
        yard.step();
    }
    ASSERT_FALSE(yard.actor(person).scripted);
    yard.run(1.0);
    const double m_car = yard.spec().mass_kg, m_person = 22 * 1.75 * 1.75 + 4;
    EXPECT_GT(yard.v_cg(car).x, 10 * m_car / (m_car + m_person) * 0.85);
    EXPECT_LT(yard.actor(person).X_WB.rotate({0, 0, 1}).z, 0.5) << "still stands";
}

// Scripts may put things into each other: that is seen, and nothing is thrown about.
TEST(Scripted, TwoThatMeetTouchWithoutAnImpulse) {
    Yard yard;
    const auto a = yard.add(kCarKind, {0, 0}, 0);
    const auto b = yard.add(kCarKind, {20, 0}, math::kPi);
    yard.start();
    bool touched = false;
    for (int i = 0; i < 400; ++i) {
        drive_script(yard.actor(a), 5);
        drive_script(yard.actor(b), 5);
        yard.step();
        for (const auto& contact : yard.state.contacts) {
            touched = true;
            EXPECT_EQ(contact.a, a);
            EXPECT_EQ(contact.b, b);
            EXPECT_EQ(contact.impulse_ns, 0);
            EXPECT_NEAR(contact.closing_speed_mps, 10, 1e-6);
        }
    }
    EXPECT_TRUE(touched);
    EXPECT_NEAR(yard.actor(a).X_WB.p.x, 10, 1e-9);
    EXPECT_TRUE(yard.actor(a).scripted && yard.actor(b).scripted);
}

TEST(Scripted, CommandsOfAScriptMoveAFreeBody) {
    Yard yard;
    const auto a = yard.add(kCarKind, {0, 0}, 0);
    yard.start();
    yard.actor(a).scripted = {.X_WB = math::upright({100, 0, 0}, 0), .commands = true};
    yard.actor(a).vehicle.throttle = 0.5;
    yard.run(2);
    EXPECT_GT(yard.actor(a).X_WB.p.x, 1);
    EXPECT_LT(yard.actor(a).X_WB.p.x, 10);
}

}  // namespace
}  // namespace huntsman::engine::physics
