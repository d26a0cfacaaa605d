#include "bridge/trace/lane_lines.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/road/lane_curve.h"

namespace huntsman::bridge::trace {

using engine::math::Vec3;
using engine::world::Lane;

namespace {

constexpr double kStep_m = 0.5;  // in a bend of 4 m, chords are 8 mm off

double distance_to(const Vec3& p, const Vec3& a, const Vec3& b) {
    const Vec3 along = b - a;
    const double length2 = glm::dot(along, along);
    const double t = length2 > 0 ? std::clamp(glm::dot(p - a, along) / length2, 0.0, 1.0) : 0.0;
    return glm::length(p - (a + t * along));
}

}  // namespace

LaneLine lane_line(const Lane& lane, double side) {
    LaneLine line;
    const int steps = std::max(1, static_cast<int>(std::ceil(lane.length_m / kStep_m)));
    for (int i = 0; i <= steps; ++i) {
        const auto at = engine::road::lane_at(lane, lane.length_m * i / steps);
        const Vec3 left(engine::math::perp(engine::math::direction(at.heading_rad)), 0);
        line.push_back({lane.length_m * i / steps, at.p + 0.5 * side * at.width_m * left});
    }
    return simplified(line, kLineError_m);
}

LaneLine simplified(const LaneLine& line, double error_m) {
    if (line.size() < 3) return line;
    std::vector<bool> kept(line.size(), false);
    kept.front() = kept.back() = true;
    std::vector<std::pair<std::size_t, std::size_t>> open{{0, line.size() - 1}};
    while (!open.empty()) {
        const auto [from, to] = open.back();
        open.pop_back();
        double worst = error_m;
        std::size_t at = 0;
        for (std::size_t i = from + 1; i < to; ++i) {
            const double d = distance_to(line[i].p_W, line[from].p_W, line[to].p_W);
            if (d > worst) worst = d, at = i;
        }
        if (at == 0) continue;
        kept[at] = true;
        open.emplace_back(from, at);
        open.emplace_back(at, to);
    }
    LaneLine result;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (kept[i]) result.push_back(line[i]);
    }
    return result;
}

}  // namespace huntsman::bridge::trace
