#include "bridge/suite/run_suite.h"

#include <algorithm>
#include <set>
#include <sstream>
#include <thread>

#include "bridge/run/numbers.h"
#include "engine/core/files.h"
#include "engine/core/workers.h"
#include "sensors/rig/rig.h"

namespace huntsman::bridge::suite {

using engine::core::Error;
using engine::core::ErrorKind;
using engine::core::JobEnd;
using engine::core::JobOutcome;
using engine::core::Result;
using engine::core::Status;

namespace {

constexpr std::size_t kKeptPlaces = 3;  // by each worker

// What would fail in every cell of a driver shows before the first.
Status check_files(const std::vector<Item>& items) {
    std::set<std::filesystem::path> files, rigs;
    for (const Item& item : items) {
        const auto network = run::network_file(item.options);
        if (!network.empty() && files.insert(network).second) {
            HM_TRY(engine::core::read_file(network));
        }
        if (!rigs.insert(item.options.rig).second) continue;
        HM_TRY(sensors::rig::load(item.options.rig, item.options.width, item.options.height));
    }
    return {};
}

// Whether every further cell would fail likewise.
bool fails_everywhere(const Error& error) { return error.kind == ErrorKind::kMachine; }

bool stopped(const SuiteCallbacks& callbacks) {
    return callbacks.stop != nullptr && callbacks.stop->load();
}

// What is to be run: places in the run's items, in place of so many that were asked for.
struct Wanted {
    std::vector<std::size_t> items;
    std::size_t asked = 0;
};

// How far the items have come, as the caller's callback is told.
class Progress {
  public:
    Progress(const SuiteRun& run, const Wanted& wanted, const SuiteCallbacks& callbacks)
        : run_(run),
          wanted_(wanted),
          callback_(callbacks.progress),
          shares_(wanted.items.size(), 0.0) {}
    // `share` of the job, which is a place in `wanted.items`.
    void set(std::size_t job, double share) {
        sum_ += share - std::exchange(shares_[job], share);
        if (!callback_) return;
        const auto there = static_cast<double>(wanted_.asked - wanted_.items.size());
        callback_((there + sum_) / static_cast<double>(wanted_.asked),
                  run_.items[wanted_.items[job]]);
    }

  private:
    const SuiteRun& run_;
    const Wanted& wanted_;
    const std::function<void(double, const Item&)>& callback_;
    std::vector<double> shares_;
    double sum_ = 0;
};

Status run_here(const SuiteRun& run, const Wanted& wanted, const Store& store,
                const SuiteCallbacks& callbacks) {
    run::Runner runner(run.threads, kKeptPlaces);
    Progress progress(run, wanted, callbacks);
    for (std::size_t job = 0; job < wanted.items.size(); ++job) {
        const Item& item = run.items[wanted.items[job]];
        double share = 0;
        run::RunCallbacks of_run;
        of_run.progress = [&](double now) { progress.set(job, share = now); };
        of_run.stop = callbacks.stop;
        of_run.make_driver = callbacks.make_driver;
        const auto result = runner.run(item.options, of_run);
        if (stopped(callbacks)) return {};  // an incomplete run is not kept
        if (!result && fails_everywhere(result.error())) return result.error();
        if (result) {
            HM_TRY(store.put(item, *result));
        } else {
            HM_TRY(store.put_failed(item, result.error().text(),
                                    share * item.options.scenario.duration_s));
        }
        progress.set(job, 1);
    }
    return {};
}

Status run_by_workers(const SuiteRun& run, const Wanted& wanted, const Store& store,
                      const SuiteCallbacks& callbacks) {
    Progress progress(run, wanted, callbacks);
    engine::core::WorkerOptions options{.command = callbacks.worker_command(run.out),
                                        .workers = run.jobs,
                                        .stall_limit_s = run.stall_limit_s};
    std::vector<std::string> jobs;
    for (const std::size_t i : wanted.items) {
        jobs.push_back(std::to_string(i));
        const Limits& limits = run.items[i].cell->limits;
        options.limits.push_back({limits.wall_s, limits.memory_mb});
    }
    engine::core::JobWatch watch;
    watch.progress = [&](std::size_t job, double share) { progress.set(job, share); };
    watch.printed = callbacks.printed;
    watch.ended = [&](const JobEnd& end) -> Status {
        progress.set(end.job, 1);
        if (!end.failure) return {};
        const Item& item = run.items[wanted.items[end.job]];
        // The worker may have kept the run before it was ended.
        HM_TAKE(const bool there, store.holds(item.key, true));
        if (there) return {};
        return store.put_failed(item, *end.failure,
                                end.progress * item.options.scenario.duration_s);
    };
    const std::atomic<bool> never{false};
    return engine::core::run_jobs(options, jobs, watch,
                                  callbacks.stop != nullptr ? *callbacks.stop : never);
}

}  // namespace

Result<SuiteRun> to_suite_run(const SuiteSettings& settings) {
    HM_TAKE(Suite suite, load_suite(settings.suite));
    return to_suite_run(std::move(suite), settings);
}

Result<SuiteRun> to_suite_run(Suite suite, const SuiteSettings& settings) {
    const auto whole = [](const char* name, std::int64_t value, std::int64_t low,
                          std::int64_t high) -> Status {
        if (value >= low && value <= high) return {};
        return Error{.message = fmt::format("{} is {}, expected {} to {}", name, value, low, high)};
    };
    HM_TRY(whole("--jobs", settings.jobs, 1, 256));
    HM_TRY(whole("--threads", settings.threads, 0, 256));
    HM_TRY(whole("--shards", settings.shards, 1, 100'000));
    HM_TRY(whole("--shard", settings.shard, 0, settings.shards - 1));
    if (settings.out.empty()) return Error{.message = "--out is empty, expected a results file"};
    SuiteRun run;
    run.suite = std::move(suite);
    run.out = settings.out;
    run.retry = settings.retry;
    run.jobs = static_cast<int>(settings.jobs);
    run.threads = static_cast<int>(settings.threads);
    HM_TRY(set_stall_limit(settings.stall_limit_s, run));
    std::istringstream list(settings.drivers);
    for (std::string driver; std::getline(list, driver, ',');) {
        HM_TRY(run::find_driver("--drivers holds", driver));
        if (std::ranges::find(run.drivers, driver) == run.drivers.end()) {
            run.drivers.push_back(driver);
        }
    }
    if (run.drivers.empty()) {
        return Error{.message = "--drivers is empty, expected names with commas between"};
    }
    const std::size_t cells = run.suite.cells.size();
    const auto part = [&](std::int64_t shard) {
        return cells * static_cast<std::size_t>(shard) / static_cast<std::size_t>(settings.shards);
    };
    for (std::size_t i = part(settings.shard); i < part(settings.shard + 1); ++i) {
        for (const std::string& driver : run.drivers) {
            const Cell& cell = run.suite.cells[i];
            HM_TAKE(auto options, with_driver(cell, driver, settings.network));
            run.items.push_back({&cell, run.suite.name, driver, std::move(options), {}, {}});
        }
    }
    HM_TRY(find_keys(run));
    return run;
}

Status set_stall_limit(double seconds, SuiteRun& run) {
    if (!(seconds >= 1 && seconds <= 86400)) {
        return Error{
            .message = fmt::format("--stall-limit is {:g}, expected 1 to 86400 seconds", seconds)};
    }
    run.stall_limit_s = seconds;
    return {};
}

Status find_keys(SuiteRun& run) {
    HM_TRY(check_files(run.items));
    std::string device;
    if (std::ranges::any_of(run.items, [](const Item& item) { return item.options.images; })) {
        HM_TAKE(device, rendering_device());
    }
    for (Item& item : run.items) {
        item.provenance = provenance_of(item.options, device);
        item.key = run_key(item.options, item.provenance);
    }
    return {};
}

Result<SuiteOutcome> run_suite(const SuiteRun& run, const SuiteCallbacks& callbacks,
                               const std::function<bool(const Item&)>& part) {
    HM_TAKE(const Store store, Store::open(run.out, database::Access::kCreate));
    HM_TRY(store.declare(run.suite));
    std::vector<Item> chosen;
    if (part) std::ranges::copy_if(run.items, std::back_inserter(chosen), part);
    const std::vector<Item>& items = part ? chosen : run.items;
    SuiteOutcome outcome{.cells = static_cast<int>(items.size())};
    Wanted wanted{.asked = items.size()};
    std::set<std::string> keys;
    for (std::size_t i = 0; i < run.items.size(); ++i) {
        const Item& item = run.items[i];
        if (part && !part(item)) continue;
        HM_TAKE(const bool there, store.holds(item.key, run.retry));
        if (there) ++outcome.kept;
        if (!there && keys.insert(item.key).second) wanted.items.push_back(i);
    }
    if (!wanted.items.empty()) {
        const auto make = callbacks.worker_command ? run_by_workers : run_here;
        HM_TRY(make(run, wanted, store, callbacks));
    }
    if (stopped(callbacks)) {
        return Error{.message =
                         "interrupted; what is finished stays, and the same command goes on "
                         "from there",
                     .kind = ErrorKind::kInvalid};
    }
    // Also of cells whose runs were there already, or are those of other cells.
    for (const Item& item : items) {
        HM_TAKE(const bool good, store.holds(item.key, true));
        if (!good) ++outcome.failed;
    }
    HM_TRY(store.enter_all(items, run.only_these));
    return outcome;
}

int serve_suite(const SuiteRun& run) {
    const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    const int threads = run.threads > 0 ? run.threads : cores;
    run::Runner runner(std::max(1, threads / run.jobs), kKeptPlaces);
    const auto store = Store::open(run.out, database::Access::kExisting);
    return engine::core::serve_jobs([&](const std::string& job,
                                        const auto& progress) -> JobOutcome {
        if (!store) return {.error = store.error(), .halt = true, .result = {}};
        const auto index = run::parse_whole(job);
        HM_CHECK(index && *index < run.items.size(), "job {} of {}", job, run.items.size());
        const Item& item = run.items[*index];
        run::RunCallbacks callbacks;
        callbacks.progress = progress;
        const auto result = runner.run(item.options, callbacks);
        if (!result) {
            return {
                .error = result.error(), .halt = fails_everywhere(result.error()), .result = {}};
        }
        const auto kept = store->put(item, *result);
        if (!kept) return {.error = kept.error(), .halt = true, .result = {}};
        return {};
    });
}

}  // namespace huntsman::bridge::suite
