// Searches for failures in a space of parameters: which points are worth a simulation.
//
// A search knows nothing of simulators. It asks `Evaluate` for the results of points and is a pure
// function of method, space, settings and those results: the same results give the same points,
// bit for bit, on any number of threads. So a search is resumed by running it again over the
// results that are kept, and a search of a smaller budget is the beginning of one of a larger.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "bridge/mine/space.h"
#include "engine/core/result.h"

namespace huntsman::bridge::mine {

struct Evaluation {
    double severity = 0;     // finite, smooth; higher is nearer to failure. Any unit.
    bool failed = false;     // what is searched for
    std::vector<int> niche;  // kind of behaviour, discretised; one archive cell each
    bool valid = true;       // false: no result; the point costs budget and teaches nothing
};

// The results of a batch of points, in its order; it may compute them in any order, on any number
// of threads. An error ends the search with that error, as when the user interrupts.
using Evaluate =
    std::function<engine::core::Result<std::vector<Evaluation>>(const std::vector<Point>& batch)>;

struct Found {
    Point u;
    Evaluation e;
};

enum class Method : std::uint8_t {
    kRandom,  // the declared distribution
    kSobol,   // a low-discrepancy sequence with a random digital shift [Joe and Kuo 2008]
    // Independent truncated normals fitted to the most severe points, with a share of the declared
    // distribution so that it never collapses [Rubinstein and Kroese 2004]. Starts afresh where it
    // has converged, and then keeps away from there.
    kCrossEntropy,
    kCmaEs,  // pagmo's CMA-ES, folded at the cube's borders, restarted [Hansen 2006; Biscani 2020]
    // An archive of the most severe point of each niche, varied along lines between its members
    // [Mouret and Clune 2015; Vassiliades and Mouret 2018].
    kMapElites,
};

// "random", "sobol", "cross_entropy", "cma_es", "map_elites".
const std::vector<std::string>& method_names();
// Error: no such method, with the list.
engine::core::Result<Method> method_of(const std::string& name);
const std::string& name_of(Method method);

struct SearchSettings {
    std::uint64_t seed = 0;
    std::size_t budget = 1000;  // evaluations, kept exactly
    // Points in one call of `Evaluate`, at most. No influence on the result.
    std::size_t batch = 64;
    // Points that are chosen together, before the results of any of them are known: at least the
    // number of workers keeps them busy. 0: the method's own, which needs the fewest evaluations.
    // cma_es has at least 5.
    std::size_t generation = 0;
};

// All points in the order of evaluation, as many as the budget. Error: budget or batch of 0, more
// dimensions than the method has, an error of `evaluate`, or an answer of it that has not one
// evaluation for each point or a severity that is not finite.
engine::core::Result<std::vector<Found>> search(Method method, const Space& space,
                                                const SearchSettings& settings,
                                                const Evaluate& evaluate);

// [Biscani 2020] F. Biscani, D. Izzo, A parallel global multiobjective framework for optimization:
//   pagmo, Journal of Open Source Software 5 (53).
// [Hansen 2006] N. Hansen, The CMA Evolution Strategy: A Comparing Review, in: Towards a New
//   Evolutionary Computation.
// [Joe and Kuo 2008] S. Joe, F. Y. Kuo, Constructing Sobol' Sequences with Better Two-Dimensional
//   Projections, SIAM Journal on Scientific Computing 30.
// [Mouret and Clune 2015] J.-B. Mouret, J. Clune, Illuminating search spaces by mapping elites,
//   arXiv:1504.04909.
// [Rubinstein and Kroese 2004] R. Y. Rubinstein, D. P. Kroese, The Cross-Entropy Method.
// [Vassiliades and Mouret 2018] V. Vassiliades, J.-B. Mouret, Discovering the Elite Hypervolume by
//   Leveraging Interspecies Correlation, GECCO.
}  // namespace huntsman::bridge::mine
