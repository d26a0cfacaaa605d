// Animals from their files: measures, surfaces, levels of detail, and files that cannot be.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "engine/core/assets.h"
#include "engine/core/describe_table.h"
#include "engine/core/files.h"
#include "engine/figure/quadruped.h"
#include "scenarios/animals/animal.h"
#include "scenarios/animals/animal_fields.h"
#include "scenarios/animals/flesh.h"

namespace huntsman::scenarios::animals {
namespace {

namespace fs = std::filesystem;
namespace figure = engine::figure;
using engine::math::Vec3;

fs::path file_of(const std::string& name) {
    return engine::core::assets_folder() / "animals" / (name + ".json");
}

// In coarse cells, which take a fraction of the time.
figure::Model coarse(Animal animal, double cells = 2) {
    animal.cell_m = *animal.cell_m * cells;
    return make_model(animal, "animal");
}

Vec3 size_of(const figure::Model& model) {
    Vec3 low(1e9), high(-1e9);
    for (const figure::Vertex& v : model.levels.front().vertices) {
        low = glm::min(low, Vec3(v.p[0], v.p[1], v.p[2]));
        high = glm::max(high, Vec3(v.p[0], v.p[1], v.p[2]));
    }
    return high - low;
}

TEST(ShippedAnimals, AreReadAndStandOnFourFeet) {
    const auto names = engine::core::shipped("animals");
    EXPECT_GE(names.size(), 11U);
    for (const std::string& name : names) {
        const auto animal = read_animal(file_of(name));
        ASSERT_TRUE(animal.ok()) << animal.error().text();
        EXPECT_FALSE(animal->description.empty()) << name;
        EXPECT_EQ(animal->eyes.size(), 1U) << name;
        EXPECT_EQ(animal->ears.size(), 1U) << name;
    }
}

// Heights at the shoulder by the sources that the files name.
TEST(ShippedAnimals, HaveTheHeightOfTheirBreed) {
    const struct {
        const char* name;
        double low_m, high_m;
    } kinds[] = {{"labrador", 0.54, 0.585}, {"shepherd", 0.60, 0.65}, {"terrier", 0.25, 0.30},
                 {"cat", 0.23, 0.28},       {"hind", 1.05, 1.15},     {"stag", 1.18, 1.30},
                 {"cow", 1.38, 1.50}};
    for (const auto& kind : kinds) {
        const Animal animal = read_animal(file_of(kind.name)).value();
        const Flesh flesh(animal, Surface::kBody);
        const double x = animal.joints->shoulder_blade[0];
        double z = 3;
        while (z > 0 && flesh.at({x, 0, z}) > 0) z -= 0.001;
        EXPECT_GE(z, kind.low_m) << kind.name;
        EXPECT_LE(z, kind.high_m) << kind.name;
    }
}

// Edges that no face shares, or more than two, and faces without an area or against their normals.
TEST(ShippedAnimals, SurfacesAreClosedAndFaceOutwards) {
    for (const char* name : {"labrador", "cat", "hind", "cow"}) {
        const Animal animal = read_animal(file_of(name)).value();
        const people::Piece piece = Flesh(animal, Surface::kBody).surface(1.5 * *animal.cell_m);
        std::map<std::pair<std::uint32_t, std::uint32_t>, int> edges;
        std::size_t against = 0;
        for (const people::Face& f : piece.faces) {
            const Vec3 &a = piece.points[f[0]].p, &b = piece.points[f[1]].p,
                       &c = piece.points[f[2]].p;
            const Vec3 n = glm::cross(b - a, c - a);
            EXPECT_GT(glm::dot(n, n), 0) << name;
            const Vec3 mean = piece.points[f[0]].n + piece.points[f[1]].n + piece.points[f[2]].n;
            against += glm::dot(n, mean) <= 0 ? 1 : 0;
            for (std::size_t k = 0; k < 3; ++k) ++edges[{f[k], f[(k + 1) % 3]}];
        }
        EXPECT_LE(against, piece.faces.size() / 500) << name;
        std::size_t open = 0;
        for (const auto& [edge, count] : edges) {
            open += edges.count({edge.second, edge.first}) == 0 ? 1 : 0;
        }
        EXPECT_EQ(open, 0U) << name;
    }
}

TEST(ShippedAnimals, LevelsKeepTheirBudgetsAndFacesTheirSides) {
    for (const char* name : {"shepherd", "stag"}) {
        const Animal animal = read_animal(file_of(name)).value();
        const figure::Model model = coarse(animal);
        ASSERT_EQ(model.levels.size(), 3U);
        EXPECT_TRUE(figure::four_legged(model.skeleton));
        for (std::size_t k = 0; k < 3; ++k) {
            const figure::Level& level = model.levels[k];
            EXPECT_LE(static_cast<double>(level.indices.size()) / 3, animal.triangles[k]);
            EXPECT_GE(static_cast<double>(level.indices.size()) / 3, 0.8 * animal.triangles[k]);
            std::size_t against = 0;
            for (std::size_t i = 0; i < level.indices.size(); i += 3) {
                const auto at = [&](std::size_t c) -> const figure::Vertex& {
                    return level.vertices[level.indices[i + c]];
                };
                const auto p = [&](std::size_t c) {
                    return Vec3(at(c).p[0], at(c).p[1], at(c).p[2]);
                };
                const Vec3 n = glm::cross(p(1) - p(0), p(2) - p(0));
                EXPECT_GT(glm::dot(n, n), 0);
                Vec3 mean(0);
                for (std::size_t c = 0; c < 3; ++c) {
                    mean += Vec3(at(c).n[0], at(c).n[1], at(c).n[2]);
                }
                against += glm::dot(n, mean) <= 0 ? 1 : 0;
            }
            EXPECT_LE(against, level.indices.size() / 3 / (k < 2 ? 100 : 20)) << name << " " << k;
        }
    }
}

TEST(Animals, AScaledOneHasTheMeasuresThatAreAsked) {
    const Animal whole = read_animal(file_of("labrador")).value();
    const Vec3 own = size_of(coarse(whole));
    const fs::path folder = fs::path(testing::TempDir()) / "huntsman_animals";
    fs::create_directories(folder);
    fs::copy_file(file_of("labrador"), folder / "labrador.json",
                  fs::copy_options::overwrite_existing);
    std::ofstream(folder / "big.json")
        << R"({"schema_version": 1, "like": "labrador", "scale": [1.3, 1.3, 1.3]})";
    const auto big = read_animal(folder / "big.json");
    ASSERT_TRUE(big.ok()) << big.error().text();
    const Vec3 size = size_of(coarse(*big));
    for (int k = 0; k < 3; ++k) EXPECT_NEAR(size[k] / own[k], 1.3, 0.013) << k;
}

TEST(Animals, TheSameFileGivesTheSameBits) {
    const Animal animal = read_animal(file_of("cat")).value();
    const figure::Model a = coarse(animal, 3), b = coarse(animal, 3);
    ASSERT_EQ(a.levels[0].vertices.size(), b.levels[0].vertices.size());
    EXPECT_EQ(std::memcmp(a.levels[0].vertices.data(), b.levels[0].vertices.data(),
                          a.levels[0].vertices.size() * sizeof(figure::Vertex)),
              0);
    EXPECT_EQ(a.levels[0].indices, b.levels[0].indices);
}

// The left half and the right one are carried alike.
TEST(Animals, FlanksAreCarriedByTheirSide) {
    const Flesh flesh(read_animal(file_of("hind")).value(), Surface::kBody);
    const auto left = flesh.carried({0.2, 0.12, 0.5}), right = flesh.carried({0.2, -0.12, 0.5});
    EXPECT_EQ(left.joints[0], figure::Joint::kLeftLowerArm);
    EXPECT_EQ(right.joints[0], figure::Joint::kRightLowerArm);
    EXPECT_EQ(left.shares[0], right.shares[0]);
    const auto back = flesh.carried({0.12, 0.0, 1.09});
    EXPECT_EQ(back.joints[0], figure::Joint::kSpine2);
}

std::string error_of(const std::string& text) {
    const fs::path path = fs::path(testing::TempDir()) / "huntsman_bad_animal.json";
    std::ofstream(path) << text;
    const auto animal = read_animal(path);
    return animal.ok() ? std::string() : animal.error().text();
}

TEST(AnimalFiles, ThatCannotBeAreRefused) {
    const std::string text = engine::core::read_file(file_of("cat")).value();
    const auto changed = [&](const std::string& from, const std::string& to) {
        std::string other = text;
        const std::size_t at = other.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        return error_of(other.replace(at, from.size(), to));
    };
    const auto has = [](const std::string& error, const char* words) {
        EXPECT_NE(error.find(words), std::string::npos) << error;
    };
    has(changed("\"chest chest", "\"chest wing"), "carriers has wing, expected joints of pelvis");
    has(changed("\"cell_m\"", "\"cells\""), "cells is not known here");
    has(changed("\"toe\": [0.106, 0.031, 0]", "\"toe\": [0.106, 0.031, 0.1]"),
        "toe is at a height of 0.1, expected 0");
    has(changed("\"stations_m\": [[", "\"stations_m\": [[1, 2], ["), "is no station, expected x");
    has(changed("\"cell_m\": 0.0026", "\"cell_m\": 0.001"),
        "million cells of cell_m, expected at most 20 million");
    has(error_of(R"({"schema_version": 1, "like": "unicorn"})"), "is like unicorn");
    has(error_of(R"({"schema_version": 1})"), "lacks joints_m, flesh, coat or cell_m");
    has(error_of(text.substr(0, text.size() / 2)), "huntsman_bad_animal.json");
}

TEST(AnimalDocs, TablesAreThoseOfTheFieldLists) {
    using engine::core::field_rows;
    using engine::core::field_table;
    const std::string page =
        engine::core::read_file(std::string(HUNTSMAN_SOURCE_DIR) + "/docs/animals.md").value();
    const std::pair<const char*, std::string> tables[] = {
        {"animal", field_table(field_rows<Animal>())},
        {"joints", field_table(field_rows<Joints>())},
        {"strand", field_table(field_rows<Strand>())},
        {"coat", field_table(field_rows<Coat>())},
        {"mark", field_table(field_rows<Mark>())},
        {"eye", field_table(field_rows<Eye>())},
        {"ear", field_table(field_rows<Ear>())}};
    for (const auto& [name, table] : tables) {
        EXPECT_EQ(engine::core::table_difference(page, name, table), "");
    }
}

}  // namespace
}  // namespace huntsman::scenarios::animals
