// Road users, and what the ego's own car knows of itself.
#pragma once

#include "engine/road/road_map.h"
#include "engine/world/state.h"
#include "osi3/osi_groundtruth.pb.h"
#include "osi3/osi_hostvehicledata.pb.h"

namespace huntsman::bridge::trace::osi {

// Actors that sensors may see, the ego too, and parked vehicles, which stand. Boxes are those of
// the labels. Velocity and acceleration are of the box's middle; the acceleration leaves out that
// of the rotation, which the state does not have.
void add_movers(const engine::world::World& world, const engine::road::RoadMap& map,
                const engine::world::State& state, osi3::GroundTruth& to);

// The radius of the wheels whose axle lies above B's origin.
double rear_radius_m(const engine::world::VehicleSpec& vehicle);

// The simulated quantities without errors of sensors: OSI's values of "the most accurate
// information available in the on-board network". Motion is that of the middle of the rear axle,
// velocity, acceleration and turning rate along the car's axes.
void set_host(const engine::world::World& world, const engine::world::State& state,
              osi3::HostVehicleData* to);

}  // namespace huntsman::bridge::trace::osi
