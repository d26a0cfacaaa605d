// What comes into a session from outside besides commands: actors that are put elsewhere, another
// weather. All of it is computed again exactly from the recording.
#include <gtest/gtest.h>

#include <cmath>

#include "bridge/loop/session.h"
#include "engine/world/pose.h"
#include "scenarios/model/scenario.h"
#include "tests/bridge/loop/options.h"

namespace huntsman::bridge::loop {
namespace {

using engine::math::Vec2;
using engine::math::Vec3;
using engine::math::xy;
using engine::sim::Placement;
using engine::world::ActorId;
using engine::world::ActorState;
using engine::world::kEgo;
using engine::world::State;

std::unique_ptr<Session> begin_session(Resources& resources, const RunOptions& options,
                                       Setup setup = {}) {
    auto session = Session::create(resources, options, std::move(setup));
    EXPECT_TRUE(session) << session.error().text();
    return session ? std::move(*session) : nullptr;
}

void step_to(Session& session, std::int64_t tick) {
    do {
        const auto status = session.step();
        ASSERT_TRUE(status) << status.error().text();
        ASSERT_FALSE(session.ended()) << session.end_reason();
    } while (session.state().tick < tick);
}

RunResult finish_session(Session& session) {
    auto result = session.finish();
    EXPECT_TRUE(result) << result.error().text();
    return result ? std::move(*result) : RunResult{};
}

// As `replay --verify` does.
void expect_replays(Resources& resources, const RunResult& result) {
    const auto again = replay(resources, result.recording);
    ASSERT_TRUE(again) << again.error().text();
    EXPECT_EQ((*again)->state_hash(), result.state_hash);
    const auto difference =
        engine::sim::first_difference((*again)->chain(), result.recording.chain);
    EXPECT_FALSE(difference) << "tick " << difference->tick;
}

// The first vehicle or person besides the ego.
ActorId somebody(const Session& session, bool vehicle) {
    for (const ActorState& actor : session.state().actors) {
        const auto& kind = session.world().archetypes[actor.archetype];
        if (actor.id != kEgo && engine::world::is_vehicle(kind.semantic) == vehicle) {
            return actor.id;
        }
    }
    ADD_FAILURE() << "nobody is there";
    return engine::world::kNoActor;
}

// A place on a long lane away from everybody: the one nearest to the ego, as road users may leave
// the map where nobody sees it.
Placement free_place(const Session& session, double speed_mps) {
    Placement found;
    double least_m = 1e9;
    const Vec3 ego = session.state().actors.front().X_WB.p;
    for (const auto& lane : session.world().roads.lanes) {
        if (lane.kind != engine::world::LaneKind::kDriving || lane.in_junction()) continue;
        if (lane.length_m < 50 || lane.successors.empty()) continue;
        const auto at = session.road_map().at(lane.id, 15);
        const bool alone = std::ranges::all_of(session.state().actors, [&](const auto& actor) {
            return glm::length(xy(actor.X_WB.p - at.p)) > 25;
        });
        const double off_m = glm::length(xy(at.p - ego));
        if (!alone || off_m >= least_m) continue;
        least_m = off_m;
        found = {.p_W = at.p, .yaw_rad = at.heading_rad, .speed_mps = speed_mps};
    }
    EXPECT_LT(least_m, 200) << "every lane is taken";
    return found;
}

constexpr std::int64_t kChangeTick = 200;

TEST(Changes, APlacedVehicleDrivesOnAlongTheLaneItStandsOn) {
    Resources resources(1);
    const auto session = begin_session(resources, town_options("by hand", 4, false));
    step_to(*session, kChangeTick);
    const ActorId id = somebody(*session, true);
    const Placement to = free_place(*session, 6);
    const Vec3 before = session->state().find(id)->X_WB.p;
    ASSERT_TRUE(session->place(id, to));
    EXPECT_EQ(session->state().find(id)->X_WB.p, before) << "from the next moment on";
    ASSERT_TRUE(session->step());
    const auto now = [&] { return *session->state().find(id); };
    EXPECT_LT(glm::length(xy(now().X_WB.p - to.p_W)), 6 * 0.005 + 0.01);
    EXPECT_NEAR(now().X_WB.yaw_rad(), to.yaw_rad, 0.02);
    EXPECT_NEAR(glm::length(now().v_W), 6, 0.3);
    step_to(*session, kChangeTick + 400);
    ASSERT_NE(session->state().find(id), nullptr);
    const double driven_m = glm::length(xy(now().X_WB.p - to.p_W));
    EXPECT_GT(driven_m, 6);
    const auto lane = session->road_map().nearest_lane(now().X_WB.p, now().X_WB.yaw_rad(), 3.0);
    ASSERT_TRUE(lane);
    EXPECT_LT(std::abs(lane->t_m), 1.0) << "in its lane";
    expect_replays(resources, finish_session(*session));
}

TEST(Changes, APlacedPersonStandsThereAndFindsAWalkway) {
    Resources resources(1);
    const auto session = begin_session(resources, town_options("by hand", 3, false));
    step_to(*session, kChangeTick);
    const ActorId id = somebody(*session, false);
    const Placement to = free_place(*session, 0);
    ASSERT_TRUE(session->place(id, to));
    ASSERT_TRUE(session->step());
    EXPECT_LT(glm::length(xy(session->state().find(id)->X_WB.p - to.p_W)), 0.01);
    step_to(*session, kChangeTick + 100);
    EXPECT_LT(session->state().find(id)->mind.pedestrian().walkway,
              session->world().roads.walkways.size());
    expect_replays(resources, finish_session(*session));
}

TEST(Changes, WhatCannotBePlacedIsAnError) {
    Resources resources(1);
    const auto session = begin_session(resources, town_options("by hand", 2, false));
    ASSERT_TRUE(session->step());
    EXPECT_FALSE(session->place(4711, {}));
    EXPECT_FALSE(session->place(kEgo, {.p_W = {1e9, 0, 0}}));
    EXPECT_FALSE(session->set_environment({.friction = 7}));
    for (const auto& input : finish_session(*session).recording.external) {
        EXPECT_EQ(input.kind, engine::sim::InputKind::kCommand);
    }
}

// The same town braked to a stop from the same tick: on its own road, and on another one.
TEST(Changes, WeatherFromAForkOnIsThatOfTyresAndReplays) {
    Resources resources(1);
    RunOptions options = town_options("by hand", 6, false);
    const auto driven = [&](Session& session) {
        while (!session.ended()) {
            messages::Action action;
            if (session.state().tick < 400) {
                action.mutable_pedals()->set_throttle(0.8);
            } else {
                action.mutable_pedals()->set_brake(1);
            }
            session.apply(action);
            EXPECT_TRUE(session.step_to_frame());
        }
        return finish_session(session);
    };
    const auto first = begin_session(resources, options);
    ASSERT_TRUE(first->step());
    const RunResult original = driven(*first);

    const auto forked = [&](bool snow) {
        const auto session =
            begin_session(resources, options, {.recording = original.recording, .fork_tick = 400});
        while (session->replaying()) EXPECT_TRUE(session->step());
        auto weather = engine::world::environment_at(session->world(), session->state());
        EXPECT_FALSE(session->state().environment.has_value());
        if (snow) {
            weather.snow_cover = 1;
            weather.friction = 0.2;
            EXPECT_TRUE(session->set_environment(weather));
        }
        RunResult result = driven(*session);
        EXPECT_EQ(session->state().environment.has_value(), snow);
        return result;
    };
    EXPECT_EQ(forked(false).state_hash, original.state_hash);
    const RunResult slippery = forked(true);
    EXPECT_GT(slippery.progress_m, original.progress_m + 3);
    const auto difference =
        engine::sim::first_difference(original.recording.chain, slippery.recording.chain);
    ASSERT_TRUE(difference);
    EXPECT_EQ(difference->tick, 400);
    expect_replays(resources, slippery);

    // A fork of the fork has its weather.
    const auto again =
        begin_session(resources, options, {.recording = slippery.recording, .fork_tick = 600});
    while (again->replaying()) ASSERT_TRUE(again->step());
    ASSERT_TRUE(again->state().environment);
    EXPECT_EQ(again->state().environment->weather, "snow");
    EXPECT_EQ(engine::world::environment_at(again->world(), again->state()).friction, 0.2);
    expect_replays(resources, finish_session(*again));
}

// A slower car ahead, which the story moves at a steady speed.
TEST(Changes, AStorysEntityGoesOnFromWhereItIsPut) {
    for (const bool physical : {false, true}) {
        RunOptions options = test_options("by hand", 8);
        options.scenario.story.situation = "ccrm";
        options.scenario.story.physical = physical;
        options.scenario.town.vehicles = 0;
        options.scenario.town.pedestrians = 0;
        options.scenario.town.parked_share = 0;
        Resources resources(1);
        const auto session = begin_session(resources, options);
        ASSERT_TRUE(session);
        step_to(*session, 100);
        ASSERT_EQ(session->state().story->entities.size(), 2U);
        const auto entity = [&] { return session->state().story->entities[1]; };
        const auto actor = [&] { return *session->state().find(entity().actor); };
        const double speed_mps = entity().speed_mps;
        ASSERT_GT(speed_mps, 2);
        // 30 m further along its lane.
        const auto lane =
            session->road_map().nearest_lane(actor().X_WB.p, actor().X_WB.yaw_rad(), 5);
        ASSERT_TRUE(lane);
        auto on = lane->lane;
        double s_m = lane->s_m + 30;
        const auto& lanes = session->world().roads.lanes;
        while (s_m > lanes[on].length_m && !lanes[on].successors.empty()) {
            s_m -= lanes[on].length_m;
            on = lanes[on].successors.front();
        }
        const auto at = session->road_map().at(on, s_m);
        const double travelled_m = entity().travelled_m;
        ASSERT_TRUE(session->place(
            actor().id, {.p_W = at.p, .yaw_rad = at.heading_rad, .speed_mps = speed_mps}));
        step_to(*session, 101);
        EXPECT_LT(glm::length(xy(actor().X_WB.p - at.p)), 0.3) << physical;
        EXPECT_LT(glm::length(xy(entity().p_W - at.p)), 0.3) << physical;
        EXPECT_LT(entity().travelled_m, travelled_m + 1) << "it has not driven there";
        step_to(*session, 301);
        EXPECT_FALSE(entity().released) << physical;
        EXPECT_NEAR(entity().speed_mps, speed_mps, 0.5);
        EXPECT_NEAR(glm::length(xy(actor().X_WB.p - at.p)), speed_mps, 1.5) << physical;
        expect_replays(resources, finish_session(*session));
    }
}

TEST(Changes, TheEgoCanBePlacedToo) {
    Resources resources(1);
    const auto session = begin_session(resources, town_options("by hand", 3, false));
    step_to(*session, kChangeTick);
    const auto& route = session->world().ego_route;
    const auto at = session->road_map().at(route[1], 2);
    ASSERT_TRUE(session->place(kEgo, {.p_W = at.p, .yaw_rad = at.heading_rad, .speed_mps = 3}));
    step_to(*session, kChangeTick + 1);
    EXPECT_LT(glm::length(xy(session->state().actors.front().X_WB.p - at.p)), 0.05);
    step_to(*session, kChangeTick + 60);
    EXPECT_TRUE(session->valid());
    expect_replays(resources, finish_session(*session));
}

}  // namespace
}  // namespace huntsman::bridge::loop
