// What each world::Material looks like: its shader class, texture, reflectance and gloss.
#pragma once

#include <array>
#include <cstdint>

#include "engine/texture/layers.h"
#include "engine/world/scene.h"

namespace huntsman::engine::render {

using texture::TextureLayer;

// One specialised pipeline each, in drawing order: what tends to be near and to hide more is first.
enum class SurfaceClass : std::uint8_t {
    kPlain,
    kTextured,
    kCabin,
    kFacade,
    kLeaves,
    kGround,
    kPicture,  // the pipelines of kLeaves with other textures
    kCount
};

struct Look {
    SurfaceClass surface = SurfaceClass::kPlain;
    TextureLayer layer = TextureLayer::kNoise;
    float repeats_per_uv = 1;              // texture repeats per unit of uv
    std::array<float, 3> albedo{1, 1, 1};  // linear, multiplied with vertex colour and texture
    float roughness = 0.8F;                // perceptual; textured surfaces have it in their texture
    std::uint32_t kind = 0;                // shader::kKind...
    float wettable = 0;                    // how much rain changes it, 0..1
    float snowable = 1;                    // how much of the snow stays on it, 0..1
    bool tinted = false;                   // takes the instance's tint
    // Ground only: the layer that modulates the surface, and its size. Where that layer lies along
    // lanes, uv belongs to it and the surface's own texture lies in W.
    TextureLayer macro = TextureLayer::kGrime;
    float macro_per_m = 1 / 23.0F;
    bool along_lane = false;
};

const Look& look_of(world::Material material);

// Light of a lit lamp: linear colour, and its luminance in kcd/m². `variety`, any number, tells the
// lamps of one vehicle or district from those of others: head lamps are halogen bulbs (3200 K),
// discharge lamps (4300 K) or diodes (5700 K), street lamps sodium (2000 K) or diodes (3000, 4000
// K).
struct LampLight {
    std::array<float, 3> colour{1, 1, 1};
    float luminance_kcd_m2 = 1;
};
LampLight light_of(world::Lamp lamp, std::uint32_t variety);

}  // namespace huntsman::engine::render
