// A line of points on the ground, with the way along it.
#pragma once

#include <span>
#include <vector>

#include "engine/math/vec.h"

namespace huntsman::bridge::score {

// Where a point lies along a line and beside it.
struct LinePlace {
    double s_m = 0;         // from the line's first point to the point's foot
    double t_m = 0;         // to the left of the segment that holds the foot
    double distance_m = 0;  // to the foot; more than |t| beyond the line's ends
};

class CentreLine {
  public:
    // In W, at least two points. They must outlive the line.
    explicit CentreLine(std::span<const engine::math::Vec2> points);

    double length_m() const { return s_m_.back(); }
    double s_m(std::size_t point) const { return s_m_[point]; }
    // The closest place on the whole line.
    LinePlace project(const engine::math::Vec2& p) const;
    // `value` of each point, interpolated between them; clamped to the line.
    double interpolate(std::span<const double> value, double s_m) const;
    // Point and heading of the line, which turns evenly between its points; clamped to the line.
    engine::math::Vec2 point(double s_m) const;
    double heading_rad(double s_m) const;

  private:
    // The segment that holds s, and the share of it that lies before s.
    struct Within {
        std::size_t segment = 0;
        double share = 0;
    };
    Within within(double s_m) const;
    double heading_at(std::size_t point) const;

    std::span<const engine::math::Vec2> points_;
    std::vector<double> s_m_;  // of each point
    // Of each segment: times a way [m], the share of the segment that this covers.
    std::vector<engine::math::Vec2> share_per_m_;
};

}  // namespace huntsman::bridge::score
