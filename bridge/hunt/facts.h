// What a hunt reads from a run: how near it came to a failure, and the signature of a failure.
#pragma once

#include <string>

#include "bridge/mine/search.h"
#include "bridge/mine/signature.h"

namespace huntsman::bridge::hunt {

struct Facts {
    mine::Evaluation evaluation;
    mine::Signature signature;  // empty where the run did not fail
    std::string reason;      // the first broken criterion, in a sentence; or why there is no result
    double failed_at_s = 0;  // when it was broken; 0 where the run did not fail
};

// From run.json. Severity: below 1 for a run that passes, half by the smallest time to collision
// and half by the smallest gap; for one that fails 1 to 2, by the closing speed of what was hit
// where something was. An empty or incomplete text is no result.
Facts facts_of(const std::string& run_json);

}  // namespace huntsman::bridge::hunt
