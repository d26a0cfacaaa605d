// SIGINT and SIGTERM end every phase within two seconds, a second one at once.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>
#include <vector>

#include "tests/apps/huntsman/program.h"

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using huntsman::tests::call_folder;
using huntsman::tests::text_of;

void pause_s(double s) { std::this_thread::sleep_for(std::chrono::duration<double>(s)); }

// The program under way.
class Started {
  public:
    explicit Started(const std::string& arguments) {
        const std::string folder = call_folder().string();
        std::vector<std::string> words = {HUNTSMAN_PROGRAM};
        std::istringstream list(arguments);
        for (std::string word; list >> word;) words.push_back(word);
        std::vector<char*> argv;
        for (std::string& word : words) argv.push_back(word.data());
        argv.push_back(nullptr);
        pid_ = ::fork();
        if (pid_ != 0) return;
        const int nothing = ::open("/dev/null", O_RDWR);
        for (const int stream : {0, 1, 2}) ::dup2(nothing, stream);
        if (::chdir(folder.c_str()) == 0) ::execv(argv[0], argv.data());
        ::_exit(127);
    }
    ~Started() {
        if (pid_ > 0 && !ended_) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
        }
    }
    void send(int signal) const { ::kill(pid_, signal); }
    // Whether it has ended within a time.
    bool ended_within(double s) {
        const auto start = Clock::now();
        while (!ended_ && std::chrono::duration<double>(Clock::now() - start).count() < s) {
            ended_ = ::waitpid(pid_, nullptr, WNOHANG) == pid_;
            if (!ended_) pause_s(0.01);
        }
        return ended_;
    }

  private:
    pid_t pid_ = 0;
    bool ended_ = false;
};

// Commands that would go on for minutes, with moments in which they load, build worlds, compile
// shaders, drive, learn and write.
struct Command {
    const char* arguments;
    std::vector<double> moments_s;
};
const std::vector<Command>& commands() {
    static const std::vector<Command> all = {
        {"run --driver network --seconds 600 --out stopped", {0.1, 0.6, 1.2, 2, 3.5, 6, 12}},
        {"run --driver oracle --no-images --seconds 6000 --out stopped", {0.3, 1.5, 3, 6}},
        {"run --quality high --size 1920x1080 --driver none --seconds 600 --out stopped", {8, 14}},
        {"evaluate --drivers network,oracle --seeds 1..99 --out stopped --jobs 2", {1, 4, 9}},
        {"export --format coco --seeds 1..99 --out stopped-set --workers 2", {1, 4, 12}},
        {"train --towns 4 --work stopped-work --out stopped.pt", {1, 4, 12}},
        {"bench loop", {2, 8}},
        {"look --size 4096x4096 --quality high --out stopped.png", {1, 4}}};
    return all;
}

TEST(Signals, EveryPhaseEndsWithinTwoSeconds) {
    int number = 0;
    for (const Command& command : commands()) {
        for (const double moment_s : command.moments_s) {
            Started program(command.arguments);
            if (program.ended_within(moment_s)) continue;  // a quick machine
            program.send(++number % 2 == 0 ? SIGINT : SIGTERM);
            EXPECT_TRUE(program.ended_within(2.0)) << command.arguments << ", " << moment_s << " s";
        }
    }
    // What stands there under its name is whole.
    const auto run = nlohmann::json::parse(text_of(call_folder() / "stopped" / "run.json"));
    EXPECT_EQ(run["incomplete"], true);
    for (const char* folder : {"stopped", "stopped-set"}) {
        for (const auto& entry : fs::recursive_directory_iterator(call_folder() / folder)) {
            if (entry.path().extension() != ".json" || !entry.is_regular_file()) continue;
            EXPECT_TRUE(nlohmann::json::accept(text_of(entry.path()))) << entry.path();
        }
    }
}

TEST(Signals, ASecondOneEndsTheProgramAtOnce) {
    for (const char* arguments : {"run --quality high --size 1920x1080 --driver none --seconds 600 "
                                  "--out stopped",
                                  "run --driver oracle --no-images --seconds 6000 --out stopped"}) {
        for (const double moment_s : {2.0, 5.0, 9.0}) {
            Started program(arguments);
            pause_s(moment_s);
            program.send(SIGINT);
            pause_s(0.02);
            program.send(SIGTERM);
            EXPECT_TRUE(program.ended_within(0.5)) << arguments << ", " << moment_s << " s";
        }
    }
}

}  // namespace
