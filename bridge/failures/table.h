// Failures of catalogues and results files as one table, for somebody who looks through them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bridge/loop/run.h"
#include "engine/core/result.h"

namespace huntsman::bridge::failures {

// A failure of a single run (a catalogue's row), or a failing run of a results file.
struct ListedFailure {
    enum class Source : std::uint8_t { kCatalogue, kResults };
    Source source = Source::kCatalogue;
    std::filesystem::path file;  // that it stands in
    std::string id;              // the row's number, or the run's key
    std::string kind;            // "near_miss"; of results the broken criterion, "no_collision"
    std::string driver, scenario;
    std::string place;  // of results: "town_2001"
    std::uint64_t seed = 0;
    double time_s = 0;                 // into the run
    std::string other;                 // who with: "pedestrian"; may be empty
    std::string cluster;               // what failures that are alike have in common, in words
    std::size_t cluster_size = 0;      // failures of the whole list that have the same
    std::optional<double> severity;    // of results: 1 to 2
    std::string reason;                // a sentence; may be empty
    std::vector<std::string> tags;     // conditions and causes, see below
    std::filesystem::path picture;     // empty where there is none
    std::string command;               // shows or drives it again; empty: see drive_command
    std::filesystem::path run;         // of catalogues: the run's folder, with its recording
    std::optional<std::int64_t> tick;  // of catalogues
};
// Tags: light and weather ("night", "rain"), "occluded" (at least half of the other was hidden),
// "confirmed" (driven by the driver itself), the suite's own tags, what the signature says of the
// cause ("cause: not perceived"), and the parts and changes of the world that a finding `blame`
// names ("blamed: perception", "passes: by day").

// All failures of the files, each a catalogue or a results file: those of results the most severe
// clusters first, then those of catalogues, the latest first. Errors: a file is not there, or is
// neither.
engine::core::Result<std::vector<ListedFailure>> list_failures(
    std::span<const std::filesystem::path> files);

// What is empty holds for all.
struct TableFilter {
    std::string kind, driver, scenario, cluster, tag;  // the whole word
    std::string text;  // parts of any column, separated by spaces, all of them; whatever the case
    friend bool operator==(const TableFilter&, const TableFilter&) = default;
};
bool matches(const ListedFailure& failure, const TableFilter& filter);
std::vector<ListedFailure> filtered(std::span<const ListedFailure> failures,
                                    const TableFilter& filter);

// The values that a column has, each once, sorted: for menus.
struct TableColumns {
    std::vector<std::string> kinds, drivers, scenarios, clusters, tags;
};
TableColumns columns_of(std::span<const ListedFailure> failures);

// The options of the run, from the results file or from the recording in the run's folder. Errors:
// as options_of (pictures.h), or the recording is not there.
engine::core::Result<loop::RunOptions> options_of(const ListedFailure& failure);

// Writes the run's scenario and returns the command that drives it.
engine::core::Result<std::string> drive_command(const ListedFailure& failure,
                                                const std::filesystem::path& scenario);

}  // namespace huntsman::bridge::failures
