// A session stepped by hand: the hashes of a run, forks, observers.
#include <gtest/gtest.h>

#include <cmath>

#include "bridge/loop/session.h"
#include "bridge/run/runner.h"
#include "tests/bridge/loop/options.h"

namespace huntsman::bridge::loop {
namespace {

using engine::core::Status;

std::unique_ptr<Session> open(Resources& resources, const RunOptions& options, Setup setup = {}) {
    auto session = Session::create(resources, options, std::move(setup));
    EXPECT_TRUE(session) << session.error().text();
    return session ? std::move(*session) : nullptr;
}

// Pedals that depend on the time alone.
messages::Action drive_by_time(const messages::Observation& observation) {
    const double t = 1e-6 * static_cast<double>(observation.time_us());
    messages::Action action;
    action.mutable_pedals()->set_throttle(0.4 + 0.1 * std::sin(3 * t));
    action.mutable_pedals()->set_steer_rad(0.02 * std::sin(2 * t));
    return action;
}
messages::Action brake_hard(const messages::Observation&) {
    messages::Action action;
    action.mutable_pedals()->set_brake(1);
    return action;
}

// To the end of the session, an action at each camera tick.
RunResult drive(Session& session, messages::Action (*decide)(const messages::Observation&)) {
    while (!session.ended()) {
        if (session.at_frame()) session.apply(decide(session.observation()));
        const Status status = session.step_to_frame();
        EXPECT_TRUE(status) << status.error().text();
    }
    auto result = session.finish();
    EXPECT_TRUE(result) << result.error().text();
    return result ? std::move(*result) : RunResult{};
}

TEST(Session, SteppedByHandWithTheDriversActionsGivesTheHashesOfTheRun) {
    for (const int latency_ms : {0, 50}) {
        RunOptions options = town_options("oracle", 2, true);
        options.latency = ConstantLatency{latency_ms};
        run::Runner runner(2);
        const auto whole = runner.run(options, {});
        ASSERT_TRUE(whole) << whole.error().text();

        Resources resources(2);
        const auto session = open(resources, options);
        ASSERT_TRUE(session);
        const auto oracle = driver::make_oracle_driver();
        std::uint64_t frames = 0;
        while (true) {
            ASSERT_TRUE(session->step_to_frame());
            if (session->ended()) break;
            EXPECT_EQ(session->state().tick % 20, 0);
            EXPECT_EQ(session->view().frame, frames++);
            EXPECT_EQ(session->frames().size(), 8U);
            const messages::Perception truth = session->true_perception();
            const auto action =
                oracle->drive({.observation = session->observation(), .truth = &truth});
            ASSERT_TRUE(action);
            session->apply(*action);
        }
        EXPECT_EQ(session->end_reason(), whole->end_reason);
        const auto result = session->finish();
        ASSERT_TRUE(result) << result.error().text();
        EXPECT_EQ(frames, 20U);
        EXPECT_EQ(result->state_hash, whole->state_hash) << "latency " << latency_ms;
        EXPECT_EQ(result->image_hash, whole->image_hash);
        EXPECT_EQ(result->recording.chain, whole->recording.chain);
        EXPECT_EQ(result->recording.external, whole->recording.external);
        EXPECT_EQ(result->frames, whole->frames);
        EXPECT_NE(result->image_hash, 0U);
    }
}

TEST(Session, TickByTickAndFrameByFrameAreTheSame) {
    Resources resources(1);
    const RunOptions options = town_options("by hand", 2, false);
    const RunResult frames = drive(*open(resources, options), drive_by_time);
    const auto session = open(resources, options);
    std::int64_t ticks = 0;
    while (true) {
        ASSERT_TRUE(session->step());
        if (session->ended()) break;
        EXPECT_EQ(session->state().tick, ticks++);
        if (session->at_frame()) session->apply(drive_by_time(session->observation()));
    }
    EXPECT_EQ(ticks, 400);
    EXPECT_EQ(session->state_hash(), frames.state_hash);
}

TEST(Session, ForkedByReplayGoesOnWithOtherActionsAndTheSameGiveTheSameHashes) {
    constexpr std::int64_t kFork = 600;  // a camera tick
    Resources resources(1);
    const RunOptions options = town_options("by hand", 6, false);
    const RunResult original = drive(*open(resources, options), drive_by_time);
    EXPECT_EQ(original.ticks, 1200);

    const auto fork = [&] {
        auto session =
            open(resources, options, {.recording = original.recording, .fork_tick = kFork});
        while (session->replaying()) EXPECT_TRUE(session->step());
        EXPECT_EQ(session->state().tick, kFork);
        EXPECT_TRUE(session->at_frame());
        return session;
    };
    const RunResult same = drive(*fork(), drive_by_time);
    EXPECT_EQ(same.state_hash, original.state_hash);
    EXPECT_EQ(same.recording.external, original.recording.external);

    const RunResult other = drive(*fork(), brake_hard);
    const auto difference =
        engine::sim::first_difference(original.recording.chain, other.recording.chain);
    ASSERT_TRUE(difference);
    // Until the first action has taken effect the car goes on as it did.
    EXPECT_EQ(difference->tick, kFork + 10);
    EXPECT_EQ(difference->phase, engine::sim::PhaseOrder::kAct);
    EXPECT_LT(other.progress_m, original.progress_m - 5);
    // What a fork leaves is a recording like any other.
    const auto again = replay(resources, other.recording);
    ASSERT_TRUE(again) << again.error().text();
    EXPECT_EQ((*again)->state_hash(), other.state_hash);
}

TEST(Session, AForkSeesFromItsTickOnAndAnotherDriverTakesOver) {
    run::Runner runner(2);
    const RunOptions options = town_options("oracle", 2.5, true);
    const auto original = runner.run(options, {});
    ASSERT_TRUE(original) << original.error().text();
    const auto session = open(
        runner.resources(), options,
        {.driver = driver::make_none_driver(), .recording = original->recording, .fork_tick = 400});
    std::vector<std::uint64_t> with_pictures;
    session->subscribe({.frame = [&](const FrameView& view) {
        if (view.has_images) with_pictures.push_back(view.frame);
        return Status();
    }});
    while (!session->ended()) ASSERT_TRUE(session->step());
    EXPECT_EQ(with_pictures, (std::vector<std::uint64_t>{20, 21, 22, 23, 24}));
    const auto result = session->finish();
    ASSERT_TRUE(result);
    EXPECT_EQ(result->driver, "none");
    EXPECT_EQ(result->frames, original->frames);
    EXPECT_NE(result->state_hash, original->state_hash);
}

// Keeps where the pictures that it was given lie.
class NotingDriver final : public driver::Driver {
  public:
    explicit NotingDriver(std::vector<const std::uint8_t*>& seen) : seen_(seen) {}
    std::string name() const override { return "noting"; }
    bool needs_images() const override { return true; }
    void reset() override { seen_.clear(); }
    engine::core::Result<messages::Action> drive(const driver::DriverInput& input) override {
        EXPECT_EQ(input.observation.cameras_size(), 0);
        EXPECT_EQ(input.truth, nullptr);
        for (const auto& picture : input.pictures) {
            EXPECT_EQ(picture.rgb.size(), 3U * 128 * 80);
            seen_.push_back(picture.rgb.data());
        }
        return messages::Action();
    }

  private:
    std::vector<const std::uint8_t*>& seen_;
};

TEST(Session, PicturesReachADriverWithoutACopy) {
    std::vector<const std::uint8_t*> seen;
    Resources resources(2);
    const auto session = open(resources, town_options("noting", 1, true),
                              {.driver = std::make_unique<NotingDriver>(seen)});
    ASSERT_TRUE(session->step_to_frame());
    ASSERT_EQ(seen.size(), 8U);
    for (std::size_t c = 0; c < seen.size(); ++c) {
        EXPECT_EQ(seen[c], session->frames()[c].image.pixels.data());
    }
}

TEST(Session, FinishedEarlyEndsWithAWholeTickAndReplays) {
    Resources resources(1);
    const auto session = open(resources, town_options("by hand", 5, false));
    std::vector<std::string> calls;
    session->subscribe({.frame =
                            [&](const FrameView&) {
                                calls.push_back("first");
                                return Status();
                            },
                        .finished =
                            [&](RunResult& result) {
                                calls.push_back("finished");
                                result.notes.push_back("seen");
                                return Status();
                            }});
    session->subscribe({.frame = [&](const FrameView&) {
        calls.push_back("second");
        return Status();
    }});
    ASSERT_TRUE(session->step_to_frame());
    session->apply(drive_by_time(session->observation()));
    ASSERT_TRUE(session->step_to_frame());
    const auto result = session->finish();
    ASSERT_TRUE(result);
    EXPECT_EQ(calls, (std::vector<std::string>{"first", "second", "first", "second", "finished"}));
    EXPECT_EQ(result->notes.back(), "seen");
    EXPECT_TRUE(result->incomplete);
    EXPECT_EQ(result->ticks, 21);
    const auto again = replay(resources, result->recording);
    ASSERT_TRUE(again);
    EXPECT_EQ((*again)->state_hash(), result->state_hash);
}

TEST(Session, AnObserversErrorEndsItAndIsPassedOn) {
    Resources resources(1);
    const auto session = open(resources, town_options("by hand", 5, false));
    session->subscribe({.frame = [](const FrameView&) -> Status {
        return engine::core::Error{.message = "the disk is full"};
    }});
    ASSERT_TRUE(session->step_to_frame());
    const Status status = session->step_to_frame();
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().message, "the disk is full");
}

TEST(Session, WithTrafficDrivingTheEgoNothingComesInFromOutside) {
    Resources resources(1);
    const auto session =
        open(resources, town_options("none", 4, false), {.traffic_drives_ego = true});
    int sensed = 0;
    session->subscribe({.sense = [&](const engine::world::World&, const engine::world::State&) {
        ++sensed;
        return Status();
    }});
    while (!session->ended()) ASSERT_TRUE(session->step());
    const auto result = session->finish();
    ASSERT_TRUE(result);
    EXPECT_EQ(sensed, 40);
    EXPECT_TRUE(result->recording.external.empty());
    EXPECT_GT(result->progress_m, 3);
}

}  // namespace
}  // namespace huntsman::bridge::loop
