#include "engine/driving/pedals.h"

#include <algorithm>
#include <cmath>

#include "engine/math/constants.h"

namespace huntsman::engine::driving {

using math::kAirDensity_kg_m3;
using math::kGravity_mps2;

void set_pedals(const world::VehicleSpec& spec, double a, double v, double rise,
                world::VehicleCommand& command) {
    const double resistance = 0.5 * kAirDensity_kg_m3 * spec.drag_area_m2 * v * std::abs(v) +
                              spec.rolling_resistance * spec.mass_kg * kGravity_mps2;
    const double grade_n = spec.mass_kg * kGravity_mps2 * rise;
    const double force =
        grade_n + 1.03 * spec.mass_kg * a + (v > 0.05 || a > 0.0 ? resistance : 0.0);
    command.throttle = 0.0;
    command.brake = 0.0;
    if (a <= 0.05 && v < 0.3) {
        command.brake = 0.4;  // hold
    } else if (force >= 0.0) {
        const double available =
            std::min(spec.max_drive_force_n, spec.max_power_w / std::max(std::abs(v), 1.0));
        command.throttle = std::min(1.0, force / available);
    } else {
        command.brake = std::min(1.0, -force / spec.max_brake_force_n);
    }
}

}  // namespace huntsman::engine::driving
