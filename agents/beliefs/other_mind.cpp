#include "agents/beliefs/other_mind.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/core/check.h"

namespace huntsman::agents::beliefs {

namespace math = engine::math;
namespace world = engine::world;

namespace {

// Somebody who comes into view has been about for a while and may have looked.
constexpr double kSeenAtFirst = 0.2;
// Most people are prosocial [Schwarting 2019].
constexpr double kSocialMean_rad = 30 * math::kPi / 180, kSocialSd_rad = 25 * math::kPi / 180;

template <std::size_t N>
void normalise(std::array<double, N>& p) {
    const double sum = std::accumulate(p.begin(), p.end(), 0.0);
    for (double& x : p) x /= sum;
}

bool can_want(world::Semantic kind, Goal goal) {
    const bool of_people = goal == Goal::kCross || goal == Goal::kWait;
    return of_people != world::is_vehicle(kind);
}

double indicator_probability(Goal goal, Indicator shown, const GoalModel& m) {
    const double wrong = m.indicates_wrongly;
    if (goal != Goal::kLeft && goal != Goal::kRight) {
        return shown == Indicator::kNone ? 1 - 2 * wrong : wrong;
    }
    const Indicator right_one = goal == Goal::kLeft ? Indicator::kLeft : Indicator::kRight;
    if (shown == Indicator::kNone) return 1 - m.indicates - wrong;
    return shown == right_one ? m.indicates : wrong;
}

}  // namespace

OtherMind first_thought_of(world::Semantic kind) {
    return {.has_seen_me = kSeenAtFirst,
            .reacts = false,
            .goal = any_goal_of(kind),
            .social = social_prior(kSocialMean_rad, kSocialSd_rad)};
}

void update_seen_me(OtherMind& mind, const SeenMeCue& cue, const SeenMeModel& model) {
    HM_CHECK(cue.dt_s >= 0, "a cue after {} s", cue.dt_s);
    // Time passes.
    double notice_per_s = 0;
    if (cue.clear) {
        const double share =
            cue.gaze_off_rad ? std::exp(-0.5 * math::square(*cue.gaze_off_rad / model.width_rad))
                             : model.unknown_gaze_share;
        notice_per_s = share * model.notice_per_s;
    }
    const double rates = notice_per_s + model.forget_per_s;
    double p = mind.has_seen_me;
    if (rates > 0) {
        const double settled = notice_per_s / rates;
        p = settled + (p - settled) * std::exp(-rates * cue.dt_s);
    }
    // A reaction begins, or none does.
    if (cue.conflict && !mind.reacts) {
        const double seen_per_s = model.reaction_per_s + model.chance_per_s;
        const double with = cue.reacts ? seen_per_s : std::exp(-seen_per_s * cue.dt_s);
        const double without =
            cue.reacts ? model.chance_per_s : std::exp(-model.chance_per_s * cue.dt_s);
        p = p * with / (p * with + (1 - p) * without);
    }
    mind.has_seen_me = p;
    mind.reacts = cue.reacts;
}

GoalBelief any_goal_of(world::Semantic kind) {
    GoalBelief goal{};
    for (std::size_t i = 0; i < kGoals; ++i) {
        goal[i] = can_want(kind, static_cast<Goal>(i)) ? 1 : 0;
    }
    normalise(goal);
    return goal;
}

double wanted_acceleration(Goal goal, const GoalCue& cue, const GoalModel& m) {
    const bool stops = goal == Goal::kYield || goal == Goal::kWait;
    const double at_line_mps = goal == Goal::kLeft    ? m.left_mps
                               : goal == Goal::kRight ? m.right_mps
                               : stops                ? 0
                                                      : cue.cruise_mps;
    const double target_mps = std::min(
        cue.cruise_mps,
        std::sqrt(math::square(at_line_mps) + 2 * m.comfort_mps2 * std::max(0.0, cue.distance_m)));
    // On the braking curve the deceleration is that of the curve.
    const bool on_curve = target_mps < cue.cruise_mps && cue.speed_mps > at_line_mps;
    const double along_curve_mps2 = on_curve ? -m.comfort_mps2 : 0;
    return std::clamp(along_curve_mps2 + (target_mps - cue.speed_mps) / m.settle_s,
                      kLeastAcceleration_mps2, m.most_mps2);
}

double choice_probability(double acceleration_mps2, double wanted_mps2, double beta) {
    constexpr int kSteps = static_cast<int>((kMostAcceleration_mps2 - kLeastAcceleration_mps2) /
                                            kAccelerationStep_mps2);
    const auto step = [](int k) { return kLeastAcceleration_mps2 + k * kAccelerationStep_mps2; };
    const auto weight = [&](int k) {
        return std::exp(-beta * math::square(step(k) - wanted_mps2));
    };
    const double nearest =
        std::round((acceleration_mps2 - kLeastAcceleration_mps2) / kAccelerationStep_mps2);
    double sum = 0;
    for (int k = 0; k <= kSteps; ++k) sum += weight(k);
    return weight(static_cast<int>(std::clamp(nearest, 0.0, double{kSteps}))) / sum;
}

void update_goal(GoalBelief& goal, world::Semantic kind, const GoalCue& cue,
                 const GoalModel& model) {
    HM_CHECK(cue.dt_s >= 0, "a cue after {} s", cue.dt_s);
    const double kept = std::exp(-model.change_per_s * cue.dt_s);
    const double decisions = model.decisions_per_s * cue.dt_s;
    const GoalBelief any = any_goal_of(kind);
    for (std::size_t i = 0; i < kGoals; ++i) {
        goal[i] = kept * goal[i] + (1 - kept) * any[i];
        if (goal[i] == 0) continue;
        const auto wanted = static_cast<Goal>(i);
        const double motion = choice_probability(
            cue.acceleration_mps2, wanted_acceleration(wanted, cue, model), model.beta);
        const double indication =
            world::is_vehicle(kind) ? indicator_probability(wanted, cue.indicator, model) : 1;
        // Motion that no goal explains may underflow: it then says nothing.
        goal[i] *= std::pow(std::max(motion * indication, 1e-12), decisions);
    }
    normalise(goal);
}

double goes_first(double social_rad, const PriorityChoice& choice, double beta_per_s) {
    const double gain_s =
        std::cos(social_rad) * choice.own_gain_s - std::sin(social_rad) * choice.other_loss_s;
    return 1 / (1 + std::exp(-beta_per_s * gain_s));
}

void update_social(SocialBelief& social, const PriorityChoice& choice, double beta_per_s) {
    for (std::size_t i = 0; i < kSocialAngles; ++i) {
        const double went = goes_first(social_angle(i), choice, beta_per_s);
        social[i] *= std::max(choice.went ? went : 1 - went, 1e-12);
    }
    normalise(social);
}

double social_angle(std::size_t i) {
    return kFirstSocialAngle_rad + static_cast<double>(i) * kSocialAngleStep_rad;
}

double mean_social_angle(const SocialBelief& social) {
    double mean = 0;
    for (std::size_t i = 0; i < kSocialAngles; ++i) mean += social[i] * social_angle(i);
    return mean;
}

SocialBelief social_prior(double mean_rad, double sd_rad) {
    SocialBelief social{};
    for (std::size_t i = 0; i < kSocialAngles; ++i) {
        social[i] = std::exp(-0.5 * math::square((social_angle(i) - mean_rad) / sd_rad));
    }
    normalise(social);
    return social;
}

}  // namespace huntsman::agents::beliefs
