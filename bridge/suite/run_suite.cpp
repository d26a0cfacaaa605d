#include "bridge/suite/run_suite.h"

#include <algorithm>
#include <set>
#include <sstream>

#include "bridge/run/numbers.h"
#include "engine/core/files.h"
#include "sensors/rig/rig.h"

namespace huntsman::bridge::suite {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;

namespace {

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

}  // namespace

Result<SuiteRun> to_suite_run(const SuiteSettings& settings) {
    HM_TAKE(Suite suite, load_suite(settings.suite));
    return to_suite_run(std::move(suite), settings);
}

Result<SuiteRun> to_suite_run(Suite suite, const SuiteSettings& settings) {
    HM_TRY(run::check_range("--shards", settings.shards, 1, 100'000));
    HM_TRY(run::check_range("--shard", settings.shard, 0, settings.shards - 1));
    if (settings.out.empty()) return Error{.message = "--out is empty, expected a results file"};
    SuiteRun run;
    run.suite = std::move(suite);
    run.retry = settings.retry;
    HM_TAKE(run.runs,
            to_item_runs(settings.out, settings.jobs, settings.threads, settings.stall_limit_s));
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

Result<SuiteOutcome> run_suite(const SuiteRun& run, const RunsCallbacks& callbacks,
                               const std::function<bool(const Item&)>& part) {
    HM_TAKE(const Store store, Store::open(run.runs.out, database::Access::kCreate));
    HM_TRY(store.declare(run.suite));
    std::vector<const Item*> items;
    for (const Item& item : run.items) {
        if (!part || part(item)) items.push_back(&item);
    }
    SuiteOutcome outcome{.cells = static_cast<int>(items.size())};
    HM_TAKE(outcome.kept, run_items(items, store, run.runs, run.retry, callbacks));
    // Also of cells whose runs were there already, or are those of other cells.
    for (const Item* item : items) {
        HM_TAKE(const bool good, store.holds(item->key, true));
        if (!good) ++outcome.failed;
    }
    HM_TRY(store.enter_all(items, run.only_these));
    return outcome;
}

}  // namespace huntsman::bridge::suite
