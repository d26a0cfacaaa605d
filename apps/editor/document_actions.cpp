// Actions on the document: files, undo, selection and clipboard, failures.
#include <algorithm>
#include <cmath>

#include "apps/editor/actions.h"
#include "bridge/live/regression_case.h"

namespace huntsman::apps::editor {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using engine::world::ActorId;
using nlohmann::json;
namespace edit = scenarios::edit;
namespace live = bridge::live;
namespace fs = std::filesystem;

// ---- Files

Status Actions::open(Editor& e, const json& a) {
    HM_TAKE(const std::string path, text(a, "path"));
    return e.open(path);
}

Status Actions::new_document(Editor& e, const json& a) {
    HM_TAKE(const double seed, number_or(a, "seed", 1));
    if (!(seed >= 0 && seed < 9e15)) return wants(a, "seed", "a whole number from 0");
    e.replace_document(edit::new_town(static_cast<std::uint64_t>(seed)), {});
    return {};
}

Status Actions::save(Editor& e, const json& a) {
    if (a.contains("path")) {
        HM_TAKE(const std::string path, text(a, "path"));
        return e.save(path);
    }
    if (e.path_.empty()) {
        return Error{.message = "the scenario has no file yet, expected a path to save it to"};
    }
    return e.save(e.path_);
}

Status Actions::reload(Editor& e, const json&) {
    if (e.path_.empty()) return Error{.message = "the scenario has no file to read again"};
    return e.open_draft(e.path_);
}

Status Actions::recover(Editor& e, const json& a) {
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

Status Actions::discard(Editor& e, const json& a) {
    HM_TAKE(const double index, number_or(a, "index", 0));
    if (!(index >= 0) || index >= static_cast<double>(e.recoverable_.size())) return {};
    const auto at = e.recoverable_.begin() + static_cast<std::ptrdiff_t>(index);
    HM_TRY(edit::discard(*at));
    e.recoverable_.erase(at);
    return {};
}

Status Actions::quit(Editor& e, const json&) {
    e.quits_ = true;
    return {};
}

// ---- Undo, selection, clipboard

Status Actions::undo(Editor& e, const json&) {
    if (!e.history_.undo()) return Error{.message = "there is nothing to undo"};
    e.draft_changed();
    return {};
}

Status Actions::redo(Editor& e, const json&) {
    if (!e.history_.redo()) return Error{.message = "there is nothing to redo"};
    e.draft_changed();
    return {};
}

Status Actions::go_to_step(Editor& e, const json& a) {
    HM_TAKE(const double step, number(a, "step"));
    if (!(step >= 0) || !e.history_.go_to(static_cast<std::size_t>(step))) {
        return wants(a, "step", "the number of a step of the history");
    }
    e.draft_changed();
    return {};
}

Status Actions::select(Editor& e, const json& a) {
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

Status Actions::select_all(Editor& e, const json&) {
    e.selection_ = {};
    for (const auto& one : e.analysis_->outline.actors) {
        e.selection_.actors.push_back(one.name);
    }
    return {};
}

Status Actions::needs_actors(const Editor& e) {
    if (!e.selection_.actors.empty()) return {};
    return Error{.message = "no actor of the story is selected"};
}

Status Actions::copy(Editor& e, const json&) {
    HM_TRY(needs_actors(e));
    edit::Draft draft = e.draft();
    if (!draft.story && !draft.scenario.story.situation.empty()) {
        HM_TAKE(draft, edit::apply(draft, e.context(), {{"do", "expand_situation"}}));
    }
    HM_TAKE(e.clipboard_, edit::copy_text(draft, e.selection_.actors));
    return {};
}

Status Actions::cut(Editor& e, const json& a) {
    HM_TRY(copy(e, a));
    return e.edit({{"do", "remove"}, {"actors", e.selection_.actors}});
}

// From an actor to a free place behind it.
engine::math::Vec2 Actions::apart(const edit::OutlineActor& actor) {
    constexpr double kGap_m = 1.5;
    const double back_m = -(actor.length_m + kGap_m);
    return {back_m * std::cos(actor.heading_rad), back_m * std::sin(actor.heading_rad)};
}

Status Actions::paste_clipboard(Editor& e, const json& a) {
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

Status Actions::duplicate_selected(Editor& e, const json&) {
    HM_TRY(needs_actors(e));
    engine::math::Vec2 by(2, 2);
    for (const auto& one : e.analysis_->outline.actors) {
        if (one.name == e.selection_.actors.front()) by = apart(one);
    }
    return e.edit(
        {{"do", "duplicate"}, {"actors", e.selection_.actors}, {"dx", by.x}, {"dy", by.y}});
}

Status Actions::remove_selected(Editor& e, const json&) {
    if (e.selection_.generated != engine::world::kNoActor) {
        HM_TRY(e.edit({{"do", "remove_generated"}, {"id", e.selection_.generated}}));
        e.selection_ = {};
        return {};
    }
    HM_TRY(needs_actors(e));
    return e.edit({{"do", "remove"}, {"actors", e.selection_.actors}});
}

// ---- Failures

Status Actions::open_failure(Editor& e, const json& a) {
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

Status Actions::save_case(Editor& e, const json& a) {
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

}  // namespace huntsman::apps::editor
