#include "scenarios/bodywork/wheels.h"

#include <algorithm>
#include <cmath>

#include "scenarios/bodywork/fittings.h"

namespace huntsman::scenarios::bodywork {

namespace {

constexpr double kPi = engine::math::kPi;

// Radius of the rim over the wheel's.
double rim_share(Rim rim) {
    switch (rim) {
        case Rim::kAlloy:
            return 0.68;
        case Rim::kLorry:
            return 0.6;
        case Rim::kWire:
            return 0.915;
        default:
            return 0.62;
    }
}

// Middle at the origin.
Mesh narrow_tyre(double r, double width, double rim, int sides) {
    const double h = 0.5 * width, wall = r - rim;
    // What is below the tread is not fitted to, see models/wheels.cpp.
    return lathe({{rim - 0.004, 0.80 * h},
                  {rim + 0.35 * wall, h},
                  {r - 0.38 * wall, 0.78 * h},
                  {r, 0.25 * h},
                  {r, -0.25 * h},
                  {r - 0.38 * wall, -0.78 * h},
                  {rim + 0.35 * wall, -h},
                  {rim - 0.004, -0.80 * h}},
                 sides, stuff("tyre"));
}

Mesh tyre(double r, double width, double rim, int grooves, int sides) {
    const double h = 0.5 * width, wall = r - rim;
    // Grooves are deeper than what a circle is fitted to, see models/wheels.cpp.
    const double deep = std::min(0.034 * r, 0.3 * wall), crown = 0.006 * r;
    std::vector<Vec2> p{
        {rim - 0.004, 0.80 * h},      {rim + 0.12 * wall, 0.93 * h},      {rim + 0.5 * wall, h},
        {rim + 0.8 * wall, 0.95 * h}, {r - 0.1 * wall - crown, 0.86 * h}, {r - crown, 0.72 * h}};
    for (int g = 0; g < grooves; ++g) {
        const double y = 0.62 * h * (grooves == 1 ? 0 : 1 - 2.0 * g / (grooves - 1));
        const double half = 0.075 * h;
        p.insert(
            p.end(),
            {{r, y + half}, {r - deep, y + 0.7 * half}, {r - deep, y - 0.7 * half}, {r, y - half}});
    }
    p.insert(p.end(), {{r - crown, -0.72 * h},
                       {r - 0.1 * wall - crown, -0.86 * h},
                       {rim + 0.8 * wall, -0.95 * h},
                       {rim + 0.5 * wall, -h},
                       {rim + 0.12 * wall, -0.93 * h},
                       {rim - 0.004, -0.80 * h}});
    return lathe(p, sides, stuff("tyre"));
}

// Openings let into a disc, alike around the axle.
void open_around(Mesh& disc, const Outline& one, int count, double depth, const Stuff& ground,
                 const Stuff& walls) {
    for (int i = 0; i < count; ++i) {
        const double a = 2 * kPi * i / count, c = std::cos(a), s = std::sin(a);
        Outline turned_one;
        for (const Vec2& p : one) turned_one.emplace_back(c * p.x - s * p.y, s * p.x + c * p.y);
        const auto faces = imprint(disc, {.view = View::kSide, .least_facing = 0.3}, turned_one);
        paint(disc, faces, ground);
        push(disc, faces, depth, walls, Vec3(0, -1, 0));
    }
}

Mesh nuts(int count, double radius, double y, double size, const Stuff& what) {
    Mesh m;
    for (int i = 0; i < count; ++i) {
        const double a = 2 * kPi * (i + 0.5) / count;
        Mesh one = lathe({{0, size}, {size, size}, {size, 0}}, 5, what);
        append(m, one, {radius * std::cos(a), y, radius * std::sin(a)});
    }
    return m;
}

Mesh alloy(double rim, double h, int sides) {
    const Stuff metal = stuff("rim"), dark = grey("plastic", 0.015F);
    const double face = 0.72 * h;
    Mesh m = lathe({{0, face},
                    {0.16 * rim, face},
                    {0.3 * rim, face - 0.01},
                    {0.82 * rim, face + 0.012},
                    {0.94 * rim, 0.8 * h},
                    {0.985 * rim, 0.86 * h},
                    {rim, 0.8 * h}},
                   sides, metal);
    // Between five double spokes.
    const auto wedge = [&](double from, double to, double r0, double r1) {
        Outline o;
        for (const auto& [r, a] : {std::pair{r0, 0.5 * (from + to)}, std::pair{r1, from},
                                   std::pair{r1, 0.5 * (from + to)}, std::pair{r1, to}}) {
            o.emplace_back(r * rim * std::cos(a), r * rim * std::sin(a));
        }
        return rounded(o, 0.02, 2);
    };
    open_around(m, wedge(-0.36, 0.36, 0.3, 0.86), 5, 0.75 * h, dark, metal);
    open_around(m, wedge(0.6, 0.657, 0.4, 0.84), 5, 0.5 * h, dark, metal);
    append(m, nuts(5, 0.2 * rim, face - 0.012, 0.009, grey("metal", 0.3F)));
    return m;
}

Mesh steel(double rim, double h, int sides) {
    const Stuff metal = grey("rim", 0.32F), dark = grey("plastic", 0.012F);
    const double f = 0.55 * h;
    Mesh m = lathe({{0, f + 0.03},
                    {0.17 * rim, f + 0.028},
                    {0.2 * rim, f},
                    {0.42 * rim, f - 0.012},
                    {0.6 * rim, f + 0.02},
                    {0.84 * rim, f - 0.005},
                    {0.9 * rim, 0.62 * h},
                    {0.95 * rim, 0.8 * h},
                    {rim, 0.84 * h}},
                   sides, metal);
    open_around(m, ellipse(0.72 * rim, 0, 0.055 * rim, 0.1 * rim, 8), 9, 0.03, dark, metal);
    append(m, nuts(5, 0.31 * rim, f - 0.01, 0.011, grey("metal", 0.25F)));
    return m;
}

Mesh trim_cover(double rim, double h, int sides) {
    const Stuff metal = grey("rim", 0.42F), dark = grey("plastic", 0.012F);
    Mesh m = lathe({{0, 0.8 * h},
                    {0.2 * rim, 0.8 * h},
                    {0.26 * rim, 0.75 * h},
                    {0.6 * rim, 0.83 * h},
                    {0.92 * rim, 0.84 * h},
                    {0.985 * rim, 0.88 * h},
                    {rim, 0.8 * h}},
                   sides, metal);
    const Outline slot = rounded({{0.5 * rim, -0.09 * rim},
                                  {0.88 * rim, -0.15 * rim},
                                  {0.88 * rim, 0.15 * rim},
                                  {0.5 * rim, 0.09 * rim}},
                                 0.03, 2);
    open_around(m, slot, 8, 0.02, dark, metal);
    return m;
}

Mesh lorry(double rim, double h, int sides, bool dished) {
    const Stuff metal = grey("rim", 0.4F), dark = grey("plastic", 0.012F);
    // Front rims stand out, those of driven axles lie deep behind the tyre.
    const double f = dished ? -0.15 * h : 0.85 * h, edge = 0.86 * h;
    Mesh m = lathe({{0.30 * rim, f},
                    {0.62 * rim, f},
                    {0.84 * rim, f - (dished ? 0.01 : 0.12)},
                    {0.88 * rim, f - (dished ? 0.0 : 0.1)},
                    {0.92 * rim, 0.75 * edge},
                    {0.97 * rim, edge},
                    {rim, 0.95 * edge}},
                   sides, metal);
    open_around(m, ellipse(0.73 * rim, 0, 0.055 * rim, 0.075 * rim, 8), 8, 0.03, dark, metal);
    const double hub = dished ? 0.62 * h : f + 0.05;
    append(m, lathe({{0, hub}, {0.17 * rim, hub}, {0.22 * rim, hub - 0.02}, {0.3 * rim, f}}, 16,
                    dished ? grey("metal", 0.1F) : metal));
    append(m, nuts(10, 0.46 * rim, f, 0.016, grey("metal", 0.35F)));
    return m;
}

// Felloe, hub and spokes in pairs from both flanges of the hub.
Mesh wire(double rim, double h, double r) {
    const Stuff metal = grey("rim", 0.55F), steel = grey("metal", 0.4F);
    const double w = 0.85 * h;
    Mesh m = lathe({{rim + 0.003, w},
                    {rim - 0.006, w},
                    {rim - 0.02, 0.3 * w},
                    {rim - 0.02, -0.3 * w},
                    {rim - 0.006, -w},
                    {rim + 0.003, -w}},
                   32, metal);
    for (Tri& t : m.tris) std::swap(t.corner[1], t.corner[2]);
    const double flange = 0.03, hub = std::max(0.014, 0.05 * r);
    append(m, lathe({{0, flange + 0.02},
                     {0.01, flange + 0.02},
                     {0.012, flange},
                     {hub, flange},
                     {hub, flange - 0.006},
                     {0.013, flange - 0.008},
                     {0.013, 0.008 - flange},
                     {hub, 0.006 - flange},
                     {hub, -flange},
                     {0.012, -flange},
                     {0.01, -flange - 0.02},
                     {0, -flange - 0.02}},
                    8, steel));
    constexpr int kSpokes = 28;
    for (int i = 0; i < kSpokes; ++i) {
        const double a = 2 * kPi * i / kSpokes, side = i % 2 == 0 ? 1 : -1;
        const double b = a + ((i / 2) % 2 == 0 ? 0.9 : -0.9);
        append(m, tube({{hub * std::cos(b), side * (flange - 0.003), hub * std::sin(b)},
                        {(rim - 0.012) * std::cos(a), 0, (rim - 0.012) * std::sin(a)}},
                       0.0016, 3, steel));
    }
    return m;
}

Mesh brake_disc(double rim, double h) {
    return lathe({{0, 0.1 * h}, {0.62 * rim, 0.1 * h}, {0.62 * rim, 0.1 * h - 0.02}}, 20,
                 grey("metal", 0.3F));
}

}  // namespace

Mesh make_wheel(const BodyAxle& axle, Rim kind, bool rear) {
    const double r = axle.wheel_radius_m, rim = rim_share(kind) * r;
    const int sides = kind == Rim::kWire ? 32 : r > 0.25 ? 28 : 20;
    const double width = axle.twin ? 0.46 * axle.tyre_width_m : axle.tyre_width_m;
    const double out = axle.twin ? 0.5 * (axle.tyre_width_m - width) : 0;
    Mesh m;
    const int grooves = width < 0.1 ? 1 : width > 0.26 ? 4 : 3;
    append(m,
           kind == Rim::kWire ? narrow_tyre(r, width, rim, sides)
                              : tyre(r, width, rim, grooves, sides),
           {0, out, 0});
    if (axle.twin) append(m, tyre(r, width, rim, grooves, sides), {0, -out, 0});
    const double h = 0.5 * width;
    Mesh face;
    switch (kind) {
        case Rim::kAlloy:
            face = alloy(rim, h, sides);
            append(face, brake_disc(rim, h));
            break;
        case Rim::kSteel:
            face = steel(rim, h, sides);
            break;
        case Rim::kTrim:
            face = trim_cover(rim, h, sides);
            break;
        case Rim::kLorry:
            face = lorry(rim, h, sides, rear);
            break;
        case Rim::kWire:
            append(m, wire(rim, h, r));
            return m;
    }
    append(m, face, {0, out, 0});
    // The barrel, and a dark disc that closes it to the inside.
    append(m, lathe({{rim, -0.8 * h - out}, {0.9 * rim, -0.7 * h - out}, {0, -0.7 * h - out}},
                    sides, looks::kDark));
    return m;
}

Mesh make_wheels(const Body& body) {
    Mesh all;
    for (std::size_t i = 0; i < body.axles.size(); ++i) {
        const BodyAxle& axle = body.axles[i];
        const Mesh wheel = make_wheel(
            axle,
            axle.wheel_radius_m < 0.15 && body.rim != Rim::kWire && axle.wheel_radius_m < 0.105
                ? Rim::kSteel
                : body.rim,
            i > 0);
        const Vec3 hub(axle.x_m, 0.5 * axle.track_m, axle.wheel_radius_m);
        append(all, wheel, hub);
        if (axle.track_m > 0) append(all, mirrored(wheel), {hub.x, -hub.y, hub.z});
    }
    return all;
}

}  // namespace huntsman::scenarios::bodywork
