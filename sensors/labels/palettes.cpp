#include "sensors/labels/palettes.h"

namespace huntsman::sensors::labels {

using engine::world::Semantic;

namespace {

constexpr double kMoving_mps = 0.2;

constexpr std::array<const char*, 8> kAttributes = {
    "vehicle.moving",      "vehicle.stopped",     "vehicle.parked",
    "cycle.with_rider",    "cycle.without_rider", "pedestrian.sitting_lying_down",
    "pedestrian.standing", "pedestrian.moving"};

constexpr std::array<const char*, 6> kKinds = {"",          "child", "police",
                                               "ambulance", "cone",  "barrier"};

}  // namespace

std::span<const char* const> nuscenes_attributes() { return kAttributes; }

const char* nuscenes_category(Semantic semantic, const std::string& kind) {
    const auto is = [&](const char* word) { return kind.find(word) != std::string::npos; };
    switch (semantic) {
        case Semantic::kCar:
        case Semantic::kVan:
            if (is("police")) return "vehicle.emergency.police";
            if (is("ambulance")) return "vehicle.emergency.ambulance";
            return "vehicle.car";
        case Semantic::kTruck:
            return "vehicle.truck";
        case Semantic::kBus:
            return "vehicle.bus.rigid";
        case Semantic::kTrailer:
            return "vehicle.trailer";
        case Semantic::kMotorcycle:
            return "vehicle.motorcycle";
        case Semantic::kBicycle:
            return "vehicle.bicycle";
        case Semantic::kPedestrian:
            return is("child") ? "human.pedestrian.child" : "human.pedestrian.adult";
        case Semantic::kScooter:
            return "human.pedestrian.personal_mobility";
        case Semantic::kWheelchair:
            return "human.pedestrian.wheelchair";
        case Semantic::kAnimal:
            return "animal";
        case Semantic::kMovable:
            if (is("cone")) return "movable_object.trafficcone";
            if (is("barrier")) return "movable_object.barrier";
            return "movable_object.debris";
        default:
            return nullptr;
    }
}

std::span<const char* const> nuscenes_kinds() { return kKinds; }

const char* nuscenes_attribute(Semantic semantic, bool parked, double speed_mps) {
    const bool moving = speed_mps > kMoving_mps;
    switch (semantic) {
        case Semantic::kBicycle:
        case Semantic::kMotorcycle:
            return parked ? "cycle.without_rider" : "cycle.with_rider";
        case Semantic::kPedestrian:
        case Semantic::kScooter:
            return moving ? "pedestrian.moving" : "pedestrian.standing";
        case Semantic::kWheelchair:
            return moving ? "pedestrian.moving" : "pedestrian.sitting_lying_down";
        case Semantic::kAnimal:
        case Semantic::kMovable:
            return nullptr;
        default:
            return parked ? "vehicle.parked" : moving ? "vehicle.moving" : "vehicle.stopped";
    }
}

}  // namespace huntsman::sensors::labels
