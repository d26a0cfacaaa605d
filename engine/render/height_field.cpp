#include "engine/render/height_field.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/core/check.h"
#include "engine/render/materials.h"

namespace huntsman::engine::render {

using math::Vec2;
using math::Vec3;
using world::Semantic;

namespace {

constexpr double kMargin_m = 60, kMostSide_m = 4400;
constexpr float kNone_m = -1e9F;

enum class Role { kNone, kGround, kSolid };
Role role_of(Semantic semantic) {
    switch (semantic) {
        case Semantic::kRoad:
        case Semantic::kSidewalk:
        case Semantic::kKerb:
        case Semantic::kTerrain:
            return Role::kGround;
        case Semantic::kBuilding:
            return Role::kSolid;
        default:
            return Role::kNone;
    }
}

// Mean albedo of a texture layer, from its last level.
Vec3 mean_albedo(const BakedTextures& textures, TextureLayer layer) {
    const std::size_t last = textures.texels.size() - 4 * static_cast<std::size_t>(textures.layers);
    const std::byte* texel = textures.texels.data() + last + 4 * static_cast<std::size_t>(layer);
    Vec3 c;
    for (int i = 0; i < 3; ++i) c[i] = math::square(std::to_integer<int>(texel[i]) / 255.0);
    return c;
}

std::uint8_t quantised(double x) {
    return static_cast<std::uint8_t>(std::clamp(x, 0.0, 1.0) * 255 + 0.5);
}

// A triangle of the scene in W.
struct Facet {
    std::array<Vec3, 3> p;
    Vec3 normal;
    Vec3 albedo;
    Role role = Role::kNone;
};

// Calls `use` for each triangle of ground and houses.
template <typename Use>
void for_each_facet(const world::World& world, const std::vector<Vec3>& means, const Use& use) {
    for (const world::Instance& instance : world.scene.instances) {
        const world::MeshLod& lod = world.scene.meshes[instance.mesh].lods.back();
        for (const world::Submesh& submesh : lod.submeshes) {
            const Semantic semantic =
                submesh.semantic == Semantic::kNothing ? instance.semantic : submesh.semantic;
            Facet facet{.role = role_of(semantic)};
            if (facet.role == Role::kNone) continue;
            const Look& look = look_of(submesh.material);
            Vec3 albedo(look.albedo[0], look.albedo[1], look.albedo[2]);
            if (look.surface != SurfaceClass::kPlain) {
                albedo *= means[static_cast<std::size_t>(look.layer)];
            }
            if (look.tinted) {
                albedo *= Vec3(instance.tint[0], instance.tint[1], instance.tint[2]);
            }
            for (std::uint32_t i = 0; i + 2 < submesh.index_count; i += 3) {
                Vec3 colour(0);
                for (std::size_t k = 0; k < 3; ++k) {
                    const world::Vertex& v = lod.vertices[lod.indices[submesh.first_index + i + k]];
                    facet.p[k] = instance.X_WM * Vec3(v.p[0], v.p[1], v.p[2]);
                    colour += Vec3(v.colour[0], v.colour[1], v.colour[2]) / 3.0;
                }
                const Vec3 across = glm::cross(facet.p[1] - facet.p[0], facet.p[2] - facet.p[0]);
                const double length = glm::length(across);
                if (length < 1e-9) continue;
                facet.normal = across / length;
                facet.albedo = albedo * colour;
                use(facet);
            }
        }
    }
}

// Weighted colours of a cell's walls.
struct Sum {
    Vec3 albedo{0, 0, 0};
    double weight = 0;
};

// The part of the plan that houses stand on; turned inside out where there are none.
void bound_houses(const world::World& world, Vec2& low, Vec2& high) {
    for (const world::Instance& instance : world.scene.instances) {
        if (role_of(instance.semantic) != Role::kSolid) continue;
        const world::Mesh& mesh = world.scene.meshes[instance.mesh];
        const Vec2 centre = math::xy(instance.X_WM * mesh.centre);
        low = glm::min(low, centre - mesh.radius_m);
        high = glm::max(high, centre + mesh.radius_m);
    }
}

// What no ground covers lies as high as its neighbour; houses stand on the ground.
void settle(std::vector<HeightField::Cell>& cells, const std::vector<Sum>& walls) {
    float last = 0;
    for (const HeightField::Cell& cell : cells) {
        if (cell.ground_m > kNone_m) {
            last = cell.ground_m;
            break;
        }
    }
    constexpr std::uint8_t kUnknownWall = 80;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        HeightField::Cell& cell = cells[i];
        if (cell.ground_m == kNone_m) cell.ground_m = last;
        last = cell.ground_m;
        cell.top_m = std::max(cell.top_m, cell.ground_m);
        cell.wall_albedo.fill(kUnknownWall);
        if (walls[i].weight > 0) {
            for (std::size_t k = 0; k < 3; ++k) {
                cell.wall_albedo[k] =
                    quantised(walls[i].albedo[static_cast<int>(k)] / walls[i].weight);
            }
        }
    }
}

}  // namespace

HeightField::HeightField(const world::World& world, const BakedTextures& textures) {
    std::vector<Vec3> means;
    for (int layer = 0; layer < textures.layers; ++layer) {
        means.push_back(mean_albedo(textures, static_cast<TextureLayer>(layer)));
    }

    // The field covers all houses with a margin; without houses there is nothing to keep light
    // away.
    Vec2 low(1e9), high(-1e9);
    bound_houses(world, low, high);
    if (low.x > high.x) return;
    low = glm::max(low - kMargin_m, Vec2(-0.5 * kMostSide_m));
    high = glm::min(high + kMargin_m, Vec2(0.5 * kMostSide_m));
    if (low.x >= high.x || low.y >= high.y) return;
    low_ = low;
    columns_ = static_cast<int>(std::ceil((high.x - low.x) / kCell_m));
    rows_ = static_cast<int>(std::ceil((high.y - low.y) / kCell_m));
    Cell blank;
    blank.ground_m = blank.top_m = kNone_m;
    cells_.assign(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_), blank);
    std::vector<Sum> walls(cells_.size());

    for_each_facet(world, means, [&](const Facet& facet) {
        const auto& p = facet.p;
        const auto column = [&](double x) { return (x - low_.x) / kCell_m; };
        const auto row = [&](double y) { return (y - low_.y) / kCell_m; };
        if (std::abs(facet.normal.z) > 0.25) {
            // Cells whose centres lie below the triangle.
            const double area = math::cross(math::xy(p[1] - p[0]), math::xy(p[2] - p[0]));
            const auto [x0, x1] = std::minmax({p[0].x, p[1].x, p[2].x});
            const auto [y0, y1] = std::minmax({p[0].y, p[1].y, p[2].y});
            const int i0 = std::max(0, static_cast<int>(std::ceil(column(x0) - 0.5)));
            const int i1 = std::min(columns_ - 1, static_cast<int>(std::floor(column(x1) - 0.5)));
            const int j0 = std::max(0, static_cast<int>(std::ceil(row(y0) - 0.5)));
            const int j1 = std::min(rows_ - 1, static_cast<int>(std::floor(row(y1) - 0.5)));
            for (int j = j0; j <= j1; ++j) {
                for (int i = i0; i <= i1; ++i) {
                    const Vec2 c = low_ + (Vec2(i, j) + 0.5) * kCell_m;
                    const double u = math::cross(math::xy(p[1]) - c, math::xy(p[2]) - c) / area;
                    const double v = math::cross(math::xy(p[2]) - c, math::xy(p[0]) - c) / area;
                    if (u < 0 || v < 0 || u + v > 1) continue;
                    const auto z =
                        static_cast<float>(u * p[0].z + v * p[1].z + (1 - u - v) * p[2].z);
                    Cell& cell =
                        cells_[static_cast<std::size_t>(j) * static_cast<std::size_t>(columns_) +
                               static_cast<std::size_t>(i)];
                    if (facet.role == Role::kSolid) {
                        cell.top_m = std::max(cell.top_m, z);
                    } else if (z > cell.ground_m) {
                        cell.ground_m = z;
                        for (std::size_t k = 0; k < 3; ++k) {
                            cell.ground_albedo[k] = quantised(facet.albedo[static_cast<int>(k)]);
                        }
                    }
                }
            }
        } else if (facet.role == Role::kSolid) {
            // Walls: their colour goes to the cells along them, half a cell inwards.
            const double area = 0.5 * glm::length(glm::cross(p[1] - p[0], p[2] - p[0]));
            const Vec2 inwards = -math::xy(facet.normal) * (0.5 * kCell_m);
            for (int k = 0; k < 12; ++k) {
                // A few points spread over the triangle.
                const double u = std::sqrt((k + 0.5) / 12), v = (k * 5 % 12 + 0.5) / 12;
                const Vec3 at = p[0] * (1 - u) + p[1] * (u * (1 - v)) + p[2] * (u * v);
                const Vec2 q = math::xy(at) + inwards;
                const int i = static_cast<int>(column(q.x)), j = static_cast<int>(row(q.y));
                if (i < 0 || j < 0 || i >= columns_ || j >= rows_) continue;
                Sum& sum = walls[static_cast<std::size_t>(j) * static_cast<std::size_t>(columns_) +
                                 static_cast<std::size_t>(i)];
                sum.albedo += facet.albedo * area;
                sum.weight += area;
            }
        }
    });

    settle(cells_, walls);
}

const HeightField::Cell& HeightField::at(double x, double y) const {
    const int i = std::clamp(static_cast<int>((x - low_.x) / kCell_m), 0, columns_ - 1);
    const int j = std::clamp(static_cast<int>((y - low_.y) / kCell_m), 0, rows_ - 1);
    return cells_[static_cast<std::size_t>(j) * static_cast<std::size_t>(columns_) +
                  static_cast<std::size_t>(i)];
}

bool HeightField::sees_sky(const Vec3& p, const Vec3& direction) const {
    if (cells_.empty()) return direction.z > 0;
    if (direction.z <= 0.01) return false;
    // No house is higher than this above the ground at its foot.
    constexpr double kHighest_m = 70;
    const double flat = std::hypot(direction.x, direction.y);
    if (flat < 1e-6) return true;
    const double slope = direction.z / flat;
    const double end = std::min(160.0, kHighest_m / slope);
    for (double d = 1.5; d < end; d += std::max(1.5, 0.12 * d)) {
        const double t = d / flat;
        if (at(p.x + direction.x * t, p.y + direction.y * t).top_m > p.z + slope * d) return false;
    }
    return true;
}

}  // namespace huntsman::engine::render
