// A dressed person as it is drawn: a skinned mesh in levels of detail, and its skeleton.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/figure/motion.h"
#include "engine/figure/skeleton.h"

namespace huntsman::engine::figure {

// What a surface is made of.
enum class Matter : std::uint8_t {
    kSkin,
    kHair,
    kCloth,
    kLeather,  // shoes, bags, belts
    kEye,      // wet: clear highlight
    kMetal,
    kPlastic,     // glasses, phones, buttons
    kReflective,  // retro-reflective bands
    kPicture,     // wears the picture with the number colour[0]; see world::Picture
    kCount,
};

// Which of an instance's colours multiplies a vertex's own.
enum class Tint : std::uint8_t { kNone, kTop, kBottom, kCount };

// 48 bytes; weights sum to 255.
struct Vertex {
    float p[3];   // at rest, in B [m]
    float n[3];   // unit normal
    float uv[2];  // skin: place in the layout of the base mesh, 0 to 1; else metres on the surface
    std::uint16_t colour[3];  // linear albedo, 0 to 65535 for 0 to 1
    Matter matter = Matter::kSkin;
    Tint tint = Tint::kNone;
    std::uint8_t joints[4];
    std::uint8_t weights[4];
};
static_assert(sizeof(Vertex) == 48);

struct Level {
    std::vector<Vertex> vertices;
    std::vector<std::uint16_t> indices;  // triangles, counter-clockwise from outside
    float error_m = 0;                   // against the finest level
};

struct Model {
    std::string name;
    Skeleton skeleton;
    std::vector<Level> levels;                    // finest first
    std::array<std::array<float, 3>, 2> tints{};  // that it was made with: top, bottom; linear
    Gesture hold = Gesture::kNone;                // with which it carries what it has in its hand
    float radius_m = 0;  // of a sphere around the middle of the body that holds it in any pose
};

}  // namespace huntsman::engine::figure
