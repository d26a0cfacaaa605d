#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "bridge/hunt/hunt.h"
#include "engine/core/markup.h"

namespace huntsman::bridge::hunt {

using nlohmann::ordered_json;

namespace {

// All values with their names and units.
std::string values_text(const Hunt& hunt, const HuntRun& one) {
    std::string text;
    for (std::size_t i = 0; i < one.values.size(); ++i) {
        const auto& d = hunt.space.dimensions()[i];
        text += fmt::format("{}{} {:.4g}{}{}", text.empty() ? "" : ", ", d.name, one.values[i],
                            d.unit.empty() ? "" : " ", d.unit);
    }
    return text;
}

const char* confirmed_text(const Failure& failure) {
    if (failure.confirmed.empty()) return "not driven";
    return failure.confirms() ? "confirmed" : "not confirmed";
}

std::size_t failed_of(const HuntResult& result) {
    return static_cast<std::size_t>(std::ranges::count_if(
        result.runs, [](const HuntRun& one) { return one.evaluation.failed; }));
}

// What drives the failure of this number again; empty where its scenario is not saved.
std::string command_of(const Hunt& hunt, std::size_t number) {
    const HuntSettings& s = hunt.settings;
    if (s.save.empty()) return "";
    std::string line = fmt::format("huntsman run {}/{}.json --driver {} --size {} --quality {}",
                                   s.save, number, s.driver, s.size, s.quality);
    for (const std::string& fault : s.faults) line += " --fault " + fault;
    return line;
}

std::string headline(const Hunt& hunt, const HuntResult& result) {
    const std::size_t distinct = result.failures.size();
    return fmt::format("{} of {} runs by {}, {} failed, {} distinct failure{}", result.runs.size(),
                       hunt.settings.budget, hunt.settings.method, failed_of(result), distinct,
                       distinct == 1 ? "" : "s");
}

ordered_json run_json(const Hunt& hunt, const HuntRun& one) {
    ordered_json values;
    for (std::size_t i = 0; i < one.values.size(); ++i) {
        values[hunt.space.dimensions()[i].name] = one.values[i];
    }
    return {{"run", one.key},
            {"values", std::move(values)},
            {"severity", one.evaluation.severity},
            {"failed", one.evaluation.failed},
            {"valid", one.evaluation.valid},
            {"signature", mine::text(one.signature)},
            {"plausibility", one.plausibility},
            {"reason", one.reason}};
}

// Severity of every run, in their order; failures red.
std::string plot(const HuntResult& result) {
    constexpr double kWidth = 960, kHeight = 180;
    std::string svg = fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\">", kWidth, kHeight);
    svg += fmt::format("<line x1=\"0\" x2=\"{}\" y1=\"90\" y2=\"90\" stroke=\"#b3261e\"/>", kWidth);
    const double count = std::max<double>(1, static_cast<double>(result.runs.size()));
    for (std::size_t i = 0; i < result.runs.size(); ++i) {
        const auto& e = result.runs[i].evaluation;
        if (!e.valid) continue;
        svg += fmt::format(
            "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3\" fill=\"{}\" fill-opacity=\"0.7\"/>",
            kWidth * (static_cast<double>(i) + 0.5) / count,
            kHeight - 90 * std::clamp(e.severity, 0.0, 2.0), e.failed ? "#b3261e" : "#2a5d9f");
    }
    return svg + "</svg>\n";
}

constexpr const char* kStyle = R"(<style>body{font:15px/1.45 system-ui,sans-serif;margin:0 auto;
max-width:1040px;padding:24px;color:#1b2430;background:#fff}table{border-collapse:collapse;width:
100%}td,th{text-align:left;padding:4px 10px 4px 0;border-bottom:1px solid #e3e7ec;vertical-align:
top}th{color:#566}.muted{color:#566;font-size:13px}code{background:#f2f4f7;padding:1px 5px;
border-radius:4px;font-size:12px}svg{max-width:100%}</style>)";

}  // namespace

std::string text(const Hunt& hunt, const HuntResult& result) {
    std::string out = fmt::format("{}: {}\n", hunt.name, headline(hunt, result));
    for (std::size_t i = 0; i < result.failures.size(); ++i) {
        const Failure& failure = result.failures[i];
        const HuntRun& worst = result.runs[failure.members.front()];
        const std::string command = command_of(hunt, i + 1);
        out += fmt::format("\n{}. {} ({} runs, {})\n   {}\n   {}\n   run {}\n{}", i + 1,
                           mine::text(failure.distinct.signature), failure.members.size(),
                           confirmed_text(failure), worst.reason, values_text(hunt, worst),
                           worst.key.substr(0, 12), command.empty() ? "" : "   " + command + "\n");
    }
    return out;
}

ordered_json to_json(const Hunt& hunt, const HuntResult& result) {
    ordered_json failures = ordered_json::array(), runs = ordered_json::array();
    for (std::size_t i = 0; i < result.failures.size(); ++i) {
        const Failure& failure = result.failures[i];
        ordered_json confirmed = ordered_json::array();
        for (const HuntRun& one : failure.confirmed) confirmed.push_back(run_json(hunt, one));
        failures.push_back({{"signature", mine::text(failure.distinct.signature)},
                            {"runs", failure.members.size()},
                            {"weight", failure.distinct.weight},
                            {"first", run_json(hunt, result.runs[failure.members.front()])},
                            {"confirmed", failure.confirms()},
                            {"confirmations", std::move(confirmed)},
                            {"command", command_of(hunt, i + 1)}});
    }
    for (const HuntRun& one : result.runs) runs.push_back(run_json(hunt, one));
    return {{"schema_version", 1},
            {"hunt", hunt.name},
            {"method", hunt.settings.method},
            {"seed", hunt.settings.seed},
            {"budget", hunt.settings.budget},
            {"kept", result.kept},
            {"failed", failed_of(result)},
            {"failures", std::move(failures)},
            {"runs", std::move(runs)}};
}

std::string html(const Hunt& hunt, const HuntResult& result, bool live) {
    const auto escaped = engine::core::markup_escaped;
    std::string page = fmt::format(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">{}<title>{}</title>{}"
        "</head><body>\n<h1>{}</h1>\n<p>{}</p>\n",
        live ? "<meta http-equiv=\"refresh\" content=\"10\">" : "", escaped(hunt.name), kStyle,
        escaped(hunt.name), headline(hunt, result));
    page +=
        "<p class=\"muted\">Severity of each run in the order of the search; above the line it "
        "failed.</p>\n" +
        plot(result);
    page +=
        "<h2>Distinct failures</h2>\n<table><tr><th>failure</th><th>runs</th><th>driver</th>"
        "<th>highest-ranked run</th></tr>\n";
    for (std::size_t i = 0; i < result.failures.size(); ++i) {
        const Failure& failure = result.failures[i];
        const HuntRun& worst = result.runs[failure.members.front()];
        page += fmt::format(
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}<br><span class=\"muted\">{}</span><br>"
            "<code>{}</code></td></tr>\n",
            escaped(mine::text(failure.distinct.signature)), failure.members.size(),
            confirmed_text(failure), escaped(worst.reason), escaped(values_text(hunt, worst)),
            escaped(command_of(hunt, i + 1)));
    }
    return page + "</table>\n</body></html>\n";
}

}  // namespace huntsman::bridge::hunt
