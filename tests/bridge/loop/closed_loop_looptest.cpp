// Whole runs: same bits, replays, altered recordings, scores of known drives.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "bridge/loop/control.h"
#include "bridge/report/html.h"
#include "bridge/report/output.h"
#include "bridge/run/runner.h"
#include "engine/core/files.h"
#include "sensors/encode/video.h"
#include "tests/bridge/loop/options.h"

namespace huntsman::bridge::loop {
namespace {

RunResult run(const RunOptions& options, int threads, run::RunCallbacks callbacks = {}) {
    run::Runner runner(threads);
    auto result = runner.run(options, callbacks);
    EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().text());
    return result.ok() ? std::move(*result) : RunResult{};
}

TEST(ClosedLoop, OracleMovesOnNoneStandsAndBothAreRepeatable) {
    const RunResult oracle = run(town_options("oracle", 8, false), 1);
    const RunResult again = run(town_options("oracle", 8, false), 2);
    const RunResult none = run(town_options("none", 8, false), 1);
    EXPECT_EQ(oracle.state_hash, again.state_hash);
    EXPECT_EQ(oracle.recording.chain, again.recording.chain);
    EXPECT_NE(oracle.state_hash, none.state_hash);
    EXPECT_GT(oracle.progress_m, 10.0);
    EXPECT_LT(none.progress_m, 0.5);
    EXPECT_EQ(oracle.ticks, 1600);
    EXPECT_EQ(oracle.frames, 80U);
    EXPECT_TRUE(oracle.valid);
    EXPECT_EQ(oracle.collision_disagreements, 0);
}

TEST(ClosedLoop, ValidationIsSilentOverAWholeRun) {
    // Pictures, labels, a video and a timing trace: everything that a run makes the device do.
    setenv("HUNTSMAN_VALIDATION", "1", 1);
    run::Runner runner(2);
    engine::core::Trace trace;
    const RunOptions options = town_options("oracle", 2, true);
    const auto plain = runner.run(options, {});
    const auto traced = runner.run(options, {.trace = &trace});
    unsetenv("HUNTSMAN_VALIDATION");
    ASSERT_TRUE(plain.ok()) << plain.error().text();
    ASSERT_TRUE(traced.ok()) << traced.error().text();
    const auto renderer = runner.resources().renderer(options.quality);
    ASSERT_TRUE(renderer.ok());
    EXPECT_EQ((*renderer)->validation_messages(), 0U);
    // Measuring changes nothing, and found the passes.
    EXPECT_EQ(traced->state_hash, plain->state_hash);
    EXPECT_EQ(traced->image_hash, plain->image_hash);
    const std::string json = trace.json();
    for (const char* name : {"\"resolve\"", "\"render\"", "\"think\"", "\"device\""}) {
        EXPECT_NE(json.find(name), std::string::npos) << name;
    }
}

TEST(ClosedLoop, NetworkGivesTheSameStatesAndPicturesWithOneAndTwoThreads) {
    const RunResult one = run(town_options("network", 2, true), 1);
    const RunResult two = run(town_options("network", 2, true), 2);
    EXPECT_EQ(one.state_hash, two.state_hash);
    EXPECT_EQ(one.image_hash, two.image_hash);
    EXPECT_NE(one.image_hash, 0U);
    EXPECT_TRUE(one.perception.any());
}

TEST(ClosedLoop, AnotherSeedIsAnotherRun) {
    RunOptions other = town_options("oracle", 1, false);
    other.scenario.town.seed = 1235;
    EXPECT_NE(run(town_options("oracle", 1, false), 1).state_hash, run(other, 1).state_hash);
}

TEST(Report, ACurveWithoutDataHasAnAxisOfItsUnitAndSaysSo) {
    const RunResult empty = failed_run(town_options("none", 1, false), "nothing happened");
    const std::string page = report::report_html(empty, "huntsman run", {});
    EXPECT_EQ(page.find("e-0"), std::string::npos);
    EXPECT_NE(page.find("nothing to show"), std::string::npos);
}

TEST(Replay, RepeatsTheChainAndAnAlteredActionShowsAtItsTick) {
    const RunResult original = run(town_options("oracle", 5, false), 1);
    Resources resources(1);
    const auto same = replay(resources, original.recording);
    ASSERT_TRUE(same.ok()) << same.error().text();
    EXPECT_FALSE(engine::sim::first_difference(original.recording.chain, (*same)->chain()));

    engine::sim::Recording altered = original.recording;
    ASSERT_GT(altered.external.size(), 20U);
    auto& action = altered.external[altered.external.size() / 2];
    action.values[0] += 1e-6;  // the steering angle
    const auto replayed = replay(resources, altered);
    ASSERT_TRUE(replayed.ok());
    const auto difference =
        engine::sim::first_difference(original.recording.chain, (*replayed)->chain());
    ASSERT_TRUE(difference);
    EXPECT_EQ(difference->tick, action.tick);
    EXPECT_EQ(difference->phase, engine::sim::PhaseOrder::kAct);
}

TEST(Replay, RepeatsATakeoverOfAnotherVehicleAndItsEnd) {
    // From 3 s to 6 s somebody brakes the vehicle that is fastest then; its own mind goes on after.
    constexpr std::int64_t kFrom = 600, kUntil = 1200;
    engine::world::ActorId taken = engine::world::kNoActor;
    double before_mps = 0, under_mps = 0, after_mps = 0;
    Resources resources(1);
    const RunOptions options = town_options("oracle", 9, false);
    auto created = Session::create(resources, options, {.driver = driver::make_oracle_driver()});
    ASSERT_TRUE(created) << created.error().text();
    Session& session = **created;
    while (!session.ended()) {
        ASSERT_TRUE(session.step());
        const auto& state = session.state();
        if (state.tick == kFrom) {
            for (const auto& actor : state.actors) {
                const double speed_mps = glm::length(actor.v_W);
                if (actor.id == engine::world::kEgo || speed_mps <= before_mps) continue;
                taken = actor.id;
                before_mps = speed_mps;
            }
            session.command(taken, {.steer_rad = 0.05, .brake = 1.0});
        }
        if (state.tick >= kFrom) {
            ASSERT_NE(state.find(taken), nullptr) << taken << " at tick " << state.tick;
        }
        if (state.tick == kUntil) {
            under_mps = glm::length(state.find(taken)->v_W);
            session.release(taken);
        }
        if (taken != engine::world::kNoActor) after_mps = glm::length(state.find(taken)->v_W);
    }
    const auto original = session.finish();
    ASSERT_TRUE(original) << original.error().text();
    EXPECT_GT(before_mps, 2.0);
    EXPECT_LT(under_mps, 0.1);
    EXPECT_GT(after_mps, 1.0);
    EXPECT_NE(original->state_hash, run(town_options("oracle", 9, false), 1).state_hash);

    // Through the file, without whoever gave the inputs.
    const auto path = std::filesystem::temp_directory_path() / "huntsman_takeover.hmr";
    ASSERT_TRUE(engine::sim::write_recording(path, original->recording));
    const auto recording = engine::sim::read_recording(path);
    ASSERT_TRUE(recording) << recording.error().text();
    const auto same = replay(resources, *recording);
    ASSERT_TRUE(same) << same.error().text();
    EXPECT_FALSE(engine::sim::first_difference(original->recording.chain, (*same)->chain()));
    std::filesystem::remove(path);
}

TEST(ClosedLoop, AnEndlessRunGoesOnBehindItsRouteAndReplays) {
    RunOptions options = town_options("oracle", 90, false);
    options.scenario.town.vehicles = 3;
    options.scenario.town.pedestrians = 0;
    options.scenario.town.route_m = 150;
    EXPECT_EQ(run(options, 1).end_reason, "route completed");
    options.endless = true;
    const RunResult endless = run(options, 1);
    EXPECT_EQ(endless.end_reason, "time is up");
    EXPECT_GT(endless.progress_m, 300);
    Resources resources(1);
    const auto replayed = replay(resources, endless.recording);
    ASSERT_TRUE(replayed.ok()) << replayed.error().text();
    EXPECT_EQ((*replayed)->state_hash(), endless.state_hash);
}

TEST(Replay, StopsAtTheTickThatWasAskedFor) {
    const RunResult original = run(town_options("oracle", 2, false), 1);
    Resources resources(1);
    const auto session = replay(resources, original.recording, 123);
    ASSERT_TRUE(session.ok()) << session.error().text();
    EXPECT_EQ((*session)->state().tick, 123);
    EXPECT_FALSE((*session)->ended());
}

TEST(ClosedLoop, AStopFromOutsideLeavesAnIncompleteResult) {
    std::atomic<bool> stop{false};
    run::RunCallbacks callbacks;
    callbacks.stop = &stop;
    callbacks.observers.push_back({.frame = [&](const FrameView& view) {
        if (view.frame == 5) stop = true;
        return engine::core::Status();
    }});
    const RunResult result = run(town_options("oracle", 10, false), 1, callbacks);
    EXPECT_TRUE(result.incomplete);
    EXPECT_NEAR(result.sim_time_s, 0.505, 0.006);
}

TEST(ClosedLoop, BadInputIsRefusedInOneSentence) {
    run::Runner runner(1);
    const auto message = [&](const RunOptions& options) {
        auto result = runner.run(options, {});
        return result.ok() ? std::string("accepted") : result.error().text();
    };
    EXPECT_NE(message(town_options("autopilot", 1, false)).find("expected oracle, network"),
              std::string::npos);
    RunOptions blind = town_options("network", 1, false);
    EXPECT_NE(message(blind).find("needs images"), std::string::npos);
    RunOptions lost = town_options("oracle", 1, false);
    lost.rig = "/nowhere.json";
    EXPECT_NE(message(lost).find("/nowhere.json"), std::string::npos);
    RunOptions crowded = town_options("oracle", 1, false);
    crowded.scenario.town.vehicles = 5000;
    EXPECT_NE(message(crowded).find("vehicles"), std::string::npos);
    EXPECT_NE(message(town_options("torch:/nowhere.pt", 1, true)).find("/nowhere.pt"),
              std::string::npos);
}

TEST(Output, LeavesEverythingThatTheDocumentationNames) {
    const auto folder = std::filesystem::temp_directory_path() / "huntsman_output_test";
    std::filesystem::remove_all(folder);
    ASSERT_TRUE(engine::core::make_writable_folder(folder));
    run::Runner runner(2);
    report::Output output(folder, {.frames = true, .video = true, .minds = true}, &runner.pool());
    auto result = runner.run(town_options("oracle", 1.5, true),
                             {.observers = {output.observer("./huntsman run test")}});
    ASSERT_TRUE(result.ok()) << result.error().text();
    for (const char* name : {"run.json", "report.html", "run.mp4", "recording.hmr"}) {
        EXPECT_GT(std::filesystem::file_size(folder / name), 1000U) << name;
    }
    std::size_t pictures = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder / "frames")) {
        pictures += entry.path().extension() == ".jpg";
    }
    EXPECT_EQ(pictures, 8 * 15U);
    const auto video = sensors::encode::probe_video(folder / "run.mp4");
    ASSERT_TRUE(video.ok()) << video.error().text();
    EXPECT_EQ(video->frames, 15);
    const auto page = engine::core::read_file(folder / "report.html");
    // It needs no network: nothing is loaded from elsewhere (the SVG's name space is only a name).
    for (const char* loaded :
         {"src='http", "src=\"http", "href='http", "href=\"http", "url(http"}) {
        EXPECT_EQ(page->find(loaded), std::string::npos) << loaded;
    }
    EXPECT_NE(page->find("./huntsman run test"), std::string::npos);
    // Who is about, with their minds and names of profiles.
    EXPECT_NE(page->find("\"minds\":true"), std::string::npos);
    EXPECT_NE(page->find("\"attentive\""), std::string::npos);
    std::filesystem::remove_all(folder);
}

TEST(Controller, AnActionTakesEffectAfterItsLatencyAndNotBefore) {
    engine::world::Archetype car;
    Controller controller(car);
    engine::world::ActorState ego;
    EXPECT_EQ(controller.command(ego, 0).brake, 1.0);
    // A car on its way is not stopped for want of a first action.
    engine::world::ActorState fast;
    fast.v_W = {20, 0, 0};
    EXPECT_EQ(controller.command(fast, 0).brake, 0.0);
    messages::Action first, second;
    first.mutable_pedals()->set_throttle(0.3);
    second.mutable_pedals()->set_throttle(0.6);
    controller.add(first, 0, 50'000, {});
    controller.add(second, 100'000, 150'000, {});
    EXPECT_EQ(controller.command(ego, 45'000).throttle, 0.0);
    EXPECT_EQ(controller.command(ego, 50'000).throttle, 0.3);
    EXPECT_EQ(controller.command(ego, 145'000).throttle, 0.3);
    EXPECT_EQ(controller.command(ego, 150'000).throttle, 0.6);
}

TEST(Controller, ATrajectoryStraightOnAcceleratesAndOneToTheLeftSteersLeft) {
    engine::world::Archetype car;
    Controller controller(car);
    engine::world::ActorState ego;
    messages::Action action;
    for (int i = 0; i <= 20; ++i) {
        auto* point = action.mutable_trajectory()->add_points();
        point->set_t_s(0.2 * i);
        point->set_x_m(1.0 * i);
        point->set_y_m(0.02 * i * i);
        point->set_speed_mps(5);
    }
    controller.add(action, 0, 0, {});
    const auto command = controller.command(ego, 0);
    EXPECT_GT(command.throttle, 0.5);
    EXPECT_GT(command.steer_rad, 0.02);
    EXPECT_EQ(command.brake, 0.0);
}

}  // namespace
}  // namespace huntsman::bridge::loop
