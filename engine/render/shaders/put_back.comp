// Brings what smooth.comp made of linear radiance to its place: an invocation for each pixel on the list.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "engine/render/shader_types.h"

layout(local_size_x = 64) in;

#include "engine/render/shaders/finish.glsl"
layout(set = 0, binding = 5, std430) readonly buffer Lists { uint lists[]; };
layout(set = 0, binding = 9, std430) writeonly buffer Linear { uint linear[]; };
layout(set = 0, binding = 10, std430) readonly buffer Aside { uint aside[]; };

void main() {
    uint index = gl_GlobalInvocationID.x;
    if (index >= lists[view.lists.x + 3u]) return;
    uint word = lists[view.lists.x + 4u + index];
    uint from = 3u * (view.lists.y + index);
    uint to = 3u * (view.words.z + (word >> 16) * uint(width()) + (word & 0xffffu));
    for (uint i = 0u; i < 3u; ++i) linear[to + i] = aside[from + i];
}
