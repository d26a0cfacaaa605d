#include "bridge/gate/gate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

namespace huntsman::bridge::gate {

using engine::core::Error;
using engine::core::Key;
using engine::core::Result;
using engine::core::Status;

namespace {

using Cells = std::vector<const Cell*>;  // sorted by id

std::optional<double> value_of(const Outcome& outcome, const std::string& metric) {
    const auto found = outcome.metrics.find(metric);
    return found == outcome.metrics.end() ? std::nullopt : std::optional(found->second);
}

// --- What comes in ------------------------------------------------------------------------------

Status check(const Settings& s) {
    if (s.primary.name.empty()) return Error{"the gate has no primary metric"};
    if (!(s.margin > 0.0) || !std::isfinite(s.margin)) {
        return Error{fmt::format("the margin of {} is {}; expected a number above 0",
                                 s.primary.name, s.margin)};
    }
    if (!(s.confidence > 0.5 && s.confidence < 1.0)) {
        return Error{
            fmt::format("the confidence is {}; expected a value between 0.5 and 1", s.confidence)};
    }
    if (!(s.power > 0.0 && s.power < 1.0)) {
        return Error{fmt::format("the power is {}; expected a value between 0 and 1", s.power)};
    }
    if (s.resamples < 99 || s.resamples > 10'000'000) {
        return Error{fmt::format("{} resamples; expected 99 to 10000000", s.resamples)};
    }
    return {};
}

Status check(const Cells& cells) {
    if (cells.empty()) return Error{"the two results have no cell in common"};
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i > 0 && cells[i]->id == cells[i - 1]->id) {
            return Error{fmt::format("the cell {} comes twice", cells[i]->id)};
        }
        for (const Outcome* outcome : {&cells[i]->a, &cells[i]->b}) {
            for (const auto& [metric, value] : outcome->metrics) {
                if (std::isfinite(value)) continue;
                return Error{fmt::format("{} of {} is {} in the cell {}; expected a finite number",
                                         metric, outcome == &cells[i]->a ? "A" : "B", value,
                                         cells[i]->id)};
            }
        }
    }
    return {};
}

Cells sorted(std::span<const Cell> cells) {
    Cells all;
    for (const Cell& cell : cells) all.push_back(&cell);
    std::sort(all.begin(), all.end(), [](const Cell* a, const Cell* b) { return a->id < b->id; });
    return all;
}

// What independent units cells fall into.
enum class Unit { kCluster, kCell };

// Names cannot hold a line break: they stand in files of one line each.
std::string cluster_of(const Cell& cell) { return cell.situation + "\n" + cell.map; }

// Of B - A, sorted by name; cells without both values do not count.
std::vector<Cluster> clusters_of(const Cells& cells, const std::string& metric, Unit unit) {
    std::map<std::string, Cluster> by_name;
    for (const Cell* cell : cells) {
        const auto a = value_of(cell->a, metric), b = value_of(cell->b, metric);
        if (!a || !b) continue;
        const std::string name = unit == Unit::kCell ? cell->id : cluster_of(*cell);
        Cluster& cluster = by_name[name];
        cluster.name = name;
        cluster.sum += *b - *a;
        ++cluster.cells;
    }
    std::vector<Cluster> clusters;
    for (auto& [name, cluster] : by_name) clusters.push_back(std::move(cluster));
    return clusters;
}

// --- Differences --------------------------------------------------------------------------------

struct Compared {
    Difference difference;
    Estimate estimate;
    std::size_t differing = 0;  // clusters
    bool identical = true;      // in every cell
};

Compared difference_of(const Cells& cells, const Metric& metric, Unit unit, const Settings& s,
                       const Key& key) {
    const std::vector<Cluster> clusters = clusters_of(cells, metric.name, unit);
    Compared c{.estimate = estimate(clusters), .differing = clusters_with_difference(clusters)};
    Difference& d = c.difference;
    d.clusters = c.estimate.clusters;
    d.cells = c.estimate.cells;
    if (d.cells == 0) return c;
    for (const Cell* cell : cells) {
        const auto a = value_of(cell->a, metric.name), b = value_of(cell->b, metric.name);
        if (!a || !b) continue;
        c.identical = c.identical && *a == *b;
        d.mean_a += *a / static_cast<double>(d.cells);
        d.mean_b += *b / static_cast<double>(d.cells);
    }
    d.mean = c.estimate.mean;
    d.loss = metric.better == Better::kHigher ? d.mean < 0.0 : d.mean > 0.0;
    d.interval = mean_interval(clusters, s.confidence, key.with("bootstrap"), s.resamples);
    d.p_value = sign_flip_p(clusters, key.with("sign flip"), s.resamples);
    return c;
}

// --- The verdict --------------------------------------------------------------------------------

std::string bounds(const Interval& interval) {
    return fmt::format("{:.4g} to {:.4g}", interval.lower, interval.upper);
}

// As a gain: positive where B is better.
Interval gain(const Difference& d, Better better) {
    return better == Better::kHigher ? d.interval : Interval{-d.interval.upper, -d.interval.lower};
}

void judge(Report& report, const Settings& s, const Compared& compared) {
    const Difference& d = report.primary;
    const Interval g = gain(d, s.primary.better);
    const double level = 1.0 - s.confidence;
    const std::string percent = fmt::format("{:.6g} %", 100.0 * s.confidence);
    const std::string found = fmt::format(
        "{} changed by {:.4g} ({} interval {}, p = {:.2g}, {} cells in {} clusters)",
        s.primary.name, d.mean, percent, bounds(d.interval), d.p_value, d.cells, d.clusters);
    const auto set = [&](Verdict verdict, std::string reason) {
        report.verdict = verdict;
        report.reason = std::move(reason);
    };
    const bool worse = g.upper < 0.0 && d.p_value <= level;
    const bool not_worse = g.lower > -s.margin;
    if ((not_worse || compared.identical) && !report.only_a.empty()) {
        set(Verdict::kInconclusive,
            fmt::format("{}, but {} cells that A has a value for have none for B, the first of "
                        "them {}",
                        found, report.only_a.size(), report.only_a.front()));
    } else if (compared.identical) {
        set(Verdict::kNotWorse, fmt::format("no cell differs in {} ({} cells in {} clusters)",
                                            s.primary.name, d.cells, d.clusters));
    } else if (smallest_p(d.clusters) > level) {
        set(Verdict::kInconclusive,
            fmt::format("too few clusters for a verdict at {}: {}, where {} are needed", percent,
                        d.clusters, 1 + static_cast<int>(std::ceil(-std::log2(level)))));
    } else if (not_worse) {
        set(Verdict::kNotWorse,
            fmt::format("{}: a loss of the margin, {:.4g}, is excluded{}", found, s.margin,
                        worse ? ", though a smaller one is there" : ""));
    } else if (worse) {
        set(Verdict::kWorse,
            fmt::format("{}: a loss, and one of the margin, {:.4g}, is not excluded", found,
                        s.margin));
    } else {
        const std::string can = report.detectable_loss
                                    ? fmt::format("{:.4g}", *report.detectable_loss)
                                    : std::string("none");
        set(Verdict::kInconclusive,
            fmt::format("{}: interval and test exclude neither no loss nor one of the margin, "
                        "{:.4g}; the smallest loss that these cells find with {:.4g} % is {}",
                        found, s.margin, 100.0 * s.power, can));
    }
}

// What these cells can show: the interval of a loss must end below 0, and be as wide as this one;
// there must be clusters enough for the sign-flip test.
void state_power(Report& report, const Settings& s, const Compared& compared) {
    const Estimate& e = compared.estimate;
    if (smallest_p(e.clusters) > 1.0 - s.confidence) return;
    const Interval& interval = report.primary.interval;
    const double half_width = 0.5 * (interval.upper - interval.lower);
    const double bound = e.standard_error > 0.0 ? half_width / e.standard_error : 0.0;
    report.detectable_loss = detectable_loss(e.standard_error, e.clusters, bound, s.power);
    // However many cells there are, the interval lies wholly above a loss of the margin at times.
    report.power_at_margin =
        std::min(power(s.margin, e.standard_error, e.clusters, bound), 0.5 * (1.0 + s.confidence));
}

// --- Exploration --------------------------------------------------------------------------------

struct Explored {
    Finding finding;
    bool testable = false;  // its p value could be small enough
};

// Cells by what they have in common. A subset that is all of them tells nothing.
using Subsets = std::map<std::pair<Finding::Kind, std::string>, Cells>;
Subsets subsets_of(const Cells& cells) {
    Subsets subsets;
    for (const Cell* cell : cells) {
        for (const std::string& tag : std::set<std::string>(cell->tags.begin(), cell->tags.end())) {
            subsets[{Finding::Kind::kTag, tag}].push_back(cell);
        }
        for (const auto& [name, value] : cell->conditions) {
            subsets[{Finding::Kind::kCondition, name.empty() ? value : name + "=" + value}]
                .push_back(cell);
        }
        subsets[{Finding::Kind::kSituation, cell->situation}].push_back(cell);
    }
    std::erase_if(subsets, [&](const auto& s) { return s.second.size() == cells.size(); });
    return subsets;
}

double sum_of_squares(const Cells& cells, const std::string& metric) {
    double sum = 0;
    for (const Cell* cell : cells) {
        const double d = *value_of(cell->b, metric) - *value_of(cell->a, metric);
        sum += d * d;
    }
    return sum;
}

Explored explore(Finding::Kind kind, const std::string& name, const Cells& cells,
                 const Metric& metric, const Settings& s, const Key& key) {
    // Variants of the one situation that is looked at are independent of each other.
    const Unit unit = kind == Finding::Kind::kSituation ? Unit::kCell : Unit::kCluster;
    const Compared c = difference_of(cells, metric, unit, s,
                                     key.with(static_cast<std::uint64_t>(kind)).with(name));
    return {.finding = {.kind = kind, .name = name, .difference = c.difference},
            .testable = smallest_p(c.differing) <= 1.0 - s.confidence};
}

// Adjusts p values. What could not reach a small one whatever its signs is not among the hypotheses
// [Tarone 1990].
void adjust(std::vector<Explored>& explored) {
    std::vector<double> p;
    for (const Explored& e : explored) {
        if (e.testable) p.push_back(e.finding.difference.p_value);
    }
    const std::vector<double> adjusted = benjamini_hochberg(p);
    std::size_t next = 0;
    for (Explored& e : explored) {
        if (e.testable) e.finding.p_adjusted = adjusted[next++];
    }
}

// Significant ones after adjustment, those before it, others; among these by what they explain.
void sort_by_conviction(std::vector<Finding>& findings, double level) {
    const auto order = [&](const Finding& f) {
        const double p = f.difference.p_value;
        const int doubt = f.p_adjusted <= level ? 0 : p <= level ? 1 : 2;
        return std::tuple(doubt, -f.explained, p, f.kind, f.name);
    };
    std::sort(findings.begin(), findings.end(),
              [&](const Finding& a, const Finding& b) { return order(a) < order(b); });
}

void explore_all(Report& report, const Cells& all, const Cells& used, const Settings& s,
                 const Key& key) {
    const double squares = sum_of_squares(used, s.primary.name);
    std::vector<Explored> explored;
    for (const auto& [subset, cells] : subsets_of(used)) {
        Explored e = explore(subset.first, subset.second, cells, s.primary, s, key);
        const Difference& d = e.finding.difference;
        if (squares > 0.0) {
            e.finding.explained = static_cast<double>(d.cells) * d.mean * d.mean / squares;
        }
        explored.push_back(std::move(e));
    }
    for (const Metric& metric : s.others) {
        Explored e = explore(Finding::Kind::kMetric, metric.name, all, metric, s, key);
        if (e.finding.difference.cells > 0) explored.push_back(std::move(e));
    }
    adjust(explored);
    for (Explored& e : explored) {
        auto& list = e.finding.kind == Finding::Kind::kMetric ? report.metrics : report.findings;
        list.push_back(std::move(e.finding));
    }
    sort_by_conviction(report.findings, 1.0 - s.confidence);
    sort_by_conviction(report.metrics, 1.0 - s.confidence);
}

// --- Single cells -------------------------------------------------------------------------------

void list_failures(Report& report, const Cells& cells) {
    for (const Cell* cell : cells) {
        if (cell->b.failed && !cell->a.failed) report.new_failures.push_back(cell->id);
        if (cell->a.failed && !cell->b.failed) report.fixed_failures.push_back(cell->id);
    }
}

void list_worst(Report& report, const Cells& used, const Settings& s) {
    const double sign = s.primary.better == Better::kHigher ? 1.0 : -1.0;
    const auto gained = [&](const CellDifference& c) { return sign * (c.b - c.a); };
    for (const Cell* cell : used) {
        const CellDifference c{cell->id, *value_of(cell->a, s.primary.name),
                               *value_of(cell->b, s.primary.name)};
        if (gained(c) < 0.0) report.worst.push_back(c);
    }
    std::stable_sort(
        report.worst.begin(), report.worst.end(),
        [&](const CellDifference& x, const CellDifference& y) { return gained(x) < gained(y); });
    if (report.worst.size() > s.worst) report.worst.resize(s.worst);
}

}  // namespace

const char* name(Verdict verdict) {
    switch (verdict) {
        case Verdict::kWorse:
            return "worse";
        case Verdict::kNotWorse:
            return "not worse";
        case Verdict::kInconclusive:
            return "inconclusive";
    }
    return "?";
}

const char* name(Finding::Kind kind) {
    switch (kind) {
        case Finding::Kind::kTag:
            return "tag";
        case Finding::Kind::kCondition:
            return "condition";
        case Finding::Kind::kSituation:
            return "situation";
        case Finding::Kind::kMetric:
            return "metric";
    }
    return "?";
}

Result<Report> compare(std::span<const Cell> cells, const Settings& s) {
    const Cells all = sorted(cells);
    HM_TRY(check(s));
    HM_TRY(check(all));

    Report report;
    report.cells = all.size();
    Cells used;
    for (const Cell* cell : all) {
        const bool a = value_of(cell->a, s.primary.name).has_value();
        const bool b = value_of(cell->b, s.primary.name).has_value();
        if (a && b) used.push_back(cell);
        if (a && !b) report.only_a.push_back(cell->id);
        if (b && !a) report.only_b.push_back(cell->id);
    }
    if (used.empty()) {
        std::set<std::string> known;
        for (const Cell* cell : all) {
            for (const auto& [metric, value] : cell->a.metrics) known.insert(metric);
        }
        return Error{fmt::format(
            "none of the {} common cells has a value of {} for both drivers; "
            "A has {}",
            all.size(), s.primary.name,
            known.empty() ? "none of any metric" : fmt::format("{}", fmt::join(known, ", ")))};
    }

    const Key key = Key(s.seed).with("regression gate");
    const Compared compared =
        difference_of(used, s.primary, Unit::kCluster, s, key.with("primary"));
    report.primary = compared.difference;
    state_power(report, s, compared);
    judge(report, s, compared);
    if (s.explore) explore_all(report, all, used, s, key);
    list_failures(report, all);
    list_worst(report, used, s);
    return report;
}

// [Tarone 1990] R. E. Tarone, A Modified Bonferroni Method for Discrete Data, Biometrics 46.
}  // namespace huntsman::bridge::gate
