// Field list of a town's parameters; see engine/core/describe.h.
#pragma once

#include "engine/core/describe.h"
#include "scenarios/map/map_fields.h"
#include "scenarios/town/town.h"

namespace huntsman::scenarios::town {

constexpr void describe(engine::core::Of<TownParameters>, auto&& field) {
    using engine::core::share;
    using T = TownParameters;
    field("seed", &T::seed, map::about::kSeed);
    field("size_m", &T::size_m, {.low = 500, .high = 3000, .doc = "side of the square of streets"});
    field("vehicles", &T::vehicles, map::about::kVehicles);
    field("pedestrians", &T::pedestrians, map::about::kPedestrians);
    field("parked_share", &T::parked_share, map::about::kParked);
    field("route_m", &T::route_m, map::about::kRoute);
    field("density", &T::density, map::about::kDensity);
    field("age", &T::age, map::about::kAge);
    field("block_m", &T::block_m, {.low = 80, .high = 160, .doc = "wanted side of a block"});
    field("hilliness", &T::hilliness, share("at 1 streets of up to 7 %"));
    field("one_way_share", &T::one_way_share, share("of local streets"));
    field("dead_end_share", &T::dead_end_share, share("of streets that do not run through"));
    field("roundabout_share", &T::roundabout_share,
          share("of small junctions whose arms are wide enough apart"));
    field("cycle_share", &T::cycle_share, share("of streets with cycle lanes"));
    field("works_share", &T::works_share, share("of streets with roadworks"));
    field("motorway", &T::motorway,
          {.doc = "true or false: a motorway around the town with a diamond interchange"});
    field("railway", &T::railway,
          {.doc = "true or false: a railway on a viaduct through the town"});
    field("left_hand", &T::left_hand, {.doc = "true or false: traffic drives on the left"});
    field("country", &T::country, {.doc = "of signs and marks: DE, GB (Vienna style) or US"});
    field("way", &T::way, {.in_files = false});  // a scenario's "ego"
}

}  // namespace huntsman::scenarios::town
