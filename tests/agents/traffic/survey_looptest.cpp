// Traffic of every kind for minutes, in towns full of roundabouts and on maps made by others:
// nobody stands without end, nobody is hit, nobody leaves the road.
//
// The ordinary test takes a few worlds. More, with a line for each:
//   HUNTSMAN_SURVEY_TOWNS="FIRST LAST"     towns of these seeds
//   HUNTSMAN_SURVEY_MAPS="FIRST LAST"      all maps of HUNTSMAN_SURVEY_FOLDERS with these seeds
//   HUNTSMAN_SURVEY_FOLDERS="A:B:..."      searched for .xodr files, folders below them included
//   HUNTSMAN_SURVEY_SECONDS=300            of each run
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <sstream>

#include "engine/road/rings.h"
#include "scenarios/map/map.h"
#include "scenarios/opendrive/opendrive.h"
#include "scenarios/town/town.h"
#include "tests/agents/traffic/town_run.h"

namespace huntsman::agents::traffic {
namespace {

using engine::core::Result;

constexpr int kVehicles = 25, kPeople = 20;

struct Seeds {
    std::uint64_t first = 1, last = 1;
};

std::optional<Seeds> seeds_of(const char* variable) {
    const char* text = std::getenv(variable);
    if (text == nullptr) return std::nullopt;
    Seeds seeds;
    std::istringstream in(text);
    in >> seeds.first >> seeds.last;
    EXPECT_FALSE(in.fail()) << variable << "=\"" << text << "\", expected two seeds";
    return seeds;
}

double seconds(double standard) {
    const char* text = std::getenv("HUNTSMAN_SURVEY_SECONDS");
    return text != nullptr ? std::strtod(text, nullptr) : standard;
}

Result<TownRun> town_of_roundabouts(std::uint64_t seed, double time_s) {
    scenarios::town::TownParameters parameters;
    parameters.seed = seed;
    parameters.vehicles = kVehicles;
    parameters.pedestrians = kPeople;
    parameters.roundabout_share = 1.0;
    auto world = scenarios::town::generate(parameters);
    if (!world) return world.error();
    mix_kinds(*world);
    return run_world(std::move(*world), time_s, true);
}

Result<TownRun> map_of_others(const std::filesystem::path& file, std::uint64_t seed,
                              double time_s) {
    auto reading = scenarios::opendrive::read(file);
    if (!reading) return reading.error();
    auto world = scenarios::map::build(
        std::move(reading->model), {.seed = seed, .vehicles = kVehicles, .pedestrians = kPeople});
    if (!world) return world.error();
    mix_kinds(*world);
    return run_world(std::move(*world), time_s, true);
}

// One world's line, and a failure for each thing that must not happen.
void judge(const std::string& name, const Result<TownRun>& run) {
    if (!run) {
        ADD_FAILURE() << name << ": " << run.error().text();
        return;
    }
    const auto fits = engine::road::lanes_for_buses(run->world.roads,
                                                    engine::road::lanes_on_rings(run->world.roads));
    fmt::print("for buses {} of {}; ", std::count(fits.begin(), fits.end(), 1), fits.size());
    fmt::print("{}: {} vehicles, mean {:.2f} m/s, longest stand {:.0f} s, {:.0f} x real time\n",
               name,
               std::count_if(run->world.spawns.begin(), run->world.spawns.end(),
                             [](const auto& s) { return s.lane != engine::world::kNone; }),
               run->mean_speed_mps, run->longest_wait_s, run->simulated_s / run->wall_s);
    const auto report = [&](const char* what, const std::set<std::string>& lines) {
        for (const auto& line : lines) ADD_FAILURE() << name << ": " << what << ": " << line;
    };
    report("collision", run->collisions);
    report("stands for good", run->stuck);
    report("off the road", run->off_road);
    for (const auto& line : run->blocked) fmt::print("  blocked: {}\n", line);
    std::fflush(stdout);
}

TEST(TrafficSurvey, TownsOfRoundabouts) {
    const Seeds seeds = seeds_of("HUNTSMAN_SURVEY_TOWNS").value_or(Seeds{2005, 2006});
    for (std::uint64_t seed = seeds.first; seed <= seeds.last; ++seed) {
        judge(fmt::format("town {}", seed), town_of_roundabouts(seed, seconds(150)));
    }
}

// In the first two buses met in a bend between junctions, in the others one turned into the arm in
// which another stood; in each they stood nose to nose from 85 s at the latest.
TEST(TrafficSurvey, LongVehiclesThatMeetInABendDoNotStandForGood) {
    for (const std::uint64_t seed : {2103, 2114, 2126}) {
        judge(fmt::format("town {}", seed), town_of_roundabouts(seed, 200));
    }
}

// A bus turned its nose into a pole; two buses at the ends of a road stood for each other's way
// behind the next line; a person was caught beside a pole at a crossing's end; a car that had
// waited squeezed past a bus that it touched.
TEST(TrafficSurvey, TownsThatOnceFailed) {
    const std::pair<std::uint64_t, double> towns[] = {
        {2003, 60}, {2028, 180}, {2107, 240}, {2044, 270}};
    for (const auto& [seed, time_s] : towns) {
        judge(fmt::format("town {}", seed), town_of_roundabouts(seed, time_s));
    }
}

TEST(TrafficSurvey, MapsOfOthers) {
    const Seeds seeds = seeds_of("HUNTSMAN_SURVEY_MAPS").value_or(Seeds{1, 2});
    const char* folders = std::getenv("HUNTSMAN_SURVEY_FOLDERS");
    std::vector<std::filesystem::path> files;
    std::istringstream list(folders != nullptr ? folders
                                               : HUNTSMAN_SOURCE_DIR "/tests/agents/traffic/maps");
    for (std::string folder; std::getline(list, folder, ':');) {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
            if (entry.path().extension() == ".xodr") files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    ASSERT_FALSE(files.empty());
    for (const auto& file : files) {
        for (std::uint64_t seed = seeds.first; seed <= seeds.last; ++seed) {
            const std::string name =
                fmt::format("{}/{} seed {}", file.parent_path().filename().string(),
                            file.stem().string(), seed);
            judge(name, map_of_others(file, seed, seconds(150)));
        }
    }
}

}  // namespace
}  // namespace huntsman::agents::traffic
