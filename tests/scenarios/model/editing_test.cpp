// What scenarios change of a place: who is left out, and where a situation is put.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "scenarios/model/scenario.h"
#include "scenarios/model/story_world.h"
#include "scenarios/situations/place.h"

namespace huntsman::scenarios::model {
namespace {

using engine::core::Result;
using engine::math::Vec2;
using engine::world::ActorId;
using engine::world::kEgo;
using engine::world::kNoActor;
using testing::HasSubstr;

// A small town, built once.
class EditedTown : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        town().town = {.seed = 7, .size_m = 500, .vehicles = 6, .pedestrians = 5};
        auto built = build_place(town());
        ASSERT_TRUE(built.ok()) << built.error().text();
        place_ = new Place(std::move(*built));
    }
    static void TearDownTestSuite() {
        delete place_;
        place_ = nullptr;
    }
    static Scenario& town() {
        static Scenario scenario;
        return scenario;
    }
    static const engine::world::World& world() { return place_->world; }
    static ActorId parked() {
        for (const auto& object : world().objects) {
            if (object.labelled) return object.id;
        }
        return kNoActor;
    }

    static Place* place_;
};
Place* EditedTown::place_ = nullptr;

template <typename List>
std::set<ActorId> ids_of(const List& list) {
    std::set<ActorId> ids;
    for (const auto& item : list) ids.insert(item.id);
    return ids;
}

TEST_F(EditedTown, WhoIsRemovedIsAbsentAndTheOthersAreTheSame) {
    const ActorId driven = world().spawns[2].id, walked = world().spawns.back().id;
    ASSERT_NE(parked(), kNoActor);
    Scenario scenario = town();
    scenario.removed = {driven, parked(), walked};
    const auto built = build_on(*place_, scenario);
    ASSERT_TRUE(built.ok()) << built.error().text();

    auto spawns = ids_of(world().spawns), objects = ids_of(world().objects);
    EXPECT_EQ(spawns.erase(driven) + spawns.erase(walked) + objects.erase(parked()), 3U);
    EXPECT_EQ(ids_of(built->world.spawns), spawns);
    EXPECT_EQ(ids_of(built->world.objects), objects);
    const auto shows = [&](const engine::world::World& in) {
        return std::ranges::count_if(in.scene.instances,
                                     [&](const auto& one) { return one.object == parked(); });
    };
    EXPECT_GT(shows(world()), 0);
    EXPECT_EQ(shows(built->world), 0);
    EXPECT_EQ(built->world.scene.instances.size() + static_cast<std::size_t>(shows(world())),
              world().scene.instances.size());
    for (const auto& spawn : built->world.spawns) {
        const auto before = std::ranges::find_if(
            world().spawns, [&](const auto& other) { return other.id == spawn.id; });
        EXPECT_EQ(spawn.X_WB.p, before->X_WB.p);
        EXPECT_EQ(spawn.tint, before->tint);
    }
    // The place is one for all.
    EXPECT_EQ(place_key(scenario), place_key(town()));
}

TEST_F(EditedTown, OnlyGeneratedActorsCanBeRemoved) {
    const auto refusal = [&](ActorId id) {
        Scenario scenario = town();
        scenario.removed = {id};
        const auto built = build_on(*place_, scenario);
        return built.ok() ? std::string("none") : built.error().text();
    };
    EXPECT_THAT(refusal(kEgo), HasSubstr("removed has 1, which is the ego"));
    EXPECT_THAT(refusal(999), HasSubstr("removed has 999, which is nobody here, expected"));
    const auto building =
        std::ranges::find_if(world().objects, [](const auto& object) { return !object.labelled; });
    ASSERT_NE(building, world().objects.end());
    EXPECT_THAT(refusal(building->id), HasSubstr("not a vehicle"));
    EXPECT_EQ(refusal(world().spawns[1].id), "none");
}

Scenario situation_at(const Scenario& town, const Vec2& at) {
    Scenario scenario = town;
    scenario.story.situation = "ccrs";
    scenario.story.at = fmt::format("{},{}", at.x, at.y);
    return scenario;
}

// Where the ego starts, by who is asked: the situation puts it before its conflict point.
Vec2 ego_start(const BuiltScenario& built) {
    return engine::math::xy(built.world.spawns.front().X_WB.p);
}

TEST_F(EditedTown, SituationsStandAtTheSiteNearestToAPoint) {
    const auto situation = situations::load("ccrs");
    ASSERT_TRUE(situation.ok()) << situation.error().text();
    const auto& finder = place_->sites->finder();
    const auto all = finder.find(situation->needs, 1, 100000);
    ASSERT_TRUE(all.ok()) << all.error().text();
    ASSERT_GT(all->size(), 20U);
    const auto values = situations::nominal(*situation);
    std::set<std::pair<double, double>> starts;
    for (const Vec2 at : {Vec2(-150, -120), Vec2(140, 130), Vec2(0, 10)}) {
        const auto placed = situations::place_nearest(*situation, finder, at, values, "map.xodr");
        ASSERT_TRUE(placed.ok()) << placed.error().text();
        const double off_m = glm::length(engine::math::xy(placed->conflict_W) - at);
        for (const auto& site : *all) {
            if (glm::length(engine::math::xy(site.conflict_W) - at) > off_m - 1e-9) continue;
            EXPECT_FALSE(situations::place(*situation, finder, site, values, "map.xodr").ok())
                << site.description << " is nearer than " << placed->site;
        }
        // The scenario's ego starts there, whatever the seed, and with others left out.
        Scenario scenario = situation_at(town(), at);
        scenario.removed = {world().spawns[1].id};
        const auto built = build_on(*place_, scenario);
        ASSERT_TRUE(built.ok()) << built.error().text();
        EXPECT_FALSE(ids_of(built->world.spawns).contains(scenario.removed.front()));
        const Vec2 start = ego_start(*built);
        EXPECT_LT(glm::length(start - engine::math::xy(placed->conflict_W)), 200);
        starts.insert({start.x, start.y});
    }
    EXPECT_EQ(starts.size(), 3U);
}

TEST_F(EditedTown, WhatASituationLacksAtAPointIsNamed) {
    Scenario scenario = situation_at(town(), {0, 0});
    scenario.story.at = "here";
    const auto nowhere = build_on(*place_, scenario);
    ASSERT_FALSE(nowhere.ok());
    EXPECT_THAT(nowhere.error().text(), HasSubstr("at is here, expected X,Y"));

    const auto situation = situations::load("ccrs");
    situations::Situation picky = *situation;
    picky.needs.before_m = 450;
    picky.needs.kerb_m = {90, 91};
    const auto placed = situations::place_nearest(picky, place_->sites->finder(), Vec2(0, 0),
                                                  situations::nominal(picky), "map.xodr");
    ASSERT_FALSE(placed.ok());
    EXPECT_THAT(placed.error().text(), HasSubstr("no place on the map fits"));
}

}  // namespace
}  // namespace huntsman::scenarios::model
