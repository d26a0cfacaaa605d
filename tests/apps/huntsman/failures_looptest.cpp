// Failures of results files from the command line.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

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

// The results of one hunt that all tests read.
const std::string& results() {
    static const std::string file = [] {
        const Outcome hunt = call(
            "hunt cpfa --driver constant --towns 2001..2001 --seconds 8 --budget 8 --out "
            "of_failures.sqlite");
        EXPECT_EQ(hunt.code, 0) << hunt.err;
        return std::string("--results of_failures.sqlite ");
    }();
    return file;
}

const std::string kSmall =
    "--failures 1 --neighbours 1 --per-failure 2 --size 64x40 --quality fast ";

json clusters() {
    const Outcome outcome = call("failures clusters " + results() + "--json");
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return outcome.code == 0 ? json::parse(outcome.out) : json();
}

TEST(FailuresCommand, ClustersHoldEveryFailingRunOnce) {
    const json document = clusters();
    ASSERT_GE(document["clusters"].size(), 1U);
    std::size_t members = 0;
    for (const json& cluster : document["clusters"]) {
        EXPECT_EQ(cluster["count"], cluster["members"].size());
        members += cluster["members"].size();
    }
    EXPECT_EQ(document["failed"], members);
    EXPECT_EQ(document["runs"], 8) << "confirmations are the same runs";
    const Outcome none = call("failures clusters " + results() + "--kind speed_limit --json");
    EXPECT_EQ(json::parse(none.out)["clusters"].size(), 0U);
    EXPECT_EQ(json::parse(none.out)["runs"], 8) << "they have not failed in this way";
    const json trends = json::parse(call("failures trends " + results() + "--json").out);
    EXPECT_EQ(trends["drivers"][0]["failed"], members);
}

TEST(FailuresCommand, TheGalleryShowsWhatShrinkFound) {
    const std::string run =
        clusters()["clusters"][0]["first"]["run"].get<std::string>().substr(0, 16);
    ASSERT_EQ(call("shrink " + run + " " + results()).code, 0);
    const Outcome outcome =
        call("failures gallery " + results() + "--html of_failures.html --pictures 0");
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    const std::string page = text_of(call_folder() / "of_failures.html");
    EXPECT_NE(page.find("</html>"), std::string::npos);
    EXPECT_NE(page.find("What it needs"), std::string::npos);
    EXPECT_NE(page.find("Drive the minimal scenario"), std::string::npos);
    // The scenarios beside it fail.
    for (const char* name : {"of_failures/1.json", "of_failures/1_minimal.json"}) {
        const Outcome again = call(std::string("run ") + name +
                                   " --driver constant --no-images --out failures_again");
        ASSERT_LE(again.code, 1) << again.err;
        const json verdict =
            json::parse(text_of(call_folder() / "failures_again" / "run.json"))["verdict"];
        EXPECT_EQ(verdict["passed"], false) << name;
    }
}

TEST(FailuresCommand, AnExportPassesTheAuditAndIsRepeatable) {
    const std::string line = "failures export " + results() + kSmall;
    const Outcome first = call(line + "--format coco --out failures_a --json");
    ASSERT_EQ(first.code, 0) << first.err;
    EXPECT_EQ(json::parse(first.out)["scenes_written"], 2);
    EXPECT_EQ(call("audit failures_a").code, 0);
    const auto manifest = [](const char* folder) {
        return json::parse(text_of(call_folder() / folder / "huntsman.json"));
    };
    const json scenes = manifest("failures_a")["scenes"];
    ASSERT_EQ(scenes.size(), 2U);
    const json& tags = scenes[0]["conditions"];
    EXPECT_EQ(tags["outcome"], "fails alike");
    EXPECT_EQ(tags["failure"], clusters()["clusters"][0]["signature"]);
    EXPECT_EQ(tags["neighbour"], 0);
    EXPECT_EQ(scenes[1]["conditions"]["neighbour"], 1);
    // A second time nothing is made; elsewhere the same bits, whatever the number of workers.
    EXPECT_EQ(json::parse(call(line + "--format coco --out failures_a --json").out)["scenes_there"],
              2);
    ASSERT_EQ(call(line + "--format coco --out failures_b --workers 2 --threads 2").code, 0);
    EXPECT_EQ(manifest("failures_b")["scenes"], scenes);
    // Other neighbours into the same folder are refused.
    expect_sentence(call(line + "--format coco --out failures_a --neighbours 2"), 2, "neighbours");
}

TEST(FailuresCommand, TheRandomSetHasTheSameSize) {
    const Outcome outcome = call("failures export " + results() + kSmall +
                                 "--compare random --format coco --out failures_random --json");
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_EQ(json::parse(outcome.out)["pictures"], 2 * 2 * 8) << "scenes, samples, cameras";
    const json scenes =
        json::parse(text_of(call_folder() / "failures_random" / "huntsman.json"))["scenes"];
    EXPECT_EQ(scenes[0]["conditions"]["chosen_for"], "random");
    expect_sentence(call("failures export " + results() + kSmall +
                         "--compare uncertainty --out failures_uncertain"),
                    2, "uncertainty cannot be had");
}

TEST(FailuresCommand, AnInterruptEndsTheGalleryWithAPage) {
    results();
    const pid_t process =
        start("failures gallery " + results() + "--html failures_interrupted.html");
    std::this_thread::sleep_for(std::chrono::milliseconds(700));
    const auto begin = std::chrono::steady_clock::now();
    ::kill(process, SIGINT);
    while (::kill(process, 0) == 0) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    EXPECT_LT(took.count(), 4) << "asked for: two seconds; the machine may be busy";
    EXPECT_NE(text_of(call_folder() / "failures_interrupted.html").find("</html>"),
              std::string::npos);
}

TEST(FailuresCommand, WhatIsWrongIsSaid) {
    expect_sentence(call("failures clusters --results nowhere.sqlite"), 2, "nowhere.sqlite");
    expect_sentence(call("failures gallery --results of_failures.sqlite --html /proc/g.html"), 2,
                    "/proc");
    const std::string line = "failures export " + results() + "--out failures_wrong ";
    expect_sentence(call(line + "--compare magic"), 2, "--compare is magic");
    expect_sentence(call(line + "--per-failure 1"), 2, "--per-failure is 1");
    expect_sentence(call(line + "--format magic"), 2, "magic");
    expect_sentence(call(line + "--rate 0"), 2, "--rate is 0");
    expect_sentence(call(line + "--kind speed_limit"), 2, "no failure to export among 8 runs");
}

}  // namespace
}  // namespace huntsman
