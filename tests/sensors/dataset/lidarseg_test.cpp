// Classes of lidar points in nuScenes: written, linked, read back, and held against boxes.
#include <set>

#include "engine/core/files.h"
#include "sensors/dataset/audit.h"
#include "sensors/dataset/nuscenes_lidarseg.h"
#include "sensors/dataset/read.h"
#include "tests/sensors/dataset/dataset_fixture.h"

namespace huntsman::sensors::dataset {
namespace {

namespace fs = std::filesystem;
using engine::world::Semantic;
using nuscenes::lidarseg_index;

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
    ASSERT_EQ(nuscenes::lidarseg_categories().size(), 32U);
    EXPECT_STREQ(nuscenes::lidarseg_categories()[31], "vehicle.ego");
    EXPECT_EQ(lidarseg_index(Semantic::kCar, "hatchback"), 17);
    EXPECT_EQ(lidarseg_index(Semantic::kVan, ""), 17);
    EXPECT_EQ(lidarseg_index(Semantic::kPedestrian, "adult_2"), 2);
    EXPECT_EQ(lidarseg_index(Semantic::kPedestrian, "child_1"), 3);
    EXPECT_EQ(lidarseg_index(Semantic::kRoadMark, ""), 24);
    EXPECT_EQ(lidarseg_index(Semantic::kKerb, ""), 26);
    EXPECT_EQ(lidarseg_index(Semantic::kPole, ""), 28);
    EXPECT_EQ(lidarseg_index(Semantic::kVegetation, ""), 30);
    EXPECT_EQ(lidarseg_index(Semantic::kNothing, ""), 0);
}

TEST_F(Lidarseg, GivesBackTheClassOfEachPoint) {
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
            EXPECT_EQ(engine::world::actor_of(given), engine::world::kNoActor);
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
    const fs::path file = root_ / "x_lidarseg.bin";
    fs::create_directories(root_);
    ASSERT_TRUE(engine::core::write_file(file, std::string("\x18\x18", 2)).ok());
    const auto shorter = nuscenes::read_lidarseg(file, sweep);
    ASSERT_FALSE(shorter.ok());
    EXPECT_EQ(shorter.error().message, "has 2 bytes, expected one for each of 3 points");
    ASSERT_TRUE(engine::core::write_file(file, std::string("\x18\x18\x1f", 3)).ok());
    const auto ego = nuscenes::read_lidarseg(file, sweep);
    ASSERT_FALSE(ego.ok());
    EXPECT_EQ(ego.error().message, "point 2 has class 31, which is none of ours");
    EXPECT_FALSE(nuscenes::read_lidarseg(root_ / "none.bin", sweep).ok());
}

TEST_F(Lidarseg, PointsLieInBoxesOfTheirClassOrAreNamed) {
    const labels::Sample good = sample("one", 0);
    const auto says = [](const labels::Sample& s) {
        std::string all;
        nuscenes::check_points(s, [&](const std::string& what) { all += what + "\n"; });
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
}  // namespace huntsman::sensors::dataset
