// Labels from the map: lanes with their borders and topology, paint with a meaning, signal heads
// with their state, signs with what they say. All in W, whether a camera sees them or not.
#pragma once

#include <span>

#include "engine/world/state.h"
#include "sensors/labels/sample.h"

namespace huntsman::sensors::labels {

// Those that come within `range_m` of a point on the ground, by id or in the map's order; of lanes
// also those that one of the signals governs.
std::vector<LaneLabel> label_lanes(const engine::world::World& world, const Vec3& p_W,
                                   double range_m, std::span<const SignalLabel> signals);
std::vector<MarkLabel> label_marks(const engine::world::World& world, const Vec3& p_W,
                                   double range_m);
std::vector<SignalLabel> label_signals(const engine::world::World& world,
                                       const engine::world::State& state, double range_m);
std::vector<SignLabel> label_signs(const engine::world::World& world, const Vec3& p_W,
                                   double range_m);

}  // namespace huntsman::sensors::labels
