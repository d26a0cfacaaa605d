// Triggers and conditions.

#include <algorithm>

#include "scenarios/player/stage.h"
#include "scenarios/story/expression.h"

namespace huntsman::scenarios::player {

using engine::world::ConditionState;
using engine::world::StoryPhase;

namespace {

bool compare(double a, story::Rule rule, double b) {
    switch (rule) {
        case story::Rule::kEqualTo:
            return a == b;
        case story::Rule::kGreaterThan:
            return a > b;
        case story::Rule::kLessThan:
            return a < b;
        case story::Rule::kGreaterOrEqual:
            return a >= b;
        case story::Rule::kLessOrEqual:
            return a <= b;
        case story::Rule::kNotEqualTo:
            return a != b;
    }
    return false;
}
bool compare(const std::string& a, story::Rule rule, const std::string& b) {
    const auto x = story::to_number(a), y = story::to_number(b);
    if (x && y) return compare(*x, rule, *y);
    if (rule == story::Rule::kEqualTo) return a == b;
    return rule == story::Rule::kNotEqualTo && a != b;
}

double along(const Vec3& v, const ScriptedEntity& entity, story::Direction direction) {
    const double c = std::cos(entity.heading_rad), s = std::sin(entity.heading_rad);
    switch (direction) {
        case story::Direction::kLongitudinal:
            return c * v.x + s * v.y;
        case story::Direction::kLateral:
            return -s * v.x + c * v.y;
        case story::Direction::kVertical:
            return v.z;
        case story::Direction::kTotal:
            break;
    }
    return glm::length(v);
}
// Speeds without direction are those along the heading.
double speed_of(const ScriptedEntity& entity, story::Direction direction) {
    return direction == story::Direction::kTotal ? entity.speed_mps
                                                 : along(entity.v_W, entity, direction);
}

}  // namespace

bool Step::holds(const story::Trigger& trigger, Index first_condition) {
    bool any = false;
    std::vector<Index> met;
    Index number = first_condition;
    for (const story::ConditionGroup& group : trigger.groups) {
        bool all = !group.conditions.empty();
        triggering_.clear();
        for (const story::Condition& condition : group.conditions) {
            all &= holds(condition, number++);
        }
        if (all && !any) met = triggering_;
        any |= all;
    }
    triggering_ = std::move(met);
    return any;
}

bool Step::holds(const story::Condition& condition, Index number) {
    ConditionState& memory = state_.conditions[number];
    const bool value = value_of(condition);
    bool result = value;
    switch (condition.edge) {
        case story::Edge::kNone:
            break;
        case story::Edge::kRising:
            result = memory.known && value && !memory.last;
            break;
        case story::Edge::kFalling:
            result = memory.known && !value && memory.last;
            break;
        case story::Edge::kRisingOrFalling:
            result = memory.known && value != memory.last;
            break;
    }
    memory.known = true;
    memory.last = value;
    if (condition.delay_s <= 0) return result;
    // The value of `delay_s` ago: changes wait until they are due.
    const bool newest = memory.due.empty() ? memory.held : memory.due.back() != 0;
    if (result != newest) {
        memory.due_s.push_back(now_s() + condition.delay_s);
        memory.due.push_back(result ? 1 : 0);
    }
    bool pulse = false;
    std::size_t done = 0;
    while (done < memory.due_s.size() && memory.due_s[done] <= now_s() + 1e-9) {
        memory.held = memory.due[done] != 0;
        pulse |= memory.held;
        ++done;
    }
    const auto count = static_cast<std::ptrdiff_t>(done);
    memory.due_s.erase(memory.due_s.begin(), memory.due_s.begin() + count);
    memory.due.erase(memory.due.begin(), memory.due.begin() + count);
    return memory.held || pulse;
}

void Step::forget(const story::Trigger& trigger, Index first_condition) {
    Index number = first_condition;
    for (const story::ConditionGroup& group : trigger.groups) {
        for (std::size_t i = 0; i < group.conditions.size(); ++i) {
            state_.conditions[number++] = {};
        }
    }
}

bool Step::value_of(const story::Condition& condition) {
    if (condition.triggering.empty()) return value_by_value(condition);
    bool any = false, all = true;
    for (const Index entity : condition.triggering) {
        const bool met = entity < state_.entities.size() && state_.entities[entity].present &&
                         value_by_entity(condition, entity);
        if (met) triggering_.push_back(entity);
        any |= met;
        all &= met;
    }
    return condition.all ? all : any;
}

bool Step::value_by_value(const story::Condition& condition) const {
    const story::ConditionKind& kind = condition.kind;
    if (const auto* time = std::get_if<story::SimulationTimeCondition>(&kind)) {
        return compare(now_s(), time->rule, time->value_s);
    }
    if (const auto* time = std::get_if<story::TimeOfDayCondition>(&kind)) {
        const auto& clock_s = state_.environment.clock_s;
        return clock_s && compare(*clock_s, time->rule, time->clock_s);
    }
    if (const auto* user = std::get_if<story::UserDefinedValueCondition>(&kind)) {
        const auto at =
            std::ranges::find(state_.user_values, user->name, &engine::world::NamedValue::name);
        return at != state_.user_values.end() && compare(at->value, user->rule, user->value);
    }
    if (const auto* variable = std::get_if<story::VariableCondition>(&kind)) {
        return variable->variable < state_.variables.size() &&
               compare(state_.variables[variable->variable], variable->rule, variable->value);
    }
    if (const auto* signal = std::get_if<story::SignalCondition>(&kind)) {
        for (std::size_t i = 0; i + 1 < state_.signals.size(); i += 2) {
            if (state_.signals[i] == signal->signal) return state_.signals[i + 1] == signal->state;
        }
        return false;
    }
    if (const auto* phase = std::get_if<story::SignalControllerCondition>(&kind)) {
        if (phase->controller >= state_.signal_controllers.size()) return false;
        double left = state_.signal_controllers[phase->controller];
        const auto& phases = story_.signal_controllers[phase->controller].phases;
        for (Index i = 0; i < phases.size(); ++i) {
            if (left >= 0 && left < phases[i].duration_s) return i == phase->phase;
            left -= phases[i].duration_s;
        }
        return false;
    }
    const auto* state = std::get_if<story::ElementStateCondition>(&kind);
    if (state == nullptr) return false;
    using story::Transition;
    return std::ranges::any_of(state->elements, [&](Index index) {
        const auto& element = state_.elements[index];
        const unsigned transitions = element.transitions | element.before;
        switch (state->state) {
            case Transition::kComplete:
                return element.phase == StoryPhase::kComplete;
            case Transition::kRunning:
                return element.phase == StoryPhase::kRunning;
            case Transition::kStandby:
                return element.phase == StoryPhase::kStandby;
            case Transition::kStart:
                return (transitions & engine::world::kStarted) != 0;
            case Transition::kEnd:
                return (transitions & engine::world::kEnded) != 0;
            case Transition::kStop:
                return (transitions & engine::world::kStopped) != 0;
            case Transition::kSkip:
                return (transitions & engine::world::kSkipped) != 0;
        }
        return false;
    });
}

bool Step::is_present(Index entity) const {
    return entity < state_.entities.size() && state_.entities[entity].present;
}

bool Step::value_by_entity(const story::Condition& condition, Index entity) const {
    return std::visit(
        [&](const auto& kind) {
            if constexpr (requires { meets(kind, entity); }) return meets(kind, entity);
            return false;
        },
        condition.kind);
}

bool Step::meets(const story::EndOfRoadCondition& c, Index index) const {
    const ScriptedEntity& self = state_.entities[index];
    return self.end_of_road_s > 0 && self.end_of_road_s >= c.duration_s;
}

bool Step::meets(const story::OffroadCondition& c, Index index) const {
    const ScriptedEntity& self = state_.entities[index];
    return self.off_road_s > 0 && self.off_road_s >= c.duration_s;
}

bool Step::meets(const story::StandStillCondition& c, Index index) const {
    const ScriptedEntity& self = state_.entities[index];
    return self.standing_s > 0 && self.standing_s >= c.duration_s;
}

bool Step::meets(const story::CollisionCondition& c, Index index) const {
    if (c.entity != kNoIndex) return is_present(c.entity) && overlap(index, c.entity);
    for (Index other = 0; other < state_.entities.size(); ++other) {
        const story::EntityKind type = story_.entities[other].kind;
        const bool matches = c.type.empty() ||
                             (c.type == "vehicle" && type == story::EntityKind::kVehicle) ||
                             (c.type == "pedestrian" && type == story::EntityKind::kPedestrian) ||
                             (c.type == "miscellaneous" && type == story::EntityKind::kObject);
        if (other != index && matches && overlap(index, other)) return true;
    }
    return false;
}

bool Step::meets(const story::SpeedCondition& c, Index index) const {
    const ScriptedEntity& self = state_.entities[index];
    return compare(speed_of(self, c.direction), c.rule, c.value_mps);
}

bool Step::meets(const story::AccelerationCondition& c, Index index) const {
    const ScriptedEntity& self = state_.entities[index];
    return compare(along(self.a_W, self, c.direction), c.rule, c.value_mps2);
}

bool Step::meets(const story::RelativeSpeedCondition& c, Index index) const {
    const ScriptedEntity& self = state_.entities[index];
    if (!is_present(c.entity)) return false;
    const ScriptedEntity& other = state_.entities[c.entity];
    const double relative = c.direction == story::Direction::kTotal
                                ? self.speed_mps - other.speed_mps
                                : along(self.v_W - other.v_W, self, c.direction);
    return compare(relative, c.rule, c.value_mps);
}

bool Step::meets(const story::TraveledDistanceCondition& c, Index index) const {
    const ScriptedEntity& self = state_.entities[index];
    return self.travelled_m >= c.value_m;
}

bool Step::meets(const story::ReachPositionCondition& c, Index index) const {
    const ScriptedEntity& self = state_.entities[index];
    const auto place = find(c.place);
    return place && glm::length(place->p_W - self.p_W) <= c.tolerance_m;
}

bool Step::meets(const story::DistanceCondition& c, Index index) const {
    const auto place = find(c.place);
    const auto d = place ? distance(gap(index, *place, c.measure), c.measure) : std::nullopt;
    return d && compare(*d, c.rule, c.value_m);
}

bool Step::meets(const story::RelativeDistanceCondition& c, Index index) const {
    if (!is_present(c.entity)) return false;
    const auto d = distance(gap(index, c.entity, c.measure), c.measure);
    return d && compare(*d, c.rule, c.value_m);
}

bool Step::meets(const story::TimeHeadwayCondition& c, Index index) const {
    const ScriptedEntity& self = state_.entities[index];
    if (!is_present(c.entity)) return false;
    const Gap apart = gap(index, c.entity, c.measure);
    const auto d = distance(apart, c.measure);
    const double speed = std::abs(self.speed_mps);
    // There is no headway to what lies behind.
    if (apart.longitudinal_m < 0) return false;
    if (!d) return false;
    const double headway = speed > 1e-3 ? *d / speed : std::numeric_limits<double>::infinity();
    return compare(headway, c.rule, c.value_s);
}

bool Step::meets(const story::TimeToCollisionCondition& c, Index index) const {
    const ScriptedEntity& self = state_.entities[index];
    const auto place = c.place ? find(*c.place) : std::nullopt;
    if (!place && !is_present(c.entity)) return false;
    const Gap apart = place ? gap(index, *place, c.measure) : gap(index, c.entity, c.measure);
    const auto d = distance(apart, c.measure);
    if (!d) return false;
    const Vec3 p = place ? place->p_W : state_.entities[c.entity].p_W;
    const Vec3 v = place ? Vec3(0, 0, 0) : state_.entities[c.entity].v_W;
    const Vec3 direction = p - self.p_W;
    const double length = glm::length(direction);
    if (length < 1e-6) return compare(0, c.rule, c.value_s);
    const double closing = glm::dot(self.v_W - v, direction) / length;
    return closing > 1e-3 && compare(*d / closing, c.rule, c.value_s);
}

bool Step::meets(const story::AngleCondition& c, Index index) const {
    const ScriptedEntity& self = state_.entities[index];
    double angle = c.axis == story::AngleCondition::Axis::kHeading ? self.heading_rad
                   : c.axis == story::AngleCondition::Axis::kPitch ? self.pitch_rad
                                                                   : self.roll_rad;
    if (c.entity != kNoIndex) {
        if (!is_present(c.entity)) return false;
        const ScriptedEntity& other = state_.entities[c.entity];
        angle -= c.axis == story::AngleCondition::Axis::kHeading ? other.heading_rad
                 : c.axis == story::AngleCondition::Axis::kPitch ? other.pitch_rad
                                                                 : other.roll_rad;
    } else if (c.frame == story::Frame::kRoad || c.frame == story::Frame::kLane) {
        angle = self.heading_to_road_rad;
    }
    return std::abs(wrap_angle(angle - c.angle_rad)) <= c.tolerance_rad;
}

bool Step::meets(const story::RelativeClearanceCondition& c, Index index) const {
    const ScriptedEntity& self = state_.entities[index];
    const story::Measure measure{c.freespace, story::Frame::kRoad,
                                 story::DistanceKind::kLongitudinal};
    for (Index other = 0; other < state_.entities.size(); ++other) {
        if (other == index || !is_present(other)) continue;
        if (!c.entities.empty() && std::ranges::find(c.entities, other) == c.entities.end()) {
            continue;
        }
        const Gap apart = gap(index, other, measure);
        if (!apart.found || apart.longitudinal_m > c.forward_m ||
            apart.longitudinal_m < -c.backward_m) {
            continue;
        }
        const int lane = self.on_road.lane, there = state_.entities[other].on_road.lane;
        if (!c.opposite_lanes && (lane < 0) != (there < 0)) continue;
        int beside = there - lane;
        if ((lane < 0) != (there < 0)) beside += lane < 0 ? -1 : 1;
        if (!faces_along(self)) beside = -beside;
        const bool inside = c.lanes.empty() || std::ranges::any_of(c.lanes, [&](const auto& r) {
                                return (!r.from || beside >= *r.from) && (!r.to || beside <= *r.to);
                            });
        if (inside) return false;
    }
    return true;
}

}  // namespace huntsman::scenarios::player
