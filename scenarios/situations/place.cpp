#include "scenarios/situations/place.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/core/random.h"
#include "engine/math/geometry.h"
#include "scenarios/openscenario/standard.h"
#include "scenarios/openscenario/xml.h"
#include "scenarios/situations/kinds.h"
#include "scenarios/story/expression.h"

namespace huntsman::scenarios::situations {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using engine::math::kPi;
using engine::math::Vec3;
using engine::math::wrap_angle;
using engine::world::kNone;
using engine::world::Lane;
using story::Attribute;
using story::Element;

namespace {

constexpr const char* kEgo = "Ego";
constexpr const char* kEgoKind = "car";
constexpr double kEnd_s = 25;  // a situation ends so long after its critical moment

class Placing {
  public:
    Placing(const Situation& situation, const PlaceFinder& finder, const Site& site,
            const Values& values)
        : situation_(situation),
          finder_(finder),
          site_(site),
          ego_kind_(situation.kinds.at(kEgoKind)),
          names_(site.values) {
        for (const auto& [name, value] : values) names_[name] = text(value);
        names_["ego_front"] = text(front_m());
        names_["ego_width"] = text(ego_kind_.width_m);
    }

    Status run(const Values& values, const std::filesystem::path& map_file, Placed& placed) {
        HM_TRY(resolve());
        for (const auto& [name, place] : situation_.places) name_place(name, place);
        Element entities = element("Entities"), actions = element("Actions");
        for (const Element& global : situation_.start) {
            actions.children.push_back(evaluated(global));
        }
        entities.children.push_back(
            element("ScenarioObject", {{"name", kEgo}}, {described(ego_kind_)}));
        actions.children.push_back(begin_ego());
        Element story = element("Story", {{"name", "situation"}});
        for (const Actor& actor : situation_.actors) {
            entities.children.push_back(
                element("ScenarioObject", {{"name", actor.name}}, {described(kind_of(actor))}));
            if (actor.present) actions.children.push_back(begin(actor));
            if (!actor.events.empty()) {
                story.children.push_back(act(actor.name, &actor, actor.events));
            }
        }
        if (!situation_.events.empty()) {
            story.children.push_back(act("world", nullptr, situation_.events));
        }
        placed.critical_s = number_of("run_up_s");
        Element storyboard = element("Storyboard", {}, {element("Init", {}, {std::move(actions)})});
        if (!story.children.empty()) storyboard.children.push_back(std::move(story));
        storyboard.children.push_back(
            trigger("StopTrigger", after_time(placed.critical_s + kEnd_s)));
        placed.document.root = element(
            "OpenSCENARIO", {},
            {header(values), element("CatalogLocations"),
             element("RoadNetwork", {}, {element("LogicFile", {{"filepath", map_file.string()}})}),
             std::move(entities), std::move(storyboard)});
        for (const story::Criterion& criterion : situation_.criteria) {
            story::add_criterion(placed.document.root, criterion);
        }
        openscenario::canonicalise(placed.document.root, openscenario::Standard::kRootType);
        return status_;
    }

  private:
    // ---- Numbers
    double front_m() const { return ego_kind_.x_m + ego_kind_.length_m / 2; }
    double number_of(const std::string& name) const {
        return story::to_number(names_.at(name)).value_or(0);
    }
    void fail(int line, std::string message) {
        if (!status_.ok()) return;
        status_ =
            Error{.message = std::move(message), .file = situation_.file.string(), .line = line};
    }
    Result<std::string> evaluate(const std::string& value) const {
        return story::evaluate(value, [&](std::string_view name) -> const std::string* {
            const auto at = names_.find(std::string(name));
            return at == names_.end() ? nullptr : &at->second;
        });
    }
    double number(const Expression& expression) {
        const auto value = evaluate(expression.text);
        if (!value) {
            fail(expression.line, value.error().message);
            return 0;
        }
        const auto number = story::to_number(*value);
        if (!number || !std::isfinite(*number) || std::abs(*number) > 1e7) {
            fail(expression.line,
                 fmt::format("\"{}\" is \"{}\", expected a number", expression.text, *value));
            return 0;
        }
        return *number;
    }
    // Values that refer to each other, until all are known.
    Status resolve() {
        std::map<std::string, Expression> open = situation_.values;
        open["ego_v"] = situation_.ego_speed;
        open["run_up_s"] = situation_.run_up_s;
        open["ego_start_s"] = {"${-$ego_v * $run_up_s - $ego_front}", 0};
        while (!open.empty()) {
            const std::size_t before = open.size();
            std::optional<Error> error;
            for (auto at = open.begin(); at != open.end();) {
                const auto value = evaluate(at->second.text);
                if (value) {
                    names_[at->first] = *value;
                    at = open.erase(at);
                    continue;
                }
                if (!error) {
                    error = Error{.message = fmt::format("\"{}\" has no value: {}", at->first,
                                                         value.error().message),
                                  .file = situation_.file.string(),
                                  .line = at->second.line};
                }
                ++at;
            }
            if (open.size() == before) return *error;
        }
        return {};
    }
    void name_place(const std::string& name, const PathPlace& place) {
        const Pose pose = find(place);
        names_[name + "_x"] = text(pose.p.x);
        names_[name + "_y"] = text(pose.p.y);
        names_[name + "_z"] = text(pose.p.z);
        names_[name + "_h"] = text(pose.heading_rad);
    }
    // An element of the standard with its expressions evaluated.
    Element evaluated(Element element) {
        for (Attribute& attribute : element.attributes) {
            if (!story::is_expression(attribute.value)) continue;
            const auto value = evaluate(attribute.value);
            if (value) {
                attribute.value = *value;
            } else {
                fail(element.origin.line, value.error().message);
            }
        }
        for (Element& child : element.children) child = evaluated(std::move(child));
        element.origin = {};
        return element;
    }

    // ---- Places
    struct Pose {
        Vec3 p{0, 0, 0};
        double heading_rad = 0;
        std::uint32_t road = kNone;  // of paths along lanes
        double s_m = 0, t_m = 0;
        bool forward = true;  // the path runs along s
        bool on_lanes = false;
    };
    const SitePath* path(const PathPlace& place) {
        const auto at = site_.paths.find(place.path);
        if (at != site_.paths.end()) return &at->second;
        fail(place.line,
             fmt::format("the site has no path \"{}\": the needs name nobody else", place.path));
        return nullptr;
    }
    Pose find(const PathPlace& place) {
        const SitePath* along = path(place);
        if (along == nullptr) return {};
        return find(*along, number(place.s), number(place.t), number(place.turn_deg), place.line);
    }
    Pose find(const SitePath& along, double s_m, double t_m, double turn_deg, int line) {
        if (along.is_lanes() && (s_m < along.first_s_m() - 1e-6 || s_m > along.last_s_m() + 1e-6)) {
            fail(line,
                 fmt::format("a place at s = {:.1f} m, expected {:.1f} to {:.1f} m as the way "
                             "runs here",
                             s_m, along.first_s_m(), along.last_s_m()));
        }
        Pose pose;
        const PathPoint here = along.at(s_m);
        // A line goes on beyond its ends, which are the kerbs.
        const double beyond =
            along.is_lanes() ? 0 : s_m - std::clamp(s_m, along.first_s_m(), along.last_s_m());
        pose.p =
            along.point(s_m, t_m) + beyond * Vec3(engine::math::direction(here.heading_rad), 0.0);
        pose.heading_rad = wrap_angle(here.heading_rad + along.side() * turn_deg * kPi / 180);
        pose.on_lanes = along.is_lanes();
        const auto& geometry = finder_.geometry();
        const auto on_ego = site_.paths.at("ego").at(0);
        const Lane& lane = finder_.network().lanes[along.is_lanes() ? here.lane : on_ego.lane];
        pose.road = lane.road;
        const auto on = geometry.project(lane.road, pose.p);
        pose.s_m = on.s_m;
        pose.t_m = on.t_m;
        pose.forward =
            std::cos(here.heading_rad - geometry.reference(on.road, on.s_m).heading_rad) > 0;
        pose.p.z = geometry.pose({on.road, on.s_m, on.t_m, 0}).p.z;
        return pose;
    }
    Element world_position(const Pose& pose, bool with_heading) const {
        Element position = element(
            "WorldPosition", {{"x", text(pose.p.x)}, {"y", text(pose.p.y)}, {"z", text(pose.p.z)}});
        if (with_heading) position.set("h", text(pose.heading_rad));
        return element("Position", {}, {std::move(position)});
    }
    // In the lane that holds the place, or else at an offset from the road's outermost.
    Element lane_position(const Pose& pose) const {
        const auto& geometry = finder_.geometry();
        const auto& road = geometry.model().roads[pose.road];
        const std::uint32_t section = geometry.section_at(pose.road, pose.s_m);
        int lane = geometry.lane_at(pose.road, pose.s_m, pose.t_m);
        if (lane == 0) {
            for (const auto& each : road.sections[section].lanes) {
                if ((each.id > 0) == (pose.t_m > 0) && std::abs(each.id) > std::abs(lane)) {
                    lane = each.id;
                }
            }
        }
        const double centre = (geometry.inner_t_m(pose.road, section, lane, pose.s_m) +
                               geometry.outer_t_m(pose.road, section, lane, pose.s_m)) /
                              2;
        // Relative headings are against the lane's traffic.
        const bool along_s = (lane < 0) != road.left_hand;
        const double traffic =
            geometry.reference(pose.road, pose.s_m).heading_rad + (along_s ? 0 : kPi);
        return element("Position", {},
                       {element("LanePosition",
                                {{"roadId", road.id},
                                 {"laneId", fmt::format("{}", lane)},
                                 {"s", text(pose.s_m)},
                                 {"offset", text(pose.t_m - centre)}},
                                {element("Orientation",
                                         {{"type", "relative"},
                                          {"h", text(wrap_angle(pose.heading_rad - traffic))}})})});
    }
    Element ego_position(double s_m) {
        return lane_position(find(site_.paths.at("ego"), s_m, number(situation_.ego_offset), 0,
                                  situation_.ego_speed.line));
    }
    // Waypoints in the middle of each lane of a path from s on, and at its end; nothing where there
    // is only one.
    std::optional<Element> route(const std::string& path_name, double from_m) {
        const SitePath& along = site_.paths.at(path_name);
        Element result = element("Route", {{"name", path_name}, {"closed", "false"}});
        const auto add = [&](double s_m) {
            result.children.push_back(element("Waypoint", {{"routeStrategy", "shortest"}},
                                              {lane_position(find(along, s_m, 0, 0, 0))}));
        };
        add(from_m);
        for (std::size_t i = 0; i + 1 < along.lanes().size(); ++i) {
            const double begin = along.lane_begin_m(i);
            const double end = begin + finder_.network().lanes[along.lanes()[i]].length_m;
            if (end > from_m + 1) add(std::max((begin + end) / 2, std::min(from_m + 1, end)));
        }
        // Not at a border, which belongs to the next road as well.
        constexpr double kBefore_m = 0.5;
        if (along.last_s_m() > from_m + 1) add(along.last_s_m() - kBefore_m);
        if (result.children.size() < 2) return std::nullopt;
        return private_action("RoutingAction",
                              element("AssignRouteAction", {}, {std::move(result)}));
    }

    // ---- Actions
    static Element private_action(const char* group, Element action) {
        return element("PrivateAction", {}, {element(group, {}, {std::move(action)})});
    }
    static Element speed_action(double speed_mps, const std::string& dimension, double amount) {
        return private_action(
            "LongitudinalAction",
            element("SpeedAction", {},
                    {element("SpeedActionDynamics",
                             {{"dynamicsShape", dimension.empty() ? "step" : "linear"},
                              {"dynamicsDimension", dimension.empty() ? "time" : dimension},
                              {"value", text(amount)}}),
                     element("SpeedActionTarget", {},
                             {element("AbsoluteTargetSpeed", {{"value", text(speed_mps)}})})}));
    }
    static Element teleport(Element position) {
        return element("PrivateAction", {}, {element("TeleportAction", {}, {std::move(position)})});
    }
    // Ahead of the ego or behind it, bumper to bumper.
    static Element keep_distance(double distance_m, bool ahead) {
        return private_action(
            "LongitudinalAction",
            element(
                "LongitudinalDistanceAction",
                {{"entityRef", kEgo},
                 {"continuous", "true"},
                 {"distance", text(distance_m)},
                 {"freespace", "true"},
                 {"coordinateSystem", "road"},
                 {"displacement", ahead ? "leadingReferencedEntity" : "trailingReferencedEntity"}},
                {element(
                    "DynamicConstraints",
                    {{"maxAcceleration", "4"}, {"maxDeceleration", "6"}, {"maxSpeed", "60"}})}));
    }
    const ActorKind& kind_of(const Actor& actor) const { return situation_.kinds.at(actor.kind); }
    // Offsets of lanes count to the left along the road, those of situations to the far side.
    double road_side(const Actor& actor) {
        const SitePath* along = path(actor.at);
        if (along == nullptr) return 1;
        return along->side() * (find(*along, 0, 0, 0, actor.line).forward ? 1 : -1);
    }

    Element action(const Action& action, const Actor* actor) {
        using Kind = Action::Kind;
        if (actor == nullptr && action.kind != Kind::kGlobal) {
            fail(action.line, "an event of nobody has an action of somebody, expected \"global\"");
            return {};
        }
        switch (action.kind) {
            case Kind::kSpeed:
                return speed_action(number(action.value), action.dimension, number(action.amount));
            case Kind::kKeepAhead:
            case Kind::kKeepBehind:
                return keep_distance(number(action.value), action.kind == Kind::kKeepAhead);
            case Kind::kMeet:
                return element(
                    "PrivateAction", {},
                    {element("SynchronizeAction", {{"masterEntityRef", kEgo}},
                             {renamed(ego_position(-front_m()), "TargetPositionMaster"),
                              renamed(lane_position(find(action.places[0])), "TargetPosition"),
                              element("FinalSpeed", {},
                                      {element("AbsoluteSpeed",
                                               {{"value", text(number(action.value))}})})})});
            case Kind::kWalk:
                return walk(action);
            case Kind::kLaneChange:
                return lane_change(action, *actor);
            case Kind::kOffset:
                return private_action(
                    "LateralAction",
                    element("LaneOffsetAction", {{"continuous", "false"}},
                            {element("LaneOffsetActionDynamics",
                                     {{"dynamicsShape", "sinusoidal"},
                                      {"maxLateralAcc", text(number(action.amount))}}),
                             element("LaneOffsetTarget", {},
                                     {element("AbsoluteTargetLaneOffset",
                                              {{"value", text(road_side(*actor) *
                                                              number(action.value))}})})}));
            case Kind::kPrivate:
            case Kind::kGlobal:
                return evaluated(action.element);
        }
        return {};
    }
    static Element renamed(Element element, const char* name) {
        element.name = name;
        return element;
    }
    Element walk(const Action& action) {
        Element line = element("Polyline");
        for (const PathPlace& place : action.places) {
            line.children.push_back(element("Vertex", {}, {world_position(find(place), false)}));
        }
        return private_action(
            "RoutingAction",
            element("FollowTrajectoryAction", {},
                    {element("Trajectory", {{"name", "way"}, {"closed", "false"}},
                             {element("Shape", {}, {std::move(line)})}),
                     element("TimeReference", {}, {element("None")}),
                     element("TrajectoryFollowingMode", {{"followingMode", "position"}})}));
    }
    Element lane_change(const Action& action, const Actor& actor) {
        const double lanes = std::round(number(action.value)) * path_side(actor);
        return private_action(
            "LateralAction",
            element("LaneChangeAction", {},
                    {element("LaneChangeActionDynamics", {{"dynamicsShape", "sinusoidal"},
                                                          {"dynamicsDimension", "time"},
                                                          {"value", text(number(action.amount))}}),
                     element("LaneChangeTarget", {},
                             {element("RelativeTargetLane",
                                      {{"entityRef", actor.name},
                                       {"value", fmt::format("{}", static_cast<int>(lanes))}})})}));
    }
    double path_side(const Actor& actor) {
        const SitePath* along = path(actor.at);
        return along != nullptr ? along->side() : 1;
    }

    // ---- What happens at the start
    Element begin_ego() {
        const double start_m = number_of("ego_start_s");
        Element result =
            element("Private", {{"entityRef", kEgo}},
                    {teleport(ego_position(start_m)), speed_action(number_of("ego_v"), "", 0)});
        if (auto way = route("ego", start_m)) result.children.push_back(std::move(*way));
        return result;
    }
    Element begin(const Actor& actor) {
        Element result = element("Private", {{"entityRef", actor.name}});
        const SitePath* along = path(actor.at);
        if (along == nullptr) return result;
        const Pose pose = find(actor.at);
        const bool drives = kind_of(actor).type == "vehicle" && along->is_lanes();
        result.children.push_back(
            teleport(drives ? lane_position(pose) : world_position(pose, true)));
        result.children.push_back(speed_action(number(actor.speed), "", 0));
        if (drives && std::abs(number(actor.at.turn_deg)) < 90) {
            if (auto way = route(actor.at.path, number(actor.at.s))) {
                result.children.push_back(std::move(*way));
            }
        }
        for (const Action& each : actor.start) result.children.push_back(action(each, &actor));
        return result;
    }

    // ---- Events and triggers
    static Element condition(std::string name, Element kind, double delay_s = 0) {
        return element(
            "Condition",
            {{"name", std::move(name)}, {"delay", text(delay_s)}, {"conditionEdge", "none"}},
            {std::move(kind)});
    }
    static Element trigger(const char* name, Element condition) {
        return element(name, {}, {element("ConditionGroup", {}, {std::move(condition)})});
    }
    static Element after_time(double time_s) {
        return condition("time",
                         element("ByValueCondition", {},
                                 {element("SimulationTimeCondition",
                                          {{"rule", "greaterOrEqual"}, {"value", text(time_s)}})}));
    }
    // The time that the ego's front needs to the conflict point. The standard's closing speed is
    // that along the straight line: where the way bends, the time to a point before the bend stands
    // for it, and the ego's speed for the rest.
    Element ego_time(double time_s, double delay_s) {
        const SitePath& way = site_.paths.at("ego");
        const double speed_mps = std::max(number_of("ego_v"), 0.1);
        const double from_m = -speed_mps * time_s - front_m();
        const PathPoint here = way.at(from_m);
        const auto angle_to = [&](double s_m) {
            const Vec3 d = way.at(s_m).p - here.p;
            return std::abs(wrap_angle(std::atan2(d.y, d.x) - here.heading_rad));
        };
        constexpr double kStraight_rad = 0.15, kStep_m = 0.5, kAhead_m = 1;
        double point_m = 0;
        while (point_m > from_m + front_m() + kAhead_m && angle_to(point_m) > kStraight_rad) {
            point_m -= kStep_m;
        }
        const double measured_s =
            (time_s + point_m / speed_mps) / std::cos(std::min(angle_to(point_m), 1.0));
        return condition("ego_time",
                         element("ByEntityCondition", {},
                                 {element("TriggeringEntities", {{"triggeringEntitiesRule", "any"}},
                                          {element("EntityRef", {{"entityRef", kEgo}})}),
                                  element("EntityCondition", {},
                                          {element("TimeToCollisionCondition",
                                                   {{"freespace", "true"},
                                                    {"rule", "lessOrEqual"},
                                                    {"value", text(measured_s)},
                                                    {"relativeDistanceType", "longitudinal"},
                                                    {"coordinateSystem", "road"}},
                                                   {element("TimeToCollisionConditionTarget", {},
                                                            {ego_position(point_m)})})})}),
                         delay_s);
    }
    std::optional<Element> start_of(const Event& event) {
        const double delay_s = number(event.delay_s);
        if (event.trigger) return evaluated(*event.trigger);
        if (event.ego_time_s) {
            return trigger("StartTrigger", ego_time(number(*event.ego_time_s), delay_s));
        }
        if (!event.after.empty()) {
            return trigger("StartTrigger",
                           condition("after",
                                     element("ByValueCondition", {},
                                             {element("StoryboardElementStateCondition",
                                                      {{"storyboardElementType", "event"},
                                                       {"storyboardElementRef", event.after},
                                                       {"state", "completeState"}})}),
                                     delay_s));
        }
        return trigger("StartTrigger", after_time(delay_s));
    }
    Element act(const std::string& name, const Actor* actor, const std::vector<Event>& events) {
        Element maneuver = element("Maneuver", {{"name", name + "_maneuver"}});
        for (const Event& event : events) {
            Element result = element(
                "Event",
                {{"name", event.name}, {"priority", "parallel"}, {"maximumExecutionCount", "1"}});
            for (std::size_t i = 0; i < event.actions.size(); ++i) {
                result.children.push_back(
                    element("Action", {{"name", fmt::format("{}_{}", event.name, i + 1)}},
                            {action(event.actions[i], actor)}));
            }
            if (auto start = start_of(event)) result.children.push_back(std::move(*start));
            maneuver.children.push_back(std::move(result));
        }
        Element actors = element("Actors", {{"selectTriggeringEntities", "false"}});
        if (actor != nullptr) {
            actors.children.push_back(element("EntityRef", {{"entityRef", actor->name}}));
        }
        return element(
            "Act", {{"name", name + "_act"}},
            {element("ManeuverGroup", {{"name", name + "_group"}, {"maximumExecutionCount", "1"}},
                     {std::move(actors), std::move(maneuver)}),
             trigger("StartTrigger", after_time(0))});
    }

    Element header(const Values& values) const {
        Element properties = element("Properties");
        const auto property = [&](const std::string& name, const std::string& value) {
            properties.children.push_back(element("Property", {{"name", name}, {"value", value}}));
        };
        property("huntsman.situation", situation_.name);
        property("huntsman.site", site_.description);
        for (const auto& [name, value] : values) property("huntsman.value." + name, text(value));
        return element("FileHeader",
                       {{"author", "Huntsman"},
                        {"date", "2026-01-01T00:00:00"},
                        {"description", situation_.summary},
                        {"revMajor", "1"},
                        {"revMinor", "3"}},
                       {std::move(properties)});
    }

    const Situation& situation_;
    const PlaceFinder& finder_;
    const Site& site_;
    const ActorKind& ego_kind_;
    std::map<std::string, std::string> names_;
    Status status_;
};

}  // namespace

Result<Placed> place(const Situation& situation, const PlaceFinder& finder, const Site& site,
                     const Values& values, const std::filesystem::path& map_file) {
    if (!situation.kinds.contains(kEgoKind)) {
        return Error{fmt::format("the library of kinds lacks \"{}\", which the ego is", kEgoKind)};
    }
    HM_TAKE(const Values all, with_values(situation, values));
    Placed placed;
    HM_TRY(Placing(situation, finder, site, all).run(all, map_file, placed));
    placed.document.files = {situation.file};
    placed.values = all;
    placed.ego_lanes = site.paths.at("ego").lanes();
    placed.conflict_W = site.conflict_W;
    placed.site = site.description;
    return placed;
}

namespace {

// On the first of some sites where the values can be placed; the error is that of the first.
Result<Placed> place_on_first(const Situation& situation, const PlaceFinder& finder,
                              const std::vector<Site>& sites, const Values& values,
                              const std::filesystem::path& map_file) {
    std::optional<Error> first;
    for (const Site& site : sites) {
        auto placed = place(situation, finder, site, values, map_file);
        if (placed) return placed;
        if (!first) first = placed.error();
    }
    return *first;
}

}  // namespace

Result<Placed> place_anywhere(const Situation& situation, const PlaceFinder& finder,
                              std::uint64_t seed, const Values& values,
                              const std::filesystem::path& map_file) {
    constexpr std::size_t kTries = 20;
    // Situations of one seed stand at different places.
    const std::uint64_t own = engine::core::Key(seed).with(situation.name).bits();
    HM_TAKE(const std::vector<Site> sites, finder.find(situation.needs, own, kTries));
    return place_on_first(situation, finder, sites, values, map_file);
}

Result<Placed> place_nearest(const Situation& situation, const PlaceFinder& finder,
                             const engine::math::Vec2& near_W, const Values& values,
                             const std::filesystem::path& map_file) {
    // Values that one site cannot take fit its neighbours seldom better; somewhere else they may.
    constexpr std::size_t kTries = 200;
    HM_TAKE(const std::vector<Site> sites, finder.find_near(situation.needs, near_W, kTries));
    return place_on_first(situation, finder, sites, values, map_file);
}

}  // namespace huntsman::scenarios::situations
