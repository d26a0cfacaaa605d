// Classes and things of lidar points in nuScenes: written, linked, read back, and held against
// boxes.
#include "sensors/dataset/nuscenes/lidarseg.h"

#include <set>

#include "engine/core/files.h"
#include "sensors/dataset/audit.h"
#include "sensors/dataset/nuscenes/npz.h"
#include "sensors/dataset/read.h"
#include "tests/sensors/dataset/dataset_fixture.h"

namespace huntsman::sensors::dataset::nuscenes {
namespace {

namespace fs = std::filesystem;
using engine::world::Semantic;

class Lidarseg : public DatasetTest {
  protected:
    std::vector<std::string> findings() const {
        std::vector<std::string> all;
        const auto dataset = Dataset::open(root_);
        EXPECT_TRUE(dataset.ok());
        audit(*dataset, [&](const Finding& f) { all.push_back(f.place + ": " + f.what); });
        return all;
    }
    bool found(const std::string& part) const {
        for (const std::string& one : findings()) {
            if (one.find(part) != std::string::npos) return true;
        }
        return false;
    }
    fs::path all() const { return root_ / "lidarseg" / "v1.0-huntsman"; }
    fs::path any_file() const { return fs::directory_iterator(all())->path(); }
};

TEST(LidarsegIndex, AreThoseOfTheDevkit) {
    ASSERT_EQ(lidarseg_categories().size(), 32U);
    EXPECT_STREQ(lidarseg_categories()[31], "vehicle.ego");
    EXPECT_EQ(lidarseg_index(Semantic::kCar, "hatchback"), 17);
    EXPECT_EQ(lidarseg_index(Semantic::kVan, ""), 17);
    EXPECT_EQ(lidarseg_index(Semantic::kPedestrian, "adult_2"), 2);
    EXPECT_EQ(lidarseg_index(Semantic::kPedestrian, "child_1"), 3);
    EXPECT_EQ(lidarseg_index(Semantic::kScooter, "scooter"), 5);
    EXPECT_EQ(lidarseg_index(Semantic::kWheelchair, "wheelchair"), 8);
    EXPECT_EQ(lidarseg_index(Semantic::kTrailer, "trailer"), 22);
    EXPECT_EQ(lidarseg_index(Semantic::kAnimal, "dog"), 1);
    EXPECT_EQ(lidarseg_index(Semantic::kMovable, "boxes"), 10);
    EXPECT_EQ(lidarseg_index(Semantic::kMovable, "cone"), 12);
    EXPECT_EQ(lidarseg_index(Semantic::kCar, "police_car"), 20);
    EXPECT_EQ(lidarseg_index(Semantic::kVan, "ambulance"), 19);
    EXPECT_EQ(lidarseg_index(Semantic::kRoadMark, ""), 24);
    EXPECT_EQ(lidarseg_index(Semantic::kKerb, ""), 26);
    EXPECT_EQ(lidarseg_index(Semantic::kPole, ""), 28);
    EXPECT_EQ(lidarseg_index(Semantic::kVegetation, ""), 30);
    EXPECT_EQ(lidarseg_index(Semantic::kNothing, ""), 0);
}

TEST_F(Lidarseg, GivesBackClassAndThingOfEachPoint) {
    write_dataset("nuscenes", root_, {"one", "two"});
    const auto dataset = Dataset::open(root_);
    ASSERT_TRUE(dataset.ok());
    std::set<std::uint8_t> classes;
    for (const std::size_t index : {0U, 5U, 10U}) {
        const auto read = dataset->read(index);
        ASSERT_TRUE(read.ok()) << read.error().text();
        const labels::Sample truth = sample("one", index);
        ASSERT_EQ(read->lidar.points.size(), truth.lidar.points.size());
        for (std::size_t i = 0; i < truth.lidar.points.size(); ++i) {
            const auto expected = truth.lidar.points[i].id, given = read->lidar.points[i].id;
            EXPECT_EQ(lidarseg_index(engine::world::semantic_of(given), ""),
                      lidarseg_index(engine::world::semantic_of(expected), ""));
            const auto semantic = engine::world::semantic_of(expected);
            if (engine::world::is_actor(semantic)) {
                EXPECT_EQ(engine::world::actor_of(given), engine::world::actor_of(expected));
                EXPECT_EQ(engine::world::semantic_of(given), semantic);  // a van, not a car
            } else {
                EXPECT_EQ(engine::world::actor_of(given), engine::world::kNoActor);
            }
            classes.insert(lidarseg_index(engine::world::semantic_of(given), ""));
        }
    }
    EXPECT_GE(classes.size(), 6U);
    // Three key frames of each scene.
    EXPECT_EQ(std::distance(fs::directory_iterator(all()), fs::directory_iterator()), 6);
    EXPECT_TRUE(findings().empty());
}

TEST_F(Lidarseg, WithoutLidarThereIsNoTable) {
    Options options;
    options.lidar = false;
    write_dataset("nuscenes", root_, {"one"}, options);
    EXPECT_FALSE(fs::exists(root_ / "lidarseg"));
    EXPECT_FALSE(fs::exists(root_ / "v1.0-huntsman" / "lidarseg.json"));
    EXPECT_FALSE(fs::exists(root_ / "v1.0-huntsman" / "panoptic.json"));
    EXPECT_TRUE(findings().empty());
}

TEST_F(Lidarseg, FilesThatAreMissingChangedOrTooManyAreFound) {
    write_dataset("nuscenes", root_, {"one"});
    const fs::path file = any_file();
    const std::string whole = *engine::core::read_file(file);
    fs::remove(file);
    EXPECT_TRUE(found("is not the scene's file"));
    ASSERT_TRUE(engine::core::write_file(file, std::string(whole.size(), 17)).ok());
    EXPECT_TRUE(found("is not the scene's file"));
    ASSERT_TRUE(engine::core::write_file(file, whole).ok());  // a copy serves as a link does
    EXPECT_TRUE(findings().empty());
    ASSERT_TRUE(engine::core::write_file(all() / "more.bin", whole).ok());
    EXPECT_TRUE(found("3 rows for 4 files"));
    fs::remove(all() / "more.bin");
    fs::remove(root_ / "v1.0-huntsman" / "lidarseg.json");
    EXPECT_TRUE(found("is not there, 3 sweeps are"));
}

TEST_F(Lidarseg, BytesThatDoNotFitThePointsAreNamed) {
    labels::LidarSweep sweep;
    sweep.points.resize(3);
    fs::create_directories(root_ / "lidarseg");
    fs::create_directories(root_ / "panoptic");
    const ThingNumbers numbers = {{17, {44}}};
    const auto error = [&](const std::string& classes, const std::vector<std::uint16_t>& things) {
        using engine::core::write_file;
        EXPECT_TRUE(write_file(root_ / "lidarseg" / "t_lidarseg.bin", classes).ok());
        EXPECT_TRUE(write_file(root_ / "panoptic" / "t_panoptic.npz", encode_npz(things)).ok());
        const auto read = read_points(root_, "t", numbers, sweep);
        return read.ok() ? "" : read.error().message;
    };
    EXPECT_EQ(error("\x18\x18\x11", {24000, 24000, 17001}), "");
    EXPECT_EQ(engine::world::actor_of(sweep.points[2].id), 44U);
    EXPECT_EQ(error("\x18\x18", {24000, 24000}), "has 2 bytes, expected one for each of 3 points");
    EXPECT_EQ(error("\x18\x18\x1f", {24000, 24000, 31000}),
              "point 2 has class 31, which is none of ours");
    EXPECT_EQ(error("\x18\x18\x18", {24000, 24000}), "is not an archive of 3 numbers of 16 bits");
    EXPECT_EQ(error("\x18\x18\x11", {24000, 17000, 17001}),
              "point 1 has 17000, expected 24 times 1000 and the number of a thing");
    EXPECT_EQ(error("\x18\x18\x11", {24000, 24000, 17002}),
              "point 2 has 17002, expected 17 times 1000 and the number of a thing");
    EXPECT_FALSE(read_points(root_, "none", numbers, sweep).ok());
}

TEST(ThingNumbers, AreThoseOfTheFirstPointsAndStayOverTheScene) {
    labels::Sample sample;
    const auto hit = [&](Semantic semantic, engine::world::ActorId id) {
        labels::LidarPoint point;
        point.id = engine::world::id_word(semantic, id);
        sample.lidar.points.push_back(point);
    };
    hit(Semantic::kCar, 30);
    hit(Semantic::kBus, 20);
    hit(Semantic::kCar, 10);
    hit(Semantic::kPole, 10123);
    ThingNumbers numbers;
    const auto things = [&] {
        const auto bytes = point_bytes(sample, numbers);
        return *decode_npz(bytes[1], sample.lidar.points.size());
    };
    EXPECT_EQ(things(), (std::vector<std::uint16_t>{17001, 16001, 17002, 28000}));
    sample.lidar.points.clear();
    hit(Semantic::kCar, 10);
    hit(Semantic::kVan, 5);
    EXPECT_EQ(things(), (std::vector<std::uint16_t>{17002, 17003}));
    EXPECT_EQ(thing_numbers_from_json(thing_numbers_to_json(numbers)), numbers);
    // There is room for 999 of a class.
    sample.lidar.points.clear();
    for (engine::world::ActorId id = 100; id < 1100; ++id) hit(Semantic::kCar, id);
    const auto many = things();
    EXPECT_EQ(many[995], 17999);
    EXPECT_EQ(many[996], 17000);
}

TEST(Npz, AreReadBackAndDamageIsFound) {
    const std::vector<std::uint16_t> values = {1, 65535, 17001};
    const std::string whole = encode_npz(values);
    EXPECT_EQ(*decode_npz(whole, 3), values);
    EXPECT_FALSE(decode_npz(whole, 2).ok());
    for (std::size_t i = 0; i < whole.size(); ++i) {
        std::string damaged = whole;
        damaged[i] = static_cast<char>(damaged[i] ^ 16);
        EXPECT_FALSE(decode_npz(damaged, 3).ok()) << i;
        EXPECT_FALSE(decode_npz(whole.substr(0, i), 3).ok()) << i;
    }
    EXPECT_TRUE(decode_npz(encode_npz({}), 0).ok());
}

TEST_F(Lidarseg, PointsLieInBoxesOfTheirClassOrAreNamed) {
    const labels::Sample good = sample("one", 0);
    const auto says = [](const labels::Sample& s) {
        std::string all;
        check_points(s, [&](const std::string& what) { all += what + "\n"; });
        return all;
    };
    EXPECT_EQ(says(good), "");
    // Points of a box that moved away; without its count they only have no home.
    labels::Sample bad = good;
    const auto hit = std::max_element(
        bad.objects.begin(), bad.objects.end(),
        [](const auto& a, const auto& b) { return a.lidar_points < b.lidar_points; });
    ASSERT_GT(hit->lidar_points, 5U);
    hit->X_WO.p.z += 3;
    EXPECT_NE(says(bad).find("points lie in no box of their class"), std::string::npos);
    EXPECT_NE(says(bad).find(fmt::format("object {} ", hit->id)), std::string::npos);
    // Two classes changed for each other.
    bad = good;
    for (auto& point : bad.lidar.points) {
        if (engine::world::actor_of(point.id) != hit->id) continue;
        point.id = engine::world::id_word(
            hit->semantic == Semantic::kTruck ? Semantic::kBus : Semantic::kTruck, 0);
    }
    EXPECT_NE(says(bad).find("lie in no box of their class"), std::string::npos);
    // A box that moves is where it was during the turn of the head: 20 m/s for 40 ms are 0.8 m.
    bad = good;
    const auto moving = bad.objects.begin() + (hit - bad.objects.begin());
    moving->v_W = {20, 0, 0};
    moving->X_WO.p.x += 0.8;
    EXPECT_EQ(says(bad), "");
    moving->v_W = {-20, 0, 0};
    EXPECT_NE(says(bad), "");
}

}  // namespace
}  // namespace huntsman::sensors::dataset::nuscenes
