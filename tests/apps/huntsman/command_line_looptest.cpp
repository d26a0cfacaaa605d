// The program as a user meets it: exit codes, one-sentence errors, JSON on stdout.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
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

TEST(CommandLine, HelpOfEveryCommandHasAnExample) {
    for (const char* name :
         {"run",         "replay",        "evaluate",      "train",     "bench",     "failures",
          "doctor",      "failures list", "failures show", "road",      "road info", "road check",
          "road sample", "road convert",  "road plot",     "road town", "look",      "export",
          "audit",       "inspect",       "develop",       "rig check", "rig plot"}) {
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
    expect_sentence(call("export --seeds 1..2 --format coco"), 2, "--out is missing");
    expect_sentence(call("export --seeds 1..2 --out x"), 2, "--format is missing");
    expect_sentence(call("export --seeds 1..2 --out x --format coco --workers -1"), 2,
                    "--workers is -1");
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
    expect_sentence(call("run --latency-ms -5"), 2, "--latency-ms");
    expect_sentence(call("run --quality ultra"), 2, "--quality is ultra");
    expect_sentence(call("run --rig /nowhere.json"), 2, "/nowhere.json");
    expect_sentence(call("run no_such_scenario"), 2, "shipped are: demonstration");
    expect_sentence(call("run --driver magic --no-images"), 2, "expected oracle, network");
    expect_sentence(call("run --out /proc/nowhere --driver none --no-images"), 2, "/proc/nowhere");
    expect_sentence(call("evaluate --seeds 9..3"), 2, "--seeds");
    expect_sentence(call("bench nothing"), 2, "expected render, loop, export, start, town or road");
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
    for (const char* command : {"evaluate", "export --dry-run"}) {
        for (const char* seeds :
             {"..", "7..3", "1..", "..4", "1-4", "1..2..3", "-1..4", "1..x", "0..100000",
              "0..99999999999999999999", "99999999999999999999..99999999999999999999"}) {
            expect_sentence(call(std::string(command) + " --seeds=" + seeds), 2,
                            std::string("--seeds is ") + seeds);
        }
    }
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
    // After the inputs: the count of actions, then 33 bytes each; byte 8 of an action is the lowest
    // of its steering angle.
    bytes.clear();
    bytes.seekp(static_cast<std::streamoff>(inputs_end + 2 + 8 + 33 * 3 + 8 + 5));
    bytes.put('\x5a');
    bytes.close();
    const Outcome altered = call("replay --verify r");
    EXPECT_EQ(altered.code, 1) << altered.out << altered.err;
    EXPECT_NE(altered.err.find("altered"), std::string::npos);
    EXPECT_NE(altered.out.find("differs first at tick"), std::string::npos) << altered.out;
    EXPECT_NE(altered.out.find("phase act"), std::string::npos) << altered.out;
}

}  // namespace
