#include "bridge/score/formulas.h"

#include <gtest/gtest.h>

#include <cmath>

#include "bridge/score/perception.h"

namespace huntsman::bridge::score {
namespace {

constexpr double kTiny = 1e-12;

TEST(CarlaScore, CleanCompletedRouteIsFullMarks) {
    const CarlaScore score = carla_score({.route_completion = 1.0});
    EXPECT_NEAR(score.driving_score, 100.0, kTiny);
    EXPECT_NEAR(score.penalty, 1.0, kTiny);
}

TEST(CarlaScore, InfractionsAddUpInTheDenominatorAsInVersion21) {
    // 1 pedestrian (1.0) + 2 vehicles (0.7 each) + 1 static (0.6) + 1 red light (0.4) + 1 stop sign
    // (0.25) + 1 timeout (0.4) = 4.05; penalty 0.9 / 5.05 with 10 % outside lanes; completion 50 %.
    const CarlaScore score = carla_score({.pedestrian_collisions = 1,
                                          .vehicle_collisions = 2,
                                          .static_collisions = 1,
                                          .red_lights = 1,
                                          .stop_signs = 1,
                                          .timeouts = 1,
                                          .outside_lanes_share = 0.1,
                                          .route_completion = 0.5});
    EXPECT_NEAR(score.penalty, 0.9 / 5.05, kTiny);
    EXPECT_NEAR(score.driving_score, 50.0 * 0.9 / 5.05, 1e-10);
}

TEST(CarlaScore, DrivingAtHalfTheTrafficsSpeedCostsAFifthOfTheDenominator) {
    // 0.4 (1 − 50/100) = 0.2.
    const CarlaScore score =
        carla_score({.route_completion = 1.0, .minimum_speed_percent = {40.0, 60.0}});
    EXPECT_NEAR(score.penalty, 1.0 / 1.2, kTiny);
}

// One of each: 0.5 · 0.6² · 0.65 · 0.7 · 0.8 · 0.7 = 0.045864.
CarlaCounts one_of_each() {
    return {.pedestrian_collisions = 1,
            .vehicle_collisions = 2,
            .static_collisions = 1,
            .red_lights = 1,
            .stop_signs = 1,
            .timeouts = 1,
            .blocked = 1,
            .outside_lanes_share = 0.1,
            .route_completion = 0.5,
            .minimum_speed_percent = {40.0, 150.0, 80.0}};
}

TEST(CarlaScore, ToBeBlockedCountsAsATimeoutInVersion21) {
    const CarlaScore score = carla_score({.blocked = 1, .route_completion = 0.5});
    EXPECT_NEAR(score.driving_score, 50.0 / 1.4, kTiny);
}

TEST(Carla20Score, InfractionsMultiplyAndEachSlowCheckpointIsOne) {
    // Checkpoints 40, 150 and 80 %: (1 - 0.3·0.6) · 1 · (1 - 0.3·0.2) = 0.82 · 0.94 = 0.7708.
    const CarlaScore score = carla_2_0_score(one_of_each());
    EXPECT_NEAR(score.penalty, 0.045864 * 0.9 * 0.7708, kTiny);
    EXPECT_NEAR(score.driving_score, 50.0 * 0.045864 * 0.9 * 0.7708, 1e-10);
    EXPECT_EQ(carla_2_0_score({.blocked = 1, .route_completion = 0.5}).driving_score, 50.0);
}

TEST(Bench2Drive, DrivingScoreLeavesMinimumSpeedOut) {
    EXPECT_NEAR(bench2drive_score(one_of_each()).driving_score, 50.0 * 0.045864 * 0.9, 1e-10);
}

TEST(Bench2Drive, SuccessIsACompletedRouteWithoutInfractionsButMinimumSpeed) {
    EXPECT_TRUE(bench2drive_success({.route_completion = 1, .minimum_speed_percent = {3.0}}));
    EXPECT_FALSE(bench2drive_success({.route_completion = 0.999}));
    EXPECT_FALSE(bench2drive_success({.stop_signs = 1, .route_completion = 1}));
    EXPECT_FALSE(bench2drive_success({.blocked = 1, .route_completion = 1}));
    EXPECT_FALSE(bench2drive_success({.outside_lanes_share = 0.01, .route_completion = 1}));
}

TEST(Bench2Drive, EfficiencyIsTheMeanOfWhatIsNotAbsurd) {
    // (50 + 190) / 2; 1479 % is left out.
    EXPECT_EQ(bench2drive_efficiency({50.0, 1479.0, 190.0}), 120.0);
    EXPECT_TRUE(std::isnan(bench2drive_efficiency({1001.0})));
}

TEST(Bench2Drive, SmoothnessIsTheShareOfComfortableSegments) {
    // 65 samples: three segments of 20; the five left over do not count.
    std::vector<MotionSample> motion(65);
    EXPECT_EQ(bench2drive_smoothness(motion), 1.0);
    // 3 m/s² throughout the second segment is more than 2.4; each segment is filtered by itself.
    for (std::size_t i = 20; i < 40; ++i) motion[i].longitudinal_mps2 = 3.0;
    EXPECT_NEAR(bench2drive_smoothness(motion), 2.0 / 3.0, kTiny);
    // In the last segment the yaw grows by 0.1 rad/s, 5.7 deg/s: more than 0.95.
    for (std::size_t i = 40; i < 65; ++i) motion[i].yaw_rad = 0.01 * static_cast<double>(i);
    EXPECT_NEAR(bench2drive_smoothness(motion), 1.0 / 3.0, kTiny);
    // 0.9 deg/s is not.
    for (std::size_t i = 40; i < 65; ++i) motion[i].yaw_rad = 0.00157 * static_cast<double>(i);
    EXPECT_NEAR(bench2drive_smoothness(motion), 2.0 / 3.0, kTiny);
    EXPECT_TRUE(std::isnan(bench2drive_smoothness({{}, {}})));
    EXPECT_EQ(bench2drive_smoothness(std::vector<MotionSample>(20)), 1.0);
}

TEST(Bench2Drive, AbilitiesCountTrafficSignsTwice) {
    using enum Ability;
    const AbilityScores scores = bench2drive_abilities({{{kMerging, kTrafficSigns}, true, true},
                                                        {{kMerging}, false, false},
                                                        {{kMerging, kTrafficSigns}, false, true},
                                                        {{kGiveWay}, false, false}});
    // Merging 1 of 3; signs: successes 1 of 2, signs 2 of 2: 3 of 4; give way 0 of 1.
    EXPECT_NEAR(scores.share[0], 1.0 / 3.0, kTiny);
    EXPECT_TRUE(std::isnan(scores.share[1]));
    EXPECT_EQ(scores.share[3], 0.0);
    EXPECT_EQ(scores.share[4], 0.75);
    EXPECT_NEAR(scores.mean, (1.0 / 3.0 + 0.0 + 0.75) / 3.0, kTiny);
    EXPECT_STREQ(name(kEmergencyBrake), "emergency_brake");
}

TEST(NuplanScore, WeightsAndMultipliersMatchAHandComputedCase) {
    NuplanTerms terms;
    EXPECT_NEAR(nuplan_score(terms), 1.0, kTiny);
    terms.progress = 0.6;
    terms.time_to_collision = 0.0;
    terms.speed_limit = 0.9;
    terms.driving_direction = 0.5;
    // 0.5 (5·0.6 + 5·0 + 4·0.9 + 2·1) / 16
    EXPECT_NEAR(nuplan_score(terms), 0.5 * 8.6 / 16.0, kTiny);
    terms.drivable_area = 0.0;
    EXPECT_EQ(nuplan_score(terms), 0.0);
}

TEST(NuplanTerms, CollisionsDirectionAndSpeedFollowTheirDefinitions) {
    EXPECT_EQ(nuplan_collision_term(0, 0), 1.0);
    EXPECT_EQ(nuplan_collision_term(1, 0), 0.0);
    EXPECT_EQ(nuplan_collision_term(1, 1), 0.5);
    EXPECT_EQ(nuplan_collision_term(2, 1), 0.0);
    EXPECT_EQ(nuplan_direction_term(1.9), 1.0);
    EXPECT_EQ(nuplan_direction_term(2.1), 0.5);
    EXPECT_EQ(nuplan_direction_term(6.1), 0.0);
    // 10 s at 1.115 m/s too fast: 1 − 11.15 / 22.3 = 0.5.
    EXPECT_NEAR(nuplan_speed_term(11.15, 10.0), 0.5, kTiny);
    EXPECT_EQ(nuplan_speed_term(1000, 10), 0.0);
}

TEST(SavitzkyGolay, MatchesSciPyInsideAndAtTheEdges) {
    // scipy.signal.savgol_filter 1.16, mode "interp".
    const std::vector<double> x = {0, 0, 0, 1, 3, 2, 5, 4, 4, 7, 6, 9, 3, 1, 0, 2, 8, 5};
    const auto expect = [&](int window, int order, int derivative, std::vector<double> known) {
        const auto y = savitzky_golay(x, window, order, derivative, 0.1);
        ASSERT_EQ(y.size(), known.size());
        for (std::size_t i = 0; i < y.size(); ++i) EXPECT_NEAR(y[i], known[i], 2e-7) << i;
    };
    expect(8, 2, 0,
           {-0.375, 0.101190476, 0.660714286, 1.303571429, 2.71875, 3.3125, 4.125, 4.5, 6.125,
            6.59375, 6.5, 5.0, 2.4375, 1.9375, 1.952380952, 2.642857143, 4.214285714, 6.666666667});
    expect(15, 2, 1,
           {17.569650937, 15.421945701, 13.274240465, 11.126535229, 8.978829994, 6.831124758,
            4.683419522, 2.535714286, 1.428571429, 1.75, 1.035714286, 0.255171299, -0.525371687,
            -1.305914674, -2.08645766, -2.867000646, -3.647543633, -4.428086619});
    expect(5, 3, 2,
           {-28.571428571, 21.428571429, 71.428571429, -14.285714286, 14.285714286, -28.571428571,
            -28.571428571, 14.285714286, 42.857142857, 28.571428571, -200.0, -157.142857143,
            -57.142857143, 242.857142857, 271.428571429, 0.0, -600.0, -1200.0});
}

// Three seconds at rest, then `ramp_s` until 1.8 m/s² are reached.
std::vector<MotionSample> launch(double ramp_s) {
    std::vector<MotionSample> motion;
    for (int i = 0; i < 80; ++i) {
        const double t = 0.1 * i - 3.0;
        motion.push_back({.longitudinal_mps2 = 1.8 * std::clamp(t / ramp_s, 0.0, 1.0)});
    }
    return motion;
}

TEST(Comfort, ALaunchIsJudgedByTheDevkitsWindowsNotByItsSharpestTenth) {
    // 1.8 m/s² within a tenth of a second: 18 m/s³ raw; over 15 samples a step of one gives the sum
    // of 1..7 over that of their squares, twice: 28 / 280 a step, 1.8 m/s³, a little less as the
    // acceleration itself is smoothed.
    double hardest = 0;
    for (const auto& s : comfort_samples(launch(0.1))) {
        hardest = std::max(hardest, s.longitudinal_jerk_mps3);
        EXPECT_TRUE(comfortable(s));
    }
    EXPECT_NEAR(hardest, 1.75, 0.1);
    EXPECT_TRUE(comfort_samples({{}, {}, {}, {}}).empty());
}

TEST(Comfort, YawRateComesFromHeadingsAcrossTheirWrap) {
    std::vector<MotionSample> motion;
    for (int i = 0; i < 30; ++i) {
        motion.push_back({.yaw_rad = engine::math::wrap_angle(3.0 + 0.05 * i)});
    }
    for (const auto& s : comfort_samples(motion)) {
        EXPECT_NEAR(s.yaw_rate_rad_s, 0.5, 1e-9);
        EXPECT_NEAR(s.yaw_acceleration_rad_s2, 0.0, 1e-9);
    }
}

TEST(Comfort, EachBoundCounts) {
    EXPECT_TRUE(comfortable({}));
    EXPECT_TRUE(comfortable({.longitudinal_mps2 = -4.0}));
    EXPECT_FALSE(comfortable({.longitudinal_mps2 = -4.1}));
    EXPECT_FALSE(comfortable({.longitudinal_mps2 = 2.5}));
    EXPECT_FALSE(comfortable({.lateral_mps2 = 4.9}));
    EXPECT_FALSE(comfortable({.jerk_mps3 = 8.4}));
    EXPECT_FALSE(comfortable({.longitudinal_jerk_mps3 = -4.2}));
    EXPECT_FALSE(comfortable({.yaw_rate_rad_s = 0.96}));
    EXPECT_FALSE(comfortable({.yaw_acceleration_rad_s2 = 1.94}));
}

TEST(AveragePrecision, PerfectDetectionsGiveOneAndNoneGiveZero) {
    std::vector<DetectionTruth> truths;
    std::vector<Detection> detections;
    for (std::uint32_t i = 0; i < 20; ++i) {
        truths.push_back({i / 2, {5.0 * i, 1.0}});
        detections.push_back({i / 2, {5.0 * i + 0.3, 1.0}, 0.9 - 0.01 * i});
    }
    EXPECT_NEAR(average_precision(detections, truths, 0.5), 1.0, kTiny);
    EXPECT_EQ(average_precision({}, truths, 0.5), 0.0);
    EXPECT_TRUE(std::isnan(average_precision(detections, {}, 0.5)));
}

TEST(AveragePrecision, HalfFoundWithoutMistakeGivesTheHandComputedArea) {
    // Ten truths, five found, no false positive: precision 1 up to recall 0.5, 0 beyond.
    // Recalls 0.11 … 0.50 are 40 of 90 points at (1 − 0.1)/(1 − 0.1).
    std::vector<DetectionTruth> truths;
    std::vector<Detection> detections;
    for (std::uint32_t i = 0; i < 10; ++i) {
        truths.push_back({i, {0, 0}});
        if (i < 5) detections.push_back({i, {0.1, 0}, 0.9 - 0.01 * i});
    }
    EXPECT_NEAR(average_precision(detections, truths, 2.0), 40.0 / 90.0, 1e-9);
}

TEST(AveragePrecision, EachTruthIsMatchedOnceAndIgnoredOnesDoNotCount) {
    // Two detections of one truth: the second is a false positive at full recall.
    const std::vector<DetectionTruth> one = {{0, {0, 0}}};
    const double twice = average_precision({{0, {0, 0}, 0.9}, {0, {0.1, 0}, 0.8}}, one, 1.0);
    const double once = average_precision({{0, {0, 0}, 0.9}}, one, 1.0);
    EXPECT_NEAR(once, 1.0, kTiny);
    // Only the point at recall 1 sees the precision of one half: (89 · 0.9 + 0.4) / 90 / 0.9.
    EXPECT_NEAR(twice, (89 * 0.9 + 0.4) / 90 / 0.9, 1e-9);
    // The same second detection on an ignored truth neither helps nor hurts.
    const std::vector<DetectionTruth> with_ignored = {{0, {0, 0}}, {0, {5, 0}, true}};
    EXPECT_NEAR(average_precision({{0, {0, 0}, 0.9}, {0, {5, 0}, 0.8}}, with_ignored, 1.0), 1.0,
                kTiny);
    // Another frame's truth is no match.
    EXPECT_EQ(average_precision({{1, {0, 0}, 0.9}}, one, 1.0), 0.0);
}

TEST(TimeToCollision, HeadOnBrakesDownToTheGapOverTheClosingSpeed) {
    using engine::math::Box2;
    const Box2 a{{0, 0}, 0, {2, 1}}, b{{24, 0}, 0, {2, 1}};
    // Gap 20 m at 10 m/s: 2.0 s; on the 0.1 s grid exactly 2.0 (up to rounding one step later).
    EXPECT_NEAR(time_to_collision_s(a, {10, 0}, b, {0, 0}), 2.0, 0.1001);
    EXPECT_TRUE(std::isinf(time_to_collision_s(a, {5, 0}, b, {5, 0})));
    EXPECT_TRUE(std::isinf(time_to_collision_s(a, {10, 3}, b, {0, 0})));
}

sensors::labels::TrueObject car_at(engine::world::ActorId id, double x, double y) {
    sensors::labels::TrueObject object;
    object.id = id;
    object.semantic = engine::world::Semantic::kCar;
    object.centre_B = {x, y, 0.7};
    object.size_m = {4.5, 1.8, 1.5};
    object.distance_m = std::hypot(x, y);
    object.pixels = 1000;
    object.visible_share = 0.8;
    return object;
}

TEST(PerceptionJudge, ACloseCarThatIsNeverSeenIsReportedOnceAndAnInventedOneToo) {
    engine::world::State state;
    state.actors.resize(1);
    state.actors[0].id = engine::world::kEgo;
    messages::Perception ghost;
    auto* object = ghost.add_objects();
    object->set_object_class(messages::OBJECT_VEHICLE);
    object->set_score(0.9);
    object->set_x_m(-10);
    PerceptionJudge judge;
    for (int i = 0; i < 20; ++i) {
        state.time_us += 100000;
        judge.observe(state, ghost, {car_at(7, 12, 1)});
    }
    const auto findings = judge.take_findings();
    ASSERT_EQ(findings.size(), 2U);
    EXPECT_EQ(findings[0].kind, InfractionKind::kMissedObject);
    EXPECT_EQ(findings[0].other, 7U);
    EXPECT_EQ(findings[1].kind, InfractionKind::kInventedObject);
    EXPECT_EQ(judge.average_precision(PerceivedClass::kVehicle, 2.0, 30.0), 0.0);
}

DetectionBox box_at(double x, double score, double yaw = 0) {
    return {.centre = {x, 0}, .size_m = {4, 2, 1.5}, .yaw_rad = yaw, .score = score};
}

TEST(TruePositiveErrors, OfAHandComputedCase) {
    // Two truths. The first hit, at the score 0.9, is 0.5 m off, half as long (IoU 1/2) and 1 m/s
    // wrong; the second, at 0.6, 1 m off and turned by 0.2. A false one at 0.7 lies between.
    const std::vector<DetectionBox> truths = {box_at(0, 0), box_at(20, 0)};
    std::vector<DetectionBox> found = {box_at(0.5, 0.9), box_at(50, 0.7), box_at(21, 0.6, 0.2)};
    found[0].size_m.x = 2;
    found[0].velocity_mps = {0, 1};
    const TruePositiveErrors e = true_positive_errors(found, truths);
    // Recalls 0.5, 0.5, 1. Running means after the hits: translation 0.5, 0.75; scale 0.5, 0.25;
    // orientation 0, 0.1; velocity 1, 0.5. Recalls 0.11..0.49 have the score 0.9, the first means.
    // From 0.5 on the score falls from 0.7 to 0.6: as a share of the way from 0.6 to 0.9 it is
    // u = (1/3)·(1 - r)/0.5, and the mean is second + u·(first - second). Over r = 0.5..1 (51
    // points) u sums to (1/3)·25.5 = 8.5. 39 points before, 90 in all.
    EXPECT_NEAR(e.translation_m, (39 * 0.5 + 51 * 0.75 - 8.5 * 0.25) / 90, 1e-9);
    EXPECT_NEAR(e.scale, (39 * 0.5 + 51 * 0.25 + 8.5 * 0.25) / 90, 1e-9);
    EXPECT_NEAR(e.orientation_rad, (51 * 0.1 - 8.5 * 0.1) / 90, 1e-9);
    EXPECT_NEAR(e.velocity_mps, (39 * 1.0 + 51 * 0.5 + 8.5 * 0.5) / 90, 1e-9);
}

TEST(TruePositiveErrors, AreOneWhereNothingIsFoundAndNothingWithoutTruths) {
    EXPECT_EQ(true_positive_errors({box_at(30, 0.9)}, {box_at(0, 0)}).scale, 1.0);
    EXPECT_TRUE(std::isnan(true_positive_errors({box_at(0, 0.9)}, {}).translation_m));
    // One of ten truths: recall 0.1 is not above the least one.
    std::vector<DetectionBox> ten;
    for (int i = 0; i < 10; ++i) ten.push_back(box_at(10.0 * i, 0));
    EXPECT_EQ(true_positive_errors({box_at(0, 0.9)}, ten).translation_m, 1.0);
}

TEST(DetectionScore, HasNineParts) {
    // (5·0.4 + 0.7 + 0.8 + 0 + 0.5)/9; an error above 1 is worth 0, not less.
    EXPECT_NEAR(detection_score_without_attributes(0.4, {0.3, 0.2, 1.5, 0.5}), 4.0 / 9.0, kTiny);
    const double nan = std::nan("");
    const TruePositiveErrors mean = mean_errors({{0.2, 0.4, 0.6, 0.8}, {nan, nan, nan, nan}});
    EXPECT_EQ(mean.velocity_mps, 0.8);
}

TEST(PerceptionJudge, GroundTruthAsPredictionGivesAverageOneAndNoFinding) {
    engine::world::State state;
    state.actors.resize(1);
    state.actors[0].id = engine::world::kEgo;
    PerceptionJudge judge;
    for (int i = 0; i < 30; ++i) {
        messages::Perception seen;
        std::vector<sensors::labels::TrueObject> truth;
        for (int k = 0; k < 3; ++k) {
            truth.push_back(car_at(10U + static_cast<unsigned>(k), 8.0 * (k + 1), k));
            auto* object = seen.add_objects();
            object->set_object_class(messages::OBJECT_VEHICLE);
            object->set_score(1.0);
            object->set_x_m(8.0 * (k + 1));
            object->set_y_m(k);
        }
        judge.observe(state, seen, truth);
    }
    EXPECT_TRUE(judge.take_findings().empty());
    for (const double match : kMatchDistances_m) {
        EXPECT_NEAR(judge.average_precision(PerceivedClass::kVehicle, match, 50), 1.0, kTiny);
    }
    EXPECT_TRUE(std::isnan(judge.average_precision(PerceivedClass::kPedestrian, 2.0, 40)));
    // They were perceived without sizes.
    EXPECT_NEAR(judge.true_positive_errors(PerceivedClass::kVehicle, 50).translation_m, 0.0, kTiny);
    EXPECT_NEAR(judge.true_positive_errors(PerceivedClass::kVehicle, 50).scale, 1.0, kTiny);
}

}  // namespace
}  // namespace huntsman::bridge::score
