#include "bridge/rpc/process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "engine/core/files.h"
#include "tests/bridge/rpc/leaks.h"

namespace huntsman::bridge::rpc {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

std::unique_ptr<Process> started(const std::vector<std::string>& words,
                                 const Process::Environment& environment = {}) {
    auto process = Process::start(words, environment);
    EXPECT_TRUE(process) << process.error().text();
    return process ? std::move(*process) : nullptr;
}

// A zombie is not there any more.
bool is_there(pid_t pid) {
    std::ifstream file(fmt::format("/proc/{}/stat", pid));
    std::string line;
    if (!std::getline(file, line)) return false;
    return line[line.rfind(')') + 2] != 'Z';
}
bool comes_true(const auto& condition) {
    for (int i = 0; i < 1000; ++i) {
        if (condition()) return true;
        std::this_thread::sleep_for(milliseconds(10));
    }
    return false;
}

class ProcessTest : public testing::Test {
  protected:
    void SetUp() override {
        fs::create_directories(folder_);
        before_ = open_descriptors();
    }
    void TearDown() override {
        EXPECT_EQ(open_descriptors(), before_);
        EXPECT_EQ(children(), "");
        fs::remove_all(folder_);
    }
    std::string text(const char* file) {
        const auto content = engine::core::read_file(folder_ / file);
        return content ? *content : "";
    }
    pid_t number(const char* file) {
        comes_true([&] { return text(file).ends_with("\n"); });
        return std::atoi(text(file).c_str());
    }

    const fs::path folder_ = fs::path(testing::TempDir()) / fmt::format("process-{}", getpid());
    std::multiset<std::string> before_;
};

TEST_F(ProcessTest, SaysHowItEnded) {
    const auto three = started({"sh", "-c", "exit 3"});
    EXPECT_TRUE(three->wait_for(milliseconds(10'000)));
    EXPECT_FALSE(three->running());
    EXPECT_EQ(three->how_it_ended(), "exited with code 3");
    const auto killed = started({"sh", "-c", "kill -SEGV $$"});
    EXPECT_TRUE(killed->wait_for(milliseconds(10'000)));
    EXPECT_EQ(killed->how_it_ended(), "was ended by signal 11 (Segmentation fault)");
    const auto runs = started({"sleep", "1000"});
    EXPECT_FALSE(runs->wait_for(milliseconds(50)));
    EXPECT_TRUE(runs->running());
    EXPECT_EQ(runs->how_it_ended(), "");
}

TEST_F(ProcessTest, ACommandThatIsNotThereOrCannotBeRunIsAnError) {
    const auto missing = Process::start({"huntsman-no-such-command"}, {});
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().message,
              "\"huntsman-no-such-command\" cannot be started: No such file or directory");
    std::ofstream(folder_ / "file") << "text";
    EXPECT_FALSE(Process::start({(folder_ / "file").string()}, {}));
    EXPECT_FALSE(Process::start({folder_.string()}, {}));
}

TEST_F(ProcessTest, HasItsWordsAsTheyAreAndTheAddedEnvironment) {
    const std::string file = (folder_ / "out").string();
    setenv("HUNTSMAN_TEST_VARIABLE", "of before", 1);
    const auto process =
        started({"sh", "-c", "echo \"$0|$1|$HUNTSMAN_TEST_VARIABLE|$HOME\" > " + file, "a b", "$c"},
                {{"HUNTSMAN_TEST_VARIABLE", "x y"}});
    EXPECT_TRUE(process->wait_for(milliseconds(10'000)));
    unsetenv("HUNTSMAN_TEST_VARIABLE");
    EXPECT_EQ(text("out"), fmt::format("a b|$c|x y|{}\n", std::getenv("HOME")));
}

TEST_F(ProcessTest, InheritsNoDescriptorAndPrintsToStandardError) {
    constexpr int kInherited = 50;  // not closed on exec
    ASSERT_EQ(dup2(STDERR_FILENO, kInherited), kInherited);
    const std::string file = (folder_ / "out").string();
    const auto process = started({"sh", "-c",
                                  "cd /proc/$$/fd && echo [0-9]* > " + file + " && readlink 1 > " +
                                      file + ".1 && readlink 2 > " + file + ".2"});
    EXPECT_TRUE(process->wait_for(milliseconds(10'000)));
    close(kInherited);
    EXPECT_EQ(text("out").find(fmt::format(" {}", kInherited)), std::string::npos) << text("out");
    EXPECT_EQ(text("out").substr(0, 5), "0 1 2");
    EXPECT_EQ(text("out.2"), fs::read_symlink("/proc/self/fd/2").string() + "\n");
}

TEST_F(ProcessTest, WhatIgnoresSigtermIsKilled) {
    const std::string ready = (folder_ / "ready").string();
    const auto process =
        started({"sh", "-c", "trap '' TERM; echo 1 > " + ready + "; while :; do sleep 1; done"});
    number("ready");
    const auto start = std::chrono::steady_clock::now();
    process->end(milliseconds(100));
    EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(8000));
    EXPECT_EQ(process->how_it_ended(), "was ended by signal 9 (Killed)");
}

TEST_F(ProcessTest, WhatItStartedEndsWithIt) {
    const std::string id = (folder_ / "id").string();
    for (const bool ask : {true, false}) {
        fs::remove(id);
        auto process = started({"sh", "-c", "sleep 1000 & echo $! > " + id + "; wait"});
        const pid_t grandchild = number("id");
        ASSERT_TRUE(is_there(grandchild));
        if (ask) process->end(milliseconds(0));
        process.reset();
        EXPECT_TRUE(comes_true([&] { return !is_there(grandchild); }));
    }
    // Also where it exits by itself.
    fs::remove(id);
    const auto process = started({"sh", "-c", "sleep 1000 & echo $! > " + id});
    EXPECT_TRUE(process->wait_for(milliseconds(10'000)));
    EXPECT_EQ(process->how_it_ended(), "exited with code 0");
    EXPECT_TRUE(comes_true([&] { return !is_there(number("id")); }));
}

TEST_F(ProcessTest, DiesWithUsWhenWeAreKilled) {
    const std::string id = (folder_ / "id").string();
    const pid_t us = fork();
    ASSERT_GE(us, 0);
    if (us == 0) {
        // By a thread that is not the first, and goes on.
        const auto process =
            Process::start({"sh", "-c", "echo $$ > " + id + "; while :; do sleep 1; done"}, {});
        for (;;) pause();
    }
    const pid_t child = number("id");
    ASSERT_TRUE(is_there(child));
    kill(us, SIGKILL);
    waitpid(us, nullptr, 0);
    EXPECT_TRUE(comes_true([&] { return !is_there(child); }));
}

// What has left the group is not killed, but can tell.
TEST_F(ProcessTest, ItsStandardInputEndsWhenWeDo) {
    const std::string ended = (folder_ / "ended").string();
    const pid_t us = fork();
    ASSERT_GE(us, 0);
    if (us == 0) {
        // The shell stays in the group, or all that is left of it would be killed before it leaves.
        const std::string leaves = "exec 3<&0; setsid sh -c 'echo 1 > " + ended +
                                   ".ready; cat; echo 2 > " + ended + "' <&3 & wait";
        const auto process = Process::start({"sh", "-c", leaves}, {});
        for (;;) pause();
    }
    EXPECT_EQ(number("ended.ready"), 1);
    EXPECT_EQ(text("ended"), "");
    kill(us, SIGKILL);
    waitpid(us, nullptr, 0);
    EXPECT_EQ(number("ended"), 2);
}

TEST_F(ProcessTest, ManyRoundsLeaveNothing) {
    for (int i = 0; i < 50; ++i) {
        const auto process = started({"sleep", "1000"});
        EXPECT_TRUE(process->running());
    }
}

}  // namespace
}  // namespace huntsman::bridge::rpc
