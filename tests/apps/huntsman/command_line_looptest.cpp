// The program as a user meets it: exit codes, one-sentence errors, JSON on stdout.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace {

namespace fs = std::filesystem;

struct Outcome {
    int code = -1;
    std::string out, err;
};

// Runs the program in a fresh folder.
Outcome call(const std::string& arguments) {
    const fs::path folder = fs::temp_directory_path() / "huntsman_cli_test";
    fs::create_directories(folder);
    const std::string command = "cd " + folder.string() + " && " HUNTSMAN_PROGRAM " " + arguments +
                                " >out.txt 2>err.txt </dev/null";
    Outcome outcome;
    const int status = std::system(command.c_str());
    outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    const auto text = [&](const char* name) {
        std::ostringstream content;
        content << std::ifstream(folder / name).rdbuf();
        return content.str();
    };
    outcome.out = text("out.txt");
    outcome.err = text("err.txt");
    return outcome;
}

// Exactly one line on stderr that names the program and holds `part`.
void expect_sentence(const Outcome& outcome, int code, const std::string& part) {
    EXPECT_EQ(outcome.code, code) << outcome.err;
    EXPECT_TRUE(outcome.err.starts_with("huntsman: ")) << outcome.err;
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
    EXPECT_NE(outcome.err.find(part), std::string::npos) << outcome.err;
    EXPECT_EQ(outcome.out, "");
}

TEST(CommandLine, LibTorchIsOpenedOnlyWhenANetworkIsWanted) {
    // Linking it would load it at every start, which takes longer than most commands.
    const std::string list = "ldd " HUNTSMAN_PROGRAM " | grep -c libtorch";
    EXPECT_NE(std::system((list + " >/dev/null").c_str()), 0);
    const Outcome doctor = call("doctor --json");
    EXPECT_NE(doctor.out.find("thread for inference"), std::string::npos) << doctor.out;
}

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

TEST(CommandLine, MapsAreLookedAtCheckedAndDrawn) {
    const fs::path folder = fs::temp_directory_path() / "huntsman_cli_test";
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
    const fs::path folder = fs::temp_directory_path() / "huntsman_cli_test";
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
    const fs::path file = fs::temp_directory_path() / "huntsman_cli_test" / "r" / "recording.hmr";
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
