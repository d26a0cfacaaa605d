// From radiance to the picture: the lens's blur, its glare, the tone curve. An invocation makes a block of
// kColumns x kRows pixels.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "engine/render/shader_types.h"

layout(local_size_x = 8) in;
layout(constant_id = 0) const int kRows = 32;
const int kColumns = 4;

#include "engine/render/shaders/finish.glsl"
layout(set = 0, binding = 8) uniform usamplerBuffer glare;
layout(set = 0, binding = 4, std430) writeonly buffer Pixels { uint pixels[]; };
#include "engine/render/shaders/exposed.glsl"

// A row of the block, blurred along x. `from`: the columns from one before it to one after it.
void read_row(int from[kColumns + 2], int y, out vec3 row[kColumns]) {
    int line = clamp(y, 0, height() - 1) * width();
    vec3 left = pixel(line + from[0]), here = pixel(line + from[1]);
    for (int i = 0; i < kColumns; ++i) {
        vec3 right = pixel(line + from[i + 2]);
        row[i] = view.kernel.y * here + view.kernel.x * (left + right);
        left = here;
        here = right;
    }
}

// Glare of the block's columns at the middle of a row of cells.
void read_glare(int x, int cell_row, out vec3 row[kColumns]) {
    int last = int(view.cells.y) - 1;
    float place = clamp((float(x) + 0.5) * (1.0 / float(kGlareCell)) - 0.5, 0.0, float(last));
    int low = int(place);
    int base = int(view.cells.x) + clamp(cell_row, 0, int(view.cells.z) - 1) * int(view.cells.y);
    vec3 left = decoded(texelFetch(glare, base + low).x);
    vec3 right = decoded(texelFetch(glare, base + min(low + 1, last)).x);
    for (int i = 0; i < kColumns; ++i) {
        row[i] = mix(left, right, min(place - float(low) + float(i) * (1.0 / float(kGlareCell)), 1.0));
    }
}

void main() {
    int x = int(gl_GlobalInvocationID.x) * kColumns, first = int(gl_GlobalInvocationID.y) * kRows;
    if (x >= width() || first >= height()) return;
    int end = min(first + kRows, height());
    vec3 above[kColumns], here[kColumns], below[kColumns], upper[kColumns], lower[kColumns];
    int from[kColumns + 2];
    for (int i = 0; i < kColumns + 2; ++i) from[i] = clamp(x + i - 1, 0, width() - 1);
    read_row(from, first - 1, above);
    read_row(from, first, here);
    int cell_row = 1 << 20;
    for (int y = first; y < end; ++y) {
        float place = (float(y) + 0.5) * (1.0 / float(kGlareCell)) - 0.5;
        int at = int(floor(place));
        if (at != cell_row) {
            read_glare(x, at, upper);
            read_glare(x, at + 1, lower);
            cell_row = at;
        }
        float t = place - float(at);
        read_row(from, y + 1, below);
        uint target = view.words.z + uint(y * width() + x);
        for (int i = 0; i < kColumns; ++i) {
            vec3 c = view.kernel.y * here[i] + view.kernel.x * (above[i] + below[i]);
            if (x + i < width()) pixels[target + uint(i)] = shown(c, mix(upper[i], lower[i], t));
            above[i] = here[i];
            here[i] = below[i];
        }
    }
}
