// Scores the plans that a driver makes during a run, as NAVSIM scores plans: 4 s among others who
// do not react. Others do what they really did in the seconds after, whatever the plan is.
//
// A plan is taken up every 0.5 s, NAVSIM's rate, at the first camera tick that is due; those in
// between are not looked at. It is scored 4.9 s later, when all that its terms look at has
// happened: plans of a run's last 4.9 s are counted and not scored. Progress is compared with
// reference_plan. Two plans at most 0.75 s apart are asked whether they agree; the first has none
// before it.
//
// The judge reads states and never changes a run. A replay has no plans: recordings keep what a
// driver's plans came to, not the plans.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "bridge/messages/huntsman.pb.h"
#include "bridge/route/ego_route.h"
#include "bridge/score/plan.h"
#include "engine/core/time.h"
#include "engine/road/road_map.h"
#include "engine/world/state.h"
#include "engine/world/world.h"

namespace huntsman::bridge::score {

struct PlanScore {
    engine::core::TimeUs made_us = 0;
    PlanTerms terms;
    std::optional<bool> agrees;  // with the plan before it; nothing: there is none
    double progress = 0;         // share for PDMS, 0..1
    double epdms_progress = 0;   // the same with the multipliers of EPDMS
    double pdms = 0;
    double epdms_no_human_filter = 0;
};

// The plans of a run. Without any, no driver has answered a trajectory.
struct PlanScores {
    std::vector<PlanScore> scored;  // in the order of time
    std::size_t too_late = 0;       // made less than 4.9 s before the end
    std::size_t unusable = 0;       // as plan_states says
    std::string why_unusable;       // the first of them

    bool any() const { return !scored.empty() || too_late > 0 || unusable > 0; }
};

// Means over the scored plans, 0..1; NaN where there is none.
struct PdmsMeans {
    double score = 0;
    double no_at_fault_collision = 0, drivable_area = 0;
    double progress = 0, time_to_collision = 0, comfort = 0;
};
struct EpdmsMeans {
    double score = 0;
    double no_at_fault_collision = 0, drivable_area = 0, driving_direction = 0, traffic_light = 0;
    double progress = 0, time_to_collision = 0, lane_keeping = 0, history_comfort = 0;
    double extended_comfort = 0;  // over the plans that have one before them
};
PdmsMeans pdms_means(const PlanScores& plans);
EpdmsMeans epdms_means(const PlanScores& plans);

class PlanJudge {
  public:
    // All three must outlive the judge.
    PlanJudge(const engine::world::World& world, const engine::road::RoadMap& map,
              const route::EgoRoute& route);

    // At the moment of each tick, in order: the state that a driver saw, before anything acts on
    // it. `plan`: what the driver answered at this moment, in the ego's B; null where it answered
    // no trajectory. `route_s_m`: where the ego is on its route.
    void observe(const engine::world::State& state, double route_s_m,
                 const messages::Trajectory* plan = nullptr);

    PlanScores result() const;

  private:
    // A plan whose future has not passed yet.
    struct Pending {
        engine::core::TimeUs made_us = 0;
        std::vector<PlanState> states;
        PlanScene scene;
    };
    void take_up(const engine::world::State& state, double route_s_m,
                 const messages::Trajectory& plan);
    std::vector<PlanState> past_of(engine::core::TimeUs time_us) const;
    void score(Pending made);

    const engine::world::World* world_;
    const engine::road::RoadMap* map_;
    const route::EgoRoute* route_;

    struct Passed {
        engine::core::TimeUs time_us = 0;
        PlanState ego;
    };
    std::vector<Passed> passed_;       // the ego's last 1.5 s
    engine::core::TimeUs due_us_ = 0;  // when the next plan is taken up
    std::deque<Pending> pending_;      // in the order of time
    std::optional<Pending> before_;    // the last that was scored, without its scene
    PlanScores scores_;
};

}  // namespace huntsman::bridge::score
