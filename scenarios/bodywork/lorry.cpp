// Lorries: a cab over the engine, a frame, and a box body, lockers or a fifth wheel behind it.
#include <algorithm>

#include "scenarios/bodywork/families.h"
#include "scenarios/bodywork/fittings.h"
#include "scenarios/bodywork/lorry_parts.h"

namespace huntsman::scenarios::bodywork {

namespace {

struct CabShape {
    const Body& b;
    double f, r, h, roof;  // r: its rear wall
    double z(double share) const { return b.sill_m + share * (roof - b.sill_m); }
};

CabShape cab_shape(const Body& b) {
    return {b, b.front_m(), b.front_m() - b.cab_m.value_or(1.8), 0.5 * b.width_m,
            b.roof_m.value_or(b.height_m)};
}

Shell cab_shell(const CabShape& v) {
    // The screen begins at a height that does not grow with the roof's.
    const double belt = 1.52, head = std::max(belt + 0.5, std::min(2.38, v.roof - 0.35));
    const auto at = [&](double z, double back, double in, double rear, int steps) {
        return Station{.z = z,
                       .front = v.f - back,
                       .rear = v.r + rear,
                       .half = v.h - in,
                       .corner_front = 0.30,
                       .corner_rear = 0.08,
                       .bow_front = 0.11,
                       .bow_rear = 0.0,
                       .steps = steps};
    };
    ShellShape shape;
    const double s = v.b.sill_m;
    shape.stations = {at(s, 0.08, 0.03, 0.0, 1),          at(s + 0.05, 0.02, 0.005, 0.0, 1),
                      at(s + 0.12, 0.0, 0.0, 0.0, 2),     at(1.0, 0.0, 0.0, 0.0, 2),
                      at(belt - 0.12, 0.03, 0.0, 0.0, 1), at(belt, 0.055, 0.004, 0.0, 3),
                      at(head, 0.25, 0.05, 0.02, 1),      at(head + 0.06, 0.29, 0.06, 0.02, 2)};
    const double edge = std::min(0.22, v.roof - head - 0.08);
    shape.stations.push_back(
        at(v.roof - edge, 0.32 + 0.35 * std::max(0.0, v.roof - head - 0.3), 0.09, 0.03, 1));
    add_roof_edge(shape.stations, edge - 0.03, 0.3, 0.06, 0.18, 3);
    shape.division = {.front = 3, .corner = 4, .side = 4, .rear = 2};
    shape.crown = 0.03;
    return make_shell(shape, looks::paint_of(v.b.livery), looks::kDark);
}

void cab_face(Shell& s, Mesh& extras, const CabShape& v) {
    const double h = v.h, belt = 1.52, head = std::max(belt + 0.5, std::min(2.38, v.roof - 0.35));
    add_window(s, View::kFront,
               rounded({{-0.4, belt + 0.03},
                        {0.86 * h, belt + 0.06},
                        {0.83 * h, head - 0.04},
                        {-0.4, head - 0.02}},
                       {0.001, 0.08, 0.10, 0.001}, 3),
               0.04, looks::kFrame, 0.1);
    // Grille: slots in a dark panel.
    const double g0 = v.b.sill_m + 0.48, g1 = belt - 0.1;
    add_panel(s, View::kFront,
              rounded({{-0.4, g0}, {0.62 * h, g0}, {0.70 * h, g1}, {-0.4, g1 + 0.01}},
                      {0.001, 0.06, 0.06, 0.001}),
              looks::kTrim, 0.015, looks::kGap);
    for (int i = 0; i < 3; ++i) {
        const double z = g0 + 0.06 + (g1 - g0 - 0.1) * i / 3;
        add_panel(s, View::kFront,
                  rounded(rectangle(-0.4, z, (0.56 + 0.03 * i) * h, z + 0.6 * (g1 - g0 - 0.1) / 3),
                          0.02, 1),
                  looks::kGap, 0.03);
    }
    // Bumper with the lamps.
    const double b0 = v.b.sill_m, b1 = v.b.sill_m + 0.40;
    add_panel(s, View::kFront, {{-0.4, b0 - 0.3}, {2 * h, b0 - 0.3}, {2 * h, b1}, {-0.4, b1}},
              v.b.equipment == Equipment::kFire ? grey("livery", 0.72F) : looks::kTrim, -0.03,
              looks::kTrim);
    const double lz = b0 + 0.22;
    add_lamps(s, View::kFront,
              rounded({{0.56 * h, lz - 0.11},
                       {0.90 * h, lz - 0.09},
                       {0.93 * h, lz + 0.12},
                       {0.58 * h, lz + 0.12}},
                      0.04),
              0.02,
              {{"head_lamp", ellipse(0.645 * h, lz, 0.085, 0.085, 12), 0.015},
               {"head_lamp", ellipse(0.79 * h, lz, 0.06, 0.06, 10), 0.01},
               {"turn_lamp", rounded(rectangle(0.855 * h, lz - 0.05, 0.895 * h, lz + 0.09), 0.015),
                0.0}});
    add_panel(s, View::kFront, rounded(rectangle(-0.5, b0 + 0.05, 0.45 * h, b0 + 0.14), 0.02),
              looks::kGap, 0.03);
    const auto x = surface_at(s.mesh, View::kFront, {0.03, b0 + 0.26}, s.skin);
    append(extras, half_plate(x.value_or(v.f) + 0.003, b0 + 0.25, true));
    add_seam(s, extras, View::kFront, {0, belt - 0.06}, {0.9 * h, belt - 0.06}, 0.012);
}

void cab_side(Shell& s, Mesh& extras, const CabShape& v, const Body& b) {
    const double belt = 1.52, head = std::max(belt + 0.5, std::min(2.38, v.roof - 0.35)), f = v.f;
    const double door_rear = f - std::min(1.45, f - v.r - 0.2);
    add_window(s, View::kSide,
               rounded({{f - 0.36, belt + 0.12},
                        {f - 0.50, head - 0.08},
                        {door_rear + 0.08, head - 0.08},
                        {door_rear + 0.08, belt + 0.03},
                        {f - 0.60, belt + 0.0}},
                       {0.05, 0.06, 0.06, 0.06, 0.1}),
               0.025, looks::kFrame, 0.3);
    const BodyAxle& axle = b.axles.front();
    add_line(s, extras, View::kSide,
             rounded({{f - 0.26, axle.wheel_radius_m + 0.25},
                      {f - 0.28, belt},
                      {f - 0.46, head + 0.0},
                      {door_rear, head + 0.02},
                      {door_rear, axle.wheel_radius_m + 0.25}},
                     0.05),
             0.01);
    const double hz = 1.18;
    const auto y = surface_at(s.mesh, View::kSide, {door_rear + 0.18, hz}, s.skin);
    append(extras, door_handle({door_rear + 0.18, y.value_or(v.h), hz}, 0.2, looks::kTrim));
    // Steps before the wheel.
    for (const double z : {b.sill_m + 0.08, b.sill_m + 0.33}) {
        const double x1 = f - 0.30, x0 = axle.x_m + axle.wheel_radius_m + 0.12;
        if (x1 - x0 > 0.15)
            add_panel(s, View::kSide, rounded(rectangle(x0, z, x1, z + 0.16), 0.02, 1), looks::kGap,
                      0.12);
    }
    append(extras,
           large_mirror({f - 0.45, v.h - 0.05, head + 0.0}, {f - 0.45, v.h - 0.03, belt + 0.15},
                        {f - 0.20, v.h + 0.16, 0.5 * (belt + head) + 0.1}, {0.07, 0.11, 0.24}));
    append(extras, box({f - 0.42, v.h - 0.01, 1.12}, {f - 0.33, v.h + 0.008, 1.15}, 0.006,
                       stuff("turn_lamp")));
}

void fire_marks(Shell& s) {
    add_mark(s, View::kSide, rectangle(-40, 1.0, 40, 1.16), stuff("reflector", 0.8F, 0.8F, 0.75F));
    add_mark(s, View::kSide, rectangle(-40, 1.16, 40, 1.22),
             stuff("reflector", 0.75F, 0.7F, 0.04F));
}

Mesh cab_half(const Body& b) {
    const CabShape v = cab_shape(b);
    Shell s = cab_shell(v);
    Mesh extras;
    const BodyAxle& axle = b.axles.front();
    cut_arch(s, {.x = axle.x_m,
                 .z = axle.wheel_radius_m,
                 .radius = axle.wheel_radius_m + 0.09,
                 .inner = inner_of(axle),
                 .lip = 0.06,
                 .lip_out = 0.02});
    cab_face(s, extras, v);
    if (b.equipment == Equipment::kFire) fire_marks(s);
    cab_side(s, extras, v, b);
    append(extras, lining(s, v.r - 0.1, v.f - 0.15, 1.3, looks::kLining));
    append(s.mesh, extras);
    return s.mesh;
}

}  // namespace

Mesh make_cab(const Body& b) {
    const CabShape v = cab_shape(b);
    const Mesh half = cab_half(b);
    Mesh m = joined(half, half);
    const double h = v.h, belt = 1.52;
    for (const double y : {0.5, -0.5}) {
        append(m, seat({v.f - 1.15, y * h, 1.25}, 0.52, 0.65, looks::kInterior, true));
    }
    append(m, box({v.f - 0.62, -0.85 * h, 1.15}, {v.f - 0.22, 0.85 * h, belt - 0.02}, 0.06,
                  looks::kInterior));
    append(m, plain_box({v.r + 0.06, -0.9 * h, 1.0}, {v.f - 0.3, 0.9 * h, 1.05}, looks::kInterior));
    append(m, steering_wheel({v.f - 0.70, 0.5 * h, belt + 0.06}, 0.22, -0.8));
    for (const double y : {0.1, -0.65}) {
        append(m, wiper(m, {(y + 0.1) * h, belt - 0.03}, {y * h, belt + 0.06},
                        {(y + 0.55) * h, belt + 0.12}));
    }
    return m;
}

namespace {

Mesh fire_body(const Body& b, double x0, double x1, double half, double top) {
    const Stuff skin = looks::paint_of(b.livery);
    const double z0 = 0.62;
    Mesh m = box({x0 + 0.02, -half + 0.01, 1.05}, {x1, half - 0.01, top}, 0.05, skin, 2);
    const double arch = b.axles.back().wheel_radius_m + 0.14, ax = b.axles.back().x_m;
    // Roller shutters of lockers, their lower boxes beside the wheels.
    const std::vector<Vec2> lockers{{x0 + 0.12, ax - arch},
                                    {ax - arch + 0.1, ax + arch - 0.1},
                                    {ax + arch, 0.5 * (ax + arch + x1) - 0.05},
                                    {0.5 * (ax + arch + x1) + 0.05, x1 - 0.12}};
    for (std::size_t i = 0; i < lockers.size(); ++i) {
        const Vec2 l = lockers[i];
        if (l.y - l.x < 0.3) continue;
        const bool over_wheel = i == 1;
        const double low = over_wheel ? 1.35 : z0;
        for (const double side : {1.0, -1.0}) {
            const double y = side * half;
            const auto slab = [&](double a, double c, double d, double e, double in, double out,
                                  const Stuff& what, double r) {
                append(m, box({a, std::min(y - side * in, y + side * out), c},
                              {d, std::max(y - side * in, y + side * out), e}, r, what));
            };
            if (!over_wheel) slab(l.x - 0.06, low - 0.08, l.y + 0.06, 1.2, 0.5, -0.006, skin, 0.03);
            slab(l.x, low, l.y, top - 0.22, 0.02, -0.001, grey("metal", 0.5F), 0.012);
            for (double z = low + 0.1; z < top - 0.25; z += 0.14)
                slab(l.x + 0.02, z, l.y - 0.02, z + 0.012, 0.02, 0.001, grey("metal", 0.25F),
                     0.003);
            slab(l.x, low, l.y, low + 0.07, 0.02, 0.003, grey("metal", 0.2F), 0.01);
        }
    }
    for (const double side : {1.0, -1.0}) {
        const double y = side * half;
        append(m, box({x0 + 0.03, std::min(y - side * 0.02, y), top - 0.19},
                      {x1 - 0.01, std::max(y - side * 0.02, y), top - 0.08}, 0.006,
                      stuff("reflector", 0.8F, 0.8F, 0.75F)));
    }
    // Rear: shutter, ladder on the roof.
    append(m,
           box({x0 + 0.004, -0.7, 1.12}, {x0 + 0.03, 0.7, top - 0.3}, 0.01, grey("metal", 0.5F)));
    for (double z = 1.25; z < top - 0.35; z += 0.14)
        append(m, box({x0 + 0.002, -0.68, z}, {x0 + 0.03, 0.68, z + 0.012}, 0.003,
                      grey("metal", 0.25F)));
    for (const double y : {0.35, 0.75})
        append(m, tube({{x0 + 0.1, y, top + 0.14}, {x1 - 0.1, y, top + 0.14}}, 0.03, 6,
                       looks::kBright));
    for (double x = x0 + 0.3; x < x1 - 0.2; x += 0.35)
        append(m, tube({{x, 0.35, top + 0.14}, {x, 0.75, top + 0.14}}, 0.016, 4, looks::kBright));
    append(m, box({x0 + 0.4, -0.9, top - 0.02}, {x1 - 1.0, -0.3, top + 0.2}, 0.03, looks::kBright));
    return m;
}

}  // namespace

Mesh make_lorry(const Body& b) {
    Mesh m = make_cab(b);
    const bool fire = b.equipment == Equipment::kFire;
    const double floor = b.floor_m.value_or(1.05), half = 0.5 * b.width_m;
    const double x0 = b.rear_m(), x1 = b.front_m() - b.cab_m.value_or(1.8) - (fire ? 0.06 : 0.12);
    append(m, make_frame(b, floor - 0.08, !fire));
    if (fire) {
        const double top = b.height_m - 0.22;
        append(m, fire_body(b, x0, x1, half, top));
        const double z = b.roof_m.value_or(b.height_m) - 0.01, x = b.front_m() - 0.75;
        append(m, box({x - 0.16, -0.8 * half, z}, {x + 0.16, 0.8 * half, z + 0.05}, 0.02,
                      looks::kTrim));
        for (const double side : {1.0, -1.0}) {
            const double y0 = side > 0 ? 0.3 * half : -0.8 * half;
            append(m, box({x - 0.15, y0, z + 0.045}, {x + 0.15, y0 + 0.5 * half, z + 0.17}, 0.05,
                          stuff("blue_lamp"), 2));
            append(m, box({x0 + 0.1, side * (half - 0.14) - 0.07, top - 0.01},
                          {x0 + 0.28, side * (half - 0.14) + 0.07, top + 0.14}, 0.05,
                          stuff("blue_lamp"), 2));
        }
    } else {
        const Stuff skin = b.livery ? looks::paint_of(b.livery) : looks::kPaint;
        append(m, box_body(x0 + 0.03, x1, half, floor, b.height_m, skin));
        // The tail lift, folded up.
        append(m, box({x0 + 0.005, -0.82 * half, floor + 0.03},
                      {x0 + 0.05, 0.82 * half, floor + 0.95}, 0.012, grey("metal", 0.42F)));
        append(m,
               tube({{x0 + 0.12, -half + 0.2, floor - 0.2}, {x0 + 0.12, half - 0.2, floor - 0.2}},
                    0.07, 6, looks::kChassis));
    }
    const BodyAxle& a = b.axles.back();
    for (const double side : {1.0, -1.0}) {
        const double y0 = 0.5 * (a.track_m - a.tyre_width_m) - 0.03,
                     y1 = std::min(half - 0.01, 0.5 * (a.track_m + a.tyre_width_m) + 0.04);
        append(m, mudguard(a.x_m, std::min(side * y0, side * y1), std::max(side * y0, side * y1),
                           a.wheel_radius_m,
                           std::min(a.wheel_radius_m + 0.08, floor - a.wheel_radius_m - 0.01), 0.15,
                           3.0));
    }
    append(m, rear_beam(x0, half, 0.62, true));
    return m;
}

Mesh make_tractor_unit(const Body& b) {
    Mesh m = make_cab(b);
    append(m, make_frame(b, 0.95, false));
    const double half = 0.5 * b.width_m;
    const BodyAxle& a = b.axles.back();
    // Fifth wheel: a plate with its throat to the rear.
    append(m, extrude_y(rounded({{a.x_m - 0.35, 0.97},
                                 {a.x_m + 0.5, 0.97},
                                 {a.x_m + 0.5, 1.02},
                                 {a.x_m - 0.35, 1.0}},
                                0.01, 1),
                        -0.45, 0.45, looks::kChassis));
    append(m,
           tube({{a.x_m + 0.1, 0, 0.95}, {a.x_m + 0.1, 0, 1.05}}, 0.46, 20, grey("metal", 0.09F)));
    for (const double side : {1.0, -1.0}) {
        const double y0 = 0.5 * (a.track_m - a.tyre_width_m) - 0.02,
                     y1 = std::min(half - 0.01, 0.5 * (a.track_m + a.tyre_width_m) + 0.03);
        append(m, mudguard(a.x_m, std::min(side * y0, side * y1), std::max(side * y0, side * y1),
                           a.wheel_radius_m, a.wheel_radius_m + 0.07, 0.1, 3.05));
    }
    // Deflectors behind the cab, air lines, exhaust.
    const double r = b.front_m() - b.cab_m.value_or(2.2), roof = b.roof_m.value_or(b.height_m);
    for (const double side : {1.0, -1.0}) {
        const double y = side * (half - 0.05);
        append(m, extrude_y(rounded({{r + 0.02, 0.9},
                                     {r + 0.02, roof - 0.25},
                                     {r - 0.28, roof - 0.35},
                                     {r - 0.34, 0.9}},
                                    0.06),
                            std::min(y, y - side * 0.03), std::max(y, y - side * 0.03),
                            looks::paint_of(b.livery)));
    }
    append(m, box({r - 0.22, -0.5, 1.0}, {r - 0.06, 0.5, 1.6}, 0.03, looks::kTrim));
    for (const double y : {0.12, 0.0, -0.12}) {
        append(m, tube(smooth({{r - 0.1, y, 1.5},
                               {r - 0.35, y, 1.25},
                               {r - 0.3, y, 1.05},
                               {r - 0.12, y, 1.15}},
                              3),
                       0.015, 5, y > 0 ? stuff("plastic", 0.4F, 0.02F, 0.02F) : looks::kFrame));
    }
    append(m, rear_beam(b.rear_m(), half, 0.75, true));
    return m;
}

}  // namespace huntsman::scenarios::bodywork
