// Writes one surface point into the G-buffer (see shader_types.h). One variant per material class:
// a branch would cost both sides on a CPU. No uniform blocks are read here, see resolve.comp.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "engine/render/shader_types.h"

layout(set = 0, binding = 0) uniform sampler2DArray textures;
layout(set = 0, binding = 1) uniform sampler2D contact_map;

layout(location = 0) in vec4 in_normal_layer;
layout(location = 1) in vec4 in_uv_ground;
layout(location = 2) in vec3 in_colour;
layout(location = 3) flat in uvec4 in_packed;
#if defined(SURFACE_FACADE)
layout(location = 4) in vec3 in_view;
#endif
#if defined(SURFACE_GROUND)
layout(location = 4) in vec3 in_macro;
#endif

layout(location = 0) out uvec4 out_pixel;  // id, surface, shape, depth

// Octahedral mapping [Cigolle et al. 2014], 11 bits a side.
uint pack_normal(vec3 n) {
    n /= abs(n.x) + abs(n.y) + abs(n.z);
    vec2 folded = (1.0 - abs(n.yx)) * mix(vec2(-1.0), vec2(1.0), greaterThanEqual(n.xy, vec2(0.0)));
    vec2 e = n.z >= 0.0 ? n.xy : folded;
    ivec2 q = ivec2(e * 1023.0 + 1024.0);
    return uint(q.x | q.y << 11);
}

uint pack_rgb(vec3 c) {
    ivec3 q = ivec3(min(c, vec3(1.0)) * 255.0 + 0.5);
    return uint(q.x | q.y << 8 | q.z << 16);
}

#if defined(SURFACE_FACADE)
#include "engine/render/shaders/facade.glsl"
#endif

void main() {
    vec3 normal = in_normal_layer.xyz;
    uint surface, shape;
#if defined(SURFACE_PLAIN)
    surface = pack_rgb(in_colour) | in_packed.y;
    shape = pack_normal(normal) | in_packed.z;
#elif defined(SURFACE_FACADE)
    shade_facade(normal, surface, shape);
#else
    vec4 texel = texture(textures, vec3(in_uv_ground.xy, in_normal_layer.w));
    vec3 colour = in_colour * texel.rgb;
#if defined(SURFACE_TEXTURED)
    surface = pack_rgb(colour) | uint(int(texel.a * 255.0)) << 24;
    shape = pack_normal(normal) | in_packed.z;
#elif defined(SURFACE_LEAVES)
    if (texel.a < 0.5) discard;
    // Leaves are seen from both sides.
    if (!gl_FrontFacing) normal = -normal;
    surface = pack_rgb(colour) | in_packed.y;
    shape = pack_normal(normal) | in_packed.z;
#elif defined(SURFACE_GROUND)
    // A layer of tens of metres hides the repetition of the tile; a half changes nothing.
    vec4 macro = texture(textures, in_macro);
    colour *= 2.0 * macro.rgb;
    float roughness = texel.a;
    // Water darkens what soaks it up, and fills the low places first [Lagarde 2013].
    float wetness = uintBitsToFloat(in_packed.w);
    float wet = clamp(wetness * (0.55 + 0.9 * macro.a), 0.0, 1.0);
    float puddle = clamp((macro.a + wetness - 1.25) * 6.0, 0.0, 1.0);
    colour *= 1.0 - 0.32 * wet;
    roughness = mix(roughness, 0.28, 0.75 * wet);
    roughness = mix(roughness, 0.10, puddle);
    // Bodies close above keep the sky's light away.
    float contact = texture(contact_map, in_uv_ground.zw * (1.0 / kContactMetres)).r;
    uint open = uint(int(127.0 - 127.0 * contact));
    surface = pack_rgb(colour) | uint(int(roughness * 255.0)) << 24;
    shape = pack_normal(normal) | (in_packed.z & 0x01ffffffu) | open << kParameterShift;
#endif
#endif
    out_pixel = uvec4(in_packed.x, surface, shape, floatBitsToUint(gl_FragCoord.z));
}
