// What lies above the panes: the command palette, help, questions, notices, and the fork.
#include <GLFW/glfw3.h>

#include <algorithm>
#include <array>

#include "apps/editor/ui.h"
#include "bridge/run/driver_spec.h"
#include "scenarios/edit/presets.h"
#include "scenarios/situations/situation.h"

namespace huntsman::apps::editor {

using nlohmann::json;

// ---- The command palette

namespace {

struct PaletteEntry {
    std::string text, hint;
    std::function<void(Ui&)> run;
};

std::vector<PaletteEntry> palette_entries(Ui& ui) {
    std::vector<PaletteEntry> all;
    for (const Command& command : menu_commands()) {
        if (command.enabled && !command.enabled(ui)) continue;
        all.push_back(
            {fmt::format("{}: {}", command.menu, command.label), command.shortcut, command.run});
    }
    const auto does = [&](std::string text, json action) {
        all.push_back(
            {std::move(text), "", [action = std::move(action)](Ui& u) { u.act(action); }});
    };
    for (const auto& preset : scenarios::edit::weather_presets()) {
        does(fmt::format("Weather: {}", preset.name), {{"do", "weather"}, {"preset", preset.name}});
    }
    for (const auto& kind : bridge::run::driver_kinds()) {
        if (!kind.takes_text()) {
            does(fmt::format("Driver: {}", kind.name), {{"do", "driver"}, {"name", kind.name}});
        }
    }
    for (const auto& kind : scenarios::edit::actor_kinds()) {
        does(fmt::format("Add: {}", kind.label),
             {{"do", "tool"}, {"tool", "add"}, {"kind", kind.name}});
    }
    static const std::vector<std::string> situations = scenarios::situations::shipped();
    for (const std::string& name : situations) {
        does(fmt::format("Place situation: {}", name), {{"do", "place_situation"}, {"name", name}});
    }
    return all;
}

// All letters of `wanted` in their order: lower is better, negative: no match.
int match(const std::string& text, std::string_view wanted) {
    const auto lower = [](char c) {
        return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    };
    std::string folded;
    for (const char c : text) folded += lower(c);
    std::string needle;
    for (const char c : wanted) needle += lower(c);
    const std::size_t whole = folded.find(needle);
    if (whole != std::string::npos) {
        return whole == 0 || folded[whole - 1] == ' ' ? 0 : 10 + static_cast<int>(whole);
    }
    int gaps = 0;
    std::size_t at = 0;
    for (const char c : needle) {
        const std::size_t next = folded.find(c, at);
        if (next == std::string::npos) return -1;
        gaps += static_cast<int>(next - at);
        at = next + 1;
    }
    return 100 + gaps;
}

}  // namespace

void draw_palette(Ui& ui) {
    CommandPalette& palette = ui.palette;
    if (palette.open && palette.fresh) ImGui::OpenPopup("command palette");
    const ImVec2 whole = ImGui::GetMainViewport()->Size;
    ImGui::SetNextWindowPos(ImVec2(0.5F * whole.x, 0.12F * whole.y), ImGuiCond_Always,
                            ImVec2(0.5F, 0));
    ImGui::SetNextWindowSize(
        ImVec2(std::min(ui.px(560), 0.95F * whole.x), std::min(ui.px(380), 0.7F * whole.y)));
    if (!ImGui::BeginPopup("command palette", kDialogFlags)) {
        palette.open = false;
        return;
    }
    if (palette.fresh) ImGui::SetKeyboardFocusHere();
    palette.fresh = false;
    ImGui::SetNextItemWidth(-FLT_MIN);
    const bool enter =
        ImGui::InputTextWithHint("##command", "What to do: type a part of it", palette.text.data(),
                                 palette.text.size(), ImGuiInputTextFlags_EnterReturnsTrue);
    if (ImGui::IsItemEdited()) palette.chosen = 0;
    ui.mark("command");
    std::vector<std::pair<int, PaletteEntry>> shown;
    for (auto& entry : palette_entries(ui)) {
        const int rank = match(entry.text, palette.text.data());
        if (rank >= 0) shown.emplace_back(rank, std::move(entry));
    }
    std::ranges::stable_sort(shown, {}, &std::pair<int, PaletteEntry>::first);
    if (ImGui::IsKeyPressed(GLFW_KEY_DOWN)) ++palette.chosen;
    if (ImGui::IsKeyPressed(GLFW_KEY_UP)) --palette.chosen;
    palette.chosen = std::clamp(palette.chosen, 0, std::max(0, static_cast<int>(shown.size()) - 1));
    std::function<void(Ui&)> run;
    ImGui::BeginChild("commands");
    for (int i = 0; i < static_cast<int>(shown.size()); ++i) {
        const PaletteEntry& entry = shown[static_cast<std::size_t>(i)].second;
        if (ImGui::Selectable(fmt::format("{}##{}", entry.text, i).c_str(), i == palette.chosen)) {
            run = entry.run;
        }
        if (i == palette.chosen && !ImGui::IsItemVisible()) ImGui::SetScrollHereY();
        if (!entry.hint.empty()) {
            ImGui::SameLine(ImGui::GetContentRegionMax().x - ui.px(110));
            ImGui::TextColored(colour::kFaint, "%s", entry.hint.c_str());
        }
    }
    if (shown.empty()) ImGui::TextColored(colour::kFaint, "Nothing fits");
    ImGui::EndChild();
    if (enter && !shown.empty()) run = shown[static_cast<std::size_t>(palette.chosen)].second.run;
    if (run || escape_pressed()) {
        palette.open = false;
        ImGui::CloseCurrentPopup();
    }
    ImGui::EndPopup();
    if (run) run(ui);
}

// ---- Help

namespace {

void help_row(const char* key, const char* what) {
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    ImGui::TextColored(colour::kAccent, "%s", key);
    ImGui::TableNextColumn();
    ImGui::TextUnformatted(what);
}

constexpr std::pair<const char*, const char*> kMouse[] = {
    {"Click", "select an actor; with Ctrl several"},
    {"Drag an actor", "move it; at a later moment a fork with it moved"},
    {"Alt while dragging", "without snapping to lanes"},
    {"Right drag", "3D: turn the camera; map: move it"},
    {"Middle drag", "move the view"},
    {"Wheel", "nearer and farther"},
    {"W A S D Q E", "flying camera (Shift: faster); driving, when you drive"},
    {"Double-click a camera", "this camera alone, and back"},
    {"Enter, Escape", "end or drop what is being drawn"}};

}  // namespace

void draw_help(Ui& ui) {
    if (ui.show_help && !ImGui::IsPopupOpen("help")) ImGui::OpenPopup("help");
    centre_next_window(ui, 620, 560);
    if (ImGui::BeginPopupModal(
            "help", &ui.show_help,
            kDialogFlags | ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize)) {
        heading(ui, "Shortcuts and mouse");
        ImGui::BeginChild("help rows", ImVec2(0, -ImGui::GetFrameHeightWithSpacing()));
        if (ImGui::BeginTable("keys", 2, ImGuiTableFlags_RowBg)) {
            ImGui::TableSetupColumn("key", ImGuiTableColumnFlags_WidthFixed, ui.px(180));
            for (const auto& [key, what] : kMouse) help_row(key, what);
            for (const Command& command : menu_commands()) {
                if (*command.shortcut != '\0') help_row(command.shortcut, command.label);
            }
            ImGui::EndTable();
        }
        ImGui::EndChild();
        if (ImGui::Button("Close", ImVec2(ui.px(110), 0)) || escape_pressed()) {
            ui.show_help = false;
            ImGui::CloseCurrentPopup();
        }
        ui.mark("help close");
        ImGui::EndPopup();
    }
    if (ui.show_about && !ImGui::IsPopupOpen("about")) ImGui::OpenPopup("about");
    centre_next_window(ui, 460, 0);
    if (ImGui::BeginPopupModal(
            "about", &ui.show_about,
            kDialogFlags | ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize)) {
        heading(ui, "Huntsman");
        ImGui::TextWrapped(
            "A closed-loop driving simulator that sees with eight eyes and hunts the "
            "rare situations in which a driving network fails.");
        ImGui::TextColored(colour::kFaint, "Apache-2.0. Drawn by Dear ImGui %s on %s.",
                           ImGui::GetVersion(), ui.window->device().info().name.c_str());
        if (ImGui::Button("Close", ImVec2(ui.px(110), 0)) || escape_pressed()) {
            ui.show_about = false;
            ImGui::CloseCurrentPopup();
        }
        ImGui::EndPopup();
    }
}

// ---- Questions

namespace {

void ask_before(Ui& ui) {
    if (!ui.confirm_text.empty() && !ImGui::IsPopupOpen("question")) ImGui::OpenPopup("question");
    centre_next_window(ui, 460, 0);
    if (!ImGui::BeginPopupModal(
            "question", nullptr,
            kDialogFlags | ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_AlwaysAutoResize)) {
        return;
    }
    ImGui::PushTextWrapPos(ui.px(440));
    ImGui::TextUnformatted(ui.confirm_text.c_str());
    ImGui::PopTextWrapPos();
    ImGui::Spacing();
    const bool goes_on = ImGui::Button("Go on", ImVec2(ui.px(110), 0));
    ui.mark("go on");
    ImGui::SameLine();
    const bool cancelled = ImGui::Button("Cancel", ImVec2(ui.px(110), 0)) || escape_pressed();
    ui.mark("do not");
    std::function<void()> then;
    if (goes_on) then = std::exchange(ui.confirmed, {});
    if (goes_on || cancelled) {
        ui.confirm_text.clear();
        ImGui::CloseCurrentPopup();
    }
    ImGui::EndPopup();
    if (then) then();
}

void ask_about_quitting(Ui& ui) {
    if (ui.asks_about_quitting && !ImGui::IsPopupOpen("quit")) ImGui::OpenPopup("quit");
    centre_next_window(ui, 440, 0);
    if (!ImGui::BeginPopupModal(
            "quit", nullptr,
            kDialogFlags | ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_AlwaysAutoResize)) {
        return;
    }
    ImGui::TextUnformatted("The scenario has changes that are not saved.");
    ImGui::Spacing();
    const auto close = [&] {
        ui.asks_about_quitting = false;
        ImGui::CloseCurrentPopup();
    };
    if (ImGui::Button("Save", ImVec2(ui.px(100), 0))) {
        close();
        if (ui.editor.path().empty()) {
            ask_where_to_save(ui);
        } else if (ui.act({{"do", "save"}})) {
            ui.force_quit = true;
        }
    }
    ui.mark("quit save");
    ImGui::SameLine();
    if (ImGui::Button("Leave without", ImVec2(ui.px(130), 0))) {
        close();
        ui.force_quit = true;
    }
    ui.mark("quit without");
    ImGui::SameLine();
    if (ImGui::Button("Stay", ImVec2(ui.px(100), 0)) || escape_pressed()) close();
    ui.mark("stay");
    ImGui::EndPopup();
}

// What a crash has left is offered at the start.
void offer_recovery(Ui& ui) {
    const auto& left = ui.editor.recoverable();
    static bool later = false;
    if (left.empty() || later) return;
    if (!ImGui::IsPopupOpen("recovery")) ImGui::OpenPopup("recovery");
    centre_next_window(ui, 520, 0);
    if (!ImGui::BeginPopupModal(
            "recovery", nullptr,
            kDialogFlags | ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_AlwaysAutoResize)) {
        return;
    }
    heading(ui, "The editor ended without saving");
    const auto one = left.front();
    ImGui::Text("%s", one.name.c_str());
    ImGui::TextColored(colour::kFaint, "%s",
                       one.original.empty() ? "not saved before" : one.original.string().c_str());
    if (left.size() > 1) ImGui::TextColored(colour::kFaint, "and %zu more", left.size() - 1);
    ImGui::Spacing();
    if (ImGui::Button("Recover", ImVec2(ui.px(110), 0))) {
        ui.act({{"do", "recover"}, {"index", 0}});
        later = true;
        ImGui::CloseCurrentPopup();
    }
    ui.mark("recover");
    ImGui::SameLine();
    if (ImGui::Button("Delete it", ImVec2(ui.px(110), 0))) {
        ui.act({{"do", "discard_recovery"}, {"index", 0}});
        ImGui::CloseCurrentPopup();
    }
    ui.mark("discard");
    ImGui::SameLine();
    if (ImGui::Button("Later", ImVec2(ui.px(110), 0)) || escape_pressed()) {
        later = true;
        ImGui::CloseCurrentPopup();
    }
    ui.mark("later");
    ImGui::EndPopup();
}

}  // namespace

void draw_dialogs(Ui& ui) {
    draw_parameter_dialog(ui);
    ask_before(ui);
    ask_about_quitting(ui);
    offer_recovery(ui);
}

// ---- Notices, at the lower right of the views

void draw_notices(Ui& ui) {
    const ImVec2 whole = ImGui::GetMainViewport()->Size;
    float y = whole.y - ui.px(ui.layout.show_bottom ? ui.layout.bottom + 40 : 40);
    int index = 0;
    const auto& notices = ui.editor.notices();
    for (auto it = notices.rbegin(); it != notices.rend(); ++it, ++index) {
        const bool error = it->kind == Notice::Kind::kError;
        const ImVec4 tint = error                                ? colour::kError
                            : it->kind == Notice::Kind::kWarning ? colour::kWarning
                            : it->kind == Notice::Kind::kGood    ? colour::kGood
                                                                 : colour::kFaint;
        ImGui::SetNextWindowPos(ImVec2(0.5F * whole.x, y), ImGuiCond_Always, ImVec2(0.5F, 1));
        ImGui::SetNextWindowBgAlpha(0.94F);
        ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, ui.px(6));
        ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 1);
        ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(ui.px(12), ui.px(8)));
        ImGui::Begin(fmt::format("notice {}", index).c_str(), nullptr,
                     ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_AlwaysAutoResize |
                         ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoFocusOnAppearing |
                         ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoInputs |
                         ImGuiWindowFlags_NoMove);
        const char* sign = error                                ? icon::kError
                           : it->kind == Notice::Kind::kWarning ? icon::kWarning
                           : it->kind == Notice::Kind::kGood    ? icon::kCheck
                                                                : icon::kInfo;
        ImGui::TextColored(tint, "%s", sign);
        ImGui::SameLine();
        ImGui::PushTextWrapPos(std::min(ui.px(560), 0.8F * whole.x));
        ImGui::TextUnformatted(it->text.c_str());
        ImGui::PopTextWrapPos();
        y -= ImGui::GetWindowHeight() + ui.px(6);
        ImGui::End();
        ImGui::PopStyleVar(3);
    }
}

// ---- The fork

void draw_fork_popup(Ui& ui) {
    if (!ImGui::BeginPopup("fork popup")) return;
    static std::string driver, weather;
    const double shown_s = static_cast<double>(ui.editor.status().shown_tick) * 0.005;
    heading(ui, fmt::format("Another future from {:.2f} s on", shown_s).c_str());
    const auto choice = [&](const char* label) {
        ImGui::AlignTextToFramePadding();
        ImGui::TextUnformatted(label);
        ImGui::SameLine(ui.px(90));
        ImGui::SetNextItemWidth(ui.px(200));
    };
    choice("Driver");
    if (ImGui::BeginCombo("##driver", driver.empty() ? "the same" : driver.c_str())) {
        if (ImGui::Selectable("the same", driver.empty())) driver.clear();
        for (const auto& kind : bridge::run::driver_kinds()) {
            if (kind.takes_text()) continue;
            if (ImGui::Selectable(kind.name, driver == kind.name)) driver = kind.name;
            ui.mark(fmt::format("fork driver:{}", kind.name));
        }
        if (ImGui::Selectable("you", driver == "you")) driver = "you";
        ImGui::EndCombo();
    }
    ui.mark("fork driver");
    choice("Weather");
    if (ImGui::BeginCombo("##weather", weather.empty() ? "the same" : weather.c_str())) {
        if (ImGui::Selectable("the same", weather.empty())) weather.clear();
        for (const auto& one : scenarios::edit::weather_presets()) {
            if (ImGui::Selectable(one.name, weather == one.name)) weather = one.name;
            ui.mark(fmt::format("fork weather:{}", one.name));
        }
        ImGui::EndCombo();
    }
    ui.mark("fork weather");
    ImGui::TextColored(colour::kFaint, "To move an actor, drag it in a view.");
    if (ImGui::Button("Fork here", ImVec2(ui.px(110), 0))) {
        json action{{"do", "fork"}};
        if (!driver.empty()) action["driver"] = driver;
        for (const auto& one : scenarios::edit::weather_presets()) {
            if (weather == one.name) action["environment"] = one.environment;
        }
        if (ui.act(action)) {
            ui.layout.bottom_tab = "Plots";
            ui.act({{"do", "play"}});
        }
        ImGui::CloseCurrentPopup();
    }
    ui.mark("fork here");
    ImGui::EndPopup();
}

}  // namespace huntsman::apps::editor
