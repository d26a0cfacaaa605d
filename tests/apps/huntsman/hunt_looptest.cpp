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
