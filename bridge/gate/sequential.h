// Early stopping: how sure a comparison must be when it is looked at before all cells have run.
//
// Looking again and again at growing results finds a difference sooner or later where there is
// none. Alpha spending [Lan and DeMets 1983] shares one level among the looks. Each look then has a
// nominal level of its own, and a comparison at the confidence 1 - level decides: its interval is a
// repeated confidence interval [Jennison and Turnbull 2000, ch. 9], so that both verdicts, worse
// and not worse, may stop the suite at any look.
//
// Looks are taken when whole clusters are finished, in an order of clusters that is random
// (`running_order`): what has run is then a fair sample of what is planned.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/core/result.h"

namespace huntsman::bridge::gate {

enum class Spending {
    kObrienFleming,  // hardly anything early: the last look loses little
    kPocock,         // evenly: stops earlier
};

// The part of `level` that is spent when this share (0..1) of the clusters has run.
double spent(Spending spending, double share, double level);

// The two-sided nominal level of each look, at these shares of the clusters (growing by at least
// 0.01 each, the last at most 1; those of later looks do not change earlier levels), so that the
// probability to find a difference at any of them where there is none is at most `level` together.
// Levels below 1e-12 are 0: such a look is not worth comparing at. Errors: shares or level out of
// range.
engine::core::Result<std::vector<double>> look_levels(Spending spending,
                                                      std::span<const double> shares, double level);

// A keyed random order of clusters, which does not depend on the order of the names given: places
// in `names`, first to run first.
std::vector<std::size_t> running_order(std::span<const std::string> names, std::uint64_t seed);

// [Jennison and Turnbull 2000] C. Jennison, B. W. Turnbull, Group Sequential Methods with
//   Applications to Clinical Trials.
// [Lan and DeMets 1983] K. K. G. Lan, D. L. DeMets, Discrete Sequential Boundaries for Clinical
//   Trials, Biometrika 70.
}  // namespace huntsman::bridge::gate
