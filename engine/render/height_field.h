// The town as heights: how high the ground and the houses are in cells of two metres, and their
// colours. Coarse, but enough for what light does between houses; see ambient_volume.h.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/math/vec.h"
#include "engine/render/baked_textures.h"
#include "engine/world/world.h"

namespace huntsman::engine::render {

class HeightField {
  public:
    static constexpr double kCell_m = 2.0;
    struct Cell {
        float ground_m = 0, top_m = 0;  // the top of a house, or the ground where there is none
        std::array<std::uint8_t, 3> ground_albedo{}, wall_albedo{};  // linear, 255 is 1
    };

    HeightField() = default;
    // Takes ground and houses among the static instances, by their coarsest levels of detail.
    // Trees, poles and what moves are left out.
    HeightField(const world::World& world, const BakedTextures& textures);

    // Cell of a place; beyond the field the nearest one.
    const Cell& at(double x, double y) const;
    // Whether a ray from p reaches the open sky, to the field's accuracy.
    bool sees_sky(const math::Vec3& p, const math::Vec3& direction) const;
    bool empty() const { return cells_.empty(); }

  private:
    math::Vec2 low_{0, 0};
    int columns_ = 0, rows_ = 0;
    std::vector<Cell> cells_;
};

}  // namespace huntsman::engine::render
