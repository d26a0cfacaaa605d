#include "scenarios/models/cabin.h"

#include <algorithm>
#include <cmath>

#include "engine/world/world.h"

namespace huntsman::scenarios::models {

using engine::world::Cabin;
using engine::world::Material;
using engine::world::Mesh;
using engine::world::MeshLod;
using engine::world::Submesh;

namespace {

constexpr double kPillar_m = 0.08;  // what a wall reaches beyond its windows
constexpr double kLeastBehind_m = 0.75;

// Calls `visit` with each vertex of the windows.
template <typename Lod, typename Visit>
void visit_windows(Lod& lod, const Visit& visit) {
    for (const Submesh& submesh : lod.submeshes) {
        if (submesh.material != Material::kWindow) continue;
        for (std::uint32_t i = 0; i < submesh.index_count; ++i) {
            visit(lod.vertices[lod.indices[submesh.first_index + i]]);
        }
    }
}

}  // namespace

void set_cabin(Mesh& body, const engine::math::Vec3& eye_B, engine::world::Semantic semantic) {
    if (engine::world::is_two_wheeler(semantic)) {
        for (MeshLod& lod : body.lods) {
            for (Submesh& submesh : lod.submeshes) {
                if (submesh.material == Material::kWindow) submesh.material = Material::kGlass;
            }
        }
        return;
    }
    double rear = eye_B.x, side = std::abs(eye_B.y) + 0.25;
    visit_windows(body.lods.front(), [&](const engine::world::Vertex& v) {
        rear = std::min(rear, static_cast<double>(v.p[0]));
        side = std::max(side, std::abs(static_cast<double>(v.p[1])));
    });
    const Cabin cabin{.eye = eye_B,
                      .half_width_m = side,
                      .behind_m = std::max(eye_B.x - rear + kPillar_m, kLeastBehind_m)};
    const std::array<float, 3> colour = engine::world::cabin_colour(cabin);
    for (MeshLod& lod : body.lods) {
        visit_windows(lod, [&](engine::world::Vertex& v) {
            v.uv[0] = static_cast<float>(eye_B.x);
            v.uv[1] = static_cast<float>(eye_B.z);
            std::copy(colour.begin(), colour.end(), v.colour);
        });
    }
}

}  // namespace huntsman::scenarios::models
