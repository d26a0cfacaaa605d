#include "engine/world/state.h"

#include <gtest/gtest.h>

#include "engine/core/describe_compare.h"
#include "engine/world/pose.h"
#include "engine/world/state_fields.h"
#include "engine/world/state_parts.h"

namespace huntsman::engine::world {
namespace {

TEST(IdWord, HoldsActorClassAndPart) {
    for (const ActorId actor : {kNoActor, kEgo, 999'999U, kFirstStaticObject, kLastId}) {
        for (std::uint32_t part = 0; part < kMostParts; ++part) {
            for (const Semantic semantic :
                 {Semantic::kNothing, Semantic::kBus, Semantic::kMovable}) {
                const std::uint32_t word = id_word(semantic, actor, part);
                EXPECT_EQ(actor_of(word), actor);
                EXPECT_EQ(semantic_of(word), semantic);
                EXPECT_EQ(part_of(word), part);
            }
        }
    }
    // As readers of datasets take it apart: class in bits 24 to 28, the part's low bits above.
    EXPECT_EQ(id_word(Semantic::kCar, 77, 5), 5U << 29 | 13U << 24 | 77U);
}

// A car and a pedestrian with every quantity set.
State busy_state() {
    World world;
    world.archetypes.resize(2);
    world.archetypes[1].semantic = Semantic::kPedestrian;
    world.spawns = {{.id = 1, .X_WB = math::upright({1, 2, 3}, 0.4), .speed_mps = 5, .lane = 3},
                    {.id = 4, .archetype = 1, .walkway = 2, .walkway_forward = false}};
    State state = initial_state(world);
    state.time_us = 12345;
    state.tick = 7;
    state.signals = {Aspect::kRed, Aspect::kGreen};
    state.contacts = {{1, 4, {1, 2, 3}, 4, 5}};
    state.swept_overlaps = {1, 4};
    ActorState& car = state.actors[0];
    car.w_W = {0.1, 0.2, 0.3};
    car.a_W = {0.4, 0.5, 0.6};
    car.wheels[2] = {1, 2, 3, 4};
    car.steer_rad = 0.1;
    car.lamps = 9;
    car.vehicle = {0.1, 0.2, 0.3, true};
    DriverMind& driver = car.mind.driver();
    driver.route[1] = 8;
    driver.lane_t_m = 0.3;
    driver.target_speed_mps = 11;
    driver.acceleration_mps2 = -1;
    driver.leader = 4;
    driver.waited_s = 2;
    driver.decisions = 3;
    ActorState& person = state.actors[1];
    person.gait_rad = 0.7;
    person.walk = {{0.5, 0.6}, 0.7};
    PedestrianMind& walker = person.mind.pedestrian();
    walker.lane_s_m = 5;
    walker.target_speed_mps = 1.2;
    walker.waited_s = 0.5;
    walker.decisions = 2;
    return state;
}

TEST(StateHash, EachFieldCountsInItsPartAlone) {
    const State state = busy_state();
    struct Change {
        StatePart part;
        void (*make)(State&);
    };
    const Change changes[] = {
        {kClock, [](State& s) { s.time_us = 1; }},
        {kClock, [](State& s) { s.tick = 1; }},
        {kClock, [](State& s) { s.environment.emplace(); }},
        {kRoster, [](State& s) { s.next_actor = 9; }},
        {kRoster, [](State& s) { s.actors[1].id = 3; }},
        {kRoster, [](State& s) { s.actors[1].archetype = 7; }},
        {kRoster, [](State& s) { s.actors[1].tint[2] = 1; }},
        {kRoster, [](State& s) { s.actors[1].hidden_from = kSensors; }},
        {kBodies, [](State& s) { s.actors[1].X_WB.q.z = 0.5; }},
        {kBodies, [](State& s) { s.actors[0].v_W.y = 8; }},
        {kBodies, [](State& s) { s.actors[0].w_W.z = 8; }},
        {kBodies, [](State& s) { s.actors[0].a_W.x = 8; }},
        {kBodies, [](State& s) { s.actors[0].wheels[3].load_n = 1e-9; }},
        {kBodies, [](State& s) { s.actors[1].wheels.resize(1); }},
        {kBodies, [](State& s) { s.actors[0].steer_rad = 0; }},
        {kBodies, [](State& s) { s.actors[1].gait_rad = 0; }},
        {kBodies, [](State& s) { s.actors[1].scripted.emplace(); }},
        {kControls, [](State& s) { s.actors[0].lamps = 0; }},
        {kControls, [](State& s) { s.actors[0].vehicle.reverse = false; }},
        {kControls, [](State& s) { s.actors[1].walk.heading_rad = 0; }},
        {kMinds, [](State& s) { s.actors[1].profile = 2; }},
        {kMinds, [](State& s) { s.actors[0].mind.driver().leader = 0; }},
        {kMinds, [](State& s) { s.actors[1].mind.own = DriverMind(); }},
        {kMinds, [](State& s) { s.actors[1].mind.glance.away = true; }},
        {kMinds, [](State& s) { s.actors[1].mind.deliberation.evidence = 2; }},
        {kMinds, [](State& s) { s.actors[1].mind.signalled.left_s = 2; }},
        {kBeliefs, [](State& s) { s.actors[1].mind.beliefs.tracks.resize(1); }},
        {kBeliefs, [](State& s) { s.actors[1].mind.beliefs.signals.resize(1); }},
        {kSignals, [](State& s) { s.signals[1] = Aspect::kRed; }},
        {kContacts, [](State& s) { s.contacts[0].impulse_ns = 1; }},
        {kContacts, [](State& s) { s.swept_overlaps.clear(); }},
        {kStory, [](State& s) { s.story.emplace(); }}};
    StateParts seen = 0;
    for (const auto& [part, make] : changes) {
        seen |= part;
        State other = state;
        make(other);
        const std::string where = core::first_difference(other, state);
        EXPECT_NE(where, "") << name(part);
        EXPECT_NE(hash(other, part), hash(state, part)) << where;
        EXPECT_EQ(hash(other, kWholeState & ~part), hash(state, kWholeState & ~part)) << where;
        EXPECT_NE(hash(other), hash(state)) << where;
    }
    EXPECT_EQ(seen, kWholeState);
}

TEST(StateHash, SeesWhatAMindsOwnKindHas) {
    const State state = busy_state();
    for (const auto change :
         {+[](State& s) { s.actors[0].mind.driver().route[11] = 1; },
          +[](State& s) { s.actors[0].mind.driver().leader = 1; },
          +[](State& s) { s.actors[1].mind.pedestrian().walkway = 1; },
          +[](State& s) { s.actors[1].mind.pedestrian().walkway_forward = true; },
          +[](State& s) { s.actors[0].wheels[3].load_n = 1e-9; }}) {
        State other = state;
        change(other);
        EXPECT_NE(hash(other), hash(state));
        EXPECT_NE(core::first_difference(other, state), "");
    }
    State other = state;
    other.actors[1].mind.pedestrian().waited_s = 3;
    EXPECT_EQ(core::first_difference(state, other), "actors[1].mind.own.waited_s");
}

TEST(InitialState, GivesMindAndWheelsByKind) {
    const State state = busy_state();
    EXPECT_TRUE(state.actors[0].mind.is_driver());
    EXPECT_EQ(state.actors[0].wheels.size(), 4U);
    EXPECT_NEAR(state.actors[0].wheels[0].spin_rad_s, 5 / 0.344, 1e-12);
    EXPECT_FALSE(state.actors[1].mind.is_driver());
    EXPECT_TRUE(state.actors[1].wheels.empty());
    EXPECT_EQ(state.actors[1].mind.intention(), Intention::kWalk);
}

TEST(PartPose, WheelsSteerAndRollAndLimbsSwing) {
    Archetype archetype;
    archetype.parts = {{.motion = Motion::kWheel, .wheel = 0},
                       {.motion = Motion::kWheel, .wheel = 3},
                       {.motion = Motion::kSwing, .swing = -1},
                       {.motion = Motion::kFixed}};
    ActorState actor;
    actor.wheels.resize(4);
    actor.wheels[3].angle_rad = 0.5;
    actor.steer_rad = 0.3;
    actor.v_W = {1.34, 0, 0};
    actor.gait_rad = 0.5 * math::kPi;
    const auto ahead = [&](std::size_t part) {
        return part_poses(archetype, actor)[part].rotate({1, 0, 0});
    };
    EXPECT_NEAR(std::atan2(ahead(0).y, ahead(0).x), 0.3, 1e-12);
    EXPECT_NEAR(std::atan2(-ahead(1).z, ahead(1).x), 0.5, 1e-12);
    EXPECT_NEAR(std::atan2(-ahead(2).z, ahead(2).x), -0.5, 1e-12);
    EXPECT_EQ(ahead(3), math::Vec3(1, 0, 0));
}

TEST(PartPoses, PedalsGoAroundAtTheEndsOfTheCranks) {
    Archetype archetype;
    const math::Vec3 axis(0.4, 0, 0.3), left(0.4, 0.14, 0.3), right(0.4, -0.14, 0.3);
    constexpr double kRadius_m = 0.17;
    archetype.parts = {{.motion = Motion::kCrank, .p_BP = axis},
                       {.motion = Motion::kPedal, .p_BP = left, .swing = kRadius_m},
                       {.motion = Motion::kPedal, .p_BP = right, .swing = -kRadius_m}};
    ActorState actor;
    for (const double turn : {0.0, 0.5 * math::kPi, 2.0, 5.1}) {
        actor.gait_rad = turn;
        const auto poses = part_poses(archetype, actor);
        // The left crank points up at 0 and ahead a quarter later.
        const math::Vec3 arm = poses[0].rotate({0, 0, kRadius_m});
        EXPECT_NEAR(arm.x, kRadius_m * std::sin(turn), 1e-12);
        EXPECT_LT(glm::distance(poses[1].p, left + arm), 1e-12) << turn;
        EXPECT_LT(glm::distance(poses[2].p, right - arm), 1e-12) << turn;
        // Toes point down by 3 to 20 degrees.
        for (const std::size_t pedal : {1U, 2U}) {
            const math::Vec3 ahead = poses[pedal].rotate({1, 0, 0});
            EXPECT_GT(-ahead.z, std::sin(0.045)) << turn;
            EXPECT_LT(-ahead.z, std::sin(0.355)) << turn;
        }
    }
}

}  // namespace
}  // namespace huntsman::engine::world
