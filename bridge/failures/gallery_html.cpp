#include <algorithm>

#include "bridge/failures/gallery.h"
#include "engine/core/markup.h"
#include "engine/core/shell.h"
#include "sensors/encode/base64.h"

namespace huntsman::bridge::failures {

namespace {

const auto escaped = engine::core::markup_escaped;

constexpr const char* kStyle = R"(<style>
:root{color-scheme:light}body{font:15px/1.45 system-ui,sans-serif;margin:0 auto;max-width:1160px;
padding:24px;color:#1b2430;background:#fff}h1{font-size:24px;margin:0 0 4px}h2{font-size:18px;
margin:0 0 2px}h3{font-size:14px;margin:14px 0 4px;color:#566}p{margin:4px 0}
.muted{color:#566;font-size:13px}.failure{border:1px solid #dfe4ea;border-radius:8px;padding:16px;
margin:20px 0;break-inside:avoid}.badge{display:inline-block;border-radius:10px;padding:0 9px;
margin-right:6px;font-size:13px;background:#eef1f5}.bad{background:#fbe9e7;color:#b3261e}
.pictures{display:grid;grid-template-columns:1fr 1fr 0.64fr;gap:12px;margin:10px 0}
.sheets{display:grid;gap:12px;margin:10px 0}figure{margin:0}figure img,figure svg{width:100%;display:block;border-radius:4px}
figcaption{color:#566;font-size:13px}svg.plan{background:#f7f8fa;outline:1px solid #dfe4ea}
.columns{display:grid;grid-template-columns:1fr 1fr;gap:0 24px}
table{border-collapse:collapse}td,th{text-align:left;padding:3px 12px 3px 0;vertical-align:top;
font-weight:400}th{color:#566}.bar{display:inline-block;height:10px;background:#2a5d9f;
border-radius:2px;vertical-align:middle;margin-right:6px}
pre{background:#f2f4f7;padding:8px 10px;border-radius:4px;font-size:12px;white-space:pre-wrap;
overflow-wrap:anywhere;margin:4px 0}details pre{max-height:360px;overflow:auto;white-space:pre}
summary{cursor:pointer;color:#2a5d9f;font-size:13px}.trouble{color:#8a6d1a}
ol.contents{padding-left:22px}a{color:#2a5d9f}
@media(max-width:800px){.pictures,.columns{grid-template-columns:1fr}}
</style>
)";

std::string percent(double share) { return fmt::format("{:.0f} %", 100 * share); }

std::string pictures_html(const Shown& shown) {
    if (shown.pictures.empty() && shown.plan.empty()) return "";
    // Sheets of all cameras, which have no plan beside them, take the whole width.
    std::string html =
        fmt::format("<div class=\"{}\">\n", shown.plan.empty() ? "sheets" : "pictures");
    for (const Picture& picture : shown.pictures) {
        html += fmt::format(
            "<figure><img alt=\"{0}\" src=\"data:image/jpeg;base64,{1}\"><figcaption>{0}"
            "</figcaption></figure>\n",
            escaped(picture.caption), sensors::encode::base64(picture.jpeg));
    }
    if (!shown.plan.empty()) {
        html += "<figure>" + shown.plan +
                "<figcaption>from above, 50 m a side; blue: the ego, red: the other, dashed: 1 s "
                "before</figcaption></figure>\n";
    }
    return html + "</div>\n";
}

// The command that finds out what is not known yet of a run.
std::string ask_html(const char* title, const char* command, const JudgedRun& run) {
    return fmt::format(
        "<h3>{}</h3>\n<p class=\"muted\">Nobody has looked yet:</p>\n"
        "<pre>huntsman {} {} --results {}</pre>\n",
        title, command, run.key.substr(0, 12),
        escaped(engine::core::shell_word(run.file.string())));
}

std::string blame_html(const GalleryEntry& entry) {
    const Blame& blame = entry.blame;
    if (blame.sentence.empty() && blame.parts.empty() && blame.world.empty()) {
        return ask_html("Cause", "blame", entry.cluster.first());
    }
    std::string html = "<h3>Cause</h3>\n";
    if (!blame.sentence.empty()) html += fmt::format("<p>{}</p>\n", escaped(blame.sentence));
    if (!blame.parts.empty()) html += "<table>\n";
    for (const auto& [part, share] : blame.parts) {
        html += fmt::format(
            "<tr><td>{}</td><td><span class=\"bar\" style=\"width:{:.0f}px\"></span>{}</td></tr>\n",
            escaped(part), 120 * std::clamp(share, 0.0, 1.0), percent(share));
    }
    if (!blame.parts.empty()) html += "</table>\n";
    if (!blame.world.empty()) html += "<h3>In another world</h3>\n<table>\n";
    for (const auto& [change, passes] : blame.world) {
        html += fmt::format("<tr><td>{}</td><td>{}</td></tr>\n", escaped(change),
                            passes ? "it passes" : "it still fails");
    }
    return blame.world.empty() ? html : html + "</table>\n";
}

std::string counts_html(const Cluster& cluster) {
    std::string html = "<h3>Its runs</h3>\n<table>\n";
    const auto row = [&](const char* what, const std::map<std::string, int>& counts) {
        if (counts.empty()) return;
        html +=
            fmt::format("<tr><th>{}</th><td>{}</td></tr>\n", what, escaped(counts_text(counts)));
    };
    row("drivers", cluster.drivers);
    row("situations", cluster.situations);
    row("places", cluster.places);
    row("light", cluster.lights);
    row("weather", cluster.weathers);
    return html + "</table>\n";
}

std::string needs_html(const GalleryEntry& entry) {
    if (!entry.needs.sentence.empty()) {
        return fmt::format("<h3>What it needs</h3>\n<p>{}</p>\n", escaped(entry.needs.sentence));
    }
    return ask_html("What it needs", "shrink", entry.cluster.first());
}

std::string scenario_html(const char* title, const std::string& command,
                          const std::string& scenario) {
    std::string html;
    if (!command.empty()) {
        html += fmt::format("<h3>{}</h3>\n<pre>{}</pre>\n", title, escaped(command));
    }
    if (!scenario.empty()) {
        html += fmt::format("<details><summary>its scenario</summary><pre>{}</pre></details>\n",
                            escaped(scenario));
    }
    return html;
}

std::string entry_html(const GalleryEntry& entry, std::size_t number) {
    const Cluster& cluster = entry.cluster;
    const JudgedRun& first = cluster.first();
    std::string html = fmt::format(
        "<section class=\"failure\" id=\"f{0}\">\n<h2>{0}. {1}</h2>\n<p><span class=\"badge bad\">"
        "severity {2:.2f}</span><span class=\"badge\">{3} run{4}</span>{5}</p>\n<p>{6}</p>\n",
        number, escaped(mine::text(cluster.signature)), cluster.worst_severity(),
        cluster.members.size(), cluster.members.size() == 1 ? "" : "s",
        first.confirmation ? "<span class=\"badge\">confirmed</span>" : "",
        escaped(first.facts.reason));
    html += fmt::format(
        "<p class=\"muted\">after {:.2f} s; {} in {}, {}, {}; driver {}; run {} of {}</p>\n",
        first.facts.failed_at_s, escaped(first.situation), escaped(first.place),
        escaped(first.light), escaped(first.weather), escaped(first.driver),
        first.key.substr(0, 12), escaped(first.file.filename().string()));
    for (const std::string& said : {entry.trouble, entry.shown.note}) {
        if (!said.empty()) html += fmt::format("<p class=\"trouble\">{}</p>\n", escaped(said));
    }
    html += pictures_html(entry.shown);
    html += "<div class=\"columns\"><div>\n" + needs_html(entry) + blame_html(entry) +
            "</div><div>\n" + counts_html(cluster) + "</div></div>\n";
    html += scenario_html("Drive it again", entry.command, entry.scenario);
    html += scenario_html("Drive the minimal scenario", entry.needs.command, entry.minimal);
    return html + "</section>\n";
}

}  // namespace

std::string html(const Gallery& gallery) {
    std::string files;
    for (const auto& file : gallery.files) {
        files += (files.empty() ? "" : ", ") + escaped(file.string());
    }
    std::string page = fmt::format(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width\"><title>Failures</title>{}</head><body>\n<h1>{} distinct "
        "failure{}</h1>\n<p class=\"muted\">{} of {} runs failed; {}</p>\n",
        kStyle, gallery.entries.size(), gallery.entries.size() == 1 ? "" : "s", gallery.failed,
        gallery.runs, files);
    page += "<ol class=\"contents\">\n";
    for (std::size_t i = 0; i < gallery.entries.size(); ++i) {
        const Cluster& cluster = gallery.entries[i].cluster;
        page +=
            fmt::format("<li><a href=\"#f{}\">{}</a> <span class=\"muted\">{} run{}</span></li>\n",
                        i + 1, escaped(mine::text(cluster.signature)), cluster.members.size(),
                        cluster.members.size() == 1 ? "" : "s");
    }
    page += "</ol>\n";
    for (std::size_t i = 0; i < gallery.entries.size(); ++i) {
        page += entry_html(gallery.entries[i], i + 1);
    }
    return page + "</body></html>\n";
}

}  // namespace huntsman::bridge::failures
