// Sites on small maps with known numbers, and what is placed on them.
#include "scenarios/situations/place.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdlib>
#include <set>

#include "engine/core/files.h"
#include "scenarios/openscenario/standard.h"
#include "scenarios/openscenario/xml.h"
#include "scenarios/town/town.h"
#include "tests/scenarios/situations/survey.h"
#include "tests/support/road_models.h"

namespace huntsman::scenarios::situations {
namespace {

using testing::HasSubstr;

Situation read(const std::string& needs, const std::string& rest) {
    const auto situation = parse(
        R"({"schema_version": 1, "summary": "s", "source": "t", "tags": [], "needs": )" + needs +
            R"(, "parameters": {"v": {"nominal": 10, "range": [5, 20], "unit": "m/s",
            "meaning": "speed"}}, "ego": {"speed": "$v", "run_up_s": 4},
            "criteria": [{"kind": "no_collision"}], )" +
            rest + "}",
        "test.json");
    EXPECT_TRUE(situation.ok()) << situation.error().text();
    return *situation;
}

// A road of 300 m along x with two lanes of 3.5 m a direction.
class OnStraightRoad : public testing::Test {
  protected:
    OnStraightRoad() : model_(tests::straight_model(300, 2)), finder_(model_) {}
    engine::world::RoadModel model_;
    PlaceFinder finder_;
};

TEST_F(OnStraightRoad, SitesHaveTheCrossSectionOfTheRoad) {
    Needs needs{.far = {"oncoming"}};
    const auto sites = finder_.find(needs, 1, 100);
    ASSERT_TRUE(sites.ok()) << sites.error().text();
    for (const Site& site : *sites) {
        // The inner lane: another of 3.5 m beside it, three to the far edge.
        const auto value = [&](const char* name) { return std::stod(site.values.at(name)); };
        EXPECT_NEAR(value("lane_width"), 3.5, 1e-6);
        EXPECT_NEAR(value("near_edge_t"), -5.25, 1e-6);
        EXPECT_NEAR(value("far_edge_t"), 8.75, 1e-6);
        EXPECT_NEAR(value("far_lane_t"), 3.5, 1e-6);
        EXPECT_NEAR(value("near_lane_t"), -3.5, 1e-6);
        EXPECT_NEAR(std::abs(site.conflict_W.y), 1.75, 1e-6);
        // The way across begins at the near edge and runs to the far one.
        const SitePath& walk = site.paths.at("walk");
        EXPECT_NEAR(std::abs(walk.at(walk.first_s_m()).p.y), 7, 1e-6);
        EXPECT_NEAR(walk.at(walk.first_s_m()).p.y, -walk.at(walk.last_s_m()).p.y, 1e-6);
        EXPECT_LE(site.paths.at("ego").first_s_m(), -60);
    }
}

TEST_F(OnStraightRoad, OrderOfSitesIsThatOfTheSeed) {
    const auto first = finder_.find({}, 1, 5), again = finder_.find({}, 1, 5),
               other = finder_.find({}, 2, 5);
    ASSERT_TRUE(first.ok() && again.ok() && other.ok());
    bool same = true;
    for (std::size_t i = 0; i < first->size(); ++i) {
        EXPECT_EQ((*first)[i].description, (*again)[i].description);
        same &= (*first)[i].description == (*other)[i].description;
    }
    EXPECT_FALSE(same);
}

TEST_F(OnStraightRoad, WhatFailsIsNamedWithWhatPassedBefore) {
    const auto kerb = finder_.find({.far = {"oncoming"}, .kerb_m = {9, 10}}, 1, 1);
    ASSERT_FALSE(kerb.ok());
    EXPECT_THAT(kerb.error().text(), HasSubstr("0 have 9 to 10 m"));
    EXPECT_THAT(kerb.error().text(), HasSubstr("have at the far side: oncoming"));
    const auto junction = finder_.find({.pass = Pass::kJunction}, 1, 1);
    ASSERT_FALSE(junction.ok());
    EXPECT_THAT(junction.error().text(), HasSubstr("no place of this kind"));
}

TEST_F(OnStraightRoad, ExpressionsGiveThePlaces) {
    const Situation situation =
        read(R"({"pass": "lane", "far": ["oncoming"], "before_m": 60, "after_m": 60})", R"(
      "values": {"b": "${2 * $a}", "a": "${$v / 4}"},
      "places": {"mark": {"path": "walk", "s": "$walk_near_s"}},
      "actors": [{"name": "A", "kind": "car", "at": {"path": "ego", "s": "$b", "t": "$far_lane_t",
        "turn_deg": 180}, "speed": "$a", "events": [{"do": [{"action": {"acquire_position_action":
        {"position": {"world_position": {"x": "$mark_x", "y": "$mark_y"}}}}}]}]}])");
    const auto sites = finder_.find(situation.needs, 3, 1);
    ASSERT_TRUE(sites.ok()) << sites.error().text();
    const auto placed = place(situation, finder_, sites->front(), {{"v", 8}}, "map.xodr");
    ASSERT_TRUE(placed.ok()) << placed.error().text();
    engine::core::Findings findings;
    const story::Story story = compiled(placed->document, findings);
    ASSERT_EQ(findings.first_error(), nullptr) << findings.first_error()->message;
    const StoryState state = player::Player(story, finder_.geometry()).begin();
    const Vec2 conflict(placed->conflict_W.x, placed->conflict_W.y);
    const double forward = conflict.y < 0 ? 1 : -1;  // traffic drives on the right
    // The ego: 4 s before the conflict point, its front 3.65 m before its reference point.
    EXPECT_NEAR(state.entities[0].p_W.x, conflict.x - forward * (4 * 8 + 3.65), 1e-6);
    EXPECT_NEAR(state.entities[0].speed_mps, 8, 1e-9);
    // The other: b = 4 m behind the conflict point in the oncoming lane, facing the ego.
    EXPECT_NEAR(state.entities[1].p_W.x, conflict.x + forward * 4, 1e-6);
    EXPECT_NEAR(state.entities[1].p_W.y, -conflict.y, 1e-6);
    EXPECT_NEAR(std::cos(state.entities[1].heading_rad), -forward, 1e-6);
    EXPECT_NEAR(state.entities[1].speed_mps, 2, 1e-9);
    const auto* acquire = std::get_if<story::AcquirePositionAction>(&story.elements.back().action);
    ASSERT_NE(acquire, nullptr);
    EXPECT_NEAR(std::get<story::WorldPlace>(acquire->place).y_m, -forward * 7, 1e-6);
}

// An event at 2 s before the conflict point starts when the ego's front has 2 s to go, whatever its
// speed.
TEST_F(OnStraightRoad, EventsStartAtTheEgosTime) {
    const Situation situation = read(R"({"pass": "lane", "before_m": 90, "after_m": 30})", R"(
      "actors": [{"name": "A", "kind": "adult", "at": {"path": "walk", "s": -4},
        "events": [{"ego_time_s": 2, "do": [{"speed": 1.5}]}]}])");
    for (const double speed : {5.0, 10.0, 20.0}) {
        const auto placed = place_anywhere(situation, finder_, 1, {{"v", speed}}, "map.xodr");
        ASSERT_TRUE(placed.ok()) << placed.error().text();
        engine::core::Findings findings;
        const story::Story story = compiled(placed->document, findings);
        const player::Player player(story, finder_.geometry());
        StoryState state = player.begin();
        // Another driver than the nominal one: half as fast.
        state.entities[0].speed_mps = speed / 2;
        while (state.entities[1].speed_mps == 0 && seconds(state.time_us) < 20) {
            player.step(state, kTick_us);
        }
        const double left = std::abs(placed->conflict_W.x - state.entities[0].p_W.x) - 3.65;
        EXPECT_NEAR(left, 2 * speed / 2, speed * 0.02) << speed;
    }
}

TEST_F(OnStraightRoad, ErrorsOfPlacingNameTheLine) {
    const Situation unknown = read(R"({"pass": "lane"})", R"(
      "actors": [{"name": "A", "kind": "car",
        "at": {"path": "ego", "s": "$nowhere"}}])");
    const auto first = place_anywhere(unknown, finder_, 1, {}, "map.xodr");
    ASSERT_FALSE(first.ok());
    EXPECT_THAT(first.error().text(), AllOf(HasSubstr("test.json:5"), HasSubstr("nowhere")));
    const Situation far = read(R"({"pass": "lane"})", R"(
      "actors": [{"name": "A", "kind": "car", "at": {"path": "ego", "s": 5000}}])");
    const auto second = place_anywhere(far, finder_, 1, {}, "map.xodr");
    ASSERT_FALSE(second.ok());
    EXPECT_THAT(second.error().text(), HasSubstr("s = 5000.0 m"));
    const Situation nobody = read(R"({"pass": "lane"})", R"(
      "actors": [{"name": "A", "kind": "car", "at": {"path": "other", "s": 0}}])");
    EXPECT_THAT(place_anywhere(nobody, finder_, 1, {}, "map.xodr").error().text(),
                HasSubstr("no path \"other\""));
    const Situation circle = read(R"({"pass": "lane"})", R"(
      "values": {"a": "${$b + 1}", "b": "${$a + 1}"}, "actors": [])");
    EXPECT_THAT(place_anywhere(circle, finder_, 1, {}, "map.xodr").error().text(),
                HasSubstr("has no value"));
}

// A junction of four arms: the left turn of one arm meets the straight way from the opposite arm
// where the quarter circle crosses that lane.
TEST(OnFourWayJunction, LeftTurnMeetsTheOncomingWay) {
    const auto model = tests::four_way_model();
    const PlaceFinder finder(model);
    const Needs needs{.pass = Pass::kJunction,
                      .before_m = 60,
                      .after_m = 20,
                      .other_before_m = 60,
                      .turn = "left",
                      .other = "opposite",
                      .other_turn = "straight"};
    const auto sites = finder.find(needs, 1, 100);
    ASSERT_TRUE(sites.ok()) << sites.error().text();
    // One for each arm.
    EXPECT_EQ(sites->size(), 4U);
    for (const Site& site : *sites) {
        // Both ways meet there, and the other comes from the opposite side.
        const PathPoint ego = site.paths.at("ego").at(0), other = site.paths.at("other").at(0);
        EXPECT_LT(glm::length(ego.p - other.p), 1.5);
        const PathPoint from = site.paths.at("ego").at(-60);
        EXPECT_NEAR(std::cos(from.heading_rad - other.heading_rad), -1, 1e-6);
        // The oncoming lane's middle lies 1.75 m from the axis.
        EXPECT_NEAR(std::min(std::abs(other.p.x), std::abs(other.p.y)), 1.75, 1e-3);
    }
}

TEST(OnFourWayJunction, LeftHandTrafficMirrorsTheSituation) {
    const auto model = tests::four_way_model({.left_hand = true});
    const PlaceFinder finder(model);
    const auto situation = load("ccftap");
    ASSERT_TRUE(situation.ok());
    const auto sites = finder.find(situation->needs, 1, 100);
    ASSERT_TRUE(sites.ok()) << sites.error().text();
    for (const Site& site : *sites) {
        // What is a left turn across oncoming traffic on the right is a right turn here.
        const PathPoint from = site.paths.at("ego").at(-40);
        const PathPoint to = site.paths.at("ego").at(15);
        EXPECT_NEAR(std::sin(to.heading_rad - from.heading_rad), -1, 1e-6);
        const auto placed = place(*situation, finder, site, nominal(*situation), "map.xodr");
        ASSERT_TRUE(placed.ok()) << placed.error().text();
        engine::core::Findings findings;
        const story::Story story = compiled(placed->document, findings);
        EXPECT_TRUE(keep_speed(story, finder.geometry(), placed->critical_s + 3).collided);
    }
}

TEST(OnRoundabout, TheOtherComesAlongTheRing) {
    const auto model = tests::roundabout_model();
    const PlaceFinder finder(model);
    const auto sites =
        finder.find({.pass = Pass::kRoundabout, .before_m = 40, .other_before_m = 20}, 1, 100);
    ASSERT_TRUE(sites.ok()) << sites.error().text();
    EXPECT_GE(sites->size(), 4U);
    for (const Site& site : *sites) {
        const auto& before = site.paths.at("other").at(-15).p;
        EXPECT_NEAR(std::hypot(before.x, before.y), 21.75, 2.5);
        const auto& ego = site.paths.at("ego").at(-40).p;
        EXPECT_GT(std::hypot(ego.x, ego.y), 45);
    }
}

// Every shipped situation on a town: valid by the standard's table and, where they are there, by
// its schema and xmllint; without findings; read back equal; the same bits again.
TEST(ShippedSituations, PlacedOnATownAreValidScenarios) {
    town::TownParameters parameters;
    parameters.seed = 1;
    const auto roads = town::generate_roads(parameters);
    ASSERT_TRUE(roads.ok());
    const PlaceFinder finder(*roads);
    const auto folder = std::filesystem::temp_directory_path() /
                        ("huntsman_situations_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    const auto schema = std::filesystem::path(HUNTSMAN_SOURCE_DIR) /
                        "../shared/interop/openscenario/schema/OpenSCENARIOv1.3.xsd";
    const bool lint =
        std::filesystem::exists(schema) && std::system("xmllint --version > /dev/null 2>&1") == 0;
    std::size_t placed_count = 0;
    std::string files;
    for (const std::string& name : shipped()) {
        const auto situation = load(name);
        ASSERT_TRUE(situation.ok()) << situation.error().text();
        const auto placed = place_anywhere(*situation, finder, 1, nominal(*situation), "map.xodr");
        if (!placed) {
            EXPECT_THAT(placed.error().text(), HasSubstr("no place")) << name;
            continue;
        }
        ++placed_count;
        const auto again = place_anywhere(*situation, finder, 1, nominal(*situation), "map.xodr");
        EXPECT_EQ(placed->document.root, again->document.root) << name;
        const auto path = folder / (name + ".xosc");
        ASSERT_TRUE(openscenario::write_document(placed->document, path).ok());
        const auto reading = openscenario::read(path);
        ASSERT_TRUE(reading.ok()) << reading.error().text();
        for (const auto& finding : reading->findings) {
            ADD_FAILURE() << openscenario::text_of(finding, reading->document);
        }
        EXPECT_EQ(reading->document.root, placed->document.root) << name;
        EXPECT_TRUE(player::Player(reading->story, finder.geometry()).check().empty()) << name;
        files += " " + path.string();
    }
    EXPECT_GE(placed_count, 40U);
    if (lint) {
        const std::string command =
            "xmllint --noout --schema " + schema.string() + files + " 2>&1 | grep -v validates";
        // grep finds nothing where every file validates.
        EXPECT_NE(std::system(command.c_str()), 0);
    }
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace huntsman::scenarios::situations
