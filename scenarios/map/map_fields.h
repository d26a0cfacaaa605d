// Field list of what a map is driven with; see engine/core/describe.h.
#pragma once

#include "engine/core/describe.h"
#include "scenarios/map/map.h"

namespace huntsman::scenarios::map {

// What towns have as well.
namespace about {

constexpr engine::core::About kSeed{.low = 0, .doc = "of everything"};
constexpr engine::core::About kVehicles{
    .low = 0, .high = 200, .doc = "driving, without the ego; as many as find room"};
constexpr engine::core::About kPedestrians{
    .low = 0, .high = 500, .doc = "on foot; without it 60, or as many as the walkways hold"};
constexpr engine::core::About kRoute{
    .low = 100, .high = 20000, .doc = "wanted length of the ego's route"};
constexpr engine::core::About kParked = engine::core::share("of the parking places that are taken");
constexpr engine::core::About kDensity =
    engine::core::share("of building: villas among gardens to closed blocks of many storeys");
constexpr engine::core::About kAge =
    engine::core::share("0 new: regular and wide; 1 old: crooked and narrow");

}  // namespace about

constexpr void describe(engine::core::Of<MapParameters>, auto&& field) {
    field("seed", &MapParameters::seed, about::kSeed);
    field("vehicles", &MapParameters::vehicles, about::kVehicles);
    field("pedestrians", &MapParameters::pedestrians, about::kPedestrians);
    field("route_m", &MapParameters::route_m, about::kRoute);
    field("parked_share", &MapParameters::parked_share, about::kParked);
    field("density", &MapParameters::density, about::kDensity);
    field("age", &MapParameters::age, about::kAge);
    field("way", &MapParameters::way);
}

}  // namespace huntsman::scenarios::map
