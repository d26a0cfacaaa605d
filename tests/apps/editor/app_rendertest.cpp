// The editor's program, offscreen: scripts, screenshots, small windows.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "apps/editor/app.h"
#include "bridge/live/live_run.h"
#include "engine/core/files.h"
#include "scenarios/edit/draft.h"
#include "scenarios/edit/outline.h"
#include "scenarios/edit/parts.h"
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
    engine::core::Status play(const std::string& steps, int width = 960, int height = 600,
                              bool offscreen = true) {
        std::ofstream(folder_ / "script.json") << steps;
        return run_app({.open = {},
                        .script = folder_ / "script.json",
                        .shots = folder_,
                        .offscreen = offscreen,
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

// Points of the only trajectory, as the saved story has them.
std::vector<engine::math::Vec2> path_of(const fs::path& file) {
    const auto draft = scenarios::edit::open(file);
    EXPECT_TRUE(draft.ok());
    std::vector<engine::math::Vec2> points;
    if (!draft.ok() || !draft.value().story) return points;
    scenarios::edit::for_each_element(draft.value().story->root, [&](const auto& element) {
        if (element.name != "Vertex") return;
        points.push_back(scenarios::edit::written_pose(*element.child("Position"))->p);
    });
    return points;
}

TEST_F(App, PointsOfAPathAreDraggedInsertedAndRemoved) {
    const auto status =
        play(fmt::format(R"([{}
        {{"do": "add_actor", "kind": "child", "x": -5, "y": 0, "name": "Child"}},
        {{"do": "draw_trajectory", "actor": "Child", "points": [[0, 0], [10, 0], [20, 0]]}},
        {{"do": "select", "actors": ["Child"]}},
        {{"click": "view:top"}},
        {{"do": "top", "x": 10, "y": 0, "metres_per_px": 0.08}},
        {{"wait": "settled"}},
        {{"drag": "top", "from": [10, 0], "to": [10, 6]}},
        {{"wait": "settled"}},
        {{"do": "save", "path": "{}/moved.json"}},
        {{"drag": "top", "from": [5, 3], "to": [3, 8]}},
        {{"wait": "settled"}},
        {{"do": "save", "path": "{}/inserted.json"}},
        {{"point": "top", "at": [20, 0], "key": "ctrl"}},
        {{"wait": "settled"}},
        {{"do": "save", "path": "{}/removed.json"}},
        {{"expect": {{"steps": 9, "selection": ["Child"]}}}}])",
                         kSmallTown, folder_.string(), folder_.string(), folder_.string()));
    ASSERT_TRUE(status.ok()) << status.error().text();
    const auto near = [](const std::vector<engine::math::Vec2>& points,
                         const std::vector<engine::math::Vec2>& expected) {
        ASSERT_EQ(points.size(), expected.size());
        for (std::size_t i = 0; i < points.size(); ++i) {
            EXPECT_LT(glm::length(points[i] - expected[i]), 0.15) << i;
        }
    };
    near(path_of(folder_ / "moved.json"), {{0, 0}, {10, 6}, {20, 0}});
    near(path_of(folder_ / "inserted.json"), {{0, 0}, {3, 8}, {10, 6}, {20, 0}});
    near(path_of(folder_ / "removed.json"), {{0, 0}, {3, 8}, {10, 6}});
}

TEST_F(App, AKindIsDraggedFromThePaletteAndGetsAParameter) {
    const auto status = play(fmt::format(R"([{}
        {{"click": "tab:Add"}},
        {{"click": "view:top"}},
        {{"do": "top", "x": 0, "y": 0, "metres_per_px": 0.1}},
        {{"wait_s": 0.3}},
        {{"click": "snap"}},
        {{"drag": "kind:car", "onto": "top", "to": [4, 7]}},
        {{"wait": "settled"}},
        {{"expect": {{"steps": 5}}}},
        {{"right_click": "field:speed"}}, {{"wait_s": 0.2}},
        {{"click": "new parameter"}}, {{"wait_s": 0.2}},
        {{"click": "parameter add"}},
        {{"wait": "settled"}},
        {{"expect": {{"steps": 6, "can_run": true}}}},
        {{"do": "save", "path": "{}/dropped.json"}}])",
                                         kSmallTown, folder_.string()),
                             1280, 800);
    ASSERT_TRUE(status.ok()) << status.error().text();
    const auto draft = scenarios::edit::open(folder_ / "dropped.json");
    ASSERT_TRUE(draft.ok() && draft.value().story);
    const auto shown = scenarios::edit::outline(draft.value(), {});
    ASSERT_EQ(shown.actors.size(), 2U);  // the ego and the car
    ASSERT_TRUE(shown.actors[1].p_W);
    EXPECT_NEAR(shown.actors[1].p_W->x, 4, 0.2);
    EXPECT_NEAR(shown.actors[1].p_W->y, 7, 0.2);
    ASSERT_EQ(shown.parameters.size(), 1U);
    EXPECT_EQ(shown.parameters[0].distribution, "uniform");
    EXPECT_EQ(shown.parameters[0].bound_to.size(), 1U);
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

// A display that nobody sees, for as long as it lives.
class Display {
  public:
    Display() {
        int ends[2];
        if (::pipe(ends) != 0) return;
        server_ = ::fork();
        if (server_ == 0) {
            ::dup2(ends[1], 3);
            ::execlp("Xvfb", "Xvfb", "-displayfd", "3", "-screen", "0", "1280x800x24", "-nolisten",
                     "tcp", nullptr);
            ::_exit(127);
        }
        ::close(ends[1]);
        // Its number and the end of the line may come one after the other.
        std::string number;
        for (char c = 0; ::read(ends[0], &c, 1) == 1 && c != '\n';) number += c;
        ::close(ends[0]);
        if (!number.empty()) name_ = ":" + number;
        if (is_there()) ::setenv("DISPLAY", name_.c_str(), 1);
    }
    ~Display() {
        ::unsetenv("DISPLAY");
        ::kill(server_, SIGTERM);
        ::waitpid(server_, nullptr, 0);
    }
    bool is_there() const { return !name_.empty(); }

  private:
    pid_t server_ = -1;
    std::string name_;
};

TEST_F(App, InAWindowIsWhatItIsOffscreen) {
    const std::string steps = fmt::format(R"([{}
        {{"do": "add_actor", "kind": "car", "x": 0, "y": 0, "name": "Car"}},
        {{"wait": "settled"}}, {{"click": "view:top"}}, {{"do": "top", "x": 0, "y": 0}},
        {{"wait_s": 0.5}}, {{"screenshot": "shot.png"}},
        {{"resize": [200, 100]}}, {{"wait_s": 0.5}}, {{"screenshot": "small.png"}},
        {{"resize": [960, 600]}}, {{"wait_s": 0.5}}, {{"screenshot": "again.png"}},
        {{"expect": {{"actors": 2}}}}])",
                                          kSmallTown);
    ASSERT_TRUE(play(steps).ok());
    const auto offscreen = shot("shot.png");
    const Display display;
    if (!display.is_there()) GTEST_SKIP() << "Xvfb does not start";
    const auto status = play(steps, 960, 600, false);
    ASSERT_TRUE(status.ok()) << status.error().text();
    const auto window = shot("shot.png");
    ASSERT_EQ(window.width, 960);
    ASSERT_EQ(window.height, 600);
    EXPECT_EQ(shot("small.png").width, 200);
    EXPECT_EQ(shot("again.png").pixels, window.pixels);
    // The status bar counts milliseconds; all else is the same.
    std::size_t others = 0;
    for (std::size_t i = 0; i < window.pixels.size(); ++i) {
        others += window.pixels[i] != offscreen.pixels[i];
    }
    EXPECT_LT(others, window.pixels.size() / 100);
}

// As on a GPU: the views are rendered on the window's device and stay there.
TEST_F(App, PicturesOnTheWindowsDeviceAreThoseOfTheHost) {
    const std::string steps = fmt::format(R"([{}
        {{"click": "tab:History"}}, {{"screenshot": "view.png"}},
        {{"do": "view", "layers": ["boxes3d"]}}, {{"screenshot": "boxes.png"}},
        {{"do": "view", "layers": [], "central": "cameras"}}, {{"screenshot": "cameras.png"}}])",
                                          kSmallTown);
    ASSERT_TRUE(play(steps).ok());
    std::vector<engine::core::Image> expected;
    for (const char* name : {"view.png", "boxes.png", "cameras.png"})
        expected.push_back(shot(name));
    ::setenv("HUNTSMAN_SHARED_DEVICE", "1", 1);
    const auto status = play(steps);
    ::unsetenv("HUNTSMAN_SHARED_DEVICE");
    ASSERT_TRUE(status.ok()) << status.error().text();
    for (const char* name : {"view.png", "boxes.png", "cameras.png"}) {
        const auto taken = shot(name);
        const auto& known = expected.front();
        ASSERT_EQ(taken.pixels.size(), known.pixels.size());
        std::size_t others = 0;
        for (std::size_t i = 0; i < taken.pixels.size(); ++i) {
            others += std::abs(int{taken.pixels[i]} - int{known.pixels[i]}) > 16;
        }
        EXPECT_LT(others, taken.pixels.size() / 50) << name;
        expected.erase(expected.begin());
    }
}

TEST_F(App, ADisplayThatIsNotThereIsSaid) {
    ::setenv("DISPLAY", ":987", 1);
    ::unsetenv("WAYLAND_DISPLAY");
    const auto status = play("[]", 960, 600, false);
    ::unsetenv("DISPLAY");
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().kind, engine::core::ErrorKind::kMachine);
    EXPECT_NE(status.error().text().find("there is no display"), std::string::npos);
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
