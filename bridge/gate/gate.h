// The regression gate: has driver B become worse than driver A, where, and can that be believed?
//
//   gate::Settings settings;
//   settings.primary = {"driving_score", gate::Better::kHigher};
//   settings.margin = 2;
//   HM_TAKE(const gate::Report report, gate::compare(cells, settings));
//   if (report.verdict != gate::Verdict::kNotWorse) std::puts(report.reason.c_str());
//
// Pure functions: nothing is read or written. The same cells and settings give the same bits,
// whatever the order of the cells. The method and its limits stand in docs/gate.md.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bridge/gate/statistics.h"
#include "engine/core/result.h"

namespace huntsman::bridge::gate {

enum class Better { kHigher, kLower };
struct Metric {
    std::string name;
    Better better = Better::kHigher;
};

// One driver's run of a cell.
struct Outcome {
    std::map<std::string, double> metrics;  // a metric without a value is not in it
    bool failed = false;                    // by its criteria, or without coming to an end
};

// A cell that both drivers have.
struct Cell {
    std::string id;              // unique, the same for both
    std::string situation, map;  // together they name its cluster
    std::vector<std::string> tags;
    std::map<std::string, std::string> conditions;  // "light": "night"; "": "night"
    Outcome a, b;                                   // the one to compare with; the new one
};

struct Settings {
    Metric primary;              // the one that gates
    double margin = 0;           // > 0: losses below it are tolerated, in the metric's unit
    double confidence = 0.95;    // of intervals; the verdict errs in at most (1 - confidence) / 2
    std::vector<Metric> others;  // exploratory
    double power = 0.8;          // of the smallest detectable loss
    int resamples = 9999;
    std::uint64_t seed = 1;
    std::size_t worst = 10;  // regressions listed
    bool explore = true;     // subsets and other metrics too
};

enum class Verdict { kWorse, kNotWorse, kInconclusive };
const char* name(Verdict verdict);  // "worse", "not worse", "inconclusive"

// Mean of B - A of one metric, in its unit, over cells for which both have a value.
struct Difference {
    double mean = 0, mean_a = 0, mean_b = 0;
    Interval interval;   // at the confidence of the settings
    double p_value = 1;  // two-sided, of no difference
    std::size_t cells = 0, clusters = 0;
    bool loss = false;  // the mean is to the worse
};

struct Finding {
    enum class Kind { kTag, kCondition, kSituation, kMetric };
    Kind kind = Kind::kTag;
    std::string name;  // "pedestrian", "light=night", a situation, a metric
    Difference
        difference;  // of the primary metric within that subset, or of the metric in all cells
    double p_adjusted = 1;  // among all findings; see benjamini_hochberg()
    // How much of the sum of squared differences is explained if only this subset differs, by its
    // mean, 0..1. The subset that a fault concerns explains more than its parts and than what
    // contains it. 0 for metrics.
    double explained = 0;
};
const char* name(Finding::Kind kind);

// Of a cell, in the primary metric.
struct CellDifference {
    std::string id;
    double a = 0, b = 0;  // B - A is the difference
};

struct Report {
    Verdict verdict = Verdict::kInconclusive;
    std::string reason;  // one sentence
    Difference primary;
    // The smallest true loss that these cells find with the settings' power; nothing where none can
    // be found.
    std::optional<double> detectable_loss;
    double power_at_margin = 0;               // probability to call a true loss of the margin worse
    std::size_t cells = 0;                    // that both have, with or without values
    std::vector<std::string> only_a, only_b;  // cells in which the other has no value

    std::vector<Finding> findings;                          // subsets, the most convincing first
    std::vector<Finding> metrics;                           // other metrics, likewise
    std::vector<std::string> new_failures, fixed_failures;  // ids
    std::vector<CellDifference> worst;                      // the greatest losses first
};

// Errors: settings out of range, no common cell, an id twice, a value that is not finite, a primary
// metric that no cell has for both. What is too little for a verdict, such as a single cluster, is
// inconclusive with its reason. Cost: about 40 ns × resamples × clusters, summed over all subsets.
engine::core::Result<Report> compare(std::span<const Cell> cells, const Settings& settings);

}  // namespace huntsman::bridge::gate
