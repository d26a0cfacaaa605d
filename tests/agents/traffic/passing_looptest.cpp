// Traffic on loops of two lanes on which things stand: everybody gets past, nobody is hit.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "scenarios/map/map.h"
#include "scenarios/opendrive/opendrive.h"
#include "tests/agents/traffic/town_run.h"

namespace huntsman::agents::traffic {
namespace {

void expect_flow(const std::filesystem::path& file, std::uint64_t seed, double time_s,
                 int vehicles) {
    auto reading = scenarios::opendrive::read(file);
    ASSERT_TRUE(reading) << reading.error().text();
    auto world = scenarios::map::build(std::move(reading->model),
                                       {.seed = seed, .vehicles = vehicles, .pedestrians = 10});
    ASSERT_TRUE(world) << world.error().text();
    auto run = run_world(std::move(*world), time_s, true);
    ASSERT_TRUE(run) << run.error().text();
    const std::string name = file.string() + " seed " + std::to_string(seed);
    for (const auto* list : {&run->collisions, &run->stuck, &run->blocked, &run->off_road}) {
        for (const auto& line : *list) ADD_FAILURE() << name << ": " << line;
    }
    EXPECT_GT(run->mean_speed_mps, 1.5) << name;
    fmt::print("{}: mean {:.2f} m/s, longest stand {:.0f} s, {} laps\n", name, run->mean_speed_mps,
               run->longest_wait_s, run->laps);
}

TEST(TrafficPasses, ThingsThatStandOnItsLane) {
    const std::filesystem::path map =
        HUNTSMAN_SOURCE_DIR "/tests/agents/traffic/things/loop_with_things.xodr";
    // HUNTSMAN_LOOPS="FIRST LAST" drives more of them.
    const char* range = std::getenv("HUNTSMAN_LOOPS");
    std::uint64_t from = 1, to = 2;
    if (range != nullptr) std::istringstream(range) >> from >> to;
    for (std::uint64_t seed = from; seed <= to; ++seed) expect_flow(map, seed, 300, 8);
}

TEST(TrafficPasses, ThingsOnMapsOfOthers) {
    for (const char* name : {"xodr-obstacles-on-lane", "xodr-blocked-lane"}) {
        const std::filesystem::path map = std::filesystem::path(HUNTSMAN_SOURCE_DIR) /
                                          "../shared/interop/reports" / name / "map.xodr";
        if (!std::filesystem::exists(map)) GTEST_SKIP() << "no map " << map;
        for (const std::uint64_t seed : {1001U, 1002U}) expect_flow(map, seed, 300, 10);
    }
}

}  // namespace
}  // namespace huntsman::agents::traffic
