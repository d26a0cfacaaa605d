// Plane geometry: oriented boxes, segments, polylines.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "engine/math/vec.h"

namespace huntsman::engine::math {

// An oriented rectangle on the ground plane [m].
struct Box2 {
    Vec2 centre{0, 0};
    double yaw_rad = 0;
    Vec2 half{0, 0};  // half length (along yaw), half width

    std::array<Vec2, 4> corners() const;  // counter-clockwise, front left first
};

// Whether two boxes share area (separating axis theorem); touching counts.
bool overlap(const Box2& a, const Box2& b);

// Distance between two boxes, 0 where they overlap [m].
double distance(const Box2& a, const Box2& b);

// Distance of a point to a segment, and where along it (0..1) the closest point lies.
struct SegmentHit {
    double distance_m = 0;
    double along = 0;
};
SegmentHit closest_on_segment(const Vec2& p, const Vec2& a, const Vec2& b);

// Parameters (0..1 each) at which two segments cross, or nothing.
std::optional<Vec2> segment_crossing(const Vec2& a0, const Vec2& a1, const Vec2& b0,
                                     const Vec2& b1);

bool inside_polygon(const Vec2& p, std::span<const Vec2> polygon);

}  // namespace huntsman::engine::math
