// Every shipped situation on towns of several seeds: placed, critical, avoidable.
#include "tests/scenarios/situations/survey.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <sstream>

#include "scenarios/opendrive/opendrive.h"
#include "scenarios/town/town.h"

namespace huntsman::scenarios::situations {
namespace {

struct Row {
    int maps = 0, placed = 0, critical = 0, avoidable = 0, played = 0;
    std::string note, fails_by;
};

void survey(const engine::world::RoadModel& model, const std::string& map, int sites,
            const std::string& only, bool verbose, std::map<std::string, Row>& rows) {
    const PlaceFinder finder(model);
    for (const std::string& name : shipped()) {
        if (!only.empty() && name.find(only) == std::string::npos) continue;
        const auto situation = load(name);
        ASSERT_TRUE(situation.ok()) << situation.error().text();
        Row& row = rows[name];
        ++row.maps;
        bool any = false;
        for (int k = 0; k < sites; ++k) {
            const auto placed =
                place_anywhere(*situation, finder, static_cast<std::uint64_t>(k + 1),
                               nominal(*situation), "map.xodr");
            if (!placed) {
                row.note = placed.error().text();
                if (verbose)
                    std::printf("%s on %s: %s\n", name.c_str(), map.c_str(), row.note.c_str());
                break;
            }
            any = true;
            engine::core::Findings findings;
            const story::Story story = compiled(placed->document, findings);
            ASSERT_EQ(findings.first_error(), nullptr)
                << name << ": " << findings.first_error()->message;
            const auto keeps = keep_speed(story, finder.geometry(), placed->critical_s + 8);
            const auto brakes =
                brake_as_reference(story, finder.geometry(), keeps.way, placed->critical_s + 15);
            ++row.played;
            row.critical += keeps.collided;
            row.fails_by = situation->fails_by;
            row.avoidable += keeps.collided && !brakes.collided;
            if (verbose) {
                std::printf("%s on %s %s: keeps %d %s %.2f of %.2f; reference %d braked %d\n",
                            name.c_str(), map.c_str(), placed->site.c_str(), keeps.collided,
                            keeps.with.c_str(), keeps.collision_s, placed->critical_s,
                            brakes.collided, brakes.braked);
            }
        }
        row.placed += any;
    }
}

// HUNTSMAN_SITUATIONS="A B": towns of seeds A to B; HUNTSMAN_SITUATION=PART: those whose name holds
// the part, with a line for each placement.
TEST(SituationSurvey, PlacedCriticalAndAvoidable) {
    std::uint64_t first = 1, last = 2;
    const char* given = std::getenv("HUNTSMAN_SITUATIONS");
    if (given != nullptr) {
        std::istringstream(given) >> first >> last;
    }
    const char* only = std::getenv("HUNTSMAN_SITUATION");
    std::map<std::string, Row> rows;
    for (std::uint64_t seed = first; seed <= last; ++seed) {
        town::TownParameters parameters;
        parameters.seed = seed;
        const auto roads = town::generate_roads(parameters);
        ASSERT_TRUE(roads.ok()) << roads.error().text();
        survey(*roads, "town " + std::to_string(seed), given != nullptr ? 3 : 1,
               only != nullptr ? only : "", only != nullptr, rows);
    }
    std::printf("%-26s %8s %9s %10s\n", "situation", "placed", "critical", "avoidable");
    for (const auto& [name, row] : rows) {
        const auto percent = [](int part, int whole) {
            return whole > 0 ? std::to_string(100 * part / whole) + " %" : std::string("-");
        };
        const bool collides = row.fails_by == "collision";
        std::printf("%-26s %3d / %2d %9s %10s  %s\n", name.c_str(), row.placed, row.maps,
                    collides ? percent(row.critical, row.played).c_str() : row.fails_by.c_str(),
                    collides ? percent(row.avoidable, row.critical).c_str() : "",
                    row.placed == 0 ? row.note.c_str() : "");
    }
}

}  // namespace
}  // namespace huntsman::scenarios::situations
