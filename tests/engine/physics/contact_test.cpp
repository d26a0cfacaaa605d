#include "engine/core/hash.h"
#include "engine/core/random.h"
#include "engine/physics/sweep.h"
#include "engine/world/pose.h"
#include "tests/engine/physics/yard.h"

namespace huntsman::engine::physics {
namespace {

using math::Vec2;
using math::Vec3;

TEST(Collision, ReportsPairAndImpulseEqualToMomentumChange) {
    Yard yard;
    const auto a = yard.add(kCarKind, {0, 0}, 0.0, 10.0);
    const auto b = yard.add(kCarKind, {8, 0}, 0.0, 0.0);
    yard.start();
    double impulse = 0, closing = 0;
    const double m = yard.spec().mass_kg;
    Vec3 a_before{}, b_before{}, a_after{}, b_after{};
    bool touched = false;
    for (int i = 0; i < 200; ++i) {
        const Vec3 va = yard.v_cg(a), vb = yard.v_cg(b);
        yard.step();
        if (yard.state.contacts.empty()) continue;
        ASSERT_EQ(yard.state.contacts.size(), 1U);
        const auto& contact = yard.state.contacts[0];
        EXPECT_EQ(contact.a, a);
        EXPECT_EQ(contact.b, b);
        if (!touched) {
            a_before = va;
            b_before = vb;
            closing = contact.closing_speed_mps;
            touched = true;
        }
        impulse += contact.impulse_ns;
        a_after = yard.v_cg(a);
        b_after = yard.v_cg(b);
    }
    ASSERT_TRUE(touched);
    const double dp = m * (b_after.x - b_before.x);
    // Tyres act during the few steps of contact, some tens of newton seconds.
    EXPECT_NEAR(impulse, dp, 0.03 * dp);
    EXPECT_NEAR(closing, a_before.x - b_before.x, 0.01);
    // Momentum of both is conserved, but for the tyres and the air.
    const double before = m * (a_before.x + b_before.x), after = m * (a_after.x + b_after.x);
    EXPECT_NEAR(after, before, 0.02 * before);
    EXPECT_GT(b_after.x, a_after.x - 1e-3);  // they part
}

TEST(Collision, HeadOnImpactAt60MetresPerSecondDoesNotTunnel) {
    Yard yard;
    const auto a = yard.add(kCarKind, {-20, 0}, 0.0, 30.0);
    const auto b = yard.add(kCarKind, {20, 0.3}, math::kPi, 30.0);
    yard.start();
    bool contact = false, swept = false;
    double closest = 1e9;
    yard.run(1.5, [&] {
        contact = contact || !yard.state.contacts.empty();
        swept = swept || !yard.state.swept_overlaps.empty();
        closest = std::min(closest, yard.actor(b).X_WB.p.x - yard.actor(a).X_WB.p.x);
    });
    EXPECT_TRUE(contact);
    EXPECT_TRUE(swept);
    // Fronts are 3.5 m ahead of the origins; half a metre of penetration at 0.3 m a step.
    EXPECT_GT(closest, 6.5);
}

TEST(Collision, WallStopsACarAndIsNamed) {
    Yard yard;
    const auto car = yard.add(kCarKind, {0, 0}, 0.0, 8.0);
    yard.add_wall({10, 0}, 0.0, 0.5, 8.0);
    yard.start();
    bool named = false;
    yard.run(2.0, [&] {
        for (const auto& c : yard.state.contacts) {
            named = named || (c.a == car && c.b == world::kFirstStaticObject);
        }
        ASSERT_LT(yard.actor(car).X_WB.p.x + 3.5, 9.9);
    });
    EXPECT_TRUE(named);
}

TEST(Sweep, AgreesWithTheRigidBodyEngineOnACrash) {
    Yard yard;
    const auto a = yard.add(kCarKind, {0, 0}, 0.0, 12.0);
    const auto b = yard.add(kCarKind, {12, -6}, math::kPi / 2, 7.0);
    yard.start();
    std::int64_t first_contact = -1, first_swept = -1;
    yard.run(2.0, [&] {
        if (first_contact < 0 && !yard.state.contacts.empty()) first_contact = yard.state.tick;
        if (first_swept < 0 && !yard.state.swept_overlaps.empty()) {
            first_swept = yard.state.tick;
            EXPECT_EQ(yard.state.swept_overlaps, (std::vector<world::ActorId>{a, b}));
        }
    });
    ASSERT_GE(first_contact, 0);
    ASSERT_GE(first_swept, 0);
    // The engine reports at its contact threshold, the sweep at true overlap: within three steps.
    EXPECT_LE(std::abs(first_contact - first_swept), 3);
}

TEST(Sweep, CatchesAGlanceThatFallsBetweenTwoSteps) {
    // Both ends of the step are free, the corners cross in between.
    SweptBox a{{{0.5, 0.0}, 0.0, {0.2, 0.2}}, {1.0, 0.0}, 0, 1};
    SweptBox b{{{0.0, 0.35}, math::kPi / 4, {0.2, 0.2}}, {0.0, 0.0}, 0, 1};
    EXPECT_FALSE(math::overlap(a.box, b.box));
    math::Box2 start = a.box;
    start.centre -= a.motion;
    EXPECT_FALSE(math::overlap(start, b.box));
    EXPECT_TRUE(swept_overlap(a, b));
    b.box.centre.y = 0.49;  // 0.2 + 0.2·sqrt(2) = 0.483 is the last touch
    EXPECT_FALSE(swept_overlap(a, b));
    b.box.centre.y = 0.475;
    EXPECT_TRUE(swept_overlap(a, b));
    b.low_m = 1.5;  // above
    b.high_m = 2.0;
    EXPECT_FALSE(swept_overlap(a, b));
}

TEST(Sweep, SortAndGridFindWhatAllPairsFind) {
    Yard yard;
    for (int i = 0; i < 60; ++i) {
        const core::Key key = core::Key(5).with(static_cast<std::uint64_t>(i));
        yard.add(i % 2 == 0 ? kCarKind : kPersonKind,
                 {key.uniform(-30, 30, 0), key.uniform(-30, 30, 1)}, key.uniform(-3, 3, 2));
        yard.add_wall({key.uniform(-30, 30, 3), key.uniform(-30, 30, 4)}, key.uniform(-3, 3, 5),
                      key.uniform(0.3, 12, 6), 0.4);
    }
    world::State state = world::initial_state(yard.world);
    Sweep sweep(yard.world);
    sweep.remember(state);
    std::vector<math::Box2> before;
    const auto box = [&](const world::ActorState& actor) {
        return world::footprint(yard.world.archetypes[actor.archetype].extent, actor.X_WB);
    };
    for (auto& actor : state.actors) {
        before.push_back(box(actor));
        const core::Key key = core::Key(6).with(actor.id);
        actor.X_WB.p += Vec3(key.uniform(-2, 2, 0), key.uniform(-2, 2, 1), 0);
    }
    sweep.check(state);
    // All pairs, the slow way.
    std::vector<world::ActorId> expected;
    for (std::size_t i = 0; i < state.actors.size(); ++i) {
        const auto swept = [&](std::size_t k) {
            const math::Box2 now = box(state.actors[k]);
            const double z = state.actors[k].X_WB.p.z;
            return SweptBox{now, now.centre - before[k].centre, z,
                            z + yard.world.archetypes[state.actors[k].archetype].extent.height_m};
        };
        for (std::size_t j = i + 1; j < state.actors.size(); ++j) {
            if (!swept_overlap(swept(i), swept(j))) continue;
            expected.push_back(state.actors[i].id);
            expected.push_back(state.actors[j].id);
        }
        for (const auto& object : yard.world.objects) {
            const SweptBox wall{world::footprint(object.extent, object.X_WB), {0, 0}, 0, 2};
            if (!swept_overlap(swept(i), wall)) continue;
            expected.push_back(state.actors[i].id);
            expected.push_back(object.id);
        }
    }
    EXPECT_GT(expected.size(), 20U);
    EXPECT_EQ(state.swept_overlaps, expected);
}

TEST(Walker, ReachesTheCommandedSpeedAndStaysOnTheGround) {
    Yard yard;
    const auto person = yard.add(kPersonKind, {0, 0}, 0.0);
    yard.start(slope(0.1));
    auto& actor = yard.actor(person);
    actor.walk.velocity_mps = {1.34, 0};
    yard.run(0.1);
    EXPECT_NEAR(actor.v_W.x, 0.3, 0.02);  // 3 m/s² for a tenth of a second
    yard.run(9.9);
    // 10 s at 1.34 m/s less the start, v²/(2a) = 0.30 m.
    EXPECT_NEAR(actor.X_WB.p.x, 13.4 - 0.30, 0.02);
    EXPECT_NEAR(actor.X_WB.p.z, 0.1 * actor.X_WB.p.x, 0.01);
    EXPECT_TRUE(yard.state.contacts.empty());
}

TEST(Walker, GaitCyclesEvery1400MillimetresAtTheComfortableSpeed) {
    Yard yard;
    const auto person = yard.add(kPersonKind, {0, 0}, 0.0, 1.34);
    yard.start();
    auto& actor = yard.actor(person);
    actor.walk.velocity_mps = {1.34, 0};
    double phase = 0, last = actor.gait_rad;
    yard.run(10.0, [&] {
        phase += math::wrap_angle(actor.gait_rad - last);
        last = actor.gait_rad;
    });
    EXPECT_NEAR(phase / (2 * math::kPi), 13.4 / 1.4, 0.02);
}

TEST(Walker, TurnsTowardsTheCommandedHeading) {
    Yard yard;
    const auto person = yard.add(kPersonKind, {0, 0}, 0.0);
    yard.start();
    yard.actor(person).walk.heading_rad = -2.0;
    yard.run(1.0);
    EXPECT_NEAR(yard.actor(person).X_WB.yaw_rad(), -2.0, 1e-9);
}

TEST(Walker, IsKnockedDownByACarAndComesToRestOnTheGround) {
    Yard yard;
    const auto car = yard.add(kCarKind, {0, 0}, 0.0, 10.0);
    const auto person = yard.add(kPersonKind, {8, 0.2}, math::kPi / 2);
    yard.start();
    const double m = yard.spec().mass_kg;
    double v_before = 0, impulse = 0, v_after = 0;
    yard.run(3.0, [&] {
        auto& actor = yard.actor(car);
        if (!yard.state.contacts.empty() && impulse == 0) actor.vehicle.brake = 0.0;
        if (yard.state.contacts.empty() && impulse == 0) v_before = yard.v_cg(car).x;
        if (!yard.state.contacts.empty() && yard.state.tick < 180) {
            EXPECT_EQ(yard.state.contacts[0].a, car);
            EXPECT_EQ(yard.state.contacts[0].b, person);
            impulse += yard.state.contacts[0].impulse_ns;
            v_after = yard.v_cg(car).x;
        }
        actor.vehicle.brake = impulse > 0 ? 0.6 : 0.0;
    });
    EXPECT_GT(impulse, 300.0);                 // 70 kg to several metres per second
    EXPECT_LT(v_after, v_before - 100.0 / m);  // the car feels it
    const auto& fallen = yard.actor(person);
    const double up = fallen.X_WB.rotate({0, 0, 1}).z;
    EXPECT_LT(up, 0.5);               // lies
    EXPECT_GT(fallen.X_WB.p.x, 9.0);  // thrown forward
    EXPECT_LT(glm::length(fallen.v_W), 1.0);
    EXPECT_NEAR(fallen.X_WB.p.z, 0.25, 0.25);  // on the ground, not under it
}

TEST(Walker, StopsAtAParkedCar) {
    Yard yard;
    const auto person = yard.add(kPersonKind, {0, 0}, 0.0);
    const auto car = yard.add(kCarKind, {5, 0}, 0.0);
    yard.start();
    yard.actor(person).walk.velocity_mps = {1.34, 0};
    yard.actor(car).vehicle.brake = 1.0;
    const Vec3 start = yard.actor(car).X_WB.p;
    yard.run(10.0);
    EXPECT_LT(yard.actor(person).X_WB.p.x, 5 - 1.008 - 0.2);
    EXPECT_LT(glm::length(yard.actor(car).X_WB.p - start), 0.05);
    EXPECT_GT(yard.actor(person).X_WB.rotate({0, 0, 1}).z, 0.99);  // still upright
}

// A pile-up with everything in it.
std::uint64_t pile_up_hash() {
    Yard yard;
    for (int i = 0; i < 8; ++i) {
        yard.add(kCarKind, {12.0 * i, 0.3 * (i % 3)}, 0.01 * i, 20.0 - 2.0 * i);
        yard.add(kPersonKind, {12.0 * i + 5.0, 2.5}, -math::kPi / 2);
    }
    yard.add_wall({110, 0}, 0.1, 1.0, 20.0);
    yard.start();
    std::uint64_t chain = 0;
    for (auto& actor : yard.state.actors) {
        actor.walk.velocity_mps = {0.0, -1.3};
        actor.vehicle.steer_rad = 0.01 * (actor.id % 5) - 0.02;
        actor.vehicle.throttle = 0.3;
    }
    bool crashed = false;
    yard.run(6.0, [&] {
        chain = core::hash_chain(chain, world::hash(yard.state));
        crashed = crashed || yard.state.contacts.size() > 2;
    });
    EXPECT_TRUE(crashed);
    EXPECT_EQ(world::first_invalid_actor(yard.state), world::kNoActor);
    return chain;
}

TEST(Determinism, SameBitsTwiceAndOnAnyHeap) {
    const std::uint64_t first = pile_up_hash();
    // Shift the heap: blocks of odd sizes that stay alive over the second run.
    std::vector<std::unique_ptr<char[]>> blocks;
    for (std::size_t i = 0; i < 3000; ++i) {
        blocks.push_back(std::make_unique<char[]>(17 + 131 * (i % 97)));
        if (i % 3 == 0) blocks[i / 2].reset();
    }
    EXPECT_EQ(pile_up_hash(), first);
}

TEST(Create, RejectsUnsortedActorsAndUnknownArchetypes) {
    Yard yard;
    yard.add(kCarKind, {0, 0}, 0.0);
    yard.add(kCarKind, {10, 0}, 0.0);
    world::State state = world::initial_state(yard.world);
    std::swap(state.actors[0], state.actors[1]);
    EXPECT_FALSE(Physics::create(yard.world, flat(), state).ok());
    state = world::initial_state(yard.world);
    state.actors[1].archetype = 99;
    EXPECT_FALSE(Physics::create(yard.world, flat(), state).ok());
    state = world::initial_state(yard.world);
    state.actors[1].X_WB.p.x = std::nan("");
    EXPECT_FALSE(Physics::create(yard.world, flat(), state).ok());
}

}  // namespace
}  // namespace huntsman::engine::physics
