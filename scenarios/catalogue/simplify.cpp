#include "scenarios/catalogue/simplify.h"

#include <meshoptimizer.h>

#include <algorithm>

namespace huntsman::scenarios::catalogue {

namespace {
constexpr float kLocked_m = 0.25F;  // levels of smaller error keep their borders
}

using engine::world::MeshLod;
using engine::world::Submesh;
using engine::world::Vertex;

void add_levels(engine::world::Mesh& mesh, std::span<const float> errors_m) {
    if (mesh.lods.empty()) return;
    const MeshLod fine = mesh.lods.front();
    const std::size_t vertex_count = fine.vertices.size();
    if (vertex_count == 0) return;
    // The library measures errors as shares of the mesh's extent.
    const float extent =
        meshopt_simplifyScale(fine.vertices.front().p, vertex_count, sizeof(Vertex));
    if (extent <= 0) return;
    for (const float error_m : errors_m) {
        MeshLod level{.error_m = error_m};
        const unsigned options = error_m < kLocked_m ? unsigned{meshopt_SimplifyLockBorder} : 0U;
        for (const Submesh& submesh : fine.submeshes) {
            std::vector<std::uint32_t> indices(submesh.index_count);
            indices.resize(
                meshopt_simplify(indices.data(), fine.indices.data() + submesh.first_index,
                                 submesh.index_count, fine.vertices.front().p, vertex_count,
                                 sizeof(Vertex), 0, error_m / extent, options, nullptr));
            Submesh coarse = submesh;
            coarse.first_index = static_cast<std::uint32_t>(level.indices.size());
            coarse.index_count = static_cast<std::uint32_t>(indices.size());
            level.submeshes.push_back(coarse);
            level.indices.insert(level.indices.end(), indices.begin(), indices.end());
        }
        if (4 * level.indices.size() > 3 * mesh.lods.back().indices.size()) continue;
        // Keep only the vertices in use, in the order of their use.
        level.vertices.resize(vertex_count);
        level.vertices.resize(meshopt_optimizeVertexFetch(
            level.vertices.data(), level.indices.data(), level.indices.size(), fine.vertices.data(),
            vertex_count, sizeof(Vertex)));
        mesh.lods.push_back(std::move(level));
    }
}

}  // namespace huntsman::scenarios::catalogue
