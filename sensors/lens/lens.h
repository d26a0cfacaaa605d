// What a lens does with directions; the models are written out in engine/world/rig.h.
//
// `project` and `unproject` are exact inverses of each other over the lens's field: within 1e-9 of
// the ray's components and of a pixel times the focal length. The lens is one that `check` accepts
// (sensors/lens/field.h); others give numbers without meaning, but no crash and no endless loop.
#pragma once

#include <cstdint>
#include <span>

#include "engine/math/vec.h"
#include "engine/world/rig.h"

namespace huntsman::sensors::lens {

using engine::math::Vec2;
using engine::math::Vec3;
using engine::world::Lens;

// Where the direction p_C (of any length but 0) falls. False if it lies outside of the lens's
// field: `pixel` is then left as it was. The picture's border does not matter. A pinhole without
// coefficients gives fx x / z + cx and fy y / z + cy in that order of operations.
bool project(const Lens& lens, const Vec3& p_C, Vec2& pixel);

// The unit vector that falls on `pixel`. False where none does; `ray_C` is then left as it was.
bool unproject(const Lens& lens, const Vec2& pixel, Vec3& ray_C);

// Rays of the centres of all pixels in the rows [first, last) of a picture: (last - first) × width
// unit vectors, 0 where the lens sees nothing. The bits are those of `unproject`, several times
// faster.
void unproject_rows(const Lens& lens, int width, int first, int last, std::span<Vec3> rays_C);

// A pinhole without coefficients, which maps straight lines to straight lines.
bool plain_pinhole(const Lens& lens);

// Whether depth is measured along C's z; along the ray for lenses that may look sideways.
constexpr bool depth_along_z(const Lens& lens) {
    return lens.model == engine::world::LensModel::kPinhole;
}

}  // namespace huntsman::sensors::lens
