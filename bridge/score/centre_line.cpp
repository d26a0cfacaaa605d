#include "bridge/score/centre_line.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/core/check.h"

namespace huntsman::bridge::score {

using engine::math::Vec2;
using engine::math::wrap_angle;

namespace {

constexpr double kLeast_m = 1e-9;  // shorter segments are points

}  // namespace

CentreLine::CentreLine(std::span<const Vec2> points) : points_(points) {
    HM_CHECK(points.size() >= 2, "the centre line has {} points", points.size());
    s_m_.push_back(0.0);
    for (std::size_t i = 1; i < points.size(); ++i) {
        const Vec2 ahead = points[i] - points[i - 1];
        s_m_.push_back(s_m_.back() + glm::length(ahead));
        share_per_m_.push_back(ahead / std::max(kLeast_m * kLeast_m, glm::dot(ahead, ahead)));
    }
}

LinePlace CentreLine::project(const Vec2& p) const {
    double best2 = std::numeric_limits<double>::infinity(), along = 0;
    std::size_t segment = 0;
    for (std::size_t i = 0; i + 1 < points_.size(); ++i) {
        const Vec2 off = p - points_[i];
        const double u = std::clamp(glm::dot(off, share_per_m_[i]), 0.0, 1.0);
        const Vec2 rest = off - u * (points_[i + 1] - points_[i]);
        const double distance2 = glm::dot(rest, rest);
        if (distance2 >= best2) continue;
        best2 = distance2;
        along = u;
        segment = i;
    }
    const Vec2 ahead = points_[segment + 1] - points_[segment];
    return {.s_m = std::lerp(s_m_[segment], s_m_[segment + 1], along),
            .t_m = engine::math::cross(ahead, p - points_[segment]) /
                   std::max(kLeast_m, glm::length(ahead)),
            .distance_m = std::sqrt(best2)};
}

CentreLine::Within CentreLine::within(double s_m) const {
    const auto above = std::upper_bound(s_m_.begin() + 1, s_m_.end() - 1, s_m);
    const auto i = static_cast<std::size_t>(above - s_m_.begin()) - 1;
    const double span_m = std::max(kLeast_m, s_m_[i + 1] - s_m_[i]);
    return {i, std::clamp((s_m - s_m_[i]) / span_m, 0.0, 1.0)};
}

double CentreLine::interpolate(std::span<const double> value, double s_m) const {
    const auto [i, share] = within(s_m);
    return std::lerp(value[i], value[i + 1], share);
}

Vec2 CentreLine::point(double s_m) const {
    const auto [i, share] = within(s_m);
    return glm::mix(points_[i], points_[i + 1], share);
}

double CentreLine::heading_at(std::size_t point) const {
    const std::size_t next = std::min(point + 1, points_.size() - 1);
    const Vec2 ahead = points_[next] - points_[point > 0 ? point - 1 : 0];
    return std::atan2(ahead.y, ahead.x);
}

double CentreLine::heading_rad(double s_m) const {
    const auto [i, share] = within(s_m);
    const double from = heading_at(i);
    return wrap_angle(from + share * wrap_angle(heading_at(i + 1) - from));
}

}  // namespace huntsman::bridge::score
