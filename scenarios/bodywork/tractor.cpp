// Tractors of farms: a narrow bonnet, a cab of glass between tall rear wheels.
#include <algorithm>

#include "scenarios/bodywork/families.h"
#include "scenarios/bodywork/fittings.h"
#include "scenarios/bodywork/lorry_parts.h"

namespace huntsman::scenarios::bodywork {

namespace {

Station section(double z, double front, double rear, double half, double corner, double bow,
                int steps) {
    return {.z = z,
            .front = front,
            .rear = rear,
            .half = half,
            .corner_front = corner,
            .corner_rear = 0.06,
            .bow_front = bow,
            .bow_rear = 0.01,
            .steps = steps};
}

Mesh bonnet(const Body& b, double cab) {
    const double f = b.front_m(), h = 0.40, z0 = 0.85, z1 = 0.58 * b.height_m;
    ShellShape s;
    s.stations = {section(z0, f - 0.22, cab, h - 0.06, 0.14, 0.05, 1),
                  section(z0 + 0.1, f - 0.06, cab, h - 0.01, 0.16, 0.06, 2),
                  section(z0 + 0.35, f - 0.02, cab, h, 0.18, 0.07, 2),
                  section(z1 - 0.2, f - 0.07, cab, h - 0.005, 0.2, 0.08, 2),
                  section(z1 - 0.1, f - 0.14, cab, h - 0.02, 0.2, 0.08, 1)};
    add_roof_edge(s.stations, 0.07, 0.3, 0.02, 0.14, 3);
    s.division = {.front = 3, .corner = 4, .side = 3, .rear = 1};
    s.crown = 0.03;
    Shell shell = make_shell(s, looks::paint_of(b.livery), looks::kDark);
    Mesh extras;
    add_panel(shell, View::kFront,
              rounded({{-0.3, z0 + 0.16}, {0.26, z0 + 0.16}, {0.30, z1 - 0.36}, {-0.3, z1 - 0.36}},
                      {0.001, 0.05, 0.05, 0.001}),
              looks::kGap, 0.02);
    add_lamps(
        shell, View::kFront,
        rounded({{0.08, z1 - 0.33}, {0.33, z1 - 0.34}, {0.31, z1 - 0.19}, {0.08, z1 - 0.17}}, 0.03),
        0.012, {{"head_lamp", ellipse(0.19, z1 - 0.26, 0.055, 0.045, 10), 0.01}});
    add_panel(shell, View::kSide,
              rounded(rectangle(cab + 0.35, z0 + 0.2, f - 0.35, z1 - 0.28), 0.06), looks::kTrim,
              0.01, looks::kGap);
    add_seam(shell, extras, View::kSide, {cab + 0.05, z1 - 0.2}, {f - 0.2, z1 - 0.2}, 0.008);
    append(shell.mesh, extras);
    add_mirrored(shell.mesh);
    return shell.mesh;
}

Mesh cab_of_glass(const Body& b, double rear, double front, double half) {
    const double z0 = 0.95, top = b.height_m, belt = 1.5;
    ShellShape s;
    s.stations = {section(z0, front, rear + 0.25, half - 0.12, 0.1, 0.05, 1),
                  section(belt, front + 0.02, rear + 0.08, half, 0.12, 0.06, 3),
                  section(top - 0.28, front - 0.16, rear + 0.06, half - 0.05, 0.12, 0.06, 1),
                  section(top - 0.22, front - 0.05, rear - 0.02, half, 0.16, 0.06, 1)};
    s.stations[0].steps = 2;
    add_roof_edge(s.stations, 0.15, 0.2, 0.16, 0.2, 3);
    s.division = {.front = 3, .corner = 3, .side = 4, .rear = 3};
    s.crown = 0.06;
    Shell shell = make_shell(s, looks::paint_of(b.livery), looks::kDark);
    Mesh extras;
    const double g1 = top - 0.34;
    add_window(shell, View::kFront,
               rounded({{-0.3, z0 + 0.25}, {half - 0.24, z0 + 0.25}, {half - 0.17, g1}, {-0.3, g1}},
                       {0.001, 0.06, 0.06, 0.001}),
               0.02);
    add_window(shell, View::kRear,
               rounded({{-0.3, belt}, {half - 0.18, belt}, {half - 0.18, g1}, {-0.3, g1}},
                       {0.001, 0.06, 0.06, 0.001}),
               0.02);
    const double post = rear + 0.62;
    add_window(shell, View::kSide,
               rounded({{post + 0.05, z0 + 0.22},
                        {front - 0.14, z0 + 0.22},
                        {front - 0.26, g1},
                        {post + 0.05, g1}},
                       0.07),
               0.02);
    add_window(shell, View::kSide,
               rounded({{rear + 0.22, belt + 0.05},
                        {post - 0.05, belt + 0.05},
                        {post - 0.05, g1},
                        {rear + 0.22, g1}},
                       0.06),
               0.02);
    add_line(shell, extras, View::kSide,
             rounded({{post, z0 + 0.08},
                      {front - 0.06, z0 + 0.08},
                      {front - 0.20, g1 + 0.05},
                      {post, g1 + 0.05}},
                     0.08),
             0.01);
    append(extras, door_handle({post + 0.15, half - 0.01, belt - 0.1}, 0.16, looks::kTrim));
    append(extras,
           large_mirror({front - 0.1, half - 0.05, g1 - 0.1}, {front - 0.1, half - 0.05, g1},
                        {front + 0.05, half + 0.16, g1 - 0.25}, {0.05, 0.09, 0.14}));
    // Working lamps under the roof's edge, turn lamps on brackets.
    append(extras, box({front - 0.02, half - 0.28, top - 0.27},
                       {front + 0.03, half - 0.12, top - 0.17}, 0.02, stuff("head_lamp")));
    append(extras, lining(shell, rear - 0.1, front + 0.1, belt, looks::kLining));
    append(shell.mesh, extras);
    add_mirrored(shell.mesh);
    return shell.mesh;
}

Mesh rear_fender(const BodyAxle& a, double half) {
    Mesh m = mudguard(a.x_m, 0.5 * (a.track_m - a.tyre_width_m) - 0.12, half, a.wheel_radius_m,
                      a.wheel_radius_m + 0.09, 0.2, 2.6);
    const double x = a.x_m - 0.86 * (a.wheel_radius_m + 0.09),
                 z = a.wheel_radius_m + 0.62 * (a.wheel_radius_m + 0.09);
    append(m, box({x - 0.05, half - 0.40, z - 0.09}, {x + 0.06, half - 0.04, z + 0.03}, 0.02,
                  looks::kFrame));
    const auto lens = [&](double y0, double y1, const char* kind) {
        append(m, box({x - 0.07, half - y1, z - 0.075}, {x - 0.03, half - y0, z + 0.015}, 0.012,
                      stuff(kind)));
    };
    lens(0.05, 0.13, "turn_lamp");
    lens(0.14, 0.21, "tail_lamp");
    lens(0.22, 0.30, "brake_lamp");
    lens(0.31, 0.38, "reverse_lamp");
    return m;
}

}  // namespace

Mesh make_tractor(const Body& b) {
    const BodyAxle &front = b.axles.front(), &rear = b.axles.back();
    const double half = 0.5 * b.width_m,
                 cab_half = std::min(0.85, 0.5 * (rear.track_m - rear.tyre_width_m) + 0.12);
    const double cab_front = rear.x_m + rear.wheel_radius_m + 0.22, cab_rear = rear.x_m - 0.62;
    Mesh m = bonnet(b, cab_front - 0.05);
    append(m, cab_of_glass(b, cab_rear, cab_front, cab_half));
    for (const double side : {1.0, -1.0}) {
        const Mesh fender = rear_fender(rear, half);
        append(m, side > 0 ? fender : mirrored(fender));
        Mesh front_guard = mudguard(front.x_m, 0.5 * (front.track_m - front.tyre_width_m),
                                    0.5 * (front.track_m + front.tyre_width_m),
                                    front.wheel_radius_m, front.wheel_radius_m + 0.06, 0.6, 2.6);
        append(m, side > 0 ? front_guard : mirrored(front_guard));
        // Steps and tank.
        append(m, box({cab_front - 0.1, side > 0 ? 0.42 : -0.85, 0.5},
                      {cab_front + 0.55, side > 0 ? 0.85 : -0.42, 0.85}, 0.08, looks::kTrim, 2));
        for (const double z : {0.42, 0.68})
            append(m,
                   plain_box({cab_front - 0.45, side > 0 ? 0.6 : -0.95, z},
                             {cab_front - 0.12, side > 0 ? 0.95 : -0.6, z + 0.03}, looks::kFrame));
    }
    append(m, box({rear.x_m - 0.35, -0.28, 0.55}, {front.x_m + 0.35, 0.28, 0.95}, 0.08,
                  looks::kChassis));
    append(m, tube({{front.x_m, -0.5 * front.track_m, front.wheel_radius_m},
                    {front.x_m, 0.5 * front.track_m, front.wheel_radius_m}},
                   0.09, 8, looks::kChassis));
    append(m, tube({{rear.x_m, -0.5 * rear.track_m, rear.wheel_radius_m},
                    {rear.x_m, 0.5 * rear.track_m, rear.wheel_radius_m}},
                   0.14, 8, looks::kChassis));
    // Exhaust, linkage with its plate, front weight.
    append(m, tube({{cab_front + 0.12, -0.5, 1.2},
                    {cab_front + 0.12, -0.5, b.height_m - 0.2},
                    {cab_front + 0.06, -0.5, b.height_m - 0.08}},
                   0.045, 8, grey("metal", 0.12F)));
    for (const double y : {0.35, -0.35})
        append(m, tube({{rear.x_m - 0.3, 0.6 * y, 0.6}, {b.rear_m() + 0.04, y, 0.45}}, 0.035, 6,
                       looks::kChassis));
    append(m,
           tube({{rear.x_m - 0.3, 0, 0.9}, {b.rear_m() + 0.06, 0, 0.8}}, 0.03, 6, looks::kChassis));
    append(m, box({b.front_m() - 0.1, -0.3, 0.6}, {b.front_m(), 0.3, 0.86}, 0.04, looks::kTrim));
    const Mesh plate = half_plate(cab_rear + 0.1, 1.15, false);
    append(m, joined(plate, plate));
    // Inside.
    append(m, seat({rear.x_m + 0.05, 0, 1.35}, 0.5, 0.6, looks::kInterior, true));
    append(m, steering_wheel({rear.x_m + 0.55, 0, 1.62}, 0.2, -0.9));
    append(m, box({rear.x_m + 0.55, -0.25, 1.0}, {cab_front - 0.08, 0.25, 1.55}, 0.06,
                  looks::kInterior));
    append(m, plain_box({cab_rear + 0.25, -cab_half + 0.15, 1.0},
                        {cab_front - 0.05, cab_half - 0.15, 1.04}, looks::kInterior));
    // Turn lamps on the front corners of the cab.
    for (const double side : {1.0, -1.0})
        append(m, box({cab_front - 0.04, side * cab_half - 0.05, 1.62},
                      {cab_front + 0.05, side * cab_half + 0.05, 1.72}, 0.015, stuff("turn_lamp")));
    return m;
}

}  // namespace huntsman::scenarios::bodywork
