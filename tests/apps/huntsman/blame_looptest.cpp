// Blame from the command line, on faults that are planted.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/apps/huntsman/program.h"

namespace huntsman {
namespace {

using huntsman::tests::call;
using huntsman::tests::call_folder;
using huntsman::tests::expect_sentence;
using nlohmann::json;

// The first failing run of a small hunt with this fault.
std::string failing_run(const std::string& what, const std::string& file) {
    const auto hunted =
        call("hunt " + what + " --method random --budget 8 --confirm 0 --json --out " + file);
    EXPECT_EQ(hunted.code, 0) << hunted.err;
    if (hunted.code != 0) return "";
    const json result = json::parse(hunted.out);
    for (const json& run : result["runs"]) {
        if (run["failed"]) return run["run"];
    }
    return "";
}

json blame(const std::string& run, const std::string& file) {
    const auto outcome = call("blame " + run + " --results " + file + " --json");
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return outcome.code == 0 ? json::parse(outcome.out) : json();
}

TEST(BlameCommand, NamesThePartThatIsBlind) {
    const std::string run = failing_run(
        "cpnco --towns 2001..2003 --driver oracle --fault blind:class=pedestrian", "blind.sqlite");
    ASSERT_NE(run, "");
    const json blamed = blame(run, "blind.sqlite");
    ASSERT_EQ(blamed["parts"].size(), 1U) << blamed.dump(1);
    EXPECT_EQ(blamed["parts"][0]["part"], "perception:class=pedestrian");
    EXPECT_EQ(blamed["parts"][0]["share"], 1.0);
    EXPECT_EQ(blamed["parts"][0]["alone"], true);
    // Who is hit is needed, and the world is otherwise as it was.
    for (const json& change : blamed["world"]) {
        EXPECT_EQ(change["valid"], true) << change.dump();
        if (change["change"] == "without Child") EXPECT_EQ(change["passes"], true);
    }
    // The same again costs nothing and says the same.
    EXPECT_EQ(blame(run, "blind.sqlite"), blamed);
}

TEST(BlameCommand, NamesTheActionsOfACarThatDoesNotBrake) {
    const std::string run = failing_run(
        "ccrs --towns 2001..2003 --driver oracle --fault weak_brakes:share=0.8", "brakes.sqlite");
    ASSERT_NE(run, "");
    const json blamed = blame(run, "brakes.sqlite");
    ASSERT_GE(blamed["parts"].size(), 1U) << blamed.dump(1);
    EXPECT_EQ(blamed["parts"][0]["part"], "actions") << blamed.dump(1);
}

TEST(BlameCommand, WhatIsWrongIsSaid) {
    expect_sentence(call("blame 0 --results nowhere.sqlite"), 2, "nowhere.sqlite");
    const std::string passes =
        "hunt cpnco --towns 2001 --driver none --method random --budget 1 --confirm 0 --json "
        "--out passes.sqlite";
    const auto outcome = call(passes);
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    const std::string run = json::parse(outcome.out)["runs"][0]["run"];
    expect_sentence(call("blame " + run + " --results passes.sqlite"), 2, "the run does not fail");
    expect_sentence(call("blame nobody --results passes.sqlite"), 2, "has no run whose key");
    expect_sentence(call("run --driver oracle --no-images --seconds 1 --ideal eyes"), 2,
                    "part eyes: is no part");
    expect_sentence(
        call("run --driver oracle --no-images --seconds 1 --ideal camera:name=roof --out roof"), 2,
        "has name roof, expected a camera of the rig");
}

}  // namespace
}  // namespace huntsman
