// Places a vertex in the shadow map of a lamp. Depth is 1 - near / distance along the lamp's axis.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "engine/render/shader_types.h"

layout(push_constant) uniform Push { LampShadowView view; };

layout(location = 0) in vec3 in_position;
layout(location = 1) in vec4 draw_q;
layout(location = 2) in vec4 draw_p_layer;

vec3 rotate(vec4 q, vec3 v) { return v + 2.0 * cross(q.xyz, cross(q.xyz, v) + q.w * v); }

void main() {
    vec4 p = vec4(rotate(draw_q, in_position) + draw_p_layer.xyz, 1.0);
    float along = dot(view.clip_w, p);
    gl_Position = vec4(dot(view.clip_x, p), dot(view.clip_y, p), along - kLampNear, along);
}
