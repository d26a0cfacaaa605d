// Writes one surface point into the G-buffer (see shader_types.h). One variant per material class:
// a branch would cost both sides on a CPU. No uniform blocks are read here, see resolve.comp.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "engine/render/shader_types.h"

layout(set = 0, binding = 0) uniform sampler2DArray textures;
layout(set = 0, binding = 1) uniform sampler2D contact_map;

layout(location = 0) in vec4 in_normal_layer;
layout(location = 2) in vec3 in_colour;
layout(location = 3) flat in uvec4 in_packed;
#if !defined(SURFACE_PLAIN)
layout(location = 1) in vec4 in_uv_ground;
#endif
#if defined(SURFACE_FACADE)
layout(location = 4) in vec3 in_view;
#endif
#if defined(SURFACE_GROUND)
layout(location = 4) in vec3 in_macro;
#endif
#if defined(SURFACE_CABIN)
layout(location = 4) in vec3 in_place;
layout(location = 5) in vec3 in_way;
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

#if defined(SURFACE_FACADE) || defined(SURFACE_CABIN)
// Four numbers in [0, 1) from a word.
vec4 chances_from(uint h) {
    h = (h ^ h >> 15) * 0x2c1b3c6du;
    h = (h ^ h >> 12) * 0x297a2d39u;
    h ^= h >> 15;
    return vec4(ivec4(h & 255u, h >> 8 & 255u, h >> 16 & 255u, h >> 24)) * (1.0 / 256.0);
}
#endif
#if defined(SURFACE_FACADE)
#include "engine/render/shaders/facade.glsl"
#endif
#if defined(SURFACE_CABIN)
#include "engine/render/shaders/cabin.glsl"
#endif

#if defined(SURFACE_WEATHER)
// Snow that lies on what faces up, water that darkens and smooths it; for all but the ground.
void add_weather(vec3 normal, inout vec3 colour, inout float roughness, inout uint shape) {
    vec4 weather = unpackUnorm4x8(in_packed.w);
    float up = clamp(normal.z * 1.6 - 0.4, 0.0, 1.0);
    float wet = weather.x * up;
    colour *= 1.0 - 0.25 * wet;
    roughness = mix(roughness, min(roughness, 0.3), 0.7 * wet);
    float snow = clamp(weather.z * up * 1.7 - 0.2 * fract(colour.g * 9.0), 0.0, 1.0);
    colour = mix(colour, vec3(0.925, 0.93, 0.94), snow);
    roughness = mix(roughness, 0.9, snow);
    if (snow > 0.5) shape = shape & ~(7u << kKindShift) | kKindDielectric << kKindShift | kParameterMost << kParameterShift;
}
#endif

void main() {
    vec3 normal = in_normal_layer.xyz;
    uint surface, shape;
#if defined(SURFACE_PLAIN) || defined(SURFACE_TEXTURED)
    if (!gl_FrontFacing) normal = -normal;  // cloth from within
#endif
#if defined(SURFACE_PLAIN)
    shape = pack_normal(normal) | in_packed.z;
#if defined(SURFACE_WEATHER)
    vec3 colour = in_colour;
    float roughness = float(int(in_packed.y >> 24)) * (1.0 / 255.0);
    add_weather(normal, colour, roughness, shape);
    surface = pack_rgb(colour) | uint(int(roughness * 255.0)) << 24;
#else
    surface = pack_rgb(in_colour) | in_packed.y;
#endif
#elif defined(SURFACE_FACADE)
    shade_facade(normal, surface, shape);
#elif defined(SURFACE_CABIN)
    shade_cabin(normal, surface, shape);
#if defined(SURFACE_WEATHER)
    vec3 colour = vec3(ivec3(surface & 0xffu, surface >> 8 & 0xffu, surface >> 16 & 0xffu)) * (1.0 / 255.0);
    float roughness = float(int(surface >> 24)) * (1.0 / 255.0);
    add_weather(normal, colour, roughness, shape);
    surface = pack_rgb(colour) | uint(int(roughness * 255.0)) << 24;
#endif
#else
    vec4 texel = texture(textures, vec3(in_uv_ground.xy, in_normal_layer.w));
    vec3 colour = in_colour * texel.rgb;
#if defined(SURFACE_TEXTURED)
    shape = pack_normal(normal) | in_packed.z;
    float roughness = texel.a;
#if defined(SURFACE_WEATHER)
    add_weather(normal, colour, roughness, shape);
#endif
    surface = pack_rgb(colour) | uint(int(roughness * 255.0)) << 24;
#elif defined(SURFACE_LEAVES)
    if (texel.a < 0.5) discard;
    // Leaves are seen from both sides.
    if (!gl_FrontFacing) normal = -normal;
    shape = pack_normal(normal) | in_packed.z;
#if defined(SURFACE_WEATHER)
    float roughness = float(int(in_packed.y >> 24)) * (1.0 / 255.0);
    add_weather(in_normal_layer.xyz, colour, roughness, shape);
    surface = pack_rgb(colour) | uint(int(roughness * 255.0)) << 24;
#else
    surface = pack_rgb(colour) | in_packed.y;
#endif
#elif defined(SURFACE_GROUND)
    // A layer of tens of metres hides the repetition of the tile; a half changes nothing.
    vec4 macro = texture(textures, in_macro);
    colour *= 2.0 * macro.rgb;
    float roughness = texel.a;
#if defined(SURFACE_WEATHER)
    vec4 weather = unpackUnorm4x8(in_packed.w);
    // Water darkens what soaks it up, the more the rougher it is, and fills the low places first
    // [Lagarde 2013]: wheel tracks and gutters of lanes, hollows elsewhere.
    float hollow = macro.a, facing = clamp(normal.z * 4.0 - 2.8, 0.0, 1.0);
    float wet = clamp(weather.x * (0.6 + 0.8 * hollow), 0.0, 1.0);
    float porous = clamp(roughness * 2.0 - 0.8, 0.2, 1.0);
    colour *= 1.0 - 0.34 * wet * porous;
    roughness = mix(roughness, 0.30, 0.8 * wet);
    float level = max(weather.y, 0.6 * (weather.x - 0.45));
    float puddle = clamp((hollow + 0.85 * level - 1.0) * 9.0, 0.0, 1.0) * facing;
    colour *= 1.0 - 0.30 * puddle;
    roughness = mix(roughness, 0.05, puddle);
    // Snow lies last where wheels run, and grey beside them; ploughs push it to the kerb.
    bool lane = in_packed.y >> 31 != 0u;
    float across = fract(in_macro.x * 4.0);
    float track = lane ? clamp(hollow * 1.7 - 0.25, 0.0, 1.0) * clamp((0.93 - across) * 9.0, 0.0, 1.0) : 0.0;
    float depth = weather.z * (lane ? 0.78 - 0.62 * track : 1.0) * (0.25 + 0.75 * facing);
    // Rough and light places are covered last; so the share of white grows with the snow.
    float bare = (0.45 * hollow + 0.55 * colour.g - 0.2) * 2.2;
    float snow = clamp((depth * 1.4 - max(bare, 0.0)) * 2.2, 0.0, 1.0);
    float clean = lane ? clamp(depth * 1.5 - 0.25, 0.2, 1.0) : 1.0;
    vec3 white = vec3(0.925, 0.93, 0.94) * mix(0.62, 1.0, clean) * (0.96 + 0.06 * macro.g);
    colour = mix(colour, white, snow);
    roughness = mix(roughness, mix(0.45, 0.9, clean), snow);
#endif
    // Bodies close above keep the sky's light away.
    float contact = texture(contact_map, in_uv_ground.zw * (1.0 / kContactMetres)).r;
    uint open = uint(int(127.0 - 127.0 * contact));
    surface = pack_rgb(colour) | uint(int(roughness * 255.0)) << 24;
    shape = pack_normal(normal) | (in_packed.z & 0x01ffffffu) | open << kParameterShift;
#endif
#endif
    out_pixel = uvec4(in_packed.x, surface, shape, floatBitsToUint(gl_FragCoord.z));
}
