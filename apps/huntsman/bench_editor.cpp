#include "apps/huntsman/bench_editor.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "apps/editor/app.h"
#include "bridge/live/live_run.h"
#include "engine/core/assets.h"
#include "engine/core/files.h"

namespace huntsman::apps {

using engine::core::Result;
using nlohmann::ordered_json;

namespace {

ordered_json script_of(const std::string& driver) {
    const auto demonstration = engine::core::assets_folder() / "scenarios" / "demonstration.json";
    return ordered_json::array({{{"do", "open"}, {"path", demonstration.string()}},
                                {{"do", "driver"}, {"name", driver}},
                                {{"do", "view"}, {"central", "cameras"}},
                                {{"wait", "settled"}, {"most_s", 120}},
                                {{"do", "play"}, {"speed", 1}},
                                {{"wait_s", 3}},
                                {{"print", {"frame_ms"}}},  // what came before does not count
                                {{"wait_s", 20}},
                                {{"print", {"frame_ms", "view", "tick"}}}});
}

double middle_of(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

}  // namespace

Result<ordered_json> bench_editor(int repeats) {
    const auto folder = std::filesystem::temp_directory_path() /
                        fmt::format("huntsman_bench_editor_{}", ::getpid());
    std::error_code ignored;
    std::filesystem::create_directories(folder, ignored);
    ordered_json rows = ordered_json::array();
    for (const char* driver : {"oracle", "network"}) {
        const auto file = folder / "script.json";
        HM_TRY(engine::core::write_file(file, script_of(driver).dump(1)));
        std::vector<double> medians, p99s, rounds;
        for (int i = 0; i < repeats; ++i) {
            std::vector<nlohmann::json> printed;
            const editor::AppSettings settings{
                .open = {},
                .script = file,
                .shots = {},
                .offscreen = true,
                .state_folder = folder / "state",
                .catalogue = {},
                .printed = [&](const nlohmann::json& line) { printed.push_back(line); }};
            HM_TRY(editor::run_app(settings));
            const nlohmann::json& last = printed.back();
            medians.push_back(last.at("frame_ms").at("median").get<double>());
            p99s.push_back(last.at("frame_ms").at("p99").get<double>());
            rounds.push_back(last.at("view").at("round_ms").get<double>());
        }
        rows.push_back({{"driver", driver},
                        {"median_ms", middle_of(medians)},
                        {"min_median_ms", *std::ranges::min_element(medians)},
                        {"p99_ms", middle_of(p99s)},
                        {"min_p99_ms", *std::ranges::min_element(p99s)},
                        {"cameras_round_ms", middle_of(rounds)}});
    }
    bridge::live::wait_for_builds();
    std::filesystem::remove_all(folder, ignored);
    return rows;
}

}  // namespace huntsman::apps
