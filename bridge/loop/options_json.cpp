#include <sys/resource.h>

#include <nlohmann/json.hpp>

#include "bridge/loop/run.h"
#include "engine/core/files.h"
#include "engine/core/hash.h"
#include "engine/core/json_file.h"
#include "sensors/rig/rig.h"

namespace huntsman::bridge::loop {

using engine::core::JsonFile;
using engine::core::Result;

namespace {

// Hash of a file's content, or "none".
std::string file_hash(const std::filesystem::path& path) {
    const auto text = engine::core::read_file(path);
    return text ? engine::core::hex(engine::core::hash_bytes(text->data(), text->size())) : "none";
}

// An error where a file of the recording is gone or another one by now.
engine::core::Status same_file(const std::filesystem::path& path, const std::string& hash,
                               const char* what) {
    const auto text = engine::core::read_file(path);
    if (!text) return text.error();
    if (file_hash(path) == hash) return {};
    return engine::core::Error{.message = std::string("is not the ") + what +
                                          " of the recording any more, expected hash " + hash,
                               .file = path.string()};
}

}  // namespace

std::string to_json(const RunOptions& options) {
    nlohmann::ordered_json json;
    json["schema_version"] = 1;
    // Another folder may be current when the recording is replayed, and the files other ones.
    auto scenario = options.scenario;
    if (!scenario.map.empty()) scenario.map = std::filesystem::absolute(scenario.map).string();
    json["scenario"] = nlohmann::ordered_json::parse(scenarios::model::to_json(scenario));
    if (!scenario.map.empty()) json["map_hash"] = file_hash(scenario.map);
    json["driver"] = options.driver;
    json["rig"] = std::filesystem::absolute(options.rig).string();
    json["rig_hash"] = file_hash(options.rig);
    if (!options.network.empty()) json["network"] = options.network.string();
    json["width"] = options.width;
    json["height"] = options.height;
    json["quality"] = engine::render::name(options.quality);
    json["latency_ms"] = options.latency_ms;
    json["images"] = options.images ? 1 : 0;
    if (options.endless) json["endless"] = 1;
    return json.dump(1);
}

Result<RunOptions> options_from_json(const std::string& text, const std::string& name) {
    auto file = JsonFile::parse(text, name);
    if (!file) return file.error();
    const auto root = (*file)->root();
    RunOptions options;
    root.integer("schema_version", 1, 1);
    options.driver = root.text("driver");
    options.rig = root.text("rig");
    if (root.has("network")) options.network = root.text("network");
    const std::string rig_hash = root.text("rig_hash");
    const std::string map_hash = root.text_or("map_hash", "none");
    options.width = static_cast<int>(root.integer("width", 16, 4096));
    options.height = static_cast<int>(root.integer("height", 16, 4096));
    options.latency_ms = static_cast<int>(root.integer("latency_ms", 0, 10000));
    options.images = root.integer("images", 0, 1) == 1;
    options.endless = root.integer_or("endless", 0, 0, 1) == 1;
    options.quality = engine::render::quality_of(root.text("quality"))
                          .value_or(engine::render::Quality::kStandard);
    root.object("scenario");
    if (auto status = (*file)->status(); !status) return status.error();
    HM_TRY(same_file(options.rig, rig_hash, "rig"));
    auto scenario =
        scenarios::model::parse(nlohmann::json::parse(text).at("scenario").dump(), name);
    if (!scenario) return scenario.error();
    options.scenario = std::move(*scenario);
    if (!options.scenario.map.empty()) HM_TRY(same_file(options.scenario.map, map_hash, "map"));
    return options;
}

Result<engine::world::World> build_world(const RunOptions& options,
                                         std::vector<std::string>* notes) {
    auto rig = sensors::rig::load(options.rig, options.width, options.height);
    if (!rig) return rig.error();
    std::vector<std::string> left_out;
    auto world = scenarios::model::build(options.scenario, &left_out);
    if (!world) return world;
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
    world->rig = std::move(*rig);
    return world;
}

double peak_memory_mb() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

}  // namespace huntsman::bridge::loop
