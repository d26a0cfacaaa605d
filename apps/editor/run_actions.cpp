// Actions on the run: driver, play, seek, fork, driving by hand.
#include <algorithm>
#include <cmath>

#include "apps/editor/actions.h"
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

// Error: the scenario has errors; its place may be shown, but nothing runs there.
Status Actions::can_run(const Editor& e) {
    const bool fine = e.replaying_ || !e.analysis_is_current() || e.analysis_->can_run;
    return fine ? Status() : Error{.message = "the scenario has errors; see Problems"};
}

Status Actions::driver(Editor& e, const json& a) {
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

Status Actions::play(Editor& e, const json& a) {
    HM_TAKE(e.speed_, number_or(a, "speed", e.speed_));
    if (!(e.speed_ >= 0 && e.speed_ <= 100)) return wants(a, "speed", "0 to 100");
    HM_TRY(can_run(e));
    if (e.outdated() || e.run_->progress().running) {
        e.play_when_ready_ = true;
    } else {
        e.run_->play(e.speed_);
    }
    return {};
}

Status Actions::pause(Editor& e, const json&) {
    e.play_when_ready_ = false;
    e.run_->pause();
    return {};
}

Status Actions::toggle_play(Editor& e, const json& a) {
    return e.status_.playing || e.play_when_ready_ ? pause(e, a) : play(e, a);
}

Status Actions::set_speed_of_run(Editor& e, const json& a) {
    HM_TAKE(const double speed, number(a, "value"));
    if (!(speed >= 0 && speed <= 100)) return wants(a, "value", "0 to 100");
    e.speed_ = speed;
    if (e.status_.playing) e.run_->play(speed);
    return {};
}

Status Actions::step(Editor& e, const json&) {
    HM_TRY(can_run(e));
    e.run_->step();
    return {};
}

Status Actions::step_frame(Editor& e, const json& a) {
    HM_TRY(can_run(e));
    HM_TAKE(const double by, number_or(a, "by", 1));
    e.run_->step_frame(static_cast<int>(by));
    return {};
}

Status Actions::seek(Editor& e, const json& a) {
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

Status Actions::end_run(Editor& e, const json&) {
    HM_TRY(can_run(e));
    e.run_->end_here();
    return {};
}

Status Actions::fork(Editor& e, const json& a) {
    HM_TRY(can_run(e));
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
            fork.moved.push_back({.id = id,
                                  .X_WB = engine::math::upright({x, y, state->X_WB.p.z},
                                                                heading * engine::math::kPi / 180),
                                  .speed_mps = speed});
        }
    }
    e.run_->fork(std::move(fork));
    return {};
}

Status Actions::drive(Editor& e, const json& a) {
    HM_TRY(can_run(e));
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

Status Actions::release(Editor& e, const json& a) {
    HM_TAKE(const ActorId id, actor(e, a));
    e.run_->release(id);
    return {};
}

// What an actor did in the run becomes its trajectory in the story.
Status Actions::keep_path(Editor& e, const json& a) {
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

Status Actions::cancel(Editor& e, const json&) {
    e.play_when_ready_ = false;
    e.run_->cancel();
    return {};
}

Status Actions::save_run(Editor& e, const json& a) {
    HM_TRY(can_run(e));
    HM_TAKE(const std::string folder, text(a, "folder"));
    e.run_->save_run(fs::absolute(folder));
    return {};
}

}  // namespace huntsman::apps::editor
