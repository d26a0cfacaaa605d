#include "bridge/suite/compare.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/core/markup.h"

namespace huntsman::bridge::suite {

using database::Access;
using engine::core::Error;
using engine::core::Result;
using gate::Better;
using gate::Finding;
using nlohmann::ordered_json;

namespace {

// Numbers of which fewer are better; of all others more are.
bool lower_is_better(const std::string& metric) {
    static const std::set<std::string> kFew = {"collisions", "red_lights"};
    const auto under = [&](std::string_view place) {
        return metric.find(place) != std::string::npos;
    };
    return kFew.contains(metric) || under(".counts.") || under("_error");
}

// What else is looked at, where cells have it.
constexpr const char* kOthers[] = {"passed",
                                   "room_s",
                                   "carla_2_1.driving_score",
                                   "carla_2_1.route_completion_percent",
                                   "bench2drive.success",
                                   "nuplan_closed_loop.score",
                                   "nuplan_closed_loop.comfort",
                                   "nuplan_closed_loop.time_to_collision",
                                   "navsim_pdms.score",
                                   "navsim_epdms_no_human_filter.score",
                                   "collisions",
                                   "red_lights",
                                   "progress_m"};

std::string quoted_list(const std::set<std::string>& names) {
    return names.empty() ? "(none)" : fmt::format("{}", fmt::join(names, ", "));
}

// The name that was asked for, or the only one there is.
Result<std::string> one_of(const std::set<std::string>& names, const std::string& asked,
                           const char* what, const char* flag, const std::string& file) {
    if (asked.empty() && names.size() == 1) return *names.begin();
    if (names.contains(asked)) return asked;
    return Error{.message = fmt::format("holds the {} {}, expected one of them as {}", what,
                                        quoted_list(names), flag),
                 .file = file};
}

struct Opened {
    std::string file;
    std::vector<CellRun> runs;
    std::set<std::string> suites, drivers;
    std::map<std::string, GateMetric> gates;
};

Result<Opened> open_file(const std::string& file) {
    HM_TAKE(const Store store, Store::open(file, Access::kReadOnly));
    Opened opened{.file = file};
    HM_TAKE(opened.runs, store.runs());
    for (const CellRun& run : opened.runs) {
        opened.suites.insert(run.suite);
        opened.drivers.insert(run.driver);
    }
    for (const std::string& suite : opened.suites) {
        HM_TAKE(const auto gate, store.gate(suite));
        if (gate) opened.gates[suite] = *gate;
    }
    return opened;
}

Side side_of(const Opened& opened, const std::string& suite, const std::string& driver,
             const CompareSettings& settings) {
    Side side{.file = opened.file, .driver = driver};
    for (const CellRun& run : opened.runs) {
        if (run.suite != suite || run.driver != driver) continue;
        if (settings.clusters && !settings.clusters->contains(run.cluster())) continue;
        side.runs[run.cell] = run;
    }
    return side;
}

// A run without a result has the worst value of what has 0 as its worst.
gate::Outcome outcome_of(const CellRun& run, const std::set<std::string>& metrics) {
    gate::Outcome outcome;
    if (run.failed) {
        outcome.failed = true;
        for (const std::string& metric : metrics) {
            if (!lower_is_better(metric)) outcome.metrics[metric] = 0;
        }
        return outcome;
    }
    for (const std::string& metric : metrics) {
        const auto found = run.scores.find(metric);
        if (found != run.scores.end()) outcome.metrics[metric] = found->second;
    }
    const auto passed = run.scores.find("passed");
    outcome.failed = passed != run.scores.end() && passed->second == 0;
    return outcome;
}

gate::Metric metric_of(const std::string& name) {
    return {name, lower_is_better(name) ? Better::kLower : Better::kHigher};
}

std::vector<gate::Cell> common_cells(const Compared& compared,
                                     const std::set<std::string>& metrics) {
    std::vector<gate::Cell> cells;
    for (const auto& [name, a] : compared.a.runs) {
        const auto b = compared.b.runs.find(name);
        if (b == compared.b.runs.end()) continue;
        if (a.failed && b->second.failed) continue;  // neither has a result: it tells nothing
        cells.push_back({.id = name,
                         .situation = a.situation,
                         .map = a.place,
                         .tags = a.tags,
                         .conditions = {{"", a.condition}},
                         .a = outcome_of(a, metrics),
                         .b = outcome_of(b->second, metrics)});
    }
    return cells;
}

// All metrics that some run has.
std::set<std::string> known_metrics(const Compared& compared) {
    std::set<std::string> names;
    for (const Side* side : {&compared.a, &compared.b}) {
        for (const auto& [cell, run] : side->runs) {
            for (const auto& [metric, value] : run.scores) names.insert(metric);
        }
    }
    return names;
}

// Which suite and drivers of which files.
engine::core::Status choose_sides(const CompareSettings& settings, Compared& compared,
                                  GateMetric& gate) {
    const bool one_file = !settings.results.empty();
    HM_TAKE(const Opened first, open_file(one_file ? settings.results : settings.a));
    Opened second;
    if (!one_file) {
        HM_TAKE(second, open_file(settings.b));
    }
    const Opened& other = one_file ? first : second;
    std::set<std::string> suites;
    std::ranges::set_intersection(first.suites, other.suites,
                                  std::inserter(suites, suites.begin()));
    if (suites.empty() && !(first.suites.empty() && other.suites.empty())) {
        return Error{.message = fmt::format("holds the suites {}, the other file {}; expected one "
                                            "that both hold",
                                            quoted_list(first.suites), quoted_list(other.suites)),
                     .file = first.file};
    }
    HM_TAKE(compared.suite, one_of(suites, settings.suite, "suites", "--suite", first.file));
    const auto driver_of = [&](const Opened& opened, const std::string& asked, const char* flag) {
        return one_of(opened.drivers, asked, "drivers", flag, opened.file);
    };
    HM_TAKE(const std::string driver_a, one_file
                                            ? driver_of(first, settings.a, "the first name")
                                            : driver_of(first, settings.driver_a, "--driver-a"));
    HM_TAKE(const std::string driver_b, one_file
                                            ? driver_of(first, settings.b, "the second name")
                                            : driver_of(second, settings.driver_b, "--driver-b"));
    compared.a = side_of(first, compared.suite, driver_a, settings);
    compared.b = side_of(other, compared.suite, driver_b, settings);
    if (const auto found = first.gates.find(compared.suite); found != first.gates.end()) {
        gate = found->second;
    }
    return {};
}

}  // namespace

Result<Compared> compare(const CompareSettings& settings) {
    Compared compared;
    GateMetric gate;
    HM_TRY(choose_sides(settings, compared, gate));
    const std::set<std::string> known = known_metrics(compared);
    const std::string metric = settings.metric.empty() ? gate.metric : settings.metric;
    if (!known.contains(metric)) {
        return Error{.message = fmt::format("--metric is {}, expected one of {}", metric,
                                            quoted_list(known))};
    }
    compared.settings.primary = metric_of(metric);
    // Another metric has another margin.
    if (!settings.margin && metric != gate.metric) {
        return Error{.message = fmt::format("--metric is {}, expected --margin beside it, in its "
                                            "unit",
                                            metric)};
    }
    compared.settings.margin = settings.margin.value_or(gate.margin);
    compared.settings.confidence = settings.confidence;
    compared.settings.worst = static_cast<std::size_t>(std::max<std::int64_t>(0, settings.worst));
    std::set<std::string> wanted{metric};
    for (const char* other : kOthers) {
        if (!known.contains(other) || other == metric) continue;
        wanted.insert(other);
        compared.settings.others.push_back(metric_of(other));
    }
    HM_TAKE(compared.report, gate::compare(common_cells(compared, wanted), compared.settings));
    return compared;
}

namespace {

std::string who(const Side& side, const Side& other) {
    return side.file == other.file || side.driver != other.driver
               ? side.driver
               : side.driver + " of " + side.file;
}

std::string interval_text(const gate::Interval& interval) {
    return fmt::format("{:.4g} to {:.4g}", interval.lower, interval.upper);
}

std::string headline(const Compared& c) {
    const auto& p = c.report.primary;
    const std::string verdict =
        c.report.verdict == gate::Verdict::kInconclusive
            ? fmt::format("cannot tell whether {} is worse than {}", who(c.b, c.a), who(c.a, c.b))
            : fmt::format("{} is {} than {}", who(c.b, c.a), name(c.report.verdict), who(c.a, c.b));
    return fmt::format(
        "{}: {} in {}: {:+.4g} ({:.0f} % interval {}), margin {:g}; {} cells in {} "
        "clusters",
        c.suite, verdict, c.settings.primary.name, p.mean, 100 * c.settings.confidence,
        interval_text(p.interval), c.settings.margin, p.cells, p.clusters);
}

std::string looks_text(const Compared& c) {
    if (!c.looks) return "";
    const Looks& looks = *c.looks;
    return fmt::format("decided at look {} of {}, after {} of {} cells\n", looks.taken,
                       looks.planned, looks.cells_run, looks.cells);
}

std::string detectable(const Compared& c) {
    if (c.report.detectable_loss && *c.report.detectable_loss <= 0) {
        return "these cells could have shown any loss";
    }
    return c.report.detectable_loss
               ? fmt::format(
                     "these cells could have shown a loss of {:.4g} ({:.0f} % power); one "
                     "of the margin with {:.0f} %",
                     *c.report.detectable_loss, 100 * c.settings.power,
                     100 * c.report.power_at_margin)
               : "these cells cannot show any loss";
}

std::vector<const Finding*> first_findings(const Compared& c, std::size_t most) {
    std::vector<const Finding*> found;
    for (const auto* list : {&c.report.findings, &c.report.metrics}) {
        for (std::size_t i = 0; i < std::min(most, list->size()); ++i) {
            found.push_back(&(*list)[i]);
        }
    }
    return found;
}

}  // namespace

std::string why(const Side& side, const std::string& cell) {
    const auto found = side.runs.find(cell);
    if (found == side.runs.end()) return "";
    const CellRun& run = found->second;
    if (run.failed || run.broken_criteria.empty()) return run.reason;
    return fmt::format("{}", fmt::join(run.broken_criteria, "; "));
}

std::string text(const Compared& c) {
    std::string out =
        fmt::format("{}\n{}\n{}\n{}", headline(c), c.report.reason, detectable(c), looks_text(c));
    const auto list = [&](const char* title, const std::vector<std::string>& cells) {
        if (cells.empty()) return;
        out += fmt::format("\n{} ({}):\n", title, cells.size());
        for (const std::string& cell : cells) {
            out += fmt::format("  {}  {}\n", cell, why(c.b, cell));
        }
    };
    out += "\nexploratory (p adjusted by Benjamini-Hochberg):\n";
    for (const Finding* f : first_findings(c, 8)) {
        out += fmt::format("  {:<10} {:<34} {:+9.4g}  p {:.3g}  {} cells\n", name(f->kind), f->name,
                           f->difference.mean, f->p_adjusted, f->difference.cells);
    }
    list("new failures", c.report.new_failures);
    list("fixed failures", c.report.fixed_failures);
    if (!c.report.worst.empty()) out += "\nworst regressions:\n";
    for (const auto& cell : c.report.worst) {
        out += fmt::format("  {:<52} {:.4g} -> {:.4g}  {}\n", cell.id, cell.a, cell.b,
                           why(c.b, cell.id));
    }
    for (const Parting& parting : c.partings) {
        if (!parting.trouble.empty()) out += fmt::format("{}: {}\n", parting.cell, parting.trouble);
        for (const PartingMoment& moment : parting.moments) {
            out += fmt::format("{}: {:.3f} s: {}, {:.2f} m from one to the other\n", parting.cell,
                               moment.time_s, moment.what, moment.apart_m);
        }
    }
    return out;
}

std::string markdown(const Compared& c) {
    const auto& p = c.report.primary;
    std::string out = fmt::format("### {} `{}`: **{}**\n\n{}\n\n", c.passed() ? "✅" : "❌", c.suite,
                                  name(c.report.verdict), c.report.reason);
    out += fmt::format(
        "| metric | {} | {} | difference | {:.0f} % interval | margin | cells | clusters |\n"
        "|---|---|---|---|---|---|---|---|\n| `{}` | {:.4g} | {:.4g} | {:+.4g} | {} | {:g} | {} | "
        "{} |\n\n_{}_\n",
        who(c.a, c.b), who(c.b, c.a), 100 * c.settings.confidence, c.settings.primary.name,
        p.mean_a, p.mean_b, p.mean, interval_text(p.interval), c.settings.margin, p.cells,
        p.clusters, detectable(c));
    if (c.looks) out += "\n" + looks_text(c);
    out += "\n| exploratory | difference | p (adjusted) | cells |\n|---|---|---|---|\n";
    for (const Finding* f : first_findings(c, 6)) {
        out += fmt::format("| {} {} | {:+.4g} | {:.3g} | {} |\n", name(f->kind), f->name,
                           f->difference.mean, f->p_adjusted, f->difference.cells);
    }
    const auto list = [&](const char* title, const std::vector<std::string>& cells) {
        if (cells.empty()) return;
        out += fmt::format("\n<details><summary>{} ({})</summary>\n\n", title, cells.size());
        for (const std::string& cell : cells) {
            out += fmt::format("- `{}` {}\n", cell, why(c.b, cell));
        }
        out += "\n</details>\n";
    };
    list("new failures", c.report.new_failures);
    list("fixed failures", c.report.fixed_failures);
    return out;
}

std::string junit(const Compared& c) {
    const auto escaped = engine::core::markup_escaped;
    std::set<std::string> fresh(c.report.new_failures.begin(), c.report.new_failures.end());
    std::string cases;
    std::size_t tests = 1;
    double time_s = 0;
    for (const auto& [cell, run] : c.b.runs) {
        ++tests;
        time_s += run.wall_time_s;
        cases +=
            fmt::format("  <testcase classname=\"{}.{}\" name=\"{}\" time=\"{:.3f}\"",
                        escaped(c.suite), escaped(run.situation), escaped(cell), run.wall_time_s);
        // What failed before too is for the gate to judge.
        cases += fresh.contains(cell) ? fmt::format(
                                            ">\n    <system-out>new failure: {}</system-out>\n  "
                                            "</testcase>\n",
                                            escaped(why(c.b, cell)))
                                      : std::string("/>\n");
    }
    const std::string gate_case =
        c.passed() ? fmt::format(
                         "  <testcase classname=\"{}\" name=\"gate\">\n    "
                         "<system-out>{}</system-out>\n  </testcase>\n",
                         escaped(c.suite), escaped(headline(c)))
                   : fmt::format(
                         "  <testcase classname=\"{}\" name=\"gate\">\n    <failure "
                         "message=\"{}\">{}</failure>\n  </testcase>\n",
                         escaped(c.suite), escaped(c.report.reason), escaped(text(c)));
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"{}\" "
        "tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"0\" "
        "time=\"{:.3f}\">\n{}{}</testsuite>\n",
        escaped(c.suite), tests, c.passed() ? 0 : 1, time_s, gate_case, cases);
}

ordered_json to_json(const Compared& c) {
    const auto difference = [&](const gate::Difference& d) {
        return ordered_json{{"mean", d.mean},
                            {"mean_a", d.mean_a},
                            {"mean_b", d.mean_b},
                            {"lower", d.interval.lower},
                            {"upper", d.interval.upper},
                            {"p_value", d.p_value},
                            {"cells", d.cells},
                            {"clusters", d.clusters}};
    };
    const auto findings = [&](const std::vector<Finding>& list) {
        ordered_json rows = ordered_json::array();
        for (const Finding& f : list) {
            rows.push_back({{"kind", name(f.kind)},
                            {"name", f.name},
                            {"difference", difference(f.difference)},
                            {"p_adjusted", f.p_adjusted},
                            {"explained", f.explained}});
        }
        return rows;
    };
    ordered_json worst = ordered_json::array();
    for (const auto& cell : c.report.worst) {
        worst.push_back(
            {{"cell", cell.id}, {"a", cell.a}, {"b", cell.b}, {"reason", why(c.b, cell.id)}});
    }
    ordered_json partings = ordered_json::array();
    for (const Parting& parting : c.partings) {
        ordered_json moments = ordered_json::array();
        for (const PartingMoment& moment : parting.moments) {
            moments.push_back(
                {{"time_s", moment.time_s}, {"what", moment.what}, {"apart_m", moment.apart_m}});
        }
        partings.push_back(
            {{"cell", parting.cell}, {"trouble", parting.trouble}, {"moments", moments}});
    }
    return {{"schema_version", 1},
            {"suite", c.suite},
            {"a", {{"file", c.a.file}, {"driver", c.a.driver}}},
            {"b", {{"file", c.b.file}, {"driver", c.b.driver}}},
            {"metric", c.settings.primary.name},
            {"margin", c.settings.margin},
            {"confidence", c.settings.confidence},
            {"verdict", name(c.report.verdict)},
            {"passed", c.passed()},
            {"reason", c.report.reason},
            {"primary", difference(c.report.primary)},
            {"detectable_loss", c.report.detectable_loss ? ordered_json(*c.report.detectable_loss)
                                                         : ordered_json(nullptr)},
            {"power_at_margin", c.report.power_at_margin},
            {"cells", c.report.cells},
            {"only_a", c.report.only_a},
            {"only_b", c.report.only_b},
            {"findings", findings(c.report.findings)},
            {"metrics", findings(c.report.metrics)},
            {"new_failures", c.report.new_failures},
            {"fixed_failures", c.report.fixed_failures},
            {"worst", std::move(worst)},
            {"partings", std::move(partings)},
            {"looks", c.looks ? ordered_json{{"taken", c.looks->taken},
                                             {"planned", c.looks->planned},
                                             {"cells_run", c.looks->cells_run},
                                             {"cells", c.looks->cells}}
                              : ordered_json(nullptr)}};
}

}  // namespace huntsman::bridge::suite
