#include "apps/editor/analyst.h"

#include <algorithm>
#include <exception>

#include "scenarios/edit/problems.h"
#include "scenarios/model/scenario.h"

namespace huntsman::apps::editor {

namespace edit = scenarios::edit;
namespace model = scenarios::model;

Analyst::Analyst() : thread_([this] { work(); }) {}

Analyst::~Analyst() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

void Analyst::look_at(edit::Draft draft, std::uint64_t number) {
    {
        const std::lock_guard lock(mutex_);
        next_.emplace(std::move(draft), number);
    }
    wake_.notify_all();
}

std::shared_ptr<const Analysis> Analyst::take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(result_, nullptr);
}

bool Analyst::building() const {
    const std::lock_guard lock(mutex_);
    return building_;
}

void Analyst::find_place(const model::Scenario& scenario, Analysis& analysis) {
    constexpr std::size_t kKept = 3;
    const std::string key = model::place_key(scenario);
    auto found = std::ranges::find(kept_, key, &Kept::key);
    // A map that could not be read may have come back.
    if (found != kept_.end() && !found->place) {
        kept_.erase(found);
        found = kept_.end();
    }
    if (found == kept_.end()) {
        {
            const std::lock_guard lock(mutex_);
            building_ = true;
        }
        Kept kept{.key = key, .place = nullptr, .snapping = nullptr, .error = {}};
        auto place = model::build_place(scenario);
        if (place.ok()) {
            kept.place = std::make_shared<const model::Place>(std::move(place.value()));
            kept.snapping = std::make_shared<const edit::Snapping>(kept.place);
        } else {
            kept.error = place.error().text();
        }
        {
            const std::lock_guard lock(mutex_);
            building_ = false;
        }
        if (kept_.size() == kKept) kept_.erase(kept_.begin());
        kept_.push_back(std::move(kept));
        found = kept_.end() - 1;
    }
    if (!found->place) {
        analysis.problems.push_back({.message = found->error,
                                     .rule = "place",
                                     .field = scenario.map.empty() ? "town.seed" : "map"});
    }
    analysis.place = found->place;
    analysis.snapping = found->snapping;
}

void Analyst::work() {
    while (true) {
        std::pair<edit::Draft, std::uint64_t> job;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] { return stop_ || next_.has_value(); });
            if (stop_) return;
            job = std::move(*next_);
            next_.reset();
        }
        const edit::Draft& draft = job.first;
        auto analysis = std::make_shared<Analysis>();
        analysis->draft = job.second;
        try {
            find_place(draft.scenario, *analysis);
            const edit::Context context{analysis->place};
            for (edit::Problem& problem : edit::check(draft, context)) {
                const auto same = [&](const edit::Problem& p) {
                    return p.message == problem.message && p.field == problem.field;
                };
                if (std::ranges::none_of(analysis->problems, same)) {
                    analysis->problems.push_back(std::move(problem));
                }
            }
            analysis->outline = edit::outline(draft, context);
            analysis->can_run = edit::can_run(analysis->problems);
        } catch (const std::exception& failure) {
            analysis->problems.push_back({.message = failure.what(), .rule = "analysis"});
            analysis->can_run = false;
        }
        const std::lock_guard lock(mutex_);
        building_ = false;
        result_ = std::move(analysis);
    }
}

}  // namespace huntsman::apps::editor
