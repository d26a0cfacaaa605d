// What mirrors near the rig show of its surroundings: six faces of kProbeSide² pixels, two words each,
// radiance in RGB9E5 and the distance from the probe [m] as a float's bits.

// A direction's face and place on it, in pixels.
void probe_place(vec3 d, out int face, out vec2 place) {
    vec3 a = abs(d);
    bool x = a.x >= a.y && a.x >= a.z, y = !x && a.y >= a.z;
    vec3 q = x ? d : y ? d.yzx : d.zxy;
    float inverse = 1.0 / abs(q.x);
    face = (x ? 0 : y ? 2 : 4) + (q.x < 0.0 ? 1 : 0);
    place = (vec2(q.y, q.x < 0.0 ? -q.z : q.z) * inverse * 0.5 + 0.5) * float(kProbeSide);
}
int probe_word(int face, ivec2 at) {
    at = clamp(at, ivec2(0), ivec2(kProbeSide - 1));
    return 2 * ((face * kProbeSide + at.y) * kProbeSide + at.x);
}

// What a mirror at p shows in direction r, as if all that the probe sees lay on a sphere around it, as
// far as what it sees in that direction; a: how far it is to be believed.
vec4 probe_radiance(vec3 p, vec3 r) {
    vec3 o = p - frame.probe.xyz;
    int face;
    vec2 place;
    probe_place(r, face, place);
    float far = uintBitsToFloat(texelFetch(probe, probe_word(face, ivec2(place)) + 1).x);
    float b = dot(o, r), squared = dot(o, o), c = squared - far * far;
    float t = sqrt(max(b * b - c, 0.0)) - b;
    probe_place(o + r * max(t, 0.1), face, place);
    place -= 0.5;
    ivec2 low = ivec2(floor(place));
    vec2 f = place - vec2(low);
    vec3 seen = mix(mix(decoded(texelFetch(probe, probe_word(face, low)).x),
                        decoded(texelFetch(probe, probe_word(face, low + ivec2(1, 0))).x), f.x),
                    mix(decoded(texelFetch(probe, probe_word(face, low + ivec2(0, 1))).x),
                        decoded(texelFetch(probe, probe_word(face, low + ivec2(1, 1))).x), f.x), f.y);
    // Far from the probe it knows little; what it sees of the mirror itself is nothing to mirror.
    float near = clamp(1.6 - squared * (1.0 / 1600.0), 0.0, 1.0);
    return vec4(seen, near * clamp(2.0 * t, 0.0, 1.0));
}
