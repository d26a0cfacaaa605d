#include "sensors/labels/palettes.h"

namespace huntsman::sensors::labels {

using engine::world::Semantic;

namespace {

constexpr double kMoving_mps = 0.2;

constexpr std::array<const char*, 8> kAttributes = {
    "vehicle.moving",      "vehicle.stopped",     "vehicle.parked",
    "cycle.with_rider",    "cycle.without_rider", "pedestrian.sitting_lying_down",
    "pedestrian.standing", "pedestrian.moving"};

}  // namespace

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
    switch (semantic) {
        case Semantic::kNothing:
            return {0, 0, 0};
        case Semantic::kSky:
            return {70, 130, 180};
        case Semantic::kRoad:
            return {128, 64, 128};
        case Semantic::kSidewalk:
            return {244, 35, 232};
        case Semantic::kTerrain:
            return {152, 251, 152};
        case Semantic::kBuilding:
            return {70, 70, 70};
        case Semantic::kFence:
            return {190, 153, 153};
        case Semantic::kVegetation:
            return {107, 142, 35};
        case Semantic::kPole:
            return {153, 153, 153};
        case Semantic::kTrafficSignal:
            return {250, 170, 30};
        case Semantic::kTrafficSign:
            return {220, 220, 0};
        case Semantic::kCar:
            return {0, 0, 142};
        case Semantic::kTruck:
            return {0, 0, 70};
        case Semantic::kBus:
            return {0, 60, 100};
        case Semantic::kMotorcycle:
            return {0, 0, 230};
        case Semantic::kBicycle:
            return {119, 11, 32};
        case Semantic::kPedestrian:
            return {220, 20, 60};
        // Cityscapes has no class of their own for these.
        case Semantic::kRoadMark:
            return {255, 255, 255};
        case Semantic::kKerb:
            return {196, 196, 196};
        case Semantic::kVan:
            return {0, 80, 142};
        case Semantic::kOther:
            return {110, 110, 80};
    }
    // A damaged word: five bits can hold numbers that are no class.
    return {0, 0, 0};
}

}  // namespace huntsman::sensors::labels
