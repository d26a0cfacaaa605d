// Places a vertex in one cascade of the sun's shadow maps, or in the map of a lamp.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "engine/render/shader_types.h"

#if defined(SHADOW_OF_LAMP)
layout(push_constant) uniform Push { LampShadowView view; };
#else
layout(push_constant) uniform Push { ShadowView view; };
#endif

layout(location = 0) in vec3 in_position;
layout(location = 1) in vec4 draw_q;
layout(location = 2) in vec4 draw_p_layer;

vec3 rotate(vec4 q, vec3 v) { return v + 2.0 * cross(q.xyz, cross(q.xyz, v) + q.w * v); }

void main() {
    vec3 p_W = rotate(draw_q, in_position) + draw_p_layer.xyz;
#if defined(SHADOW_OF_LAMP)
    // Depth is 1 - near / distance along the lamp's axis.
    vec4 p = vec4(p_W, 1.0);
    float along = dot(view.clip_w, p);
    gl_Position = vec4(dot(view.clip_x, p), dot(view.clip_y, p), along - kLampNear, along);
#else
    vec3 p_L = vec3(dot(view.light_x.xyz, p_W), dot(view.light_y.xyz, p_W),
                    dot(view.light_z.xyz, p_W));
    // Casters beyond the near side are flattened onto it: only whether they shade counts.
    float depth = clamp(p_L.z * view.light_z.w + view.map.w, 0.0, 1.0);
    gl_Position = vec4(p_L.xy * view.map.z + view.map.xy, depth, 1.0);
#endif
}
