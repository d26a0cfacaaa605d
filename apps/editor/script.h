// Scripts: a list of steps in JSON that are played as if somebody sat there.
//
// Steps, each an object:
//   {"do": ...}                          an action of the editor (see editor.h), at once
//   {"menu": "Run/Play"}                 clicks through a menu
//   {"click": "play"}                    clicks what has this name; "double_click", "right_click"
//   {"hover": "play"}                    moves the pointer there
//   {"key": "ctrl+p"}                    presses keys
//   {"type": "rain"}                     types text
//   {"press": "w", "seconds": 2}         holds a key
//   {"drag": "top", "from": [x, y], "to": [x, y]}    in world coordinates of a view, or
//   {"drag": "NAME", "by": [dx, dy]}                 of a named thing, in pixels
//   {"point": "top", "at": [x, y], "button": "left"} clicks a place of the world
//   {"wheel": -2, "over": "top"}
//   {"wait": "settled" | "ended" | "paused" | "pictures", "most_s": 60}
//   {"wait_s": 0.5}
//   {"screenshot": "01-town.png"}        or .jpg, once the views are rendered at full size
//   {"resize": [800, 500]}
//   {"print": ["state_hash", "problems", ...]}       a line of JSON on stdout
//   {"expect": {"problems": 0, ...}}     ends the script with an error where it is not so
// A comment stands in "note".
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/core/image.h"
#include "engine/core/result.h"

namespace huntsman::apps::editor {

struct Ui;

class Script {
  public:
    static engine::core::Result<std::unique_ptr<Script>> load(const std::filesystem::path& path,
                                                              std::filesystem::path shots);

    // Gets what is printed, in place of stdout.
    void set_printed(std::function<void(const nlohmann::json&)> printed) {
        printed_ = std::move(printed);
    }

    // Before a frame: sets the pointer, buttons and keys of ImGuiIO as the present step wants.
    engine::core::Status before_frame(Ui& ui);
    // After a frame was shown.
    engine::core::Status after_frame(Ui& ui);
    bool ended() const { return step_ >= steps_.size(); }
    // What was captured for the present step.
    bool wants_capture() const { return wants_capture_; }
    engine::core::Status captured(const engine::core::Image& picture);

  private:
    struct Input {  // of one frame
        float x = -1, y = -1;
        int button = -1;  // held
        std::vector<int> keys;
        bool ctrl = false, shift = false, alt = false;
        std::string text;
        float wheel = 0;
    };
    engine::core::Error failed(const std::string& why) const;
    engine::core::Status begin_step(Ui& ui);
    engine::core::Status queue_click(Ui& ui, const std::string& name, int button, int times);
    engine::core::Status queue_menu(Ui& ui);
    engine::core::Status queue_point(Ui& ui);
    engine::core::Status queue_drag(Ui& ui);
    engine::core::Status queue_keys(const std::string& chord, double seconds);
    engine::core::Result<bool> waited(Ui& ui);
    engine::core::Status print(Ui& ui, bool expects);
    nlohmann::json value_of(Ui& ui, const std::string& what) const;
    void move_to(float x, float y, int button = -1);
    void next();

    std::filesystem::path path_, shots_;
    std::function<void(const nlohmann::json&)> printed_;
    std::vector<nlohmann::json> steps_;
    std::size_t step_ = 0;
    bool begun_ = false, wants_capture_ = false;
    double begun_s_ = 0;
    int frames_ = 0;            // since the step's input was played
    std::vector<Input> queue_;  // of the frames to come, the next one first
    std::size_t queued_ = 0;
    float x_ = -1e6F, y_ = -1e6F;  // the pointer is nowhere at first
    std::size_t menu_part_ = 0;
};

}  // namespace huntsman::apps::editor
