// huntsman scenario: OpenSCENARIO files checked, looked at, played and converted.
#include <algorithm>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "apps/huntsman/common.h"
#include "apps/huntsman/situation_commands.h"
#include "engine/core/files.h"
#include "scenarios/openscenario/openscenario.h"
#include "scenarios/openscenario/variants.h"
#include "scenarios/player/player.h"
#include "scenarios/player/plot.h"

namespace huntsman::apps {

using engine::core::Error;
using engine::core::Finding;
using engine::core::Result;
using engine::core::Severity;
using nlohmann::ordered_json;
using scenarios::openscenario::StoryFile;
using scenarios::player::Player;
namespace story = scenarios::story;

namespace {

struct ScenarioArguments {
    std::string file, out, ego;
    std::vector<std::string> parameters;
    double every_s = 0.1, seconds = 60;
    std::int64_t count = 0, seed = 1;
    bool json = false, strict = false;
};

Result<StoryFile> read(const ScenarioArguments& arguments) {
    scenarios::openscenario::ReadOptions options;
    options.ego = arguments.ego;
    for (const std::string& given : arguments.parameters) {
        const std::size_t split = given.find('=');
        if (split == std::string::npos || split == 0) {
            return Error{.message =
                             fmt::format("--parameter is \"{}\", expected NAME=VALUE", given)};
        }
        options.parameters[given.substr(0, split)] = given.substr(split + 1);
    }
    return scenarios::openscenario::read(arguments.file, options);
}

// A scenario that can be played: without errors, on its map.
struct Loaded {
    StoryFile reading;
    engine::world::RoadModel roads;
};
Result<Loaded> load(const ScenarioArguments& arguments) {
    Loaded loaded;
    HM_TAKE(loaded.reading, read(arguments));
    const auto refuse = [&](const Finding& finding) {
        return Error{.message = finding.message,
                     .file = loaded.reading.document.files[finding.file].string(),
                     .line = finding.line};
    };
    for (const Finding& finding : loaded.reading.findings) {
        const bool refused = finding.severity == Severity::kError ||
                             (arguments.strict && finding.severity == Severity::kWarning);
        if (refused) return refuse(finding);
    }
    HM_TAKE(loaded.roads, scenarios::openscenario::read_map(loaded.reading));
    const engine::road::RoadGeometry geometry(loaded.roads);
    for (const Finding& finding : Player(loaded.reading.story, geometry).check()) {
        return refuse(finding);
    }
    return loaded;
}

int check(const ScenarioArguments& arguments) {
    auto reading = read(arguments);
    if (!reading) return fail(reading.error());
    std::vector<Finding> findings = reading->findings;
    const auto roads = scenarios::openscenario::read_map(*reading);
    if (roads) {
        const engine::road::RoadGeometry geometry(*roads);
        const auto more = Player(reading->story, geometry).check();
        findings.insert(findings.end(), more.begin(), more.end());
    } else {
        findings.push_back({Severity::kError, 0, "map", roads.error().text()});
    }
    std::size_t errors = 0;
    ordered_json rows = ordered_json::array();
    for (const Finding& finding : findings) {
        errors += finding.severity == Severity::kError ||
                  (arguments.strict && finding.severity == Severity::kWarning);
        if (arguments.json) {
            rows.push_back({{"file", reading->document.files[finding.file].string()},
                            {"line", finding.line},
                            {"severity", name(finding.severity)},
                            {"rule", finding.rule},
                            {"message", finding.message}});
        } else {
            std::printf("%s [%s]\n",
                        scenarios::openscenario::text_of(finding, reading->document).c_str(),
                        finding.rule.c_str());
        }
    }
    if (arguments.json) {
        const ordered_json document{
            {"schema_version", 1}, {"file", arguments.file}, {"findings", rows}};
        std::printf("%s\n",
                    document.dump(2, ' ', false, ordered_json::error_handler_t::replace).c_str());
    } else {
        std::printf("%s: %zu findings, %zu of them refuse it\n", arguments.file.c_str(),
                    findings.size(), errors);
    }
    return errors > 0 ? 1 : 0;
}

const char* name_of(story::EntityKind kind) {
    switch (kind) {
        case story::EntityKind::kVehicle:
            return "vehicle";
        case story::EntityKind::kPedestrian:
            return "pedestrian";
        case story::EntityKind::kObject:
            return "object";
        case story::EntityKind::kExternal:
            return "external";
    }
    return "";
}

// Counts the actions and conditions of a document by their class.
void count_classes(const story::Element& element, std::map<std::string, int>& counts) {
    const auto is_class = [](const story::Element& e) {
        return e.name.ends_with("Action") || e.name.ends_with("Condition");
    };
    // Classes that only say which of several others follows are left out.
    if (is_class(element) && std::ranges::none_of(element.children, is_class)) {
        ++counts[element.name];
    }
    for (const story::Element& child : element.children) count_classes(child, counts);
}

constexpr double kLongest_s = 600;  // for which a length is sought

// When the stop trigger fires in a play on its map; nothing where it does not, or the map is
// missing.
std::optional<double> length_s(const scenarios::openscenario::StoryFile& reading) {
    const auto roads = scenarios::openscenario::read_map(reading);
    if (!roads) return std::nullopt;
    const engine::road::RoadGeometry geometry(*roads);
    const Player player(reading.story, geometry);
    auto state = player.begin();
    while (!state.finished && !stop_flag()) {
        if (engine::core::seconds(state.time_us) > kLongest_s) return std::nullopt;
        player.step(state, engine::core::kTick_us);
    }
    return engine::core::seconds(state.time_us);
}

int info(const ScenarioArguments& arguments) {
    const auto reading = read(arguments);
    if (!reading) return fail(reading.error());
    const story::Story& s = reading->story;
    std::map<std::string, int> parts;
    const char* kinds[] = {"stories",    "acts",   "manoeuvre groups",
                           "manoeuvres", "events", "actions"};
    for (const auto& element : s.elements) ++parts[kinds[static_cast<int>(element.kind)]];
    std::map<std::string, int> classes;
    count_classes(reading->document.root, classes);
    const auto length = length_s(*reading);
    if (arguments.json) {
        ordered_json document{{"schema_version", 1},
                              {"file", arguments.file},
                              {"revision", fmt::format("{}.{}", s.major, s.minor)},
                              {"description", s.description},
                              {"author", s.author},
                              {"map", s.map.string()},
                              {"ego", s.ego == story::kNoIndex ? "" : s.entities[s.ego].name}};
        for (const auto& entity : s.entities) {
            document["entities"].push_back({{"name", entity.name},
                                            {"kind", name_of(entity.kind)},
                                            {"category", entity.category},
                                            {"model", entity.model}});
        }
        for (const auto& variable : s.variables) {
            document[variable.is_parameter ? "parameters" : "variables"][variable.name] =
                variable.value;
        }
        for (const char* kind : kinds) document["elements"][kind] = parts[kind];
        document["uses"] = classes;
        document["length_s"] = length ? ordered_json(*length) : ordered_json(nullptr);
        std::printf("%s\n",
                    document.dump(2, ' ', false, ordered_json::error_handler_t::replace).c_str());
        return 0;
    }
    const auto line = [](const char* what, const std::string& value) {
        std::printf("  %-14s%s\n", what, value.empty() ? "-" : value.c_str());
    };
    std::printf("%s\n", arguments.file.c_str());
    line("revision", fmt::format("{}.{}", s.major, s.minor));
    line("description", s.description);
    line("author", s.author);
    line("map", s.map.string());
    line("ego", s.ego == story::kNoIndex ? "" : s.entities[s.ego].name);
    for (const auto& entity : s.entities) {
        line("entity", fmt::format("{}: {} {} ({})", entity.name, name_of(entity.kind),
                                   entity.category, entity.model));
    }
    for (const auto& variable : s.variables) {
        line(variable.is_parameter ? "parameter" : "variable",
             fmt::format("{} = {}", variable.name, variable.value));
    }
    std::string counts;
    for (const char* kind : kinds) {
        counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", parts[kind], kind);
    }
    line("storyboard", counts);
    std::string used;
    for (const auto& [name, count] : classes) {
        used += fmt::format("{}{} {}", used.empty() ? "" : ", ", count, name);
    }
    line("uses", used);
    line("length", length ? fmt::format("{:.1f} s, then its stop trigger fires", *length)
                          : fmt::format("does not end within {:.0f} s by itself", kLongest_s));
    return 0;
}

int run(const ScenarioArguments& arguments) {
    const auto loaded = load(arguments);
    if (!loaded) return fail(loaded.error());
    const story::Story& s = loaded->reading.story;
    const engine::road::RoadGeometry geometry(loaded->roads);
    const Player player(s, geometry);
    auto state = player.begin();
    const auto every_us = engine::core::from_seconds(arguments.every_s);
    const auto until_us = engine::core::from_seconds(arguments.seconds);
    std::printf("time,id,name,x,y,z,h,p,r,speed,wheel_angle,wheel_rot\n");
    while (true) {
        if (state.time_us % every_us == 0) {
            for (std::size_t i = 0; i < state.entities.size(); ++i) {
                const auto& e = state.entities[i];
                if (!e.present) continue;
                std::printf("%.3f,%zu,%s,%.3f,%.3f,%.3f,%.3f,%.3f,%.3f,%.3f,%.3f,%.3f\n",
                            engine::core::seconds(state.time_us), i, s.entities[i].name.c_str(),
                            e.p_W.x, e.p_W.y, e.p_W.z, e.heading_rad, e.pitch_rad,
                            e.roll_rad + e.lean_rad, e.speed_mps, e.steer_rad, e.wheel_rad);
            }
        }
        if (state.finished || state.time_us >= until_us || stop_flag()) return 0;
        player.step(state, engine::core::kTick_us);
    }
}

int convert(const ScenarioArguments& arguments) {
    const std::filesystem::path out = arguments.out;
    if (out.extension() != ".xosc" && out.extension() != ".json") {
        return fail(
            Error{.message = "expected a name that ends in .xosc or .json", .file = arguments.out});
    }
    auto document = scenarios::openscenario::read_document(arguments.file);
    if (!document) return fail(document.error());
    scenarios::openscenario::move_document(*document, out);
    const auto saved = scenarios::openscenario::write_document(*document, out);
    if (!saved) return fail(saved.error());
    std::printf("%s: written\n", arguments.out.c_str());
    return 0;
}

int plot(const ScenarioArguments& arguments) {
    const std::filesystem::path out = arguments.out;
    const bool svg = out.extension() == ".svg";
    if (!svg && out.extension() != ".png") {
        return fail(
            Error{.message = "expected a name that ends in .svg or .png", .file = arguments.out});
    }
    const auto loaded = load(arguments);
    if (!loaded) return fail(loaded.error());
    scenarios::player::StoryPlotOptions options;
    options.seconds = arguments.seconds;
    options.title = std::filesystem::path(arguments.file).filename().string();
    const auto drawing = scenarios::player::plot(loaded->reading.story, loaded->roads, options);
    const auto saved = svg ? engine::core::write_file(out, engine::draw::to_svg(drawing))
                           : engine::draw::save_png(drawing, out);
    if (!saved) return fail(saved.error());
    std::printf("%s: %d x %d pixels\n", arguments.out.c_str(), drawing.width_px, drawing.height_px);
    return 0;
}

// A line of JSON for each variant; with --out, a scenario file for each.
int variants(const ScenarioArguments& arguments) {
    if (is_situation(arguments.file)) {
        if (!arguments.out.empty()) {
            return fail(Error{.message = "--out is for parameter-value files, expected a situation "
                                         "to be written by \"scenario place --set\"",
                              .file = arguments.file});
        }
        return print_situation_variants(arguments.file, arguments.count, arguments.seed);
    }
    const auto found = scenarios::openscenario::read_variants(
        arguments.file, static_cast<std::size_t>(arguments.count),
        static_cast<std::uint64_t>(arguments.seed));
    if (!found) return fail(found.error());
    for (const Finding& finding : found->findings) {
        if (finding.severity != Severity::kError) continue;
        return fail(
            Error{.message = finding.message, .file = arguments.file, .line = finding.line});
    }
    std::optional<story::Document> scenario;
    if (!arguments.out.empty()) {
        auto document = scenarios::openscenario::read_document(found->scenario);
        if (!document) return fail(document.error());
        scenario = std::move(*document);
        const auto made = engine::core::make_writable_folder(arguments.out);
        if (!made) return fail(made.error());
    }
    for (std::size_t i = 0; i < found->values.size() && !stop_flag(); ++i) {
        if (!scenario) {
            const ordered_json row{{"variant", i},
                                   {"scenario", found->scenario.string()},
                                   {"parameters", found->values[i]}};
            std::printf("%s\n",
                        row.dump(-1, ' ', false, ordered_json::error_handler_t::replace).c_str());
            continue;
        }
        story::Document varied = *scenario;
        const auto set = scenarios::openscenario::set_parameters(varied, found->values[i]);
        if (!set) return fail(set.error());
        const auto path = std::filesystem::path(arguments.out) /
                          fmt::format("{}_{:04}.xosc", found->scenario.stem().string(), i);
        scenarios::openscenario::move_document(varied, path);
        const auto saved = scenarios::openscenario::write_document(varied, path);
        if (!saved) return fail(saved.error());
    }
    if (scenario) std::printf("%s: %zu scenarios\n", arguments.out.c_str(), found->values.size());
    return 0;
}

void add_variants_options(CLI::App& command, ScenarioArguments& arguments) {
    command
        .add_option("--count", arguments.count,
                    "Draws from stochastic distributions (default: as many as the file says)")
        ->check(CLI::Range(1, 100'000));
    command.add_option("--seed", arguments.seed, "Seed of the draws")
        ->capture_default_str()
        ->check(CLI::Range(0, 1'000'000'000));
    command.add_option("--out", arguments.out, "Folder for a scenario file for each variant");
}

}  // namespace

void add_scenario(CLI::App& app, Body& chosen) {
    auto arguments = std::make_shared<ScenarioArguments>();
    CLI::App* command = app.add_subcommand(
        "scenario",
        "Check, look at, play and convert OpenSCENARIO files of revision 1.0 to 1.3.\nExample: "
        "huntsman scenario check cut_in.xosc");
    command->require_subcommand(1);
    const auto add = [&](const char* name, const char* help,
                         int (*body)(const ScenarioArguments&)) {
        CLI::App* sub = command->add_subcommand(name, help);
        sub->add_option("FILE", arguments->file, "OpenSCENARIO file: .xosc, or .json in our form")
            ->required();
        sub->callback([arguments, &chosen, body] {
            chosen = [arguments, body] { return body(*arguments); };
        });
        return sub;
    };
    CLI::App* check_command =
        add("check",
            "What is wrong with a scenario, by file and line; exit code 1 where an error is "
            "found.\nExample: huntsman scenario check cut_in.xosc",
            check);
    CLI::App* info_command =
        add("info",
            "Who takes part, parameters and the size of the storyboard.\nExample: huntsman "
            "scenario info cut_in.xosc --json",
            info);
    CLI::App* run_command =
        add("run",
            "Play a scenario without pictures and physics, as fast as it goes; each entity's "
            "state as CSV on stdout.\nExample: huntsman scenario run cut_in.xosc --every 0.1 > "
            "cut_in.csv",
            run);
    CLI::App* plot_command =
        add("plot",
            "Draw a scenario from above: the road, paths with a dot each second, where events "
            "begin.\nExample: huntsman scenario plot cut_in.xosc cut_in.svg",
            plot);
    plot_command->add_option("OUT", arguments->out, "Picture to write: .svg or .png")->required();
    for (CLI::App* sub : {check_command, info_command}) {
        sub->add_flag("--json", arguments->json, "Print one JSON document on stdout");
    }
    for (CLI::App* sub : {check_command, run_command, plot_command}) {
        sub->add_flag("--strict", arguments->strict, "Refuse what is kept and not played, too");
    }
    for (CLI::App* sub : {check_command, info_command, run_command, plot_command}) {
        sub->add_option("--parameter", arguments->parameters,
                        "Value of a parameter of the file, NAME=VALUE; may be repeated");
        sub->add_option("--ego", arguments->ego,
                        "The entity that is the ego (default: \"Ego\", else the first vehicle)");
    }
    run_command->add_option("--every", arguments->every_s, "Time between rows [s]")
        ->capture_default_str()
        ->check(CLI::Range(0.005, 3600.0));
    for (CLI::App* sub : {run_command, plot_command}) {
        sub->add_option("--seconds", arguments->seconds,
                        "Ends here unless the scenario's stop trigger fires before [s]")
            ->capture_default_str()
            ->check(CLI::Range(0.005, 1e6));
    }
    CLI::App* convert_command =
        add("convert",
            "Write a scenario as OpenSCENARIO 1.3 or in our JSON form.\nExample: huntsman "
            "scenario convert cut_in.xosc cut_in.json",
            convert);
    CLI::App* variants_command =
        add("variants",
            "The parameter values of a parameter-value file or of a situation, a JSON line for "
            "each variant.\nExample: huntsman scenario variants cpnco --count 20 --seed 7",
            variants);
    add_variants_options(*variants_command, *arguments);
    convert_command->add_option("OUT", arguments->out, "File to write: .xosc or .json")->required();
    add_situation_commands(*command, chosen);
}

}  // namespace huntsman::apps
