// Two drivers over the same cells: the regression gate of bridge/gate on results files.
//
//   suite::CompareSettings settings{.a = "main.sqlite", .b = "change.sqlite"};
//   HM_TAKE(const suite::Compared compared, suite::compare(settings));
//   std::puts(suite::text(compared).c_str());
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>

#include "bridge/gate/gate.h"
#include "bridge/suite/store.h"
#include "engine/core/result.h"

namespace huntsman::bridge::suite {

// What is compared, in words; errors name these settings as the command line does.
struct CompareSettings {
    // The one to compare with and the new one: a results file, or a driver in `results`.
    std::string a, b;
    std::string results;             // a file that holds both; empty: both are files
    std::string driver_a, driver_b;  // which drivers, where files hold several
    std::string suite;               // which suite, where they hold several
    std::string metric;              // that gates; empty: the suite's
    std::optional<double> margin;    // in its unit; nothing: the suite's
    double confidence = 0.95;
    std::int64_t worst = 10;  // regressions listed
    // Nothing: all. Else only cells of these clusters are compared.
    std::optional<std::set<std::string>> clusters;
};

// How a suite was run that was looked at before all of it had run.
struct Looks {
    std::size_t taken = 0, planned = 0;
    std::size_t cells_run = 0, cells = 0;  // of all there are
};

// One of the two.
struct Side {
    std::string file, driver;
    std::map<std::string, CellRun> runs;  // by cell
};

// Both runs of a cell at one moment.
struct PartingMoment {
    std::string what;  // "the runs part", or how the second one failed
    double time_s = 0;
    double apart_m = 0;          // from one ego to the other
    std::string plan;            // SVG: what is around the two, from above
    std::string a_jpeg, b_jpeg;  // all cameras of each
};
struct Parting {
    std::string cell;
    std::string trouble;  // why there is nothing to show, in a sentence; empty: there is
    std::vector<PartingMoment> moments;
};

struct Compared {
    std::string suite;
    gate::Settings settings;
    Side a, b;
    gate::Report report;
    std::optional<Looks> looks;     // see run_and_compare.h
    std::vector<Parting> partings;  // see parting.h

    bool passed() const { return report.verdict != gate::Verdict::kWorse; }
};

// Errors: a file that is no results file, a driver or a suite that it does not hold, a metric that
// no cell has, no common cells.
engine::core::Result<Compared> compare(const CompareSettings& settings);

// Why a cell of this side ended as it did: the criteria that it broke, else the end's reason; empty
// where it has no such cell.
std::string why(const Side& side, const std::string& cell);

// For a terminal, for a pull request (Markdown), as JUnit XML with a test case for each cell and
// one for the gate, as one self-contained page, and as JSON.
std::string text(const Compared& compared);
std::string markdown(const Compared& compared);
std::string junit(const Compared& compared);
std::string html(const Compared& compared);
nlohmann::ordered_json to_json(const Compared& compared);

}  // namespace huntsman::bridge::suite
