#include "apps/editor/app.h"

#include <GLFW/glfw3.h>
#include <imgui.h>
#include <imgui_impl_glfw.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "apps/editor/script.h"
#include "apps/editor/ui.h"
#include "bridge/run/settings.h"
#include "engine/core/files.h"
#include "sensors/encode/image_file.h"

namespace huntsman::apps::editor {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using Clock = std::chrono::steady_clock;

namespace {

constexpr double kFrame_s = 1.0 / 60;  // at most so many frames a second
constexpr double kIdle_s = 0.1;        // between frames where nothing happens
constexpr double kBusyAfterInput_s = 1.0;
constexpr const char* kLayoutFile = "layout.json";

// ImGui's context for as long as the editor runs.
struct Context {
    Context() {
        IMGUI_CHECKVERSION();
        ImGui::CreateContext();
        ImGuiIO& io = ImGui::GetIO();
        io.IniFilename = nullptr;
        io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
        io.BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;
        io.ConfigWindowsMoveFromTitleBarOnly = true;
    }
    ~Context() { ImGui::DestroyContext(); }
};

// Key codes are GLFW's everywhere.
void map_keys() {
    ImGuiIO& io = ImGui::GetIO();
    const std::pair<ImGuiKey, int> keys[] = {{ImGuiKey_Tab, GLFW_KEY_TAB},
                                             {ImGuiKey_LeftArrow, GLFW_KEY_LEFT},
                                             {ImGuiKey_RightArrow, GLFW_KEY_RIGHT},
                                             {ImGuiKey_UpArrow, GLFW_KEY_UP},
                                             {ImGuiKey_DownArrow, GLFW_KEY_DOWN},
                                             {ImGuiKey_PageUp, GLFW_KEY_PAGE_UP},
                                             {ImGuiKey_PageDown, GLFW_KEY_PAGE_DOWN},
                                             {ImGuiKey_Home, GLFW_KEY_HOME},
                                             {ImGuiKey_End, GLFW_KEY_END},
                                             {ImGuiKey_Insert, GLFW_KEY_INSERT},
                                             {ImGuiKey_Delete, GLFW_KEY_DELETE},
                                             {ImGuiKey_Backspace, GLFW_KEY_BACKSPACE},
                                             {ImGuiKey_Space, GLFW_KEY_SPACE},
                                             {ImGuiKey_Enter, GLFW_KEY_ENTER},
                                             {ImGuiKey_Escape, GLFW_KEY_ESCAPE},
                                             {ImGuiKey_A, GLFW_KEY_A},
                                             {ImGuiKey_C, GLFW_KEY_C},
                                             {ImGuiKey_V, GLFW_KEY_V},
                                             {ImGuiKey_X, GLFW_KEY_X},
                                             {ImGuiKey_Y, GLFW_KEY_Y},
                                             {ImGuiKey_Z, GLFW_KEY_Z}};
    for (const auto& [key, code] : keys) io.KeyMap[key] = code;
}

// The window, its device and what draws; made anew where the device is lost.
struct Graphics {
    std::unique_ptr<Window> window;
    std::unique_ptr<GuiRenderer> gui;
    Fonts fonts;
    float scale = 1;
    bool glfw_input = false;

    static Result<Graphics> create(const AppSettings& settings, std::string* note) {
        Graphics g;
        HM_TAKE(g.window, Window::create({.width = settings.width,
                                          .height = settings.height,
                                          .offscreen = settings.offscreen}));
        g.scale = g.window->scale();
        auto fonts = set_theme(g.scale);
        if (fonts.ok()) {
            g.fonts = fonts.value();
        } else if (note != nullptr) {
            *note = fonts.error().message;
        }
        HM_TAKE(g.gui, GuiRenderer::create(g.window->device(), g.window->format()));
        if (g.window->handle() != nullptr) {
            g.glfw_input = ImGui_ImplGlfw_InitForVulkan(g.window->handle(), true);
        } else {
            map_keys();
        }
        return g;
    }
    void close() {
        gui.reset();
        if (glfw_input) ImGui_ImplGlfw_Shutdown();
        glfw_input = false;
        window.reset();
    }
};

class App {
  public:
    App(const AppSettings& settings, Graphics graphics, Editor& editor)
        : settings_(settings),
          graphics_(std::move(graphics)),
          editor_(editor),
          ui_{.editor = editor, .gui = graphics_.gui.get(), .window = graphics_.window.get()} {
        ui_.fonts = graphics_.fonts;
        ui_.scale = graphics_.scale;
        read_layout();
        share_device();
    }
    ~App() { close_graphics(); }

    Status run(Script* script);

  private:
    Status frame(Script* script, double now_s);
    Status draw(Script* script);
    void save_screenshot(const engine::core::Image& picture);
    Status replace_graphics(const Error& why);
    void share_device();
    void close_graphics();
    void take_dropped();
    void pace(Clock::time_point begun);
    void read_layout();
    void write_layout() const;
    bool wants_to_leave();

    const AppSettings& settings_;
    Graphics graphics_;
    Editor& editor_;
    Ui ui_;
    Clock::time_point start_ = Clock::now(), last_frame_ = Clock::now();
    double busy_until_s_ = 2;
    std::uint64_t revision_ = 0;
    int lost_devices_ = 0;
    std::string window_title_;
};

void App::read_layout() {
    const auto text = engine::core::read_file(editor_.settings().state_folder / kLayoutFile);
    if (!text.ok() || !settings_.script.empty()) return;
    const auto json = nlohmann::json::parse(text.value(), nullptr, false);
    if (!json.is_object()) return;
    const auto take = [&](const char* key, float& value, float low, float high) {
        if (json.contains(key) && json.at(key).is_number()) {
            value = std::clamp(json.at(key).get<float>(), low, high);
        }
    };
    take("left", ui_.layout.left, 160, 700);
    take("right", ui_.layout.right, 200, 800);
    take("bottom", ui_.layout.bottom, 120, 700);
    const auto flag = [&](const char* key, bool& value) {
        if (json.contains(key) && json.at(key).is_boolean()) value = json.at(key).get<bool>();
    };
    flag("show_left", ui_.layout.show_left);
    flag("show_right", ui_.layout.show_right);
    flag("show_bottom", ui_.layout.show_bottom);
}

void App::write_layout() const {
    if (!settings_.script.empty()) return;
    const Layout& l = ui_.layout;
    const nlohmann::json json{
        {"left", l.left},           {"right", l.right},           {"bottom", l.bottom},
        {"show_left", l.show_left}, {"show_right", l.show_right}, {"show_bottom", l.show_bottom}};
    // Without it the next start has the panes as they are shipped.
    static_cast<void>(
        engine::core::write_file(editor_.settings().state_folder / kLayoutFile, json.dump(1)));
}

void App::take_dropped() {
    for (const auto& path : ui_.window->take_dropped()) {
        unless_unsaved(ui_, "open another scenario", [this, path] {
            ui_.act({{"do", "open"}, {"path", path.string()}});
        });
    }
}

bool App::wants_to_leave() {
    if (settings_.stop != nullptr && *settings_.stop) return true;
    if (ui_.force_quit) return true;
    if (ui_.window->wants_to_close()) {
        ui_.window->keep_open();
        editor_.set_quits(true);
    }
    if (!editor_.quits()) return false;
    editor_.set_quits(false);
    if (!editor_.changed()) return true;
    ui_.asks_about_quitting = true;
    return false;
}

// A GPU renders the views for the window as well, so that pictures need no way through the host.
// Software has one queue, whose work the window would wait for.
void App::share_device() {
    if (editor_.views() == nullptr) return;
    const bool wanted = std::getenv("HUNTSMAN_SHARED_DEVICE") != nullptr;  // for tests
    if (graphics_.window->device().info().software && !wanted) return;
    editor_.views()->set_device(&graphics_.window->shared_device());
}

void App::close_graphics() {
    ui_.maps.clear();  // hold pictures as well
    ui_.pictures.clear();
    if (editor_.views() != nullptr) editor_.views()->set_device(nullptr);
    graphics_.close();
}

Status App::replace_graphics(const Error& why) {
    // A device that is lost once may be had again; one that keeps getting lost may not.
    if (++lost_devices_ > 3) return why;
    close_graphics();
    ui_.images.clear();
    HM_TAKE(graphics_, Graphics::create(settings_, nullptr));
    ui_.gui = graphics_.gui.get();
    ui_.window = graphics_.window.get();
    ui_.fonts = graphics_.fonts;
    ui_.scale = graphics_.scale;
    share_device();
    editor_.notify(Notice::Kind::kWarning,
                   "the graphics device was lost and is opened again: " + why.message);
    return {};
}

void App::save_screenshot(const engine::core::Image& picture) {
    const auto file = std::exchange(ui_.screenshot, {});
    const auto bytes = sensors::encode::encode_png(picture);
    const Status written =
        bytes.ok() ? engine::core::write_file(file, bytes.value()) : Status(bytes.error());
    if (written.ok()) {
        editor_.notify(Notice::Kind::kGood, "saved " + file.filename().string());
    } else {
        editor_.notify(Notice::Kind::kError, written.error().text());
    }
}

Status App::draw(Script* script) {
    HM_TAKE(const bool ready, ui_.window->begin_frame());
    if (!ready) return {};
    ui_.gui->begin_frame();
    ImGuiIO& io = ImGui::GetIO();
    const VkExtent2D extent = ui_.window->extent();
    if (graphics_.glfw_input) ImGui_ImplGlfw_NewFrame();
    io.DisplaySize = {static_cast<float>(extent.width), static_cast<float>(extent.height)};
    io.DisplayFramebufferScale = {1, 1};
    const auto now = Clock::now();
    const std::chrono::duration<float> since = now - last_frame_;
    last_frame_ = now;
    io.DeltaTime = std::max(1e-4F, since.count());
    if (ui_.frame_ms.size() > 100'000) ui_.frame_ms.clear();
    ui_.frame_ms.push_back(1e3F * since.count());
    if (script != nullptr) HM_TRY(script->before_frame(ui_));
    ImGui::NewFrame();
    draw_frame(ui_);
    ImGui::Render();
    Status captured;
    if (script != nullptr && script->wants_capture()) {
        ui_.window->capture_next(
            [&](engine::core::Image picture) { captured = script->captured(picture); });
    }
    if (!ui_.screenshot.empty()) {
        ui_.window->capture_next([&](engine::core::Image picture) { save_screenshot(picture); });
    }
    HM_TRY(ui_.window->draw(*ui_.gui, *ImGui::GetDrawData(), kClear));
    return captured;
}

Status App::frame(Script* script, double now_s) {
    editor_.update(now_s);
    if (editor_.views() != nullptr) {
        for (auto& picture : editor_.views()->take()) {
            const std::uint32_t id = picture->id;
            if (id == kPerspectiveId || id == kFirstCameraId) keep_thumbnail(ui_, *picture);
            ui_.pictures[id] = std::move(picture);
            busy_until_s_ = std::max(busy_until_s_, now_s + 0.2);
        }
    }
    if (const std::string title = editor_.title(); title != window_title_) {
        window_title_ = title;
        ui_.window->set_title(title);
    }
    take_dropped();
    if (const Status drawn = draw(script); !drawn.ok()) {
        const bool of_device = drawn.error().message.starts_with("Vulkan: device lost");
        if (!of_device) return drawn;
        HM_TRY(replace_graphics(drawn.error()));
    }
    if (script != nullptr) HM_TRY(script->after_frame(ui_));
    return {};
}

// Frames at the display's pace while something happens, a few a second else, so that the machine
// is free for what renders and runs.
void App::pace(Clock::time_point begun) {
    const double now_s = std::chrono::duration<double>(Clock::now() - start_).count();
    const ImGuiIO& io = ImGui::GetIO();
    const bool input = io.MouseDelta.x != 0 || io.MouseDelta.y != 0 || io.MouseWheel != 0 ||
                       ImGui::IsAnyMouseDown() || io.WantTextInput ||
                       io.InputQueueCharacters.Size > 0;
    if (input) busy_until_s_ = now_s + kBusyAfterInput_s;
    if (editor_.status().revision != revision_) {
        revision_ = editor_.status().revision;
        busy_until_s_ = std::max(busy_until_s_, now_s + 0.3);
    }
    const bool busy = now_s < busy_until_s_ || editor_.status().playing || !editor_.settled();
    const std::chrono::duration<double> took = Clock::now() - begun;
    const double left_s = (busy ? kFrame_s : kIdle_s) - took.count();
    if (left_s <= 0) {
        ui_.window->poll(0);
    } else if (ui_.window->handle() != nullptr) {
        // An event ends an idle wait; a frame's pace is kept.
        if (!busy) {
            ui_.window->poll(left_s);
        } else {
            std::this_thread::sleep_for(std::chrono::duration<double>(left_s));
            ui_.window->poll(0);
        }
    } else {
        std::this_thread::sleep_for(std::chrono::duration<double>(std::min(left_s, kFrame_s)));
    }
}

Status App::run(Script* script) {
    while (true) {
        const auto begun = Clock::now();
        const double now_s = std::chrono::duration<double>(begun - start_).count();
        HM_TRY(frame(script, now_s));
        if (script != nullptr ? script->ended() : wants_to_leave()) break;
        if (settings_.stop != nullptr && *settings_.stop) break;
        pace(begun);
    }
    write_layout();
    return {};
}

}  // namespace

Status run_app(const AppSettings& settings) {
    std::unique_ptr<Script> script;
    if (!settings.script.empty()) {
        HM_TAKE(script, Script::load(settings.script, settings.shots));
        script->set_printed(settings.printed);
    }
    if (settings.offscreen && !script) {
        return Error{.message = "--offscreen shows nothing, expected --script beside it"};
    }
    HM_TAKE(const auto size, bridge::run::parse_size(settings.size));
    const Context context;
    std::string note;
    HM_TAKE(Graphics graphics, Graphics::create(settings, &note));
    Editor editor({.state_folder = settings.state_folder,
                   .catalogue = settings.catalogue,
                   .rig = settings.rig,
                   .width = size.first,
                   .height = size.second,
                   .recovery = settings.script.empty()});
    if (!note.empty()) editor.notify(Notice::Kind::kWarning, note);
    if (!settings.open.empty()) {
        if (const Status opened = editor.act({{"do", "open"}, {"path", settings.open}});
            !opened.ok()) {
            graphics.close();
            return opened;
        }
    }
    App app(settings, std::move(graphics), editor);
    return app.run(script.get());
}

}  // namespace huntsman::apps::editor
