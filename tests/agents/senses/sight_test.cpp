// What stands between an eye and a body: scenes with known answers.
#include <gtest/gtest.h>

#include "agents/senses/bodies.h"
#include "engine/core/random.h"
#include "tests/agents/senses/scene.h"

namespace huntsman::agents::senses {

namespace {

// Share of a target that the eye sees in a scene.
double seen_from(const Scene& scene, const Vec3& eye_W, world::ActorId target) {
    const SightMap map(scene.world);
    Bodies bodies;
    bodies.update(scene.world, scene.state.actors, nullptr);
    Sight sight(map, bodies);
    sight.place(world::kNoActor, eye_W, 500);
    for (const Neighbour& near : sight.neighbours()) {
        if (sight.body(near).id == target) return share_of(sight.seen(near, eye_W));
    }
    ADD_FAILURE() << "no actor " << target;
    return -1;
}

constexpr Vec3 kEye{0, 0, 1.2};

}  // namespace

TEST(Sight, AnOpenStreetHidesNothing) {
    Scene scene;
    EXPECT_EQ(seen_from(scene, kEye, scene.add(kPerson, {30, 0, 0})), 1.0);
    EXPECT_EQ(seen_from(scene, kEye, scene.add(kCar, {60, 5, 0})), 1.0);
}

TEST(Sight, AVanBetweenHidesAPerson) {
    Scene scene;
    const auto person = scene.add(kPerson, {30, 0, 0});
    scene.add(kVan, {20, 0, 0});
    EXPECT_EQ(seen_from(scene, kEye, person), 0.0);
}

TEST(Sight, AVanBehindAPersonDoesNotHideIt) {
    Scene scene;
    const auto person = scene.add(kPerson, {15, 0, 0});
    scene.add(kVan, {20, 0, 0});
    EXPECT_EQ(seen_from(scene, kEye, person), 1.0);
}

TEST(Sight, TheHeadShowsOverACar) {
    Scene scene;
    // The eye at 1.7 m and the top of the car at 1.45 m, 20 m away: 1.36 m are hidden of a person
    // at 28 m. Head (1.63 m) shows, shoulders (1.31 m), hips and shins do not.
    const auto person = scene.add(kPerson, {28, 0, 0});
    scene.add(kCar, {20.6, 0, 0}, math::kPi / 2);
    EXPECT_EQ(seen_from(scene, {0, 0, 1.7}, person), 0.2);
}

TEST(Sight, AChildIsHiddenByACarOverWhichAnAdultShows) {
    Scene scene;
    const auto child = scene.add(kChild, {28, 0, 0});
    scene.add(kCar, {20.6, 0, 0}, math::kPi / 2);
    EXPECT_EQ(seen_from(scene, {0, 0, 1.7}, child), 0.0);
}

TEST(Sight, APersonShowsInTheGapBetweenTwoParkedCars) {
    Scene scene;
    // Cars along a kerb 6 m aside; the gap runs from x = 19 to 21 m.
    scene.park(kCar, {15.5, 6, 0});
    scene.park(kCar, {22.01, 6, 0});
    EXPECT_EQ(seen_from(scene, {20, -5, 1.2}, scene.add(kPerson, {20, 9, 0})), 1.0);
    EXPECT_LT(seen_from(scene, {20, -5, 1.2}, scene.add(kPerson, {17, 9, 0})), 0.5);
}

TEST(Sight, ACornerHidesUntilTheLineOfSightClearsIt) {
    // A house from (10, 2) to (30, 22): the line from the origin past its corner at (30, 2) comes
    // to 40 m ahead at 2.67 m aside.
    const auto share_at = [](double aside_m) {
        Scene scene;
        scene.build(world::Semantic::kBuilding, {20, 12, 0}, 20, 20, 9);
        return seen_from(scene, kEye, scene.add(kPerson, {40, aside_m, 0}));
    };
    EXPECT_EQ(share_at(3.2), 0.0);
    EXPECT_EQ(share_at(2.67), 0.2);  // one shoulder
    EXPECT_EQ(share_at(2.2), 1.0);
}

TEST(Sight, ABridgeAboveHidesWhatIsBeyondItsDeckOnly) {
    Scene scene;
    scene.build(world::Semantic::kBuilding, {20, 0, 5}, 10, 40, 1);
    EXPECT_EQ(seen_from(scene, kEye, scene.add(kPerson, {40, 0, 0})), 1.0);
    // From a window at 11 m: the line to the ground at 40 m passes the deck at 5.5 m.
    EXPECT_EQ(seen_from(scene, {0, 0, 11}, scene.add(kChild, {40, 1, 0})), 0.0);
}

TEST(Sight, APoleIsTooThinToHideAPerson) {
    Scene scene;
    scene.build(world::Semantic::kPole, {25, 0, 0}, 0.18, 0.18, 6);
    const auto person = scene.add(kPerson, {30, 0, 0});
    EXPECT_EQ(seen_from(scene, kEye, person), 1.0);
    scene.build(world::Semantic::kVegetation, {24, 0, 0}, 0.5, 0.5, 6);
    EXPECT_LT(seen_from(scene, kEye, person), 1.0);
}

TEST(Sight, WhoStandsInAShelterSeesAndIsSeen) {
    Scene scene;
    scene.build(world::Semantic::kOther, {30, 0, 0}, 4, 2, 2.5);
    EXPECT_EQ(seen_from(scene, kEye, scene.add(kPerson, {30, 0, 0})), 1.0);
    EXPECT_EQ(seen_from(scene, {30, 0.3, 1.6}, scene.add(kPerson, {0, 0, 0})), 1.0);
}

TEST(Sight, WhatTrafficMayNotSeeIsNeitherSeenNorHides) {
    Scene scene;
    const auto person = scene.add(kPerson, {30, 0, 0});
    const auto van = scene.add(kVan, {20, 0, 0});
    scene.state.find(van)->hidden_from = world::kTraffic;
    EXPECT_EQ(seen_from(scene, kEye, person), 1.0);
}

// The walk through the grid finds what every box one by one does.
TEST(SightMap, AgreesWithAllBoxesOneByOne) {
    Scene scene;
    const auto key = engine::core::Key(5).with("boxes");
    std::vector<SightBox> boxes;
    for (std::uint64_t i = 0; i < 300; ++i) {
        const auto own = key.with(i);
        scene.build(world::Semantic::kBuilding,
                    {own.uniform(-150, 150, 0), own.uniform(-150, 150, 1), 0},
                    own.uniform(0.4, 12, 2), own.uniform(0.4, 6, 3), own.uniform(0.6, 5, 4),
                    own.uniform(0, 7, 5));
        boxes.push_back(
            sight_box(scene.world.objects.back().extent, scene.world.objects.back().X_WB));
    }
    const SightMap map(scene.world);
    int all = 0, none = 0;
    for (std::uint64_t i = 0; i < 4000; ++i) {
        const auto own = key.with("eye").with(i);
        const Vec3 eye(own.uniform(-170, 170, 0), own.uniform(-170, 170, 1), own.uniform(1, 3, 2));
        const double range = i % 4 == 0 ? 6 : 90, turn = own.uniform(0, 7, 3);
        const Vec3 at = Vec3(math::xy(eye) + own.uniform(1, range, 4) * math::direction(turn), 0);
        const Silhouette points = silhouette(world::Semantic::kBus, {8, 4, 2.5, 3},
                                             math::upright(at, own.uniform(0, 7, 5)));
        PointSet expected = 0;
        for (const SightBox& box : boxes) expected |= hidden_by(box, eye, points, kAllPoints);
        ASSERT_EQ(map.hidden(eye, points, kAllPoints), expected) << "look " << i;
        all += expected == kAllPoints ? 1 : 0;
        none += expected == 0 ? 1 : 0;
    }
    EXPECT_GT(all, 100);
    EXPECT_GT(none, 100);
}

TEST(SightMap, StreetLampsLightTheGroundBelow) {
    Scene scene;
    scene.add_street_lamp({0, 0, 0}, 6.5);
    const SightMap map(scene.world);
    EXPECT_NEAR(map.street_light_lx({0, 0, 0}), 1500 / (6.5 * 6.5), 1e-3);
    EXPECT_LT(map.street_light_lx({20, 0, 0}), map.street_light_lx({10, 0, 0}));
    EXPECT_EQ(map.street_light_lx({40, 0, 0}), 0.0);
}

TEST(Bodies, ListsNeighboursByDistance) {
    Scene scene;
    for (int i = 0; i < 50; ++i) scene.add(kPerson, {i * 37 % 50 * 10.0, 0, 0});
    Bodies bodies;
    bodies.update(scene.world, scene.state.actors, nullptr);
    std::vector<Neighbour> near;
    bodies.near({100, 0}, 55, bodies.all()[0].id, near);
    ASSERT_EQ(near.size(), 11U);  // 50 to 150 m
    for (std::size_t i = 1; i < near.size(); ++i) {
        EXPECT_LE(near[i - 1].distance_m, near[i].distance_m);
    }
    bodies.near({0, 0}, 55, bodies.all()[0].id, near);
    EXPECT_EQ(near.size(), 5U);  // without the one at 0 m
}

}  // namespace huntsman::agents::senses
