// Programmes of signals: those of the map's junctions, and those that the story has in their place.
#include <algorithm>
#include <map>
#include <set>

#include "apps/editor/ui.h"
#include "scenarios/edit/commands.h"

namespace huntsman::apps::editor {

using nlohmann::json;
namespace edit = scenarios::edit;

namespace {

constexpr const char* kStates[] = {"red", "red-yellow", "green", "yellow", "off"};
constexpr double kLeast_s = 0.1, kMost_s = 86400;

ImVec4 tint_of(const std::string& state) {
    if (state == "red") return colour::kSignalRed;
    if (state == "green") return colour::kSignalGreen;
    if (state == "yellow" || state == "red-yellow") return colour::kSignalYellow;
    return colour::kFaint;
}

// The controller as `set_controller` takes it.
json phases_of(const edit::OutlineSignal& signal) {
    json phases = json::array();
    for (const auto& phase : signal.phases) {
        json states = json::object();
        for (const auto& [id, state] : phase.states) states[id] = state;
        phases.push_back(
            {{"name", phase.name}, {"duration_s", phase.duration_s}, {"states", states}});
    }
    return phases;
}

// What an edit of the grid wants; nothing where nothing was touched.
struct Change {
    bool made = false;
    json phases;
};

void duration_cells(Ui& ui, const edit::OutlineSignal& signal, Change& change) {
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    ImGui::AlignTextToFramePadding();
    ImGui::TextColored(colour::kFaint, "Duration");
    for (std::size_t i = 0; i < signal.phases.size(); ++i) {
        ImGui::TableNextColumn();
        auto shown = static_cast<float>(signal.phases[i].duration_s);
        ImGui::SetNextItemWidth(-FLT_MIN);
        if (ImGui::DragFloat(fmt::format("##duration {}", i).c_str(), &shown, 0.1F,
                             static_cast<float>(kLeast_s), static_cast<float>(kMost_s), "%.1f s")) {
            change.made = true;
            const double rounded = std::round(10 * static_cast<double>(shown)) / 10;
            change.phases[i]["duration_s"] = std::clamp(rounded, kLeast_s, kMost_s);
        }
        ui.mark(fmt::format("duration:{}", i + 1));
    }
}

void state_cells(Ui& ui, const std::string& id, Change& change) {
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    ImGui::AlignTextToFramePadding();
    ImGui::TextUnformatted(id.c_str());
    tooltip(fmt::format("Signal {} of the map", id).c_str());
    for (std::size_t i = 0; i < change.phases.size(); ++i) {
        json& states = change.phases[i]["states"];
        const std::string now = states.contains(id) ? states.at(id).get<std::string>() : "";
        ImGui::TableNextColumn();
        ImGui::SetNextItemWidth(-FLT_MIN);
        ImGui::PushStyleColor(ImGuiCol_Text, tint_of(now));
        const bool open = ImGui::BeginCombo(fmt::format("##{} {}", id, i).c_str(),
                                            now.empty() ? "as before" : now.c_str(),
                                            ImGuiComboFlags_NoArrowButton);
        ImGui::PopStyleColor();
        ui.mark(fmt::format("state:{}:{}", id, i + 1));
        if (!open) continue;
        for (const char* state : kStates) {
            if (!ImGui::Selectable(state, now == state)) continue;
            states[id] = state;
            change.made = true;
        }
        ImGui::EndCombo();
    }
}

void phase_cells(Ui& ui, Change& change) {
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    for (std::size_t i = 0; i < change.phases.size(); ++i) {
        ImGui::TableNextColumn();
        ImGui::PushID(static_cast<int>(i));
        const bool adds = ImGui::SmallButton(icon::kAdd);
        tooltip("Another phase behind this one");
        ui.mark(fmt::format("add phase:{}", i + 1));
        ImGui::SameLine(0, ui.px(2));
        const bool removes = change.phases.size() > 1 && ImGui::SmallButton(icon::kTrash);
        ImGui::PopID();
        if (adds) {
            change.phases.insert(change.phases.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                 json(change.phases[i]));
        } else if (removes) {
            change.phases.erase(i);
        }
        if (!adds && !removes) continue;
        change.made = true;
        for (std::size_t k = 0; k < change.phases.size(); ++k) {
            change.phases[k]["name"] = fmt::format("phase {}", k + 1);
        }
        return;
    }
}

void draw_programme(Ui& ui, const edit::OutlineSignal& signal) {
    heading(ui, signal.controller.c_str());
    double cycle_s = 0;
    std::set<std::string> ids;
    for (const auto& phase : signal.phases) {
        cycle_s += phase.duration_s;
        for (const auto& [id, state] : phase.states) ids.insert(id);
    }
    ImGui::TextColored(colour::kFaint, "%zu phases, %.1f s a cycle, from the start of the run",
                       signal.phases.size(), cycle_s);
    const bool goes_back = ImGui::Button("Back to the map's programme");
    ui.mark("remove controller");
    if (goes_back && ui.act({{"do", "remove_controller"}, {"controller", signal.controller}})) {
        ui.act({{"do", "select"}, {"group", "signals"}});
        return;
    }
    Change change{.phases = phases_of(signal)};
    const auto columns = static_cast<int>(signal.phases.size()) + 1;
    constexpr int kMostColumns = 64;  // that Dear ImGui's tables have
    if (columns > kMostColumns) {
        ImGui::TextColored(colour::kFaint, "Too many phases for a table: edit its elements.");
    } else if (ImGui::BeginTable("phases", columns,
                                 ImGuiTableFlags_ScrollX | ImGuiTableFlags_BordersInnerV,
                                 ImVec2(0, ImGui::GetFrameHeightWithSpacing() *
                                               (static_cast<float>(ids.size()) + 3.5F)))) {
        ImGui::TableSetupScrollFreeze(1, 1);
        ImGui::TableSetupColumn("Signal", ImGuiTableColumnFlags_WidthFixed, ui.px(72));
        for (std::size_t i = 0; i < signal.phases.size(); ++i) {
            ImGui::TableSetupColumn(fmt::format("Phase {}", i + 1).c_str(),
                                    ImGuiTableColumnFlags_WidthFixed, ui.px(86));
        }
        ImGui::TableHeadersRow();
        duration_cells(ui, signal, change);
        for (const std::string& id : ids) state_cells(ui, id, change);
        if (!change.made) phase_cells(ui, change);
        ImGui::EndTable();
    }
    if (change.made) {
        ui.act({{"do", "set_controller"},
                {"controller", signal.controller},
                {"phases", change.phases}});
    }
}

void draw_junctions(Ui& ui) {
    heading(ui, "Signals");
    const auto& analysis = ui.editor.analysis();
    if (!analysis.place) return;
    ImGui::PushTextWrapPos();
    ImGui::TextColored(colour::kFaint,
                       "The map's programmes run unless the story has one in their place.");
    ImGui::PopTextWrapPos();
    const auto& roads = analysis.place->world.roads;
    for (const auto& program : roads.programs) {
        const std::string name = edit::junction_controller(program.junction);
        const bool taken = signal_group(ui.editor, program.junction) != "signals";
        double cycle_s = 0;
        for (const auto& phase : program.phases) {
            cycle_s += static_cast<double>(phase.duration_us) * 1e-6;
        }
        ImGui::PushID(name.c_str());
        ImGui::AlignTextToFramePadding();
        if (ImGui::Selectable(fmt::format("Junction {}", program.junction).c_str(), false, 0,
                              ImVec2(ui.px(110), 0)) &&
            program.junction < roads.junctions.size()) {
            ui.editor.view().top.centre_W =
                engine::math::xy(roads.junctions[program.junction].centre);
        }
        tooltip("Look at it on the map");
        ImGui::SameLine(ui.px(120));
        ImGui::TextColored(colour::kFaint, "%zu phases, %.0f s", program.phases.size(), cycle_s);
        ImGui::SameLine(ImGui::GetContentRegionMax().x - ui.px(62));
        if (ImGui::SmallButton(taken ? "Show" : "Edit") &&
            (taken || ui.act({{"do", "take_signals"}, {"junction", program.junction}}))) {
            ui.act({{"do", "select"}, {"group", "signals:" + name}});
        }
        ui.mark("signals of " + name);
        ImGui::PopID();
    }
    if (roads.programs.empty()) {
        ImGui::TextColored(colour::kFaint, "No junction of the map has signals.");
    }
}

}  // namespace

std::string signal_group(const Editor& editor, engine::world::JunctionId junction) {
    const std::string name = edit::junction_controller(junction);
    const auto& own = editor.analysis().outline.signals;
    const bool taken = std::ranges::find(own, name, &edit::OutlineSignal::controller) != own.end();
    return taken ? "signals:" + name : "signals";
}

void draw_signals(Ui& ui, const std::string& controller) {
    if (controller.empty()) {
        draw_junctions(ui);
        return;
    }
    const auto& signals = ui.editor.analysis().outline.signals;
    const auto found = std::ranges::find(signals, controller, &edit::OutlineSignal::controller);
    if (found != signals.end()) {
        draw_programme(ui, *found);
    } else if (ui.editor.analysis_is_current()) {
        draw_junctions(ui);
    } else {
        ImGui::TextColored(colour::kFaint, "…");
    }
}

}  // namespace huntsman::apps::editor
