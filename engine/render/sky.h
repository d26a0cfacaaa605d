// The light of sun and sky for an environment: computed once on the CPU when a world is loaded.
//
// Clear air: single scattering along the ray in a spherical atmosphere with Rayleigh, Mie and ozone
// terms [Bruneton and Neyret 2008; Hillaire 2020], the higher orders as an isotropic share. Clouds:
// noise on a plane above, and the CIE overcast sky [CIE S 011] as cover grows. Light is in
// kilolux and kcd/m².
//   Seidelmann, P. (ed.): Explanatory Supplement to the Astronomical Almanac, 1992.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/math/vec.h"
#include "engine/world/world.h"

namespace huntsman::engine::render {

struct Sky {
    math::Vec3 sun_direction{0, 0, 1};  // towards the sun, in W
    math::Vec3 sun_light_klx{0, 0, 0};  // rgb, at normal incidence at the ground
    math::Vec3 horizon{0, 0, 0};        // mean radiance just above the horizon: the colour of fog
    math::Vec3 ground{0, 0, 0};         // radiance of open ground of common albedo
    // Irradiance over pi of the upper sky as spherical harmonics, with the basis' constants folded
    // in: order 1, y, z, x, xy, yz, 3z²-1, xz, x²-y².
    std::array<math::Vec3, 9> irradiance;

    // Octahedral maps, zenith in the middle, in one picture: level 0 is what the eye sees; below
    // it, side by side, lie levels of half the size each that are blurred ever more, without the
    // sun's disc and with a skyline, for reflections. Texels are RGB9E5 [Vulkan 1.3, section 3.10].
    static constexpr int kSize = 512, kLevels = 7;  // as in shader_types.h
    static constexpr int kRows = kSize + kSize / 2;
    std::vector<std::uint32_t> texels;  // kRows rows of kSize

    // Radiance of a direction, interpolated within a level [kcd/m²].
    math::Vec3 radiance(const math::Vec3& direction, int level = 0) const;

    // Diffuse illuminance on level ground from the sky alone [klx], luminance-weighted.
    double diffuse_horizontal_klx() const;
};

// What people and time switches make of the light outside.
struct Darkness {
    bool street_lamps = false;  // are lit
    bool lamps_matter = false;  // lamps light their surroundings visibly
    double lit_windows = 0;     // share of them
};
Darkness darkness_of(const Sky& sky);

Sky make_sky(const world::Environment& environment);

}  // namespace huntsman::engine::render
