#include "sensors/rig/coverage.h"

#include <algorithm>
#include <cmath>

#include "sensors/lens/lens.h"

namespace huntsman::sensors::rig {

using engine::math::Vec2;
using engine::math::Vec3;

namespace {

// Runs of set entries around the circle.
std::vector<Arc> arcs_of(const std::vector<bool>& set) {
    std::vector<Arc> arcs;
    const auto at = [&](int i) { return set[static_cast<std::size_t>(i % kAzimuths)]; };
    const auto first_clear = std::find(set.begin(), set.end(), false);
    if (first_clear == set.end()) return {{0, kAzimuths}};
    // From a clear place on no run is cut in two.
    const int start = static_cast<int>(first_clear - set.begin());
    for (int i = start; i < start + kAzimuths; ++i) {
        if (!at(i)) continue;
        int end = i;
        while (at(end)) ++end;
        const int turns = i >= kAzimuths ? kAzimuths : 0;
        arcs.push_back({i - turns, end - turns});
        i = end;
    }
    std::sort(arcs.begin(), arcs.end(), [](const Arc& a, const Arc& b) { return a.from < b.from; });
    return arcs;
}

}  // namespace

bool sees(const engine::world::Camera& camera, const Vec3& d_B) {
    Vec2 pixel;
    if (!lens::project(camera.lens, glm::conjugate(camera.X_BC.q) * d_B, pixel)) return false;
    return pixel.x >= 0 && pixel.y >= 0 && pixel.x < camera.width && pixel.y < camera.height;
}

Coverage coverage(const engine::world::Rig& rig) {
    Coverage result;
    result.count.assign(kAzimuths, 0);
    std::vector<bool> set(kAzimuths);
    for (const auto& camera : rig.cameras) {
        for (std::size_t i = 0; i < kAzimuths; ++i) {
            // The middle of each tenth of a degree.
            const double azimuth =
                2 * engine::math::kPi * (static_cast<double>(i) + 0.5) / kAzimuths;
            set[i] = sees(camera, {std::cos(azimuth), std::sin(azimuth), 0});
            if (set[i]) ++result.count[i];
        }
        result.cameras.push_back(arcs_of(set));
    }
    for (const bool several : {false, true}) {
        for (std::size_t i = 0; i < kAzimuths; ++i) {
            set[i] = several ? result.count[i] > 1 : result.count[i] == 0;
        }
        (several ? result.overlaps : result.gaps) = arcs_of(set);
    }
    result.covered_deg = 360;
    for (const Arc& gap : result.gaps) result.covered_deg -= gap.degrees();
    for (const Arc& overlap : result.overlaps) result.overlap_deg += overlap.degrees();
    result.most = *std::max_element(result.count.begin(), result.count.end());
    return result;
}

}  // namespace huntsman::sensors::rig
