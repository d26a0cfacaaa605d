// How much of the sky's light bodies close above the ground keep from it, as a small map seen from
// above around the rig. Without it cars look as if they floated.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/world/state.h"
#include "engine/world/world.h"

namespace huntsman::engine::render {

struct ContactMap {
    static constexpr int kSize = 512;         // texels a side
    static constexpr double kSide_m = 110.0;  // metres a side
    math::Vec2 corner{0, 0};                  // of the first texel, in W
    std::vector<std::uint8_t> share;          // 0 open, 255 all kept away; rows along y

    void build(const world::World& world, const world::State& state, const math::Vec3& rig_W);
};

}  // namespace huntsman::engine::render
