// The editor's own actions, what is no edit of the draft: by what they are about in
// document_actions.cpp, run_actions.cpp and editor_actions.cpp, which has the table of all.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>

#include "apps/editor/editor.h"
#include "scenarios/edit/outline.h"

namespace huntsman::apps::editor {

// Each takes the editor and the action.
struct Actions {
    using Status = engine::core::Status;
    using json = nlohmann::json;
    struct Entry {
        ActionInfo info;
        Status (*run)(Editor&, const json&);
    };
    static std::span<const Entry> table();

    // ---- Files
    static Status open(Editor& e, const json& a);
    static Status new_document(Editor& e, const json& a);
    static Status save(Editor& e, const json& a);
    static Status reload(Editor& e, const json&);
    static Status recover(Editor& e, const json& a);
    static Status discard(Editor& e, const json& a);
    static Status quit(Editor& e, const json&);

    // ---- Undo, selection, clipboard
    static Status undo(Editor& e, const json&);
    static Status redo(Editor& e, const json&);
    static Status go_to_step(Editor& e, const json& a);
    static Status select(Editor& e, const json& a);
    static Status select_all(Editor& e, const json&);
    static Status needs_actors(const Editor& e);
    static Status copy(Editor& e, const json&);
    static Status cut(Editor& e, const json& a);
    static engine::math::Vec2 apart(const scenarios::edit::OutlineActor& actor);
    static Status paste_clipboard(Editor& e, const json& a);
    static Status duplicate_selected(Editor& e, const json&);
    static Status remove_selected(Editor& e, const json&);

    // ---- The run
    static Status can_run(const Editor& e);
    static Status driver(Editor& e, const json& a);
    static Status play(Editor& e, const json& a);
    static Status pause(Editor& e, const json&);
    static Status toggle_play(Editor& e, const json& a);
    static Status set_speed_of_run(Editor& e, const json& a);
    static Status step(Editor& e, const json&);
    static Status step_frame(Editor& e, const json& a);
    static Status seek(Editor& e, const json& a);
    static Status end_run(Editor& e, const json&);
    static Status fork(Editor& e, const json& a);
    static Status drive(Editor& e, const json& a);
    static Status release(Editor& e, const json& a);
    static Status keep_path(Editor& e, const json& a);
    static Status cancel(Editor& e, const json&);
    static Status save_run(Editor& e, const json& a);

    // ---- Views
    static Status view(Editor& e, const json& a);
    static Status look(Editor& e, const json& a);
    static Status top(Editor& e, const json& a);
    static Status tool(Editor& e, const json& a);
    static Status focus(Editor& e, const json&);

    // ---- Failures
    static Status open_failure(Editor& e, const json& a);
    static Status save_case(Editor& e, const json& a);
};

// ---- Reading an action. Errors say what was expected.

engine::core::Error wants(const nlohmann::json& action, const char* key, const char* what);
engine::core::Result<std::string> text(const nlohmann::json& action, const char* key);
engine::core::Result<double> number(const nlohmann::json& action, const char* key);
engine::core::Result<double> number_or(const nlohmann::json& action, const char* key,
                                       double fallback);
// An actor by its id, or an entity of the story by its name; the ego where none is named.
engine::core::Result<engine::world::ActorId> actor(const Editor& editor,
                                                   const nlohmann::json& action);

}  // namespace huntsman::apps::editor
