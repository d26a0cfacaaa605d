#include "apps/huntsman/bench_export.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <nlohmann/json.hpp>
#include <vector>

#include "bridge/export/scene.h"
#include "engine/core/files.h"
#include "engine/core/wall_time.h"

namespace huntsman::apps {

using bridge::exporting::SceneMaker;
using bridge::exporting::SceneRequest;
using bridge::exporting::SceneTimes;
using engine::core::Error;
using engine::core::Result;
using nlohmann::ordered_json;
namespace fs = std::filesystem;

namespace {

constexpr double kRate_hz = 10;

using Clock = engine::core::WallClock;
using engine::core::seconds_since;

// What writing alone takes of "encoding and writing": the same bytes written once more.
Result<double> rewrite_s(const fs::path& scene, std::uint64_t& bytes) {
    std::vector<std::string> contents;
    for (const auto& entry : fs::recursive_directory_iterator(scene)) {
        if (!entry.is_regular_file()) continue;
        HM_TAKE(auto content, engine::core::read_file(entry.path()));
        bytes += content.size();
        contents.push_back(std::move(content));
    }
    const fs::path again = scene / "again";
    HM_TRY(engine::core::make_writable_folder(again));
    const auto start = Clock::now();
    for (std::size_t i = 0; i < contents.size(); ++i) {
        HM_TRY(engine::core::write_file(again / std::to_string(i), contents[i]));
    }
    return seconds_since(start);
}

Result<ordered_json> measure(SceneMaker& maker, const SceneRequest& request,
                             const fs::path& folder) {
    HM_TAKE(const auto format, sensors::dataset::make_format("webdataset", {}));
    SceneTimes times;
    HM_TRY(maker.make(
        request, *format, folder, [] { return false; }, [] {}, times));
    std::uint64_t bytes = 0;
    HM_TAKE(const auto writing_s, rewrite_s(folder, bytes));
    std::error_code code;
    fs::remove_all(folder, code);
    const double frames = static_cast<double>(std::max<std::uint64_t>(1, times.frames));
    const auto ms = [&](double seconds) { return 1e3 * seconds / frames; };
    return ordered_json{{"case", request.only_pictures ? "rgb" : "all_labels"},
                        {"frames", times.frames},
                        {"frames_per_s", frames / times.loop_s},
                        {"mb_per_s", 1e-6 * static_cast<double>(bytes) / times.loop_s},
                        {"ms_per_frame", ms(times.loop_s)},
                        {"simulation_ms", ms(times.simulate_s)},
                        {"rendering_ms", ms(times.render_s)},
                        {"sensor_ms", ms(times.sensor_s)},
                        {"labels_ms", ms(times.labels_s)},
                        {"lidar_ms", ms(times.lidar_s)},
                        {"audit_ms", ms(times.audit_s)},
                        {"encoding_ms", ms(std::max(0.0, times.write_s - writing_s))},
                        {"writing_ms", ms(writing_s)},
                        {"waiting_ms", ms(times.waited_s)},
                        {"audited_objects", times.objects}};
}

}  // namespace

Result<ordered_json> bench_export(const bridge::loop::RunOptions& options, int repeats) {
    const fs::path folder =
        fs::temp_directory_path() / fmt::format("huntsman-bench-export-{}", ::getpid());
    SceneMaker maker(options.threads);
    SceneRequest request{.run = options, .rate_hz = kRate_hz, .name = "scene"};
    // In turns, so that both cases meet the same noise of the machine.
    std::array<ordered_json, 2> best;
    std::array<std::vector<double>, 2> ms;
    for (int i = 0; i < repeats; ++i) {
        for (const std::size_t labelled : {0U, 1U}) {
            request.only_pictures = labelled == 0;
            auto row = measure(maker, request, folder);
            std::error_code ignored;
            fs::remove_all(folder, ignored);
            if (!row) return row.error();
            ms[labelled].push_back(row->at("ms_per_frame").get<double>());
            if (best[labelled].is_null() ||
                row->at("ms_per_frame") < best[labelled].at("ms_per_frame")) {
                best[labelled] = std::move(*row);
            }
        }
    }
    ordered_json rows = ordered_json::array();
    std::array<double, 2> least{}, median{};
    for (const std::size_t labelled : {0U, 1U}) {
        std::sort(ms[labelled].begin(), ms[labelled].end());
        least[labelled] = ms[labelled].front();
        median[labelled] = ms[labelled][ms[labelled].size() / 2];
        best[labelled]["median_ms_per_frame"] = median[labelled];
        rows.push_back(std::move(best[labelled]));
    }
    rows.push_back({{"case", "ratio"},
                    {"all_labels_to_rgb", least[1] / least[0]},
                    {"of_medians", median[1] / median[0]}});
    return rows;
}

}  // namespace huntsman::apps
