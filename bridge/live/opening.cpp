#include "bridge/live/opening.h"

#include <algorithm>

#include "bridge/run/assets.h"
#include "bridge/run/numbers.h"
#include "bridge/run/settings.h"
#include "engine/core/assets.h"

namespace huntsman::bridge::live {

namespace fs = std::filesystem;
using engine::core::Error;
using engine::core::Result;

namespace {

constexpr std::int64_t kBefore_ticks = 200;  // a second

Result<Opened> open_recording(const fs::path& file, std::string title, std::int64_t tick) {
    bool altered = false;
    HM_TAKE(auto recording, engine::sim::read_recording(file, &altered));
    Opened opened;
    HM_TAKE(opened.options, loop::options_from_json(recording.inputs, file.string()));
    if (recording.chain.empty()) {
        return Error{.message = "holds no tick, expected a run", .file = file.string()};
    }
    opened.title = std::move(title);
    opened.tick = std::clamp<std::int64_t>(tick, 0, recording.chain.back().tick);
    opened.recording = std::move(recording);
    if (altered) opened.note = "the recording's checksum does not match: the file was altered";
    return opened;
}

Result<Opened> open_run(const fs::path& folder, std::int64_t tick) {
    const fs::path file = folder / engine::sim::kRecordingFile;
    std::error_code ignored;
    if (!fs::exists(file, ignored)) {
        return Error{.message = std::string("is a folder without ") + engine::sim::kRecordingFile +
                                ", expected that of a run",
                     .file = folder.string()};
    }
    const fs::path plain = (fs::absolute(folder) / "").lexically_normal().parent_path();
    return open_recording(file, plain.filename().string(), tick);
}

// The driver that a scenario is opened with sees nothing, so that it can be played at once.
Result<Opened> open_scenario(const std::string& given) {
    run::RunSettings settings;
    const fs::path file(given);
    (file.extension() == ".xodr" ? settings.map : settings.scenario) = given;
    settings.driver = "oracle";
    settings.no_images = true;
    Opened opened;
    HM_TAKE(opened.options, run::to_options(settings));
    std::error_code ignored;
    if (fs::is_regular_file(file, ignored)) opened.file = fs::absolute(file);
    opened.title = opened.file.empty() ? given : file.stem().string();
    return opened;
}

// FILE.db#ID
std::optional<std::pair<fs::path, std::int64_t>> failure_of(const std::string& what) {
    const auto mark = what.rfind('#');
    if (mark == std::string::npos) return std::nullopt;
    const auto id = run::parse_whole(what.substr(mark + 1));
    if (!id) return std::nullopt;
    return std::pair(fs::path(what.substr(0, mark)), *id);
}

}  // namespace

Result<Opened> open(const std::string& what) {
    if (what.empty()) {
        return Error{.message =
                         "nothing was named, expected a scenario, a map, a run or a failure"};
    }
    std::error_code ignored;
    if (fs::is_directory(what, ignored)) return open_run(what, 0);
    const fs::path file(what);
    if (file.extension() == ".hmr") {
        return open_recording(file, file.parent_path().filename().string(), 0);
    }
    if (!fs::exists(file, ignored)) {
        if (const auto failure = failure_of(what)) {
            return open_failure(failure->first, failure->second);
        }
    }
    return open_scenario(what);
}

Result<Opened> open_failure(const failures::Row& row) {
    HM_TAKE(auto opened, open_run(row.run, row.tick - kBefore_ticks));
    opened.title = fmt::format("failure {}: {} after {:.1f} s", row.id, row.kind, row.time_s);
    return opened;
}

Result<Opened> open_failure(const fs::path& catalogue, std::int64_t id) {
    HM_TAKE(const auto file, failures::Catalogue::open_existing(catalogue));
    HM_TAKE(const auto row, file->find(id));
    return open_failure(row);
}

}  // namespace huntsman::bridge::live
