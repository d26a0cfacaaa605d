#include "bridge/score/formulas.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>

#include "engine/core/check.h"

namespace huntsman::bridge::score {

CarlaScore carla_score(const CarlaCounts& counts) {
    double sum = 1.0 * counts.pedestrian_collisions + 0.7 * counts.vehicle_collisions +
                 0.6 * counts.static_collisions + 0.4 * counts.red_lights +
                 0.25 * counts.stop_signs + 0.4 * (counts.timeouts + counts.blocked);
    // All checkpoints together count as one infraction of the mean shortfall.
    if (!counts.minimum_speed_percent.empty()) {
        double mean = 0.0;
        for (const double percent : counts.minimum_speed_percent) {
            mean += std::clamp(percent, 0.0, 100.0);
        }
        mean /= static_cast<double>(counts.minimum_speed_percent.size());
        sum += 0.4 * (1.0 - mean / 100.0);
    }
    CarlaScore score;
    score.route_completion_percent = 100.0 * std::clamp(counts.route_completion, 0.0, 1.0);
    score.penalty = (1.0 - std::clamp(counts.outside_lanes_share, 0.0, 1.0)) / (1.0 + sum);
    score.driving_score = score.route_completion_percent * score.penalty;
    return score;
}

namespace {

// The factors that CARLA 2.0 and Bench2Drive have in common.
double infraction_product(const CarlaCounts& c) {
    return std::pow(0.5, c.pedestrian_collisions) * std::pow(0.6, c.vehicle_collisions) *
           std::pow(0.65, c.static_collisions) * std::pow(0.7, c.red_lights) *
           std::pow(0.8, c.stop_signs) * std::pow(0.7, c.timeouts) *
           (1.0 - std::clamp(c.outside_lanes_share, 0.0, 1.0));
}

CarlaScore score_of(double route_completion, double penalty) {
    CarlaScore score;
    score.route_completion_percent = 100.0 * std::clamp(route_completion, 0.0, 1.0);
    score.penalty = penalty;
    score.driving_score = score.route_completion_percent * penalty;
    return score;
}

}  // namespace

CarlaScore carla_2_0_score(const CarlaCounts& counts) {
    double penalty = infraction_product(counts);
    for (const double percent : counts.minimum_speed_percent) {
        penalty *= 1.0 - 0.3 * (1.0 - std::clamp(percent, 0.0, 100.0) / 100.0);
    }
    return score_of(counts.route_completion, penalty);
}

CarlaScore bench2drive_score(const CarlaCounts& counts) {
    return score_of(counts.route_completion, infraction_product(counts));
}

bool bench2drive_success(const CarlaCounts& c) {
    const int infractions = c.pedestrian_collisions + c.vehicle_collisions + c.static_collisions +
                            c.red_lights + c.stop_signs + c.timeouts + c.blocked;
    return c.route_completion >= 1.0 && infractions == 0 && c.outside_lanes_share <= 0.0;
}

double bench2drive_efficiency(const std::vector<double>& minimum_speed_percent) {
    double sum = 0.0;
    int count = 0;
    for (const double percent : minimum_speed_percent) {
        if (percent > 1000.0) continue;
        sum += percent;
        ++count;
    }
    return count > 0 ? sum / count : std::numeric_limits<double>::quiet_NaN();
}

const char* name(Ability ability) {
    switch (ability) {
        case Ability::kMerging:
            return "merging";
        case Ability::kOvertaking:
            return "overtaking";
        case Ability::kEmergencyBrake:
            return "emergency_brake";
        case Ability::kGiveWay:
            return "give_way";
        case Ability::kTrafficSigns:
            return "traffic_signs";
    }
    return "?";
}

AbilityScores bench2drive_abilities(const std::vector<AbilityRoute>& routes) {
    std::array<int, kAbilities.size()> trials{}, passed{};
    for (const AbilityRoute& route : routes) {
        for (const Ability ability : route.abilities) {
            const auto i = static_cast<std::size_t>(ability);
            ++trials[i];
            passed[i] += route.success;
            if (ability != Ability::kTrafficSigns) continue;
            ++trials[i];
            passed[i] += route.signs_obeyed;
        }
    }
    AbilityScores scores;
    double sum = 0.0;
    int known = 0;
    for (std::size_t i = 0; i < kAbilities.size(); ++i) {
        scores.share[i] = trials[i] > 0 ? static_cast<double>(passed[i]) / trials[i]
                                        : std::numeric_limits<double>::quiet_NaN();
        if (trials[i] == 0) continue;
        sum += scores.share[i];
        ++known;
    }
    scores.mean = known > 0 ? sum / known : std::numeric_limits<double>::quiet_NaN();
    return scores;
}

double nuplan_score(const NuplanTerms& t) {
    const double multiplier =
        t.no_at_fault_collision * t.drivable_area * t.making_progress * t.driving_direction;
    const double weighted =
        5.0 * t.progress + 5.0 * t.time_to_collision + 4.0 * t.speed_limit + 2.0 * t.comfort;
    return multiplier * weighted / (5.0 + 5.0 + 4.0 + 2.0);
}

double nuplan_collision_term(int collisions, int allowed) {
    return std::max(0.0, 1.0 - static_cast<double>(collisions) / (allowed + 1));
}

double nuplan_direction_term(double against_m) {
    return against_m < 2.0 ? 1.0 : against_m < 6.0 ? 0.5 : 0.0;
}

double nuplan_speed_term(double overspeed_integral_m, double duration_s) {
    if (duration_s <= 0.0) return 1.0;
    return std::max(0.0, 1.0 - overspeed_integral_m / (2.23 * duration_s));
}

bool comfortable(const ComfortSample& s) {
    return s.longitudinal_mps2 >= -4.05 && s.longitudinal_mps2 <= 2.40 &&
           std::abs(s.lateral_mps2) <= 4.89 && std::abs(s.jerk_mps3) <= 8.37 &&
           std::abs(s.longitudinal_jerk_mps3) <= 4.13 && std::abs(s.yaw_rate_rad_s) <= 0.95 &&
           std::abs(s.yaw_acceleration_rad_s2) <= 1.93;
}

namespace {

using Polynomial = std::vector<double>;  // coefficients, the constant first

double value(const Polynomial& p, double x, int derivative = 0) {
    double sum = 0.0;
    for (int k = static_cast<int>(p.size()) - 1; k >= derivative; --k) {
        double factor = 1.0;
        for (int j = 0; j < derivative; ++j) factor *= k - j;
        sum = sum * x + factor * p[static_cast<std::size_t>(k)];
    }
    return sum;
}

// Polynomials up to an order, orthogonal over the places of a window (from its middle), by
// Gram-Schmidt from the powers.
std::vector<Polynomial> orthogonal(const std::vector<double>& places, int order) {
    std::vector<Polynomial> basis;
    for (int k = 0; k <= order; ++k) {
        Polynomial p(static_cast<std::size_t>(k) + 1, 0.0);
        p.back() = 1.0;
        for (const Polynomial& q : basis) {
            double along = 0.0, norm = 0.0;
            for (const double x : places) {
                along += value(p, x) * value(q, x);
                norm += value(q, x) * value(q, x);
            }
            for (std::size_t i = 0; i < q.size(); ++i) p[i] -= along / norm * q[i];
        }
        basis.push_back(std::move(p));
    }
    return basis;
}

}  // namespace

std::vector<double> savitzky_golay(const std::vector<double>& values, int window, int order,
                                   int derivative, double step_s) {
    const int count = static_cast<int>(values.size());
    window = std::min(window, count);
    HM_CHECK(0 <= derivative && derivative <= order && order < window,
             "derivative {} of order {} over {} samples", derivative, order, window);
    const double middle = 0.5 * (window - 1);
    std::vector<double> places;
    for (int i = 0; i < window; ++i) places.push_back(i - middle);
    const std::vector<Polynomial> basis = orthogonal(places, order);
    // The polynomial through the window that begins at `first`, at a place from its middle.
    const auto fitted = [&](int first, double place) {
        double sum = 0.0;
        for (const Polynomial& p : basis) {
            double along = 0.0, norm = 0.0;
            for (int i = 0; i < window; ++i) {
                const double here = value(p, places[static_cast<std::size_t>(i)]);
                along += here * values[static_cast<std::size_t>(first + i)];
                norm += here * here;
            }
            sum += along / norm * value(p, place, derivative);
        }
        return sum / std::pow(step_s, derivative);
    };
    std::vector<double> out;
    const int half = window / 2, last = count - window;
    for (int i = 0; i < count; ++i) {
        if (i < half) {
            out.push_back(fitted(0, i - middle));
        } else if (i >= count - half) {
            out.push_back(fitted(last, i - last - middle));
        } else {
            out.push_back(fitted(i - (window - 1) / 2, 0.0));
        }
    }
    return out;
}

namespace {

// Yaw without the leaps of wrapped angles, from 0.
std::vector<double> unwrapped_yaw(const std::vector<MotionSample>& motion) {
    std::vector<double> yaw;
    double turned = 0.0;
    for (std::size_t i = 0; i < motion.size(); ++i) {
        if (i > 0) {
            turned += engine::math::wrap_angle(motion[i].yaw_rad - motion[i - 1].yaw_rad);
        }
        yaw.push_back(turned);
    }
    return yaw;
}

}  // namespace

std::vector<ComfortSample> comfort_samples(const std::vector<MotionSample>& motion,
                                           const ComfortWindows& windows) {
    constexpr std::size_t kLeast = 5;
    constexpr int kSmoothed = 8, kYaw = 5;
    if (motion.size() < kLeast) return {};
    std::vector<double> lon, lat, magnitude;
    for (const MotionSample& m : motion) {
        lon.push_back(m.longitudinal_mps2);
        lat.push_back(m.lateral_mps2);
        magnitude.push_back(std::hypot(m.longitudinal_mps2, m.lateral_mps2));
    }
    const std::vector<double> yaw = unwrapped_yaw(motion);
    const auto smooth = [&](const std::vector<double>& a, int window) {
        return savitzky_golay(a, window, 2, 0, kMotionStep_s);
    };
    const auto jerk = [&](const std::vector<double>& a) {
        return savitzky_golay(smooth(a, kSmoothed), windows.jerk, 2, 1, kMotionStep_s);
    };
    const auto lon_jerk = jerk(lon), any_jerk = jerk(magnitude);
    lon = smooth(lon, windows.acceleration);
    lat = smooth(lat, windows.acceleration);
    const auto yaw_rate = savitzky_golay(yaw, kYaw, 2, 1, kMotionStep_s);
    const auto yaw_acceleration = savitzky_golay(yaw, kYaw, 3, 2, kMotionStep_s);
    std::vector<ComfortSample> out;
    for (std::size_t i = 0; i < motion.size(); ++i) {
        out.push_back({.longitudinal_mps2 = lon[i],
                       .lateral_mps2 = lat[i],
                       .jerk_mps3 = any_jerk[i],
                       .longitudinal_jerk_mps3 = lon_jerk[i],
                       .yaw_rate_rad_s = yaw_rate[i],
                       .yaw_acceleration_rad_s2 = yaw_acceleration[i]});
    }
    return out;
}

namespace {

bool smooth_segment(const std::vector<MotionSample>& motion) {
    constexpr int kWindow = 7;
    std::vector<double> lon, lat, magnitude;
    for (const MotionSample& m : motion) {
        lon.push_back(m.longitudinal_mps2);
        lat.push_back(m.lateral_mps2);
        magnitude.push_back(std::hypot(m.longitudinal_mps2, m.lateral_mps2));
    }
    const auto filter = [&](const std::vector<double>& a, int derivative) {
        return savitzky_golay(a, kWindow, 2, derivative, kMotionStep_s);
    };
    lon = filter(lon, 0);
    lat = filter(lat, 0);
    const auto jerk = filter(filter(magnitude, 0), 1), lon_jerk = filter(lon, 1);
    const auto yaw_rate = filter(unwrapped_yaw(motion), 1);
    for (std::size_t i = 0; i < motion.size(); ++i) {
        const double degrees_s = yaw_rate[i] * 180.0 / engine::math::kPi;
        // As rad/s of the sample, which has the bound of 0.95 too.
        if (!comfortable({.longitudinal_mps2 = lon[i],
                          .lateral_mps2 = lat[i],
                          .jerk_mps3 = jerk[i],
                          .longitudinal_jerk_mps3 = lon_jerk[i],
                          .yaw_rate_rad_s = degrees_s})) {
            return false;
        }
    }
    return true;
}

}  // namespace

double bench2drive_smoothness(const std::vector<MotionSample>& motion) {
    constexpr std::size_t kSegment = 20, kLeast = 3;
    if (motion.size() < kLeast) return std::numeric_limits<double>::quiet_NaN();
    if (motion.size() <= kSegment) return smooth_segment(motion) ? 1.0 : 0.0;
    const std::size_t segments = motion.size() / kSegment;
    std::size_t smooth = 0;
    for (std::size_t i = 0; i < segments; ++i) {
        const auto first = motion.begin() + static_cast<std::ptrdiff_t>(i * kSegment);
        smooth += smooth_segment({first, first + kSegment});
    }
    return static_cast<double>(smooth) / static_cast<double>(segments);
}

namespace {

// As numpy.linspace has it: recalls often fall on a step exactly, where precision leaps.
constexpr double kRecallStep = 0.01;

}  // namespace

double average_precision(std::vector<Detection> detections,
                         const std::vector<DetectionTruth>& truths, double match_distance_m) {
    const auto wanted = std::count_if(truths.begin(), truths.end(),
                                      [](const DetectionTruth& truth) { return !truth.ignore; });
    if (wanted == 0) return std::numeric_limits<double>::quiet_NaN();
    std::sort(detections.begin(), detections.end(), [](const Detection& a, const Detection& b) {
        if (a.score != b.score) return a.score > b.score;
        if (a.frame != b.frame) return a.frame < b.frame;
        return a.centre.x != b.centre.x ? a.centre.x < b.centre.x : a.centre.y < b.centre.y;
    });
    std::map<std::uint32_t, std::vector<std::size_t>> by_frame;
    for (std::size_t i = 0; i < truths.size(); ++i) by_frame[truths[i].frame].push_back(i);

    // Greedy matching in order of score; what hits an ignored truth is left out of the count.
    std::vector<bool> taken(truths.size(), false);
    std::vector<double> precisions, recalls;
    int hits = 0, counted = 0;
    for (const Detection& detection : detections) {
        double best = match_distance_m;
        std::size_t match = truths.size();
        const auto frame = by_frame.find(detection.frame);
        if (frame != by_frame.end()) {
            for (const std::size_t i : frame->second) {
                if (taken[i]) continue;
                const double distance = glm::length(truths[i].centre - detection.centre);
                if (distance < best) {
                    best = distance;
                    match = i;
                }
            }
        }
        if (match < truths.size()) {
            taken[match] = true;
            if (truths[match].ignore) continue;
            ++hits;
        }
        ++counted;
        precisions.push_back(static_cast<double>(hits) / counted);
        recalls.push_back(static_cast<double>(hits) / static_cast<double>(wanted));
    }
    if (hits == 0) return 0.0;

    // Precision at recalls 0, 0.01, ..., 1 as numpy.interp gives it: linear in between, the last of
    // equal recalls, 0 beyond the end.
    constexpr int kPoints = 101;
    constexpr double kMinimum = 0.1;
    double sum = 0.0;
    int points = 0;
    std::size_t at = 0;
    for (int i = 0; i < kPoints; ++i) {
        const double recall = i * kRecallStep;
        while (at + 1 < recalls.size() && recalls[at + 1] <= recall) ++at;
        double precision = 0.0;
        if (recall == recalls.back()) {
            precision = precisions.back();
        } else if (recall < recalls.front()) {
            precision = precisions.front();
        } else if (recall < recalls.back()) {  // recalls[at] <= recall < recalls[at + 1]
            const double share = (recall - recalls[at]) / (recalls[at + 1] - recalls[at]);
            precision = precisions[at] + share * (precisions[at + 1] - precisions[at]);
        }
        if (recall <= kMinimum) continue;
        sum += std::max(0.0, precision - kMinimum);
        ++points;
    }
    return sum / points / (1.0 - kMinimum);
}

namespace {

// numpy.interp: linear between points of x in ascending order, constant beyond them; of equal x the
// last point.
double interpolated(double at, const std::vector<double>& x, const std::vector<double>& y) {
    const auto above = std::upper_bound(x.begin(), x.end(), at);
    if (above == x.begin()) return y.front();
    const auto i = static_cast<std::size_t>(above - x.begin()) - 1;
    if (above == x.end()) return y.back();
    return y[i] + (at - x[i]) / (x[i + 1] - x[i]) * (y[i + 1] - y[i]);
}

double scale_error(const DetectionBox& a, const DetectionBox& b) {
    const auto volume = [](const engine::math::Vec3& size) { return size.x * size.y * size.z; };
    const double shared = volume(glm::min(a.size_m, b.size_m));
    return 1.0 - shared / (volume(a.size_m) + volume(b.size_m) - shared);
}

// Detections in order of score that count, each with the truth that it matches, if any.
struct Matched {
    double score = 0;
    const DetectionBox* detection = nullptr;
    const DetectionBox* truth = nullptr;
};
std::vector<Matched> matched(std::vector<DetectionBox>& detections,
                             const std::vector<DetectionBox>& truths, double match_distance_m) {
    std::stable_sort(
        detections.begin(), detections.end(),
        [](const DetectionBox& a, const DetectionBox& b) { return a.score > b.score; });
    std::map<std::uint32_t, std::vector<std::size_t>> by_frame;
    for (std::size_t i = 0; i < truths.size(); ++i) by_frame[truths[i].frame].push_back(i);
    std::vector<bool> taken(truths.size(), false);
    std::vector<Matched> all;
    for (const DetectionBox& detection : detections) {
        double best = match_distance_m;
        std::size_t match = truths.size();
        for (const std::size_t i : by_frame[detection.frame]) {
            if (taken[i]) continue;
            const double distance = glm::length(truths[i].centre - detection.centre);
            if (distance >= best) continue;
            best = distance;
            match = i;
        }
        if (match == truths.size()) {
            all.push_back({detection.score, &detection, nullptr});
            continue;
        }
        taken[match] = true;
        if (!truths[match].ignore) all.push_back({detection.score, &detection, &truths[match]});
    }
    return all;
}

}  // namespace

TruePositiveErrors true_positive_errors(std::vector<DetectionBox> detections,
                                        const std::vector<DetectionBox>& truths) {
    constexpr double kMatch_m = 2.0;
    constexpr int kFirst = 11;  // round(100 · 0.1) + 1: the error at the least recall is left out
    const auto wanted = std::count_if(truths.begin(), truths.end(),
                                      [](const DetectionBox& truth) { return !truth.ignore; });
    const double nan = std::numeric_limits<double>::quiet_NaN();
    if (wanted == 0) return {nan, nan, nan, nan};

    // Recall and confidence after each detection, and running means of errors after each match.
    std::vector<double> recalls, scores, hit_scores;
    std::array<std::vector<double>, 4> means;
    std::array<double, 4> sums{};
    double hits = 0.0;
    for (const Matched& m : matched(detections, truths, kMatch_m)) {
        if (m.truth != nullptr) {
            ++hits;
            const std::array errors = {
                glm::length(m.truth->centre - m.detection->centre),
                scale_error(*m.truth, *m.detection),
                std::abs(engine::math::wrap_angle(m.truth->yaw_rad - m.detection->yaw_rad)),
                glm::length(m.truth->velocity_mps - m.detection->velocity_mps)};
            for (std::size_t e = 0; e < errors.size(); ++e) {
                sums[e] += errors[e];
                means[e].push_back(sums[e] / hits);
            }
            hit_scores.push_back(m.score);
        }
        recalls.push_back(hits / static_cast<double>(wanted));
        scores.push_back(m.score);
    }
    if (hits == 0.0) return {1.0, 1.0, 1.0, 1.0};
    // Interpolation by confidence wants it ascending.
    std::reverse(hit_scores.begin(), hit_scores.end());
    for (auto& mean : means) std::reverse(mean.begin(), mean.end());

    std::array<double, 4> totals{};
    int points = 0;
    for (int i = kFirst; i <= 100; ++i) {
        const double recall = i * kRecallStep;
        const double confidence =
            recall > recalls.back() ? 0.0 : interpolated(recall, recalls, scores);
        if (confidence <= 0.0) break;
        for (std::size_t e = 0; e < totals.size(); ++e) {
            totals[e] += interpolated(confidence, hit_scores, means[e]);
        }
        ++points;
    }
    if (points == 0) return {1.0, 1.0, 1.0, 1.0};
    return {totals[0] / points, totals[1] / points, totals[2] / points, totals[3] / points};
}

TruePositiveErrors mean_errors(const std::vector<TruePositiveErrors>& classes) {
    constexpr std::array kErrors = {&TruePositiveErrors::translation_m, &TruePositiveErrors::scale,
                                    &TruePositiveErrors::orientation_rad,
                                    &TruePositiveErrors::velocity_mps};
    TruePositiveErrors mean;
    for (const auto error : kErrors) {
        double sum = 0.0;
        int count = 0;
        for (const TruePositiveErrors& c : classes) {
            if (std::isnan(c.*error)) continue;
            sum += c.*error;
            ++count;
        }
        mean.*error = count > 0 ? sum / count : std::numeric_limits<double>::quiet_NaN();
    }
    return mean;
}

double detection_score_without_attributes(double mean_ap, const TruePositiveErrors& e) {
    double sum = 5.0 * mean_ap;
    for (const double error : {e.translation_m, e.scale, e.orientation_rad, e.velocity_mps}) {
        sum += std::isnan(error) ? error : std::max(0.0, 1.0 - error);
    }
    return sum / 9.0;
}

}  // namespace huntsman::bridge::score
