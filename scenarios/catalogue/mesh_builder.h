// Builds one level of detail of a mesh from simple solids. Triangles are grouped by material, lamp
// and semantic class into submeshes, in the order in which these are first used.
#pragma once

#include <array>
#include <functional>
#include <span>
#include <vector>

#include "engine/math/transform.h"
#include "engine/world/scene.h"

namespace huntsman::scenarios::catalogue {

using engine::math::Vec2;
using engine::math::Vec3;
using engine::world::Lamp;
using engine::world::Material;
using engine::world::Semantic;

// Sides of round parts of actors, by level of detail.
inline constexpr std::array kSides = {12, 7, 4};

struct Colour {
    float r = 1, g = 1, b = 1;
};

class MeshBuilder {
  public:
    // What follows is made of this.
    void use(Material material, Colour colour = {}, Semantic semantic = Semantic::kNothing,
             Lamp lamp = Lamp::kHead);
    // Colours of what follows are multiplied by this factor of their place (before it is moved) and
    // normal, until the next call; an empty function ends it.
    using Shade = std::function<Colour(const Vec3& p, const Vec3& n)>;
    void shade(Shade shade) { shade_ = std::move(shade); }
    // What follows is placed by this pose.
    void place(const engine::math::RigidTransform& X_MP) { X_MP_ = X_MP; }

    std::uint32_t vertex(const Vec3& p, const Vec3& n, const Vec2& uv);
    // Indices returned by vertex() since the last use(); counter-clockwise from outside.
    void triangle(std::uint32_t a, std::uint32_t b, std::uint32_t c);

    // Flat polygon, counter-clockwise from outside; u runs along its first side, in metres.
    void face(std::span<const Vec3> corners);
    // Flat quad with given texture coordinates at its first and third corner.
    void quad(const Vec3& a, const Vec3& b, const Vec3& c, const Vec3& d, const Vec2& uv_a,
              const Vec2& uv_c);
    // Box of half sizes about a centre, turned about z; without its bottom unless asked.
    void box(const Vec3& centre, const Vec3& half, double yaw_rad = 0, bool bottom = false);
    // Cone frustum with smooth sides, capped at b if asked.
    void tube(const Vec3& a, const Vec3& b, double radius_a, double radius_b, int sides,
              bool cap_b = true);
    // A smooth surface through rings of equally many points. Seen from outside, points of a ring
    // run counter-clockwise about the direction from the first to the last ring. Closed rings join
    // their ends. Caps close the first and last ring with a flat fan.
    void loft(const std::vector<std::vector<Vec3>>& rings, bool closed, bool cap_first = false,
              bool cap_last = false);
    // Smooth ellipsoid; `bump(direction)` scales the radius.
    template <typename Bump>
    void blob(const Vec3& centre, const Vec3& radii, int rings, int sides, Bump bump);
    void ellipsoid(const Vec3& centre, const Vec3& radii, int rings, int sides) {
        blob(centre, radii, rings, sides, [](const Vec3&) { return 1.0; });
    }

    bool empty() const { return buckets_.empty(); }
    engine::world::MeshLod finish() const;

  private:
    struct Bucket {
        engine::world::Submesh key;
        std::vector<engine::world::Vertex> vertices;
        std::vector<std::uint32_t> indices;
    };
    void grid_normals(const std::vector<std::vector<Vec3>>& rings, bool closed,
                      std::vector<std::vector<Vec3>>& normals) const;

    std::vector<Bucket> buckets_;
    std::size_t current_ = 0;
    Colour colour_;
    Shade shade_;
    engine::math::RigidTransform X_MP_;
};

template <typename Bump>
void MeshBuilder::blob(const Vec3& centre, const Vec3& radii, int rings, int sides, Bump bump) {
    std::vector<std::vector<Vec3>> lines;
    for (int r = 0; r <= rings; ++r) {
        const double polar = engine::math::kPi * r / rings;  // from the bottom
        std::vector<Vec3> ring;
        for (int s = 0; s < sides; ++s) {
            const double around = 2 * engine::math::kPi * s / sides;
            const Vec3 d(std::sin(polar) * std::cos(around), std::sin(polar) * std::sin(around),
                         -std::cos(polar));
            ring.push_back(centre + radii * d * bump(d));
        }
        lines.push_back(std::move(ring));
    }
    loft(lines, true);
}

// A mesh of these levels, finest first, with bounds and errors: the largest distance found between
// the vertices of one level and the surface of the other, both ways.
engine::world::Mesh make_mesh(const char* name, std::vector<engine::world::MeshLod> lods);

// Appends a level of a mesh, moved by X_AB, to another.
void append(engine::world::MeshLod& to, const engine::world::MeshLod& from,
            const engine::math::RigidTransform& X_AB);

// Appends a mesh to the scene and returns its index.
std::uint32_t add_mesh(engine::world::StaticScene& scene, engine::world::Mesh mesh);

}  // namespace huntsman::scenarios::catalogue
