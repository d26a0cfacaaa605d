// Models in four formats: what they say is read, and what is wrong with them is named; nothing
// crashes the program, and no file outside the model's folder is read.
#include "engine/import/import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>

#include "engine/import/apart.h"
#include "engine/import/picture.h"
#include "tests/engine/import/samples.h"
#include "tests/support/mutation.h"

namespace huntsman::engine::import {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

struct Format {
    const char* name;
    std::string content;
    double unit_m;  // as the file says it
};

const std::vector<Format>& all_formats() {
    static const std::vector<Format> formats = {{"box.obj", obj_text(), 0},
                                                {"box.ac", ac_text(), 0},
                                                {"box.gltf", gltf_text(), 1},
                                                {"box.glb", glb_bytes(), 1},
                                                {"box.fbx", fbx_text(), 1}};
    return formats;
}

double area(const std::vector<Mesh>& meshes) {
    double sum = 0;
    for (const Mesh& mesh : meshes) {
        for (std::size_t i = 0; i + 2 < mesh.indices.size(); i += 3) {
            std::array<Point, 3> p;
            for (std::size_t k = 0; k < 3; ++k) p[k] = mesh.positions[mesh.indices[i + k]];
            std::array<double, 3> a, b;
            for (std::size_t k = 0; k < 3; ++k) a[k] = p[1][k] - p[0][k], b[k] = p[2][k] - p[0][k];
            const double x = a[1] * b[2] - a[2] * b[1], y = a[2] * b[0] - a[0] * b[2],
                         z = a[0] * b[1] - a[1] * b[0];
            sum += 0.5 * std::sqrt(x * x + y * y + z * z);
        }
    }
    return sum;
}

class ModelFolder : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = fs::path(testing::TempDir()) / "huntsman_import" /
                  testing::UnitTest::GetInstance()->current_test_info()->name();
        fs::remove_all(folder_);
        fs::create_directories(folder_ / "model");
    }
    void TearDown() override { fs::remove_all(folder_); }
    fs::path put(const std::string& name, const std::string& content) const {
        std::ofstream(folder_ / name, std::ios::binary) << content;
        return folder_ / name;
    }
    core::Result<Model> read(const std::string& name) const {
        HM_TAKE(const Files files, Files::of_file(folder_ / name));
        return read_model(files);
    }
    fs::path folder_;
};

TEST(ImportedModels, EachFormatGivesTheSameBox) {
    for (const Format& format : all_formats()) {
        const auto model = read_model(Files::of_memory(format.name, format.content));
        ASSERT_TRUE(model.ok()) << format.name << ": " << model.error().text();
        const auto meshes = placed_meshes(*model);
        std::size_t triangles = 0;
        for (const Mesh& mesh : meshes) triangles += mesh.indices.size() / 3;
        EXPECT_EQ(triangles, 12U) << format.name;
        // 2 (2 · 1 + 1 · 0.5 + 2 · 0.5) m²; floats have seven digits.
        EXPECT_NEAR(area(meshes), 7.0, 1e-5) << format.name;
        EXPECT_EQ(model->unit_m, format.unit_m) << format.name;
    }
}

TEST(ImportedModels, MaterialsHaveNamesAndColours) {
    for (const Format& format : all_formats()) {
        if (std::string_view(format.name) == "box.obj") continue;  // it names no library
        const auto model = read_model(Files::of_memory(format.name, format.content));
        ASSERT_TRUE(model.ok()) << format.name;
        bool found = false;
        for (const Material& material : model->materials) {
            if (material.name != "paint") continue;
            found = true;
            EXPECT_NEAR(material.colour[0], 0.5F, 1e-5F) << format.name;
            EXPECT_NEAR(material.colour[2], 0.125F, 1e-5F) << format.name;
        }
        EXPECT_TRUE(found) << format.name;
    }
}

TEST(ImportedModels, SkinsHaveJointsAndWeights) {
    const auto model = read_model(Files::of_memory("skinned.gltf", skinned_gltf_text()));
    ASSERT_TRUE(model.ok()) << model.error().text();
    ASSERT_EQ(model->joints.size(), 1U);
    EXPECT_EQ(model->joints[0].name, "bone");
    ASSERT_LT(model->joints[0].node, model->nodes.size());
    EXPECT_EQ(model->nodes[model->joints[0].node].name, "bone");
    EXPECT_EQ(model->nodes[model->joints[0].node].X_PN[7], 1);  // y of the translation
    EXPECT_EQ(model->joints[0].X_JM[7], -1);
    ASSERT_EQ(model->meshes.size(), 1U);
    ASSERT_EQ(model->meshes[0].skin.size(), model->meshes[0].positions.size());
    for (const SkinVertex& vertex : model->meshes[0].skin) {
        float sum = 0;
        for (const float weight : vertex.weights) sum += weight;
        EXPECT_FLOAT_EQ(sum, 1);
    }
}

// Without matrices of its joints, which glTF allows, a skin crashes Assimp 5.2: an error for us.
TEST(ImportedModels, ACrashOfTheReaderIsAnError) {
    std::string text = skinned_gltf_text();
    const std::string matrices = ",\"inverseBindMatrices\":4";
    text.erase(text.find(matrices), matrices.size());
    const auto model = read_model(Files::of_memory("skinned.gltf", text));
    if (!model) EXPECT_THAT(model.error().text(), HasSubstr("skinned.gltf: cannot be read"));
}

TEST(ImportedModels, TruncatedFilesAreErrorsOrSmallerModels) {
    for (const Format& format : all_formats()) {
        for (const double share : {0.0, 0.3, 0.6, 0.9}) {
            const auto size =
                static_cast<std::size_t>(share * static_cast<double>(format.content.size()));
            const auto model =
                read_model(Files::of_memory(format.name, format.content.substr(0, size)));
            if (!model) EXPECT_THAT(model.error().text(), HasSubstr(format.name));
        }
    }
}

TEST(ImportedModels, OtherFormatsAndEmptyModelsAreErrors) {
    const auto other = read_model(Files::of_memory("box.stl", "solid box"));
    ASSERT_FALSE(other.ok());
    EXPECT_THAT(other.error().message, HasSubstr("expected .ac, .fbx, .glb, .gltf, .obj"));
    const auto empty = read_model(Files::of_memory("box.obj", "# nothing\n"));
    EXPECT_FALSE(empty.ok());
}

TEST(ImportedModels, FacesWithBadCornersAreLeftOutAndNamed) {
    std::string text = obj_text();
    text += "v nan 0 0\nv 1e30 0 0\nf 1 2 9\nf 1 2 10\n";
    const auto model = read_model(Files::of_memory("box.obj", text));
    ASSERT_TRUE(model.ok()) << model.error().text();
    std::size_t triangles = 0;
    for (const Mesh& mesh : model->meshes) triangles += mesh.indices.size() / 3;
    EXPECT_LE(triangles, 13U);  // the reader may take "nan" for 0
    for (const Mesh& mesh : model->meshes) {
        for (const Point& p : mesh.positions) EXPECT_LT(std::abs(p[0]), 1e7F);
    }
}

TEST_F(ModelFolder, NothingOutsideTheFolderIsRead) {
    put("secret.mtl", "newmtl paint\nKd 0.111 0.222 0.333\nmap_Kd ../secret.png\n");
    put("secret.png", "secret");
    put("model/box.obj", obj_text("../secret.mtl"));
    const auto model = read("model/box.obj");
    ASSERT_TRUE(model.ok()) << model.error().text();
    for (const Material& material : model->materials) EXPECT_NE(material.colour[0], 0.111F);
    bool named = false;
    for (const auto& finding : model->findings) {
        named =
            named || finding.message.find("leads out of the model's folder") != std::string::npos;
    }
    EXPECT_TRUE(named);
}

TEST_F(ModelFolder, LinksThatLeadOutAreRefused) {
    put("secret.txt", "secret");
    fs::create_symlink(folder_ / "secret.txt", folder_ / "model/link.txt");
    put("model/box.obj", obj_text());
    const auto files = Files::of_file(folder_ / "model/box.obj");
    ASSERT_TRUE(files.ok());
    EXPECT_FALSE(files->read("link.txt").ok());
    EXPECT_FALSE(files->read("../secret.txt").ok());
    EXPECT_FALSE(files->read("/etc/passwd").ok());
    EXPECT_TRUE(files->read("box.obj").ok());
}

TEST_F(ModelFolder, TexturesThatAreMissingOrOutsideAreFindings) {
    put("model/box.mtl", "newmtl paint\nKd 0.5 0.5 0.5\nmap_Kd missing.png\n");
    put("model/box.obj", obj_text("box.mtl"));
    const auto missing = read("model/box.obj");
    ASSERT_TRUE(missing.ok()) << missing.error().text();
    ASSERT_FALSE(missing->findings.empty());
    EXPECT_EQ(missing->findings.back().rule, "model.texture.missing");
    put("model/box.gltf", gltf_text("../../secret.png"));
    const auto outside = read("model/box.gltf");
    ASSERT_TRUE(outside.ok()) << outside.error().text();
    ASSERT_FALSE(outside->findings.empty());
    EXPECT_EQ(outside->findings.back().rule, "model.texture.outside");
    for (const Material& material : outside->materials) EXPECT_EQ(material.texture, "");
}

TEST(InnerNames, StayInTheFolder) {
    EXPECT_EQ(inner_name("a/./b.png"), "a/b.png");
    EXPECT_EQ(inner_name("a\\..\\b.png"), "b.png");
    for (const char* name :
         {"", ".", "..", "../a", "a/../../b", "/etc/passwd", "C:\\a", "a\nb", "..\\..\\a"}) {
        EXPECT_FALSE(inner_name(name)) << name;
    }
}

TEST(Pictures, AbsurdSizesAndDamageAreErrors) {
    // The head of a PNG of 100,000 x 100,000 pixels; its checksum is right.
    std::string png("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\1\x86\xa0\0\1\x86\xa0\x8\2\0\0\0", 29);
    std::uint32_t crc = 0xffffffff;
    for (std::size_t i = 12; i < png.size(); ++i) {
        crc ^= static_cast<unsigned char>(png[i]);
        for (int k = 0; k < 8; ++k) crc = crc >> 1 ^ ((crc & 1U) != 0 ? 0xedb88320U : 0U);
    }
    for (int shift = 24; shift >= 0; shift -= 8) png += static_cast<char>(~crc >> shift & 255);
    png += std::string("\0\0\0\0IDAT\x35\xaf\x06\x1e", 12);
    const auto large = decode_picture(png, "large.png");
    ASSERT_FALSE(large.ok());
    EXPECT_THAT(large.error().message, HasSubstr("large.png"));
    EXPECT_FALSE(decode_picture("\xff\xd8\xff\xe0 broken", "broken.jpg").ok());
    EXPECT_FALSE(decode_picture("GIF89a", "other.gif").ok());
}

TEST_F(ModelFolder, DamagedArchivesAreErrors) {
    EXPECT_FALSE(ZipArchive::open(put("a.zip", "")).ok());
    EXPECT_FALSE(ZipArchive::open(put("b.zip", std::string(100, 'x'))).ok());
    // An end record that points far beyond the file.
    std::string end("PK\5\6\0\0\0\0\1\0\1\0\xff\xff\xff\x7f\xff\xff\xff\x7f\0\0", 22);
    EXPECT_FALSE(ZipArchive::open(put("c.zip", end)).ok());
    EXPECT_FALSE(ZipArchive::open(folder_ / "none.zip").ok());
}

TEST(WorkApart, CrashesAndLoopsAreErrors) {
    const auto fine = run_apart([] { return std::string(100000, 'a'); }, {});
    ASSERT_TRUE(fine.ok());
    EXPECT_EQ(fine->size(), 100000U);
    const auto crash = run_apart([]() -> std::string { std::abort(); }, {});
    ASSERT_FALSE(crash.ok());
    EXPECT_THAT(crash.error().message, HasSubstr("crashed with signal"));
    const auto loop = run_apart(
        []() -> std::string {
            volatile int i = 0;
            while (true) i = i + 1;
        },
        {.time_s = 1});
    ASSERT_FALSE(loop.ok());
    EXPECT_THAT(loop.error().message, HasSubstr("too long"));
    const auto thrown = run_apart([]() -> std::string { throw 1; }, {});
    EXPECT_FALSE(thrown.ok());
    const auto large = run_apart([] { return std::string(1 << 20, 'a'); }, {.answer_bytes = 1000});
    EXPECT_FALSE(large.ok());
}

// HUNTSMAN_MUTATIONS: how many of each format.
TEST(ImportedModels, MutatedFilesNeverCrash) {
    const std::uint64_t count = tests::mutations(40);
    std::size_t read = 0, refused = 0;
    for (const Format& format : all_formats()) {
        for (std::uint64_t seed = 0; seed < count; ++seed) {
            const auto files = Files::of_memory(
                format.name,
                tests::mutated(format.content, core::Dice(core::Key(seed).with(format.name))));
            const auto model = read_model(files, {.time_s = 10, .memory_bytes = 1ULL << 30});
            if (!model) {
                ++refused;
                EXPECT_FALSE(model.error().message.empty());
                continue;
            }
            ++read;
            for (const Mesh& mesh : placed_meshes(*model)) {
                EXPECT_LT(mesh.material, model->materials.size());
                EXPECT_TRUE(mesh.normals.empty() || mesh.normals.size() == mesh.positions.size());
                for (const std::uint32_t index : mesh.indices) {
                    ASSERT_LT(index, mesh.positions.size()) << format.name << " seed " << seed;
                }
                for (const Point& p : mesh.positions) {
                    ASSERT_FALSE(std::isnan(p[0])) << format.name << " seed " << seed;
                }
            }
        }
    }
    EXPECT_GT(read, 0U);
    EXPECT_GT(refused, 0U);
    RecordProperty("read", static_cast<int>(read));
    RecordProperty("refused", static_cast<int>(refused));
}

}  // namespace
}  // namespace huntsman::engine::import
