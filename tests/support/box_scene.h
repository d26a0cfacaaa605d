// A scene of boxes on a straight road, seen by ray casting in closed form: every label of a Sample
// without a renderer. All cameras are pinholes with a global shutter at the sample's time.
#pragma once

#include "sensors/labels/sample.h"

namespace huntsman::tests::support {

// Road along x with two lanes each way, a junction-free map; rig "boxes" with cameras "front" and
// "left" of `width` × `height`, and 10 Hz.
engine::world::World make_box_world(int width = 96, int height = 60);

// The k-th sample, 100 ms apart: the ego drives at 6 m/s along x among a car, a van, a bus, a
// truck, two-wheelers, a trailer, emergency vehicles, people, a dog, things on the road, and a
// parked car. Lidar where asked.
sensors::labels::Sample make_box_sample(const engine::world::World& world, const std::string& scene,
                                        std::uint64_t frame, bool lidar = true);

}  // namespace huntsman::tests::support
