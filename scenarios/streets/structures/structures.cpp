// Bridges and tunnels around the roads that run over and through them.
#include <algorithm>
#include <map>

#include "scenarios/streets/street_scene.h"
#include "scenarios/streets/structures/sweep.h"

namespace huntsman::scenarios::streets {

namespace math = engine::math;
namespace world = engine::world;
using catalogue::Colour;
using catalogue::MeshBuilder;
using world::kNone;
using world::Material;
using world::Semantic;

namespace {

constexpr double kDeck_m = 0.8;  // thickness
constexpr double kParapet_m = 0.95, kParapetWidth_m = 0.22;
constexpr double kPierEvery_m = 20.0, kColumn_m = 0.5, kBeam_m = 0.9;
constexpr double kTwoColumns_m = 9.0;  // wider decks stand on two columns
constexpr double kDeepest_m = 25.0;
constexpr double kPierClear_m = 0.8;  // from lanes below
constexpr double kCeiling_m = 5.2, kTunnelWall_m = 0.3;
constexpr Colour kConcreteColour{0.82F, 0.81F, 0.79F};

void finish(StreetScene& scene, MeshBuilder& builder, const Vec3& origin, const char* name) {
    world::MeshLod level = builder.finish();
    if (level.vertices.empty()) return;
    world::Mesh mesh;
    mesh.name = name;
    mesh.lods.push_back(std::move(level));
    world::update_bounds(mesh);
    scene.add_instance(catalogue::add_mesh(scene.world().scene, std::move(mesh)),
                       {math::Quat(1, 0, 0, 0), origin}, Semantic::kBuilding, world::kNoActor);
}

// The lowest height of a sheet at each point of its plan.
std::map<LatticePoint, std::int64_t> floor_of(const Sheet& sheet) {
    std::map<LatticePoint, std::int64_t> floor;
    for (const SheetVertex& v : sheet.vertices) {
        const auto [at, fresh] = floor.try_emplace(v.xy, v.z);
        if (!fresh) at->second = std::min(at->second, v.z);
    }
    return floor;
}

// A sheet once more, moved up or down and looking down.
void add_underside(MeshBuilder& builder, const Sheet& sheet,
                   const std::map<LatticePoint, std::int64_t>& floor, double by_m) {
    builder.use(Material::kConcrete, kConcreteColour);
    std::vector<std::uint32_t> names(sheet.vertices.size(), UINT32_MAX);
    for (const Sheet::Triangle& t : sheet.triangles) {
        for (const std::uint32_t v : t.v) {
            if (names[v] != UINT32_MAX) continue;
            const SheetVertex& vertex = sheet.vertices[v];
            const Vec2 xy = to_metres(vertex.xy);
            names[v] =
                builder.vertex(Vec3(xy, to_metres(floor.at(vertex.xy)) + by_m), -vertex.normal, xy);
        }
        builder.triangle(names[t.v[0]], names[t.v[2]], names[t.v[1]]);
    }
}

// Outline edges of a tile joined to lines; corners of more than 50 degrees end a line.
std::vector<std::vector<Vec3>> side_lines(const std::vector<OutlineEdge>& outline,
                                          std::uint32_t tile) {
    std::map<LatticePoint, std::size_t> starts;
    std::vector<OutlineEdge> edges;
    for (const OutlineEdge& e : outline) {
        if (e.sheet != tile) continue;
        starts.try_emplace(e.a, edges.size());
        edges.push_back(e);
    }
    // Edges that no other leads to come first, so that open lines are whole.
    std::vector<bool> led(edges.size(), false), used(edges.size(), false);
    const auto next = [&](std::size_t i) {
        const auto at = starts.find(edges[i].b);
        if (at == starts.end() || used[at->second]) return edges.size();
        const Vec2 in = to_metres(edges[i].b) - to_metres(edges[i].a);
        const OutlineEdge& f = edges[at->second];
        const Vec2 out = to_metres(f.b) - to_metres(f.a);
        constexpr double kCorner = 0.64;  // cos 50 degrees
        const bool smooth = glm::dot(in, out) > kCorner * glm::length(in) * glm::length(out);
        const bool level = std::abs(to_metres(edges[i].b_z - f.a_z)) < 0.05;
        return smooth && level ? at->second : edges.size();
    };
    for (std::size_t i = 0; i < edges.size(); ++i) {
        if (const std::size_t n = next(i); n < edges.size()) led[n] = true;
    }
    std::vector<std::vector<Vec3>> lines;
    for (const bool closed : {false, true}) {
        for (std::size_t i = 0; i < edges.size(); ++i) {
            if (used[i] || (led[i] && !closed)) continue;
            std::vector<Vec3> line{Vec3(to_metres(edges[i].a), to_metres(edges[i].a_z))};
            for (std::size_t at = i; at < edges.size(); at = next(at)) {
                used[at] = true;
                line.emplace_back(to_metres(edges[at].b), to_metres(edges[at].b_z));
            }
            lines.push_back(std::move(line));
        }
    }
    return lines;
}

// The line moved to its left (inwards) by a distance.
std::vector<Vec3> inwards(const std::vector<Vec3>& line, double by) {
    std::vector<Vec3> out;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const Vec2 way =
            math::xy(line[std::min(i + 1, line.size() - 1)] - line[i == 0 ? 0 : i - 1]);
        const Vec2 left = glm::length(way) > 1e-9 ? math::perp(glm::normalize(way)) : Vec2(0);
        out.push_back(line[i] + Vec3(by * left, 0));
    }
    return out;
}

double length_of(const std::vector<Vec3>& line) {
    double length = 0;
    for (std::size_t i = 0; i + 1 < line.size(); ++i) length += glm::length(line[i + 1] - line[i]);
    return length;
}

// Whether a line of a tile's outline is the end of its road.
bool runs_across(const Ground& ground, std::uint32_t tile, const std::vector<Vec3>& line) {
    const std::uint32_t road = ground.surface().tiles[tile].road;
    if (road == kNone) return false;
    const Vec2 way = math::xy(line[1] - line[0]);
    const auto place = ground.geometry().project(road, line[0]);
    const Vec2 along = math::direction(ground.geometry().reference(road, place.s_m).heading_rad);
    return std::abs(glm::dot(way, along)) < 0.6 * glm::length(way);
}

void add_bridge(StreetScene& scene, std::uint32_t index) {
    const Surface& surface = scene.ground().surface();
    const Sheet& sheet = surface.sheets[0][index];
    if (sheet.vertices.empty()) return;
    const Vec3 origin(to_metres(sheet.vertices[0].xy), to_metres(sheet.vertices[0].z));
    MeshBuilder builder;
    builder.place({math::Quat(1, 0, 0, 0), -origin});
    const auto floor = floor_of(sheet);
    add_underside(builder, sheet, floor, -kDeck_m);
    // Side faces, and where the deck ends the face of the abutment.
    for (const OutlineEdge& e : surface.outline) {
        if (e.sheet != index) continue;
        const Vec3 a(to_metres(e.a), to_metres(e.a_z)), b(to_metres(e.b), to_metres(e.b_z));
        const auto low = [&](const LatticePoint& p, const Vec3& top) {
            const auto at = floor.find(p);
            return Vec3(math::xy(top),
                        (at == floor.end() ? top.z : to_metres(at->second)) - kDeck_m);
        };
        const Vec3 face[] = {low(e.a, a), low(e.b, b), b, a};
        builder.face(face);
    }
    finish(scene, builder, origin, "bridge deck");

    // Parapets with a rail on top, just outside of the deck; none across its ends.
    Profile2 profile;
    profile.parts.push_back({{{0.5 * kParapetWidth_m, -0.5},
                              {0.5 * kParapetWidth_m, 0.55},
                              {-0.5 * kParapetWidth_m, 0.55},
                              {-0.5 * kParapetWidth_m, -0.5}},
                             Material::kConcrete,
                             kConcreteColour});
    profile.parts.push_back({{{0.03, kParapet_m - 0.06},
                              {0.03, kParapet_m},
                              {-0.03, kParapet_m},
                              {-0.03, kParapet_m - 0.06}},
                             Material::kMetal,
                             {0.55F, 0.57F, 0.58F}});
    for (const std::vector<Vec3>& line : side_lines(surface.outline, index)) {
        if (length_of(line) < 1.0 || runs_across(scene.ground(), index, line)) continue;
        sweep_body(scene, inwards(line, -0.5 * kParapetWidth_m), profile, Semantic::kFence,
                   kParapetWidth_m, kParapet_m, 2.5, kParapet_m - 0.03);
    }

    // Piers under the middle, beside what runs below.
    const Tile& tile = surface.tiles[index];
    if (tile.road == kNone) return;
    const auto& geometry = scene.ground().geometry();
    const int count = static_cast<int>((tile.s_end_m - tile.s_begin_m) / kPierEvery_m);
    for (int i = 0; i < count; ++i) {
        const double s = tile.s_begin_m + (tile.s_end_m - tile.s_begin_m) * (i + 0.5) / count;
        const std::uint32_t section = geometry.section_at(tile.road, s);
        double left = 0, right = 0;
        for (const world::ModelLane& lane :
             geometry.model().roads[tile.road].sections[section].lanes) {
            left = std::max(left, geometry.outer_t_m(tile.road, section, lane.id, s));
            right = std::min(right, geometry.outer_t_m(tile.road, section, lane.id, s));
        }
        for (const double shift : {0.0, 4.0, -4.0, 7.0, -7.0}) {
            const double at = s + shift;
            if (at < tile.s_begin_m || at > tile.s_end_m) continue;
            const Vec3 top = geometry.pose({tile.road, at, 0.5 * (left + right), 0}).p;
            const double yaw = geometry.reference(tile.road, at).heading_rad;
            const double width = left - right;
            // One column, or two under wide decks, with a beam on top.
            std::vector<double> columns{0.0};
            if (width > kTwoColumns_m) columns = {-0.27 * width, 0.27 * width};
            const double depth = std::min(kDeepest_m, top.z - scene.lowest_m() + 1.0);
            if (depth < kDeck_m + kBeam_m + 1.0) break;
            const auto X = math::upright(top - Vec3(0, 0, depth), yaw);
            const double height = depth - kDeck_m;
            bool blocked = false;
            for (const double y : columns) {
                for (double z = 1.5; z < height - 2.0; z += 1.5) {
                    blocked = blocked ||
                              scene.driven().paved(X * Vec3(0, y, z), kColumn_m + kPierClear_m);
                }
            }
            if (blocked) continue;
            MeshBuilder pier;
            pier.use(Material::kConcrete, kConcreteColour);
            pier.box({0, 0, height - 0.5 * kBeam_m},
                     {kColumn_m, std::abs(columns[0]) + 1.2 * kColumn_m, 0.5 * kBeam_m}, 0, true);
            for (const double y : columns) {
                pier.tube({0, y, 0}, {0, y, height - kBeam_m}, kColumn_m, kColumn_m, 12, false);
                scene.add_object(Semantic::kBuilding, X * math::upright({0, y, 0}, 0),
                                 {kColumn_m, kColumn_m, 2 * kColumn_m, height});
            }
            world::Mesh mesh;
            mesh.name = "pier";
            mesh.lods.push_back(pier.finish());
            world::update_bounds(mesh);
            scene.add_instance(catalogue::add_mesh(scene.world().scene, std::move(mesh)), X,
                               Semantic::kBuilding, world::kNoActor);
            break;
        }
    }
}

void add_tunnel(StreetScene& scene, std::uint32_t index) {
    const Surface& surface = scene.ground().surface();
    const Sheet& sheet = surface.sheets[0][index];
    if (sheet.vertices.empty()) return;
    const Vec3 origin(to_metres(sheet.vertices[0].xy), to_metres(sheet.vertices[0].z));
    MeshBuilder builder;
    builder.place({math::Quat(1, 0, 0, 0), -origin});
    add_underside(builder, sheet, floor_of(sheet), kCeiling_m);
    finish(scene, builder, origin, "tunnel ceiling");
    const Profile2 wall =
        block_profile(kTunnelWall_m, kCeiling_m + 0.1, Material::kConcrete, kConcreteColour);
    for (const std::vector<Vec3>& line : side_lines(surface.outline, index)) {
        if (length_of(line) < 1.0) continue;
        if (runs_across(scene.ground(), index, line)) continue;
        const auto middle = inwards(line, -0.5 * kTunnelWall_m);
        sweep_body(scene, middle, wall, Semantic::kBuilding, kTunnelWall_m, kCeiling_m, 0, 0);
    }
}

}  // namespace

void add_structures(StreetScene& scene) {
    const Surface& surface = scene.ground().surface();
    for (std::uint32_t t = 0; t < surface.tiles.size(); ++t) {
        if (surface.tiles[t].level == Level::kBridge) add_bridge(scene, t);
        if (surface.tiles[t].level == Level::kTunnel) add_tunnel(scene, t);
    }
}

}  // namespace huntsman::scenarios::streets
