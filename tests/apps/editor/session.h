// An editor without a window or pictures, stepped as its frames would.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>

#include "apps/editor/editor.h"

namespace huntsman::apps::editor {

// A folder that is gone after the test.
class TestFolder {
  public:
    TestFolder() {
        const auto* test = testing::UnitTest::GetInstance()->current_test_info();
        path_ = std::filesystem::temp_directory_path() /
                fmt::format("huntsman_editor_{}_{}", test->name(), ::getpid());
        std::filesystem::remove_all(path_);
        std::filesystem::create_directories(path_);
    }
    ~TestFolder() { std::filesystem::remove_all(path_); }
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

class TestEditor {
  public:
    explicit TestEditor(const std::filesystem::path& folder)
        : editor({.state_folder = folder / "state",
                  .catalogue = {},
                  .width = 64,
                  .height = 40,
                  .pictures = false}) {}

    // Updates until `done`; false: that took longer than `most_s`.
    bool until(const std::function<bool()>& done, double most_s = 120) {
        for (int i = 0; i < most_s * 200; ++i) {
            now_s_ += 0.01;
            editor.update(now_s_);
            if (done()) return true;
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        return false;
    }
    bool settle() {
        // An edit is looked at a little later.
        now_s_ += 1;
        editor.update(now_s_);
        return until([this] { return editor.settled(); });
    }
    bool run_to_end() {
        if (!editor.act({{"do", "play"}, {"speed", 0}}).ok()) return false;
        return until([this] { return editor.status().ended && editor.settled(); });
    }
    void step(double seconds) {
        now_s_ += seconds;
        editor.update(now_s_);
    }

    Editor editor;

  private:
    double now_s_ = 0;
};

}  // namespace huntsman::apps::editor
