// All of a frame: where the panes are.
#include <algorithm>

#include "apps/editor/ui.h"

namespace huntsman::apps::editor {

namespace {

constexpr ImGuiWindowFlags kFixed = ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize |
                                    ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoCollapse |
                                    ImGuiWindowFlags_NoBringToFrontOnFocus |
                                    ImGuiWindowFlags_NoSavedSettings;

// A tab of a pane; `front` names the one to be brought to the front.
bool tab(Ui& ui, const char* icon, const char* name, std::string& front) {
    ImGuiTabItemFlags flags = 0;
    if (front == name) {
        flags = ImGuiTabItemFlags_SetSelected;
        front.clear();
    }
    const bool open =
        ImGui::BeginTabItem(fmt::format("{}  {}###{}", icon, name, name).c_str(), nullptr, flags);
    ui.mark(fmt::format("tab:{}", name));
    return open;
}

void scrolled(const char* name, void (*draw)(Ui&), Ui& ui) {
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(ui.px(8), ui.px(6)));
    if (ImGui::BeginChild(name, ImVec2(0, 0), false, ImGuiWindowFlags_AlwaysUseWindowPadding)) {
        draw(ui);
    }
    ImGui::EndChild();
    ImGui::PopStyleVar();
}

void draw_left(Ui& ui) {
    if (!ImGui::BeginTabBar("left tabs")) return;
    if (tab(ui, icon::kList, "Outline", ui.layout.left_tab)) {
        scrolled("outline", draw_outliner, ui);
        ImGui::EndTabItem();
    }
    if (tab(ui, icon::kAdd, "Add", ui.layout.left_tab)) {
        scrolled("add", draw_add, ui);
        ImGui::EndTabItem();
    }
    ImGui::EndTabBar();
}

void draw_right(Ui& ui) {
    if (!ImGui::BeginTabBar("right tabs")) return;
    if (tab(ui, icon::kSliders, "Properties", ui.layout.right_tab)) {
        scrolled("properties", draw_properties, ui);
        ImGui::EndTabItem();
    }
    if (tab(ui, icon::kSun, "Environment", ui.layout.right_tab)) {
        scrolled("environment", draw_environment, ui);
        ImGui::EndTabItem();
    }
    if (tab(ui, icon::kMap, "Town", ui.layout.right_tab)) {
        scrolled("town", draw_town, ui);
        ImGui::EndTabItem();
    }
    ImGui::EndTabBar();
}

void draw_bottom(Ui& ui) {
    if (!ImGui::BeginTabBar("bottom tabs")) return;
    std::string& front = ui.layout.bottom_tab;
    if (tab(ui, icon::kClock, "Timeline", front)) {
        scrolled("timeline", draw_timeline, ui);
        ImGui::EndTabItem();
    }
    if (tab(ui, icon::kFork, "Plots", front)) {
        scrolled("plots", draw_plots, ui);
        ImGui::EndTabItem();
    }
    const std::size_t problems = ui.editor.analysis().problems.size();
    const char* sign = problems == 0 ? icon::kCheck : icon::kWarning;
    if (tab(ui, sign, "Problems", front)) {
        scrolled("problems", draw_problems, ui);
        ImGui::EndTabItem();
    }
    if (tab(ui, icon::kBug, "Failures", front)) {
        scrolled("failures", draw_failures, ui);
        ImGui::EndTabItem();
    }
    if (tab(ui, icon::kUndo, "History", front)) {
        scrolled("history", draw_history, ui);
        ImGui::EndTabItem();
    }
    ImGui::EndTabBar();
}

void draw_middle(Ui& ui, float height) {
    Layout& layout = ui.layout;
    const float whole = ImGui::GetContentRegionAvail().x / ui.scale;
    // In a small window the views keep a third of the width.
    const bool left = layout.show_left && whole > 420;
    const bool right = layout.show_right && whole > 640;
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
    if (left) {
        ImGui::BeginChild("left", ImVec2(ui.px(layout.left), height));
        ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(ui.px(7), ui.px(5)));
        draw_left(ui);
        ImGui::PopStyleVar();
        ImGui::EndChild();
        ImGui::SameLine();
        ImGui::BeginChild("left bar", ImVec2(ui.px(5), height));
        splitter(ui, "left splitter", true, 1, 160, 0.4F * whole, layout.left);
        ImGui::EndChild();
        ImGui::SameLine();
    }
    const float right_px = right ? ui.px(layout.right + 5) : 0;
    ImGui::BeginChild("views", ImVec2(ImGui::GetContentRegionAvail().x - right_px, height), false,
                      ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(ui.px(7), ui.px(5)));
    draw_views(ui);
    ImGui::PopStyleVar();
    ImGui::EndChild();
    if (right) {
        ImGui::SameLine();
        ImGui::BeginChild("right bar", ImVec2(ui.px(5), height));
        splitter(ui, "right splitter", true, -1, 200, 0.5F * whole, layout.right);
        ImGui::EndChild();
        ImGui::SameLine();
        ImGui::BeginChild("right", ImVec2(ui.px(layout.right), height));
        ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(ui.px(7), ui.px(5)));
        draw_right(ui);
        ImGui::PopStyleVar();
        ImGui::EndChild();
    }
    ImGui::PopStyleVar();
}

}  // namespace

void draw_frame(Ui& ui) {
    ui.marks.clear();
    ui.maps.clear();
    ui.wanted.clear();
    handle_shortcuts(ui);
    handle_driving(ui);
    draw_menu_bar(ui);
    const ImGuiViewport* viewport = ImGui::GetMainViewport();
    ImGui::SetNextWindowPos(viewport->WorkPos);
    ImGui::SetNextWindowSize(viewport->WorkSize);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
    // The picture is cleared with this colour already.
    ImGui::Begin("main", nullptr,
                 kFixed | ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse |
                     ImGuiWindowFlags_NoBackground);
    ImGui::PopStyleVar();
    draw_toolbar(ui);
    const float whole = ImGui::GetContentRegionAvail().y;
    const float status = ImGui::GetFrameHeight();
    const bool bottom = ui.layout.show_bottom && whole > ui.px(260);
    const float bottom_px = bottom ? ui.px(ui.layout.bottom + 5) : 0;
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
    ImGui::BeginChild("middle", ImVec2(0, std::max(ui.px(40), whole - bottom_px - status)), false,
                      ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    draw_middle(ui, ImGui::GetContentRegionAvail().y);
    ImGui::EndChild();
    if (bottom) {
        ImGui::BeginChild("bottom bar", ImVec2(0, ui.px(5)));
        splitter(ui, "bottom splitter", false, -1, 120, 0.6F * whole / ui.scale, ui.layout.bottom);
        ImGui::EndChild();
        ImGui::BeginChild("bottom", ImVec2(0, ui.px(ui.layout.bottom)));
        ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(ui.px(7), ui.px(5)));
        draw_bottom(ui);
        ImGui::PopStyleVar();
        ImGui::EndChild();
    }
    draw_status_bar(ui);
    ImGui::PopStyleVar();
    ImGui::End();
    draw_file_dialog(ui);
    draw_palette(ui);
    draw_help(ui);
    draw_dialogs(ui);
    draw_notices(ui);
    if (ImGui::IsMouseReleased(ImGuiMouseButton_Left)) ui.editor.end_step();
    if (ui.editor.views() != nullptr) ui.editor.views()->want(ui.wanted);
}

}  // namespace huntsman::apps::editor
