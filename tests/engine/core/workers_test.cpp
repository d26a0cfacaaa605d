#include "engine/core/workers.h"

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <thread>

namespace huntsman::engine::core {
namespace {

struct Done {
    Status status;
    std::map<std::size_t, JobEnd> ends;
    std::vector<std::string> printed;
};

// Workers are shell scripts that read jobs from descriptor 3.
Done run(const std::string& script, const std::vector<std::string>& jobs, int workers = 1,
         double stall_limit_s = 30) {
    static const std::atomic<bool> never{false};
    Done done;
    JobWatch watch;
    watch.ended = [&](const JobEnd& end) -> Status {
        EXPECT_TRUE(done.ends.emplace(end.job, end).second) << "job " << end.job << " ended twice";
        return {};
    };
    watch.printed = [&](const std::string& line) { done.printed.push_back(line); };
    done.status =
        run_jobs({.command = {"/bin/sh", "-c", "while read -r job <&3; do " + script + "; done"},
                  .workers = workers,
                  .stall_limit_s = stall_limit_s},
                 jobs, watch, never);
    return done;
}

TEST(Workers, EveryJobIsDoneOnceWhateverTheNumberOfWorkers) {
    std::vector<std::string> jobs;
    for (int i = 0; i < 40; ++i) jobs.push_back(std::to_string(i));
    for (const int workers : {1, 4}) {
        const Done done = run("echo \"did $job\"; echo done >&3", jobs, workers);
        ASSERT_TRUE(done.status) << done.status.error().text();
        ASSERT_EQ(done.ends.size(), jobs.size());
        for (const auto& [job, end] : done.ends) EXPECT_FALSE(end.failure) << job;
    }
}

TEST(Workers, AJobThatFailsCrashesOrHangsCostsThatJobOnly) {
    const Done done = run(
        "case $job in"
        " fails) echo 'failed not today' >&3;;"
        " crashes) echo 'progress 0.25' >&3; echo 'huntsman: the last words' >&2; kill -ABRT $$;;"
        " ends) exit 7;;"
        " hangs) echo 'progress 0.5' >&3; exec sleep 1000;;"
        " *) echo done >&3;; esac",
        {"good", "fails", "crashes", "good", "ends", "hangs", "good"}, 2, 1.5);
    ASSERT_TRUE(done.status) << done.status.error().text();
    ASSERT_EQ(done.ends.size(), 7U);
    for (const std::size_t good : {0UL, 3UL, 6UL}) EXPECT_FALSE(done.ends.at(good).failure) << good;
    EXPECT_EQ(done.ends.at(1).failure, "not today");
    EXPECT_EQ(done.ends.at(2).failure,
              "its process was ended by signal 6 (Aborted) after \"the last words\"");
    EXPECT_EQ(done.ends.at(2).progress, 0.25);
    EXPECT_EQ(done.ends.at(4).failure, "its process ended with code 7");
    EXPECT_EQ(done.ends.at(5).failure, "made no progress for 1.5 s");
    EXPECT_EQ(done.ends.at(5).progress, 0.5);
}

TEST(Workers, ProgressKeepsASlowJobAlive) {
    const Done done =
        run("for i in 1 2 3 4 5; do sleep 0.5; echo progress 0.$i >&3; done; echo done >&3", {"a"},
            1, 1.5);
    ASSERT_EQ(done.ends.size(), 1U);
    EXPECT_FALSE(done.ends.at(0).failure);
}

TEST(Workers, WhatAWorkerPrintsIsHandedOnLineByLine) {
    const Done done =
        run("printf 'one\\ntwo'; echo three >&2; echo done >&3; sleep 0.3", {"a", "b"});
    EXPECT_EQ(done.printed.front(), "one");
    EXPECT_EQ(done.printed.at(1), "twothree");
}

TEST(Workers, HaltEndsTheBatchWithTheErrorsKind) {
    const Done done = run("echo 'halt 3 no device' >&3", {"a", "b", "c"});
    ASSERT_FALSE(done.status);
    EXPECT_EQ(done.status.error().message, "no device");
    EXPECT_EQ(done.status.error().kind, ErrorKind::kMachine);
    EXPECT_TRUE(done.ends.empty());
}

TEST(Workers, AProgramThatIsNotThereFailsEveryJobAndEnds) {
    const std::atomic<bool> never{false};
    int failed = 0;
    JobWatch watch;
    watch.ended = [&](const JobEnd& end) -> Status {
        failed += end.failure.has_value();
        return {};
    };
    ASSERT_TRUE(run_jobs({.command = {"/nowhere/program"}}, {"a", "b"}, watch, never));
    EXPECT_EQ(failed, 2);
}

TEST(Workers, StoppingKillsWhatIsUnderWayAtOnce) {
    std::atomic<bool> stop{false};
    std::thread later([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        stop = true;
    });
    JobWatch watch;
    watch.ended = [](const JobEnd&) -> Status {
        ADD_FAILURE() << "a job that was stopped counts as ended";
        return {};
    };
    const auto start = std::chrono::steady_clock::now();
    EXPECT_TRUE(run_jobs({.command = {"/bin/sh", "-c", "sleep 1000"}, .workers = 3},
                         {"a", "b", "c", "d"}, watch, stop));
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
    later.join();
}

TEST(Workers, AreKeptFromBatchToBatchAndReplacedWhereTheyDie) {
    const std::atomic<bool> never{false};
    IdleWorkers idle;
    std::vector<std::string> said;
    JobWatch watch;
    watch.ended = [&](const JobEnd& end) -> Status {
        EXPECT_FALSE(end.failure) << *end.failure;
        said.push_back(end.result);
        return {};
    };
    const std::string script =
        "n=0; while read -r job <&3; do n=$((n+1)); echo \"done $$ $n\" >&3; "
        "[ $job = last ] && exit; done";
    const auto batch = [&](const std::vector<std::string>& jobs) {
        ASSERT_TRUE(
            run_jobs({.command = {"/bin/bash", "-c", script}, .idle = &idle}, jobs, watch, never));
    };
    batch({"a", "b"});
    batch({"c"});
    ASSERT_EQ(said.size(), 3U);
    const std::string process = said[0].substr(0, said[0].find(' '));
    EXPECT_EQ(said[1], process + " 2");
    EXPECT_EQ(said[2], process + " 3") << "the same worker in the second batch";
    batch({"last"});
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    batch({"d"});
    ASSERT_EQ(said.size(), 5U);
    EXPECT_EQ(said[4].substr(said[4].find(' ')), " 1") << "a new one";
}

}  // namespace
}  // namespace huntsman::engine::core
