// Commands on situations of the library.

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/edit/references.h"
#include "scenarios/edit/request.h"
#include "scenarios/model/story_world.h"
#include "scenarios/situations/situation.h"
#include "scenarios/story/expression.h"

namespace huntsman::scenarios::edit {

using nlohmann::json;
using story::Element;

namespace {

Result<Draft> place_situation(const Request& request) {
    const std::string name = request.text("name");
    const auto situation = situations::load(name);
    if (!situation) return sentence(situation.error().text());
    if (request.has("x") != request.has("y")) {
        return sentence("place_situation has only one of x and y, expected both or none");
    }
    situations::Values values;
    if (request.has("parameters")) {
        for (const auto& [key, value] : request.command.at("parameters").items()) {
            if (!value.is_number()) {
                return sentence(
                    fmt::format("parameter {} is {}, expected a number", key, value.dump()));
            }
            values[key] = value.get<double>();
        }
    }
    const auto checked = situations::with_values(*situation, values);
    if (!checked) return sentence(checked.error().message);
    Draft next = request.draft;
    HM_TRY(fix_people(request, next));
    next.story.reset();
    next.scenario.story = {.situation = name, .physical = next.scenario.story.physical};
    for (const auto& [key, value] : values) {
        next.scenario.story.parameters[key] = situations::text(value);
    }
    // Those of the situation hold.
    next.scenario.criteria.clear();
    if (request.has("x")) {
        HM_TAKE(const Vec2 origin, story_origin(request));
        next.scenario.story.at =
            fmt::format("{},{}", situations::text(request.number("x") - origin.x),
                        situations::text(request.number("y") - origin.y));
    }
    return next;
}

Result<Draft> expand_situation(const Request& request) {
    if (request.draft.scenario.story.situation.empty()) {
        return sentence("there is no placed situation to be turned into a story");
    }
    return expanded(request);
}

}  // namespace

Result<Draft> expanded(const Request& request) {
    if (!request.context.place) {
        return sentence("the place is still being built, expected it to be there for a situation");
    }
    const model::Place& place = *request.context.place;
    // Nothing else of a world is looked at.
    engine::world::World world;
    world.story_origin_W = place.world.story_origin_W;
    HM_TAKE(auto reading, model::place_situation(request.draft.scenario, *place.sites, world));
    Draft next = request.draft;
    HM_TRY(fix_people(request, next));
    auto document = std::make_shared<story::Document>(std::move(reading.document));
    // Situations are placed in the world's coordinates, stories are read in the map's.
    shift_positions(document->root, -place.world.story_origin_W);
    Element& roads = child_of(document->root, "RoadNetwork");
    std::erase_if(roads.children, [](const Element& each) { return each.name == "LogicFile"; });
    if (!next.scenario.map.empty()) child_of(roads, "LogicFile").set("filepath", next.scenario.map);
    document->files.clear();
    auto& source = next.scenario.story;
    source = {.ego = source.ego, .physical = source.physical};
    next.story = std::move(document);
    return next;
}

std::vector<Command> situation_commands() {
    constexpr const char* kGroup = "situations";
    return {
        {{"place_situation",
          kGroup,
          "Place",
          "a situation of the library takes the place of the story",
          {text_of("name", "of a shipped one, or a file"),
           optional(coordinate("x")),
           optional(coordinate("y")),
           {"parameters", ParameterType::kObject, "{name: number}", true}}},
         place_situation},
        {{"expand_situation",
          kGroup,
          "Turn situation into a story",
          "so that its actors can be edited one by one",
          {}},
         expand_situation},
    };
}

}  // namespace huntsman::scenarios::edit
