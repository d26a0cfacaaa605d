// Which directions a rig's cameras see at the horizon.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/world/rig.h"

namespace huntsman::sensors::rig {

constexpr int kAzimuths = 3600;  // a tenth of a degree each

// Azimuths of B, counter-clockwise from ahead, [from, to) in tenths of a degree; `to` may exceed a
// full turn. A whole turn is [0, 3600).
struct Arc {
    int from = 0, to = 0;
    double degrees() const { return 0.1 * (to - from); }
};

// Far away the places of the cameras do not matter, only their directions and lenses.
struct Coverage {
    std::vector<std::vector<Arc>> cameras;  // what each sees
    std::vector<std::uint8_t> count;        // [kAzimuths] how many see it
    std::vector<Arc> gaps;                  // what none sees
    std::vector<Arc> overlaps;              // what more than one sees
    double covered_deg = 0, overlap_deg = 0;
    int most = 0;  // cameras that see one direction
};
Coverage coverage(const engine::world::Rig& rig);

// Whether the camera's picture shows the direction d_B.
bool sees(const engine::world::Camera& camera, const engine::math::Vec3& d_B);

}  // namespace huntsman::sensors::rig
