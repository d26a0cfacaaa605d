#include "scenarios/edit/autosave.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <random>

#include "tests/scenarios/edit/samples.h"

namespace huntsman::scenarios::edit {
namespace {

class Autosaves : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = std::filesystem::temp_directory_path() /
                  ("huntsman_autosaves_" + std::to_string(::getpid()));
        std::filesystem::remove_all(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }
    std::filesystem::path folder_;
};

Draft state(int i) {
    Draft draft = new_town(static_cast<std::uint64_t>(i));
    draft.scenario.duration_s = i + 1;
    return draft;
}

TEST_F(Autosaves, AreOfferedOnceTheirProcessIsDead) {
    const Draft draft = crossing();
    const pid_t child = fork();
    if (child == 0) {
        Autosave autosave(folder_, "one", "/home/me/street.json");
        const bool written = autosave.write(draft).ok();
        std::raise(SIGKILL);
        _exit(written ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
    const auto found = find_recoverable(folder_);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].original, "/home/me/street.json");
    EXPECT_EQ(found[0].name, draft.scenario.name);
    EXPECT_NEAR(static_cast<double>(found[0].saved_unix_s), static_cast<double>(time(nullptr)), 60);
    const auto back = recover(found[0]);
    ASSERT_TRUE(back) << back.error().text();
    EXPECT_TRUE(same(*back, draft));
    ASSERT_TRUE(discard(found[0]));
    EXPECT_TRUE(find_recoverable(folder_).empty());
}

TEST_F(Autosaves, OfTheLivingAreTheirOwn) {
    std::filesystem::path file;
    {
        Autosave autosave(folder_, "two", "");
        ASSERT_TRUE(autosave.write(state(1)));
        file = autosave.file();
        EXPECT_TRUE(std::filesystem::exists(file));
        EXPECT_TRUE(find_recoverable(folder_).empty());
        ASSERT_TRUE(autosave.discard());
        EXPECT_FALSE(std::filesystem::exists(file));
        ASSERT_TRUE(autosave.write(state(2)));
    }
    EXPECT_FALSE(std::filesystem::exists(file));
    Autosave kept(folder_, "two", "");
    kept.keep();
    EXPECT_TRUE(find_recoverable("/none").empty());
}

TEST_F(Autosaves, OtherFilesInTheFolderAreNotTaken) {
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ / "x.autosave.json") << "{\"huntsman_auto";
    std::ofstream(folder_ / "y.autosave.json") << "{}";
    std::ofstream(folder_ / "z.json") << "{}";
    EXPECT_TRUE(find_recoverable(folder_).empty());
}

// A process that saves on and on is killed at random moments: what it leaves is always a state that
// it was in.
TEST_F(Autosaves, AreWholeWheneverTheProcessIsKilled) {
    std::mt19937 random(7);
    std::uniform_int_distribution<int> wait_us(0, 30'000);
    for (int round = 0; round < 30; ++round) {
        std::filesystem::remove_all(folder_);
        int ready[2];
        ASSERT_EQ(pipe(ready), 0);
        const pid_t child = fork();
        if (child == 0) {
            Autosave autosave(folder_, "long", "");
            for (int i = 0;; ++i) {
                if (!autosave.write(state(i % 1000))) _exit(1);
                if (i == 0 && ::write(ready[1], "x", 1) != 1) _exit(1);
            }
        }
        char byte = 0;
        ASSERT_EQ(::read(ready[0], &byte, 1), 1);
        usleep(static_cast<useconds_t>(wait_us(random)));
        kill(child, SIGKILL);
        int status = 0;
        waitpid(child, &status, 0);
        ASSERT_TRUE(WIFSIGNALED(status)) << "it could not write";
        close(ready[0]);
        close(ready[1]);
        const auto found = find_recoverable(folder_);
        ASSERT_EQ(found.size(), 1U) << round;
        const auto back = recover(found[0]);
        ASSERT_TRUE(back) << back.error().text();
        const int i = static_cast<int>(back->scenario.town.seed);
        EXPECT_TRUE(same(*back, state(i)));
    }
}

TEST_F(Autosaves, TheFolderFollowsTheEnvironment) {
    setenv("XDG_STATE_HOME", "/tmp/state", 1);
    EXPECT_EQ(autosave_folder(), "/tmp/state/huntsman/autosave");
    setenv("XDG_STATE_HOME", "relative", 1);
    setenv("HOME", "/home/me", 1);
    EXPECT_EQ(autosave_folder(), "/home/me/.local/state/huntsman/autosave");
    unsetenv("XDG_STATE_HOME");
    EXPECT_EQ(autosave_folder(), "/home/me/.local/state/huntsman/autosave");
}

TEST_F(Autosaves, FilesThatOthersChangeAreNoticed) {
    std::filesystem::create_directories(folder_);
    const auto file = folder_ / "a.json";
    EXPECT_FALSE(differs_now(stamp_of(file), file));
    std::ofstream(file) << "one";
    const FileStamp stamp = stamp_of(file);
    EXPECT_FALSE(differs_now(stamp, file));
    // Touched, and the same.
    std::filesystem::last_write_time(
        file, std::filesystem::last_write_time(file) + std::chrono::seconds(5));
    EXPECT_FALSE(differs_now(stamp, file));
    std::ofstream(file) << "two";
    std::filesystem::last_write_time(
        file, std::filesystem::last_write_time(file) + std::chrono::seconds(9));
    EXPECT_TRUE(differs_now(stamp, file));
    std::filesystem::remove(file);
    EXPECT_TRUE(differs_now(stamp, file));
}

}  // namespace
}  // namespace huntsman::scenarios::edit
