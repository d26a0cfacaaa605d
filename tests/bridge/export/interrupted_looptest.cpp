// The program's exports under a full disk and under signals: whatever ends them, finished scenes
// stay as they are, and the same command makes the rest to the same bytes as if nothing had been.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <optional>
#include <thread>
#include <vector>

#include "engine/core/random.h"
#include "tests/bridge/export/export_folders.h"

namespace huntsman::bridge::exporting {
namespace {

namespace fs = std::filesystem;

// A straight road: a scene takes about a second.
constexpr char kRoad[] = R"(<?xml version="1.0"?>
<OpenDRIVE><header revMajor="1" revMinor="6" name="straight"/>
<road name="r" length="400" id="1" junction="-1">
<planView><geometry s="0" x="0" y="0" hdg="0" length="400"><line/></geometry></planView>
<lanes><laneSection s="0">
<left><lane id="1" type="driving"><width sOffset="0" a="3.5" b="0" c="0" d="0"/></lane></left>
<center><lane id="0" type="none"/></center>
<right><lane id="-1" type="driving"><width sOffset="0" a="3.5" b="0" c="0" d="0"/></lane></right>
</laneSection></lanes></road></OpenDRIVE>)";

struct Ended {
    bool killed = false;
    int code = 0;  // exit code, or the signal that killed it
    std::string said;
};

struct Ending {
    std::optional<rlim_t> largest_file;  // no file may grow beyond this [bytes]
    int signal = 0;
    std::chrono::microseconds after{0};  // from the first scene's beginning to the signal
};

// huntsman export of these seeds, which ends by itself or as it is told to.
Ended run_export(const std::string& format, const std::string& seeds, const fs::path& out,
                 const Ending& ending = {}) {
    // Manifests say where the road is: the same place for all.
    const fs::path rig = small_rig(testing::TempDir());
    const fs::path road = fs::path(testing::TempDir()) / "huntsman-export-road.xodr";
    const fs::path errors = out.parent_path() / "errors.txt";
    std::ofstream(road) << kRoad;
    const std::vector<std::string> words = {
        HUNTSMAN_PROGRAM, "export", "--format",  format, "--seeds", seeds, "--seconds", "0.5",
        "--rate",         "4",      "--rig",     rig,    "--map",   road,  "--traffic", "2",
        "--pedestrians",  "0",      "--quality", "fast", "--out",   out,   "--warm-up", "0"};
    std::vector<char*> arguments;
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);

    const pid_t child = fork();
    if (child == 0) {
        const int file = ::open(errors.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
        ::dup2(file, STDERR_FILENO);
        ::dup2(file, STDOUT_FILENO);
        // The messages themselves have to fit.
        if (ending.largest_file) {
            const rlimit limit{*ending.largest_file, *ending.largest_file};
            ::setrlimit(RLIMIT_FSIZE, &limit);
        }
        ::execv(arguments[0], arguments.data());
        _exit(127);
    }
    if (ending.signal != 0) {
        // Once a scene has been begun; half a minute is more than any start takes.
        const auto begun = [&] {
            std::error_code code;
            const bool empty = fs::is_empty(out / "scenes", code);
            return !code && !empty;
        };
        for (int i = 0; i < 600 && !begun(); ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        std::this_thread::sleep_for(ending.after);
        ::kill(child, ending.signal);
    }
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    Ended ended{.killed = WIFSIGNALED(status)};
    ended.code = ended.killed ? WTERMSIG(status) : WEXITSTATUS(status);
    ended.said = *engine::core::read_file(errors);
    return ended;
}

// The line that says why it failed; progress stands in lines of its own.
std::vector<std::string> complaints(const std::string& said) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < said.size();) {
        const std::size_t end = std::min(said.find('\n', at), said.size());
        const std::string line = said.substr(at, end - at);
        if (!line.starts_with("export [")) lines.push_back(line);
        at = end + 1;
    }
    return lines;
}

std::uintmax_t largest_file(const fs::path& folder) {
    std::uintmax_t largest = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file()) largest = std::max(largest, entry.file_size());
    }
    return largest;
}

class Interrupted : public testing::TestWithParam<const char*> {
  protected:
    // Two scenes, undisturbed.
    const fs::path& reference() {
        static std::map<std::string, fs::path> made;
        const auto [at, first] = made.try_emplace(GetParam());
        if (first) {
            at->second = fresh(std::string("undisturbed-") + GetParam());
            const Ended ended = run_export(GetParam(), "1..2", at->second);
            EXPECT_EQ(ended.code, 0) << ended.said;
        }
        return at->second;
    }
};

TEST_P(Interrupted, AFullDiskIsNamedAndTheRestIsMadeLater) {
    const fs::path out = fresh(std::string("full-") + GetParam());
    // Not even the manifest fits.
    Ended ended = run_export(GetParam(), "1..2", out, {.largest_file = 600});
    EXPECT_EQ(ended.code, 2) << ended.said;
    EXPECT_EQ(complaints(ended.said).size(), 1U) << ended.said;
    EXPECT_NE(ended.said.find("huntsman.json: cannot be written completely: File too large"),
              std::string::npos)
        << ended.said;

    // One scene is there; the largest file of the next does not fit.
    ended = run_export(GetParam(), "1", out);
    ASSERT_EQ(ended.code, 0) << ended.said;
    const Files before = files_of(out);
    const auto largest = largest_file(reference() / "scenes" / "scene-000002");
    ended = run_export(GetParam(), "1..2", out, {.largest_file = largest - 1});
    EXPECT_EQ(ended.code, 2) << ended.said;
    const auto lines = complaints(ended.said);
    ASSERT_EQ(lines.size(), 1U) << ended.said;
    EXPECT_NE(lines[0].find(".writing-scene-000002/"), std::string::npos) << lines[0];
    EXPECT_NE(lines[0].find("scene-000002: cannot be written completely: File too large"),
              std::string::npos)
        << lines[0];
    EXPECT_TRUE(files_of(out) == before);

    ended = run_export(GetParam(), "1..2", out);
    ASSERT_EQ(ended.code, 0) << ended.said;
    expect_same(reference(), out);
}

TEST_P(Interrupted, KilledAndStoppedAtAnyMomentItGoesOnToTheSameBytes) {
    reference();
    const fs::path out = fresh(std::string("signals-") + GetParam());
    // Moments from the start to about the first scene's end, the same in each run of the test.
    const auto key = engine::core::Key(7).with(std::string_view(GetParam()));
    constexpr double kLatest_us = 1.5e6;
    std::uint64_t n = 0;
    const bool odd = key.index(2, 99) == 1;
    for (const int signal : {SIGKILL, odd ? SIGINT : SIGTERM}) {
        const auto after =
            std::chrono::microseconds(static_cast<std::int64_t>(key.uniform(0, kLatest_us, n++)));
        const Ended ended = run_export(GetParam(), "1..2", out, {.signal = signal, .after = after});
        // Ctrl-C is an end in order, but for the first milliseconds of a process.
        if (signal != SIGKILL && !ended.killed) {
            EXPECT_TRUE(ended.code == 1 || ended.code == 0) << ended.said;
        }
        // Whatever bears a scene's name is whole.
        if (!fs::exists(out / "scenes")) continue;
        for (const auto& entry : fs::directory_iterator(out / "scenes")) {
            const std::string name = entry.path().filename().string();
            if (!name.starts_with("scene-")) continue;
            const Files whole = files_of(reference() / "scenes" / name);
            EXPECT_TRUE(files_of(entry.path()) == whole) << name;
        }
    }
    const Ended ended = run_export(GetParam(), "1..2", out);
    ASSERT_EQ(ended.code, 0) << ended.said;
    expect_same(reference(), out);
}

INSTANTIATE_TEST_SUITE_P(Formats, Interrupted,
                         testing::Values("nuscenes", "kitti", "coco", "webdataset", "video"),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace
}  // namespace huntsman::bridge::exporting
