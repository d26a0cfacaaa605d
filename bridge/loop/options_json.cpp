#include <sys/resource.h>

#include <nlohmann/json.hpp>

#include "bridge/loop/options_fields.h"
#include "bridge/loop/resources.h"
#include "engine/core/describe_json.h"
#include "engine/core/files.h"
#include "engine/core/hash.h"
#include "engine/core/json_file.h"
#include "scenarios/catalogue/catalogue.h"
#include "scenarios/model/story_world.h"
#include "scenarios/situations/situation.h"
#include "sensors/rig/rig.h"

namespace huntsman::bridge::loop {

using engine::core::JsonFile;
using engine::core::Result;

namespace {

constexpr const char *kMapHash = "map_hash", *kRigHash = "rig_hash", *kActorsHash = "actors_hash",
                     *kStoryHash = "story_hash", *kFaults = "faults", *kIdeal = "ideal";

// Hash of a file's content, or "none".
std::string file_hash(const std::filesystem::path& path) {
    const auto text = engine::core::read_file(path);
    return text ? engine::core::hex(engine::core::hash_bytes(text->data(), text->size())) : "none";
}

// An error where a file of the recording is gone or another one by now.
engine::core::Status same_file(const std::filesystem::path& path, const std::string& hash,
                               const char* what) {
    HM_TAKE(const auto text, engine::core::read_file(path));
    if (file_hash(path) == hash) return {};
    return engine::core::Error{.message = std::string("is not the ") + what +
                                          " of the recording any more, expected hash " + hash,
                               .file = path.string()};
}

// Of a story and all its catalogues, or of a situation's file; or "none".
std::string story_hash(const scenarios::model::Scenario& scenario) {
    if (!scenario.story.situation.empty()) {
        const auto situation = scenarios::situations::load(scenario.story.situation);
        return situation ? file_hash(situation->file) : "none";
    }
    const auto reading = scenarios::model::read_story(scenario);
    if (!reading) return "none";
    std::uint64_t hash = 0;
    for (const auto& file : reading->document.files) {
        const auto text = engine::core::read_file(file);
        if (!text) return "none";
        hash = engine::core::hash_chain(hash, engine::core::hash_bytes(text->data(), text->size()));
    }
    return engine::core::hex(hash);
}

engine::core::Status same_story(const scenarios::model::Scenario& scenario,
                                const std::string& hash) {
    if (!scenario.story.file.empty()) HM_TRY(scenarios::model::read_story(scenario));
    if (story_hash(scenario) == hash) return {};
    return engine::core::Error{
        .message =
            "is another story than the recording's, or has other catalogues, expected hash " + hash,
        .file = scenario.story.file.empty() ? scenario.story.situation : scenario.story.file};
}

}  // namespace

const char* name(Takeover takeover) {
    return takeover == Takeover::kStart ? "start" : "controller";
}
Latency latency_of(const RunOptions& options) {
    return parts::has<parts::Latency>(options.ideal) ? ConstantLatency{.ms = 0} : options.latency;
}

std::string to_json(const RunOptions& options) {
    // Another folder may be current when the recording is replayed, and the files other ones.
    RunOptions absolute = options;
    absolute.rig = std::filesystem::absolute(options.rig);
    auto& map = absolute.scenario.map;
    auto& story = absolute.scenario.story;
    for (std::string* file : {&map, &story.file}) {
        if (!file->empty()) *file = std::filesystem::absolute(*file).string();
    }
    std::error_code ignored;
    if (std::filesystem::is_regular_file(story.situation, ignored)) {
        story.situation = std::filesystem::absolute(story.situation).string();
    }

    nlohmann::ordered_json json;
    json["schema_version"] = 1;
    json["scenario"] = nlohmann::ordered_json::parse(scenarios::model::to_json(absolute.scenario));
    if (!map.empty()) json[kMapHash] = file_hash(map);
    if (story.given()) json[kStoryHash] = story_hash(absolute.scenario);
    engine::core::write_fields(absolute, json);
    write_json(json, kFaults, options.faults);
    write_json(json, kIdeal, options.ideal);
    json[kRigHash] = file_hash(options.rig);
    json[kActorsHash] = scenarios::catalogue::shipped_hash();
    return json.dump(1);
}

Result<RunOptions> options_from_json(const std::string& text, const std::string& name) {
    HM_TAKE(auto file, JsonFile::parse(text, name));
    const auto root = file->root();
    RunOptions options;
    read_fields(root, options,
                {"schema_version", "scenario", kFaults, kIdeal, kMapHash, kRigHash, kActorsHash,
                 kStoryHash});
    root.integer("schema_version", 1, 1);
    options.scenario = scenarios::model::read(root.object("scenario"));
    if (root.has(kFaults)) read_json(root, kFaults, options.faults);
    if (root.has(kIdeal)) read_json(root, kIdeal, options.ideal);
    const std::string rig_hash = root.text(kRigHash);
    const std::string map_hash = root.text_or(kMapHash, "none");
    const std::string of_story = root.text_or(kStoryHash, "none");
    // Recordings made before actors had files do not say it.
    const std::string actors = scenarios::catalogue::shipped_hash();
    if (root.text_or(kActorsHash, actors) != actors) {
        root.fail(
            fmt::format("has another {} than the files in assets/actors, {}, expected the "
                        "files of the recording",
                        kActorsHash, actors));
    }
    HM_TRY(file->status());
    HM_TRY(same_file(options.rig, rig_hash, "rig"));
    if (!options.scenario.map.empty()) HM_TRY(same_file(options.scenario.map, map_hash, "map"));
    if (options.scenario.story.given()) HM_TRY(same_story(options.scenario, of_story));
    return options;
}

Result<scenarios::model::BuiltScenario> build_world(const RunOptions& options,
                                                    std::vector<std::string>* notes,
                                                    Resources* resources) {
    HM_TAKE(auto rig, sensors::rig::load(options.rig, options.width, options.height));
    // What is wrong with a story shows before its place is built.
    if (!options.scenario.story.file.empty()) {
        HM_TRY(scenarios::model::read_story(options.scenario));
    }
    HM_TAKE(auto place, resources != nullptr ? resources->place(options.scenario)
                                             : scenarios::model::build_place(options.scenario));
    const std::vector<std::string> left_out = place.left_out;
    auto built = scenarios::model::build_on(std::move(place), options.scenario);
    if (!built) return built;
    if (notes != nullptr) {
        constexpr std::size_t kNamed = 10;
        for (std::size_t i = 0; i < std::min(kNamed, left_out.size()); ++i) {
            notes->push_back(left_out[i]);
        }
        if (left_out.size() > kNamed) {
            notes->push_back(
                fmt::format("{} more objects of the map are left out", left_out.size() - kNamed));
        }
    }
    built->world.rig = std::move(rig);
    return built;
}

double peak_memory_mb() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

}  // namespace huntsman::bridge::loop
