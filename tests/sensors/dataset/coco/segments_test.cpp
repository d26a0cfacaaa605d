#include "sensors/dataset/coco/segments.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace huntsman::sensors::dataset::coco {
namespace {

using engine::world::Semantic;

// The category of one pixel that shows actor 5 of a class, and whether it is that actor's own.
std::pair<std::string, bool> seen(Semantic semantic) {
    labels::CameraSample c;
    c.camera.width = 1;
    c.camera.height = 1;
    c.ids = {engine::world::id_word(semantic, 5)};
    const auto segments = segments_of(c);
    if (segments.empty()) return {"", false};
    for (const Category& category : categories()) {
        if (category.id == segments[0].category) {
            return {category.name, engine::world::actor_of(segments[0].word) == 5};
        }
    }
    return {"unknown", false};
}

TEST(CocoCategories, ActorsAreThingsOfTheirClass) {
    const std::map<Semantic, const char*> names = {{Semantic::kCar, "car"},
                                                   {Semantic::kVan, "car"},
                                                   {Semantic::kTruck, "truck"},
                                                   {Semantic::kBus, "bus"},
                                                   {Semantic::kMotorcycle, "motorcycle"},
                                                   {Semantic::kBicycle, "bicycle"},
                                                   {Semantic::kPedestrian, "person"},
                                                   {Semantic::kWheelchair, "person"},
                                                   {Semantic::kScooter, "electric scooter"},
                                                   {Semantic::kTrailer, "trailer"},
                                                   {Semantic::kAnimal, "animal"},
                                                   {Semantic::kMovable, "movable object"}};
    for (int k = 0; k < engine::world::kSemantics; ++k) {
        const auto semantic = static_cast<Semantic>(k);
        if (!engine::world::is_actor(semantic)) continue;
        ASSERT_TRUE(names.contains(semantic)) << engine::world::name(semantic);
        EXPECT_EQ(seen(semantic), std::pair(std::string(names.at(semantic)), true));
    }
    EXPECT_EQ(seen(Semantic::kRoad), std::pair(std::string("road"), false));
}

}  // namespace
}  // namespace huntsman::sensors::dataset::coco
