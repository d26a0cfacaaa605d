// A model through all stages: what is known of a toy comes out of it, whatever its units, axes and
// winding, and what a description gets wrong is named.
#include "scenarios/models/build.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "scenarios/models/levels.h"
#include "scenarios/models/propose.h"
#include "scenarios/models/report.h"
#include "scenarios/models/store.h"
#include "scenarios/models/tree.h"
#include "scenarios/models/wheels.h"
#include "sensors/encode/image_file.h"
#include "tests/scenarios/models/toy.h"

namespace huntsman::scenarios::models {
namespace {

namespace fs = std::filesystem;
using engine::world::Lamp;
using engine::world::Material;
using engine::world::MeshLod;
using testing::HasSubstr;

class Toy : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = fs::path(testing::TempDir()) / "huntsman_models" /
                  testing::UnitTest::GetInstance()->current_test_info()->name();
        fs::remove_all(folder_);
        fs::create_directories(folder_);
    }
    void TearDown() override { fs::remove_all(folder_); }
    void put(const std::string& name, const std::string& content) const {
        std::ofstream(folder_ / name) << content;
    }
    // A description of toy.obj with these parts, and more keys.
    void describe(const std::string& parts, const std::string& more = "") const {
        put("toy.json", R"({"schema_version": 1, "class": "truck", "forward": "x", "up": "z",
 "unit_m": 1, "source": {"file": "toy.obj"}, "parts": [)" +
                            parts + "]" + more + "}");
    }
    static constexpr const char* kParts =
        R"({"is": "paint", "material": "body"}, {"is": "glass", "material": "pane"},
 {"is": "head_lamp", "material": "lens"}, {"is": "tyre", "material": "tyre"})";
    engine::core::Result<BuiltModel> build() {
        HM_TAKE(const Description description, load_description(folder_ / "toy.json"));
        engine::core::JobPool pool(threads_);
        return build_model(description, pool, findings_);
    }
    std::string error_of(const std::string& parts, const std::string& more = "") {
        describe(parts, more);
        const auto built = build();
        return built ? "none" : built.error().text();
    }
    fs::path folder_;
    int threads_ = 2;
    engine::core::Findings findings_;
};

void expect_toy(const BuiltModel& built) {
    EXPECT_NEAR(built.extent.length_m(), 5.02, 1e-3);
    EXPECT_NEAR(built.extent.front_m, 4.02, 1e-3);
    EXPECT_NEAR(built.extent.width_m, 2, 1e-3);
    EXPECT_NEAR(built.extent.height_m, 2.2, 1e-3);
    ASSERT_EQ(built.wheels.size(), 4U);
    const double places[4][2] = {{3, 0.8}, {3, -0.8}, {0, 0.8}, {0, -0.8}};
    for (std::size_t w = 0; w < 4; ++w) {
        EXPECT_NEAR(built.wheels[w].p_B.x, places[w][0], 1e-3);
        EXPECT_NEAR(built.wheels[w].p_B.y, places[w][1], 1e-3);
        EXPECT_NEAR(built.wheels[w].radius_m, kToyRadius_m, 1e-3);
        EXPECT_NEAR(built.wheels[w].width_m, 0.2, 1e-3);
    }
}

// Each triangle has an area, and normals on its own side.
void expect_sound(const engine::world::Mesh& mesh) {
    for (const MeshLod& lod : mesh.lods) {
        for (std::size_t i = 0; i + 2 < lod.indices.size(); i += 3) {
            Vec3 p[3], n(0, 0, 0);
            for (std::size_t k = 0; k < 3; ++k) {
                const auto& v = lod.vertices[lod.indices[i + k]];
                p[k] = {v.p[0], v.p[1], v.p[2]};
                const Vec3 own(v.n[0], v.n[1], v.n[2]);
                EXPECT_NEAR(glm::length(own), 1, 1e-3) << mesh.name;
                n += own;
            }
            const Vec3 cross = glm::cross(p[1] - p[0], p[2] - p[0]);
            EXPECT_GT(glm::length(cross), 1e-9) << mesh.name;
            EXPECT_GT(glm::dot(cross, n), 0) << mesh.name;
        }
    }
}

std::map<Material, double> areas_of(const MeshLod& lod) {
    std::map<Material, double> areas;
    for (const auto& s : lod.submeshes) {
        for (std::uint32_t i = s.first_index; i + 2 < s.first_index + s.index_count; i += 3) {
            Vec3 p[3];
            for (std::uint32_t k = 0; k < 3; ++k) {
                const auto& v = lod.vertices[lod.indices[i + k]];
                p[k] = {v.p[0], v.p[1], v.p[2]};
            }
            areas[s.material] += 0.5 * glm::length(glm::cross(p[1] - p[0], p[2] - p[0]));
        }
    }
    return areas;
}

TEST_F(Toy, HasItsMeasures) {
    put("toy.obj", toy_lorry());
    describe(kParts);
    const auto built = build();
    ASSERT_TRUE(built.ok()) << built.error().text();
    expect_toy(*built);
    expect_sound(built->body);
    for (const auto& mesh : built->wheel_meshes) expect_sound(mesh);
    const auto areas = areas_of(built->body.lods.front());
    // The hull's sides, ends and roof; its underside sees the ground only and may go.
    EXPECT_NEAR(areas.at(Material::kCarPaint), 2 * 5 * 1.7 + 2 * 2 * 1.7 + 5 * 2, 5 * 2 + 0.1);
    EXPECT_NEAR(areas.at(Material::kLamp), 2 * (0.2 * 0.1 + 0.12 * 0.6), 0.1);
}

TEST_F(Toy, InCentimetresWithYUpIsTheSame) {
    // x ahead, z up becomes z ahead, y up.
    std::istringstream lines(toy_lorry(kToyRadius_m, false, 100));
    std::string text, word;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("v ")) {
            std::istringstream numbers(line.substr(2));
            double x = 0, y = 0, z = 0;
            numbers >> x >> y >> z;
            line = "v " + std::to_string(y) + " " + std::to_string(z) + " " + std::to_string(x);
        }
        text += line + "\n";
    }
    put("toy.obj", text);
    put("toy.json", R"({"schema_version": 1, "class": "truck", "unit_m": 0.01,
 "source": {"file": "toy.obj"}, "parts": [)" +
                        std::string(kParts) + "]}");
    const auto built = build();
    ASSERT_TRUE(built.ok()) << built.error().text();
    expect_toy(*built);
}

TEST_F(Toy, ScaledToALengthIsTheSame) {
    put("toy.obj", toy_lorry(kToyRadius_m, false, 7.3));
    describe(kParts);
    put("toy.json", R"({"schema_version": 1, "class": "truck", "forward": "x", "up": "z",
 "length_m": 5.02, "source": {"file": "toy.obj"}, "parts": [)" +
                        std::string(kParts) + "]}");
    const auto built = build();
    ASSERT_TRUE(built.ok()) << built.error().text();
    expect_toy(*built);
}

TEST_F(Toy, FacesThatLookInwardsAreTurned) {
    put("toy.obj", toy_lorry(kToyRadius_m, true));
    describe(kParts);
    const auto built = build();
    ASSERT_TRUE(built.ok()) << built.error().text();
    expect_sound(built->body);
    // Seen from above the roof looks up.
    bool up = false;
    for (const auto& v : built->body.lods.front().vertices) up = up || (v.n[2] > 0.9F);
    EXPECT_TRUE(up);
    bool noted = false;
    for (const auto& f : findings_.take()) {
        noted = noted || f.message.find("looked inwards") != std::string::npos;
    }
    EXPECT_TRUE(noted);
}

TEST_F(Toy, ThreadsDoNotChangeIt) {
    put("toy.obj", toy_lorry());
    describe(kParts);
    threads_ = 1;
    const auto one = build();
    threads_ = 3;
    const auto three = build();
    ASSERT_TRUE(one.ok() && three.ok());
    EXPECT_EQ(pack(*one), pack(*three));
}

TEST_F(Toy, PackedAndUnpackedIsTheSame) {
    put("toy.obj", toy_lorry());
    describe(kParts);
    const auto built = build();
    ASSERT_TRUE(built.ok());
    const std::string content = pack(*built);
    const auto again = unpack(content);
    ASSERT_TRUE(again.ok()) << again.error().text();
    expect_toy(*again);
    ASSERT_EQ(again->body.lods.size(), built->body.lods.size());
    for (std::size_t k = 0; k < built->body.lods.size(); ++k) {
        EXPECT_EQ(triangles(again->body.lods[k]), triangles(built->body.lods[k]));
        EXPECT_EQ(again->body.lods[k].error_m, built->body.lods[k].error_m);
    }
    const std::string store = write_store({{"toy", 7, content}});
    const auto opened = Store::open(store);
    ASSERT_TRUE(opened.ok());
    ASSERT_NE(opened->find("toy"), nullptr);
    EXPECT_EQ(opened->find("toy")->description_hash, 7U);
    EXPECT_EQ(opened->find("other"), nullptr);
    // What is cut off anywhere is an error.
    for (std::size_t size = 0; size < content.size(); size += 97) {
        EXPECT_FALSE(unpack(std::string_view(content).substr(0, size)).ok()) << size;
    }
    EXPECT_FALSE(Store::open(std::string_view(store).substr(0, store.size() - 1)).ok());
    EXPECT_FALSE(Store::open("nothing").ok());
}

// A toy whose surface has places in a texture: u along it, v upwards.
std::string with_texture(const std::string& toy) {
    std::istringstream lines(toy);
    std::string text = "mtllib toy.mtl\n", line;
    while (std::getline(lines, line)) {
        std::istringstream words(line);
        std::string word;
        words >> word;
        if (word == "f") {
            text += 'f';
            while (words >> word) text += fmt::format(" {0}/{0}", word.substr(0, word.find('/')));
            text += '\n';
            continue;
        }
        text += line + '\n';
        double x = 0, y = 0, z = 0;
        if (word == "v" && words >> x >> y >> z) {
            text += fmt::format("vt {} {}\n", (x + 1) / 5.02, z / 2.2);
        }
    }
    return text;
}

TEST_F(Toy, PartsMayShowTheirTexture) {
    engine::core::Image image{.width = 2, .height = 1, .channels = 3};
    image.pixels = {255, 0, 0, 0, 0, 255};
    put("skin.png", *sensors::encode::encode_png(image));
    put("toy.mtl", "newmtl body\nmap_Kd skin.png\nnewmtl pane\nnewmtl lens\nnewmtl tyre\n");
    put("toy.obj", with_texture(toy_lorry()));
    std::string parts = kParts;
    parts.replace(parts.find("\"body\""), 6, R"("body", "picture": true)");
    describe(parts);
    const auto built = build();
    ASSERT_TRUE(built) << built.error().text();
    expect_toy(*built);
    ASSERT_EQ(built->pictures.size(), 1U);
    EXPECT_EQ(built->pictures[0]->size_px, 4);
    EXPECT_EQ(built->pictures[0]->gloss, engine::world::Picture::Gloss::kCoated);
    const auto unpacked = unpack(pack(*built));
    ASSERT_TRUE(unpacked) << unpacked.error().text();
    for (const BuiltModel* each : {&*built, &*unpacked}) {
        ASSERT_EQ(each->body.pictures.size(), 1U);
        EXPECT_EQ(each->body.pictures[0]->texels, built->pictures[0]->texels);
        const auto areas = areas_of(each->body.lods.front());
        EXPECT_EQ(areas.count(Material::kCarPaint), 0U);
        // All around but the ground side, where nobody looks.
        EXPECT_NEAR(areas.at(Material::kPicture), 2 * 5 * 1.7 + 2 * 2 * 1.7 + 5 * 2, 12);
        const MeshLod& lod = each->body.lods.front();
        for (const auto& submesh : lod.submeshes) {
            if (submesh.material != Material::kPicture) continue;
            for (std::uint32_t i = 0; i < submesh.index_count; ++i) {
                const auto& v = lod.vertices[lod.indices[submesh.first_index + i]];
                EXPECT_NEAR(v.uv[0], (v.p[0] + 1) / 5.02, 2e-3);
                EXPECT_NEAR(v.uv[1], 1 - v.p[2] / 2.2, 2e-3);
            }
        }
    }
}

TEST_F(Toy, LevelsKeepTheirBudgets) {
    put("toy.obj", toy_lorry());
    describe(kParts, R"(, "budgets": {"body": [300, 100, 60, 40], "wheel": [120, 60, 40, 16]})");
    const auto built = build();
    ASSERT_TRUE(built.ok()) << built.error().text();
    for (std::size_t k = 1; k < built->body.lods.size(); ++k) {
        EXPECT_LT(triangles(built->body.lods[k]), triangles(built->body.lods[k - 1]));
        EXPECT_GE(built->body.lods[k].error_m, built->body.lods[k - 1].error_m);
    }
    EXPECT_LE(triangles(built->body.lods.front()), 330U);
}

TEST_F(Toy, PatchesAreLaidOnTheSurface) {
    put("toy.obj", toy_lorry());
    describe(kParts, R"(, "patches": [{"is": "tail_lamp", "side": "rear", "at_m": [0.7, 0.8],
 "size_m": [0.3, 0.2], "twin": true}])");
    const auto built = build();
    ASSERT_TRUE(built.ok()) << built.error().text();
    expect_sound(built->body);
    const MeshLod& lod = built->body.lods.front();
    double left = 0, right = 0;
    for (const auto& s : lod.submeshes) {
        if (s.material != Material::kLamp || s.lamp != Lamp::kTail) continue;
        for (std::uint32_t i = s.first_index; i + 2 < s.first_index + s.index_count; i += 3) {
            Vec3 p[3];
            for (std::uint32_t k = 0; k < 3; ++k) {
                const auto& v = lod.vertices[lod.indices[i + k]];
                p[k] = {v.p[0], v.p[1], v.p[2]};
                EXPECT_NEAR(p[k].x, -1.006, 1e-4);
                EXPECT_LE(std::abs(std::abs(p[k].y) - 0.7), 0.15 + 1e-4);
                EXPECT_LE(std::abs(p[k].z - 0.8), 0.1 + 1e-4);
            }
            (p[0].y > 0 ? left : right) += 0.5 * glm::length(glm::cross(p[1] - p[0], p[2] - p[0]));
        }
    }
    // Of a corner a parabola cuts off a sixth of the square of its reach, which is 0.22 of the
    // smaller side; three straight steps cut off a little more.
    const double whole = 0.3 * 0.2 - 4 * 0.044 * 0.044 / 6;
    EXPECT_NEAR(left, whole, 0.005 * whole);
    EXPECT_NEAR(right, whole, 0.005 * whole);
}

TEST_F(Toy, APatchHasItsOutline) {
    put("toy.obj", toy_lorry());
    describe(kParts, R"(, "patches": [{"is": "brake_lamp", "side": "rear", "corner_m": 0,
 "outline_m": [0.4, 0.8, 0.8, 0.8, 0.8, 1.2]}])");
    const auto built = build();
    ASSERT_TRUE(built.ok()) << built.error().text();
    double area = 0;
    const MeshLod& lod = built->body.lods.front();
    for (const auto& s : lod.submeshes) {
        if (s.material != Material::kLamp || s.lamp != Lamp::kBrake) continue;
        for (std::uint32_t i = s.first_index; i + 2 < s.first_index + s.index_count; i += 3) {
            Vec3 p[3];
            for (std::uint32_t k = 0; k < 3; ++k) {
                const auto& v = lod.vertices[lod.indices[i + k]];
                p[k] = {v.p[0], v.p[1], v.p[2]};
            }
            area += 0.5 * glm::length(glm::cross(p[1] - p[0], p[2] - p[0]));
        }
    }
    EXPECT_NEAR(area, 0.5 * 0.4 * 0.4, 1e-4);
}

// A lens is divided where a rule cuts it, and keeps its area.
TEST_F(Toy, RulesCutFaces) {
    put("toy.obj", toy_lorry());
    describe(R"({"is": "turn_lamp", "material": "lens", "box_m": [0, 0.65, 0, 9, 0.9, 2],
 "cut": true, "twin": true},)" +
             std::string(kParts));
    const auto built = build();
    ASSERT_TRUE(built.ok()) << built.error().text();
    expect_toy(*built);
    std::map<Lamp, double> ahead;
    const MeshLod& lod = built->body.lods.front();
    for (const auto& s : lod.submeshes) {
        for (std::uint32_t i = s.first_index; i + 2 < s.first_index + s.index_count; i += 3) {
            Vec3 p[3];
            for (std::uint32_t k = 0; k < 3; ++k) {
                const auto& v = lod.vertices[lod.indices[i + k]];
                p[k] = {v.p[0], v.p[1], v.p[2]};
            }
            const double x = 0.5 * glm::cross(p[1] - p[0], p[2] - p[0]).x;
            if (s.material == Material::kLamp && x > 0) ahead[s.lamp] += x;
        }
    }
    // Lenses of 0.2 by 0.1 m, from y 0.6 on.
    EXPECT_NEAR(ahead[Lamp::kHead], 2 * 0.05 * 0.1, 1e-6);
    EXPECT_NEAR(ahead[Lamp::kTurnLeft], 0.15 * 0.1, 1e-6);
    EXPECT_NEAR(ahead[Lamp::kTurnRight], 0.15 * 0.1, 1e-6);
}

TEST_F(Toy, WhatADescriptionGetsWrongIsNamed) {
    put("toy.obj", toy_lorry());
    const std::string parts = kParts;
    EXPECT_THAT(error_of(parts + R"(, {"is": "rim", "material": "chrome"})"),
                HasSubstr("there is no material 'chrome', expected one of:"));
    EXPECT_THAT(error_of(parts + R"(, {"is": "rim", "object": "Rad*"})"),
                HasSubstr("there is no object 'Rad*'"));
    EXPECT_THAT(error_of(R"({"is": "tyre", "material": "tyre"})"),
                HasSubstr("no part takes faces of the materials: body, lens, pane"));
    EXPECT_THAT(error_of(parts + R"(, {"is": "rim", "material": "tyre", "piece": 9})"),
                HasSubstr("finds 4 pieces, expected more than 9"));
    EXPECT_THAT(error_of(parts + R"(, {"is": "rim", "box_m": [9, 9, 9, 10, 10, 10]})"),
                HasSubstr("finds no face"));
    EXPECT_THAT(error_of(R"({"is": "paint"})"), HasSubstr("no part of kind tyre"));
    EXPECT_THAT(error_of(R"({"is": "tyre", "material": "body"}, {"is": "paint"})"),
                HasSubstr("is not round"));
    EXPECT_THAT(error_of(R"({"is": "wings"})"), HasSubstr("wings"));
    EXPECT_THAT(error_of(parts, R"(, "wheels": 4)"), HasSubstr("wheels"));
    EXPECT_THAT(error_of(parts, R"(, "length_m": 5)"), HasSubstr("unit_m and length_m"));
    const auto patch_error = [&](const std::string& keys) {
        return error_of(parts, R"(, "patches": [{"is": "plate", "side": "rear")" + keys + "}]");
    };
    EXPECT_THAT(patch_error(R"(, "at_m": [0, 1])"), HasSubstr("expected either at_m and size_m"));
    EXPECT_THAT(patch_error(R"(, "at_m": [0, 1], "outline_m": [0, 1, 1, 1, 1, 2])"),
                HasSubstr("or outline_m"));
    EXPECT_THAT(patch_error(R"(, "outline_m": [0, 1, 1, 1, 1])"),
                HasSubstr("two for each of at least three corners"));
}

TEST_F(Toy, WrongUnitsAndMissingFilesAreNamed) {
    put("toy.obj", toy_lorry(kToyRadius_m, false, 100));
    EXPECT_THAT(error_of(kParts), HasSubstr("expected 0.05 to 60 m"));
    put("toy.json", R"({"schema_version": 1, "class": "car", "parts": [{"is": "paint"}],
 "source": {"archive": "none.sh3f", "entry": 3, "package": "some-package"}})");
    const auto built = build();
    ASSERT_FALSE(built.ok());
    EXPECT_THAT(built.error().text(), HasSubstr("install the package some-package"));
}

TEST_F(Toy, IsProposedWithItsWheelsAndGlass) {
    put("toy.obj", toy_lorry());
    auto proposal = propose({.file = "toy.obj"}, "toy", folder_, findings_);
    // The file has z up, which a proposal cannot know; it is y up in most.
    if (proposal) {
        EXPECT_FALSE(proposal->doubts.empty());
    }
    EXPECT_EQ(kind_by_name("Tire_Rubber"), Kind::kTyre);
    EXPECT_EQ(kind_by_name("GLASS_car_window"), Kind::kGlass);
    EXPECT_EQ(kind_by_name("something"), std::nullopt);
}

TEST(Circles, AreFitted) {
    std::vector<Vec2> points;
    for (int i = 0; i < 12; ++i) {
        points.emplace_back(3 + 0.4 * std::cos(0.5 * i), -1 + 0.4 * std::sin(0.5 * i));
    }
    const Circle circle = fit_circle(points);
    EXPECT_NEAR(circle.radius, 0.4, 1e-9);
    EXPECT_NEAR(circle.middle.x, 3, 1e-9);
    EXPECT_NEAR(circle.middle.y, -1, 1e-9);
    EXPECT_LT(circle.largest_error, 1e-9);
    EXPECT_EQ(fit_circle({{0, 0}, {1, 0}, {2, 0}}).radius, 0);
    EXPECT_EQ(fit_circle({}).radius, 0);
}

TEST(Trees, FindTheFirstTriangleAndTheNearest) {
    std::vector<std::array<Vec3, 3>> triangles;
    for (int i = 0; i < 50; ++i) {
        const double z = 0.1 * i;
        triangles.push_back({Vec3(-1, -1, z), Vec3(1, -1, z), Vec3(0, 1, z)});
    }
    const Tree tree(triangles);
    const auto hit = tree.first_hit({0, 0, 10}, {0, 0, -1}, 0, 100);
    ASSERT_TRUE(hit.has_value());
    EXPECT_EQ(hit->triangle, 49U);
    EXPECT_NEAR(hit->t, 10 - 4.9, 1e-12);
    EXPECT_FALSE(tree.first_hit({5, 5, 10}, {0, 0, -1}, 0, 100));
    EXPECT_NEAR(tree.distance({0, 0, 6}), 1.1, 1e-12);
    EXPECT_NEAR(tree.distance({0, 0, 2.02}), 0.02, 1e-12);
}

}  // namespace
}  // namespace huntsman::scenarios::models
