#include "bridge/score/criteria.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "bridge/score/score_fields.h"
#include "engine/core/describe_json.h"

namespace huntsman::bridge::score {
namespace {

using namespace engine::world;
namespace story = scenarios::story;
using engine::math::Box2;
using engine::math::Vec2;
using engine::math::Vec3;
using testing::HasSubstr;

// The ego (4.5 m × 1.8 m, front 3.5 m before its reference point) and others, hand-driven.
struct Trip {
    World world;
    State state;
    StoryState played;
    std::vector<ActorId> actors{kEgo, 2};
    Moment moment;
    CriteriaWatch watch;
    std::vector<MotionSample> motion;

    static World make_world() {
        World made;
        made.archetypes.resize(1);
        made.archetypes[0].extent = {
            .front_m = 3.5, .rear_m = 1.0, .width_m = 1.8, .height_m = 1.5};
        made.archetypes[0].semantic = Semantic::kCar;
        return made;
    }
    explicit Trip(const story::CriterionRule& rule,
                  story::CriterionSeverity severity = story::CriterionSeverity::kFail)
        : world(make_world()),
          watch(world, {{.name = "rule", .severity = severity, .rule = rule}},
                {.entities = {"Ego", "Van"}, .monitors = {"seen"}}) {
        state.actors.resize(2);
        state.actors[0].id = kEgo;
        state.actors[1].id = 2;
        state.actors[1].X_WB.p = {1000, 0, 0};
        played.monitors = {0};
        moment.story = &played;
        moment.actors = actors;
    }
    ActorState& ego() { return state.actors[0]; }
    ActorState& other() { return state.actors[1]; }
    void put(ActorState& actor, const Vec3& p, double yaw_rad, double speed_mps) {
        actor.X_WB = engine::math::upright(p, yaw_rad);
        actor.v_W = Vec3(speed_mps * engine::math::direction(yaw_rad), 0);
    }
    // Everybody goes on as they do; the route is the x axis.
    void drive(double seconds) {
        for (int i = 0; i < static_cast<int>(std::round(seconds * 200)); ++i) {
            state.time_us += 5000;
            ++state.tick;
            for (ActorState& actor : state.actors) actor.X_WB.p += actor.v_W * 0.005;
            moment.route_s_m = ego().X_WB.p.x;
            watch.observe(state, moment);
        }
    }
    CriterionVerdict verdict() const { return watch.verdict(motion).criteria.at(0); }
};

TEST(Criteria, AnyContactIsACollisionAndHardOnesAloneWhereTheRuleSaysSo) {
    const auto hit = [](const story::NoCollision& rule, ActorId other, double closing_mps) {
        Trip run(rule);
        run.drive(0.1);
        run.state.contacts = {{.a = kEgo, .b = other, .closing_speed_mps = closing_mps}};
        run.drive(0.005);
        return run.verdict();
    };
    const CriterionVerdict broken = hit({}, 2, 3);
    EXPECT_FALSE(broken.passed);
    EXPECT_EQ(broken.tick, 21);
    EXPECT_NEAR(*broken.time_s, 0.105, 1e-9);
    EXPECT_EQ(broken.value, 3);
    EXPECT_EQ(broken.reason, "the ego hit \"Van\" at a closing speed of 3.00 m/s");
    EXPECT_FALSE(hit({}, 1'000'000, 0).passed);
    EXPECT_TRUE(hit({.entity = "Van", .above_mps = {}}, 1'000'000, 3).passed);
    EXPECT_TRUE(hit({.entity = "", .above_mps = 4.0}, 2, 3).passed);
    EXPECT_FALSE(hit({.entity = "Van", .above_mps = 2.0}, 2, 3).passed);
    EXPECT_TRUE(hit({}, kNoActor, 0).kind == std::string("no_collision"));
}

TEST(Criteria, NothingHappensWithoutContact) {
    Trip run(story::NoCollision{});
    run.drive(1);
    EXPECT_TRUE(run.verdict().passed);
    EXPECT_FALSE(run.verdict().extreme);
}

TEST(Criteria, TimeToCollisionIsGapOverClosingSpeed) {
    Trip run(story::MinTimeToCollision{"", 1.49});
    // Bumpers 40 m apart, closing at 10 m/s: below 1.49 s with the first sample after 2.51 s.
    run.put(run.ego(), {0, 0, 0}, 0, 15);
    run.put(run.other(), {44.5, 0, 0}, 0, 5);
    run.drive(2.5);
    EXPECT_TRUE(run.verdict().passed);
    EXPECT_NEAR(*run.verdict().extreme, 1.5, 1e-6);
    run.drive(0.5);
    EXPECT_FALSE(run.verdict().passed);
    EXPECT_NEAR(*run.verdict().time_s, 2.55, 1e-9);
    EXPECT_NEAR(*run.verdict().value, 1.45, 1e-6);
    EXPECT_NEAR(*run.verdict().extreme, 1.0, 1e-6);
    EXPECT_THAT(run.verdict().reason, HasSubstr("\"Van\""));
}

TEST(Criteria, TimeToCollisionForgetsWhoComesFromBehind) {
    Trip run(story::MinTimeToCollision{"Van", 3});
    run.put(run.ego(), {0, 0, 0}, 0, 5);
    run.put(run.other(), {-20, 0, 0}, 0, 10);
    run.drive(2);
    EXPECT_TRUE(run.verdict().passed);
}

TEST(Criteria, PostEncroachmentTimeIsBetweenLeavingAndEntering) {
    // The ego passes x = 0 along x, the van along y. The ego's rear (−1 m) leaves the van's strip
    // (x up to 0.9) at x = 1.9: 0.19 s after x = 0 at 10 m/s. The van's front enters the ego's
    // strip (y from −0.9) with its reference at y = −4.4.
    for (const double bound : {1.0, 2.0}) {
        Trip run(story::MinPostEncroachmentTime{"", bound});
        run.put(run.ego(), {-20, 0, 0}, 0, 10);
        const double enters_s = 2.19 + 1.5;  // 1.5 s later
        run.put(run.other(), {0, -4.4 - 5 * enters_s, 0}, engine::math::kPi / 2, 5);
        run.drive(6);
        EXPECT_EQ(run.verdict().passed, bound < 1.5);
        EXPECT_NEAR(*run.verdict().extreme, 1.5, 0.06);  // samples are 0.05 s apart
    }
}

TEST(Criteria, WhoFollowsOnTheSamePathEncroachesOnNothing) {
    Trip run(story::MinPostEncroachmentTime{"Van", 3});
    run.put(run.ego(), {0, 0, 0}, 0, 10);
    run.put(run.other(), {12, 0, 0}, 0, 10);
    run.drive(3);
    EXPECT_TRUE(run.verdict().passed);
    EXPECT_FALSE(run.verdict().extreme);
}

TEST(Criteria, GapsAreOfFootprintsInTheirDirection) {
    // Beside: 2.5 m between centre lines, 0.7 m between sides. Ahead: 20 m less the ego's front and
    // the other's rear.
    const auto smallest = [](story::GapDirection direction, const Vec3& other) {
        Trip run(story::MinGap{"Van", 1, direction});
        run.put(run.other(), other, 0, 0);
        run.drive(0.1);
        return run.verdict();
    };
    using enum story::GapDirection;
    EXPECT_NEAR(*smallest(kLateral, {1, 2.5, 0}).extreme, 0.7, 1e-9);
    EXPECT_FALSE(smallest(kLateral, {1, 2.5, 0}).passed);
    EXPECT_FALSE(smallest(kAny, {1, 2.5, 0}).passed);
    EXPECT_TRUE(smallest(kLongitudinal, {1, 2.5, 0}).passed);
    EXPECT_NEAR(*smallest(kLongitudinal, {20, 0.5, 0}).extreme, 15.5, 1e-9);
    EXPECT_TRUE(smallest(kLateral, {20, 0.5, 0}).passed);
    EXPECT_TRUE(smallest(kAny, {20, 0.5, 0}).passed);
    EXPECT_FALSE(smallest(kLongitudinal, {5.2, 0.5, 0}).passed);
    EXPECT_TRUE(smallest(kAny, {1, 2.5, 8}).passed);  // on the bridge above
}

TEST(Criteria, SpeedIsBoundedWithinItsZone) {
    const story::Zone stretch{.circle = {}, .stretch = story::Stretch{50, 60}};
    const story::Zone circle{.circle = story::Circle{80, 0, 5}, .stretch = {}};
    const auto driven = [](const story::SpeedBounds& rule) {
        Trip run(rule);
        run.put(run.ego(), {0, 0, 0}, 0, 10);
        run.drive(5.5);
        run.put(run.ego(), {55, 0, 0}, 0, 20);
        run.drive(2);
        return run.verdict();
    };
    EXPECT_FALSE(driven({{}, 19, {}}).passed);
    EXPECT_NEAR(*driven({{}, 19, {}}).time_s, 5.505, 1e-9);
    EXPECT_EQ(driven({{}, 19, {}}).extreme, 20);
    EXPECT_TRUE(driven({{}, 21, {}}).passed);
    EXPECT_FALSE(driven({12, {}, {}}).passed);
    EXPECT_FALSE(driven({{}, 19, stretch}).passed);
    EXPECT_NEAR(*driven({12, {}, stretch}).time_s, 5, 0.0051);  // a tick
    EXPECT_TRUE(driven({12, {}, circle}).passed);
    EXPECT_FALSE(driven({{}, 19, circle}).passed);
}

TEST(Criteria, AStopIsARestAtThePlaceOrBeforeIt) {
    // The front bumper comes to rest at x = 50 + 3.5.
    const auto stopped = [](const story::StopAt& rule, bool rests = true) {
        Trip run(rule);
        run.put(run.ego(), {0, 0, 0}, 0, 10);
        run.drive(5);
        if (rests) run.put(run.ego(), {50, 0, 0}, 0, 0);
        run.drive(0.5);
        run.put(run.ego(), {50, 0, 0}, 0, 10);
        run.drive(2);
        return run.verdict();
    };
    const story::Goal line{.point = {}, .route_m = 54};
    const story::Goal behind{.point = {}, .route_m = 53};
    const story::Goal point{.point = story::PointInWorld{54, 0}, .route_m = {}};
    EXPECT_TRUE(stopped({line, 1, true}).passed);
    EXPECT_TRUE(stopped({point, 1, true}).passed);
    EXPECT_NEAR(*stopped({line, 1, true}).extreme, 0.5, 1e-9);
    EXPECT_FALSE(stopped({line, 0.4, true}).passed);
    EXPECT_TRUE(stopped({behind, 1, false}).passed);
    EXPECT_FALSE(stopped({behind, 1, true}).passed);
    EXPECT_THAT(stopped({line, 1, true}, false).reason, HasSubstr("passed 54 m of the route"));
    EXPECT_NEAR(*stopped({line, 1, true}, false).time_s, 5.055, 0.0051);
    EXPECT_THAT(stopped({point, 1, true}, false).reason, HasSubstr("never stopped"));
}

TEST(Criteria, AGoalIsReachedInTimeOrNot) {
    const auto driven = [](const story::Reach& rule) {
        Trip run(rule);
        run.put(run.ego(), {0, 0, 0}, 0, 10);
        run.drive(5);
        return run.verdict();
    };
    const story::Goal point{.point = story::PointInWorld{40, 3}, .route_m = {}};
    const story::Goal route{.point = {}, .route_m = 45};
    EXPECT_TRUE(driven({point, 3.1, {}}).passed);
    EXPECT_NEAR(*driven({point, 3.1, {}}).extreme, 3.1, 0.1);
    EXPECT_FALSE(driven({point, 2.9, {}}).passed);
    EXPECT_EQ(driven({point, 2.9, {}}).tick, 1000);
    EXPECT_TRUE(driven({route, 2, 4.31}).passed);
    EXPECT_FALSE(driven({route, 2, 4.29}).passed);
    EXPECT_NEAR(*driven({route, 2, 4.0}).time_s, 4.005, 1e-9);
    EXPECT_FALSE(driven({{.point = {}, .route_m = 60}, 2, {}}).passed);
}

TEST(Criteria, LanesMayBeLeftForAsLongAsTheRuleSays) {
    const auto off = [](double allowed_s) {
        Trip run(story::KeepLane{allowed_s});
        for (int i = 0; i < 3; ++i) {
            run.moment.outside_lanes = true;
            run.drive(1);
            run.moment.outside_lanes = false;
            run.drive(1);
        }
        return run.verdict();
    };
    EXPECT_TRUE(off(1).passed);
    EXPECT_FALSE(off(0.9).passed);
    EXPECT_NEAR(*off(0.9).extreme, 0.995, 1e-9);
    EXPECT_EQ(off(0).tick, 1);
}

TEST(Criteria, RedLightsAreTheJudges) {
    Trip run(story::NoRedLight{});
    run.drive(1);
    EXPECT_TRUE(run.verdict().passed);
    run.moment.red_lights = 1;
    run.drive(1);
    EXPECT_EQ(run.verdict().tick, 201);
}

TEST(Criteria, ComfortIsJudgedByTheFiltersOfTheScore) {
    Trip run(story::Comfort{});
    for (int i = 0; i < 60; ++i) run.motion.push_back({.longitudinal_mps2 = -3});
    run.drive(6);
    EXPECT_TRUE(run.verdict().passed);
    EXPECT_NEAR(*run.verdict().extreme, 3 / 4.05, 1e-6);
    // From the 31st sample on, at 3.1 s, it brakes harder; the filters see that a little before.
    for (int i = 30; i < 60; ++i) run.motion[static_cast<std::size_t>(i)].longitudinal_mps2 = -5;
    EXPECT_FALSE(run.verdict().passed);
    EXPECT_NEAR(*run.verdict().time_s, 3.1, 0.8);
    EXPECT_EQ(*run.verdict().tick, std::llround(*run.verdict().time_s * 200));
}

TEST(Criteria, MonitorsAndStopTriggersAreLookedAtAtTheEnd) {
    Trip monitor(story::MonitorIs{"seen", true});
    monitor.drive(1);
    EXPECT_THAT(monitor.verdict().reason, HasSubstr("\"seen\" is false at the end"));
    EXPECT_EQ(monitor.verdict().tick, 200);
    monitor.played.monitors[0] = 1;
    monitor.drive(1);
    EXPECT_TRUE(monitor.verdict().passed);

    Trip stop(story::StopCondition{true});
    stop.drive(1);
    EXPECT_FALSE(stop.verdict().passed);
    stop.played.finished = true;
    stop.drive(1);
    EXPECT_TRUE(stop.verdict().passed);
    Trip none(story::StopCondition{false});
    none.drive(1);
    EXPECT_TRUE(none.verdict().passed);
}

TEST(Criteria, NotesDoNotFailTheRunAndNoCriteriaMeanNoCollision) {
    Trip note(story::KeepLane{}, story::CriterionSeverity::kNote);
    note.moment.outside_lanes = true;
    note.drive(1);
    const Verdict verdict = note.watch.verdict({});
    EXPECT_TRUE(verdict.passed);
    EXPECT_FALSE(verdict.criteria.at(0).passed);
    EXPECT_EQ(verdict.first_failure(), nullptr);

    CriteriaWatch plain(note.world, {});
    note.state.contacts = {{.a = kEgo, .b = 2}};
    plain.observe(note.state, note.moment);
    const Verdict failed = plain.verdict({});
    EXPECT_FALSE(failed.passed);
    ASSERT_NE(failed.first_failure(), nullptr);
    EXPECT_EQ(failed.first_failure()->kind, "no_collision");
}

TEST(Criteria, TheVerdictIsWrittenAsJson) {
    Trip run(story::KeepLane{0.5});
    run.moment.outside_lanes = true;
    run.drive(1);
    nlohmann::ordered_json json;
    engine::core::write_fields(run.watch.verdict({}), json);
    EXPECT_EQ(json.dump(),
              R"({"passed":false,"criteria":[{"name":"rule","kind":"keep_lane","passed":false,)"
              R"("extreme":0.995,"tick":102,"time_s":0.51,"value":0.505,)"
              R"("reason":"the ego was off its lanes for more than 0.5 s"}]})");
}

TEST(Encounter, ContactTimesMatchClosedForms) {
    const Box2 car{{0, 0}, 0, {2, 1}};
    EXPECT_NEAR(contact_time_s(car, {10, 0}, {{24, 0}, 0, {2, 1}}, {0, 0}), 2.0, 1e-12);
    EXPECT_EQ(contact_time_s(car, {10, 0}, {{24, 2.1}, 0, {2, 1}}, {0, 0}),
              std::numeric_limits<double>::infinity());
    EXPECT_EQ(contact_time_s(car, {10, 0}, {{-24, 0}, 0, {2, 1}}, {0, 0}),
              std::numeric_limits<double>::infinity());
    EXPECT_EQ(contact_time_s(car, {10, 0}, {{3, 0}, 0.3, {2, 1}}, {0, 0}), 0.0);
    // A square turned by 45 degrees touches with its corner, √2 before its centre.
    EXPECT_NEAR(contact_time_s(car, {1, 0}, {{10, 0}, engine::math::kPi / 4, {1, 1}}, {0, 0}),
                8 - std::sqrt(2.0), 1e-12);
}

TEST(Encounter, ContactTimesAgreeWithSmallSteps) {
    // Against overlap() in steps of a millisecond, over many boxes.
    for (int i = 0; i < 200; ++i) {
        const double u = i * 0.7;
        const Box2 a{{0, 0}, u, {2.2, 0.9}};
        const Box2 b{{12 * std::cos(u * 1.3), 12 * std::sin(u * 1.3)}, u * 1.7, {1, 0.5}};
        const Vec2 v_a{std::cos(u * 2.1), std::sin(u * 2.1)};
        const Vec2 v_b = -3.0 * engine::math::direction(u * 1.3 + 0.2 * std::sin(u * 5));
        double found = std::numeric_limits<double>::infinity();
        for (int step = 0; step < 10000; ++step) {
            const Box2 moved{a.centre + (v_a - v_b) * (0.001 * step), a.yaw_rad, a.half};
            if (overlap(moved, b)) {
                found = 0.001 * step;
                break;
            }
        }
        const double exact = contact_time_s(a, v_a, b, v_b);
        if (std::isfinite(found)) {
            EXPECT_NEAR(exact, found, 0.00101) << i;
        } else if (std::isfinite(exact)) {
            EXPECT_GT(exact, 9.9) << i;
        }
    }
}

}  // namespace
}  // namespace huntsman::bridge::score
