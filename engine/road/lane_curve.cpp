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

void differentiate(world::Lane& lane) {
    auto& q = lane.samples;
    HM_CHECK(q.size() >= 2, "lane {} has {} samples", lane.id, q.size());
    // Arc length of the chords.
    q[0].s_m = 0;
    for (std::size_t i = 1; i < q.size(); ++i) {
        q[i].s_m = q[i - 1].s_m + glm::length(math::xy(q[i].p) - math::xy(q[i - 1].p));
    }
    lane.length_m = q.back().s_m;
    // Heading along the chord through the neighbours; curvature as the heading's change.
    const std::size_t last = q.size() - 1;
    for (std::size_t i = 0; i <= last; ++i) {
        const Vec2 chord = math::xy(q[std::min(i + 1, last)].p) - math::xy(q[i > 0 ? i - 1 : 0].p);
        q[i].heading_rad = std::atan2(chord.y, chord.x);
    }
    for (std::size_t i = 0; i <= last; ++i) {
        const LaneSample &a = q[i > 0 ? i - 1 : 0], &b = q[std::min(i + 1, last)];
        q[i].curvature_per_m = math::wrap_angle(b.heading_rad - a.heading_rad) / (b.s_m - a.s_m);
    }
}

}  // namespace huntsman::engine::road
