#include "engine/world/scene.h"

#include <algorithm>

#include "engine/core/check.h"

namespace huntsman::engine::world {

std::array<float, 3> cabin_colour(const Cabin& cabin) {
    const auto share = [](double part) { return static_cast<float>(std::clamp(part, 0.0, 1.0)); };
    return {share(cabin.half_width_m / kCabinWidest), share(0.5 + 0.5 * cabin.eye.y / kCabinWidest),
            share(cabin.behind_m / kCabinLongest)};
}

void update_bounds(Mesh& mesh) {
    HM_CHECK(!mesh.lods.empty() && !mesh.lods[0].vertices.empty(), "mesh {} is empty", mesh.name);
    math::Vec3 low(1e30), high(-1e30);
    for (const Vertex& v : mesh.lods[0].vertices) {
        const math::Vec3 p(v.p[0], v.p[1], v.p[2]);
        low = glm::min(low, p);
        high = glm::max(high, p);
    }
    mesh.centre = 0.5 * (low + high);
    mesh.radius_m = 0;
    for (const Vertex& v : mesh.lods[0].vertices) {
        const math::Vec3 p(v.p[0], v.p[1], v.p[2]);
        mesh.radius_m = std::max(mesh.radius_m, glm::length(p - mesh.centre));
    }
}

}  // namespace huntsman::engine::world
