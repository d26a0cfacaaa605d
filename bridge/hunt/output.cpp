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
        const auto& d = hunt.grounds[one.ground].space.dimensions()[i];
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

// As "2h" or "500 runs".
std::string budget_text(const Hunt& hunt) {
    if (hunt.budget.seconds > 0) return hunt.settings.budget;
    std::int64_t runs = 0;  // of this shard
    for (const Search& search : hunt.searches) runs += search.budget;
    return fmt::format("{} runs", runs);
}

std::string headline(const Hunt& hunt, const HuntResult& result) {
    const std::size_t distinct = result.failures.size();
    return fmt::format("{} runs of a budget of {} by {}, {} failed, {} distinct failure{}",
                       result.runs.size(), budget_text(hunt), hunt.settings.method,
                       failed_of(result), distinct, distinct == 1 ? "" : "s");
}

// The place of each distinct failure's first run, in rising order.
std::vector<std::size_t> firsts(const HuntResult& result) {
    std::vector<std::size_t> places;
    for (const Failure& failure : result.failures) {
        places.push_back(*std::ranges::min_element(failure.members));
    }
    std::ranges::sort(places);
    return places;
}

// The distinct failure in words, with its ground where there are several.
std::string called(const Hunt& hunt, const Failure& failure) {
    const std::string name = mine::text(failure.distinct.signature);
    return hunt.grounds.size() == 1 ? name : hunt.grounds[failure.ground].name + ": " + name;
}

ordered_json run_json(const Hunt& hunt, const HuntRun& one) {
    const Ground& ground = hunt.grounds[one.ground];
    ordered_json values;
    for (std::size_t i = 0; i < one.values.size(); ++i) {
        values[ground.space.dimensions()[i].name] = one.values[i];
    }
    return {{"run", one.key},
            {"space", ground.name},
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
    constexpr double kWidth = 960, kHeight = 180, kLeft = 70;
    const double count = std::max<double>(1, static_cast<double>(result.runs.size()));
    const auto x = [&](std::size_t i) {
        return kLeft + (kWidth - kLeft) * (static_cast<double>(i) + 0.5) / count;
    };
    const auto y = [](double severity) {
        return kHeight - kHeight / 2 * std::clamp(severity, 0.0, 2.0);
    };
    std::string svg =
        fmt::format("<svg viewBox=\"0 -8 {} {}\" role=\"img\" aria-label=\"severity of each run\">",
                    kWidth, kHeight + 34);
    for (const auto& [severity, label] : {std::pair(2, "2 worst"), {1, "1 fails"}, {0, "0 far"}}) {
        svg += fmt::format(
            "<line x1=\"{}\" x2=\"{}\" y1=\"{}\" y2=\"{}\" stroke=\"{}\"/><text x=\"0\" y=\"{}\">{}"
            "</text>",
            kLeft, kWidth, y(severity), y(severity), severity == 1 ? "#b3261e" : "#e3e7ec",
            y(severity) + 4, label);
    }
    for (std::size_t i = 0; i < result.runs.size(); ++i) {
        const auto& e = result.runs[i].evaluation;
        if (!e.valid) continue;
        svg += fmt::format(
            "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3\" fill=\"{}\" fill-opacity=\"0.7\"/>", x(i),
            y(e.severity), e.failed ? "#b3261e" : "#2a5d9f");
    }
    for (const std::size_t i : firsts(result)) {
        svg += fmt::format(
            "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"6\" fill=\"none\" stroke=\"#1b2430\"/>", x(i),
            y(result.runs[i].evaluation.severity));
    }
    svg += fmt::format(
        "<text x=\"{}\" y=\"{}\">run 1</text><text x=\"{}\" y=\"{}\" "
        "text-anchor=\"end\">run {}</text>",
        kLeft, kHeight + 22, kWidth, kHeight + 22, result.runs.size());
    return svg + "</svg>\n";
}

constexpr const char* kStyle = R"(<style>body{font:15px/1.45 system-ui,sans-serif;margin:0 auto;
max-width:1040px;padding:24px;color:#1b2430;background:#fff}table{border-collapse:collapse;width:
100%}td,th{text-align:left;padding:4px 10px 4px 0;border-bottom:1px solid #e3e7ec;vertical-align:
top}th{color:#566}.muted{color:#566;font-size:13px}code{background:#f2f4f7;padding:1px 5px;
border-radius:4px;font-size:12px;display:inline-block;max-width:560px;overflow-x:auto;
white-space:nowrap}svg{max-width:100%}svg text{font-size:12px;
fill:#566}th{white-space:nowrap}.remark{border-left:3px solid #b3261e;padding-left:10px}</style>)";

}  // namespace

std::vector<std::string> remarks(const Hunt& hunt, const HuntResult& result) {
    // Below so many runs, shares say little.
    constexpr std::size_t kFew = 10;
    constexpr double kNearlyAll = 0.9;
    std::vector<std::string> remarks;
    for (std::size_t g = 0; g < hunt.grounds.size(); ++g) {
        std::size_t runs = 0, valid = 0, failed = 0;
        double worst = 0;
        for (const HuntRun& one : result.runs) {
            if (one.ground != g) continue;
            ++runs;
            if (!one.evaluation.valid) continue;
            ++valid;
            failed += one.evaluation.failed ? 1 : 0;
            worst = std::max(worst, one.evaluation.severity);
        }
        const std::string& name = hunt.grounds[g].name;
        if (runs > 0 && valid == 0) {
            remarks.push_back(fmt::format(
                "{}: none of its {} runs has a result; it may have no place in these towns.", name,
                runs));
        } else if (valid > 0 && failed == 0) {
            remarks.push_back(
                fmt::format("{}: the driver did not fail in {} runs; the nearest came "
                            "to a severity of {:.2f}, a failure has 1.",
                            name, valid, worst));
        } else if (valid >= kFew &&
                   static_cast<double>(failed) >= kNearlyAll * static_cast<double>(valid)) {
            remarks.push_back(
                fmt::format("{}: the driver failed in {} of {} runs. Failures are not "
                            "rare here, and random points find them as well.",
                            name, failed, valid));
        }
    }
    return remarks;
}

std::string progress_text(const Hunt& hunt, const HuntResult& result) {
    constexpr std::size_t kLast = 100;
    const std::size_t count = result.runs.size();
    if (count == 0) return "budget of " + budget_text(hunt);
    const auto recent = std::ranges::count_if(
        firsts(result), [&](std::size_t place) { return place + kLast >= count; });
    std::string spent = fmt::format("{} of {}", count, budget_text(hunt));
    if (hunt.budget.seconds > 0) {
        spent = fmt::format("{} runs in {:.0f} s of {}", count, result.seconds, budget_text(hunt));
    }
    return fmt::format("{}, {} failed, {} distinct ({} new in the last {} runs)", spent,
                       failed_of(result), result.failures.size(), recent, std::min(kLast, count));
}

std::string text(const Hunt& hunt, const HuntResult& result) {
    std::string out = fmt::format("{}: {}\n", hunt.name, headline(hunt, result));
    for (const std::string& remark : remarks(hunt, result)) out += remark + "\n";
    for (std::size_t i = 0; i < result.failures.size(); ++i) {
        const Failure& failure = result.failures[i];
        const HuntRun& worst = result.runs[failure.members.front()];
        const std::string command = command_of(hunt, i + 1);
        out += fmt::format("\n{}. {} ({} runs, {})\n   {}\n   {}\n   run {}\n{}", i + 1,
                           called(hunt, failure), failure.members.size(), confirmed_text(failure),
                           worst.reason, values_text(hunt, worst), worst.key.substr(0, 12),
                           command.empty() ? "" : "   " + command + "\n");
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
                            {"space", hunt.grounds[failure.ground].name},
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
            {"seconds", result.seconds},
            {"failed", failed_of(result)},
            {"remarks", remarks(hunt, result)},
            {"failures", std::move(failures)},
            {"runs", std::move(runs)}};
}

std::string html(const Hunt& hunt, const HuntResult& result, bool live) {
    const auto escaped = engine::core::markup_escaped;
    std::string page = fmt::format(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">{}<title>{}</title>{}"
        "</head><body>\n<h1>{}</h1>\n<p>{}{}</p>\n",
        live ? "<meta http-equiv=\"refresh\" content=\"10\">" : "", escaped(hunt.name), kStyle,
        escaped(hunt.name), escaped(live ? progress_text(hunt, result) : headline(hunt, result)),
        live ? ". Still running; this page loads itself anew every ten seconds." : ".");
    for (const std::string& remark : remarks(hunt, result)) {
        page += "<p class=\"remark\">" + escaped(remark) + "</p>\n";
    }
    if (result.runs.empty()) return page + "<p>No run is finished yet.</p>\n</body></html>\n";
    page +=
        "<p class=\"muted\">Severity of each run in the order of the search. Red: failed; with a "
        "ring: the first of a distinct failure.</p>\n" +
        plot(result);
    page += "<h2>Distinct failures</h2>\n";
    if (result.failures.empty()) return page + "<p>None so far.</p>\n</body></html>\n";
    page +=
        "<table><tr><th>failure</th><th>runs</th><th>the driver itself</th>"
        "<th>highest-ranked run</th></tr>\n";
    for (std::size_t i = 0; i < result.failures.size(); ++i) {
        const Failure& failure = result.failures[i];
        const HuntRun& worst = result.runs[failure.members.front()];
        const std::string command = command_of(hunt, i + 1);
        page += fmt::format(
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}<br><span class=\"muted\">{}</span><br>"
            "<span class=\"muted\">run {}</span>{}</td></tr>\n",
            escaped(called(hunt, failure)), failure.members.size(),
            live && failure.confirmed.empty() ? "not yet driven" : confirmed_text(failure),
            escaped(worst.reason), escaped(values_text(hunt, worst)), worst.key.substr(0, 12),
            live || command.empty() ? "" : "<br><code>" + escaped(command) + "</code>");
    }
    return page + "</table>\n</body></html>\n";
}

}  // namespace huntsman::bridge::hunt
