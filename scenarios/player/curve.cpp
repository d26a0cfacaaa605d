#include "scenarios/player/curve.h"

#include <algorithm>
#include <cmath>

namespace huntsman::scenarios::player {

using engine::math::Vec2;
using engine::math::Vec3;

namespace {

constexpr double kSample_m = 0.25;  // of bent pieces: off by under 1 mm at radii above 8 m

CurvePoint between(const CurvePoint& a, const CurvePoint& b, double u, bool straight) {
    CurvePoint point;
    point.p_W = a.p_W + u * (b.p_W - a.p_W);
    point.heading_rad =
        straight ? a.heading_rad
                 : a.heading_rad + u * engine::math::wrap_angle(b.heading_rad - a.heading_rad);
    point.s_m = a.s_m + u * (b.s_m - a.s_m);
    point.time_s = a.time_s + u * (b.time_s - a.time_s);
    return point;
}

template <typename Key>
CurvePoint lookup(const Curve& curve, double value, Key key) {
    const auto& points = curve.points;
    if (value <= key(points.front())) return points.front();
    if (value >= key(points.back())) return points.back();
    const auto after = std::ranges::upper_bound(points, value, {}, key);
    const CurvePoint& b = *after;
    const CurvePoint& a = *(after - 1);
    const double length = key(b) - key(a);
    return between(a, b, length > 0 ? (value - key(a)) / length : 0, curve.straight);
}

// Fills distances; headings of straight pieces where `headings`.
void measure(Curve& curve, bool headings) {
    auto& points = curve.points;
    for (std::size_t i = 1; i < points.size(); ++i) {
        const Vec2 step(points[i].p_W.x - points[i - 1].p_W.x,
                        points[i].p_W.y - points[i - 1].p_W.y);
        points[i].s_m = points[i - 1].s_m + glm::length(step);
        if (!headings) continue;
        if (glm::length(step) > 1e-9) points[i - 1].heading_rad = std::atan2(step.y, step.x);
        points[i].heading_rad = points[i - 1].heading_rad;
    }
}

std::optional<Curve> make_polyline(const story::Polyline& line, const FindPlace& find) {
    Curve curve;
    curve.straight = true;
    curve.has_times = true;
    for (const auto& vertex : line.vertices) {
        const auto start = find(vertex.place);
        if (!start) return std::nullopt;
        curve.points.push_back({.p_W = start->p_W,
                                .heading_rad = start->heading_rad,
                                .time_s = vertex.time_s.value_or(0)});
        curve.has_times &= vertex.time_s.has_value();
        // Headings that are given run linearly between the vertices.
        curve.straight &= !start->has_heading;
    }
    measure(curve, curve.straight);
    return curve;
}

std::optional<Curve> make_clothoids(const story::ClothoidSpline& spline, const FindPlace& find,
                                    const CurveStart& here) {
    Curve curve;
    CurvePoint at{.p_W = here.p_W, .heading_rad = here.heading_rad};
    curve.has_times = spline.time_end_s.has_value();
    std::vector<std::pair<std::size_t, double>> times;  // of the first points of segments
    for (const auto& segment : spline.segments) {
        if (segment.start) {
            const auto start = find(*segment.start);
            if (!start) return std::nullopt;
            at.p_W = start->p_W;
            at.heading_rad = start->heading_rad;
        }
        at.heading_rad += segment.heading_offset_rad;
        curve.has_times &= segment.time_start_s.has_value();
        times.emplace_back(curve.points.size(), segment.time_start_s.value_or(0));
        const int steps = std::max(1, static_cast<int>(std::ceil(segment.length_m / kSample_m)));
        const double ds = segment.length_m / steps;
        for (int i = 0; i < steps; ++i) {
            curve.points.push_back(at);
            // Simpson's rule over the step; headings are exact.
            const double k0 = segment.curvature_start +
                              (segment.curvature_end - segment.curvature_start) * i / steps;
            const double dk = (segment.curvature_end - segment.curvature_start) / steps;
            const auto heading = [&](double u) {
                return at.heading_rad + ds * (k0 * u + dk * u * u / 2);
            };
            const double h[] = {heading(0), heading(0.5), heading(1)};
            at.p_W.x += ds / 6 * (std::cos(h[0]) + 4 * std::cos(h[1]) + std::cos(h[2]));
            at.p_W.y += ds / 6 * (std::sin(h[0]) + 4 * std::sin(h[1]) + std::sin(h[2]));
            at.heading_rad = h[2];
        }
    }
    times.emplace_back(curve.points.size(), spline.time_end_s.value_or(0));
    curve.points.push_back(at);
    measure(curve, false);
    for (std::size_t k = 0; k + 1 < times.size(); ++k) {
        const auto [first, begin_s] = times[k];
        const auto [last, end_s] = times[k + 1];
        const double s0 = curve.points[first].s_m, s1 = curve.points[last].s_m;
        for (std::size_t i = first; i <= last; ++i) {
            const double u = s1 > s0 ? (curve.points[i].s_m - s0) / (s1 - s0) : 0;
            curve.points[i].time_s = begin_s + u * (end_s - begin_s);
        }
    }
    return curve;
}

// A point of a rational B-spline by de Boor's algorithm in homogeneous coordinates (x, y, z, time,
// weight) [Piegl and Tiller 1997, A4.1].
struct Homogeneous {
    double v[5] = {};
};
Homogeneous de_boor(const story::Nurbs& nurbs, const std::vector<Homogeneous>& points, double u) {
    const auto degree = static_cast<std::size_t>(nurbs.order - 1);
    std::size_t span = degree;
    while (span + 1 < points.size() && u >= nurbs.knots[span + 1]) ++span;
    std::vector<Homogeneous> d(points.begin() + static_cast<std::ptrdiff_t>(span - degree),
                               points.begin() + static_cast<std::ptrdiff_t>(span + 1));
    for (std::size_t r = 1; r <= degree; ++r) {
        for (std::size_t j = degree; j >= r; --j) {
            const std::size_t i = j + span - degree;
            const double width = nurbs.knots[i + degree + 1 - r] - nurbs.knots[i];
            const double a = width > 0 ? (u - nurbs.knots[i]) / width : 0;
            for (int c = 0; c < 5; ++c) d[j].v[c] = (1 - a) * d[j - 1].v[c] + a * d[j].v[c];
        }
    }
    return d[degree];
}

std::optional<Curve> make_nurbs(const story::Nurbs& nurbs, const FindPlace& find) {
    Curve curve;
    curve.has_times = true;
    std::vector<Homogeneous> points;
    double length_m = 0;
    Vec3 before{0, 0, 0};
    for (const auto& point : nurbs.points) {
        const auto at = find(point.place);
        if (!at) return std::nullopt;
        const double w = point.weight;
        points.push_back(
            {{at->p_W.x * w, at->p_W.y * w, at->p_W.z * w, point.time_s.value_or(0) * w, w}});
        curve.has_times &= point.time_s.has_value();
        if (points.size() > 1) length_m += glm::length(at->p_W - before);
        before = at->p_W;
    }
    const double first = nurbs.knots[static_cast<std::size_t>(nurbs.order - 1)];
    const double last = nurbs.knots[points.size()];
    const int steps = std::clamp(static_cast<int>(length_m / kSample_m), 100, 100'000);
    for (int i = 0; i <= steps; ++i) {
        const double u = first + (last - first) * i / steps;
        const Homogeneous h = de_boor(nurbs, points, u);
        if (!(std::abs(h.v[4]) > 1e-12)) return std::nullopt;
        curve.points.push_back({.p_W = {h.v[0] / h.v[4], h.v[1] / h.v[4], h.v[2] / h.v[4]},
                                .time_s = h.v[3] / h.v[4]});
    }
    measure(curve, true);
    return curve;
}

}  // namespace

CurvePoint Curve::at_s(double s_m) const {
    return lookup(*this, s_m, [](const CurvePoint& p) { return p.s_m; });
}
CurvePoint Curve::at_time(double time_s) const {
    if (!smooth || time_s <= points.front().time_s || time_s >= points.back().time_s) {
        return lookup(*this, time_s, [](const CurvePoint& p) { return p.time_s; });
    }
    const auto after = std::ranges::upper_bound(points, time_s, {}, &CurvePoint::time_s);
    const CurvePoint& a = *(after - 1);
    const CurvePoint& b = *after;
    const double length = b.time_s - a.time_s, t = time_s - a.time_s;
    const double speed = a.speed_mps + (b.speed_mps - a.speed_mps) * t / length;
    // Where the speeds do not give the distance between the points, they are scaled.
    const double whole = (a.speed_mps + b.speed_mps) / 2 * length;
    const double scale = whole > 0 ? (b.s_m - a.s_m) / whole : 0;
    CurvePoint at = at_s(a.s_m + scale * (a.speed_mps + speed) / 2 * t);
    at.time_s = time_s;
    return at;
}

void Curve::smooth_speeds() {
    smooth = true;
    const auto mean = [&](std::size_t i) {
        const double length = points[i + 1].time_s - points[i].time_s;
        return length > 0 ? (points[i + 1].s_m - points[i].s_m) / length : 0;
    };
    points[0].speed_mps = mean(0);
    for (std::size_t i = 0; i + 1 < points.size(); ++i) {
        points[i + 1].speed_mps = std::max(0.0, 2 * mean(i) - points[i].speed_mps);
    }
}

std::optional<Curve> make_curve(const story::Trajectory& trajectory, const FindPlace& find,
                                const CurveStart& here) {
    std::optional<Curve> curve;
    if (const auto* line = std::get_if<story::Polyline>(&trajectory.shape)) {
        curve = make_polyline(*line, find);
    } else if (const auto* spline = std::get_if<story::ClothoidSpline>(&trajectory.shape)) {
        curve = make_clothoids(*spline, find, here);
    } else if (const auto* nurbs = std::get_if<story::Nurbs>(&trajectory.shape)) {
        curve = make_nurbs(*nurbs, find);
    }
    if (!curve || curve->points.size() < 2) return std::nullopt;
    return curve;
}

}  // namespace huntsman::scenarios::player
