// Cross-entropy search [Rubinstein and Kroese 2004]: normals that are fitted to the most severe
// points, with a share of the declared distribution.
#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <limits>

#include "bridge/mine/methods.h"

namespace huntsman::bridge::mine {

using engine::core::Key;
using engine::core::Status;

namespace {

constexpr double kDeclaredShare = 0.15;  // of a generation's points
// A fit to few points is too narrow, and narrows further with each generation unless it is widened.
constexpr double kWiden = 1.3;
constexpr double kLeastDeviation = 0.02;
// Generations without a more severe point before the search starts afresh.
constexpr int kPatience = 8;
// Where the search has been: so many deviations around the mean of the elites.
constexpr double kVisitedDeviations = 5.0;

// Independent normals, cut off at the cube's borders.
struct Model {
    std::vector<double> mean, deviation;

    Point draw(const Key& key) const {
        Point u(mean.size());
        for (std::size_t j = 0; j < u.size(); ++j) {
            const boost::math::normal normal(mean[j], deviation[j]);
            const double from = cdf(normal, 0.0), to = cdf(normal, 1.0);
            // The mean lies in the cube: the quantile is never asked for 0 or 1 exactly but by
            // rounding.
            const double p = std::clamp(from + key.uniform(j) * (to - from), 1e-300, kBelowOne);
            u[j] = std::clamp(quantile(normal, p), 0.0, kBelowOne);
        }
        return u;
    }
    bool near(const Point& u) const {
        for (std::size_t j = 0; j < u.size(); ++j) {
            if (std::abs(u[j] - mean[j]) > kVisitedDeviations * deviation[j]) return false;
        }
        return true;
    }
};

Model fit(const std::vector<const Found*>& elites) {
    const std::size_t d = elites.front()->u.size();
    const double n = static_cast<double>(elites.size());
    Model model;
    for (std::size_t j = 0; j < d; ++j) {
        double sum = 0, squares = 0;
        for (const Found* f : elites) sum += f->u[j];
        const double mean = sum / n;
        for (const Found* f : elites) squares += (f->u[j] - mean) * (f->u[j] - mean);
        model.mean.push_back(mean);
        model.deviation.push_back(std::max(kWiden * std::sqrt(squares / n), kLeastDeviation));
    }
    return model;
}

// The `count` most severe points from `start` on, of those equal the earlier, none of them near
// where the search has been.
std::vector<const Found*> elites_of(const std::vector<Found>& found, std::size_t start,
                                    std::size_t count, const std::vector<Model>& visited) {
    std::vector<const Found*> elites;
    for (std::size_t i = start; i < found.size(); ++i) {
        const bool known =
            std::ranges::any_of(visited, [&](const Model& m) { return m.near(found[i].u); });
        if (found[i].e.valid && !known) elites.push_back(&found[i]);
    }
    std::ranges::stable_sort(
        elites, [](const Found* a, const Found* b) { return a->e.severity > b->e.severity; });
    elites.resize(std::min(count, elites.size()));
    return elites;
}

// From the declared distribution until it has arrived at failures, gains nothing more or the
// budget is used. Adds to `visited` where it has come to.
Status run(Progress& progress, const Key& key, std::vector<Model>& visited) {
    const std::size_t d = progress.dimensions();
    const std::size_t generation = progress.generation(std::max<std::size_t>(8, d));
    const std::size_t elite_count = std::max<std::size_t>({5, d, generation / 4});
    const std::size_t start = progress.found().size();
    std::vector<Point> points;
    for (std::size_t i = 0; i < 2 * elite_count; ++i) {
        points.push_back(progress.uniform(key.with("first").with(i)));
    }
    HM_TRY(progress.evaluate(std::move(points)));

    double best = -std::numeric_limits<double>::infinity();
    int without_gain = 0;
    while (!progress.finished()) {
        const auto elites = elites_of(progress.found(), start, elite_count, visited);
        if (elites.size() < 2) {
            // All has been visited: it may be visited again.
            visited.clear();
            return {};
        }
        const Model model = fit(elites);
        without_gain = elites.front()->e.severity > best ? 0 : without_gain + 1;
        best = elites.front()->e.severity;
        if (without_gain >= kPatience) {
            visited.push_back(model);
            return {};
        }
        // The points of the model come first.
        const auto declared =
            static_cast<std::size_t>(std::ceil(kDeclaredShare * static_cast<double>(generation)));
        const std::size_t of_model = generation - std::min(declared, generation);
        points.clear();
        for (std::size_t i = 0; i < generation; ++i) {
            const Key of = key.with(progress.found().size() + i);
            points.push_back(i < of_model ? model.draw(of) : progress.uniform(of));
        }
        HM_TAKE(const auto added, progress.evaluate(std::move(points)));
        if (mostly_failed(added.first(std::min(of_model, added.size())))) {
            visited.push_back(model);
            return {};
        }
    }
    return {};
}

}  // namespace

Status search_cross_entropy(Progress& progress, const Key& key) {
    std::vector<Model> visited;
    for (std::uint64_t restart = 0; !progress.finished(); ++restart) {
        HM_TRY(run(progress, key.with(restart), visited));
    }
    return {};
}

}  // namespace huntsman::bridge::mine
