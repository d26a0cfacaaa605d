// Drivers that are started: by a command that is not there, that fails, hangs or does not go.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

#include "tests/bridge/rpc/leaks.h"
#include "tests/bridge/rpc/remote.h"

namespace huntsman::bridge::rpc {
namespace {

using std::chrono::milliseconds;

const std::string kCommand = std::string("exec:") + TEST_DRIVER;

std::string drive(driver::Driver& driver, std::uint64_t frame) {
    const engine::world::Rig rig = small_rig();
    const Tick tick(rig, frame);
    const messages::Perception truth;
    const auto action =
        driver.drive({.observation = tick.observation, .pictures = tick.pictures, .truth = &truth});
    return action ? "" : action.error().text();
}

class ExecDriver : public testing::Test {
  protected:
    void TearDown() override { EXPECT_EQ(children(), ""); }
};

TEST_F(ExecDriver, IsStartedDrivesAndEnds) {
    const auto start = std::chrono::steady_clock::now();
    {
        const auto driver = connected(kCommand + " oracle");
        ASSERT_NE(driver, nullptr);
        EXPECT_EQ(driver->name(), kCommand + " oracle");
        EXPECT_TRUE(driver->needs_truth());
        EXPECT_NE(children(), "");
        for (std::uint64_t frame = 0; frame < 5; ++frame) EXPECT_EQ(drive(*driver, frame), "");
        ASSERT_EQ(driver->notes().size(), 1U);
        EXPECT_EQ(driver->notes()[0], "the driver was given the truth");
    }
    EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(20'000));
}

TEST_F(ExecDriver, PicturesComeThroughSharedMemory) {
    const auto driver = connected(kCommand + " pictures");
    ASSERT_NE(driver, nullptr);
    EXPECT_TRUE(driver->needs_images());
    EXPECT_EQ(drive(*driver, 0), "");
    // Not through messages: there is no note of that.
    EXPECT_EQ(driver->notes().size(), 1U);
}

TEST_F(ExecDriver, WhatCannotBeStartedIsSaidSo) {
    EXPECT_EQ(refused("exec:huntsman-no-such-command a"),
              "driver exec:huntsman-no-such-command a: \"huntsman-no-such-command\" cannot be "
              "started: No such file or directory");
    EXPECT_EQ(refused("exec:"), "driver is exec:, expected a command after exec:");
    EXPECT_EQ(refused(kCommand + " exit"),
              "driver " + kCommand + " exit: it exited with code 3 before it served");
    EXPECT_EQ(refused("exec:sh -c 'kill -9 $$'"),
              "driver exec:sh -c 'kill -9 $$': it was ended by signal 9 (Killed) before it served");
}

TEST_F(ExecDriver, OneThatDiesOnTheWaySaysHow) {
    for (const auto& [how, text] : {std::pair("crash", "it was ended by signal 6 (Aborted)"),
                                    {"leave", "it exited with code 7"}}) {
        const auto driver = connected(kCommand + " " + how + " 2");
        ASSERT_NE(driver, nullptr);
        EXPECT_EQ(drive(*driver, 0), "");
        EXPECT_EQ(drive(*driver, 1), "");
        EXPECT_EQ(drive(*driver, 2), text);
        EXPECT_EQ(drive(*driver, 3), text);
    }
}

TEST_F(ExecDriver, OneThatHangsAndIgnoresSigtermIsKilled) {
    const auto start = std::chrono::steady_clock::now();
    for (const char* how : {"hang", "stubborn"}) {
        const auto driver = connected(kCommand + " " + how + " 1", {.link = {.deadline_ms = 200}});
        ASSERT_NE(driver, nullptr);
        EXPECT_EQ(drive(*driver, 0), "");
        EXPECT_EQ(drive(*driver, 1), "it does not answer within 200 ms");
    }
    EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(30'000));
}

// Kills the driver at any moment, again and again. HUNTSMAN_KILLS=200: how often.
TEST_F(ExecDriver, KilledAtAnyMomentItIsSaidToBeGoneAndLeavesNothing) {
    const auto once = [](int round) {
        auto driver = make_remote_driver(kCommand + " oracle", {}, small_rig());
        ASSERT_TRUE(driver) << driver.error().text();
        const pid_t pid = std::atoi(children().c_str());
        ASSERT_GT(pid, 0);
        std::thread killer([&] {
            std::this_thread::sleep_for(std::chrono::microseconds(300 * round));
            kill(pid, SIGKILL);
        });
        (*driver)->reset();
        std::string why;
        for (std::uint64_t frame = 0; why.empty() && frame < 1'000'000; ++frame) {
            why = drive(**driver, frame);
        }
        killer.join();
        EXPECT_EQ(why, "it was ended by signal 9 (Killed)");
    };
    once(0);
    const std::size_t before = open_descriptors().size();
    const char* asked = std::getenv("HUNTSMAN_KILLS");
    const int rounds = asked != nullptr ? std::atoi(asked) : 20;
    for (int round = 0; round < rounds; ++round) once(round % 40);
    for (int i = 0; i < 100 && open_descriptors().size() > before; ++i) {
        std::this_thread::sleep_for(milliseconds(20));
    }
    EXPECT_LE(open_descriptors().size(), before);
}

// The simulator's process is killed; its driver does not outlive it.
TEST_F(ExecDriver, DoesNotOutliveASimulatorThatIsKilled) {
    int told[2];
    ASSERT_EQ(pipe(told), 0);
    // In a process that has not used gRPC yet, which does not survive a fork.
    const pid_t simulator = fork();
    ASSERT_GE(simulator, 0);
    if (simulator == 0) {
        dup2(told[1], 9);
        execl(TEST_DRIVER, TEST_DRIVER, "simulate", nullptr);
        _exit(1);
    }
    close(told[1]);
    char text[32] = {};
    ASSERT_GT(read(told[0], text, sizeof text - 1), 0);
    close(told[0]);
    const pid_t driver = std::atoi(text);
    ASSERT_GT(driver, 1);
    ASSERT_EQ(kill(driver, 0), 0);
    kill(simulator, SIGKILL);
    waitpid(simulator, nullptr, 0);
    bool gone = false;
    for (int i = 0; i < 500 && !gone; ++i) {
        std::ifstream stat("/proc/" + std::to_string(driver) + "/stat");
        std::string line;
        gone = !std::getline(stat, line) || line.find(") Z ") != std::string::npos;
        std::this_thread::sleep_for(milliseconds(10));
    }
    EXPECT_TRUE(gone);
}

}  // namespace
}  // namespace huntsman::bridge::rpc
