// What drivers see out of their vehicles.
#include <gtest/gtest.h>

#include "agents/senses/senses.h"
#include "tests/agents/senses/scene.h"

namespace huntsman::agents::senses {

namespace {

// What the first actor can see of the second.
double visible(const Scene& scene) {
    Senses senses(scene.world);
    auto scratch = senses.scratch();
    senses.begin(scene.state);
    return senses.visible_share(2, 3, scratch);
}
Scene person_seen_by(std::uint32_t kind, const math::Vec3& p, std::uint32_t person = kPerson) {
    Scene scene;
    scene.add(kind, {0, 0, 0});
    scene.add(person, p);
    return scene;
}
// Around the eye of the car's driver.
math::Vec3 around(double degrees, double distance_m) {
    return {1.4 + distance_m * std::cos(degrees * kDegree),
            0.36 + distance_m * std::sin(degrees * kDegree), 0};
}

}  // namespace

TEST(Eyes, AreWhereDriversAndPeopleHaveThem) {
    const Scene scene;
    const auto eye = [&](std::uint32_t kind) {
        return eyes_of(scene.world.archetypes[kind], false).p_B;
    };
    EXPECT_NEAR(eye(kCar).z, 1.16, 1e-9);
    EXPECT_NEAR(eye(kPerson).z, 0.93 * 1.75, 1e-9);
    EXPECT_GT(eye(kBus).x, 8);
    EXPECT_GT(eye(kCar).y, 0);
    EXPECT_LT(eyes_of(scene.world.archetypes[kCar], true).p_B.y, 0);
    world::Archetype trailer;
    trailer.semantic = world::Semantic::kTrailer;
    EXPECT_FALSE(eyes_of(trailer, false).sees);
}

TEST(Eyes, ThePillarsHideAPersonEachOnItsSide) {
    EXPECT_EQ(visible(person_seen_by(kCar, around(32, 20))), 0);
    EXPECT_EQ(visible(person_seen_by(kCar, around(-52, 20))), 0);
    EXPECT_EQ(visible(person_seen_by(kCar, around(26, 20))), 1);
    EXPECT_EQ(visible(person_seen_by(kCar, around(40, 20))), 1);
    EXPECT_EQ(visible(person_seen_by(kCar, around(-32, 20))), 1);
    EXPECT_EQ(visible(person_seen_by(kBicycle, around(32, 20))), 1);
}

TEST(Eyes, TheBonnetHidesTheLegsOfAChildCloseInFront) {
    // The line over the bonnet is 0.54 m high 2.6 m from the eye; the shins are lower.
    EXPECT_EQ(visible(person_seen_by(kCar, {4.0, 0.4, 0}, kChild)), 0.8);
    EXPECT_EQ(visible(person_seen_by(kCar, {14.0, 0.4, 0}, kChild)), 1);
}

TEST(Mirrors, ShowWhatFollowsAndTheLaneBeside) {
    EXPECT_EQ(visible(person_seen_by(kCar, {-30, 0, 0})), 1);    // in the inner mirror
    EXPECT_EQ(visible(person_seen_by(kCar, {-20, 3.5, 0})), 1);  // on the lane to the left
    EXPECT_EQ(visible(person_seen_by(kCar, {-20, -3.5, 0})), 1);
    // Straight behind a bus, which has no rear window, nothing is seen; beside it, in the mirror.
    EXPECT_EQ(visible(person_seen_by(kBus, {-8, 0, 0})), 0);
    EXPECT_EQ(visible(person_seen_by(kBus, {-8, 3, 0})), 1);
}

TEST(ReversingCamera, ShowsWhatIsStraightBehindABusThatIsInReverse) {
    Scene scene = person_seen_by(kBus, {-5, 0, 0});
    EXPECT_EQ(visible(scene), 0);
    scene.state.actors[0].lamps |= world::bit(world::Lamp::kReverse);
    EXPECT_GT(visible(scene), 0.5);
    scene.state.actors[1].X_WB.p.x = 14;  // ahead, through the windscreen as ever
    EXPECT_EQ(visible(scene), 1);
}

TEST(Mirrors, LeaveABlindSpotBetweenMirrorAndWindow) {
    // Beside the rear wheel of a bus, farther out than its mirror shows and farther back than the
    // driver's window.
    EXPECT_EQ(visible(person_seen_by(kBus, {-1, -6.5, 0})), 0);
}

TEST(Mirrors, AreLookedInto) {
    // A car behind is detected by a driver who looks into the inner mirror, sooner than by one who
    // looks ahead, and never by one who looks over the left shoulder.
    Scene scene;
    scene.add(kCar, {0, 0, 0});
    scene.add(kCar, {-40, 0, 0});
    Senses senses(scene.world);
    auto scratch = senses.scratch();
    const auto detections = [&](double gaze_deg) {
        std::vector<Sighting> out;
        int count = 0;
        for (int tick = 0; tick < 1000; ++tick) {
            scene.state.tick = tick;
            senses.begin(scene.state);
            senses.look(2, {.yaw_rad = gaze_deg * kDegree}, scratch, out);
            count += static_cast<int>(out.size());
            for (const Sighting& s : out) EXPECT_TRUE(s.in_mirror);
        }
        return count;
    };
    const int into = detections(-30), ahead = detections(0);
    EXPECT_GT(into, ahead);
    EXPECT_GT(ahead, 0);
    EXPECT_EQ(detections(110), 0);
}

}  // namespace huntsman::agents::senses
