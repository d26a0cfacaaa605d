// CMA-ES by pagmo [Hansen 2006], whose algorithm asks for one fitness after the other.
//
// A generation's points do not depend on each other's fitness. So a copy of the algorithm's state
// is evolved first, which writes down the points it asks for; they are evaluated together, and the
// algorithm itself is then evolved with their results.
#include <algorithm>
#include <cmath>
#include <pagmo/algorithms/cmaes.hpp>
#include <pagmo/population.hpp>
#include <pagmo/problem.hpp>

#include "bridge/mine/methods.h"

namespace huntsman::bridge::mine {

using engine::core::Key;
using engine::core::Status;

namespace {

constexpr double kSigma = 0.2;  // the first deviation, in widths of the cube
// A run ends where steps are below this share of the cube, or a generation is as flat: simulations
// do not resolve finer differences.
constexpr double kEnd = 1e-4;
// Pagmo's least.
constexpr std::size_t kLeastGeneration = 5;

// What the problem given to pagmo answers with, outside of it as pagmo copies problems.
struct Exchange {
    std::vector<Point> asked;     // in pagmo's coordinates, not folded
    std::vector<double> answers;  // fitness, lower is better; none: points are written down only
    std::size_t answered = 0;
};

struct Problem {
    Exchange* exchange = nullptr;
    std::size_t dimensions = 1;

    pagmo::vector_double fitness(const pagmo::vector_double& x) const {
        if (exchange->answers.empty()) {
            exchange->asked.push_back(x);
            return {0.0};
        }
        return {exchange->answers[exchange->answered++]};
    }
    std::pair<pagmo::vector_double, pagmo::vector_double> get_bounds() const {
        return {pagmo::vector_double(dimensions, 0.0), pagmo::vector_double(dimensions, 1.0)};
    }
};

// Points without a result are as bad as the worst of their generation.
std::vector<double> fitness_of(std::span<const Found> points) {
    double worst = 0;
    bool any = false;
    for (const Found& f : points) {
        if (!f.e.valid) continue;
        worst = any ? std::max(worst, -f.e.severity) : -f.e.severity;
        any = true;
    }
    std::vector<double> fitness;
    for (const Found& f : points) fitness.push_back(f.e.valid ? -f.e.severity : worst);
    return fitness;
}

std::vector<Point> folded(std::vector<Point> points) {
    for (Point& u : points) std::ranges::transform(u, u.begin(), fold);
    return points;
}

// Lets a copy of the state ask for its next generation: evolving changes the state though it is
// declared const.
void rehearse(pagmo::cmaes cma, const pagmo::population& population) {
    static_cast<void>(cma.evolve(population));
}

// From random points until it has converged, has arrived at failures or the budget is used.
Status run(Progress& progress, std::size_t generation, const Key& key) {
    const std::size_t d = progress.dimensions();
    // A first generation of the declared distribution; the search begins at the best of it.
    std::vector<Point> points;
    for (std::size_t i = 0; i < generation; ++i) points.push_back(progress.uniform(key.with(i)));
    HM_TAKE(std::span<const Found> added, progress.evaluate(points));
    if (added.size() < generation) return {};

    Exchange exchange;
    const auto seed = [&](const char* of) {
        return static_cast<unsigned>(key.with(of).bits() & 0xffffffffU);
    };
    pagmo::population population(pagmo::problem(Problem{&exchange, d}), 0, seed("population"));
    const std::vector<double> first = fitness_of(added);
    for (std::size_t i = 0; i < generation; ++i) population.push_back(points[i], {first[i]});
    // One generation for each call, of which the state is kept.
    pagmo::cmaes cma(1, -1, -1, -1, -1, kSigma, kEnd, kEnd, /*memory=*/true,
                     /*force_bounds=*/false, seed("cma"));
    while (!progress.finished()) {
        exchange = {};
        rehearse(cma, population);
        if (exchange.asked.size() != generation) return {};  // it has converged
        HM_TAKE(added, progress.evaluate(folded(exchange.asked)));
        if (added.size() < generation || mostly_failed(added)) return {};
        exchange.answers = fitness_of(added);
        population = cma.evolve(population);
    }
    return {};
}

}  // namespace

Status search_cma_es(Progress& progress, const Key& key) {
    const double d = static_cast<double>(progress.dimensions());
    const auto own = static_cast<std::size_t>(4.0 + 3.0 * std::log(d));  // [Hansen 2006, table 1]
    const std::size_t generation = std::max(progress.generation(own), kLeastGeneration);
    for (std::uint64_t restart = 0; !progress.finished(); ++restart) {
        HM_TRY(run(progress, generation, key.with(restart)));
    }
    return {};
}

}  // namespace huntsman::bridge::mine
