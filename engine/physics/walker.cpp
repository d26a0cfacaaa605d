#include "engine/physics/walker.h"

#include <algorithm>
#include <cmath>

namespace huntsman::engine::physics {

using math::Vec2;
using math::Vec3;

Vec2 Walker::approach(const Vec2& v, const Vec2& wanted, double dt_s) {
    Vec2 goal = wanted;
    const double speed = glm::length(goal);
    if (speed > kTopSpeed_mps) goal *= kTopSpeed_mps / speed;
    Vec2 change = goal - v;
    const double size = glm::length(change);
    const double most = kAcceleration_mps2 * dt_s;
    if (size > most) change *= most / size;
    return v + change;
}

Wrench ground_contact(const Walker& walker, const Vec3& p_WG, const Vec3& axis, const Vec3& v_WG,
                      const Vec3& w_W, const Ground& ground) {
    Wrench wrench;
    const double stiffness = walker.mass_kg * 400.0;  // sags by 1.2 cm lying on both ends
    const double damping = walker.mass_kg * 15.0;
    const double reach = 0.5 * walker.height_m - walker.radius_m;
    for (const double sign : {-1.0, 1.0}) {
        const Vec3 centre = p_WG + sign * reach * axis;
        const road::Surface at = ground(centre);
        const double depth = walker.radius_m - (centre.z - at.height_m) * at.normal.z;
        if (depth <= 0.0) continue;
        const Vec3 arm = centre - walker.radius_m * at.normal - p_WG;
        const Vec3 v = v_WG + glm::cross(w_W, arm);
        const double v_n = glm::dot(v, at.normal);
        const double normal_n = std::max(0.0, stiffness * depth - damping * v_n);
        const Vec3 slide = v - v_n * at.normal;
        const double slide_mps = glm::length(slide);
        // Cloth on asphalt, 0.6; smoothed below 0.2 m/s.
        Vec3 force = normal_n * at.normal;
        if (slide_mps > 0.0) force -= 0.6 * normal_n / std::max(slide_mps, 0.2) * slide;
        wrench.force_n += force;
        wrench.torque_nm += glm::cross(arm, force);
    }
    return wrench;
}

}  // namespace huntsman::engine::physics
