#include "apps/editor/script.h"

#include <GLFW/glfw3.h>

#include <algorithm>
#include <cctype>
#include <cfloat>
#include <cstdio>

#include "apps/editor/ui.h"
#include "engine/core/files.h"
#include "engine/core/hash.h"
#include "sensors/encode/image_file.h"

namespace huntsman::apps::editor {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

constexpr double kMostWait_s = 120;

int key_named(const std::string& name) {
    static const std::map<std::string, int> names{
        {"space", GLFW_KEY_SPACE},   {"enter", GLFW_KEY_ENTER},  {"escape", GLFW_KEY_ESCAPE},
        {"delete", GLFW_KEY_DELETE}, {"tab", GLFW_KEY_TAB},      {"up", GLFW_KEY_UP},
        {"down", GLFW_KEY_DOWN},     {"left", GLFW_KEY_LEFT},    {"right", GLFW_KEY_RIGHT},
        {"home", GLFW_KEY_HOME},     {"end", GLFW_KEY_END},      {"backspace", GLFW_KEY_BACKSPACE},
        {"comma", GLFW_KEY_COMMA},   {"period", GLFW_KEY_PERIOD}};
    if (const auto found = names.find(name); found != names.end()) return found->second;
    if (name.size() == 1 && std::isalnum(static_cast<unsigned char>(name[0])) != 0) {
        return std::toupper(static_cast<unsigned char>(name[0]));
    }
    if (name.size() >= 2 && name[0] == 'f') {
        const int number = std::atoi(name.c_str() + 1);
        if (number >= 1 && number <= 12) return GLFW_KEY_F1 + number - 1;
    }
    return -1;
}

Result<std::vector<double>> pair_of(const json& step, const char* key) {
    std::vector<double> values;
    if (step.contains(key) && step.at(key).is_array()) {
        for (const json& one : step.at(key)) {
            if (one.is_number()) values.push_back(one.get<double>());
        }
    }
    if (values.size() != 2) {
        return Error{.message = fmt::format("\"{}\" is not two numbers", key)};
    }
    return values;
}

}  // namespace

Result<std::unique_ptr<Script>> Script::load(const fs::path& path, fs::path shots) {
    HM_TAKE(const std::string text, engine::core::read_file(path));
    std::unique_ptr<Script> script(new Script);
    script->path_ = path;
    script->shots_ = shots.empty() ? path.parent_path() : std::move(shots);
    json parsed;
    try {
        parsed = json::parse(text);
    } catch (const json::parse_error& error) {
        return Error{.message = error.what(), .file = path.string()};
    }
    if (!parsed.is_array()) {
        return Error{.message = "is not a list of steps", .file = path.string()};
    }
    for (const json& step : parsed) {
        if (!step.is_object()) {
            return Error{
                .message = fmt::format("step {} is not an object", script->steps_.size() + 1),
                .file = path.string()};
        }
        script->steps_.push_back(step);
    }
    return script;
}

Error Script::failed(const std::string& why) const {
    return {.message = fmt::format("step {} ({}): {}", step_ + 1, steps_[step_].dump(), why),
            .file = path_.string()};
}

void Script::next() {
    ++step_;
    begun_ = false;
    wants_capture_ = false;
    frames_ = 0;
    menu_part_ = 0;
}

void Script::move_to(float x, float y, int button) {
    x_ = x;
    y_ = y;
    queue_.push_back({.x = x, .y = y, .button = button});
}

// ---- Steps that play input

Status Script::queue_click(Ui& ui, const std::string& name, int button, int times) {
    const auto found = ui.marks.find(name);
    if (found == ui.marks.end()) return failed(fmt::format("there is nothing called {}", name));
    const auto& r = found->second;
    const float x = 0.5F * (r[0] + r[2]), y = 0.5F * (r[1] + r[3]);
    move_to(x, y);
    move_to(x, y);
    for (int i = 0; i < times; ++i) {
        if (button < 0) break;
        move_to(x, y, button);
        move_to(x, y);
    }
    return {};
}

Status Script::queue_keys(const std::string& chord, double seconds) {
    Input input{.x = x_, .y = y_};
    std::string part;
    for (std::size_t i = 0; i <= chord.size(); ++i) {
        if (i < chord.size() && chord[i] != '+') {
            part += static_cast<char>(std::tolower(static_cast<unsigned char>(chord[i])));
            continue;
        }
        if (part == "ctrl") {
            input.ctrl = true;
        } else if (part == "shift") {
            input.shift = true;
        } else if (part == "alt") {
            input.alt = true;
        } else {
            const int key = key_named(part);
            if (key < 0) return failed(fmt::format("there is no key {}", part));
            input.keys.push_back(key);
        }
        part.clear();
    }
    constexpr double kFrame_s = 1.0 / 60;
    const int frames = std::max(1, static_cast<int>(seconds / kFrame_s));
    for (int i = 0; i < frames; ++i) queue_.push_back(input);
    queue_.push_back({.x = x_, .y = y_});
    return {};
}

Status Script::queue_drag(Ui& ui) {
    const json& step = steps_[step_];
    const std::string name = step.at("drag").get<std::string>();
    ImVec2 from, to;
    if (step.contains("by")) {
        const auto found = ui.marks.find(name);
        if (found == ui.marks.end()) return failed(fmt::format("there is nothing called {}", name));
        HM_TAKE(const auto by, pair_of(step, "by"));
        const auto& r = found->second;
        from = {0.5F * (r[0] + r[2]), 0.5F * (r[1] + r[3])};
        to = {from.x + static_cast<float>(by[0]), from.y + static_cast<float>(by[1])};
    } else if (step.contains("onto")) {
        const auto found = ui.marks.find(name);
        if (found == ui.marks.end()) return failed(fmt::format("there is nothing called {}", name));
        const std::string view = step.at("onto").get<std::string>();
        const auto map = ui.maps.find(view);
        if (map == ui.maps.end()) return failed(fmt::format("there is no view {}", view));
        HM_TAKE(const auto end, pair_of(step, "to"));
        const auto& r = found->second;
        from = {0.5F * (r[0] + r[2]), 0.5F * (r[1] + r[3])};
        const auto b = map->second.to_screen({end[0], end[1], step.value("z", 0.0)});
        if (!b) return failed("the view does not show this place");
        to = *b;
    } else {
        const auto found = ui.maps.find(name);
        if (found == ui.maps.end()) return failed(fmt::format("there is no view {}", name));
        HM_TAKE(const auto begin, pair_of(step, "from"));
        HM_TAKE(const auto end, pair_of(step, "to"));
        const double z = step.value("z", 0.0);
        const auto a = found->second.to_screen({begin[0], begin[1], z});
        const auto b = found->second.to_screen({end[0], end[1], z});
        if (!a || !b) return failed("the view does not show these places");
        from = *a;
        to = *b;
    }
    const std::string word = step.value("button", "left");
    const int button = word == "right" ? 1 : word == "middle" ? 2 : 0;
    move_to(from.x, from.y);
    move_to(from.x, from.y);
    constexpr int kSteps = 12;
    for (int i = 0; i <= kSteps; ++i) {
        const float share = static_cast<float>(i) / kSteps;
        move_to(from.x + share * (to.x - from.x), from.y + share * (to.y - from.y), button);
    }
    move_to(to.x, to.y);
    return {};
}

// A menu opens in one step and is clicked in the next, since what it holds is not there before.
Status Script::queue_menu(Ui& ui) {
    const std::string path = steps_[step_].at("menu").get<std::string>();
    std::vector<std::string> names;
    for (std::size_t i = path.find('/'); i != std::string::npos; i = path.find('/', i + 1)) {
        names.push_back("menu:" + path.substr(0, i));
    }
    names.push_back("menu:" + path);
    HM_TRY(queue_click(ui, names[menu_part_], 0, 1));
    for (int i = 0; i < 3; ++i) queue_.push_back({.x = x_, .y = y_});
    ++menu_part_;
    if (menu_part_ < names.size()) begun_ = false;
    return {};
}

Status Script::queue_point(Ui& ui) {
    const json& step = steps_[step_];
    const auto found = ui.maps.find(step.at("point").get<std::string>());
    if (found == ui.maps.end()) return failed("there is no such view");
    HM_TAKE(const auto at, pair_of(step, "at"));
    const auto screen = found->second.to_screen({at[0], at[1], step.value("z", 0.0)});
    if (!screen) return failed("the view does not show this place");
    const int button = step.value("button", "left") == std::string("right") ? 1 : 0;
    move_to(screen->x, screen->y);
    move_to(screen->x, screen->y);
    if (!step.value("hover", false)) {
        move_to(screen->x, screen->y, button);
        const std::string held = step.value("key", "");
        queue_.back().ctrl = held == "ctrl";
        queue_.back().shift = held == "shift";
        queue_.back().alt = held == "alt";
    }
    move_to(screen->x, screen->y);
    return {};
}

Status Script::begin_step(Ui& ui) {
    const json& step = steps_[step_];
    if (step.contains("do")) {
        const auto status = ui.editor.act(step);
        if (!status.ok()) return failed(status.error().text());
        return {};
    }
    if (step.contains("menu")) return queue_menu(ui);
    if (step.contains("point")) return queue_point(ui);
    for (const auto& [word, button, times] :
         {std::tuple("click", 0, 1), std::tuple("double_click", 0, 2),
          std::tuple("right_click", 1, 1), std::tuple("hover", -1, 0)}) {
        if (step.contains(word)) {
            return queue_click(ui, step.at(word).get<std::string>(), button, times);
        }
    }
    if (step.contains("key")) return queue_keys(step.at("key").get<std::string>(), 0);
    if (step.contains("press")) {
        return queue_keys(step.at("press").get<std::string>(), step.value("seconds", 0.5));
    }
    if (step.contains("type")) {
        for (const char letter : step.at("type").get<std::string>()) {
            queue_.push_back({.x = x_, .y = y_, .text = std::string(1, letter)});
        }
        return {};
    }
    if (step.contains("drag")) return queue_drag(ui);
    if (step.contains("wheel")) {
        if (step.contains("over")) {
            HM_TRY(queue_click(ui, step.at("over").get<std::string>(), -1, 0));
        }
        queue_.push_back({.x = x_, .y = y_, .wheel = step.at("wheel").get<float>()});
        return {};
    }
    if (step.contains("resize")) {
        HM_TAKE(const auto size, pair_of(step, "resize"));
        ui.window->resize(static_cast<int>(size[0]), static_cast<int>(size[1]));
        return {};
    }
    if (step.contains("print")) return print(ui, false);
    if (step.contains("expect")) return print(ui, true);
    for (const char* known : {"wait", "wait_s", "screenshot", "note"}) {
        if (step.contains(known)) return {};
    }
    return failed("is not a step that scripts know");
}

Status Script::before_frame(Ui& ui) {
    if (ended()) return {};
    if (!begun_ && queued_ >= queue_.size()) {
        queue_.clear();
        queued_ = 0;
        begun_ = true;
        begun_s_ = ui.editor.now_s();
        try {
            HM_TRY(begin_step(ui));
        } catch (const json::exception& error) {
            return failed(error.what());
        }
    }
    ImGuiIO& io = ImGui::GetIO();
    Input input{.x = x_, .y = y_};
    if (queued_ < queue_.size()) input = queue_[queued_++];
    io.MousePos = input.x < -1e5F ? ImVec2(-FLT_MAX, -FLT_MAX) : ImVec2(input.x, input.y);
    for (int i = 0; i < 3; ++i) io.MouseDown[i] = input.button == i;
    std::fill(std::begin(io.KeysDown), std::end(io.KeysDown), false);
    for (const int key : input.keys) io.KeysDown[key] = true;
    io.KeyCtrl = input.ctrl;
    io.KeyShift = input.shift;
    io.KeyAlt = input.alt;
    io.MouseWheel = input.wheel;
    if (!input.text.empty()) io.AddInputCharactersUTF8(input.text.c_str());
    return {};
}

// ---- Waiting and looking

Result<bool> Script::waited(Ui& ui) {
    const json& step = steps_[step_];
    Editor& editor = ui.editor;
    const double since = editor.now_s() - begun_s_;
    if (step.contains("wait_s")) return since >= step.at("wait_s").get<double>();
    std::string what;
    if (step.contains("wait")) what = step.at("wait").get<std::string>();
    if (step.contains("screenshot")) what = "pictures";
    if (what.empty()) return true;
    bool done = false;
    const bool settled = since > 0.3 && editor.settled();
    const auto pictures = [&] {
        if (editor.views() == nullptr) return true;
        if (!editor.views()->status().error.empty()) return true;
        return !editor.views()->status().busy && editor.views()->wait(0);
    };
    if (what == "settled") {
        done = settled;
    } else if (what == "ended") {
        done = settled && editor.status().ended;
    } else if (what == "paused") {
        done = settled && !editor.status().playing;
    } else if (what == "pictures") {
        done = since > 0.3 && (editor.status().playing || (settled && pictures()));
    } else {
        return failed("expected to wait for settled, ended, paused or pictures");
    }
    if (!done && since > step.value("most_s", kMostWait_s)) {
        return failed(fmt::format("waited {:.0f} s for {}", since, what));
    }
    return done;
}

json Script::value_of(Ui& ui, const std::string& what) const {
    const Editor& editor = ui.editor;
    const auto& status = editor.status();
    if (what == "state_hash") return engine::core::hex(status.state_hash);
    if (what == "problems") return editor.analysis().problems.size();
    if (what == "can_run") return editor.analysis().can_run;
    if (what == "ended") return status.ended;
    if (what == "end_reason") return status.end_reason;
    if (what == "tick") return status.shown_tick;
    if (what == "driver") return status.driver;
    if (what == "changed") return editor.changed();
    if (what == "actors") return editor.analysis().outline.actors.size();
    if (what == "can_undo") return editor.history().can_undo();
    if (what == "steps") return editor.history().position();
    if (what == "frame_ms") {
        std::vector<float> sorted = ui.frame_ms;
        std::ranges::sort(sorted);
        if (sorted.empty()) return nullptr;
        return json{{"median", sorted[sorted.size() / 2]},
                    {"p99", sorted[sorted.size() * 99 / 100]},
                    {"frames", sorted.size()}};
    }
    if (what == "view") {
        if (ui.editor.views() == nullptr) return nullptr;
        const auto view = ui.editor.views()->status();
        return json{{"round_ms", view.round_ms}, {"scale", view.scale}, {"rounds", view.rounds}};
    }
    if (what == "notice") {
        return editor.notices().empty() ? json("") : json(editor.notices().back().text);
    }
    if (what == "failures") {
        const auto& moment = editor.moment();
        return moment && moment->failures ? moment->failures->size() : 0;
    }
    if (what == "selection") return editor.selection().actors;
    return json::value_t::discarded;
}

Status Script::print(Ui& ui, bool expects) {
    const json& step = steps_[step_];
    if (expects) {
        for (const auto& [what, wanted] : step.at("expect").items()) {
            const json is = value_of(ui, what);
            if (is != wanted) {
                return failed(fmt::format("{} is {}, expected {}", what, is.dump(), wanted.dump()));
            }
        }
        return {};
    }
    json line = json::object();
    for (const json& what : step.at("print")) {
        if (value_of(ui, what.get<std::string>()).is_discarded()) {
            return failed(fmt::format("there is no value called {}", what.dump()));
        }
        line[what.get<std::string>()] = value_of(ui, what.get<std::string>());
    }
    if (printed_) {
        printed_(line);
    } else {
        std::printf("%s\n", line.dump().c_str());
        std::fflush(stdout);
    }
    // Frame times count from the print before.
    ui.frame_ms.clear();
    return {};
}

Status Script::captured(const engine::core::Image& picture) {
    const fs::path file = shots_ / steps_[step_].at("screenshot").get<std::string>();
    std::error_code ignored;
    fs::create_directories(file.parent_path(), ignored);
    constexpr int kJpegQuality = 86;
    const bool jpeg = file.extension() == ".jpg";
    const auto bytes = jpeg ? sensors::encode::encode_jpeg(picture, kJpegQuality)
                            : sensors::encode::encode_png(picture);
    if (!bytes.ok()) return bytes.error();
    HM_TRY(engine::core::write_file(file, bytes.value()));
    next();
    return {};
}

Status Script::after_frame(Ui& ui) {
    if (ended() || !begun_ || queued_ < queue_.size() || wants_capture_) return {};
    // What a click changes is drawn some frames later, however long these take.
    constexpr int kFewFrames = 4;
    if (++frames_ < kFewFrames && !steps_[step_].contains("do")) return {};
    HM_TAKE(const bool done, waited(ui));
    if (!done) return {};
    if (steps_[step_].contains("screenshot")) {
        wants_capture_ = true;  // of the next frame
        return {};
    }
    next();
    return {};
}

}  // namespace huntsman::apps::editor
