// Scores of a plan: 4 s of it driven among road users that do not react, as NAVSIM does [Dauner et
// al. 2024, Cao et al. 2025]. For drivers that answer trajectories.
//
// The plan is driven as it stands; NAVSIM lets a controller follow it. Sources and revisions:
// profiles.h. All poses are of B's origin in W, 0.1 s apart.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "bridge/route/ego_route.h"
#include "engine/core/result.h"
#include "engine/math/geometry.h"
#include "engine/road/road_map.h"
#include "engine/world/state.h"
#include "engine/world/world.h"

namespace huntsman::bridge::score {

constexpr double kPlanStep_s = 0.1;
constexpr std::size_t kPlanStates = 41;   // 0, 0.1, ..., 4 s
constexpr std::size_t kPlanMoments = 50;  // to 4.9 s: what all terms of a plan look at

// A point of a plan, as a driver answers it.
struct PlanPoint {
    double t_s = 0;
    engine::math::Vec2 p_W{0, 0};
    double yaw_rad = 0;
    double speed_mps = 0;
};
struct PlanState {
    engine::math::Vec2 p_W{0, 0};
    double yaw_rad = 0;
    double speed_mps = 0;  // along the yaw, negative backwards
};

// The states of a plan that begins where the ego is: cubic Hermite curves through the points, with
// their speeds along their yaws. Points at or before 0 s are left out. Errors: fewer than 4 s,
// times that do not grow, values that are not finite or absurd.
engine::core::Result<std::vector<PlanState>> plan_states(const PlanState& ego,
                                                         std::span<const PlanPoint> points);

// Another road user, or a thing, where it will be whatever the ego does.
struct PlanOther {
    struct Moment {
        engine::math::Box2 box;
        double z_m = 0;
        double speed_mps = 0;
    };
    engine::world::ActorId id = engine::world::kNoActor;
    bool agent = true;  // vehicle, two-wheeler, person; false: a thing
    // At 0, 0.1, ... s; nothing where it is not in the world, or out of reach. To 4.9 s for the
    // time to collision of PDMS; what is not given does not collide.
    std::vector<std::optional<Moment>> moments;
};

// What a plan is judged against. `map` must outlive the calls.
struct PlanScene {
    const engine::road::RoadMap* map = nullptr;
    engine::world::Extent extent;  // of the ego
    double z_m = 0;                // of its origin at 0 s
    engine::math::Vec2 p_W{0, 0};  // its origin at 0 s; others further than `reach_m` are left out
    double reach_m = 60;
    // Lanes along the route, and the line that progress and lane keeping are measured on: at least
    // two points. Neighbours of the same direction are lanes of the route too.
    std::vector<engine::world::LaneId> route;
    std::vector<engine::math::Vec2> centre_line;
    // What speed limits and bends allow at each of its points, for the reference; empty: 15 m/s.
    std::vector<double> allowed_mps;
    std::vector<PlanOther> others;
    // Connections of the route that show red, at each step; steps that are not given: none.
    std::vector<std::vector<engine::world::LaneId>> red;
    std::vector<PlanState> past;  // up to the step before 0 s, oldest first
};

// The scene of a moment of a run; what others do and signals show follows by add_moment, from this
// moment on. `route_s_m`: where the ego is on its route. `past`: the ego's, as PlanScene::past.
// Things that stand within `reach_m` are others too.
PlanScene plan_scene(const engine::world::World& world, const engine::road::RoadMap& map,
                     const route::EgoRoute& route, double route_s_m,
                     const engine::world::State& now, double reach_m,
                     std::vector<PlanState> past = {});
// Adds the state at 0, 0.1, ... s to the scene of a moment; kPlanMoments of them for all terms.
void add_moment(const engine::world::World& world, const engine::world::State& state,
                PlanScene& scene);
// The ego's pose and speed.
PlanState plan_state(const engine::world::ActorState& ego);

// The ego's footprint in a state.
engine::math::Box2 plan_box(const engine::world::Extent& extent, const PlanState& state);

// The sub-scores, 0..1 unless the name has a unit.
struct PlanTerms {
    // Multipliers.
    double no_at_fault_collision = 1;  // 0 with an agent, 0.5 with a thing
    double drivable_area = 1;          // 0 where a corner leaves it
    double driving_direction = 1;      // 1, 0.5, 0 at 2 and 6 m off the route's lanes within 1 s
    double traffic_light = 1;  // 0 where the ego is on a connection of the route that is red
    // Weighted terms.
    double progress_m = 0;         // along the centre line, not negative
    double time_to_collision = 1;  // whether 0.9 s at the same speed are free: PDMS, ...
    double time_to_collision_within_4s =
        1;                       // ... and as EPDMS, which looks no further than the plan
    double lane_keeping = 1;     // 0 where 2 s in a row are more than 0.5 m off the centre line
    double comfort = 1;          // nuPlan's bounds, accelerations smoothed over the whole plan
    double history_comfort = 1;  // with the past before it, smoothed over 8 samples
};
// `plan` holds kPlanStates states.
PlanTerms plan_terms(const PlanScene& scene, std::span<const PlanState> plan);

// Whether a plan agrees with the one before it, made a whole number of steps earlier, where both
// tell the same time: root mean squares of the differences of acceleration (0.7 m/s²), jerk (0.5
// m/s³), yaw rate (0.1 rad/s) and yaw acceleration (0.1 rad/s²). Both hold kPlanStates states;
// apart from 1 to 35 steps.
bool plans_agree(std::span<const PlanState> now, std::span<const PlanState> before,
                 std::size_t steps_apart);

// Progress as a share of the better of two plans, the driver's and a reference (NAVSIM has
// PDM-Closed's), each worth its own multipliers. Where both come to at most 5 m: 1, or 0 if the
// driver's multipliers are 0.
double progress_share(double progress_m, double multipliers, double reference_m,
                      double reference_multipliers);

double pdms_multipliers(const PlanTerms& terms);
double epdms_multipliers(const PlanTerms& terms);
// NC · DAC · (5 EP + 5 TTC + 2 C) / 12.
double pdms(const PlanTerms& terms, double progress);
// NC · DAC · DDC · TLC · (5 EP + 5 TTC + 2 LK + 2 HC + 2 EC) / 16, with `agrees` as EC; without
// it, for want of a plan before, the rest / 14. NAVSIM forgives what its human driver did wrong
// too; without a human there is nothing to forgive.
double epdms_no_human_filter(const PlanTerms& terms, double progress, std::optional<bool> agrees);

// [Dauner et al. 2024] D. Dauner et al., NAVSIM: Data-Driven Non-Reactive Autonomous Vehicle
//   Simulation and Benchmarking, arXiv:2406.15349.
// [Cao et al. 2025] W. Cao et al., Pseudo-Simulation for Autonomous Driving, arXiv:2506.04218.
}  // namespace huntsman::bridge::score
