#include <algorithm>
#include <cmath>
#include <map>

#include "bridge/suite/compare.h"
#include "engine/core/markup.h"
#include "sensors/encode/base64.h"

namespace huntsman::bridge::suite {

using gate::Finding;

namespace {

const auto escaped = engine::core::markup_escaped;

constexpr const char* kStyle = R"(<style>
:root{color-scheme:light}body{font:15px/1.45 system-ui,sans-serif;margin:0 auto;max-width:1040px;
padding:24px;color:#1b2430;background:#fff}h1{font-size:24px;margin:0 0 4px}h2{font-size:18px;
margin:32px 0 8px}table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:4px 10px
4px 0;border-bottom:1px solid #e3e7ec;vertical-align:top}th{color:#566;font-weight:600}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.verdict{display:inline-block;border-radius:8px;padding:6px 14px;font-size:20px;font-weight:600;
color:#fff}.worse{background:#b3261e}.fine{background:#1f7a4d}.open{background:#8a6d1a}
.cards{display:flex;flex-wrap:wrap;gap:12px;margin:16px 0}.card{border:1px solid #dfe4ea;
border-radius:8px;padding:10px 14px;min-width:130px}.card b{display:block;font-size:20px}
.card span,.muted{color:#566;font-size:13px}svg{max-width:100%;height:auto}
.both{display:grid;grid-template-columns:1fr 1fr;gap:12px;margin:6px 0 22px}.both img{width:100%}
.both p,.plans p{margin:4px 0}.plans{display:flex;gap:24px;align-items:center}svg.plan{width:300px;
background:#f7f8fa;border:1px solid #dfe4ea;border-radius:8px}.first{color:#2a5d9f}.second{color:
#b3261e}code{background:#f2f4f7;padding:1px 5px;border-radius:4px}.bad{color:#b3261e}
</style>
)";

// Where a number lies on a horizontal axis of pixels.
struct Axis {
    double low = 0, high = 1, left_px = 0, right_px = 1;
    double px(double value) const {
        return left_px + (std::clamp(value, low, high) - low) / (high - low) * (right_px - left_px);
    }
};

Axis axis_over(std::vector<double> values, double left_px, double right_px) {
    std::erase_if(values, [](double v) { return !std::isfinite(v); });
    values.push_back(0);
    const auto [low, high] = std::ranges::minmax(values);
    const double room = std::max(0.05 * (high - low), 1e-9);
    return {low - room, high + room, left_px, right_px};
}

std::string line(double x1, double y1, double x2, double y2, const char* style) {
    return fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" {}/>", x1, y1,
                       x2, y2, style);
}
std::string label(double x, double y, const std::string& text, const char* style) {
    return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" {}>{}</text>", x, y, style, escaped(text));
}

constexpr const char* kText = "font-size=\"13\" fill=\"#1b2430\"";
constexpr const char* kSmall = "font-size=\"12\" fill=\"#556\"";

// The overall difference with its interval against the margin.
std::string gate_plot(const Compared& c) {
    const auto& p = c.report.primary;
    const bool higher = c.settings.primary.better == gate::Better::kHigher;
    const double loss_at = higher ? -c.settings.margin : c.settings.margin;
    const Axis x = axis_over({p.mean, p.interval.lower, p.interval.upper, loss_at}, 30, 930);
    std::string svg = "<svg viewBox=\"0 0 960 96\" role=\"img\">";
    const double worse_from = higher ? x.left_px : x.px(loss_at);
    const double worse_to = higher ? x.px(loss_at) : x.right_px;
    svg += fmt::format(
        "<rect x=\"{:.1f}\" y=\"8\" width=\"{:.1f}\" height=\"56\" "
        "fill=\"#fbe9e7\"/>",
        worse_from, worse_to - worse_from);
    svg += line(x.px(0), 8, x.px(0), 64, "stroke=\"#889\" stroke-dasharray=\"3 3\"");
    svg += line(x.px(loss_at), 8, x.px(loss_at), 64, "stroke=\"#b3261e\"");
    svg += line(x.px(p.interval.lower), 36, x.px(p.interval.upper), 36,
                "stroke=\"#2a5d9f\" stroke-width=\"5\" stroke-linecap=\"round\"");
    svg += fmt::format("<circle cx=\"{:.1f}\" cy=\"36\" r=\"7\" fill=\"#2a5d9f\"/>", x.px(p.mean));
    svg += fmt::format("<text x=\"{:.1f}\" y=\"84\" text-anchor=\"middle\" {}>no difference</text>",
                       std::clamp(x.px(0), 50.0, 910.0), kSmall);
    svg += label(x.px(loss_at) + 4, 20, "margin", "font-size=\"12\" fill=\"#b3261e\"");
    return svg + "</svg>\n";
}

// A row for each finding: mean and interval.
std::string forest_plot(const std::vector<Finding>& findings, std::size_t most) {
    const std::size_t count = std::min(most, findings.size());
    if (count == 0) return "<p class=\"muted\">none</p>\n";
    constexpr double kRow_px = 24;
    std::vector<double> values;
    for (std::size_t i = 0; i < count; ++i) {
        const auto& d = findings[i].difference;
        values.insert(values.end(), {d.mean, d.interval.lower, d.interval.upper});
    }
    const Axis x = axis_over(values, 330, 760);
    const double height = kRow_px * static_cast<double>(count) + 10;
    std::string svg = fmt::format("<svg viewBox=\"0 0 960 {:.0f}\" role=\"img\">", height);
    svg += line(x.px(0), 0, x.px(0), height, "stroke=\"#889\" stroke-dasharray=\"3 3\"");
    for (std::size_t i = 0; i < count; ++i) {
        const Finding& f = findings[i];
        const auto& d = f.difference;
        const double y = kRow_px * (static_cast<double>(i) + 0.6);
        const char* colour = f.p_adjusted < 0.05 ? (d.loss ? "#b3261e" : "#1f7a4d") : "#8a94a3";
        svg += label(0, y + 4, std::string(name(f.kind)) + " " + f.name, kText);
        svg += line(x.px(d.interval.lower), y, x.px(d.interval.upper), y,
                    fmt::format("stroke=\"{}\" stroke-width=\"3\"", colour).c_str());
        svg += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"5\" fill=\"{}\"/>",
                           x.px(d.mean), y, colour);
        svg += label(780, y + 4,
                     fmt::format("{:+.3g}, p {:.2g}, {} cells", d.mean, f.p_adjusted, d.cells),
                     kSmall);
    }
    return svg + "</svg>\n";
}

double score_of(const Side& side, const std::string& cell, const std::string& metric) {
    const auto run = side.runs.find(cell);
    if (run == side.runs.end()) return std::nan("");
    const auto score = run->second.scores.find(metric);
    return score == run->second.scores.end() ? std::nan("") : score->second;
}

// Every cell as a point: the first driver's value and the second's.
std::string cell_plot(const Compared& c) {
    const std::string& metric = c.settings.primary.name;
    std::vector<double> values;
    for (const auto& [cell, run] : c.a.runs) {
        values.push_back(score_of(c.a, cell, metric));
        values.push_back(score_of(c.b, cell, metric));
    }
    const Axis x = axis_over(values, 60, 460);
    const auto y = [&](double value) { return 440 - (x.px(value) - 60); };
    std::string svg = "<svg viewBox=\"0 0 520 480\" style=\"max-width:520px\" role=\"img\">";
    svg +=
        "<rect x=\"60\" y=\"40\" width=\"400\" height=\"400\" fill=\"none\" stroke=\"#ccd3db\"/>";
    svg += line(60, 440, 460, 40, "stroke=\"#889\" stroke-dasharray=\"3 3\"");
    std::map<std::pair<double, double>, int> there;  // cells at one place
    for (const auto& [cell, run] : c.a.runs) {
        const double a = score_of(c.a, cell, metric), b = score_of(c.b, cell, metric);
        if (!std::isfinite(a) || !std::isfinite(b)) continue;
        // Those of equal values stand in a spiral around their place.
        const int nth = there[{a, b}]++;
        const double off_px = 4.5 * std::sqrt(nth), angle = 2.4 * nth;
        const bool lower = c.settings.primary.better == gate::Better::kLower;
        const bool worse = lower ? b > a : b < a;
        svg += fmt::format(
            "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\" fill=\"{}\" "
            "fill-opacity=\"0.6\"><title>{}: {:.4g} -> {:.4g}</title></circle>",
            x.px(a) + off_px * std::cos(angle), y(b) + off_px * std::sin(angle),
            worse    ? "#b3261e"
            : b == a ? "#8a94a3"
                     : "#1f7a4d",
            escaped(cell), a, b);
    }
    svg += label(200, 470, c.a.driver + " (first)", kSmall);
    svg += fmt::format("<text x=\"20\" y=\"260\" transform=\"rotate(-90 20 260)\" {}>{}</text>",
                       kSmall, escaped(c.b.driver + " (second)"));
    svg += label(60, 456, fmt::format("{:.3g}", x.low), kSmall);
    svg += label(430, 456, fmt::format("{:.3g}", x.high), kSmall);
    return svg + "</svg>\n";
}

std::string cell_list(const Compared& c, const std::vector<std::string>& cells) {
    if (cells.empty()) return "<p class=\"muted\">none</p>\n";
    std::string html = "<table><tr><th>cell</th><th>first</th><th>second</th></tr>\n";
    for (const std::string& cell : cells) {
        html += fmt::format("<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>\n",
                            escaped(cell), escaped(why(c.a, cell)), escaped(why(c.b, cell)));
    }
    return html + "</table>\n";
}

std::string picture(const Side& side, const char* colour, const std::string& jpeg) {
    return fmt::format(
        "<div><p class=\"{0}\">{0}: {1}</p><img alt=\"cameras of the {0} run\" "
        "src=\"data:image/jpeg;base64,{2}\"></div>\n",
        colour, escaped(side.driver), sensors::encode::base64(jpeg));
}

// The worst regressions driven again.
std::string partings_html(const Compared& c) {
    if (c.partings.empty()) return "";
    std::string page =
        "<h2>Where the runs part</h2>\n<p class=\"muted\">The first run is blue, the second red, "
        "each at the same time; filled: the car that is driven. 50 m a side, north is up.</p>\n";
    for (const Parting& parting : c.partings) {
        page += fmt::format("<h3><code>{}</code></h3>\n", escaped(parting.cell));
        if (!parting.trouble.empty()) page += fmt::format("<p>{}</p>\n", escaped(parting.trouble));
        for (const PartingMoment& moment : parting.moments) {
            page += fmt::format(
                "<div class=\"plans\">{}<div><p><b>{:.2f} s</b></p><p>{}</p><p class=\"muted\">"
                "{:.2f} m from one to the other</p></div></div>\n<div class=\"both\">\n",
                moment.plan, moment.time_s, escaped(moment.what), moment.apart_m);
            page += picture(c.a, "first", moment.a_jpeg) + picture(c.b, "second", moment.b_jpeg);
            page += "</div>\n";
        }
    }
    return page;
}

std::string card(const std::string& value, const std::string& what) {
    return fmt::format("<div class=\"card\"><b>{}</b><span>{}</span></div>\n", escaped(value),
                       escaped(what));
}

}  // namespace

std::string html(const Compared& c) {
    const auto& r = c.report;
    const auto& p = r.primary;
    const char* colour = r.verdict == gate::Verdict::kWorse      ? "worse"
                         : r.verdict == gate::Verdict::kNotWorse ? "fine"
                                                                 : "open";
    std::string page = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>" +
                       escaped(c.suite + ": " + name(r.verdict)) + "</title>" + kStyle +
                       "</head><body>\n";
    page += fmt::format(
        "<h1>{}: {} against {}</h1>\n<p class=\"muted\">first: {} in {}; second: {} "
        "in {}</p>\n<p><span class=\"verdict {}\">{}</span></p>\n<p>{}</p>\n",
        escaped(c.suite), escaped(c.b.driver), escaped(c.a.driver), escaped(c.a.driver),
        escaped(c.a.file), escaped(c.b.driver), escaped(c.b.file), colour, name(r.verdict),
        escaped(r.reason));
    page += "<div class=\"cards\">\n";
    page += card(fmt::format("{:+.4g}", p.mean), c.settings.primary.name);
    page += card(fmt::format("{:.4g} to {:.4g}", p.interval.lower, p.interval.upper),
                 fmt::format("{:.0f} % interval", 100 * c.settings.confidence));
    page += card(fmt::format("{:.4g} → {:.4g}", p.mean_a, p.mean_b), "means");
    page += card(fmt::format("{:g}", c.settings.margin), "margin");
    page += card(fmt::format("{} in {}", p.cells, p.clusters), "cells in clusters");
    page += card(!r.detectable_loss       ? "none"
                 : *r.detectable_loss > 0 ? fmt::format("{:.3g}", *r.detectable_loss)
                                          : "any",
                 "smallest loss these cells could have shown");
    if (c.looks) {
        page += card(
            fmt::format("{} of {}", c.looks->cells_run, c.looks->cells),
            fmt::format("cells run, decided at look {} of {}", c.looks->taken, c.looks->planned));
    }
    page += "</div>\n" + gate_plot(c);
    page +=
        "<h2>Where: exploratory</h2>\n<p class=\"muted\">Difference within tags, conditions and "
        "situations; p values adjusted by Benjamini and Hochberg. Grey: adjusted p above "
        "0.05.</p>\n" +
        forest_plot(r.findings, 20);
    page += "<h2>Other metrics: exploratory</h2>\n<p class=\"muted\">Each in its own unit.</p>\n";
    page +=
        "<table><tr><th>metric</th><th class=\"n\">first</th><th class=\"n\">second</th><th "
        "class=\"n\">difference</th><th class=\"n\">interval</th><th class=\"n\">p "
        "adjusted</th></tr>\n";
    for (const Finding& f : r.metrics) {
        const auto& d = f.difference;
        page += fmt::format(
            "<tr><td>{}</td><td class=\"n\">{:.4g}</td><td class=\"n\">{:.4g}</td>"
            "<td class=\"n\">{:+.4g}</td><td class=\"n\">{:.4g} to {:.4g}</td><td "
            "class=\"n\">{:.3g}</td></tr>\n",
            escaped(f.name), d.mean_a, d.mean_b, d.mean, d.interval.lower, d.interval.upper,
            f.p_adjusted);
    }
    page += "</table>\n<h2>Cells</h2>\n" + cell_plot(c);
    page += fmt::format("<h2>New failures ({})</h2>\n", r.new_failures.size()) +
            cell_list(c, r.new_failures);
    page += fmt::format("<h2>Fixed failures ({})</h2>\n", r.fixed_failures.size()) +
            cell_list(c, r.fixed_failures);
    page +=
        "<h2>Worst regressions</h2>\n<table><tr><th>cell</th><th class=\"n\">first</th><th "
        "class=\"n\">second</th><th>second ended</th></tr>\n";
    for (const auto& cell : r.worst) {
        page += fmt::format(
            "<tr><td><code>{}</code></td><td class=\"n\">{:.4g}</td><td "
            "class=\"n\">{:.4g}</td><td>{}</td></tr>\n",
            escaped(cell.id), cell.a, cell.b, escaped(why(c.b, cell.id)));
    }
    return page + "</table>\n" + partings_html(c) + "</body></html>\n";
}

}  // namespace huntsman::bridge::suite
