#include "scenarios/models/measure.h"

#include <algorithm>
#include <cmath>

namespace huntsman::scenarios::models {

engine::world::Extent box_of(const std::vector<Vec3>& points, bool has_mirrors) {
    if (points.empty()) return {};
    Vec3 low = points.front(), high = low;
    for (const Vec3& p : points) low = glm::min(low, p), high = glm::max(high, p);
    const double most_z = has_mirrors ? kMirrorsAbove * high.z : high.z;
    double half_width = 0;
    for (const Vec3& p : points) {
        if (p.z <= most_z) half_width = std::max(half_width, std::abs(p.y));
    }
    return {.front_m = high.x, .rear_m = -low.x, .width_m = 2 * half_width, .height_m = high.z};
}

}  // namespace huntsman::scenarios::models
