// Searches for planted faults that need rare conjunctions: how many runs until the first failure.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "bridge/hunt/hunt.h"
#include "bridge/hunt/rate.h"
#include "bridge/run/numbers.h"
#include "bridge/run/runner.h"
#include "engine/core/files.h"

namespace huntsman::bridge::hunt {
namespace {

constexpr const char* kTowns = "2001..2003";

// The oracle's planner on perception that is 0.1 s old and a little noisy.
constexpr const char* kModel = R"({
 "schema_version": 1, "summary": "a good network, by hand", "latency_ms": 100, "sees_things": true,
 "vehicle": {"bands": [{"to_m": 40, "miss": 0, "position_sd_m": 0.15},
                       {"to_m": 100, "miss": 0.02, "position_sd_m": 0.4}], "persistence_s": 0.5},
 "pedestrian": {"bands": [{"to_m": 40, "miss": 0, "position_sd_m": 0.15},
                          {"to_m": 80, "miss": 0.02, "position_sd_m": 0.3}], "persistence_s": 0.5}
})";

struct Planted {
    const char* name;
    const char* situation;
    std::vector<std::string> faults;
    double p;  // of a failure under the declared distribution, roughly: `Rates` measures it
};

const std::vector<Planted>& planted_faults() {
    static const std::vector<Planted> faults = {
        {"left at night",
         "cpfa",
         {"blind:class=pedestrian,side=left,light=night,beyond_m=22"},
         0.0012},
        {"late and weak", "hard_brake", {"late:ms=350", "weak_brakes:share=0.2"}, 0.002},
        {"cut-in at night", "r157_cut_in", {"blind:class=vehicle,light=night,beyond_m=20"}, 0.0038},
    };
    return faults;
}

// HUNTSMAN_HUNT_FAULT=1: the second of them alone.
std::vector<Planted> asked() {
    const char* only = std::getenv("HUNTSMAN_HUNT_FAULT");
    if (only == nullptr) return planted_faults();
    return {planted_faults().at(static_cast<std::size_t>(std::atoi(only)))};
}

// HUNTSMAN_HUNT_METHOD=map_elites: it alone.
std::vector<std::string> methods() {
    const char* only = std::getenv("HUNTSMAN_HUNT_METHOD");
    if (only != nullptr) return {only};
    return {"cross_entropy", "map_elites"};
}

// HUNTSMAN_HUNT_FOLDER=DIR keeps runs there, so that what was interrupted goes on.
class Hunting {
  public:
    Hunting() : runner_(1, 3) {
        const char* kept = std::getenv("HUNTSMAN_HUNT_FOLDER");
        if (kept != nullptr) folder_ = kept;
        keep_ = kept != nullptr;
        std::filesystem::create_directories(folder_);
        EXPECT_TRUE(engine::core::write_file(folder_ / "good.json", kModel));
    }
    ~Hunting() {
        if (!keep_) std::filesystem::remove_all(folder_);
    }

    HuntSettings settings(const Planted& planted, const std::string& method, std::int64_t seed,
                          std::int64_t budget) const {
        return {.spaces = planted.situation,
                .towns = kTowns,
                .weather = "on",
                .driver = "errors:" + (folder_ / "good.json").string(),
                .method = method,
                .budget = std::to_string(budget),
                .seed = seed,
                .confirm = 0,
                .seconds = 8,
                .faults = planted.faults,
                .out = (folder_ / "runs.sqlite").string()};
    }

    // Runs up to the first failure; one more than the budget where there is none.
    std::int64_t first_failure(const HuntSettings& settings, std::int64_t budget) {
        const auto hunt = to_hunt(settings);
        if (!hunt) {
            ADD_FAILURE() << hunt.error().text();
            return 0;
        }
        std::int64_t first = budget + 1;
        std::atomic<bool> found = false;
        HuntCallbacks callbacks;
        callbacks.runs.stop = &found;
        callbacks.runs.runner = &runner_;
        callbacks.batch = [&](const HuntResult& so_far) {
            const auto at = std::ranges::find_if(
                so_far.runs, [](const HuntRun& one) { return one.evaluation.failed; });
            if (at == so_far.runs.end()) return;
            first = at - so_far.runs.begin() + 1;
            found = true;
        };
        const auto result = run(*hunt, callbacks);
        EXPECT_TRUE(result || found) << result.error().text();
        return first;
    }

    engine::core::Result<Rate> rate_of(const RateSettings& settings) {
        suite::RunsCallbacks callbacks;
        callbacks.runner = &runner_;
        return rate(settings, callbacks);
    }

  private:
    std::filesystem::path folder_ =
        std::filesystem::temp_directory_path() / ("huntsman_planted_" + std::to_string(::getpid()));
    bool keep_ = false;
    run::Runner runner_;
};

double median(std::vector<std::int64_t> numbers) {
    std::ranges::sort(numbers);
    const std::size_t n = numbers.size();
    return 0.5 * static_cast<double>(numbers[(n - 1) / 2] + numbers[n / 2]);
}

// HUNTSMAN_HUNT_RATE=1 prints the probability of each planted fault, as docs/mining.md has it.
// HUNTSMAN_HUNT_FAULT=0: only of this one.
TEST(PlantedFaults, Rates) {
    const char* text = std::getenv("HUNTSMAN_HUNT_RATE");
    if (text == nullptr) GTEST_SKIP() << "set HUNTSMAN_HUNT_RATE=1, the seed";
    Hunting hunting;
    for (const Planted& planted : asked()) {
        const RateSettings settings{.hunt = hunting.settings(planted, "random", std::atoi(text), 1),
                                    .per_level = 50};
        const auto found = hunting.rate_of(settings);
        ASSERT_TRUE(found) << found.error().text();
        fmt::print("{}: {}\n", planted.name, hunt::text(settings, *found));
    }
}

// HUNTSMAN_HUNT_SEEDS=1..10 prints the table of docs/mining.md. HUNTSMAN_HUNT_FAULT=0: only this.
TEST(PlantedFaults, Table) {
    const char* text = std::getenv("HUNTSMAN_HUNT_SEEDS");
    if (text == nullptr) GTEST_SKIP() << "set HUNTSMAN_HUNT_SEEDS=1..10";
    const auto seeds = run::parse_seeds(text, 1000);
    ASSERT_TRUE(seeds) << text;
    Hunting hunting;
    for (const Planted& planted : asked()) {
        std::printf("| %s | %.4f | %.0f |", planted.name, planted.p, 1 / planted.p);
        for (const std::string& method : methods()) {
            // A median beyond half of it is not wanted more exactly.
            const auto budget = static_cast<std::int64_t>(0.5 / planted.p);
            std::vector<std::int64_t> first;
            for (auto seed = seeds->first; seed <= seeds->second; ++seed) {
                const auto settings =
                    hunting.settings(planted, method, static_cast<std::int64_t>(seed), budget);
                first.push_back(hunting.first_failure(settings, budget));
                fmt::print(stderr, "{} {} {}: {}\n", planted.name, method, seed, first.back());
            }
            std::printf(" %.1f |", median(first));
            std::fflush(stdout);
        }
        std::printf("\n");
    }
}

}  // namespace
}  // namespace huntsman::bridge::hunt
