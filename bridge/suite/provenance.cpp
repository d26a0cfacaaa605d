#include "bridge/suite/provenance.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <vector>

#include "bridge/run/driver_spec.h"
#include "engine/core/assets.h"
#include "engine/core/files.h"
#include "engine/core/hash.h"
#include "engine/render/renderer.h"

namespace huntsman::bridge::suite {

namespace fs = std::filesystem;
using engine::core::Result;
using loop::RunOptions;

namespace {

std::string content_hash(const fs::path& file) {
    const auto content = engine::core::read_file(file);
    return content ? engine::core::hex(engine::core::hash_bytes(content->data(), content->size()))
                   : "none";
}

// Of all files in the assets' folder with their names; networks are told of by each driver.
std::string assets_hash() {
    const fs::path folder = engine::core::assets_folder();
    std::vector<fs::path> files;
    std::error_code ignored;
    for (const auto& entry : fs::recursive_directory_iterator(folder, ignored)) {
        if (!entry.is_regular_file(ignored)) continue;
        const fs::path name = entry.path().lexically_relative(folder);
        // What suites ask for stands in their cells.
        if (*name.begin() == "networks" || *name.begin() == "suites") continue;
        files.push_back(name);
    }
    std::ranges::sort(files);
    std::uint64_t hash = 0;
    for (const fs::path& name : files) {
        const std::string line = name.string() + " " + content_hash(folder / name);
        hash = engine::core::hash_chain(hash, engine::core::hash_bytes(line.data(), line.size()));
    }
    return engine::core::hex(hash);
}

}  // namespace

Provenance provenance_of(const RunOptions& options, const std::string& device) {
    static const std::string program = content_hash("/proc/self/exe"), assets = assets_hash();
    static std::map<fs::path, std::string> files;  // each is read once
    Provenance provenance{program, assets, "none", options.images ? device : "none"};
    for (const fs::path& file : run::driver_files(options)) {
        auto [at, fresh] = files.try_emplace(file);
        if (fresh) at->second = content_hash(file);
        const bool first = provenance.driver_file == "none";
        provenance.driver_file = first ? at->second : provenance.driver_file + " " + at->second;
    }
    return provenance;
}

Result<std::string> rendering_device() {
    HM_TAKE(const auto renderer, engine::render::Renderer::create(engine::render::Quality::kFast));
    const auto& device = renderer->device();
    return device.device + " (" + device.driver + ")";
}

std::string run_key(const RunOptions& options, const Provenance& provenance) {
    HM_CHECK(!is_measured(options.latency), "a key of a run with a measured latency");
    const std::string inputs = to_json(options) + "\n" + provenance.program + "\n" +
                               provenance.assets + "\n" + provenance.driver_file + "\n" +
                               provenance.device;
    const std::uint64_t once = engine::core::hash_bytes(inputs.data(), inputs.size());
    // Twice as long as one hash: thousands of runs are told apart by it.
    const std::string again = engine::core::hex(once) + inputs;
    return engine::core::hex(once) +
           engine::core::hex(engine::core::hash_bytes(again.data(), again.size()));
}

}  // namespace huntsman::bridge::suite
