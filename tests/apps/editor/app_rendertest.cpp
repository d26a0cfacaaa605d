// The editor's program, offscreen: scripts, screenshots, small windows.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "apps/editor/app.h"
#include "bridge/live/live_run.h"
#include "engine/core/files.h"
#include "sensors/encode/image_file.h"

namespace huntsman::apps::editor {
namespace {

namespace fs = std::filesystem;

class App : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = fs::temp_directory_path() / fmt::format("huntsman_app_{}", ::getpid());
        fs::remove_all(folder_);
        fs::create_directories(folder_);
    }
    void TearDown() override {
        bridge::live::wait_for_builds();
        fs::remove_all(folder_);
    }
    engine::core::Status play(const std::string& steps, int width = 960, int height = 600) {
        std::ofstream(folder_ / "script.json") << steps;
        return run_app({.open = {},
                        .script = folder_ / "script.json",
                        .shots = folder_,
                        .offscreen = true,
                        .width = width,
                        .height = height,
                        .state_folder = folder_ / "state",
                        .catalogue = {},
                        .size = "64x40"});
    }
    engine::core::Image shot(const char* name) {
        const auto bytes = engine::core::read_file(folder_ / name);
        EXPECT_TRUE(bytes.ok());
        auto image = sensors::encode::decode_png(bytes.value());
        EXPECT_TRUE(image.ok());
        return image.ok() ? image.value() : engine::core::Image{};
    }
    static std::size_t colours(const engine::core::Image& image) {
        std::set<std::uint32_t> seen;
        for (std::size_t i = 0; i + 2 < image.pixels.size(); i += 3) {
            seen.insert(static_cast<std::uint32_t>(image.pixels[i]) << 16 |
                        static_cast<std::uint32_t>(image.pixels[i + 1]) << 8 | image.pixels[i + 2]);
        }
        return seen.size();
    }
    fs::path folder_;
};

constexpr const char* kSmallTown = R"(
    {"do": "set", "field": "town.size_m", "value": 500},
    {"do": "set", "field": "town.vehicles", "value": 3},
    {"do": "set", "field": "town.pedestrians", "value": 3},
    {"do": "set", "field": "duration_s", "value": 2},
    {"wait": "settled", "most_s": 100},)";

TEST_F(App, AScriptEditsRunsAndTakesPictures) {
    const auto status = play(fmt::format(R"([{}
        {{"click": "tab:Environment"}}, {{"wait_s": 0.2}},
        {{"click": "weather:rain"}}, {{"wait": "settled"}},
        {{"expect": {{"can_run": true, "changed": true, "can_undo": true}}}},
        {{"key": "ctrl+z"}}, {{"wait": "settled"}},
        {{"menu": "Run/Play or pause"}},
        {{"do": "run_speed", "value": 0}},
        {{"wait": "ended", "most_s": 100}},
        {{"screenshot": "town.png"}},
        {{"click": "view:cameras"}},
        {{"screenshot": "cameras.png"}}])",
                                         kSmallTown));
    ASSERT_TRUE(status.ok()) << status.error().text();
    const auto town = shot("town.png");
    EXPECT_EQ(town.width, 960);
    EXPECT_EQ(town.height, 600);
    // A picture of the world has thousands of colours, an empty pane a few.
    EXPECT_GT(colours(town), 2000U);
    EXPECT_GT(colours(shot("cameras.png")), 2000U);
}

TEST_F(App, AnActorIsDraggedAndTheDragIsOneStep) {
    const auto status = play(fmt::format(R"([{}
        {{"do": "add_actor", "kind": "car", "x": 0, "y": 0, "name": "Parked"}},
        {{"wait": "settled"}},
        {{"click": "view:top"}},
        {{"do": "top", "x": 0, "y": 0, "metres_per_px": 0.1}},
        {{"wait_s": 0.3}},
        {{"click": "snap"}},
        {{"drag": "top", "from": [0.5, 0], "to": [10.5, 6]}},
        {{"wait": "settled"}},
        {{"print": ["steps", "selection"]}},
        {{"expect": {{"selection": ["Parked"], "steps": 6}}}},
        {{"key": "ctrl+z"}},
        {{"expect": {{"steps": 5}}}}])",
                                         kSmallTown));
    EXPECT_TRUE(status.ok()) << status.error().text();
}

TEST_F(App, AWindowOf200By100IsUsable) {
    const auto status = play(fmt::format(R"([{} {{"screenshot": "small.png"}},
        {{"resize": [1280, 720]}}, {{"wait_s": 0.5}}, {{"screenshot": "large.png"}}])",
                                         kSmallTown),
                             200, 100);
    ASSERT_TRUE(status.ok()) << status.error().text();
    EXPECT_EQ(shot("small.png").width, 200);
    EXPECT_EQ(shot("large.png").width, 1280);
}

TEST_F(App, AStepThatFailsIsNamed) {
    const auto status = play(R"([{"wait_s": 0.1}, {"click": "no such thing"}])");
    ASSERT_FALSE(status.ok());
    EXPECT_NE(status.error().text().find("step 2"), std::string::npos) << status.error().text();
    EXPECT_NE(status.error().text().find("there is nothing called no such thing"),
              std::string::npos);
}

TEST_F(App, AScriptThatIsNoneIsRefused) {
    for (const char* text : {"", "{}", "[1]", R"([{"jump": 1}])", R"([{"key": "hyper+x"}])"}) {
        EXPECT_FALSE(play(text).ok()) << text;
    }
}

}  // namespace
}  // namespace huntsman::apps::editor
