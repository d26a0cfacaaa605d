// Batches of runs in which some fail.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/types.h>
#include <torch/script.h>

#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "tests/apps/huntsman/program.h"

namespace {

namespace fs = std::filesystem;
using huntsman::tests::call;
using huntsman::tests::call_folder;
using huntsman::tests::expect_sentence;
using huntsman::tests::Outcome;
using huntsman::tests::start;
using huntsman::tests::text_of;
using nlohmann::json;

// A driver in TorchScript; `body` has the contract's arguments.
void write_network(const std::string& name, const std::string& body) {
    torch::jit::Module module(name);
    module.define(
        "def forward(self, images: Tensor, intrinsics: Tensor, extrinsics: Tensor, motion: Tensor, "
        "route: Tensor) -> Tensor:\n" +
        body);
    module.save((call_folder() / (name + ".pt")).string());
}

// Twenty runs: seventeen good ones, a world that cannot be built, a network that answers NaN once
// it drives faster than 1 m/s, and one that hangs then.
std::string write_batch() {
    const std::string faster = "  fast = bool((motion[0] > 1.0).item())\n";
    write_network("nan_later", faster +
                                   "  if fast:\n"
                                   "    return torch.tensor([float('nan'), 0.5, 0.0])\n"
                                   "  return torch.tensor([0.0, 0.5, 0.0])\n");
    write_network("hangs_later", faster +
                                     "  while fast:\n"
                                     "    fast = bool((motion[0] > 1.0).item())\n"
                                     "  return torch.tensor([0.0, 0.5, 0.0])\n");
    std::ofstream(call_folder() / "empty.xodr")
        << "<OpenDRIVE><header revMajor=\"1\" revMinor=\"6\"/></OpenDRIVE>";
    json cells = json::array();
    for (int i = 0; i < 17; ++i) {
        cells.push_back({{"driver", i % 2 == 0 ? "oracle" : "none"}, {"seed", 2001 + i}});
    }
    cells.insert(cells.begin() + 3, json{{"driver", "none"}, {"map", "empty.xodr"}, {"seed", 1}});
    cells.insert(cells.begin() + 7, json{{"driver", "torch:nan_later.pt"}, {"seed", 2}});
    cells.insert(cells.begin() + 11, json{{"driver", "torch:hangs_later.pt"}, {"seed", 3}});
    std::ofstream(call_folder() / "batch.json")
        << json{{"schema_version", 1}, {"cells", cells}}.dump(1);
    return "evaluate --cells batch.json --seconds 4 --traffic 2 --pedestrians 2 --size 32x32 "
           "--quality fast --stall-limit 40 --json";
}

// What must be equal whenever a batch is made.
json without_times(const std::string& document) {
    json result = json::parse(document);
    for (auto& run : result["runs"]) run.erase("real_time_factor");
    for (auto& driver : result["drivers"]) driver.erase("real_time_factor");
    return result;
}

// The runs that a results file holds, by driver and cell, with how fast each was made.
std::map<std::string, double> finished(const std::string& file) {
    std::map<std::string, double> runs;
    const Outcome shown = call("suite show " + file + " --json");
    if (shown.code != 0) return runs;  // not there yet
    const json document = json::parse(shown.out);
    for (const auto& run : document["runs"]) {
        runs[run["driver"].get<std::string>() + " " + run["cell"].get<std::string>()] =
            run["real_time_factor"].get<double>();
    }
    return runs;
}

TEST(Evaluate, OneBadWorldANetworkOfNaNAndOneThatHangsCostThreeOfTwentyRuns) {
    const std::string batch = write_batch();

    // Killed in the middle, with the workers' cells unfinished.
    const std::string results = "kept/results.sqlite";
    const pid_t process = start(batch + " --out kept");
    for (int i = 0; i < 1500 && finished(results).size() < 4; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    ASSERT_EQ(::kill(process, SIGKILL), 0);
    const auto before = finished(results);
    ASSERT_GE(before.size(), 4U);
    ASSERT_LT(before.size(), 20U);
    std::this_thread::sleep_for(std::chrono::seconds(2));
    EXPECT_EQ(finished(results), before) << "the workers outlive the program that was killed";

    // It goes on from there, and what was finished is not made again.
    const Outcome resumed = call(batch + " --out kept");
    ASSERT_EQ(resumed.code, 1) << resumed.err;
    const auto after = finished(results);
    for (const auto& [run, speed] : before) EXPECT_EQ(after.at(run), speed) << run;
    EXPECT_EQ(after.size(), 20U);
    EXPECT_EQ(resumed.out, text_of(call_folder() / "kept" / "evaluation.json"));

    const json result = json::parse(resumed.out);
    EXPECT_EQ(result["passed"], false);
    ASSERT_EQ(result["runs"].size(), 20U);
    int valid = 0;
    for (const auto& run : result["runs"]) valid += run["valid"].get<bool>();
    EXPECT_EQ(valid, 17);
    ASSERT_EQ(result["failed"].size(), 3U);
    const auto& world = result["failed"][0];
    EXPECT_EQ(world["seed"], 1);
    EXPECT_EQ(world["time_s"], 0.0);
    EXPECT_NE(world["reason"].get<std::string>().find("empty.xodr"), std::string::npos) << world;
    const auto& nan = result["failed"][1];
    EXPECT_EQ(nan["seed"], 2);
    EXPECT_GT(nan["time_s"], 0.2);
    EXPECT_NE(nan["reason"].get<std::string>().find("not finite"), std::string::npos) << nan;
    const auto& hanging = result["failed"][2];
    EXPECT_EQ(hanging["seed"], 3);
    EXPECT_GT(hanging["time_s"], 0.0);  // of the last progress reported before it hung
    EXPECT_EQ(hanging["reason"], "made no progress for 40 s");

    // Nothing is left to do: the same again from the folder alone, as a table too.
    const Outcome again = call(batch + " --out kept");
    EXPECT_EQ(again.out, resumed.out);
    const std::string table = text_of(call_folder() / "kept" / "table.md");
    EXPECT_NE(table.find("| torch:nan_later.pt | 1 | 1 | 0 |"), std::string::npos) << table;
    EXPECT_NE(table.find("failed: torch:nan_later.pt, demonstration/town_2, at "),
              std::string::npos)
        << table;
}

TEST(Evaluate, TheNumberOfWorkersDoesNotChangeTheResults) {
    const std::string batch =
        "evaluate --drivers oracle,none --seeds 2001..2003 --seconds 2 --traffic 5 --json";
    const Outcome one = call(batch), three = call(batch + " --jobs 3");
    ASSERT_EQ(one.code, 0) << one.err;
    ASSERT_EQ(three.code, 0) << three.err;
    EXPECT_EQ(without_times(one.out), without_times(three.out));
}

TEST(Evaluate, WhatWouldFailInEveryRunIsRefusedBeforeTheFirst) {
    expect_sentence(call("evaluate --drivers oracle,magic"), 2, "--drivers holds magic");
    expect_sentence(call("evaluate --drivers torch:/nowhere.pt"), 2, "/nowhere.pt");
    expect_sentence(call("evaluate --drivers oracle,network --no-images"), 2,
                    "the driver network needs images");
    expect_sentence(call("evaluate --jobs 0"), 2, "--jobs is 0");
    expect_sentence(call("evaluate --stall-limit 0"), 2, "--stall-limit is 0");
    std::ofstream(call_folder() / "cells.json")
        << "{\"schema_version\": 1,\n \"cells\": [{\"seeds\": 3}]}";
    expect_sentence(call("evaluate --cells cells.json"), 2, "cells.json:2: cells.0.seeds");
}

TEST(Run, ADriverThatFailsOnTheWayLeavesARunThatSaysSo) {
    write_batch();
    const Outcome run = call(
        "run --driver torch:nan_later.pt --seed 2 --seconds 4 --traffic 2 --pedestrians 2 --size "
        "32x32 --quality fast --out failing");
    EXPECT_EQ(run.code, 1) << run.err;
    const json kept = json::parse(text_of(call_folder() / "failing" / "run.json"));
    EXPECT_EQ(kept["valid"], false);
    EXPECT_EQ(kept["seed"], 2);
    EXPECT_GT(kept["sim_time_s"], 0.2);
    EXPECT_NE(kept["end_reason"].get<std::string>().find("not finite"), std::string::npos);
    EXPECT_TRUE(fs::exists(call_folder() / "failing" / "report.html"));
    EXPECT_EQ(call("replay --verify failing").code, 0);
}

TEST(Run, AWorldThatCannotBeBuiltAndAProgramThatIsKilledLeaveARunThatSaysSo) {
    write_batch();
    expect_sentence(call("run --driver none --no-images --map empty.xodr --out failing"), 2,
                    "empty.xodr");
    json kept = json::parse(text_of(call_folder() / "failing" / "run.json"));
    EXPECT_EQ(kept["valid"], false);
    EXPECT_NE(kept["end_reason"].get<std::string>().find("empty.xodr"), std::string::npos);

    const fs::path file = call_folder() / "failing" / "run.json";
    fs::remove(file);
    const pid_t process = start("run --driver none --no-images --seconds 3000 --out failing");
    for (int i = 0; i < 600 && !fs::exists(file); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    ASSERT_EQ(::kill(process, SIGKILL), 0);
    kept = json::parse(text_of(file));
    EXPECT_EQ(kept["valid"], false);
    EXPECT_EQ(kept["incomplete"], true);
    EXPECT_NE(kept["end_reason"].get<std::string>().find("not ended"), std::string::npos);
}

}  // namespace
