#include "engine/driving/swerve.h"

#include <algorithm>
#include <cmath>

namespace huntsman::engine::driving {

namespace {

// The offset moves as 3 x² − 2 x³: its second derivative is 6 at most, at both ends.
constexpr double kBend = 6.0;

double share(double s_m, double from_m, double to_m) {
    return std::clamp((s_m - from_m) / std::max(1e-6, to_m - from_m), 0.0, 1.0);
}
double smooth(double x) { return x * x * (3.0 - 2.0 * x); }

}  // namespace

double Swerve::at(double s_m) const {
    if (s_m < hold_m) return offset_m * smooth(share(s_m, begin_m, full_m));
    return offset_m * (1.0 - smooth(share(s_m, hold_m, end_m)));
}

double Swerve::slope(double s_m) const {
    const bool out = s_m < hold_m;
    const double from = out ? begin_m : hold_m, to = out ? full_m : end_m;
    const double x = share(s_m, from, to);
    return (out ? 1.0 : -1.0) * offset_m * 6.0 * x * (1.0 - x) / std::max(1e-6, to - from);
}

const Swerve* OffsetProfile::widest(double s_m) const {
    const Swerve* best = nullptr;
    double most = 0.0;
    for (const Swerve& swerve : swerves_) {
        const double offset = std::abs(swerve.at(s_m));
        if (offset <= most) continue;
        most = offset;
        best = &swerve;
    }
    return best;
}

double OffsetProfile::at(double s_m) const {
    const Swerve* swerve = widest(s_m);
    return swerve == nullptr ? 0.0 : swerve->at(s_m);
}

double OffsetProfile::slope(double s_m) const {
    const Swerve* swerve = widest(s_m);
    return swerve == nullptr ? 0.0 : swerve->slope(s_m);
}

double move_length_m(double offset_m, double speed_mps, double lateral_mps2) {
    return speed_mps * std::sqrt(kBend * std::abs(offset_m) / lateral_mps2);
}

double move_speed_mps(double offset_m, double length_m, double lateral_mps2) {
    return length_m * std::sqrt(lateral_mps2 / (kBend * std::max(1e-6, std::abs(offset_m))));
}

double shortest_move_m(double offset_m, double curvature_per_m) {
    return std::sqrt(kBend * std::abs(offset_m) / curvature_per_m);
}

}  // namespace huntsman::engine::driving
