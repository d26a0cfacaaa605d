#include "apps/editor/editor.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "bridge/failures/table.h"
#include "bridge/live/opening.h"
#include "bridge/run/driver_spec.h"
#include "bridge/run/settings.h"
#include "engine/core/files.h"
#include "engine/core/time.h"
#include "engine/math/constants.h"
#include "scenarios/edit/commands.h"

namespace huntsman::apps::editor {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using engine::world::ActorId;
namespace edit = scenarios::edit;
namespace live = bridge::live;
namespace fs = std::filesystem;

namespace {

constexpr double kSettle_s = 0.15;     // after an edit, before the run is built anew
constexpr double kDiskInterval_s = 2;  // between looks at the file on disk
constexpr std::size_t kMostRecent = 12, kMostNotices = 5;
constexpr const char* kRecentFile = "recent.json";

double shown_for_s(Notice::Kind kind) {
    return kind == Notice::Kind::kError || kind == Notice::Kind::kWarning ? 12 : 5;
}

}  // namespace

bool Selection::has(const std::string& actor) const {
    return std::ranges::find(actors, actor) != actors.end();
}

Editor::Editor(EditorSettings settings)
    : settings_(std::move(settings)), history_(edit::new_town(1)) {
    if (settings_.state_folder.empty()) {
        settings_.state_folder = edit::autosave_folder().parent_path();
    }
    std::error_code ignored;
    working_ = settings_.state_folder / "working" / std::to_string(::getpid());
    fs::create_directories(working_, ignored);
    const fs::path kept = settings_.state_folder / "autosave";
    if (settings_.recovery) recoverable_ = edit::find_recoverable(kept);
    autosave_ = std::make_unique<edit::Autosave>(kept, "document", fs::path());
    read_recent();
    analysis_ = std::make_shared<Analysis>();
    run_ = std::make_unique<live::LiveRun>();
    if (settings_.pictures) views_ = std::make_unique<live::ViewWorker>();
}

Editor::~Editor() {
    run_.reset();
    views_.reset();
    std::error_code ignored;
    fs::remove_all(working_, ignored);
}

edit::Context Editor::context() const {
    return {analysis_is_current() ? analysis_->place : nullptr};
}

void Editor::describe() {
    if (described_ == draft_number_) return;
    fields_ = edit::describe_fields(draft());
    elements_.clear();
    described_ = draft_number_;
}

const std::vector<edit::FieldDescription>& Editor::fields() {
    describe();
    return fields_;
}

const Result<edit::ElementDescription>& Editor::element(const std::string& path) {
    describe();
    const auto found = elements_.find(path);
    if (found != elements_.end()) return found->second;
    return elements_.emplace(path, edit::describe_element(draft(), path)).first->second;
}

std::string Editor::title() const {
    const std::string name = path_.empty() ? draft().scenario.name : path_.filename().string();
    return fmt::format("{}{} – Huntsman", name, changed() ? " *" : "");
}

void Editor::notify(Notice::Kind kind, std::string text) {
    if (!notices_.empty() && notices_.back().text == text) {
        notices_.back().until_s = now_s_ + shown_for_s(kind);
        return;
    }
    notices_.push_back({kind, std::move(text), now_s_ + shown_for_s(kind)});
    if (notices_.size() > kMostNotices) notices_.pop_front();
}

// ---- The document

Status Editor::edit(const nlohmann::json& command) {
    HM_TAKE(edit::Draft draft, edit::apply(history_.draft(), context(), command));
    std::vector<std::string> added = edit::added_actors(history_.draft(), draft);
    const bool begins = !history_.draft().story && draft.story;
    if (begins) {
        // Its ego, and who was there with the situation, are not what was asked for.
        std::erase(added, "Ego");
        for (const auto& actor : analysis_->outline.actors) std::erase(added, actor.name);
        if (!history_.draft().scenario.story.situation.empty()) {
            notify(Notice::Kind::kInfo,
                   "the situation is a story of the scenario's own now; what were its parameters "
                   "are plain values");
        }
    }
    const bool was_same = edit::same(history_.draft(), draft);
    history_.push(edit::label_of(command), std::move(draft), edit::merge_key_of(command));
    if (!added.empty()) selection_ = {.actors = added};
    if (!was_same) draft_changed();
    return {};
}

void Editor::draft_changed() {
    ++draft_number_;
    changed_s_ = now_s_;
    replaying_ = false;
    play_when_ready_ = false;
    seek_when_ready_.reset();
    const auto& actors = analysis_->outline.actors;
    // Actors that are gone are no longer selected; those that are new are not analysed yet.
    const auto known = [&](const std::string& name) {
        return std::ranges::any_of(actors, [&](const auto& actor) { return actor.name == name; });
    };
    if (draft().story) {
        const auto* entities = draft().story->root.child("Entities");
        std::erase_if(selection_.actors, [&](const std::string& name) {
            if (entities == nullptr) return true;
            return std::ranges::none_of(entities->children, [&](const auto& entity) {
                const std::string* own = entity.attribute("name");
                return own != nullptr && *own == name;
            });
        });
    } else {
        std::erase_if(selection_.actors, [&](const std::string& name) { return !known(name); });
    }
}

void Editor::replace_document(edit::Draft draft, fs::path path) {
    history_ = edit::History(std::move(draft));
    path_ = std::move(path);
    stamp_ = path_.empty() ? edit::FileStamp{} : edit::stamp_of(path_);
    changed_on_disk_ = false;
    prepared_ = 0;
    selection_ = {};
    view_.tool = Tool::kSelect;
    view_.drawn_W.clear();
    static_cast<void>(autosave_->discard());
    autosave_->set_original(path_);
    autosaved_ = draft_number_ + 1;
    draft_changed();
}

Status Editor::open_draft(const fs::path& path) {
    std::vector<edit::Problem> problems;
    HM_TAKE(edit::Draft draft, edit::open(path, &problems));
    // A situation's file or a map is a start for a scenario, not the file that is saved.
    std::error_code ignored;
    const bool own = path.extension() == ".xosc" ||
                     (path.extension() == ".json" &&
                      !fs::equivalent(draft.scenario.story.situation, path, ignored));
    replace_document(std::move(draft), own ? fs::absolute(path) : fs::path());
    if (!problems.empty()) {
        notify(Notice::Kind::kWarning,
               fmt::format("{} opened with {} problem{}: {}", path.filename().string(),
                           problems.size(), problems.size() == 1 ? "" : "s",
                           problems.front().message));
    }
    return {};
}

namespace {

// The scenario that a run was made from, with the story of the file that it names.
Result<edit::Draft> draft_of(const bridge::loop::RunOptions& options) {
    edit::Draft draft;
    const std::string& story = options.scenario.story.file;
    std::error_code ignored;
    if (story.empty() || !fs::is_regular_file(story, ignored)) {
        draft.scenario = options.scenario;
        return draft;
    }
    HM_TAKE(draft, edit::open(story));
    const auto kept = draft.scenario.criteria;
    draft.scenario = options.scenario;
    draft.scenario.story.file.clear();
    if (draft.scenario.criteria.empty()) draft.scenario.criteria = kept;
    return draft;
}

}  // namespace

Status Editor::open_result(const fs::path& file, const std::string& key, double time_s) {
    using bridge::failures::ListedFailure;
    constexpr double kBefore_s = 1;
    HM_TAKE(const auto options,
            bridge::failures::options_of(
                ListedFailure{.source = ListedFailure::Source::kResults, .file = file, .id = key}));
    HM_TAKE(edit::Draft draft, draft_of(options));
    replace_document(std::move(draft), {});
    driver_ = options.driver;
    const double shown_s = std::max(0.0, time_s - kBefore_s);
    view_.camera = CameraKind::kFollow;
    view_.follows = engine::world::kEgo;
    seek_when_ready_ =
        static_cast<std::int64_t>(shown_s * 1e6 / static_cast<double>(engine::core::kTick_us));
    return {};
}

Status Editor::open(const std::string& what) {
    const fs::path path(what);
    std::error_code ignored;
    const std::string ending = path.extension().string();
    const bool file = fs::is_regular_file(path, ignored);
    if (file && (ending == ".json" || ending == ".xosc" || ending == ".xodr")) {
        HM_TRY(open_draft(path));
        remember(fs::absolute(path));
        return {};
    }
    if (file && (ending == ".db" || ending == ".sqlite")) {
        return Error{.message =
                         "is a catalogue or results file: name a failure of a catalogue by "
                         "its number, as FILE.db#12, or open the file under Failures",
                     .file = what};
    }
    HM_TAKE(live::Opened opened, live::open(what));
    if (!opened.recording) {
        if (!opened.file.empty()) return open_draft(opened.file);
        HM_TAKE(edit::Draft draft, draft_of(opened.options));
        replace_document(std::move(draft), {});
        return {};
    }
    // A run: its scenario is the document, its recording the run.
    HM_TAKE(edit::Draft draft, draft_of(opened.options));
    replace_document(std::move(draft), {});
    driver_ = opened.options.driver;
    prepared_ = draft_number_;
    replaying_ = true;
    run_->load(std::move(*opened.recording), opened.tick);
    view_.camera = CameraKind::kFollow;
    view_.follows = engine::world::kEgo;
    if (!opened.note.empty()) notify(Notice::Kind::kWarning, opened.note);
    notify(Notice::Kind::kInfo, "opened " + opened.title);
    if (file || fs::is_directory(path, ignored)) remember(fs::absolute(path));
    return {};
}

Status Editor::save(const fs::path& path) {
    const std::string ending = path.extension().string();
    if (ending != ".json" && ending != ".xosc") {
        return Error{.message = "expected a name that ends in .json or .xosc",
                     .file = path.string()};
    }
    std::vector<std::string> notes;
    HM_TRY(edit::save(draft(), path, &notes));
    path_ = fs::absolute(path);
    stamp_ = edit::stamp_of(path_);
    changed_on_disk_ = false;
    history_.mark_saved();
    autosave_->set_original(path_);
    static_cast<void>(autosave_->discard());
    autosaved_ = draft_number_;
    remember(path_);
    std::string said = "saved " + path_.filename().string();
    for (const std::string& note : notes) said += "\n" + note;
    notify(notes.empty() ? Notice::Kind::kGood : Notice::Kind::kWarning, said);
    return {};
}

void Editor::read_recent() {
    const auto text = engine::core::read_file(settings_.state_folder / kRecentFile);
    if (!text.ok()) return;
    const auto json = nlohmann::json::parse(text.value(), nullptr, false);
    if (!json.is_array()) return;
    for (const auto& path : json) {
        if (path.is_string() && recent_.size() < kMostRecent) {
            recent_.emplace_back(path.get<std::string>());
        }
    }
}

void Editor::remember(const fs::path& path) {
    std::erase(recent_, path);
    recent_.insert(recent_.begin(), path);
    if (recent_.size() > kMostRecent) recent_.resize(kMostRecent);
    nlohmann::json json = nlohmann::json::array();
    for (const fs::path& one : recent_) json.push_back(one.string());
    // Without the list the next start only shows fewer files.
    static_cast<void>(engine::core::write_file(settings_.state_folder / kRecentFile, json.dump(1)));
}

void Editor::autosave() {
    if (!settings_.recovery || autosaved_ == draft_number_ || !changed() ||
        now_s_ - autosaved_s_ < settings_.autosave_s) {
        return;
    }
    autosaved_s_ = now_s_;
    if (const auto status = autosave_->write(draft()); !status.ok()) {
        notify(Notice::Kind::kWarning, "not autosaved: " + status.error().text());
        return;
    }
    autosaved_ = draft_number_;
}

// ---- The run

Result<bridge::loop::RunOptions> Editor::run_options(const edit::Draft& draft) {
    // Runs are made from files: each version of the draft gets one of its own, so that a run that
    // is computed again finds what it was made from.
    const fs::path file = working_ / fmt::format("{}.json", ++next_working_);
    HM_TAKE(const std::string text, edit::to_text(draft, file));
    HM_TRY(engine::core::write_file(file, text));
    const bool by_hand = driver_ == live::kByHand;
    bridge::run::RunSettings settings{
        .scenario = file.string(),
        .driver = by_hand ? "none" : driver_,
        .rig = settings_.rig,
        .size = fmt::format("{}x{}", settings_.width, settings_.height)};
    if (!by_hand) {
        HM_TAKE(const auto* kind, bridge::run::find_driver("the driver is", driver_));
        settings.no_images = !kind->needs_images;
    } else {
        settings.no_images = true;
    }
    HM_TAKE(bridge::loop::RunOptions options, bridge::run::to_options(settings));
    if (by_hand) options.driver = live::kByHand;
    return options;
}

void Editor::prepare_run() {
    prepared_ = draft_number_;
    replaying_ = false;
    shown_bare_.clear();
    auto options = run_options(draft());
    if (!options.ok()) {
        notify(Notice::Kind::kError, options.error().text());
        return;
    }
    run_->prepare(std::move(options.value()));
}

// What cannot be run is shown as the town or map without its story, to be mended there.
void Editor::show_bare_place() {
    const std::string place = scenarios::model::place_key(draft().scenario);
    if (shown_bare_ == place || prepared_ != 0) return;
    shown_bare_ = place;
    edit::Draft bare = draft();
    bare.story.reset();
    bare.scenario.story = {};
    bare.scenario.criteria.clear();
    auto options = run_options(bare);
    if (options.ok()) run_->prepare(std::move(options.value()));
}

// Another place or another situation is looked at where the ego begins.
void Editor::fit_views() {
    const auto& scenario = draft().scenario;
    const auto& town = scenario.town;
    const std::size_t lanes = moment_ ? moment_->world->roads.lanes.size() : 0;
    const std::string place = fmt::format("{} {} {}", scenario.map, town.seed, lanes);
    const std::string story = scenario.story.situation + " " + scenario.story.at;
    // A situation that becomes a story of the scenario's own stays where it is.
    const bool other = place != shown_place_ || (story != shown_story_ && story != " ");
    shown_place_ = place;
    if (story != " ") shown_story_ = story;
    if (!other) return;
    view_.top.fitted = false;
    view_.orbit_placed = false;
}

// While a run of the latest edit is not there yet, its actors are shown where they will be.
live::MomentPtr Editor::with_edits() const {
    if (!outdated() || !moment_ || moment_->tick != 0 || !moment_->state.story) return moment_;
    constexpr double kMoved_m = 0.01, kTurned_rad = 0.002;
    live::MomentPtr shown = moment_;
    const auto& entities = moment_->state.story->entities;
    const auto& actors = analysis_->outline.actors;
    if (actors.size() != entities.size()) return moment_;
    for (std::size_t i = 0; i < actors.size(); ++i) {
        const auto* state = moment_->state.find(entities[i].actor);
        if (state == nullptr || !actors[i].p_W) continue;
        const engine::math::Vec3 p(engine::math::xy(*actors[i].p_W), state->X_WB.p.z);
        const double turned =
            std::remainder(actors[i].heading_rad - state->X_WB.yaw_rad(), 2 * engine::math::kPi);
        if (glm::length(p - state->X_WB.p) < kMoved_m && std::abs(turned) < kTurned_rad) continue;
        shown =
            live::with_actor_at(shown, state->id, engine::math::upright(p, actors[i].heading_rad));
    }
    return shown;
}

void Editor::update(double now_s) {
    now_s_ = now_s;
    std::erase_if(notices_, [&](const Notice& notice) { return notice.until_s < now_s_; });
    // The analyst: the latest draft in, what it found out.
    if (asked_ != draft_number_ && now_s_ - changed_s_ >= kSettle_s / 3) {
        asked_ = draft_number_;
        analyst_.look_at(draft(), draft_number_);
    }
    if (auto analysis = analyst_.take()) analysis_ = std::move(analysis);
    // A run of the latest draft that can be run.
    if (analysis_is_current() && prepared_ != draft_number_ && analysis_->can_run &&
        now_s_ - changed_s_ >= kSettle_s) {
        prepare_run();
    }
    if (analysis_is_current() && !analysis_->can_run && analysis_->place) show_bare_place();
    status_ = run_->status();
    const auto shown = run_->moment();
    const bool other_world = shown && (!moment_ || moment_->world != shown->world);
    moment_ = shown;
    if (edited_from_ != moment_ || edited_by_ != analysis_) {
        edited_ = with_edits();
        edited_from_ = moment_;
        edited_by_ = analysis_;
    }
    if (other_world && (replaying_ || prepared_ == draft_number_)) fit_views();
    const live::Progress progress = run_->progress();
    if (progress.error != last_error_) {
        last_error_ = progress.error;
        if (!last_error_.empty()) notify(Notice::Kind::kError, last_error_);
    }
    if (seek_when_ready_ && status_.ready && !progress.running && prepared_ == draft_number_) {
        run_->seek(*std::exchange(seek_when_ready_, std::nullopt));
    }
    if (play_when_ready_ && status_.ready && !progress.running && prepared_ == draft_number_) {
        play_when_ready_ = false;
        run_->play(speed_);
    }
    if (views_) {
        // A run that renders for its driver has the machine for itself while it plays.
        views_->set_idle_rounds(!(status_.playing && run_->pictures()));
        views_->show(edited_);
    }
    if (now_s_ - looked_at_disk_s_ > kDiskInterval_s) {
        looked_at_disk_s_ = now_s_;
        if (!path_.empty() && stamp_.exists) {
            const bool differs = edit::differs_now(stamp_, path_);
            if (differs && !changed_on_disk_) {
                notify(Notice::Kind::kWarning, path_.filename().string() + " changed on disk");
            }
            changed_on_disk_ = differs;
        }
    }
    autosave();
}

bool Editor::settled() const {
    if (asked_ != draft_number_ || !analysis_is_current()) return false;
    if (analysis_->can_run && prepared_ != draft_number_) return false;
    if (play_when_ready_ || seek_when_ready_ || !run_->wait(0)) return false;
    return run_->status().revision == status_.revision;  // what was asked last is shown
}

// ---- Actors

std::string Editor::entity_of(ActorId actor) const {
    if (!moment_ || !moment_->state.story || actor == engine::world::kNoActor) return {};
    const auto& entities = moment_->state.story->entities;
    const auto& actors = analysis_->outline.actors;
    for (std::size_t i = 0; i < entities.size() && i < actors.size(); ++i) {
        if (entities[i].actor == actor) return actors[i].name;
    }
    return {};
}

ActorId Editor::actor_of(const std::string& entity) const {
    if (!moment_ || !moment_->state.story) return engine::world::kNoActor;
    const auto& entities = moment_->state.story->entities;
    const auto& actors = analysis_->outline.actors;
    for (std::size_t i = 0; i < entities.size() && i < actors.size(); ++i) {
        if (actors[i].name == entity) return entities[i].actor;
    }
    return engine::world::kNoActor;
}

}  // namespace huntsman::apps::editor
