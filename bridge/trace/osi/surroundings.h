// What stands and lies along the road, as OSI has it, and the weather.
#pragma once

#include "engine/world/state.h"
#include "osi3/osi_groundtruth.pb.h"

namespace huntsman::bridge::trace::osi {

// Buildings, poles, trees and the like, with their boxes for labels and collisions. Parked vehicles
// are moving objects for OSI, see movers.h.
void add_stationary_objects(const engine::world::World& world, osi3::GroundTruth& to);

// Plates of signs, with a type where OSI knows what they say.
void add_signs(const engine::world::World& world, osi3::GroundTruth& to);

// Stop lines, crosswalks, arrows, words, parking spaces.
void add_markings(const engine::world::World& world, osi3::GroundTruth& to);

// One for each lamp of each signal head: red, yellow and green, of pedestrians' heads red and
// green. All are off until `set_lights`.
void add_lights(const engine::world::World& world, osi3::GroundTruth& to);
// Precondition: `add_lights` with this world.
void set_lights(const engine::world::World& world, const engine::world::State& state,
                osi3::GroundTruth& to);

}  // namespace huntsman::bridge::trace::osi
