// How much of the sky's light bodies close above the ground keep from it, as a small map seen from
// above around the rig. Without it cars look as if they floated.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/render/shader_types.h"
#include "engine/world/state.h"
#include "engine/world/world.h"

namespace huntsman::engine::render {

// The map is a tile that repeats over the whole world: the place of a point in it does not depend
// on the rig's. Bodies further away than half its side are left out.
struct ContactMap {
    static constexpr int kSize = 1024;                         // texels a side
    static constexpr double kSide_m = shader::kContactMetres;  // metres a side
    std::vector<std::uint8_t> share;  // 0 open, 255 all kept away; rows along y

    void build(const world::World& world, const world::State& state, const math::Vec3& rig_W);
};

}  // namespace huntsman::engine::render
