// Files of assets/actors: what they say is what the world gets, and what is wrong with them is
// named with file, line and expectation.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>

#include "engine/core/assets.h"
#include "engine/core/describe_table.h"
#include "engine/core/files.h"
#include "scenarios/catalogue/catalogue.h"
#include "scenarios/catalogue/models_fields.h"

namespace huntsman::scenarios::catalogue {
namespace {

namespace fs = std::filesystem;

// A copy of the shipped files that a test may change.
class ActorFiles : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = fs::path(testing::TempDir()) / "huntsman_actors" /
                  testing::UnitTest::GetInstance()->current_test_info()->name();
        fs::remove_all(folder_);
        fs::create_directories(folder_.parent_path());
        fs::copy(engine::core::assets_folder() / "actors", folder_);
    }
    void TearDown() override { fs::remove_all(folder_); }
    std::string text(const std::string& name) const {
        return engine::core::read_file(folder_ / (name + ".json")).value();
    }
    void put(const std::string& name, const std::string& content) const {
        std::ofstream(folder_ / (name + ".json")) << content;
    }
    // Replaces the first place that matches.
    void change(const std::string& name, const std::string& pattern, const std::string& by) const {
        const std::string before = text(name);
        const std::string after = std::regex_replace(before, std::regex(pattern), by,
                                                     std::regex_constants::format_first_only);
        ASSERT_NE(before, after) << pattern;
        put(name, after);
    }
    // Loading fails in this file, at the line that holds `at`, with these words.
    void expect_refused(const std::string& name, const std::string& at,
                        const std::string& words) const {
        const auto catalogue = load(folder_);
        ASSERT_FALSE(catalogue.ok()) << words;
        const auto& error = catalogue.error();
        EXPECT_EQ(fs::path(error.file).filename(), name + ".json") << error.text();
        EXPECT_NE(error.message.find(words), std::string::npos) << error.text();
        EXPECT_EQ(error.message.find('\n'), std::string::npos);
        std::istringstream lines(text(name));
        std::string line;
        for (int i = 0; i < error.line; ++i) std::getline(lines, line);
        EXPECT_NE(line.find(at), std::string::npos) << error.text() << "\n" << line;
    }
    fs::path folder_;
};

TEST_F(ActorFiles, UnknownKeysAreRefused) {
    const auto sedan = text("sedan");
    change("sedan", "\"mass_kg\"", "\"weight_kg\"");
    expect_refused("sedan", "weight_kg", "weight_kg is not known here; known are: schema_version");
    put("sedan", sedan);
    change("sedan", "\"roof_share\"", "\"roof_size\"");
    expect_refused("sedan", "roof_size", "body.roof_size is not known here");
    put("sedan", sedan);
    change("catalogue", "\"ego\"", "\"hero\"");
    expect_refused("catalogue", "hero", "hero is not known here");
}

TEST_F(ActorFiles, WheelsWithoutRadiusAreRefused) {
    change("van", "\"wheel_radius_m\": 0.345, ", "");
    expect_refused("van", "\"x_m\": 3.3", "axles.0.wheel_radius_m is missing");
    put("van", text("sedan"));
    change("van", "\"wheel_radius_m\": 0.344", "\"wheel_radius_m\": 0");
    expect_refused("van", "\"x_m\": 2.579",
                   "wheel_radius_m is 0, expected a number from 0.05 to 2");
}

TEST_F(ActorFiles, PartsThatShowNoMeshAreRefused) {
    change("truck", "\"mesh\": \"body\"", "\"mesh\": \"cabin\"");
    expect_refused("truck", "cabin", "parts.0.mesh is cabin, expected one of body, wheel, solids");
    put("truck", text("van"));
    change("truck", "\"wheel\": 3", "\"wheel\": 4");
    expect_refused("truck", "\"wheel\": 4", "parts.5 shows wheel 4, expected 0 to 3");
    put("truck", text("van"));
    change("truck", "\"mesh\": \"wheel\", \"wheel\": 2", "\"mesh\": \"wheel\"");
    expect_refused("truck", "\"wheel\"", "does not say which wheel");
    put("truck", text("van"));
    change("child", "\"left_hip\"", "\"tail\"");
    expect_refused("child", "tail", "parts.4.at is tail, expected one of ground, neck");
    put("child", text("man"));
    change("child", "\"mesh\": \"leg\"", "\"mesh\": \"wheel\"");
    expect_refused("child", "wheel", "mesh is wheel, expected one of torso, head, arm, leg");
}

TEST_F(ActorFiles, AnimalsThatAreNotShippedAreRefused) {
    const auto dog = text("dog");
    change("dog", "\"labrador\"", "\"dragon\"");
    expect_refused("dog", "{", "shows animal dragon, expected one of cat, cat_black");
    put("dog", dog);
    change("dog", "\"height_m\": 0.73", "\"height_m\": 0.8");
    expect_refused("dog", "{", "height_m is 0.8, expected 0.7");
    put("dog", dog);
    change("dog", "\"class\": \"animal\"", "\"class\": \"movable_object\"");
    expect_refused("dog", "{", "shows an animal, expected the class animal");
}

TEST_F(ActorFiles, SolidsThatCannotBeAreRefused) {
    const auto boxes = text("boxes"), motorcycle = text("motorcycle"), police = text("police_car");
    change("boxes", "\"shape\": \"box\"", "\"shape\": \"sausage\"");
    expect_refused("boxes", "sausage", "shape is sausage, expected one of box, tube, limb, ball");
    put("boxes", boxes);
    change("boxes", "\"to_m\": \\[[^\\]]*\\]", "\"to_m\": [0, 0, 0]");
    change("boxes", "\"from_m\": \\[[^\\]]*\\]", "\"from_m\": [0, 0, 0]");
    expect_refused("boxes", "[0, 0, 0]", "has no size, expected from_m and to_m that differ");
    put("boxes", boxes);
    change("boxes", "\"finish\": \"[a-z]*\"", "\"finish\": \"fur\"");
    expect_refused("boxes", "fur", "finish is fur, expected one of paint");
    put("boxes", boxes);
    change("motorcycle", "\"mesh\": \"solids\"", "\"mesh\": \"body\"");
    expect_refused("motorcycle", "{", "has a part that shows the body, expected the key body");
    put("motorcycle", motorcycle);
    change("motorcycle", "\"mesh\": \"wheel\", \"wheel\": 1",
           "\"mesh\": \"wheel\", \"wheel\": 1, \"swing\": 1");
    expect_refused("motorcycle", "swing", "swings, which only solids and limbs of people do");
    put("motorcycle", motorcycle);
    change("motorcycle", "\"mesh\": \"wheel\", \"wheel\": 1",
           "\"mesh\": \"wheel\", \"wheel\": 1, \"at_m\": [1, 0, 0]");
    expect_refused("motorcycle", "at_m",
                   "has the key at_m, which only parts that show solids have");
    put("motorcycle", motorcycle);
    change("police_car", "\"mesh\": \"wheel\", \"wheel\": 3", "\"mesh\": \"solids\"");
    expect_refused("police_car", "\"solids\"}", "shows solids and lists none");
}

TEST_F(ActorFiles, WalkersThatHoldOrLeadNothingThereIsAreRefused) {
    const auto lead = text("dog_walker"), pram = text("pram");
    change("dog_walker", "\"labrador\"", "\"griffin\"");
    expect_refused("dog_walker", "\"rider\"", "leads animal griffin, expected one of cat");
    put("dog_walker", lead);
    change("dog_walker", "\"animal_m\"[^\\]]*\\], ", "");
    expect_refused("dog_walker", "\"rider\"",
                   "rider lacks animal_m, expected where the animal goes");
    put("dog_walker", lead);
    change("dog_walker", "\"lead\"", "\"drag\"");
    expect_refused("dog_walker", "\"rider\"", "activity is drag, expected one of ride");
    put("dog_walker", lead);
    change("pram", "\"walks_m\"", "\"animal\": \"labrador\", \"walks_m\"");
    expect_refused("pram", "\"rider\"",
                   "has an animal, which only those have whose activity is lead");
    put("pram", pram);
    change("pram", "\"push_before\"", "\"ride\"");
    expect_refused("pram", "\"rider\"", "rider lacks foot_m");
    put("pram", pram);
    change("pram", "\"pedestrian\"", "\"wheelchair\"");
    expect_refused("pram", "{", "has a rider on foot, expected the class pedestrian");
}

TEST_F(ActorFiles, RidersThatHaveNoHoldAreRefused) {
    const auto bicycle = text("bicycle"), wheelchair = text("wheelchair"), van = text("van");
    change("bicycle", "\"circle_m\": \\[[^\\]]*\\],", "");
    expect_refused("bicycle", "\"rider\"", "rider lacks foot_m, expected it or circle_m");
    put("bicycle", bicycle);
    change("bicycle", "\"grip_m\": \\[[^\\]]*\\],", "");
    expect_refused("bicycle", "\"rider\"", "rider lacks grip_m, expected where its hands are");
    put("bicycle", bicycle);
    change("bicycle", "\"cyclist\"", "\" \"");
    expect_refused("bicycle", "\"rider\"", "who is empty, expected kinds of the cast");
    put("bicycle", bicycle);
    change("bicycle", "\"sweep_rad\": 0.6", "\"sweep_rad\": 60");
    expect_refused("bicycle", "sweep_rad", "sweep_rad is 60, expected a number from -1.6 to 1.6");
    put("bicycle", bicycle);
    change("wheelchair", "\"activity\": \"wheelchair\"", "\"activity\": \"fly\"");
    expect_refused("wheelchair", "fly", "activity is fly, expected one of ride, wheelchair, push");
    put("wheelchair", wheelchair);
    change("van", "\"parts\"", "\"rider\": {\"who\": \"man\"}, \"parts\"");
    expect_refused("van", "{", "has a rider, which only two-wheelers and wheelchairs have");
    put("van", van);
}

TEST_F(ActorFiles, ActorsOfStoriesAreListedApart) {
    const auto catalogue = text("catalogue");
    change("catalogue", "\"name\": \"dog\"", "\"name\": \"bus\"");
    expect_refused("catalogue", "\"bus\"", "repeats the name bus");
    put("catalogue", catalogue);
    change("catalogue", "\"name\": \"dog\"", "\"name\": \"unicorn\"");
    expect_refused("catalogue", "unicorn", "is unicorn, expected a file");
    put("catalogue", catalogue);
    change("catalogue", "\"name\": \"dog\"", "\"name\": \"dog\", \"moving\": 1");
    expect_refused("catalogue", "\"dog\"", "moving is not known here");
    put("catalogue", catalogue);
    change("catalogue", "\\{\"name\": \"dog\"\\},", "");
    change("catalogue", "\\{\"name\": \"elder\", \"walking\": 0.14\\}",
           "$&,\n  {\"name\": \"dog\", \"walking\": 0.1}");
    expect_refused("catalogue", "\"dog\"", "is neither a vehicle nor a person on foot");
}

TEST_F(ActorFiles, TwoArchetypesOfOneNameAreRefused) {
    change("catalogue", "\"name\": \"truck\"", "\"name\": \"saloon\"");
    expect_refused("catalogue", "\"saloon\", \"moving\": 0.05",
                   "actors.4 repeats the name saloon, expected names that differ");
}

TEST_F(ActorFiles, ActorsThatCannotBeAreRefused) {
    const auto sedan = text("sedan"), catalogue = text("catalogue");
    const auto refused = [&](const std::string& pattern, const std::string& by,
                             const std::string& at, const std::string& words) {
        put("sedan", sedan);
        change("sedan", pattern, by);
        expect_refused("sedan", at, words);
    };
    refused("\"car\"", "\"road\"", "{", "class is that of no actor");
    refused("\"car\"", "\"plane\"", "plane", "class is plane, expected one of");
    refused("\"mass_kg\": 1093.3", "\"mass_kg\": -1", "mass_kg", "expected a number from 50");
    refused("\"steered\": true", "\"steered\": false", "{", "axles are all steered or none is");
    refused("\"x_m\": 0,", "\"x_m\": 0.4,", "{", "have their middle off x_m 0");
    refused("\"x_m\": 0,", "\"x_m\": 2.579,", "2.579", "does not lie behind the axle before it");
    refused("\"brake_share\": 0.65", "\"brake_share\": 0.6", "{", "brake shares of 0.95");
    refused("\"length_m\": 4.508", "\"length_m\": 3.4", "{", "expected the rearmost axle within");
    refused("\\{\"front_m\": -1.12\\}", "{}", "screen_base", "names no one place");
    refused("\"origin_m\": 1.02", "\"origin_m\": 1.02, \"rear_m\": 1", "origin_m",
            "names no one place");
    put("sedan", sedan);
    const auto refused_list = [&](const std::string& pattern, const std::string& by,
                                  const std::string& at, const std::string& words) {
        put("catalogue", catalogue);
        change("catalogue", pattern, by);
        expect_refused("catalogue", at, words);
    };
    refused_list("\"name\": \"van\"", "\"name\": \"lorry\"", "lorry", "expected a file");
    refused_list("\"ego\": \"sedan\"", "\"ego\": \"man\"", "{", "ego is man, expected the name");
    refused_list("\"walking\": 0.36", "\"moving\": 0.36", "\"man\"",
                 "is a person, expected walking");
    refused_list("\"moving\": 0.11, \"parked\"", "\"moving\": 0.11, \"walking\"", "\"van\"",
                 "is a vehicle, expected moving");
    refused_list("\"weight\": 0.27", "\"weight\": -1", "-1", "weight is -1");
    put("catalogue", "{\"schema_version\": 1");
    EXPECT_FALSE(load(folder_).ok());
    fs::remove(folder_ / "catalogue.json");
    EXPECT_NE(load(folder_).error().text().find("catalogue.json"), std::string::npos);
}

// How many kinds the shipped list has.
std::size_t load_listed_archetypes() {
    return load(engine::core::assets_folder() / "actors").value().models.size();
}

// A three-axled lorry by its file alone.
TEST_F(ActorFiles, AVehicleWithSixWheelsIsOneMoreFile) {
    std::string lorry = text("sedan");
    const std::string rear =
        "{\"x_m\": 0, \"track_m\": 1.387, \"wheel_radius_m\": 0.344, \"tyre_width_m\": 0.2, "
        "\"drive_share\": 1, \"brake_share\": 0.35}";
    const auto at = lorry.find(rear);
    ASSERT_NE(at, std::string::npos);
    lorry.replace(at, rear.size(),
                  "{\"x_m\": 0.65, \"track_m\": 1.387, \"wheel_radius_m\": 0.344, \"drive_share\": "
                  "0.5, \"brake_share\": 0.2},\n"
                  "  {\"x_m\": -0.65, \"track_m\": 1.387, \"wheel_radius_m\": 0.344, "
                  "\"drive_share\": 0.5, \"brake_share\": 0.15}");
    const std::string last = "{\"mesh\": \"wheel\", \"wheel\": 3}";
    lorry.replace(
        lorry.find(last), last.size(),
        last + ", {\"mesh\": \"wheel\", \"wheel\": 4}, {\"mesh\": \"wheel\", \"wheel\": 5}");
    put("lorry", lorry);
    change("catalogue", "\\{\"name\": \"elder\", \"walking\": 0.14\\}",
           "$&,\n  {\"name\": \"lorry\", \"moving\": 0.05}");
    const auto catalogue = load(folder_);
    ASSERT_TRUE(catalogue.ok()) << catalogue.error().text();
    engine::world::StaticScene scene;
    const auto all = archetypes(*catalogue, scene);
    ASSERT_EQ(all.size(), load_listed_archetypes() + 1);
    const auto found =
        std::find_if(all.begin(), all.end(), [](const auto& a) { return a.name == "lorry"; });
    ASSERT_NE(found, all.end());
    const auto& added = *found;
    ASSERT_EQ(added.vehicle.wheels.size(), 6U);
    EXPECT_EQ(added.vehicle.wheelbase_m, 2.579);
    EXPECT_EQ(added.parts.size(), 7U);
    EXPECT_EQ(added.parts.back().wheel, 5U);
    EXPECT_EQ(added.parts.back().p_BP, engine::math::Vec3(-0.65, -0.6935, 0.344));
    double drive = 0, brake = 0;
    for (const auto& wheel : added.vehicle.wheels) {
        drive += wheel.drive_share;
        brake += wheel.brake_share;
    }
    EXPECT_NEAR(drive, 1, 1e-12);
    EXPECT_NEAR(brake, 1, 1e-12);
    bool drawn = false;
    for (int i = 0; i < 1000; ++i) {
        drawn = drawn || all[catalogue->moving.pick(i / 1000.0)].name == "lorry";
    }
    EXPECT_TRUE(drawn);
}

TEST(Weights, DrawInProportion) {
    Weights weights;
    weights.add(3, 1);
    weights.add(5, 0);
    weights.add(7, 3);
    EXPECT_EQ(weights.pick(0), 3U);
    EXPECT_EQ(weights.pick(0.2499), 3U);
    EXPECT_EQ(weights.pick(0.25), 7U);
    EXPECT_EQ(weights.pick(0.9999999), 7U);
}

TEST(ActorDocs, TablesAreThoseOfTheFieldLists) {
    using engine::core::field_rows;
    using engine::core::field_table;
    const auto page =
        engine::core::read_file(std::string(HUNTSMAN_SOURCE_DIR) + "/docs/actors.md").value();
    const std::pair<const char*, std::string> tables[] = {
        {"vehicle", field_table(field_rows<VehicleModel>())},
        {"axle", field_table(field_rows<Axle>())},
        {"body", field_table(field_rows<BodyModel>())},
        {"rider", field_table(field_rows<RiderModel>())},
        {"part", field_table(field_rows<PartModel>())},
        {"solid", field_table(field_rows<Solid>())},
        {"thing", field_table(field_rows<SolidModel>())},
        {"person", field_table(field_rows<PersonModel>())},
        {"figure", field_table(field_rows<Figure>())},
        {"palette", field_table(field_rows<Palette>())}};
    for (const auto& [name, table] : tables) {
        EXPECT_EQ(engine::core::table_difference(page, name, table), "");
    }
}

}  // namespace
}  // namespace huntsman::scenarios::catalogue
