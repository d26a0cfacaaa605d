// Saloons and estates: police cars and taxis.
#include <algorithm>

#include "scenarios/bodywork/families.h"
#include "scenarios/bodywork/fittings.h"

namespace huntsman::scenarios::bodywork {

namespace {

struct CarShape {
    const Body& b;
    double f, r, h, roof;
    // Heights are those of a car of 1.46 m, lengths those of one of 4.7 m.
    double z(double height) const { return b.sill_m + (height - 0.19) * (roof - b.sill_m) / 1.27; }
    double k() const { return b.length_m / 4.7; }
    double back(double x) const { return f - k() * x; }
    double fore(double x) const { return r + k() * x; }
};

CarShape car_shape(const Body& b) {
    return {b, b.front_m(), b.rear_m(), 0.5 * b.width_m, b.roof_m.value_or(b.height_m)};
}

Shell car_shell(const CarShape& v) {
    const bool estate = v.b.estate;
    const auto at = [&](double z, double back, double in, double rear, double corner, double bow,
                        int steps) {
        return Station{.z = v.z(z),
                       .front = v.back(back),
                       .rear = v.fore(rear),
                       .half = v.h - in,
                       .corner_front = corner,
                       .corner_rear = 0.8 * corner,
                       .bow_front = bow,
                       .bow_rear = 0.6 * bow,
                       .steps = steps};
    };
    ShellShape s;
    s.stations = {at(0.19, 0.14, 0.10, 0.18, 0.30, 0.13, 1),
                  at(0.24, 0.06, 0.05, 0.10, 0.34, 0.15, 2),
                  at(0.36, 0.01, 0.018, 0.03, 0.38, 0.17, 1),
                  at(0.50, 0.0, 0.004, 0.0, 0.40, 0.18, 1),
                  at(0.60, 0.01, 0.0, 0.0, 0.42, 0.19, 2),
                  at(0.70, 0.045, 0.0, 0.005, 0.42, 0.19, 2),
                  at(0.765, 0.13, 0.006, 0.01, 0.42, 0.20, 2),
                  at(0.83, 0.42, 0.016, 0.02, 0.42, 0.20, 2),
                  at(0.885, 0.80, 0.03, 0.03, 0.42, 0.21, 2),
                  at(0.925, 1.10, 0.042, estate ? 0.04 : 0.05, 0.40, 0.22, 1),
                  at(0.945, 1.20, 0.055, estate ? 0.045 : 0.09, 0.36, 0.22, 2),
                  at(0.99, 1.28, 0.085, estate ? 0.06 : 0.46, 0.34, 0.22, 1),
                  at(1.02, 1.335, 0.10, estate ? 0.075 : 0.56, 0.32, 0.22, 4),
                  at(1.33, 1.90, 0.235, estate ? 0.30 : 1.16, 0.26, 0.19, 1),
                  at(1.36, 1.97, 0.25, estate ? 0.33 : 1.24, 0.25, 0.18, 1)};
    add_roof_edge(s.stations, v.z(1.46) - v.z(1.36) - 0.035, 0.36, estate ? 0.14 : 0.36, 0.14, 4);
    s.division = {.front = 3, .corner = 5, .side = 5, .rear = 2};
    s.side_bow = 0.02;
    s.crown = 0.035;
    return make_shell(s, looks::paint_of(v.b.livery), looks::kDark);
}

void car_glass(Shell& s, const CarShape& v) {
    const double h = v.h;
    add_window(s, View::kFront,
               rounded({{-0.3, v.z(0.985)},
                        {0.80 * h, v.z(0.995)},
                        {0.665 * h, v.z(1.345)},
                        {-0.3, v.z(1.395)}},
                       {0.001, 0.06, 0.07, 0.001}),
               0.03, looks::kFrame, 0.1);
    if (v.b.estate) {
        add_window(s, View::kRear,
                   rounded({{-0.3, v.z(0.98)},
                            {0.76 * h, v.z(0.98)},
                            {0.63 * h, v.z(1.33)},
                            {-0.3, v.z(1.35)}},
                           {0.001, 0.07, 0.07, 0.001}),
                   0.03);
    } else {
        add_window(s, View::kRear,
                   rounded({{-0.3, v.z(1.025)},
                            {0.70 * h, v.z(1.03)},
                            {0.61 * h, v.z(1.33)},
                            {-0.3, v.z(1.37)}},
                           {0.001, 0.06, 0.07, 0.001}),
                   0.03, looks::kFrame, 0.1);
    }
    // Side: front door, rear door, and an estate's load space.
    const auto pane = [&](const Outline& o, const std::vector<double>& radii) {
        add_window(s, View::kSide, rounded(o, radii), 0.016, looks::kFrame, 0.2);
    };
    pane({{v.back(1.52), v.z(0.985)},
          {v.back(2.07), v.z(1.345)},
          {v.back(2.62), v.z(1.362)},
          {v.back(2.66), v.z(0.995)}},
         {0.02, 0.05, 0.02, 0.02});
    if (v.b.estate) {
        pane({{v.back(2.73), v.z(0.996)},
              {v.back(2.70), v.z(1.362)},
              {v.back(3.44), v.z(1.355)},
              {v.back(3.56), v.z(1.005)}},
             {0.02, 0.02, 0.03, 0.03});
        pane({{v.back(3.64), v.z(1.01)},
              {v.back(3.52), v.z(1.352)},
              {v.fore(0.50), v.z(1.335)},
              {v.fore(0.30), v.z(1.03)}},
             {0.03, 0.03, 0.05, 0.05});
    } else {
        pane({{v.back(2.73), v.z(0.996)},
              {v.back(2.70), v.z(1.362)},
              {v.back(3.22), v.z(1.34)},
              {v.back(3.66), v.z(1.02)}},
             {0.02, 0.02, 0.08, 0.03});
    }
}

void car_front(Shell& s, Mesh& extras, const CarShape& v) {
    const double h = v.h;
    // Grille with bars within a bright frame, intake below, lamps.
    add_panel(
        s, View::kFront,
        rounded(
            {{-0.3, v.z(0.475)}, {0.30 * h, v.z(0.485)}, {0.40 * h, v.z(0.66)}, {-0.3, v.z(0.675)}},
            {0.001, 0.05, 0.04, 0.001}),
        looks::kGap, 0.03, looks::kBright);
    for (const double z : {0.52, 0.565, 0.61}) {
        std::vector<Vec3> bar;
        for (const double y : {0.005, 0.15, 0.3 + 0.4 * (z - 0.5)}) {
            const auto x = surface_at(s.mesh, View::kFront, {y * h, v.z(z)}, s.skin);
            bar.emplace_back(x.value_or(v.f) + 0.012, y < 0.01 ? 0 : y * h, v.z(z));
        }
        append(extras, tube(bar, 0.008, 4, looks::kTrim));
    }
    add_panel(
        s, View::kFront,
        rounded(
            {{-0.3, v.z(0.255)}, {0.50 * h, v.z(0.26)}, {0.56 * h, v.z(0.37)}, {-0.3, v.z(0.36)}},
            {0.001, 0.03, 0.03, 0.001}),
        looks::kGap, 0.03);
    add_panel(s, View::kFront, rounded(rectangle(0.66 * h, v.z(0.28), 0.84 * h, v.z(0.36)), 0.03),
              looks::kGap, 0.025);
    add_lamps(s, View::kFront,
              rounded({{0.49 * h, v.z(0.575)},
                       {0.80 * h, v.z(0.565)},
                       {0.955 * h, v.z(0.655)},
                       {0.93 * h, v.z(0.715)},
                       {0.52 * h, v.z(0.665)}},
                      0.025),
              0.012,
              {{"head_lamp", ellipse(0.595 * h, v.z(0.62), 0.046, 0.036, 10), 0.01},
               {"head_lamp", ellipse(0.715 * h, v.z(0.625), 0.046, 0.038, 10), 0.01},
               {"turn_lamp",
                rounded({{0.81 * h, v.z(0.60)},
                         {0.90 * h, v.z(0.645)},
                         {0.895 * h, v.z(0.69)},
                         {0.81 * h, v.z(0.675)}},
                        0.01, 2),
                0.0}},
              looks::kHousing, 0.05);
    add_line(s, extras, View::kTop,
             rounded({{v.back(0.16), -0.3},
                      {v.back(0.22), 0.5 * h},
                      {v.back(0.34), 0.70 * h},
                      {v.back(1.06), 0.83 * h},
                      {v.back(1.12), -0.3}},
                     0.05),
             0.007);
    const auto x = surface_at(s.mesh, View::kFront, {0.03, v.z(0.42)}, s.skin);
    append(extras, half_plate(x.value_or(v.f) + 0.003, v.z(0.42), true));
}

void car_rear(Shell& s, Mesh& extras, const CarShape& v) {
    const double h = v.h, up = v.b.estate ? 0.05 : 0;
    const auto lens = [&](double y0, double y1, double z0, double z1) {
        return rounded(rectangle(y0 * h, v.z(z0 + up), y1 * h, v.z(z1 + up)), 0.012, 2);
    };
    add_lamps(s, View::kRear,
              rounded({{0.54 * h, v.z(0.70 + up)},
                       {0.93 * h, v.z(0.685 + up)},
                       {0.955 * h, v.z(0.84 + up)},
                       {0.56 * h, v.z(0.84 + up)}},
                      0.03),
              0.006,
              {{"tail_lamp", lens(0.57, 0.73, 0.775, 0.828), 0.0},
               {"brake_lamp", lens(0.74, 0.92, 0.775, 0.828), 0.0},
               {"turn_lamp", lens(0.74, 0.92, 0.712, 0.762), 0.0},
               {"reverse_lamp", lens(0.57, 0.73, 0.712, 0.762), 0.0}},
              stuff("plastic", 0.12F, 0.004F, 0.004F), 0.05);
    // Boot lid, recess of the plate, bumper.
    add_line(s, extras, View::kRear,
             rounded({{-0.3, v.z(0.60)},
                      {0.52 * h, v.z(0.60)},
                      {0.53 * h, v.z(0.86 + up)},
                      {-0.3, v.z(0.86 + up)}},
                     {0.001, 0.05, 0.02, 0.001}),
             0.007);
    add_seam(s, extras, View::kRear, {0, v.z(0.555)}, {0.93 * h, v.z(0.555)}, 0.008);
    add_panel(
        s, View::kRear,
        rounded({{-0.3, v.z(0.2)}, {0.62 * h, v.z(0.2)}, {0.66 * h, v.z(0.33)}, {-0.3, v.z(0.33)}},
                {0.001, 0.03, 0.03, 0.001}),
        looks::kTrim, 0.006, looks::kTrim);
    const auto x = surface_at(s.mesh, View::kRear, {0.03, v.z(0.70)}, s.skin);
    append(extras, half_plate(x.value_or(v.r) - 0.003, v.z(0.70), false));
    // Exhaust.
    append(extras, tube({{v.fore(0.55), 0.55 * h, 0.25}, {v.fore(0.12), 0.55 * h, 0.235}}, 0.024, 8,
                        grey("metal", 0.2F)));
}

void car_side(Shell& s, Mesh& extras, const CarShape& v) {
    const double h = v.h;
    const auto line = [&](const Outline& o, const std::vector<double>& radii) {
        add_line(s, extras, View::kSide, rounded(o, radii), 0.007);
    };
    line({{v.back(1.38), v.z(0.29)},
          {v.back(1.36), v.z(0.93)},
          {v.back(2.05), v.z(1.375)},
          {v.back(2.68), v.z(1.39)},
          {v.back(2.70), v.z(0.29)}},
         {0.1, 0.03, 0.05, 0.02, 0.03});
    const double end = v.b.estate ? 3.50 : 3.42;
    line({{v.back(2.71), v.z(0.29)},
          {v.back(2.69), v.z(1.39)},
          {v.back(end - 0.15), v.z(1.37)},
          {v.back(end + 0.22), v.z(0.98)},
          {v.back(end - 0.20), v.z(0.29)}},
         {0.03, 0.02, 0.06, 0.05, 0.25});
    for (const double x : {2.52, 3.36}) {
        const auto y = surface_at(s.mesh, View::kSide, {v.back(x), v.z(0.855)}, s.skin);
        append(extras, door_handle({v.back(x), y.value_or(h), v.z(0.855)}, 0.19,
                                   looks::paint_of(v.b.livery)));
    }
    add_panel(s, View::kSide,
              {{v.b.axles.back().x_m + 0.45, 0},
               {v.b.axles.front().x_m - 0.45, 0},
               {v.b.axles.front().x_m - 0.45, v.z(0.255)},
               {v.b.axles.back().x_m + 0.45, v.z(0.255)}},
              looks::kTrim);
    const double mx = v.back(1.60), mz = v.z(1.02);
    const auto y = surface_at(s.mesh, View::kSide, {mx, v.z(0.975)}, s.skin);
    append(extras,
           car_mirror({mx, y.value_or(h) - 0.02, v.z(0.985)}, {mx + 0.02, h + 0.07, mz + 0.01},
                      {0.055, 0.10, 0.06}, looks::paint_of(v.b.livery)));
    append(extras, box({v.back(1.24), h - 0.012, v.z(0.70)}, {v.back(1.18), h + 0.0, v.z(0.72)},
                       0.004, stuff("turn_lamp")));
}

void police_marks(Shell& s, const CarShape& v) {
    const Stuff blue = stuff("reflector", 0.01F, 0.04F, 0.35F),
                lime = stuff("reflector", 0.6F, 0.75F, 0.04F);
    const double x0 = v.fore(0.35), x1 = v.back(0.62);
    constexpr int kBlocks = 8;
    for (int i = 0; i < kBlocks; ++i) {
        const double a = x0 + (x1 - x0) * i / kBlocks, c = x0 + (x1 - x0) * (i + 1) / kBlocks;
        add_mark(s, View::kSide, rectangle(a, v.z(0.53), c, v.z(0.67)), i % 2 == 0 ? blue : lime);
        add_mark(s, View::kSide, rectangle(a, v.z(0.67), c, v.z(0.81)), i % 2 == 0 ? lime : blue);
    }
}

Mesh car_half(const Body& b) {
    const CarShape v = car_shape(b);
    Shell s = car_shell(v);
    Mesh extras;
    for (const BodyAxle& axle : b.axles) {
        cut_arch(s, {.x = axle.x_m,
                     .z = axle.wheel_radius_m,
                     .radius = axle.wheel_radius_m + 0.045,
                     .inner = inner_of(axle),
                     .lip = 0.035,
                     .lip_out = 0.006,
                     .lip_stuff = looks::paint_of(b.livery)});
    }
    car_front(s, extras, v);
    car_rear(s, extras, v);
    car_glass(s, v);
    if (b.equipment == Equipment::kPolice) police_marks(s, v);
    car_side(s, extras, v);
    append(extras, lining(s, v.fore(0.3), v.back(1.2), v.z(0.93), looks::kLining));
    append(s.mesh, extras);
    return s.mesh;
}

void car_inside(Mesh& m, const CarShape& v) {
    const double h = v.h;
    for (const double y : {0.42, -0.42}) {
        append(m, seat({v.back(2.25), y * h, v.z(0.58)}, 0.48, 0.58, looks::kInterior, true));
    }
    append(m, box({v.back(3.30), -0.74 * h, v.z(0.48)}, {v.back(2.85), 0.74 * h, v.z(0.62)}, 0.05,
                  looks::kInterior));
    append(m, box({v.back(3.42), -0.74 * h, v.z(0.55)}, {v.back(3.28), 0.74 * h, v.z(1.05)}, 0.06,
                  looks::kInterior));
    append(m, box({v.back(1.62), -0.80 * h, v.z(0.70)}, {v.back(1.32), 0.80 * h, v.z(0.945)}, 0.06,
                  looks::kInterior));
    append(m, plain_box({v.back(3.5), -0.85 * h, v.z(0.42)}, {v.back(1.4), 0.85 * h, v.z(0.46)},
                        looks::kInterior));
    append(m, plain_box({v.fore(0.5), -0.78 * h, v.z(0.90)}, {v.back(3.36), 0.78 * h, v.z(0.93)},
                        looks::kInterior));
    append(m, steering_wheel({v.back(1.74), 0.42 * h, v.z(0.92)}, 0.185, -0.45));
}

void roof_equipment(Mesh& m, const CarShape& v) {
    const double z = v.roof - 0.015, x = v.back(2.45), w = 0.62 * v.h, top = v.b.height_m;
    if (v.b.equipment == Equipment::kPolice) {
        append(m, box({x - 0.14, -w, z + 0.02}, {x + 0.14, w, z + 0.055}, 0.015, looks::kTrim));
        for (const double side : {1.0, -1.0}) {
            const double a = std::min(side * 0.13, side * w), c = std::max(side * 0.13, side * w);
            append(m,
                   box({x - 0.13, a, z + 0.045}, {x + 0.13, c, top}, 0.04, stuff("blue_lamp"), 2));
            append(m, plain_box({x - 0.03, side * 0.4 - 0.02, z - 0.02},
                                {x + 0.03, side * 0.4 + 0.02, z + 0.03}, looks::kTrim));
        }
        append(m, box({x - 0.12, -0.13, z + 0.045}, {x + 0.12, 0.13, top - 0.012}, 0.02,
                      looks::kFrame));
    } else if (v.b.equipment == Equipment::kTaxi) {
        Mesh sign = box({x - 0.09, -0.24, z}, {x + 0.09, 0.24, top}, 0.04,
                        stuff("livery", 0.75F, 0.55F, 0.03F), 2);
        append(m, sign);
        append(m, box({x - 0.092, -0.15, z + 0.045}, {x + 0.092, 0.15, top - 0.04}, 0.01,
                      looks::kFrame));
    }
}

}  // namespace

Mesh make_saloon(const Body& b) {
    const CarShape v = car_shape(b);
    const Mesh half = car_half(b);
    Mesh m = joined(half, half);
    car_inside(m, v);
    Mesh wipers =
        wiper(m, {0.45 * v.h, v.z(0.955)}, {0.42 * v.h, v.z(0.99)}, {-0.12 * v.h, v.z(1.03)});
    append(wipers,
           wiper(m, {-0.15 * v.h, v.z(0.955)}, {-0.2 * v.h, v.z(0.99)}, {-0.62 * v.h, v.z(1.04)}));
    append(m, wipers);
    roof_equipment(m, v);
    return m;
}

}  // namespace huntsman::scenarios::bodywork
