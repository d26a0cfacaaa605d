// The editor without its window: the document, what runs, what is selected, and all that can be
// done to them. Panes show it and call `act`; scripts and tests call `act` alone.
//
// An action is JSON. {"do": NAME, ...} with the name of a command of scenarios/edit is an edit,
// which can be undone; the others are listed by `actions`.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "apps/editor/analyst.h"
#include "apps/editor/view_state.h"
#include "bridge/live/live_run.h"
#include "bridge/live/views.h"
#include "engine/core/result.h"
#include "scenarios/edit/autosave.h"
#include "scenarios/edit/history.h"

namespace huntsman::apps::editor {

struct EditorSettings {
    std::filesystem::path state_folder;  // autosave, working files, recent files, layout
    std::filesystem::path catalogue;     // of failures; empty: the one of `huntsman run`
    std::string rig = "eight_cameras";
    int width = 640, height = 400;  // of the cameras' pictures
    bool pictures = true;           // a renderer for views; off in tests without a device
    double autosave_s = 5;
    bool recovery = true;  // unsaved work is kept and offered again; off in scripts
};

struct Selection {
    std::vector<std::string> actors;                             // of the story
    engine::world::ActorId generated = engine::world::kNoActor;  // of the town, one at a time
    std::string element;                                         // a path in the story
    std::string group;  // of fields: "environment", "town", ...
    bool empty() const {
        return actors.empty() && generated == engine::world::kNoActor && element.empty() &&
               group.empty();
    }
    bool has(const std::string& actor) const;
    friend bool operator==(const Selection&, const Selection&) = default;
};

// A line that appears for a while.
struct Notice {
    enum class Kind { kInfo, kGood, kWarning, kError } kind = Kind::kInfo;
    std::string text;
    double until_s = 0;
};

struct ActionInfo {
    const char* name;
    const char* what;        // one line
    const char* parameters;  // "path", "[speed]"
};
std::span<const ActionInfo> actions();  // of the editor itself, sorted by name

class Editor {
  public:
    explicit Editor(EditorSettings settings);
    ~Editor();

    // Does an action. An error leaves everything as it was and becomes a notice as well.
    engine::core::Status act(const nlohmann::json& action);
    // A drag is over: the next edit is a step of its own.
    void end_step() { history_.end_step(); }
    // Takes what threads have finished and starts what is due; once a frame. `now_s` rises.
    void update(double now_s);
    // Nothing is being built, analysed or computed.
    bool settled() const;

    // ---- The document
    const scenarios::edit::History& history() const { return history_; }
    const scenarios::edit::Draft& draft() const { return history_.draft(); }
    scenarios::edit::Context context() const;
    // The scenario's fields as they are now; described once an edit.
    const std::vector<scenarios::edit::FieldDescription>& fields();
    // An element of the story as panes show it; likewise. Error: there is none.
    const engine::core::Result<scenarios::edit::ElementDescription>& element(
        const std::string& path);
    const Analysis& analysis() const { return *analysis_; }
    bool analysis_is_current() const { return analysis_->draft == draft_number_; }
    const std::filesystem::path& path() const { return path_; }  // empty: not saved yet
    std::string title() const;
    bool changed() const { return history_.changed(); }
    bool changed_on_disk() const { return changed_on_disk_; }
    const std::vector<std::filesystem::path>& recent() const { return recent_; }
    const std::vector<scenarios::edit::Recoverable>& recoverable() const { return recoverable_; }

    // ---- What is shown
    Selection& selection() { return selection_; }
    const Selection& selection() const { return selection_; }
    ViewState& view() { return view_; }
    bridge::live::LiveRun& run() { return *run_; }
    bridge::live::ViewWorker* views() { return views_.get(); }  // null without pictures
    const bridge::live::RunStatus& status() const { return status_; }
    const bridge::live::MomentPtr& moment() const { return edited_ ? edited_ : moment_; }
    // The run is not that of the draft: something was edited since, and it is being built or
    // cannot be.
    bool outdated() const { return prepared_ != draft_number_ && !replaying_; }
    bool replaying() const { return replaying_; }  // the run is a recording's
    const std::string& driver() const { return driver_; }
    double speed() const { return speed_; }
    const std::string& clipboard() const { return clipboard_; }

    const std::deque<Notice>& notices() const { return notices_; }
    void notify(Notice::Kind kind, std::string text);
    const EditorSettings& settings() const { return settings_; }
    double now_s() const { return now_s_; }

    // ---- Actors by place
    // The entity that an actor of the moment stands for; empty: of town or traffic.
    std::string entity_of(engine::world::ActorId actor) const;
    engine::world::ActorId actor_of(const std::string& entity) const;

    // Set by "quit"; the window asks about unsaved changes before it goes.
    bool quits() const { return quits_; }
    void set_quits(bool quits) { quits_ = quits; }

  private:
    friend struct Actions;
    engine::core::Status edit(const nlohmann::json& command);
    engine::core::Status open(const std::string& what);
    engine::core::Status open_draft(const std::filesystem::path& path);
    // A failing run of a results file: its scenario and driver, from a second before on.
    engine::core::Status open_result(const std::filesystem::path& file, const std::string& key,
                                     double time_s);
    engine::core::Status save(const std::filesystem::path& path);
    void replace_document(scenarios::edit::Draft draft, std::filesystem::path path);
    void draft_changed();
    void prepare_run();
    engine::core::Result<bridge::loop::RunOptions> run_options(const scenarios::edit::Draft& draft);
    void show_bare_place();
    void remember(const std::filesystem::path& path);
    void read_recent();
    void autosave();
    void fit_views();
    bridge::live::MomentPtr with_edits() const;

    EditorSettings settings_;
    scenarios::edit::History history_;
    std::filesystem::path path_;
    scenarios::edit::FileStamp stamp_;
    bool changed_on_disk_ = false;
    double looked_at_disk_s_ = 0;
    std::vector<std::filesystem::path> recent_;
    std::vector<scenarios::edit::Recoverable> recoverable_;
    std::unique_ptr<scenarios::edit::Autosave> autosave_;
    double autosaved_s_ = 0;
    std::uint64_t autosaved_ = 0;

    // What panes show of the draft whose number is `described_`.
    std::vector<scenarios::edit::FieldDescription> fields_;
    std::map<std::string, engine::core::Result<scenarios::edit::ElementDescription>> elements_;
    std::uint64_t described_ = 0;
    void describe();
    std::uint64_t draft_number_ = 1;  // of the present draft; grows with each change
    std::uint64_t prepared_ = 0;      // of the draft that the run is of
    double changed_s_ = 0;
    Analyst analyst_;
    std::uint64_t asked_ = 0;  // number of the draft that the analyst has
    std::shared_ptr<const Analysis> analysis_;

    std::unique_ptr<bridge::live::LiveRun> run_;
    std::unique_ptr<bridge::live::ViewWorker> views_;
    bridge::live::RunStatus status_;
    bridge::live::MomentPtr moment_;
    // The moment with actors where an edit that is not computed yet puts them, and what it is of.
    bridge::live::MomentPtr edited_, edited_from_;
    std::shared_ptr<const Analysis> edited_by_;
    std::string shown_bare_;   // place that is shown without the story, which has errors
    std::string shown_place_;  // of the place that the views are fitted to
    std::string shown_story_;  // situation, likewise
    bool replaying_ = false;
    bool play_when_ready_ = false;
    std::optional<std::int64_t> seek_when_ready_;  // a tick
    std::string driver_ = "oracle";
    double speed_ = 1;
    std::filesystem::path working_;  // folder of the files that runs are made from
    std::uint64_t next_working_ = 0;

    Selection selection_;
    ViewState view_;
    std::string clipboard_, last_error_;
    std::deque<Notice> notices_;
    double now_s_ = 0;
    bool quits_ = false;
};

}  // namespace huntsman::apps::editor
