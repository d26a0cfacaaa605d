// Antialiasing of edges, morphological [Reshetov 2009, Jimenez 2012]: along a straight piece of an edge,
// its ends say how the true border crosses the pixels. A pixel whose area another surface covers in part
// is read that much farther towards it, under the Gaussian by which the lens spreads every point.
//
// First the pixels that lie at edges are collected, an invocation for 32 pixels of a column; then each of
// them is made by one invocation. Their order on the list does not matter.
//
// Of linear radiance no lens is asked: a pixel takes its neighbours' light by the areas that they cover.
// What is made is kept aside until all are made.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "engine/render/shader_types.h"

layout(local_size_x = 64) in;

#include "engine/render/shaders/finish.glsl"
layout(set = 0, binding = 6) uniform usamplerBuffer edges;
layout(set = 0, binding = 8) uniform usamplerBuffer glare;
layout(set = 0, binding = 4, std430) writeonly buffer Pixels { uint pixels[]; };
// Of each view: groups to dispatch, 1, 1, pixels; then the pixels, x and y 16 bits each.
#if defined(COLLECT)
layout(set = 0, binding = 5, std430) buffer Lists { uint lists[]; };
#else
layout(set = 0, binding = 5, std430) readonly buffer Lists { uint lists[]; };
#endif
#include "engine/render/shaders/exposed.glsl"

#if defined(LINEAR)
// Of all views, three words a pixel; and of the pixels on the lists.
layout(set = 0, binding = 9, std430) readonly buffer Linear { uint linear[]; };
layout(set = 0, binding = 10, std430) writeonly buffer Aside { uint aside[]; };
vec3 linear_at(int x, int y) {
    x = clamp(x, 0, width() - 1);
    y = clamp(y, 0, height() - 1);
    uint at = 3u * (view.words.z + uint(y * width() + x));
    return uintBitsToFloat(uvec3(linear[at], linear[at + 1u], linear[at + 2u]));
}
#endif
// Edges between rows (0) and between columns (1): `line` is the row or column before the edge; pieces
// are the words along it.
uint edge_word(uint kind, int line, int piece) {
    int lines = kind == 0u ? height() : width(), places = kind == 0u ? width() : height();
    uint base = kind == 0u ? view.words.x : view.words.y;
    bool inside = line >= 0 && line < lines && piece >= 0 && piece * 32 < places;
    uint word = texelFetch(edges, inside ? int(base) + piece * lines + line : 0).x;
    return inside ? word : 0u;
}
uint edge(uint kind, int line, int place) { return edge_word(kind, line, place >> 5) >> (place & 31) & 1u; }

#if defined(COLLECT)
void main() {
    int x = int(gl_GlobalInvocationID.x), piece = int(gl_GlobalInvocationID.y), first = piece * 32;
    if (x >= width() || first >= height()) return;
    int end = min(first + 32, height());
    uint found = edge_word(1u, x - 1, piece) | edge_word(1u, x, piece);
    uint before = edge(0u, first - 1, x);
    for (int y = first; y < end; ++y) {
        uint after = edge(0u, y, x);
        found |= (before | after) << (y - first);
        before = after;
    }
    if (end - first < 32) found &= (1u << (end - first)) - 1u;
    if (found == 0u) return;
    uint count = uint(bitCount(found)), at = atomicAdd(lists[view.lists.x + 3u], count);
    atomicMax(lists[view.lists.x], (at + count + 63u) / 64u);
    while (found != 0u) {
        uint y = uint(first + findLSB(found));
        found &= found - 1u;
        lists[view.lists.x + 4u + at] = uint(x) | y << 16;
        ++at;
    }
}

#else
// The first and the last place of the piece of edge that `place` lies in, at most 63 beyond it.
ivec2 ends_of(uint kind, int line, int place) {
    int piece = place >> 5, bit = place & 31;
    uint word = edge_word(kind, line, piece);
    int before = 31 - findMSB(~(word << (31 - bit)));  // bits set up to this one
    if (before > bit) before = bit + 1 + (31 - findMSB(~edge_word(kind, line, piece - 1)));
    int after = findLSB(~(word >> bit));
    after = after < 0 ? 32 : after;
    if (bit + after >= 32) {
        int more = findLSB(~edge_word(kind, line, piece + 1));
        after = 32 - bit + (more < 0 ? 32 : more);
    }
    return ivec2(place - before + 1, place + after - 1);
}

// The area that the border cuts off at one of an edge's places: of the pixel before the line, and of the
// one after it.
vec2 border(uint kind, int line, int place) {
    ivec2 ends = ends_of(kind, line, place);
    uint crossing = 1u - kind;
    int low = int(edge(crossing, ends.x - 1, line)) - int(edge(crossing, ends.x - 1, line + 1));
    int high = int(edge(crossing, ends.y, line)) - int(edge(crossing, ends.y, line + 1));
    // The border runs from half a pixel beside each end that is crossed to the line in the middle.
    float half_length = 0.5 * float(ends.y - ends.x + 1);
    float a = float(place - ends.x), b = a + 1.0;
    float m = min(b, half_length), n = max(a, half_length);
    float first = m > a ? (m - a) - (m * m - a * a) / (2.0 * half_length) : 0.0;
    float u = n - half_length, v = b - half_length;
    float second = b > n ? (v * v - u * u) / (2.0 * half_length) : 0.0;
    vec2 areas = 0.5 * vec2(first, second), signs = vec2(low, high);
    return vec2(dot(areas, max(signs, vec2(0.0))), dot(areas, max(-signs, vec2(0.0))));
}

// Glare of a pixel, between the middles of cells.
vec3 glare_at(int x, int y) {
    ivec2 last = ivec2(view.cells.yz) - 1;
    vec2 place = clamp((vec2(x, y) + 0.5) * (1.0 / float(kGlareCell)) - 0.5, vec2(0.0), vec2(last));
    ivec2 low = ivec2(place), high = min(low + 1, last);
    vec2 t = place - vec2(low);
    int upper = int(view.cells.x) + low.y * int(view.cells.y), lower = int(view.cells.x) + high.y * int(view.cells.y);
    vec3 c[4];
    for (int i = 0; i < 4; ++i) {
        int cell = ((i & 2) != 0 ? lower : upper) + ((i & 1) != 0 ? high.x : low.x);
        c[i] = decoded(texelFetch(glare, cell).x);
    }
    return mix(mix(c[0], c[1], t.x), mix(c[2], c[3], t.x), t.y);
}

void main() {
    uint index = gl_GlobalInvocationID.x;
    if (index >= lists[view.lists.x + 3u]) return;
    uint word = lists[view.lists.x + 4u + index];
    int x = int(word & 0xffffu), y = int(word >> 16);
    // Its edges: below, above, right, left.
    uint sides = edge(0u, y, x) | edge(0u, y - 1, x) << 1 | edge(1u, x, y) << 2 | edge(1u, x - 1, y) << 3;
    vec2 shift = vec2(0.0);
    while (sides != 0u) {
        int side = findLSB(sides);
        sides &= sides - 1u;
        bool rows = side < 2, after = (side & 1) != 0;
        vec2 areas = border(rows ? 0u : 1u, (rows ? y : x) - (after ? 1 : 0), rows ? x : y);
        float h = after ? -areas.y : areas.x;
        shift += rows ? vec2(0.0, h) : vec2(h, 0.0);
    }
#if defined(LINEAR)
    ivec2 beside = ivec2(sign(shift));
    vec3 c = linear_at(x, y), across = linear_at(x + beside.x, y), along = linear_at(x, y + beside.y);
    c += abs(shift.x) * (across - c) + abs(shift.y) * (along - c);
    uint to = 3u * (view.lists.y + index);
    for (uint i = 0u; i < 3u; ++i) aside[to + i] = floatBitsToUint(c[i]);
#else
    if (shift == vec2(0.0)) return;
    vec3 sum = vec3(0.0);
    float weights = 0.0;
    for (int j = -1; j <= 1; ++j) {
        for (int i = -1; i <= 1; ++i) {
            vec2 d = vec2(i, j) - shift;
            float weight = exp(-dot(d, d) * view.spread.x);
            sum += weight * pixel(clamp(y + j, 0, height() - 1) * width() + clamp(x + i, 0, width() - 1));
            weights += weight;
        }
    }
    pixels[view.words.z + uint(y * width() + x)] = shown(sum / weights, glare_at(x, y));
#endif
}
#endif
