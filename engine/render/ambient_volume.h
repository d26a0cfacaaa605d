// Light that does not come straight from the sun: how much of the sky a place between houses sees,
// and the light that walls and ground throw back once, in their colours.
//
// A grid of probes around the rig, 4 m apart in each direction, each computed from the height field
// by marching towards the horizon in twelve directions [horizon-based: Max 1988; Bavoil et al.
// 2008]. A probe depends on its place and on the sky only, so pictures do not depend on where the
// rig came from. Tiles of probes are computed when they come near.
//   Max, N.: Horizon mapping: shadows for bump-mapped surfaces, The Visual Computer 4, 1988.
//   Bavoil, L. et al.: Image-space horizon-based ambient occlusion, SIGGRAPH 2008 talks.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/core/job_pool.h"
#include "engine/render/height_field.h"
#include "engine/render/shader_types.h"
#include "engine/render/sky.h"

namespace huntsman::engine::render {

class AmbientVolume {
  public:
    static constexpr int kSide = shader::kAmbientSide, kLayers = shader::kAmbientLayers;
    static constexpr int kTile = 16;  // probes along a tile's side
    static constexpr double kCell_m = shader::kAmbientCell;

    // Probes as the device gets them: x fastest, then y, then z; a place's column is its cell
    // modulo kSide. rgb: root of the light thrown back, as a share of `scale`; a: share of the sky
    // that an upward surface sees.
    std::vector<std::uint32_t> texels;
    double base_m = 0;    // height of the lowest layer's lower border
    double scale = 1;     // kcd/m² of the largest value
    bool changed = true;  // since `changed` was last set to false

    // Forgets all probes: another town or another sky.
    void reset(const Sky& sky);
    // Computes what is missing around the rig.
    void update(const HeightField& heights, const Sky& sky, const math::Vec3& rig_W,
                core::JobPool& pool);

  private:
    static constexpr int kTiles = kSide / kTile;
    struct TileId {
        int x = 0, y = 0;
        bool operator==(const TileId&) const = default;
    };
    std::array<std::optional<TileId>, static_cast<std::size_t>(kTiles* kTiles)> present_;
    std::optional<int> base_step_;
    math::Vec3 open_ground_{0, 0, 0};
};

// One probe: light thrown back [kcd/m²] and the share of the sky, at a place in free air.
struct Probe {
    math::Vec3 bounce{0, 0, 0};
    double open = 1;
};
Probe probe_at(const HeightField& heights, const Sky& sky, const math::Vec3& p);

}  // namespace huntsman::engine::render
