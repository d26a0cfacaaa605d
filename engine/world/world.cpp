#include "engine/world/world.h"

#include <algorithm>
#include <cmath>

namespace huntsman::engine::world {

std::vector<Wheel> four_wheels(double wheelbase_m, double track_m, double radius_m) {
    const double y = 0.5 * track_m, front = 0.5 * 0.65, rear = 0.5 * (1.0 - 0.65);
    return {{{wheelbase_m, y}, radius_m, true, 0, front},
            {{wheelbase_m, -y}, radius_m, true, 0, front},
            {{0, y}, radius_m, false, 0.5, rear},
            {{0, -y}, radius_m, false, 0.5, rear}};
}

double VehicleSpec::track_m() const {
    double half = 0;
    for (const Wheel& wheel : wheels) half = std::max(half, std::abs(wheel.p_B.y));
    return 2 * half;
}

std::uint32_t archetype_named(const World& world, std::string_view name) {
    for (std::uint32_t i = 0; i < world.archetypes.size(); ++i) {
        if (world.archetypes[i].name == name) return i;
    }
    return kNone;
}

}  // namespace huntsman::engine::world
