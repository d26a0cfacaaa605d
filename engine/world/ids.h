// Small integer ids. An id is an index into the table of its kind unless said otherwise; kNone
// stands for "no such thing".
#pragma once

#include <cstdint>
#include <limits>

namespace huntsman::engine::world {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

// Actors and static objects share one number space: it is what the id buffer shows.
// 0 nothing; 1 the ego; 2..999,999 other actors; from 1,000,000 static objects (parked cars, poles,
// ...) to kLastId. An actor's id is never given to another one in the same run.
using ActorId = std::uint32_t;
constexpr ActorId kNoActor = 0;
constexpr ActorId kEgo = 1;
constexpr ActorId kFirstStaticObject = 1'000'000;
constexpr ActorId kLastId = (1U << 21) - 1;  // what a word of the id buffer can hold

// Semantic classes, as written into the id buffer and the labels.
enum class Semantic : std::uint8_t {
    kNothing = 0,
    kSky,
    kRoad,
    kRoadMark,
    kSidewalk,
    kKerb,
    kTerrain,
    kBuilding,
    kFence,
    kVegetation,
    kPole,
    kTrafficSignal,
    kTrafficSign,
    kCar,
    kVan,
    kTruck,
    kBus,
    kMotorcycle,
    kBicycle,
    kPedestrian,
    kOther,
    kScooter,  // electric scooter with rider
    kTrailer,
    kWheelchair,  // with its user
    kAnimal,
    kMovable,  // loose things: balls, boxes, lost cargo
};
constexpr int kSemantics = static_cast<int>(Semantic::kMovable) + 1;

// Two wheels in line and a rider. A rider has no class and no label of its own: rider and
// two-wheeler are one actor.
constexpr bool is_two_wheeler(Semantic s) {
    return s == Semantic::kMotorcycle || s == Semantic::kBicycle || s == Semantic::kScooter;
}
// What rolls on the wheels of a VehicleSpec.
constexpr bool is_vehicle(Semantic s) {
    return s == Semantic::kCar || s == Semantic::kVan || s == Semantic::kTruck ||
           s == Semantic::kBus || s == Semantic::kTrailer || is_two_wheeler(s);
}
// Who moves as people on foot do.
constexpr bool is_person(Semantic s) {
    return s == Semantic::kPedestrian || s == Semantic::kWheelchair;
}
// Whom a collision hurts as it hurts people on foot.
constexpr bool is_vulnerable(Semantic s) {
    return is_person(s) || s == Semantic::kBicycle || s == Semantic::kScooter;
}
// Classes of actors, each of which has a box in the labels.
constexpr bool is_actor(Semantic s) {
    return is_vehicle(s) || is_person(s) || s == Semantic::kAnimal || s == Semantic::kMovable;
}

// A word of the id buffer: actor in bits 0 to 20, semantic class in bits 24 to 28, part of the
// actor's archetype in the others, the lowest three of its bits in 29 to 31 and the next three in
// 21 to 23. (Words of archetypes with up to eight parts have always looked like that.)
constexpr std::uint32_t kMostParts = 64;
constexpr std::uint32_t id_word(Semantic semantic, ActorId actor, std::uint32_t part = 0) {
    return (part & 7U) << 29 | static_cast<std::uint32_t>(semantic) << 24 | (part >> 3 & 7U) << 21 |
           (actor & kLastId);
}
constexpr ActorId actor_of(std::uint32_t word) { return word & kLastId; }
constexpr Semantic semantic_of(std::uint32_t word) {
    return static_cast<Semantic>(word >> 24 & 31U);
}
constexpr std::uint32_t part_of(std::uint32_t word) { return word >> 29 | (word >> 21 & 7U) << 3; }

const char* name(Semantic s);  // "car", "traffic_signal", ...

}  // namespace huntsman::engine::world
