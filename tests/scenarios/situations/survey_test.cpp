// Every shipped situation on towns of several seeds, and on maps by others where they are present:
// placed, critical, avoidable.
#include "tests/scenarios/situations/survey.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <sstream>

#include "engine/core/files.h"
#include "scenarios/opendrive/opendrive.h"
#include "scenarios/town/town.h"

namespace huntsman::scenarios::situations {
namespace {

struct Row {
    int towns = 0, maps = 0;  // on which it was placed
    int played = 0, critical = 0, avoidable = 0;
    std::string fails_by;
    std::string reason;  // why it was not placed, the last time

    bool collides() const { return fails_by == "collision"; }
};

class SituationSurvey : public testing::Test {
  protected:
    // Three places of each situation on one map.
    void add(const engine::world::RoadModel& model, const std::string& map, bool town, int sites) {
        const PlaceFinder finder(model);
        for (const std::string& name : shipped()) {
            if (name.find(only_) == std::string::npos) continue;
            const auto situation = load(name);
            ASSERT_TRUE(situation.ok()) << situation.error().text();
            Row& row = rows_[name];
            row.fails_by = situation->fails_by;
            bool placed = false;
            for (int k = 0; k < sites; ++k) placed |= play(*situation, finder, k, map, row);
            (town ? row.towns : row.maps) += placed;
        }
    }

    bool play(const Situation& situation, const PlaceFinder& finder, int k, const std::string& map,
              Row& row) {
        const auto placed = place_anywhere(situation, finder, static_cast<std::uint64_t>(k + 1),
                                           nominal(situation), "map.xodr");
        if (!placed) {
            row.reason = placed.error().text();
            return false;
        }
        engine::core::Findings findings;
        const story::Story story = compiled(placed->document, findings);
        EXPECT_EQ(findings.first_error(), nullptr) << situation.name;
        constexpr double kAfter_s = 8, kAfterBraking_s = 15;
        const Outcome keeps = keep_speed(story, finder.geometry(), placed->critical_s + kAfter_s);
        const Outcome brakes = brake_as_reference(story, finder.geometry(), keeps.way,
                                                  placed->critical_s + kAfterBraking_s);
        ++row.played;
        row.critical += keeps.collided;
        row.avoidable += keeps.collided && !brakes.collided;
        if (!only_.empty()) {
            std::printf(
                "%s on %s, %s: hits \"%s\" at %.2f s (conflict at %.2f s); reference "
                "driver %s\n",
                situation.name.c_str(), map.c_str(), placed->site.c_str(), keeps.with.c_str(),
                keeps.collision_s, placed->critical_s, brakes.collided ? "hits" : "avoids");
        }
        return true;
    }

    void print() const {
        const auto share = [](int part, int whole) {
            return whole > 0 ? std::to_string(100 * part / whole) + " %" : std::string("-");
        };
        std::printf("| situation | towns | maps | critical | avoidable |\n");
        for (const auto& [name, row] : rows_) {
            std::printf(
                "| %s | %d | %d | %s | %s |\n", name.c_str(), row.towns, row.maps,
                row.collides() ? share(row.critical, row.played).c_str() : row.fails_by.c_str(),
                row.collides() ? share(row.avoidable, row.critical).c_str() : "-");
        }
        for (const auto& [name, row] : rows_) {
            if (row.towns + row.maps == 0) {
                std::printf("%s: %s\n", name.c_str(), row.reason.c_str());
            }
        }
    }

    std::string only_;
    std::map<std::string, Row> rows_;
};

// HUNTSMAN_SITUATIONS="A B": towns of seeds A to B, three places each, and maps by others;
// HUNTSMAN_SITUATION=PART: situations whose name holds the part, with a line for each place.
TEST_F(SituationSurvey, EgosThatKeepLaneAndSpeedCollide) {
    std::uint64_t first = 1, last = 2;
    const char* given = std::getenv("HUNTSMAN_SITUATIONS");
    if (given != nullptr) std::istringstream(given) >> first >> last;
    if (const char* only = std::getenv("HUNTSMAN_SITUATION")) only_ = only;
    const int sites = given != nullptr ? 3 : 1;
    for (std::uint64_t seed = first; seed <= last; ++seed) {
        town::TownParameters parameters;
        parameters.seed = seed;
        const auto roads = town::generate_roads(parameters);
        ASSERT_TRUE(roads.ok()) << roads.error().text();
        add(*roads, "town " + std::to_string(seed), true, sites);
    }
    const auto folder = std::filesystem::path(HUNTSMAN_SOURCE_DIR) / "../shared/interop/opendrive";
    if (given != nullptr && std::filesystem::exists(folder)) {
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            if (entry.path().extension() != ".xodr") continue;
            const auto map = opendrive::read(entry.path());
            if (map) add(map->model, entry.path().filename().string(), false, sites);
        }
    }
    print();
    int played = 0, critical = 0, avoidable = 0;
    for (const auto& [name, row] : rows_) {
        if (!row.collides()) continue;
        played += row.played;
        critical += row.critical;
        avoidable += row.avoidable;
        constexpr int kEnough = 10;
        if (row.played >= kEnough) EXPECT_GE(row.critical, 0.9 * row.played) << name;
    }
    EXPECT_GE(critical, 0.9 * played);
    EXPECT_GE(avoidable, 0.8 * critical);
}

// Values from everywhere in their ranges can be placed, too.
TEST(SituationVariants, CanBePlaced) {
    town::TownParameters parameters;
    parameters.seed = 4;
    const auto roads = town::generate_roads(parameters);
    ASSERT_TRUE(roads.ok());
    const PlaceFinder finder(*roads);
    int placed = 0;
    for (const std::string& name : shipped()) {
        const auto situation = load(name);
        ASSERT_TRUE(situation.ok());
        if (!finder.find(situation->needs, 1, 1)) continue;
        for (std::uint64_t k = 0; k < 5; ++k) {
            const auto variant =
                place_anywhere(*situation, finder, 1, draw(*situation, k, 3), "map.xodr");
            EXPECT_TRUE(variant.ok()) << name << ' ' << k << ": " << variant.error().text();
            placed += variant.ok();
        }
    }
    EXPECT_GE(placed, 200);
}

// The page about situations has a row for each.
TEST(SituationDocs, NameEverySituation) {
    const auto page =
        engine::core::read_file(std::filesystem::path(HUNTSMAN_SOURCE_DIR) / "docs/situations.md");
    ASSERT_TRUE(page.ok()) << page.error().text();
    for (const std::string& name : shipped()) {
        EXPECT_NE(page->find("| " + name + " |"), std::string::npos) << name;
    }
}

}  // namespace
}  // namespace huntsman::scenarios::situations
