// Simple solids for test scenes.
#pragma once

#include <array>
#include <string>

#include "engine/world/scene.h"

namespace huntsman::tests::support {

using Colour = std::array<float, 3>;

// Collects triangles by submesh into one level of detail.
class MeshBuilder {
  public:
    // What follows goes into a submesh with this material.
    MeshBuilder& material(engine::world::Material material,
                          engine::world::Semantic semantic = engine::world::Semantic::kNothing,
                          engine::world::Lamp lamp = engine::world::Lamp::kHead);
    MeshBuilder& colour(const Colour& linear);

    // A parallelogram from `origin` along `a` and `b`; its normal is a × b. Texture coordinates run
    // from (0, 0) to (u, v).
    MeshBuilder& quad(const engine::math::Vec3& origin, const engine::math::Vec3& a,
                      const engine::math::Vec3& b, double u, double v);
    // An axis-aligned box; texture coordinates in metres.
    MeshBuilder& box(const engine::math::Vec3& low, const engine::math::Vec3& high);
    // A box whose top is smaller than its foot: `inset` from each side in x and y.
    MeshBuilder& tapered_box(const engine::math::Vec3& low, const engine::math::Vec3& high,
                             const std::array<double, 4>& inset_front_rear_left_right);
    // Along z from `foot`, radius changing linearly; closed at both ends.
    MeshBuilder& cylinder(const engine::math::Vec3& foot, double height, double radius_foot,
                          double radius_top, int sides);
    // A disc-like cylinder along y, centred on `centre`.
    MeshBuilder& wheel(const engine::math::Vec3& centre, double radius, double width, int sides);
    MeshBuilder& ellipsoid(const engine::math::Vec3& centre, const engine::math::Vec3& half,
                           int rings, int sides);

    engine::world::MeshLod lod(float error_m) const;

  private:
    std::uint32_t vertex(const engine::math::Vec3& p, const engine::math::Vec3& n, double u,
                         double v);
    void triangle(std::uint32_t a, std::uint32_t b, std::uint32_t c);
    void side_quad(const engine::math::Vec3& a, const engine::math::Vec3& b,
                   const engine::math::Vec3& c, const engine::math::Vec3& d);

    engine::world::MeshLod lod_;
    Colour colour_{1, 1, 1};
};

// A mesh from its levels, finest first, with bounds.
engine::world::Mesh make_mesh(std::string name, std::vector<engine::world::MeshLod> lods);

}  // namespace huntsman::tests::support
