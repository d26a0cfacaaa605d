// Reading of the base mesh: what is missing or malformed is named, never a crash.
#include "scenarios/people/body_data.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "engine/core/files.h"

namespace huntsman::scenarios::people {
namespace {

namespace fs = std::filesystem;
using engine::core::write_file;

// A folder with a mesh of one square and weights for it.
class BodyDataFiles : public ::testing::Test {
  protected:
    void SetUp() override {
        folder_ = fs::path(::testing::TempDir()) / "body_data";
        fs::create_directories(folder_ / "3dobjs");
        fs::create_directories(folder_ / "rigs/standard");
        fs::create_directories(folder_ / "targets/nose");
        mesh(
            "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nvt 0 0\nvt 1 0\nvt 1 1\nvt 0 1\ng body\n"
            "f 1/1 2/2 3/3 4/4\n");
        weights(R"({"weights": {"pelvis": [[0, 1.0], [1, 0.5]], "thigh_l": [[1, 0.5]]}})");
    }
    void TearDown() override { fs::remove_all(folder_); }
    void mesh(const std::string& text) {
        ASSERT_TRUE(write_file(folder_ / "3dobjs/base.obj", text).ok());
    }
    void weights(const std::string& text) {
        ASSERT_TRUE(write_file(folder_ / "rigs/standard/weights.game_engine.json", text).ok());
    }
    std::string error() const {
        const auto read = BodyData::read(folder_);
        return read.ok() ? "" : read.error().text();
    }
    fs::path folder_;
};

TEST_F(BodyDataFiles, MissingFilesAreNamed) {
    fs::remove(folder_ / "3dobjs/base.obj");
    EXPECT_NE(error().find("base.obj"), std::string::npos);
}

TEST_F(BodyDataFiles, MalformedMeshesAreErrors) {
    for (const char* text :
         {"", "v 0 0\n", "v 0 0 zero\n", "v 0 0 inf\n", "v 0 0 0\nvt 0 0\nf 1/1 1/1 1/1\n",
          "v 0 0 0\nvt 0 0\nf 1/1 1/1 1/1 9/1\n", "v 0 0 0\nvt 0 0\nf 1/1 1/1 1/1 -1/1\n",
          "v 0 0 0\nf 1 1 1 1\n"}) {
        mesh(text);
        EXPECT_NE(error(), "") << text;
    }
}

TEST_F(BodyDataFiles, MalformedWeightsAreErrors) {
    for (const char* text :
         {"", "[]", "{", R"({"weights": 3})", R"({"weights": {"tail": [[0, 1.0]]}})",
          R"({"weights": {"pelvis": [[7, 1.0]]}})", R"({"weights": {"pelvis": [[0, "much"]]}})",
          R"({"weights": {"pelvis": [[-1, 1.0]]}})", R"({"weights": {"pelvis": [0]}})"}) {
        weights(text);
        EXPECT_NE(error(), "") << text;
    }
}

TEST_F(BodyDataFiles, MasksThatNameOtherVerticesAreErrors) {
    // The masks that are shipped are for the whole base mesh, not for a square.
    EXPECT_NE(error().find("masks.json"), std::string::npos);
}

}  // namespace
}  // namespace huntsman::scenarios::people
