// Reads every pixel once: finds where the picture changes from one pixel to the next, and the means of the
// cells of glare. Of the edges between rows and of those between columns it keeps a bit each, in words
// along the edge's line, so that `smooth.comp` finds the ends of a straight piece by counting bits.
//
// An invocation scans a block of 32 x 32 pixels.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "engine/render/shader_types.h"

layout(local_size_x = 8) in;

#include "engine/render/shaders/finish.glsl"
layout(set = 0, binding = 1, std430) writeonly buffer Edges { uint edges[]; };
layout(set = 0, binding = 2, std430) writeonly buffer Cells { vec4 cells[]; };
layout(set = 0, binding = 5, std430) buffer Lists { uint lists[]; };

const int kSide = 32, kCell = int(kGlareCell);

// Luma about as it will be displayed, in [0, 1).
float luma(vec3 c) {
    float l = dot(c, vec3(0.2126, 0.7152, 0.0722));
    return l / (l + 0.2);
}
bool differs(float a, float b) { return abs(a - b) > kEdgeContrast; }

void main() {
    ivec2 block = ivec2(gl_GlobalInvocationID.xy), low = block * kSide;
    if (low.x >= width() || low.y >= height()) return;
    if (block == ivec2(0)) {
        // No pixel is on the view's list yet.
        lists[view.lists.x] = 0u;
        lists[view.lists.x + 1u] = 1u;
        lists[view.lists.x + 2u] = 1u;
        lists[view.lists.x + 3u] = 0u;
    }
    ivec2 size = min(ivec2(kSide), ivec2(view.size.xy) - low);
    float above[kSide];
    uint between_columns[kSide];
    for (int i = 0; i < kSide; ++i) between_columns[i] = 0u;
    // One row and one column more than the block has, where there are any.
    int rows = min(size.y + 1, height() - low.y), columns = min(size.x + 1, width() - low.x);
    vec3 left_sum = vec3(0.0), right_sum = vec3(0.0);
    for (int y = 0; y < rows; ++y) {
        uint between_rows = 0u;
        float left = 0.0;
        for (int x = 0; x < columns; ++x) {
            vec3 c = pixel((low.y + y) * width() + low.x + x);
            float here = luma(c);
            if (x > 0) between_columns[x - 1] |= differs(left, here) && y < kSide ? 1u << y : 0u;
            left = here;
            if (x < kSide) {
                if (y > 0) between_rows |= differs(above[x], here) ? 1u << x : 0u;
                above[x] = here;
            }
            vec3 counted = x < kSide && y < kSide ? c : vec3(0.0);
            left_sum += x < kCell ? counted : vec3(0.0);
            right_sum += x < kCell ? vec3(0.0) : counted;
        }
        if (y > 0) edges[view.words.x + uint(block.x * height() + low.y + y - 1)] = between_rows;
        // A row of cells ends.
        bool last = y == size.y - 1;
        if (y < size.y && ((y + 1) % kCell == 0 || last)) {
            float count = float((y % kCell) + 1);
            uint cell = view.cells.x + uint(low.y + y) / kGlareCell * view.cells.y + uint(low.x) / kGlareCell;
            cells[cell] = vec4(left_sum / (count * float(min(size.x, kCell))), 0.0);
            if (size.x > kCell) cells[cell + 1u] = vec4(right_sum / (count * float(size.x - kCell)), 0.0);
            left_sum = right_sum = vec3(0.0);
        }
    }
    // Below the last row there is no edge, nor right of the last column.
    if (rows == size.y) edges[view.words.x + uint(block.x * height() + low.y + size.y - 1)] = 0u;
    for (int x = 0; x < size.x; ++x) edges[view.words.y + uint(block.y * width() + low.x + x)] = between_columns[x];
}
