// Parameters of the story: what stands for which values, in which range, and how it is drawn.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "apps/editor/ui.h"
#include "scenarios/edit/elements.h"
#include "scenarios/edit/outline.h"

namespace huntsman::apps::editor {

using nlohmann::json;
namespace edit = scenarios::edit;

namespace {

constexpr const char* kDistributions[] = {"none", "uniform", "normal"};
constexpr double kUsualSpread = 0.2;  // of a value, to either side, for a new range

std::optional<double> number_in(const std::string& text) {
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    if (end == text.c_str() || *end != '\0') return {};
    return value;
}

// The type of OpenSCENARIO for what a property holds.
const char* declared_type(const std::string& property_type) {
    if (property_type == "number") return "double";
    if (property_type == "whole number") return "integer";
    return property_type == "flag" ? "boolean" : "string";
}

// "maxSpeed" for "Max speed".
std::string name_from(const std::string& label) {
    std::string name;
    bool begins = false;
    for (const char c : label) {
        if (std::isalnum(static_cast<unsigned char>(c)) == 0) {
            begins = !name.empty();
            continue;
        }
        const auto letter = static_cast<unsigned char>(c);
        name += static_cast<char>(begins         ? std::toupper(letter)
                                  : name.empty() ? std::tolower(letter)
                                                 : letter);
        begins = false;
    }
    return name.empty() || std::isdigit(static_cast<unsigned char>(name[0])) != 0 ? "p" + name
                                                                                  : name;
}

bool number_cell(Ui& ui, const std::string& id, double& value, float width) {
    auto shown = static_cast<float>(value);
    ImGui::SetNextItemWidth(width);
    const bool changed = ImGui::DragFloat(fmt::format("##{}", id).c_str(), &shown,
                                          std::max(0.01F, 0.005F * std::abs(shown)), 0, 0, "%.4g");
    ui.mark("field:" + id);
    if (!number_changed(ui, id, changed, shown)) return false;
    value = std::round(static_cast<double>(shown) * 1e4) / 1e4;
    return true;
}

void range_rows(Ui& ui, const edit::OutlineParameter& parameter) {
    const auto value = number_in(parameter.value);
    if (!value) return;
    const auto change = [&](json command) {
        command["do"] = "set_parameter";
        command["parameter"] = parameter.name;
        ui.act(command);
    };
    property_label(ui, "Range", "Least and largest value, for variants and searches");
    bool ranged = parameter.low || parameter.high;
    if (ImGui::Checkbox(fmt::format("##ranged {}", parameter.name).c_str(), &ranged)) {
        const double spread = std::max(0.5, kUsualSpread * std::abs(*value));
        if (ranged) {
            change({{"low", *value - spread}, {"high", *value + spread}});
        } else {
            change({{"low", nullptr}, {"high", nullptr}, {"distribution", "none"}});
        }
        return;
    }
    ui.mark("ranged:" + parameter.name);
    if (!parameter.low || !parameter.high) return;
    double low = *parameter.low, high = *parameter.high;
    ImGui::SameLine();
    const float width = 0.5F * (ImGui::GetContentRegionAvail().x - ui.px(7));
    if (number_cell(ui, parameter.name + " low", low, width)) change({{"low", low}});
    ImGui::SameLine();
    if (number_cell(ui, parameter.name + " high", high, width)) change({{"high", high}});
    property_label(ui, "Distribution", "How variants draw it within the range");
    const std::string now = parameter.distribution.empty() ? "none" : parameter.distribution;
    if (ImGui::BeginCombo(fmt::format("##distribution {}", parameter.name).c_str(), now.c_str())) {
        for (const char* word : kDistributions) {
            if (ImGui::Selectable(word, now == word)) change({{"distribution", word}});
            ui.mark(fmt::format("distribution:{}", word));
        }
        ImGui::EndCombo();
    }
    ui.mark("distribution of " + parameter.name);
}

void value_row(Ui& ui, const edit::OutlineParameter& parameter) {
    property_label(ui, "Value");
    const std::string id = "parameter " + parameter.name;
    if (const auto number = number_in(parameter.value)) {
        double value = *number;
        if (number_cell(ui, id, value, ImGui::GetContentRegionAvail().x)) {
            if (parameter.low) value = std::max(value, *parameter.low);
            if (parameter.high) value = std::min(value, *parameter.high);
            ui.act({{"do", "set_parameter"}, {"parameter", parameter.name}, {"value", value}});
        }
        return;
    }
    std::array<char, 256> text{};
    std::copy_n(parameter.value.begin(), std::min(parameter.value.size(), text.size() - 1),
                text.begin());
    ImGui::SetNextItemWidth(-FLT_MIN);
    ImGui::InputText(fmt::format("##{}", id).c_str(), text.data(), text.size());
    ui.mark("field:" + id);
    if (ImGui::IsItemDeactivatedAfterEdit() && text.data() != parameter.value) {
        ui.act({{"do", "set_parameter"},
                {"parameter", parameter.name},
                {"value", std::string(text.data())}});
    }
}

// Where it is used; a click goes there.
void use_rows(Ui& ui, const edit::OutlineParameter& parameter) {
    if (parameter.bound_to.empty()) {
        ImGui::TextColored(colour::kFaint, "Not used: right-click a value to bind it.");
        return;
    }
    for (const std::string& use : parameter.bound_to) {
        const std::size_t at = use.rfind('@');
        const std::string path = use.substr(0, at);
        std::string step = path.substr(path.rfind('/') + 1);
        step = step.substr(0, step.find('['));
        const std::string words =
            edit::label_of_name(step) + ", " + edit::label_of_name(use.substr(at + 1));
        if (ImGui::Selectable(fmt::format("{}##{}", words, use).c_str())) {
            ui.act({{"do", "select"}, {"element", path}});
        }
        tooltip(path.c_str());
    }
}

void draw_own_parameter(Ui& ui, const edit::OutlineParameter& parameter) {
    ImGui::PushID(parameter.name.c_str());
    heading(ui, parameter.name.c_str());
    ImGui::SameLine(ImGui::GetContentRegionMax().x - ui.px(22));
    if (ImGui::SmallButton(icon::kTrash)) {
        ui.act({{"do", "remove_parameter"}, {"parameter", parameter.name}});
    }
    ui.mark("remove parameter " + parameter.name);
    tooltip("Remove it; its value stays where it was bound");
    value_row(ui, parameter);
    range_rows(ui, parameter);
    use_rows(ui, parameter);
    ImGui::Spacing();
    ImGui::PopID();
}

}  // namespace

void bind_menu(Ui& ui, const std::string& path, const std::string& attribute,
               const std::string& label, const std::string& type, const std::string& value,
               const std::string& unit) {
    if (!ImGui::BeginPopupContextItem(fmt::format("bind {} {}", path, attribute).c_str())) return;
    if (value.starts_with("$")) {
        ImGui::TextColored(colour::kFaint, "Bound to %s", value.c_str() + 1);
        if (ImGui::MenuItem("Unbind")) {
            ui.act({{"do", "unbind"}, {"path", path}, {"attribute", attribute}});
        }
        ui.mark("unbind");
    } else {
        if (ImGui::MenuItem("New parameter…")) {
            ParameterDialog& dialog = ui.parameter;
            dialog = {
                .open = true, .path = path, .attribute = attribute, .value = value, .unit = unit};
            dialog.type = declared_type(type);
            const std::string name = name_from(label);
            std::copy_n(name.begin(), std::min(name.size(), dialog.name.size() - 1),
                        dialog.name.begin());
            if (const auto number = number_in(value)) {
                const double spread = std::max(0.5, kUsualSpread * std::abs(*number));
                dialog.low = *number - spread;
                dialog.high = *number + spread;
                dialog.numeric = true;
            }
        }
        ui.mark("new parameter");
        for (const auto& parameter : ui.editor.analysis().outline.parameters) {
            if (ImGui::MenuItem(fmt::format("Bind to {}", parameter.name).c_str())) {
                ui.act({{"do", "bind"},
                        {"path", path},
                        {"attribute", attribute},
                        {"parameter", parameter.name}});
            }
            ui.mark("bind:" + parameter.name);
        }
    }
    ImGui::EndPopup();
}

void draw_parameter_dialog(Ui& ui) {
    ParameterDialog& dialog = ui.parameter;
    if (dialog.open && !ImGui::IsPopupOpen("new parameter dialog")) {
        ImGui::OpenPopup("new parameter dialog");
    }
    centre_next_window(ui, 380, 0);
    if (!ImGui::BeginPopupModal(
            "new parameter dialog", nullptr,
            kDialogFlags | ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize)) {
        return;
    }
    heading(ui, "New parameter");
    ImGui::PushTextWrapPos();
    ImGui::TextColored(colour::kFaint,
                       "It stands for this value; variants and searches draw it from its range.");
    ImGui::PopTextWrapPos();
    property_label(ui, "Name", "Letters, digits and _");
    ImGui::InputText("##parameter name", dialog.name.data(), dialog.name.size());
    ui.mark("field:parameter name");
    property_label(ui, "Value");
    ImGui::AlignTextToFramePadding();
    ImGui::Text("%s %s", dialog.value.c_str(), dialog.unit.c_str());
    json command{{"do", "add_parameter"}, {"type", dialog.type}, {"path", dialog.path}};
    if (dialog.numeric) {
        property_label(ui, "Range");
        const float width = 0.5F * (ImGui::GetContentRegionAvail().x - ui.px(7));
        number_cell(ui, "parameter low", dialog.low, width);
        ImGui::SameLine();
        number_cell(ui, "parameter high", dialog.high, width);
        property_label(ui, "Distribution");
        if (ImGui::BeginCombo("##parameter distribution", kDistributions[dialog.distribution])) {
            for (int i = 0; i < 3; ++i) {
                if (ImGui::Selectable(kDistributions[i], i == dialog.distribution)) {
                    dialog.distribution = i;
                }
            }
            ImGui::EndCombo();
        }
        command["low"] = dialog.low;
        command["high"] = dialog.high;
        if (dialog.distribution > 0) command["distribution"] = kDistributions[dialog.distribution];
    }
    ImGui::Spacing();
    if (ImGui::Button("Add", ImVec2(ui.px(110), 0))) {
        command["name"] = std::string(dialog.name.data());
        command["attribute"] = dialog.attribute;
        command["value"] = dialog.value;
        if (ui.act(command)) dialog.open = false;
    }
    ui.mark("parameter add");
    ImGui::SameLine();
    if (ImGui::Button("Cancel", ImVec2(ui.px(110), 0)) || escape_pressed()) dialog.open = false;
    if (!dialog.open) ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
}

void draw_parameters(Ui& ui) {
    const auto& parameters = ui.editor.analysis().outline.parameters;
    if (!ui.editor.draft().story) {
        heading(ui, "Parameters of the situation");
        draw_field_group(ui, "parameters");
    } else {
        for (const auto& parameter : parameters) draw_own_parameter(ui, parameter);
    }
    if (!parameters.empty()) return;
    ImGui::PushTextWrapPos();
    ImGui::TextColored(colour::kFaint,
                       "The scenario has none. Right-click a value of an actor or event to let a "
                       "parameter stand for it.");
    ImGui::PopTextWrapPos();
}

}  // namespace huntsman::apps::editor
