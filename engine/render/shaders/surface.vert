// Places a vertex of an instance in the world and projects it into one view.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "engine/render/shader_types.h"

layout(push_constant) uniform Push { SurfaceView view; };

layout(location = 0) in vec3 in_position;
layout(location = 1) in vec4 in_normal;
layout(location = 2) in vec2 in_uv;
layout(location = 3) in vec4 in_colour;
layout(location = 4) in vec4 draw_q;
layout(location = 5) in vec4 draw_p_layer;
layout(location = 6) in vec4 draw_tint_uv;
layout(location = 7) in uvec4 draw_packed;

layout(location = 0) out vec4 out_normal_layer;
layout(location = 2) out vec3 out_colour;  // sqrt of the albedo factor
layout(location = 3) flat out uvec4 out_packed;
#if !defined(SURFACE_PLAIN)  // a software driver sets up each varying of each triangle, used or not
layout(location = 1) out vec4 out_uv_ground;  // texture coordinates; W.xy, or of façades bays and storeys
#endif
#if defined(SURFACE_FACADE)
layout(location = 4) out vec3 out_view;  // from the eye: bays, storeys, metres into the wall
#endif
#if defined(SURFACE_GROUND)
layout(location = 4) out vec3 out_macro;  // texture coordinate and layer of what modulates
#endif

#if defined(SURFACE_CABIN)
layout(location = 4) out vec3 out_place;  // in the mesh frame
layout(location = 5) out vec3 out_way;    // from the eye, in the mesh frame
#endif

#if !defined(SURFACE_FACADE) && !defined(SURFACE_GROUND) && !defined(SURFACE_CABIN) && !defined(SURFACE_TEXTURED)
// Dust on the paint of vehicles and what wheels splash on it, most of it below the belt line. How
// dirty a vehicle is follows from its id: most are nearly clean, few are filthy. Colours are square
// roots of albedos.
vec3 soiled(vec3 colour) {
    uint semantic = draw_packed.x >> 24 & 31u, kind = draw_packed.z >> kKindShift & 7u;
    if (kind != kKindCoated || semantic < kFirstVehicle || semantic > kLastVehicle) return colour;
    uint h = (draw_packed.x & 0x1fffffu) * 0x9e3779b9u;
    h = (h ^ h >> 15) * 0x2c1b3c6du;
    float dirty = float(int(h >> 24)) * (1.0 / 255.0);
    float low = clamp((0.95 - in_position.z) * 1.4, 0.0, 1.0);
    float share = dirty * dirty * (0.10 + 0.55 * low * low);
    return mix(colour, vec3(0.46, 0.43, 0.39), share);
}
#endif

vec3 rotate(vec4 q, vec3 v) { return v + 2.0 * cross(q.xyz, cross(q.xyz, v) + q.w * v); }

void main() {
    vec3 p_W = rotate(draw_q, in_position) + draw_p_layer.xyz;
    vec4 p = vec4(p_W, 1.0);
    gl_Position = vec4(dot(view.clip_x, p), dot(view.clip_y, p), kNearPlane, dot(view.clip_w, p));
    out_normal_layer = vec4(rotate(draw_q, in_normal.xyz), draw_p_layer.w);
#if !defined(SURFACE_PLAIN)
    out_uv_ground = vec4(in_uv * draw_tint_uv.w, p_W.xy);
#endif
#if defined(SURFACE_TEXTURED)
    out_uv_ground.xy += vec2(ivec2(draw_packed.y & 0xffu, draw_packed.y >> 8 & 0xffu)) * (1.0 / 256.0);
#endif
#if defined(SURFACE_FACADE)
    // The way from the eye in the wall's frame: bays along it, storeys up, metres inwards. Walls are
    // upright, and their u runs to the right as seen from outside.
    vec3 n = rotate(draw_q, in_normal.xyz), way = p_W - view.eye.xyz;
    bool shop = (draw_packed.y >> 24) != 0u;
    vec2 bay = shop ? vec2(1.0 / 4.5, 1.0 / 3.9) : vec2(1.0 / 2.9, 1.0 / 3.0);
    out_view = vec3(vec2(dot(way.xy, vec2(-n.y, n.x)), way.z) * bay, -dot(way, n));
    out_uv_ground.zw = in_uv;
    if (shop) out_uv_ground.y = in_uv.y;
#endif
#if defined(SURFACE_GROUND)
    bool along_lane = draw_tint_uv.w < 0.0;
    if (along_lane) out_uv_ground.xy = p_W.xy * -draw_tint_uv.w;
    float per_metre = float(draw_packed.y >> 8 & 0xffffu) * (1.0 / 65536.0);
    out_macro = vec3(along_lane ? in_uv : p_W.xy * per_metre, float(draw_packed.y & 0xffu));
#endif
#if defined(SURFACE_CABIN)
    out_place = in_position;
    out_way = rotate(vec4(-draw_q.xyz, draw_q.w), p_W - view.eye.xyz);
#endif
    out_colour = in_colour.rgb * draw_tint_uv.rgb;
#if !defined(SURFACE_FACADE) && !defined(SURFACE_GROUND) && !defined(SURFACE_CABIN) && !defined(SURFACE_TEXTURED)
    out_colour = soiled(out_colour);
#endif
    out_packed = draw_packed;
#if !defined(SURFACE_FACADE) && !defined(SURFACE_GROUND)
    // The vertex's part of a figure, as id_word has it.
    uint part = uint(in_normal.w * 32767.0 + 0.5);
    out_packed.x |= (part & 7u) << 29 | (part >> 3) << 21;
#endif
}
