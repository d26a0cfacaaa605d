#include "scenarios/town/path.h"

#include <algorithm>

#include "engine/core/check.h"
#include "engine/math/geometry.h"
#include "engine/road/road_geometry.h"

namespace huntsman::scenarios::town {

namespace math = engine::math;
using engine::world::PlanPiece;

namespace {

Pose2 pose_at(const PlanPiece& piece, double ds) {
    const auto q = engine::road::plan_point(piece, ds);
    return {q.p, q.heading_rad, q.curvature_per_m};
}

// Length of a cubic piece with p in [0, 1], by Simpson's rule on short steps.
double cubic_length_m(const PlanPiece& g) {
    const auto speed = [&](double p) {
        return std::hypot(g.b_u + p * (2 * g.c_u + 3 * g.d_u * p),
                          g.b_v + p * (2 * g.c_v + 3 * g.d_v * p));
    };
    constexpr int kSteps = 64;
    double sum = speed(0) + speed(1);
    for (int i = 1; i < kSteps; ++i) {
        sum += (i % 2 == 1 ? 4.0 : 2.0) * speed(static_cast<double>(i) / kSteps);
    }
    return sum / (3.0 * kSteps);
}

}  // namespace

double unit_tangent_m(double turn_rad, double clothoid_share) {
    // A clothoid of length `share * turn` at radius 1 turns by half of that.
    const double length = clothoid_share * turn_rad, angle = 0.5 * length;
    PlanPiece spiral;
    spiral.kind = PlanPiece::Kind::kSpiral;
    spiral.length_m = length;
    spiral.curvature_end = 1.0;
    const Vec2 end = length > 0 ? pose_at(spiral, length).p : Vec2(0, 0);
    const double shift = end.y - (1.0 - std::cos(angle)), ahead = end.x - std::sin(angle);
    return (1.0 + shift) * std::tan(0.5 * turn_rad) + ahead;
}

void Path::append(double length_m, double k0, double k1) {
    if (length_m <= 1e-9) return;
    PlanPiece piece;
    piece.kind = k0 != k1    ? PlanPiece::Kind::kSpiral
                 : k0 == 0.0 ? PlanPiece::Kind::kLine
                             : PlanPiece::Kind::kArc;
    piece.s_m = length_m_;
    piece.length_m = length_m;
    piece.x_m = end_.p.x;
    piece.y_m = end_.p.y;
    piece.heading_rad = end_.heading_rad;
    piece.curvature_start = k0;
    piece.curvature_end = k1;
    pieces_.push_back(piece);
    length_m_ += length_m;
    end_ = pose_at(piece, length_m);
}

std::optional<Path> Path::rounded(const std::vector<Vec2>& corners,
                                  const std::vector<double>& radii_m, double reserve_m,
                                  double least_radius_m, double clothoid_share) {
    HM_CHECK(corners.size() >= 2 && radii_m.size() + 2 == corners.size(), "{} corners, {} radii",
             corners.size(), radii_m.size());
    const std::size_t inner = radii_m.size();
    // Turn and radius of each corner, and the tangent length that it takes from both legs.
    std::vector<double> turn(inner), tangent(inner), radius(inner);
    const auto leg = [&](std::size_t i) { return corners[i + 1] - corners[i]; };
    for (std::size_t i = 0; i < inner; ++i) {
        const Vec2 a = leg(i), b = leg(i + 1);
        turn[i] = math::wrap_angle(std::atan2(b.y, b.x) - std::atan2(a.y, a.x));
        if (std::abs(turn[i]) > 0.95 * math::kPi) return std::nullopt;
        const double unit = unit_tangent_m(std::abs(turn[i]), clothoid_share);
        const double before = i == 0 ? glm::length(a) - reserve_m : 0.5 * glm::length(a);
        const double after = i + 1 == inner ? glm::length(b) - reserve_m : 0.5 * glm::length(b);
        tangent[i] = std::min({radii_m[i] * unit, before, after});
        if (tangent[i] < least_radius_m * unit) return std::nullopt;
        radius[i] = unit > 0 ? tangent[i] / unit : 0.0;
    }
    const Vec2 first = leg(0);
    Path path(Pose2{corners[0], std::atan2(first.y, first.x), 0});
    for (std::size_t i = 0; i <= inner; ++i) {
        const double taken = (i > 0 ? tangent[i - 1] : 0.0) + (i < inner ? tangent[i] : 0.0);
        const double straight = glm::length(leg(i)) - taken;
        if (straight < -1e-9) return std::nullopt;
        path.append(straight, 0.0);
        if (i < inner && std::abs(turn[i]) > 1e-6) {
            const double k = (turn[i] > 0 ? 1.0 : -1.0) / radius[i];
            const double clothoid = clothoid_share * std::abs(turn[i]) * radius[i];
            path.append(clothoid, 0.0, k);
            path.append(std::abs(turn[i]) * radius[i] - clothoid, k);
            path.append(clothoid, k, 0.0);
        }
    }
    return path;
}

std::optional<Path> Path::between(const Pose2& from, const Pose2& to, double radius_m,
                                  double least_radius_m) {
    constexpr double kTurn_rad = 25.0 * math::kPi / 180.0;
    const double turn = math::wrap_angle(to.heading_rad - from.heading_rad);
    const Vec2 a = from.along(), b = to.along(), across = to.p - from.p;
    if (std::abs(turn) > kTurn_rad) {
        // Where the two lines meet, ahead of one and behind the other.
        const double det = math::cross(a, b);
        const double before = math::cross(across, b) / det;
        const Vec2 corner = from.p + before * a;
        const double after = glm::dot(to.p - corner, b);
        if (before > 0.05 && after > 0.05) {
            auto path = rounded({from.p, corner, to.p}, {radius_m}, 0.0, least_radius_m);
            if (path) return path;
            // Without clothoids the radius is larger.
            return rounded({from.p, corner, to.p}, {radius_m}, 0.0, least_radius_m, 0.0);
        }
    }
    if (std::abs(turn) < 1e-9 && std::abs(math::cross(a, across)) < 1e-6) {
        Path path(from);
        path.append(glm::dot(across, a), 0.0);
        return path;
    }
    // A cubic whose handles are 36 % of the distance: close to an even curvature.
    const double reach = 0.36 * glm::length(across);
    const double c = std::cos(from.heading_rad), n = std::sin(from.heading_rad);
    const auto local = [&](const Vec2& v) { return Vec2(c * v.x + n * v.y, -n * v.x + c * v.y); };
    const Vec2 p1(reach, 0), p3 = local(across), p2 = p3 - reach * local(b);
    PlanPiece piece;
    piece.kind = PlanPiece::Kind::kParamPoly3;
    piece.x_m = from.p.x;
    piece.y_m = from.p.y;
    piece.heading_rad = from.heading_rad;
    const Vec2 one = 3.0 * p1, two = 3.0 * p2 - 6.0 * p1, three = p3 - 3.0 * p2 + 3.0 * p1;
    piece.b_u = one.x;
    piece.c_u = two.x;
    piece.d_u = three.x;
    piece.b_v = one.y;
    piece.c_v = two.y;
    piece.d_v = three.y;
    piece.length_m = cubic_length_m(piece);
    Path path(from);
    path.pieces_.push_back(piece);
    path.length_m_ = piece.length_m;
    path.end_ = pose_at(piece, piece.length_m);
    if (path.sharpest_curvature_per_m() * least_radius_m > 1.0) return std::nullopt;
    return path;
}

Pose2 Path::at(double s_m) const {
    HM_CHECK(!pieces_.empty(), "empty path");
    const auto piece = std::upper_bound(pieces_.begin() + 1, pieces_.end(), s_m,
                                        [](double s, const PlanPiece& q) { return s < q.s_m; }) -
                       1;
    return pose_at(*piece, s_m - piece->s_m);
}

double Path::sharpest_curvature_per_m() const {
    double sharpest = 0;
    for (const PlanPiece& piece : pieces_) {
        if (piece.kind != PlanPiece::Kind::kParamPoly3) {
            sharpest = std::max(
                {sharpest, std::abs(piece.curvature_start), std::abs(piece.curvature_end)});
            continue;
        }
        constexpr int kSteps = 32;
        for (int i = 0; i <= kSteps; ++i) {
            sharpest = std::max(
                sharpest, std::abs(pose_at(piece, piece.length_m * i / kSteps).curvature_per_m));
        }
    }
    return sharpest;
}

std::vector<PlanPiece> Path::plan(double begin_m, double end_m) const {
    std::vector<PlanPiece> out;
    for (const PlanPiece& piece : pieces_) {
        const double a = std::max(begin_m, piece.s_m);
        const double b = std::min(end_m, piece.s_m + piece.length_m);
        if (b - a < 1e-6) continue;
        HM_CHECK(piece.kind != PlanPiece::Kind::kParamPoly3 || b - a == piece.length_m,
                 "a cubic cannot be cut");
        const Pose2 q = pose_at(piece, a - piece.s_m);
        PlanPiece cut = piece;
        cut.s_m = a - begin_m;
        cut.length_m = b - a;
        cut.x_m = q.p.x;
        cut.y_m = q.p.y;
        cut.heading_rad = q.heading_rad;
        if (piece.kind == PlanPiece::Kind::kSpiral) {
            const double slope = (piece.curvature_end - piece.curvature_start) / piece.length_m;
            cut.curvature_start = piece.curvature_start + slope * (a - piece.s_m);
            cut.curvature_end = piece.curvature_start + slope * (b - piece.s_m);
        }
        out.push_back(cut);
    }
    return out;
}

}  // namespace huntsman::scenarios::town
