// The editor's own actions: what is no edit of the draft.
#include <algorithm>
#include <cmath>
#include <functional>

#include "apps/editor/editor.h"
#include "bridge/failures/catalogue.h"
#include "bridge/live/opening.h"
#include "bridge/live/regression_case.h"
#include "bridge/run/driver_spec.h"
#include "engine/core/time.h"
#include "engine/math/constants.h"
#include "engine/world/weather_fields.h"

namespace huntsman::apps::editor {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using engine::world::ActorId;
using nlohmann::json;
namespace edit = scenarios::edit;
namespace live = bridge::live;
namespace fs = std::filesystem;

namespace {

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

// An actor by its id, or an entity of the story by its name.
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

// Each takes the editor and the action.
struct Actions {
    struct Entry {
        ActionInfo info;
        Status (*run)(Editor&, const json&);
    };
    static std::span<const Entry> table();

    // ---- Files
    static Status open(Editor& e, const json& a) {
        HM_TAKE(const std::string path, text(a, "path"));
        return e.open(path);
    }
    static Status new_document(Editor& e, const json& a) {
        HM_TAKE(const double seed, number_or(a, "seed", 1));
        if (!(seed >= 0 && seed < 9e15)) return wants(a, "seed", "a whole number from 0");
        e.replace_document(edit::new_town(static_cast<std::uint64_t>(seed)), {});
        return {};
    }
    static Status save(Editor& e, const json& a) {
        if (a.contains("path")) {
            HM_TAKE(const std::string path, text(a, "path"));
            return e.save(path);
        }
        if (e.path_.empty()) {
            return Error{.message = "the scenario has no file yet, expected a path to save it to"};
        }
        return e.save(e.path_);
    }
    static Status reload(Editor& e, const json&) {
        if (e.path_.empty()) return Error{.message = "the scenario has no file to read again"};
        return e.open_draft(e.path_);
    }
    static Status recover(Editor& e, const json& a) {
        HM_TAKE(const double index, number_or(a, "index", 0));
        if (!(index >= 0) || index >= static_cast<double>(e.recoverable_.size())) {
            return wants(a, "index", "the number of a scenario that can be recovered");
        }
        const edit::Recoverable left = e.recoverable_[static_cast<std::size_t>(index)];
        HM_TAKE(edit::Draft draft, edit::recover(left));
        e.replace_document(edit::new_town(1), left.original);
        e.history_.push("Recover", std::move(draft));
        e.draft_changed();
        return discard(e, a);
    }
    static Status discard(Editor& e, const json& a) {
        HM_TAKE(const double index, number_or(a, "index", 0));
        if (!(index >= 0) || index >= static_cast<double>(e.recoverable_.size())) return {};
        const auto at = e.recoverable_.begin() + static_cast<std::ptrdiff_t>(index);
        HM_TRY(edit::discard(*at));
        e.recoverable_.erase(at);
        return {};
    }
    static Status quit(Editor& e, const json&) {
        e.quits_ = true;
        return {};
    }

    // ---- Undo, selection, clipboard
    static Status undo(Editor& e, const json&) {
        if (!e.history_.undo()) return Error{.message = "there is nothing to undo"};
        e.draft_changed();
        return {};
    }
    static Status redo(Editor& e, const json&) {
        if (!e.history_.redo()) return Error{.message = "there is nothing to redo"};
        e.draft_changed();
        return {};
    }
    static Status go_to_step(Editor& e, const json& a) {
        HM_TAKE(const double step, number(a, "step"));
        if (!(step >= 0) || !e.history_.go_to(static_cast<std::size_t>(step))) {
            return wants(a, "step", "the number of a step of the history");
        }
        e.draft_changed();
        return {};
    }
    static Status select(Editor& e, const json& a) {
        Selection selection;
        if (a.contains("actors")) {
            if (!a.at("actors").is_array()) return wants(a, "actors", "a list of names");
            for (const json& one : a.at("actors")) {
                if (!one.is_string()) return wants(a, "actors", "a list of names");
                selection.actors.push_back(one.get<std::string>());
            }
        }
        if (a.contains("generated")) {
            HM_TAKE(const double id, number(a, "generated"));
            selection.generated = static_cast<ActorId>(std::max(0.0, id));
        }
        if (a.contains("element")) {
            HM_TAKE(selection.element, text(a, "element"));
        }
        if (a.contains("group")) {
            HM_TAKE(selection.group, text(a, "group"));
        }
        e.selection_ = std::move(selection);
        return {};
    }
    static Status select_all(Editor& e, const json&) {
        e.selection_ = {};
        for (const auto& one : e.analysis_->outline.actors) {
            e.selection_.actors.push_back(one.name);
        }
        return {};
    }
    static Status needs_actors(const Editor& e) {
        if (!e.selection_.actors.empty()) return {};
        return Error{.message = "no actor of the story is selected"};
    }
    static Status copy(Editor& e, const json&) {
        HM_TRY(needs_actors(e));
        edit::Draft draft = e.draft();
        if (!draft.story && !draft.scenario.story.situation.empty()) {
            HM_TAKE(draft, edit::apply(draft, e.context(), {{"do", "expand_situation"}}));
        }
        HM_TAKE(e.clipboard_, edit::copy_text(draft, e.selection_.actors));
        return {};
    }
    static Status cut(Editor& e, const json& a) {
        HM_TRY(copy(e, a));
        return e.edit({{"do", "remove"}, {"actors", e.selection_.actors}});
    }
    // From an actor to a free place behind it.
    static engine::math::Vec2 apart(const edit::OutlineActor& actor) {
        constexpr double kGap_m = 1.5;
        const double back_m = -(actor.length_m + kGap_m);
        return {back_m * std::cos(actor.heading_rad), back_m * std::sin(actor.heading_rad)};
    }
    static Status paste_clipboard(Editor& e, const json& a) {
        if (e.clipboard_.empty()) return Error{.message = "nothing was copied"};
        json command{{"do", "paste"}, {"text", e.clipboard_}};
        for (const char* key : {"x", "y"}) {
            if (a.contains(key)) command[key] = a.at(key);
        }
        const auto& actors = e.analysis_->outline.actors;
        const auto beside = std::ranges::find_if(
            actors, [&](const auto& one) { return e.selection_.has(one.name) && one.p_W; });
        if (!a.contains("x") && !a.contains("y") && beside != actors.end()) {
            const auto by = apart(*beside);
            command["x"] = beside->p_W->x + by.x;
            command["y"] = beside->p_W->y + by.y;
        }
        return e.edit(command);
    }
    static Status duplicate_selected(Editor& e, const json&) {
        HM_TRY(needs_actors(e));
        engine::math::Vec2 by(2, 2);
        for (const auto& one : e.analysis_->outline.actors) {
            if (one.name == e.selection_.actors.front()) by = apart(one);
        }
        return e.edit(
            {{"do", "duplicate"}, {"actors", e.selection_.actors}, {"dx", by.x}, {"dy", by.y}});
    }
    static Status remove_selected(Editor& e, const json&) {
        if (e.selection_.generated != engine::world::kNoActor) {
            HM_TRY(e.edit({{"do", "remove_generated"}, {"id", e.selection_.generated}}));
            e.selection_ = {};
            return {};
        }
        HM_TRY(needs_actors(e));
        return e.edit({{"do", "remove"}, {"actors", e.selection_.actors}});
    }

    // ---- The run
    static Status driver(Editor& e, const json& a) {
        HM_TAKE(const std::string name, text(a, "name"));
        if (name != live::kByHand) {
            HM_TAKE(const auto* kind, bridge::run::find_driver("the driver is", name));
            static_cast<void>(kind);
        }
        e.driver_ = name;
        e.prepared_ = 0;  // built anew with it
        e.changed_s_ = e.now_s_ - 1;
        e.replaying_ = false;
        return {};
    }
    static Status play(Editor& e, const json& a) {
        HM_TAKE(e.speed_, number_or(a, "speed", e.speed_));
        if (!(e.speed_ >= 0 && e.speed_ <= 100)) return wants(a, "speed", "0 to 100");
        if (e.analysis_is_current() && !e.analysis_->can_run) {
            return Error{.message = "the scenario has errors; see Problems"};
        }
        if (e.outdated() || e.run_->progress().running) {
            e.play_when_ready_ = true;
        } else {
            e.run_->play(e.speed_);
        }
        return {};
    }
    static Status pause(Editor& e, const json&) {
        e.play_when_ready_ = false;
        e.run_->pause();
        return {};
    }
    static Status toggle_play(Editor& e, const json& a) {
        return e.status_.playing || e.play_when_ready_ ? pause(e, a) : play(e, a);
    }
    static Status set_speed_of_run(Editor& e, const json& a) {
        HM_TAKE(const double speed, number(a, "value"));
        if (!(speed >= 0 && speed <= 100)) return wants(a, "value", "0 to 100");
        e.speed_ = speed;
        if (e.status_.playing) e.run_->play(speed);
        return {};
    }
    static Status step(Editor& e, const json&) {
        e.run_->step();
        return {};
    }
    static Status step_frame(Editor& e, const json& a) {
        HM_TAKE(const double by, number_or(a, "by", 1));
        e.run_->step_frame(static_cast<int>(by));
        return {};
    }
    static Status seek(Editor& e, const json& a) {
        double tick = 0;
        if (a.contains("time_s")) {
            HM_TAKE(const double time_s, number(a, "time_s"));
            tick = std::round(time_s * 1e6 / static_cast<double>(engine::core::kTick_us));
        } else {
            HM_TAKE(tick, number_or(a, "tick", 0));
        }
        if (!(tick >= 0 && tick < 1e9)) return wants(a, "tick", "a moment from 0");
        e.run_->seek(static_cast<std::int64_t>(tick));
        return {};
    }
    static Status end_run(Editor& e, const json&) {
        e.run_->end_here();
        return {};
    }
    static Status fork(Editor& e, const json& a) {
        if (!e.moment_) return Error{.message = "there is no run yet to fork"};
        live::Fork fork{.tick = e.moment_->tick, .driver = {}, .environment = {}, .moved = {}};
        if (a.contains("driver")) {
            HM_TAKE(fork.driver, text(a, "driver"));
            if (fork.driver != live::kByHand) {
                HM_TAKE(const auto* kind, bridge::run::find_driver("the driver is", fork.driver));
                static_cast<void>(kind);
            }
            e.driver_ = fork.driver;
        }
        if (a.contains("environment")) {
            // Read as a scenario's, so that ranges and messages are the same.
            const json holder{
                {"schema_version", 1}, {"name", "fork"}, {"environment", a.at("environment")}};
            HM_TAKE(auto scenario, scenarios::model::parse(holder.dump(), "fork"));
            fork.environment = scenario.environment;
        }
        if (a.contains("moved")) {
            if (!a.at("moved").is_array()) return wants(a, "moved", "a list of moved actors");
            for (const json& one : a.at("moved")) {
                HM_TAKE(const ActorId id, actor(e, one));
                const auto* state = e.moment_->state.find(id);
                if (state == nullptr) return wants(one, "actor", "an actor that is there");
                HM_TAKE(const double x, number(one, "x"));
                HM_TAKE(const double y, number(one, "y"));
                const double yaw = state->X_WB.yaw_rad();
                HM_TAKE(const double heading,
                        number_or(one, "heading_deg", yaw * 180 / engine::math::kPi));
                HM_TAKE(const double speed, number_or(one, "speed_mps", glm::length(state->v_W)));
                fork.moved.push_back(
                    {.id = id,
                     .X_WB = engine::math::upright({x, y, state->X_WB.p.z},
                                                   heading * engine::math::kPi / 180),
                     .speed_mps = speed});
            }
        }
        e.run_->fork(std::move(fork));
        return {};
    }
    static Status drive(Editor& e, const json& a) {
        HM_TAKE(const ActorId id, actor(e, a));
        HM_TAKE(const double steer, number_or(a, "steer", 0));
        HM_TAKE(const double throttle, number_or(a, "throttle", 0));
        HM_TAKE(const double brake, number_or(a, "brake", 0));
        const bool reverse = a.value("reverse", false);
        if (std::abs(steer) > 1.5) return wants(a, "steer", "-1.5 to 1.5 rad");
        if (!(throttle >= 0 && throttle <= 1)) return wants(a, "throttle", "0 to 1");
        if (!(brake >= 0 && brake <= 1)) return wants(a, "brake", "0 to 1");
        e.run_->drive(id, {steer, throttle, brake, reverse});
        return {};
    }
    static Status release(Editor& e, const json& a) {
        HM_TAKE(const ActorId id, actor(e, a));
        e.run_->release(id);
        return {};
    }
    // What an actor did in the run becomes its trajectory in the story.
    static Status keep_path(Editor& e, const json& a) {
        HM_TAKE(const ActorId id, actor(e, a));
        HM_TAKE(const double step_s, number_or(a, "step_s", 0.2));
        const auto moments = e.run_->moments();
        auto points = live::path_of(*moments, id, 0, e.status_.head_tick, std::max(0.05, step_s));
        // To where it is at the end, which lies between two steps.
        const auto* last = moments->empty() ? nullptr : moments->back()->state.find(id);
        if (last != nullptr && !points.empty() &&
            moments->back()->plots.time_s > points.back().time_s + 1e-3) {
            points.push_back({moments->back()->plots.time_s, last->X_WB, glm::length(last->v_W)});
        }
        constexpr double kMoved_m = 0.5;
        double way_m = 0;
        for (std::size_t i = 1; i < points.size(); ++i) {
            way_m += glm::length(points[i].X_WB.p - points[i - 1].X_WB.p);
        }
        if (way_m < kMoved_m) return Error{.message = "the actor has not moved in the run"};
        json path = json::array();
        for (const live::PathPoint& p : points) {
            const double yaw = p.X_WB.yaw_rad();
            path.push_back({p.time_s, p.X_WB.p.x, p.X_WB.p.y, yaw * 180 / engine::math::kPi});
        }
        std::string entity = e.entity_of(id);
        // A town's ego becomes an entity with the story that is begun for it.
        if (entity.empty() && id == engine::world::kEgo) entity = "Ego";
        if (entity.empty()) {
            return e.edit({{"do", "take_over"}, {"id", id}, {"path", path}});
        }
        return e.edit({{"do", "draw_trajectory"}, {"actor", entity}, {"points", path}});
    }
    static Status cancel(Editor& e, const json&) {
        e.play_when_ready_ = false;
        e.run_->cancel();
        return {};
    }
    static Status save_run(Editor& e, const json& a) {
        HM_TAKE(const std::string folder, text(a, "folder"));
        e.run_->save_run(fs::absolute(folder));
        return {};
    }

    // ---- Views
    static Status view(Editor& e, const json& a) {
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
            v.large_camera =
                large < 0 ? std::nullopt : std::optional(static_cast<std::size_t>(large));
        }
        v.lens = a.value("lens", v.lens);
        v.perceived = a.value("perceived", v.perceived);
        HM_TAKE(v.opacity, number_or(a, "opacity", v.opacity));
        if (a.contains("layers")) {
            v.layers.clear();
            if (!a.at("layers").is_array()) return wants(a, "layers", "a list of labels");
            for (const json& one : a.at("layers")) {
                const auto layer = one.is_string()
                                       ? sensors::overlay::layer_of(one.get<std::string>())
                                       : std::nullopt;
                if (!layer) return wants(a, "layers", "names of labels, as \"boxes3d\"");
                v.layers.push_back(*layer);
            }
        }
        e.view_ = std::move(v);
        return {};
    }
    static Status look(Editor& e, const json& a) {
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
    static Status top(Editor& e, const json& a) {
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
    static Status tool(Editor& e, const json& a) {
        HM_TAKE(const Tool chosen, choice(a, "tool", kTools));
        if (a.contains("kind")) {
            HM_TAKE(const std::string kind, text(a, "kind"));
            (chosen == Tool::kSituation ? e.view_.tool_situation : e.view_.tool_kind) = kind;
        }
        e.view_.tool = chosen;
        e.view_.drawn_W.clear();
        return {};
    }
    static Status focus(Editor& e, const json&) {
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

    // ---- Failures
    static Status open_failure(Editor& e, const json& a) {
        if (a.contains("results")) {
            HM_TAKE(const std::string results, text(a, "results"));
            HM_TAKE(const std::string key, text(a, "id"));
            HM_TAKE(const double time_s, number_or(a, "time_s", 0));
            return e.open_result(results, key, time_s);
        }
        HM_TAKE(const std::string catalogue, text(a, "catalogue"));
        HM_TAKE(const double id, number(a, "id"));
        return e.open(fmt::format("{}#{}", catalogue, static_cast<std::int64_t>(id)));
    }
    static Status save_case(Editor& e, const json& a) {
        HM_TAKE(const std::string folder, text(a, "folder"));
        const fs::path where = fs::absolute(folder);
        live::RegressionCase kept;
        kept.name = a.value("name", e.draft().scenario.name);
        kept.folder = where;
        kept.suite =
            a.contains("suite") ? fs::absolute(a.value("suite", "")) : where / "regression.json";
        HM_TAKE(kept.scenario, edit::to_text(e.draft(), where / (kept.name + ".json")));
        HM_TAKE(kept.options, e.run_options(e.draft()));
        if (const auto result = e.run_->result()) kept.criteria = live::criteria_of(*result);
        HM_TAKE(const fs::path file, live::save(kept));
        if (kept.criteria.empty()) {
            e.notify(Notice::Kind::kInfo,
                     "the run broke nothing: the case asks for the scenario's own criteria alone");
        }
        e.notify(Notice::Kind::kGood,
                 fmt::format("saved {} and its entry in {}", file.filename().string(),
                             kept.suite.filename().string()));
        return {};
    }
};

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
