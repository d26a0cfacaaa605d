// The ego's cameras as OSI has them: where they are and what they cover, without pictures.
#pragma once

#include "engine/world/world.h"
#include "osi3/osi_sensorview.pb.h"

namespace huntsman::bridge::trace::osi {

// Everything of a SensorView that does not change: ids, mounting of the sensor, which is the whole
// rig in the car's frame (ISO 8855, in the middle of the rear axle), and a view of each camera.
void set_sensors(const engine::world::World& world, osi3::SensorView* to);

}  // namespace huntsman::bridge::trace::osi
