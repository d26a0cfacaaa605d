// Hunts from the command line.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <thread>

#include "engine/core/random.h"
#include "tests/apps/huntsman/program.h"

namespace huntsman {
namespace {

using huntsman::tests::call;
using huntsman::tests::call_folder;
using huntsman::tests::expect_sentence;
using huntsman::tests::Outcome;
using huntsman::tests::start;
using huntsman::tests::text_of;
using nlohmann::json;

// A driver that reacts to nobody fails soon.
const std::string kHunt = "hunt cpfa --driver constant --towns 2001..2002 --seconds 8 --budget 12 ";

json runs_of(const Outcome& outcome) {
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return outcome.code == 0 ? json::parse(outcome.out)["runs"] : json();
}

TEST(HuntCommand, FindsFailuresThatTheirScenariosShowAgain) {
    const Outcome first = call(kHunt + "--json --out hunt.sqlite --save found --html hunt.html");
    ASSERT_EQ(first.code, 0) << first.err;
    const json caught = json::parse(first.out);
    ASSERT_EQ(caught["runs"].size(), 12U);
    ASSERT_GE(caught["failures"].size(), 1U);
    const json& failure = caught["failures"][0];
    EXPECT_EQ(failure["confirmed"], true);
    EXPECT_EQ(failure["signature"].get<std::string>().rfind("no_collision, pedestrian", 0), 0U);
    EXPECT_NE(text_of(call_folder() / "hunt.html").find("</html>"), std::string::npos);
    // Its scenario fails in the same way.
    const Outcome again = call("run found/1.json --driver constant --no-images --out again");
    ASSERT_LE(again.code, 1) << again.err;
    const json run = json::parse(text_of(call_folder() / "again" / "run.json"));
    EXPECT_EQ(run["verdict"]["passed"], false);
    // The same hunt costs no run, and a larger one only what is new.
    const json same = json::parse(call(kHunt + "--json --out hunt.sqlite").out);
    EXPECT_EQ(same["kept"], 12);
    EXPECT_EQ(same["runs"], caught["runs"]);
}

// HUNTSMAN_KILLS=20: how often.
TEST(HuntCommand, KilledAtAnyMomentItGoesOn) {
    const json whole = runs_of(call(kHunt + "--json --out whole.sqlite"));
    const char* asked = std::getenv("HUNTSMAN_KILLS");
    const int kills = asked != nullptr ? std::atoi(asked) : 3;
    for (int i = 0; i < kills; ++i) {
        const double moment_s =
            engine::core::Key(3).with("hunt").uniform(0.05, 4.0, static_cast<std::uint64_t>(i));
        const pid_t process = start(kHunt + "--jobs 2 --out killed.sqlite");
        std::this_thread::sleep_for(std::chrono::duration<double>(moment_s));
        ::kill(process, SIGKILL);
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
    EXPECT_EQ(runs_of(call(kHunt + "--jobs 2 --json --out killed.sqlite")), whole);
}

TEST(HuntCommand, ShardsMergedAreTheWhole) {
    const std::string hunt =
        "hunt cpfa,cpna --driver constant --seconds 8 --budget 12 --method sobol --json ";
    const json whole = runs_of(call(hunt + "--out all.sqlite"));
    ASSERT_EQ(whole.size(), 12U);
    const json first = runs_of(call(hunt + "--shards 2 --shard 0 --out shard_0.sqlite"));
    const json second = runs_of(call(hunt + "--shards 2 --shard 1 --out shard_1.sqlite"));
    ASSERT_EQ(first.size() + second.size(), 12U);
    EXPECT_EQ(first[0], whole[0]);
    EXPECT_EQ(second[0], whole[6]);
    ASSERT_EQ(call("suite merge --out merged.sqlite shard_0.sqlite shard_1.sqlite").code, 0);
    const json merged = json::parse(call(hunt + "--out merged.sqlite").out);
    EXPECT_EQ(merged["kept"], 12);
    EXPECT_EQ(merged["runs"], whole);
}

TEST(HuntCommand, TimeEndsASearchThatRunsGoOn) {
    const std::string hunt = "hunt cpfa --driver constant --seconds 8 --json --out timed.sqlite ";
    const json timed = json::parse(call(hunt + "--budget 4s").out);
    ASSERT_GE(timed["runs"].size(), 8U);
    EXPECT_GE(timed["seconds"], 4);
    EXPECT_LT(timed["seconds"], 60);
    // A budget of so many runs is the same search.
    const json same = json::parse(
        call(hunt + "--confirm 0 --budget " + std::to_string(timed["runs"].size())).out);
    EXPECT_EQ(same["runs"], timed["runs"]);
    EXPECT_EQ(same["kept"], timed["runs"].size());
    EXPECT_EQ(same["seconds"], 0);
}

TEST(HuntCommand, TownsAreSearchedByTheirTraffic) {
    const Outcome outcome = call(
        "hunt town --driver constant --seconds 3 --budget 3 --method random --html town.html "
        "--out town.sqlite");
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_NE(outcome.out.find("hunt town: 3 runs"), std::string::npos) << outcome.out;
    EXPECT_NE(outcome.err.find("budget of 3 runs"), std::string::npos) << outcome.err;
    EXPECT_EQ(text_of(call_folder() / "town.html").find("http-equiv"), std::string::npos)
        << "a page that is finished loads itself anew";
}

TEST(RateCommand, OfADriverThatNearlyAlwaysFails) {
    const std::string rate =
        "rate cpfa --driver constant --seconds 8 --per-level 20 --importance 20 --repeats 2 "
        "--out rate.sqlite ";
    const json first = json::parse(call(rate + "--json").out);
    EXPECT_GT(first["probability"], 0.5);
    EXPECT_LE(first["lower"], first["probability"]);
    EXPECT_GE(first["upper"], first["probability"]);
    EXPECT_EQ(first["runs"], 80);
    const json again = json::parse(call(rate + "--json").out);
    EXPECT_EQ(again["kept"], 80);
    EXPECT_EQ(again["probability"], first["probability"]);
    EXPECT_NE(call(rate).out.find("Failures are not rare here"), std::string::npos);
    expect_sentence(call("rate cpfa,cpna"), 2, "are 2 spaces, expected one");
    expect_sentence(call("rate cpfa --repeats 1"), 2, "--repeats is 1");
}

TEST(HuntCommand, WithoutAnyResultThereIsAnError) {
    // No road of a town has such a limit.
    std::string text = text_of(HUNTSMAN_SOURCE_DIR "/assets/scenarios/situations/cpfa.json");
    const std::string need = "\"speed_limit_mps\": [5, 17]";
    ASSERT_NE(text.find(need), std::string::npos);
    text.replace(text.find(need), need.size(), "\"speed_limit_mps\": [16.8, 17]");
    std::ofstream(call_folder() / "limit.json") << text;
    const Outcome outcome =
        call("hunt limit.json --driver constant --seconds 3 --budget 30 --out no.sqlite");
    EXPECT_EQ(outcome.code, 2);
    EXPECT_NE(outcome.err.find("none of 10 runs has a result; the first: "), std::string::npos)
        << outcome.err;
}

TEST(ShrinkCommand, TakesAwayWhatTheFailureDoesWithout) {
    // The driver never brakes: weaker brakes change nothing.
    const json caught =
        json::parse(call(kHunt + "--fault weak_brakes:share=0.05 --json --out shrink.sqlite").out);
    ASSERT_GE(caught["failures"].size(), 1U);
    const json first = caught["failures"][0]["first"];
    const std::string run = first["run"].get<std::string>().substr(0, 16);
    const Outcome outcome =
        call("shrink " + run + " --results shrink.sqlite --save minimal.json --json");
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    const json shrunk = json::parse(outcome.out);
    EXPECT_EQ(shrunk["signature"], first["signature"]);
    const auto needless = shrunk["needless"].get<std::vector<std::string>>();
    EXPECT_NE(std::find(needless.begin(), needless.end(), "fault weak_brakes:share=0.05"),
              needless.end());
    EXPECT_EQ(shrunk["needed"].size() + needless.size(), 5U)
        << "three parameters, the fault and the adult";
    EXPECT_LE(shrunk["seconds"], 8);
    // What is left fails in one command; a second time nothing is run.
    const Outcome again = call("run minimal.json --driver constant --no-images --out minimal");
    ASSERT_LE(again.code, 1) << again.err;
    EXPECT_EQ(json::parse(text_of(call_folder() / "minimal" / "run.json"))["verdict"]["passed"],
              false);
    EXPECT_EQ(
        json::parse(
            call("shrink " + run + " --results shrink.sqlite --save minimal.json --json").out),
        shrunk);
    expect_sentence(call("shrink nobody --results shrink.sqlite"), 2, "has no run whose key");
    expect_sentence(call("shrink 0 --results nowhere.sqlite"), 2, "nowhere.sqlite");
}

TEST(HuntCommand, WhatIsWrongIsSaidBeforeAnythingRuns) {
    expect_sentence(call("hunt nothing"), 2, "nothing: there is no situation");
    expect_sentence(call("hunt cpfa --budget 0"), 2, "--budget is 0");
    expect_sentence(call("hunt cpfa --budget 0h"), 2, "--budget is 0h");
    expect_sentence(call("hunt cpfa --budget soon"), 2, "--budget is soon");
    expect_sentence(call("hunt tag:nothing"), 2, "no shipped situation has the tag nothing");
    expect_sentence(call("hunt cpfa --shards 2"), 2, "--shards is 2, expected at most 1");
    expect_sentence(call("hunt cpfa,cpna --shards 2 --shard 2"), 2, "--shard is 2");
    expect_sentence(call("hunt cpfa --method magic"), 2, "magic");
    expect_sentence(call("hunt cpfa --generation 3"), 2, "--generation is 3");
    expect_sentence(call("hunt cpfa --towns a..b"), 2, "--towns is a..b");
    expect_sentence(call("hunt cpfa --weather maybe"), 2, "--weather is maybe");
    expect_sentence(call("hunt cpfa --driver magic"), 2, "--driver is magic");
    expect_sentence(call("hunt cpfa --stand-in network"), 2, "--stand-in is network");
    expect_sentence(call("hunt cpfa --out /proc/hunt.sqlite"), 2, "/proc");
}

}  // namespace
}  // namespace huntsman
