// Problems, and the history of edits.
#include <algorithm>

#include "apps/editor/ui.h"

namespace huntsman::apps::editor {

using engine::core::Severity;
using nlohmann::json;

void draw_problems(Ui& ui) {
    const auto& analysis = ui.editor.analysis();
    if (!ui.editor.analysis_is_current()) {
        ImGui::TextColored(colour::kFaint, "Checking…");
    }
    if (analysis.problems.empty()) {
        if (ui.editor.analysis_is_current()) {
            empty_state(ui, "No problems", "The scenario can be run and saved.");
        }
        return;
    }
    if (!ImGui::BeginTable("problems", 3,
                           ImGuiTableFlags_RowBg | ImGuiTableFlags_SizingStretchProp)) {
        return;
    }
    ImGui::TableSetupColumn("sign", ImGuiTableColumnFlags_WidthFixed, ui.px(24));
    ImGui::TableSetupColumn("message", ImGuiTableColumnFlags_WidthStretch, 5);
    ImGui::TableSetupColumn("where", ImGuiTableColumnFlags_WidthStretch, 2);
    for (std::size_t i = 0; i < analysis.problems.size(); ++i) {
        const auto& problem = analysis.problems[i];
        const bool error = problem.severity == Severity::kError;
        ImGui::TableNextRow();
        ImGui::TableNextColumn();
        ImGui::TextColored(error ? colour::kError : colour::kWarning, "%s",
                           error ? icon::kError : icon::kWarning);
        ImGui::TableNextColumn();
        if (ImGui::Selectable(fmt::format("{}##{}", problem.message, i).c_str(), false,
                              ImGuiSelectableFlags_SpanAllColumns)) {
            if (!problem.actor.empty()) {
                ui.act({{"do", "select"}, {"actors", {problem.actor}}});
                ui.act({{"do", "focus"}});
                ui.layout.right_tab = "Properties";
            } else if (!problem.element.empty()) {
                ui.act({{"do", "select"}, {"element", problem.element}});
                ui.layout.right_tab = "Properties";
            } else if (!problem.field.empty()) {
                const std::string group = problem.field.substr(0, problem.field.find('.'));
                ui.layout.right_tab = group == "environment" ? "Environment"
                                      : group == "town"      ? "Town"
                                                             : "Properties";
                if (ui.layout.right_tab == "Properties") {
                    ui.act({{"do", "select"}, {"group", "scenario"}});
                }
            }
            if (problem.p_W) {
                ui.editor.view().top.centre_W = *problem.p_W;
            }
        }
        ui.mark(fmt::format("problem:{}", i));
        ImGui::TableNextColumn();
        std::string where = !problem.actor.empty()     ? problem.actor
                            : !problem.element.empty() ? problem.element
                            : !problem.field.empty()   ? problem.field
                                                       : problem.file;
        if (problem.line > 0) where += fmt::format(":{}", problem.line);
        ImGui::TextColored(colour::kFaint, "%s", where.c_str());
    }
    ImGui::EndTable();
}

void draw_history(Ui& ui) {
    const auto labels = ui.editor.history().labels();
    if (labels.empty()) {
        empty_state(ui, "Nothing was edited yet", "Every edit can be undone, back to the start.");
        return;
    }
    const std::size_t position = ui.editor.history().position();
    const auto entry = [&](std::size_t step, const char* label) {
        const bool undone = step > position;
        ImGui::PushStyleColor(ImGuiCol_Text, undone ? colour::kFaint : colour::kText);
        if (ImGui::Selectable(fmt::format("{}##step {}", label, step).c_str(), step == position)) {
            ui.act({{"do", "go_to_step"}, {"step", step}});
        }
        ImGui::PopStyleColor();
        ui.mark(fmt::format("step:{}", step));
    };
    entry(0, "As opened");
    for (std::size_t i = 0; i < labels.size(); ++i) entry(i + 1, labels[i].c_str());
}

}  // namespace huntsman::apps::editor
