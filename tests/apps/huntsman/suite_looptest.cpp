// Suites from the command line: killed at any moment, split into shards, compared.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/types.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "engine/core/random.h"
#include "tests/apps/huntsman/program.h"

namespace huntsman {
namespace {

namespace fs = std::filesystem;
using huntsman::tests::call;
using huntsman::tests::call_folder;
using huntsman::tests::expect_sentence;
using huntsman::tests::Outcome;
using huntsman::tests::start;
using huntsman::tests::text_of;
using nlohmann::json;

// Ten short cells, one of which cannot be placed.
std::string write_suite(double seconds = 3) {
    std::ofstream(call_folder() / "ten.json") << R"({"schema_version": 1,
        "gate": {"metric": "passed", "margin": 0.1}, "defaults": {"seconds": )"
                                              << seconds << R"(},
        "groups": [
          {"situations": ["ccrs", "cpfa", "cpnco"], "towns": ["2001..2003"]},
          {"situations": ["highway_exit"], "towns": [2002]}]})";
    return "ten.json";
}

// What must be equal however a suite was run.
std::map<std::string, std::string> results(const std::string& file) {
    std::map<std::string, std::string> runs;
    const Outcome shown = call("suite show " + file + " --json");
    if (shown.code != 0) return runs;
    const json document = json::parse(shown.out);
    for (const auto& run : document["runs"]) {
        runs[run["driver"].get<std::string>() + " " + run["cell"].get<std::string>()] =
            run["scores"].dump() + run["end_reason"].get<std::string>();
    }
    EXPECT_EQ(runs.size(), document["runs"].size()) << "a cell is there twice";
    return runs;
}

// HUNTSMAN_KILLS=20: how often.
int kills() {
    const char* asked = std::getenv("HUNTSMAN_KILLS");
    return asked != nullptr ? std::atoi(asked) : 4;
}

void remove_results(const std::string& file) {
    for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(call_folder() / (file + suffix));
}

// Kills the command again and again while it goes on with its file, which begins anew once it is
// whole; then lets it end. `expected`: of the whole.
void kill_often(const std::string& command, const std::string& file,
                const std::map<std::string, std::string>& expected) {
    std::size_t held = 0;
    for (int i = 0; i < kills(); ++i) {
        if (held == expected.size()) {
            remove_results(file);
            held = 0;
        }
        const double moment_s = engine::core::Key(7).with("kill").with(file).uniform(
            0.05, 4.0, static_cast<std::uint64_t>(i));
        const pid_t process = start(command + file);
        std::this_thread::sleep_for(std::chrono::duration<double>(moment_s));
        ::kill(process, SIGKILL);
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        const auto now = results(file);
        EXPECT_GE(now.size(), held) << "a finished cell is lost";
        held = now.size();
        for (const auto& [cell, result] : now) EXPECT_EQ(result, expected.at(cell)) << cell;
    }
    const Outcome resumed = call(command + file);
    EXPECT_LE(resumed.code, 1) << resumed.err;
    EXPECT_EQ(results(file), expected);
}

TEST(SuiteCommand, KilledAtAnyMomentItLosesDoublesAndDamagesNothing) {
    const std::string run = "suite run " + write_suite() + " --drivers oracle,none --jobs 2 --out ";
    const Outcome whole = call(run + "whole.sqlite");
    ASSERT_EQ(whole.code, 1) << whole.err;  // one cell cannot be placed
    const auto expected = results("whole.sqlite");
    ASSERT_EQ(expected.size(), 20U);
    kill_often(run, "killed.sqlite", expected);
}

TEST(SuiteCommand, AShardKilledAtAnyMomentIsWholeInTheEnd) {
    const std::string run =
        "suite run " + write_suite() + " --drivers oracle,none --jobs 2 --shards 2 --shard ";
    const auto both = [&](const char* shard, const char* file) {
        const std::string command = run + shard + " --out ";
        call(command + "whole_" + file);
        const auto expected = results(std::string("whole_") + file);
        EXPECT_EQ(expected.size(), 10U);
        kill_often(command, file, expected);
    };
    both("0", "first.sqlite");
    both("1", "second.sqlite");
    ASSERT_EQ(call("suite merge --out killed_both.sqlite first.sqlite second.sqlite").code, 0);
    EXPECT_EQ(results("killed_both.sqlite").size(), 20U);
}

TEST(SuiteCommand, ShardsTogetherAreTheSuite) {
    const std::string run = "suite run " + write_suite() + " --drivers oracle ";
    call(run + "--out all.sqlite");
    for (int shard = 0; shard < 3; ++shard) {
        const std::string number = std::to_string(shard);
        const Outcome part =
            call(run + "--shards 3 --shard " + number + " --out part" + number + ".sqlite");
        EXPECT_LE(part.code, 1) << part.err;
    }
    // A part comes twice, and the last one is lost and run again.
    fs::remove(call_folder() / "part2.sqlite");
    call(run + "--shards 3 --shard 2 --out part2.sqlite");
    const Outcome merged =
        call("suite merge --out merged.sqlite part0.sqlite part1.sqlite part1.sqlite part2.sqlite");
    ASSERT_EQ(merged.code, 0) << merged.err;
    EXPECT_EQ(results("merged.sqlite"), results("all.sqlite"));
    // What is there already costs nothing.
    const Outcome again = call(run + "--out merged.sqlite");
    EXPECT_NE(again.err.find("10 cells, 10 of them kept from before, 1 failed"), std::string::npos)
        << again.err;
}

TEST(SuiteCommand, TheGateFailsWhereADriverIsWorse) {
    call("suite run " + write_suite(10) + " --drivers oracle,constant --out gate.sqlite --jobs 2");
    const Outcome worse = call(
        "compare oracle constant --results gate.sqlite --html gate.html --junit gate.xml "
        "--markdown gate.md");
    EXPECT_EQ(worse.code, 1) << worse.err << worse.out;
    EXPECT_NE(worse.out.find("constant is worse than oracle"), std::string::npos) << worse.out;
    EXPECT_NE(text_of(call_folder() / "gate.xml").find("<failure "), std::string::npos);
    EXPECT_NE(text_of(call_folder() / "gate.html").find("</html>"), std::string::npos);
    EXPECT_NE(text_of(call_folder() / "gate.md").find("**worse**"), std::string::npos);
    const Outcome same = call("compare oracle oracle --results gate.sqlite");
    EXPECT_EQ(same.code, 0) << same.err;
    // The worst one is driven again, and both runs are shown where they part.
    const Outcome shown =
        call("compare oracle constant --results gate.sqlite --html shown.html --pictures 1 --json");
    ASSERT_EQ(shown.code, 1) << shown.err;
    const json parting = json::parse(shown.out)["partings"].at(0);
    EXPECT_EQ(parting["trouble"], "");
    const auto& moments = parting["moments"];
    ASSERT_GE(moments.size(), 2U);
    EXPECT_LT(moments.front()["apart_m"], 0.1) << "they have only just parted";
    EXPECT_GT(moments.back()["apart_m"], 0.5);
    EXPECT_LT(moments.front()["time_s"], moments.back()["time_s"]);
    const std::string page = text_of(call_folder() / "shown.html");
    std::size_t pictures = 0;
    for (auto at = page.find("data:image/jpeg"); at != std::string::npos;
         at = page.find("data:image/jpeg", at + 1)) {
        ++pictures;
    }
    EXPECT_EQ(pictures, 2 * moments.size());
    expect_sentence(call("compare oracle constant --results gate.sqlite --pictures 1"), 2,
                    "--pictures needs --html");
}

TEST(SuiteCommand, AComparisonRunsWhatItLacksAndStopsWhereTheVerdictIsClear) {
    std::ofstream(call_folder() / "many.json") << R"({"schema_version": 1,
        "gate": {"metric": "passed", "margin": 0.1}, "defaults": {"seconds": 9},
        "groups": [{"situations": ["ccrs", "cpfa", "cpna"], "towns": ["2001..2008"]}]})";
    const std::string run = "--run many.json --sequential --jobs 2 --json ";
    const Outcome worse = call("compare oracle constant --results early.sqlite " + run);
    ASSERT_EQ(worse.code, 1) << worse.err;
    const json looks = json::parse(worse.out)["looks"];
    EXPECT_EQ(looks["planned"], 4);
    EXPECT_EQ(looks["cells"], 24);
    EXPECT_LT(looks["cells_run"], 24) << "a driver that hits everybody is found early";
    EXPECT_EQ(looks["cells_run"], 6 * looks["taken"].get<int>());
    EXPECT_EQ(results("early.sqlite").size(), 2 * looks["cells_run"].get<std::size_t>());
    // The second file is run, the first one is taken as it is.
    const Outcome same =
        call("compare early.sqlite fresh.sqlite --driver-a oracle --driver-b oracle " + run);
    ASSERT_EQ(same.code, 0) << same.err;
    EXPECT_EQ(json::parse(same.out)["verdict"], "not worse");
    EXPECT_EQ(json::parse(same.out)["looks"]["taken"], 1);
    EXPECT_EQ(results("fresh.sqlite").size(), 6U);

    expect_sentence(call("compare oracle none --results x.sqlite --sequential"), 2,
                    "--sequential needs --run");
    expect_sentence(call("compare early.sqlite y.sqlite --run many.json"), 2,
                    "--run needs --driver-b");
    expect_sentence(call("compare nowhere.sqlite y.sqlite --driver-b none --run many.json"), 2,
                    "nowhere.sqlite");
    write_suite();
    expect_sentence(call("compare oracle none --results x.sqlite --run ten.json --sequential"), 2,
                    "--sequential needs at least 24 clusters, and the suite ten has 10");
}

TEST(SuiteCommand, WhatIsWrongIsSaidBeforeAnythingRuns) {
    expect_sentence(call("suite run nothing"), 2, "nothing");
    std::ofstream(call_folder() / "empty.json") << "{\"schema_version\": 1,\n \"groups\": []}";
    expect_sentence(call("suite run empty.json"), 2, "has no cells");
    write_suite();
    expect_sentence(call("suite run ten.json --drivers magic"), 2, "--drivers holds magic");
    expect_sentence(call("suite run ten.json --shards 2 --shard 2"), 2, "--shard is 2");
    expect_sentence(call("suite run ten.json --jobs 0"), 2, "--jobs is 0");
    expect_sentence(call("suite run ten.json --drivers torch:/nowhere.pt"), 2, "/nowhere.pt");
    expect_sentence(call("suite run ten.json --out /proc/results.sqlite"), 2, "/proc");
    std::ofstream(call_folder() / "text.sqlite") << std::string(5000, 'x');
    expect_sentence(call("suite run ten.json --out text.sqlite"), 2, "expected results of a suite");
    expect_sentence(call("suite show nowhere.sqlite"), 2, "does not exist");
    expect_sentence(call("compare nowhere.sqlite text.sqlite"), 2, "does not exist");
}

}  // namespace
}  // namespace huntsman
