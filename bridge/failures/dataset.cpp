#include "bridge/failures/dataset.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "bridge/failures/clusters.h"
#include "bridge/failures/neighbours.h"
#include "bridge/failures/pictures.h"
#include "bridge/failures/uncertainty.h"
#include "bridge/report/run_json.h"
#include "bridge/run/assets.h"
#include "bridge/run/numbers.h"
#include "engine/core/random.h"
#include "engine/core/time.h"
#include "engine/render/view.h"

namespace huntsman::bridge::failures {

using engine::core::Error;
using engine::core::ErrorKind;
using engine::core::Result;
using engine::core::Status;
using engine::core::TimeUs;
using exporting::SceneRequest;
using loop::RunOptions;
using sensors::dataset::Values;

namespace {

TimeUs period_us(double rate_hz) { return engine::core::from_seconds(1 / rate_hz); }

// ---- Which runs

// One of each distinct failure; with `count` so many failing runs, those first, then the most
// severe.
std::vector<JudgedRun> chosen_failures(std::span<const JudgedRun> runs, std::int64_t count) {
    std::vector<JudgedRun> chosen, others;
    for (const Cluster& cluster : clusters_of(runs)) {
        chosen.push_back(cluster.first());
        others.insert(others.end(), cluster.members.begin() + 1, cluster.members.end());
    }
    if (count == 0) return chosen;
    std::ranges::stable_sort(others, std::greater<>(),
                             [](const JudgedRun& run) { return run.facts.evaluation.severity; });
    chosen.insert(chosen.end(), others.begin(), others.end());
    if (std::ssize(chosen) > count) chosen.resize(static_cast<std::size_t>(count));
    return chosen;
}

struct Source {
    JudgedRun run;
    RunOptions options;
    Surroundings around;
};

// Towns in which the situation was driven.
std::vector<std::uint64_t> towns_of(std::span<const JudgedRun> runs, const std::string& situation) {
    std::set<std::uint64_t> towns;
    for (const JudgedRun& run : runs) {
        if (run.situation != situation || !run.place.starts_with("town_")) continue;
        if (const auto seed = run::parse_whole(run.place.substr(5))) towns.insert(*seed);
    }
    return {towns.begin(), towns.end()};
}

// The failures that can be driven again; a sentence for each other one.
Result<std::vector<Source>> sources_of(const DatasetSettings& settings,
                                       std::span<const JudgedRun> runs,
                                       std::vector<std::string>& left_out) {
    HM_TAKE(const auto sky, default_sky());
    std::vector<Source> sources;
    const auto chosen = chosen_failures(runs, settings.failures);
    for (const JudgedRun& run : chosen) {
        auto options = options_of(run);
        if (options) {
            sources.push_back(
                {run, std::move(*options), {.sky = sky, .towns = towns_of(runs, run.situation)}});
        } else {
            left_out.push_back(options.error().text());
        }
    }
    if (!sources.empty()) return sources;
    if (!left_out.empty()) return Error{.message = left_out.front()};
    return Error{.message = fmt::format("there is no failure to export among {} runs, expected one "
                                        "that the filters let pass",
                                        runs.size())};
}

// ---- Which scenes

Values tags_of(const JudgedRun& run, const std::string& varied, std::uint64_t number,
               Selection selection) {
    const char* chosen = selection == Selection::kFailures ? "failure"
                         : selection == Selection::kRandom ? "random"
                                                           : "uncertainty";
    Values tags = {{"chosen_for", std::string(chosen)},
                   {"run", run.key},
                   {"driver", run.driver},
                   {"situation", run.situation}};
    if (selection == Selection::kFailures) {
        tags["failure"] = mine::text(run.facts.signature);
        tags["severity"] = run.facts.evaluation.severity;
        tags["neighbour"] = static_cast<std::int64_t>(number);
    }
    if (!varied.empty()) tags["varied"] = varied;
    return tags;
}

// The failing run and its neighbours, or as many runs that were not chosen for failing.
Status add_scenes(const DatasetSettings& settings, const Source& source, Selection selection,
                  std::vector<PlannedScene>& scenes) {
    const TimeUs period = period_us(settings.rate_hz);
    for (std::uint64_t n = 0; n <= static_cast<std::uint64_t>(settings.neighbours); ++n) {
        const auto draw = selection == Selection::kFailures ? neighbour : random_run;
        HM_TAKE(Neighbour drawn, draw(source.options, source.run.key, n, source.around));
        PlannedScene scene{.run = source.run,
                           .options = std::move(drawn.options),
                           .tags = tags_of(source.run, drawn.varied, n, selection),
                           .selection = selection,
                           .number = n};
        scene.tags.merge(drawn.drawn);
        if (selection == Selection::kRandom) {
            const auto whole =
                engine::core::from_seconds(scene.options.scenario.duration_s) / period;
            const auto starts = std::max<std::int64_t>(1, whole - settings.per_failure + 1);
            const auto key = engine::core::Key(n).with("start of random frames");
            scene.first_sample = static_cast<std::int64_t>(
                key.with(source.run.key).index(static_cast<std::uint64_t>(starts)));
        }
        scenes.push_back(std::move(scene));
    }
    return {};
}

Status add_uncertain(const DatasetSettings& settings, std::span<const JudgedRun> runs,
                     std::size_t count, std::vector<PlannedScene>& scenes) {
    const double period_s = engine::core::seconds(period_us(settings.rate_hz));
    HM_TAKE(const auto windows, most_uncertain(runs, count, settings.per_failure, period_s));
    for (const UncertainWindow& window : windows) {
        const JudgedRun& run = runs[window.run];
        HM_TAKE(auto options, options_of(run));
        PlannedScene scene{.run = run,
                           .options = std::move(options),
                           .tags = tags_of(run, "", 0, Selection::kUncertainty),
                           .selection = Selection::kUncertainty,
                           .first_sample = window.first_sample};
        scene.tags["uncertainty"] = window.uncertainty;
        scenes.push_back(std::move(scene));
    }
    return {};
}

// ---- What a scene is made from

// The run to the end of its time, whatever the judge says, so that frames after the failure are
// there.
Result<loop::RunResult> drive(const PlannedScene& scene, double least_s, loop::Resources& resources,
                              const std::function<bool()>& stopped) {
    RunOptions options = scene.options;
    options.scenario.duration_s = std::max(options.scenario.duration_s, least_s);
    HM_TAKE(auto driver, run::make_driver(options));
    HM_TAKE(const auto session,
            loop::Session::create(resources, options,
                                  {.driver = std::move(driver), .whole_time = true}));
    while (!session->ended()) {
        if (stopped()) return Error{.message = "interrupted", .kind = ErrorKind::kInvalid};
        HM_TRY(session->step());
    }
    HM_TAKE(auto result, session->finish());
    if (!result.valid) {
        return Error{.message = "the run has no result: " + result.end_reason,
                     .kind = ErrorKind::kInvalid};
    }
    return result;
}

// A run of the results file must go as it did.
Status check_same(const PlannedScene& scene, const hunt::Facts& now) {
    const bool itself = scene.selection == Selection::kUncertainty ||
                        (scene.selection == Selection::kFailures && scene.number == 0);
    const hunt::Facts& then = scene.run.facts;
    if (!itself || (now.signature == then.signature && now.failed_at_s == then.failed_at_s)) {
        return {};
    }
    return Error{.message = fmt::format("run {} does not go as it did: the results are of another "
                                        "program or other assets",
                                        scene.run.key.substr(0, 12)),
                 .kind = ErrorKind::kInvalid};
}

std::string outcome_of(const hunt::Facts& now, const mine::Signature& signature) {
    if (!now.evaluation.failed) return "passes";
    return now.signature == signature ? "fails alike" : "fails: " + mine::text(now.signature);
}

Result<SceneRequest> request_of(const PlannedScene& scene, std::int64_t samples, double rate_hz,
                                loop::Resources& resources, const std::function<bool()>& stopped) {
    const TimeUs period = period_us(rate_hz);
    const double length_s = engine::core::seconds(samples * period);
    HM_TAKE(loop::RunResult result, drive(scene, length_s, resources, stopped));
    const hunt::Facts now = hunt::facts_of(report::run_json(result));
    HM_TRY(check_same(scene, now));
    // Of a neighbour that passes, around the time at which the failing run fails.
    const double fails_s = now.evaluation.failed ? now.failed_at_s : scene.run.facts.failed_at_s;
    const TimeUs fails_us = engine::core::from_seconds(fails_s);
    const std::int64_t last = (fails_us + period - 1) / period;
    const std::int64_t whole =
        engine::core::from_seconds(result.options.scenario.duration_s) / period;
    const std::int64_t first =
        std::clamp<std::int64_t>(scene.first_sample.value_or(last - samples + 1), 0,
                                 std::max<std::int64_t>(0, whole - samples));
    SceneRequest request{.run = scene.options,
                         .recording = std::move(result.recording),
                         .rate_hz = rate_hz,
                         .warm_up_s = engine::core::seconds(first * period),
                         .conditions = scene.tags};
    request.run.scenario.duration_s = length_s;
    request.run.faults.clear();  // what it did with them is recorded; the pictures are unspoilt
    request.conditions["outcome"] = outcome_of(now, scene.run.facts.signature);
    if (now.evaluation.failed) request.conditions["fails_at_s"] = now.failed_at_s;
    request.conditions["first_sample_s"] = request.warm_up_s;
    return request;
}

// ---- All together

Status check(const DatasetSettings& s) {
    HM_TRY(run::check_range("--failures", s.failures, 0, 10'000));
    HM_TRY(run::check_range("--neighbours", s.neighbours, 0, 1'000));
    HM_TRY(run::check_range("--per-failure", s.per_failure, 2, 1'000));
    HM_TRY(run::check_range("--workers", s.workers, 1, 64));
    HM_TRY(run::check_range("--threads", s.threads, 0, 1'000));
    if (!(s.rate_hz >= 0.1 && s.rate_hz <= 100)) {
        return Error{.message = fmt::format("--rate is {:g}, expected 0.1 to 100", s.rate_hz)};
    }
    if (s.out.empty()) return Error{.message = "--out is missing, expected a folder"};
    if (!s.compare.empty() && s.compare != "random" && s.compare != "uncertainty") {
        return Error{.message =
                         fmt::format("--compare is {}, expected random or uncertainty", s.compare)};
    }
    return {};
}

// What the dataset's scenes depend on, for its manifest.
Values about(const DatasetSettings& settings, std::span<const PlannedScene> scenes) {
    nlohmann::ordered_json runs;  // of each scene
    for (std::size_t i = 0; i < scenes.size(); ++i) {
        runs[fmt::format("{}", i + 1)] = scenes[i].run.key;
    }
    return {{"scenes_of", settings.compare.empty() ? "failures" : settings.compare},
            {"neighbours", settings.neighbours},
            {"samples_of_each", settings.per_failure},
            {"runs", sensors::dataset::Document(runs.dump())}};
}

}  // namespace

Result<PlannedDataset> plan_dataset(const DatasetSettings& settings, const std::string& version) {
    HM_TRY(check(settings));
    HM_TAKE(const auto runs, judged_runs(settings.files, settings.filter));
    PlannedDataset dataset;
    HM_TAKE(const auto sources, sources_of(settings, runs, dataset.left_out));
    if (settings.compare == "uncertainty") {
        const auto each = static_cast<std::size_t>(settings.neighbours + 1);
        HM_TRY(add_uncertain(settings, runs, sources.size() * each, dataset.scenes));
    } else {
        const Selection selection =
            settings.compare.empty() ? Selection::kFailures : Selection::kRandom;
        for (const Source& source : sources) {
            HM_TRY(add_scenes(settings, source, selection, dataset.scenes));
        }
    }
    exporting::ExportOptions& options = dataset.options;
    options.run.scenario.name = "failures";
    HM_TAKE(options.run.rig, run::find_rig(settings.rig.empty() ? "eight_cameras" : settings.rig));
    HM_TAKE(std::tie(options.run.width, options.run.height), run::parse_size(settings.size));
    const auto quality = engine::render::quality_of(settings.quality);
    if (!quality) {
        return Error{.message =
                         "--quality is " + settings.quality + ", expected fast, standard or high"};
    }
    options.run.quality = *quality;
    options.format = settings.format;
    options.content = settings.content;
    options.first_seed = 1;
    options.last_seed = dataset.scenes.size();
    options.rate_hz = settings.rate_hz;
    options.warm_up_s = 0;
    options.seconds = engine::core::seconds(settings.per_failure * period_us(settings.rate_hz));
    options.workers = static_cast<int>(settings.workers);
    options.threads = static_cast<int>(settings.threads);
    options.out = settings.out;
    options.version = version;
    options.about = about(settings, dataset.scenes);
    // A copy of its own: the options may outlive the plan.
    const auto scenes = std::make_shared<const std::vector<PlannedScene>>(dataset.scenes);
    options.request = [scenes, samples = settings.per_failure, rate_hz = settings.rate_hz](
                          std::uint64_t seed, loop::Resources& resources,
                          const std::function<bool()>& stopped) {
        return request_of(scenes->at(seed - 1), samples, rate_hz, resources, stopped);
    };
    return dataset;
}

}  // namespace huntsman::bridge::failures
