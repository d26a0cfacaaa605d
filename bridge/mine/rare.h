// How often failures happen under the declared distribution, when they are too rare to be counted.
//
// Subset simulation [Au and Beck 2001] in standard normal space (u = Φ(z) of each coordinate): the
// probability of a high severity is the product of the probabilities to pass from one level of
// severity to the next. Each level's points are grown from those of the last one that reach it, by
// conditional sampling [Papaioannou et al. 2015]. All is repeated independently. The failures that
// all repeats have found then guide importance sampling, again in independent repeats, which needs
// far fewer points for the same error. The interval comes from how the repeats differ.
//
// A pure function of space, settings and results, like `search`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "bridge/mine/search.h"

namespace huntsman::bridge::mine {

struct RareSettings {
    double threshold = 0;  // a failure: this severity or more; in the unit of severity
    std::uint64_t seed = 0;
    // Points of each level; a tenth of them, those most severe, start the next one. At least 20.
    std::size_t per_level = 200;
    // Points of importance sampling in each repeat. 0: subset simulation alone.
    std::size_t importance = 400;
    std::size_t repeats = 10;  // at least 2
    // A repeat that has not reached the threshold after so many levels ends: 10^-levels is rarer
    // than is looked for.
    std::size_t levels = 8;
    double confidence = 0.95;  // in (0, 1)
    std::size_t batch = 64;    // points in one call of `Evaluate`, at most; does not change results
};

struct RareEstimate {
    double probability = 0;  // mean of the repeats
    double by_levels = 0;    // of subset simulation alone
    // Of the confidence. From the t distribution over the repeats on a logarithmic scale, by the
    // delta method. Where no repeat saw a failure: from 0 to what so many independent points can
    // exclude [Clopper and Pearson 1934].
    double lower = 0, upper = 1;
    std::vector<double> repeats;      // of importance sampling, unless there is none
    std::vector<std::size_t> levels;  // of each subset simulation, at least 1
    std::size_t evaluations = 0;
    std::size_t invalid = 0;  // of the evaluations; they count as no failure
};

// Probability that severity >= threshold. Evaluate's results: severity and valid only. All repeats
// advance together, so that a batch has points of each.
// Errors: settings out of their ranges, a threshold that is not finite, an error of `evaluate`.
// Limits: severity should rise towards failure; where it is flat, both kinds come down to counting.
// Importance sampling fits one normal to the failures: beyond some 20 dimensions, or with failures
// in many small places, it gains less than it costs, and importance = 0 is better. A place of
// failures that no level has led to is seen by the declared share of its points only.
engine::core::Result<RareEstimate> estimate_rate(const Space& space, const RareSettings& settings,
                                                 const Evaluate& evaluate);

// Evaluations that counting failures among independent points needs for the same relative standard
// error (coefficient of variation): (1 - p) / (p error^2).
double counting_cost(double probability, double relative_error);

// [Au and Beck 2001] S.-K. Au, J. L. Beck, Estimation of small failure probabilities in high
//   dimensions by subset simulation, Probabilistic Engineering Mechanics 16.
// [Bréhier et al. 2016] C.-E. Bréhier, M. Gazeau, L. Goudenège, T. Lelièvre, M. Rousset,
//   Unbiasedness of some generalized adaptive multilevel splitting algorithms, Annals of Applied
//   Probability 26.
// [Clopper and Pearson 1934] C. J. Clopper, E. S. Pearson, The Use of Confidence or Fiducial Limits
//   Illustrated in the Case of the Binomial, Biometrika 26.
// [Papaioannou et al. 2015] I. Papaioannou, W. Betz, K. Zwirglmaier, D. Straub, MCMC algorithms for
//   Subset Simulation, Probabilistic Engineering Mechanics 41.
}  // namespace huntsman::bridge::mine
