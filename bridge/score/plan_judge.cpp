#include "bridge/score/plan_judge.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "bridge/score/plan_reference.h"
#include "engine/math/transform.h"

namespace huntsman::bridge::score {

using engine::core::TimeUs;
using engine::world::State;

namespace {

constexpr TimeUs kStep_us = 100'000;        // kPlanStep_s
constexpr TimeUs kStride_us = 500'000;      // from plan to plan, as NAVSIM's 2 Hz
constexpr TimeUs kNeighbours_us = 750'000;  // plans further apart are not compared
constexpr TimeUs kPast_us = 1'500'000;      // NAVSIM's history: four frames at 2 Hz

// How far from its start the ego, or the reference, can come to meet others.
double reach_m(std::span<const PlanState> plan) {
    constexpr double kLong_m = 15;  // a truck and the ego, from middle to end
    constexpr double kLookahead_s = 0.9;
    constexpr double kFaster_mps = 6;  // 4 s of the reference's 1.5 m/s²
    constexpr double kInSight_m = 30;  // whoever is further ahead does not slow the reference
    double reach = 4.9 * (std::abs(plan.front().speed_mps) + kFaster_mps) + kInSight_m;
    for (const PlanState& state : plan) {
        reach = std::max(reach, glm::length(state.p_W - plan.front().p_W) +
                                    kLookahead_s * std::abs(state.speed_mps) + kLong_m);
    }
    return reach;
}

engine::core::Result<std::vector<PlanState>> states_of(const messages::Trajectory& plan,
                                                       const engine::world::ActorState& ego) {
    const PlanState start = plan_state(ego);
    std::vector<PlanPoint> points;
    for (const auto& point : plan.points()) {
        const auto p_W = ego.X_WB * engine::math::Vec3(point.x_m(), point.y_m(), 0);
        points.push_back({.t_s = point.t_s(),
                          .p_W = engine::math::xy(p_W),
                          .yaw_rad = start.yaw_rad + point.heading_rad(),
                          .speed_mps = point.speed_mps()});
    }
    return plan_states(start, points);
}

// Over those that have a value; NaN without any.
template <typename Value>
double mean(const PlanScores& plans, const Value& value) {
    double sum = 0;
    int count = 0;
    for (const PlanScore& plan : plans.scored) {
        const std::optional<double> of_plan = value(plan);
        if (!of_plan) continue;
        sum += *of_plan;
        ++count;
    }
    return count > 0 ? sum / count : std::numeric_limits<double>::quiet_NaN();
}
double mean(const PlanScores& plans, double PlanTerms::*term) {
    return mean(plans, [&](const PlanScore& plan) { return plan.terms.*term; });
}
double mean(const PlanScores& plans, double PlanScore::*member) {
    return mean(plans, [&](const PlanScore& plan) { return plan.*member; });
}

}  // namespace

PdmsMeans pdms_means(const PlanScores& plans) {
    return {.score = mean(plans, &PlanScore::pdms),
            .no_at_fault_collision = mean(plans, &PlanTerms::no_at_fault_collision),
            .drivable_area = mean(plans, &PlanTerms::drivable_area),
            .progress = mean(plans, &PlanScore::progress),
            .time_to_collision = mean(plans, &PlanTerms::time_to_collision),
            .comfort = mean(plans, &PlanTerms::comfort)};
}

EpdmsMeans epdms_means(const PlanScores& plans) {
    return {.score = mean(plans, &PlanScore::epdms_no_human_filter),
            .no_at_fault_collision = mean(plans, &PlanTerms::no_at_fault_collision),
            .drivable_area = mean(plans, &PlanTerms::drivable_area),
            .driving_direction = mean(plans, &PlanTerms::driving_direction),
            .traffic_light = mean(plans, &PlanTerms::traffic_light),
            .progress = mean(plans, &PlanScore::epdms_progress),
            .time_to_collision = mean(plans, &PlanTerms::time_to_collision_within_4s),
            .lane_keeping = mean(plans, &PlanTerms::lane_keeping),
            .history_comfort = mean(plans, &PlanTerms::history_comfort),
            .extended_comfort = mean(plans, [](const PlanScore& plan) -> std::optional<double> {
                if (!plan.agrees) return std::nullopt;
                return *plan.agrees ? 1.0 : 0.0;
            })};
}

PlanJudge::PlanJudge(const engine::world::World& world, const engine::road::RoadMap& map,
                     const route::EgoRoute& route)
    : world_(&world), map_(&map), route_(&route) {}

void PlanJudge::observe(const State& state, double route_s_m, const messages::Trajectory* plan) {
    if (plan != nullptr && state.time_us >= due_us_) {
        due_us_ = state.time_us + kStride_us;
        take_up(state, route_s_m, *plan);
    }
    while (!passed_.empty() && state.time_us - passed_.front().time_us > kPast_us) {
        passed_.erase(passed_.begin());
    }
    passed_.push_back({state.time_us, plan_state(state.actors.front())});

    for (Pending& made : pending_) {
        if ((state.time_us - made.made_us) % kStep_us == 0) {
            add_moment(*world_, state, made.scene);
        }
    }
    while (!pending_.empty() && pending_.front().scene.red.size() == kPlanMoments) {
        Pending made = std::move(pending_.front());
        pending_.pop_front();
        score(std::move(made));
    }
}

void PlanJudge::take_up(const State& state, double route_s_m, const messages::Trajectory& plan) {
    auto states = states_of(plan, state.actors.front());
    if (!states) {
        if (scores_.unusable++ == 0) scores_.why_unusable = states.error().message;
        return;
    }
    PlanScene scene = plan_scene(*world_, *map_, *route_, route_s_m, state, reach_m(*states),
                                 past_of(state.time_us));
    if (scene.centre_line.size() < 2) {
        if (scores_.unusable++ == 0) scores_.why_unusable = "the route is too short for a plan";
        return;
    }
    pending_.push_back({state.time_us, std::move(*states), std::move(scene)});
}

// The ego's states a whole number of steps before.
std::vector<PlanState> PlanJudge::past_of(TimeUs time_us) const {
    std::vector<PlanState> past;
    for (const Passed& passed : passed_) {
        const TimeUs ago_us = time_us - passed.time_us;
        if (ago_us > 0 && ago_us <= kPast_us && ago_us % kStep_us == 0) {
            past.push_back(passed.ego);
        }
    }
    return past;
}

void PlanJudge::score(Pending made) {
    const ReferencePlan reference = reference_plan(made.scene, made.states.front());
    PlanScore score{.made_us = made.made_us, .terms = plan_terms(made.scene, made.states)};
    const double progress_m = score.terms.progress_m, reference_m = reference.terms.progress_m;
    score.progress = progress_share(progress_m, pdms_multipliers(score.terms), reference_m,
                                    pdms_multipliers(reference.terms));
    score.epdms_progress = progress_share(progress_m, epdms_multipliers(score.terms), reference_m,
                                          epdms_multipliers(reference.terms));
    // Camera ticks need not be whole steps apart: to the nearest.
    if (before_ && made.made_us - before_->made_us <= kNeighbours_us) {
        const TimeUs apart = (made.made_us - before_->made_us + kStep_us / 2) / kStep_us;
        score.agrees = plans_agree(made.states, before_->states, static_cast<std::size_t>(apart));
    }
    score.pdms = pdms(score.terms, score.progress);
    score.epdms_no_human_filter =
        epdms_no_human_filter(score.terms, score.epdms_progress, score.agrees);
    scores_.scored.push_back(score);
    before_ = Pending{made.made_us, std::move(made.states), {}};
}

PlanScores PlanJudge::result() const {
    PlanScores scores = scores_;
    scores.too_late = pending_.size();
    return scores;
}

}  // namespace huntsman::bridge::score
