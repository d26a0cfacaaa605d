// City buses with a low floor, and trams with a cab at both ends.
#include <algorithm>

#include "scenarios/bodywork/families.h"
#include "scenarios/bodywork/fittings.h"

namespace huntsman::scenarios::bodywork {

namespace {

struct BusShape {
    const Body& b;
    double f, r, h, roof;
    bool tram;
    double belt() const { return b.sill_m + (tram ? 0.34 : 0.29) * (roof - b.sill_m); }
    double head() const { return b.sill_m + 0.80 * (roof - b.sill_m); }  // of the side windows
    double z(double share) const { return b.sill_m + share * (roof - b.sill_m); }
};

BusShape bus_shape(const Body& b) {
    return {b,
            b.front_m(),
            b.rear_m(),
            0.5 * b.width_m,
            b.roof_m.value_or(b.height_m - 0.2),
            b.family == Family::kTram};
}

Shell bus_shell(const BusShape& v) {
    // How far the ends lean back at the roof, how round they are in plan.
    const double lean = v.tram ? 0.75 : 0.13, corner = v.tram ? 0.55 : 0.34,
                 bow = v.tram ? 0.35 : 0.10;
    const auto at = [&](double share, double back, double in, int steps) {
        return Station{.z = v.z(share),
                       .front = v.f - back,
                       .rear = v.r + (v.tram ? back : 0.5 * back),
                       .half = v.h - in,
                       .corner_front = corner,
                       .corner_rear = v.tram ? corner : 0.22,
                       .bow_front = bow,
                       .bow_rear = v.tram ? bow : 0.05,
                       .steps = steps};
    };
    ShellShape shape;
    shape.stations = {at(0.0, 0.07, 0.03, 1),          at(0.03, 0.02, 0.006, 1),
                      at(0.07, 0.0, 0.0, 2),           at(0.24, 0.01, 0.0, 1),
                      at(0.28, 0.02, 0.0, 2),          at(0.82, 0.82 * lean, 0.02, 1),
                      at(0.84, 0.85 * lean, 0.024, 2), at(0.90, lean, 0.035, 1)};
    add_roof_edge(shape.stations, 0.10 * (v.roof - v.b.sill_m) - 0.05, 0.25, v.tram ? 0.25 : 0.12,
                  0.20, 4);
    shape.division = {.front = 3, .corner = 5, .side = 6, .rear = 3};
    shape.crown = 0.05;
    return make_shell(shape, looks::paint_of(v.b.livery), looks::kDark);
}

// x from and to of doors, from the front; on the right, and of trams on both sides.
std::vector<Vec2> doors_of(const BusShape& v) {
    if (v.tram) {
        const double m = 0.5 * (v.f + v.r), q = 0.24 * (v.f - v.r);
        return {{m + q - 0.65, m + q + 0.65}, {m - q - 0.65, m - q + 0.65}};
    }
    const double front = v.b.axles.front().x_m + v.b.axles.front().wheel_radius_m + 0.25;
    const double span = v.b.axles.front().x_m - v.b.axles.back().x_m;
    const double middle = v.b.axles.back().x_m + 0.56 * span;
    std::vector<Vec2> doors;
    if (v.f - 0.5 - front > 0.7) doors.emplace_back(front, std::min(v.f - 0.5, front + 1.25));
    doors.emplace_back(middle - 0.62, middle + 0.62);
    return doors;
}

void add_door(Shell& s, Mesh& extras, const BusShape& v, const Vec2& door) {
    const double z0 = v.z(0.035), z1 = v.head() + 0.02, m = 0.5 * (door.x + door.y);
    add_panel(s, View::kSide, rounded(rectangle(door.x, z0, door.y, z1), 0.04), looks::kFrame, 0.03,
              looks::kGap);
    for (const auto& [a, b] :
         {std::pair{door.x + 0.05, m - 0.035}, std::pair{m + 0.035, door.y - 0.05}}) {
        add_window(s, View::kSide,
                   rounded(rectangle(a + 0.03, z0 + 0.12, b - 0.03, z1 - 0.06), 0.05, 2), 0);
    }
    add_seam(s, extras, View::kSide, {m, z0 + 0.02}, {m, z1 - 0.02}, 0.014);
}

void bus_windows(Shell& s, Mesh& extras, const BusShape& v, bool left) {
    const std::vector<Vec2> doors = left && !v.tram ? std::vector<Vec2>{} : doors_of(v);
    for (const Vec2& door : doors) add_door(s, extras, v, door);
    // Panes of about 1.5 m in what is left between doors and ends.
    const double end_f = v.f - (v.tram ? 1.55 : 0.62), end_r = v.r + (v.tram ? 1.55 : 0.42);
    std::vector<Vec2> spans;
    double from = end_f;
    for (const Vec2& door : doors) {
        spans.emplace_back(door.y + 0.1, from);
        from = door.x - 0.1;
    }
    spans.emplace_back(end_r, from);
    for (const Vec2& span : spans) {
        const double length = span.y - span.x;
        if (length < 0.35) continue;
        const int panes = std::max(1, static_cast<int>(length / 1.55 + 0.5));
        for (int i = 0; i < panes; ++i) {
            const double a = span.x + length * i / panes, b = span.x + length * (i + 1) / panes;
            // The driver's window reaches lower.
            const bool driver = left && !v.tram && i + 1 == panes && b > v.f - 0.7;
            const double low = v.belt() - (driver ? 0.05 : 0);
            add_window(s, View::kSide,
                       rounded(rectangle(a + 0.045, low, b - 0.045, v.head()), 0.07, 2), 0.044);
        }
    }
}

void bus_front(Shell& s, Mesh& extras, const BusShape& v) {
    const double h = v.h;
    // Windscreen and, above it, the display of the destination behind the same dark frame.
    const double z0 = v.z(0.24), z1 = v.z(v.tram ? 0.78 : 0.76);
    add_window(s, View::kFront,
               rounded({{-0.4, z0}, {0.90 * h, z0 + 0.03}, {0.885 * h, z1}, {-0.4, z1 + 0.02}},
                       {0.001, 0.12, 0.10, 0.001}, 4),
               0.03, looks::kFrame, 0.1);
    add_panel(s, View::kFront,
              rounded({{-0.4, z1 + 0.055},
                       {0.88 * h, z1 + 0.035},
                       {0.80 * h, v.z(0.895)},
                       {-0.4, v.z(0.905)}},
                      {0.001, 0.03, 0.08, 0.001}),
              looks::kFrame, 0.004, looks::kFrame);
    add_panel(s, View::kFront, rectangle(-0.4, z1 + 0.075, 0.55 * h, v.z(0.875)),
              stuff("plastic", 0.10F, 0.06F, 0.012F));
    // Lamps.
    const double lz = v.z(0.115), dz = 0.10;
    add_lamps(s, View::kFront,
              rounded({{0.60 * h, lz - dz},
                       {0.92 * h, lz - 0.6 * dz},
                       {0.945 * h, lz + 1.3 * dz},
                       {0.62 * h, lz + 0.8 * dz}},
                      0.05),
              0.02,
              {{"head_lamp", ellipse(0.69 * h, lz, 0.075, 0.075, 12), 0.014},
               {"head_lamp", ellipse(0.81 * h, lz + 0.03, 0.055, 0.055, 10), 0.01},
               {"turn_lamp", rounded(rectangle(0.87 * h, lz - 0.02, 0.92 * h, lz + 0.12), 0.015),
                0.008}});
    // Bumper's lower opening, lines of the flap.
    add_panel(s, View::kFront, rounded(rectangle(-0.5, v.z(0.02), 0.5 * h, v.z(0.045)), 0.015),
              looks::kGap, 0.03);
    add_seam(s, extras, View::kFront, {0, v.z(0.075)}, {0.985 * h, v.z(0.075)}, 0.01);
    add_line(s, extras, View::kFront,
             rounded(rectangle(-0.5, v.z(0.085), 0.56 * h, v.z(0.215)), 0.04), 0.008);
    const auto x = surface_at(s.mesh, View::kFront, {0.02, v.z(0.06)}, s.skin);
    if (!v.tram) append(extras, half_plate(x.value_or(v.f) + 0.003, v.z(0.062), true));
}

void bus_rear(Shell& s, Mesh& extras, const BusShape& v) {
    const double h = v.h;
    add_window(
        s, View::kRear,
        rounded(
            {{-0.4, v.z(0.47)}, {0.80 * h, v.z(0.47)}, {0.78 * h, v.z(0.80)}, {-0.4, v.z(0.81)}},
            {0.001, 0.1, 0.1, 0.001}, 4),
        0.04);
    // The engine's flap with its grille.
    add_line(s, extras, View::kRear, rounded(rectangle(-0.5, v.z(0.10), 0.76 * h, v.z(0.42)), 0.05),
             0.01);
    for (int i = 0; i < 4; ++i) {
        const double z = v.z(0.27 + 0.03 * i);
        add_panel(s, View::kRear, rounded(rectangle(-0.5, z, 0.55 * h, z + 0.03), 0.01, 1),
                  looks::kGap, 0.02);
    }
    const double y0 = 0.80 * h, y1 = 0.95 * h;
    const auto lens = [&](double share) {
        return ellipse(0.5 * (y0 + y1), v.z(share), 0.072, 0.072, 12);
    };
    add_lamps(s, View::kRear, rounded(rectangle(y0, v.z(0.13), y1, v.z(0.405)), 0.07), 0.012,
              {{"tail_lamp", lens(0.365), 0.0},
               {"brake_lamp", lens(0.30), 0.0},
               {"turn_lamp", lens(0.235), 0.0},
               {"reverse_lamp", lens(0.17), 0.0}},
              looks::kFrame);
    add_seam(s, extras, View::kRear, {0, v.z(0.085)}, {0.98 * h, v.z(0.085)}, 0.01);
    const auto x = surface_at(s.mesh, View::kRear, {0.02, v.z(0.155)}, s.skin);
    append(extras, half_plate(x.value_or(v.r) - 0.003, v.z(0.16), false));
}

void bus_side(Shell& s, Mesh& extras, const BusShape& v, bool left) {
    // Flaps in the skirt between the arches and behind them.
    std::vector<double> xs{v.r + 0.5, v.f - 0.6};
    if (!v.tram) {
        for (const BodyAxle& axle : v.b.axles) {
            xs.push_back(axle.x_m - axle.wheel_radius_m - 0.15);
            xs.push_back(axle.x_m + axle.wheel_radius_m + 0.15);
        }
    }
    const double belt = v.belt() - 0.06;
    add_seam(s, extras, View::kSide, {v.r + 0.2, belt}, {v.f - 0.35, belt}, 0.008);
    for (const double x : xs) add_seam(s, extras, View::kSide, {x, v.z(0.0)}, {x, belt}, 0.007);
    const double from = v.b.axles.back().x_m + 0.9, to = v.b.axles.front().x_m - 0.9;
    for (int i = 1; i < 4; ++i) {
        const double x = from + (to - from) * i / 4;
        if (left) add_seam(s, extras, View::kSide, {x, v.z(0.0)}, {x, belt}, 0.007);
    }
    for (int i = 0; i < 3; ++i) {
        const double x = v.r + 1.2 + i * 0.36 * (v.f - v.r);
        append(extras,
               box({x - 0.05, v.h - 0.006, v.z(0.06)}, {x + 0.05, v.h + 0.004, v.z(0.06) + 0.035},
                   0.004, stuff("reflector", 0.8F, 0.35F, 0.02F)));
    }
    if (v.tram) return;
    const double x = v.f - 0.28, top = v.head();
    append(extras, large_mirror({x, v.h - 0.22, top + 0.12}, {x, v.h - 0.2, top + 0.16},
                                {v.f + 0.06, v.h + 0.12, top - 0.2}, {0.06, 0.10, 0.2}));
}

Mesh bus_half(const Body& b, bool left) {
    const BusShape v = bus_shape(b);
    Shell s = bus_shell(v);
    Mesh extras;
    if (b.stripe) {
        const auto& c = *b.stripe;
        const Stuff band = stuff("livery", static_cast<float>(c[0]), static_cast<float>(c[1]),
                                 static_cast<float>(c[2]));
        for (const View view : {View::kSide, View::kFront, View::kRear}) {
            add_mark(s, view, rectangle(-40, 0, 40, v.z(0.085)), band);
        }
        add_mark(s, View::kSide, rectangle(-40, v.head() + 0.05, 40, v.z(0.895)), band);
    }
    for (const BodyAxle& axle : b.axles) {
        if (v.tram) continue;
        cut_arch(s, {.x = axle.x_m,
                     .z = axle.wheel_radius_m,
                     .radius = axle.wheel_radius_m + 0.07,
                     .inner = inner_of(axle),
                     .lip = 0.035,
                     .lip_out = 0.006});
    }
    bus_windows(s, extras, v, left);
    bus_front(s, extras, v);
    if (v.tram) {
        // The other end is the same, with lamps for the rear.
        add_window(s, View::kRear,
                   rounded({{-0.4, v.z(0.24)},
                            {0.90 * v.h, v.z(0.25)},
                            {0.885 * v.h, v.z(0.78)},
                            {-0.4, v.z(0.79)}},
                           {0.001, 0.12, 0.10, 0.001}, 4),
                   0.03, looks::kFrame, 0.1);
        const double z = v.z(0.115), h = v.h;
        add_lamps(s, View::kRear, rounded(rectangle(0.58 * h, z - 0.09, 0.94 * h, z + 0.1), 0.05),
                  0.015,
                  {{"tail_lamp", ellipse(0.66 * h, z, 0.06, 0.06, 10), 0.01},
                   {"brake_lamp", ellipse(0.77 * h, z, 0.06, 0.06, 10), 0.01},
                   {"turn_lamp", ellipse(0.87 * h, z, 0.05, 0.05, 10), 0.01}});
    } else {
        bus_rear(s, extras, v);
    }
    bus_side(s, extras, v, left);
    append(extras, lining(s, v.r + 0.1, v.f - 0.1, v.z(0.1), looks::kLining));
    append(s.mesh, extras);
    return s.mesh;
}

void bus_seats(Mesh& m, const BusShape& v) {
    const double z = v.z(0.06), h = v.h;
    const Stuff cloth = stuff("interior", 0.03F, 0.06F, 0.16F),
                pole = stuff("interior", 0.5F, 0.35F, 0.02F);
    const auto doors = doors_of(v);
    const double x1 = v.tram ? v.f - 2.6 : v.b.axles.front().x_m - 0.9,
                 x0 = v.r + (v.tram ? 2.4 : 0.9);
    for (double x = x0; x < x1; x += 0.82) {
        for (const double side : {1.0, -1.0}) {
            const bool at_door = std::any_of(doors.begin(), doors.end(), [&](const Vec2& d) {
                return x > d.x - 0.35 && x < d.y + 0.35 && (side < 0 || v.tram);
            });
            if (at_door) continue;
            const double y0 = side * 0.36 * h, y1 = side * 0.9 * h, lo = std::min(y0, y1),
                         hi = std::max(y0, y1);
            append(m, plain_box({x - 0.2, lo, z + 0.38}, {x + 0.22, hi, z + 0.47}, cloth));
            Mesh back = plain_box({x - 0.24, lo, z + 0.4}, {x - 0.17, hi, z + 1.05}, cloth);
            append(m, turned(back, {x - 0.2, 0, z + 0.45}, {0, 1, 0}, -0.18));
        }
    }
    for (double x = x0 + 0.4; x < x1; x += 2.46) {
        for (const double y : {0.36 * h, -0.36 * h}) {
            append(m, tube({{x, y, z}, {x, y, v.z(0.9)}}, 0.018, 5, pole));
        }
    }
}

}  // namespace

Mesh make_bus(const Body& b) {
    const BusShape v = bus_shape(b);
    Mesh m = joined(bus_half(b, true), bus_half(b, false));
    append(m,
           plain_box({v.r + 0.1, -0.93 * v.h, v.z(0.03)},
                     {v.f - (v.tram ? 0.9 : 0.3), 0.93 * v.h, v.z(0.06)}, grey("interior", 0.07F)));
    bus_seats(m, v);
    // The driver's place.
    const double x = v.f - (v.tram ? 1.7 : 1.15), y = v.tram ? 0 : 0.52 * v.h;
    append(m, seat({x, y, v.z(0.27)}, 0.5, 0.65, looks::kInterior, true));
    append(m, box({x + 0.45, -0.8 * v.h, v.z(0.1)}, {x + 0.85, 0.8 * v.h, v.z(0.25)}, 0.06,
                  looks::kInterior));
    append(m, steering_wheel({x + 0.42, y, v.z(0.30)}, 0.23, -0.9));
    append(m, wiper(m, {0.1 * v.h, v.z(0.235)}, {0.1 * v.h, v.z(0.26)}, {0.12 * v.h, v.z(0.52)}));
    if (!v.tram) {
        append(m, wiper(m, {-0.75 * v.h, v.z(0.235)}, {-0.75 * v.h, v.z(0.26)},
                        {-0.72 * v.h, v.z(0.52)}));
    }
    // Cooling on the roof, to the vehicle's height; trams also have a pantograph, folded.
    const double top = b.height_m, low = v.roof - 0.04;
    append(m, box({v.r + 0.28 * b.length_m, -0.62 * v.h, low},
                  {v.r + 0.52 * b.length_m, 0.62 * v.h, top}, 0.09, looks::paint_of(b.livery), 2));
    append(m, box({v.f - 0.33 * b.length_m, -0.55 * v.h, low},
                  {v.f - 0.17 * b.length_m, 0.55 * v.h, top - 0.06}, 0.07, looks::kTrim, 2));
    return m;
}

Mesh make_tram(const Body& b) {
    Mesh m = make_bus(b);
    const BusShape v = bus_shape(b);
    // Its bogies' skirts.
    for (const BodyAxle& axle : b.axles) {
        append(m, plain_box({axle.x_m - 0.5, -0.3, 0.15}, {axle.x_m + 0.5, 0.3, v.b.sill_m + 0.1},
                            looks::kDark));
    }
    // Joints between its three sections.
    for (const double u : {1.0 / 3, 2.0 / 3}) {
        const double x = v.r + u * b.length_m;
        append(m, box({x - 0.16, -v.h - 0.008, v.b.sill_m + 0.05},
                      {x + 0.16, v.h + 0.008, v.z(0.87)}, 0.03, looks::kRubber));
    }
    return m;
}

}  // namespace huntsman::scenarios::bodywork
