// Shades the G-buffer of one view: sun with shadow, sky light, reflections, air, exposure and tone
// curve, sRGB out. All pixels run the same code, sky included: on a CPU a branch costs both sides.
//
// An invocation shades a column of kRows pixels, so that what is the same for all pixels is read
// once: a software driver gathers each number of a uniform block lane by lane, which for single
// pixels took more time than the shading.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "engine/render/shader_types.h"

layout(local_size_x = 64) in;
layout(constant_id = 0) const uint kSoftShadows = 0;
// What is written, a pipeline each: 0 the picture; 1 the light meter, which shades one pixel of each
// block and keeps its luminance; 2 linear radiance; 3 linear radiance and what it is made of;
// 4 exposed radiance, from which finish.comp makes the picture; 5 radiance and distance of the probe.
layout(constant_id = 1) const uint kOutput = 0;
layout(constant_id = 2) const uint kRows = 1;
layout(constant_id = 3) const uint kIds = 0;
layout(constant_id = 4) const uint kDepth = 0;
layout(constant_id = 5) const uint kLamps = 0;
layout(constant_id = 6) const uint kPrecipitation = 0;
layout(constant_id = 7) const uint kBlend = 0;
layout(constant_id = 8) const uint kShape = 0;
layout(constant_id = 9) const uint kProbe = 0;   // mirrors near the rig show what it sees
layout(constant_id = 10) const uint kEdges = 0;  // with linear radiance: also what 4 writes

layout(push_constant) uniform Push { ResolveView push; };
layout(set = 0, binding = 0) uniform Frame { FrameConstants uniforms; };
layout(set = 0, binding = 1) uniform usampler2D g_buffer;
layout(set = 0, binding = 2) uniform sampler2DArrayShadow shadow_map;
layout(set = 0, binding = 3) uniform usampler2D sky_map;
layout(set = 0, binding = 4, std430) writeonly buffer Pixels { uint pixels[]; };
layout(set = 0, binding = 5, std430) writeonly buffer Meter { float meter[]; };
layout(set = 0, binding = 6, std430) writeonly buffer Ids { uint ids[]; };
layout(set = 0, binding = 7, std430) writeonly buffer Depth { float depths[]; };
// Radiance [kcd/m²] as rgb; with its parts kPartsWords a pixel, see PixelParts.
layout(set = 0, binding = 8, std430) writeonly buffer Linear { uint linear[]; };

layout(set = 0, binding = 9) uniform sampler3D ambient_volume;
layout(set = 0, binding = 10) uniform sampler2D lights;         // a row each, see GpuLight
layout(set = 0, binding = 11) uniform usampler2D light_tiles;  // 16 indices each
layout(set = 0, binding = 12) uniform sampler2D beam_table;
layout(set = 0, binding = 13, std430) writeonly buffer Shape { uint shapes[]; };
layout(set = 0, binding = 14, std430) writeonly buffer Radiance { uint radiance[]; };
layout(set = 0, binding = 15) uniform usamplerBuffer probe;
layout(set = 0, binding = 16) uniform sampler2DArray shadow_depth;  // shadow_map, as numbers
layout(set = 0, binding = 17) uniform sampler2DArrayShadow lamp_shadows;

const float kPi = 3.14159265;

#include "engine/render/shaders/display.glsl"

// Copies, read once per invocation.
FrameConstants frame;
ResolveView view;
uvec4 tile_lights;  // of the tile that the invocation's pixels lie in
// What light_of found on its way: light from sun and lamps by at most one reflection, behind the
// air; light that the air scatters in, and its transmittance.
vec3 direct;
vec4 air;
vec3 shown_seen;  // what light_of returns for pictures; of kEdges

// Conversions go by signed integers, which CPUs have instructions for.
vec3 unpack_normal(uint bits) {
    vec2 e = vec2(ivec2(bits & 0x7ffu, bits >> 11 & 0x7ffu)) * (1.0 / 1023.0) - (1023.5 / 1023.0);
    vec3 n = vec3(e, 1.0 - abs(e.x) - abs(e.y));
    float t = max(-n.z, 0.0);
    n.x += n.x >= 0.0 ? -t : t;
    n.y += n.y >= 0.0 ? -t : t;
    return normalize(n);
}

// The sky map's coordinate of a direction: octahedral with the zenith in the middle.
vec2 sky_coordinate(vec3 d) {
    d *= 1.0 / (abs(d.x) + abs(d.y) + abs(d.z));
    vec2 folded = (1.0 - abs(d.yx)) * mix(vec2(-1.0), vec2(1.0), greaterThanEqual(d.xy, vec2(0.0)));
    return (d.z >= 0.0 ? d.xy : folded) * 0.5 + 0.5;
}

// Two numbers in [0, 1) that differ between neighbours: interleaved gradient noise [Jimenez 2014].
vec2 dither(uvec2 at) {
    vec2 p = vec2(ivec2(at));
    vec2 t = vec2(dot(p, vec2(0.06711056, 0.00583715)), dot(p, vec2(0.00583715, -0.06711056)));
    return fract(52.9829189 * fract(t));
}

vec3 sky_texel(ivec2 corner, ivec2 at, int size) {
    return decoded(texelFetch(sky_map, corner + clamp(at, ivec2(0), ivec2(size - 1)), 0).x);
}

// The sky as a mirror of a roughness level shows it; level 0 is the sky itself. One texel by chance
// instead of a blend of eight: a filtered fetch costs more than all other light together, and the
// sky changes little from texel to texel.
vec3 sky_radiance(vec3 d, float level, vec2 chance) {
    int l = int(level + 0.5);
    int size = kSkySize >> l;
    ivec2 corner = l == 0 ? ivec2(0) : ivec2(kSkySize - (2 * kSkySize >> l), kSkySize);
    vec2 place = sky_coordinate(d) * float(size) - 0.5;
    if (kBlend == 1u) {
        ivec2 at = ivec2(floor(place));
        vec2 t = place - vec2(at);
        return mix(mix(sky_texel(corner, at, size), sky_texel(corner, at + ivec2(1, 0), size), t.x),
                   mix(sky_texel(corner, at + ivec2(0, 1), size),
                       sky_texel(corner, at + ivec2(1, 1), size), t.x), t.y);
    }
    return sky_texel(corner, ivec2(place + chance), size);
}

// Irradiance over pi from nine coefficients [Ramamoorthi and Hanrahan 2001]; the basis' constants
// are folded into the coefficients.
vec3 sky_light(vec3 n) {
    return max(frame.irradiance[0].rgb + frame.irradiance[1].rgb * n.y +
                   frame.irradiance[2].rgb * n.z + frame.irradiance[3].rgb * n.x +
                   frame.irradiance[4].rgb * (n.x * n.y) + frame.irradiance[5].rgb * (n.y * n.z) +
                   frame.irradiance[6].rgb * (3.0 * n.z * n.z - 1.0) +
                   frame.irradiance[7].rgb * (n.x * n.z) +
                   frame.irradiance[8].rgb * (n.x * n.x - n.y * n.y),
               vec3(0.0));
}

// Light between houses at p: rgb what walls and ground throw back, a the share of open sky.
vec4 ambient_at(vec3 p, vec3 n) {
    vec3 at = p + n * 1.2;
    vec2 away = abs(at.xy - frame.ambient.xy);
    float z = clamp((at.z - frame.ambient.z) * (1.0 / kAmbientCell), 0.5, float(kAmbientLayers) - 0.5);
    vec3 c = vec3(at.xy * (1.0 / (kAmbientCell * float(kAmbientSide))), z * (1.0 / float(kAmbientLayers)));
    vec4 v = textureLod(ambient_volume, c, 0.0);
    v.rgb *= v.rgb * frame.ambient.w;
    // Beyond the volume nothing is known: half open, little thrown back.
    float far = clamp(max(away.x, away.y) * (1.0 / 16.0) - 13.5, 0.0, 1.0);
    return mix(v, vec4(v.rgb * 0.7, 0.75), far);
}

const float kSunRadius = 0.00465;  // tangent of half of its angle

// Share of the sun that passes what stands before the point of `depth` at c of a shadow map, as far
// as that is away: the mean distance of what hides the sun nearby says how wide the half-shadow is
// [Fernando 2005]. scale: map units a metre; texel in metres; n_L: the surface's normal in L.
float sun_softened(vec2 c, float layer, float depth, float scale, float texel, vec3 n_L, float chance) {
    const float kSearch = 0.3;  // metres about the point
    vec2 slope = -n_L.xy / min(n_L.z, -0.15);  // of the surface, along L's axes
    float hidden = 0.0, gaps = 0.0;
    for (int i = 0; i < 4; ++i) {
        float turn = 6.2831853 * chance + 2.4 * float(i);
        vec2 away = vec2(cos(turn), sin(turn)) * (kSearch * sqrt((float(i) + 0.5) * 0.25));
        float gap = depth + dot(slope, away) * frame.light_depth.x -
                    textureLod(shadow_depth, vec3(c + away * scale, layer), 0.0).r;
        bool hides = gap > 0.5 * texel * frame.light_depth.x;
        hidden += hides ? 1.0 : 0.0;
        gaps += hides ? gap : 0.0;
    }
    float away_m = gaps / (max(hidden, 1.0) * frame.light_depth.x);
    float radius = clamp(kSunRadius * away_m, 0.7 * texel, 0.5);
    float lit = 0.0;
    for (int i = 0; i < 4; ++i) {
        float turn = 6.2831853 * chance + 1.2 + 2.4 * float(i);
        vec2 away = vec2(cos(turn), sin(turn)) * (radius * sqrt((float(i) + 0.5) * 0.25));
        float there = depth + dot(slope, away) * frame.light_depth.x;
        lit += 0.25 * texture(shadow_map, vec4(c + away * scale, layer, there));
    }
    return lit;
}

// Share of the sun that reaches p.
float sun_visibility(vec3 p, vec3 n, float n_l, float chance) {
    vec3 p_L = vec3(dot(frame.light_x.xyz, p), dot(frame.light_y.xyz, p),
                    dot(frame.light_z.xyz, p));
    // The finest cascade whose map holds the point, with a border of a few texels.
    vec2 c0 = p_L.xy * frame.cascades[0].z + frame.cascades[0].xy;
    vec2 c1 = p_L.xy * frame.cascades[1].z + frame.cascades[1].xy;
    vec2 c2 = p_L.xy * frame.cascades[2].z + frame.cascades[2].xy;
    bool in0 = max(abs(c0.x - 0.5), abs(c0.y - 0.5)) < 0.495;
    bool in1 = max(abs(c1.x - 0.5), abs(c1.y - 0.5)) < 0.495;
    float layer = in0 ? 0.0 : in1 ? 1.0 : 2.0;
    // Beyond the widest cascade nothing is known to be in the shade.
    float lit_far = clamp(max(abs(c2.x - 0.5), abs(c2.y - 0.5)) * 25.0 - 11.3, 0.0, 1.0);
    vec2 c = in0 ? c0 : in1 ? c1 : c2;
    vec2 scale_texel = in0 ? frame.cascades[0].zw : in1 ? frame.cascades[1].zw : frame.cascades[2].zw;
    // The point is lifted along its normal by about a texel, more at grazing light, and compared
    // where it then lies: no acne, little detachment.
    float lift = scale_texel.y * (2.2 - 1.6 * n_l);
    vec2 n_L = vec2(dot(frame.light_x.xyz, n), dot(frame.light_y.xyz, n));
    c += n_L * (lift * scale_texel.x);
    float depth = (p_L.z - lift * n_l) * frame.light_depth.x + frame.light_depth.y;
    depth -= 0.35 * scale_texel.y * frame.light_depth.x;
    float lit = 0.0;
    if (kSoftShadows == 1u) {
        vec3 in_L = vec3(n_L, dot(frame.light_z.xyz, n));
        lit = sun_softened(c, layer, depth, scale_texel.x, scale_texel.y, in_L, chance);
    } else {
        lit = texture(shadow_map, vec4(c, layer, depth));
    }
    return max(lit, lit_far);
}

// Microfacet specular, GGX with the height-correlated visibility of [Hammon 2017]; times n_l.
float ggx(float alpha, float n_h, float n_v, float n_l) {
    float a2 = alpha * alpha;
    float f = (n_h * a2 - n_h) * n_h + 1.0;
    float v = mix(2.0 * n_l * n_v, n_l + n_v, alpha);
    return 0.5 * a2 * n_l / (kPi * f * f * v + 1e-9);
}

// The share of the environment that a rough surface reflects, as scale and bias of F0; their sum is
// what it reflects where F0 is 1. Fitted to the integral of GGX with height-correlated Smith
// shadowing and Schlick's Fresnel: for F0 0.04 within 0.015 from n_v 0.1 on, see bsdf.cpp.
vec2 environment_brdf(float roughness, float n_v) {
    float r2 = roughness * roughness, g = 1.0 - n_v, g2 = g * g;
    float bias = g2 * (0.995 * g2 * g + 2.9 * r2) / (1.0 + r2 * (6.63 + 95.5 * r2));
    float whole = 1.0 - r2 * roughness * (0.137 + 1.194 * n_v) / (0.819 * r2 + n_v + 0.01);
    return vec2(whole - bias, bias);
}

// Intensity of a lamp in direction -l as a share of its colour; see lights.h.
float lamp_shape(float shape, vec3 axis, vec3 l) {
    float along = -dot(l, axis);
    float lens = max(along, 0.0);
    lens *= lens;
    lens *= lens;
    // A lantern throws most of its light sideways along the road, little above 80 degrees.
    float t = clamp((along - 0.08) * 3.6, 0.0, 1.0);
    float lantern = t * t * (1.6 - 0.9 * along);
    vec3 right = normalize(vec3(axis.y, -axis.x, 1e-6));
    vec3 up = cross(right, axis);
    float inverse = 1.0 / max(along, 0.05);
    float h = dot(l, right) * inverse, v = -dot(l, up) * inverse;
    vec2 c = vec2(0.5 - 0.5 * h / kBeamWide, (kBeamHigh - v) / (kBeamHigh - kBeamLow));
    float root = textureLod(beam_table, c, 0.0).x;
    float beam = along > 0.05 ? root * root : 0.0;
    return shape == float(kLightStreet) ? lantern : shape == float(kLightBeam) ? beam : lens;
}

// Share of a lamp's light that reaches p; the lamp's map is the given layer. See lamp_view.
float lamp_visibility(vec3 p, vec3 n, vec3 lamp, vec3 axis, float tangent, float layer, float chance) {
    vec3 helper = abs(axis.z) > 0.7 ? vec3(0.0, 1.0, 0.0) : vec3(0.0, 0.0, 1.0);
    vec3 right = normalize(cross(axis, helper)), up = cross(right, axis);
    // Lifted along the normal by two texels, and compared a little nearer to the lamp.
    float texel = dot(p - lamp, axis) * tangent * (2.0 / float(kLampShadowSide));
    vec3 to = p + n * (2.0 * texel) - lamp;
    float along = max(dot(to, axis), 0.5 * kLampNear);
    vec2 c = vec2(dot(to, right), dot(to, up)) / (along * tangent);
    // Beyond the map nothing is known to be in the shade.
    float beyond = clamp(max(abs(c.x), abs(c.y)) * 12.0 - 11.0, 0.0, 1.0);
    float depth = 1.0 - kLampNear / (along - texel - 0.02);
    if (kSoftShadows == 0u) return max(texture(lamp_shadows, vec4(c * 0.5 + 0.5, layer, depth)), beyond);
    // Edges are as soft as two texels.
    float lit = 0.0;
    for (int i = 0; i < 3; ++i) {
        float turn = 6.2831853 * chance + 2.0943951 * float(i);
        vec2 away = vec2(cos(turn), sin(turn)) * (1.3 / float(kLampShadowSide));
        lit += texture(lamp_shadows, vec4(c * 0.5 + 0.5 + away, layer, depth)) * (1.0 / 3.0);
    }
    return max(lit, beyond);
}

// A surface, as lamps see it.
struct Surface {
    vec3 p, n, v, diffuse, f0;
    float alpha, n_v, coat, retro, leaf, chance;
};

// Light straight from lamps, and `thrown_back`: what the ground lit by them throws back, as if about
// a twentieth of their light came from below.
vec3 light_of_lamps(Surface s, uvec4 list, out vec3 thrown_back) {
    vec3 sum = vec3(0.0);
    thrown_back = vec3(0.0);
    for (int i = 0; i < 16; ++i) {
        uint index = list.x & 255u;
        if (index == 255u) break;
        list = uvec4(list.x >> 8 | list.y << 24, list.y >> 8 | list.z << 24,
                     list.z >> 8 | list.w << 24, list.w >> 8 | 0xff000000u);
        vec4 p_range = texelFetch(lights, ivec2(0, index), 0);
        vec4 colour = texelFetch(lights, ivec2(1, index), 0);
        vec4 axis = texelFetch(lights, ivec2(2, index), 0);
        vec3 to = p_range.xyz - s.p;
        float squared = dot(to, to);
        vec3 l = to * inversesqrt(squared);
        // The light ends smoothly at its range.
        float u = squared * p_range.w * p_range.w;
        float ending = clamp(1.0 - u * u, 0.0, 1.0);
        vec3 e = colour.rgb * (lamp_shape(colour.w, axis.xyz, l) * ending * ending / (squared + 0.01));
        float cosine = dot(s.n, l);
        float n_l = max(cosine, s.leaf * 0.5 * abs(cosine));
        // A loop, since a CPU leaves it out where no pixel of a group is lit by a lamp with a map.
        const float kLeastLight = 1e-4;  // klx on the surface
        bool lit = kOutput != 1u && kOutput != 5u && max(e.r, max(e.g, e.b)) * n_l > kLeastLight;
        for (float layer = lit ? floor(axis.w) : 0.0; layer > 0.0; layer = 0.0) {
            float tangent = colour.w == float(kLightBeam) ? kBeamShadow : kStreetShadow;
            float seen = lamp_visibility(s.p, s.n, p_range.xyz, axis.xyz, tangent, layer - 1.0,
                                         s.chance);
            e *= mix(1.0, seen, axis.w - layer);
        }
        vec3 h = normalize(l + s.v);
        float n_h = clamp(dot(s.n, h), 0.0, 1.0);
        float one_minus = 1.0 - clamp(dot(s.v, h), 0.0, 1.0), q = one_minus * one_minus;
        float schlick = q * q * one_minus;
        vec3 f = s.f0 + (1.0 - s.f0) * schlick;
        thrown_back += e * s.diffuse;
        vec3 back = s.diffuse * n_l + f * ggx(s.alpha, n_h, s.n_v, max(cosine, 0.0));
        back += s.coat * (0.04 + 0.96 * schlick) * ggx(0.006, n_h, s.n_v, max(cosine, 0.0));
        // Sheeting throws light back within about a degree: 100 cd/m² per lx at the source
        // [EN 12899-1, class RA2].
        float observed = 2.0 - 2.0 * dot(l, s.v);
        back += s.diffuse * (s.retro * 300.0 / (1.0 + observed * 7000.0) * n_l);
        sum += e * back;
    }
    thrown_back *= 0.05 * (1.0 - 0.7 * s.n.z);
    return sum;
}

bool not_a_number(uint word) { return (word & 0x7fffffffu) > 0x7f800000u; }

uvec4 pixel_at(uvec2 at) { return texelFetch(g_buffer, ivec2(at + view.tile.xy), 0); }

#include "engine/render/shaders/precipitation.glsl"
#include "engine/render/shaders/probe.glsl"

// Light that arrives from what `pixel`, which lies at `at` in the view, shows [kcd/m²].
vec3 light_of(uvec4 pixel, uvec2 at) {
    uint surface = pixel.y, shape = pixel.z;
    float depth = uintBitsToFloat(pixel.w);
    bool is_sky = depth == 0.0;

    // Where the pixel looks and what it hits.
    vec2 slope = (vec2(ivec2(at)) + 0.5 - view.intrinsics.zw) * view.intrinsics.xy;
    vec3 ray = view.right.xyz * slope.x + view.down.xyz * slope.y + view.forward.xyz;
    float z = kNearPlane / max(depth, 1e-6);
    vec3 p = view.origin.xyz + ray * z;
    float ray_length = length(ray);
    vec3 v = ray * (-1.0 / ray_length);
    vec3 albedo = vec3(ivec3(surface & 0xffu, surface >> 8 & 0xffu, surface >> 16 & 0xffu)) * (1.0 / 255.0);
    albedo *= albedo;
    float roughness = max(float(int(surface >> 24)) * (1.0 / 255.0), 0.045);
    vec3 n = unpack_normal(shape);
    uint kind = shape >> kKindShift & 7u;
    float parameter = float(int(shape >> kParameterShift));
    bool shines = kind == kKindEmitter || kind == kKindGlass;
    float open_sky = shines ? 1.0 : parameter * (1.0 / 127.0);
    float metal = kind == kKindMetal ? 1.0 : 0.0;
    float coat = kind == kKindCoated ? 1.0 : 0.0;
    float leaf = kind == kKindLeaf ? 1.0 : 0.0;

    // Sun: diffuse and one lobe, that of the coat where there is one: binder and coat refract alike.
    vec3 l = frame.sun_direction.xyz;
    vec3 h = normalize(l + v);
    float cosine = dot(n, l), n_l = clamp(cosine, 0.0, 1.0);
    float n_v = clamp(dot(n, v), 0.0, 1.0) + 1e-4;
    float n_h = clamp(dot(n, h), 0.0, 1.0);
    float v_h = clamp(dot(v, h), 0.0, 1.0);
    float one_minus = 1.0 - v_h, squared = one_minus * one_minus;
    float schlick = squared * squared * one_minus;
    float sun = sun_visibility(p, n, n_l, dither(at).y);
    // A double pane has four surfaces.
    vec3 f0 = mix(vec3(kind == kKindGlass ? kGlassF0 : 0.04), albedo, metal);
    vec3 f = f0 + (1.0 - f0) * schlick;
    // What the lobe on top reflects does not reach the base [Kulla and Conty 2017]; light that a
    // metal scatters more than once makes its lobe brighter [Turquin 2019].
    float mirror_roughness = coat > 0.5 ? 0.08 : roughness;
    vec2 brdf = environment_brdf(mirror_roughness, n_v);
    vec3 mirror_f0 = mix(f0, vec3(0.04), coat);
    vec3 again = 1.0 + metal * f0 * (1.0 / (brdf.x + brdf.y) - 1.0);
    vec3 mirror = (mirror_f0 * brdf.x + brdf.y) * again;
    vec3 base = shines ? vec3(0.0) : albedo * ((1.0 - metal) * (1.0 - mirror.x));
    float f_coat = coat * (0.04 + 0.96 * schlick);
    // Half of what a leaf does not absorb leaves by its other side.
    float entering = max(n_l, leaf * 0.5 * abs(cosine));
    vec3 from_sun = base * (entering / kPi) +
                    f * again * ((1.0 - coat) * ggx(roughness * roughness, n_h, n_v, n_l)) +
                    f_coat * ggx(0.006, n_h, n_v, n_l);
    vec3 light = frame.sun_light.rgb * sun * from_sun;
    direct = light;

    if (kLamps == 1u) {
        Surface s = Surface(p, n, v, base * (1.0 / kPi), f0, roughness * roughness, n_v, coat,
                            kind == kKindRetro ? 1.0 : 0.0, leaf, dither(at).x);
        vec3 thrown_back;
        vec3 lamps = light_of_lamps(s, tile_lights, thrown_back);
        light += lamps + thrown_back;
        direct += lamps;
    }

    // Sky: diffuse from harmonics, reflection from one look into the sky map; sky pixels look there
    // along the ray.
    vec4 around = ambient_at(p, n);
    // In the open all that is thrown back comes from the ground, so from below; between walls from
    // everywhere.
    vec3 falling = sky_light(n) * around.a + around.rgb * (1.0 - n.z * around.a);
    light += base * falling * open_sky;
    vec3 mirrored = is_sky ? -v : reflect(-v, n);
    // The probe's sky is a mirror's: without the sun, whose light has a lobe of its own.
    float level = is_sky ? (kOutput == 5u ? 1.0 : 0.0) : 1.0 + mirror_roughness * float(kSkyLevels - 2);
    vec3 sky = sky_radiance(mirrored, level, dither(at));
    // Where houses stand close, a mirror shows them more than the sky.
    vec3 shown = mix(around.rgb * 2.0, sky, 0.25 + 0.75 * around.a);
    if (kProbe == 1u) {
        // A loop, since a CPU leaves it out where no pixel of a group mirrors.
        float sharp = is_sky ? 0.0 : clamp(3.0 - 10.0 * mirror_roughness, 0.0, 1.0);
        for (float left = sharp; left > 0.0; left = 0.0) {
            vec4 near = probe_radiance(p, mirrored);
            shown = mix(shown, near.rgb, near.a * sharp);
        }
    }
    light += shown * mirror * open_sky;

    // Lamps themselves and what is lit behind panes.
    float emitted = kEmitterLowest * exp2(parameter * (1.0 / kEmitterSteps));
    vec3 own = albedo * (shines ? emitted : 0.0);
    // A picture shows a lamp as at most this many times white, in its own colour: cameras for cars
    // keep signals from burning out to white, and lit rooms likewise. Linear radiance is as it is.
    const float kBrightestLamp = 2.5;
    const float kBrightestRoom = 1.2;
    vec3 limited = vec3(0.0);
    if (kOutput == 0u || kOutput == 4u || kEdges == 1u) {
        float most = max(max(own.r, own.g), own.b) * view.origin.w;
        limited = own * min(1.0, (kind == kKindEmitter ? kBrightestLamp : kBrightestRoom) / max(most, 1e-6));
        if (kEdges == 0u) own = limited;
    }
    // Mirrors show lamps by the lamps' own light.
    if (kOutput == 5u && kind == kKindEmitter) own = vec3(0.0);
    vec3 as_shown = kind == kKindEmitter ? limited : light + limited;
    light = kind == kKindEmitter ? own : light + own;
    direct = kind == kKindEmitter ? own : direct + own;

    // The air between; sky pixels as they are.
    // exp(-x) as 1 / (1 + x/4)^4: right where air is thin, and never dark where it is thick.
    float x = 1.0 / (1.0 + 0.25 * frame.fog.w * z * ray_length), x2 = x * x;
    float clear = is_sky ? frame.weather.y : x2 * x2;
    direct *= is_sky ? 0.0 : clear;
    air = vec4(frame.fog.rgb * (1.0 - clear), clear);
    vec3 seen = air.rgb + (is_sky ? sky : light) * clear;
    shown_seen = air.rgb + (is_sky ? sky : as_shown) * clear;
    if (kPrecipitation == 1u) {
        // The camera's axes turn W's down into its frame.
        vec3 down_C = -vec3(view.right.z, view.down.z, view.forward.z);
        vec3 drift = vec3(view.right.w, view.down.w, view.forward.w);
        uint seed = view.tile.x * 31u + view.tile.y;
        seen = precipitate(seen, z, slope, drift, down_C, view.intrinsics.x, frame.rain,
                           frame.rain_light.rgb, seed);
        if (kEdges == 1u) {
            shown_seen = precipitate(shown_seen, z, slope, drift, down_C, view.intrinsics.x,
                                     frame.rain, frame.rain_light.rgb, seed);
        }
    }
    return seen;
}

void main() {
    frame = uniforms;
    view = push;
    uvec2 block = gl_GlobalInvocationID.xy;
    if (kLamps == 1u) {
        uvec2 first = block * (kOutput == 1u ? uvec2(kMeterStride) : uvec2(1u, kRows));
        uvec2 tile = first / uvec2(kLightTileWidth, kLightTileHeight);
        uint index = view.output_at.z + tile.y * view.output_at.w + tile.x;
        ivec2 at = ivec2(index % uint(kLightTileColumns), index / uint(kLightTileColumns));
        tile_lights = texelFetch(light_tiles, at, 0);
    }
    if (kOutput == 1u) {
        uvec2 at = block * kMeterStride;
        if (at.x >= view.tile.z || at.y >= view.tile.w) return;
        uint columns = (view.tile.z + kMeterStride - 1u) / kMeterStride;
        meter[view.output_at.y + block.y * columns + block.x] =
            dot(light_of(pixel_at(at), at), vec3(0.2126, 0.7152, 0.0722));
        return;
    }
    if (block.x >= view.tile.z) return;
    uint end = min((block.y + 1u) * kRows, view.tile.w);
    uint target = view.output_at.x + block.y * kRows * view.tile.z + block.x;
    uint y = block.y * kRows;
    uvec4 above = pixel_at(uvec2(block.x, max(y, 1u) - 1u));
    uvec4 below = pixel_at(uvec2(block.x, y));
    for (; y < end; ++y) {
        uvec2 at = uvec2(block.x, y);
        uvec4 pixel = below;
        below = pixel_at(uvec2(block.x, min(y + 1u, view.tile.w - 1u)));
        // Where levels of detail meet, the sky may shine through a crack of a pixel in the ground;
        // a sliver's depth may be no number, by the rasteriser's rounding. Such a pixel shows what
        // its neighbours show, on the plane through both where they are one thing.
        vec2 slope = (vec2(ivec2(at)) + 0.5 - view.intrinsics.zw) * view.intrinsics.xy;
        bool looks_down = view.right.z * slope.x + view.down.z * slope.y + view.forward.z < 0.0;
        bool crack = looks_down && pixel.w == 0u && above.w != 0u && below.w != 0u;
        if (crack || not_a_number(pixel.w)) {
            pixel = not_a_number(above.w) ? below : above;
            if (above.x == below.x && !not_a_number(above.w) && !not_a_number(below.w)) {
                pixel.w = floatBitsToUint(0.5 * (uintBitsToFloat(above.w) + uintBitsToFloat(below.w)));
            }
        }
        above = pixel;
        if (kIds == 1u) ids[target] = pixel.x;
        if (kDepth == 1u) depths[target] = kNearPlane / uintBitsToFloat(pixel.w);
        if (kShape == 1u) shapes[target] = pixel.z;
        if (kOutput == 4u) {
            radiance[target] = encoded(light_of(pixel, at) * view.origin.w);
            target += view.tile.z;
            continue;
        }
        if (kOutput == 5u) {
            float z = kNearPlane / max(uintBitsToFloat(pixel.w), 1e-6);
            radiance[2u * target] = encoded(light_of(pixel, at));
            radiance[2u * target + 1u] = floatBitsToUint(z * length(vec3(slope, 1.0)));
            target += view.tile.z;
            continue;
        }
        if (kOutput >= 2u) {
            vec3 seen = light_of(pixel, at);
            uvec3 words = floatBitsToUint(seen);
            uint to = target * (kOutput == 2u ? 3u : kPartsWords);
            for (uint i = 0u; i < 3u; ++i) linear[to + i] = words[i];
            // Exposed, to find edges in; see smooth.comp.
            if (kEdges == 1u) radiance[target] = encoded(shown_seen * view.origin.w);
            if (kOutput == 3u) {
                for (uint i = 0u; i < 3u; ++i) linear[to + 3u + i] = floatBitsToUint(direct[i]);
                for (uint i = 0u; i < 4u; ++i) linear[to + 6u + i] = floatBitsToUint(air[i]);
                linear[to + 10u] = pixel.y;
                linear[to + 11u] = pixel.z;
            }
            target += view.tile.z;
            continue;
        }
        ivec3 q = ivec3(tone(light_of(pixel, at) * view.origin.w) * 255.0 + 0.5);
        pixels[target] = uint(q.x | q.y << 8 | q.z << 16);
        target += view.tile.z;
    }
}
