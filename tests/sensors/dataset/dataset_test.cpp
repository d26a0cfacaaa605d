#include "sensors/dataset/dataset.h"

#include <cmath>
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>

#include "engine/core/assets.h"
#include "engine/core/files.h"
#include "sensors/dataset/read.h"
#include "sensors/dataset/sample_json.h"
#include "tests/sensors/dataset/dataset_fixture.h"

namespace huntsman::sensors::dataset {
namespace {

namespace fs = std::filesystem;
using labels::CameraSample;
using labels::Sample;

std::map<std::string, std::string> all_files(const fs::path& root) {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
        if (!entry.is_regular_file()) continue;
        files[fs::relative(entry.path(), root).string()] = *engine::core::read_file(entry.path());
    }
    return files;
}

class EveryFormat : public DatasetTest, public ::testing::WithParamInterface<const char*> {};

TEST_P(EveryFormat, BytesDoNotDependOnOrderOrThreads) {
    write_dataset(GetParam(), root_ / "a", {"one", "two"});
    engine::core::JobPool pool(4);
    write_dataset(GetParam(), root_ / "b", {"two", "one"}, {}, &pool);
    const auto a = all_files(root_ / "a"), b = all_files(root_ / "b");
    ASSERT_GT(a.size(), 4U);
    EXPECT_EQ(a.size(), b.size());
    for (const auto& [file, bytes] : a)
        EXPECT_TRUE(b.contains(file) && b.at(file) == bytes) << file;
}

TEST_P(EveryFormat, AssemblingTwiceChangesNothing) {
    write_dataset(GetParam(), root_, {"one"});
    const auto before = all_files(root_);
    auto format = make_format(GetParam(), {});
    const std::vector<std::string> names = {"one"};
    ASSERT_TRUE((*format)->assemble(root_, info(), names).ok());
    EXPECT_TRUE(before == all_files(root_));
}

TEST_P(EveryFormat, FreshDatasetHasNoFindings) {
    write_dataset(GetParam(), root_, {"one", "two"});
    const auto dataset = Dataset::open(root_);
    ASSERT_TRUE(dataset.ok()) << dataset.error().text();
    EXPECT_EQ(dataset->size(), 22U);
    for (const Finding& finding : dataset->check_files()) {
        ADD_FAILURE() << finding.place << ": " << finding.what;
    }
}

TEST_P(EveryFormat, GivesBackPicturesOfEveryCamera) {
    Options options;
    options.lossless_images = true;
    write_dataset(GetParam(), root_, {"one"}, options);
    const auto dataset = Dataset::open(root_);
    ASSERT_TRUE(dataset.ok());
    for (std::size_t i = 0; i < dataset->size(); ++i) {
        const auto read = dataset->read(i);
        ASSERT_TRUE(read.ok()) << read.error().text();
        const Sample truth = sample("one", i);
        EXPECT_EQ(read->time_us, truth.time_us);
        ASSERT_GE(read->cameras.size(), 1U);
        EXPECT_EQ(read->cameras[0].camera.name, "front");
        EXPECT_EQ(read->cameras[0].image.width, truth.cameras[0].image.width);
        if (std::string(GetParam()) == "video") continue;  // lossy
        EXPECT_TRUE(read->cameras[0].image.pixels == truth.cameras[0].image.pixels);
    }
}

TEST_P(EveryFormat, AnUnfinishedSceneIsNotThere) {
    auto format = make_format(GetParam(), {});
    ASSERT_TRUE(prepare(root_, **format, info()).ok());
    const SceneInfo scene{"one", 3, "boxes", world_, "", {}};
    {
        auto writer = (*format)->open_scene(scene, root_ / "scenes" / ".writing-one");
        ASSERT_TRUE(writer.ok());
        ASSERT_TRUE((*writer)->add(sample("one", 0)).ok());
    }
    EXPECT_TRUE(finished_scenes(root_)->empty());
    // And a new start in a new folder repeats it.
    fs::remove_all(root_ / "scenes" / ".writing-one");
    write_scene(**format, root_, "one", 3);
    EXPECT_EQ(*finished_scenes(root_), std::vector<std::string>{"one"});
}

TEST_F(DatasetTest, CameraNamesThatAFormatCannotHoldAreRefusedAtOnce) {
    const auto refusal = [&](const char* format, const std::vector<std::string>& names) {
        engine::world::Rig rig = world_.rig;
        rig.cameras.resize(names.size(), rig.cameras.front());
        for (std::size_t i = 0; i < names.size(); ++i) rig.cameras[i].name = names[i];
        const auto status = (*make_format(format, {}))->accepts(rig);
        return status ? std::string() : status.error().message;
    };
    EXPECT_NE(refusal("nuscenes", {"front", "LIDAR_TOP"}).find("LIDAR_TOP"), std::string::npos);
    EXPECT_EQ(refusal("nuscenes", {"Left", "left"}), "");
    EXPECT_NE(refusal("webdataset", {"Left", "left"}).find("Left and left"), std::string::npos);
    EXPECT_NE(refusal("webdataset", {std::string(24, 'a')}).find("24 letters"), std::string::npos);
    EXPECT_EQ(refusal("webdataset", {"left", "right", "LIDAR_TOP"}), "");
    EXPECT_EQ(refusal("coco", {"Left", "left", "LIDAR_TOP"}), "");
}

TEST_F(DatasetTest, VideosOfOddSizeGiveBackPicturesOfTheCamerasSizeAndAreToldOf) {
    engine::world::Rig rig = world_.rig;
    auto format = make_format("video", {});
    for (auto& camera : rig.cameras) camera.width = 102, camera.height = 64;
    EXPECT_TRUE((*format)->caveats(rig).empty());
    rig.cameras.front().width = 101;
    ASSERT_EQ((*format)->caveats(rig).size(), 1U);
    EXPECT_NE((*format)->caveats(rig).front().find("(101×64)"), std::string::npos);

    // The first column and row of a picture left out make its sizes odd.
    const SceneInfo scene{"one", 3, "boxes", world_, "boxes", {}};
    ASSERT_TRUE(prepare(root_, **format, info()).ok());
    {
        auto writer = (*format)->open_scene(scene, root_ / "scenes" / ".writing-one");
        ASSERT_TRUE(writer.ok());
        Sample odd = sample("one", 0);
        odd.cameras.resize(1);
        auto& c = odd.cameras[0];
        c = CameraSample{.camera = c.camera, .stated = c.stated, .time_us = c.time_us};
        c.camera.width = c.stated.width = 101;
        c.camera.height = c.stated.height = 63;
        c.image = {.width = 101, .height = 63, .channels = 3, .pixels = {}};
        c.image.pixels.resize(3 * 101 * 63, 90);
        c.ids.resize(101 * 63);
        const auto added = (*writer)->add(odd);
        ASSERT_TRUE(added.ok()) << added.error().text();
        ASSERT_TRUE((*writer)->finish().ok());
    }
    fs::rename(root_ / "scenes" / ".writing-one", root_ / "scenes" / "one");
    const std::vector<std::string> names = {"one"};
    ASSERT_TRUE((*format)->assemble(root_, info(), names).ok());
    const auto dataset = Dataset::open(root_);
    ASSERT_TRUE(dataset.ok()) << dataset.error().text();
    const auto read = dataset->read(0);
    ASSERT_TRUE(read.ok()) << read.error().text();
    EXPECT_EQ(read->cameras[0].image.width, 101);
    EXPECT_EQ(read->cameras[0].image.height, 63);
    EXPECT_EQ(read->cameras[0].image.pixels.size(), 3U * 101 * 63);
}

TEST_P(EveryFormat, RefusesBadScenes) {
    auto format = make_format(GetParam(), {});
    const SceneInfo bad{"a/b", 3, "boxes", world_, "", {}};
    const auto refused = (*format)->open_scene(bad, root_ / "x");
    ASSERT_FALSE(refused.ok());
    EXPECT_NE(refused.error().message.find("a/b"), std::string::npos);

    const SceneInfo good{"one", 3, "boxes", world_, "", {}};
    auto writer = (*format)->open_scene(good, root_ / "y");
    ASSERT_TRUE(writer.ok());
    ASSERT_TRUE((*writer)->add(sample("one", 1)).ok());
    EXPECT_FALSE((*writer)->add(sample("one", 0)).ok());  // back in time
    Sample odd = sample("one", 2);
    odd.cameras[0].depth_m.pop_back();
    EXPECT_FALSE((*writer)->add(odd).ok());
}

TEST_P(EveryFormat, RefusesAnotherDatasetInItsPlace) {
    auto format = make_format(GetParam(), {});
    ASSERT_TRUE(prepare(root_, **format, info()).ok());
    EXPECT_TRUE(prepare(root_, **format, info()).ok());
    Options other;
    other.jpeg_quality = 50;
    EXPECT_FALSE(prepare(root_, **make_format(GetParam(), other), info()).ok());
    DatasetInfo longer = info();
    longer.settings["seconds"] = 2.0;
    const auto refused = prepare(root_, **format, longer);
    ASSERT_FALSE(refused.ok());
    EXPECT_NE(refused.error().message.find("seconds"), std::string::npos);
    // A later version of the program's files.
    std::string manifest = *engine::core::read_file(root_ / "huntsman.json");
    manifest.replace(manifest.find("\"version\": 2"), 12, "\"version\": 9");
    ASSERT_TRUE(engine::core::write_file(root_ / "huntsman.json", manifest).ok());
    const auto version = prepare(root_, **format, info());
    ASSERT_FALSE(version.ok());
    EXPECT_NE(version.error().message.find("version"), std::string::npos);
    EXPECT_FALSE(Dataset::open(root_).ok());
}

nlohmann::json manifest_of(const fs::path& dataset) {
    return nlohmann::json::parse(*engine::core::read_file(dataset / "huntsman.json"));
}

TEST(SampleJson, AShippedSensorIsNamedAndNotWhereThisInstallKeepsIt) {
    engine::world::Camera camera;
    camera.sensor =
        (engine::core::assets_folder() / "sensors" / "ar0231.json").lexically_normal().string();
    EXPECT_EQ(to_json(camera)["sensor"], "ar0231");
    camera.sensor = "/somewhere/own.json";
    EXPECT_EQ(to_json(camera)["sensor"], "/somewhere/own.json");
    camera.sensor = "";
    EXPECT_EQ(to_json(camera)["sensor"], "");
}

TEST_P(EveryFormat, TheManifestHoldsNumbersAsNumbersAndAMixAsAnObject) {
    const auto format = make_format(GetParam(), {});
    DatasetInfo own = info();
    own.settings["rate_hz"] = 1.0 / 3;
    own.settings.emplace("mix_declared", Document(R"({"name":"m","light":[{"weight":2.5}]})"));
    ASSERT_TRUE(prepare(root_, **format, own).ok());
    auto manifest = manifest_of(root_);
    EXPECT_EQ(manifest["settings"]["rate_hz"].get<double>(), 1.0 / 3);
    EXPECT_EQ(manifest["settings"]["mix_declared"]["light"][0]["weight"], 2.5);
    // What is read compares equal to what was written, and differs in the last bit.
    EXPECT_TRUE(prepare(root_, **format, own).ok());
    own.settings["rate_hz"] = std::nextafter(1.0 / 3, 1);
    EXPECT_FALSE(prepare(root_, **format, own).ok());
    own.settings["rate_hz"] = 1.0 / 3;
    own.settings.insert_or_assign("mix_declared", Document(R"({"name":"m"})"));
    const auto refused = prepare(root_, **format, own);
    ASSERT_FALSE(refused.ok());
    EXPECT_NE(refused.error().message.find("mix_declared.light"), std::string::npos);
}

TEST_P(EveryFormat, ConditionsAreWrittenExactlyAndInWords) {
    const auto format = make_format(GetParam(), {});
    ASSERT_TRUE(prepare(root_, **format, info()).ok());
    const Values conditions = {{"light", "dusk"},
                               {"weather", "rain"},
                               {"sun_elevation_deg", -0.1 - 1e-16},
                               {"vehicles", std::int64_t{12}},
                               {"pedestrians", std::int64_t{30}},
                               {"places", "old town"}};
    const SceneInfo scene{"one", 3, "boxes", world_, "", conditions};
    auto writer = (*format)->open_scene(scene, root_ / "scenes" / "one");
    ASSERT_TRUE(writer.ok());
    ASSERT_TRUE((*writer)->add(sample("one", 0)).ok());
    ASSERT_TRUE((*writer)->finish().ok());
    const std::vector<std::string> names = {"one"};
    ASSERT_TRUE((*format)->assemble(root_, info(), names).ok());
    const auto own = manifest_of(root_)["scenes"][0];
    EXPECT_EQ(own["description"], "dusk, rain, 12 vehicles, 30 people, old town");
    EXPECT_EQ(own["conditions"]["sun_elevation_deg"].get<double>(), -0.1 - 1e-16);
    EXPECT_EQ(own["conditions"]["vehicles"].get<int>(), 12);
    EXPECT_TRUE(Dataset::open(root_)->check_files().empty());
    const auto text = [&](const char* file) { return *engine::core::read_file(root_ / file); };
    if (std::string(GetParam()) == "nuscenes") {
        EXPECT_NE(text("v1.0-huntsman/scene.json").find("dusk, rain, 12 vehicles"),
                  std::string::npos);
        EXPECT_NE(text("v1.0-huntsman/log.json").find("\"location\":\"old town\""),
                  std::string::npos);
    } else if (std::string(GetParam()) == "coco") {
        const auto json = nlohmann::json::parse(text("annotations/instances.json"));
        EXPECT_EQ(json["info"]["huntsman"]["scenes"]["one"]["conditions"]["light"], "dusk");
        EXPECT_EQ(json["images"][0]["huntsman"]["split"], "train");
    }
}

TEST_P(EveryFormat, OfTwoScenesOneIsForValidationAndMoreSeedsMoveNone) {
    const auto format = make_format(GetParam(), {});
    ASSERT_TRUE(prepare(root_, **format, info()).ok());
    std::vector<std::string> names;
    std::map<std::string, std::string> before;
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        const SceneInfo scene{fmt::format("s-{}", seed), seed, "boxes", world_, "", {}};
        auto writer = (*format)->open_scene(scene, root_ / "scenes" / scene.name);
        ASSERT_TRUE(writer.ok());
        ASSERT_TRUE((*writer)->add(sample(scene.name, 0)).ok());
        ASSERT_TRUE((*writer)->finish().ok());
        names.push_back(scene.name);
        if (seed < 2) continue;
        ASSERT_TRUE((*format)->assemble(root_, info(), names).ok());
        std::map<std::string, std::string> splits;
        const auto manifest = manifest_of(root_);
        for (const auto& own : manifest["scenes"]) splits[own["name"]] = own["split"];
        int val = 0;
        for (const auto& [name, split] : splits) val += split == "val";
        EXPECT_EQ(val, seed < 7 ? 1 : 2) << seed;
        for (const auto& [name, split] : before) EXPECT_EQ(splits[name], split) << name;
        before = splits;
    }
}

INSTANTIATE_TEST_SUITE_P(Formats, EveryFormat,
                         ::testing::ValuesIn(format_names().begin(), format_names().end()),
                         [](const auto& p) { return std::string(p.param); });

// --- what each format holds ---

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), 4 * a.size()) == 0;
}

void expect_same(const labels::BeliefLabel& a, const labels::BeliefLabel& b) {
    EXPECT_EQ(a.id, b.id);
    EXPECT_EQ(a.exists, b.exists);
    EXPECT_EQ(a.p_W, b.p_W);
    EXPECT_EQ(a.v_W, b.v_W);
    EXPECT_EQ(a.yaw_rad, b.yaw_rad);
    EXPECT_EQ(a.place_sd_m, b.place_sd_m);
    EXPECT_EQ(a.speed_sd_mps, b.speed_sd_mps);
    EXPECT_EQ(a.unseen_s, b.unseen_s);
    EXPECT_EQ(a.error_m, b.error_m);
}
void expect_same(const labels::MindLabel& a, const labels::MindLabel& b) {
    EXPECT_EQ(a.profile, b.profile);
    EXPECT_EQ(a.intention, b.intention);
    EXPECT_EQ(a.goes, b.goes);
    EXPECT_EQ(a.gaze_W, b.gaze_W);
    EXPECT_EQ(a.looks_away, b.looks_away);
    EXPECT_EQ(a.seen, b.seen);
    EXPECT_EQ(a.gesture, b.gesture);
    EXPECT_EQ(a.gesture_to, b.gesture_to);
    EXPECT_EQ(a.has_seen_ego, b.has_seen_ego);
    ASSERT_EQ(a.believed_ego.has_value(), b.believed_ego.has_value());
    if (b.believed_ego) expect_same(*a.believed_ego, *b.believed_ego);
    ASSERT_EQ(a.believed_ego_mind.has_value(), b.believed_ego_mind.has_value());
    if (b.believed_ego_mind) {
        EXPECT_EQ(a.believed_ego_mind->has_seen_me, b.believed_ego_mind->has_seen_me);
        EXPECT_EQ(a.believed_ego_mind->goal, b.believed_ego_mind->goal);
        EXPECT_EQ(a.believed_ego_mind->goal_probability, b.believed_ego_mind->goal_probability);
    }
    ASSERT_EQ(a.wrong_beliefs.size(), b.wrong_beliefs.size());
    for (std::size_t i = 0; i < b.wrong_beliefs.size(); ++i) {
        expect_same(a.wrong_beliefs[i], b.wrong_beliefs[i]);
    }
}

class WebDatasetFormat : public DatasetTest {};

TEST_F(WebDatasetFormat, HoldsEveryLabel) {
    Options options;
    options.lossless_images = true;
    write_dataset("webdataset", root_, {"one"}, options);
    const auto dataset = Dataset::open(root_);
    ASSERT_TRUE(dataset.ok());
    for (const std::size_t i : {0UL, 7UL}) {
        const auto read = dataset->read(i);
        ASSERT_TRUE(read.ok()) << read.error().text();
        const Sample truth = sample("one", i);
        EXPECT_EQ(read->scene, "one");
        EXPECT_EQ(read->state_hash, truth.state_hash);
        EXPECT_EQ(read->ego.X_WB.p, truth.ego.X_WB.p);
        ASSERT_EQ(read->cameras.size(), truth.cameras.size());
        for (std::size_t k = 0; k < truth.cameras.size(); ++k) {
            const CameraSample &a = read->cameras[k], &b = truth.cameras[k];
            EXPECT_EQ(a.camera.lens, b.camera.lens);
            EXPECT_EQ(a.X_WC.q, b.X_WC.q);
            EXPECT_EQ(a.ids, b.ids);
            EXPECT_TRUE(same_bits(a.depth_m, b.depth_m));
            // 8 bits a coordinate: half a step of 1/127 each, √3 of it along the diagonal.
            for (std::size_t p = 0; p < b.normals_C.size(); ++p) {
                ASSERT_NEAR(a.normals_C[p], b.normals_C[p], 2 * 0.5 * std::sqrt(3.0) / 127);
            }
            for (std::size_t p = 0; p < b.flow_next.size(); ++p) {
                ASSERT_EQ(std::isnan(a.flow_next[p]), std::isnan(b.flow_next[p]));
                if (std::isnan(b.flow_next[p])) continue;
                ASSERT_NEAR(a.flow_next[p], b.flow_next[p], 0.5 / 64 + 1e-4);  // half a step
            }
            ASSERT_EQ(a.objects.size(), b.objects.size());
            for (std::size_t o = 0; o < b.objects.size(); ++o) {
                EXPECT_EQ(a.objects[o].visible, b.objects[o].visible);
                EXPECT_EQ(a.objects[o].amodal, b.objects[o].amodal);
                EXPECT_EQ(a.objects[o].amodal_px, b.objects[o].amodal_px);
                EXPECT_EQ(a.objects[o].keypoints[5].pixel, b.objects[o].keypoints[5].pixel);
            }
        }
        ASSERT_EQ(read->objects.size(), truth.objects.size());
        for (std::size_t o = 0; o < truth.objects.size(); ++o) {
            EXPECT_EQ(read->objects[o].X_WO.p, truth.objects[o].X_WO.p);
            EXPECT_EQ(read->objects[o].kind, truth.objects[o].kind);
            expect_same(read->objects[o].mind, truth.objects[o].mind);
        }
        EXPECT_EQ(read->signals[0].governs, truth.signals[0].governs);
        EXPECT_EQ(read->signs[0].meaning, truth.signs[0].meaning);
        EXPECT_EQ(read->lanes[0].left_W, truth.lanes[0].left_W);
        EXPECT_EQ(read->lanes[0].left, engine::world::kNone);
        EXPECT_EQ(read->marks[0].outline_W, truth.marks[0].outline_W);
        EXPECT_EQ(read->birds_eye.occupied, truth.birds_eye.occupied);
        EXPECT_EQ(read->birds_eye.seen_occupied, truth.birds_eye.seen_occupied);
        EXPECT_EQ(read->birds_eye.free_m, truth.birds_eye.free_m);
        ASSERT_EQ(read->lidar.points.size(), truth.lidar.points.size());
        for (std::size_t p = 0; p < truth.lidar.points.size(); ++p) {
            const labels::LidarPoint &a = read->lidar.points[p], &b = truth.lidar.points[p];
            ASSERT_TRUE(a.x == b.x && a.y == b.y && a.z == b.z && a.intensity == b.intensity &&
                        a.ring == b.ring && a.id == b.id);
        }
    }
}

class NuscenesFormat : public DatasetTest {};

TEST_F(NuscenesFormat, GivesBackBoxesAndPosesInW) {
    write_dataset("nuscenes", root_, {"one"});
    const auto dataset = Dataset::open(root_);
    ASSERT_TRUE(dataset.ok());
    const auto read = dataset->read(5);  // a key frame
    ASSERT_TRUE(read.ok()) << read.error().text();
    const Sample truth = sample("one", 5);
    for (const auto& object : read->objects) {
        const auto* expected = truth.find(object.id);
        ASSERT_NE(expected, nullptr);
        // Through a frame whose origin is some hundred metres away, in doubles.
        EXPECT_LT(glm::length(object.X_WO.p - expected->X_WO.p), 1e-9);
        EXPECT_EQ(object.size_m, expected->size_m);
        EXPECT_EQ(object.lidar_points, expected->lidar_points);
    }
    EXPECT_GE(read->objects.size(), 7U);
    EXPECT_LT(glm::length(read->cameras[1].X_WC.p - truth.cameras[1].X_WC.p), 1e-9);
    EXPECT_EQ(read->lidar.points.size(), truth.lidar.points.size());
    const auto between = dataset->read(6);
    ASSERT_TRUE(between.ok());
    EXPECT_TRUE(between->objects.empty());
}

TEST_F(NuscenesFormat, AsksForLidarAtTwoHertz) {
    const auto format = make_format("nuscenes", {});
    int keys = 0;
    for (std::int64_t k = 0; k < 72; ++k) {  // 36 Hz for two seconds
        const std::int64_t now = k * 1'000'000 / 36,
                           before = k == 0 ? -1 : (k - 1) * 1'000'000 / 36;
        keys += (*format)->wanted(before, now).lidar;
    }
    EXPECT_EQ(keys, 4);
}

}  // namespace
}  // namespace huntsman::sensors::dataset
