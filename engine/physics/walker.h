// A person: an upright capsule that follows its walk command, until a vehicle knocks it down.
#pragma once

#include "engine/physics/vehicle.h"

namespace huntsman::engine::physics {

struct Walker {
    double mass_kg = 75;
    double radius_m = 0.25;
    double height_m = 1.75;
    bool knocked_down = false;  // from then on a free body on the ground; nobody gets up

    static constexpr double kAcceleration_mps2 = 3.0;
    static constexpr double kTurnRate_rad_s = 4.0;
    static constexpr double kStepUp_mps = 1.0;  // rise and fall over kerbs
    static constexpr double kTopSpeed_mps = 6.0;

    // Ground velocity after `dt_s` of accelerating towards the commanded one.
    static math::Vec2 approach(const math::Vec2& v, const math::Vec2& wanted, double dt_s);
};

// Penalty contact of the two end spheres of a fallen person's capsule with the ground. `axis` is
// the unit vector along the capsule.
Wrench ground_contact(const Walker& walker, const math::Vec3& p_WG, const math::Vec3& axis,
                      const math::Vec3& v_WG, const math::Vec3& w_W, const Ground& ground);

}  // namespace huntsman::engine::physics
