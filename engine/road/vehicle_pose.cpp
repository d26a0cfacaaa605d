#include "engine/road/vehicle_pose.h"

namespace huntsman::engine::road {

using math::Vec2;
using math::Vec3;

math::RigidTransform vehicle_pose(const RoadMap& map, const world::VehicleSpec& vehicle,
                                  const world::LaneSample& place) {
    const Vec2 x = math::direction(place.heading_rad), y = math::perp(x);
    // The point a wheel would stand at, seen from a little above.
    const auto ground = [&](double ahead, double left) {
        const Vec2 p = math::xy(place.p) + ahead * x + left * y;
        return Vec3(p, map.surface({p, place.p.z + 0.3}).height_m);
    };
    const double half = 0.5 * vehicle.track_m(), base = vehicle.wheelbase_m;
    const Vec3 rear = 0.5 * (ground(0, half) + ground(0, -half));
    const Vec3 front = 0.5 * (ground(base, half) + ground(base, -half));
    const Vec3 left = 0.5 * (ground(0, half) + ground(base, half));
    const Vec3 right = 0.5 * (ground(0, -half) + ground(base, -half));
    if (rear.z == front.z && left.z == right.z) return math::upright(rear, place.heading_rad);
    const Vec3 forward = glm::normalize(front - rear);
    const Vec3 up = glm::normalize(glm::cross(forward, left - right));
    const math::Mat3 axes(forward, glm::cross(up, forward), up);
    return {glm::normalize(glm::quat_cast(axes)), rear};
}

}  // namespace huntsman::engine::road
