// The menu bar, its shortcuts, the toolbar with the run's controls, and the status bar.
#include <GLFW/glfw3.h>

#include <algorithm>
#include <cmath>

#include "apps/editor/ui.h"
#include "bridge/run/driver_spec.h"
#include "engine/core/time.h"

namespace huntsman::apps::editor {

using nlohmann::json;

namespace {

const auto has_actors = [](Ui& ui) { return !ui.editor.selection().actors.empty(); };
const auto has_selection = [](Ui& ui) {
    return !ui.editor.selection().actors.empty() ||
           ui.editor.selection().generated != engine::world::kNoActor;
};
const auto has_run = [](Ui& ui) { return ui.editor.status().ready; };

std::function<void(Ui&)> does(json action) {
    return [action = std::move(action)](Ui& ui) { ui.act(action); };
}

void ask_what_to_open(Ui& ui) {
    unless_unsaved(ui, "open another scenario", [&ui] {
        ask_for_file(ui, "Open", ".json .xosc .xodr .hmr", false,
                     [&ui](const std::filesystem::path& path) {
                         ui.act({{"do", "open"}, {"path", path.string()}});
                     });
    });
}

void save(Ui& ui) {
    if (ui.editor.path().empty()) {
        ask_where_to_save(ui);
    } else if (ui.editor.changed_on_disk()) {
        ui.confirm_text = fmt::format(
            "{} was changed on disk since it was opened. Saving replaces those changes.",
            ui.editor.path().filename().string());
        ui.confirmed = [&ui] { ui.act({{"do", "save"}}); };
    } else {
        ui.act({{"do", "save"}});
    }
}

void show_tab(Ui& ui, std::string& pane, bool& shown, const char* name) {
    static_cast<void>(ui);
    shown = true;
    pane = name;
}

std::vector<Command> file_commands() {
    return {
        {"File",
         "New town",
         "Ctrl+N",
         [](Ui& ui) { unless_unsaved(ui, "start a new town", [&ui] {
                          ui.act({{"do", "new"}});
                      }); },
         {}},
        {"File", "Open…", "Ctrl+O", ask_what_to_open, {}},
        {"File", "Save", "Ctrl+S", save, {}},
        {"File", "Save as…", "Ctrl+Shift+S", ask_where_to_save, {}},
        {"File", "Save as regression case…", "", ask_where_to_save_case, {}},
        {"File", "Save run…", "",
         [](Ui& ui) {
             ask_for_file(ui, "Save run: choose a folder's name", "", true,
                          [&ui](const std::filesystem::path& path) {
                              ui.act({{"do", "save_run"}, {"folder", path.string()}});
                          });
         },
         has_run},
        {"File", "Read again from disk", "",
         [](Ui& ui) {
             unless_unsaved(ui, "read the file again", [&ui] { ui.act({{"do", "reload"}}); });
         },
         [](Ui& ui) { return !ui.editor.path().empty(); }},
        {"File",
         "Screenshot…",
         "",
         [](Ui& ui) {
             ask_for_file(ui, "Save a screenshot of the window", ".png", true,
                          [&ui](const std::filesystem::path& path) { take_screenshot(ui, path); });
         },
         {}},
        {"File", "Quit", "Ctrl+Q", [](Ui& ui) { ui.editor.set_quits(true); }, {}},
    };
}

std::vector<Command> edit_and_view_commands() {
    return {
        {"Edit", "Undo", "Ctrl+Z", does({{"do", "undo"}}),
         [](Ui& ui) { return ui.editor.history().can_undo(); }},
        {"Edit", "Redo", "Ctrl+Y", does({{"do", "redo"}}),
         [](Ui& ui) { return ui.editor.history().can_redo(); }},
        {"Edit", "Cut", "Ctrl+X", does({{"do", "cut"}}), has_actors},
        {"Edit", "Copy", "Ctrl+C", does({{"do", "copy"}}), has_actors},
        {"Edit", "Paste", "Ctrl+V", does({{"do", "paste_clipboard"}}),
         [](Ui& ui) { return !ui.editor.clipboard().empty(); }},
        {"Edit", "Duplicate", "Ctrl+D", does({{"do", "duplicate_selected"}}), has_actors},
        {"Edit", "Delete", "Del", does({{"do", "remove_selected"}}), has_selection},
        {"Edit", "Select all actors", "Ctrl+A", does({{"do", "select_all"}}), {}},

        {"View", "3D and map", "F1", does({{"do", "view"}, {"central", "split"}}), {}},
        {"View", "3D", "F2", does({{"do", "view"}, {"central", "perspective"}}), {}},
        {"View", "Map", "F3", does({{"do", "view"}, {"central", "top"}}), {}},
        {"View", "Cameras", "F4", does({{"do", "view"}, {"central", "cameras"}}), {}},
        {"View", "Orbit", "", does({{"do", "view"}, {"camera", "orbit"}}), {}},
        {"View", "Fly", "", does({{"do", "view"}, {"camera", "fly"}}), {}},
        {"View",
         "Follow the ego",
         "",
         does({{"do", "view"}, {"camera", "follow"}, {"actor", 1}}),
         {}},
        {"View", "Look at the selection", "F", does({{"do", "focus"}}), {}},
    };
}

std::vector<Command> run_and_help_commands() {
    return {
        {"Run", "Play or pause", "Space", does({{"do", "toggle_play"}}), {}},
        {"Run", "Step a tick", "Period", does({{"do", "step"}}), has_run},
        {"Run", "Next picture", "Shift+Period", does({{"do", "step_frame"}, {"by", 1}}), has_run},
        {"Run", "Previous picture", "Comma", does({{"do", "step_frame"}, {"by", -1}}), has_run},
        {"Run", "To the start", "Home", does({{"do", "seek"}, {"tick", 0}}), has_run},
        {"Run", "End the run here", "", does({{"do", "end_run"}}), has_run},
        {"Run", "Drive it yourself", "", does({{"do", "driver"}, {"name", "you"}}), {}},
        {"Run", "Keep the ego's drive as its trajectory", "", does({{"do", "keep_path"}}), has_run},
        {"Run", "Cancel", "Escape", does({{"do", "cancel"}}),
         [](Ui& ui) { return ui.editor.run().progress().running; }},

        {"Help",
         "Command palette…",
         "Ctrl+P",
         [](Ui& ui) {
             ui.palette.open = ui.palette.fresh = true;
             ui.palette.text = {};
         },
         {}},
        {"Help", "Shortcuts and mouse", "F12", [](Ui& ui) { ui.show_help = true; }, {}},
        {"Help", "About", "", [](Ui& ui) { ui.show_about = true; }, {}},
    };
}

std::vector<Command> make_commands() {
    std::vector<Command> all = file_commands();
    for (auto& more : {edit_and_view_commands(), run_and_help_commands()}) {
        all.insert(all.end(), more.begin(), more.end());
    }
    for (const char* name : {"Timeline", "Plots", "Problems", "Failures", "History"}) {
        all.push_back(
            {"View",
             name,
             "",
             [name](Ui& ui) { show_tab(ui, ui.layout.bottom_tab, ui.layout.show_bottom, name); },
             {}});
    }
    return all;
}

// ---- Shortcuts

bool chord_pressed(const std::string& chord) {
    const ImGuiIO& io = ImGui::GetIO();
    bool ctrl = false, shift = false;
    std::string key = chord;
    for (const auto& [prefix, flag] : {std::pair("Ctrl+", &ctrl), std::pair("Shift+", &shift)}) {
        if (key.starts_with(prefix)) {
            *flag = true;
            key = key.substr(std::string_view(prefix).size());
        }
    }
    if (io.KeyCtrl != ctrl || io.KeyShift != shift || io.KeyAlt) return false;
    static const std::map<std::string, int> codes{
        {"Del", GLFW_KEY_DELETE},    {"Space", GLFW_KEY_SPACE}, {"Escape", GLFW_KEY_ESCAPE},
        {"Period", GLFW_KEY_PERIOD}, {"Comma", GLFW_KEY_COMMA}, {"Home", GLFW_KEY_HOME}};
    int code = -1;
    if (const auto found = codes.find(key); found != codes.end()) {
        code = found->second;
    } else if (key.size() == 1) {
        code = key[0];
    } else if (key[0] == 'F') {
        code = GLFW_KEY_F1 + std::atoi(key.c_str() + 1) - 1;
    }
    return code >= 0 && ImGui::IsKeyPressed(code, false);
}

}  // namespace

const std::vector<Command>& menu_commands() {
    static const std::vector<Command> commands = make_commands();
    return commands;
}

void take_screenshot(Ui& ui, const std::filesystem::path& path) { ui.screenshot = path; }

void ask_where_to_save_case(Ui& ui) {
    ask_for_file(ui, "Save as regression case: choose its file", ".json", true,
                 [&ui](const std::filesystem::path& path) {
                     ui.act({{"do", "save_case"},
                             {"folder", path.parent_path().string()},
                             {"name", path.stem().string()}});
                 });
}

void unless_unsaved(Ui& ui, const char* what, std::function<void()> then) {
    if (!ui.editor.changed()) {
        then();
        return;
    }
    ui.confirm_text = fmt::format(
        "{} has changes that are not saved. To {} loses them.",
        ui.editor.path().empty() ? "The scenario" : ui.editor.path().filename().string(), what);
    ui.confirmed = std::move(then);
}

void handle_shortcuts(Ui& ui) {
    const ImGuiIO& io = ImGui::GetIO();
    const bool popup =
        ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopupId | ImGuiPopupFlags_AnyPopupLevel);
    for (const Command& command : menu_commands()) {
        const std::string chord = command.shortcut;
        if (chord.empty() || !chord_pressed(chord)) continue;
        // Letters belong to whoever types; dialogs are closed by Escape.
        const bool plain = !chord.starts_with("Ctrl+") && chord[0] != 'F';
        if (io.WantTextInput &&
            (plain || chord == "F" || chord == "Ctrl+A" || chord == "Ctrl+C" || chord == "Ctrl+X" ||
             chord == "Ctrl+V" || chord == "Ctrl+Z" || chord == "Ctrl+Y")) {
            continue;
        }
        if (popup) continue;
        if (command.enabled && !command.enabled(ui)) continue;
        command.run(ui);
    }
    if (ImGui::IsKeyPressed(GLFW_KEY_ESCAPE, false) && !io.WantTextInput && !popup &&
        ui.editor.view().tool != Tool::kSelect) {
        ui.act({{"do", "tool"}, {"tool", "select"}});
    }
    if (io.KeyCtrl && io.KeyShift && ImGui::IsKeyPressed(GLFW_KEY_Z, false)) {
        ui.act({{"do", "redo"}});
    }
}

// ---- The menu bar

void draw_menu_bar(Ui& ui) {
    if (!ImGui::BeginMainMenuBar()) return;
    for (const char* menu : {"File", "Edit", "View", "Run", "Help"}) {
        if (!begin_menu(ui, menu)) continue;
        std::string last;
        for (const Command& command : menu_commands()) {
            if (std::string_view(menu) != command.menu) continue;
            const std::string_view label = command.label;
            if (label == "Save" || label == "Screenshot…" || label == "Quit" || label == "Cut" ||
                label == "Select all actors" || label == "Orbit" || label == "Timeline" ||
                label == "Drive it yourself" || label == "Cancel") {
                ImGui::Separator();
            }
            const bool enabled = !command.enabled || command.enabled(ui);
            if (menu_item(ui, menu, command.label, command.shortcut, false, enabled)) {
                command.run(ui);
            }
        }
        if (std::string_view(menu) == "File" && !ui.editor.recent().empty()) {
            ImGui::Separator();
            ImGui::TextDisabled("Recent");
            for (const auto& path : ui.editor.recent()) {
                const std::string label =
                    fmt::format("{}##{}", path.filename().string(), path.string());
                if (ImGui::MenuItem(label.c_str())) {
                    unless_unsaved(ui, "open another scenario", [&ui, path] {
                        ui.act({{"do", "open"}, {"path", path.string()}});
                    });
                }
                tooltip(path.string().c_str());
            }
        }
        ImGui::EndMenu();
    }
    // The document's name in the middle of what is left.
    const std::string title = ui.editor.title().substr(0, ui.editor.title().rfind(" – "));
    const float width = ImGui::CalcTextSize(title.c_str()).x;
    const float x = 0.5F * (ImGui::GetWindowWidth() - width);
    if (x > ImGui::GetCursorPosX()) {
        ImGui::SetCursorPosX(x);
        ImGui::TextColored(colour::kFaint, "%s", title.c_str());
    }
    ImGui::EndMainMenuBar();
}

// ---- The toolbar

namespace {

void draw_tools(Ui& ui) {
    const Tool tool = ui.editor.view().tool;
    const auto button = [&](const char* sign, const char* word, Tool which, const char* help) {
        if (icon_button(ui, sign, fmt::format("tool:{}", word).c_str(), help, tool == which)) {
            ui.act({{"do", "tool"}, {"tool", word}});
        }
        ImGui::SameLine(0, ui.px(3));
    };
    button(icon::kPointer, "select", Tool::kSelect, "Select and move");
    button(icon::kAdd, "add", Tool::kAdd, "Add an actor: click where it starts (see Add)");
    button(icon::kPencil, "trajectory", Tool::kTrajectory,
           "Draw the trajectory of the selected actor: click points, Enter ends");
    button(icon::kRoute, "route", Tool::kRoute,
           "Draw the route of the selected actor: click waypoints, Enter ends");
    if (icon_button(ui, icon::kMagnet, "snap", "Snap to lanes and their direction (hold Alt: not)",
                    ui.editor.view().snap)) {
        ui.editor.view().snap = !ui.editor.view().snap;
    }
}

const char* speed_name(double speed) {
    if (speed == 0) return "fastest";
    static std::string text;
    text = fmt::format("{:g}×", speed);
    return text.c_str();
}

void draw_run_controls(Ui& ui) {
    Editor& editor = ui.editor;
    const auto& status = editor.status();
    const bool ready = status.ready;
    if (icon_button(ui, icon::kStepBack, "to start", "To the start (Home)", false, ready)) {
        ui.act({{"do", "seek"}, {"tick", 0}});
    }
    ImGui::SameLine(0, ui.px(3));
    if (icon_button(ui, icon::kStart, "previous picture", "Previous picture (,)", false, ready)) {
        ui.act({{"do", "step_frame"}, {"by", -1}});
    }
    ImGui::SameLine(0, ui.px(3));
    if (icon_button(ui, status.playing ? icon::kPause : icon::kPlay, "play",
                    status.playing ? "Pause (Space)" : "Play (Space)", status.playing,
                    ready || editor.analysis().can_run)) {
        ui.act({{"do", "toggle_play"}});
    }
    ImGui::SameLine(0, ui.px(3));
    if (icon_button(ui, icon::kStep, "next picture", "Next picture (Shift+.); a tick: .", false,
                    ready)) {
        ui.act({{"do", "step_frame"}, {"by", 1}});
    }
    ImGui::SameLine(0, ui.px(8));
    ImGui::SetNextItemWidth(ui.px(84));
    if (ImGui::BeginCombo("##speed", speed_name(editor.speed()))) {
        for (const double speed : {0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 0.0}) {
            if (ImGui::Selectable(speed_name(speed), speed == editor.speed())) {
                ui.act({{"do", "run_speed"}, {"value", speed}});
            }
            ui.mark(fmt::format("speed:{:g}", speed));
        }
        ImGui::EndCombo();
    }
    ui.mark("speed");
    tooltip("Simulated seconds a second");
}

std::string word_of_driver(const std::string& name) {
    const std::size_t colon = name.find(':');
    if (colon == std::string::npos) return name == "you" ? "you (keys)" : name;
    return name.substr(0, colon + 1) +
           std::filesystem::path(name.substr(colon + 1)).filename().string();
}

void draw_driver(Ui& ui) {
    Editor& editor = ui.editor;
    ImGui::AlignTextToFramePadding();
    ImGui::TextColored(colour::kFaint, "Driver");
    ImGui::SameLine();
    ImGui::SetNextItemWidth(ui.px(150));
    if (ImGui::BeginCombo("##driver", word_of_driver(editor.driver()).c_str())) {
        const auto choose = [&](const char* name, const char* what) {
            if (ImGui::Selectable(name, editor.driver() == name)) {
                ui.act({{"do", "driver"}, {"name", name}});
            }
            ui.mark(fmt::format("driver:{}", name));
            tooltip(what);
        };
        for (const auto& kind : bridge::run::driver_kinds()) {
            if (!kind.takes_text()) {
                choose(kind.name, kind.what);
                continue;
            }
            if (ImGui::Selectable(fmt::format("{}:FILE…", kind.name).c_str())) {
                const std::string word = kind.name;
                ask_for_file(ui, "Choose the driver's file", kind.ending, false,
                             [&ui, word](const std::filesystem::path& path) {
                                 ui.act({{"do", "driver"}, {"name", word + ":" + path.string()}});
                             });
            }
            tooltip(kind.what);
        }
        choose("you", "You drive the ego: W A S D, arrows or a gamepad");
        ImGui::EndCombo();
    }
    ui.mark("driver");
}

// What of time there is: shown and the head.
void draw_clock(Ui& ui) {
    const auto& status = ui.editor.status();
    constexpr double kTick_s = static_cast<double>(engine::core::kTick_us) * 1e-6;
    const auto seconds = [](std::int64_t tick) { return static_cast<double>(tick) * kTick_s; };
    ImGui::AlignTextToFramePadding();
    if (!status.ready) {
        ImGui::TextColored(colour::kFaint, "–");
        return;
    }
    ImGui::Text("%.2f s", seconds(status.shown_tick));
    ImGui::SameLine(0, ui.px(4));
    ImGui::TextColored(colour::kFaint, "of %.1f s", seconds(status.last_tick));
    if (status.playing && status.achieved > 0) {
        ImGui::SameLine();
        ImGui::TextColored(colour::kFaint, "%.2f× real time", status.achieved);
    }
    tooltip("The shown moment, and the end of the run");
}

}  // namespace

void draw_toolbar(Ui& ui) {
    ImGui::PushStyleColor(ImGuiCol_ChildBg, ImVec4(0.145F, 0.151F, 0.159F, 1));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(ui.px(8), ui.px(5)));
    ImGui::BeginChild("toolbar", ImVec2(0, ImGui::GetFrameHeight() + ui.px(10)), false,
                      ImGuiWindowFlags_AlwaysUseWindowPadding | ImGuiWindowFlags_NoScrollbar);
    draw_tools(ui);
    ImGui::SameLine(0, ui.px(22));
    draw_run_controls(ui);
    ImGui::SameLine(0, ui.px(14));
    draw_driver(ui);
    ImGui::SameLine(0, ui.px(8));
    if (icon_button(ui, icon::kFork, "fork",
                    "Fork here: from this moment on another driver, other weather or another place "
                    "of an actor",
                    false, ui.editor.status().ready && ui.editor.status().head_tick > 0)) {
        ImGui::OpenPopup("fork popup");
    }
    draw_fork_popup(ui);
    ImGui::SameLine(0, ui.px(14));
    draw_clock(ui);
    ImGui::EndChild();
    ImGui::PopStyleVar();
    ImGui::PopStyleColor();
}

// ---- The status bar

void draw_status_bar(Ui& ui) {
    ImGui::PushStyleColor(ImGuiCol_ChildBg, ImVec4(0.145F, 0.151F, 0.159F, 1));
    ImGui::BeginChild("status", ImVec2(0, 0), false, ImGuiWindowFlags_NoScrollbar);
    if (ui.fonts.small != nullptr) ImGui::PushFont(ui.fonts.small);
    ImGui::SetCursorPos({ui.px(8), ui.px(4)});
    const auto progress = ui.editor.run().progress();
    const bool analysing = !ui.editor.analysis_is_current();
    if (progress.running && !progress.what.empty()) {
        ImGui::TextColored(colour::kAccent, "%s", progress.what.c_str());
        if (progress.share >= 0) {
            ImGui::SameLine();
            ImGui::ProgressBar(static_cast<float>(progress.share), ImVec2(ui.px(120), ui.px(12)));
        }
        ImGui::SameLine();
        if (ImGui::SmallButton("Cancel")) ui.act({{"do", "cancel"}});
        ui.mark("cancel");
    } else if (analysing) {
        ImGui::TextColored(colour::kAccent, "building the town and checking the scenario");
    } else if (!ui.editor.analysis().can_run) {
        ImGui::TextColored(colour::kError,
                           "%s  the scenario has errors and cannot be run: see Problems",
                           icon::kError);
    } else if (ui.editor.status().ended) {
        ImGui::TextColored(colour::kFaint, "the run has ended: %s",
                           ui.editor.status().end_reason.c_str());
    } else {
        ImGui::TextColored(colour::kFaint, "ready");
    }
    // At the right: who renders.
    if (ui.editor.views() != nullptr) {
        const auto views = ui.editor.views()->status();
        const std::string right = views.device.empty() ? ""
                                                       : fmt::format("{}  ·  pictures {:.0f} ms",
                                                                     views.device, views.round_ms);
        const float width = ImGui::CalcTextSize(right.c_str()).x;
        ImGui::SameLine(
            std::max(ImGui::GetCursorPosX(), ImGui::GetWindowWidth() - width - ui.px(10)));
        ImGui::TextColored(colour::kFaint, "%s", right.c_str());
    }
    if (ui.fonts.small != nullptr) ImGui::PopFont();
    ImGui::EndChild();
    ImGui::PopStyleColor();
}

}  // namespace huntsman::apps::editor
