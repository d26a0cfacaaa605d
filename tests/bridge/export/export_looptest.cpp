// Whole exports of small scenes.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "bridge/export/export.h"
#include "bridge/export/scene.h"
#include "sensors/dataset/read.h"
#include "tests/bridge/export/export_folders.h"

namespace huntsman::bridge::exporting {
namespace {

namespace fs = std::filesystem;

const std::atomic<bool> kNever{false};

ExportOptions small(const fs::path& out) {
    ExportOptions options;
    options.format = "webdataset";
    options.first_seed = 1;
    options.last_seed = 2;
    options.seconds = 1;
    options.rate_hz = 2;
    options.out = out;
    options.version = "test";
    options.run.rig = small_rig(testing::TempDir());
    options.run.quality = engine::render::Quality::kFast;
    options.run.scenario.town.vehicles = 6;
    options.run.scenario.town.pedestrians = 6;
    return options;
}

// One worker, uninterrupted: what the others must equal.
const fs::path& reference() {
    static const fs::path folder = [] {
        const fs::path out = fresh("reference");
        const auto result = export_dataset(small(out), {}, kNever);
        EXPECT_TRUE(result.ok()) << result.error().text();
        if (result.ok()) {
            EXPECT_EQ(result->scenes, 2U);
            EXPECT_EQ(result->times.frames, 2U * 2U * 2U);
            EXPECT_GT(result->times.objects, 0U);
        }
        return out;
    }();
    return folder;
}

TEST(Export, TwoWorkersGiveTheSameBytesAsOne) {
    auto options = small(fresh("two"));
    options.workers = 2;
    const auto result = export_dataset(options, {}, kNever);
    ASSERT_TRUE(result.ok()) << result.error().text();
    expect_same(reference(), options.out);
}

TEST(Export, TheFirstSampleComesAfterTheWarmUpWithTrafficUnderWay) {
    EXPECT_EQ(first_picture_us(0, 2), 0);
    EXPECT_EQ(first_picture_us(5, 2), 5'000'000);
    EXPECT_EQ(first_picture_us(5.1, 2), 5'500'000);  // the next multiple of the period
    const auto dataset = sensors::dataset::Dataset::open(reference());
    ASSERT_TRUE(dataset.ok()) << dataset.error().text();
    const auto sample = dataset->read(0);
    ASSERT_TRUE(sample.ok()) << sample.error().text();
    EXPECT_EQ(sample->time_us, 5'000'000);
    int moving = 0;
    for (const auto& object : sample->objects) {
        moving += engine::world::is_vehicle(object.semantic) && glm::length(object.v_W) > 1;
    }
    EXPECT_GT(moving, 0);
}

TEST(Export, KilledInMidSceneAndTakenUpAgainItGivesTheSameBytes) {
    const auto options = small(fresh("killed"));
    reference();  // the child must not make it
    const pid_t child = fork();
    if (child == 0) {
        // Dies in the second scene, as by a loss of power.
        const auto result = export_dataset(
            options,
            [](const ExportProgress& p) {
                if (p.scenes == 1 && p.frames_made > 4) raise(SIGKILL);
            },
            kNever);
        _exit(result.ok() ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself with " << WEXITSTATUS(status);
    EXPECT_TRUE(fs::exists(options.out / "scenes" / ".writing-scene-000002"));

    const auto result = export_dataset(options, {}, kNever);
    ASSERT_TRUE(result.ok()) << result.error().text();
    EXPECT_EQ(result->skipped, 1U);
    EXPECT_EQ(result->scenes, 1U);
    expect_same(reference(), options.out);
}

TEST(Export, StoppedItLeavesWholeScenesOnly) {
    const auto options = small(fresh("stopped"));
    std::atomic<bool> stop{false};
    const auto result = export_dataset(
        options, [&](const ExportProgress& p) { stop = p.scenes == 1 && p.frames_made > 4; }, stop);
    ASSERT_TRUE(result.ok()) << result.error().text();
    EXPECT_TRUE(result->incomplete);
    std::size_t scenes = 0;
    for (const auto& entry : fs::directory_iterator(options.out / "scenes")) {
        EXPECT_TRUE(entry.path().filename().string().starts_with("scene-")) << entry.path();
        ++scenes;
    }
    EXPECT_LT(scenes, 2U);
    const auto rest = export_dataset(options, {}, kNever);
    ASSERT_TRUE(rest.ok()) << rest.error().text();
    expect_same(reference(), options.out);
}

TEST(Export, StoppedDuringTheWarmUpItTakesNoPicture) {
    auto options = small(fresh("stopped-early"));
    options.warm_up_s = 600;
    std::atomic<bool> stop{false};
    std::thread later([&] {
        // The first scene has been begun, or the export has ended.
        for (int i = 0; i < 600 && !fs::exists(options.out / "scenes"); ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        stop = true;
    });
    const auto result = export_dataset(options, {}, stop);
    later.join();
    ASSERT_TRUE(result.ok()) << result.error().text();
    EXPECT_TRUE(result->incomplete);
    EXPECT_EQ(result->times.frames, 0U);
}

TEST(Export, ADatasetBegunOtherwiseIsRefusedAndLeftAlone) {
    const auto before = files_of(reference());
    const auto refused = [&](auto change, const char* part) {
        auto options = small(reference());
        change(options);
        const auto result = export_dataset(options, {}, kNever);
        ASSERT_FALSE(result.ok()) << part;
        EXPECT_NE(result.error().text().find(part), std::string::npos) << result.error().text();
    };
    refused([](ExportOptions& o) { o.seconds = 2; }, "seconds = 1.0, asked for was 2.0");
    refused([](ExportOptions& o) { o.rate_hz = 4; }, "rate_hz");
    refused([](ExportOptions& o) { o.version = "another"; }, "huntsman = test");
    refused([](ExportOptions& o) { o.run.scenario.town.vehicles = 7; },
            "scenario_declared.town.vehicles = 6, asked for was 7");
    refused([](ExportOptions& o) { o.content.depth = false; },
            "depth = true, asked for was false; export to another folder");
    refused([](ExportOptions& o) { o.content.jpeg_quality = 80; },
            "jpeg_quality = 95, asked for was 80");
    refused([](ExportOptions& o) { o.format = "nuscenes"; }, "webdataset");
    refused([](ExportOptions& o) { o.run.rig = HUNTSMAN_SOURCE_DIR "/assets/rigs/panorama.json"; },
            "rig.name = small, asked for was panorama");
    EXPECT_TRUE(files_of(reference()) == before);
}

TEST(Export, ImpossibleOptionsAreRefusedBeforeAnythingIsWritten) {
    const fs::path out = fresh("bad");
    const auto refused = [&](auto change) {
        auto options = small(out);
        change(options);
        EXPECT_FALSE(export_dataset(options, {}, kNever).ok());
        EXPECT_FALSE(fs::exists(out));
    };
    refused([](ExportOptions& o) { o.seconds = 0; });
    refused([](ExportOptions& o) { o.rate_hz = 1e9; });
    refused([](ExportOptions& o) { o.workers = 0; });
    refused([](ExportOptions& o) { o.first_seed = 9; });
    refused([](ExportOptions& o) { o.format = "stone tablets"; });
    refused([](ExportOptions& o) { o.run.rig = "/nowhere/rig.json"; });
    refused([](ExportOptions& o) { o.content.jpeg_quality = 0; });
    // What the format or the rig does not have.
    const auto refused_because = [&](const char* part, auto change) {
        auto options = small(out);
        change(options);
        const auto result = export_dataset(options, {}, kNever);
        ASSERT_FALSE(result.ok()) << part;
        EXPECT_NE(result.error().message.find(part), std::string::npos) << result.error().message;
        EXPECT_FALSE(fs::exists(out));
    };
    refused_because("the format coco does not hold", [](ExportOptions& o) {
        o.format = "coco";
        o.content.raw = true;
    });
    refused_because("the format kitti does not hold", [](ExportOptions& o) {
        o.format = "kitti";
        o.content.linear = true;
    });
    refused_because("no camera of the rig small has a sensor",
                    [](ExportOptions& o) { o.content.raw = true; });
    refused_because("videos are compressed", [](ExportOptions& o) {
        o.format = "video";
        o.content.lossless_images = true;
    });
    refused_because("--workers is -1", [](ExportOptions& o) { o.workers = -1; });
    // KITTI's pictures are rectified.
    refused([](ExportOptions& o) {
        o.format = "kitti";
        o.run.rig = HUNTSMAN_SOURCE_DIR "/assets/rigs/eight_cameras_automotive.json";
    });
    // A folder of somebody else's things.
    fs::create_directories(out);
    std::ofstream(out / "thesis.tex") << "\\begin{document}";
    EXPECT_FALSE(export_dataset(small(out), {}, kNever).ok());
    EXPECT_EQ(files_of(out).size(), 1U);
}

TEST(Export, TheManifestSaysWhatWasDeclaredAndWhatWasDrawn) {
    auto options = small(fresh("mix"));
    options.last_seed = 1;
    const auto mix =
        load_mix(HUNTSMAN_SOURCE_DIR "/assets/mixes/default.json", [](const std::string& name) {
            return scenarios::model::load(std::string(HUNTSMAN_SOURCE_DIR "/assets/scenarios/") +
                                          name + ".json");
        });
    ASSERT_TRUE(mix.ok()) << mix.error().text();
    options.mix = *mix;
    const auto result = export_dataset(options, {}, kNever);
    ASSERT_TRUE(result.ok()) << result.error().text();
    const std::string manifest = *engine::core::read_file(options.out / "huntsman.json");
    EXPECT_NE(manifest.find("mix_declared"), std::string::npos);
    EXPECT_NE(manifest.find("left-hand traffic"), std::string::npos);
    const Drawn drawn = draw(*mix, options.run.scenario, 1);
    EXPECT_NE(manifest.find("\"weather\": \"" + text_of(drawn.conditions.at("weather"))),
              std::string::npos);
}

}  // namespace
}  // namespace huntsman::bridge::exporting
