// What lies behind a vehicle's window: the ray goes on into a cabin of seats, people, a steering
// wheel and the windows beyond [van Dongen 2008, Interior mapping]. One cabin a mesh, see
// world::Cabin. The pane itself is the clear coat over it. Lengths in metres, in the mesh frame.

const float kBelt = -0.27;     // height of the windows' lower edge from the driver's eye
const float kFloor = -1.15;    // of the floor
const float kPaneLets = 0.78;  // share of the light that a pane lets through
const float kLongCabin = 5.0;  // from this length behind the eye on, rows of seats one by one

struct Seen {
    float t;  // along the ray
    vec3 n;
    vec3 albedo;
};

void see_ellipsoid(vec3 o, vec3 d, vec3 c, vec3 half_, vec3 albedo, inout Seen seen) {
    vec3 p = (o - c) / half_, q = d / half_;
    float a = dot(q, q), b = dot(p, q);
    float under = b * b - a * (dot(p, p) - 1.0);
    float t = (-b - sqrt(max(under, 0.0))) / a;
    if (under > 0.0 && t > 0.0 && t < seen.t) seen = Seen(t, normalize((p + q * t) / half_), albedo);
}

void see_box(vec3 o, vec3 d, vec3 c, vec3 half_, vec3 albedo, inout Seen seen) {
    vec3 inverse = 1.0 / d, m = (c - o) * inverse, k = abs(inverse) * half_;
    vec3 enter = m - k, leave = m + k;
    float t = max(enter.x, max(enter.y, enter.z));
    if (t > 0.0 && t < seen.t && t < min(leave.x, min(leave.y, leave.z))) {
        vec3 n = -sign(d) * vec3(equal(enter, vec3(t)));
        seen = Seen(t, n, albedo);
    }
}

// A seated person whose eyes are at `eye`; `look` turns the head to the left [rad].
void see_person(vec3 o, vec3 d, vec3 eye, float look, vec4 chance, inout Seen seen) {
    vec3 skin = mix(vec3(0.52, 0.32, 0.22), vec3(0.12, 0.06, 0.04), chance.x * chance.x);
    vec3 hair = chance.y < 0.2 ? vec3(0.3, 0.28, 0.26) : vec3(0.09, 0.055, 0.03) * (0.3 + 1.6 * chance.y);
    vec3 cloth = (0.04 + 0.3 * chance.z * chance.z) * mix(vec3(1.0), vec3(0.5 + chance.w, 0.8, 1.5 - chance.w), 0.7);
    vec3 head = eye + vec3(-0.09, 0.0, 0.01);
    float before = seen.t;
    see_ellipsoid(o, d, head, vec3(0.105, 0.08, 0.125), skin, seen);
    if (seen.t < before) {
        // Hair from the brow to the nape, as the head is turned.
        float forward = seen.n.x * cos(look) + seen.n.y * sin(look);
        float left = seen.n.y * cos(look) - seen.n.x * sin(look);
        if (seen.n.z - 0.75 * forward > -0.02 && seen.n.z > -0.55) seen.albedo = hair;
        // Eyes lie in the shade of the brows, and show where the face looks.
        if (abs(seen.n.z - 0.10) < 0.09 && forward > 0.0 && abs(abs(left) - 0.4) < 0.22) seen.albedo *= 0.5;
    }
    see_ellipsoid(o, d, eye + vec3(-0.115, 0.0, -0.12), vec3(0.052, 0.052, 0.09), skin * 0.8, seen);
    see_ellipsoid(o, d, eye + vec3(-0.13, 0.0, -0.28), vec3(0.085, 0.215, 0.105), cloth, seen);
    see_ellipsoid(o, d, eye + vec3(-0.13, 0.0, -0.48), vec3(0.12, 0.185, 0.27), cloth, seen);
}

void see_seat(vec3 o, vec3 d, vec3 eye, float half_width, vec3 albedo, inout Seen seen) {
    see_box(o, d, eye + vec3(-0.32, 0.0, -0.42), vec3(0.065, half_width, 0.3), albedo, seen);
    see_box(o, d, eye + vec3(-0.27, 0.0, -0.01), vec3(0.045, 0.12, 0.09), albedo * 0.9, seen);
}

// Arms to a steering wheel in hand, and the wheel.
void see_wheel(vec3 o, vec3 d, vec3 eye, bool held, vec3 cloth, inout Seen seen) {
    vec3 axis = vec3(-0.9, 0.0, 0.436), middle = eye + vec3(0.36, 0.0, -0.36);
    float t = dot(middle - o, axis) / dot(d, axis);
    vec3 at = o + d * t - middle;
    float r = length(at);
    bool rim = abs(r - 0.18) < 0.016 || r < 0.055 || r < 0.18 && abs(at.z) < 0.018;
    if (rim && t > 0.0 && t < seen.t) seen = Seen(t, -axis * sign(dot(d, axis)), vec3(0.02));
    if (!held) return;
    for (float side = -1.0; side < 2.0; side += 2.0) {
        see_ellipsoid(o, d, eye + vec3(0.1, side * 0.22, -0.40), vec3(0.24, 0.05, 0.07), cloth, seen);
        see_ellipsoid(o, d, eye + vec3(0.34, side * 0.17, -0.33), vec3(0.05, 0.045, 0.045),
                      vec3(0.35, 0.2, 0.14), seen);
    }
}

vec4 chances_of(uint a, uint b) {
    return chances_from(a * 0x9e3779b1u ^ b * 0x85ebca6bu);
}

// Seats and people of the column at `y`: the front row, and of the rows behind the one that the ray
// comes to.
void see_column(vec3 o, vec3 d, vec3 eye, float y, float behind, bool occupied, vec3 fabric,
                uint vehicle, inout Seen seen) {
    bool long_ = behind > kLongCabin;
    float pitch = long_ ? 0.8 : 0.86, rows = floor((behind - 0.35) / pitch);
    vec3 front = vec3(eye.x, y, eye.z);
    bool driver = abs(y - eye.y) < 0.05;
    vec4 chance = chances_of(vehicle, driver ? 1u : 2u);
    if (driver || !long_) {
        see_seat(o, d, front, 0.24, fabric, seen);
        // Loops, since a CPU leaves them out where no pixel of a group enters.
        for (bool sits = occupied && (driver || chance.y < 0.3); sits; sits = false) {
            float look = driver ? float(int(in_packed.y >> 8 & 0xffu) - 128) * (kTurn / 256.0) : 0.0;
            see_person(o, d, front, look, chance, seen);
        }
    }
    if (rows < 1.0) return;
    float x = o.x + d.x * (y - o.y) / (abs(d.y) < 1e-3 ? 1e-3 : d.y);
    bool along = abs(d.x) > 2.5 * abs(d.y);
    float row = along ? (d.x < 0.0 ? 1.0 : rows) : clamp(round((eye.x - 0.3 - x) / pitch), 1.0, rows);
    vec3 there = vec3(eye.x - row * pitch, y, eye.z - (long_ ? 0.0 : 0.05));
    see_seat(o, d, there, long_ ? 0.22 : 0.33, fabric, seen);
    vec4 other = chances_of(vehicle, uint(int(row)) * 4u + (y > 0.0 ? 3u : 0u) + 8u);
    for (bool sits = occupied && other.y < (long_ ? 0.4 : 0.12); sits; sits = false) {
        see_person(o, d, there, 0.6 * (other.x - 0.5), other, seen);
    }
}

// The walls of the cabin, and what is seen through the windows in them. Returns an albedo.
vec3 see_walls(vec3 o, vec3 d, vec3 eye, vec3 low, vec3 high, float behind, inout Seen seen) {
    vec3 to = mix((low - o), (high - o), greaterThan(d, vec3(0.0))) / d;
    float t = min(to.x, min(to.y, to.z));
    vec3 at = o + d * t;
    seen.t = t;
    seen.n = -sign(d) * vec3(equal(to, vec3(t)));
    float up = at.z - eye.z;
    if (t == to.z) return d.z > 0.0 ? vec3(0.3) : vec3(0.03);  // lining, carpet
    bool closed_rear = behind < 1.0 && d.x < 0.0;
    // Pillars behind the front doors, and of long cabins every other row.
    float post = behind > kLongCabin ? abs(fract((at.x - eye.x) * (1.0 / 1.6)) - 0.5) * 1.6
                                     : abs(at.x - eye.x + 0.38);
    bool pillar = t == to.y && post < 0.06;
    if (up < kBelt || pillar || t == to.x && closed_rear) return vec3(0.035);
    // Outside: ground, houses, sky, as bright as they are beside the vehicle.
    seen.n = vec3(0.0);
    float sky = clamp(d.z * 3.0 + 0.25, 0.0, 1.0);
    return mix(vec3(0.20, 0.19, 0.18), vec3(0.66, 0.71, 0.78), sky * sky) * kPaneLets;
}

// Writes the surface of a pane at in_place, seen along in_way.
void shade_cabin(vec3 normal, out uint surface, out uint shape) {
    vec3 shares = in_colour * in_colour;
    vec3 eye = vec3(in_uv_ground.x, (2.0 * shares.g - 1.0) * kCabinWidest, in_uv_ground.y);
    float behind = shares.b * kCabinLongest, half_width = shares.r * kCabinWidest;
    uint vehicle = in_packed.x & 0x1fffffu;
    bool occupied = (in_packed.y & 1u) != 0u, long_ = behind > kLongCabin;
    vec4 chance = chances_of(vehicle, 0u);

    vec3 low = vec3(eye.x - behind, -half_width, eye.z + kFloor);
    vec3 high = vec3(eye.x + 1.35, half_width, eye.z + (long_ ? 0.55 : 0.16));
    vec3 d = normalize(in_way);
    d = mix(d, vec3(1e-4), lessThan(abs(d), vec3(1e-4)));
    vec3 o = clamp(in_place, low + 0.01, high - 0.01);
    Seen seen;
    seen.albedo = see_walls(o, d, eye, low, high, behind, seen);
    float wall = seen.t;

    vec3 fabric = chance.x < 0.75 ? vec3(0.025 + 0.05 * chance.y) : vec3(0.28, 0.23, 0.17) * (0.4 + chance.y);
    float column = long_ ? 0.62 * half_width : abs(eye.y);
    see_column(o, d, eye, eye.y, behind, occupied, fabric, vehicle, seen);
    see_column(o, d, eye, eye.y > 0.0 ? -column : column, behind, occupied, fabric, vehicle, seen);
    // Dashboard and mirror.
    see_box(o, d, vec3(high.x - 0.4, 0.0, eye.z - 0.68), vec3(0.42, half_width, 0.36), vec3(0.03), seen);
    see_box(o, d, vec3(eye.x + 0.5, 0.0, eye.z + 0.07), vec3(0.015, 0.11, 0.035), vec3(0.02), seen);
    see_wheel(o, d, eye, occupied, vec3(0.05 + 0.2 * chance.z), seen);

    // Light falls in through the windows from all sides, little of it below them.
    vec3 at = o + d * seen.t;
    float open = dot(seen.n, seen.n);
    float depth = clamp(1.0 + 1.5 * (at.z - eye.z - kBelt), 0.12, 1.0);
    float light = open > 0.5 ? (0.42 + 0.20 * seen.n.z + 0.18 * abs(seen.n.y)) * depth : 1.0;
    // Darkened panes behind the driver.
    bool dark = chance.w < 0.45 && behind > 1.0 && !long_ && in_place.x < eye.x - 0.42;
    vec3 behind_pane = seen.albedo * (light * (dark ? 0.2 : kPaneLets));

    // Long cabins have lamps on when it is dark: see facade.glsl for the parameter.
    const float kLamps = 42.0;
    float day = float(int(in_packed.z >> kParameterShift));
    bool lit = long_ && occupied && day < kLamps - 6.0;
    vec3 by_lamp = open > 0.5 ? seen.albedo * (0.6 + 0.4 * seen.n.z) * (seen.n.z < -0.9 ? 2.0 : 1.0) : vec3(0.0);
    uint kind = lit ? kKindGlass : kKindCoated;
    uint parameter = lit ? uint(kLamps) : kParameterMost;
    surface = pack_rgb(sqrt(lit ? by_lamp : behind_pane)) | 5u << 24;
    shape = pack_normal(normal) | kind << kKindShift | parameter << kParameterShift;
}
