// A dataset checked as a whole: its files and tables, then every sample by the rules of
// sensors/labels/audit.h as far as its format holds what they compare. Damage is counted and passed
// over.
#pragma once

#include <functional>

#include "sensors/dataset/read.h"

namespace huntsman::sensors::dataset {

struct AuditCounts {
    std::size_t samples = 0;  // that could be read
    std::size_t damaged = 0;  // that could not
    std::size_t objects = 0;  // that rules were applied to: pairs of an object and a camera
    std::size_t findings = 0;
};

// `found` is called for each finding in order of place, `progress` with shares from 0 to 1; the
// audit ends early where `progress` returns false.
AuditCounts audit(const Dataset& dataset, const std::function<void(const Finding&)>& found,
                  const std::function<bool(double)>& progress = {});

// What is wrong with a sample that was read from a dataset of this format; `next` may be null.
std::vector<Finding> audit_sample(const std::string& format, const labels::Sample& sample,
                                  const labels::Sample* next, const std::string& place);

}  // namespace huntsman::sensors::dataset
