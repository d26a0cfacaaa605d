#include "bridge/faults/injection.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace huntsman::bridge::faults {
namespace {

using engine::core::Key;
using engine::world::Camera;
using engine::world::VehicleCommand;

std::vector<Fault> faults(std::initializer_list<const char*> texts) {
    std::vector<Fault> all;
    for (const char* text : texts) {
        const auto fault = parse(text);
        EXPECT_TRUE(fault) << fault.error().message;
        all.push_back(*fault);
    }
    return all;
}

Arrivals arrivals(std::initializer_list<const char*> texts, std::uint64_t seed = 7) {
    return Arrivals(faults(texts), Key(seed), 0.1);
}

TEST(Arrivals, WithoutFaultsEachFrameComes) {
    const Arrivals none = arrivals({"blind", "weak_brakes"});
    EXPECT_EQ(none.depth(), 0U);
    for (std::uint64_t f = 0; f < 50; ++f) {
        EXPECT_EQ(none.at(f), f);
        EXPECT_FALSE(none.lost(f));
    }
}

TEST(Arrivals, LateFramesAreRoundedUpToWholeOnes) {
    EXPECT_EQ(arrivals({"late:ms=200"}).at(10), 8U);
    EXPECT_EQ(arrivals({"late:ms=201"}).at(10), 7U);
    EXPECT_EQ(arrivals({"late:ms=200"}).at(1), 0U);
    EXPECT_EQ(arrivals({"late:ms=200", "late:ms=100"}).at(10), 7U);
}

TEST(Arrivals, TheShareOfFramesIsLostAndAlwaysTheSameOnes) {
    const Arrivals some = arrivals({"drop:share=0.2"}), again = arrivals({"drop:share=0.2"});
    const Arrivals other = arrivals({"drop:share=0.2"}, 8);
    int lost = 0, differing = 0;
    for (std::uint64_t f = 0; f < 5000; ++f) {
        lost += some.lost(f) ? 1 : 0;
        EXPECT_EQ(some.lost(f), again.lost(f));
        differing += some.lost(f) != other.lost(f) ? 1 : 0;
    }
    EXPECT_NEAR(lost / 5000.0, 0.2, 0.02);
    EXPECT_GT(differing, 1000);
}

TEST(Arrivals, ASpanThatStandsStillShowsTheLastFrameBeforeIt) {
    const Arrivals frozen = arrivals({"freeze:share=0.3,seconds=0.5"});
    EXPECT_EQ(frozen.depth(), 5U);
    int still = 0;
    for (std::uint64_t span = 1; span < 1000; ++span) {
        const bool stands = frozen.at(5 * span) != 5 * span;
        still += stands ? 1 : 0;
        for (std::uint64_t f = 5 * span; f < 5 * span + 5; ++f) {
            EXPECT_EQ(frozen.at(f), stands ? 5 * span - 1 : f);
        }
    }
    EXPECT_NEAR(still / 999.0, 0.3, 0.05);
}

TEST(Arrivals, ReorderedPairsComeTheOtherWayRoundAndNothingComesBeforeItIsThere) {
    const Arrivals all = arrivals({"reorder:share=1"}), some = arrivals({"reorder:share=0.5"});
    EXPECT_EQ(all.at(1), 1U);
    EXPECT_EQ(all.at(2), 0U);
    EXPECT_EQ(all.at(3), 3U);
    EXPECT_EQ(all.at(4), 2U);
    std::set<std::uint64_t> came;
    int back = 0;
    for (std::uint64_t f = 1; f <= 1000; ++f) {
        came.insert(some.at(f));
        EXPECT_LE(some.at(f), f);
        EXPECT_LE(f - some.at(f), some.depth());
        back += some.at(f + 1) < some.at(f) ? 1 : 0;
    }
    EXPECT_EQ(came.size(), 1000U);  // none is lost
    EXPECT_NEAR(back / 500.0, 0.5, 0.1);
}

TEST(Sights, GiveTheFrameThatIsAskedForOrTheOldestThereIs) {
    Sights sights;
    for (std::uint64_t f = 0; f < 10; ++f) sights.add({.frame = f}, 3);
    EXPECT_EQ(sights.of(8).frame, 8U);
    EXPECT_EQ(sights.of(6).frame, 6U);
    EXPECT_EQ(sights.of(2).frame, 6U);
}

TEST(Actuation, IsExactWithoutFaultsAndWeakensWithThem) {
    const VehicleCommand command{.steer_rad = -0.0, .throttle = 0.3, .brake = 0.7};
    const VehicleCommand same = actuation_of({})(command);
    EXPECT_TRUE(std::signbit(same.steer_rad));
    EXPECT_EQ(same.throttle, 0.3);
    EXPECT_EQ(same.brake, 0.7);
    EXPECT_DOUBLE_EQ(actuation_of(faults({"weak_brakes:share=0.2"}))(command).brake, 0.56);
    EXPECT_DOUBLE_EQ(actuation_of(faults({"steer_offset:deg=2"}))(command).steer_rad,
                     2 * std::acos(-1.0) / 180);
    const Actuation clip = actuation_of(faults({"clip:steer_deg=10,throttle=0.1,brake=0.5"}));
    const VehicleCommand clipped = clip({.steer_rad = -0.5, .throttle = 1, .brake = 1});
    EXPECT_DOUBLE_EQ(clipped.steer_rad, -10 * std::acos(-1.0) / 180);
    EXPECT_EQ(clipped.throttle, 0.1);
    EXPECT_EQ(clipped.brake, 0.5);
    EXPECT_EQ(actuation_of(faults({"late_action:ms=30", "late_action:ms=20"})).late_ms, 50);
}

TEST(Map, ShiftedRoutesLieBesideAndLimitsAreMultiplied) {
    messages::Route route;
    auto* point = route.add_points();
    point->set_x_m(10);
    point->set_heading_rad(std::acos(-1.0) / 2);  // to the left of it is -x
    point->set_speed_limit_mps(10);
    misplace(faults({"route_shift:left_m=1.5", "speed_limit:factor=1.2"}), route);
    EXPECT_NEAR(route.points(0).x_m(), 8.5, 1e-12);
    EXPECT_NEAR(route.points(0).y_m(), 0, 1e-12);
    EXPECT_DOUBLE_EQ(route.points(0).speed_limit_mps(), 12);
}

// A person and a vehicle on each side, a thing on the left, a red signal and a green one.
messages::Perception scene() {
    messages::Perception perception;
    const auto add = [&](messages::ObjectClass c, double x, double y, std::uint32_t track) {
        auto* object = perception.add_objects();
        object->set_object_class(c);
        object->set_x_m(x);
        object->set_y_m(y);
        object->set_track(track);
    };
    add(messages::OBJECT_PEDESTRIAN, 10, 3, 1);
    add(messages::OBJECT_PEDESTRIAN, 10, -3, 2);
    add(messages::OBJECT_VEHICLE, 40, 3, 3);
    add(messages::OBJECT_VEHICLE, -12, -3, 4);
    add(messages::OBJECT_UNSPECIFIED, 10, 3, 5);
    perception.add_signals()->set_state(messages::SIGNAL_RED);
    perception.add_signals()->set_state(messages::SIGNAL_GREEN);
    return perception;
}

std::vector<std::uint32_t> seen_with(const char* fault, bool night = false) {
    messages::EgoVehicle vehicle;
    vehicle.set_width_m(1.9);
    vehicle.set_front_m(3.8);
    vehicle.set_rear_m(1);
    auto perception = scene();
    deceive(faults({fault}), night, vehicle, perception);
    std::vector<std::uint32_t> tracks;
    for (const auto& object : perception.objects()) tracks.push_back(object.track());
    return tracks;
}

TEST(Blind, HidesTheRoadUsersThatAllOfItIsTrueOf) {
    using Tracks = std::vector<std::uint32_t>;
    EXPECT_EQ(seen_with("late"), (Tracks{1, 2, 3, 4, 5}));
    EXPECT_EQ(seen_with("blind"), (Tracks{5}));
    EXPECT_EQ(seen_with("blind:class=pedestrian"), (Tracks{3, 4, 5}));
    EXPECT_EQ(seen_with("blind:class=vehicle"), (Tracks{1, 2, 5}));
    EXPECT_EQ(seen_with("blind:side=left"), (Tracks{2, 4, 5}));
    EXPECT_EQ(seen_with("blind:side=right"), (Tracks{1, 3, 5}));
    EXPECT_EQ(seen_with("blind:side=ahead"), (Tracks{4, 5}));
    EXPECT_EQ(seen_with("blind:side=behind"), (Tracks{1, 2, 3, 5}));
    EXPECT_EQ(seen_with("blind:class=pedestrian,side=left"), (Tracks{2, 3, 4, 5}));
    EXPECT_EQ(seen_with("blind:beyond_m=30"), (Tracks{1, 2, 4, 5}));
    EXPECT_EQ(seen_with("blind:light=night"), (Tracks{1, 2, 3, 4, 5}));
    EXPECT_EQ(seen_with("blind:light=night", true), (Tracks{5}));
    EXPECT_EQ(seen_with("blind:light=day", true), (Tracks{1, 2, 3, 4, 5}));
}

TEST(Signals, ShowWhatTheFaultSays) {
    const auto states = [](const char* fault) {
        auto perception = scene();
        deceive(faults({fault}), false, {}, perception);
        return std::pair(perception.signals(0).state(), perception.signals(1).state());
    };
    using enum messages::SignalState;
    EXPECT_EQ(states("signals:state=unknown"), std::pair(SIGNAL_UNKNOWN, SIGNAL_UNKNOWN));
    EXPECT_EQ(states("signals:state=green"), std::pair(SIGNAL_GREEN, SIGNAL_GREEN));
    EXPECT_EQ(states("signals:state=swapped"), std::pair(SIGNAL_GREEN, SIGNAL_RED));
}

TEST(DirtyCamera, IsBlackBlurredOrSmearedAndTheOthersAreClean) {
    Camera camera{.name = "front", .width = 100, .height = 60};
    const std::vector<std::uint8_t> clean = [&] {
        std::vector<std::uint8_t> rgb(3 * 100 * 60);
        for (std::size_t i = 0; i < rgb.size(); ++i) rgb[i] = (i / 3) % 2 == 0 ? 0 : 200;
        return rgb;
    }();
    const auto soiled = [&](const char* fault, std::uint64_t seed = 1) {
        auto rgb = clean;
        soil(faults({fault}), Key(seed), camera, rgb);
        return rgb;
    };
    EXPECT_EQ(soiled("camera:name=rear,look=black"), clean);
    EXPECT_EQ(soiled("camera:name=front,look=black"), std::vector<std::uint8_t>(clean.size(), 0));
    // Stripes of one pixel become grey.
    const auto blurred = soiled("camera:name=front,look=blurred");
    const std::size_t middle = 3 * (30 * 100 + 50);
    EXPECT_NEAR(blurred[middle], blurred[middle + 3], 45);
    EXPECT_NE(blurred, clean);
    const auto smeared = soiled("camera:name=front,look=smeared");
    EXPECT_EQ(soiled("camera:name=front,look=smeared"), smeared);
    EXPECT_NE(soiled("camera:name=front,look=smeared", 2), smeared);
    std::size_t spoilt = 0;
    for (std::size_t i = 0; i < clean.size(); i += 3) spoilt += smeared[i] != clean[i] ? 1 : 0;
    EXPECT_GT(spoilt, clean.size() / 3 / 8);
    EXPECT_LT(spoilt, clean.size() / 3 * 3 / 4);
}

TEST(Cameras, DriftIsPutIntoTheRigAndUnknownNamesAreErrors) {
    engine::world::Rig rig;
    rig.cameras = {{.name = "front"}, {.name = "rear"}};
    ASSERT_TRUE(unsettle(faults({"drift:name=rear,deg_per_sqrt_s=1"}), rig));
    EXPECT_EQ(rig.cameras[0].error.drift_rad_per_sqrt_s, 0);
    EXPECT_NEAR(rig.cameras[1].error.drift_rad_per_sqrt_s, std::acos(-1.0) / 180, 1e-12);
    const auto refused = unsettle(faults({"camera:name=top"}), rig);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message,
              "fault camera:name=top,look=black has name top, expected a camera of the rig: "
              "front, rear");
}

TEST(IdleFaults, AreThoseOfWhatTheDriverDoesNotLookAt) {
    const auto all = faults({"camera:name=front", "blind", "late"});
    EXPECT_EQ(idle_faults(all, false, true).size(), 1U);
    EXPECT_EQ(idle_faults(all, true, false).size(), 1U);
    EXPECT_EQ(idle_faults(all, true, true).size(), 0U);
}

}  // namespace
}  // namespace huntsman::bridge::faults
