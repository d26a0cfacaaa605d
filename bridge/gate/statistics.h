// The statistics that the regression gate stands on, over paired differences in clusters.
//
// Cells of one cluster (variants of one situation on one map) are not independent; clusters are.
// So whole clusters are resampled and change their sign together. Random numbers are keyed by the
// clusters' names, so that results repeat bit for bit.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/core/random.h"

namespace huntsman::bridge::gate {

struct Cluster {
    std::string name;  // unique among those given together; the functions want them sorted by it
    double sum = 0;    // of its cells' differences, finite
    std::size_t cells = 0;  // at least 1
};

struct Interval {
    double lower = 0, upper = 0;  // -infinity, infinity: without bound
};

// Mean over all cells, and its standard error from the variance between clusters (linearised, as
// their sizes are random too). NaN below two clusters.
struct Estimate {
    double mean = 0, standard_error = 0;
    std::size_t clusters = 0, cells = 0;
};
Estimate estimate(std::span<const Cluster> clusters);

// Two-sided p value of the sign-flip test: the share of sign patterns of whole clusters whose sum
// is at least as far from 0 as the one seen. Exact where two drivers are exchangeable in every
// cluster. All patterns are looked at where there are at most `resamples` of them, else so many
// random ones (the one seen counts too, so that the test keeps its level). Clusters of sum 0 do not
// count.
double sign_flip_p(std::span<const Cluster> clusters, const engine::core::Key& key, int resamples);
// The smallest p value that so many clusters of a sum other than 0 can reach.
double smallest_p(std::size_t clusters);
std::size_t clusters_with_difference(std::span<const Cluster> clusters);

// Interval of the mean by the studentised bootstrap of whole clusters, equal tails [Efron and
// Tibshirani 1993, ch. 12].
// Where nearly all clusters have one mean, be it no difference or that all fail, resamples often
// hold none of the others, and the bootstrap has no bound on a side. The bound is then that of a
// share: from that mean towards the largest difference seen, to either side, by the upper bound of
// the share of clusters that lie to that side [Clopper and Pearson 1934]. Without bound:
// fewer than two clusters, or a confidence that is too high for so many resamples. Cost: resamples
// × clusters.
Interval mean_interval(std::span<const Cluster> clusters, double confidence,
                       const engine::core::Key& key, int resamples);

// Probability that an estimate lies further to the side of a true loss than `bound` standard
// errors, by the noncentral t distribution with clusters - 1 degrees of freedom. 0 below two
// clusters.
double power(double loss, double standard_error, std::size_t clusters, double bound);
// The bound of the two-sided t test.
double t_bound(std::size_t clusters, double confidence);
// The smallest true loss that is found with this probability. Nothing below two clusters and
// without a finite bound.
std::optional<double> detectable_loss(double standard_error, std::size_t clusters, double bound,
                                      double power);

// Adjusted p values in the order given: a finding with adjusted p below q belongs to a set in which
// the expected share of false ones is at most q [Benjamini and Hochberg 1995].
std::vector<double> benjamini_hochberg(std::span<const double> p_values);

// [Benjamini and Hochberg 1995] Y. Benjamini, Y. Hochberg, Controlling the False Discovery Rate,
//   Journal of the Royal Statistical Society B 57.
// [Clopper and Pearson 1934] C. J. Clopper, E. S. Pearson, The Use of Confidence or Fiducial Limits
//   Illustrated in the Case of the Binomial, Biometrika 26.
// [Efron and Tibshirani 1993] B. Efron, R. J. Tibshirani, An Introduction to the Bootstrap.
}  // namespace huntsman::bridge::gate
