#include "engine/road/plan_piece.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace huntsman::engine::road {

using math::Vec2;
using world::PlanPiece;

namespace {

constexpr std::size_t kArcSteps = 64;

// Five-point Gauss-Legendre rule on [-1, 1].
constexpr std::array<double, 5> kNodes = {-0.9061798459386640, -0.5384693101056831, 0.0,
                                          0.5384693101056831, 0.9061798459386640};
constexpr std::array<double, 5> kWeights = {0.2369268850561891, 0.4786286704993665,
                                            0.5688888888888889, 0.4786286704993665,
                                            0.2369268850561891};

// Position and heading in a piece's own frame.
struct Local {
    Vec2 p{0, 0};
    double heading_rad = 0;
    double curvature_per_m = 0;
};

// Clothoid by quadrature: each step turns by at most a quarter of a radian, which leaves 1e-14.
Local spiral(double k0, double k_slope, double ds) {
    const auto heading = [&](double s) { return s * (k0 + 0.5 * k_slope * s); };
    const double k1 = k0 + k_slope * ds;
    const double turn = std::max(std::abs(k0), std::abs(k1)) * ds;
    constexpr double kMostSteps = 4096;  // a thousand radians; beyond, no road is meant
    const int steps = static_cast<int>(std::clamp(std::ceil(turn / 0.25), 1.0, kMostSteps));
    const double half = 0.5 * ds / steps;
    Vec2 p(0, 0);
    for (int i = 0; i < steps; ++i) {
        const double middle = (2 * i + 1) * half;
        for (std::size_t n = 0; n < kNodes.size(); ++n) {
            const double h = heading(middle + half * kNodes[n]);
            p += half * kWeights[n] * Vec2(std::cos(h), std::sin(h));
        }
    }
    return {p, heading(ds), k1};
}

Local arc(double k, double ds) {
    const double turn = k * ds;
    // sin(x)/x without cancellation near 0.
    const double half = 0.5 * turn;
    const double sinc = std::abs(half) < 1e-6 ? 1.0 - half * half / 6.0 : std::sin(half) / half;
    const double chord = ds * sinc;
    return {chord * Vec2(std::cos(half), std::sin(half)), turn, k};
}

// u(p), v(p) of a cubic; v(u) of a kPoly3 is one with u = p.
struct Curve {
    Vec2 a, b, c, d;

    explicit Curve(const PlanPiece& g)
        : a(g.a_u, g.a_v), b(g.b_u, g.b_v), c(g.c_u, g.c_v), d(g.d_u, g.d_v) {
        if (g.kind != PlanPiece::Kind::kPoly3) return;
        a.x = c.x = d.x = 0;
        b.x = 1;
    }
    Vec2 at(double p) const { return a + p * (b + p * (c + p * d)); }
    Vec2 slope(double p) const { return b + p * (2.0 * c + p * 3.0 * d); }
    Vec2 bend(double p) const { return 2.0 * c + 6.0 * p * d; }
    double speed(double p) const { return glm::length(slope(p)); }
    double length(double p0, double p1) const {
        const double half = 0.5 * (p1 - p0), middle = 0.5 * (p0 + p1);
        double sum = 0;
        for (std::size_t n = 0; n < kNodes.size(); ++n)
            sum += kWeights[n] * speed(middle + half * kNodes[n]);
        return half * sum;
    }
};

Local cubic(const Curve& curve, double p) {
    const Vec2 bend = curve.bend(p);
    Vec2 slope = curve.slope(p);
    Local out;
    out.p = curve.at(p);
    const double speed2 = glm::dot(slope, slope);
    if (speed2 > 1e-18) {
        out.curvature_per_m = math::cross(slope, bend) / (speed2 * std::sqrt(speed2));
    } else {
        // The curve stands still there: it leaves along its bend.
        slope = glm::dot(bend, bend) > 1e-18 ? bend : curve.d;
    }
    if (slope.x != 0 || slope.y != 0) out.heading_rad = std::atan2(slope.y, slope.x);
    return out;
}

// The parameter at which the cubic is `ds` long.
double parameter_at(const Curve& curve, const ArcTable& arcs, double ds) {
    const auto after = std::upper_bound(arcs.s_m.begin(), arcs.s_m.end(), ds);
    const auto k = static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(
        after - arcs.s_m.begin() - 1, 0, static_cast<std::ptrdiff_t>(kArcSteps) - 1));
    const double step = arcs.end / static_cast<double>(kArcSteps);
    const double begin = step * static_cast<double>(k);
    // Newton's method within the step, halving where it would leave it.
    double low = begin, high = begin + step, p = begin;
    const double chord = arcs.s_m[k + 1] - arcs.s_m[k];
    if (chord > 0) p += step * std::clamp((ds - arcs.s_m[k]) / chord, 0.0, 1.0);
    constexpr int kMostRounds = 40;
    for (int i = 0; i < kMostRounds; ++i) {
        const double miss = arcs.s_m[k] + curve.length(begin, p) - ds;
        if (std::abs(miss) <= 1e-13 * (1 + ds)) break;
        (miss > 0 ? high : low) = p;
        const double speed = curve.speed(p);
        const double next = speed > 0 ? p - miss / speed : high;
        p = next > low && next < high ? next : 0.5 * (low + high);
    }
    return p;
}

// From a piece's own frame to W.
ReferencePoint placed(const PlanPiece& g, const Local& local) {
    const double c = std::cos(g.heading_rad), n = std::sin(g.heading_rad);
    return {Vec2(g.x_m + c * local.p.x - n * local.p.y, g.y_m + n * local.p.x + c * local.p.y),
            math::wrap_angle(g.heading_rad + local.heading_rad), local.curvature_per_m};
}

bool is_cubic(const PlanPiece& piece) {
    return piece.kind == PlanPiece::Kind::kPoly3 || piece.kind == PlanPiece::Kind::kParamPoly3;
}

}  // namespace

ArcTable arc_table(const PlanPiece& piece) {
    ArcTable arcs;
    if (!is_cubic(piece)) return arcs;
    const Curve curve(piece);
    const bool parametric = piece.kind == PlanPiece::Kind::kParamPoly3;
    // v(u): u never exceeds the length, so that bounds it.
    arcs.end = parametric && piece.normalised ? 1.0 : piece.length_m;
    arcs.s_m.assign(kArcSteps + 1, 0.0);
    const double step = arcs.end / static_cast<double>(kArcSteps);
    for (std::size_t k = 0; k < kArcSteps; ++k) {
        const double p0 = step * static_cast<double>(k);
        arcs.s_m[k + 1] = arcs.s_m[k] + curve.length(p0, p0 + step);
    }
    if (parametric && piece.length_m > 0) arcs.scale = arcs.s_m.back() / piece.length_m;
    return arcs;
}

ReferencePoint plan_point(const PlanPiece& g, const ArcTable& arcs, double ds_m) {
    switch (g.kind) {
        case PlanPiece::Kind::kLine:
            break;
        case PlanPiece::Kind::kArc:
            return placed(g, arc(g.curvature_start, ds_m));
        case PlanPiece::Kind::kSpiral: {
            const double slope =
                g.length_m > 0 ? (g.curvature_end - g.curvature_start) / g.length_m : 0.0;
            return placed(g, spiral(g.curvature_start, slope, ds_m));
        }
        case PlanPiece::Kind::kParamPoly3:
        case PlanPiece::Kind::kPoly3: {
            const Curve curve(g);
            return placed(g, cubic(curve, parameter_at(curve, arcs, ds_m * arcs.scale)));
        }
    }
    return placed(g, {Vec2(ds_m, 0), 0, 0});
}

ReferencePoint plan_point(const PlanPiece& g, double ds_m) {
    return plan_point(g, arc_table(g), ds_m);
}

}  // namespace huntsman::engine::road
