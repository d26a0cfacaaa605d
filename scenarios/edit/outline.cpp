#include "scenarios/edit/outline.h"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/edit/elements.h"
#include "scenarios/edit/parameters.h"
#include "scenarios/edit/parts.h"
#include "scenarios/edit/start.h"
#include "scenarios/edit/words.h"
#include "scenarios/model/story_world.h"
#include "scenarios/situations/situation.h"
#include "scenarios/story/expression.h"

namespace huntsman::scenarios::edit {

using engine::core::Severity;
using story::Element;

namespace {

std::optional<double> number_of(const Element& element, const char* key) {
    const std::string* value = element.attribute(key);
    return value != nullptr ? story::to_number(*value) : std::nullopt;
}
std::string text_at(const Element& element, const char* key) {
    const std::string* value = element.attribute(key);
    return value != nullptr ? *value : "";
}

class Outlining {
  public:
    Outlining(const Draft& draft, const Context& context) : draft_(draft), context_(context) {}

    Outline run() {
        read();
        const auto& source = draft_.scenario;
        out_.source = source.map.empty() ? "town" : "map";
        out_.situation = source.story.situation;
        if (!out_.situation.empty()) {
            out_.source += ", situation " + out_.situation;
            situation_parameters();
        } else if (draft_.story) {
            out_.source += ", story";
            parameters();
        }
        if (!reading_) return std::move(out_);
        const Element& root = reading_->document.root;
        for (const std::string& name : entity_names(root)) actor(root, name);
        events(root);
        signals(root);
        return std::move(out_);
    }

  private:
    void read() {
        const auto whole = [](const openscenario::StoryFile& reading) {
            return std::ranges::none_of(
                reading.findings, [](const auto& f) { return f.severity == Severity::kError; });
        };
        if (draft_.story) {
            if (context_.place) origin_ = context_.place->world.story_origin_W;
            reading_ = compile(draft_);
            // As it is edited, without what the compiler adds.
            reading_->document = *draft_.story;
        } else if (!draft_.scenario.story.situation.empty() && context_.place) {
            engine::world::World world;
            world.story_origin_W = context_.place->world.story_origin_W;
            auto placed = model::place_situation(draft_.scenario, *context_.place->sites, world);
            if (placed) reading_ = std::move(*placed);
        }
        if (reading_ && context_.place && whole(*reading_)) {
            start_ = std::make_unique<Start>(*reading_, *context_.place, origin_);
        }
    }

    // ---- Actors

    void actor(const Element& root, const std::string& name) {
        OutlineActor actor{.name = name};
        const auto& without = draft_.scenario.story.without;
        actor.left_out = std::ranges::find(without, name) != without.end();
        const auto& story = reading_->story;
        const auto index = story.entity(name);
        if (index != story::kNoIndex) {
            const auto& entity = story.entities[index];
            constexpr const char* kKinds[] = {"vehicle", "pedestrian", "object", "external"};
            actor.kind = kKinds[static_cast<int>(entity.kind)];
            actor.category = entity.category;
            actor.model = entity.model;
            actor.length_m = entity.box.length_m;
            actor.width_m = entity.box.width_m;
            actor.height_m = entity.box.height_m;
            actor.centre_x_m = entity.box.x_m;
            actor.is_ego = index == story.ego;
        }
        actor.path = path_of(root, object_of(root, name));
        Draft shown{.scenario = draft_.scenario,
                    .story = std::shared_ptr<const story::Document>(std::shared_ptr<void>(),
                                                                    &reading_->document)};
        if (const auto pose = pose_of(shown, start_.get(), origin_, name)) {
            actor.p_W = pose->p_W;
            actor.heading_rad = pose->heading_rad;
        }
        if (start_ && index != story::kNoIndex) {
            actor.speed_mps = start_->state().entities[index].speed_mps;
        }
        if (const Element* begin = find_private(root, name)) initial(root, *begin, actor);
        trajectories(root, name, actor);
        out_.actors.push_back(std::move(actor));
    }

    std::optional<Vec3> shown_point(const Element& position) const {
        const auto written = written_pose(position);
        if (!written) return std::nullopt;
        return Vec3(written->p + origin_, written->z_m.value_or(0));
    }

    void initial(const Element& root, const Element& begin, OutlineActor& actor) {
        const Element* speed = action_in(begin, "SpeedAction");
        const Element* target = speed ? speed->child("SpeedActionTarget") : nullptr;
        const Element* value = target ? target->child("AbsoluteTargetSpeed") : nullptr;
        if (value != nullptr) {
            actor.speed_path = path_of(root, value);
            if (!actor.speed_mps) actor.speed_mps = number_of(*value, "value");
        }
        const Element* placed = action_in(begin, "TeleportAction");
        const Element* position = placed ? placed->child("Position") : nullptr;
        const Element* world = position ? position->child("WorldPosition") : nullptr;
        if (world != nullptr) actor.place_path = path_of(root, world);
        const Element* assign = action_in(begin, "AssignRouteAction");
        const Element* route = assign != nullptr ? assign->child("Route") : nullptr;
        if (route == nullptr) return;
        actor.route_path = path_of(root, route);
        for (const Element* waypoint : route->all("Waypoint")) {
            const Element* through = waypoint->child("Position");
            if (const auto point = through ? shown_point(*through) : std::nullopt) {
                actor.route_W.push_back(*point);
                actor.route_points.push_back(path_of(root, through));
            }
        }
        // Those by road and lane, as the roads have them.
        if (actor.route_W.empty() && start_) located_route(actor);
    }
    void located_route(OutlineActor& actor) {
        const auto index = start_->story().entity(actor.name);
        for (const auto& init : start_->story().init) {
            const auto* assign = std::get_if<story::AssignRouteAction>(&init.action);
            if (init.entity != index || assign == nullptr) continue;
            for (const auto& waypoint : assign->route.waypoints) {
                const auto at = start_->player().locate(start_->state(), waypoint.place);
                if (at) actor.route_W.push_back(at->p_W);
            }
        }
    }

    void trajectories(const Element& root, const std::string& name, OutlineActor& actor) {
        const auto collect = [&](const Element& part, const std::string& event) {
            for_each_element(part, [&](const Element& each) {
                if (each.name != "Trajectory") return;
                OutlineActor::Trajectory shown{.path = path_of(root, &each), .event = event};
                for_each_element(each, [&](const Element& vertex) {
                    const Element* position =
                        vertex.name == "Vertex" || vertex.name == "ControlPoint"
                            ? vertex.child("Position")
                            : nullptr;
                    const auto point = position ? shown_point(*position) : std::nullopt;
                    if (!point) return;
                    shown.points_W.push_back(*point);
                    shown.points.push_back(path_of(root, position));
                    shown.polyline = vertex.name == "Vertex";
                    shown.times_s.push_back(number_of(vertex, "time"));
                });
                actor.trajectories.push_back(std::move(shown));
            });
        };
        if (const Element* begin = find_private(root, name)) collect(*begin, "");
        for_each_element(root, [&](const Element& group) {
            const Element* actors = group.name == "ManeuverGroup" ? group.child("Actors") : nullptr;
            if (actors == nullptr) return;
            const bool takes_part = std::ranges::any_of(actors->children, [&](const Element& each) {
                return text_at(each, "entityRef") == name;
            });
            if (!takes_part) return;
            for_each_element(group, [&](const Element& each) {
                if (each.name == "Event") collect(each, text_at(each, "name"));
            });
        });
    }

    // ---- Events

    void events(const Element& root) {
        for_each_element(root, [&](const Element& act) {
            if (act.name != "Act") return;
            const auto begin = time_of(act.child("StartTrigger"));
            for (const Element* group : act.all("ManeuverGroup")) {
                std::vector<std::string> actors;
                if (const Element* list = group->child("Actors")) {
                    for (const Element& each : list->children) {
                        actors.push_back(text_at(each, "entityRef"));
                    }
                }
                for (const Element* maneuver : group->all("Maneuver")) {
                    for (const Element* each : maneuver->all("Event")) {
                        event(root, *each, actors, begin);
                    }
                }
            }
        });
    }

    // Of a trigger with one condition, by time; 0 for none at all.
    static std::optional<double> time_of(const Element* trigger) {
        if (trigger == nullptr || trigger->children.empty()) return 0;
        const Element& group = trigger->children.front();
        if (trigger->children.size() > 1 || group.children.size() != 1) return std::nullopt;
        const Element& condition = group.children.front();
        const Element* by_value = condition.child("ByValueCondition");
        const Element* time =
            by_value != nullptr ? by_value->child("SimulationTimeCondition") : nullptr;
        if (time == nullptr) return std::nullopt;
        const auto value = number_of(*time, "value");
        if (!value) return std::nullopt;
        return std::max(0.0, *value) + number_of(condition, "delay").value_or(0);
    }

    void event(const Element& root, const Element& element, const std::vector<std::string>& actors,
               const std::optional<double>& begin) {
        OutlineEvent event{
            .name = text_at(element, "name"), .path = path_of(root, &element), .actors = actors};
        for (const Element* action : element.all("Action")) {
            event.actions.push_back(action_words(*action));
        }
        const Element* start = element.child("StartTrigger");
        event.trigger = start != nullptr ? trigger_words(*start) : "at the start";
        const auto own = time_of(start);
        if (own && begin) event.start_s = std::max(*own, *begin);
        if (start != nullptr) {
            for_each_element(*start, [&](const Element& each) {
                const Element* position = each.child("Position");
                const auto point = position != nullptr ? shown_point(*position) : std::nullopt;
                if (!point || event.p_W) return;
                event.p_W = point;
                event.position_path = path_of(root, position);
                event.radius_attribute = each.name == "DistanceCondition" ? "value" : "tolerance";
                const auto radius = number_of(each, event.radius_attribute.c_str());
                event.radius_m = radius.value_or(0);
                if (radius) event.radius_path = path_of(root, &each);
            });
        }
        out_.events.push_back(std::move(event));
    }

    // ---- Parameters and signals

    void parameters() {
        const Element& root = draft_.story->root;
        const Element* list = root.child("ParameterDeclarations");
        if (list == nullptr) return;
        for (const Element& each : list->children) {
            OutlineParameter parameter{.name = text_at(each, "name"),
                                       .type = text_at(each, "parameterType"),
                                       .value = text_at(each, "value")};
            const ParameterRange range = range_of(each);
            parameter.low = range.low;
            parameter.high = range.high;
            parameter.distribution = distribution_of(root, parameter.name);
            const auto& given = draft_.scenario.story.parameters;
            if (const auto at = given.find(parameter.name); at != given.end()) {
                parameter.value = at->second;
                parameter.overridden = true;
            }
            for_each_element(root, [&](const Element& bound) {
                for (const story::Attribute& attribute : bound.attributes) {
                    if (!mentions(attribute.value, parameter.name)) continue;
                    parameter.bound_to.push_back(path_of(root, &bound) + "@" + attribute.name);
                }
            });
            out_.parameters.push_back(std::move(parameter));
        }
    }

    void situation_parameters() {
        const auto situation = situations::load(out_.situation);
        if (!situation) return;
        const auto& given = draft_.scenario.story.parameters;
        for (const situations::Parameter& each : situation->parameters) {
            constexpr const char* kWords[] = {"uniform", "normal", "choice"};
            const auto at = given.find(each.name);
            out_.parameters.push_back(
                {.name = each.name,
                 .type = "double",
                 .value = at != given.end() ? at->second : situations::text(each.nominal),
                 .low = each.low,
                 .high = each.high,
                 .distribution = kWords[static_cast<int>(each.distribution)],
                 .unit = each.unit,
                 .meaning = each.meaning,
                 .overridden = at != given.end()});
        }
    }

    void signals(const Element& root) {
        const Element* roads = root.child("RoadNetwork");
        const Element* list = roads != nullptr ? roads->child("TrafficSignals") : nullptr;
        if (list == nullptr) return;
        for (const Element& each : list->children) {
            OutlineSignal signal{.controller = text_at(each, "name"), .path = path_of(root, &each)};
            for (const Element* phase : each.all("Phase")) {
                auto& shown = signal.phases.emplace_back();
                shown.name = text_at(*phase, "name");
                shown.duration_s = number_of(*phase, "duration").value_or(0);
                for (const Element* state : phase->all("TrafficSignalState")) {
                    shown.states.emplace_back(text_at(*state, "trafficSignalId"),
                                              text_at(*state, "state"));
                }
            }
            out_.signals.push_back(std::move(signal));
        }
    }

    const Draft& draft_;
    const Context& context_;
    Vec2 origin_{0, 0};
    std::optional<openscenario::StoryFile> reading_;
    std::unique_ptr<Start> start_;
    Outline out_;
};

}  // namespace

Outline outline(const Draft& draft, const Context& context) {
    return Outlining(draft, context).run();
}

std::vector<std::string> added_actors(const Draft& before, const Draft& after) {
    if (!after.story) return {};
    std::vector<std::string> names = entity_names(after.story->root);
    if (!before.story) return names;
    const auto old = entity_names(before.story->root);
    std::erase_if(
        names, [&](const std::string& name) { return std::ranges::find(old, name) != old.end(); });
    return names;
}

}  // namespace huntsman::scenarios::edit
