#include "scenarios/town/path.h"

#include <algorithm>

#include "engine/core/check.h"
#include "engine/math/geometry.h"

namespace huntsman::scenarios::town {

namespace math = engine::math;
using engine::world::LaneSample;

void Path::append(double length_m, double curvature_per_m) {
    if (length_m <= 1e-9) return;
    pieces_.push_back({length_m_, length_m, end_.p, end_.heading_rad, curvature_per_m});
    length_m_ += length_m;
    end_ = at(length_m_);
}

std::optional<Path> Path::rounded(const std::vector<Vec2>& corners,
                                  const std::vector<double>& radii_m, double reserve_m,
                                  double least_radius_m) {
    HM_CHECK(corners.size() >= 2 && radii_m.size() + 2 == corners.size(), "{} corners, {} radii",
             corners.size(), radii_m.size());
    const std::size_t inner = radii_m.size();
    // Turn of each corner and the tangent length that its arc takes from both legs.
    std::vector<double> turn(inner), tangent(inner);
    const auto leg = [&](std::size_t i) { return corners[i + 1] - corners[i]; };
    for (std::size_t i = 0; i < inner; ++i) {
        const Vec2 a = leg(i), b = leg(i + 1);
        turn[i] = math::wrap_angle(std::atan2(b.y, b.x) - std::atan2(a.y, a.x));
        const double wanted = radii_m[i] * std::tan(0.5 * std::abs(turn[i]));
        const double before = i == 0 ? glm::length(a) - reserve_m : 0.5 * glm::length(a);
        const double after = i + 1 == inner ? glm::length(b) - reserve_m : 0.5 * glm::length(b);
        tangent[i] = std::min({wanted, before, after});
        if (tangent[i] < least_radius_m * std::tan(0.5 * std::abs(turn[i]))) return std::nullopt;
    }
    Path path;
    const Vec2 first = leg(0);
    path.end_ = {corners[0], std::atan2(first.y, first.x), 0};
    for (std::size_t i = 0; i <= inner; ++i) {
        const double taken = (i > 0 ? tangent[i - 1] : 0.0) + (i < inner ? tangent[i] : 0.0);
        const double straight = glm::length(leg(i)) - taken;
        if (straight < -1e-9) return std::nullopt;
        path.append(straight, 0.0);
        if (i < inner && std::abs(turn[i]) > 1e-6) {
            const double radius = tangent[i] / std::tan(0.5 * std::abs(turn[i]));
            path.append(radius * std::abs(turn[i]), (turn[i] > 0 ? 1.0 : -1.0) / radius);
        }
    }
    return path;
}

PathPoint Path::at(double s_m) const {
    HM_CHECK(!pieces_.empty(), "empty path");
    auto piece = std::upper_bound(pieces_.begin() + 1, pieces_.end(), s_m,
                                  [](double s, const Piece& q) { return s < q.s_m; }) -
                 1;
    const double s = s_m - piece->s_m, k = piece->curvature_per_m;
    const Vec2 x = math::direction(piece->heading_rad);
    const Vec2 local = k == 0.0 ? Vec2(s, 0) : Vec2(std::sin(k * s), 1.0 - std::cos(k * s)) / k;
    return {piece->p + local.x * x + local.y * math::perp(x), piece->heading_rad + k * s, k};
}

std::vector<double> Path::stations(double begin_m, double end_m, double straight_m,
                                   double bend_m) const {
    std::vector<double> out{begin_m};
    for (const Piece& piece : pieces_) {
        const double a = std::max(begin_m, piece.s_m);
        const double b = std::min(end_m, piece.s_m + piece.length_m);
        if (b - a < 1e-6) continue;
        const double step = piece.curvature_per_m == 0.0 ? straight_m : bend_m;
        const int steps = std::max(1, static_cast<int>(std::ceil((b - a) / step)));
        for (int i = 1; i <= steps; ++i) out.push_back(a + (b - a) * i / steps);
    }
    out.back() = end_m;
    return out;
}

namespace {

// Line, arc, line through the corner where the two poses' lines meet.
std::optional<std::vector<LaneSample>> turn_samples(const PathPoint& from, const PathPoint& to,
                                                    double width_m, double least_radius_m) {
    const Vec2 a = from.along(), b = to.along();
    const double det = math::cross(a, b);
    const Vec2 between = to.p - from.p;
    const double before = math::cross(between, b) / det;  // from `from` to the corner
    const Vec2 corner = from.p + before * a;
    const double after = glm::dot(to.p - corner, b);
    if (before <= 0.1 || after <= 0.1) return std::nullopt;
    const double tight = std::min(before, after);
    const double turn = math::wrap_angle(to.heading_rad - from.heading_rad);
    const auto path = Path::rounded({from.p, corner, to.p},
                                    {tight / std::tan(0.5 * std::abs(turn))}, 0.0, least_radius_m);
    if (!path) return std::nullopt;
    std::vector<LaneSample> out;
    for (const double s : path->stations(0, path->length_m(), 0.5, 0.5)) {
        const PathPoint q = path->at(s);
        out.push_back(
            {s, Vec3(q.p, 0), math::wrap_angle(q.heading_rad), q.curvature_per_m, width_m});
    }
    return out;
}

// Cubic Bezier whose handles are 36 % of the distance: close to an even curvature for small turns.
std::vector<LaneSample> bend_samples(const PathPoint& from, const PathPoint& to, double width_m) {
    const double reach = 0.36 * glm::length(to.p - from.p);
    const Vec2 p0 = from.p, p1 = p0 + reach * from.along(), p3 = to.p, p2 = p3 - reach * to.along();
    const auto point = [&](double u) {
        const double v = 1 - u;
        return v * v * v * p0 + 3 * v * v * u * p1 + 3 * v * u * u * p2 + u * u * u * p3;
    };
    const auto slope = [&](double u) {
        const double v = 1 - u;
        return 3.0 * (v * v * (p1 - p0) + 2 * v * u * (p2 - p1) + u * u * (p3 - p2));
    };
    const auto bend = [&](double u) {
        return 6.0 * ((1 - u) * (p2 - 2.0 * p1 + p0) + u * (p3 - 2.0 * p2 + p1));
    };
    const int steps = std::max(2, static_cast<int>(std::ceil(3.1 * reach / 0.5)));
    std::vector<LaneSample> out;
    double s = 0;
    for (int i = 0; i <= steps; ++i) {
        const double u = static_cast<double>(i) / steps;
        if (i > 0) {
            // Length of the step by Simpson's rule.
            const double u0 = static_cast<double>(i - 1) / steps, um = 0.5 * (u0 + u);
            s += (u - u0) / 6.0 *
                 (glm::length(slope(u0)) + 4.0 * glm::length(slope(um)) + glm::length(slope(u)));
        }
        const Vec2 d = slope(u);
        const double speed = glm::length(d);
        out.push_back({s, Vec3(point(u), 0), std::atan2(d.y, d.x),
                       math::cross(d, bend(u)) / (speed * speed * speed), width_m});
    }
    return out;
}

}  // namespace

std::optional<std::vector<LaneSample>> connect(const PathPoint& from, const PathPoint& to,
                                               double width_m, double least_radius_m) {
    constexpr double kTurn_rad = 40.0 * math::kPi / 180.0;
    const double turn = math::wrap_angle(to.heading_rad - from.heading_rad);
    if (std::abs(turn) > kTurn_rad) {
        if (auto samples = turn_samples(from, to, width_m, least_radius_m)) return samples;
    }
    auto samples = bend_samples(from, to, width_m);
    for (const LaneSample& q : samples) {
        if (std::abs(q.curvature_per_m) * least_radius_m > 1.0) return std::nullopt;
    }
    return samples;
}

}  // namespace huntsman::scenarios::town
