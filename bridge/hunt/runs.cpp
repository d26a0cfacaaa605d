#include "bridge/hunt/runs.h"

namespace huntsman::bridge::hunt {

using engine::core::Result;

Result<std::vector<Made>> Runs::make(const std::vector<loop::RunOptions>& options,
                                     const std::vector<std::string>& names) {
    HM_CHECK(options.size() == names.size(), "{} runs and {} names", options.size(), names.size());
    std::vector<suite::Cell> cells(options.size());
    std::vector<suite::Item> items(options.size());
    std::vector<const suite::Item*> asked;
    for (std::size_t i = 0; i < options.size(); ++i) {
        if (options[i].images && device_.empty()) {
            HM_TAKE(device_, suite::rendering_device());
        }
        const auto& scenario = options[i].scenario;
        cells[i].name = names[i];
        cells[i].situation = scenario.name;
        cells[i].place = fmt::format("town_{}", scenario.town.seed);
        cells[i].condition = "as_is";
        items[i] = {
            .cell = &cells[i], .suite = suite_, .driver = options[i].driver, .options = options[i]};
        items[i].provenance = suite::provenance_of(options[i], device_);
        items[i].key = suite::run_key(options[i], items[i].provenance);
        asked.push_back(&items[i]);
    }
    HM_TAKE(const int there, suite::run_items(asked, store_, settings_, false, callbacks_));
    kept_ += there;
    HM_TRY(store_.enter_all(asked));
    std::vector<Made> made;
    for (const suite::Item& item : items) {
        HM_TAKE(const std::string run, store_.run_json(item.key));
        Facts facts = facts_of(run);
        if (!facts.evaluation.valid) {
            HM_TAKE(facts.reason, store_.reason(item.key));
        }
        made.push_back({item.key, std::move(facts)});
    }
    return made;
}

}  // namespace huntsman::bridge::hunt
