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
layout(location = 1) out vec4 out_uv_ground;  // texture coordinates; W.xy
layout(location = 2) out vec3 out_colour;     // sqrt of the albedo factor
layout(location = 3) flat out uvec4 out_packed;
#if defined(SURFACE_GROUND)
layout(location = 4) out vec3 out_macro;  // texture coordinate and layer of what modulates
#endif

vec3 rotate(vec4 q, vec3 v) { return v + 2.0 * cross(q.xyz, cross(q.xyz, v) + q.w * v); }

void main() {
    vec3 p_W = rotate(draw_q, in_position) + draw_p_layer.xyz;
    vec4 p = vec4(p_W, 1.0);
    gl_Position = vec4(dot(view.clip_x, p), dot(view.clip_y, p), kNearPlane, dot(view.clip_w, p));
    out_normal_layer = vec4(rotate(draw_q, in_normal.xyz), draw_p_layer.w);
    out_uv_ground = vec4(in_uv * draw_tint_uv.w, p_W.xy);
#if defined(SURFACE_GROUND)
    bool along_lane = draw_tint_uv.w < 0.0;
    if (along_lane) out_uv_ground.xy = p_W.xy * -draw_tint_uv.w;
    float per_metre = float(draw_packed.y >> 8) * (1.0 / 65536.0);
    out_macro = vec3(along_lane ? in_uv : p_W.xy * per_metre, float(draw_packed.y & 0xffu));
#endif
    out_colour = in_colour.rgb * draw_tint_uv.rgb;
    out_packed = draw_packed;
}
