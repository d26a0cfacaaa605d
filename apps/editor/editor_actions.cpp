// What the editor's own actions are read with, those on views, and the table of all.
#include <algorithm>
#include <cmath>

#include "apps/editor/actions.h"
#include "engine/math/constants.h"

namespace huntsman::apps::editor {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using engine::world::ActorId;
using nlohmann::json;
namespace edit = scenarios::edit;
namespace live = bridge::live;
namespace fs = std::filesystem;

// ---- Reading an action

Error wants(const json& action, const char* key, const char* what) {
    return {.message = fmt::format("\"{}\" of the action \"{}\" is {}, expected {}", key,
                                   action.value("do", ""),
                                   action.contains(key) ? action.at(key).dump() : "missing", what)};
}

Result<std::string> text(const json& action, const char* key) {
    if (!action.contains(key) || !action.at(key).is_string()) return wants(action, key, "a text");
    return action.at(key).get<std::string>();
}

Result<double> number(const json& action, const char* key) {
    if (!action.contains(key) || !action.at(key).is_number()) {
        return wants(action, key, "a number");
    }
    return action.at(key).get<double>();
}

Result<double> number_or(const json& action, const char* key, double fallback) {
    if (!action.contains(key)) return fallback;
    return number(action, key);
}

Result<ActorId> actor(const Editor& editor, const json& action) {
    if (!action.contains("actor")) return engine::world::kEgo;
    const json& given = action.at("actor");
    if (given.is_number_unsigned()) return given.get<ActorId>();
    if (given.is_string()) {
        const ActorId id = editor.actor_of(given.get<std::string>());
        if (id != engine::world::kNoActor) return id;
    }
    return wants(action, "actor", "the id of an actor or the name of one that is there");
}

namespace {

template <typename T, std::size_t n>
Result<T> choice(const json& action, const char* key,
                 const std::pair<const char*, T> (&choices)[n]) {
    HM_TAKE(const std::string given, text(action, key));
    std::string names;
    for (const auto& [word, value] : choices) {
        if (given == word) return value;
        names += names.empty() ? word : fmt::format(", {}", word);
    }
    return Error{.message = fmt::format("\"{}\" is {}, expected one of {}", key, given, names)};
}

constexpr std::pair<const char*, CentralView> kCentral[] = {
    {"split", CentralView::kSplit},
    {"perspective", CentralView::kPerspective},
    {"top", CentralView::kTop},
    {"cameras", CentralView::kCameras}};
constexpr std::pair<const char*, CameraKind> kCameras[] = {{"orbit", CameraKind::kOrbit},
                                                           {"fly", CameraKind::kFly},
                                                           {"follow", CameraKind::kFollow},
                                                           {"eyes", CameraKind::kEyes}};
constexpr std::pair<const char*, Tool> kTools[] = {{"select", Tool::kSelect},
                                                   {"add", Tool::kAdd},
                                                   {"trajectory", Tool::kTrajectory},
                                                   {"route", Tool::kRoute},
                                                   {"situation", Tool::kSituation}};

}  // namespace

// ---- Views

Status Actions::view(Editor& e, const json& a) {
    ViewState v = e.view_;
    if (a.contains("central")) {
        HM_TAKE(v.central, choice(a, "central", kCentral));
    }
    if (a.contains("camera")) {
        HM_TAKE(v.camera, choice(a, "camera", kCameras));
    }
    if (a.contains("actor")) {
        HM_TAKE(v.follows, actor(e, a));
    }
    if (a.contains("large")) {
        HM_TAKE(const double large, number(a, "large"));
        v.large_camera = large < 0 ? std::nullopt : std::optional(static_cast<std::size_t>(large));
    }
    v.lens = a.value("lens", v.lens);
    v.perceived = a.value("perceived", v.perceived);
    HM_TAKE(v.opacity, number_or(a, "opacity", v.opacity));
    if (a.contains("layers")) {
        v.layers.clear();
        if (!a.at("layers").is_array()) return wants(a, "layers", "a list of labels");
        for (const json& one : a.at("layers")) {
            const auto layer =
                one.is_string() ? sensors::overlay::layer_of(one.get<std::string>()) : std::nullopt;
            if (!layer) return wants(a, "layers", "names of labels, as \"boxes3d\"");
            v.layers.push_back(*layer);
        }
    }
    e.view_ = std::move(v);
    return {};
}

Status Actions::look(Editor& e, const json& a) {
    live::Orbit o = e.view_.orbit;
    HM_TAKE(o.target_W.x, number_or(a, "x", o.target_W.x));
    HM_TAKE(o.target_W.y, number_or(a, "y", o.target_W.y));
    HM_TAKE(o.target_W.z, number_or(a, "z", o.target_W.z));
    HM_TAKE(o.distance_m, number_or(a, "distance_m", o.distance_m));
    constexpr double kDegree = engine::math::kPi / 180;
    HM_TAKE(const double yaw, number_or(a, "yaw_deg", o.yaw_rad / kDegree));
    HM_TAKE(const double pitch, number_or(a, "pitch_deg", o.pitch_rad / kDegree));
    o.yaw_rad = yaw * kDegree;
    o.pitch_rad = pitch * kDegree;
    e.view_.orbit = o;
    e.view_.orbit_placed = true;
    e.view_.camera = CameraKind::kOrbit;
    return {};
}

Status Actions::top(Editor& e, const json& a) {
    TopView t = e.view_.top;
    HM_TAKE(t.centre_W.x, number_or(a, "x", t.centre_W.x));
    HM_TAKE(t.centre_W.y, number_or(a, "y", t.centre_W.y));
    HM_TAKE(t.metres_per_px, number_or(a, "metres_per_px", t.metres_per_px));
    if (!(t.metres_per_px > 1e-3 && t.metres_per_px < 1e3)) {
        return wants(a, "metres_per_px", "0.001 to 1000");
    }
    t.fitted = true;
    e.view_.top = t;
    return {};
}

Status Actions::tool(Editor& e, const json& a) {
    HM_TAKE(const Tool chosen, choice(a, "tool", kTools));
    if (a.contains("kind")) {
        HM_TAKE(const std::string kind, text(a, "kind"));
        (chosen == Tool::kSituation ? e.view_.tool_situation : e.view_.tool_kind) = kind;
    }
    e.view_.tool = chosen;
    e.view_.drawn_W.clear();
    return {};
}

Status Actions::focus(Editor& e, const json&) {
    if (!e.moment_) return {};
    ActorId id = e.selection_.generated;
    if (!e.selection_.actors.empty()) id = e.actor_of(e.selection_.actors.front());
    if (id == engine::world::kNoActor) id = engine::world::kEgo;
    engine::math::Vec3 p{0, 0, 0};
    if (const auto* state = e.moment_->state.find(id)) {
        p = state->X_WB.p;
    } else {
        for (const auto& object : e.moment_->world->objects) {
            if (object.id == id) p = object.X_WB.p;
        }
    }
    e.view_.orbit.target_W = p + engine::math::Vec3(0, 0, 1);
    e.view_.orbit.distance_m = std::min(e.view_.orbit.distance_m, 25.0);
    e.view_.camera = CameraKind::kOrbit;
    e.view_.orbit_placed = true;
    e.view_.top.centre_W = engine::math::xy(p);
    return {};
}

std::span<const Actions::Entry> Actions::table() {
    static const Entry entries[] = {
        {{"cancel", "Stop what is going on in the background", ""}, cancel},
        {{"copy", "Copy the selected actors", ""}, copy},
        {{"cut", "Copy the selected actors and remove them", ""}, cut},
        {{"discard_recovery", "Delete what a crash has left", "[index]"}, discard},
        {{"drive", "Pedals and steering of an actor from now on",
          "[actor] [steer] [throttle] [brake] [reverse]"},
         drive},
        {{"driver", "Choose who drives the ego", "name"}, driver},
        {{"duplicate_selected", "Duplicate the selected actors", ""}, duplicate_selected},
        {{"end_run", "End the run here, with its result", ""}, end_run},
        {{"focus", "Look at what is selected", ""}, focus},
        {{"fork", "Another future from the shown moment on", "[driver] [environment] [moved]"},
         fork},
        {{"go_to_step", "Go to a step of the history", "step"}, go_to_step},
        {{"keep_path", "Make what an actor did its trajectory", "[actor] [step_s]"}, keep_path},
        {{"look", "Where the orbiting camera is", "[x] [y] [z] [distance_m] [yaw_deg] [pitch_deg]"},
         look},
        {{"new", "A new town", "[seed]"}, new_document},
        {{"open", "Open a scenario, story, map, run or failure", "path"}, open},
        {{"open_failure", "Open the moment of a failure", "catalogue|results id [time_s]"},
         open_failure},
        {{"paste_clipboard", "Paste what was copied", "[x] [y]"}, paste_clipboard},
        {{"pause", "Pause the run", ""}, pause},
        {{"play", "Play the run", "[speed]"}, play},
        {{"quit", "Leave the editor", ""}, quit},
        {{"recover", "Open what a crash has left", "[index]"}, recover},
        {{"redo", "Do again what was undone", ""}, redo},
        {{"release", "Leave an actor to its own driver again", "[actor]"}, release},
        {{"reload", "Read the scenario's file again", ""}, reload},
        {{"remove_selected", "Remove what is selected", ""}, remove_selected},
        {{"run_speed", "Speed of playing; 0: as fast as it goes", "value"}, set_speed_of_run},
        {{"save", "Save the scenario", "[path]"}, save},
        {{"save_case", "Save the scenario as a regression case", "folder [name] [suite]"},
         save_case},
        {{"save_run", "Save the run as huntsman run does", "folder"}, save_run},
        {{"seek", "Show another moment", "[tick] [time_s]"}, seek},
        {{"select", "Select actors or an element", "[actors] [generated] [element] [group]"},
         select},
        {{"select_all", "Select all actors of the story", ""}, select_all},
        {{"step", "One tick (5 ms) on", ""}, step},
        {{"step_frame", "To the next camera picture, or the one before", "[by]"}, step_frame},
        {{"toggle_play", "Play or pause", ""}, toggle_play},
        {{"tool", "Choose a tool", "tool [kind]"}, tool},
        {{"top", "Where the top view is", "[x] [y] [metres_per_px]"}, top},
        {{"undo", "Undo the last edit", ""}, undo},
        {{"view", "What the views show",
          "[central] [camera] [actor] [large] [lens] [layers] [opacity] [perceived]"},
         view},
    };
    return entries;
}

std::span<const ActionInfo> actions() {
    static const std::vector<ActionInfo> infos = [] {
        std::vector<ActionInfo> all;
        for (const auto& entry : Actions::table()) all.push_back(entry.info);
        return all;
    }();
    return infos;
}

Status Editor::act(const json& action) {
    const auto done = [&]() -> Status {
        if (!action.is_object() || !action.contains("do") || !action.at("do").is_string()) {
            return Error{.message = "an action is an object with the name of what to do in \"do\""};
        }
        const std::string name = action.at("do").get<std::string>();
        for (const auto& entry : Actions::table()) {
            if (name == entry.info.name) return entry.run(*this, action);
        }
        if (edit::command_named(name) != nullptr) return edit(action);
        return Error{.message = fmt::format("there is no action \"{}\"", name)};
    }();
    if (!done.ok()) notify(Notice::Kind::kError, done.error().text());
    return done;
}

}  // namespace huntsman::apps::editor
