// Façades: a wall with openings, panes that stand back in them, and a room behind each pane into
// which the ray goes on [van Dongen 2008, Interior mapping]. All colours are square roots.

const float kReveal = 0.13;       // metres from the wall's face to the pane
const float kCurtainSteps = 21.0; // a curtain at the pane is this much lighter than the room

// Four numbers in [0, 1) from a bay's place and the house.
vec4 chances(vec2 cell, uint house) {
    uint h = uint(int(cell.x)) * 0x9e3779b1u ^ uint(int(cell.y)) * 0x85ebca6bu ^ house * 0xc2b2ae35u;
    return chances_from(h);
}

void shade_facade(vec3 normal, out uint surface, out uint shape) {
    vec4 opening = unpackUnorm4x8(in_packed.y);
    float shop = opening.w;
    vec2 cell = floor(in_uv_ground.zw), face = in_uv_ground.zw - cell;
    vec2 low = vec2(0.5 - 0.5 * opening.x, opening.z), high = low + opening.xy;

    // Through the opening to the plane of the pane.
    vec2 slope = in_view.xy / max(in_view.z, 0.02);
    vec2 behind = face + slope * kReveal;
    vec2 pane = clamp(behind, low, high);
    bool open = all(greaterThan(face, low)) && all(lessThan(face, high));
    bool reveal = open && pane != behind;
    vec2 shift = open ? pane - face : vec2(0.0);
    vec2 texture_at = in_uv_ground.xy + shift * vec2(0.25, shop > 0.5 ? 1.0 : 0.25);
    vec4 texel = texture(textures, vec3(texture_at, in_normal_layer.w));

    // The wall takes the house's colour, frames do not; sills are light, lintels dark.
    vec3 wall = texel.rgb * mix(vec3(1.0), in_colour, step(0.72, texel.a));
    vec3 jamb = in_colour * (behind.y > high.y ? 0.36 : behind.y < low.y ? 0.72 : 0.55);
    vec3 colour = reveal ? jamb : wall;
    float roughness = reveal ? 0.9 : texel.a;
    bool glass = open && !reveal && texel.a < 0.30;

    // The room: back wall, sides, floor and ceiling, a piece of furniture, a door.
    vec4 chance = chances(cell, in_packed.x);
    float depth = 2.6 + 2.4 * chance.x;
    vec3 to = vec3((slope.x > 0.0 ? 1.0 - pane.x : -pane.x) / slope.x,
                   (slope.y > 0.0 ? 0.93 - pane.y : 0.03 - pane.y) / slope.y, depth);
    float hit = min(to.x, min(to.y, to.z));
    vec2 at = pane + slope * hit;
    vec3 paint = mix(vec3(0.82, 0.78, 0.70), vec3(0.72, 0.76, 0.78), chance.y) - 0.25 * chance.z;
    bool back = hit == to.z, flat_ = hit == to.y;
    float things = fract(at.x * 2.0 + chance.w * 7.0);
    bool furniture = back && at.y < 0.25 + 0.3 * chance.z && things < 0.55;
    bool door = back && abs(at.x - chance.w) < 0.14 && at.y < 0.72;
    vec3 room = flat_ ? (slope.y > 0.0 ? vec3(0.85) : vec3(0.50, 0.40, 0.31)) : paint;
    room = furniture ? vec3(0.36, 0.27, 0.20) + 0.25 * chance.xyz : door ? vec3(0.42, 0.36, 0.30) : room;
    room *= 1.0 - 0.10 * hit;
    // Goods on shelves behind a shop's window.
    vec2 shelf = vec2(at.x * 14.0, at.y * 6.0);
    vec4 goods = chances(floor(shelf) + 97.0 * cell, in_packed.x);
    bool stock = shop > 0.5 && back && fract(shelf.x) < 0.86 && fract(shelf.y) < 0.35 + 0.6 * goods.w;
    room = stock ? vec3(0.2 + 0.5 * goods.w) + 0.18 * goods.xyz : room;

    // Curtains at the sides, blinds from above.
    float across = abs(pane.x - 0.5) / (0.5 * opening.x), up = (pane.y - opening.z) / opening.y;
    bool curtain = chance.y < 0.5 ? across > 0.45 + 0.9 * chance.y : up > 0.25 + 1.2 * chance.z;
    curtain = curtain && chance.w < 0.75 && shop < 0.5;
    float fold = 0.86 + 0.14 * sin(pane.x * 150.0 + chance.z * 40.0) * step(chance.y, 0.5);
    vec3 cloth = (vec3(0.70, 0.67, 0.61) + 0.14 * (chance.zxy - 0.5)) * fold;

    // Light: day from outside, at night lamps of 4 to 60 cd/m², most of them dim, and 2700 to 5000 K, shops up to
    // 100. The parameter counts steps of the luminance's logarithm.
    float day = float(int(in_packed.z >> kParameterShift)) - kCurtainSteps;
    float lit_share = float(int(in_packed.w >> 24)) * (1.0 / 255.0);
    bool lamp = chance.x < lit_share || shop > 0.5;
    float dim = fract(chance.x * 37.0);
    float lamp_light = shop > 0.5 ? 44.0 + 8.0 * chance.x : 24.0 + 24.0 * dim * dim;
    float light = day + (curtain ? kCurtainSteps : 0.0);
    bool by_lamp = lamp && lamp_light > light;
    vec3 warm = mix(vec3(1.0, 0.77, 0.49), vec3(1.0, 0.95, 0.90), chance.z * chance.z);
    vec3 inside = (curtain ? cloth : room) * (by_lamp ? warm : vec3(1.0));
    light = by_lamp ? lamp_light - (curtain ? 6.0 : 0.0) : light;

    // Letters of a shop's sign shine when it is dark.
    bool sign_ = shop > 0.5 && !open && abs(texel.a - 0.33) < 0.04 && lit_share > 0.2;
    float level = sign_ ? 46.0 + 10.0 * chance.y : light;
    uint kind = sign_ ? kKindEmitter : glass ? kKindGlass : kKindDielectric;
    // No two panes stand quite alike.
    vec2 tilt = glass ? 0.03 * (chance.wx - 0.5) : vec2(0.0);
    normal = normalize(normal + vec3(-normal.y * tilt.x, normal.x * tilt.x, tilt.y));
    uint parameter = glass || sign_ ? uint(clamp(int(level), 0, 127)) : kParameterMost;
    surface = pack_rgb(glass ? inside : colour) | uint(int((glass ? 0.02 : roughness) * 255.0)) << 24;
    shape = pack_normal(normal) | kind << kKindShift | parameter << kParameterShift;
}
