#include "agents/beliefs/other_mind.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "engine/core/random.h"

namespace huntsman::agents::beliefs {
namespace {

using engine::core::Key;
using engine::math::kPi;
using engine::world::Semantic;

OtherMind blank() { return first_thought_of(Semantic::kPedestrian); }

double at(const GoalBelief& goal, Goal wanted) { return goal[static_cast<std::size_t>(wanted)]; }

TEST(SeenMe, GazeStraightAtMeIsNoticedAtTheRateOfTheClosedForm) {
    const SeenMeModel model{.notice_per_s = 2, .forget_per_s = 0};
    OtherMind mind = blank();
    mind.has_seen_me = 0.2;
    update_seen_me(mind, {.dt_s = 0.7, .gaze_off_rad = 0}, model);
    EXPECT_NEAR(mind.has_seen_me, 1 - 0.8 * std::exp(-1.4), 1e-12);
}

TEST(SeenMe, ManyShortCuesAreOneLongOne) {
    OtherMind once = blank(), often = blank();
    update_seen_me(once, {.dt_s = 1, .gaze_off_rad = 0.3, .conflict = true}, {});
    for (int i = 0; i < 1000; ++i) {
        update_seen_me(often, {.dt_s = 1e-3, .gaze_off_rad = 0.3, .conflict = true}, {});
    }
    // Noticing and the missing reaction take turns; their order matters little.
    EXPECT_NEAR(once.has_seen_me, often.has_seen_me, 0.08);
    OtherMind still = blank(), still_often = blank();
    update_seen_me(still, {.dt_s = 1, .gaze_off_rad = 0.3}, {});
    for (int i = 0; i < 10; ++i)
        update_seen_me(still_often, {.dt_s = 0.1, .gaze_off_rad = 0.3}, {});
    EXPECT_NEAR(still.has_seen_me, still_often.has_seen_me, 1e-12);
}

TEST(SeenMe, NobodyNoticesThroughAWallOrWithTheBackTurned) {
    for (const SeenMeCue& cue : {SeenMeCue{.dt_s = 3, .clear = false, .gaze_off_rad = 0},
                                 SeenMeCue{.dt_s = 3, .clear = true, .gaze_off_rad = kPi}}) {
        OtherMind mind = blank();
        const double before = mind.has_seen_me;
        update_seen_me(mind, cue, {});
        EXPECT_LT(mind.has_seen_me, before);  // it forgets
        EXPECT_GT(mind.has_seen_me, 0.8 * before);
    }
}

TEST(SeenMe, ReactionCountsOnceByTheRatioOfItsRates) {
    const SeenMeModel model{.forget_per_s = 0, .reaction_per_s = 0.7, .chance_per_s = 0.1};
    OtherMind mind = blank();
    mind.has_seen_me = 0.5;
    const SeenMeCue braking{.dt_s = 0, .clear = false, .conflict = true, .reacts = true};
    update_seen_me(mind, braking, model);
    EXPECT_NEAR(mind.has_seen_me, 8.0 / 9, 1e-12);
    update_seen_me(mind, braking, model);
    EXPECT_NEAR(mind.has_seen_me, 8.0 / 9, 1e-12);
}

TEST(SeenMe, NoReactionInConflictSpeaksAgainstIt) {
    const SeenMeModel model{.forget_per_s = 0, .reaction_per_s = 0.7};
    OtherMind mind = blank();
    mind.has_seen_me = 0.5;
    update_seen_me(mind, {.dt_s = 2, .clear = false, .conflict = true}, model);
    EXPECT_NEAR(mind.has_seen_me, 1 / (1 + std::exp(1.4)), 1e-12);
}

TEST(Goals, ChoiceProbabilitiesAreThoseOfTheSoftmax) {
    double sum = 0;
    for (double a = kLeastAcceleration_mps2; a <= kMostAcceleration_mps2;
         a += kAccelerationStep_mps2) {
        sum += choice_probability(a, -1.3, 0.8);
    }
    EXPECT_NEAR(sum, 1, 1e-12);
    EXPECT_NEAR(choice_probability(0, -1, 0.8) / choice_probability(-1, -1, 0.8), std::exp(-0.8),
                1e-12);
    double weights = 0;
    for (int k = -12; k <= 6; ++k) weights += std::exp(-3 * std::pow(0.5 * k - 0.7, 2));
    EXPECT_NEAR(choice_probability(1.1, 0.7, 3), std::exp(-3 * 0.09) / weights, 1e-12);
    EXPECT_NEAR(choice_probability(2, 0, 0), 1.0 / 19, 1e-12);  // 19 steps, no reason at all
}

TEST(Goals, OneLookIsBayesRule) {
    const GoalCue cue{
        .dt_s = 1, .speed_mps = 10, .acceleration_mps2 = -2, .distance_m = 10, .cruise_mps = 13};
    const GoalModel model{.decisions_per_s = 1, .change_per_s = 0};
    GoalStates states = any_goal_of(Semantic::kCar), expected{};
    double sum = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        for (std::size_t k = 0; k < kStyles; ++k) {
            expected[i][k] = choice_probability(
                -2, wanted_acceleration(static_cast<Goal>(i), k, cue, model), model.beta);
            sum += expected[i][k];
        }
    }
    update_goal(states, Semantic::kCar, cue, model);
    for (std::size_t i = 0; i < 4; ++i) {
        for (std::size_t k = 0; k < kStyles; ++k) {
            EXPECT_NEAR(states[i][k], expected[i][k] / sum, 1e-12);
        }
    }
    const GoalBelief goal = goals_of(states);
    EXPECT_EQ(at(goal, Goal::kCross), 0);
    EXPECT_GT(at(goal, Goal::kLeft), at(goal, Goal::kStraight));
}

TEST(Goals, WantedAccelerationIsTheBrakingThatTheTurnTakes) {
    // From 10 m/s to 6.5 m/s over 10 m: (100 - 42.25) / 20.
    const GoalCue near{.speed_mps = 10, .distance_m = 10, .cruise_mps = 10};
    EXPECT_NEAR(wanted_acceleration(Goal::kLeft, 1, near, {}), -2.8875, 1e-12);
    EXPECT_EQ(wanted_acceleration(Goal::kStraight, 1, near, {}), 0);
    // Over 36 m that takes 0.80 m/s²: not yet.
    const GoalCue far{.speed_mps = 10, .distance_m = 36, .cruise_mps = 10};
    EXPECT_EQ(wanted_acceleration(Goal::kLeft, 1, far, {}), 0);
    // A stop over 36 m takes 1.39 m/s²: only a gentle driver brakes for it already.
    EXPECT_NEAR(wanted_acceleration(Goal::kYield, 0, far, {}), -100.0 / 72, 1e-12);
    EXPECT_EQ(wanted_acceleration(Goal::kYield, 1, far, {}), 0);
}

TEST(Goals, IndicatorIsNotCountedTwiceAndSaysLittleFarAway) {
    const GoalModel model;
    const GoalBelief any = goals_of(any_goal_of(Semantic::kCar));
    const GoalBelief left = with_indicator(any, Indicator::kLeft, 10, model);
    // 0.75 to 0.03 for each of the three others.
    EXPECT_NEAR(at(left, Goal::kLeft), 0.75 / 0.84, 1e-12);
    const GoalBelief near = with_indicator(any, Indicator::kNone, 10, model);
    const GoalBelief far = with_indicator(any, Indicator::kNone, 60, model);
    EXPECT_NEAR(at(near, Goal::kLeft) / at(near, Goal::kStraight), 0.22 / 0.94, 1e-12);
    EXPECT_NEAR(at(far, Goal::kLeft), at(far, Goal::kStraight), 1e-12);
}

TEST(Goals, PersonWhoSlowsAtTheKerbIsBelievedToWait) {
    const GoalModel model = goal_model_of(Semantic::kPedestrian);
    GoalStates states = any_goal_of(Semantic::kPedestrian);
    for (int i = 0; i < 4; ++i) {
        update_goal(states, Semantic::kPedestrian,
                    {.dt_s = 0.25,
                     .speed_mps = 1.0 - 0.2 * i,
                     .acceleration_mps2 = -0.8,
                     .distance_m = 0.8 - 0.2 * i,
                     .cruise_mps = 1.3},
                    model);
    }
    const GoalBelief goal = goals_of(states);
    EXPECT_GT(at(goal, Goal::kWait), 0.8);
    EXPECT_NEAR(at(goal, Goal::kWait) + at(goal, Goal::kCross), 1, 1e-12);
}

TEST(Goals, AbsurdMotionKeepsProbabilitiesFinite) {
    GoalStates states = any_goal_of(Semantic::kCar);
    for (int i = 0; i < 1000; ++i) {
        update_goal(states, Semantic::kCar,
                    {.dt_s = 5, .speed_mps = 90, .acceleration_mps2 = 50, .cruise_mps = 1}, {});
    }
    const GoalBelief goal = goals_of(states);
    EXPECT_NEAR(std::accumulate(goal.begin(), goal.end(), 0.0), 1, 1e-9);
}

TEST(Social, ChoiceIsThatOfTheLogisticFunction) {
    const PriorityChoice even{.own_gain_s = 2, .other_loss_s = 2, .went = true};
    EXPECT_NEAR(goes_first(kPi / 4, even), 0.5, 1e-12);
    EXPECT_NEAR(goes_first(0, even), 1 / (1 + std::exp(-2.0)), 1e-12);
    EXPECT_NEAR(goes_first(kPi / 2, even), 1 / (1 + std::exp(2.0)), 1e-12);
}

TEST(Social, YieldingMovesTheAngleUpByBayesRule) {
    SocialBelief social = social_prior(kPi / 6, kPi / 6), expected = social;
    const PriorityChoice yields{.own_gain_s = 3, .other_loss_s = 1, .went = false};
    double sum = 0;
    for (std::size_t i = 0; i < kSocialAngles; ++i) {
        expected[i] *= 1 - goes_first(social_angle(i), yields);
        sum += expected[i];
    }
    const double before = mean_social_angle(social);
    update_social(social, yields);
    for (std::size_t i = 0; i < kSocialAngles; ++i)
        EXPECT_NEAR(social[i], expected[i] / sum, 1e-12);
    EXPECT_GT(mean_social_angle(social), before);
}

TEST(Social, ManyChoicesRevealTheAngle) {
    for (const double angle : {0.0, kPi / 6, kPi / 3}) {
        SocialBelief social = social_prior(kPi / 6, kPi / 6);
        const Key key = Key(3).with(static_cast<std::uint64_t>(100 * angle));
        for (std::uint64_t i = 0; i < 400; ++i) {
            PriorityChoice choice{.own_gain_s = key.uniform(0, 5, 3 * i),
                                  .other_loss_s = key.uniform(0, 5, 3 * i + 1)};
            choice.went = key.uniform(3 * i + 2) < goes_first(angle, choice);
            update_social(social, choice);
        }
        EXPECT_NEAR(mean_social_angle(social), angle, 0.1);
    }
}

}  // namespace
}  // namespace huntsman::agents::beliefs
