// Panel vans with a high roof, and ambulances on their base.
#include <algorithm>

#include "scenarios/bodywork/families.h"
#include "scenarios/bodywork/fittings.h"

namespace huntsman::scenarios::bodywork {

namespace {

// A van's heights and lengths from its body's; x from the front end backwards, z from the ground.
struct VanShape {
    const Body& b;
    double f, r, h, roof;  // ends, half width, top of the roof
    double k;              // lengths of the nose over those of a van of 2.02 m width
    double z(double share) const { return b.sill_m + share * (roof - b.sill_m); }
    double back(double x) const { return f - k * x; }
};

VanShape van_shape(const Body& b) {
    return {b,
            b.front_m(),
            b.rear_m(),
            0.5 * b.width_m,
            b.roof_m.value_or(b.height_m),
            b.front_overhang_m / 1.0};
}

Shell van_shell(const VanShape& v) {
    const double f = v.f, r = v.r, h = v.h, k = v.k;
    const auto at = [&](double share, double back, double in, double rear, double corner,
                        double bow, int steps) {
        return Station{.z = v.z(share),
                       .front = f - k * back,
                       .rear = r + rear,
                       .half = h - in,
                       .corner_front = corner,
                       .corner_rear = 0.09,
                       .bow_front = bow,
                       .bow_rear = 0.015,
                       .steps = steps};
    };
    ShellShape shape;
    shape.stations = {
        at(0.0, 0.10, 0.06, 0.05, 0.26, 0.10, 1),    at(0.03, 0.03, 0.03, 0.02, 0.30, 0.11, 2),
        at(0.10, 0.0, 0.008, 0.0, 0.34, 0.12, 2),    at(0.21, 0.015, 0.0, 0.0, 0.36, 0.13, 2),
        at(0.28, 0.07, 0.0, 0.0, 0.36, 0.14, 2),     at(0.345, 0.19, 0.002, 0.0, 0.36, 0.15, 2),
        at(0.40, 0.44, 0.006, 0.0, 0.36, 0.15, 2),   at(0.44, 0.70, 0.012, 0.004, 0.34, 0.15, 1),
        at(0.46, 0.78, 0.016, 0.006, 0.30, 0.15, 5), at(0.80, 1.33, 0.075, 0.025, 0.26, 0.13, 2),
        at(0.86, 1.46, 0.092, 0.032, 0.25, 0.12, 3), at(0.93, 1.72, 0.115, 0.045, 0.25, 0.10, 1)};
    add_roof_edge(shape.stations, 0.07 * (v.roof - v.b.sill_m) - 0.025, 0.25, 0.05, 0.16, 3);
    shape.division = {.front = 3, .corner = 4, .side = 5, .rear = 2};
    shape.side_bow = 0.012;
    shape.crown = 0.025;
    return make_shell(shape, looks::paint_of(v.b.livery), looks::kDark);
}

Outline cab_window(const VanShape& v) {
    const double z0 = v.z(0.475), z1 = v.z(0.80);
    return rounded({{v.back(1.02), z0},
                    {v.back(1.42), z1},
                    {v.back(2.02), z1},
                    {v.back(2.04), v.z(0.46)},
                    {v.back(1.25), v.z(0.445)}},
                   {0.04, 0.06, 0.06, 0.06, 0.12}, 3);
}

void van_glass(Shell& s, const VanShape& v) {
    // Windscreen: half of it, to beyond y = 0.
    const double h = v.h;
    add_window(s, View::kFront,
               rounded({{-0.3, v.z(0.475)},
                        {0.80 * h, v.z(0.485)},
                        {0.745 * h, v.z(0.80)},
                        {-0.3, v.z(0.825)}},
                       {0.001, 0.07, 0.09, 0.001}),
               0.035, looks::kFrame, 0.12);
    add_window(s, View::kSide, cab_window(v), 0.02, looks::kFrame, 0.3);
    // Rear doors' windows.
    add_window(
        s, View::kRear,
        rounded(
            {{0.09, v.z(0.53)}, {0.80 * h, v.z(0.53)}, {0.775 * h, v.z(0.80)}, {0.09, v.z(0.81)}},
            0.06),
        0.025);
}

void van_nose(Shell& s, Mesh& extras, const VanShape& v) {
    const double h = v.h;
    // Bumper: dark lower part of the nose.
    add_panel(s, View::kFront,
              {{-0.5, -0.5}, {2 * h, -0.5}, {2 * h, v.z(0.135)}, {-0.5, v.z(0.135)}}, looks::kTrim,
              -0.012, looks::kTrim);
    add_panel(s, View::kFront, rounded(rectangle(-0.5, v.z(0.03), 0.42 * h, v.z(0.09)), 0.02),
              looks::kGap, 0.03);
    // Grille with bars.
    add_panel(
        s, View::kFront,
        rounded(
            {{-0.5, v.z(0.185)}, {0.43 * h, v.z(0.185)}, {0.50 * h, v.z(0.275)}, {-0.5, v.z(0.29)}},
            {0.001, 0.03, 0.03, 0.001}),
        looks::kGap, 0.035);
    for (const double u : {0.208, 0.234, 0.26}) {
        const auto x = surface_at(s.mesh, View::kFront, {0.03, v.z(u)}, s.skin);
        if (!x) continue;
        std::vector<Vec3> bar;
        for (const double y : {0.0, 0.16, 0.32, 0.46}) {
            const auto own =
                surface_at(s.mesh, View::kFront, {std::max(0.005, y * h), v.z(u)}, s.skin);
            bar.emplace_back(own.value_or(*x) + 0.016, y * h, v.z(u));
        }
        append(extras, tube(bar, 0.011, 4, u == 0.234 ? looks::kBright : looks::kTrim));
    }
    // Headlamps reach around the corners.
    add_lamps(s, View::kFront,
              rounded({{0.55 * h, v.z(0.20)},
                       {0.86 * h, v.z(0.215)},
                       {0.925 * h, v.z(0.33)},
                       {0.84 * h, v.z(0.345)},
                       {0.57 * h, v.z(0.285)}},
                      0.03),
              0.018,
              {{"head_lamp", ellipse(0.70 * h, v.z(0.255), 0.085, 0.075, 12), 0.012},
               {"turn_lamp",
                rounded({{0.82 * h, v.z(0.24)},
                         {0.865 * h, v.z(0.25)},
                         {0.885 * h, v.z(0.32)},
                         {0.845 * h, v.z(0.325)}},
                        0.015),
                0.006}});
    add_line(
        s, extras, View::kFront,
        {{-0.5, v.z(0.345)}, {0.80 * h, v.z(0.365)}, {0.86 * h, v.z(0.452)}, {-0.5, v.z(0.462)}},
        0.009);
    const auto x = surface_at(s.mesh, View::kFront, {0.02, v.z(0.11)}, s.skin);
    append(extras, half_plate(x.value_or(v.f) + 0.004, v.z(0.115), true));
}

void van_rear(Shell& s, Mesh& extras, const VanShape& v) {
    const double h = v.h;
    add_panel(s, View::kRear, {{-0.5, -0.5}, {2 * h, -0.5}, {2 * h, v.z(0.11)}, {-0.5, v.z(0.11)}},
              looks::kTrim, -0.02, looks::kTrim);
    const double y0 = 0.855 * h, y1 = 0.985 * h;
    const auto lens = [&](double z0, double z1) {
        return rounded(rectangle(y0 + 0.012, v.z(z0), y1 - 0.012, v.z(z1)), 0.015, 2);
    };
    add_lamps(s, View::kRear, rounded(rectangle(y0, v.z(0.20), y1, v.z(0.47)), 0.03), 0.008,
              {{"tail_lamp", lens(0.405, 0.462), 0.0},
               {"brake_lamp", lens(0.33, 0.398), 0.0},
               {"turn_lamp", lens(0.265, 0.323), 0.0},
               {"reverse_lamp", lens(0.21, 0.258), 0.0}},
              looks::kTrim);
    // Doors: the line between them and around each.
    add_seam(s, extras, View::kRear, {0, v.z(0.115)}, {0, v.z(0.93)}, 0.02);
    add_line(s, extras, View::kRear,
             rounded(rectangle(-0.5, v.z(0.115), 0.84 * h, v.z(0.93)), 0.05), 0.009);
    for (const double z : {0.2, 0.55, 0.85}) {
        append(extras, box({v.r - 0.004, 0.835 * h, v.z(z) - 0.03},
                           {v.r + 0.06, 0.865 * h, v.z(z) + 0.03}, 0.01, looks::kTrim));
    }
    const auto x = surface_at(s.mesh, View::kRear, {0.3, v.z(0.3)}, s.skin);
    append(extras, half_plate(x.value_or(v.r) - 0.004, v.z(0.29), false));
    append(extras, box({v.r - 0.018, 0.03, v.z(0.42)}, {v.r + 0.03, 0.055, v.z(0.49)}, 0.008,
                       looks::kTrim));
}

void van_side(Shell& s, Mesh& extras, const VanShape& v, bool left) {
    // Rubbing strip and lower trim between the wheel arches.
    const double arch = v.b.axles.front().wheel_radius_m + 0.12;
    const double x1 = v.b.axles.front().x_m - arch, x0 = v.b.axles.back().x_m + arch;
    add_panel(s, View::kSide, rounded(rectangle(x0, v.z(0.165), x1, v.z(0.21)), 0.02), looks::kTrim,
              -0.01, looks::kTrim);
    // Cab door.
    add_line(s, extras, View::kSide,
             rounded({{v.back(1.12), v.z(0.05)},
                      {v.back(0.86), v.z(0.44)},
                      {v.back(1.40), v.z(0.845)},
                      {v.back(2.10), v.z(0.85)},
                      {v.back(2.12), v.z(0.05)}},
                     {0.16, 0.03, 0.09, 0.05, 0.06}),
             0.009);
    const auto handle = [&](double x, double share) {
        const auto y = surface_at(s.mesh, View::kSide, {x, v.z(share)}, s.skin);
        append(extras, door_handle({x, y.value_or(v.h), v.z(share)}, 0.19, looks::kTrim));
    };
    handle(v.back(1.93), 0.405);
    if (!left) {
        // The sliding door and its rail.
        add_line(s, extras, View::kSide,
                 rounded(rectangle(v.back(3.36), v.z(0.05), v.back(2.16), v.z(0.86)), 0.06), 0.009);
        add_seam(s, extras, View::kSide, {v.r + 0.25, v.z(0.47)}, {v.back(3.36), v.z(0.47)}, 0.03);
        handle(v.back(2.3), 0.405);
    }
    add_seam(s, extras, View::kSide, {v.r + 0.05, v.z(0.555)},
             {v.back(left ? 2.16 : 3.40), v.z(0.555)}, 0.007);
    // Filler flap and mirror.
    if (left) {
        add_line(s, extras, View::kSide,
                 rounded(rectangle(v.back(2.34), v.z(0.26), v.back(2.18), v.z(0.34)), 0.03), 0.006);
    }
    const double mx = v.back(1.16), mz = v.z(0.56);
    const auto y = surface_at(s.mesh, View::kSide, {mx, v.z(0.47)}, s.skin);
    const double my = y.value_or(v.h);
    append(extras, car_mirror({mx, my - 0.03, v.z(0.475)}, {mx + 0.02, my + 0.16, mz},
                              {0.06, 0.11, 0.155}, looks::kTrim));
    append(extras, box({v.f - 1.45 * v.k, v.h - 0.01, v.z(0.425)},
                       {v.f - 1.37 * v.k, v.h + 0.008, v.z(0.445)}, 0.006, stuff("turn_lamp")));
}

void ambulance_marks(Shell& s, const VanShape& v) {
    const double h = v.h;
    const Stuff red = stuff("reflector", 0.55F, 0.015F, 0.012F);
    const Stuff white = stuff("reflector", 0.8F, 0.8F, 0.78F);
    // Two rows of blocks along the side and across the rear.
    constexpr int kBlocks = 10;
    const double x0 = v.r + 0.02, x1 = v.back(0.62);
    for (int i = 0; i < kBlocks; ++i) {
        const double a = x0 + (x1 - x0) * i / kBlocks, b = x0 + (x1 - x0) * (i + 1) / kBlocks;
        add_mark(s, View::kSide, rectangle(a, v.z(0.24), b, v.z(0.315)), i % 2 == 0 ? red : white);
        add_mark(s, View::kSide, rectangle(a, v.z(0.315), b, v.z(0.39)), i % 2 == 0 ? white : red);
    }
    add_mark(s, View::kRear, rectangle(-0.5, v.z(0.4), 0.83 * h, v.z(0.50)), red);
    // A cross of six arms on the side.
    const Vec2 c(v.b.axles.back().x_m + 0.65, v.z(0.66));
    const Stuff blue = stuff("livery", 0.01F, 0.05F, 0.35F);
    for (const double a : {0.0, 1.0472, 2.0944}) {
        const Vec2 d(std::sin(a), std::cos(a)), n(d.y, -d.x);
        const double l = 0.2, w = 0.05;
        add_mark(s, View::kSide,
                 {c + l * d + w * n, c - l * d + w * n, c - l * d - w * n, c + l * d - w * n},
                 blue);
    }
}

// Across the roof, half of it.
Mesh blue_bar(double x, double z, double half) {
    Mesh m =
        box({x - 0.13, -0.2, z - 0.03}, {x + 0.13, half - 0.02, z + 0.025}, 0.02, looks::kTrim);
    append(m, box({x - 0.12, 0.2, z + 0.02}, {x + 0.12, half, z + 0.13}, 0.045, stuff("blue_lamp"),
                  2));
    append(m, box({x - 0.11, -0.18, z + 0.02}, {x + 0.11, 0.18, z + 0.115}, 0.03,
                  grey("plastic", 0.5F)));
    return m;
}

// What lies at y < 0 of a part that is made whole is left to the other half.
Mesh van_half(const Body& b, bool left) {
    const VanShape v = van_shape(b);
    Shell s = van_shell(v);
    Mesh extras;
    for (const BodyAxle& axle : b.axles) {
        cut_arch(s, {.x = axle.x_m,
                     .z = axle.wheel_radius_m,
                     .radius = axle.wheel_radius_m + 0.07,
                     .inner = inner_of(axle)});
    }
    van_nose(s, extras, v);
    van_rear(s, extras, v);
    van_glass(s, v);
    if (b.equipment == Equipment::kAmbulance) ambulance_marks(s, v);
    van_side(s, extras, v, left);
    append(extras, lining(s, v.back(2.15), v.f - 0.5, v.z(0.42), looks::kLining));
    append(s.mesh, extras);
    return s.mesh;
}

Mesh van_inside(const VanShape& v) {
    Mesh m;
    const double h = v.h;
    const double zs = v.z(0.27);
    for (const double y : {0.45, -0.45}) {
        append(m, seat({v.back(1.75), y * h, zs}, 0.5, 0.62, looks::kInterior, true));
    }
    // Dashboard, bulkhead and cab floor.
    append(m, box({v.back(1.15), -0.86 * h, v.z(0.33)}, {v.back(0.95), 0.86 * h, v.z(0.455)}, 0.05,
                  looks::kInterior));
    append(m, plain_box({v.back(2.2), -0.85 * h, v.z(0.06)}, {v.back(2.16), 0.85 * h, v.z(0.88)},
                        looks::kLining));
    append(m, plain_box({v.back(2.16), -0.92 * h, v.z(0.06)}, {v.back(0.8), 0.92 * h, v.z(0.1)},
                        looks::kInterior));
    // Behind the rear doors' windows.
    append(m, plain_box({v.r + 0.3, -0.84 * h, v.z(0.1)}, {v.r + 0.34, 0.84 * h, v.z(0.86)},
                        grey("interior", 0.03F)));
    append(m, steering_wheel({v.back(1.28), 0.45 * h, v.z(0.475)}, 0.19, -0.55));
    return m;
}

}  // namespace

Mesh make_van(const Body& b) {
    Mesh m = joined(van_half(b, true), van_half(b, false));
    const VanShape v = van_shape(b);
    append(m, van_inside(v));
    Mesh wipers =
        wiper(m, {0.35 * v.h, v.z(0.475)}, {0.3 * v.h, v.z(0.49)}, {-0.25 * v.h, v.z(0.60)});
    append(wipers,
           wiper(m, {-0.35 * v.h, v.z(0.475)}, {-0.4 * v.h, v.z(0.49)}, {-0.72 * v.h, v.z(0.62)}));
    if (b.equipment == Equipment::kAmbulance) {
        const double z = b.height_m - 0.13;
        for (const double x : {v.back(1.95), v.r + 0.45}) {
            const Mesh half = blue_bar(x, z, 0.8 * v.h);
            append(m, half);
            Mesh other = mirrored(half);
            append(m, other);
        }
    }
    append(m, wipers);
    return m;
}

}  // namespace huntsman::scenarios::bodywork
