#include "scenarios/edit/canonical.h"

#include "scenarios/openscenario/openscenario.h"
#include "scenarios/openscenario/standard.h"
#include "scenarios/openscenario/xml.h"
#include "scenarios/story/expression.h"

namespace huntsman::scenarios::edit {

using engine::core::Error;
using engine::core::Status;
using nlohmann::ordered_json;
using story::Element;

bool is_utf8(const std::string& text) {
    try {
        static_cast<void>(nlohmann::json(text).dump());
    } catch (const nlohmann::json::exception&) {
        return false;
    }
    return true;
}

ordered_json scenario_json(const Draft& draft) {
    model::Scenario scenario = draft.scenario;
    if (draft.story) {
        scenario.story.file = kOwnStory;
        scenario.story.situation.clear();
    }
    return ordered_json::parse(model::to_json(scenario));
}

Status set_scenario_json(const ordered_json& json, Draft& draft) {
    auto scenario = model::parse(json.dump(), "");
    // Of one line nobody wants the number.
    if (!scenario) return Error{.message = scenario.error().message};
    if (draft.story) scenario->story.file.clear();
    draft.scenario = std::move(*scenario);
    return {};
}

void for_each_path(Element& element, const std::function<void(std::string&)>& visit) {
    const bool by_filepath = element.name == "LogicFile" || element.name == "SceneGraphFile" ||
                             element.name == "ScenarioFile";
    const char* key = by_filepath ? "filepath" : element.name == "Directory" ? "path" : nullptr;
    for (story::Attribute& attribute : element.attributes) {
        // Of a parameter nobody knows where it leads.
        if (key == nullptr || attribute.name != key || attribute.value.empty()) continue;
        if (!story::is_expression(attribute.value)) visit(attribute.value);
    }
    for (Element& child : element.children) for_each_path(child, visit);
}

std::string relative_to(const std::filesystem::path& path, const std::filesystem::path& folder) {
    if (path.is_relative()) return path.generic_string();
    auto a = path.begin(), b = folder.begin();
    std::size_t common = 0;
    for (; a != path.end() && b != folder.end() && *a == *b; ++a, ++b) ++common;
    // "/" alone is in common to all.
    if (common < 2 && folder != folder.root_path()) return path.generic_string();
    return path.lexically_relative(folder).generic_string();
}

namespace {

void plain_zeros(Element& element) {
    for (story::Attribute& attribute : element.attributes) {
        if (attribute.value == "-0") attribute.value = "0";
    }
    for (Element& child : element.children) plain_zeros(child);
}

// Criteria of the story's header become the scenario's; those that cannot be read stay.
void take_criteria(Element& root, model::Scenario& scenario) {
    std::vector<story::Criterion> criteria;
    for (const Element* property : story::criterion_properties(root)) {
        const std::string* value = property->attribute("value");
        auto criterion = story::parse_criterion(value != nullptr ? *value : "");
        if (!criterion) return;
        criteria.push_back(std::move(*criterion));
    }
    if (scenario.criteria.empty()) scenario.criteria = std::move(criteria);
    story::remove_criteria(root);
}

void settle_story(story::Document& document) {
    std::error_code ignored;
    const auto file = document.files.empty() ? std::filesystem::path() : document.files.front();
    const auto folder = std::filesystem::absolute(file.parent_path(), ignored);
    for_each_path(document.root, [&](std::string& path) {
        path = (folder / path).lexically_normal().generic_string();
    });
    plain_zeros(document.root);
    openscenario::canonicalise(document.root, openscenario::Standard::kRootType);
    document.files = {folder / (file.empty() ? "draft.json" : file.filename())};
}

// Angles are given in degrees: the draft has what a file gives back.
Status settle_numbers(Draft& draft) {
    ordered_json json = scenario_json(draft);
    constexpr int kRounds = 4;
    for (int i = 0; i < kRounds; ++i) {
        HM_TRY(set_scenario_json(json, draft));
        ordered_json again = scenario_json(draft);
        if (again == json) break;
        json = std::move(again);
    }
    return {};
}

}  // namespace

Status settle(Draft& draft) {
    if (draft.story) {
        draft.scenario.story.file.clear();
        draft.scenario.story.situation.clear();
        auto document = std::make_shared<story::Document>(*draft.story);
        take_criteria(document->root, draft.scenario);
        settle_story(*document);
        draft.story = std::move(document);
        // Nobody walks beside a story unless the file says so.
        if (!draft.scenario.town.pedestrians) draft.scenario.town.pedestrians = 0;
        if (draft.scenario.map.empty()) {
            const Element* roads = draft.story->root.child("RoadNetwork");
            const Element* file = roads != nullptr ? roads->child("LogicFile") : nullptr;
            const std::string* path = file != nullptr ? file->attribute("filepath") : nullptr;
            if (path != nullptr && !path->empty()) {
                draft.scenario.map =
                    story::is_expression(*path) ? compile(draft).story.map.generic_string() : *path;
            }
        }
    }
    return settle_numbers(draft);
}

}  // namespace huntsman::scenarios::edit
