// The renderer's scene as triangles for rays: its packed vertices, draw records, textures and sky,
// in Embree. What surface.frag writes for a pixel is computed here for a ray's hit.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/render/baked_textures.h"
#include "engine/render/render_scene.h"
#include "engine/render/sky.h"
#include "engine/render/view.h"
#include "tests/support/reference/bsdf.h"

namespace huntsman::tests::support {

// Where a ray met the scene.
struct RayHit {
    double distance_m = 0;
    Vec3 p{0, 0, 0};      // in W
    Vec3 facet{0, 0, 1};  // unit normal of the triangle, on the ray's side
    SurfaceLook look;
    Vec3 emitted{0, 0, 0};      // kcd/m²
    std::uint32_t emitter = 0;  // 1 + index into TracedScene::emitters(), 0 for none
};

// A triangle that shines to its front.
struct EmitterTriangle {
    Vec3 p[3];
    Vec3 normal{0, 0, 1};
    Vec3 radiance{0, 0, 0};
    double area_m2 = 0;
    double share = 0;  // of the power of all; cumulated in `below`
    double below = 0;
};

class TracedScene {
  public:
    // Levels of detail are those that the renderer takes for `view` with `lod_error_px`; without a
    // view the finest.
    TracedScene(const engine::world::World& world, const engine::world::State& state,
                const engine::render::BakedTextures& textures,
                const engine::render::View* view = nullptr, double lod_error_px = 0);
    ~TracedScene();
    TracedScene(TracedScene&&) noexcept;

    // The nearest hit beyond `from_m`. `spread` is the width of the ray's footprint per metre: it
    // chooses the level of textures.
    std::optional<RayHit> hit(const Vec3& origin, const Vec3& direction, double from_m,
                              double spread) const;
    // Whether nothing lies between.
    bool open(const Vec3& origin, const Vec3& direction, double distance_m) const;

    std::span<const EmitterTriangle> emitters() const;
    // Lamps that light their surroundings as points: their meshes are seen, but light nothing.
    // Empty where it is light enough for the renderer to leave them out; then the meshes shine.
    std::span<const engine::render::LitLamp> lamps() const;
    const engine::render::Sky& sky() const;
    // Radiance of the sky map towards a direction: as the eye sees it, or as light without the
    // sun's disc, which is a light of its own.
    Vec3 sky_seen(const Vec3& direction) const;
    Vec3 sky_light(const Vec3& direction) const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace huntsman::tests::support
