// A live run computes what a run computes, whatever people do with it meanwhile.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <stdexcept>
#include <thread>

#include "bridge/live/live_run.h"
#include "bridge/loop/session.h"
#include "bridge/run/runner.h"
#include "tests/bridge/live/options.h"

namespace huntsman::bridge::live {
namespace {

TEST(LiveRun, StandsAtTheBeginningAndPlaysToTheHashOfTheRun) {
    const auto options = town_options("oracle", 3);
    const auto whole = run_whole(options);
    LiveRun run;
    run.prepare(options);
    ASSERT_TRUE(run.wait(kLong_s)) << run.progress().what;
    ASSERT_TRUE(run.status().ready) << run.progress().error;
    ASSERT_TRUE(run.moment());
    EXPECT_EQ(run.moment()->tick, 0);
    EXPECT_GT(run.moment()->state.actors.size(), 5U);
    EXPECT_FALSE(run.status().playing);

    run.play(0);
    ASSERT_TRUE(run.wait(kLong_s));
    EXPECT_TRUE(run.status().ended);
    ASSERT_TRUE(run.result());
    EXPECT_EQ(run.result()->state_hash, whole.state_hash);
    EXPECT_EQ(run.result()->recording.chain, whole.recording.chain);
    EXPECT_EQ(run.status().state_hash, whole.state_hash);
    EXPECT_EQ(run.result()->notes, whole.notes);
    EXPECT_EQ(run.moments()->size(), 30U);
    EXPECT_EQ(run.progress().error, "");
}

TEST(LiveRun, WithPicturesPausesAndSpeedsTheHashesAreThoseOfTheRun) {
    const auto options = town_options("oracle", 1, true);
    const auto whole = run_whole(options);
    ASSERT_NE(whole.image_hash, 0U);
    LiveRun run;
    run.prepare(options);
    ASSERT_TRUE(run.wait(kLong_s));
    run.play(5);
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    run.pause();
    ASSERT_TRUE(run.wait(kLong_s));
    EXPECT_FALSE(run.status().ended);
    run.step();
    ASSERT_TRUE(run.wait(kLong_s));
    run.step_frame();
    ASSERT_TRUE(run.wait(kLong_s));
    EXPECT_EQ(run.moment()->tick % 20, 0);
    EXPECT_EQ(run.moment()->thumbnails.size(), 8U);
    EXPECT_EQ(thumbnail(*run.moment(), 0).width, 64);
    run.play(0);
    ASSERT_TRUE(run.wait(kLong_s));
    ASSERT_TRUE(run.result());
    EXPECT_EQ(run.result()->state_hash, whole.state_hash);
    EXPECT_EQ(run.result()->image_hash, whole.image_hash);
}

// Waits until a condition holds.
template <class Condition>
bool soon(Condition condition, double most_s = 60) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(most_s);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
}

TEST(LiveRun, GoingBackShowsWhatWasAndChangesNothing) {
    const auto options = town_options("oracle", 3);
    const auto whole = run_whole(options);
    LiveRun run;
    run.prepare(options);
    run.seek(300);  // ahead: computed up to
    ASSERT_TRUE(run.wait(kLong_s));
    EXPECT_EQ(run.status().head_tick, 300);
    EXPECT_EQ(run.moment()->tick, 300);
    EXPECT_FALSE(run.status().playing);

    run.seek(100);
    EXPECT_EQ(run.moment()->tick, 100);  // at once
    ASSERT_TRUE(run.wait(kLong_s));
    const auto there = run.moment();
    run.seek(113);  // between camera ticks: the one before at once, then exactly
    EXPECT_EQ(run.moment()->tick, 100);
    ASSERT_TRUE(run.wait(kLong_s));
    EXPECT_EQ(run.moment()->tick, 113);
    EXPECT_GT(run.moment()->plots.progress_m, there->plots.progress_m);
    run.step();
    ASSERT_TRUE(run.wait(kLong_s));
    EXPECT_EQ(run.moment()->tick, 114);
    run.step_frame(-1);
    EXPECT_EQ(run.moment()->tick, 100);
    EXPECT_EQ(run.status().head_tick, 300);

    // Plays what there is, then goes on.
    run.play(0);
    ASSERT_TRUE(run.wait(kLong_s));
    EXPECT_TRUE(run.status().ended);
    EXPECT_EQ(run.result()->state_hash, whole.state_hash);
    // The state that was computed again for a tick in between is that of the run.
    loop::Resources resources(1);
    const auto again = loop::replay(resources, whole.recording, 113);
    ASSERT_TRUE(again);
    run.seek(113);
    ASSERT_TRUE(run.wait(kLong_s));
    EXPECT_EQ(engine::world::hash(run.moment()->state), engine::world::hash((*again)->state()));
}

TEST(LiveRun, AForkIsTheForkOfASessionAndKeepsTheOtherFuture) {
    const auto options = town_options("oracle", 3);
    const auto whole = run_whole(options);
    LiveRun run;
    run.prepare(options);
    run.play(0);
    ASSERT_TRUE(run.wait(kLong_s));
    run.fork({.tick = 300, .driver = "none"});
    ASSERT_TRUE(run.wait(kLong_s)) << run.progress().what;
    EXPECT_EQ(run.progress().error, "");
    EXPECT_EQ(run.moment()->tick, 300);
    EXPECT_EQ(run.status().driver, "none");
    EXPECT_FALSE(run.status().ended);
    ASSERT_TRUE(run.other());
    EXPECT_EQ(run.other()->parted_at, 300);
    EXPECT_EQ(run.other()->moments->size(), 30U);
    EXPECT_EQ(run.other()->result->state_hash, whole.state_hash);
    run.play(0);
    ASSERT_TRUE(run.wait(kLong_s));
    ASSERT_TRUE(run.result());

    loop::Resources resources(1);
    auto session = loop::Session::create(
        resources, options,
        {.driver = driver::make_none_driver(), .recording = whole.recording, .fork_tick = 300});
    ASSERT_TRUE(session) << session.error().text();
    while (!(*session)->ended()) ASSERT_TRUE((*session)->step());
    EXPECT_EQ(run.result()->state_hash, (*session)->state_hash());
    EXPECT_NE(run.result()->state_hash, whole.state_hash);
    EXPECT_EQ(run.moments()->size(), 30U);
    EXPECT_LT(run.moments()->back()->plots.speed_mps,
              run.other()->moments->back()->plots.speed_mps);
}

TEST(LiveRun, AForkCanMoveAnActorAndMakeItRain) {
    LiveRun run;
    run.prepare(town_options("oracle", 2));
    run.seek(200);
    ASSERT_TRUE(run.wait(kLong_s));
    const auto before = run.moment();
    const auto& actor = before->state.actors.at(1);
    MovedActor moved{.id = actor.id, .X_WB = actor.X_WB, .speed_mps = 0};
    moved.X_WB.p += actor.X_WB.rotate({2, 0, 0});
    engine::core::Partial<engine::world::Environment> rain;
    rain.set(&engine::world::Environment::rain_mm_h, 6.0);
    run.fork({.tick = 200, .driver = {}, .environment = rain, .moved = {moved}});
    ASSERT_TRUE(run.wait(kLong_s));
    EXPECT_EQ(run.progress().error, "");
    EXPECT_EQ(run.moment()->tick, 201);
    const auto* there = run.moment()->state.find(actor.id);
    ASSERT_NE(there, nullptr);
    EXPECT_NEAR(glm::length(there->X_WB.p - moved.X_WB.p), 0, 0.2);
    ASSERT_TRUE(run.moment()->state.environment);
    EXPECT_EQ(run.moment()->state.environment->rain_mm_h, 6.0);
    run.play(0);
    ASSERT_TRUE(run.wait(kLong_s));
    ASSERT_TRUE(run.result());
    loop::Resources resources(1);
    const auto again = loop::replay(resources, run.result()->recording);
    ASSERT_TRUE(again);
    EXPECT_EQ((*again)->state_hash(), run.result()->state_hash);
}

TEST(LiveRun, AnActorOfTheStoryIsDrivenByHand) {
    auto options = town_options("oracle", 4);
    options.scenario.story.situation = "hard_brake";
    LiveRun run;
    run.prepare(options);
    ASSERT_TRUE(run.wait(kLong_s)) << run.progress().error;
    ASSERT_TRUE(run.moment());
    const auto& entities = run.moment()->state.story->entities;
    const auto found = std::ranges::find_if(
        entities, [](const auto& e) { return e.present && e.actor != engine::world::kEgo; });
    ASSERT_NE(found, entities.end());
    const auto id = found->actor;
    run.drive(id, {.steer_rad = 0, .throttle = 0, .brake = 1});
    run.play(0);
    ASSERT_TRUE(run.wait(kLong_s));
    const auto* actor = run.moments()->back()->state.find(id);
    ASSERT_NE(actor, nullptr);
    // It stands, where the story would have it drive on for seconds.
    EXPECT_LT(glm::length(actor->v_W), 0.3);
    ASSERT_TRUE(run.result());
    loop::Resources resources(1);
    const auto again = loop::replay(resources, run.result()->recording);
    ASSERT_TRUE(again);
    EXPECT_EQ((*again)->state_hash(), run.result()->state_hash);
}

TEST(LiveRun, WhatIsDrivenByHandReplaysExactly) {
    LiveRun run;
    run.prepare(town_options(kByHand, 3));
    ASSERT_TRUE(run.wait(kLong_s));
    const auto other = run.moment()->state.actors.at(1).id;
    run.drive(engine::world::kEgo, {.steer_rad = 0.02, .throttle = 0.6});
    run.drive(other, {.steer_rad = -0.05, .throttle = 0.4});
    run.seek(200);
    ASSERT_TRUE(run.wait(kLong_s));
    EXPECT_EQ(run.status().by_hand, (std::vector<engine::world::ActorId>{1, other}));
    EXPECT_GT(run.moment()->plots.speed_mps, 0.5);
    run.drive(engine::world::kEgo, {.brake = 1});
    run.release(other);
    run.play(0);
    ASSERT_TRUE(run.wait(kLong_s));
    EXPECT_EQ(run.progress().error, "");
    ASSERT_TRUE(run.result());
    EXPECT_LT(run.moments()->back()->plots.speed_mps, 0.5);
    EXPECT_GT(run.result()->recording.external.size(), 4U);
    loop::Resources resources(1);
    const auto again = loop::replay(resources, run.result()->recording);
    ASSERT_TRUE(again);
    EXPECT_EQ((*again)->state_hash(), run.result()->state_hash);

    // In the past it makes another future.
    run.seek(100);
    run.drive(engine::world::kEgo, {.brake = 1});
    ASSERT_TRUE(run.wait(kLong_s));
    EXPECT_EQ(run.status().forked_at, 100);
    EXPECT_EQ(run.status().head_tick, 100);
    ASSERT_TRUE(run.other());
    EXPECT_EQ(run.other()->moments->size(), 30U);
}

TEST(LiveRun, ARunIsSavedAsTheCommandLineDoesAndOpensAgain) {
    const std::filesystem::path folder = testing::TempDir() + "/live_saved";
    std::filesystem::remove_all(folder);
    LiveRun run;
    run.prepare(town_options("oracle", 2));
    run.play(0);
    ASSERT_TRUE(run.wait(kLong_s));
    run.save_run(folder);
    ASSERT_TRUE(run.wait(kLong_s));
    EXPECT_EQ(run.progress().error, "");
    for (const char* name : {"run.json", "report.html", "recording.hmr"}) {
        EXPECT_TRUE(std::filesystem::exists(folder / name)) << name;
    }
    auto recording = engine::sim::read_recording(folder / "recording.hmr");
    ASSERT_TRUE(recording) << recording.error().text();
    const auto hash = run.result()->state_hash;

    LiveRun opened;
    opened.load(*recording, 200);
    ASSERT_TRUE(opened.wait(kLong_s));
    EXPECT_EQ(opened.progress().error, "");
    EXPECT_EQ(opened.moment()->tick, 200);
    EXPECT_TRUE(opened.status().from_recording);
    EXPECT_EQ(opened.status().driver, "oracle");
    opened.play(0);
    ASSERT_TRUE(opened.wait(kLong_s));
    ASSERT_TRUE(opened.result());
    EXPECT_EQ(opened.result()->state_hash, hash);
    opened.fork({.tick = 300, .driver = "constant"});
    opened.play(0);
    ASSERT_TRUE(opened.wait(kLong_s));
    EXPECT_EQ(opened.status().driver, "constant");
    EXPECT_TRUE(opened.status().ended);
    EXPECT_NE(opened.result()->state_hash, hash);
    EXPECT_EQ(opened.result()->driver, "constant");
}

// Fails after a second.
class FailingDriver final : public driver::Driver {
  public:
    std::string name() const override { return "failing"; }
    bool needs_images() const override { return false; }
    void reset() override {}
    engine::core::Result<messages::Action> drive(const driver::DriverInput& input) override {
        if (input.observation.time_us() < 1'000'000) return messages::Action();
        throw std::runtime_error("out of ideas");
    }
};

TEST(LiveRun, ADriverThatFailsEndsTheRunAndNothingElse) {
    LiveRun run({.make_driver = [](const loop::RunOptions& options)
                     -> engine::core::Result<std::unique_ptr<driver::Driver>> {
        if (options.driver == "failing") {
            return std::unique_ptr<driver::Driver>(std::make_unique<FailingDriver>());
        }
        return run::make_driver(options);
    }});
    run.prepare(town_options("failing", 3));
    run.play(0);
    ASSERT_TRUE(run.wait(kLong_s));
    EXPECT_TRUE(run.status().ended);
    EXPECT_FALSE(run.status().valid);
    EXPECT_NE(run.progress().error.find("out of ideas"), std::string::npos);
    EXPECT_GE(run.moments()->size(), 10U);

    // One that cannot be had at all; the world is shown all the same.
    run.prepare(town_options("torch:/nowhere.pt", 3));
    run.play(0);
    ASSERT_TRUE(run.wait(kLong_s));
    EXPECT_TRUE(run.status().ready);
    EXPECT_FALSE(run.status().valid);
    EXPECT_NE(run.progress().error, "");
    run.prepare(town_options("no such driver", 3));
    run.play(0);
    ASSERT_TRUE(run.wait(kLong_s));
    EXPECT_NE(run.progress().error.find("expected"), std::string::npos);

    // A world that cannot be had.
    auto nowhere = town_options("oracle", 3);
    nowhere.scenario.map = "/nowhere.xodr";
    run.prepare(nowhere);
    ASSERT_TRUE(run.wait(kLong_s));
    EXPECT_FALSE(run.status().ready);
    EXPECT_NE(run.progress().error.find("nowhere"), std::string::npos);

    run.prepare(town_options("none", 1));
    run.play(0);
    ASSERT_TRUE(run.wait(kLong_s));
    EXPECT_TRUE(run.status().valid);
    EXPECT_EQ(run.progress().error, "");
}

TEST(LiveRun, IsCancelledAndDestroyedWithinTwoSeconds) {
    auto options = town_options("oracle", 30);
    for (const int after_ms : {0, 50, 400, 1500}) {
        auto run = std::make_unique<LiveRun>();
        run->prepare(options);
        run->play(1);
        std::this_thread::sleep_for(std::chrono::milliseconds(after_ms));
        const auto start = std::chrono::steady_clock::now();
        run->cancel();
        EXPECT_FALSE(run->progress().running);
        EXPECT_TRUE(run->wait(2)) << "after " << after_ms << " ms";
        run.reset();
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        EXPECT_LT(took.count(), 2.0) << "after " << after_ms << " ms";
    }
    wait_for_builds();
}

TEST(LiveRun, TheLatestOfManyPreparesHolds) {
    LiveRun run;
    for (int i = 0; i < 5; ++i) {
        auto options = town_options("oracle", 1 + i);
        options.scenario.town.seed = 1234 + static_cast<std::uint64_t>(i % 2);
        run.prepare(options);
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    ASSERT_TRUE(run.wait(kLong_s));
    EXPECT_EQ(run.status().last_tick, 1000);
    EXPECT_EQ(run.moment()->world->seed, 1234U);
}

TEST(LiveRun, AnySequenceOfCallsEndsWhereItIsAskedTo) {
    std::mt19937 dice(7);
    const auto options = town_options("oracle", 2);
    LiveRun run;
    run.prepare(options);
    const auto pick = [&](int n) { return static_cast<int>(dice() % static_cast<unsigned>(n)); };
    for (int sequence = 0; sequence < 50; ++sequence) {
        for (int call = 0; call < 8; ++call) {
            const std::int64_t tick = pick(420);
            switch (pick(12)) {
                case 0:
                    run.play(0);
                    break;
                case 1:
                    run.play(0.1 + pick(50) / 10.0);
                    break;
                case 2:
                    run.pause();
                    break;
                case 3:
                    run.step();
                    break;
                case 4:
                    run.step_frame(pick(5) - 2);
                    break;
                case 5:
                    run.seek(tick);
                    break;
                case 6:
                    run.fork({.tick = tick, .driver = pick(2) != 0 ? "none" : ""});
                    break;
                case 7:
                    run.prepare(options);
                    break;
                case 8:
                    run.cancel();
                    break;
                case 9:
                    run.drive(1 + static_cast<unsigned>(pick(9)), {.throttle = 0.5});
                    break;
                case 10:
                    run.release(1);
                    break;
                default:
                    run.end_here();
                    break;
            }
            if (pick(3) == 0) std::this_thread::sleep_for(std::chrono::milliseconds(pick(30)));
        }
        const auto status = run.status();
        EXPECT_GE(status.head_tick, 0);
        EXPECT_LE(status.head_tick, 401);
    }
    const auto whole = run_whole(options);
    run.prepare(options);
    run.play(0);
    ASSERT_TRUE(run.wait(kLong_s));
    ASSERT_TRUE(run.result());
    EXPECT_EQ(run.result()->state_hash, whole.state_hash);
}

TEST(LiveRun, MemoryStaysFlatOverManyPrepares) {
    const auto resident_mb = [] {
        std::ifstream file("/proc/self/statm");
        std::size_t pages = 0, resident = 0;
        file >> pages >> resident;
        return static_cast<double>(resident) * 4096 / 1e6;
    };
    LiveRun run;
    double early = 0;
    for (int i = 0; i < 20; ++i) {
        run.prepare(town_options("oracle", 1));
        run.seek(60);
        ASSERT_TRUE(run.wait(kLong_s));
        if (i == 5) early = resident_mb();
    }
    const double late = resident_mb();
    EXPECT_LT(late - early, 60) << early << " MB then " << late << " MB";
}

}  // namespace
}  // namespace huntsman::bridge::live
