// Plane curves of straight lines and circular arcs, joined without a kink.
#pragma once

#include <optional>
#include <vector>

#include "engine/math/vec.h"
#include "engine/world/road_network.h"

namespace huntsman::scenarios::town {

using engine::math::Vec2;
using engine::math::Vec3;

// A point of a curve.
struct PathPoint {
    Vec2 p{0, 0};
    double heading_rad = 0;
    double curvature_per_m = 0;

    Vec2 along() const { return engine::math::direction(heading_rad); }
    Vec2 left(double t_m) const { return p + t_m * engine::math::perp(along()); }
};

class Path {
  public:
    // A line through the corners, each rounded by an arc of the wanted radius or, where the legs
    // are too short, of the largest that fits. `reserve_m` at both ends stays straight. Nothing if
    // a radius would fall below `least_radius_m`. Corners: at least two; radii: one an inner
    // corner.
    static std::optional<Path> rounded(const std::vector<Vec2>& corners,
                                       const std::vector<double>& radii_m, double reserve_m,
                                       double least_radius_m);

    double length_m() const { return length_m_; }
    PathPoint at(double s_m) const;
    // Places at which to sample: every `straight_m` on lines and `bend_m` on arcs, with all joints,
    // from `begin_m` to `end_m` inclusive.
    std::vector<double> stations(double begin_m, double end_m, double straight_m,
                                 double bend_m) const;

  private:
    struct Piece {
        double s_m, length_m;
        Vec2 p;
        double heading_rad, curvature_per_m;
    };
    void append(double length_m, double curvature_per_m);

    std::vector<Piece> pieces_;
    PathPoint end_;
    double length_m_ = 0;
};

// Samples of a smooth way from one pose to another: line, arc, line where they turn by more than
// 40 degrees, a cubic otherwise. Samples at most 0.5 m apart. Nothing where the radius would fall
// below `least_radius_m`.
std::optional<std::vector<engine::world::LaneSample>> connect(const PathPoint& from,
                                                              const PathPoint& to, double width_m,
                                                              double least_radius_m);

}  // namespace huntsman::scenarios::town
