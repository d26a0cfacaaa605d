#include "sensors/labels/palettes.h"

#include "engine/core/check.h"

namespace huntsman::sensors::labels {

using engine::world::Semantic;

namespace {

constexpr double kMoving_mps = 0.2;
constexpr std::uint8_t kIgnored = 255;

constexpr CityscapesClass kUnlabelled = {"unlabeled", 0, kIgnored, false, {0, 0, 0}};
constexpr CityscapesClass kStatic = {"static", 4, kIgnored, false, {0, 0, 0}};
constexpr CityscapesClass kRoad = {"road", 7, 0, false, {128, 64, 128}};
constexpr CityscapesClass kSidewalk = {"sidewalk", 8, 1, false, {244, 35, 232}};
constexpr CityscapesClass kBuilding = {"building", 11, 2, false, {70, 70, 70}};
constexpr CityscapesClass kFence = {"fence", 13, 4, false, {190, 153, 153}};
constexpr CityscapesClass kPole = {"pole", 17, 5, false, {153, 153, 153}};
constexpr CityscapesClass kLight = {"traffic light", 19, 6, false, {250, 170, 30}};
constexpr CityscapesClass kSign = {"traffic sign", 20, 7, false, {220, 220, 0}};
constexpr CityscapesClass kVegetation = {"vegetation", 21, 8, false, {107, 142, 35}};
constexpr CityscapesClass kTerrain = {"terrain", 22, 9, false, {152, 251, 152}};
constexpr CityscapesClass kSky = {"sky", 23, 10, false, {70, 130, 180}};
constexpr CityscapesClass kPerson = {"person", 24, 11, true, {220, 20, 60}};
constexpr CityscapesClass kCar = {"car", 26, 13, true, {0, 0, 142}};
constexpr CityscapesClass kTruck = {"truck", 27, 14, true, {0, 0, 70}};
constexpr CityscapesClass kBus = {"bus", 28, 15, true, {0, 60, 100}};
constexpr CityscapesClass kMotorcycle = {"motorcycle", 32, 17, true, {0, 0, 230}};
constexpr CityscapesClass kBicycle = {"bicycle", 33, 18, true, {119, 11, 32}};

constexpr std::array<const char*, 8> kAttributes = {
    "vehicle.moving",      "vehicle.stopped",     "vehicle.parked",
    "cycle.with_rider",    "cycle.without_rider", "pedestrian.sitting_lying_down",
    "pedestrian.standing", "pedestrian.moving"};

}  // namespace

const CityscapesClass& cityscapes(Semantic semantic) {
    switch (semantic) {
        case Semantic::kNothing:
            return kUnlabelled;
        case Semantic::kSky:
            return kSky;
        case Semantic::kRoad:
        case Semantic::kRoadMark:
            return kRoad;
        case Semantic::kSidewalk:
        case Semantic::kKerb:
            return kSidewalk;
        case Semantic::kTerrain:
            return kTerrain;
        case Semantic::kBuilding:
            return kBuilding;
        case Semantic::kFence:
            return kFence;
        case Semantic::kVegetation:
            return kVegetation;
        case Semantic::kPole:
            return kPole;
        case Semantic::kTrafficSignal:
            return kLight;
        case Semantic::kTrafficSign:
            return kSign;
        case Semantic::kCar:
        case Semantic::kVan:
            return kCar;
        case Semantic::kTruck:
            return kTruck;
        case Semantic::kBus:
            return kBus;
        case Semantic::kMotorcycle:
            return kMotorcycle;
        case Semantic::kBicycle:
            return kBicycle;
        case Semantic::kPedestrian:
            return kPerson;
        case Semantic::kOther:
            return kStatic;
    }
    // A damaged word: five bits can hold numbers that are no class.
    return kUnlabelled;
}

std::span<const char* const> nuscenes_attributes() { return kAttributes; }

const char* nuscenes_category(Semantic semantic, const std::string& kind) {
    switch (semantic) {
        case Semantic::kCar:
        case Semantic::kVan:
            return "vehicle.car";
        case Semantic::kTruck:
            return "vehicle.truck";
        case Semantic::kBus:
            return "vehicle.bus.rigid";
        case Semantic::kMotorcycle:
            return "vehicle.motorcycle";
        case Semantic::kBicycle:
            return "vehicle.bicycle";
        case Semantic::kPedestrian:
            return kind.find("child") != std::string::npos ? "human.pedestrian.child"
                                                           : "human.pedestrian.adult";
        default:
            return nullptr;
    }
}

const char* nuscenes_attribute(Semantic semantic, bool parked, double speed_mps) {
    const bool moving = speed_mps > kMoving_mps;
    switch (semantic) {
        case Semantic::kBicycle:
        case Semantic::kMotorcycle:
            return parked ? "cycle.without_rider" : "cycle.with_rider";
        case Semantic::kPedestrian:
            return moving ? "pedestrian.moving" : "pedestrian.standing";
        default:
            return parked ? "vehicle.parked" : moving ? "vehicle.moving" : "vehicle.stopped";
    }
}

Rgb8 colour_of(Semantic semantic) {
    // Where Cityscapes has no class of its own.
    switch (semantic) {
        case Semantic::kRoadMark:
            return {255, 255, 255};
        case Semantic::kKerb:
            return {196, 196, 196};
        case Semantic::kVan:
            return {0, 80, 142};
        case Semantic::kOther:
            return {110, 110, 80};
        default:
            return cityscapes(semantic).colour;
    }
}

}  // namespace huntsman::sensors::labels
