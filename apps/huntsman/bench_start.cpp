#include "apps/huntsman/bench_start.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

extern char** environ;

namespace huntsman::apps {

using engine::core::Error;
using engine::core::Result;
using nlohmann::ordered_json;

namespace {

namespace fs = std::filesystem;

// Where the program and Mesa keep compiled shaders; the folder of this measurement takes their
// place, so that the user's caches are neither used nor changed.
constexpr const char* kCacheVariables[] = {"XDG_CACHE_HOME", "MESA_SHADER_CACHE_DIR"};

// Takes a picture in a fresh process and returns its wall time [ms].
Result<double> first_picture_ms(const fs::path& caches, const fs::path& picture) {
    std::vector<std::string> variables;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string variable = *entry;
        const bool replaced = std::any_of(
            std::begin(kCacheVariables), std::end(kCacheVariables),
            [&](const char* name) { return variable.starts_with(std::string(name) + "="); });
        if (!replaced) variables.push_back(variable);
    }
    for (const char* name : kCacheVariables)
        variables.push_back(fmt::format("{}={}", name, caches.string()));
    std::vector<char*> environment;
    for (std::string& variable : variables) environment.push_back(variable.data());
    environment.push_back(nullptr);

    std::vector<std::string> words = {"huntsman", "look",  "demonstration", "--along",
                                      "40",       "--out", picture.string()};
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);

    // Only the picture's name would be printed.
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    const auto start = std::chrono::steady_clock::now();
    pid_t child = 0;
    const int code = posix_spawn(&child, "/proc/self/exe", &actions, nullptr, arguments.data(),
                                 environment.data());
    posix_spawn_file_actions_destroy(&actions);
    int status = 0;
    if (code != 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status) ||
        WEXITSTATUS(status) != 0) {
        return Error{.message = "bench start: the program that takes the picture failed",
                     .kind = engine::core::ErrorKind::kMachine};
    }
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
        .count();
}

}  // namespace

Result<ordered_json> bench_start(int repeats) {
    const fs::path folder =
        fs::temp_directory_path() / fmt::format("huntsman-bench-start-{}", ::getpid());
    const fs::path picture = folder / "picture.png";
    ordered_json rows = ordered_json::array();
    for (const bool warm : {false, true}) {
        std::vector<double> times;
        // The first of the warm ones fills the caches.
        for (int i = warm ? -1 : 0; i < repeats; ++i) {
            std::error_code failed;
            if (!warm || i < 0) fs::remove_all(folder, failed);
            fs::create_directories(folder / "caches", failed);
            if (failed) {
                return Error{.message = "cannot be created: " + failed.message(),
                             .file = folder.string()};
            }
            auto ms = first_picture_ms(folder / "caches", picture);
            if (!ms) {
                fs::remove_all(folder, failed);
                return ms.error();
            }
            if (i >= 0) times.push_back(*ms);
        }
        std::sort(times.begin(), times.end());
        rows.push_back({{"case", warm ? "warm" : "cold"},
                        {"min_ms", times.front()},
                        {"median_ms", times[times.size() / 2]}});
    }
    std::error_code ignored;
    fs::remove_all(folder, ignored);
    return rows;
}

}  // namespace huntsman::apps
