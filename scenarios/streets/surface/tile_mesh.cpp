#include "scenarios/streets/surface/tile_mesh.h"

#include <algorithm>
#include <unordered_map>

#include "engine/core/random.h"

namespace huntsman::scenarios::streets {

namespace math = engine::math;
namespace world = engine::world;
using catalogue::Colour;
using catalogue::MeshBuilder;
using world::Material;
using world::Semantic;

namespace {

// Origins lie on multiples of this: all ground textures repeat in it.
constexpr double kTextureStep_m = 12.0;

constexpr double kDistrict_m = 170.0;

// Draws of a district: all that lies in one is paved alike.
engine::core::Key district(const Vec2& p) {
    const auto cell = [](double x) {
        return static_cast<std::uint64_t>(static_cast<std::int64_t>(std::floor(x / kDistrict_m)));
    };
    return engine::core::Key(cell(p.x)).with(cell(p.y)).with("district");
}
Material kerb_of(const Vec2& p) {
    return paving_of(p) == Material::kCobbles || district(p).uniform(1) < 0.3 ? Material::kGranite
                                                                              : Material::kKerb;
}

struct Dress {
    Material material;
    Colour colour;
    Semantic semantic;
};

Dress dress_of(Cover cover, const Vec2& origin) {
    switch (cover) {
        case Cover::kAsphalt:
            return {Material::kCarriageway, {0.9F, 0.9F, 0.9F}, Semantic::kRoad};
        case Cover::kCycleway:
            return {Material::kAsphalt, {1.0F, 0.52F, 0.42F}, Semantic::kRoad};
        case Cover::kGutter:
            return {Material::kConcrete, {0.8F, 0.79F, 0.77F}, Semantic::kRoad};
        case Cover::kPaving:
            return {paving_of(origin), {0.95F, 0.94F, 0.92F}, Semantic::kSidewalk};
        case Cover::kKerbStone:
            return {kerb_of(origin), {1, 1, 1}, Semantic::kKerb};
        case Cover::kIsland:
            return {Material::kPaving, {0.82F, 0.82F, 0.8F}, Semantic::kSidewalk};
        case Cover::kGrass:
            return {Material::kGrass, {0.95F, 0.95F, 0.95F}, Semantic::kTerrain};
        case Cover::kGravel:
        case Cover::kCount:
            break;
    }
    return {Material::kSoil, {0.8F, 0.78F, 0.75F}, Semantic::kTerrain};
}

// Paving lies along its road, all else in W.
bool along_road(Cover cover) {
    return cover == Cover::kPaving || cover == Cover::kKerbStone || cover == Cover::kIsland;
}

// Texture coordinates of a point of the carriageway; without a lane, as in junctions, everywhere
// those of an unmarked spot.
Vec2 wear_at(const LaneMap* lane, const Vec2& xy) {
    if (lane == nullptr) {
        const auto uv = world::wear_uv(world::LaneUse::kOther, 0.5, 0);
        return {uv[0], uv[1]};
    }
    const Vec2 place = lane->at(xy);
    // Each lane begins somewhere else in the pattern.
    const double start = engine::core::Key(lane->name).with("wear").uniform(0) * world::kWearMetres;
    const auto uv = world::wear_uv(lane->use, std::clamp(place.x, 0.0, 1.0), place.y + start);
    return {uv[0], uv[1]};
}

// A vertex of lanes side by side, which is one where they look alike.
struct VertexKey {
    LatticePoint xy;
    std::int64_t z;
    LatticePoint wear{0, 0};
    bool operator==(const VertexKey&) const = default;
};
struct VertexHash {
    std::size_t operator()(const VertexKey& key) const {
        std::uint64_t h = static_cast<std::uint64_t>(key.xy.x) * 0x9e3779b97f4a7c15ULL;
        h = (h ^ static_cast<std::uint64_t>(key.xy.y)) * 0xc2b2ae3d27d4eb4fULL;
        h = (h ^ static_cast<std::uint64_t>(key.z)) * 0x165667b19e3779f9ULL;
        h = (h ^ static_cast<std::uint64_t>(key.wear.x)) * 0x9e3779b97f4a7c15ULL;
        h = (h ^ static_cast<std::uint64_t>(key.wear.y)) * 0xc2b2ae3d27d4eb4fULL;
        return static_cast<std::size_t>(h ^ h >> 29);
    }
};

void build_cover(const Sheet& sheet, Cover cover, const Vec3& origin, MeshBuilder& builder) {
    const Dress dress = dress_of(cover, math::xy(origin));
    bool used = false;
    std::unordered_map<VertexKey, std::uint32_t, VertexHash> shared;  // looked up only
    std::vector<std::uint32_t> names;
    for (const Sheet::Triangle& t : sheet.triangles) {
        if (t.cover != cover) continue;
        if (!used) {
            builder.use(dress.material, dress.colour, dress.semantic);
            names.assign(sheet.vertices.size(), UINT32_MAX);
            used = true;
        }
        std::array<std::uint32_t, 3> corners{};
        for (unsigned i = 0; i < 3; ++i) {
            const std::uint32_t v = t.v[i];
            const SheetVertex& vertex = sheet.vertices[v];
            const Vec2 xy = to_metres(vertex.xy);
            const Vec3 p(xy, to_metres(vertex.z));
            if (along_road(cover)) {
                if (names[v] == UINT32_MAX) {
                    names[v] = builder.vertex(p, vertex.normal, vertex.st);
                }
                corners[i] = names[v];
                continue;
            }
            const Vec2 uv =
                cover == Cover::kAsphalt
                    ? wear_at(t.lane == world::kNone ? nullptr : &sheet.lanes[t.lane], xy)
                    : xy - math::xy(origin);
            const VertexKey key{vertex.xy, vertex.z,
                                cover == Cover::kAsphalt ? to_lattice(uv) : LatticePoint{}};
            const auto [place, fresh] = shared.try_emplace(key, 0U);
            if (fresh) place->second = builder.vertex(p, vertex.normal, uv);
            corners[i] = place->second;
        }
        builder.triangle(corners[0], corners[1], corners[2]);
    }
}

void build_wall(const Wall& wall, const Vec3& origin, MeshBuilder& builder) {
    const bool stone = wall.cover == Cover::kPaving || wall.cover == Cover::kIsland ||
                       wall.cover == Cover::kKerbStone || wall.cover == Cover::kGrass;
    if (wall.skirt) {
        builder.use(Material::kSoil, {0.8F, 0.78F, 0.75F}, Semantic::kTerrain);
    } else if (stone) {
        builder.use(kerb_of(math::xy(origin)), {1, 1, 1}, Semantic::kKerb);
    } else {
        builder.use(Material::kAsphalt, {0.9F, 0.9F, 0.9F}, Semantic::kRoad);
    }
    const Vec2 a = to_metres(wall.a), b = to_metres(wall.b);
    const double length = glm::length(b - a);
    const Vec3 al(a, to_metres(wall.a_low)), ah(a, to_metres(wall.a_high)),
        bl(b, to_metres(wall.b_low)), bh(b, to_metres(wall.b_high));
    // The face looks to the right of a -> b.
    const Vec3 n(-math::perp(b - a) / std::max(1e-9, length), 0);
    const double u = glm::dot(a - math::xy(origin), (b - a) / std::max(1e-9, length));
    const auto v0 = builder.vertex(al, n, {u, al.z - ah.z});
    const auto v1 = builder.vertex(bl, n, {u + length, bl.z - bh.z});
    const auto v2 = builder.vertex(bh, n, {u + length, 0});
    const auto v3 = builder.vertex(ah, n, {u, 0});
    if (wall.b_high != wall.b_low) builder.triangle(v0, v1, v2);
    if (wall.a_high != wall.a_low) builder.triangle(v0, v2, v3);
}

void build_level(const Sheet& sheet, bool skirts, const Vec3& origin, MeshBuilder& builder) {
    builder.place({math::Quat(1, 0, 0, 0), -origin});
    for (std::size_t k = 0; k < static_cast<std::size_t>(Cover::kCount); ++k) {
        build_cover(sheet, static_cast<Cover>(k), origin, builder);
    }
    for (const Wall& wall : sheet.walls) {
        if (!wall.skirt || skirts) build_wall(wall, origin, builder);
    }
}

}  // namespace

Material paving_of(const Vec2& p) {
    const double draw = district(p).uniform(0);
    return draw < 0.5 ? Material::kPaving : draw < 0.88 ? Material::kPavers : Material::kCobbles;
}

TileMesh begin_tile(const Surface& surface, std::size_t tile) {
    TileMesh out;
    const Sheet& finest = surface.sheets[0][tile];
    if (finest.vertices.empty()) return out;
    const Vec2 p = to_metres(finest.vertices[0].xy);
    out.origin = {kTextureStep_m * std::round(p.x / kTextureStep_m),
                  kTextureStep_m * std::round(p.y / kTextureStep_m),
                  std::round(to_metres(finest.vertices[0].z))};
    for (std::size_t level = 0; level < kLevels; ++level) {
        // Decks of bridges have sides of their own.
        build_level(surface.sheets[level][tile], surface.tiles[tile].level != Level::kBridge,
                    out.origin, out.builders[level]);
    }
    return out;
}

void finish_tile(const TileMesh& tile, const char* name, world::World& world) {
    world::Mesh mesh;
    mesh.name = name;
    for (std::size_t level = 0; level < kLevels; ++level) {
        world::MeshLod lod = tile.builders[level].finish();
        if (lod.vertices.empty()) break;
        lod.error_m = static_cast<float>(kLevelsOfDetail[level].error_m);
        mesh.lods.push_back(std::move(lod));
    }
    if (mesh.lods.empty()) return;
    world::update_bounds(mesh);
    world::Instance instance;
    instance.mesh = catalogue::add_mesh(world.scene, std::move(mesh));
    instance.X_WM.p = tile.origin;
    instance.semantic = Semantic::kRoad;
    instance.casts_shadow = false;
    world.scene.instances.push_back(instance);
}

}  // namespace huntsman::scenarios::streets
