// Cars on a road that is banked across.
#include <gtest/gtest.h>

#include <cmath>

#include "engine/math/constants.h"
#include "tests/engine/physics/yard.h"

namespace huntsman::engine::physics {
namespace {

// A plane that falls towards +y, and the pose of a car on it that looks along +x.
Ground bank(double angle_rad) {
    return [angle_rad](const math::Vec3& p) {
        return road::Surface{-std::tan(angle_rad) * p.y,
                             math::Vec3(0, std::sin(angle_rad), std::cos(angle_rad)), 1.0};
    };
}

TEST(Bank, AStandingCarCarriesMoreOnItsLowerSide) {
    constexpr double kAngle = 0.35;  // 20 degrees
    Yard yard;
    yard.add(kCarKind, {0, 0}, 0);
    yard.world.spawns[0].X_WB.q = {std::cos(0.5 * kAngle), -std::sin(0.5 * kAngle), 0, 0};
    yard.start(bank(kAngle));
    yard.state.actors[0].vehicle.brake = 1.0;
    for (int i = 0; i < 400; ++i) yard.physics->step(yard.state);
    const auto& car = yard.state.actors[0];
    const auto& spec = yard.world.archetypes[kCarKind].vehicle;
    const double left = car.wheels[0].load_n + car.wheels[2].load_n;
    const double right = car.wheels[1].load_n + car.wheels[3].load_n;

    // Moments about the middle of the track: the load leans by g sin(a) over g cos(a).
    const double weight = spec.mass_kg * math::kGravity_mps2 * std::cos(kAngle);
    EXPECT_NEAR(left + right, weight, 0.01 * weight);
    const double lean = std::tan(kAngle) * spec.cg_height_m / (0.5 * spec.track_m());
    // The springs let the body lean towards the low side, which adds a little.
    EXPECT_NEAR((left - right) / weight, lean, 0.08);
}

}  // namespace
}  // namespace huntsman::engine::physics
