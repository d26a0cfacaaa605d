// Looks at drafts in a thread of its own: builds the place of the latest one, and finds what panes
// show of it and what is wrong with it.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "scenarios/edit/commands.h"
#include "scenarios/edit/draft.h"
#include "scenarios/edit/outline.h"
#include "scenarios/edit/problem.h"
#include "scenarios/edit/snapping.h"

namespace huntsman::apps::editor {

struct Analysis {
    std::uint64_t draft = 0;                               // number of the draft that this is about
    std::shared_ptr<const scenarios::model::Place> place;  // null: it cannot be built
    std::shared_ptr<const scenarios::edit::Snapping> snapping;  // with the place
    scenarios::edit::Outline outline;
    std::vector<scenarios::edit::Problem> problems;
    bool can_run = false;
};

class Analyst {
  public:
    Analyst();
    ~Analyst();  // waits for the place that is being built

    // The latest draft; those before that nobody has looked at yet are forgotten.
    void look_at(scenarios::edit::Draft draft, std::uint64_t number);
    // What came of the last draft that was looked at; null: nothing new since the last call.
    std::shared_ptr<const Analysis> take();
    // A place is being built.
    bool building() const;

  private:
    void work();
    // Sets place and snapping, or adds what is wrong.
    void find_place(const scenarios::model::Scenario& scenario, Analysis& analysis);

    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::optional<std::pair<scenarios::edit::Draft, std::uint64_t>> next_;
    std::shared_ptr<const Analysis> result_;
    bool stop_ = false, building_ = false;
    // Of the thread alone: the places last built, newest last.
    struct Kept {
        std::string key;
        std::shared_ptr<const scenarios::model::Place> place;
        std::shared_ptr<const scenarios::edit::Snapping> snapping;
        std::string error;
    };
    std::vector<Kept> kept_;
    std::thread thread_;
};

}  // namespace huntsman::apps::editor
