// Runs whose driver's time is drawn, or measured.
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "bridge/loop/session.h"
#include "bridge/report/run_json.h"
#include "bridge/run/runner.h"
#include "tests/bridge/loop/options.h"

namespace huntsman::bridge::loop {
namespace {

using engine::core::TimeUs;
using engine::sim::ExternalInput;
using engine::sim::InputKind;

RunOptions with_latency(const Latency& latency, double seconds = 4) {
    RunOptions options = town_options("oracle", seconds);
    options.latency = latency;
    return options;
}

RunResult run_of(const RunOptions& options, int threads = 1) {
    run::Runner runner(threads);
    auto result = runner.run(options, {});
    EXPECT_TRUE(result) << result.error().text();
    return result ? std::move(*result) : RunResult{};
}

TEST(DeclaredLatency, IsRepeatedToTheBitAndFollowsTheSeed) {
    RunOptions options = with_latency(NormalLatency{120, 60});
    const RunResult one = run_of(options, 1), two = run_of(options, 2);
    EXPECT_EQ(one.latency.answers_us, two.latency.answers_us);
    EXPECT_EQ(one.state_hash, two.state_hash);
    EXPECT_EQ(one.recording.chain, two.recording.chain);
    EXPECT_EQ(one.recording.external, two.recording.external);
    EXPECT_EQ(one.latency.answers_us.size(), one.frames);
    EXPECT_EQ(one.latency.frames_dropped, 0U);
    EXPECT_EQ(one.latency.answers_late, two.latency.answers_late);
    EXPECT_NE(one.state_hash, run_of(with_latency(ConstantLatency{120})).state_hash);

    options.scenario.town.seed += 1;
    EXPECT_NE(run_of(options).latency.answers_us, one.latency.answers_us);
}

TEST(DeclaredLatency, WithoutSpreadIsTheConstantOne) {
    const RunResult constant = run_of(with_latency(ConstantLatency{50}));
    for (const Latency& latency : {Latency(NormalLatency{50, 0}), Latency(UniformLatency{50, 50}),
                                   Latency(LogNormalLatency{50, 0, 400})}) {
        const RunResult drawn = run_of(with_latency(latency));
        EXPECT_EQ(drawn.recording.chain, constant.recording.chain) << text(latency);
        EXPECT_EQ(drawn.latency.answers_us, constant.latency.answers_us) << text(latency);
    }
}

TEST(DeclaredLatency, AWideSpreadLetsAnswersOvertakeEachOther) {
    const RunResult wide = run_of(with_latency(UniformLatency{0, 1000}));
    EXPECT_GT(wide.latency.answers_late, 0U);
    EXPECT_LT(wide.latency.answers_late, wide.latency.answers_us.size());
    EXPECT_EQ(wide.latency.frames_dropped, 0U);
}

// The oracle, slow by the wall clock.
class SleepyDriver : public driver::Driver {
  public:
    SleepyDriver(std::chrono::milliseconds sleep, std::vector<TimeUs>& seen_us)
        : sleep_(sleep), seen_us_(seen_us) {}
    std::string name() const override { return "sleepy"; }
    bool needs_images() const override { return false; }
    bool needs_truth() const override { return true; }
    void reset() override { oracle_->reset(); }
    engine::core::Result<messages::Action> drive(const driver::DriverInput& input) override {
        seen_us_.push_back(input.observation.time_us());
        std::this_thread::sleep_for(sleep_);
        return oracle_->drive(input);
    }

  private:
    std::unique_ptr<driver::Driver> oracle_ = driver::make_oracle_driver();
    std::chrono::milliseconds sleep_;
    std::vector<TimeUs>& seen_us_;
};

std::vector<TimeUs> recorded_us(const engine::sim::Recording& recording) {
    std::vector<TimeUs> latencies_us;
    for (const ExternalInput& input : recording.external) {
        if (input.kind != InputKind::kLatency) continue;
        EXPECT_EQ(input.actor, engine::world::kEgo);
        latencies_us.push_back(static_cast<TimeUs>(input.values.at(0)));
    }
    return latencies_us;
}

class MeasuredRun : public testing::Test {
  protected:
    // Cameras take a picture each 100 ms, each answer takes more.
    static constexpr int kSleep_ms = 120;

    void SetUp() override {
        Resources resources(1);
        auto session = Session::create(resources, options_,
                                       {.driver = std::make_unique<SleepyDriver>(
                                            std::chrono::milliseconds(kSleep_ms), seen_us_)});
        ASSERT_TRUE(session) << session.error().text();
        while (!(*session)->ended()) ASSERT_TRUE((*session)->step());
        auto result = (*session)->finish();
        ASSERT_TRUE(result) << result.error().text();
        result_ = std::move(*result);
    }

    const RunOptions options_ = with_latency(MeasuredLatency{}, 2);
    std::vector<TimeUs> seen_us_;  // times of the frames that the driver was shown
    RunResult result_;
};

TEST_F(MeasuredRun, FramesThatComeWhileTheDriverIsBusyAreDropped) {
    const auto& latencies_us = result_.latency.answers_us;
    ASSERT_EQ(latencies_us.size(), seen_us_.size());
    ASSERT_GE(seen_us_.size(), 1U);
    EXPECT_EQ(result_.frames, 20U);
    EXPECT_EQ(seen_us_.size() + result_.latency.frames_dropped, result_.frames);
    // After each but perhaps the last.
    EXPECT_GE(result_.latency.frames_dropped, seen_us_.size() - 1);
    for (std::size_t i = 0; i < seen_us_.size(); ++i) {
        EXPECT_GE(latencies_us[i], 1000 * kSleep_ms);
        if (i > 0) {
            EXPECT_GE(seen_us_[i] - seen_us_[i - 1], latencies_us[i - 1]);
            // The first one after the answer is shown.
            EXPECT_LT(seen_us_[i] - seen_us_[i - 1], latencies_us[i - 1] + 100'000);
        }
    }
    EXPECT_EQ(result_.latency.answers_late, 0U);
    EXPECT_EQ(recorded_us(result_.recording), latencies_us);
}

TEST_F(MeasuredRun, IsReplayedExactlyFromItsFile) {
    const auto path =
        std::filesystem::temp_directory_path() / fmt::format("huntsman_latency_{}.hmr", ::getpid());
    ASSERT_TRUE(engine::sim::write_recording(path, result_.recording));
    const auto recording = engine::sim::read_recording(path);
    std::filesystem::remove(path);
    ASSERT_TRUE(recording) << recording.error().text();
    EXPECT_EQ(recording->external, result_.recording.external);

    Resources resources(1);
    const auto session = replay(resources, *recording);
    ASSERT_TRUE(session) << session.error().text();
    const auto again = (*session)->finish();
    ASSERT_TRUE(again) << again.error().text();
    EXPECT_TRUE(is_measured(again->options.latency));
    EXPECT_EQ(again->state_hash, result_.state_hash);
    EXPECT_EQ(again->recording.chain, result_.recording.chain);
    EXPECT_EQ(again->recording.external, result_.recording.external);
    EXPECT_EQ(again->recording.inputs, result_.recording.inputs);
    EXPECT_EQ(again->latency.answers_us, result_.latency.answers_us);
    EXPECT_EQ(again->latency.frames_dropped, result_.latency.frames_dropped);
}

TEST_F(MeasuredRun, AForkKeepsTheTimesOfBeforeAndMeasuresOnFromThere) {
    constexpr std::int64_t kFork = 200;
    Resources resources(1);
    std::vector<TimeUs> seen_us;
    const auto fork = Session::create(
        resources, options_,
        {.driver = std::make_unique<SleepyDriver>(std::chrono::milliseconds(kSleep_ms), seen_us),
         .recording = result_.recording,
         .fork_tick = kFork});
    ASSERT_TRUE(fork) << fork.error().text();
    while (!(*fork)->ended()) ASSERT_TRUE((*fork)->step());
    const auto result = (*fork)->finish();
    ASSERT_TRUE(result);
    const auto before = static_cast<std::size_t>(
        std::ranges::count_if(result_.recording.external, [](const ExternalInput& input) {
            return input.kind == InputKind::kLatency && input.tick < kFork;
        }));
    ASSERT_GT(before, 0U);
    const auto& all = result->latency.answers_us;
    ASSERT_EQ(all.size(), before + seen_us.size());
    for (std::size_t i = 0; i < before; ++i) {
        EXPECT_EQ(all[i], result_.latency.answers_us[i]);
    }
    EXPECT_EQ(recorded_us(result->recording), all);
    EXPECT_EQ(all.size() + result->latency.frames_dropped, result->frames);
}

TEST_F(MeasuredRun, IsMarkedAsNotComparable) {
    const auto json = nlohmann::json::parse(report::run_json(result_));
    EXPECT_EQ(json.at("latency_ms"), "measured");
    EXPECT_EQ(json.at("comparable"), false);
    const auto& latency = json.at("latency");
    EXPECT_EQ(latency.at("kind"), "measured");
    EXPECT_GE(latency.at("median_ms").get<double>(), kSleep_ms);
    EXPECT_EQ(latency.at("answers"), result_.latency.answers_us.size());
    EXPECT_EQ(latency.at("frames_dropped"), result_.latency.frames_dropped);
    EXPECT_TRUE(std::ranges::any_of(result_.notes, [](const std::string& note) {
        return note.starts_with("is not comparable");
    }));
}

TEST(MeasuredLatency, NeedsADriverThatTheSessionCalls) {
    Resources resources(1);
    const auto session = Session::create(resources, with_latency(MeasuredLatency{}));
    ASSERT_FALSE(session);
    EXPECT_EQ(session.error().text(),
              "the latency is to be measured, expected a driver that the session calls");
}

}  // namespace
}  // namespace huntsman::bridge::loop
