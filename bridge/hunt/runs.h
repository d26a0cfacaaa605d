// Runs of a hunt: made where a results file does not hold them yet, and read.
#pragma once

#include <string>
#include <vector>

#include "bridge/hunt/facts.h"
#include "bridge/loop/run.h"
#include "bridge/suite/run_items.h"
#include "engine/core/result.h"

namespace huntsman::bridge::hunt {

struct Made {
    std::string key;
    Facts facts;
};

class Runs {
  public:
    // They stand in the file as cells of `suite`. All must outlive the object.
    Runs(const suite::Store& store, suite::ItemRuns settings, const suite::RunsCallbacks& callbacks,
         std::string suite)
        : store_(store),
          settings_(std::move(settings)),
          callbacks_(callbacks),
          suite_(std::move(suite)) {
        if (!settings_.idle) settings_.idle = std::make_shared<engine::core::IdleWorkers>();
    }

    // In the order given; `names` are those of their cells. Errors: those of suite::run_items.
    engine::core::Result<std::vector<Made>> make(const std::vector<loop::RunOptions>& options,
                                                 const std::vector<std::string>& names);
    int kept() const { return kept_; }  // runs that were there already

  private:
    const suite::Store& store_;
    suite::ItemRuns settings_;
    const suite::RunsCallbacks& callbacks_;
    std::string suite_;
    std::string device_;
    int kept_ = 0;
};

}  // namespace huntsman::bridge::hunt
