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

// Of the usual comfortable deceleration and speed in turns, by style.
constexpr std::array<double, kStyles> kComfortShare{0.65, 1, 1.5}, kTurnShare{0.85, 1, 1.2};
// Of the walking speed that people keep while they look before they cross.
constexpr std::array<double, kStyles> kLookShare{0.65, 0.85, 1};
constexpr double kLeastWay_m = 0.5;  // a stop is not planned more finely

template <std::size_t N>
void normalise(std::array<double, N>& p) {
    const double sum = std::accumulate(p.begin(), p.end(), 0.0);
    for (double& x : p) x /= sum;
}
void normalise(GoalStates& states) {
    double sum = 0;
    for (const auto& styles : states) sum = std::accumulate(styles.begin(), styles.end(), sum);
    for (auto& styles : states) {
        for (double& p : styles) p /= sum;
    }
}

bool can_want(world::Semantic kind, Goal goal) {
    const bool of_people = goal == Goal::kCross || goal == Goal::kWait;
    return of_people != world::is_vehicle(kind);
}

double indicator_probability(Goal goal, Indicator shown, double distance_m, const GoalModel& m) {
    const double wrong = m.indicates_wrongly;
    if (goal != Goal::kLeft && goal != Goal::kRight) {
        return shown == Indicator::kNone ? 1 - 2 * wrong : wrong;
    }
    const double begun =
        std::clamp((m.none_lit_m - distance_m) / (m.none_lit_m - m.all_lit_m), 0.0, 1.0);
    const double lit = std::max(wrong, m.indicates * begun);
    const Indicator right_one = goal == Goal::kLeft ? Indicator::kLeft : Indicator::kRight;
    if (shown == Indicator::kNone) return 1 - lit - wrong;
    return shown == right_one ? lit : wrong;
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

GoalStates any_goal_of(world::Semantic kind) {
    GoalStates states{};
    for (std::size_t i = 0; i < kGoals; ++i) {
        if (can_want(kind, static_cast<Goal>(i))) states[i].fill(1);
    }
    normalise(states);
    return states;
}

GoalBelief goals_of(const GoalStates& states) {
    GoalBelief goal{};
    for (std::size_t i = 0; i < kGoals; ++i) {
        goal[i] = std::accumulate(states[i].begin(), states[i].end(), 0.0);
    }
    return goal;
}

double wanted_acceleration(Goal goal, std::size_t style, const GoalCue& cue, const GoalModel& m) {
    const bool stops = goal == Goal::kYield || goal == Goal::kWait;
    const double at_line_mps = goal == Goal::kLeft    ? kTurnShare[style] * m.left_mps
                               : goal == Goal::kRight ? kTurnShare[style] * m.right_mps
                               : goal == Goal::kCross ? kLookShare[style] * cue.cruise_mps
                               : stops                ? 0
                                                      : cue.cruise_mps;
    const double comfort_mps2 = kComfortShare[style] * m.comfort_mps2;
    // Nobody brakes before it takes their comfortable deceleration; then as hard as it takes.
    const double needed_mps2 = (math::square(cue.speed_mps) - math::square(at_line_mps)) /
                               (2 * std::max(kLeastWay_m, cue.distance_m));
    if (cue.speed_mps > at_line_mps && needed_mps2 >= comfort_mps2) {
        return std::max(-needed_mps2, kLeastAcceleration_mps2);
    }
    const double free_mps = std::min(
        cue.cruise_mps, std::sqrt(math::square(at_line_mps) + 2 * comfort_mps2 * cue.distance_m));
    return std::clamp((free_mps - cue.speed_mps) / m.settle_s, kLeastAcceleration_mps2,
                      m.most_mps2);
}

double choice_probability(double acceleration_mps2, double wanted_mps2, double beta) {
    constexpr double kStep = kAccelerationStep_mps2;
    constexpr int kSteps =
        static_cast<int>((kMostAcceleration_mps2 - kLeastAcceleration_mps2) / kStep);
    const auto nearest_step = [](double mps2) {
        return static_cast<int>(
            std::clamp(std::round((mps2 - kLeastAcceleration_mps2) / kStep), 0.0, double{kSteps}));
    };
    const auto off_mps2 = [&](int k) { return kLeastAcceleration_mps2 + k * kStep - wanted_mps2; };
    // Sum of the weights, from the likeliest step outwards: neighbours differ by a factor that
    // itself changes by a constant one, so that the sum takes four exponentials.
    const int likeliest = nearest_step(wanted_mps2);
    const double first = std::exp(-beta * math::square(off_mps2(likeliest)));
    const double change = std::exp(-2 * beta * kStep * kStep);
    double sum = first;
    for (const int direction : {-1, 1}) {
        double weight = first;
        double factor = std::exp(-beta * kStep * (kStep + 2 * direction * off_mps2(likeliest)));
        for (int k = likeliest + direction; k >= 0 && k <= kSteps; k += direction) {
            weight *= factor;
            factor *= change;
            sum += weight;
        }
    }
    return std::exp(-beta * math::square(off_mps2(nearest_step(acceleration_mps2)))) / sum;
}

void update_goal(GoalStates& states, world::Semantic kind, const GoalCue& cue,
                 const GoalModel& model) {
    HM_CHECK(cue.dt_s >= 0 && cue.distance_m >= 0, "a cue after {} s at {} m", cue.dt_s,
             cue.distance_m);
    const double kept = std::exp(-model.change_per_s * cue.dt_s);
    const double decisions = model.decisions_per_s * cue.dt_s;
    const GoalStates any = any_goal_of(kind);
    for (std::size_t i = 0; i < kGoals; ++i) {
        if (!can_want(kind, static_cast<Goal>(i))) continue;
        for (std::size_t style = 0; style < kStyles; ++style) {
            const double wanted_mps2 = wanted_acceleration(static_cast<Goal>(i), style, cue, model);
            const double motion =
                choice_probability(cue.acceleration_mps2, wanted_mps2, model.beta);
            double& p = states[i][style];
            p = kept * p + (1 - kept) * any[i][style];
            // Motion that no goal explains may underflow: it then says nothing.
            p *= std::pow(std::max(motion, 1e-12), decisions);
        }
    }
    normalise(states);
}

GoalBelief with_indicator(const GoalBelief& goal, Indicator shown, double distance_m,
                          const GoalModel& model) {
    GoalBelief both = goal;
    for (std::size_t i = 0; i < kGoals; ++i) {
        both[i] *= indicator_probability(static_cast<Goal>(i), shown, distance_m, model);
    }
    normalise(both);
    return both;
}

GoalModel goal_model_of(world::Semantic kind) {
    GoalModel model;
    if (world::is_vehicle(kind)) return model;
    model.beta = 3;
    model.comfort_mps2 = 0.6;
    model.most_mps2 = 1;
    model.settle_s = 0.8;
    return model;
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
