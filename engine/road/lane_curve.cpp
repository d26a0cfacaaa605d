#include "engine/road/lane_curve.h"

#include <algorithm>

#include "engine/core/check.h"

namespace huntsman::engine::road {

using math::Vec2;
using math::Vec3;
using world::LaneSample;

LaneSample lane_at(const world::Lane& lane, double s_m) {
    const auto& samples = lane.samples;
    HM_ASSERT(samples.size() >= 2, "lane {} has {} samples", lane.id, samples.size());
    const double s = std::clamp(s_m, 0.0, lane.length_m);
    // The segment that holds s.
    auto after = std::upper_bound(samples.begin() + 1, samples.end() - 1, s,
                                  [](double value, const LaneSample& q) { return value < q.s_m; });
    const LaneSample &a = *(after - 1), &b = *after;
    const double h = b.s_m - a.s_m;
    const double u = (s - a.s_m) / h;
    // Hermite polynomial with unit tangents along the headings.
    const double u2 = u * u, u3 = u2 * u;
    const double ha = 2 * u3 - 3 * u2 + 1, hb = 1 - ha;
    const double ta = (u3 - 2 * u2 + u) * h, tb = (u3 - u2) * h;
    const Vec2 xy = ha * math::xy(a.p) + hb * math::xy(b.p) + ta * math::direction(a.heading_rad) +
                    tb * math::direction(b.heading_rad);
    LaneSample out;
    out.s_m = s;
    out.p = Vec3(xy, a.p.z + u * (b.p.z - a.p.z));
    out.heading_rad =
        math::wrap_angle(a.heading_rad + u * math::wrap_angle(b.heading_rad - a.heading_rad));
    out.curvature_per_m = a.curvature_per_m + u * (b.curvature_per_m - a.curvature_per_m);
    out.width_m = a.width_m + u * (b.width_m - a.width_m);
    return out;
}

}  // namespace huntsman::engine::road
