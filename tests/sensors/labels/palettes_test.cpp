#include "sensors/labels/palettes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace huntsman::sensors::labels {
namespace {

using engine::world::Semantic;

TEST(NuscenesCategory, KindsOfStoriesHaveTheirOwn) {
    EXPECT_STREQ(nuscenes_category(Semantic::kBicycle, "bicycle"), "vehicle.bicycle");
    EXPECT_STREQ(nuscenes_category(Semantic::kMotorcycle, "motorcycle"), "vehicle.motorcycle");
    EXPECT_STREQ(nuscenes_category(Semantic::kScooter, "scooter"),
                 "human.pedestrian.personal_mobility");
    EXPECT_STREQ(nuscenes_category(Semantic::kWheelchair, "wheelchair"),
                 "human.pedestrian.wheelchair");
    EXPECT_STREQ(nuscenes_category(Semantic::kTrailer, "semi_trailer"), "vehicle.trailer");
    EXPECT_STREQ(nuscenes_category(Semantic::kCar, "police_car"), "vehicle.emergency.police");
    EXPECT_STREQ(nuscenes_category(Semantic::kVan, "ambulance"), "vehicle.emergency.ambulance");
    EXPECT_STREQ(nuscenes_category(Semantic::kTruck, "fire_engine"), "vehicle.truck");
    EXPECT_STREQ(nuscenes_category(Semantic::kAnimal, "cow"), "animal");
    EXPECT_STREQ(nuscenes_category(Semantic::kMovable, "boxes"), "movable_object.debris");
    EXPECT_STREQ(nuscenes_category(Semantic::kMovable, "ball"), "movable_object.debris");
    EXPECT_STREQ(nuscenes_category(Semantic::kMovable, "cone"), "movable_object.trafficcone");
    EXPECT_STREQ(nuscenes_category(Semantic::kMovable, "barrier"), "movable_object.barrier");
}

TEST(NuscenesCategory, ActorsHaveOneAndNothingElseHas) {
    for (int k = 0; k < engine::world::kSemantics; ++k) {
        const auto semantic = static_cast<Semantic>(k);
        EXPECT_EQ(nuscenes_category(semantic, "") != nullptr, engine::world::is_actor(semantic))
            << engine::world::name(semantic);
    }
}

TEST(NuscenesAttribute, IsOneOfTheTableOrNone) {
    const auto known = nuscenes_attributes();
    for (int k = 0; k < engine::world::kSemantics; ++k) {
        const auto semantic = static_cast<Semantic>(k);
        for (const double speed_mps : {0.0, 3.0}) {
            const char* attribute = nuscenes_attribute(semantic, false, speed_mps);
            if (semantic == Semantic::kAnimal || semantic == Semantic::kMovable) {
                EXPECT_EQ(attribute, nullptr);
            } else {
                EXPECT_NE(std::find(known.begin(), known.end(), std::string(attribute)),
                          known.end());
            }
        }
    }
    EXPECT_STREQ(nuscenes_attribute(Semantic::kWheelchair, false, 0),
                 "pedestrian.sitting_lying_down");
    EXPECT_STREQ(nuscenes_attribute(Semantic::kScooter, false, 4), "pedestrian.moving");
    EXPECT_STREQ(nuscenes_attribute(Semantic::kTrailer, false, 4), "vehicle.moving");
}

}  // namespace
}  // namespace huntsman::sensors::labels
