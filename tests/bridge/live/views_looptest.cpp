// Pictures of moments: what is in their middle, where it is, and how they follow what is wanted.
#include <gtest/gtest.h>

#include <cmath>

#include "bridge/live/cameras.h"
#include "bridge/live/live_run.h"
#include "bridge/live/views.h"
#include "engine/world/boxes.h"
#include "tests/bridge/live/options.h"

namespace huntsman::bridge::live {
namespace {

// One run and one worker for all tests: both take long to get ready.
class Views : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        run_ = new LiveRun;
        run_->prepare(town_options("oracle", 2));
        run_->seek(100);
        ASSERT_TRUE(run_->wait(kLong_s));
        worker_ = new ViewWorker({.threads = 2});
    }
    static void TearDownTestSuite() {
        delete worker_;
        delete run_;
    }

    // The newest picture of each view, at full size.
    static std::vector<ViewPicturePtr> pictures(const MomentPtr& moment,
                                                std::vector<ViewWanted> views) {
        worker_->show(moment);
        worker_->want(std::move(views));
        EXPECT_TRUE(worker_->wait(kLong_s));
        EXPECT_EQ(worker_->status().error, "");
        return worker_->take();
    }
    // A vehicle other than the ego.
    static const engine::world::ActorState& someone(const Moment& moment) {
        for (const auto& actor : moment.state.actors) {
            const auto& archetype = moment.world->archetypes[actor.archetype];
            if (actor.id != engine::world::kEgo && is_vehicle(archetype.semantic)) return actor;
        }
        return moment.state.actors.front();
    }

    static LiveRun* run_;
    static ViewWorker* worker_;
};
LiveRun* Views::run_ = nullptr;
ViewWorker* Views::worker_ = nullptr;

TEST_F(Views, TheActorInTheMiddleIsPickedWhereItIs) {
    const auto moment = run_->moment();
    const auto& actor = someone(*moment);
    const auto& extent = moment->world->archetypes[actor.archetype].extent;
    // From above, so that nothing is in between.
    const auto middle = actor.X_WB * engine::math::Vec3(extent.centre_x_m(), 0, extent.height_m);
    const auto taken = pictures(
        moment, {{.id = 3,
                  .X_WC = pose(Orbit{.target_W = middle, .pitch_rad = -1.2, .distance_m = 12}),
                  .width = 160,
                  .height = 100}});
    ASSERT_EQ(taken.size(), 1U);
    const ViewPicture& picture = *taken.front();
    EXPECT_EQ(picture.id, 3U);
    EXPECT_TRUE(picture.full_size);
    EXPECT_EQ(picture.image.width, 160);
    EXPECT_EQ(actor_under(picture, 0.5, 0.5), actor.id);
    const auto place = place_under(picture, 0.5, 0.5);
    ASSERT_TRUE(place);
    // On its roof, which may be lower than its box.
    EXPECT_LT(glm::length(*place - middle), 1.0);
    // The ground beside it, against the ray's own way to that height.
    const auto ground = place_under(picture, 0.95, 0.9);
    const auto ray = ray_under(picture, 0.95, 0.9);
    ASSERT_TRUE(ground && ray);
    const double way = (ground->z - picture.X_WC.p.z) / ray->z;
    EXPECT_NEAR(glm::length(*ground - (picture.X_WC.p + way * *ray)) / way, 0, 0.02);
    const auto back = place_in(picture, *ground);
    ASSERT_TRUE(back);
    EXPECT_NEAR(back->x, 0.95, 0.01);
    EXPECT_NEAR(back->y, 0.9, 0.01);
    // Nobody is in the sky, and nothing outside of the picture.
    EXPECT_FALSE(place_under(picture, 1.5, 0.5));
    EXPECT_EQ(actor_under(picture, -0.1, 0.5), engine::world::kNoActor);
}

TEST_F(Views, ThePlaceUnderTheEgoFromAboveIsItsPose) {
    const auto moment = run_->moment();
    const auto& ego = moment->state.actors.front();
    const auto taken = pictures(moment, {{.id = 1,
                                          .X_WC = top_down(ego.X_WB.p, 30, 1.0),
                                          .horizontal_fov_rad = 1.0,
                                          .width = 150,
                                          .height = 150,
                                          .without = ego.id}});
    ASSERT_EQ(taken.size(), 1U);
    // Without the car the road under it is seen.
    EXPECT_NE(actor_under(*taken.front(), 0.5, 0.5), ego.id);
    const auto place = place_under(*taken.front(), 0.5, 0.5);
    ASSERT_TRUE(place);
    const double distance = glm::length(taken.front()->X_WC.p - ego.X_WB.p);
    EXPECT_LT(glm::length(*place - ego.X_WB.p), 0.02 * distance);
    // North is up.
    const auto north = place_under(*taken.front(), 0.5, 0.1);
    ASSERT_TRUE(north);
    EXPECT_GT(north->y, ego.X_WB.p.y + 5);
}

TEST_F(Views, CamerasOfTheRigAreTakenPlainOrThroughTheirLenses) {
    const auto moment = run_->moment();
    std::vector<ViewWanted> views;
    for (std::size_t c = 0; c < 8; ++c) {
        views.push_back(
            {.id = static_cast<std::uint32_t>(c), .camera = c, .width = 64, .height = 64});
    }
    views.push_back({.id = 20, .camera = 1, .lens = true, .width = 64, .height = 40});
    views.push_back({.id = 21, .camera = 99, .width = 64, .height = 40});  // there is none
    const auto taken = pictures(moment, views);
    ASSERT_EQ(taken.size(), 9U);
    for (const auto& picture : taken) {
        EXPECT_EQ(picture->image.width, 64);
        EXPECT_EQ(picture->image.height, 40);  // the camera's proportions
        EXPECT_EQ(picture->image.pixels.size(), 3U * 64 * 40);
        EXPECT_EQ(picture->ids.size(), 64U * 40);
        EXPECT_EQ(picture->depth_m.size(), 64U * 40);
    }
    EXPECT_EQ(taken.back()->id, 20U);
    EXPECT_EQ(taken.back()->X_WC.p, taken[1]->X_WC.p);
}

TEST_F(Views, OverlaysAndOwnEyesAreDrawn) {
    using sensors::overlay::Layer;
    const auto moment = run_->moment();
    const auto& actor = someone(*moment);
    const auto seat = own_eyes(*moment->world, actor);
    ViewWanted plain{.id = 1, .X_WC = seat, .width = 128, .height = 80, .without = actor.id};
    ViewWanted drawn = plain;
    drawn.id = 2;
    drawn.layers = {Layer::kLanes, Layer::kBoxes3d, Layer::kMinds};
    ViewWanted semantic = plain;
    semantic.id = 3;
    semantic.layers = {Layer::kSemantic};
    const auto taken = pictures(moment, {plain, drawn, semantic});
    ASSERT_EQ(taken.size(), 3U);
    EXPECT_NE(taken[0]->image.pixels, taken[1]->image.pixels);
    EXPECT_NE(taken[0]->image.pixels, taken[2]->image.pixels);
    for (const std::uint32_t word : taken[0]->ids) {
        EXPECT_NE(engine::world::actor_of(word), actor.id);
    }
}

TEST_F(Views, AnEditThatMovesActorsDoesNotUploadTheTownAgain) {
    const auto moment = run_->moment();
    const ViewWanted view{.id = 1,
                          .X_WC = chase(*moment->world, moment->state.actors.front()),
                          .width = 64,
                          .height = 40};
    pictures(moment, {view});
    const auto loads = worker_->status().loads;
    // The same scenario again is another world of the same scene.
    LiveRun again;
    auto options = town_options("oracle", 2);
    options.scenario.town.vehicles = 9;
    options.scenario.environment.set(&engine::world::Environment::sun_elevation_rad, 0.05);
    again.prepare(options);
    ASSERT_TRUE(again.wait(kLong_s));
    ASSERT_NE(again.moment()->world, moment->world);
    const auto low = pictures(again.moment(), {view});
    ASSERT_EQ(low.size(), 1U);
    EXPECT_EQ(worker_->status().loads, loads);
    // What was not uploaded is there all the same, and the light is another.
    ViewWorker fresh({.threads = 2});
    fresh.show(again.moment());
    fresh.want({view});
    ASSERT_TRUE(fresh.wait(kLong_s));
    const auto expected = fresh.take();
    ASSERT_EQ(expected.size(), 1U);
    EXPECT_EQ(low.front()->image.pixels, expected.front()->image.pixels);
    EXPECT_EQ(low.front()->ids, expected.front()->ids);

    options.scenario.town.seed = 1235;
    again.prepare(options);
    ASSERT_TRUE(again.wait(kLong_s));
    pictures(again.moment(), {view});
    EXPECT_EQ(worker_->status().loads, loads + 1);
}

TEST_F(Views, WhatIsWantedIsTidiedAndNothingIsFine) {
    const auto moment = run_->moment();
    ViewWanted odd{.id = 1, .width = -5, .height = 1'000'000};
    odd.X_WC.p.x = std::nan("");
    odd.horizontal_fov_rad = std::nan("");
    odd.height = 20;
    EXPECT_EQ(pictures(moment, {odd}).size(), 1U);
    EXPECT_TRUE(pictures(moment, {}).empty());
    EXPECT_TRUE(pictures(nullptr, {odd}).empty());
}

}  // namespace
}  // namespace huntsman::bridge::live
