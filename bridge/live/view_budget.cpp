#include "bridge/live/view_budget.h"

#include <algorithm>
#include <cmath>

namespace huntsman::bridge::live {

void ViewBudget::add(double megapixels, double ms) {
    constexpr double kForget = 0.85;
    if (!(megapixels > 0 && ms >= 0)) return;
    // The pixels' share of a round's time so far.
    constexpr double kLeast = 0.5;
    const double share =
        weight_ == 0 || y_ <= 0 ? kLeast : std::max(kLeast, ms_per_megapixel_ * x_ / y_);
    for (double* sum : {&weight_, &x_, &y_, &xx_, &xy_}) *sum *= kForget;
    weight_ += 1;
    x_ += megapixels;
    y_ += ms;
    xx_ += megapixels * megapixels;
    xy_ += megapixels * ms;
    const double x = x_ / weight_, y = y_ / weight_;
    // A line through the rounds, where they differ enough to tell one; else the pixels keep their
    // share, and at least half: should that be wrong, the next sizes tell.
    constexpr double kDiffer = 0.1;
    const double variance = xx_ / weight_ - x * x;
    if (variance > kDiffer * kDiffer * x * x) {
        ms_per_megapixel_ = std::max(0.0, (xy_ / weight_ - x * y) / variance);
    } else {
        ms_per_megapixel_ = share * y / x;
    }
    ms_per_megapixel_ = std::min(ms_per_megapixel_, y / x);
    fixed_ms_ = y - ms_per_megapixel_ * x;
}

double ViewBudget::scale(double megapixels, double budget_ms, double smallest) const {
    if (weight_ == 0 || !(megapixels > 0)) return std::max(0.5, smallest);
    const double for_pixels_ms = std::max(budget_ms - fixed_ms_, 0.5 * fixed_ms_);
    const double all_ms = ms_per_megapixel_ * megapixels;
    if (all_ms <= for_pixels_ms) return 1;
    return std::clamp(std::sqrt(for_pixels_ms / all_ms), smallest, 1.0);
}

}  // namespace huntsman::bridge::live
