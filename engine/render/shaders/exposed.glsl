// The word of a displayed pixel: r, g, b from the low end.
uint shown(vec3 exposed, vec3 glare) {
    ivec3 q = ivec3(tone(exposed * (1.0 - kGlareNear - kGlareFar) + glare) * 255.0 + 0.5);
    return uint(q.r | q.g << 8 | q.b << 16);
}
