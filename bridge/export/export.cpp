#include "bridge/export/export.h"

#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "bridge/export/export_fields.h"
#include "engine/core/describe_numbers.h"
#include "engine/core/files.h"
#include "engine/core/folder_lock.h"
#include "engine/core/wall_time.h"
#include "sensors/eyes/eyes.h"
#include "sensors/rig/rig.h"

namespace huntsman::bridge::exporting {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
namespace fs = std::filesystem;

namespace {

using Clock = engine::core::WallClock;
using engine::core::seconds_since;

constexpr const char* kUnfinished = ".writing-";  // before the name of a scene that is being made

std::string scene_name(std::uint64_t seed) { return fmt::format("scene-{:06}", seed); }

std::uint64_t bytes_in(const fs::path& folder) {
    std::uint64_t bytes = 0;
    std::error_code code;
    for (fs::recursive_directory_iterator at(folder, code), end; !code && at != end;
         at.increment(code)) {
        std::error_code ignored;
        if (at->is_regular_file(ignored)) bytes += at->file_size(ignored);
    }
    return bytes;
}

// What a killed export left.
Status remove_unfinished(const fs::path& scenes) {
    std::vector<fs::path> left;
    std::error_code code;
    for (fs::directory_iterator at(scenes, code), end; !code && at != end; at.increment(code)) {
        if (at->path().filename().string().starts_with(kUnfinished)) left.push_back(at->path());
    }
    for (const fs::path& path : left) {
        if (!code) fs::remove_all(path, code);
    }
    if (code)
        return Error{.message = "cannot be cleared: " + code.message(), .file = scenes.string()};
    return {};
}

// How the dataset was asked for; a second call with the same folder must agree in all of it. Seeds
// and workers are not part of it: a dataset may grow.
sensors::dataset::Values settings_of(const ExportOptions& options) {
    scenarios::model::Scenario base = options.run.scenario;
    base.duration_s = 1;
    base.town.seed = 0;
    sensors::dataset::Values settings = {
        {"huntsman", options.version},
        {"size", fmt::format("{}x{}", options.run.width, options.run.height)},
        {"quality", engine::render::name(options.run.quality)},
        {"scenario", base.name},
        {"scenario_declared", sensors::dataset::Document(scenarios::model::to_json(base))},
        {"mix", options.mix ? options.mix->name : "none"}};
    // All of its times and rates decide what a scene holds.
    engine::core::for_each_field<ExportOptions>([&](const char* name, auto member, const auto&) {
        if constexpr (std::is_same_v<decltype(member), double ExportOptions::*>) {
            settings[name] = options.*member;
        }
    });
    if (options.own_times) settings["rate_hz"] = "the cameras' own";
    if (options.mix) {
        settings.emplace("mix_declared", sensors::dataset::Document(options.mix->declared));
    }
    settings.insert(options.about.begin(), options.about.end());
    return settings;
}

Status check_seeds(const ExportOptions& o) {
    if (o.last_seed >= o.first_seed && o.last_seed - o.first_seed < kMostScenes) return {};
    return Error{.message = fmt::format("--seeds is {}..{}, expected 1 to {} seeds in rising order",
                                        o.first_seed, o.last_seed, kMostScenes)};
}

// What was asked for beyond what is always there must have a place to go to.
Status check_content(const ExportOptions& o, const sensors::dataset::Format& format,
                     const engine::world::Rig& rig) {
    const sensors::dataset::Wanted most = format.wanted(-1, 0);
    if (o.content.raw && !most.raw) {
        return Error{.message = "--raw asks for mosaics, which the format " + o.format +
                                " does not hold; expected webdataset"};
    }
    if (o.content.linear && !most.linear) {
        return Error{.message = "--linear asks for radiance, which the format " + o.format +
                                " does not hold; expected webdataset"};
    }
    const bool any_sensor = std::any_of(rig.cameras.begin(), rig.cameras.end(),
                                        [](const auto& camera) { return !camera.sensor.empty(); });
    if (o.content.raw && !any_sensor) {
        return Error{.message = "--raw asks for mosaics, but no camera of the rig " + rig.name +
                                " has a sensor; expected a rig with some, as "
                                "eight_cameras_automotive"};
    }
    if (o.content.lossless_images && o.format == "video") {
        return Error{.message =
                         "--lossless and the format video do not go together, since videos "
                         "are compressed"};
    }
    return {};
}

Status check(const ExportOptions& o) {
    const auto refuse = [](std::string text) -> Status {
        return Error{.message = std::move(text)};
    };
    HM_TRY(check_seeds(o));
    HM_TRY(engine::core::check_ranges(o));
    if (o.own_times && (o.format == "nuscenes" || o.format == "kitti")) {
        return refuse("--own-times and the format " + o.format +
                      " do not go together, since its samples hold a picture of every camera; "
                      "expected webdataset, coco or video");
    }
    return {};
}

Planned planned(const ExportOptions& options, std::uint64_t seed) {
    Planned scene{.name = scene_name(seed),
                  .scenario = options.run.scenario,
                  .conditions = {},
                  .description = {}};
    scene.scenario.town.seed = seed;
    scene.scenario.duration_s = options.seconds;
    if (options.mix) {
        Drawn drawn = draw(*options.mix, scene.scenario, seed);
        scene.scenario = std::move(drawn.scenario);
        scene.conditions = std::move(drawn.conditions);
    }
    using engine::world::Environment;
    const auto& environment = scene.scenario.environment;
    scene.description = sensors::dataset::in_words(
        scene.conditions, environment.value_or(&Environment::light, "day"),
        environment.value_or(&Environment::weather, "clear"), scene.scenario.name);
    return scene;
}

Result<SceneRequest> request_of(const ExportOptions& options, std::uint64_t seed,
                                loop::Resources& resources, const std::function<bool()>& stopped) {
    if (options.request) {
        HM_TAKE(SceneRequest request, options.request(seed, resources, stopped));
        request.name = scene_name(seed);
        request.run.rig = options.run.rig;
        request.run.width = options.run.width;
        request.run.height = options.run.height;
        request.run.quality = options.run.quality;
        return request;
    }
    Planned scene = planned(options, seed);
    SceneRequest request{.run = options.run,
                         .rate_hz = options.rate_hz,
                         .warm_up_s = options.warm_up_s,
                         .own_times = options.own_times,
                         .name = std::move(scene.name),
                         .conditions = std::move(scene.conditions)};
    request.run.scenario = std::move(scene.scenario);
    return request;
}

// Pictures of all cameras in a scene.
std::uint64_t frames_of(const engine::world::Rig& rig, const ExportOptions& options) {
    const auto first_us =
        first_picture_us(options.warm_up_s, options.own_times ? rig.rate_hz : options.rate_hz);
    const auto end_us = first_us + engine::core::from_seconds(options.seconds);
    std::uint64_t frames = 0;
    for (const auto& camera : rig.cameras) {
        for (engine::core::TimeUs t = first_us; t < end_us; t += engine::core::kTick_us) {
            engine::world::Camera timed = camera;
            if (!options.own_times) timed.period_us = timed.phase_us = 0;
            frames += sensors::eyes::due(rig, timed, t);
        }
    }
    return frames;
}

// What has become of the scenes of one export.
class Ledger {
  public:
    Ledger(ExportProgress begun, std::uint64_t frames_a_scene,
           const std::function<void(const ExportProgress&)>& say)
        : progress_(begun), frames_a_scene_(frames_a_scene), say_(say) {}

    SceneNews news() {
        return {.frames = [this](std::uint64_t seed, std::uint64_t n) { frames(seed, n); },
                .made = [this](std::uint64_t seed, const Made& made) { this->made(seed, made); },
                .failed = [this](std::uint64_t seed,
                                 const std::string& reason) { failed(seed, reason); }};
    }
    ExportResult result() && {
        for (auto& [seed, reason] : failures_) {
            result_.failed.push_back({scene_name(seed), std::move(reason)});
        }
        return std::move(result_);
    }

  private:
    void frames(std::uint64_t seed, std::uint64_t count) {
        const std::lock_guard lock(mutex_);
        const std::uint64_t before = std::exchange(under_way_[seed], count);
        progress_.frames += count - before;
        progress_.frames_made += count - before;
        say();
    }
    void made(std::uint64_t seed, const Made& made) {
        const std::lock_guard lock(mutex_);
        under_way_.erase(seed);
        result_.times.add(made.times);
        result_.bytes += made.bytes;
        ++result_.scenes;
        ++progress_.scenes;
        say();
    }
    void failed(std::uint64_t seed, const std::string& reason) {
        const std::lock_guard lock(mutex_);
        progress_.frames += frames_a_scene_ - std::exchange(under_way_[seed], 0);
        under_way_.erase(seed);
        failures_[seed] = reason;
        say();
    }
    void say() {
        const double passed_s = seconds_since(start_);
        progress_.frames_per_s =
            static_cast<double>(progress_.frames_made) / std::max(1e-3, passed_s);
        progress_.mb_per_s = 1e-6 * static_cast<double>(result_.bytes) / std::max(1e-3, passed_s);
        if (say_) say_(progress_);
    }

    std::mutex mutex_;
    ExportProgress progress_;
    std::uint64_t frames_a_scene_;
    std::map<std::uint64_t, std::uint64_t> under_way_;  // pictures of each seed's scene so far
    std::map<std::uint64_t, std::string> failures_;
    const std::function<void(const ExportProgress&)>& say_;
    ExportResult result_;
    const Clock::time_point start_ = Clock::now();
};

// Scenes made by threads of this process, handed out in order of their seeds.
Status make_in_threads(const ExportOptions& options, const Job& job, const SceneNews& news,
                       const std::atomic<bool>& stop) {
    std::mutex mutex;
    std::size_t next = 0;
    std::atomic<bool> halt{false};
    std::optional<Error> error;
    const auto give_up = [&](const Error& why) {
        const std::lock_guard lock(mutex);
        if (!error) error = why;
        halt = true;
    };
    const auto stopped = [&] { return halt.load() || stop.load(); };
    const auto work = [&] {
        auto source = SceneSource::create(options);
        if (!source) return give_up(source.error());
        while (!stopped()) {
            std::uint64_t seed = 0;
            {
                const std::lock_guard lock(mutex);
                if (next == job.seeds.size()) return;
                seed = job.seeds[next++];
            }
            std::uint64_t frames = 0;
            const auto made = (*source)->make(seed, stopped, [&] { news.frames(seed, ++frames); });
            if (!made) {
                if ((*source)->hopeless(made.error())) return give_up(made.error());
                news.failed(seed, made.error().text());
            } else if (*made) {
                news.made(seed, **made);
            }
        }
    };
    std::vector<std::thread> others;
    const std::size_t workers =
        std::min(static_cast<std::size_t>(options.workers), job.seeds.size());
    for (std::size_t w = 1; w < workers; ++w) others.emplace_back(work);
    work();
    for (std::thread& other : others) other.join();
    return error ? Status(*error) : Status();
}

// The rig and the format of an export, looked at together before anything is written.
struct Setup {
    engine::world::Rig rig;
    std::unique_ptr<sensors::dataset::Format> format;
};
Result<Setup> setup_of(const ExportOptions& options) {
    HM_TRY(check(options));
    HM_TAKE(auto rig, sensors::rig::load(options.run.rig, options.run.width, options.run.height));
    if (!options.own_times) rig.rate_hz = options.rate_hz;
    HM_TRY(check_sensors(rig));
    HM_TAKE(auto format, sensors::dataset::make_format(options.format, options.content));
    HM_TRY(format->accepts(rig));
    HM_TRY(check_content(options, *format, rig));
    return Setup{std::move(rig), std::move(format)};
}

}  // namespace

Result<std::uint64_t> frames_a_scene(const ExportOptions& options) {
    HM_TAKE(const auto setup, setup_of(options));
    return frames_of(setup.rig, options);
}

struct SceneSource::Impl {
    ExportOptions options;
    std::unique_ptr<sensors::dataset::Format> format;
    SceneMaker maker;
};

SceneSource::SceneSource(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SceneSource::~SceneSource() = default;

Result<std::unique_ptr<SceneSource>> SceneSource::create(const ExportOptions& options) {
    HM_TAKE(auto setup, setup_of(options));
    const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
    const int all = options.threads > 0 ? options.threads : static_cast<int>(cores);
    return std::unique_ptr<SceneSource>(new SceneSource(std::unique_ptr<Impl>(
        new Impl{options, std::move(setup.format),
                 // What a scene of one's own is made from was mostly driven at the same place.
                 SceneMaker(std::max(1, all / options.workers), options.request ? 1 : 0)})));
}

Result<std::optional<Made>> SceneSource::make(std::uint64_t seed,
                                              const std::function<bool()>& stopped,
                                              const std::function<void()>& frame_done) {
    const ExportOptions& options = impl_->options;
    const auto asked = request_of(options, seed, impl_->maker.resources(), stopped);
    if (stopped()) return std::optional<Made>();
    if (!asked) return asked.error();
    const SceneRequest& request = *asked;
    const fs::path scenes = options.out / "scenes";
    const fs::path unfinished = scenes / (kUnfinished + request.name);
    // What ends the export stands alone, without a list of scenes.
    const auto named = [&](Error error) {
        if (hopeless(error)) error.message = request.name + ": " + error.message;
        return error;
    };
    std::error_code code;
    fs::remove_all(unfinished, code);  // of a worker that died
    Made made;
    const auto end =
        impl_->maker.make(request, *impl_->format, unfinished, stopped, frame_done, made.times);
    // What the scene has freed goes back to the system, so that memory does not creep up with the
    // number of scenes.
    ::malloc_trim(0);
    if (!end || *end == SceneEnd::kStopped) {
        fs::remove_all(unfinished, code);
        if (!end) return named(end.error());
        return std::optional<Made>();
    }
    made.bytes = bytes_in(unfinished);
    fs::rename(unfinished, scenes / request.name, code);
    if (code) {
        const Error error{
            .message = fmt::format("cannot become {}: {}", request.name, code.message()),
            .file = unfinished.string()};
        fs::remove_all(unfinished, code);
        return named(error);
    }
    return std::optional(made);
}

bool SceneSource::hopeless(const Error& error) const {
    if (error.kind == engine::core::ErrorKind::kMachine) return true;
    const auto inside = fs::path(error.file).lexically_relative(impl_->options.out);
    return !error.file.empty() && !inside.empty() && *inside.begin() != "..";
}

Result<std::vector<Planned>> plan(const ExportOptions& options) {
    HM_TRY(check_seeds(options));
    std::vector<Planned> scenes;
    for (std::uint64_t seed = options.first_seed; seed <= options.last_seed; ++seed) {
        scenes.push_back(planned(options, seed));
    }
    return scenes;
}

std::vector<std::string> caveats(const ExportOptions& options) {
    const auto rig = sensors::rig::load(options.run.rig, options.run.width, options.run.height);
    const auto format = sensors::dataset::make_format(options.format, options.content);
    if (!rig || !format) return {};
    return (*format)->caveats(*rig);
}

Result<ExportResult> export_dataset(const ExportOptions& options,
                                    const std::function<void(const ExportProgress&)>& progress,
                                    const std::atomic<bool>& stop, const MakeScenes& make_scenes) {
    const auto start = Clock::now();
    HM_TAKE(const auto setup, setup_of(options));
    const auto& [rig, format] = setup;

    // Begin the dataset or take it up.
    const sensors::dataset::DatasetInfo info{
        .name = fs::absolute(options.out).lexically_normal().filename().string(),
        .settings = settings_of(options),
        .rig = rig};
    HM_TRY(sensors::dataset::prepare(options.out, *format, info));
    const fs::path scenes = options.out / "scenes";
    HM_TRY(engine::core::make_writable_folder(scenes));
    HM_TAKE(const auto lock, engine::core::FolderLock::take(scenes, "another export"));
    HM_TRY(remove_unfinished(scenes));
    HM_TRY(sensors::dataset::remove_leftovers(options.out));
    HM_TAKE(auto finished, sensors::dataset::finished_scenes(options.out));
    const std::set<std::string> there(finished.begin(), finished.end());

    std::vector<std::uint64_t> seeds;
    for (std::uint64_t seed = options.first_seed; seed <= options.last_seed; ++seed) {
        if (there.count(scene_name(seed)) == 0) seeds.push_back(seed);
    }
    const std::uint64_t asked = options.last_seed - options.first_seed + 1;
    const std::uint64_t frames_each = frames_of(rig, options);
    ExportProgress begun;
    begun.scenes_total = asked;
    begun.scenes = asked - seeds.size();
    begun.frames_total = asked * frames_each;
    begun.frames = begun.scenes * frames_each;

    Ledger ledger(begun, frames_each, progress);
    if (!seeds.empty()) {
        const Job job{.seeds = seeds, .frames_a_scene = frames_each};
        const SceneNews news = ledger.news();
        HM_TRY(make_scenes ? make_scenes(job, news) : make_in_threads(options, job, news, stop));
        HM_TRY(remove_unfinished(scenes));
    }

    // What spans scenes, of all that are there by now.
    HM_TAKE(finished, sensors::dataset::finished_scenes(options.out));
    HM_TRY(format->assemble(options.out, info, finished));
    ExportResult result = std::move(ledger).result();
    result.skipped = begun.scenes;
    result.incomplete = result.scenes + result.failed.size() < seeds.size();
    result.wall_s = seconds_since(start);
    return result;
}

}  // namespace huntsman::bridge::exporting
