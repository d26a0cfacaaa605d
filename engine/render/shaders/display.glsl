// Radiance as words, and what a display shows of it.

// Filmic curve whose result is already encoded for display [Hejl and Burgess-Dawson 2010], scaled so
// that it reaches white; the same as in display.h.
vec3 tone(vec3 c) {
    vec3 x = max(c - 0.004, vec3(0.0));
    return min(x * (6.2 * x + 0.5) / (x * (6.2 * x + 1.7) + 0.06) * kToneScale, vec3(1.0));
}

// RGB9E5 [Vulkan 1.3, section 3.10]: mantissas of nine bits and an exponent with a bias of 15.
uint encoded(vec3 c) {
    c = clamp(c, vec3(0.0), vec3(65000.0));
    float most = max(max(c.r, c.g), max(c.b, 1.0 / 32768.0));
    uint exponent = (floatBitsToUint(most) >> 23) - 111u;  // `most` is less than 2^(exponent - 15)
    float scale = uintBitsToFloat(151u - exponent << 23);
    ivec3 q = min(ivec3(c * scale + 0.5), ivec3(511));
    return uint(q.r | q.g << 9 | q.b << 18) | exponent << 27;
}
vec3 decoded(uint e) {
    float scale = uintBitsToFloat((e >> 27) + 103u << 23);
    return vec3(ivec3(e & 511u, e >> 9 & 511u, e >> 18 & 511u)) * scale;
}
