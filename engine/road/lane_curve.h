// A lane's centre line as a curve: cubic Hermite through its samples, headings as tangents.
//
// Between samples of at most 1 m in bends the position is good to a few micrometres at a radius of
// 6 m; heading, curvature and width are linear in s, so that on an arc both are exact.
#pragma once

#include "engine/world/road_network.h"

namespace huntsman::engine::road {

// The lane's centre at s, clamped to [0, length]. Cost: a binary search over the samples.
world::LaneSample lane_at(const world::Lane& lane, double s_m);

}  // namespace huntsman::engine::road
