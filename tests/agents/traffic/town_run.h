// Drives a whole town or map for a while and counts what must not happen.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/world/world.h"

namespace huntsman::agents::traffic {

struct TownRun {
    engine::world::World world;
    std::uint64_t state_hash = 0;
    double simulated_s = 0, wall_s = 0;
    std::vector<double> phase_seconds;  // think, story, act, move
    std::set<std::string> collisions;   // "12 car hits 14 car at 3.2 s at (x, y)"
    std::set<std::string> stuck;        // who has stood without a reason for too long
    std::set<std::string> blocked;      // who has stood as long behind a thing that stands for good
    std::set<std::string> off_road;     // vehicles
    std::set<std::string> red;          // people who stepped on the road at red
    double mean_speed_mps = 0;          // of vehicles, ego included, over all time
    double mean_walk_mps = 0;           // of people
    double longest_wait_s = 0;          // of a vehicle
    double longest_stand_s = 0;         // of a person
    int crossings_begun = 0;            // by people
    int laps = 0;                       // lanes finished by vehicles
};

// `drive_ego`: the ego is an agent; else it stands still where it starts.
engine::core::Result<TownRun> run_world(engine::world::World from, double time_s, bool drive_ego);
// The same in a town.
engine::core::Result<TownRun> run_town(std::uint64_t seed, double time_s, int vehicles, int people,
                                       bool drive_ego);

// Makes every fourth vehicle a bus or a lorry, in turn, where it has room: traffic of all kinds in
// every world, whatever its draws.
void mix_kinds(engine::world::World& world);

}  // namespace huntsman::agents::traffic
