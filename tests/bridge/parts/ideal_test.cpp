// What ideal parts make of a perception.
#include "bridge/parts/ideal.h"

#include <gtest/gtest.h>

namespace huntsman::bridge::parts {
namespace {

constexpr auto kCar = messages::OBJECT_VEHICLE;
constexpr auto kPerson = messages::OBJECT_PEDESTRIAN;
constexpr auto kWall = messages::OBJECT_UNSPECIFIED;

messages::PerceivedObject& add(messages::Perception& perception, messages::ObjectClass c,
                               std::uint32_t track, double x_m, double speed_mps = 0) {
    auto& object = *perception.add_objects();
    object.set_object_class(c);
    object.set_track(track);
    object.set_x_m(x_m);
    object.set_velocity_x_mps(speed_mps);
    return object;
}

// A car at 10 m, a person at 20 m and a wall at 30 m, whose ways are known.
messages::Perception actual() {
    messages::Perception all;
    add(all, kCar, 7, 10, 5).add_way()->set_t_s(0.1);
    add(all, kPerson, 8, 20, 1).add_way()->set_t_s(0.1);
    add(all, kWall, 9, 30);
    auto& signal = *all.add_signals();
    signal.set_head(3);
    signal.set_state(messages::SIGNAL_RED);
    return all;
}

// Tracks and places as "7@10 8@20", in their order.
std::string shown(const messages::Perception& perception) {
    std::string text;
    for (const auto& object : perception.objects()) {
        const bool ideal = object.track() >= kFirstIdealTrack;
        text +=
            fmt::format("{}{}{}@{:g}", text.empty() ? "" : " ", ideal ? "i" : "",
                        ideal ? object.track() - kFirstIdealTrack : object.track(), object.x_m());
    }
    return text;
}

std::string improved(std::vector<Part> parts, messages::Perception perception) {
    IdealPerception ideal;
    ideal.improve(parts, actual(), perception);
    return shown(perception);
}

TEST(IdealPerception, OfAClassIsWhatIsThereAndNothingElse) {
    messages::Perception seen;
    add(seen, kCar, 1, 10.5);
    add(seen, kPerson, 2, 50);  // nobody is there
    EXPECT_EQ(improved({Perception{Seen::kPedestrian}}, seen), "1@10.5 i8@20");
    EXPECT_EQ(improved({Perception{Seen::kVehicle}}, seen), "2@50 i7@10");
    EXPECT_EQ(improved({Perception{Seen::kThing}}, seen), "1@10.5 2@50 i9@30");
    EXPECT_EQ(improved({Perception{}}, seen), "i7@10 i8@20 i9@30");
    EXPECT_EQ(improved({Latency{}}, seen), "1@10.5 2@50");
}

TEST(IdealPerception, TracksCarryOnWhoHasBeenPerceivedOnce) {
    IdealPerception ideal;
    const std::vector<Part> parts{Tracks{}};
    messages::Perception first, second;
    add(first, kCar, 1, 10.5);
    ideal.improve(parts, actual(), first);
    EXPECT_EQ(shown(first), "i7@10.5") << "where it was perceived, under its own number";
    ideal.improve(parts, actual(), second);
    EXPECT_EQ(shown(second), "i7@10") << "lost by the driver; the person was never perceived";
    ideal.reset();
    messages::Perception third;
    ideal.improve(parts, actual(), third);
    EXPECT_EQ(shown(third), "");
}

TEST(IdealPerception, VelocitiesSignalsAndWaysAreTakenOver) {
    messages::Perception seen;
    add(seen, kCar, 1, 11, -3);
    add(seen, kPerson, 2, 26, -3);  // 6 m off: nobody's
    add(seen, kPerson, 8, 27, -3);  // by its track it is the person
    seen.add_signals()->set_state(messages::SIGNAL_GREEN);
    IdealPerception ideal;
    const std::vector<Part> parts{Velocities{}, Signals{}, Prediction{}};
    ideal.improve(parts, actual(), seen);
    ASSERT_EQ(seen.objects_size(), 3);
    EXPECT_EQ(seen.objects(0).velocity_x_mps(), 5);
    EXPECT_EQ(seen.objects(0).way_size(), 1);
    EXPECT_EQ(seen.objects(1).velocity_x_mps(), -3);
    EXPECT_EQ(seen.objects(1).way_size(), 0);
    EXPECT_EQ(seen.objects(2).velocity_x_mps(), 1);
    ASSERT_EQ(seen.signals_size(), 1);
    EXPECT_EQ(seen.signals(0).state(), messages::SIGNAL_RED);
}

TEST(IdealPerception, TheNearestPairBelongsTogether) {
    messages::Perception seen;
    add(seen, kCar, 1, 11.5);
    add(seen, kCar, 2, 10.2);
    EXPECT_EQ(improved({Tracks{}}, seen), "1@11.5 i7@10.2");
}

}  // namespace
}  // namespace huntsman::bridge::parts
