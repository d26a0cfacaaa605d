#include "bridge/gate/sequential.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <numeric>

#include "engine/core/random.h"

namespace huntsman::bridge::gate {

using engine::core::Error;
using engine::core::Result;

namespace {

constexpr double kLeastStep = 0.01;
constexpr double kNothing = 1e-12;
// Standard deviations beyond which there is no mass worth counting.
constexpr double kFar = 8;

const boost::math::normal kNormal;

// The distribution of the statistic, a Brownian motion at the time of a look, where no look has
// stopped it yet: its density at an odd number of places from -bound to bound.
class Continuing {
  public:
    // The start: all mass at 0.
    Continuing() = default;

    // Probability to be within ±bound after a step of this deviation.
    double within(double bound, double deviation) const {
        if (density_.empty()) return 1.0 - 2.0 * cdf(complement(kNormal, bound / deviation));
        return integral([&](double x) {
            return cdf(kNormal, (bound - x) / deviation) - cdf(kNormal, (-bound - x) / deviation);
        });
    }
    Continuing after(double bound, double deviation) const {
        Continuing next;
        next.bound_ = bound;
        next.density_.resize(kPlaces);
        for (int i = 0; i < kPlaces; ++i) {
            const double y = next.place(i);
            const auto arriving = [&](double x) {
                return pdf(kNormal, (y - x) / deviation) / deviation;
            };
            next.density_[static_cast<std::size_t>(i)] =
                density_.empty() ? arriving(0.0) : integral(arriving);
        }
        return next;
    }

  private:
    static constexpr int kPlaces = 801;  // six digits of a boundary at steps of 0.01

    double place(int i) const { return bound_ * (2.0 * i / (kPlaces - 1) - 1.0); }
    // Of density times a function, by Simpson's rule.
    double integral(const auto& function) const {
        double sum = 0;
        for (int i = 0; i < kPlaces; ++i) {
            const double weight = i == 0 || i == kPlaces - 1 ? 1 : i % 2 == 1 ? 4 : 2;
            sum += weight * density_[static_cast<std::size_t>(i)] * function(place(i));
        }
        return sum * (2.0 * bound_ / (kPlaces - 1)) / 3.0;
    }

    double bound_ = 0;
    std::vector<double> density_;
};

}  // namespace

double spent(Spending spending, double share, double level) {
    if (share <= 0.0) return 0.0;
    if (share >= 1.0) return level;
    if (spending == Spending::kPocock) return level * std::log1p((std::exp(1.0) - 1.0) * share);
    // Each side spends half of the level by the one-sided function.
    const double z = quantile(complement(kNormal, 0.25 * level));
    return 4.0 * cdf(complement(kNormal, z / std::sqrt(share)));
}

Result<std::vector<double>> look_levels(Spending spending, std::span<const double> shares,
                                        double level) {
    if (!(level > 0.0 && level < 0.5)) {
        return Error{
            fmt::format("the level of the looks is {}; expected a value between 0 and 0.5", level)};
    }
    double before = 0;
    for (const double share : shares) {
        // The tolerance lets shares be written as sums of hundredths.
        if (!(share >= before + kLeastStep - 1e-9 && share <= 1.0)) {
            return Error{fmt::format(
                "a look at the share {} of the cells comes after {}; expected shares up to 1 that "
                "grow by at least {}",
                share, before, kLeastStep)};
        }
        before = share;
    }

    std::vector<double> levels;
    Continuing continuing;
    double time = 0, used = 0, left = 1;
    for (const double share : shares) {
        const double deviation = std::sqrt(share - time), whole = std::sqrt(share);
        const double to_spend = spent(spending, share, level) - used;
        double bound = kFar * whole;
        if (to_spend > kNothing) {
            const auto surplus = [&](double b) {
                return left - continuing.within(b, deviation) - to_spend;
            };
            std::uintmax_t steps = 100;
            const auto found = boost::math::tools::toms748_solve(
                surplus, 1e-3 * whole, bound, boost::math::tools::eps_tolerance<double>(40), steps);
            bound = found.second;
            used += to_spend;
            levels.push_back(2.0 * cdf(complement(kNormal, bound / whole)));
        } else {
            levels.push_back(0.0);
        }
        left = continuing.within(bound, deviation);
        continuing = continuing.after(bound, deviation);
        time = share;
    }
    return levels;
}

std::vector<std::size_t> running_order(std::span<const std::string> names, std::uint64_t seed) {
    const auto key = engine::core::Key(seed).with("running order");
    std::vector<std::size_t> order(names.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        const auto of_a = key.with(names[a]).bits(), of_b = key.with(names[b]).bits();
        return of_a != of_b ? of_a < of_b : names[a] < names[b];
    });
    return order;
}

}  // namespace huntsman::bridge::gate
