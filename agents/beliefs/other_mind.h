// What one road user infers about the mind of another: has it seen me, what does it want, how much
// does it care for others. Pure functions; their state is plain data that stands in the track.
//
// Has seen me. A hidden Markov model with two states. While it has not seen me, it comes to at the
// rate h = notice · clear · exp(-angle² / (2 width²)) [1/s], with `clear` 0 where something stands
// between us and `angle` between its gaze and the direction to me. Having seen me it forgets at a
// rate of its own. Its reaction (brake lamps, slowing, a gait that stops) is an event that begins
// at one rate where it has seen me and at a lower one for other reasons.
//
// Goal. Inverse planning with a noisy-rational model [Baker 2009]: with the goal g somebody would
// accelerate by a_g; of the accelerations a_k in steps of kAccelerationStep_mps2 they choose a_k
// with a probability proportional to exp(-beta (a_k - a_g)²). Looks that follow closely repeat each
// other: a look counts in proportion to the time since the last, as so many independent decisions a
// second. Whether somebody indicates is a habit, so an indicator is not evidence anew with each
// look: the state holds what the motion tells, and `with_indicator` adds the lamps of now.
//
// Social value orientation [Schwarting 2019]: an angle phi, at which somebody weighs own gain by
// cos phi and that of others by sin phi: 0 is egoistic, 45 degrees weighs both alike. Each choice
// between going first and giving way is evidence, noisy-rational again.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "engine/math/vec.h"
#include "engine/world/ids.h"
#include "engine/world/mind.h"

namespace huntsman::agents::beliefs {

using engine::world::Goal;
using engine::world::GoalBelief;
using engine::world::GoalStates;
using engine::world::kFirstSocialAngle_rad;
using engine::world::kGoals;
using engine::world::kSocialAngles;
using engine::world::kSocialAngleStep_rad;
using engine::world::kStyles;
using engine::world::OtherMind;
using engine::world::SocialBelief;

// What is thought of somebody at first sight.
OtherMind first_thought_of(engine::world::Semantic kind);

// --- Has it seen me ---

struct SeenMeCue {
    double dt_s = 0;    // since the last cue; at least 0
    bool clear = true;  // nothing stands between its eyes and me
    // Between its gaze and the direction from it to me; nothing where its face is not visible.
    std::optional<double> gaze_off_rad = {};
    bool conflict = false;  // our ways meet, so that seeing me would be a reason to react
    bool reacts = false;    // brake lamps, slowing, a gait that stops
};
struct SeenMeModel {
    double notice_per_s = 2.0;  // looking straight at me
    double width_rad = 0.35;
    double unknown_gaze_share = 0.4;  // of notice_per_s, where the gaze is not visible
    double forget_per_s = 0.05;
    double reaction_per_s = 0.7;  // having seen me, in conflict
    double chance_per_s = 0.1;    // for other reasons
};
void update_seen_me(OtherMind& mind, const SeenMeCue& cue, const SeenMeModel& model);

// --- What does it want ---

enum class Indicator : std::uint8_t { kNone, kLeft, kRight };
struct GoalCue {
    double dt_s = 0;  // since the last cue; at least 0
    double speed_mps = 0;
    double acceleration_mps2 = 0;
    double distance_m = 0;  // to the stop line, to the kerb for people; at least 0, 0 beyond it
    double cruise_mps = 0;  // its speed where nothing hinders it
};
struct GoalModel {
    double beta = 0.8;  // [1/(m/s²)²]; the higher, the more rational
    double decisions_per_s = 1.0;
    double left_mps = 6.5, right_mps = 5;    // in the turn
    double comfort_mps2 = 2.0;               // braking for a turn or a stop
    double most_mps2 = 1.5;                  // accelerating
    double settle_s = 1.5;                   // time in which a wrong speed is put right
    double indicates = 0.75;                 // share of those who turn [Ponziani 2012]
    double indicates_wrongly = 0.03;         // of the others, each side
    double all_lit_m = 20, none_lit_m = 50;  // before the line: those who indicate have begun
    double change_per_s = 0.02;  // rate at which a goal is replaced by any of its kind's
};
constexpr double kAccelerationStep_mps2 = 0.5, kLeastAcceleration_mps2 = -6,
                 kMostAcceleration_mps2 = 3;

void update_goal(GoalStates& states, engine::world::Semantic kind, const GoalCue& cue,
                 const GoalModel& model);
// Equal probabilities for the goals that the kind can have, and for the styles.
GoalStates any_goal_of(engine::world::Semantic kind);
// The goals' probabilities, whatever the style.
GoalBelief goals_of(const GoalStates& states);
// Those given the lamps at this distance as well; for vehicles.
GoalBelief with_indicator(const GoalBelief& goal, Indicator shown, double distance_m,
                          const GoalModel& model);
// A walking person brakes and hesitates on another scale than a vehicle.
GoalModel goal_model_of(engine::world::Semantic kind);

// The acceleration that somebody of this goal and style would choose [m/s²].
double wanted_acceleration(Goal goal, std::size_t style, const GoalCue& cue,
                           const GoalModel& model);
// Probability of choosing the step nearest to `acceleration_mps2` where `wanted_mps2` is best.
double choice_probability(double acceleration_mps2, double wanted_mps2, double beta);

// --- How much does it care for others ---

struct PriorityChoice {
    double own_gain_s = 0;    // time that it gains by going first
    double other_loss_s = 0;  // time that the other loses by that
    bool went = false;        // took the gap instead of giving way
};
constexpr double kSocialBeta_per_s = 1.0;

// Probability that somebody of this angle goes first.
double goes_first(double social_rad, const PriorityChoice& choice,
                  double beta_per_s = kSocialBeta_per_s);
void update_social(SocialBelief& social, const PriorityChoice& choice,
                   double beta_per_s = kSocialBeta_per_s);
double social_angle(std::size_t i);                    // [rad]
double mean_social_angle(const SocialBelief& social);  // [rad]
// A normal distribution on the angles of the belief.
SocialBelief social_prior(double mean_rad, double sd_rad);

// References
// [Baker 2009] C. Baker, R. Saxe, J. Tenenbaum: Action understanding as inverse planning.
//     Cognition 113.
// [Ponziani 2012] R. Ponziani: Turn Signal Usage Rate Results. SAE 2012-01-0261.
// [Schwarting 2019] W. Schwarting et al.: Social behavior for autonomous vehicles. PNAS 116.

}  // namespace huntsman::agents::beliefs
