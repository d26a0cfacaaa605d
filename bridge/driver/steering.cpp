#include "bridge/driver/steering.h"

#include <algorithm>
#include <cmath>

#include "bridge/driver/on_route.h"
#include "engine/driving/motion.h"

namespace huntsman::bridge::driver {

double steer_along(const messages::Observation& observation, const OffsetProfile& profile) {
    // Nearer targets make the car weave, further ones make it cut corners.
    constexpr double kAhead_s = 0.55, kAhead_m = 2.2, kNearest_m = 3.2, kFurthest_m = 26.0;
    // The car goes where its rear axle goes, which slips sideways on a bank. With all of the slip
    // taken out it would weave; below a walking pace the slip angle is noise.
    constexpr double kSlipShare = 0.4, kFast_mps = 4.0;
    const auto& motion = observation.motion();
    const double speed = std::max(0.0, motion.speed_mps());
    const double lookahead = std::clamp(kAhead_s * speed + kAhead_m, kNearest_m, kFurthest_m);
    const auto& point = point_at(observation.route(), lookahead);
    const engine::math::Vec2 target =
        engine::math::Vec2(point.x_m(), point.y_m()) +
        profile.at(point.s_m()) * engine::math::perp(engine::math::direction(point.heading_rad()));
    const double slip = speed > kFast_mps ? kSlipShare * std::atan2(motion.slip_mps(), speed) : 0.0;
    const double c = std::cos(slip), n = std::sin(slip);
    return engine::driving::pursuit_steer_rad(
        observation.vehicle().wheelbase_m(),
        engine::math::Vec2(c * target.x + n * target.y, c * target.y - n * target.x));
}

}  // namespace huntsman::bridge::driver
