// Whole runs with a driver in another process.
#include <gtest/gtest.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "bridge/driver/perceiving.h"
#include "bridge/driver/tracker.h"
#include "bridge/loop/session.h"
#include "bridge/report/run_json.h"
#include "bridge/rpc/server.h"
#include "bridge/run/runner.h"
#include "engine/sim/recording.h"
#include "tests/bridge/loop/options.h"
#include "tests/bridge/rpc/leaks.h"

namespace huntsman::bridge::rpc {
namespace {

using engine::sim::InputKind;
using loop::OnDriverFault;
using loop::RunOptions;
using loop::RunResult;

const std::string kTestDriver = std::string("exec:") + TEST_DRIVER;

RunResult run_of(const RunOptions& options) {
    run::Runner runner(1);
    auto result = runner.run(options, {});
    EXPECT_TRUE(result) << result.error().text();
    return result ? std::move(*result) : RunResult{};
}

// The same chain without a driver, from what was recorded.
void expect_replays(const RunResult& result) {
    loop::Resources resources(1);
    auto session = loop::replay(resources, result.recording);
    ASSERT_TRUE(session) << session.error().text();
    const auto again = (*session)->finish();
    ASSERT_TRUE(again) << again.error().text();
    EXPECT_FALSE(engine::sim::first_difference(result.recording.chain, again->recording.chain));
    EXPECT_EQ(again->state_hash, result.state_hash);
    EXPECT_EQ(again->driver_faults.frames, result.driver_faults.frames);
}

std::size_t unanswered(const RunResult& result) {
    return static_cast<std::size_t>(std::ranges::count(
        result.recording.external, InputKind::kNoAnswer, &engine::sim::ExternalInput::kind));
}

// ---- The same bits as in process

TEST(RemoteRun, TheOracleInAnotherProcessGivesTheSameStates) {
    const RunResult here = run_of(loop::town_options("oracle", 5));
    const RunResult there = run_of(loop::town_options(kTestDriver + " oracle", 5));
    EXPECT_EQ(there.state_hash, here.state_hash);
    EXPECT_EQ(there.recording.chain, here.recording.chain);
    EXPECT_EQ(there.recording.external, here.recording.external);
    EXPECT_EQ(there.driver, kTestDriver + " oracle");
    EXPECT_TRUE(there.valid);
    EXPECT_TRUE(report::is_comparable(there));
    EXPECT_NE(std::ranges::find(there.notes, "the driver was given the truth"), there.notes.end());
    expect_replays(there);
}

// What stands and moves, without its movement, as a network that looks at single frames sees it.
messages::Perception single_frame(const driver::DriverInput& input) {
    messages::Perception perception = *input.truth;
    for (auto& object : *perception.mutable_objects()) {
        object.clear_velocity_x_mps();
        object.clear_velocity_y_mps();
        object.clear_track();
        object.clear_way();
    }
    return perception;
}
// Answers the truth as what it perceives, and nothing to do.
class Perceiver final : public driver::Driver {
  public:
    explicit Perceiver(bool moving = true) : moving_(moving) {}
    std::string name() const override { return "perceiver"; }
    bool needs_images() const override { return false; }
    bool needs_truth() const override { return true; }
    void reset() override {}
    engine::core::Result<messages::Action> drive(const driver::DriverInput& input) override {
        messages::Action action;
        *action.mutable_perception() = moving_ ? *input.truth : single_frame(input);
        return action;
    }

  private:
    bool moving_;
};

TEST(RemoteRun, TheSharedPlannerDrivesOnPerceptionAlone) {
    ServerOptions served;
    served.address = "127.0.0.1:0";
    served.wants.set_perception_alone(true);
    const auto server = DriverServer::start([] { return std::make_unique<Perceiver>(); }, served);
    ASSERT_TRUE(server) << server.error().text();
    const RunResult here = run_of(loop::town_options("oracle", 5));
    const RunResult there =
        run_of(loop::town_options("grpc:127.0.0.1:" + std::to_string((*server)->port()), 5));
    EXPECT_EQ(there.state_hash, here.state_hash);
    EXPECT_EQ(there.recording.external, here.recording.external);
}

class TrackedHere final : public driver::PerceivingDriver {
  public:
    std::string name() const override { return "tracked here"; }
    bool needs_images() const override { return false; }
    bool needs_truth() const override { return true; }

  protected:
    void forget() override { tracker_.reset(); }
    engine::core::Result<Perceived> perceive(const driver::DriverInput& input) override {
        Perceived perceived{single_frame(input), input.observation.time_us()};
        tracker_.update(input.observation, perceived.perception);
        return perceived;
    }

  private:
    driver::Tracker tracker_;
};

TEST(RemoteRun, TheSimulatorTracksForThoseThatSeeSingleFrames) {
    ServerOptions served;
    served.address = "127.0.0.1:0";
    served.wants.set_perception_alone(true);
    served.wants.set_track(true);
    const auto server =
        DriverServer::start([] { return std::make_unique<Perceiver>(false); }, served);
    ASSERT_TRUE(server) << server.error().text();
    RunOptions options = loop::town_options("here", 5);
    run::Runner runner(1);
    run::RunCallbacks in_process;
    in_process.make_driver =
        [](const RunOptions&) -> engine::core::Result<std::unique_ptr<driver::Driver>> {
        return std::unique_ptr<driver::Driver>(std::make_unique<TrackedHere>());
    };
    const auto here = runner.run(options, in_process);
    ASSERT_TRUE(here) << here.error().text();
    const RunResult there =
        run_of(loop::town_options("grpc:127.0.0.1:" + std::to_string((*server)->port()), 5));
    EXPECT_EQ(there.state_hash, here->state_hash);
    EXPECT_EQ(there.recording.external, here->recording.external);
}

// What is seen through shared memory and through messages is what the session has rendered.
TEST(RemoteRun, SeesThePicturesOfTheSession) {
    // The mean colour of all pictures is what it steers by.
    class Looker final : public driver::Driver {
      public:
        std::string name() const override { return "looker"; }
        bool needs_images() const override { return true; }
        void reset() override {}
        engine::core::Result<messages::Action> drive(const driver::DriverInput& input) override {
            std::uint64_t sum = 0;
            for (const auto& picture : input.pictures) {
                for (std::size_t i = 0; i < picture.rgb.size(); ++i) {
                    sum += picture.rgb[i] * (i % 251);
                }
            }
            messages::Action action;
            action.mutable_pedals()->set_throttle(static_cast<double>(sum % 1000) / 2000);
            return action;
        }
    };
    RunOptions options = loop::town_options("looker", 1, true);
    run::Runner runner(1);
    run::RunCallbacks in_process;
    in_process.make_driver =
        [](const RunOptions&) -> engine::core::Result<std::unique_ptr<driver::Driver>> {
        return std::unique_ptr<driver::Driver>(std::make_unique<Looker>());
    };
    const auto here = runner.run(options, in_process);
    ASSERT_TRUE(here) << here.error().text();
    const auto server = DriverServer::start([] { return std::make_unique<Looker>(); },
                                            {.address = "127.0.0.1:0", .token = ""});
    ASSERT_TRUE(server) << server.error().text();
    options.driver = "grpc:127.0.0.1:" + std::to_string((*server)->port());
    const auto there = runner.run(options, {});
    ASSERT_TRUE(there) << there.error().text();
    EXPECT_EQ(there->image_hash, here->image_hash);
    EXPECT_EQ(there->recording.external, here->recording.external);
    EXPECT_TRUE(there->notes.empty());
}

// ---- Where there is no answer

RunOptions faulty(const std::string& how, OnDriverFault on_fault, double seconds = 3) {
    RunOptions options = loop::town_options(kTestDriver + " " + how, seconds);
    options.on_driver_fault = on_fault;
    options.remote = driver::RemoteLink{.deadline_ms = 300, .tls_ca = {}, .token_file = {}};
    return options;
}

TEST(DriverFault, StopsTheRunAsInvalidAndSaysWhy) {
    const RunResult result = run_of(faulty("crash 5", OnDriverFault::kStop));
    EXPECT_FALSE(result.valid);
    EXPECT_EQ(result.end_reason, "the driver failed: it was ended by signal 6 (Aborted)");
    EXPECT_EQ(result.driver_faults.frames, 1U);
    EXPECT_NEAR(result.sim_time_s, 0.5, 0.01);
    expect_replays(result);
    const auto json = nlohmann::json::parse(report::run_json(result));
    EXPECT_EQ(json.at("valid"), false);
    EXPECT_EQ(json.at("driver_faults").at("reasons").at(0).at("what"),
              "it was ended by signal 6 (Aborted)");
}

TEST(DriverFault, WithBrakeTheCarComesToRestAndTheRunSaysSo) {
    const RunResult result = run_of(faulty("leave 10", OnDriverFault::kBrake, 6));
    EXPECT_TRUE(result.valid);
    EXPECT_EQ(result.driver_faults.frames, 50U);
    ASSERT_EQ(result.driver_faults.reasons.size(), 1U);
    EXPECT_EQ(result.driver_faults.reasons[0].what, "it exited with code 7");
    EXPECT_NEAR(result.driver_faults.reasons[0].first_time_s, 1.0, 1e-9);
    EXPECT_LT(result.timeline.back().speed_mps, 0.1);
    EXPECT_FALSE(report::is_comparable(result));
    EXPECT_EQ(unanswered(result), 50U);
    expect_replays(result);
    const auto json = nlohmann::json::parse(report::run_json(result));
    EXPECT_EQ(json.at("comparable"), false);
    EXPECT_EQ(json.at("driver_faults").at("frames"), 50);
    EXPECT_EQ(json.at("driver_faults").at("on_driver_fault"), "brake");
    EXPECT_NE(std::ranges::find(result.notes,
                                "the driver gave no answer to 50 of 60 frames, first at 1.00 s: it "
                                "exited with code 7"),
              result.notes.end());
}

TEST(DriverFault, WithHoldTheActionBeforeGoesOn) {
    const RunResult result = run_of(faulty("nan 5", OnDriverFault::kHold));
    EXPECT_TRUE(result.valid);
    EXPECT_EQ(result.driver_faults.frames, 3U);
    EXPECT_EQ(result.driver_faults.reasons.at(0).what,
              "it answers pedals that are not finite, expected numbers");
    EXPECT_EQ(result.latency.answers_us.size(), 27U);
    expect_replays(result);
}

TEST(DriverFault, OneThatHangsCostsAFewDeadlinesAndTheRunGoesOn) {
    const RunResult result = run_of(faulty("hang 5", OnDriverFault::kHold));
    EXPECT_TRUE(result.valid);
    EXPECT_EQ(result.driver_faults.frames, 25U);
    ASSERT_EQ(result.driver_faults.reasons.size(), 2U);
    EXPECT_EQ(result.driver_faults.reasons[0].what, "it does not answer within 300 ms");
    EXPECT_EQ(result.driver_faults.reasons[0].frames, 4U);
    EXPECT_EQ(result.driver_faults.reasons[1].what,
              "it has answered none of 5 frames in a row within 300 ms");
    EXPECT_LT(result.wall_time_s, 20);
    expect_replays(result);
    EXPECT_EQ(children(), "");
}

// The policy is of every driver, not of those in other processes alone.
TEST(DriverFault, HoldsForDriversInThisProcessToo) {
    class Failing final : public driver::Driver {
      public:
        std::string name() const override { return "failing"; }
        bool needs_images() const override { return false; }
        void reset() override {}
        engine::core::Result<messages::Action> drive(const driver::DriverInput& input) override {
            if (input.observation.frame() == 3) throw std::runtime_error("lost");
            return messages::Action();
        }
    };
    RunOptions options = loop::town_options("none", 1);
    options.on_driver_fault = OnDriverFault::kHold;
    run::Runner runner(1);
    run::RunCallbacks callbacks;
    callbacks.make_driver =
        [](const RunOptions&) -> engine::core::Result<std::unique_ptr<driver::Driver>> {
        return std::unique_ptr<driver::Driver>(std::make_unique<Failing>());
    };
    const auto result = runner.run(options, callbacks);
    ASSERT_TRUE(result) << result.error().text();
    EXPECT_TRUE(result->valid);
    EXPECT_EQ(result->driver_faults.frames, 1U);
    EXPECT_EQ(result->driver_faults.reasons.at(0).what, "lost");
}

TEST(DriverFault, AnOptionsFileKeepsThePolicyAndTheLink) {
    RunOptions options = faulty("oracle", OnDriverFault::kBrake);
    options.remote->token_file = "/tmp/token";
    const auto read = loop::options_from_json(loop::to_json(options), "test");
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(read->on_driver_fault, OnDriverFault::kBrake);
    ASSERT_TRUE(read->remote);
    EXPECT_EQ(read->remote->deadline_ms, 300);
    EXPECT_EQ(read->remote->token_file, "/tmp/token");
    const auto plain = loop::to_json(loop::town_options("oracle", 1));
    EXPECT_EQ(plain.find("remote"), std::string::npos);
    EXPECT_EQ(plain.find("on_driver_fault"), std::string::npos);
}

}  // namespace
}  // namespace huntsman::bridge::rpc
