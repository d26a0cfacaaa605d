// huntsman road: OpenDRIVE maps looked at, checked, sampled, written and drawn.
#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "apps/huntsman/common.h"
#include "bridge/run/assets.h"
#include "engine/core/files.h"
#include "scenarios/opendrive/opendrive.h"
#include "scenarios/opendrive/plot.h"
#include "scenarios/opendrive/survey.h"
#include "scenarios/town/town.h"

namespace huntsman::apps {

using engine::core::Error;
using nlohmann::ordered_json;
using scenarios::opendrive::Finding;
using scenarios::opendrive::Reading;
using scenarios::opendrive::Survey;

namespace {

struct RoadArguments {
    std::string file, out, scenario;
    std::optional<std::int64_t> seed;
    double step_m = 1;
    int size_px = 2000;
    bool json = false, without_ids = false;
};

std::array<std::size_t, 3> count(const std::vector<Finding>& findings) {
    std::array<std::size_t, 3> counts{};
    for (const Finding& finding : findings) ++counts[static_cast<std::size_t>(finding.severity)];
    return counts;
}
std::string counts_text(const std::array<std::size_t, 3>& counts) {
    const auto part = [](std::size_t n, const char* word) {
        return fmt::format("{} {}{}", n, word, n == 1 ? "" : "s");
    };
    return part(counts[2], "error") + ", " + part(counts[1], "warning") + ", " +
           part(counts[0], "note");
}

ordered_json to_json(const Reading& reading, const Survey& survey, const std::string& file) {
    const auto& model = reading.model;
    const auto counts = count(reading.findings);
    ordered_json lanes = ordered_json::object();
    for (const auto& [type, row] : survey.lane_types)
        lanes[type] = {{"number", row.number}, {"length_m", row.length_m}};
    return {{"schema_version", 1},
            {"file", file},
            {"revision", fmt::format("{}.{}", model.revision_major, model.revision_minor)},
            {"name", model.name},
            {"vendor", model.vendor},
            {"date", model.date},
            {"geo_reference", model.geo_reference},
            {"bounds_m",
             {{"low", {survey.low.x, survey.low.y, survey.low.z}},
              {"high", {survey.high.x, survey.high.y, survey.high.z}}}},
            {"roads", survey.roads},
            {"connecting_roads", survey.connecting_roads},
            {"road_length_m", survey.road_length_m},
            {"pieces", survey.pieces},
            {"lane_sections", survey.sections},
            {"lanes", survey.lanes},
            {"lane_types", lanes},
            {"road_marks", survey.marks},
            {"junctions", survey.junctions},
            {"connections", survey.connections},
            {"junction_groups", survey.junction_groups},
            {"traffic_lights", survey.lights},
            {"signs", survey.signs},
            {"signal_references", survey.signal_references},
            {"controllers", survey.controllers},
            {"objects", survey.objects},
            {"bridges", survey.bridges},
            {"tunnels", survey.tunnels},
            {"findings", {{"errors", counts[2]}, {"warnings", counts[1]}, {"notes", counts[0]}}}};
}

template <typename Counts>
std::string listed(const Counts& counts) {
    std::string text;
    for (const auto& [what, number] : counts)
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", number, what);
    return text.empty() ? "none" : text;
}

int info(const RoadArguments& arguments) {
    const auto reading = scenarios::opendrive::read(arguments.file);
    if (!reading) return fail(reading.error());
    const auto& model = reading->model;
    const Survey survey = scenarios::opendrive::survey(model);
    if (arguments.json) {
        std::printf("%s\n", to_json(*reading, survey, arguments.file)
                                .dump(2, ' ', false, ordered_json::error_handler_t::replace)
                                .c_str());
        return 0;
    }
    const auto line = [](const char* what, const std::string& value) {
        std::printf("  %-14s%s\n", what, value.empty() ? "-" : value.c_str());
    };
    std::printf("%s\n", arguments.file.c_str());
    line("revision", fmt::format("{}.{}", model.revision_major, model.revision_minor));
    line("name", model.name);
    line("vendor", model.vendor);
    line("date", model.date);
    line("projection", model.geo_reference);
    line("bounds", fmt::format("x {:.1f} to {:.1f} m, y {:.1f} to {:.1f} m, z {:.1f} to {:.1f} m",
                               survey.low.x, survey.high.x, survey.low.y, survey.high.y,
                               survey.low.z, survey.high.z));
    line("roads", fmt::format("{} ({} of them within junctions), {:.2f} km", survey.roads,
                              survey.connecting_roads, survey.road_length_m / 1000));
    line("pieces", listed(survey.pieces));
    line("sections", fmt::format("{} with {} lanes and {} road marks", survey.sections,
                                 survey.lanes, survey.marks));
    for (const auto& [type, row] : survey.lane_types)
        line("",
             fmt::format("{:<16}{:>6} lanes {:>10.3f} km", type, row.number, row.length_m / 1000));
    line("junctions",
         fmt::format("{}; {} connections", listed(survey.junctions), survey.connections));
    line("signals",
         fmt::format("{} dynamic, {} static, {} references, {} controllers", survey.lights,
                     survey.signs, survey.signal_references, survey.controllers));
    line("objects", listed(survey.objects));
    line("structures", fmt::format("{} bridges, {} tunnels", survey.bridges, survey.tunnels));
    line("findings", counts_text(count(reading->findings)) + " while reading");
    return 0;
}

int check(const RoadArguments& arguments) {
    const auto reading = scenarios::opendrive::read(arguments.file);
    if (!reading) return fail(reading.error());
    std::vector<Finding> findings = reading->findings;
    const std::vector<Finding> more = scenarios::opendrive::check(*reading);
    findings.insert(findings.end(), more.begin(), more.end());
    const auto counts = count(findings);
    if (arguments.json) {
        ordered_json document = {{"schema_version", 1}, {"file", arguments.file},
                                 {"errors", counts[2]}, {"warnings", counts[1]},
                                 {"notes", counts[0]},  {"findings", ordered_json::array()}};
        for (const Finding& finding : findings)
            document["findings"].push_back({{"severity", name(finding.severity)},
                                            {"line", finding.line},
                                            {"rule", finding.rule},
                                            {"message", finding.message}});
        std::printf("%s\n",
                    document.dump(2, ' ', false, ordered_json::error_handler_t::replace).c_str());
    } else {
        for (const Finding& finding : findings)
            std::printf("%s:%d: %s: %s [%s]\n", arguments.file.c_str(), finding.line,
                        name(finding.severity), finding.message.c_str(), finding.rule.c_str());
        std::printf("%s: %s\n", arguments.file.c_str(), counts_text(counts).c_str());
    }
    return counts[2] > 0 ? 1 : 0;
}

int sample(const RoadArguments& arguments) {
    const auto reading = scenarios::opendrive::read(arguments.file);
    if (!reading) return fail(reading.error());
    constexpr double kMostRows = 2e7;  // two gigabytes of text
    const double rows = scenarios::opendrive::sample_rows(reading->model, arguments.step_m);
    if (rows > kMostRows)
        return fail(
            Error{.message = fmt::format("--step is {} m, which gives {:.0f} rows, expected "
                                         "at most {:.0f}",
                                         arguments.step_m, rows, kMostRows),
                  .file = arguments.file});
    const std::string csv = scenarios::opendrive::sample_csv(reading->model, arguments.step_m);
    std::fwrite(csv.data(), 1, csv.size(), stdout);
    return 0;
}

int convert(const RoadArguments& arguments) {
    const auto reading = scenarios::opendrive::read(arguments.file);
    if (!reading) return fail(reading.error());
    const auto saved = scenarios::opendrive::save(reading->model, arguments.out);
    if (!saved) return fail(saved.error());
    std::printf("%s: %zu roads, %zu junctions; %s in the source\n", arguments.out.c_str(),
                reading->model.roads.size(), reading->model.junctions.size(),
                counts_text(count(reading->findings)).c_str());
    return 0;
}

int write_town(const RoadArguments& arguments) {
    auto scenario = bridge::run::find_scenario(arguments.scenario);
    if (!scenario) return fail(scenario.error());
    if (!scenario->map.empty()) {
        return fail(Error{.message = "the scenario drives on a map, expected one with a town",
                          .file = arguments.scenario});
    }
    if (arguments.seed) scenario->town.seed = static_cast<std::uint64_t>(*arguments.seed);
    const auto model = scenarios::town::generate_roads(scenario->town);
    if (!model) return fail(model.error());
    const auto saved = scenarios::opendrive::save(*model, arguments.out);
    if (!saved) return fail(saved.error());
    std::printf("%s: %zu roads, %zu junctions\n", arguments.out.c_str(), model->roads.size(),
                model->junctions.size());
    return 0;
}

int plot(const RoadArguments& arguments) {
    const std::filesystem::path out = arguments.out;
    const bool svg = out.extension() == ".svg";
    if (!svg && out.extension() != ".png")
        return fail(
            Error{.message = "expected a name that ends in .svg or .png", .file = arguments.out});
    const auto reading = scenarios::opendrive::read(arguments.file);
    if (!reading) return fail(reading.error());
    scenarios::opendrive::PlotOptions options;
    options.size_px = arguments.size_px;
    options.ids = !arguments.without_ids;
    options.title = std::filesystem::path(arguments.file).filename().string();
    const auto drawing = scenarios::opendrive::plot(reading->model, options);
    const auto saved = svg ? engine::core::write_file(out, engine::draw::to_svg(drawing))
                           : engine::draw::save_png(drawing, out);
    if (!saved) return fail(saved.error());
    std::printf("%s: %d x %d pixels\n", arguments.out.c_str(), drawing.width_px, drawing.height_px);
    return 0;
}

}  // namespace

void add_road(CLI::App& app, Body& chosen) {
    auto arguments = std::make_shared<RoadArguments>();
    CLI::App* command = app.add_subcommand(
        "road",
        "Look at, check, sample, write and draw OpenDRIVE maps of revision 1.4 to 1.8.\nExample: "
        "huntsman road check town.xodr");
    command->require_subcommand(1);
    const auto add = [&](const char* name, const char* help, int (*body)(const RoadArguments&)) {
        CLI::App* sub = command->add_subcommand(name, help);
        sub->add_option("FILE", arguments->file, "OpenDRIVE file")->required();
        sub->callback([arguments, &chosen, body] {
            chosen = [arguments, body] { return body(*arguments); };
        });
        return sub;
    };
    CLI::App* info_command =
        add("info", "What a map holds, in numbers.\nExample: huntsman road info town.xodr --json",
            info);
    CLI::App* check_command = add("check",
                                  "What is wrong with a map, by line and rule; exit code 1 where "
                                  "an error is found.\nThe rules stand in "
                                  "docs/opendrive.md.\nExample: huntsman road check town.xodr",
                                  check);
    for (CLI::App* sub : {info_command, check_command})
        sub->add_flag("--json", arguments->json, "Print one JSON document on stdout");
    CLI::App* sample_command =
        add("sample",
            "The outer border of every lane as CSV on stdout; lane 0 is the reference line with "
            "its lane offset.\nExample: huntsman road sample town.xodr --step 5 > town.csv",
            sample);
    sample_command->add_option("--step", arguments->step_m, "Longest step along a section [m]")
        ->capture_default_str()
        ->check(CLI::Range(0.01, 1e6));
    CLI::App* convert_command =
        add("convert",
            "Read a map, mend what is clear and write it as OpenDRIVE 1.8.\nExample: huntsman road "
            "convert old.xodr new.xodr",
            convert);
    convert_command->add_option("OUT", arguments->out, "File to write")->required();
    CLI::App* plot_command =
        add("plot", "Draw a map from above.\nExample: huntsman road plot town.xodr town.svg", plot);
    plot_command->add_option("OUT", arguments->out, "Picture to write: .svg or .png")->required();
    plot_command->add_option("--size", arguments->size_px, "Longer side of the map [px]")
        ->capture_default_str()
        ->check(CLI::Range(200, 16000));
    CLI::App* town_command = command->add_subcommand(
        "town",
        "Write the roads of a generated town as OpenDRIVE.\nExample: huntsman road town "
        "town.xodr --seed 7");
    town_command->add_option("OUT", arguments->out, "File to write")->required();
    town_command->add_option("--scenario", arguments->scenario,
                             "Scenario file, or the name of one in assets/scenarios");
    town_command
        ->add_option("--seed", arguments->seed, "Seed of the town (default: the scenario's)")
        ->check(CLI::NonNegativeNumber);
    town_command->callback(
        [arguments, &chosen] { chosen = [arguments] { return write_town(*arguments); }; });
    plot_command->add_flag("--no-ids", arguments->without_ids,
                           "Without ids of roads and junctions");
}

}  // namespace huntsman::apps
