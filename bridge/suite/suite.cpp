#include "bridge/suite/suite.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "bridge/run/assets.h"
#include "bridge/run/driver_spec.h"
#include "bridge/run/numbers.h"
#include "bridge/run/settings.h"
#include "engine/core/describe_json.h"
#include "engine/core/files.h"
#include "engine/core/json_file.h"
#include "scenarios/model/scenario_fields.h"
#include "scenarios/situations/situation.h"

namespace huntsman::bridge::suite {

namespace fs = std::filesystem;
using engine::core::Error;
using engine::core::JsonFile;
using engine::core::JsonNode;
using engine::core::Result;
using engine::core::Status;
using engine::world::Environment;
namespace situations = scenarios::situations;

// Light and weather that are put in place of the scenario's, and faults beside the group's.
struct Condition {
    engine::core::Partial<Environment> environment;
    engine::world::WeatherProgramme weather;
    std::vector<faults::Fault> faults;  // written in their own words
};
constexpr void describe(engine::core::Of<Condition>, auto&& field) {
    field("environment", &Condition::environment);
    field("weather", &Condition::weather);
    field("faults", &Condition::faults, {.in_files = false});
}
constexpr void describe(engine::core::Of<Limits>, auto&& field) {
    field("wall_s", &Limits::wall_s, {.low = 1, .high = 86400});
    field("memory_mb", &Limits::memory_mb, {.low = 100, .high = 1e6});
}
constexpr void describe(engine::core::Of<GateMetric>, auto&& field) {
    field("metric", &GateMetric::metric, {.required = true});
    field("margin", &GateMetric::margin, {.low = 0, .high = 1e9, .required = true});
}

namespace {

constexpr std::size_t kMostCells = 100'000;
constexpr const char* kAsIs = "as_is";
const std::vector<const char*> kSettingKeys = {
    "seconds", "traffic",    "pedestrians", "minds",    "rig",      "size",
    "quality", "latency_ms", "latency",     "physical", "takeover", "pictures",
    "limits",  "conditions", "tags",        "faults",   "criteria"};

// What groups may say and `defaults` may say for all of them.
struct Settings {
    run::RunSettings run;
    bool always_pictures = false;
    Limits limits;
    std::vector<std::string> conditions{kAsIs};
    std::vector<std::string> tags;
    std::vector<scenarios::story::Criterion> criteria;  // none: those of the scenario
};

// The items of a list, whatever they are.
std::vector<JsonNode> items_of(const JsonNode& node, const char* key) {
    for (const auto& [name, value] : node.members()) {
        if (name == key) return value.items();
    }
    return {};
}

std::vector<std::string> texts(const JsonNode& node, const char* key) {
    std::vector<std::string> result;
    for (const JsonNode& item : items_of(node, key)) {
        if (item.value().is_string()) {
            result.push_back(item.value().get<std::string>());
        } else {
            item.fail("is not a text");
        }
    }
    return result;
}

JsonNode member(const JsonNode& node, const char* key) {
    for (const auto& [name, value] : node.members()) {
        if (name == key) return value;
    }
    return node;
}

// A whole number, or a distribution as a text.
std::string read_latency(const JsonNode& node) {
    constexpr const char* kKey = "latency_ms";
    const JsonNode given = member(node, kKey);
    if (!given.value().is_string()) return std::to_string(node.integer(kKey, 0, 2000));
    const auto text = given.value().get<std::string>();
    const auto latency = loop::parse_latency(text);
    if (!latency) given.fail(latency.error().message);
    return text;
}

// What is kept under a key must follow from what the key is made of.
void refuse_measured(const JsonNode& node) {
    const std::string latency = node.text("latency");
    if (latency == "declared") return;
    member(node, "latency")
        .fail("is " + latency +
              ", expected declared: results of suites must follow from their inputs alone");
}

Settings read_settings(const JsonNode& node, Settings settings) {
    run::RunSettings& run = settings.run;
    if (node.has("seconds")) run.seconds = node.number("seconds", 0.1, 86400);
    if (node.has("traffic")) run.traffic = node.integer("traffic", 0, 200);
    if (node.has("pedestrians")) run.pedestrians = node.integer("pedestrians", 0, 500);
    run.minds = node.text_or("minds", run.minds);
    run.rig = node.text_or("rig", run.rig);
    run.size = node.text_or("size", run.size);
    run.quality = node.text_or("quality", run.quality);
    run.takeover = node.text_or("takeover", run.takeover);
    if (node.has("latency_ms")) run.latency_ms = read_latency(node);
    if (node.has("latency")) refuse_measured(node);
    if (node.has("physical")) run.physical = node.flag("physical");
    if (node.has("pictures")) {
        settings.always_pictures = node.one_of("pictures", {"when_needed", "always"}) == "always";
    }
    if (node.has("limits")) read_fields(node.object("limits"), settings.limits);
    if (node.has("conditions")) settings.conditions = texts(node, "conditions");
    if (node.has("faults")) settings.run.faults = texts(node, "faults");
    if (node.has("criteria")) {
        settings.criteria.clear();
        for (const JsonNode& item : items_of(node, "criteria")) {
            settings.criteria.push_back(scenarios::story::read_criterion(item));
        }
    }
    if (node.has("tags")) {
        for (std::string& tag : texts(node, "tags")) settings.tags.push_back(std::move(tag));
    }
    return settings;
}

// "7" and "3..5", several of them.
std::vector<std::int64_t> read_seeds(const JsonNode& node, const char* key) {
    std::vector<std::int64_t> seeds;
    for (const JsonNode& item : items_of(node, key)) {
        const std::string text = item.value().is_string()   ? item.value().get<std::string>()
                                 : item.value().is_number() ? item.value().dump()
                                                            : "";
        const auto range = run::parse_seeds(text, kMostCells);
        if (!range) {
            item.fail(fmt::format("is {}, expected a whole number or FIRST..LAST", text));
            continue;
        }
        for (auto seed = range->first; seed <= range->second; ++seed) {
            seeds.push_back(static_cast<std::int64_t>(seed));
        }
    }
    return seeds;
}

// Names as they stand in cells: letters, digits, underscores, dots and dashes.
std::string plain(std::string text) {
    std::ranges::replace_if(
        text,
        [](char c) {
            return std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '.' && c != '-';
        },
        '_');
    return text;
}

// A group while it is turned into cells.
struct Group {
    JsonNode node;
    fs::path folder;  // where relative paths begin
    Settings settings;
    bool situations = false;
    std::vector<std::string> played;  // situations or scenarios
    std::vector<std::string> maps;
    std::vector<std::int64_t> seeds;
    std::int64_t variants = 0;
    std::int64_t draw_seed = 1;           // of the variants
    std::vector<std::string> parameters;  // NAME=VALUE

    std::string path(const std::string& given) const {
        const fs::path file = folder / given;
        std::error_code ignored;
        return fs::exists(file, ignored) ? file.string() : given;
    }
};

// "tag:NAME" stands for all shipped situations with this tag.
std::vector<std::string> named_situations(const Group& group, const std::string& name) {
    constexpr std::string_view kTag = "tag:";
    if (!name.starts_with(kTag)) return {group.path(name)};
    const std::string tag = name.substr(kTag.size());
    std::vector<std::string> found;
    for (const std::string& shipped : situations::shipped()) {
        const auto situation = situations::load(shipped);
        if (situation && std::ranges::find(situation->tags, tag) != situation->tags.end()) {
            found.push_back(shipped);
        }
    }
    if (found.empty()) group.node.fail(fmt::format("no situation has the tag {}", tag));
    return found;
}

Group read_group(const JsonNode& node, const fs::path& folder, const Settings& defaults) {
    std::vector<const char*> keys = kSettingKeys;
    for (const char* key : {"situations", "scenarios", "towns", "maps", "seeds", "variants",
                            "variant_seed", "parameters"}) {
        keys.push_back(key);
    }
    node.only(keys);
    Group group{.node = node, .folder = folder, .settings = read_settings(node, defaults)};
    group.situations = node.has("situations");
    if (group.situations == node.has("scenarios")) {
        node.fail("expected either situations or scenarios");
        return group;
    }
    for (const std::string& name : texts(node, group.situations ? "situations" : "scenarios")) {
        if (!group.situations) {
            group.played.push_back(group.path(name));
            continue;
        }
        for (std::string& one : named_situations(group, name)) {
            group.played.push_back(std::move(one));
        }
    }
    if (group.played.empty()) node.fail("has no situation or scenario");
    if (node.has("towns") && (node.has("maps") || node.has("seeds"))) {
        node.fail("has towns, expected no maps or seeds beside them");
    }
    if (node.has("maps")) {
        for (const std::string& map : texts(node, "maps")) group.maps.push_back(group.path(map));
    }
    if (node.has("towns")) group.seeds = read_seeds(node, "towns");
    if (node.has("seeds")) group.seeds = read_seeds(node, "seeds");
    if (node.has("variants")) group.variants = node.integer("variants", 0, 10'000);
    if (node.has("variant_seed")) group.draw_seed = node.integer("variant_seed", 0, 1'000'000'000);
    if (group.variants > 0 && !group.situations) {
        node.fail("has variants, expected situations: scenarios declare no ranges");
    }
    if (node.has("parameters")) {
        for (const auto& [name, value] : node.object("parameters").members()) {
            group.parameters.push_back(name + "=" +
                                       (value.value().is_string() ? value.value().get<std::string>()
                                                                  : value.value().dump()));
        }
    }
    return group;
}

Condition read_condition(const JsonNode& node) {
    Condition condition;
    read_fields(node, condition, {"faults"});
    for (const std::string& text : texts(node, "faults")) {
        const auto fault = faults::parse(text);
        if (!fault) {
            node.fail(fault.error().text());
            continue;
        }
        condition.faults.push_back(*fault);
    }
    return condition;
}

void put(const Condition& condition, loop::RunOptions& options) {
    scenarios::model::Scenario& scenario = options.scenario;
    engine::core::for_each_field<Environment>([&](const char*, auto member, const auto&) {
        if (const auto* value = condition.environment.get(member)) {
            scenario.environment.set(member, *value);
        }
    });
    if (!condition.weather.states.empty() || condition.weather.sun) {
        scenario.weather = condition.weather;
    }
    options.faults.insert(options.faults.end(), condition.faults.begin(), condition.faults.end());
}

class Expansion {
  public:
    Expansion(const std::map<std::string, Condition>& conditions, Suite& suite)
        : conditions_(conditions), suite_(suite) {}

    Status add(const Group& group) {
        // Before any is made: each costs half a millisecond.
        const std::size_t cells =
            group.played.size() * std::max<std::size_t>(1, group.maps.size()) *
            std::max<std::size_t>(1, group.seeds.size()) *
            static_cast<std::size_t>(std::max<std::int64_t>(1, group.variants)) *
            group.settings.conditions.size();
        if (suite_.cells.size() + cells > kMostCells) {
            return Error{.message = fmt::format("has {} cells with those before, expected at most "
                                                "{}",
                                                suite_.cells.size() + cells, kMostCells)};
        }
        const std::vector<std::string> own_place{""};
        for (const std::string& played : group.played) {
            for (const std::string& map : group.maps.empty() ? own_place : group.maps) {
                const std::size_t seeds = std::max<std::size_t>(1, group.seeds.size());
                for (std::size_t i = 0; i < seeds; ++i) {
                    const auto seed =
                        group.seeds.empty() ? std::nullopt : std::optional(group.seeds[i]);
                    HM_TRY(add_variants(group, played, map, seed));
                }
            }
        }
        return {};
    }

  private:
    Status add_variants(const Group& group, const std::string& played, const std::string& map,
                        std::optional<std::int64_t> seed) {
        run::RunSettings settings = group.settings.run;
        settings.scenario = played;
        settings.map = map;
        settings.seed = seed;
        std::vector<std::string> tags = group.settings.tags;
        std::optional<situations::Situation> situation;
        if (group.situations) {
            HM_TAKE(situation, situations::load(played));
            tags.insert(tags.end(), situation->tags.begin(), situation->tags.end());
        }
        std::ranges::sort(tags);
        tags.erase(std::ranges::unique(tags).begin(), tags.end());
        const std::int64_t draws = std::max<std::int64_t>(1, group.variants);
        for (std::int64_t k = 0; k < draws; ++k) {
            settings.parameters.clear();
            if (group.variants > 0) {
                for (const auto& [name, value] :
                     situations::draw(*situation, static_cast<std::uint64_t>(k),
                                      static_cast<std::uint64_t>(group.draw_seed))) {
                    settings.parameters.push_back(fmt::format("{}={}", name, value));
                }
            }
            settings.parameters.insert(settings.parameters.end(), group.parameters.begin(),
                                       group.parameters.end());
            auto options = run::to_options(settings);
            if (!options) return options.error();
            if (!group.settings.criteria.empty()) {
                options->scenario.criteria = group.settings.criteria;
            }
            Cell cell{.situation = situation ? situation->name : options->scenario.name,
                      .place = {},
                      .condition = {},
                      .variant = group.variants > 0 ? static_cast<int>(k) : -1,
                      .tags = tags,
                      .always_pictures = group.settings.always_pictures,
                      .options = std::move(*options),
                      .limits = group.settings.limits};
            const auto& scenario = cell.options.scenario;
            cell.place = scenario.map.empty() ? fmt::format("town_{}", scenario.town.seed)
                                              : plain(fs::path(scenario.map).stem().string()) +
                                                    (seed ? fmt::format("_{}", *seed) : "");
            HM_TRY(add_conditions(group, cell));
        }
        return {};
    }

    Status add_conditions(const Group& group, const Cell& as_is) {
        for (const std::string& name : group.settings.conditions) {
            Cell cell = as_is;
            cell.condition = name;
            const auto found = conditions_.find(name);
            if (found == conditions_.end() && name != kAsIs) {
                return Error{.message = fmt::format(
                                 "has the condition {}, which the suite does not declare", name)};
            }
            if (found != conditions_.end()) put(found->second, cell.options);
            cell.name = plain(cell.situation) + "/" + cell.place;
            if (cell.variant >= 0) cell.name += fmt::format("/variant_{}", cell.variant);
            if (name != kAsIs) cell.name += "/" + plain(name);
            if (!names_.insert(cell.name).second) {
                return Error{.message = fmt::format("has the cell {} a second time", cell.name)};
            }
            suite_.cells.push_back(std::move(cell));
        }
        return {};
    }

    const std::map<std::string, Condition>& conditions_;
    Suite& suite_;
    std::set<std::string> names_;
};

Result<Suite> read_suite(JsonFile& file, const fs::path& path) {
    const JsonNode root = file.root();
    root.only({"schema_version", "summary", "gate", "conditions", "defaults", "groups"});
    root.integer("schema_version", 1, 1);
    Suite suite{.name = path.stem().string(), .summary = root.text_or("summary", "")};
    if (root.has("gate")) read_fields(root.object("gate"), suite.gate);
    std::map<std::string, Condition> conditions;
    if (root.has("conditions")) {
        for (const auto& [name, node] : root.object("conditions").members()) {
            conditions[name] = read_condition(node);
        }
    }
    Settings defaults;
    if (root.has("defaults")) {
        const JsonNode node = root.object("defaults");
        node.only(kSettingKeys);
        defaults = read_settings(node, defaults);
    }
    Expansion expansion(conditions, suite);
    for (const JsonNode& node : root.array("groups")) {
        const Group group = read_group(node, path.parent_path(), defaults);
        HM_TRY(file.status());
        if (auto added = expansion.add(group); !added) {
            return Error{
                .message = added.error().text(), .file = path.string(), .line = node.line()};
        }
        HM_TRY(file.status());
    }
    if (suite.cells.empty()) root.fail("has no cells");
    HM_TRY(file.status());
    return suite;
}

}  // namespace

Result<Suite> load_suite(const std::string& name_or_path) {
    HM_TAKE(const fs::path path, run::find_asset(name_or_path, "suites", "suite"));
    HM_TAKE(const auto file, JsonFile::read(path));
    return read_suite(*file, path);
}

Result<Suite> parse_suite(const std::string& text, const fs::path& file) {
    HM_TAKE(const auto parsed, JsonFile::parse(text, file.string()));
    return read_suite(*parsed, file);
}

std::vector<std::string> shipped_suites() { return engine::core::shipped("suites"); }

Result<loop::RunOptions> with_driver(const Cell& cell, const std::string& driver,
                                     const std::string& network) {
    HM_TAKE(const run::DriverKind* kind, run::find_driver("--driver is", driver));
    loop::RunOptions options = cell.options;
    options.driver = driver;
    options.images = kind->needs_images || cell.always_pictures;
    if (!network.empty()) options.network = network;
    return options;
}

}  // namespace huntsman::bridge::suite
