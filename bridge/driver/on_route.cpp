#include "bridge/driver/on_route.h"

#include <algorithm>
#include <cmath>

namespace huntsman::bridge::driver {

using engine::math::cross;
using engine::math::Vec2;

OnRoute project(const messages::Route& route, const Vec2& p) {
    OnRoute best;
    double best_distance = std::numeric_limits<double>::infinity();
    for (int i = 0; i + 1 < route.points_size(); ++i) {
        const auto &a = route.points(i), &b = route.points(i + 1);
        const Vec2 pa(a.x_m(), a.y_m()), ab(b.x_m() - a.x_m(), b.y_m() - a.y_m());
        const double length2 = glm::dot(ab, ab);
        if (length2 <= 0.0) continue;
        const double along = std::clamp(glm::dot(p - pa, ab) / length2, 0.0, 1.0);
        const Vec2 offset = p - (pa + ab * along);
        const double distance = glm::length(offset);
        if (distance < best_distance) {
            best_distance = distance;
            best = {a.s_m() + along * (b.s_m() - a.s_m()),
                    std::copysign(distance, cross(ab, offset)),
                    a.z_m() + along * (b.z_m() - a.z_m())};
        }
    }
    return best;
}

const messages::RoutePoint& point_at(const messages::Route& route, double s_m) {
    int low = 0, high = route.points_size() - 1;
    while (low < high) {
        const int middle = (low + high) / 2;
        if (route.points(middle).s_m() < s_m) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return route.points(low);
}

Vec2 half_extent_on_route(const messages::PerceivedObject& object, double route_heading_rad) {
    const double angle = object.yaw_rad() - route_heading_rad;
    const double c = std::abs(std::cos(angle)), s = std::abs(std::sin(angle));
    return {0.5 * (object.length_m() * c + object.width_m() * s),
            0.5 * (object.length_m() * s + object.width_m() * c)};
}

}  // namespace huntsman::bridge::driver
