#include "apps/editor/theme.h"

#include <filesystem>

namespace huntsman::apps::editor {

using engine::core::Error;
using engine::core::Result;

namespace {

constexpr const char* kRegular = "/usr/share/fonts/opentype/inter/Inter-Regular.otf";
constexpr const char* kSemiBold = "/usr/share/fonts/opentype/inter/Inter-SemiBold.otf";
constexpr const char* kIcons = "/usr/share/fonts/truetype/font-awesome/fontawesome-webfont.ttf";

// Latin with what its languages need, punctuation, arrows and mathematical signs.
constexpr ImWchar kLetters[] = {0x0020, 0x024F, 0x0370, 0x03FF, 0x2010, 0x2027, 0x2030, 0x205E,
                                0x20AC, 0x20AC, 0x2190, 0x21FF, 0x2200, 0x22FF, 0};
constexpr ImWchar kIconRange[] = {0xF000, 0xF2E0, 0};

ImFont* add(const char* path, float size_px) {
    ImGuiIO& io = ImGui::GetIO();
    ImFontConfig config;
    config.OversampleH = 2;
    config.OversampleV = 1;
    ImFont* font = io.Fonts->AddFontFromFileTTF(path, size_px, &config, kLetters);
    ImFontConfig icons;
    icons.MergeMode = true;
    icons.PixelSnapH = true;
    icons.GlyphMinAdvanceX = 1.1F * size_px;
    icons.GlyphOffset = {0, 0.02F * size_px};
    io.Fonts->AddFontFromFileTTF(kIcons, 0.92F * size_px, &icons, kIconRange);
    return font;
}

void set_colours() {
    ImGui::StyleColorsDark();
    ImVec4* c = ImGui::GetStyle().Colors;
    const auto grey = [](float v, float alpha = 1) {
        return ImVec4(v, v + 0.006F, v + 0.014F, alpha);
    };
    c[ImGuiCol_Text] = colour::kText;
    c[ImGuiCol_TextDisabled] = colour::kFaint;
    c[ImGuiCol_WindowBg] = ImVec4(kClear[0], kClear[1], kClear[2], 1);
    c[ImGuiCol_ChildBg] = ImVec4(0, 0, 0, 0);
    c[ImGuiCol_PopupBg] = grey(0.14F, 0.98F);
    c[ImGuiCol_Border] = grey(0.23F);
    c[ImGuiCol_FrameBg] = grey(0.205F);
    c[ImGuiCol_FrameBgHovered] = grey(0.24F);
    c[ImGuiCol_FrameBgActive] = grey(0.28F);
    c[ImGuiCol_TitleBg] = c[ImGuiCol_TitleBgActive] = grey(0.16F);
    c[ImGuiCol_MenuBarBg] = grey(0.145F);
    c[ImGuiCol_ScrollbarBg] = grey(0.115F);
    c[ImGuiCol_ScrollbarGrab] = grey(0.28F);
    c[ImGuiCol_CheckMark] = colour::kAccent;
    c[ImGuiCol_SliderGrab] = grey(0.36F);
    c[ImGuiCol_SliderGrabActive] = colour::kAccent;
    c[ImGuiCol_Button] = grey(0.21F);
    c[ImGuiCol_ButtonHovered] = grey(0.28F);
    c[ImGuiCol_ButtonActive] = grey(0.34F);
    c[ImGuiCol_Header] = ImVec4(0.98F, 0.62F, 0.15F, 0.22F);
    c[ImGuiCol_HeaderHovered] = grey(0.25F);
    c[ImGuiCol_HeaderActive] = grey(0.30F);
    c[ImGuiCol_Separator] = grey(0.22F);
    c[ImGuiCol_SeparatorHovered] = c[ImGuiCol_SeparatorActive] = colour::kAccent;
    c[ImGuiCol_Tab] = grey(0.145F);
    c[ImGuiCol_TabHovered] = grey(0.28F);
    c[ImGuiCol_TabActive] = grey(0.23F);
    c[ImGuiCol_TextSelectedBg] = ImVec4(0.98F, 0.62F, 0.15F, 0.35F);
    c[ImGuiCol_TableHeaderBg] = grey(0.16F);
    c[ImGuiCol_TableRowBgAlt] = ImVec4(1, 1, 1, 0.025F);
    c[ImGuiCol_DragDropTarget] = colour::kAccent;
    c[ImGuiCol_NavHighlight] = colour::kAccent;
    c[ImGuiCol_ModalWindowDimBg] = ImVec4(0, 0, 0, 0.55F);
}

}  // namespace

Result<Fonts> set_theme(float scale) {
    ImGuiIO& io = ImGui::GetIO();
    io.Fonts->Clear();
    ImGui::GetStyle() = ImGuiStyle();
    set_colours();
    ImGuiStyle& style = ImGui::GetStyle();
    style.WindowPadding = {8, 6};
    style.FramePadding = {7, 4};
    style.ItemSpacing = {7, 5};
    style.ItemInnerSpacing = {6, 4};
    style.IndentSpacing = 16;
    style.ScrollbarSize = 12;
    style.GrabMinSize = 10;
    style.WindowRounding = 0;
    style.FrameRounding = style.GrabRounding = style.PopupRounding = style.TabRounding = 4;
    style.ChildRounding = 4;
    style.WindowBorderSize = 0;
    style.PopupBorderSize = 1;
    style.ScaleAllSizes(scale);
    std::error_code ignored;
    for (const char* needed : {kRegular, kSemiBold, kIcons}) {
        if (std::filesystem::exists(needed, ignored)) continue;
        io.Fonts->AddFontDefault();
        io.FontGlobalScale = scale;
        return Error{.message = fmt::format("the font {} is missing; apt-get install fonts-inter "
                                            "fonts-font-awesome",
                                            needed)};
    }
    Fonts fonts;
    fonts.text = add(kRegular, 15.0F * scale);
    fonts.bold = add(kSemiBold, 15.0F * scale);
    fonts.small = add(kRegular, 12.5F * scale);
    io.FontGlobalScale = 1;
    return fonts;
}

}  // namespace huntsman::apps::editor
