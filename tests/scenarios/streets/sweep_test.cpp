// Bodies drawn along a line.
#include "scenarios/streets/structures/sweep.h"

#include <gtest/gtest.h>

namespace huntsman::scenarios::streets {
namespace {

using engine::math::Vec3;

// By the divergence theorem: the volume that triangles enclose whose outsides face out.
double volume_m3(const engine::world::MeshLod& lod) {
    const auto at = [&](std::size_t i) {
        const float* p = lod.vertices[lod.indices[i]].p;
        return Vec3(p[0], p[1], p[2]);
    };
    double sum = 0;
    for (std::size_t i = 0; i + 2 < lod.indices.size(); i += 3) {
        sum += glm::dot(at(i), glm::cross(at(i + 1), at(i + 2))) / 6.0;
    }
    return sum;
}

TEST(Sweep, OutsidesFaceOut) {
    for (const bool back : {false, true}) {
        std::vector<Vec3> path{{0, 0, 0}, {3, 0, 0}, {6, 0, 0}};
        if (back) std::reverse(path.begin(), path.end());
        catalogue::MeshBuilder builder;
        // 0.1 m of it are in the ground.
        sweep(builder, path,
              block_profile(0.5, 2.0, engine::world::Material::kConcrete, {1.0F, 1.0F, 1.0F}));
        EXPECT_NEAR(volume_m3(builder.finish()), 6.0 * 0.5 * 2.1, 1e-4);
    }
    catalogue::MeshBuilder builder;
    const std::vector<Vec3> path{{0, 0, 0}, {4, 0, 0}};
    sweep(builder, path, jersey_profile(0.6, 0.9));
    // 0.08 m of the full width, then trapezoids to 0.55 and 0.35 of it.
    const double section = 0.6 * 0.08 + 0.6 * 0.5 * (1 + 0.55) * (0.35 * 0.9 - 0.08) +
                           0.6 * 0.5 * (0.55 + 0.35) * 0.65 * 0.9;
    EXPECT_NEAR(volume_m3(builder.finish()), 4.0 * section, 1e-4);
}

}  // namespace
}  // namespace huntsman::scenarios::streets
