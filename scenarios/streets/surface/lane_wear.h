// Where points of a carriageway lie within their lanes, so that wear can follow the wheels.
#pragma once

#include <array>

#include "scenarios/streets/surface/sheet.h"

namespace huntsman::scenarios::streets {

// What the asphalt of the k-th lane of a span is used for.
engine::world::LaneUse use_of(const Span& span, std::size_t k);

// Share of the lane's width from its inner border, and the way along the road [m].
Vec2 place_in_lane(const Span& span, const LaneStrip& lane, std::uint32_t row,
                   std::uint32_t column);

// The affine function with these values at a triangle's corners.
LaneMap lane_map(const std::array<Vec2, 3>& p, const std::array<Vec2, 3>& value);

}  // namespace huntsman::scenarios::streets
