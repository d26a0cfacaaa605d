#include <algorithm>
#include <cmath>
#include <map>

#include "scenarios/catalogue/simplify.h"
#include "scenarios/dressing/land.h"
#include "scenarios/streets/tile_mesh.h"
#include "scenarios/streets/triangulation.h"

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

struct Look {
    Material material;
    Colour colour;
};
Look look_of(Ground ground) {
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

}  // namespace

void add_land(const streets::Outline& outline, const Land& land, const std::vector<Zone>& zones,
              const LandHeight& height, World& world) {
    const Vec2 low = land.low - kHorizon_m, high = land.high + kHorizon_m;
    Triangulation mesh(streets::to_lattice(low), streets::to_lattice(high));
    // Heights that are known exactly.
    std::map<LatticePoint, double> known;
    streets::Rings covered;
    const auto add_ring = [&](const std::vector<Vec3>& border) {
        covered.emplace_back();
        for (const Vec3& p : border) {
            covered.back().push_back(streets::to_lattice(math::xy(p)));
            known[covered.back().back()] = p.z;
        }
    };
    for (const streets::OutlinePolygon& polygon : outline.ground) {
        add_ring(polygon.border);
        for (const auto& hole : polygon.holes) add_ring(hole);
    }
    streets::Rings borders = covered;
    for (const Zone& zone : zones) {
        streets::Ring ring;
        // In short steps, so that a long edge follows the ground.
        for (std::size_t i = 0; i < zone.border.size(); ++i) {
            const Vec2 &a = zone.border[i], &b = zone.border[(i + 1) % zone.border.size()];
            const int steps = std::max(1, static_cast<int>(glm::length(b - a) / kZoneStep_m));
            for (int k = 0; k < steps; ++k) {
                ring.push_back(streets::to_lattice(a + (b - a) * (static_cast<double>(k) / steps)));
            }
        }
        borders.push_back(std::move(ring));
    }
    mesh.add_rings(borders);
    // Points between: close among the roads, far apart outside.
    constexpr double kAround_m = 150.0;
    const Vec2 near_low = land.low - kAround_m, near_high = land.high + kAround_m;
    for (double y = near_low.y; y <= near_high.y; y += kNear_m) {
        for (double x = near_low.x; x <= near_high.x; x += kNear_m) {
            if (!land.near_road({x, y})) mesh.add_point(streets::to_lattice(Vec2(x, y)));
        }
    }
    for (double y = low.y + 1; y < high.y; y += kFar_m) {
        for (double x = low.x + 1; x < high.x; x += kFar_m) {
            const bool among =
                x > near_low.x && x < near_high.x && y > near_low.y && y < near_high.y;
            if (!among) mesh.add_point(streets::to_lattice(Vec2(x, y)));
        }
    }

    // What each part is covered with: parts are what fixed edges enclose.
    std::vector<std::uint32_t> label;
    const std::uint32_t parts = mesh.label(label);
    constexpr int kUnknown = -2, kRoad = -1;
    std::vector<int> cover(parts, kUnknown);
    const streets::InsideTest on_road(covered);
    const auto& points = mesh.points();
    const auto& triangles = mesh.triangles();
    const auto at = [&](std::uint32_t i) { return streets::to_metres(points[i]); };
    std::vector<double> size(parts, 0.0);
    std::vector<Vec2> middle(parts);
    for (std::size_t t = 0; t < triangles.size(); ++t) {
        const auto& p = triangles[t].points;
        const double area = math::cross(at(p[1]) - at(p[0]), at(p[2]) - at(p[0]));
        if (area <= size[label[t]]) continue;
        size[label[t]] = area;  // the middle of the largest triangle is safest
        middle[label[t]] = (at(p[0]) + at(p[1]) + at(p[2])) / 3.0;
    }
    for (std::uint32_t part = 0; part < parts; ++part) {
        cover[part] = static_cast<int>(Ground::kGrass);
        if (on_road(middle[part])) {
            cover[part] = kRoad;
            continue;
        }
        for (std::size_t z = zones.size(); z-- > 0;) {
            if (!inside(middle[part], zones[z])) continue;
            cover[part] = static_cast<int>(zones[z].ground);
            break;
        }
    }

    // Triangles into tiles.
    const auto z_at = [&](std::uint32_t i) {
        const auto exact = known.find(points[i]);
        return exact != known.end() ? exact->second : height(at(i));
    };
    std::map<std::array<int, 4>, std::vector<std::uint32_t>> tiles;
    for (std::uint32_t t = 0; t < triangles.size(); ++t) {
        const auto& p = triangles[t].points;
        const bool corner = std::any_of(
            p.begin(), p.end(), [](std::uint32_t i) { return i < Triangulation::kOwnPoints; });
        if (corner || cover[label[t]] == kRoad) continue;
        const Vec2 centre = (at(p[0]) + at(p[1]) + at(p[2])) / 3.0;
        const bool among = centre.x > near_low.x && centre.x < near_high.x &&
                           centre.y > near_low.y && centre.y < near_high.y;
        const double tile = among ? kTile_m : kFarTile_m;
        tiles[{among ? 0 : 1, static_cast<int>(std::floor(centre.y / tile)),
               static_cast<int>(std::floor(centre.x / tile)), 0}]
            .push_back(t);
    }
    const auto middle_of = [&](const std::array<int, 4>& tile) {
        const double side = tile[0] == 0 ? kTile_m : kFarTile_m;
        return Vec2((tile[2] + 0.5) * side, (tile[1] + 0.5) * side);
    };
    for (const auto& [tile, members] : tiles) {
        MeshBuilder builder;
        for (int ground = 0; ground <= static_cast<int>(Ground::kGravel); ++ground) {
            Look look = look_of(static_cast<Ground>(ground));
            if (look.material == Material::kPaving)
                look.material = streets::paving_of(middle_of(tile));
            std::map<std::uint32_t, std::uint32_t> vertex;
            bool used = false;
            for (const std::uint32_t t : members) {
                if (cover[label[t]] != ground) continue;
                if (!used) builder.use(look.material, look.colour);
                used = true;
                std::uint32_t corner[3];
                for (std::size_t k = 0; k < 3; ++k) {
                    const std::uint32_t i = triangles[t].points[k];
                    const auto found = vertex.find(i);
                    if (found != vertex.end()) {
                        corner[k] = found->second;
                        continue;
                    }
                    const Vec2 p = at(i);
                    constexpr double kStep_m = 2.0;
                    const Vec3 normal = glm::normalize(
                        Vec3((height(p - Vec2(kStep_m, 0)) - height(p + Vec2(kStep_m, 0))),
                             (height(p - Vec2(0, kStep_m)) - height(p + Vec2(0, kStep_m))),
                             2 * kStep_m));
                    corner[k] = builder.vertex(Vec3(p, z_at(i)), normal, p);
                    vertex[i] = corner[k];
                }
                builder.triangle(corner[0], corner[1], corner[2]);
            }
        }
        if (builder.empty()) continue;
        engine::world::Mesh piece = catalogue::make_mesh("land", {builder.finish()});
        constexpr float kErrors_m[] = {0.03F, 0.12F, 0.3F, 1.0F};
        catalogue::add_levels(piece, kErrors_m);
        Instance instance;
        instance.mesh = catalogue::add_mesh(world.scene, std::move(piece));
        instance.semantic = Semantic::kTerrain;
        instance.casts_shadow = false;
        world.scene.instances.push_back(instance);
    }
}

}  // namespace huntsman::scenarios::dressing
