#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/core/files.h"
#include "scenarios/edit/canonical.h"
#include "scenarios/edit/draft.h"
#include "scenarios/edit/environment_action.h"
#include "scenarios/opendrive/opendrive.h"
#include "scenarios/openscenario/json_form.h"
#include "scenarios/openscenario/standard.h"
#include "scenarios/openscenario/variants.h"
#include "scenarios/openscenario/xml.h"
#include "scenarios/story/criteria.h"

namespace huntsman::scenarios::edit {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using nlohmann::ordered_json;
using story::Element;

namespace {

std::filesystem::path folder_of(const std::filesystem::path& file) {
    return std::filesystem::absolute(file).lexically_normal().parent_path();
}

// Of texts that no file can hold.
Error unwritable(const std::filesystem::path& path) {
    return {.message = "would hold a text that is not UTF-8, expected one that is",
            .file = path.string()};
}

Status check_criteria(const Draft& draft) {
    for (const story::Criterion& criterion : draft.scenario.criteria) {
        HM_TRY(story::check(criterion));
    }
    return {};
}

}  // namespace

Result<std::string> to_text(const Draft& draft, const std::filesystem::path& path) {
    const auto folder = folder_of(path);
    HM_TRY(check_criteria(draft));
    Draft moved = draft;
    for (std::string* file : {&moved.scenario.map, &moved.scenario.minds,
                              &moved.scenario.story.file, &moved.scenario.story.situation}) {
        if (std::filesystem::path(*file).is_absolute()) *file = relative_to(*file, folder);
    }
    try {
        ordered_json json = scenario_json(moved);
        if (draft.story) {
            Element root = draft.story->root;
            for_each_path(root, [&](std::string& each) { each = relative_to(each, folder); });
            openscenario::canonicalise(root, openscenario::Standard::kRootType);
            json["story"] = openscenario::to_json(root, openscenario::Standard::kRootType);
        }
        return json.dump(1) + "\n";
    } catch (const nlohmann::json::exception&) {
        return unwritable(path);
    }
}

// ---- OpenSCENARIO

std::vector<std::string> lost_in_xosc(const Draft& draft) {
    std::vector<std::string> notes;
    const model::Scenario& scenario = draft.scenario;
    const town::TownParameters& town = scenario.town;
    if (town.vehicles > 0 || town.pedestrians.value_or(1) > 0 || town.parked_share > 0) {
        notes.push_back("Generated vehicles, pedestrians and parked vehicles are not in the file.");
    }
    if (scenario.map.empty()) {
        notes.push_back(
            "The town's roads are written as OpenDRIVE; its houses are made anew from them.");
    }
    if (!scenario.minds.empty()) {
        notes.push_back(fmt::format("The mix of minds \"{}\" is not in the file.", scenario.minds));
    }
    if (scenario.town.way.given()) {
        notes.push_back("The ego's way by \"ego\" is not in the file; its route in the story is.");
    }
    if (!scenario.weather.constant()) {
        notes.push_back("The weather programme is not in the file, only what holds at the start.");
    }
    for (const std::string& field : lost_of_environment(scenario.environment)) {
        notes.push_back(fmt::format("The environment's {} is not in the file.", field));
    }
    if (scenario.story.physical) {
        notes.push_back("\"physical\" is not in the file; use --physical when it is run.");
    }
    if (scenario.bright_clothes) notes.push_back("\"bright_clothes\" is not in the file.");
    if (!scenario.story.ego.empty() && scenario.story.ego != "Ego") {
        notes.push_back(
            fmt::format("That \"{}\" is the ego is not in the file; use --ego when it "
                        "is run.",
                        scenario.story.ego));
    }
    notes.push_back(
        fmt::format("The duration of {} s is not in the file; use --seconds when it is "
                    "run.",
                    scenario.duration_s));
    return notes;
}

namespace {

// The town's roads beside the file.
Result<std::string> write_roads(const Draft& draft, const std::filesystem::path& path) {
    std::filesystem::path map = path;
    map.replace_extension(".xodr");
    HM_TAKE(const auto roads, town::generate_roads(draft.scenario.town));
    HM_TRY(engine::core::write_file(map, opendrive::write(roads)));
    return map.filename().generic_string();
}

void set_logic_file(Element& root, const std::string& map) {
    Element* roads = root.child("RoadNetwork");
    if (roads == nullptr) {
        roads = &root.children.emplace_back();
        roads->name = "RoadNetwork";
    }
    Element* file = roads->child("LogicFile");
    if (file == nullptr) {
        file = &roads->children.emplace_back();
        file->name = "LogicFile";
    }
    file->set("filepath", map);
}

Status save_xosc(const Draft& draft, const std::filesystem::path& path) {
    if (!draft.story) {
        return Error{.message = draft.scenario.story.situation.empty()
                                    ? "has no story that OpenSCENARIO could hold, expected one: "
                                      "add an actor first"
                                    : "holds a placed situation, expected a story: turn the "
                                      "situation into one first",
                     .file = path.string()};
    }
    HM_TRY(check_criteria(draft));
    const auto folder = folder_of(path);
    story::Document document = *draft.story;
    for_each_path(document.root, [&](std::string& each) { each = relative_to(each, folder); });
    HM_TRY(openscenario::set_parameters(document, draft.scenario.story.parameters));
    HM_TRY(openscenario::take_out(document, draft.scenario.story.without));
    std::string map = relative_to(draft.scenario.map, folder);
    if (draft.scenario.map.empty()) {
        HM_TAKE(map, write_roads(draft, path));
    }
    set_logic_file(document.root, map);
    add_environment_action(draft.scenario.environment, document.root);
    for (const story::Criterion& criterion : draft.scenario.criteria) {
        story::add_criterion(document.root, criterion);
    }
    return openscenario::write_document(document, path);
}

}  // namespace

Status save(const Draft& draft, const std::filesystem::path& path,
            std::vector<std::string>* notes) {
    if (path.extension() == ".xosc") {
        HM_TRY(save_xosc(draft, path));
        if (notes != nullptr) *notes = lost_in_xosc(draft);
        return {};
    }
    if (path.extension() != ".json") {
        return Error{.message = "has an unknown ending, expected .json or .xosc",
                     .file = path.string()};
    }
    HM_TAKE(const std::string text, to_text(draft, path));
    return engine::core::write_file(path, text);
}

}  // namespace huntsman::scenarios::edit
