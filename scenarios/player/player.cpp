#include "scenarios/player/player.h"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/player/stage.h"

namespace huntsman::scenarios::player {

using engine::core::Finding;
using engine::core::Severity;

struct Player::Impl {
    Script script;
};

namespace {

Index count(const story::Trigger& trigger, std::vector<const story::Condition*>& conditions) {
    const auto first = static_cast<Index>(conditions.size());
    for (const story::ConditionGroup& group : trigger.groups) {
        for (const story::Condition& condition : group.conditions) conditions.push_back(&condition);
    }
    return first;
}

void find_fixed_places(Script& script) {
    StoryState nothing;
    const Step step(script, nothing, 0);
    const auto fix = [&](const story::Place& place) {
        if (!refers_to_entity(place)) script.fixed_places.emplace(&place, step.search(place));
    };
    for (const story::Condition* condition : script.conditions) {
        if (const auto* reach = std::get_if<story::ReachPositionCondition>(&condition->kind)) {
            fix(reach->place);
        }
        if (const auto* far = std::get_if<story::DistanceCondition>(&condition->kind)) {
            fix(far->place);
        }
        const auto* time = std::get_if<story::TimeToCollisionCondition>(&condition->kind);
        if (time != nullptr && time->place) fix(*time->place);
    }
    for (const story::StoryElement& element : script.story.elements) {
        const auto* synchronize = std::get_if<story::SynchronizeAction>(&element.action);
        if (synchronize == nullptr) continue;
        fix(synchronize->place);
        fix(synchronize->master_place);
    }
}

}  // namespace

Player::Player(const story::Story& story, const engine::road::RoadGeometry& roads,
               const Vec2& origin_W)
    : impl_(new Impl{Script{.story = story,
                            .origin_W = origin_W,
                            .walk = RoadWalk(roads),
                            .conditions = {},
                            .start_conditions = {},
                            .stop_conditions = {}}}) {
    Script& script = impl_->script;
    for (const story::StoryElement& element : story.elements) {
        script.start_conditions.push_back(element.start ? count(*element.start, script.conditions)
                                                        : kNoIndex);
        script.stop_conditions.push_back(element.stop ? count(*element.stop, script.conditions)
                                                      : kNoIndex);
    }
    script.end_conditions = count(story.stop, script.conditions);
    find_fixed_places(script);
}

Player::~Player() = default;

StoryState Player::begin() const {
    const story::Story& story = impl_->script.story;
    StoryState state;
    state.entities.resize(story.entities.size());
    for (std::size_t i = 0; i < story.entities.size(); ++i) {
        state.entities[i].trailer = story.entities[i].trailer;
    }
    state.elements.resize(story.elements.size());
    state.conditions.resize(impl_->script.conditions.size());
    for (const story::Variable& variable : story.variables) {
        state.variables.push_back(variable.value);
    }
    for (const story::Monitor& monitor : story.monitors) {
        state.monitors.push_back(monitor.value ? 1 : 0);
    }
    Step(impl_->script, state, 0).begin();
    return state;
}

void Player::step(StoryState& state, engine::core::TimeUs dt_us) const {
    Step(impl_->script, state, dt_us).run();
}

void Player::let_go(StoryState& state, story::Index entity) const {
    state.entities.at(entity).external = true;
    std::erase_if(state.actions, [&](const RunningAction& run) { return run.entity == entity; });
}

void Player::observe(StoryState& state, story::Index entity, const Observed& now,
                     engine::core::TimeUs dt_us) const {
    Step(impl_->script, state, dt_us).observe(entity, now);
}

void Player::place(StoryState& state, story::Index entity, const Observed& now) const {
    Step(impl_->script, state, 0).put(entity, now);
}

void Player::set_user_value(StoryState& state, const std::string& name, std::string value) {
    auto& values = state.user_values;
    auto at = std::ranges::find(values, name, &engine::world::NamedValue::name);
    if (at == values.end()) at = values.insert(at, {.name = name, .value = {}});
    at->value = std::move(value);
}

std::optional<Player::Located> Player::locate(const StoryState& state,
                                              const story::Place& place) const {
    StoryState there = state;
    const auto pose = Step(impl_->script, there, 0).find(place);
    if (!pose) return std::nullopt;
    return Located{pose->p_W, pose->heading_rad};
}

std::vector<Finding> Player::check() const {
    std::vector<Finding> findings;
    const Script& script = impl_->script;
    for (const story::InitAction& init : script.story.init) {
        const auto* teleport = std::get_if<story::TeleportAction>(&init.action);
        if (teleport == nullptr) continue;
        const auto report = [&](std::string message) {
            findings.push_back({Severity::kError, init.origin.line, "place.unknown",
                                std::move(message), init.origin.file});
        };
        const auto check_road = [&](const std::string& road, double s_m, std::optional<int> lane) {
            const auto index = script.walk.road_named(road);
            if (!index) {
                report(fmt::format("the map has no road \"{}\"", road));
                return;
            }
            const double length = script.walk.geometry().model().roads[*index].length_m;
            if (s_m < 0 || s_m > length + 1e-6) {
                report(fmt::format("s is {} m on the road \"{}\", expected 0 to {} m", s_m, road,
                                   length));
            } else if (lane && !script.walk.has_lane(*index, *lane, s_m)) {
                report(fmt::format("the road \"{}\" has no lane {} at s = {} m", road, *lane, s_m));
            }
        };
        if (const auto* lane = std::get_if<story::LanePlace>(&teleport->place)) {
            check_road(lane->road, lane->s_m, lane->lane);
        }
        if (const auto* road = std::get_if<story::RoadPlace>(&teleport->place)) {
            check_road(road->road, road->s_m, std::nullopt);
        }
    }
    return findings;
}

void Step::begin() {
    const auto& controllers = story_.signal_controllers;
    for (const story::SignalController& controller : controllers) {
        double delay = 0;
        const story::SignalController* at = &controller;
        // Each starts its delay after the one that it refers to; circles end after all are met.
        for (std::size_t i = 0; i < controllers.size() && at != nullptr; ++i) {
            if (!at->reference.empty()) delay += at->delay_s;
            const auto next =
                std::ranges::find(controllers, at->reference, &story::SignalController::name);
            at = next == controllers.end() ? nullptr : &*next;
        }
        state_.signal_controllers.push_back(-delay);
        if (delay > 0 || controller.phases.empty()) continue;
        for (const auto& signal : controller.phases.front().states) {
            set_signal(signal.signal, signal.state);
        }
    }
    // Entities that no action adds are there from the start, at the origin until they are placed.
    std::vector<bool> added(story_.entities.size(), false);
    for (const story::StoryElement& element : story_.elements) {
        const auto* add = std::get_if<story::AddEntityAction>(&element.action);
        if (add != nullptr && add->entity < added.size()) added[add->entity] = true;
    }
    // They are placed first, those that refer to others after them.
    std::vector<bool> done(story_.init.size(), false);
    for (std::size_t round = 0; round < story_.entities.size() + 1; ++round) {
        bool moved = false;
        for (std::size_t i = 0; i < story_.init.size(); ++i) {
            const auto& init = story_.init[i];
            if (done[i] || !std::holds_alternative<story::TeleportAction>(init.action)) continue;
            const Index refers = std::visit(
                [](const auto& place) {
                    if constexpr (requires { place.entity; }) return place.entity;
                    return kNoIndex;
                },
                std::get<story::TeleportAction>(init.action).place);
            if (refers < state_.entities.size() && !state_.entities[refers].present) continue;
            launch(init.action, init.entity, static_cast<Index>(i), true);
            done[i] = moved = true;
        }
        if (!moved) break;
    }
    for (std::size_t i = 0; i < added.size(); ++i) {
        if (!added[i]) state_.entities[i].present = true;
    }
    // Who is deleted at the start is so whatever else is done with it then.
    for (const bool deletes : {false, true}) {
        for (std::size_t i = 0; i < story_.init.size(); ++i) {
            const auto& init = story_.init[i];
            if (done[i] ||
                std::holds_alternative<story::DeleteEntityAction>(init.action) != deletes) {
                continue;
            }
            launch(init.action, init.entity, static_cast<Index>(i), true);
        }
    }
    // Trailers stand straight behind at the start.
    for (Index i = 0; i < state_.entities.size(); ++i) {
        const Index trailer = state_.entities[i].trailer;
        if (trailer >= state_.entities.size() || trailer == i) continue;
        ScriptedEntity& towed = state_.entities[trailer];
        towed.present = state_.entities[i].present;
        towed.heading_rad = state_.entities[i].heading_rad;
        couple(i);
    }
    run_storyboard();
    light_lamps();
}

}  // namespace huntsman::scenarios::player
