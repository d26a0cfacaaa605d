// The plan that a driver's progress is compared with: an equivalent of PDM-Closed [Dauner et al.
// 2023], whose progress NAVSIM takes.
//
// Like PDM-Closed it follows the route's centre line with the intelligent driver model at several
// shares of the allowed speed, and takes the proposal that scores best. It differs in this:
// - Proposals are judged among what others will really do; PDM-Closed takes it that they keep their
//   velocity.
// - It moves as told, from where the ego is onto the line; PDM-Closed has a controller follow its
//   proposals, by which those that are too fast for a bend leave the road. Here bends limit the
//   speed.
// - No proposals beside the line, no emergency brake.
#pragma once

#include <vector>

#include "bridge/score/plan.h"

namespace huntsman::bridge::score {

struct ReferencePlan {
    std::vector<PlanState> states;  // kPlanStates, from where the ego is
    PlanTerms terms;
};
// The scene must hold kPlanMoments moments. Cost: up to five plan_terms; proposals that cannot be
// the best are left out, all but one where that lacks nothing.
ReferencePlan reference_plan(const PlanScene& scene, const PlanState& ego);

// [Dauner et al. 2023] D. Dauner et al., Parting with Misconceptions about Learning-based Vehicle
//   Motion Planning, arXiv:2306.07962; parameters as NAVSIM has them (metric_cache_processor.py).
}  // namespace huntsman::bridge::score
