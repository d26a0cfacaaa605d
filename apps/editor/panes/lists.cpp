// Problems, the history of edits, and the browser of failures.
#include <algorithm>
#include <array>

#include "apps/editor/ui.h"
#include "bridge/failures/catalogue.h"
#include "engine/core/files.h"
#include "sensors/encode/image_file.h"

namespace huntsman::apps::editor {

using engine::core::Severity;
using nlohmann::json;
namespace failures = bridge::failures;

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

// ---- Failures

namespace {

// The rows of the catalogue, read again when asked.
struct Browser {
    std::filesystem::path catalogue;
    std::vector<failures::Row> rows;
    std::string error;
    bool read = false;
    std::array<char, 64> filter{};
    std::string kind, driver;

    void load() {
        rows.clear();
        error.clear();
        read = true;
        auto opened = failures::Catalogue::open_existing(catalogue);
        if (!opened.ok()) {
            error = opened.error().text();
            return;
        }
        auto listed = (*opened)->list({.limit = 5000});
        if (listed.ok()) {
            rows = std::move(listed.value());
        } else {
            error = listed.error().text();
        }
    }
    bool shows(const failures::Row& row) const {
        if (!kind.empty() && row.kind != kind) return false;
        if (!driver.empty() && row.driver != driver) return false;
        const std::string_view wanted(filter.data());
        if (wanted.empty()) return true;
        const std::string all =
            fmt::format("{} {} {} {} {} {} {}", row.kind, row.scenario, row.seed, row.driver,
                        row.actor_class, row.light, row.weather);
        return all.find(wanted) != std::string::npos;
    }
};

Browser& browser(Ui& ui) {
    static Browser kept;
    if (kept.catalogue.empty()) {
        kept.catalogue = ui.editor.settings().catalogue.empty() ? "runs/failures.db"
                                                                : ui.editor.settings().catalogue;
    }
    if (!kept.read) kept.load();
    return kept;
}

void choice(Ui& ui, const char* label, std::string& chosen, std::vector<std::string> all) {
    std::ranges::sort(all);
    all.erase(std::unique(all.begin(), all.end()), all.end());
    ImGui::SetNextItemWidth(ui.px(150));
    if (ImGui::BeginCombo(fmt::format("##{}", label).c_str(),
                          chosen.empty() ? label : chosen.c_str())) {
        if (ImGui::Selectable(label, chosen.empty())) chosen.clear();
        for (const auto& one : all) {
            if (ImGui::Selectable(one.c_str(), chosen == one)) chosen = one;
        }
        ImGui::EndCombo();
    }
    ui.mark(label);
    ImGui::SameLine();
}

engine::core::Image read_picture(const std::filesystem::path& path) {
    const auto bytes = engine::core::read_file(path);
    if (!bytes.ok()) return {};
    auto image = path.extension() == ".png" ? sensors::encode::decode_png(bytes.value())
                                            : sensors::encode::decode_jpeg(bytes.value());
    return image.ok() ? std::move(image.value()) : engine::core::Image{};
}

void show_picture(Ui& ui, const failures::Row& row) {
    if (row.picture.empty()) return;
    auto& image = ui.images["failure " + row.picture];
    if (!image) {
        image = std::make_shared<engine::core::Image>(read_picture(row.picture));
    }
    void* texture = ui.gui->texture("failure picture", image);
    if (texture == nullptr) return;
    ImGui::BeginTooltip();
    const float width = ui.px(420);
    ImGui::Image(texture, ImVec2(width, width * static_cast<float>(image->height) /
                                            static_cast<float>(image->width)));
    ImGui::EndTooltip();
}

void open_row(Ui& ui, const Browser& from, const failures::Row& row) {
    unless_unsaved(ui, "open the failure", [&ui, catalogue = from.catalogue.string(), id = row.id] {
        ui.act({{"do", "open_failure"}, {"catalogue", catalogue}, {"id", id}});
    });
}

}  // namespace

void draw_failures(Ui& ui) {
    Browser& from = browser(ui);
    std::vector<std::string> kinds, drivers;
    for (const auto& row : from.rows) {
        kinds.push_back(row.kind);
        drivers.push_back(row.driver);
    }
    ImGui::SetNextItemWidth(ui.px(220));
    ImGui::InputTextWithHint("##search failures", fmt::format("{}  Search", icon::kSearch).c_str(),
                             from.filter.data(), from.filter.size());
    ui.mark("search failures");
    ImGui::SameLine();
    choice(ui, "All kinds", from.kind, kinds);
    choice(ui, "All drivers", from.driver, drivers);
    if (ImGui::Button("Catalogue…")) {
        ask_for_file(ui, "Choose a catalogue of failures", ".db .sqlite", false,
                     [&from](const std::filesystem::path& path) {
                         from.catalogue = path;
                         from.load();
                     });
    }
    ui.mark("choose catalogue");
    ImGui::SameLine();
    if (ImGui::Button("Read again")) from.load();
    if (!from.error.empty() || from.rows.empty()) {
        empty_state(ui, "No failures collected here yet",
                    from.error.empty() ? "Runs add theirs to the catalogue beside their folder."
                                       : from.error.c_str());
        return;
    }
    const ImGuiTableFlags flags = ImGuiTableFlags_RowBg | ImGuiTableFlags_ScrollY |
                                  ImGuiTableFlags_Resizable | ImGuiTableFlags_SizingStretchProp;
    if (!ImGui::BeginTable("failures", 8, flags)) return;
    ImGui::TableSetupScrollFreeze(0, 1);
    for (const char* column :
         {"What", "With", "Scenario", "Seed", "Driver", "Time", "Light", "Weather"}) {
        ImGui::TableSetupColumn(column);
    }
    ImGui::TableHeadersRow();
    for (const auto& row : from.rows) {
        if (!from.shows(row)) continue;
        ImGui::TableNextRow();
        ImGui::TableNextColumn();
        std::string kind = row.kind;
        std::ranges::replace(kind, '_', ' ');
        ImGui::Selectable(
            fmt::format("{}##{}", kind, row.id).c_str(), false,
            ImGuiSelectableFlags_SpanAllColumns | ImGuiSelectableFlags_AllowDoubleClick);
        ui.mark(fmt::format("failure:{}", row.id));
        if (ImGui::IsItemHovered()) {
            show_picture(ui, row);
            if (ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) open_row(ui, from, row);
        }
        const std::string cells[] = {row.actor_class,
                                     row.scenario,
                                     std::to_string(row.seed),
                                     row.driver,
                                     fmt::format("{:.1f} s", row.time_s),
                                     row.light,
                                     row.weather};
        for (const auto& cell : cells) {
            ImGui::TableNextColumn();
            ImGui::TextUnformatted(cell.c_str());
        }
    }
    ImGui::EndTable();
}

}  // namespace huntsman::apps::editor
