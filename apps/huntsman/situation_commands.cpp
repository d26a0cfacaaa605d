#include "apps/huntsman/situation_commands.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "engine/core/files.h"
#include "scenarios/opendrive/opendrive.h"
#include "scenarios/openscenario/openscenario.h"
#include "scenarios/situations/place.h"
#include "scenarios/story/expression.h"
#include "scenarios/town/town.h"

namespace huntsman::apps {

using engine::core::Error;
using engine::core::Result;
using nlohmann::ordered_json;
namespace situations = scenarios::situations;

namespace {

struct SituationArguments {
    std::string name, map, out;
    std::vector<std::string> set;
    std::int64_t town = 1, seed = 1, variant = -1;
    bool json = false;
};

std::string text_of(const ordered_json& json, int indent) {
    return json.dump(indent, ' ', false, ordered_json::error_handler_t::replace);
}

int list(const SituationArguments& arguments) {
    ordered_json rows = ordered_json::array();
    for (const std::string& name : situations::shipped()) {
        const auto situation = situations::load(name);
        if (!situation) return fail(situation.error());
        if (arguments.json) {
            ordered_json parameters = ordered_json::object();
            for (const auto& p : situation->parameters) {
                parameters[p.name] = {{"nominal", p.nominal},
                                      {"low", p.low},
                                      {"high", p.high},
                                      {"unit", p.unit},
                                      {"meaning", p.meaning}};
            }
            rows.push_back({{"name", name},
                            {"summary", situation->summary},
                            {"source", situation->source},
                            {"tags", situation->tags},
                            {"fails_by", situation->fails_by},
                            {"parameters", parameters}});
        } else {
            std::printf("%-24s %s\n%-24s   %s; %s\n", name.c_str(), situation->summary.c_str(), "",
                        situation->source.c_str(),
                        fmt::format("{}", fmt::join(situation->tags, ", ")).c_str());
        }
    }
    if (arguments.json) {
        const ordered_json document{{"schema_version", 1}, {"situations", rows}};
        std::printf("%s\n", text_of(document, 2).c_str());
    }
    return 0;
}

// Nominal values or those of a variant, and over these what --set says.
Result<situations::Values> given_values(const situations::Situation& situation,
                                        const SituationArguments& arguments) {
    situations::Values values;
    if (arguments.variant >= 0) {
        values = situations::draw(situation, static_cast<std::uint64_t>(arguments.variant),
                                  static_cast<std::uint64_t>(arguments.seed));
    }
    for (const std::string& word : arguments.set) {
        const std::size_t split = word.find('=');
        const auto number = split == std::string::npos
                                ? std::nullopt
                                : scenarios::story::to_number(word.substr(split + 1));
        if (!number || split == 0) {
            return Error{fmt::format("--set is \"{}\", expected NAME=NUMBER", word)};
        }
        values[word.substr(0, split)] = *number;
    }
    return values;
}

// The roads that a situation is placed on, and how the scenario at `out` names their file.
struct Map {
    engine::world::RoadModel roads;
    std::filesystem::path file;
};
Result<Map> load_map(const SituationArguments& arguments, const std::filesystem::path& out) {
    Map map;
    if (!arguments.map.empty()) {
        HM_TAKE(auto reading, scenarios::opendrive::read(arguments.map));
        map.roads = std::move(reading.model);
        const auto folder = std::filesystem::absolute(out).parent_path();
        map.file = std::filesystem::absolute(arguments.map).lexically_relative(folder);
        return map;
    }
    scenarios::town::TownParameters town;
    town.seed = static_cast<std::uint64_t>(arguments.town);
    HM_TAKE(map.roads, scenarios::town::generate_roads(town));
    map.file = out.filename().replace_extension(".xodr");
    return map;
}

int place(const SituationArguments& arguments) {
    const std::filesystem::path out = arguments.out;
    if (out.extension() != ".xosc" && out.extension() != ".json") {
        return fail(
            Error{.message = "expected a name that ends in .xosc or .json", .file = arguments.out});
    }
    const auto situation = situations::load(arguments.name);
    if (!situation) return fail(situation.error());
    const auto values = given_values(*situation, arguments);
    if (!values) return fail(values.error());
    const auto map = load_map(arguments, out);
    if (!map) return fail(map.error());
    const situations::PlaceFinder finder(map->roads);
    const auto placed = situations::place_anywhere(
        *situation, finder, static_cast<std::uint64_t>(arguments.seed), *values, map->file);
    if (!placed) return fail(placed.error());
    if (arguments.map.empty()) {
        const auto saved = scenarios::opendrive::save(
            map->roads, std::filesystem::path(out).replace_extension(".xodr"));
        if (!saved) return fail(saved.error());
    }
    const auto saved = scenarios::openscenario::write_document(placed->document, out);
    if (!saved) return fail(saved.error());
    std::printf("%s: %s at %s; critical after %.2f s\n", arguments.out.c_str(),
                situation->name.c_str(), placed->site.c_str(), placed->critical_s);
    return 0;
}

}  // namespace

bool is_situation(const std::string& name_or_path) {
    const auto names = situations::shipped();
    if (std::ranges::find(names, name_or_path) != names.end()) return true;
    const std::filesystem::path path = name_or_path;
    if (path.extension() != ".json") return false;
    const auto text = engine::core::read_file(path);
    if (!text) return false;
    const auto json = nlohmann::json::parse(*text, nullptr, false);
    return json.is_object() && json.contains("needs");
}

int print_situation_variants(const std::string& name_or_path, std::int64_t count,
                             std::int64_t seed) {
    const auto situation = situations::load(name_or_path);
    if (!situation) return fail(situation.error());
    for (std::int64_t k = 0; k < std::max<std::int64_t>(1, count) && !stop_flag(); ++k) {
        const ordered_json row{
            {"variant", k},
            {"situation", situation->name},
            {"parameters", situations::draw(*situation, static_cast<std::uint64_t>(k),
                                            static_cast<std::uint64_t>(seed))}};
        std::printf("%s\n", text_of(row, -1).c_str());
    }
    return 0;
}

void add_situation_commands(CLI::App& scenario, Body& chosen) {
    auto arguments = std::make_shared<SituationArguments>();
    CLI::App* list_command = scenario.add_subcommand(
        "list",
        "The situations that are shipped: name, summary, source, tags.\nExample: huntsman scenario "
        "list --json");
    list_command->add_flag("--json", arguments->json, "Print one JSON document on stdout");
    list_command->callback(
        [arguments, &chosen] { chosen = [arguments] { return list(*arguments); }; });
    CLI::App* place_command = scenario.add_subcommand(
        "place",
        "Place a situation on a map or a generated town; writes an OpenSCENARIO file, and the "
        "town's map beside it.\nExample: huntsman scenario place cpnco --town 7 --set "
        "cross_speed=2 --out child.xosc");
    place_command
        ->add_option("NAME", arguments->name, "A shipped situation (see list), or a file of one")
        ->required();
    auto* map = place_command->add_option("--map", arguments->map, "OpenDRIVE map to place it on");
    place_command->add_option("--town", arguments->town, "Seed of the town to place it on")
        ->capture_default_str()
        ->check(CLI::Range(0, 1'000'000'000))
        ->excludes(map);
    place_command
        ->add_option("--variant", arguments->variant,
                     "Values of this variant, as `scenario variants` draws it with the "
                     "same seed (default: nominal values)")
        ->check(CLI::Range(0, 1'000'000'000));
    place_command->add_option("--seed", arguments->seed, "Seed that chooses among the places")
        ->capture_default_str()
        ->check(CLI::Range(0, 1'000'000'000));
    place_command->add_option("--set", arguments->set,
                              "Value of a parameter, NAME=VALUE; may be repeated");
    place_command->add_option("--out", arguments->out, "File to write: .xosc or .json")->required();
    place_command->callback(
        [arguments, &chosen] { chosen = [arguments] { return place(*arguments); }; });
}

}  // namespace huntsman::apps
