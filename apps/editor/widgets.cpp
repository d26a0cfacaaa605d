#include <algorithm>

#include "apps/editor/ui.h"

namespace huntsman::apps::editor {

void Ui::mark(const std::string& name) {
    const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
    marks[name] = {low.x, low.y, high.x, high.y};
}

void tooltip(const char* text) {
    if (text == nullptr || *text == '\0' ||
        !ImGui::IsItemHovered(ImGuiHoveredFlags_AllowWhenDisabled)) {
        return;
    }
    ImGui::BeginTooltip();
    ImGui::PushTextWrapPos(ImGui::GetFontSize() * 24);
    ImGui::TextUnformatted(text);
    ImGui::PopTextWrapPos();
    ImGui::EndTooltip();
}

bool icon_button(Ui& ui, const char* icon, const char* name, const char* help, bool pressed,
                 bool enabled) {
    const float side = ImGui::GetFrameHeight();
    if (pressed) {
        ImGui::PushStyleColor(ImGuiCol_Text, colour::kAccent);
        ImGui::PushStyleColor(ImGuiCol_Button, ImVec4(0.98F, 0.62F, 0.15F, 0.20F));
    }
    ImGui::BeginDisabled(!enabled);
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(0, ImGui::GetStyle().FramePadding.y));
    const bool clicked =
        ImGui::Button(fmt::format("{}##{}", icon, name).c_str(), ImVec2(side * 1.15F, side));
    ImGui::PopStyleVar();
    ImGui::EndDisabled();
    if (pressed) ImGui::PopStyleColor(2);
    ui.mark(name);
    tooltip(help);
    return clicked;
}

bool begin_menu(Ui& ui, const char* label) {
    const bool open = ImGui::BeginMenu(label);
    ui.mark(fmt::format("menu:{}", label));
    return open;
}

bool menu_item(Ui& ui, const char* menu, const char* label, const char* shortcut, bool selected,
               bool enabled) {
    const bool clicked = ImGui::MenuItem(label, shortcut, selected, enabled);
    ui.mark(fmt::format("menu:{}/{}", menu, label));
    return clicked;
}

void splitter(Ui& ui, const char* name, bool vertical, float sign, float low, float high,
              float& size) {
    const float thick = ui.px(5);
    const ImVec2 space = ImGui::GetContentRegionAvail();
    ImGui::PushStyleColor(ImGuiCol_Button, ImVec4(0, 0, 0, 0));
    ImGui::PushStyleColor(ImGuiCol_ButtonHovered, ImVec4(0.98F, 0.62F, 0.15F, 0.5F));
    ImGui::PushStyleColor(ImGuiCol_ButtonActive, colour::kAccent);
    ImGui::Button(fmt::format("##{}", name).c_str(),
                  vertical ? ImVec2(thick, space.y) : ImVec2(space.x, thick));
    ImGui::PopStyleColor(3);
    ui.mark(name);
    if (ImGui::IsItemHovered() || ImGui::IsItemActive()) {
        ImGui::SetMouseCursor(vertical ? ImGuiMouseCursor_ResizeEW : ImGuiMouseCursor_ResizeNS);
    }
    if (ImGui::IsItemActive()) {
        const ImVec2 moved = ImGui::GetIO().MouseDelta;
        size += sign * (vertical ? moved.x : moved.y) / ui.scale;
    }
    size = std::clamp(size, low, std::max(low, high));
}

void empty_state(Ui& ui, const char* text, const char* hint) {
    const ImVec2 space = ImGui::GetContentRegionAvail();
    const float width = std::min(space.x, ui.px(420));
    const float left = ImGui::GetCursorPosX() + 0.5F * (space.x - width);
    ImGui::SetCursorPosY(ImGui::GetCursorPosY() + std::max(0.0F, 0.30F * space.y));
    const auto line = [&](const char* words, const ImVec4& tint) {
        const ImVec2 size = ImGui::CalcTextSize(words, nullptr, false, width);
        ImGui::SetCursorPosX(left + std::max(0.0F, 0.5F * (width - size.x)));
        ImGui::PushTextWrapPos(left + width);
        ImGui::PushStyleColor(ImGuiCol_Text, tint);
        ImGui::TextWrapped("%s", words);
        ImGui::PopStyleColor();
        ImGui::PopTextWrapPos();
    };
    line(text, colour::kText);
    if (hint != nullptr) line(hint, colour::kFaint);
}

void centre_next_window(Ui& ui, float width, float height) {
    const ImVec2 whole = ImGui::GetMainViewport()->Size;
    const ImVec2 size(std::min(ui.px(width), 0.96F * whole.x),
                      height <= 0 ? 0 : std::min(ui.px(height), 0.94F * whole.y));
    ImGui::SetNextWindowSize(size, ImGuiCond_Always);
    ImGui::SetNextWindowPos(ImVec2(0.5F * whole.x, 0.45F * whole.y), ImGuiCond_Always,
                            ImVec2(0.5F, 0.5F));
}

bool escape_pressed() { return ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Escape), false); }

void heading(Ui& ui, const char* text) {
    if (ui.fonts.bold != nullptr) ImGui::PushFont(ui.fonts.bold);
    ImGui::TextUnformatted(text);
    if (ui.fonts.bold != nullptr) ImGui::PopFont();
}

bool number_changed(Ui& ui, const std::string& id, bool changed, float& value) {
    if (changed && ImGui::IsItemActive() && ImGui::GetIO().WantTextInput) {
        ui.typed[id] = value;
        return false;
    }
    const auto typed = ui.typed.find(id);
    if (typed == ui.typed.end() || ImGui::IsItemActive()) return changed;
    value = typed->second;
    ui.typed.erase(typed);
    return true;
}

std::string spaced(std::string name) {
    std::ranges::replace(name, '_', ' ');
    return name;
}

std::string event_title(const scenarios::edit::OutlineEvent& event) {
    const bool numbered = event.name.starts_with("event") &&
                          event.name.find_first_not_of("0123456789", 5) == std::string::npos;
    if (!numbered || event.actions.empty()) return event.name;
    return event.actors.empty() ? event.actions.front()
                                : event.actors.front() + ": " + event.actions.front();
}

void property_label(Ui& ui, const char* label, const char* help) {
    const float width = std::clamp(0.40F * ImGui::GetContentRegionAvail().x, ui.px(70), ui.px(170));
    const float x = ImGui::GetCursorPosX();
    ImGui::AlignTextToFramePadding();
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::PushClipRect(at, ImVec2(at.x + width - ui.px(6), at.y + ImGui::GetFrameHeight()), true);
    ImGui::TextUnformatted(label);
    ImGui::PopClipRect();
    tooltip(help);
    ImGui::SameLine(x + width);
    ImGui::SetNextItemWidth(-FLT_MIN);
}

void* picture_texture(Ui& ui, std::uint32_t id) {
    const auto found = ui.pictures.find(id);
    if (found == ui.pictures.end() || !found->second) return nullptr;
    const auto& picture = found->second;
    const std::string name = fmt::format("view {}", id);
    if (picture->on_device) return ui.gui->texture(name, picture->on_device);
    const std::shared_ptr<const engine::core::Image> image(picture, &picture->image);
    return ui.gui->texture(name, image);
}

}  // namespace huntsman::apps::editor
