// The program as a user meets it: exit codes, one-sentence errors, JSON on stdout.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/apps/huntsman/program.h"

namespace {

namespace fs = std::filesystem;
using huntsman::tests::call;
using huntsman::tests::call_folder;
using huntsman::tests::expect_sentence;
using huntsman::tests::Outcome;
using huntsman::tests::shell;
using huntsman::tests::text_of;

TEST(CommandLine, LibTorchIsOpenedOnlyWhenANetworkIsWanted) {
    // Linking it would load it at every start, which takes longer than most commands.
    const std::string list = "ldd " HUNTSMAN_PROGRAM " | grep -c libtorch";
    EXPECT_NE(std::system((list + " >/dev/null").c_str()), 0);
    const Outcome doctor = call("doctor --json");
    EXPECT_NE(doctor.out.find("thread for inference"), std::string::npos) << doctor.out;
}

TEST(CommandLine, HelpOfEveryCommandHasAnExample) {
    for (const char* name :
         {"run",           "replay",         "evaluate",         "train",
          "bench",         "failures",       "doctor",           "failures list",
          "failures show", "road",           "road info",        "road check",
          "road sample",   "road convert",   "road plot",        "road town",
          "look",          "error-model",    "error-model fit",  "export",
          "audit",         "inspect",        "develop",          "rig check",
          "rig plot",      "scenario",       "scenario check",   "scenario info",
          "scenario run",  "scenario plot",  "scenario convert", "scenario variants",
          "scenario list", "scenario place", "model check",      "model describe",
          "serve"}) {
        const Outcome help = call(std::string(name) + " --help");
        EXPECT_EQ(help.code, 0) << name;
        EXPECT_NE(help.out.find("Example: huntsman "), std::string::npos) << name;
    }
}

TEST(CommandLine, ADryExportSaysWhatSeedsWouldDrawAndWritesNothing) {
    const Outcome lines = call("export --dry-run --seeds 1..200");
    EXPECT_EQ(lines.code, 0) << lines.err;
    EXPECT_EQ(std::count(lines.out.begin(), lines.out.end(), '\n'), 200);
    EXPECT_TRUE(lines.out.starts_with("scene-000001  ")) << lines.out.substr(0, 100);
    const Outcome json = call("export --dry-run --seeds 7..8 --json");
    EXPECT_EQ(json.out.front(), '{');
    EXPECT_NE(json.out.find("\"sun_elevation_deg\": "), std::string::npos) << json.out;
    const std::string positional = call("export night --dry-run --seeds 7").out;
    EXPECT_NE(positional.find("night"), std::string::npos) << positional;
    EXPECT_EQ(call("export --scenario night --dry-run --seeds 7").out, positional);
    expect_sentence(call("export --seeds 1..2 --format coco"), 2, "--out is missing");
    expect_sentence(call("export --seeds 1..2 --out x"), 2, "--format is missing");
    expect_sentence(call("export --seeds 1..2 --out x --format coco --workers -1"), 2,
                    "--workers is -1");
}

TEST(CommandLine, BenchAgentsGivesARowForEachNumberOfThem) {
    const Outcome outcome = call("bench agents --agents 4,8 --repeats 1 --json");
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    const auto document = nlohmann::json::parse(outcome.out);
    ASSERT_EQ(document["rows"].size(), 2U);
    for (const std::size_t i : {0U, 1U}) {
        const auto& row = document["rows"][i];
        EXPECT_EQ(row["agents"], 4 + 4 * i);
        EXPECT_GT(row["think_ms"], 0);
        EXPECT_GT(row["move_ms"], 0);
    }
}

TEST(CommandLine, BadFlagsExitWithTwoAndOneSentence) {
    expect_sentence(call("fly"), 2, "fly");
    expect_sentence(call("run --size 640"), 2, "--size is 640, expected WIDTHxHEIGHT");
    expect_sentence(call("run --size -1x400"), 2, "--size");
    expect_sentence(call("run --size 100000x100000"), 2, "--size");
    expect_sentence(call("run --seconds -3"), 2, "--seconds");
    expect_sentence(call("run --seconds nan"), 2, "--seconds");
    expect_sentence(call("run --seed -1"), 2, "--seed");
    expect_sentence(call("run --traffic 99999"), 2, "--traffic");
    expect_sentence(call("run --threads -2"), 2, "--threads");
    expect_sentence(call("run --latency-ms -5"), 2, "--latency-ms is -5, expected a whole number");
    expect_sentence(call("run --latency-ms normal:mean=abc"), 2, "mean is abc, expected a number");
    expect_sentence(call("run --latency guessed"), 2, "--latency is guessed, expected declared");
    expect_sentence(call("evaluate --latency measured"), 2,
                    "--latency is measured, expected declared");
    expect_sentence(call("run --fault wobble"), 2, "fault wobble: is no fault, expected drop");
    expect_sentence(call("run --fault late:ms=-1"), 2, "ms is -1, expected a number from 0");
    expect_sentence(call("error-model fit /nowhere.sqlite --out m.json"), 2, "/nowhere.sqlite");
    expect_sentence(call("run --quality ultra"), 2, "--quality is ultra");
    expect_sentence(call("run --rig /nowhere.json"), 2, "/nowhere.json");
    expect_sentence(call("run no_such_scenario"), 2, "shipped are: demonstration");
    expect_sentence(call("run --driver magic --no-images"), 2, "expected oracle, network");
    expect_sentence(call("run --out /proc/nowhere --driver none --no-images"), 2, "/proc/nowhere");
    expect_sentence(call("evaluate --seeds 9..3"), 2, "--seeds");
    expect_sentence(call("bench nothing"), 2,
                    "expected render, loop, export, start, town, road, story, senses, agents, "
                    "bridge or editor");
    expect_sentence(call("bench agents --agents 4,0"), 2, "--agents is 4,0, expected counts");
    expect_sentence(call("bench agents --agents 1000000"), 2, "from 1 to 1000");
    expect_sentence(call("train --first-town 990 --towns 20"), 2, "test towns");
    expect_sentence(call("replay /nowhere"), 2, "/nowhere");
    expect_sentence(call("failures list --catalogue /nowhere.db"), 2, "/nowhere.db");
    expect_sentence(call("road"), 2, "subcommand");
    expect_sentence(call("road info /nowhere.xodr"), 2, "/nowhere.xodr");
    expect_sentence(call("road plot /nowhere.xodr out.gif"), 2, ".svg or .png");
    expect_sentence(call("road sample /nowhere.xodr --step 0"), 2, "--step");
}

TEST(CommandLine, NumbersThatDoNotFitAreRefused) {
    const std::string large = "99999999999999999999";
    expect_sentence(call("run --seed " + large), 2, "--seed is " + large);
    expect_sentence(call("run --seed -" + large), 2, "--seed is -" + large);
    expect_sentence(call("run --seed 010"), 2, "--seed is 010, expected a whole number");
    expect_sentence(call("run --traffic " + large), 2, "--traffic is " + large);
    expect_sentence(call("run --seconds 1e999"), 2, "--seconds is 1e999");
    expect_sentence(call("run --size 4294967936x400"), 2, "--size is 4294967936x400");
    expect_sentence(call("evaluate --jobs " + large), 2, "--jobs is " + large);
    expect_sentence(call("train --seed 18446744073709551616"), 2, "--seed is 18446744073709551616");
    expect_sentence(call("bench render --cameras 4294967297"), 2, "--cameras is 4294967297");
    expect_sentence(call("look --from 0,0,1e999 --to 1,1,1"), 2, "--from is 0,0,1e999");
    for (const char* seeds :
         {"..", "7..3", "1..", "..4", "1-4", "1..2..3", "-1..4", "1..x", "0..100000",
          "0..99999999999999999999", "99999999999999999999..99999999999999999999"}) {
        expect_sentence(call(std::string("evaluate --seeds=") + seeds), 2,
                        std::string("--seeds is ") + seeds);
    }
    expect_sentence(call("export --dry-run --seeds 0..99999999999999999999"), 2,
                    "--seeds is 0..99999999999999999999");
    EXPECT_TRUE(call("export --dry-run --seeds 5").out.starts_with("scene-000005  "));
    EXPECT_TRUE(call("export --dry-run --seeds 9223372036854775807")
                    .out.starts_with("scene-9223372036854775807  "));
}

TEST(CommandLine, MapsAreLookedAtCheckedAndDrawn) {
    const fs::path folder = call_folder();
    const std::string road =
        "<road id=\"1\" junction=\"-1\" length=\"10\"><planView><geometry s=\"0\" x=\"0\" y=\"0\" "
        "hdg=\"0\" length=\"10\"><line/></geometry></planView><lanes><laneSection s=\"0\"><center>"
        "<lane id=\"0\" type=\"none\"/></center><right><lane id=\"-1\" type=\"driving\"><width "
        "sOffset=\"0\" a=\"3\" b=\"0\" c=\"0\" "
        "d=\"0\"/></lane></right></laneSection></lanes></road>";
    const std::string header = "<OpenDRIVE><header revMajor=\"1\" revMinor=\"6\"/>\n";
    std::ofstream(folder / "good.xodr") << header << road << "</OpenDRIVE>";
    std::ofstream(folder / "bad.xodr") << header << road << "\n<road id=\"2\"/></OpenDRIVE>";
    EXPECT_EQ(call("road check good.xodr").code, 0);
    const Outcome bad = call("road check bad.xodr");
    EXPECT_EQ(bad.code, 1);
    EXPECT_NE(bad.out.find("bad.xodr:3: error: road 2"), std::string::npos) << bad.out;
    EXPECT_NE(call("road info good.xodr --json").out.find("\"roads\": 1"), std::string::npos);
    const Outcome sample = call("road sample good.xodr --step 5");
    EXPECT_TRUE(sample.out.starts_with("road,section,lane,s,x,y,z,heading,width\n1,0,0,0.0"))
        << sample.out;
    EXPECT_EQ(call("road convert good.xodr again.xodr").code, 0);
    EXPECT_EQ(call("road check again.xodr").code, 0);
    EXPECT_EQ(call("road plot good.xodr good.svg").code, 0);
    EXPECT_EQ(call("road plot good.xodr good.png --size 300").code, 0);
    EXPECT_GT(fs::file_size(folder / "good.png"), 500U);
}

TEST(CommandLine, DamagedFilesAreNamedWithTheirLine) {
    const fs::path folder = call_folder();
    fs::create_directories(folder);
    std::ofstream(folder / "bad.json") << "{\n \"schema_version\": 1,\n \"name\": \"x\",\n"
                                          " \"town\": {\"seed\": -4}\n}\n";
    expect_sentence(call("run bad.json"), 2, "bad.json:4: town.seed is -4");
    std::ofstream(folder / "broken.json") << "{\n \"name\": \n";
    expect_sentence(call("run broken.json"), 2, "broken.json:");
    std::ofstream(folder / "bad.pt") << "weights";
    expect_sentence(call("run --driver network --network bad.pt --seconds 1"), 2, "bad.pt");
    expect_sentence(call("run --driver torch:bad.pt --seconds 1"), 2, "bad.pt");
    std::ofstream(folder / "recording.hmr") << "HMREC";
    expect_sentence(call("replay --verify ."), 2, "truncated");
}

TEST(CommandLine, ARunWithJsonPrintsOneDocumentAndItsReplayVerifies) {
    const Outcome run = call(
        "run --driver oracle --no-images --seconds 2 --traffic 5 --pedestrians 5 --out r --json");
    ASSERT_EQ(run.code, 0) << run.err;
    EXPECT_EQ(run.out.front(), '{');
    for (const char* key :
         {"schema_version", "seed", "driver", "ticks", "sim_time_s", "wall_time_s",
          "real_time_factor", "state_hash", "image_hash", "valid", "collision_disagreements",
          "scores", "infractions", "perception", "stage_ms", "peak_memory_mb"}) {
        EXPECT_NE(run.out.find("\"" + std::string(key) + "\""), std::string::npos) << key;
    }
    const Outcome verified = call("replay --verify r");
    EXPECT_EQ(verified.code, 0) << verified.err;
    EXPECT_TRUE(verified.out.starts_with("identical")) << verified.out;

    // One byte in the middle of the actions changed: the replay names a tick and exits 1.
    const fs::path file = call_folder() / "r" / "recording.hmr";
    std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
    std::string head(4096, '\0');
    bytes.read(head.data(), 4096);
    const auto inputs_end = head.rfind("\n}");
    ASSERT_NE(inputs_end, std::string::npos);
    // After the inputs: the count of external ones, then 46 bytes each, of which the last 32 are
    // the values; byte 14 of one is the lowest of its steering angle.
    bytes.clear();
    bytes.seekp(static_cast<std::streamoff>(inputs_end + 2 + 8 + 46 * 3 + 14 + 5));
    bytes.put('\x5a');
    bytes.close();
    const Outcome altered = call("replay --verify r");
    EXPECT_EQ(altered.code, 1) << altered.out << altered.err;
    EXPECT_NE(altered.err.find("altered"), std::string::npos);
    EXPECT_NE(altered.out.find("differs first at tick"), std::string::npos) << altered.out;
    EXPECT_NE(altered.out.find("phase act"), std::string::npos) << altered.out;
}

// The first line of `text` that begins with the name of a program's command.
std::string printed_command(const std::string& text, const std::string& begin) {
    const auto at = text.find(begin);
    return at == std::string::npos ? "" : text.substr(at, text.find_first_of("<\n", at) - at);
}

TEST(CommandLine, TheCommandThatARunPrintsGivesTheSameRun) {
    // Every option that changes the run or what it leaves, each with another value than its own.
    const fs::path folder = call_folder();
    std::ofstream(folder / "rig.json")
        << R"({"name": "one", "description": "one small camera", "rate_hz": 10,
              "cameras": [{"name": "front", "position_m": [1.5, 0, 1.4], "yaw_deg": 0,
              "lens": {"model": "pinhole", "horizontal_fov_deg": 60}}]})";
    const Outcome first = call(
        "run rain --seed 1007 --seconds 0.5 --driver none --traffic 3 --pedestrians 4 "
        "--latency-ms 120 --size 48x32 --quality high --rig rig.json --threads 2 --save-frames "
        "--no-video --out 'a run' --catalogue 'the failures.db' --json");
    ASSERT_EQ(first.code, 0) << first.err;
    const std::string line =
        printed_command(text_of(folder / "a run" / "report.html"), HUNTSMAN_PROGRAM " run");
    ASSERT_NE(line.find("high"), std::string::npos) << line;
    fs::remove_all(folder / "a run");
    const Outcome second = shell(line);
    ASSERT_EQ(second.code, 0) << line << second.err;
    const auto hashes = [](const std::string& json) {
        const auto at = json.find("\"state_hash\"");
        return json.substr(at, json.find("\"valid\"") - at);
    };
    EXPECT_EQ(hashes(first.out), hashes(second.out)) << line;
    EXPECT_NE(hashes(first.out).find("image_hash"), std::string::npos);
    EXPECT_TRUE(fs::exists(folder / "a run" / "frames" / "000000_front.jpg"));
    EXPECT_FALSE(fs::exists(folder / "a run" / "run.mp4"));
}

TEST(CommandLine, CommandsOfTheCatalogueShowAFailureAndDriveItAgain) {
    // A driver whose actions come two seconds late.
    const fs::path folder = call_folder();
    const Outcome run = call(
        "run --driver oracle --no-images --seed 2004 --seconds 60 --traffic 60 --pedestrians 80 "
        "--latency-ms 2000 --out found/one");
    ASSERT_EQ(run.code, 0) << run.err;
    const Outcome list = call("failures list --catalogue found/failures.db --json");
    ASSERT_EQ(list.code, 0) << list.err;
    const Outcome show = call("failures show 1 --catalogue found/failures.db");
    ASSERT_EQ(show.code, 0) << show.err << list.out;
    const std::string replay = printed_command(show.out, HUNTSMAN_PROGRAM " replay");
    const std::string rerun = printed_command(show.out, HUNTSMAN_PROGRAM " run");
    const Outcome picture = shell(replay);
    EXPECT_EQ(picture.code, 0) << replay << picture.err;
    EXPECT_TRUE(picture.out.starts_with("found/one/tick_")) << picture.out;
    const Outcome again = shell(rerun);
    EXPECT_EQ(again.code, 0) << rerun << again.err;
}

TEST(CommandLine, TheCatalogueLiesBesideTheRunsFolderUnlessItIsNamed) {
    const fs::path folder = call_folder();
    fs::create_directories(folder / "deep");
    fs::create_directories(folder / "current");
    const std::string run = "run --driver none --no-images --seconds 0.2 --traffic 0 ";
    EXPECT_EQ(shell("(cd current && " HUNTSMAN_PROGRAM " " + run + "--out ../deep/one)").code, 0);
    EXPECT_TRUE(fs::exists(folder / "deep" / "failures.db"));
    EXPECT_TRUE(fs::is_empty(folder / "current"));
    EXPECT_EQ(call(run + "--out deep/two --catalogue deep/named.db").code, 0);
    EXPECT_TRUE(fs::exists(folder / "deep" / "named.db"));

    // In the current folder nothing may be written, nor beside the run: a note, and the run is
    // there. A catalogue that was asked for must be had.
    if (::geteuid() != 0) {
        fs::permissions(folder / "deep", fs::perms::owner_write, fs::perm_options::remove);
    } else {
        fs::remove(folder / "deep" / "failures.db");
        fs::create_directories(folder / "deep" / "failures.db");  // root may write everywhere
    }
    const Outcome note = call(run + "--out deep/one");
    EXPECT_EQ(note.code, 0) << note.err;
    EXPECT_NE(note.err.find("note: failures are not collected"), std::string::npos) << note.err;
    EXPECT_TRUE(fs::exists(folder / "deep" / "one" / "run.json"));
    expect_sentence(call(run + "--out deep/one --catalogue deep/failures.db"), 2, "failures.db");
    fs::permissions(folder / "deep", fs::perms::owner_write, fs::perm_options::add);
}

TEST(Export, ASceneThatFailsCostsThatSceneOnlyAndIsTriedAgain) {
    const fs::path folder = call_folder();
    std::ofstream(folder / "empty.xodr")
        << "<OpenDRIVE><header revMajor=\"1\" revMinor=\"6\"/></OpenDRIVE>";
    std::ofstream(folder / "bad_place.json")
        << R"({"schema_version": 1, "name": "bad_place", "map": "empty.xodr"})";
    std::ofstream(folder / "mix.json")
        << R"({"schema_version": 1, "name": "half", "description": "half of the places are none",
              "places": [{"name": "good"}, {"name": "bad", "scenario": "bad_place.json"}]})";
    const std::string command =
        "export --mix mix.json --seeds 1..6 --format coco --size 32x32 --quality fast --seconds "
        "0.5 "
        "--warm-up 0 --rate 2 --traffic 2 --pedestrians 2 --workers 2 --out half --json";
    const Outcome plan = call("export --mix mix.json --seeds 1..6 --dry-run --json");
    const auto count = [](const std::string& text, const std::string& part) {
        std::size_t n = 0;
        for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
        return n;
    };
    const std::size_t bad = count(plan.out, "\"scenario\": \"bad_place\"");
    ASSERT_GT(bad, 0U) << plan.out << plan.err;
    ASSERT_LT(bad, 6U);
    for (int i = 0; i < 2; ++i) {  // the second call finds the good ones
        const Outcome made = call(command);
        EXPECT_EQ(made.code, 1) << made.err;
        const std::string good = std::to_string(6 - bad);
        EXPECT_NE(
            made.out.find(i == 0 ? "\"scenes_written\": " + good : "\"scenes_there\": " + good),
            std::string::npos)
            << made.out;
        EXPECT_EQ(count(made.out, "\"reason\": "), bad) << made.out;
        EXPECT_EQ(count(made.err, " failed: "), bad) << made.err;
        EXPECT_EQ(count(made.err, "empty.xodr"), bad) << made.err;
    }
    EXPECT_EQ(call("audit half").code, 0);
}

TEST(Run, ANetworkThatPressesTooHardIsToldOfOnce) {
    const fs::path shared = HUNTSMAN_SOURCE_DIR "/../shared/interop/reports/networks/huge.pt";
    if (!fs::exists(shared)) GTEST_SKIP() << "without the networks of reports";
    const Outcome run = call(
        "run --driver torch:" + shared.string() +
        " --seconds 0.5 --traffic 0 --pedestrians 0 --size 32x32 --quality fast --out huge --json");
    EXPECT_EQ(run.code, 0) << run.err;
    EXPECT_NE(run.err.find("steers 9 rad"), std::string::npos) << run.err;
    EXPECT_NE(run.err.find("presses the throttle to 50"), std::string::npos) << run.err;
    EXPECT_EQ(run.err.find("steers 9 rad"), run.err.rfind("steers 9 rad"));
}

TEST(Script, TwoCallsAtOnceBuildOnceAndBothRunTheProgram) {
    // The script in a folder of its own with builders that take a second and count their calls.
    const fs::path folder = call_folder() / "clone";
    fs::create_directories(folder / "bin");
    for (const char* part :
         {"cmake", "engine", "scenarios", "agents", "sensors", "bridge", "apps"}) {
        fs::create_directories(folder / part);
    }
    for (const char* file : {"CMakeLists.txt", "CMakePresets.json", "cmake/packages.txt"}) {
        std::ofstream(folder / file) << "";
    }
    fs::copy_file(HUNTSMAN_SOURCE_DIR "/huntsman", folder / "huntsman",
                  fs::copy_options::overwrite_existing);
    std::ofstream(folder / "bin" / "cmake")
        << "#!/bin/sh\n[ \"$1\" = --build ] || exit 0\nsleep 1\necho built >>" << folder.string()
        << "/builds\nprintf '#!/bin/sh\\necho runs as $HUNTSMAN_CALLED_AS with $*\\n' >"
        << folder.string() << "/build/release/huntsman\nchmod +x " << folder.string()
        << "/build/release/huntsman\n";
    fs::permissions(folder / "bin" / "cmake", fs::perms::owner_all);
    // Whatever preset the tests themselves were built with.
    const std::string one = "(cd clone && unset HUNTSMAN_PRESET && PATH=$PWD/bin:$PATH ./huntsman";
    const Outcome both = shell("( " + one + " first) & " + one + " second); wait)");
    EXPECT_EQ(both.code, 0) << both.err;
    EXPECT_NE(both.out.find("runs as ./huntsman with first"), std::string::npos) << both.out;
    EXPECT_NE(both.out.find("runs as ./huntsman with second"), std::string::npos) << both.out;
    EXPECT_EQ(text_of(folder / "builds"), "built\n");
    EXPECT_NE(both.err.find("another call is building release; waiting"), std::string::npos)
        << both.err;
    EXPECT_EQ(both.err.find("find:"), std::string::npos) << both.err;
    // And the lock does not outlive the calls.
    EXPECT_EQ(shell(one + " third)").out, "runs as ./huntsman with third\n");
}

}  // namespace
