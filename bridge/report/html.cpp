#include "bridge/report/html.h"

#include <algorithm>
#include <cmath>

#include "bridge/report/chart.h"
#include "bridge/report/run_json.h"
#include "engine/core/hash.h"
#include "engine/core/markup.h"
#include "sensors/encode/base64.h"

namespace huntsman::bridge::report {

using engine::draw::Colour;
using loop::RunResult;
using sensors::encode::base64;

namespace {

const auto escaped = engine::core::markup_escaped;

std::string figure(const std::string& title, const Chart& chart) {
    return "<figure><figcaption>" + escaped(title) + "</figcaption>" +
           engine::draw::to_svg_element(draw_chart(chart)) + "</figure>\n";
}

const char* const kStyle = R"(<style>
:root{color-scheme:light}body{font:15px/1.45 system-ui,sans-serif;margin:0 auto;max-width:960px;
padding:24px;color:#1b2430;background:#fff}h1{font-size:24px;margin:0 0 4px}h2{font-size:18px;
margin:32px 0 8px}table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:4px 10px
4px 0;border-bottom:1px solid #e3e7ec;vertical-align:top}th{color:#566;font-weight:600}
.cards{display:flex;flex-wrap:wrap;gap:12px;margin:16px 0}.card{border:1px solid #dfe4ea;
border-radius:8px;padding:10px 14px;min-width:130px}.card b{display:block;font-size:22px}
.card span{color:#566;font-size:13px}img,svg,video{max-width:100%;height:auto}figure{margin:8px 0}
figcaption{color:#566;font-size:13px}code{background:#f2f4f7;padding:2px 5px;border-radius:4px;word-break:break-all}
.bad{color:#b3261e}.plan svg{width:100%;height:auto;max-height:760px;border:1px solid #dfe4ea}
</style>
)";

std::string card(const std::string& value, const std::string& what) {
    return "<div class='card'><b>" + escaped(value) + "</b><span>" + escaped(what) +
           "</span></div>";
}

// The figures at the top.
std::string figures(const RunResult& r) {
    std::string html = "<div class='cards'>";
    if (r.valid) {
        const auto carla = score::carla_score(r.carla);
        html += card(fmt::format("{:.1f}", carla.driving_score), "CARLA 2.1 driving score");
        html += card(fmt::format("{:.1f} %", carla.route_completion_percent), "route completed");
        html += card(fmt::format("{:.3f}", carla.penalty), "penalty factor");
        html += card(fmt::format("{:.3f}", score::nuplan_score(r.nuplan)), "nuPlan closed loop");
        if (!r.plans.scored.empty()) {
            html += card(fmt::format("{:.3f}", score::pdms_means(r.plans).score),
                         fmt::format("NAVSIM PDMS of {} plans", r.plans.scored.size()));
            html += card(fmt::format("{:.3f}", score::epdms_means(r.plans).score),
                         "NAVSIM EPDMS without human filter");
        }
    }
    html +=
        card(fmt::format("{:.0f} m", r.progress_m), fmt::format("of {:.0f} m route", r.route_m));
    if (r.perception.any()) {
        for (const auto c : score::kPerceivedClasses) {
            const double ap = r.perception.average_precision(c, 2.0, 30.0);
            html += card(std::isfinite(ap) ? fmt::format("{:.2f}", ap) : "none seen",
                         fmt::format("AP {} (2 m, within 30 m)", name(c)));
        }
    }
    html += card(fmt::format("{}", r.failures.size()), "failures found");
    html += "</div>\n";
    return html;
}

// Whether the run passed by its criteria, each with how near it came, and the story's values.
std::string verdict(const RunResult& r) {
    if (!r.valid) return "";
    std::string html = !r.verdict.passed ? "<h2>Verdict: failed</h2>"
                       : r.incomplete    ? "<h2>Verdict: none, the run was stopped</h2>"
                                         : "<h2>Verdict: passed</h2>";
    html += "<table><tr><th>criterion</th><th>outcome</th><th>at</th><th>furthest</th></tr>\n";
    for (const auto& c : r.verdict.criteria) {
        const std::string outcome =
            c.passed ? "passed" : (c.note ? "noted: " : "failed: ") + c.reason;
        html +=
            fmt::format("<tr><td>{}</td><td{}>{}</td><td>{}</td><td>{}</td></tr>\n",
                        escaped(c.name), c.passed || c.note ? "" : " class='bad'", escaped(outcome),
                        c.time_s ? fmt::format("{:.2f}\u00a0s", *c.time_s) : "",
                        c.extreme ? fmt::format("{:.2f}", *c.extreme) : "");
    }
    html += "</table>\n";
    if (r.story_values.empty()) return html;
    html += "<p>Parameters of the story:";
    for (const auto& [name, value] : r.story_values) {
        html += " <code>" + escaped(name + " = " + value) + "</code>";
    }
    return html + "</p>\n";
}

std::string curves_over_time(const RunResult& r) {
    constexpr Colour kBlue{31, 111, 235}, kLightBlue{143, 183, 245}, kRed{179, 38, 30},
        kLightRed{235, 161, 157};
    constexpr double kShownTtc_s = 3.0;
    Chart chart{.end_s = r.sim_time_s};
    for (const auto& failure : r.failures) {
        chart.marks_s.push_back(engine::core::seconds(failure.infraction.time_us));
    }
    const auto plot = [&](const std::string& title, std::vector<Curve> curves,
                          std::optional<double> most, bool whole = false) {
        chart.curves = std::move(curves);
        chart.most = most;
        chart.whole = whole;
        return figure(title, chart);
    };
    Curve speed{.name = "speed", .colour = kBlue, .points = {}};
    Curve ttc{.name = "time to collision", .colour = kRed, .points = {}};
    for (const auto& row : r.timeline) {
        speed.points.emplace_back(row.time_s, 3.6 * row.speed_mps);
        ttc.points.emplace_back(row.time_s, row.ttc_s);
    }
    std::string html = "<h2>Over time</h2>\n";
    if (!r.failures.empty()) html += "<p>Dashed red lines mark failures.</p>\n";
    html += plot("Speed [km/h]", {speed}, {});
    html += plot("Time to collision [s] (gaps: nothing on a collision course within 3 s)", {ttc},
                 kShownTtc_s);
    if (!r.plans.scored.empty()) {
        Curve pdms{.name = "PDMS", .colour = kBlue, .points = {}};
        for (const auto& plan : r.plans.scored) {
            pdms.points.emplace_back(engine::core::seconds(plan.made_us), plan.pdms);
        }
        html += plot("NAVSIM PDMS of each plan, at the time at which it was made", {pdms}, 1.0);
    }
    if (!r.perception.any()) return html;

    // What is perceived lies on the truth as a dashed line: both show where they agree.
    const auto truth = [](const Colour& colour) {
        return Curve{.name = "visible", .colour = colour, .points = {}, .width_px = 4};
    };
    const auto perceived = [](const Colour& colour) {
        return Curve{.name = "perceived", .colour = colour, .points = {}, .dashed = true};
    };
    std::vector<Curve> vehicles{truth(kLightBlue), perceived(kBlue)};
    std::vector<Curve> people{truth(kLightRed), perceived(kRed)};
    for (const auto& row : r.perception.frames()) {
        vehicles[0].points.emplace_back(row.time_s, row.true_vehicles);
        vehicles[1].points.emplace_back(row.time_s, row.perceived_vehicles);
        people[0].points.emplace_back(row.time_s, row.true_people);
        people[1].points.emplace_back(row.time_s, row.perceived_people);
    }
    html += plot("Vehicles within 30 m: visible ones, and perceived ones", vehicles, {}, true);
    html += plot("People within 30 m: visible ones, and perceived ones", people, {}, true);
    return html;
}

std::string failure_table(const RunResult& r, std::span<const std::string> pictures) {
    std::string html = "<h2>Failures</h2>\n";
    if (r.failures.empty()) {
        html += "<p>None.</p>\n";
    } else {
        html +=
            "<table><tr><th>time</th><th>kind</th><th>other</th><th>speed</th><th>distance"
            "</th><th>hidden</th><th>picture</th></tr>\n";
        for (std::size_t i = 0; i < r.failures.size(); ++i) {
            const auto& failure = r.failures[i];
            const auto& infraction = failure.infraction;
            std::string picture;
            if (i < pictures.size() && !pictures[i].empty()) {
                picture = "<img alt='cameras at the failure' src='data:image/jpeg;base64," +
                          base64(pictures[i]) + "'>";
            }
            html += fmt::format(
                "<tr><td>{:.2f} s</td><td>{}</td><td>{}</td><td>{:.0f} km/h</td><td>{:.1f} m</td>"
                "<td>{:.0f} %</td><td style='width:55%'>{}</td></tr>\n",
                engine::core::seconds(infraction.time_us), name(infraction.kind),
                failure.other.empty() ? "-" : fmt::format("{} {}", failure.other, infraction.other),
                3.6 * infraction.ego_speed_mps, infraction.distance_m, 100 * failure.occlusion,
                picture);
        }
        html += "</table>\n";
    }
    return html;
}

// What the scores of plans are made of.
std::string plan_means(const score::PlanScores& plans) {
    const auto p = score::pdms_means(plans);
    const auto e = score::epdms_means(plans);
    std::string text = fmt::format("{} scored, {} made in the last 4.9\u00a0s, {} unusable",
                                   plans.scored.size(), plans.too_late, plans.unusable);
    if (plans.scored.empty()) return text;
    text += fmt::format(
        "; means: no collision {:.2f}, drivable area {:.2f}, direction {:.2f}, lights {:.2f}, "
        "progress {:.2f}, TTC {:.2f}, comfort {:.2f}, lane keeping {:.2f}, history comfort {:.2f}",
        p.no_at_fault_collision, p.drivable_area, e.driving_direction, e.traffic_light, p.progress,
        p.time_to_collision, p.comfort, e.lane_keeping, e.history_comfort);
    // A single plan has none before it.
    if (std::isfinite(e.extended_comfort)) {
        text += fmt::format(", extended comfort {:.2f}", e.extended_comfort);
    }
    return text;
}

// The terms of the scores and what identifies the run.
std::string terms(const RunResult& r) {
    std::string html = "<h2>Terms</h2><table>";
    const auto row = [&](const std::string& what, const std::string& value) {
        html += "<tr><th>" + escaped(what) + "</th><td>" + escaped(value) + "</td></tr>";
    };
    if (r.valid) {
        row("CARLA counts",
            fmt::format("collisions: {} people, {} vehicles, {} static; {} red lights, {} stop "
                        "signs, {} timeouts; outside lanes {:.1f}\u00a0%",
                        r.carla.pedestrian_collisions, r.carla.vehicle_collisions,
                        r.carla.static_collisions, r.carla.red_lights, r.carla.stop_signs,
                        r.carla.timeouts, 100 * r.carla.outside_lanes_share));
        row("nuPlan terms",
            fmt::format("no collision {:.2f}, drivable area {:.0f}, making progress {:.0f}, "
                        "direction {:.1f}, progress {:.2f}, TTC {:.0f}, speed limit {:.2f}, "
                        "comfort {:.0f}",
                        r.nuplan.no_at_fault_collision, r.nuplan.drivable_area,
                        r.nuplan.making_progress, r.nuplan.driving_direction, r.nuplan.progress,
                        r.nuplan.time_to_collision, r.nuplan.speed_limit, r.nuplan.comfort));
        if (r.plans.any()) row("plans", plan_means(r.plans));
    }
    row("latency", latency_line(r));
    row("state hash", engine::core::hex(r.state_hash));
    if (r.options.images) row("image hash", engine::core::hex(r.image_hash));
    row("collision checks that disagree", fmt::format("{}", r.collision_disagreements));
    row("peak memory", fmt::format("{:.0f} MB", r.peak_memory_mb));
    return html + "</table>\n";
}

}  // namespace

std::string report_html(const RunResult& r, const std::string& command, const ReportParts& parts) {
    std::string html =
        "<!doctype html><html lang='en'><head><meta charset='utf-8'><meta name='viewport' "
        "content='width=device-width'><title>" +
        escaped(fmt::format("Huntsman: {} {} {}", r.scenario, r.seed, r.driver)) + "</title>" +
        kStyle + "</head><body>\n";
    html += "<h1>" + escaped(fmt::format("{}, seed {}: {}", r.scenario, r.seed, r.driver)) +
            "</h1><p>" +
            escaped(fmt::format("{}, {}; {:.1f} s simulated in {:.1f} s; {}", r.environment.light,
                                r.environment.weather, r.sim_time_s, r.wall_time_s,
                                r.incomplete ? "incomplete: " + r.end_reason : r.end_reason)) +
            "</p>\n";
    if (!r.valid) html += "<p class='bad'>The run is invalid and was not scored.</p>\n";
    if (is_measured(r.options.latency)) {
        html +=
            "<p class='bad'>Not comparable with other runs: the driver's latency was measured on "
            "the machine that ran it.</p>\n";
    }
    if (r.driver_faults.frames > 0) {
        html += fmt::format(
            "<p class='bad'>Not comparable with other runs: the driver gave no answer to {} of {} "
            "frames.</p>\n",
            r.driver_faults.frames, r.frames);
    }

    html += figures(r);
    html += verdict(r);
    if (parts.has_video) {
        html += "<h2>Video</h2><video src='run.mp4' controls muted preload='metadata'></video>\n";
    }
    if (!parts.sheets.empty()) {
        html += "<h2>What the cameras saw</h2>\n";
        for (const ReportPicture& sheet : parts.sheets) {
            html += "<figure><img alt='contact sheet' src='data:image/jpeg;base64," +
                    base64(sheet.jpeg) + "'><figcaption>" + escaped(sheet.caption) +
                    "</figcaption></figure>\n";
        }
    }
    html += "<h2>The drive from above</h2><div class='plan' id='plan'>" + parts.plan + "</div>\n";
    html += parts.road_users;

    html += curves_over_time(r);
    html += failure_table(r, parts.failure_pictures);
    html += terms(r);
    html += "<h2>See it again</h2><p><code>" + escaped(command) + "</code></p></body></html>\n";
    return html;
}

}  // namespace huntsman::bridge::report
