// Light that the lens scatters: the means of cells, blurred along x and along y by two Gaussians. An
// invocation makes one cell.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "engine/render/shader_types.h"

layout(local_size_x = 64) in;
layout(constant_id = 0) const uint kDown = 0;  // along y, after along x

#include "engine/render/shaders/finish.glsl"
layout(set = 0, binding = 2, std430) readonly buffer Cells { vec4 cells[]; };  // the means
layout(set = 0, binding = 3, std430) buffer Blurred { vec4 blurred[]; };  // near and far, one after another
layout(set = 0, binding = 7, std430) writeonly buffer Glare { uint glare[]; };   // what is added, in RGB9E5

// Means over the cells of a row or column under both Gaussians, around `place` of `places`.
void blur(uint from, uint stride, int place, int places, uint apart, out vec3 near, out vec3 far) {
    near = vec3(0.0);
    far = vec3(0.0);
    vec2 sum = vec2(0.0);
    int reach = int(2.5 / view.kernel.w + 0.5);
    for (int i = max(-reach, -place); i <= min(reach, places - 1 - place); ++i) {
        vec2 u = float(i) * view.kernel.zw, weight = exp(-0.5 * u * u);
        uint at = from + uint(place + i) * stride;
        near += weight.x * (kDown == 1u ? blurred[at].rgb : cells[at].rgb);
        far += weight.y * (kDown == 1u ? blurred[at + apart].rgb : cells[at].rgb);
        sum += weight;
    }
    near *= 1.0 / sum.x;
    far *= 1.0 / sum.y;
}

void main() {
    uvec2 size = view.cells.yz;
    uint index = gl_GlobalInvocationID.x, count = size.x * size.y;
    if (index >= count) return;
    uvec2 at = uvec2(index % size.x, index / size.x);
    vec3 near, far;
    if (kDown == 0u) {
        blur(view.cells.x + at.y * size.x, 1u, int(at.x), int(size.x), 0u, near, far);
        blurred[2u * view.cells.x + index] = vec4(near, 0.0);
        blurred[2u * view.cells.x + count + index] = vec4(far, 0.0);
    } else {
        blur(2u * view.cells.x + at.x, size.x, int(at.y), int(size.y), count, near, far);
        glare[view.cells.x + index] = encoded(kGlareNear * near + kGlareFar * far);
    }
}
