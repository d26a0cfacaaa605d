// A new event: what an actor does, when, and with which values; from the tables of the commands.
#include <algorithm>
#include <array>

#include "apps/editor/ui.h"
#include "scenarios/edit/commands.h"
#include "scenarios/edit/elements.h"

namespace huntsman::apps::editor {

using nlohmann::json;
namespace edit = scenarios::edit;

namespace {

// A plain first value for a parameter that must be given.
json first_value(Ui& ui, const edit::ParameterInfo& p, const std::string& actor) {
    const std::string_view name(p.name);
    const auto& outline = ui.editor.analysis().outline;
    const auto found = std::ranges::find(outline.actors, actor, &edit::OutlineActor::name);
    const bool placed = found != outline.actors.end() && found->p_W;
    switch (p.type) {
        case edit::ParameterType::kNumber:
            if (name == "x") return placed ? found->p_W->x : 0.0;
            if (name == "y") return placed ? found->p_W->y : 0.0;
            if (name == "distance_m") return 25.0;
            if (name == "radius_m") return 5.0;
            if (name == "mps")
                return found != outline.actors.end() && found->kind == "pedestrian" ? 1.4 : 8.0;
            if (name == "time_s") return 2.0;
            if (name == "duration_s") return 1.0;
            return std::clamp(0.5, p.low, p.high);
        case edit::ParameterType::kWhole:
            return 1;
        case edit::ParameterType::kFlag:
            return false;
        case edit::ParameterType::kPoints: {
            // Ten metres straight on.
            const double x = placed ? found->p_W->x : 0, y = placed ? found->p_W->y : 0;
            const double h = found != outline.actors.end() ? found->heading_rad : 0;
            return json::array(
                {json::array({x, y}), json::array({x + 10 * std::cos(h), y + 10 * std::sin(h)})});
        }
        default:
            break;
    }
    if (name == "event" && !outline.events.empty()) return outline.events.front().name;
    if (name == "to") {
        for (const auto& other : outline.actors) {
            if (other.name != actor) return other.name;
        }
    }
    if (name == "light") return "indicatorLeft";
    if (name == "mode") return "flashing";
    if (name == "part") return "doorFrontLeft";
    if (name == "state") return "red";
    return "";
}

json with_first_values(Ui& ui, const edit::CommandInfo& kind, const std::string& actor) {
    json made{{"kind", kind.name}};
    for (const auto& p : kind.parameters) {
        if (!p.optional) made[p.name] = first_value(ui, p, actor);
    }
    return made;
}

// "Distance [m]" for "distance_m".
std::string label_of(std::string name) {
    std::string unit;
    for (const auto& [ending, word] :
         {std::pair("_s", "s"), std::pair("_m", "m"), std::pair("_deg", "°"),
          std::pair("_mps2", "m/s²"), std::pair("_mps", "m/s")}) {
        if (!name.ends_with(ending)) continue;
        name.resize(name.size() - std::string_view(ending).size());
        unit = fmt::format(" [{}]", word);
        break;
    }
    if (name == "mps") return "Speed [m/s]";
    return edit::label_of_name(name) + unit;
}

// The values of an action or trigger; lists of points are drawn in a view instead.
void value_rows(Ui& ui, const edit::CommandInfo& kind, json& values) {
    for (const auto& p : kind.parameters) {
        if (p.optional) continue;
        property_label(ui, label_of(p.name).c_str(), p.doc);
        json& value = values[p.name];
        const std::string id = fmt::format("##{} {}", kind.name, p.name);
        if (p.type == edit::ParameterType::kNumber || p.type == edit::ParameterType::kWhole) {
            auto shown = value.is_number() ? value.get<float>() : 0.0F;
            const bool whole = p.type == edit::ParameterType::kWhole;
            if (ImGui::DragFloat(id.c_str(), &shown, whole ? 0.1F : 0.05F,
                                 static_cast<float>(p.low), static_cast<float>(p.high),
                                 whole ? "%.0f" : "%.2f")) {
                if (whole) {
                    value = static_cast<int>(shown);
                } else {
                    value = static_cast<double>(shown);
                }
            }
        } else if (value.is_string()) {
            std::array<char, 128> text{};
            const auto word = value.get<std::string>();
            std::copy_n(word.begin(), std::min(word.size(), text.size() - 1), text.begin());
            if (ImGui::InputText(id.c_str(), text.data(), text.size())) {
                value = std::string(text.data());
            }
        } else {
            ImGui::TextColored(colour::kFaint, "10 m ahead; move its points in the map");
        }
        ui.mark(fmt::format("event field:{}", p.name));
    }
}

// A choice among kinds; a new one gets its first values.
void kind_row(Ui& ui, const char* label, std::span<const edit::CommandInfo> kinds,
              const std::string& actor, json& values) {
    const std::string chosen = values.value("kind", "");
    const auto found = std::ranges::find(
        kinds, chosen, [](const edit::CommandInfo& kind) { return std::string(kind.name); });
    property_label(ui, label);
    if (ImGui::BeginCombo(fmt::format("##{}", label).c_str(),
                          found == kinds.end() ? "" : found->label)) {
        for (const auto& kind : kinds) {
            if (ImGui::Selectable(kind.label, chosen == kind.name)) {
                values = with_first_values(ui, kind, actor);
            }
            ui.mark(fmt::format("event kind:{}", kind.name));
            tooltip(kind.doc);
        }
        ImGui::EndCombo();
    }
    ui.mark(fmt::format("event {}", label));
    for (const auto& kind : kinds) {
        if (values.value("kind", "") == kind.name) value_rows(ui, kind, values);
    }
}

}  // namespace

void draw_event_popup(Ui& ui, const std::string& actor) {
    ImGui::SetNextWindowSize(ImVec2(ui.px(380), 0));
    if (!ImGui::BeginPopup("add event")) return;
    static json action, trigger;
    static std::string of;
    if (of != actor || !action.is_object()) {
        of = actor;
        action = with_first_values(ui, edit::action_kinds().front(), actor);
        trigger = with_first_values(ui, edit::trigger_kinds().front(), actor);
    }
    heading(ui, fmt::format("New event of {}", actor).c_str());
    kind_row(ui, "What", edit::action_kinds(), actor, action);
    ImGui::Spacing();
    kind_row(ui, "When", edit::trigger_kinds(), actor, trigger);
    ImGui::Spacing();
    if (ImGui::Button("Add", ImVec2(ui.px(100), 0))) {
        if (ui.act({{"do", "add_event"},
                    {"actor", actor},
                    {"action", action},
                    {"trigger", trigger}})) {
            ImGui::CloseCurrentPopup();
        }
    }
    ui.mark("event add");
    ImGui::SameLine();
    if (ImGui::Button("Cancel", ImVec2(ui.px(100), 0))) ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
}

}  // namespace huntsman::apps::editor
