#include "bridge/suite/run_items.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <thread>

#include "bridge/run/numbers.h"
#include "engine/core/workers.h"

namespace huntsman::bridge::suite {

using engine::core::Error;
using engine::core::ErrorKind;
using engine::core::JobEnd;
using engine::core::JobOutcome;
using engine::core::Result;
using engine::core::Status;
using nlohmann::ordered_json;

namespace {

constexpr std::size_t kKeptPlaces = 3;  // by each worker

// Whether every further run would fail likewise.
bool fails_everywhere(const Error& error) { return error.kind == ErrorKind::kMachine; }

bool stopped(const RunsCallbacks& callbacks) {
    return callbacks.stop != nullptr && callbacks.stop->load();
}

// What is to be run, in place of so many that were asked for.
struct Wanted {
    std::vector<const Item*> items;
    std::size_t asked = 0;
};

// How far the items have come, as the caller's callback is told.
class Progress {
  public:
    Progress(const Wanted& wanted, const RunsCallbacks& callbacks)
        : wanted_(wanted), callback_(callbacks.progress), shares_(wanted.items.size(), 0.0) {}
    // `share` of the job, which is a place in `wanted.items`.
    void set(std::size_t job, double share) {
        sum_ += share - std::exchange(shares_[job], share);
        if (!callback_) return;
        const auto there = static_cast<double>(wanted_.asked - wanted_.items.size());
        callback_((there + sum_) / static_cast<double>(wanted_.asked), *wanted_.items[job]);
    }

  private:
    const Wanted& wanted_;
    const std::function<void(double, const Item&)>& callback_;
    std::vector<double> shares_;
    double sum_ = 0;
};

Status run_here(const Wanted& wanted, const Store& store, const ItemRuns& runs,
                const RunsCallbacks& callbacks) {
    std::optional<run::Runner> own;
    if (callbacks.runner == nullptr) own.emplace(runs.threads, kKeptPlaces);
    run::Runner& runner = own ? *own : *callbacks.runner;
    Progress progress(wanted, callbacks);
    for (std::size_t job = 0; job < wanted.items.size(); ++job) {
        const Item& item = *wanted.items[job];
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

std::string job_of(const Item& item) {
    const Provenance& from = item.provenance;
    const Cell& cell = *item.cell;
    return ordered_json{{"cell", cell.name},       {"situation", cell.situation},
                        {"place", cell.place},     {"condition", cell.condition},
                        {"variant", cell.variant}, {"tags", cell.tags},
                        {"key", item.key},         {"suite", item.suite},
                        {"driver", item.driver},   {"program", from.program},
                        {"assets", from.assets},   {"driver_file", from.driver_file},
                        {"device", from.device},   {"options", loop::to_json(item.options)}}
        .dump();
}

// What a worker is told.
struct Told {
    Cell cell;
    Item item;  // without its cell
};

Result<Told> told(const std::string& job) {
    const auto json = ordered_json::parse(job, nullptr, false);
    HM_CHECK(json.is_object(), "a job that is no object: {}", job);
    Told told;
    told.cell.name = json.at("cell");
    told.cell.situation = json.at("situation");
    told.cell.place = json.at("place");
    told.cell.condition = json.at("condition");
    told.cell.variant = json.at("variant");
    told.cell.tags = json.at("tags").get<std::vector<std::string>>();
    told.item.key = json.at("key");
    told.item.suite = json.at("suite");
    told.item.driver = json.at("driver");
    told.item.provenance = {json.at("program"), json.at("assets"), json.at("driver_file"),
                            json.at("device")};
    HM_TAKE(told.item.options, loop::options_from_json(json.at("options"), "the job"));
    return told;
}

Status run_by_workers(const Wanted& wanted, const Store& store, const ItemRuns& runs,
                      const RunsCallbacks& callbacks) {
    Progress progress(wanted, callbacks);
    engine::core::WorkerOptions options{.command = callbacks.worker_command(runs),
                                        .workers = runs.jobs,
                                        .stall_limit_s = runs.stall_limit_s,
                                        .limits = {},
                                        .idle = runs.idle.get()};
    std::vector<std::string> jobs;
    for (const Item* item : wanted.items) {
        jobs.push_back(job_of(*item));
        options.limits.push_back({item->cell->limits.wall_s, item->cell->limits.memory_mb});
    }
    engine::core::JobWatch watch;
    watch.progress = [&](std::size_t job, double share) { progress.set(job, share); };
    watch.printed = callbacks.printed;
    watch.ended = [&](const JobEnd& end) -> Status {
        progress.set(end.job, 1);
        if (!end.failure) return {};
        const Item& item = *wanted.items[end.job];
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

Result<ItemRuns> to_item_runs(const std::filesystem::path& out, std::int64_t jobs,
                              std::int64_t threads, double stall_limit_s) {
    HM_TRY(run::check_range("--jobs", jobs, 1, 256));
    HM_TRY(run::check_range("--threads", threads, 0, 256));
    if (!(stall_limit_s >= 1 && stall_limit_s <= 86400)) {
        return Error{.message = fmt::format("--stall-limit is {:g}, expected 1 to 86400 seconds",
                                            stall_limit_s)};
    }
    return ItemRuns{.out = out,
                    .jobs = static_cast<int>(jobs),
                    .threads = static_cast<int>(threads),
                    .stall_limit_s = stall_limit_s};
}

Result<int> run_items(std::span<const Item* const> items, const Store& store, const ItemRuns& runs,
                      bool retry, const RunsCallbacks& callbacks) {
    Wanted wanted{.asked = items.size()};
    int kept = 0;
    std::set<std::string> keys;
    for (const Item* item : items) {
        HM_TAKE(const bool there, store.holds(item->key, retry));
        if (there) ++kept;
        if (!there && keys.insert(item->key).second) wanted.items.push_back(item);
    }
    if (!wanted.items.empty()) {
        const auto make = callbacks.worker_command ? run_by_workers : run_here;
        HM_TRY(make(wanted, store, runs, callbacks));
    }
    if (stopped(callbacks)) {
        return Error{.message =
                         "interrupted; what is finished stays, and the same command goes on "
                         "from there",
                     .kind = ErrorKind::kInvalid};
    }
    return kept;
}

int serve_items(const ItemRuns& runs) {
    const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    const int threads = runs.threads > 0 ? runs.threads : cores;
    run::Runner runner(std::max(1, threads / std::max(1, runs.jobs)), kKeptPlaces);
    const auto store = Store::open(runs.out, database::Access::kExisting);
    return engine::core::serve_jobs([&](const std::string& job,
                                        const auto& progress) -> JobOutcome {
        if (!store) return {.error = store.error(), .halt = true, .result = {}};
        auto made = told(job);
        if (!made) return {.error = made.error(), .result = {}};
        Item& item = made->item;
        item.cell = &made->cell;
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
