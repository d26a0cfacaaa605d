// Actions begin and end; those that take no time are done.

#include <algorithm>
#include <type_traits>

#include "scenarios/player/stage.h"
#include "scenarios/story/expression.h"

namespace huntsman::scenarios::player {

namespace {

// What an action controls of its entity for as long as it runs.
template <typename Action>
constexpr bool kLongitudinal = std::is_same_v<Action, story::SpeedAction> ||
                               std::is_same_v<Action, story::SpeedProfileAction> ||
                               std::is_same_v<Action, story::LongitudinalDistanceAction> ||
                               std::is_same_v<Action, story::SynchronizeAction>;
template <typename Action>
constexpr bool kLateral = std::is_same_v<Action, story::LaneChangeAction> ||
                          std::is_same_v<Action, story::LaneOffsetAction> ||
                          std::is_same_v<Action, story::LateralDistanceAction>;
// What is done with an entity that something else moves.
template <typename Action>
constexpr bool kForExternal = std::is_same_v<Action, story::AssignRouteAction> ||
                              std::is_same_v<Action, story::AcquirePositionAction> ||
                              std::is_same_v<Action, story::ActivateControllerAction> ||
                              std::is_same_v<Action, story::AssignControllerAction> ||
                              std::is_same_v<Action, story::VisibilityAction>;
template <typename Action>
constexpr bool kAppearance = std::is_same_v<Action, story::LightStateAction> ||
                             std::is_same_v<Action, story::AnimationAction>;
template <typename Action>
constexpr bool kTrajectory = std::is_same_v<Action, story::FollowTrajectoryAction>;

}  // namespace

const story::ActionKind& Step::action_of(const RunningAction& run) const {
    return run.from_init ? story_.init[run.element].action : story_.elements[run.element].action;
}

void Step::take_over(Index entity, bool lateral, bool longitudinal) {
    std::erase_if(state_.actions, [&](const RunningAction& run) {
        return run.entity == entity &&
               ((lateral && run.lateral) || (longitudinal && run.longitudinal));
    });
}

void Step::launch(const story::ActionKind& action, Index entity, Index element, bool from_init) {
    const bool external = entity < state_.entities.size() && state_.entities[entity].external;
    std::visit(
        [&](const auto& kind) {
            using Action = std::remove_cvref_t<decltype(kind)>;
            if (external && !kForExternal<Action>) return;
            constexpr bool kTakesTime = kLongitudinal<Action> || kLateral<Action> ||
                                        kTrajectory<Action> || kAppearance<Action>;
            if constexpr (kTakesTime) {
                if (entity >= state_.entities.size() || !state_.entities[entity].present) return;
                RunningAction run;
                run.element = element;
                run.from_init = from_init;
                run.entity = entity;
                run.lateral = kLateral<Action> || kTrajectory<Action>;
                run.longitudinal = kLongitudinal<Action>;
                if constexpr (kTrajectory<Action>) run.longitudinal = kind.timed;
                take_over(entity, run.lateral, run.longitudinal);
                if (begin(kind, run)) state_.actions.push_back(std::move(run));
            } else if constexpr (std::is_same_v<Action, story::TrafficAction>) {
                run_traffic(kind, element, from_init);
            } else {
                perform(kind, entity);
            }
        },
        action);
}

// Traffic goes on until an action of its name, or of none, stops it.
void Step::run_traffic(const story::TrafficAction& action, Index element, bool from_init) {
    if (!std::holds_alternative<story::TrafficStop>(action.kind)) {
        state_.traffic.push_back({.element = element, .from_init = from_init, .members = {}});
        return;
    }
    std::erase_if(state_.traffic, [&](const engine::world::RunningTraffic& running) {
        const auto& started = running.from_init ? story_.init[running.element].action
                                                : story_.elements[running.element].action;
        return action.name.empty() || std::get<story::TrafficAction>(started).name == action.name;
    });
}

ScriptedEntity* Step::entity_or_null(Index entity) {
    return entity < state_.entities.size() ? &state_.entities[entity] : nullptr;
}

void Step::perform(const story::TeleportAction& action, Index entity) {
    ScriptedEntity* self = entity_or_null(entity);
    const auto pose = find(action.place);
    if (self == nullptr || !pose) return;
    // What was running refers to where the entity was.
    std::erase_if(state_.actions,
                  [&](const RunningAction& run) { return run.entity == entity && run.lateral; });
    self->present = true;
    place_entity(*self, *pose);
}

void Step::perform(const story::AssignRouteAction& action, Index entity) {
    ScriptedEntity* self = entity_or_null(entity);
    if (self == nullptr) return;
    std::vector<story::Place> places;
    for (const auto& waypoint : action.route.waypoints) places.push_back(waypoint.place);
    set_route(*self, places);
}

void Step::perform(const story::AcquirePositionAction& action, Index entity) {
    ScriptedEntity* self = entity_or_null(entity);
    if (self == nullptr || self->on_road.road == engine::world::kNone) return;
    story::LanePlace here{.road = walk_.geometry().model().roads[self->on_road.road].id,
                          .lane = self->on_road.lane,
                          .s_m = self->on_road.s_m};
    set_route(*self, {here, action.place});
}

// A way that is drawn at each junction, the same in each run.
void Step::perform(const story::RandomRouteAction&, Index entity) {
    ScriptedEntity* self = entity_or_null(entity);
    if (self == nullptr || self->on_road.road == engine::world::kNone) return;
    const auto key = engine::core::Key(0)
                         .with("random route")
                         .with(entity)
                         .with(static_cast<std::uint64_t>(state_.time_us));
    self->route = walk_.random_route(self->on_road, faces_along(*self), key);
    self->route_at = 0;
}

void Step::perform(const story::VisibilityAction& action, Index entity) {
    ScriptedEntity* self = entity_or_null(entity);
    if (self == nullptr) return;
    self->graphics = action.graphics;
    self->sensors = action.sensors;
    self->traffic = action.traffic;
}

void Step::perform(const story::ActivateControllerAction& action, Index entity) {
    ScriptedEntity* self = entity_or_null(entity);
    if (self == nullptr) return;
    if (action.lateral) self->lateral_controller = *action.lateral;
    if (action.longitudinal) self->longitudinal_controller = *action.longitudinal;
}

void Step::perform(const story::AssignControllerAction& action, Index entity) {
    perform(action.activate, entity);
}

void Step::perform(const story::ConnectTrailerAction& action, Index entity) {
    ScriptedEntity* self = entity_or_null(entity);
    if (self != nullptr && action.trailer != entity) self->trailer = action.trailer;
}

void Step::perform(const story::DisconnectTrailerAction&, Index entity) {
    ScriptedEntity* self = entity_or_null(entity);
    if (self == nullptr) return;
    // Nothing drives a trailer by itself.
    if (ScriptedEntity* trailer = entity_or_null(self->trailer)) trailer->speed_mps = 0;
    self->trailer = kNoIndex;
}

void Step::perform(const story::AddEntityAction& action, Index) {
    if (action.entity >= state_.entities.size()) return;
    ScriptedEntity& added = state_.entities[action.entity];
    const auto pose = find(action.place);
    if (!pose) return;
    added = {.present = true, .actor = added.actor};
    place_entity(added, *pose);
}

void Step::perform(const story::DeleteEntityAction& action, Index) {
    if (action.entity >= state_.entities.size()) return;
    ScriptedEntity& gone = state_.entities[action.entity];
    gone = {.actor = gone.actor};
    std::erase_if(state_.actions,
                  [&](const RunningAction& run) { return run.entity == action.entity; });
}

void Step::perform(const story::SignalStateAction& action, Index) {
    set_signal(action.signal, action.state);
}

void Step::perform(const story::SignalControllerAction& action, Index) {
    if (action.controller >= state_.signal_controllers.size()) return;
    const auto& phases = story_.signal_controllers[action.controller].phases;
    double begin_s = 0;
    for (Index i = 0; i < action.phase && i < phases.size(); ++i) begin_s += phases[i].duration_s;
    state_.signal_controllers[action.controller] = begin_s;
    if (action.phase < phases.size()) {
        for (const auto& signal : phases[action.phase].states) {
            set_signal(signal.signal, signal.state);
        }
    }
}

void Step::perform(const story::SetVariableAction& action, Index) {
    set_variable(action.variable, action.value);
}

void Step::perform(const story::ModifyVariableAction& action, Index) {
    if (action.variable >= state_.variables.size()) return;
    const auto number = story::to_number(state_.variables[action.variable]);
    if (!number) return;
    set_variable(action.variable,
                 story::to_text(action.multiply ? *number * action.value : *number + action.value));
}

void Step::perform(const story::SetMonitorAction& action, Index) {
    if (action.monitor < state_.monitors.size())
        state_.monitors[action.monitor] = action.value ? 1 : 0;
}

void Step::set_variable(Index variable, std::string value) {
    if (variable < state_.variables.size()) state_.variables[variable] = std::move(value);
}

void Step::set_signal(const std::string& signal, const std::string& state) {
    for (std::size_t i = 0; i + 1 < state_.signals.size(); i += 2) {
        if (state_.signals[i] != signal) continue;
        state_.signals[i + 1] = state;
        return;
    }
    state_.signals.push_back(signal);
    state_.signals.push_back(state);
}

void Step::set_route(ScriptedEntity& entity, const std::vector<story::Place>& places) {
    std::vector<OnRoad> on;
    for (const story::Place& place : places) {
        const auto found = find(place);
        if (!found || !found->on_road) return;
        on.push_back(*found->on_road);
    }
    entity.route = walk_.route(on);
    entity.route_at = 0;
}

}  // namespace huntsman::scenarios::player
