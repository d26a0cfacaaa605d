#include "agents/conduct/course.h"

#include <algorithm>
#include <cmath>

#include "engine/driving/motion.h"

namespace huntsman::agents::conduct {

using math::Vec2;

namespace {

// Nearer points make long vehicles weave: their steering is too slow for them.
constexpr double kWheelbases = 1.1;

}  // namespace

math::Box2 Follower::box() const {
    return {p + 0.5 * (front_m - rear_m) * math::direction(yaw_rad),
            yaw_rad,
            {0.5 * (front_m + rear_m), half_width_m}};
}

std::vector<math::Box2> follow(Follower body, const Line& line, double ahead_m) {
    constexpr double kStep_m = 0.5, kSlowest_mps = 1.0, kFastest_mps = 12.0;
    const world::VehicleSpec& spec = *body.spec;
    const std::size_t last = line.points.size() - 1;
    const auto tangent = [&](std::size_t k) {
        return (line.points[k + 1] - line.points[k]) / (line.s_m[k + 1] - line.s_m[k]);
    };
    std::vector<math::Box2> boxes{body.box()};
    std::size_t here = 0, aim = 0;  // segments of the line
    const int steps = static_cast<int>(1.5 * ahead_m / kStep_m);
    for (int i = 0; i < steps && boxes.size() < line.points.size(); ++i) {
        // Where it is beside the line.
        double s = 0, t = 0;
        for (;; ++here) {
            const Vec2 off = body.p - line.points[here];
            s = line.s_m[here] + glm::dot(off, tangent(here));
            t = math::cross(tangent(here), off);
            if (s <= line.s_m[here + 1] || here + 1 == last) break;
        }
        while (boxes.size() < line.points.size() && s >= line.s_m[boxes.size()]) {
            boxes.push_back(body.box());
        }
        if (s > ahead_m) break;
        // Steers for the point ahead and drives a step.
        const double v = std::clamp(line.speed_mps[std::min(here, line.speed_mps.size() - 1)],
                                    kSlowest_mps, kFastest_mps);
        const double most_rad = spec.max_steer_rate_rad_s * kStep_m / v;
        const double goal_m = s + aim_ahead_m(spec, v, t);
        while (aim + 1 < last && line.s_m[aim + 1] < goal_m) ++aim;
        const Vec2 goal = line.points[aim] + (goal_m - line.s_m[aim]) * tangent(aim);
        const Vec2 x = math::direction(body.yaw_rad);
        const Vec2 to(glm::dot(goal - body.p, x),
                      math::cross(x, goal - body.p) + line.inward_m[here]);
        const double wanted =
            std::clamp(engine::driving::pursuit_steer_rad(spec.wheelbase_m, to.y,
                                                          std::max(1.0, glm::dot(to, to))),
                       -spec.max_steer_rad, spec.max_steer_rad);
        body.steer_rad += std::clamp(wanted - body.steer_rad, -most_rad, most_rad);
        engine::driving::bicycle_step(spec.wheelbase_m, body.steer_rad, kStep_m, body.p,
                                      body.yaw_rad);
    }
    return boxes;
}

double aim_ahead_m(const engine::world::VehicleSpec& spec, double speed_mps, double beside_m) {
    return std::max({3.5, 0.6 * speed_mps + 1.0, kWheelbases * spec.wheelbase_m,
                     2.5 * std::min(4.0, std::abs(beside_m))});
}

}  // namespace huntsman::agents::conduct
