// What panes share while a frame is drawn.
#pragma once

#include <imgui.h>

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/editor/editor.h"
#include "apps/editor/gui_renderer.h"
#include "apps/editor/handles.h"
#include "apps/editor/kind_pictures.h"
#include "apps/editor/theme.h"
#include "apps/editor/window.h"

namespace huntsman::apps::editor {

// Widths and heights of the panes [units], and what is in front; kept from start to start.
struct Layout {
    float left = 270, right = 330, bottom = 236;
    bool show_left = true, show_right = true, show_bottom = true;
    std::string left_tab, right_tab, bottom_tab;  // to be brought to the front, then empty
};

// Where a view shows places of the world, and what is under a place of the screen at a height.
// Those of the last frame are kept for drags of scripts.
struct ViewMap {
    std::function<std::optional<ImVec2>(const engine::math::Vec3&)> to_screen;
    std::function<std::optional<engine::math::Vec3>(const ImVec2&, double z_m)> to_world;
};

struct MapCache;        // of panes/top_view.cpp
struct FailureBrowser;  // of panes/failures.cpp

// A file dialog; see panes/file_dialog.cpp.
struct FileDialog {
    bool open = false, fresh = false, saves = false;
    std::string title, name, filter;  // filter: endings, as ".json .xosc"
    std::filesystem::path folder;
    std::function<void(const std::filesystem::path&)> chosen;
    std::string error;
    bool confirms = false;  // the file is there; asked whether to replace it
};

// An actor that is being dragged in a view.
struct ActorDrag {
    bool active = false, moved = false;
    std::string entity;  // of the story; empty: a generated one
    engine::world::ActorId actor = engine::world::kNoActor;
    engine::math::Vec3 grip_W{0, 0, 0};  // from the pointer's place to its origin
    engine::math::Vec3 to_W{0, 0, 0};    // where it would be
    double heading_rad = 0;
    bool against = false;  // it faces against its lane's traffic
    bool in_run = false;   // later than the start: what becomes of it is asked at the end
};

struct CommandPalette {
    bool open = false, fresh = false;
    std::array<char, 128> text{};
    int chosen = 0;
};

// A parameter that is about to stand for a value.
struct ParameterDialog {
    bool open = false;
    std::string path, attribute, value, unit;
    std::string type = "double";
    std::array<char, 64> name{};
    bool numeric = false;
    double low = 0, high = 0;
    int distribution = 1;
};

struct Ui {
    Editor& editor;
    GuiRenderer* gui;  // other ones where the device was lost
    Window* window;
    Fonts fonts;
    float scale = 1;  // pixels a unit
    Layout layout;
    FileDialog files;
    CommandPalette palette;
    std::map<std::string, float> typed;  // numbers while they are typed, by their field
    Selection typed_for;
    ParameterDialog parameter;
    ActorDrag drag;
    HandleDrag handle_drag;
    bool fork_dialog = false;
    bool show_help = false, show_about = false, asks_about_quitting = false;
    bool force_quit = false;
    std::filesystem::path screenshot;  // where the next picture of the window goes
    std::string confirm_text;          // asks before it does `confirmed`
    std::function<void()> confirmed;

    // Items by name and where they were in the last frame: left, top, right, bottom.
    std::map<std::string, std::array<float, 4>> marks;
    std::map<std::string, ViewMap> maps;  // "top", "perspective"

    // Pictures of views by their id, the newest of each.
    std::map<std::uint32_t, bridge::live::ViewPicturePtr> pictures;
    std::vector<bridge::live::ViewWanted> wanted;  // gathered while panes are drawn
    std::map<std::string, std::shared_ptr<const engine::core::Image>> images;  // kept by panes
    // Decoded thumbnails of moments by name.
    std::map<std::string,
             std::pair<bridge::live::MomentPtr, std::shared_ptr<const engine::core::Image>>>
        thumbnails;

    std::unique_ptr<KindPictures> kinds;  // once the palette is looked at
    std::shared_ptr<MapCache> map_cache;
    std::shared_ptr<FailureBrowser> failures;
    // Pedals and steering of whoever drives by hand: as they are, and as last sent.
    engine::world::VehicleCommand driving, driven;

    // Frame times of the interface, newest last [ms].
    std::vector<float> frame_ms;

    float px(float units) const { return units * scale; }
    // Remembers where the last item was.
    void mark(const std::string& name);
    // Does an action; its error is shown.
    bool act(const nlohmann::json& action) { return editor.act(action).ok(); }
};

// ---- Widgets

// A button with an icon and a tooltip; `name` is its mark. Pressed looks chosen.
bool icon_button(Ui& ui, const char* icon, const char* name, const char* tooltip,
                 bool pressed = false, bool enabled = true);
// A menu's entry; `menu` and `label` make its mark: "menu:Run/Play".
bool menu_item(Ui& ui, const char* menu, const char* label, const char* shortcut = nullptr,
               bool selected = false, bool enabled = true);
bool begin_menu(Ui& ui, const char* label);
// A bar that is dragged; changes `size` by the movement. `vertical`: the bar is upright.
void splitter(Ui& ui, const char* name, bool vertical, float sign, float low, float high,
              float& size);
// A line of text in the middle of the space that is left, for what is empty.
void empty_state(Ui& ui, const char* text, const char* hint = nullptr);
void tooltip(const char* text);
// A window above all panes: in the middle of the screen, of this size at most [units]; a height of
// 0 is that of its content.
constexpr ImGuiWindowFlags kDialogFlags =
    ImGuiWindowFlags_NoCollapse | ImGuiWindowFlags_NoSavedSettings;
void centre_next_window(Ui& ui, float width, float height);
bool escape_pressed();
// A heading in bold.
void heading(Ui& ui, const char* text);
// Label to the left, then the widget takes the width that is left of a property.
// "near miss" for "near_miss".
std::string spaced(std::string name);
// What an event is called: its name, or, where that is a number only, what happens.
std::string event_title(const scenarios::edit::OutlineEvent& event);
void property_label(Ui& ui, const char* label, const char* help = nullptr);
// Whether the number of the last item, a slider or a dragged number, is to be taken: while it is
// dragged at once, when it is typed with Enter or when the field is left.
bool number_changed(Ui& ui, const std::string& id, bool changed, float& value);
// A right click on the last item offers parameters for an attribute of the story.
void bind_menu(Ui& ui, const std::string& path, const std::string& attribute,
               const std::string& label, const std::string& type, const std::string& value,
               const std::string& unit);

// ---- Panes, each drawn into the current window
void draw_menu_bar(Ui& ui);
void draw_toolbar(Ui& ui);
void draw_status_bar(Ui& ui);
void draw_fork_popup(Ui& ui);  // of the toolbar
void draw_outliner(Ui& ui);
void draw_add(Ui& ui);
void draw_properties(Ui& ui);
void draw_event_popup(Ui& ui, const std::string& actor);  // "add event"
void draw_environment(Ui& ui);
// Rows of the scenario's fields of a group.
void draw_field_group(Ui& ui, std::string_view group);
void draw_parameters(Ui& ui);
// Of a controller of the story, or, where it is empty, of all junctions.
void draw_signals(Ui& ui, const std::string& controller);
// The selection's group for the programme of a junction: "signals:NAME" where the story has one in
// the place of the map's, else "signals".
std::string signal_group(const Editor& editor, engine::world::JunctionId junction);
void draw_town(Ui& ui);
void draw_views(Ui& ui);
void draw_perspective(Ui& ui, const ImVec2& size);
void draw_top_view(Ui& ui, const ImVec2& size);
void draw_cameras(Ui& ui, const ImVec2& size);
void draw_timeline(Ui& ui);
// A view's picture stands for its moment in the timeline, where the run has none of its own.
void keep_thumbnail(Ui& ui, const bridge::live::ViewPicture& picture);
constexpr std::uint32_t kPerspectiveId = 1, kFirstCameraId = 10;  // of views
void draw_plots(Ui& ui);
void draw_problems(Ui& ui);
void draw_failures(Ui& ui);
void draw_history(Ui& ui);
// Windows above all panes.
void draw_file_dialog(Ui& ui);
void draw_palette(Ui& ui);
void draw_help(Ui& ui);
void draw_dialogs(Ui& ui);
void draw_parameter_dialog(Ui& ui);
void draw_notices(Ui& ui);
void handle_shortcuts(Ui& ui);
void handle_driving(Ui& ui);

// All of a frame.
void draw_frame(Ui& ui);

// The window's next picture goes to this PNG.
void take_screenshot(Ui& ui, const std::filesystem::path& path);

// Opens the file dialog.
void ask_for_file(Ui& ui, const char* title, const char* filter, bool saves,
                  std::function<void(const std::filesystem::path&)> chosen);
void ask_where_to_save(Ui& ui);
void ask_where_to_save_case(Ui& ui);
// Does `then`, after asking where changes would be lost.
void unless_unsaved(Ui& ui, const char* what, std::function<void()> then);

// What menus, the palette and shortcuts do, by name.
struct Command {
    const char* menu;      // "File"
    const char* label;     // "Open…"
    const char* shortcut;  // "Ctrl+O", or ""
    std::function<void(Ui&)> run;
    std::function<bool(Ui&)> enabled;  // empty: always
};
const std::vector<Command>& menu_commands();

// The frame of a view's picture: texture of its newest picture, null where there is none.
void* picture_texture(Ui& ui, std::uint32_t id);

}  // namespace huntsman::apps::editor
