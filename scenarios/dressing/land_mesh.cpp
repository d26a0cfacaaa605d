#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "scenarios/catalogue/simplify.h"
#include "scenarios/dressing/land.h"
#include "scenarios/streets/surface/tile_mesh.h"
#include "scenarios/streets/surface/triangulation.h"

namespace huntsman::scenarios::dressing {

namespace math = engine::math;
using catalogue::Colour;
using catalogue::MeshBuilder;
using namespace engine::world;
using streets::LatticePoint;
using streets::Triangulation;

namespace {

constexpr double kNear_m = 14.0;  // between points of the land among the roads
constexpr double kFar_m = 130.0;  // and outside
constexpr double kHorizon_m = 2600.0;
constexpr double kZoneStep_m = 4.0;  // along the edges of zones
constexpr double kTile_m = 80.0;
constexpr double kFarTile_m = 1300.0;

struct GroundFinish {
    Material material;
    Colour colour;
};
GroundFinish finish_of(Ground ground) {
    switch (ground) {
        case Ground::kGrass:
            return {Material::kGrass, {0.92F, 0.95F, 0.85F}};
        case Ground::kLawn:
            return {Material::kGrass, {0.85F, 1.05F, 0.8F}};
        case Ground::kPaved:
            return {Material::kConcrete, {0.6F, 0.6F, 0.59F}};
        case Ground::kSlabs:
            return {Material::kPaving, {0.88F, 0.87F, 0.84F}};
        case Ground::kSoil:
            return {Material::kSoil, {1, 1, 1}};
        case Ground::kGravel:
            return {Material::kSoil, {1.35F, 1.3F, 1.2F}};
    }
    return {Material::kGrass, {1, 1, 1}};
}

bool inside(const Vec2& p, const Zone& zone) { return math::inside_polygon(p, zone.border); }

// The steps of a zone's border are short, so that a long edge follows the ground.
streets::Ring short_steps(const Zone& zone) {
    streets::Ring ring;
    for (std::size_t i = 0; i < zone.border.size(); ++i) {
        const Vec2 &a = zone.border[i], &b = zone.border[(i + 1) % zone.border.size()];
        const int steps = std::max(1, static_cast<int>(glm::length(b - a) / kZoneStep_m));
        for (int k = 0; k < steps; ++k) {
            ring.push_back(streets::to_lattice(a + (b - a) * (static_cast<double>(k) / steps)));
        }
    }
    return ring;
}

// The triangles of the land and what they are covered with.
class LandMesh {
  public:
    LandMesh(const streets::Outline& outline, const Land& land, const std::vector<Zone>& zones,
             const LandHeight& height);
    void add_to(StaticScene& scene) const;

  private:
    // Among the roads or outside (0 or 1), row, column.
    using Tile = std::array<int, 3>;
    static constexpr double kAround_m = 150.0;  // of the roads: still among them
    static constexpr int kRoad = -1;            // in place of a ground

    void add_ring(const std::vector<Vec3>& border);
    void add_points(const Land& land);
    void find_cover();
    std::map<Tile, std::vector<std::uint32_t>> tiles() const;
    MeshLod mesh_of(const Tile& tile, const std::vector<std::uint32_t>& members) const;
    bool among(const Vec2& p) const {
        return p.x > near_low_.x && p.x < near_high_.x && p.y > near_low_.y && p.y < near_high_.y;
    }
    Vec2 at(std::uint32_t i) const { return streets::to_metres(mesh_.points()[i]); }
    double z_at(std::uint32_t i) const {
        const auto exact = known_.find(mesh_.points()[i]);
        return exact != known_.end() ? exact->second : height_(at(i));
    }
    Vec3 normal_at(const Vec2& p) const;

    const std::vector<Zone>& zones_;
    const LandHeight& height_;
    Vec2 low_, high_;
    Vec2 near_low_, near_high_;
    Triangulation mesh_;
    std::map<LatticePoint, double> known_;  // heights that are known exactly
    streets::Rings covered_;                // by roads
    std::vector<std::uint32_t> label_;      // the part that each triangle belongs to
    std::vector<int> cover_;                // of each part: its ground or kRoad
};

LandMesh::LandMesh(const streets::Outline& outline, const Land& land,
                   const std::vector<Zone>& zones, const LandHeight& height)
    : zones_(zones),
      height_(height),
      low_(land.low - kHorizon_m),
      high_(land.high + kHorizon_m),
      near_low_(land.low - kAround_m),
      near_high_(land.high + kAround_m),
      mesh_(streets::to_lattice(low_), streets::to_lattice(high_)) {
    for (const streets::OutlinePolygon& polygon : outline.ground) {
        add_ring(polygon.border);
        for (const auto& hole : polygon.holes) add_ring(hole);
    }
    streets::Rings borders = covered_;
    for (const Zone& zone : zones) borders.push_back(short_steps(zone));
    mesh_.add_rings(borders);
    add_points(land);
    find_cover();
}

void LandMesh::add_ring(const std::vector<Vec3>& border) {
    covered_.emplace_back();
    for (const Vec3& p : border) {
        covered_.back().push_back(streets::to_lattice(math::xy(p)));
        known_[covered_.back().back()] = p.z;
    }
}

// Points between: close among the roads, far apart outside.
void LandMesh::add_points(const Land& land) {
    for (double y = near_low_.y; y <= near_high_.y; y += kNear_m) {
        for (double x = near_low_.x; x <= near_high_.x; x += kNear_m) {
            if (!land.near_road({x, y})) mesh_.add_point(streets::to_lattice(Vec2(x, y)));
        }
    }
    for (double y = low_.y + 1; y < high_.y; y += kFar_m) {
        for (double x = low_.x + 1; x < high_.x; x += kFar_m) {
            if (!among({x, y})) mesh_.add_point(streets::to_lattice(Vec2(x, y)));
        }
    }
}

// What each part is covered with: parts are what fixed edges enclose.
void LandMesh::find_cover() {
    const std::uint32_t parts = mesh_.label(label_);
    cover_.assign(parts, static_cast<int>(Ground::kGrass));
    const streets::InsideTest on_road(covered_);
    const auto& triangles = mesh_.triangles();
    std::vector<double> size(parts, 0.0);
    std::vector<Vec2> middle(parts);
    for (std::size_t t = 0; t < triangles.size(); ++t) {
        const auto& p = triangles[t].points;
        const double area = math::cross(at(p[1]) - at(p[0]), at(p[2]) - at(p[0]));
        if (area <= size[label_[t]]) continue;
        size[label_[t]] = area;  // the middle of the largest triangle is safest
        middle[label_[t]] = (at(p[0]) + at(p[1]) + at(p[2])) / 3.0;
    }
    for (std::uint32_t part = 0; part < parts; ++part) {
        if (on_road(middle[part])) {
            cover_[part] = kRoad;
            continue;
        }
        for (std::size_t z = zones_.size(); z-- > 0;) {
            if (!inside(middle[part], zones_[z])) continue;
            cover_[part] = static_cast<int>(zones_[z].ground);
            break;
        }
    }
}

std::map<LandMesh::Tile, std::vector<std::uint32_t>> LandMesh::tiles() const {
    const auto& triangles = mesh_.triangles();
    std::map<Tile, std::vector<std::uint32_t>> found;
    for (std::uint32_t t = 0; t < triangles.size(); ++t) {
        const auto& p = triangles[t].points;
        const bool corner = std::any_of(
            p.begin(), p.end(), [](std::uint32_t i) { return i < Triangulation::kOwnPoints; });
        if (corner || cover_[label_[t]] == kRoad) continue;
        const Vec2 centre = (at(p[0]) + at(p[1]) + at(p[2])) / 3.0;
        const bool near = among(centre);
        const double tile = near ? kTile_m : kFarTile_m;
        found[{near ? 0 : 1, static_cast<int>(std::floor(centre.y / tile)),
               static_cast<int>(std::floor(centre.x / tile))}]
            .push_back(t);
    }
    return found;
}

Vec3 LandMesh::normal_at(const Vec2& p) const {
    constexpr double kStep_m = 2.0;
    return glm::normalize(Vec3((height_(p - Vec2(kStep_m, 0)) - height_(p + Vec2(kStep_m, 0))),
                               (height_(p - Vec2(0, kStep_m)) - height_(p + Vec2(0, kStep_m))),
                               2 * kStep_m));
}

MeshLod LandMesh::mesh_of(const Tile& tile, const std::vector<std::uint32_t>& members) const {
    const double side = tile[0] == 0 ? kTile_m : kFarTile_m;
    const Vec2 middle((tile[2] + 0.5) * side, (tile[1] + 0.5) * side);
    MeshBuilder builder;
    for (int ground = 0; ground <= static_cast<int>(Ground::kGravel); ++ground) {
        GroundFinish finish = finish_of(static_cast<Ground>(ground));
        if (finish.material == Material::kPaving) finish.material = streets::paving_of(middle);
        std::map<std::uint32_t, std::uint32_t> vertex;
        bool used = false;
        for (const std::uint32_t t : members) {
            if (cover_[label_[t]] != ground) continue;
            if (!used) builder.use(finish.material, finish.colour);
            used = true;
            std::uint32_t corner[3];
            for (std::size_t k = 0; k < 3; ++k) {
                const std::uint32_t i = mesh_.triangles()[t].points[k];
                const auto found = vertex.find(i);
                if (found != vertex.end()) {
                    corner[k] = found->second;
                    continue;
                }
                const Vec2 p = at(i);
                corner[k] = builder.vertex(Vec3(p, z_at(i)), normal_at(p), p);
                vertex[i] = corner[k];
            }
            builder.triangle(corner[0], corner[1], corner[2]);
        }
    }
    return builder.finish();
}

void LandMesh::add_to(StaticScene& scene) const {
    for (const auto& [tile, members] : tiles()) {
        engine::world::Mesh piece = catalogue::make_mesh("land", {mesh_of(tile, members)});
        constexpr float kErrors_m[] = {0.03F, 0.12F, 0.3F, 1.0F};
        catalogue::add_levels(piece, kErrors_m);
        Instance instance;
        instance.mesh = catalogue::add_mesh(scene, std::move(piece));
        instance.semantic = Semantic::kTerrain;
        instance.casts_shadow = false;
        scene.instances.push_back(instance);
    }
}

}  // namespace

void add_land(const streets::Outline& outline, const Land& land, const std::vector<Zone>& zones,
              const LandHeight& height, World& world) {
    LandMesh(outline, land, zones, height).add_to(world.scene);
}

}  // namespace huntsman::scenarios::dressing
