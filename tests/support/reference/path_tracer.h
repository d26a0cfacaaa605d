// The reference for light transport: a path tracer over the renderer's own scene.
//
// Light comes from the sun (a disc of 0.53 degrees), the sky map and lamps: the points of
// engine/render/lights.h in the dark, else the faces of lit lamps. Samples are keyed
// by pixel and number, so that the result does not depend on threads. There is no air; see
// with_air.
#pragma once

#include <functional>
#include <vector>

#include "engine/core/job_pool.h"
#include "tests/support/reference/traced_scene.h"

namespace huntsman::tests::support {

struct TraceOptions {
    int paths = 64;   // a pixel, all through its centre as the rasteriser's
    int bounces = 6;  // reflections of a path
    // A picture of the same view with depth and parts: rays then meet the surfaces that the
    // rasteriser met, and the first surface's material is what its G-buffer holds.
    const engine::render::Frame* guide = nullptr;
    // Lamps shine from their faces even where they count as points.
    bool lamp_faces = false;
    // Changes what rays have hit, for scenes with a closed form.
    std::function<void(RayHit&)> change;
};

// height × width [kcd/m²]. `direct` is what sun and lamps give by at most one reflection;
// `indirect` is all else: sky, and light reflected more than once.
struct TracedPicture {
    int width = 0, height = 0;
    std::vector<Vec3> direct, indirect;
};

TracedPicture trace(const TracedScene& scene, const engine::render::View& view,
                    const TraceOptions& options, engine::core::JobPool& pool);

// Radiance that arrives along one ray, estimated by `paths` paths.
struct TracedRadiance {
    Vec3 direct{0, 0, 0}, indirect{0, 0, 0};
};
TracedRadiance trace_ray(const TracedScene& scene, const Vec3& origin, const Vec3& direction,
                         const TraceOptions& options, std::uint64_t key);

}  // namespace huntsman::tests::support
