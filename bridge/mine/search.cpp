#include "bridge/mine/search.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/random/sobol.hpp>
#include <cmath>

#include "bridge/mine/methods.h"

namespace huntsman::bridge::mine {

using engine::core::Error;
using engine::core::Key;
using engine::core::Result;
using engine::core::Status;

namespace {

// Points that methods without a memory choose together, unless it is set.
constexpr std::size_t kMemoryless = 64;

Status search_random(Progress& progress, const Key& key) {
    const std::size_t generation = progress.generation(kMemoryless);
    while (!progress.finished()) {
        std::vector<Point> points;
        for (std::size_t i = 0; i < generation; ++i) {
            points.push_back(progress.uniform(key.with(progress.found().size() + i)));
        }
        HM_TRY(progress.evaluate(std::move(points)));
    }
    return {};
}

// Each coordinate of the sequence is combined with its own random bits (exclusive or), which keeps
// the sequence's evenness. The engine leaves out the sequence's first point, the origin; here it is
// there, so that the first 2^k points have one in each of 2^k intervals of every coordinate.
Status search_sobol(Progress& progress, const Key& key) {
    const std::size_t d = progress.dimensions();
    if (d > boost::random::default_sobol_table::max_dimension) {
        return Error{fmt::format("method 'sobol' has at most {} dimensions, found {}",
                                 boost::random::default_sobol_table::max_dimension + 0, d)};
    }
    const std::size_t generation = progress.generation(kMemoryless);
    boost::random::sobol engine(d);
    bool first = true;
    while (!progress.finished()) {
        std::vector<Point> points;
        for (std::size_t i = 0; i < generation; ++i) {
            Point u(d);
            for (std::size_t j = 0; j < d; ++j) {
                const std::uint64_t bits = (first ? 0 : engine()) ^ key.bits(j);
                u[j] = static_cast<double>(bits >> 11) * 0x1.0p-53;
            }
            first = false;
            points.push_back(std::move(u));
        }
        HM_TRY(progress.evaluate(std::move(points)));
    }
    return {};
}

}  // namespace

double fold(double x) {
    const double turned = std::abs(std::remainder(x, 2.0));  // period 2, even
    return std::min(turned, kBelowOne);
}

Result<std::vector<Evaluation>> evaluate_all(const std::vector<Point>& points, std::size_t batch,
                                             const Evaluate& evaluate) {
    std::vector<Evaluation> all;
    for (std::size_t from = 0; from < points.size(); from += batch) {
        const std::size_t to = std::min(points.size(), from + batch);
        const auto at = [&](std::size_t i) {
            return points.begin() + static_cast<std::ptrdiff_t>(i);
        };
        HM_TAKE(std::vector<Evaluation> part, evaluate({at(from), at(to)}));
        if (part.size() != to - from) {
            return Error{fmt::format("{} evaluations for {} points", part.size(), to - from)};
        }
        for (Evaluation& e : part) {
            if (e.valid && !std::isfinite(e.severity)) {
                return Error{fmt::format("the severity of point {} is not finite", all.size())};
            }
            all.push_back(std::move(e));
        }
    }
    return all;
}

Result<std::span<const Found>> Progress::evaluate(std::vector<Point> points) {
    points.resize(std::min(points.size(), settings_.budget - found_.size()));
    HM_TAKE(std::vector<Evaluation> results, evaluate_all(points, settings_.batch, evaluate_));
    for (std::size_t i = 0; i < points.size(); ++i) {
        found_.push_back({std::move(points[i]), std::move(results[i])});
    }
    return std::span<const Found>(found_).last(points.size());
}

Point Progress::uniform(const Key& key) const {
    Point u(dimensions_);
    for (std::size_t j = 0; j < dimensions_; ++j) u[j] = key.uniform(j);
    return u;
}

bool mostly_failed(std::span<const Found> points) {
    const auto failed =
        std::ranges::count_if(points, [](const Found& f) { return f.e.valid && f.e.failed; });
    return !points.empty() && 2 * static_cast<std::size_t>(failed) >= points.size();
}

const std::vector<std::string>& method_names() {
    // In the order of `Method`.
    static const std::vector<std::string> names = {"random", "sobol", "cross_entropy", "cma_es",
                                                   "map_elites"};
    return names;
}

Result<Method> method_of(const std::string& name) {
    const auto at = std::ranges::find(method_names(), name);
    if (at == method_names().end()) {
        return Error{fmt::format("there is no search method '{}', expected one of {}", name,
                                 fmt::join(method_names(), ", "))};
    }
    return static_cast<Method>(at - method_names().begin());
}

const std::string& name_of(Method method) {
    return method_names().at(static_cast<std::size_t>(method));
}

Result<std::vector<Found>> search(Method method, const Space& space, const SearchSettings& settings,
                                  const Evaluate& evaluate) {
    if (settings.budget == 0) return Error{"the budget of a search is 0, expected at least 1"};
    if (settings.batch == 0) return Error{"the batch of a search is 0, expected at least 1"};
    Progress progress(space, settings, evaluate);
    const Key key = Key(settings.seed).with("search").with(name_of(method));
    switch (method) {
        case Method::kRandom:
            HM_TRY(search_random(progress, key));
            break;
        case Method::kSobol:
            HM_TRY(search_sobol(progress, key));
            break;
        case Method::kCrossEntropy:
            HM_TRY(search_cross_entropy(progress, key));
            break;
        case Method::kCmaEs:
            HM_TRY(search_cma_es(progress, key));
            break;
        case Method::kMapElites:
            HM_TRY(search_map_elites(progress, key));
            break;
    }
    return std::move(progress).take();
}

}  // namespace huntsman::bridge::mine
