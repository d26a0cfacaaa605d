// When it is done.

#include "scenarios/story/compiler.h"

namespace huntsman::scenarios::story {

Rule Compiler::rule(const Element& element) {
    return one_of<Rule>(element, "rule",
                        {{"equalTo", Rule::kEqualTo},
                         {"greaterThan", Rule::kGreaterThan},
                         {"lessThan", Rule::kLessThan},
                         {"greaterOrEqual", Rule::kGreaterOrEqual},
                         {"lessOrEqual", Rule::kLessOrEqual},
                         {"notEqualTo", Rule::kNotEqualTo}},
                        Rule::kEqualTo);
}

Measure Compiler::measure(const Element& element, DistanceKind fallback) {
    Measure measure;
    measure.freespace = flag_or(element, "freespace", false);
    measure.frame = one_of<Frame>(element, "coordinateSystem",
                                  {{"entity", Frame::kEntity},
                                   {"lane", Frame::kLane},
                                   {"road", Frame::kRoad},
                                   {"trajectory", Frame::kTrajectory},
                                   {"world", Frame::kWorld}},
                                  Frame::kEntity);
    measure.kind = one_of<DistanceKind>(element, "relativeDistanceType",
                                        {{"lateral", DistanceKind::kLateral},
                                         {"longitudinal", DistanceKind::kLongitudinal},
                                         {"cartesianDistance", DistanceKind::kEuclidean},
                                         {"euclidianDistance", DistanceKind::kEuclidean}},
                                        fallback);
    // Deprecated: along the road in the place of both.
    if (element.attribute("coordinateSystem") == nullptr && flag_or(element, "alongRoute", false)) {
        measure.frame = Frame::kRoad;
        measure.kind = DistanceKind::kLongitudinal;
    }
    return measure;
}

Trigger Compiler::trigger(const Element& element) {
    Trigger trigger;
    for (const Element* item : element.all("ConditionGroup")) {
        ConditionGroup& group = trigger.groups.emplace_back();
        for (const Element* each : item->all("Condition")) {
            group.conditions.push_back(condition(*each));
        }
    }
    return trigger;
}

Condition Compiler::condition(const Element& element) {
    Condition result;
    result.origin = element.origin;
    result.name = text(element, "name");
    result.delay_s = amount_or(element, "delay", 0);
    result.edge = one_of<Edge>(element, "conditionEdge",
                               {{"none", Edge::kNone},
                                {"rising", Edge::kRising},
                                {"falling", Edge::kFalling},
                                {"risingOrFalling", Edge::kRisingOrFalling}},
                               Edge::kNone);
    if (const Element* by = element.child("ByEntityCondition")) {
        if (const Element* who = by->child("TriggeringEntities")) {
            result.all = one_of<bool>(*who, "triggeringEntitiesRule",
                                      {{"all", true}, {"any", false}}, false);
            for (const Element* each : who->all("EntityRef")) {
                result.triggering.push_back(entity(*each));
            }
        }
        const Element* inside = by->child("EntityCondition");
        if (inside != nullptr && !inside->children.empty()) {
            result.kind = entity_condition(inside->children.front());
        }
    } else if (const Element* value = element.child("ByValueCondition")) {
        if (!value->children.empty()) result.kind = value_condition(value->children.front());
    }
    return result;
}

ConditionKind Compiler::entity_condition(const Element& e) {
    const auto direction = [&] {
        return one_of<Direction>(e, "direction",
                                 {{"longitudinal", Direction::kLongitudinal},
                                  {"lateral", Direction::kLateral},
                                  {"vertical", Direction::kVertical}},
                                 Direction::kTotal);
    };
    const auto position = [&](const Element& owner) {
        const Element* at = owner.child("Position");
        return at != nullptr ? place(*at) : Place(WorldPlace{});
    };
    const double value = number_or(e, "value", 0);
    if (e.name == "EndOfRoadCondition") return EndOfRoadCondition{amount_or(e, "duration", 0)};
    if (e.name == "OffroadCondition") return OffroadCondition{amount_or(e, "duration", 0)};
    if (e.name == "StandStillCondition") return StandStillCondition{amount_or(e, "duration", 0)};
    if (e.name == "CollisionCondition") {
        CollisionCondition result;
        if (const Element* who = e.child("EntityRef")) result.entity = entity(*who);
        if (const Element* type = e.child("ByType")) result.type = text(*type, "type");
        return result;
    }
    if (e.name == "TimeHeadwayCondition") {
        return TimeHeadwayCondition{entity(e), rule(e), value,
                                    measure(e, DistanceKind::kEuclidean)};
    }
    if (e.name == "TimeToCollisionCondition") {
        TimeToCollisionCondition result{
            .rule = rule(e), .value_s = value, .measure = measure(e, DistanceKind::kEuclidean)};
        if (const Element* target = e.child("TimeToCollisionConditionTarget")) {
            if (const Element* who = target->child("EntityRef")) result.entity = entity(*who);
            if (target->child("Position")) result.place = position(*target);
        }
        return result;
    }
    if (e.name == "AccelerationCondition")
        return AccelerationCondition{rule(e), value, direction()};
    if (e.name == "SpeedCondition") return SpeedCondition{rule(e), value, direction()};
    if (e.name == "RelativeSpeedCondition") {
        return RelativeSpeedCondition{entity(e), rule(e), value, direction()};
    }
    if (e.name == "TraveledDistanceCondition") return TraveledDistanceCondition{value};
    if (e.name == "ReachPositionCondition") {
        return ReachPositionCondition{position(e), amount_or(e, "tolerance", 0)};
    }
    if (e.name == "DistanceCondition") {
        return DistanceCondition{position(e), rule(e), value, measure(e, DistanceKind::kEuclidean)};
    }
    if (e.name == "RelativeDistanceCondition") {
        return RelativeDistanceCondition{entity(e), rule(e), value,
                                         measure(e, DistanceKind::kEuclidean)};
    }
    if (e.name == "RelativeClearanceCondition") {
        RelativeClearanceCondition result{.forward_m = amount_or(e, "distanceForward", 0),
                                          .backward_m = amount_or(e, "distanceBackward", 0),
                                          .freespace = flag_or(e, "freeSpace", false),
                                          .opposite_lanes = flag_or(e, "oppositeLanes", false)};
        for (const Element* lanes : e.all("RelativeLaneRange")) {
            result.lanes.push_back({integer(*lanes, "from"), integer(*lanes, "to")});
        }
        for (const Element* who : e.all("EntityRef")) result.entities.push_back(entity(*who));
        return result;
    }
    if (e.name != "AngleCondition" && e.name != "RelativeAngleCondition") {
        return UserDefinedValueCondition{};
    }
    AngleCondition result{.entity = entity(e),
                          .angle_rad = number_or(e, "angle", 0),
                          .tolerance_rad = amount_or(e, "angleTolerance", 0)};
    result.axis = one_of<AngleCondition::Axis>(e, "angleType",
                                               {{"heading", AngleCondition::Axis::kHeading},
                                                {"pitch", AngleCondition::Axis::kPitch},
                                                {"roll", AngleCondition::Axis::kRoll}},
                                               AngleCondition::Axis::kHeading);
    result.frame = e.attribute("coordinateSystem") != nullptr
                       ? measure(e, DistanceKind::kEuclidean).frame
                       : Frame::kWorld;
    return result;
}

ConditionKind Compiler::value_condition(const Element& e) {
    if (e.name == "SimulationTimeCondition") {
        return SimulationTimeCondition{rule(e), number_or(e, "value", 0)};
    }
    if (e.name == "TimeOfDayCondition") return TimeOfDayCondition{rule(e), clock_s(e)};
    if (e.name == "ParameterCondition") {
        return VariableCondition{variable(e, "parameterRef"), rule(e), text(e, "value")};
    }
    if (e.name == "VariableCondition") {
        return VariableCondition{variable(e, "variableRef"), rule(e), text(e, "value")};
    }
    if (e.name == "TrafficSignalCondition") {
        return SignalCondition{text(e, "name"), text(e, "state")};
    }
    if (e.name == "TrafficSignalControllerCondition") {
        const Index controller = signal_controller(e);
        return SignalControllerCondition{controller, phase(e, controller)};
    }
    if (e.name != "StoryboardElementStateCondition") {
        return UserDefinedValueCondition{text(e, "name"), text(e, "value"), rule(e)};
    }
    ElementStateCondition result;
    result.name = text(e, "storyboardElementRef");
    result.kind = one_of<ElementKind>(e, "storyboardElementType",
                                      {{"story", ElementKind::kStory},
                                       {"act", ElementKind::kAct},
                                       {"maneuverGroup", ElementKind::kGroup},
                                       {"maneuver", ElementKind::kManeuver},
                                       {"event", ElementKind::kEvent},
                                       {"action", ElementKind::kAction}},
                                      ElementKind::kAct);
    result.state = one_of<Transition>(e, "state",
                                      {{"completeState", Transition::kComplete},
                                       {"endTransition", Transition::kEnd},
                                       {"runningState", Transition::kRunning},
                                       {"skipTransition", Transition::kSkip},
                                       {"standbyState", Transition::kStandby},
                                       {"startTransition", Transition::kStart},
                                       {"stopTransition", Transition::kStop}},
                                      Transition::kComplete);
    return result;
}

}  // namespace huntsman::scenarios::story
