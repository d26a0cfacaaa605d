#include "bridge/mine/rare.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <numeric>

#include "bridge/mine/methods.h"

namespace huntsman::bridge::mine {

using engine::core::Error;
using engine::core::Key;
using engine::core::Result;
using engine::core::Status;

namespace {

using Normals = std::vector<double>;  // z, one for each dimension

constexpr std::size_t kChainLength = 10;  // one over the probability of a level
// Correlation of a chain's next point with the last: with 0.8 about half of the steps are taken at
// levels of a tenth, near what mixes best [Papaioannou et al. 2015, section 3.4].
constexpr double kCorrelation = 0.8;
// Share of the declared distribution in importance sampling: no weight exceeds its inverse, so that
// a failure the levels missed cannot spoil the estimate.
constexpr double kDefensive = 0.2;
// Deviations of the fitted normal are widened, and at least this: weights grow without measure
// where its tails are thinner than those of the failures.
constexpr double kTailFactor = 1.15, kLeastWidth = 0.3;
// Fewer failures than this do not say where failures are.
constexpr std::size_t kLeastFailures = 10;

Normals normals(std::size_t dimensions, const Key& key) {
    Normals z(dimensions);
    for (std::size_t j = 0; j < dimensions; ++j) z[j] = key.normal(j);
    return z;
}

Point to_unit(const Normals& z) {
    const boost::math::normal normal;
    Point u;
    for (const double x : z) u.push_back(std::min(cdf(normal, x), kBelowOne));
    return u;
}

struct Sample {
    Normals z;
    double severity;
};

// Importance sampling's density: the declared one, and independent normals fitted to failures.
struct Proposal {
    std::size_t dimensions = 1;
    std::vector<double> mean, deviation;  // empty: the declared density alone

    Normals draw(const Key& key) const {
        Normals z = normals(dimensions, key);
        if (mean.empty() || key.with("declared").uniform() < kDefensive) return z;
        for (std::size_t j = 0; j < z.size(); ++j) z[j] = mean[j] + deviation[j] * z[j];
        return z;
    }
    // Declared density over this one.
    double weight(const Normals& z) const {
        if (mean.empty()) return 1.0;
        double log_ratio = 0;  // of the fitted density to the declared one
        for (std::size_t j = 0; j < z.size(); ++j) {
            const double off = (z[j] - mean[j]) / deviation[j];
            log_ratio += 0.5 * (z[j] * z[j] - off * off) - std::log(deviation[j]);
        }
        return 1.0 / (kDefensive + (1.0 - kDefensive) * std::exp(log_ratio));
    }
};

// One subset simulation: asks for points and is told their severity, until it is done.
//
// A level lies at the most severe point that is left behind, and only points beyond it go on: with
// that convention of adaptive multilevel splitting the estimate has no bias [Bréhier et al. 2016].
class Subset {
  public:
    Subset(std::size_t dimensions, const RareSettings& settings, const Key& key)
        : dimensions_(dimensions), settings_(settings), key_(key) {
        for (std::size_t i = 0; i < settings_.per_level; ++i) {
            asked_.push_back(normals(dimensions, key_.with("first").with(i)));
        }
    }

    // The points wanted next; none: it is done.
    const std::vector<Normals>& asked() const { return asked_; }
    // When it is done.
    double probability() const { return probability_; }
    std::size_t levels() const { return levels_; }
    const std::vector<Sample>& failures() const { return samples_; }

    // The severity of each point asked for.
    void tell(std::span<const double> severity) {
        for (std::size_t i = 0; i < asked_.size(); ++i) {
            if (chains_.empty()) {
                samples_.push_back({std::move(asked_[i]), severity[i]});
                continue;
            }
            // A chain takes the point if it is beyond the level, and else stays.
            Sample& chain = chains_[i % chains_.size()];
            if (severity[i] > level_) chain = {std::move(asked_[i]), severity[i]};
            samples_.push_back(chain);
        }
        if (samples_.size() < settings_.per_level) {
            ask_chains();
        } else {
            finish_level();
        }
    }

  private:
    void ask_chains() {
        // The last step may want fewer.
        const std::size_t count = std::min(chains_.size(), settings_.per_level - samples_.size());
        const Key key = key_.with("chains").with(levels_).with(samples_.size());
        const double fresh = std::sqrt(1.0 - kCorrelation * kCorrelation);
        asked_.clear();
        for (std::size_t i = 0; i < count; ++i) {
            Normals z = normals(dimensions_, key.with(i));
            for (std::size_t j = 0; j < z.size(); ++j) {
                z[j] = kCorrelation * chains_[i].z[j] + fresh * z[j];
            }
            asked_.push_back(std::move(z));
        }
    }

    // All points of a level are known: on to the next, unless the threshold is within reach, or
    // severity is flat or failure too far, where counting what is there is all that is left.
    void finish_level() {
        ++levels_;
        std::ranges::stable_sort(
            samples_, [](const Sample& a, const Sample& b) { return a.severity > b.severity; });
        level_ = samples_[settings_.per_level / kChainLength].severity;
        const bool last = level_ >= settings_.threshold || level_ == samples_.front().severity ||
                          levels_ >= settings_.levels;
        const auto within = std::ranges::count_if(samples_, [&](const Sample& s) {
            return last ? s.severity >= settings_.threshold : s.severity > level_;
        });
        probability_ *= static_cast<double>(within) / static_cast<double>(samples_.size());
        samples_.resize(static_cast<std::size_t>(within));
        asked_.clear();
        if (last) return;
        chains_ = samples_;
        ask_chains();
    }

    std::size_t dimensions_;
    const RareSettings& settings_;
    Key key_;
    std::vector<Normals> asked_;
    std::vector<Sample> samples_;  // of the current level
    std::vector<Sample> chains_;   // where each of its chains is
    double level_ = -std::numeric_limits<double>::infinity();
    double probability_ = 1;
    std::size_t levels_ = 0;
};

Status check(const RareSettings& s) {
    if (!std::isfinite(s.threshold)) return Error{"the threshold of severity is not finite"};
    if (s.per_level < 2 * kChainLength) {
        return Error{fmt::format("{} points in a level, expected at least {}", s.per_level,
                                 2 * kChainLength)};
    }
    if (s.repeats < 2) {
        return Error{fmt::format("{} repeats, expected at least 2", s.repeats)};
    }
    if (s.levels == 0) return Error{"0 levels, expected at least 1"};
    if (s.batch == 0) return Error{"the batch is 0, expected at least 1"};
    if (!(s.confidence > 0 && s.confidence < 1)) {
        return Error{fmt::format("a confidence of {}, expected between 0 and 1", s.confidence)};
    }
    return {};
}

// The severity of points, -infinity without a result. Counts into `estimate`.
Result<std::vector<double>> severities(const std::vector<Normals>& points,
                                       const RareSettings& settings, const Evaluate& evaluate,
                                       RareEstimate& estimate) {
    std::vector<Point> units;
    for (const Normals& z : points) units.push_back(to_unit(z));
    HM_TAKE(const std::vector<Evaluation> results, evaluate_all(units, settings.batch, evaluate));
    estimate.evaluations += results.size();
    std::vector<double> severity;
    for (const Evaluation& e : results) {
        severity.push_back(e.valid ? e.severity : -std::numeric_limits<double>::infinity());
        if (!e.valid) ++estimate.invalid;
    }
    return severity;
}

// To the failures of all repeats; each repeat counts by its probability.
Proposal fit(std::size_t dimensions, const std::vector<Subset>& repeats) {
    Proposal proposal{.dimensions = dimensions};
    double all = 0;
    std::size_t count = 0;
    for (const Subset& r : repeats) {
        if (r.failures().empty()) continue;
        all += r.probability();
        count += r.failures().size();
    }
    if (count < kLeastFailures) return proposal;
    for (std::size_t j = 0; j < dimensions; ++j) {
        double mean = 0, square = 0;
        for (const Subset& r : repeats) {
            const double each = r.probability() / (all * static_cast<double>(r.failures().size()));
            for (const Sample& s : r.failures()) {
                mean += each * s.z[j];
                square += each * s.z[j] * s.z[j];
            }
        }
        const double deviation = std::sqrt(std::max(square - mean * mean, 0.0));
        proposal.mean.push_back(mean);
        proposal.deviation.push_back(std::max(kTailFactor * deviation, kLeastWidth));
    }
    return proposal;
}

// Given the proposal its repeats are independent, and each is free of bias.
Status sample_by_importance(const Proposal& proposal, const RareSettings& settings, const Key& key,
                            const Evaluate& evaluate, RareEstimate& estimate) {
    std::vector<Normals> points;
    for (std::size_t i = 0; i < settings.repeats * settings.importance; ++i) {
        points.push_back(proposal.draw(key.with(i)));
    }
    HM_TAKE(const std::vector<double> severity, severities(points, settings, evaluate, estimate));
    for (std::size_t r = 0; r < settings.repeats; ++r) {
        double sum = 0;
        for (std::size_t i = r * settings.importance; i < (r + 1) * settings.importance; ++i) {
            if (severity[i] >= settings.threshold) sum += proposal.weight(points[i]);
        }
        estimate.repeats[r] = sum / static_cast<double>(settings.importance);
    }
    return {};
}

// Sets mean and interval from the repeats.
void summarise(RareEstimate& e, const RareSettings& settings) {
    const double n = static_cast<double>(e.repeats.size());
    e.probability = std::accumulate(e.repeats.begin(), e.repeats.end(), 0.0) / n;
    if (e.probability == 0) {
        // The points of first levels, and of importance sampling, are independent.
        const double points = n * static_cast<double>(settings.per_level);
        e.upper = 1.0 - std::pow(0.5 * (1.0 - settings.confidence), 1.0 / points);
        return;
    }
    double squares = 0;
    for (const double p : e.repeats) squares += (p - e.probability) * (p - e.probability);
    const double relative = std::sqrt(squares / (n * (n - 1.0))) / e.probability;
    const double t = quantile(boost::math::students_t(n - 1.0), 0.5 * (1.0 + settings.confidence));
    const double factor = std::exp(t * relative);
    e.lower = e.probability / factor;
    e.upper = std::min(e.probability * factor, 1.0);
}

}  // namespace

Result<RareEstimate> estimate_rate(const Space& space, const RareSettings& settings,
                                   const Evaluate& evaluate) {
    HM_TRY(check(settings));
    const Key key = Key(settings.seed).with("rare");
    std::vector<Subset> repeats;
    for (std::size_t r = 0; r < settings.repeats; ++r) {
        repeats.emplace_back(space.size(), settings, key.with(r));
    }

    RareEstimate estimate;
    for (;;) {
        // What all repeats want next, together.
        std::vector<Normals> points;
        for (const Subset& r : repeats) {
            points.insert(points.end(), r.asked().begin(), r.asked().end());
        }
        if (points.empty()) break;
        HM_TAKE(const std::vector<double> severity,
                severities(points, settings, evaluate, estimate));
        std::size_t from = 0;
        for (Subset& r : repeats) {
            const std::size_t count = r.asked().size();
            if (count > 0) r.tell(std::span(severity).subspan(from, count));
            from += count;
        }
    }
    double sum = 0;
    for (const Subset& r : repeats) {
        estimate.repeats.push_back(r.probability());
        estimate.levels.push_back(r.levels());
        sum += r.probability();
    }
    estimate.by_levels = sum / static_cast<double>(repeats.size());
    if (settings.importance > 0) {
        HM_TRY(sample_by_importance(fit(space.size(), repeats), settings, key.with("importance"),
                                    evaluate, estimate));
    }
    summarise(estimate, settings);
    return estimate;
}

double counting_cost(double probability, double relative_error) {
    return (1.0 - probability) / (probability * relative_error * relative_error);
}

}  // namespace huntsman::bridge::mine
