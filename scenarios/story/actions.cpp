// What is done.

#include "scenarios/story/compiler.h"

namespace huntsman::scenarios::story {

namespace {

const Element* first_child(const Element& element) {
    return element.children.empty() ? nullptr : &element.children.front();
}

}  // namespace

Dynamics Compiler::dynamics(const Element* element) {
    Dynamics result;
    if (element == nullptr) return result;
    result.shape = one_of<Shape>(*element, "dynamicsShape",
                                 {{"cubic", Shape::kCubic},
                                  {"linear", Shape::kLinear},
                                  {"sinusoidal", Shape::kSinusoidal},
                                  {"step", Shape::kStep}},
                                 Shape::kStep);
    result.dimension = one_of<Dimension>(*element, "dynamicsDimension",
                                         {{"distance", Dimension::kDistance},
                                          {"rate", Dimension::kRate},
                                          {"time", Dimension::kTime}},
                                         Dimension::kTime);
    // Some files give rates a sign; the target says which way the quantity goes.
    const double value = number_or(*element, "value", 0);
    if (value < 0 && result.dimension != Dimension::kRate) {
        error(*element, "attribute.value",
              fmt::format("<{}>: \"value\" is {}, expected a number from 0", element->name, value));
    }
    result.value = value < 0 ? -value : value;
    result.following = one_of<Following>(
        *element, "followingMode",
        {{"follow", Following::kFollow}, {"position", Following::kPosition}}, Following::kPosition);
    return result;
}

ActionKind Compiler::private_action(const Element& element) {
    const Element* inner = first_child(element);
    if (inner == nullptr) return UserDefinedAction{};
    const Element& e = *inner;
    if (e.name == "LongitudinalAction") return longitudinal_action(e);
    if (e.name == "LateralAction") return lateral_action(e);
    if (e.name == "ControllerAction" || e.name == "ActivateControllerAction") {
        return controller_action(e);
    }
    if (e.name == "RoutingAction") return routing_action(e);
    if (e.name == "AppearanceAction") return appearance_action(e);
    if (e.name == "SynchronizeAction") return synchronize_action(e);
    if (e.name == "TeleportAction") {
        const Element* position = e.child("Position");
        return TeleportAction{position != nullptr ? place(*position) : Place(WorldPlace{})};
    }
    if (e.name == "TrailerAction") {
        const Element* connect = e.child("ConnectTrailerAction");
        if (connect == nullptr) return DisconnectTrailerAction{};
        return ConnectTrailerAction{entity(*connect, "trailerRef")};
    }
    if (e.name == "VisibilityAction") {
        VisibilityAction action{flag_or(e, "graphics", true),
                                flag_or(e, "sensors", true),
                                flag_or(e, "traffic", true),
                                {}};
        if (const Element* set = e.child("SensorReferenceSet")) {
            for (const Element* sensor : set->all("SensorReference")) {
                action.only_sensors.push_back(text(*sensor, "name"));
            }
        }
        return action;
    }
    return UserDefinedAction{};
}

ActionKind Compiler::longitudinal_action(const Element& element) {
    if (const Element* e = element.child("SpeedAction")) {
        SpeedAction action;
        action.dynamics = dynamics(e->child("SpeedActionDynamics"));
        const Element* target = e->child("SpeedActionTarget");
        if (target == nullptr) return action;
        if (const Element* absolute = target->child("AbsoluteTargetSpeed")) {
            action.value = number_or(*absolute, "value", 0);
        } else if (const Element* relative = target->child("RelativeTargetSpeed")) {
            action.entity = entity(*relative);
            action.value = number_or(*relative, "value", 0);
            action.continuous = flag_or(*relative, "continuous", false);
            action.factor = one_of<bool>(*relative, "speedTargetValueType",
                                         {{"factor", true}, {"delta", false}}, false);
        }
        return action;
    }
    if (const Element* e = element.child("SpeedProfileAction")) {
        SpeedProfileAction action;
        action.entity = entity(*e);
        action.following =
            one_of<Following>(*e, "followingMode",
                              {{"follow", Following::kFollow}, {"position", Following::kPosition}},
                              Following::kPosition);
        action.limits = limits(e->child("DynamicConstraints"));
        for (const Element* item : e->all("SpeedProfileEntry")) {
            SpeedProfileAction::Entry entry{number_or(*item, "speed", 0), number(*item, "time")};
            if (entry.time_s && *entry.time_s < 0) {
                error(*item, "attribute.value",
                      fmt::format("<SpeedProfileEntry>: \"time\" is {}, expected a number from 0",
                                  *entry.time_s));
                entry.time_s = 0;
            }
            action.entries.push_back(entry);
        }
        return action;
    }
    const Element* e = element.child("LongitudinalDistanceAction");
    if (e == nullptr) return UserDefinedAction{};
    LongitudinalDistanceAction action;
    action.entity = entity(*e);
    action.distance_m = number(*e, "distance");
    action.time_gap_s = number(*e, "timeGap");
    if (action.distance_m.has_value() == action.time_gap_s.has_value()) {
        error(*e, "action.distance",
              "<LongitudinalDistanceAction> needs either \"distance\" or \"timeGap\"");
    }
    action.freespace = flag_or(*e, "freespace", false);
    action.continuous = flag_or(*e, "continuous", false);
    action.frame = measure(*e, DistanceKind::kLongitudinal).frame;
    action.displacement =
        one_of<Displacement>(*e, "displacement",
                             {{"any", Displacement::kAny},
                              {"trailingReferencedEntity", Displacement::kTrailing},
                              {"leadingReferencedEntity", Displacement::kLeading}},
                             Displacement::kTrailing);
    action.limits = limits(e->child("DynamicConstraints"));
    return action;
}

ActionKind Compiler::lateral_action(const Element& element) {
    if (const Element* e = element.child("LaneChangeAction")) {
        LaneChangeAction action;
        action.dynamics = dynamics(e->child("LaneChangeActionDynamics"));
        action.target_offset_m = number_or(*e, "targetLaneOffset", 0);
        const Element* target = e->child("LaneChangeTarget");
        if (target == nullptr) return action;
        if (const Element* absolute = target->child("AbsoluteTargetLane")) {
            action.lane = integer(*absolute, "value").value_or(0);
        } else if (const Element* relative = target->child("RelativeTargetLane")) {
            action.entity = entity(*relative);
            action.lane = integer(*relative, "value").value_or(0);
        }
        return action;
    }
    if (const Element* e = element.child("LaneOffsetAction")) {
        LaneOffsetAction action;
        action.continuous = flag_or(*e, "continuous", false);
        if (const Element* how = e->child("LaneOffsetActionDynamics")) {
            action.shape = dynamics(how).shape;
            action.max_lateral_acceleration_mps2 =
                amount_or(*how, "maxLateralAcc", action.max_lateral_acceleration_mps2);
        }
        const Element* target = e->child("LaneOffsetTarget");
        if (target == nullptr) return action;
        if (const Element* absolute = target->child("AbsoluteTargetLaneOffset")) {
            action.offset_m = number_or(*absolute, "value", 0);
        } else if (const Element* relative = target->child("RelativeTargetLaneOffset")) {
            action.entity = entity(*relative);
            action.offset_m = number_or(*relative, "value", 0);
        }
        return action;
    }
    const Element* e = element.child("LateralDistanceAction");
    if (e == nullptr) return UserDefinedAction{};
    LateralDistanceAction action;
    action.entity = entity(*e);
    action.distance_m = number(*e, "distance");
    action.freespace = flag_or(*e, "freespace", false);
    action.continuous = flag_or(*e, "continuous", false);
    action.frame = measure(*e, DistanceKind::kLateral).frame;
    action.displacement = one_of<Displacement>(*e, "displacement",
                                               {{"any", Displacement::kAny},
                                                {"leftToReferencedEntity", Displacement::kLeft},
                                                {"rightToReferencedEntity", Displacement::kRight}},
                                               Displacement::kAny);
    action.limits = limits(e->child("DynamicConstraints"));
    return action;
}

ActionKind Compiler::controller_action(const Element& element) {
    const auto activation = [this](const Element& e, bool assign) {
        const auto name = [&](const char* part) {
            return assign ? std::string("activate") + static_cast<char>(part[0] - 'a' + 'A') +
                                (part + 1)
                          : std::string(part);
        };
        ActivateControllerAction action;
        if (!assign) {
            action.controller = text(e, "objectControllerRef");
            if (action.controller.empty()) action.controller = text(e, "controllerRef");
        }
        action.lateral = flag(e, name("lateral"));
        action.longitudinal = flag(e, name("longitudinal"));
        action.lighting = flag(e, name("lighting"));
        action.animation = flag(e, name("animation"));
        return action;
    };
    if (element.name == "ActivateControllerAction") return activation(element, false);
    if (const Element* e = element.child("ActivateControllerAction")) return activation(*e, false);
    if (const Element* e = element.child("AssignControllerAction")) {
        AssignControllerAction action;
        action.activate = activation(*e, true);
        const Element* object = e->child("ObjectController");
        inline_or_catalogue(object != nullptr ? *object : *e, "Controller",
                            [&](const Element& found) { action.controller = controller(found); });
        return action;
    }
    OverrideControllerAction action;
    const Element* e = element.child("OverrideControllerValueAction");
    if (e == nullptr) return action;
    using Control = OverrideControllerAction::Control;
    const std::pair<const char*, Control> controls[] = {
        {"Throttle", Control::kThrottle},      {"Brake", Control::kBrake},
        {"Clutch", Control::kClutch},          {"ParkingBrake", Control::kParkingBrake},
        {"SteeringWheel", Control::kSteering}, {"Gear", Control::kGear}};
    for (const auto& [name, control] : controls) {
        const Element* value = e->child(name);
        if (value == nullptr) continue;
        double amount = number_or(*value, "value", 0);
        if (const Element* percent = value->child("BrakePercent")) {
            amount = number_or(*percent, "value", 0);
        } else if (const Element* gear = value->child("ManualGear")) {
            amount = number_or(*gear, "number", 0);
        } else if (control == Control::kGear) {
            amount = number_or(*value, "number", 0);
        }
        action.values.push_back({control, flag_or(*value, "active", false), amount});
    }
    return action;
}

ActionKind Compiler::routing_action(const Element& element) {
    if (const Element* e = element.child("AssignRouteAction")) {
        AssignRouteAction action;
        if (auto found = route_ref(*e)) action.route = std::move(*found);
        return action;
    }
    if (const Element* e = element.child("FollowTrajectoryAction")) return follow_trajectory(*e);
    if (const Element* e = element.child("AcquirePositionAction")) {
        const Element* position = e->child("Position");
        return AcquirePositionAction{position != nullptr ? place(*position) : Place(WorldPlace{})};
    }
    return RandomRouteAction{};
}

ActionKind Compiler::follow_trajectory(const Element& e) {
    FollowTrajectoryAction action;
    if (auto found = trajectory_ref(e)) action.trajectory = std::move(*found);
    action.initial_offset_m = amount_or(e, "initialDistanceOffset", 0);
    if (const Element* mode = e.child("TrajectoryFollowingMode")) {
        action.following =
            one_of<Following>(*mode, "followingMode",
                              {{"follow", Following::kFollow}, {"position", Following::kPosition}},
                              Following::kPosition);
    }
    const Element* reference = e.child("TimeReference");
    const Element* timing = reference != nullptr ? reference->child("Timing") : nullptr;
    if (timing == nullptr) return action;
    action.timed = true;
    action.absolute = one_of<bool>(*timing, "domainAbsoluteRelative",
                                   {{"absolute", true}, {"relative", false}}, false);
    action.time_offset_s = number_or(*timing, "offset", 0);
    action.time_scale = number_or(*timing, "scale", 1);
    if (!(action.time_scale > 0)) {
        error(
            *timing, "attribute.value",
            fmt::format("<Timing>: \"scale\" is {}, expected a number above 0", action.time_scale));
        action.time_scale = 1;
    }
    return action;
}

ActionKind Compiler::appearance_action(const Element& element) {
    if (const Element* e = element.child("LightStateAction")) {
        LightStateAction action;
        action.transition_s = amount_or(*e, "transitionTime", 0);
        if (const Element* type = e->child("LightType")) {
            if (const Element* vehicle = type->child("VehicleLight")) {
                action.light = text(*vehicle, "vehicleLightType");
            } else if (const Element* own = type->child("UserDefinedLight")) {
                action.light = text(*own, "userDefinedLightType");
            }
        }
        if (const Element* state = e->child("LightState")) {
            action.mode = one_of<LightMode>(*state, "mode",
                                            {{"on", LightMode::kOn},
                                             {"off", LightMode::kOff},
                                             {"flashing", LightMode::kFlashing}},
                                            LightMode::kOff);
            action.on_s = amount_or(*state, "flashingOnDuration", action.on_s);
            action.off_s = amount_or(*state, "flashingOffDuration", action.off_s);
        }
        return action;
    }
    AnimationAction action;
    const Element* e = element.child("AnimationAction");
    if (e == nullptr) return action;
    action.loop = flag_or(*e, "loop", false);
    action.duration_s = amount_or(*e, "animationDuration", 0);
    if (const Element* state = e->child("AnimationState")) {
        action.state = number_or(*state, "state", 1);
    }
    const Element* type = e->child("AnimationType");
    if (type == nullptr) return action;
    if (const Element* component = type->child("ComponentAnimation")) {
        if (const Element* part = component->child("VehicleComponent")) {
            action.kind = text(*part, "vehicleComponentType");
        } else if (const Element* own = component->child("UserDefinedComponent")) {
            action.kind = text(*own, "userDefinedComponentType");
        }
    } else if (const Element* pedestrian = type->child("PedestrianAnimation")) {
        action.kind = text(*pedestrian, "motion");
        if (action.kind.empty()) action.kind = text(*pedestrian, "userDefinedPedestrianAnimation");
        for (const Element* gesture : pedestrian->all("PedestrianGesture")) {
            action.gestures.push_back(text(*gesture, "gesture"));
        }
    } else if (const Element* file = type->child("AnimationFile")) {
        if (const Element* path = file->child("File")) action.kind = text(*path, "filepath");
    } else if (const Element* own = type->child("UserDefinedAnimation")) {
        action.kind = text(*own, "userDefinedAnimationType");
    }
    return action;
}

ActionKind Compiler::synchronize_action(const Element& e) {
    SynchronizeAction action;
    action.master = entity(e, "masterEntityRef");
    action.master_tolerance_m = amount_or(e, "targetToleranceMaster", 0);
    action.tolerance_m = amount_or(e, "targetTolerance", 0);
    if (const Element* at = e.child("TargetPositionMaster")) action.master_place = place(*at);
    if (const Element* at = e.child("TargetPosition")) action.place = place(*at);
    const Element* final_speed = e.child("FinalSpeed");
    if (final_speed == nullptr || final_speed->children.empty()) return action;
    const Element& speed = final_speed->children.front();
    action.final_speed = true;
    action.final_speed_mps = number_or(speed, "value", 0);
    action.relative = speed.name == "RelativeSpeedToMaster";
    action.factor = action.relative && one_of<bool>(speed, "speedTargetValueType",
                                                    {{"factor", true}, {"delta", false}}, false);
    if (const Element* distance = speed.child("TargetDistanceSteadyState")) {
        action.steady = SynchronizeAction::Steady::kDistance;
        action.steady_value = amount_or(*distance, "distance", 0);
    } else if (const Element* time = speed.child("TargetTimeSteadyState")) {
        action.steady = SynchronizeAction::Steady::kTime;
        action.steady_value = amount_or(*time, "time", 0);
    }
    return action;
}

ActionKind Compiler::value_action(const Element& element, std::string_view reference) {
    const Index index = variable(element, reference);
    if (const Element* set = element.child("SetAction")) {
        return SetVariableAction{index, text(*set, "value")};
    }
    ModifyVariableAction action{.variable = index};
    const Element* modify = element.child("ModifyAction");
    const Element* rule = modify != nullptr ? modify->child("Rule") : nullptr;
    if (rule == nullptr) return action;
    const Element* multiply = rule->child("MultiplyByValue");
    const Element* add = rule->child("AddValue");
    action.multiply = multiply != nullptr;
    if (const Element* by = multiply != nullptr ? multiply : add) {
        action.value = number_or(*by, "value", 0);
    }
    return action;
}

ActionKind Compiler::global_action(const Element& element) {
    const Element* inner = first_child(element);
    if (inner == nullptr) return UserDefinedAction{};
    const Element& e = *inner;
    if (e.name == "EnvironmentAction") {
        EnvironmentAction action;
        inline_or_catalogue(e, "Environment",
                            [&](const Element& found) { action.environment = evaluated(found); });
        if (const Element* time = action.environment.child("TimeOfDay")) clock_s(*time);
        return action;
    }
    if (e.name == "EntityAction") {
        const Index who = entity(e);
        const Element* add = e.child("AddEntityAction");
        if (add == nullptr) return DeleteEntityAction{who};
        const Element* position = add->child("Position");
        return AddEntityAction{who, position != nullptr ? place(*position) : Place(WorldPlace{})};
    }
    if (e.name == "InfrastructureAction") {
        const Element* signal = e.child("TrafficSignalAction");
        if (signal == nullptr) return UserDefinedAction{};
        if (const Element* state = signal->child("TrafficSignalStateAction")) {
            return SignalStateAction{text(*state, "name"), text(*state, "state")};
        }
        const Element* controlled = signal->child("TrafficSignalControllerAction");
        if (controlled == nullptr) return UserDefinedAction{};
        const Index index = signal_controller(*controlled);
        return SignalControllerAction{index, phase(*controlled, index)};
    }
    if (e.name == "ParameterAction") return value_action(e, "parameterRef");
    if (e.name == "VariableAction") return value_action(e, "variableRef");
    if (e.name == "TrafficAction") return traffic_action(e);
    if (e.name == "SetMonitorAction") {
        const std::string name = text(e, "monitorRef");
        SetMonitorAction action{.value = flag_or(e, "value", false)};
        for (Index i = 0; i < story_.monitors.size(); ++i) {
            if (story_.monitors[i].name == name) action.monitor = i;
        }
        if (action.monitor == kNoIndex) {
            error(e, "monitor.unknown",
                  fmt::format("<SetMonitorAction> refers to the monitor \"{}\", which is not "
                              "declared",
                              name));
        }
        return action;
    }
    return UserDefinedAction{};
}

ActionKind Compiler::user_defined(const Element& element) {
    const Element* command = element.child("CustomCommandAction");
    if (command == nullptr) return UserDefinedAction{};
    return UserDefinedAction{text(*command, "type"), command->text};
}

ActionKind Compiler::action(const Element& element, bool& is_private) {
    is_private = false;
    if (const Element* e = element.child("PrivateAction")) {
        is_private = true;
        return private_action(*e);
    }
    if (const Element* e = element.child("GlobalAction")) return global_action(*e);
    if (const Element* e = element.child("UserDefinedAction")) return user_defined(*e);
    return UserDefinedAction{};
}

void Compiler::init(const Element& element) {
    const Element* actions = element.child("Actions");
    if (actions == nullptr) return;
    for (const Element& item : actions->children) {
        if (item.name == "GlobalAction") {
            story_.init.push_back({kNoIndex, global_action(item), item.origin});
        } else if (item.name == "UserDefinedAction") {
            story_.init.push_back({kNoIndex, user_defined(item), item.origin});
        } else if (item.name == "Private") {
            const Index who = entity(item);
            for (const Element* each : item.all("PrivateAction")) {
                story_.init.push_back({who, private_action(*each), each->origin});
            }
        }
    }
}

}  // namespace huntsman::scenarios::story
