// A live run computes what a run computes, whatever people do with it meanwhile.
#include <gtest/gtest.h>

#include <thread>

#include "bridge/live/live_run.h"
#include "bridge/run/runner.h"
#include "tests/bridge/live/options.h"

namespace huntsman::bridge::live {
namespace {

constexpr double kLong_s = 120;

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

}  // namespace
}  // namespace huntsman::bridge::live
