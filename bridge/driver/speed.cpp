#include "bridge/driver/speed.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "bridge/driver/demand.h"
#include "bridge/driver/pedals.h"
#include "engine/driving/motion.h"

namespace huntsman::bridge::driver {

namespace {

constexpr double kSlowing_mps2 = 1.5;  // before bends and lower limits

// The speed at which `there_mps` is reached within `distance_m`.
double slowed_mps(double there_mps, double distance_m) {
    return std::sqrt(there_mps * there_mps + 2.0 * kSlowing_mps2 * distance_m);
}

}  // namespace

Passage::Passage(const std::vector<std::pair<double, double>>& s_and_cap_mps, double speed_mps) {
    constexpr double kStart_mps2 = 1.5;  // gentle
    constexpr double kSlow_mps = 2.0;    // slower cars have yet to build their acceleration up
    constexpr double kLeast_mps = 0.3;   // keeps times finite
    // Half the time in which the acceleration builds up, for whoever has not begun to.
    double t = 0.5 * kStart_mps2 / kLaunchJerk_mps3 * std::max(0.0, 1.0 - speed_mps / kSlow_mps);
    double s = 0.0, v = speed_mps;
    points_.emplace_back(s, t);
    for (const auto& [s_m, cap_mps] : s_and_cap_mps) {
        if (s_m <= s) continue;
        const double step = s_m - s;
        const double faster = std::sqrt(v * v + 2.0 * kStart_mps2 * step);
        const double slower = std::sqrt(std::max(0.0, v * v - 2.0 * kComfortBrake_mps2 * step));
        const double next = std::clamp(cap_mps, slower, std::max(slower, faster));
        t += step / std::max(kLeast_mps, 0.5 * (v + next));
        s = s_m;
        v = next;
        points_.emplace_back(s, t);
    }
    last_mps_ = std::max(kLeast_mps, v);
}

double Passage::time_s(double s_m) const {
    if (s_m <= 0.0) return 0.0;
    const auto after = std::lower_bound(points_.begin(), points_.end(), s_m,
                                        [](const auto& p, double s) { return p.first < s; });
    if (after == points_.end()) {
        return points_.back().second + (s_m - points_.back().first) / last_mps_;
    }
    const auto before = after - 1;
    const double share = (s_m - before->first) / (after->first - before->first);
    return before->second + share * (after->second - before->second);
}

double highest_speed_mps(const messages::RoutePoint& point) {
    constexpr double kComfortLateral_mps2 = 2.2;  // in bends
    constexpr double kLevelBank = 0.03;           // a slope across that drivers do not feel
    constexpr double kStraight_per_m = 1e-4, kLeastCosine2 = 0.1;
    const double bend = std::max(kStraight_per_m, std::abs(point.curvature_per_m()));
    const double cosine = std::sqrt(std::max(kLeastCosine2, 1.0 - point.bank() * point.bank()));
    // Across the slope less of the bend is felt.
    const double felt_per_m = std::copysign(bend * cosine, point.curvature_per_m());
    const double bank = std::abs(point.bank()) > kLevelBank ? point.bank() : 0.0;
    return std::min(point.speed_limit_mps(),
                    engine::driving::bend_speed_mps(kComfortLateral_mps2, felt_per_m, bank));
}

SpeedPlan plan_speed(const messages::Route& route, double speed_mps) {
    constexpr double kBehind_m = 1.0;  // points just passed still count, and so near ahead at once
    double desired = std::numeric_limits<double>::infinity();
    std::vector<std::pair<double, double>> caps;
    for (const auto& point : route.points()) {
        if (point.s_m() < -kBehind_m) continue;
        const double here = highest_speed_mps(point);
        caps.emplace_back(point.s_m(), here);
        desired = std::min(desired, slowed_mps(here, std::max(0.0, point.s_m() - kBehind_m)));
    }
    // Slowing for a bend begins before it.
    for (std::size_t i = caps.size(); i-- > 1;) {
        caps[i - 1].second = std::min(
            caps[i - 1].second, slowed_mps(caps[i].second, caps[i].first - caps[i - 1].first));
    }
    return {desired, Passage(caps, speed_mps)};
}

}  // namespace huntsman::bridge::driver
