// Commands on who takes part and where they start.

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "engine/math/geometry.h"
#include "engine/road/road_map.h"
#include "scenarios/edit/kinds.h"
#include "scenarios/edit/references.h"
#include "scenarios/edit/request.h"
#include "scenarios/edit/start.h"
#include "scenarios/story/expression.h"

namespace huntsman::scenarios::edit {

using engine::core::kRadiansInDegree;
using situations::element;
using situations::text;
using story::Element;

namespace {

ParameterInfo actors() {
    return {"actors", ParameterType::kTexts, "names of entities", false, 1, 1e4};
}
ParameterInfo speed(const char* name) { return number(name, "m/s", -100, 100); }

// Vehicles face along the lane they are set on.
double usual_heading(const Request& request, const Vec2& p_W, bool vehicle) {
    if (!vehicle || !request.context.place) return 0;
    const auto& world = request.context.place->world;
    const engine::road::RoadMap map(world.roads);
    constexpr double kReach_m = 8;
    std::optional<engine::road::LanePlace> best;
    // Whatever its direction, the nearest lane counts.
    for (const double heading : {0.0, 1.57, 3.14, -1.57}) {
        const auto lane = map.nearest_lane(Vec3(p_W, 0), heading, kReach_m);
        if (lane && (!best || std::abs(lane->t_m) < std::abs(best->t_m))) best = lane;
    }
    return best ? map.at(best->lane, best->s_m).heading_rad : 0;
}

std::string name_for(const std::string& kind) {
    std::string name = kind;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const bool first = i == 0 || kind[i - 1] == '_';
        if (first) name[i] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[i])));
    }
    std::erase(name, '_');
    return name;
}

Status check_new_name(const Element& root, const std::string& name) {
    if (name.front() == '$') {
        return sentence(fmt::format("\"{}\" begins with $, which is for parameters", name));
    }
    if (object_of(root, name) == nullptr) return {};
    return sentence(fmt::format("there is an actor \"{}\" already, expected another name", name));
}

Result<Draft> add_actor(const Request& request) {
    const std::string wanted = request.text("kind");
    const situations::ActorKind* kind = kind_named(wanted);
    if (kind == nullptr) {
        std::string known;
        for (const auto& each : actor_kinds()) known += (known.empty() ? "" : ", ") + each.name;
        return sentence(fmt::format("there is no kind \"{}\", expected one of {}", wanted, known));
    }
    HM_TAKE(const Vec2 origin, story_origin(request));
    HM_TAKE(Draft next, with_own_story(request));
    Element& root = edit_story(next);
    const std::string name =
        request.has("name") ? request.text("name") : fresh_entity_name(root, name_for(wanted));
    HM_TRY(check_new_name(root, name));
    const Vec2 p_W(request.number("x"), request.number("y"));
    StoryPose pose{.p = p_W - origin};
    if (request.has("z")) pose.z_m = request.number("z");
    pose.heading_rad = request.has("heading_deg")
                           ? request.number("heading_deg") * kRadiansInDegree
                           : usual_heading(request, p_W, kind->type == "vehicle");
    child_of(root, "Entities")
        .children.push_back(
            element("ScenarioObject", {{"name", name}}, {situations::described(*kind)}));
    Element& begin = private_of(root, name);
    begin.children.push_back(teleport(pose));
    begin.children.push_back(speed_action(request.number_or("speed", 0), "step", "time", 0));
    return next;
}

// ---- Moving

void set_pose(Element& root, const std::string& name, const StoryPose& pose) {
    Element& begin = private_of(root, name);
    if (Element* action = action_in(begin, "TeleportAction")) {
        child_of(*action, "Position") = position(pose);
    } else {
        begin.children.insert(begin.children.begin(), teleport(pose));
    }
}

// Shifts the places of all trajectories that the entity follows on its own.
void shift_paths(Element& root, const std::string& name, const Vec2& by) {
    for (Element* part : parts_of(root, name)) {
        for_each_element(*part, [&](Element& each) {
            if (each.name != "Trajectory") return;
            shift_positions(each, by);
        });
    }
}

Result<Draft> move_to(const Request& request) {
    const std::string name = request.text("actor");
    HM_TRY(entity_object(request.draft, name));
    HM_TAKE(const Vec2 origin, story_origin(request));
    const bool path = request.flag("with_path");
    const bool keeps_heading = !request.has("heading_deg");
    std::optional<WorldPose> before;
    if (path || keeps_heading) {
        before =
            pose_of(request.draft, start_of(request.draft, request.context).get(), origin, name);
    }
    Draft next = request.draft;
    Element& root = edit_story(next);
    const Vec2 p_W(request.number("x"), request.number("y"));
    StoryPose pose{.p = p_W - origin};
    if (request.has("z")) pose.z_m = request.number("z");
    if (!keeps_heading) {
        pose.heading_rad = request.number("heading_deg") * kRadiansInDegree;
    } else if (before) {
        pose.heading_rad = before->heading_rad;
    }
    if (path && before) shift_paths(root, name, p_W - engine::math::xy(before->p_W));
    set_pose(root, name, pose);
    return next;
}

Status shift_actors(const Request& request, const std::vector<std::string>& names, const Vec2& by,
                    bool path, Draft& next) {
    HM_TAKE(const Vec2 origin, story_origin(request));
    std::unique_ptr<Start> start;
    const Draft before = next;
    Element& root = edit_story(next);
    for (const std::string& name : names) {
        HM_TRY(entity_object(next, name));
        const Element* begin = find_private(before.story->root, name);
        const Element* action = begin != nullptr ? action_in(*begin, "TeleportAction") : nullptr;
        const Element* where = action != nullptr ? action->child("Position") : nullptr;
        if (path) shift_paths(root, name, by);
        if (where == nullptr) continue;
        // Who stands relative to another one that is moved goes along.
        const std::string reference = reference_of(*where);
        if (std::ranges::find(names, reference) != names.end()) continue;
        if (auto written = written_pose(*where)) {
            written->p += by;
            set_pose(root, name, *written);
            continue;
        }
        if (!start) start = start_of(before, request.context);
        const auto pose = pose_of(before, start.get(), origin, name);
        if (!pose) {
            return sentence(
                fmt::format("where \"{}\" starts is not known yet, expected the place "
                            "to be built and the story to have no errors",
                            name));
        }
        set_pose(root, name,
                 {engine::math::xy(pose->p_W) - origin + by, std::nullopt, pose->heading_rad});
    }
    return {};
}

Result<Draft> move(const Request& request) {
    const bool one = request.has("actor");
    const auto wants = [&](const char* key) { return request.has(key); };
    if (one && wants("x") && wants("y") && !wants("dx") && !wants("dy")) return move_to(request);
    if (wants("x") || wants("y") || !wants("dx") || !wants("dy") || one == wants("actors")) {
        return sentence("move has other arguments, expected actor, x and y, or actors, dx and dy");
    }
    const std::vector<std::string> names =
        one ? std::vector{request.text("actor")} : request.texts("actors");
    for (const std::string& name : names) HM_TRY(entity_object(request.draft, name));
    Draft next = request.draft;
    HM_TRY(shift_actors(request, names, {request.number("dx"), request.number("dy")},
                        request.flag("with_path"), next));
    return next;
}

Result<Draft> set_speed(const Request& request) {
    const std::string name = request.text("actor");
    HM_TRY(entity_object(request.draft, name));
    Draft next = request.draft;
    Element& begin = private_of(edit_story(next), name);
    Element action = speed_action(request.number("mps"), "step", "time", 0);
    if (Element* found = action_in(begin, "SpeedAction")) {
        *found = *action_in(action.children.front(), "SpeedAction");
    } else {
        begin.children.push_back(std::move(action));
    }
    return next;
}

// ---- Names

Result<Draft> rename(const Request& request) {
    const std::string name = request.text("actor"), wanted = request.text("name");
    HM_TRY(entity_object(request.draft, name));
    if (name == wanted) return request.draft;
    HM_TRY(check_new_name(request.draft.story->root, wanted));
    Draft next = request.draft;
    const std::string ego = ego_of(next);
    Element& root = edit_story(next);
    object_of(root, name)->set("name", wanted);
    rename_references(root, name, wanted);
    auto& story = next.scenario.story;
    std::ranges::replace(story.without, name, wanted);
    if (ego == name) story.ego = wanted == "Ego" ? "" : wanted;
    // Another "Ego" would become the ego.
    if (story.ego.empty() && ego != name && wanted == "Ego") story.ego = ego;
    rename_in_criteria(next.scenario.criteria, name, wanted);
    return next;
}

Result<Draft> remove(const Request& request) {
    Draft next = request.draft;
    const auto names = request.texts("actors");
    for (const std::string& name : names) HM_TRY(entity_object(next, name));
    const std::string ego = ego_of(next);
    Element& root = edit_story(next);
    for (const std::string& name : names) {
        if (name == ego) {
            return sentence(fmt::format("\"{}\" is the ego, expected another actor", name));
        }
        // One may be named twice.
        if (object_of(root, name) == nullptr) continue;
        HM_TRY(remove_entity(root, name));
        std::erase(next.scenario.story.without, name);
        std::erase_if(next.scenario.criteria, [&](const story::Criterion& criterion) {
            return story::entity_of(criterion.rule) == name;
        });
    }
    return next;
}

Result<Draft> remove_generated(const Request& request) {
    const auto id = request.command.at("id").get<engine::world::ActorId>();
    HM_TRY(generated_actor(request, id));
    Draft next = request.draft;
    next.scenario.removed.push_back(id);
    return next;
}

// ---- Copies

Result<Draft> duplicate(const Request& request) {
    const auto names = request.texts("actors");
    HM_TAKE(const std::string copied, copy_text(request.draft, names));
    Draft next = request.draft;
    HM_TAKE(const auto added, paste_text(copied, next));
    HM_TRY(shift_actors(request, added, {request.number("dx"), request.number("dy")}, true, next));
    return next;
}

Result<Draft> paste(const Request& request) {
    HM_TAKE(Draft next, with_own_story(request));
    HM_TAKE(const auto added, paste_text(request.text("text"), next));
    if (request.has("x") != request.has("y")) {
        return sentence("paste has only one of x and y, expected both or none");
    }
    if (!request.has("x") || added.empty()) return next;
    HM_TAKE(const Vec2 origin, story_origin(request));
    const auto pose = pose_of(next, start_of(next, request.context).get(), origin, added.front());
    if (!pose) return next;
    const Vec2 by = Vec2(request.number("x"), request.number("y")) - engine::math::xy(pose->p_W);
    HM_TRY(shift_actors(request, added, by, true, next));
    return next;
}

}  // namespace

std::vector<Command> actor_commands() {
    constexpr const char* kGroup = "actors";
    const ParameterInfo actor = text_of("actor", "name of an entity");
    const auto shift = [](const char* name) { return number(name, "m", -1e6, 1e6); };
    const ParameterInfo z =
        optional(number("z", "height, m; without it that of the road", -1e4, 1e4));
    const ParameterInfo path{"with_path", ParameterType::kFlag, "moves its trajectories as well",
                             true};
    return {
        {{"add_actor",
          kGroup,
          "Add",
          "adds an actor to the story, which is begun if there is none",
          {text_of("kind", "as in the palette: car, child, ..."), coordinate("x"), coordinate("y"),
           z, heading(), optional(speed("speed")), optional(text_of("name", "of the entity"))}},
         add_actor},
        {{"move",
          kGroup,
          "Move",
          "places one actor, or shifts several",
          {optional(actor), optional(actors()), optional(coordinate("x")),
           optional(coordinate("y")), z, heading(), optional(shift("dx")), optional(shift("dy")),
           path}},
         move},
        {{"set_speed", kGroup, "Speed of", "the speed at the start", {actor, speed("mps")}},
         set_speed},
        {{"rename",
          kGroup,
          "Rename",
          "gives an actor another name, wherever it is named",
          {actor, text_of("name", "the new one")}},
         rename},
        {{"remove",
          kGroup,
          "Remove",
          "removes actors with their events, triggers and criteria",
          {actors()}},
         remove},
        {{"remove_generated",
          kGroup,
          "Remove",
          "leaves a generated actor out",
          {{"id", ParameterType::kWhole, "of the world", false, 1, 4294967295.0}}},
         remove_generated},
        {{"duplicate",
          kGroup,
          "Duplicate",
          "copies actors with their events, and shifts the copies",
          {actors(), shift("dx"), shift("dy")}},
         duplicate},
        {{"paste",
          kGroup,
          "Paste",
          "adds what was copied, the first actor at a place",
          {text_of("text", "what was copied"), optional(coordinate("x")),
           optional(coordinate("y"))}},
         paste},
    };
}

}  // namespace huntsman::scenarios::edit
