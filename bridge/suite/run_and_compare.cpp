#include "bridge/suite/run_and_compare.h"

#include <algorithm>
#include <cmath>

#include "bridge/gate/sequential.h"

namespace huntsman::bridge::suite {

using engine::core::Error;
using engine::core::Result;

namespace {

constexpr std::size_t kLooks = 4;
constexpr std::size_t kFewestClusters = 24;  // at least six, the fewest of any verdict, a look

// The clusters in the order in which they are run.
std::vector<std::string> clusters_of(const Suite& suite) {
    std::set<std::string> names;
    for (const Cell& cell : suite.cells) names.insert(cell.cluster());
    const std::vector<std::string> sorted(names.begin(), names.end());
    std::vector<std::string> clusters;
    for (const std::size_t i : gate::running_order(sorted, 1)) clusters.push_back(sorted[i]);
    return clusters;
}

std::size_t cells_of(const Suite& suite, const std::set<std::string>& clusters) {
    return static_cast<std::size_t>(std::ranges::count_if(
        suite.cells, [&](const Cell& cell) { return clusters.contains(cell.cluster()); }));
}

Result<Compared> look_by_look(const RunAndCompareSettings& settings, const SuiteRun& run,
                              const RunsCallbacks& callbacks) {
    const std::vector<std::string> clusters = clusters_of(run.suite);
    if (clusters.size() < kFewestClusters) {
        return Error{.message = fmt::format("--sequential needs at least {} clusters, and the "
                                            "suite {} has {}",
                                            kFewestClusters, run.suite.name, clusters.size())};
    }
    std::vector<std::size_t> ends;
    std::vector<double> shares;
    for (std::size_t look = 1; look <= kLooks; ++look) {
        ends.push_back((clusters.size() * look + kLooks - 1) / kLooks);
        shares.push_back(static_cast<double>(ends.back()) / static_cast<double>(clusters.size()));
    }
    HM_TAKE(const auto levels,
            gate::look_levels(gate::Spending::kPocock, shares, 1 - settings.compare.confidence));
    for (std::size_t look = 0;; ++look) {
        CompareSettings now = settings.compare;
        now.clusters.emplace(clusters.begin(),
                             clusters.begin() + static_cast<std::ptrdiff_t>(ends[look]));
        now.confidence = 1 - levels[look];
        HM_TRY(run_suite(run, callbacks, [&](const Item& item) {
            return now.clusters->contains(item.cell->cluster());
        }));
        HM_TAKE(Compared compared, compare(now));
        if (look + 1 < kLooks && compared.report.verdict == gate::Verdict::kInconclusive) continue;
        compared.looks = Looks{.taken = look + 1,
                               .planned = kLooks,
                               .cells_run = cells_of(run.suite, *now.clusters),
                               .cells = run.suite.cells.size()};
        return compared;
    }
}

}  // namespace

Result<SuiteRun> runs_to_compare(const RunAndCompareSettings& settings) {
    const CompareSettings& compare = settings.compare;
    SuiteSettings run = settings.run;
    if (!compare.results.empty()) {
        run.drivers = compare.a + "," + compare.b;
        run.out = compare.results;
    } else {
        if (compare.driver_b.empty()) {
            return Error{.message = "--run needs --driver-b, who is run into " + compare.b};
        }
        // Before anything is run, which may take hours.
        HM_TRY(Store::open(compare.a, database::Access::kReadOnly));
        run.drivers = compare.driver_b;
        run.out = compare.b;
    }
    return to_suite_run(run);
}

Result<Compared> run_and_compare(const RunAndCompareSettings& settings, const SuiteRun& run,
                                 const RunsCallbacks& callbacks) {
    RunAndCompareSettings of_suite = settings;
    of_suite.compare.suite = run.suite.name;
    if (settings.sequential) return look_by_look(of_suite, run, callbacks);
    HM_TRY(run_suite(run, callbacks));
    return compare(of_suite.compare);
}

}  // namespace huntsman::bridge::suite
