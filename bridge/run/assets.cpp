#include "bridge/run/assets.h"

#include <fmt/ranges.h>

namespace huntsman::bridge::run {

namespace fs = std::filesystem;
using engine::core::Error;
using engine::core::Result;

Result<fs::path> find_asset(const std::string& given, const char* folder, const char* what) {
    std::error_code ignored;
    if (!given.empty() && fs::exists(given, ignored)) return fs::path(given);
    const auto named = engine::core::assets_folder() / folder / (given + ".json");
    if (fs::is_regular_file(named, ignored)) return named;
    return Error{
        .message = fmt::format("is not a {} file, and no shipped {} has this name; shipped are: {}",
                               what, what, fmt::join(engine::core::shipped(folder), ", ")),
        .file = given.empty() ? "\"\"" : given};
}

Result<fs::path> find_rig(const std::string& given) { return find_asset(given, "rigs", "rig"); }

Result<scenarios::model::Scenario> find_scenario(const std::string& given) {
    const auto situation =
        engine::core::assets_folder() / "scenarios" / "situations" / (given + ".json");
    std::error_code ignored;
    if (!given.empty() && !fs::exists(given, ignored) && fs::is_regular_file(situation, ignored)) {
        return scenarios::model::load(situation);
    }
    if (const fs::path file(given); file.has_extension() && !fs::exists(file, ignored)) {
        return Error{.message = "does not exist, expected a scenario file", .file = given};
    }
    auto path = find_asset(given.empty() ? "demonstration" : given, "scenarios", "scenario");
    if (!path) {
        Error error = path.error();
        error.message += "; `scenario list` names the situations";
        return error;
    }
    return scenarios::model::load(*path);
}

}  // namespace huntsman::bridge::run
