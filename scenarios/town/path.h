// Plane curves of lines, clothoids and arcs, joined without a kink or a step of curvature.
#pragma once

#include <optional>
#include <vector>

#include "engine/math/vec.h"
#include "engine/world/road_model.h"

namespace huntsman::scenarios::town {

using engine::math::Vec2;
using engine::math::Vec3;

// A point of a curve, with the direction it runs in.
struct Pose2 {
    Vec2 p{0, 0};
    double heading_rad = 0;
    double curvature_per_m = 0;

    Vec2 along() const { return engine::math::direction(heading_rad); }
    Vec2 left(double t_m) const { return p + t_m * engine::math::perp(along()); }
    // The same direction, t metres to the left.
    Pose2 shifted(double t_m) const { return {left(t_m), heading_rad, 0}; }
    Pose2 reversed() const {
        return {p, engine::math::wrap_angle(heading_rad + engine::math::kPi), -curvature_per_m};
    }
};

// A corner as clothoid, arc, clothoid. The clothoids take this share of the turn's angle.
constexpr double kClothoidShare = 0.35;
// Tangent length of a corner of radius 1 m that turns by this angle (0..pi) [m].
double unit_tangent_m(double turn_rad, double clothoid_share = kClothoidShare);

class Path {
  public:
    Path() = default;
    explicit Path(const Pose2& start) : end_(start) {}

    // A line through the corners, each rounded to the wanted radius or, where the legs are too
    // short, to the largest that fits. `reserve_m` at both ends stays straight. Nothing if a radius
    // would fall below `least_radius_m`. Corners: at least two; radii: one an inner corner.
    static std::optional<Path> rounded(const std::vector<Vec2>& corners,
                                       const std::vector<double>& radii_m, double reserve_m,
                                       double least_radius_m,
                                       double clothoid_share = kClothoidShare);
    // A smooth way from one pose to another: a rounded corner where their lines meet ahead, of the
    // wanted radius or the largest that fits; a cubic where the turn is small or they do not meet.
    // Nothing where the radius would fall below `least_radius_m`.
    static std::optional<Path> between(const Pose2& from, const Pose2& to, double radius_m,
                                       double least_radius_m);

    // Appends a piece whose curvature runs linearly from k0 to k1.
    void append(double length_m, double k0, double k1);
    void append(double length_m, double curvature) { append(length_m, curvature, curvature); }

    double length_m() const { return length_m_; }
    Pose2 at(double s_m) const;
    Pose2 start() const { return at(0); }
    Pose2 end() const { return end_; }
    double sharpest_curvature_per_m() const;

    // The pieces between two stations, s from 0.
    std::vector<engine::world::PlanPiece> plan(double begin_m, double end_m) const;
    std::vector<engine::world::PlanPiece> plan() const { return pieces_; }

  private:
    std::vector<engine::world::PlanPiece> pieces_;
    Pose2 end_;
    double length_m_ = 0;
};

}  // namespace huntsman::scenarios::town
