// From a wanted acceleration to a vehicle's pedals.
#pragma once

#include "engine/world/state.h"
#include "engine/world/world.h"

namespace huntsman::engine::driving {

// Throttle and brake of `command` for an acceleration along the vehicle [m/s²] at a speed [m/s],
// against drag, rolling resistance and the grade: `rise` is the sine of the slope ahead, positive
// uphill. A vehicle that is to stand is held.
void set_pedals(const world::VehicleSpec& spec, double acceleration_mps2, double speed_mps,
                double rise, world::VehicleCommand& command);

}  // namespace huntsman::engine::driving
