// Commands on what makes a run pass.

#include <fmt/format.h>

#include "scenarios/edit/request.h"
#include "scenarios/situations/situation.h"

namespace huntsman::scenarios::edit {

using nlohmann::json;

namespace {

Result<story::Criterion> read(const Request& request) {
    auto criterion = story::parse_criterion(request.command.at("criterion").dump());
    if (!criterion) return sentence(criterion.error().message);
    HM_TRY(story::check(*criterion));
    const std::string entity(story::entity_of(criterion->rule));
    if (!entity.empty() && request.draft.story) HM_TRY(entity_object(request.draft, entity));
    return criterion;
}

Result<std::size_t> index(const Request& request) {
    const std::size_t count = request.draft.scenario.criteria.size();
    const auto wanted = request.command.at("criterion_index").get<std::size_t>();
    if (wanted < count) return wanted;
    return sentence(fmt::format("there is no criterion {}, the scenario has {}", wanted, count));
}

Result<Draft> add(const Request& request) {
    HM_TAKE(story::Criterion criterion, read(request));
    Draft next = request.draft;
    auto& criteria = next.scenario.criteria;
    // The first one takes the place of what holds without any.
    if (criteria.empty()) {
        criteria = story::default_criteria();
        if (!next.scenario.story.situation.empty()) {
            HM_TAKE(const auto situation, situations::load(next.scenario.story.situation));
            if (!situation.criteria.empty()) criteria = situation.criteria;
        }
        std::erase_if(criteria, [&](const story::Criterion& each) {
            return each.rule.index() == criterion.rule.index();
        });
    }
    criteria.push_back(std::move(criterion));
    return next;
}

Result<Draft> set(const Request& request) {
    HM_TAKE(const std::size_t at, index(request));
    HM_TAKE(story::Criterion criterion, read(request));
    Draft next = request.draft;
    next.scenario.criteria[at] = std::move(criterion);
    return next;
}

Result<Draft> remove(const Request& request) {
    HM_TAKE(const std::size_t at, index(request));
    Draft next = request.draft;
    next.scenario.criteria.erase(next.scenario.criteria.begin() + static_cast<std::ptrdiff_t>(at));
    return next;
}

}  // namespace

std::vector<Command> criterion_commands() {
    constexpr const char* kGroup = "criteria";
    const ParameterInfo criterion{"criterion", ParameterType::kObject,
                                  "as in scenario files: {\"kind\": \"no_collision\"}"};
    const ParameterInfo at{"criterion_index", ParameterType::kWhole, "from 0", false, 0, 1e6};
    return {
        {{"add_criterion",
          kGroup,
          "Criterion",
          "adds a criterion; the first one beside those that hold without any",
          {criterion}},
         add},
        {{"set_criterion", kGroup, "Change criterion", "changes a criterion", {at, criterion}},
         set},
        {{"remove_criterion", kGroup, "Remove criterion", "removes a criterion", {at}}, remove},
    };
}

}  // namespace huntsman::scenarios::edit
