// The catalogue of failures: an SQLite file that grows run by run.
//
// Table `failures`: id, kind, tick, time_s, scenario, seed, driver, actor, actor_class, light,
// weather, occlusion, distance_m, speed_mps, value, picture, run, command, rerun. `command` is the
// one line that shows the failure again from the run's recording, `rerun` the one that drives the
// whole run again. A run that is repeated into the same folder replaces its rows.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "bridge/loop/run.h"
#include "engine/core/result.h"

namespace huntsman::bridge::failures {

struct Row {
    std::int64_t id = 0;
    std::string kind;
    std::int64_t tick = 0;
    double time_s = 0;
    std::string scenario;
    std::uint64_t seed = 0;
    std::string driver;
    std::uint32_t actor = 0;  // 0: nobody in particular
    std::string actor_class;
    std::string light, weather;
    double occlusion = 0;  // hidden share, 0..1
    double distance_m = 0;
    double speed_mps = 0;
    double value = 0;     // as the kind says: impulse, TTC, score
    std::string picture;  // path, or empty
    std::string run;      // folder of the run
    std::string command, rerun;
};

struct Filter {
    std::string kind;  // empty: all
    std::string driver;
    std::string scenario;
    int limit = 100;
};

class Catalogue {
  public:
    // Opens or creates the file. A file that is no catalogue is refused.
    static engine::core::Result<std::unique_ptr<Catalogue>> open(const std::filesystem::path& path);
    // Opens an existing file only.
    static engine::core::Result<std::unique_ptr<Catalogue>> open_existing(
        const std::filesystem::path& path);
    ~Catalogue();

    // Replaces the rows of `run` by those of `result`, in one transaction. `program` is how a shell
    // calls this program.
    engine::core::Status store(const loop::RunResult& result, const std::filesystem::path& run,
                               const std::string& program, const std::string& rerun);
    engine::core::Result<std::vector<Row>> list(const Filter& filter) const;
    // An error when there is no such row.
    engine::core::Result<Row> find(std::int64_t id) const;

  private:
    struct Impl;
    explicit Catalogue(std::unique_ptr<Impl> impl);
    static engine::core::Result<std::unique_ptr<Catalogue>> open_with(
        const std::filesystem::path& path, bool create);
    std::unique_ptr<Impl> impl_;
};

}  // namespace huntsman::bridge::failures
