#include "bridge/gate/statistics.h"

#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/non_central_t.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>

namespace huntsman::bridge::gate {

using engine::core::Key;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
// Sums of the same numbers in another order differ by less than this share.
constexpr double kRounding = 1e-12;

// Means of resamples of whole clusters, as distances from the mean in the resample's own standard
// errors.
std::vector<double> studentised_means(std::span<const Cluster> clusters, const Estimate& e,
                                      const Key& key, int resamples) {
    struct Residual {
        double sum, cells;
    };
    std::vector<Residual> residuals;
    for (const Cluster& c : clusters) {
        const double cells = static_cast<double>(c.cells);
        residuals.push_back({c.sum - cells * e.mean, cells});
    }
    const double g = static_cast<double>(residuals.size());
    // Below this share of the variance a resample holds equal clusters only, rounding aside.
    constexpr double kDegenerate = 1e-10;
    const double least = kDegenerate * e.standard_error * e.standard_error;

    std::vector<double> distances;
    distances.reserve(static_cast<std::size_t>(resamples));
    for (int r = 0; r < resamples; ++r) {
        const Key of_resample = key.with(static_cast<std::uint64_t>(r));
        double sum = 0, cells = 0, square = 0, product = 0, cell_square = 0;
        for (std::size_t i = 0; i < residuals.size(); ++i) {
            const Residual& d = residuals[of_resample.index(residuals.size(), i)];
            sum += d.sum;
            cells += d.cells;
            square += d.sum * d.sum;
            product += d.sum * d.cells;
            cell_square += d.cells * d.cells;
        }
        const double off = sum / cells;
        // Of the residuals from the resample's own mean.
        const double squares = square - off * (2.0 * product - off * cell_square);
        const double variance = g / (g - 1) * squares / (cells * cells);
        if (variance > least) {
            distances.push_back(off / std::sqrt(variance));
        } else {
            // Equal clusters have no standard error: they are infinitely far off.
            const bool at_mean = off * off <= least;
            distances.push_back(at_mean ? 0.0 : std::copysign(kInfinity, off));
        }
    }
    return distances;
}

double mean_of(const Cluster& c) { return c.sum / static_cast<double>(c.cells); }

// The mean that most clusters have.
double usual_mean(std::span<const Cluster> clusters) {
    std::vector<double> means;
    for (const Cluster& c : clusters) means.push_back(mean_of(c));
    std::ranges::sort(means);
    double usual = means.front();
    std::ptrdiff_t most = 0;
    for (auto at = means.begin(); at != means.end();) {
        const auto end = std::upper_bound(at, means.end(), *at);
        if (end - at > most) {
            most = end - at;
            usual = *at;
        }
        at = end;
    }
    return usual;
}

// How far the mean can be to the side `sign` when few clusters differ from what is usual, be that
// no difference or that all fail.
double rare_bound(std::span<const Cluster> clusters, double sign, double confidence) {
    const double usual = usual_mean(clusters);
    double largest = 0;  // that any cluster is taken to reach, to either side
    for (const Cluster& c : clusters) largest = std::max(largest, std::abs(mean_of(c)));
    double count = 0;
    for (const Cluster& c : clusters) {
        if (sign * (mean_of(c) - usual) > kRounding * largest) ++count;
    }
    const double all = static_cast<double>(clusters.size());
    const double reach = sign * largest - usual;
    if (count >= all) return usual + reach;
    const boost::math::beta_distribution<double> share(count + 1, all - count);
    return usual + reach * quantile(share, 0.5 * (1.0 + confidence));
}

}  // namespace

Estimate estimate(std::span<const Cluster> clusters) {
    Estimate e{.standard_error = std::numeric_limits<double>::quiet_NaN(),
               .clusters = clusters.size()};
    double sum = 0;
    for (const Cluster& c : clusters) {
        sum += c.sum;
        e.cells += c.cells;
    }
    const double cells = static_cast<double>(e.cells);
    e.mean = sum / cells;
    if (clusters.size() < 2) return e;
    double squares = 0;
    for (const Cluster& c : clusters) {
        const double residual = c.sum - static_cast<double>(c.cells) * e.mean;
        squares += residual * residual;
    }
    const double g = static_cast<double>(clusters.size());
    e.standard_error = std::sqrt(g / (g - 1) * squares) / cells;
    return e;
}

std::size_t clusters_with_difference(std::span<const Cluster> clusters) {
    return static_cast<std::size_t>(std::count_if(clusters.begin(), clusters.end(),
                                                  [](const Cluster& c) { return c.sum != 0.0; }));
}

double smallest_p(std::size_t clusters) {
    return clusters == 0 ? 1.0 : std::ldexp(1.0, 1 - static_cast<int>(clusters));
}

double sign_flip_p(std::span<const Cluster> clusters, const Key& key, int resamples) {
    struct Flipped {
        double sum;
        Key key;
    };
    std::vector<Flipped> flipped;
    double seen = 0, total = 0;
    for (const Cluster& c : clusters) {
        if (c.sum == 0.0) continue;
        flipped.push_back({c.sum, key.with(c.name)});
        seen += c.sum;
        total += std::abs(c.sum);
    }
    const double bound = std::abs(seen) - kRounding * total;
    const auto patterns = static_cast<std::uint64_t>(resamples);
    const bool all = flipped.size() < 63 && (std::uint64_t{1} << flipped.size()) <= patterns;
    const std::uint64_t looked_at = all ? std::uint64_t{1} << flipped.size() : patterns;

    std::uint64_t as_far = 0;
    std::vector<std::uint64_t> words(flipped.size());
    for (std::uint64_t pattern = 0; pattern < looked_at; ++pattern) {
        double sum = 0;
        for (std::size_t i = 0; i < flipped.size(); ++i) {
            // 64 random patterns come from one word.
            if (!all && pattern % 64 == 0) words[i] = flipped[i].key.bits(pattern / 64);
            const bool minus =
                all ? ((pattern >> i) & 1U) != 0 : ((words[i] >> (pattern % 64)) & 1U) != 0;
            sum += minus ? -flipped[i].sum : flipped[i].sum;
        }
        as_far += std::abs(sum) >= bound ? 1 : 0;
    }
    // The pattern seen is among all patterns already, but not among random ones.
    const std::uint64_t itself = all ? 0 : 1;
    return static_cast<double>(as_far + itself) / static_cast<double>(looked_at + itself);
}

Interval mean_interval(std::span<const Cluster> clusters, double confidence, const Key& key,
                       int resamples) {
    const Estimate e = estimate(clusters);
    const std::size_t count = clusters.size();
    if (count < 2) return {-kInfinity, kInfinity};
    const double scale =
        std::accumulate(clusters.begin(), clusters.end(), 0.0,
                        [](double sum, const Cluster& c) { return sum + std::abs(c.sum); });
    const Interval of_shares{rare_bound(clusters, -1.0, confidence),
                             rare_bound(clusters, 1.0, confidence)};
    // Rounding aside, all clusters have the same mean.
    if (e.standard_error <= kRounding * scale / static_cast<double>(e.cells)) return of_shares;
    const int tail = static_cast<int>(0.5 * (1.0 - confidence) * (resamples + 1) + kRounding);
    if (tail < 1) return {-kInfinity, kInfinity};

    std::vector<double> studentised = studentised_means(clusters, e, key, resamples);
    const auto quantile = [&](int rank) {  // from 1
        const auto at = studentised.begin() + (rank - 1);
        std::nth_element(studentised.begin(), at, studentised.end());
        return *at;
    };
    const double high = quantile(resamples + 1 - tail), low = quantile(tail);
    Interval interval{e.mean - high * e.standard_error, e.mean - low * e.standard_error};
    if (std::isinf(interval.lower)) interval.lower = of_shares.lower;
    if (std::isinf(interval.upper)) interval.upper = of_shares.upper;
    return interval;
}

double t_bound(std::size_t clusters, double confidence) {
    const boost::math::students_t distribution(static_cast<double>(clusters) - 1);
    return quantile(complement(distribution, 0.5 * (1.0 - confidence)));
}

double power(double loss, double standard_error, std::size_t clusters, double bound) {
    if (clusters < 2 || std::isinf(bound)) return 0.0;
    if (standard_error <= 0.0) return loss > 0.0 ? 1.0 : 0.0;
    const double shift = loss / standard_error;
    // Beyond this any test has found it.
    constexpr double kCertain = 1e4;
    if (shift > kCertain) return 1.0;
    const boost::math::non_central_t distribution(static_cast<double>(clusters) - 1, shift);
    return cdf(complement(distribution, bound));
}

std::optional<double> detectable_loss(double standard_error, std::size_t clusters, double bound,
                                      double wanted) {
    if (clusters < 2 || std::isinf(bound)) return std::nullopt;
    if (standard_error <= 0.0) return 0.0;
    const auto surplus = [&](double shift) { return power(shift, 1.0, clusters, bound) - wanted; };
    if (surplus(0.0) >= 0.0) return 0.0;
    double high = 4;
    while (surplus(high) < 0.0) high *= 2;
    std::uintmax_t steps = 100;
    const auto found = boost::math::tools::toms748_solve(
        surplus, 0.0, high, boost::math::tools::eps_tolerance<double>(40), steps);
    return 0.5 * (found.first + found.second) * standard_error;
}

std::vector<double> benjamini_hochberg(std::span<const double> p_values) {
    std::vector<std::size_t> order(p_values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
    std::vector<double> adjusted(p_values.size(), 1.0);
    double least = 1.0;
    for (std::size_t rank = order.size(); rank >= 1; --rank) {
        const std::size_t i = order[rank - 1];
        least = std::min(
            least, p_values[i] * static_cast<double>(order.size()) / static_cast<double>(rank));
        adjusted[i] = least;
    }
    return adjusted;
}

}  // namespace huntsman::bridge::gate
