// The formulas of the public closed-loop benchmarks, as pure functions of counted quantities.
//
// Their sources, pinned to revisions, stand in profiles.h. Each is checked by hand-computed cases.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/math/vec.h"

namespace huntsman::bridge::score {

// --- CARLA driving scores -----------------------------------------------------------------------

struct CarlaCounts {
    int pedestrian_collisions = 0;
    int vehicle_collisions = 0;
    int static_collisions = 0;
    int red_lights = 0;
    int stop_signs = 0;
    int timeouts = 0;                           // of scenarios
    int blocked = 0;                            // stood still until the run was ended
    double outside_lanes_share = 0;             // of the driven way, 0..1
    double route_completion = 0;                // 0..1
    std::vector<double> minimum_speed_percent;  // at each checkpoint, own speed over traffic's
};
struct CarlaScore {
    double route_completion_percent = 0;
    double penalty = 1;        // factor
    double driving_score = 0;  // completion × penalty, 0..100
};
// Leaderboard 2.1: penalty by a sum, all checkpoints together one infraction. Blocked counts as a
// timeout.
CarlaScore carla_score(const CarlaCounts& counts);
// Leaderboard 2.0: a product of factors, one for each infraction and each checkpoint below 100 %.
// To be blocked ends the route and costs nothing more.
CarlaScore carla_2_0_score(const CarlaCounts& counts);

// --- Bench2Drive --------------------------------------------------------------------------------

// The driving score of 2.0 without minimum speed: the benchmark's code has that infraction recorded
// and its factor switched off.
CarlaScore bench2drive_score(const CarlaCounts& counts);
// Route completed without any infraction but minimum speed.
bool bench2drive_success(const CarlaCounts& counts);
// Mean own speed over the traffic's at checkpoints [%]; values above 1000 are left out. NaN where
// there is none.
double bench2drive_efficiency(const std::vector<double>& minimum_speed_percent);

// One route's share in the multi-ability score.
enum class Ability { kMerging, kOvertaking, kEmergencyBrake, kGiveWay, kTrafficSigns };
inline constexpr std::array kAbilities = {Ability::kMerging, Ability::kOvertaking,
                                          Ability::kEmergencyBrake, Ability::kGiveWay,
                                          Ability::kTrafficSigns};
const char* name(Ability ability);  // "merging", ..., "traffic_signs"
struct AbilityRoute {
    std::vector<Ability> abilities;  // that its scenario asks for
    bool success = false;
    // Past its first junction without running a stop sign or red light; asked for traffic signs.
    bool signs_obeyed = false;
};
struct AbilityScores {
    std::array<double, kAbilities.size()>
        share{};      // 0..1 in the order of kAbilities; NaN: no route
    double mean = 0;  // over the abilities that have routes; NaN: none
};
// Successful routes of each ability. A route of traffic signs counts twice there: by its success
// and by its signs.
AbilityScores bench2drive_abilities(const std::vector<AbilityRoute>& routes);

// --- nuPlan closed-loop score -------------------------------------------------------------------

struct NuplanTerms {
    // Multipliers.
    double no_at_fault_collision = 1;  // max(0, 1 − n/(allowed+1)), the worst of the kinds
    double drivable_area = 1;          // 1 or 0
    double making_progress = 1;        // 1 where the progress ratio is at least 0.2
    double driving_direction = 1;      // 1, 0.5, 0
    // Weighted terms in 0..1.
    double progress = 1;           // weight 5
    double time_to_collision = 1;  // weight 5
    double speed_limit = 1;        // weight 4
    double comfort = 1;            // weight 2
};
double nuplan_score(const NuplanTerms& terms);  // 0..1

// allowed 0 for people and vehicles, 1 for objects.
double nuplan_collision_term(int collisions, int allowed);
// By the longest way against the direction of travel within one second [m].
double nuplan_direction_term(double against_m);
// max(0, 1 − ∫overspeed dt / (2.23 T)).
double nuplan_speed_term(double overspeed_integral_m, double duration_s);

// The ego's motion, ten a second: accelerations are means over the tenth of a second.
struct MotionSample {
    double longitudinal_mps2 = 0, lateral_mps2 = 0;
    double yaw_rad = 0;
};
constexpr double kMotionStep_s = 0.1;

// Bench2Drive's driving smoothness, 0..1: the share of comfortable segments of 20 samples (what is
// left over at the end does not count; up to 20 samples are one segment), each smoothed by itself
// over 7 samples (order 2) with nuPlan's bounds. Its code compares the yaw rate in deg/s, as CARLA
// gives it, with the bound of 0.95, and has no yaw acceleration. Fewer than three samples: NaN.
double bench2drive_smoothness(const std::vector<MotionSample>& motion);

// Values, or their derivatives, of least-squares polynomials through the `window` samples around
// each [Savitzky and Golay 1964]; the first and last half window by the polynomial of the outermost
// one. As scipy.signal.savgol_filter has it by default: an even window lies one sample more ahead
// than behind, and its polynomial is taken half a step ahead. Windows longer than the samples are
// as long as these. 0 <= derivative <= order < window.
std::vector<double> savitzky_golay(const std::vector<double>& values, int window, int order,
                                   int derivative, double step_s);

// What the ego's passengers feel at one moment, smoothed.
struct ComfortSample {
    double longitudinal_mps2 = 0, lateral_mps2 = 0;
    double jerk_mps3 = 0, longitudinal_jerk_mps3 = 0;
    double yaw_rate_rad_s = 0, yaw_acceleration_rad_s2 = 0;
};
bool comfortable(const ComfortSample& sample);
// By the devkit's filters (planning/metrics/utils/state_extractors.py): accelerations and their
// magnitude over 8 samples (order 2), jerks as derivatives of these over 15 (order 2), the
// derivatives of yaw over 5 (orders 2 and 3). Fewer than five samples tell nothing: no result.
// NAVSIM 1 has other windows for accelerations, and for jerks as derivatives of what 8 samples
// smoothed.
struct ComfortWindows {
    int acceleration = 8, jerk = 15;  // samples
};
std::vector<ComfortSample> comfort_samples(const std::vector<MotionSample>& motion,
                                           const ComfortWindows& windows = {});

// --- Detection ----------------------------------------------------------------------------------

// A box centre on the ground in one frame.
struct DetectionTruth {
    std::uint32_t frame = 0;
    engine::math::Vec2 centre{0, 0};
    bool ignore = false;  // hits neither count nor hurt (not visible)
};
struct Detection {
    std::uint32_t frame = 0;
    engine::math::Vec2 centre{0, 0};
    double score = 0;
};
constexpr std::array<double, 4> kMatchDistances_m = {0.5, 1.0, 2.0, 4.0};

// Average precision in nuScenes' manner: predictions in order of score (ties by frame, then place),
// each matched to the closest free truth of its frame within the distance; precision interpolated
// at 101 recalls, cut at recall and precision 0.1 and rescaled to 0..1. Without truths it is NaN.
double average_precision(std::vector<Detection> detections,
                         const std::vector<DetectionTruth>& truths, double match_distance_m);

// A box on the ground in one frame, for the errors of true positives.
struct DetectionBox {
    std::uint32_t frame = 0;
    engine::math::Vec2 centre{0, 0};
    engine::math::Vec3 size_m{0, 0, 0};  // length, width, height; > 0
    double yaw_rad = 0;
    engine::math::Vec2 velocity_mps{0, 0};
    double score = 0;     // of predictions
    bool ignore = false;  // of truths
};
// Mean errors of one class's true positives at 2 m, averaged over recalls from 0.11 to the highest
// reached. All are 1 where that is below 0.11; NaN without truths.
struct TruePositiveErrors {
    double translation_m = 0;
    double scale = 0;            // 1 - IoU of aligned boxes
    double orientation_rad = 0;  // 0..π
    double velocity_mps = 0;
};
TruePositiveErrors true_positive_errors(std::vector<DetectionBox> detections,
                                        const std::vector<DetectionBox>& truths);
// Mean over classes; those that are NaN do not count.
TruePositiveErrors mean_errors(const std::vector<TruePositiveErrors>& classes);
// (5 mAP + Σ max(0, 1 - error)) / 9 over four errors. The nuScenes detection score has a fifth, of
// attributes, which nobody predicts here: this is not NDS.
double detection_score_without_attributes(double mean_ap, const TruePositiveErrors& errors);

// [Savitzky and Golay 1964] A. Savitzky, M. J. E. Golay, Smoothing and Differentiation of Data by
//   Simplified Least Squares Procedures, Analytical Chemistry 36.
}  // namespace huntsman::bridge::score
