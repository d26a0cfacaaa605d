#include "bridge/report/html.h"

#include <algorithm>
#include <cmath>

#include "bridge/report/run_json.h"
#include "engine/core/hash.h"
#include "sensors/encode/base64.h"

namespace huntsman::bridge::report {

using loop::RunResult;
using sensors::encode::base64;

namespace {

std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : text) {
        switch (c) {
            case '&':
                result += "&amp;";
                break;
            case '<':
                result += "&lt;";
                break;
            case '>':
                result += "&gt;";
                break;
            case '"':
                result += "&quot;";
                break;
            default:
                result += c;
        }
    }
    return result;
}

struct Curve {
    std::string name, colour;
    std::vector<std::pair<double, double>> points;  // x, y; not finite: a gap
};

// A chart with axes, grid and legend as SVG.
std::string chart(const std::string& title, const std::string& unit,
                  const std::vector<Curve>& curves, double y_limit, std::span<const double> marks) {
    constexpr double kWidth = 860, kHeight = 200, kLeft = 52, kRight = 12, kTop = 12, kBottom = 28;
    double x_end = 1, y_end = 0;
    bool any = false;
    for (const Curve& curve : curves) {
        for (const auto& [x, y] : curve.points) {
            x_end = std::max(x_end, x);
            if (!std::isfinite(y)) continue;
            y_end = std::max(y_end, y);
            any = true;
        }
    }
    // Without a height to show the axis goes to 1 of its unit.
    y_end = std::min(y_end > 0 ? y_end * 1.1 : 1.0, y_limit);
    const double step = std::pow(10.0, std::floor(std::log10(y_end / 2)));
    const double grid = y_end / step > 10 ? 5 * step : y_end / step > 5 ? 2 * step : step;
    const auto px = [&](double x) { return kLeft + x / x_end * (kWidth - kLeft - kRight); };
    const auto py = [&](double y) {
        return kTop + (1 - std::min(y, y_end) / y_end) * (kHeight - kTop - kBottom);
    };
    std::string svg =
        fmt::format("<figure><figcaption>{} [{}]</figcaption><svg viewBox='0 0 {} {}' role='img'>",
                    title, unit, kWidth, kHeight);
    for (double y = 0; y <= y_end; y += grid) {
        svg += fmt::format(
            "<line x1='{}' y1='{:.1f}' x2='{}' y2='{:.1f}' class='g'/><text x='{}' y='{:.1f}' "
            "text-anchor='end'>{:g}</text>",
            kLeft, py(y), kWidth - kRight, py(y), kLeft - 6, py(y) + 4, y);
    }
    const double x_grid = x_end > 60 ? 20 : x_end > 20 ? 5 : x_end > 5 ? 2 : 1;
    for (double x = 0; x <= x_end; x += x_grid) {
        svg += fmt::format("<text x='{:.1f}' y='{}' text-anchor='middle'>{:g} s</text>", px(x),
                           kHeight - 8, x);
    }
    for (const double mark : marks) {
        svg += fmt::format("<line x1='{0:.1f}' y1='{1}' x2='{0:.1f}' y2='{2}' class='m'/>",
                           px(mark), kTop, kHeight - kBottom);
    }
    for (std::size_t i = 0; i < curves.size(); ++i) {
        const Curve& curve = curves[i];
        std::string path;
        bool pen_down = false;
        for (const auto& [x, y] : curve.points) {
            if (!std::isfinite(y)) {
                pen_down = false;
                continue;
            }
            path += fmt::format("{}{:.1f} {:.1f}", pen_down ? "L" : "M", px(x), py(y));
            // A lone point still shows as a short stroke.
            if (!pen_down) path += "h1";
            pen_down = true;
        }
        svg += fmt::format("<path d='{}' stroke='{}'/>", path, curve.colour);
        if (curves.size() > 1) {
            svg += fmt::format("<text x='{}' y='{}' style='fill:{}'>{}</text>",
                               kLeft + 10 + 190 * static_cast<double>(i), kTop + 10, curve.colour,
                               curve.name);
        }
    }
    if (!any) {
        svg += fmt::format("<text x='{}' y='{}' text-anchor='middle'>nothing to show</text>",
                           0.5 * (kLeft + kWidth - kRight), 0.5 * (kTop + kHeight - kBottom));
    }
    return svg + "</svg></figure>\n";
}

const char* const kStyle = R"(<style>
:root{color-scheme:light}body{font:15px/1.45 system-ui,sans-serif;margin:0 auto;max-width:960px;
padding:24px;color:#1b2430;background:#fff}h1{font-size:24px;margin:0 0 4px}h2{font-size:18px;
margin:32px 0 8px}table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:4px 10px
4px 0;border-bottom:1px solid #e3e7ec;vertical-align:top}th{color:#566;font-weight:600}
.cards{display:flex;flex-wrap:wrap;gap:12px;margin:16px 0}.card{border:1px solid #dfe4ea;
border-radius:8px;padding:10px 14px;min-width:130px}.card b{display:block;font-size:22px}
.card span{color:#566;font-size:13px}img,svg,video{max-width:100%;height:auto}figure{margin:8px 0}
figcaption{color:#566;font-size:13px}svg text{font:12px system-ui,sans-serif;fill:#566}
svg .g{stroke:#e3e7ec}svg .m{stroke:#d33;stroke-dasharray:3 3}figure>svg path{fill:none;
stroke-width:1.6}code{background:#f2f4f7;padding:2px 5px;border-radius:4px;word-break:break-all}
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

std::string curves_over_time(const RunResult& r) {
    std::vector<double> marks;
    for (const auto& failure : r.failures) {
        marks.push_back(engine::core::seconds(failure.infraction.time_us));
    }
    std::string html = "<h2>Over time</h2><p>Dashed red lines mark failures.</p>\n";
    Curve speed{"speed", "#1f6feb", {}}, ttc{"time to collision", "#b3261e", {}};
    for (const auto& row : r.timeline) {
        speed.points.emplace_back(row.time_s, 3.6 * row.speed_mps);
        ttc.points.emplace_back(row.time_s, row.ttc_s);
    }
    html += chart("Speed", "km/h", {speed}, 300, marks);
    html += chart("Time to collision (gaps: nothing on a collision course within 3 s)", "s", {ttc},
                  3.0, marks);
    if (r.perception.any()) {
        Curve curves[4] = {{"vehicles, true", "#1f6feb", {}},
                           {"vehicles, perceived", "#7aa7f0", {}},
                           {"people, true", "#b3261e", {}},
                           {"people, perceived", "#e8938e", {}}};
        for (const auto& row : r.perception.frames()) {
            const int values[4] = {row.true_vehicles, row.perceived_vehicles, row.true_people,
                                   row.perceived_people};
            for (std::size_t k = 0; k < 4; ++k) {
                curves[k].points.emplace_back(row.time_s, values[k]);
            }
        }
        html += chart("Visible objects within 30 m", "count", {curves[0], curves[1]}, 1e9, marks);
        html += chart("Visible people within 30 m", "count", {curves[2], curves[3]}, 1e9, marks);
    }
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

// The terms of the scores and what identifies the run.
std::string terms(const RunResult& r) {
    std::string html = "<h2>Terms</h2><table>";
    const auto row = [&](const std::string& what, const std::string& value) {
        html += "<tr><th>" + escaped(what) + "</th><td>" + escaped(value) + "</td></tr>";
    };
    if (r.valid) {
        row("CARLA counts",
            fmt::format("collisions: {} people, {} vehicles, {} static; {} red lights, {} stop "
                        "signs, {} timeouts; outside lanes {:.1f} %",
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
    }
    row("state hash", engine::core::hex(r.state_hash));
    if (r.options.images) row("image hash", engine::core::hex(r.image_hash));
    row("collision checks that disagree", fmt::format("{}", r.collision_disagreements));
    row("peak memory", fmt::format("{:.0f} MB", r.peak_memory_mb));
    return html + "</table>\n";
}

}  // namespace

std::string report_html(const RunResult& r, const std::string& command, const std::string& plan,
                        std::span<const ReportPicture> sheets,
                        std::span<const std::string> failure_pictures, bool has_video) {
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

    html += figures(r);
    if (has_video) {
        html += "<h2>Video</h2><video src='run.mp4' controls muted preload='metadata'></video>\n";
    }
    if (!sheets.empty()) {
        html += "<h2>What the cameras saw</h2>\n";
        for (const ReportPicture& sheet : sheets) {
            html += "<figure><img alt='contact sheet' src='data:image/jpeg;base64," +
                    base64(sheet.jpeg) + "'><figcaption>" + escaped(sheet.caption) +
                    "</figcaption></figure>\n";
        }
    }
    html += "<h2>The drive from above</h2><div class='plan'>" + plan + "</div>\n";

    html += curves_over_time(r);
    html += failure_table(r, failure_pictures);
    html += terms(r);
    html += "<h2>See it again</h2><p><code>" + escaped(command) + "</code></p></body></html>\n";
    return html;
}

}  // namespace huntsman::bridge::report
