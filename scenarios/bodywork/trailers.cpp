// Trailers of lorries and of cars.
#include <algorithm>

#include "scenarios/bodywork/families.h"
#include "scenarios/bodywork/fittings.h"
#include "scenarios/bodywork/lorry_parts.h"

namespace huntsman::scenarios::bodywork {

namespace {

void add_axle_beam(Mesh& m, const BodyAxle& a) {
    append(m, tube({{a.x_m, -0.5 * a.track_m, a.wheel_radius_m},
                    {a.x_m, 0.5 * a.track_m, a.wheel_radius_m}},
                   0.065, 6, looks::kChassis));
}

void add_rails(Mesh& m, double x0, double x1, double y, double z0, double z1) {
    for (const double side : {1.0, -1.0}) {
        append(m,
               box({x0, side * y - 0.05, z0}, {x1, side * y + 0.05, z1}, 0.015, looks::kChassis));
    }
}

void add_guards(Mesh& m, double x0, double x1, double half, double top) {
    if (x1 - x0 < 0.6) return;
    for (const double side : {1.0, -1.0}) {
        const double y = side * (half - 0.05);
        for (const double z : {0.5, 0.82}) {
            append(m,
                   box({x0, y - 0.015, z}, {x1, y + 0.015, z + 0.12}, 0.012, grey("metal", 0.45F)));
        }
        for (const double x : {x0 + 0.3, x1 - 0.3}) {
            append(m, plain_box({x - 0.03, y - side * 0.06 - 0.02, 0.5},
                                {x + 0.03, y - side * 0.06 + 0.02, top}, looks::kChassis));
        }
    }
}

void add_mudguards(Mesh& m, const BodyAxle& a, double half, double top) {
    for (const double side : {1.0, -1.0}) {
        const double y0 = side * (0.5 * (a.track_m - a.tyre_width_m) - 0.02);
        const double y1 = side * std::min(half - 0.01, 0.5 * (a.track_m + a.tyre_width_m) + 0.02);
        append(m, mudguard(a.x_m, std::min(y0, y1), std::max(y0, y1), a.wheel_radius_m,
                           std::min(a.wheel_radius_m + 0.07, top - a.wheel_radius_m), 0.25, 2.9));
    }
}

// A little round on its hoops, lashed down over the sides.
Mesh tarpaulin(double x0, double x1, double half, double z1, double top, const Stuff& cover) {
    ShellShape shape;
    const auto at = [&](double z, double in, int steps) {
        return Station{.z = z,
                       .front = x1 + 0.012 - in,
                       .rear = x0 - 0.012 + in,
                       .half = half + 0.014 - 0.7 * in,
                       .corner_front = 0.07,
                       .corner_rear = 0.07,
                       .bow_front = 0.01,
                       .bow_rear = 0.01,
                       .steps = steps};
    };
    shape.stations = {at(z1 - 0.10, 0.0, 1), at(z1 + 0.02, 0.004, 2), at(top - 0.2, 0.035, 1)};
    add_roof_edge(shape.stations, 0.15, 0.12, 0.12, 0.13, 3);
    shape.division = {.front = 2, .corner = 3, .side = 6, .rear = 2};
    shape.crown = 0.05;
    Shell cloth = make_shell(shape, cover, looks::kDark);
    add_mirrored(cloth.mesh);
    return cloth.mesh;
}

}  // namespace

Mesh make_semi_trailer(const Body& b) {
    const double half = 0.5 * b.width_m, floor = b.floor_m.value_or(1.2), x0 = b.rear_m(),
                 x1 = b.front_m();
    Mesh m = box_body(x0 + 0.02, x1 - 0.01, half, floor, b.height_m, looks::paint_of(b.livery));
    add_rails(m, x0 + 0.1, x1 - 0.3, 0.45, floor - 0.36, floor);
    for (double x = x0 + 0.6; x < x1 - 0.4; x += 1.1) {
        append(m, plain_box({x - 0.04, -half + 0.06, floor - 0.12}, {x + 0.04, half - 0.06, floor},
                            looks::kChassis));
    }
    // Kingpin, and the supports on which it stands.
    const double pin = x1 - 1.5;
    append(m, tube({{pin, 0, floor}, {pin, 0, floor - 0.36}}, 0.08, 10, looks::kBright));
    const BodyAxle& s = b.axles.front();
    for (const double side : {1.0, -1.0}) {
        const double y = side * 0.5 * s.track_m;
        append(m, box({s.x_m - 0.07, y - 0.07 - side * 0.14, 0.42},
                      {s.x_m + 0.07, y + 0.07 - side * 0.14, floor}, 0.015, looks::kChassis));
        append(m, box({s.x_m - 0.05, y - 0.05 - side * 0.14, 0.08},
                      {s.x_m + 0.05, y + 0.05 - side * 0.14, 0.5}, 0.01, grey("metal", 0.25F)));
        append(m, tube({{s.x_m, y - side * 0.2, s.wheel_radius_m}, {s.x_m, y, s.wheel_radius_m}},
                       0.025, 6, looks::kBright));
    }
    append(m, plain_box({s.x_m - 0.04, -0.5 * s.track_m, 0.75},
                        {s.x_m + 0.04, 0.5 * s.track_m, 0.83}, looks::kChassis));
    double front = -100;
    for (std::size_t i = 1; i < b.axles.size(); ++i) {
        add_axle_beam(m, b.axles[i]);
        add_mudguards(m, b.axles[i], half, floor - 0.02);
        front = std::max(front, b.axles[i].x_m + b.axles[i].wheel_radius_m + 0.15);
    }
    add_guards(m, front, s.x_m - 0.35, half, floor);
    // Pallet box and spare wheel's cage.
    append(m, box({front + 0.4, -half + 0.12, 0.5}, {front + 1.6, half - 0.12, floor - 0.1}, 0.04,
                  looks::kTrim));
    append(m, rear_beam(x0, half, 0.6, true));
    return m;
}

Mesh make_drawbar_trailer(const Body& b) {
    const double half = 0.5 * b.width_m, floor = b.floor_m.value_or(1.15), x0 = b.rear_m();
    const BodyAxle &front = b.axles.front(), &rear = b.axles.back();
    const double x1 = front.x_m + std::min(1.3, 0.45 * b.front_overhang_m);
    Mesh m = box_body(x0 + 0.02, x1, half, floor, b.height_m, looks::paint_of(b.livery));
    add_rails(m, x0 + 0.1, x1 - 0.1, 0.42, floor - 0.3, floor);
    for (const BodyAxle& a : b.axles) {
        add_axle_beam(m, a);
        add_mudguards(m, a, half, floor - 0.02);
    }
    // Turntable and drawbar with its eye.
    append(m, tube({{front.x_m, 0, floor - 0.1}, {front.x_m, 0, floor - 0.38}}, 0.5, 18,
                   looks::kChassis));
    const double tip = b.front_m(), z = 0.6;
    for (const double side : {1.0, -1.0}) {
        append(m, tube({{front.x_m, side * 0.42, 0.66}, {tip - 0.3, side * 0.05, z}}, 0.045, 6,
                       looks::kChassis));
    }
    append(m, tube({{tip - 0.32, 0, z}, {tip - 0.16, 0, z}}, 0.05, 8, looks::kChassis));
    Mesh eye =
        lathe({{0.085, 0.0}, {0.06, -0.03}, {0.035, 0.0}, {0.06, 0.03}}, 14, looks::kBright, true);
    eye = turned(eye, {0, 0, 0}, {1, 0, 0}, 0.5 * engine::math::kPi);
    append(m, eye, {tip - 0.085, 0, z});
    add_guards(m, rear.x_m + rear.wheel_radius_m + 0.2, front.x_m - front.wheel_radius_m - 0.2,
               half, floor);
    append(m, rear_beam(x0, half, 0.6, true));
    return m;
}

Mesh make_trailer(const Body& b) {
    const BodyAxle &jockey = b.axles.front(), &axle = b.axles.back();
    const double x0 = b.rear_m() + 0.035, x1 = axle.x_m + 0.62 * (jockey.x_m - axle.x_m);
    const double half = 0.5 * (axle.track_m - axle.tyre_width_m) - 0.005;
    const double z0 = 0.46, z1 = 0.88, top = b.height_m;
    const Stuff steel = grey("metal", 0.55F),
                cover = b.livery ? looks::paint_of(b.livery) : stuff("fabric", 0.08F, 0.13F, 0.22F);
    Mesh m = plain_box({x0, -half, z0}, {x1, half, z1}, steel);
    for (const double side : {1.0, -1.0}) {
        for (int i = 0; i <= 3; ++i) {
            const double x = x0 + 0.03 + (x1 - x0 - 0.06) * i / 3, y = side * half;
            append(m, box({x - 0.025, std::min(y, y + side * 0.018), z0},
                          {x + 0.025, std::max(y, y + side * 0.018), z1}, 0.006,
                          grey("metal", 0.45F)));
        }
        const double y = side * (half + 0.012);
        append(m, tube({{x0, y, z1 - 0.02}, {x1, y, z1 - 0.02}}, 0.018, 6, grey("metal", 0.5F)));
        append(m, mudguard(axle.x_m, std::min(side * half, side * 0.5 * b.width_m),
                           std::max(side * half, side * 0.5 * b.width_m), axle.wheel_radius_m,
                           axle.wheel_radius_m + 0.05, 0.15, 3.0));
        // Drawbar, rails.
        append(m, tube({{x0 + 0.2, side * 0.42, z0 - 0.03},
                        {x1 + 0.05, side * 0.36, z0 - 0.03},
                        {jockey.x_m + 0.05, side * 0.04, 0.45}},
                       0.035, 6, grey("metal", 0.4F)));
    }
    append(m, tarpaulin(x0, x1, half, z1, top, cover));
    add_axle_beam(m, axle);
    append(m, tube({{jockey.x_m, 0, 0.46}, {b.front_m() - 0.16, 0, 0.46}}, 0.035, 8,
                   grey("metal", 0.4F)));
    append(m, box({b.front_m() - 0.3, -0.045, 0.43}, {b.front_m(), 0.045, 0.54}, 0.03,
                  looks::kFrame, 2));
    append(m, tube({{b.front_m() - 0.28, 0, 0.55}, {b.front_m() - 0.08, 0, 0.62}}, 0.016, 6,
                   looks::kFrame, true));
    append(m, tube({{jockey.x_m, 0.10, 0.22}, {jockey.x_m, 0.10, 0.74}}, 0.024, 8, looks::kBright));
    append(m, tube({{jockey.x_m, 0.10, 0.74}, {jockey.x_m + 0.1, 0.10, 0.76}}, 0.01, 5,
                   looks::kFrame));
    append(m, tube({{jockey.x_m, 0.10, 0.26},
                    {jockey.x_m, 0.05, 0.2},
                    {jockey.x_m, 0.05, jockey.wheel_radius_m}},
                   0.014, 5, looks::kBright));
    append(m, tube({{jockey.x_m, 0.055, jockey.wheel_radius_m},
                    {jockey.x_m, -0.04, jockey.wheel_radius_m}},
                   0.012, 6, looks::kBright));
    // Lamps on a board, plate between them.
    append(m, box({x0 - 0.02, -half - 0.02, 0.50}, {x0 + 0.01, half + 0.02, 0.66}, 0.008,
                  looks::kFrame));
    for (const double side : {1.0, -1.0}) {
        const auto lens = [&](double y0, double y1, const char* kind) {
            append(m, box({x0 - 0.035, std::min(side * y0, side * y1), 0.525},
                          {x0 - 0.005, std::max(side * y0, side * y1), 0.635}, 0.012, stuff(kind)));
        };
        lens(half, half - 0.09, "tail_lamp");
        lens(half - 0.10, half - 0.18, "brake_lamp");
        lens(half - 0.19, half - 0.25, "turn_lamp");
        lens(half - 0.26, half - 0.31, "reverse_lamp");
    }
    const Mesh plate = half_plate(x0 - 0.022, 0.58, false);
    append(m, joined(plate, plate));
    return m;
}

}  // namespace huntsman::scenarios::bodywork
