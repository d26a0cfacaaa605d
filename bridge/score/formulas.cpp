#include "bridge/score/formulas.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "engine/core/check.h"

namespace huntsman::bridge::score {

CarlaScore carla_score(const CarlaCounts& counts) {
    double sum = 1.0 * counts.pedestrian_collisions + 0.7 * counts.vehicle_collisions +
                 0.6 * counts.static_collisions + 0.4 * counts.red_lights +
                 0.25 * counts.stop_signs + 0.4 * counts.timeouts;
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

std::vector<ComfortSample> comfort_samples(const std::vector<MotionSample>& motion) {
    constexpr std::size_t kLeast = 5;
    constexpr int kAcceleration = 8, kJerk = 15, kYaw = 5;
    if (motion.size() < kLeast) return {};
    std::vector<double> lon, lat, magnitude, yaw;
    double turned = 0.0;  // without the leaps of wrapped angles
    for (std::size_t i = 0; i < motion.size(); ++i) {
        const MotionSample& m = motion[i];
        lon.push_back(m.longitudinal_mps2);
        lat.push_back(m.lateral_mps2);
        magnitude.push_back(std::hypot(m.longitudinal_mps2, m.lateral_mps2));
        if (i > 0) turned += engine::math::wrap_angle(m.yaw_rad - motion[i - 1].yaw_rad);
        yaw.push_back(turned);
    }
    const auto smooth = [&](const std::vector<double>& a) {
        return savitzky_golay(a, kAcceleration, 2, 0, kMotionStep_s);
    };
    const auto jerk = [&](const std::vector<double>& a) {
        return savitzky_golay(a, kJerk, 2, 1, kMotionStep_s);
    };
    lon = smooth(lon);
    lat = smooth(lat);
    const auto lon_jerk = jerk(lon), any_jerk = jerk(smooth(magnitude));
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
        const double recall = i / 100.0;
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

}  // namespace huntsman::bridge::score
