// Where the sun's shadow maps lie: cascades around the rig, shared by all cameras.
//
// A cascade's centre moves in big steps, so that its static casters can be drawn once and kept for
// many ticks. All share one frame L: z along the sunlight, x and y across.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/math/vec.h"
#include "engine/render/draw_list.h"
#include "engine/render/render_scene.h"
#include "engine/render/shader_types.h"

namespace huntsman::engine::render {

struct Cascade {
    math::Vec2 centre{0, 0};  // in L [m], snapped
    double half_m = 0;        // half the map's side
    double texel_m = 0;
};

struct ShadowFit {
    math::Vec3 x, y, z;                          // axes of L in W
    double depth_scale = 0, depth_offset = 0.5;  // map depth = L.z * scale + offset
    std::array<Cascade, shader::kCascades> cascades;

    math::Vec2 across(const math::Vec3& p_W) const { return {glm::dot(x, p_W), glm::dot(y, p_W)}; }
};

// `world_radius_m`: no caster or receiver is further from the origin.
ShadowFit fit_shadows(const math::Vec3& sun_direction, const math::Vec3& rig_W, int map_size,
                      double world_radius_m);

// Fixed casters stay in a cascade's map while the others move; moving ones are drawn for one
// picture, so that a coarse cascade does without those that only finer ones show.
enum class Casters : std::uint8_t { kFixed, kMoving };
// Commands that draw the casters among `items` whose shadow may fall into the cascade: those that
// are no figures where `figures` is empty, else the figures.
void shadow_draws(const ShadowFit& fit, std::size_t cascade, const RenderScene& scene,
                  std::span<const Item> items, Casters casters,
                  std::span<const PosedFigure> figures, std::vector<DrawCommand>& commands);

// The map's tiles that moving casters touched, so that only they need to be restored.
class DirtyTiles {
  public:
    static constexpr int kTile = 64;  // texels
    explicit DirtyTiles(int map_size) : side_(map_size / kTile) { clear(); }
    void clear() { marks_.assign(static_cast<std::size_t>(side_ * side_), 0); }
    void mark(const ShadowFit& fit, std::size_t cascade, std::span<const Item> items);

    struct Run {
        int x = 0, y = 0, width = 0;  // texels; kTile high
    };
    std::vector<Run> runs() const;

  private:
    int side_;
    std::vector<std::uint8_t> marks_;
};

}  // namespace huntsman::engine::render
