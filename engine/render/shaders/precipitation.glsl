// Rain and snow between the eye and what a pixel shows: streaks that drops draw during an exposure of
// 10 ms, in four layers of depth [Garg and Nayar 2007, Vision and rain: a drop shows the sky behind
// the camera's back, whatever stands behind it].
//
// The streaks of a moving camera point away from the place that drops seem to come from. Cells about
// that point, by angle and distance, hold one drop each, drawn anew for every picture.

const float kExposure = 0.01;      // s
const float kDropSpeed = 7.5;      // m/s, of drops of 2 mm [Atlas et al. 1973]
const float kFlakeSpeed = 1.2;     // m/s

uint rain_hash(uint x) {
    x = (x ^ x >> 15) * 0x2c1b3c6du;
    x = (x ^ x >> 12) * 0x297a2d39u;
    return x ^ x >> 15;
}

// `light` of what stands z metres away along the camera's axis; `slope`: x/z and y/z of the pixel in
// the camera's frame; `drift`: velocity of falling drops in that frame but for their fall [m/s],
// `down_C`: W's down in that frame; `pixel`: slope that one pixel covers; `rain`, `sky`: see
// FrameConstants.
vec3 precipitate(vec3 light, float z, vec2 slope, vec3 drift, vec3 down_C, float pixel, vec4 rain,
                 vec3 sky, uint view_seed) {
    bool flakes = rain.y > 0.5;
    vec3 w = down_C * (flakes ? kFlakeSpeed : kDropSpeed) + drift;
    w.z = w.z < 0.0 ? min(w.z, -0.4) : max(w.z, 0.4);
    vec2 source = w.xy / w.z, from = slope - source;
    float r = length(from), scale = max(length(source), 0.5);
    float turn = atan(from.y, from.x);
    uint seed = rain_hash(uint(int(rain.z)) * 0x9e3779b1u ^ view_seed);
    float more = flakes ? 1.0 : pow(rain.x * 0.1, 0.35);
    for (int k = 0; k < 4; ++k) {
        float d = k == 0 ? 1.0 : k == 1 ? 2.5 : k == 2 ? 6.0 : 14.0;
        // Half-width and length of a streak, as slopes.
        float wide = (flakes ? 0.0035 : 0.0010) / d;
        float streak = r * abs(w.z) * kExposure / d + 2.0 * wide;
        // Cells that hold a drop each in heavy rain.
        vec2 cell = flakes ? vec2(0.16, 0.16) / d : vec2(0.050 / d, max(0.22 / d, 1.5 * streak));
        cell = max(cell, vec2(5.0 * pixel));
        vec2 at = vec2(turn * scale / cell.x, r / cell.y);
        vec2 name = floor(at), f = at - name;
        uint h = rain_hash(uint(int(name.x)) * 0x85ebca6bu ^ uint(int(name.y)) * 0xc2b2ae35u ^ seed + uint(k) * 977u);
        vec3 chance = vec3(ivec3(h & 1023u, h >> 10 & 1023u, h >> 20 & 1023u)) * (1.0 / 1023.0);
        // How many drops there are: by Marshall and Palmer's distribution, of more than 1 mm.
        float share = flakes ? min(1.0, 0.22 * rain.x) : min(1.0, 0.30 * more * more);
        float size = 0.6 + 0.8 * chance.z;
        float half_wide = max(wide * size, 0.6 * pixel);
        vec2 off = (f - 0.25 - 0.5 * chance.xy) * cell * vec2(r / scale, 1.0);
        float shown = clamp(1.5 - abs(off.x) / half_wide, 0.0, 1.0) *
                      clamp((0.5 * streak - abs(off.y)) / (0.15 * streak) , 0.0, 1.0);
        // A drop covers a point for the time that it takes to pass, and blurs over a pixel.
        float cover = (flakes ? 0.75 : 0.10 * more) * min(1.0, wide * size / half_wide);
        bool there = chance.x * 0.999 + 0.0005 < share && z > d;
        light = mix(light, sky, there ? shown * cover : 0.0);
    }
    return light;
}
