#include "bridge/failures/table.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "bridge/failures/catalogue.h"
#include "bridge/failures/clusters.h"
#include "bridge/failures/pictures.h"
#include "bridge/hunt/minimal.h"
#include "engine/core/files.h"
#include "engine/sim/recording.h"

namespace huntsman::bridge::failures {

namespace fs = std::filesystem;
using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using nlohmann::ordered_json;

namespace {

constexpr int kAll = 1'000'000;  // rows of a catalogue

void add_tag(const std::string& tag, std::vector<std::string>& tags) {
    if (!tag.empty() && std::ranges::find(tags, tag) == tags.end()) tags.push_back(tag);
}

// ---- Catalogues

ListedFailure listed(const Row& row, const fs::path& file) {
    ListedFailure failure{.source = ListedFailure::Source::kCatalogue,
                          .file = file,
                          .id = std::to_string(row.id),
                          .kind = row.kind,
                          .driver = row.driver,
                          .scenario = row.scenario,
                          .seed = row.seed,
                          .time_s = row.time_s,
                          .other = row.actor_class,
                          .cluster = row.kind,
                          .picture = row.picture,
                          .command = row.command,
                          .run = row.run,
                          .tick = row.tick};
    if (!row.actor_class.empty()) failure.cluster += ", " + row.actor_class;
    add_tag(row.light, failure.tags);
    add_tag(row.weather, failure.tags);
    if (row.occlusion >= 0.5) add_tag("occluded", failure.tags);
    return failure;
}

Result<std::vector<ListedFailure>> of_catalogue(const Catalogue& catalogue, const fs::path& file) {
    HM_TAKE(const auto rows, catalogue.list({.limit = kAll}));
    std::vector<ListedFailure> failures;
    for (const Row& row : rows) failures.push_back(listed(row, file));
    return failures;
}

// ---- Results files

std::string text_of(const ordered_json& json, const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

// What the finding says of the run's causes, and its pictures.
void add_blame(const std::string& finding, ListedFailure& failure) {
    constexpr double kMatters = 0.25;  // of the blame, which adds up to 1
    const auto json = ordered_json::parse(finding, nullptr, false);
    if (!json.is_object()) return;
    const auto each = [&](const char* key, auto visit) {
        const auto found = json.find(key);
        if (found == json.end() || !found->is_array()) return;
        for (const auto& item : *found) visit(item);
    };
    each("parts", [&](const ordered_json& part) {
        if (!part.is_object() || !part.contains("share") || !part.at("share").is_number()) return;
        if (part.at("share").get<double>() < kMatters) return;
        add_tag("blamed: " + text_of(part, "part"), failure.tags);
    });
    each("world", [&](const ordered_json& change) {
        if (!change.is_object() || !change.contains("passes")) return;
        if (change.at("passes") != true) return;
        add_tag("passes: " + text_of(change, "change"), failure.tags);
    });
    each("pictures", [&](const ordered_json& picture) {
        if (!picture.is_string() || !failure.picture.empty()) return;
        const fs::path path = fs::absolute(failure.file).parent_path() / picture.get<std::string>();
        std::error_code ignored;
        if (fs::is_regular_file(path, ignored)) failure.picture = path;
    });
}

ListedFailure listed(const JudgedRun& run) {
    const mine::Signature& signature = run.facts.signature;
    ListedFailure failure{.source = ListedFailure::Source::kResults,
                          .file = run.file,
                          .id = run.key,
                          .kind = signature.kind,
                          .driver = run.driver,
                          .scenario = run.situation,
                          .place = run.place,
                          .seed = run.seed,
                          .time_s = run.facts.failed_at_s,
                          .other = signature.other,
                          .cluster = mine::text(signature),
                          .severity = run.facts.evaluation.severity,
                          .reason = run.facts.reason};
    add_tag(run.light, failure.tags);
    add_tag(run.weather, failure.tags);
    if (run.confirmation) add_tag("confirmed", failure.tags);
    for (const std::string& tag : run.tags) add_tag(tag, failure.tags);
    if (!signature.cause.empty()) add_tag("cause: " + signature.cause, failure.tags);
    return failure;
}

Result<std::vector<ListedFailure>> of_results(std::span<const fs::path> files) {
    std::vector<ListedFailure> failures;
    HM_TAKE(const auto runs, judged_runs(files, {}));
    std::map<fs::path, suite::Store> stores;
    for (const Cluster& cluster : clusters_of(runs)) {
        for (const JudgedRun& run : cluster.members) {
            failures.push_back(listed(run));
            auto store = stores.find(run.file);
            if (store == stores.end()) {
                HM_TAKE(auto opened, suite::Store::open(run.file, database::Access::kReadOnly));
                store = stores.emplace(run.file, std::move(opened)).first;
            }
            HM_TAKE(const std::string blame, store->second.finding(run.key, "blame"));
            add_blame(blame, failures.back());
        }
    }
    return failures;
}

std::string lower(std::string text) {
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

}  // namespace

Result<std::vector<ListedFailure>> list_failures(std::span<const fs::path> files) {
    std::vector<fs::path> results;
    std::vector<ListedFailure> of_catalogues;
    for (const fs::path& file : files) {
        std::error_code ignored;
        if (!fs::is_regular_file(file, ignored)) {
            return Error{.message = "is not a file, expected a failure catalogue or a results file",
                         .file = file.string()};
        }
        const auto catalogue = Catalogue::open_existing(file);
        if (!catalogue) {
            if (const auto store = suite::Store::open(file, database::Access::kReadOnly); !store) {
                return Error{.message = fmt::format("is neither a failure catalogue nor a results "
                                                    "file: {}",
                                                    store.error().message),
                             .file = file.string()};
            }
            results.push_back(file);
            continue;
        }
        HM_TAKE(auto rows, of_catalogue(**catalogue, file));
        std::ranges::move(rows, std::back_inserter(of_catalogues));
    }
    std::vector<ListedFailure> failures;
    if (!results.empty()) {
        HM_TAKE(failures, of_results(results));
    }
    std::ranges::move(of_catalogues, std::back_inserter(failures));
    std::map<std::string, std::size_t> sizes;
    for (const ListedFailure& failure : failures) ++sizes[failure.cluster];
    for (ListedFailure& failure : failures) failure.cluster_size = sizes[failure.cluster];
    return failures;
}

bool matches(const ListedFailure& failure, const TableFilter& filter) {
    const auto is = [](const std::string& wanted, const std::string& value) {
        return wanted.empty() || wanted == value;
    };
    if (!is(filter.kind, failure.kind) || !is(filter.driver, failure.driver) ||
        !is(filter.scenario, failure.scenario) || !is(filter.cluster, failure.cluster)) {
        return false;
    }
    const bool tagged =
        filter.tag.empty() || std::ranges::find(failure.tags, filter.tag) != failure.tags.end();
    if (!tagged) return false;
    if (filter.text.empty()) return true;
    std::string all;
    for (const std::string* column :
         {&failure.id, &failure.kind, &failure.driver, &failure.scenario, &failure.place,
          &failure.other, &failure.cluster, &failure.reason}) {
        all += *column + "\n";
    }
    for (const std::string& tag : failure.tags) all += tag + "\n";
    all = lower(all + std::to_string(failure.seed));
    const std::string wanted = lower(filter.text);
    for (std::size_t begin = 0; begin < wanted.size();) {
        const std::size_t end = std::min(wanted.find(' ', begin), wanted.size());
        if (all.find(wanted.substr(begin, end - begin)) == std::string::npos) return false;
        begin = end + 1;
    }
    return true;
}

std::vector<ListedFailure> filtered(std::span<const ListedFailure> failures,
                                    const TableFilter& filter) {
    std::vector<ListedFailure> found;
    std::ranges::copy_if(failures, std::back_inserter(found),
                         [&](const ListedFailure& failure) { return matches(failure, filter); });
    return found;
}

TableColumns columns_of(std::span<const ListedFailure> failures) {
    std::set<std::string> kinds, drivers, scenarios, clusters, tags;
    for (const ListedFailure& failure : failures) {
        kinds.insert(failure.kind);
        drivers.insert(failure.driver);
        scenarios.insert(failure.scenario);
        clusters.insert(failure.cluster);
        tags.insert(failure.tags.begin(), failure.tags.end());
    }
    const auto list = [](const std::set<std::string>& values) {
        return std::vector<std::string>(values.begin(), values.end());
    };
    return {list(kinds), list(drivers), list(scenarios), list(clusters), list(tags)};
}

Result<loop::RunOptions> options_of(const ListedFailure& failure) {
    if (failure.source == ListedFailure::Source::kResults) {
        return options_of(JudgedRun{.file = failure.file, .key = failure.id});
    }
    const fs::path file = failure.run / engine::sim::kRecordingFile;
    HM_TAKE(const auto recording, engine::sim::read_recording(file));
    return loop::options_from_json(recording.inputs, file.string());
}

Result<std::string> drive_command(const ListedFailure& failure, const fs::path& scenario) {
    HM_TAKE(const auto options, options_of(failure));
    HM_TRY(engine::core::write_file(scenario, scenarios::model::to_json(options.scenario)));
    return hunt::run_command(options, scenario);
}

}  // namespace huntsman::bridge::failures
