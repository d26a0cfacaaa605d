// Bicycles, cargo bicycles and electric scooters, without riders, cranks and pedals.
#include <algorithm>
#include <cmath>

#include "scenarios/bodywork/families.h"
#include "scenarios/bodywork/fittings.h"

namespace huntsman::scenarios::bodywork {

namespace {

constexpr double kPi = engine::math::kPi;

void both(Mesh& m, const Mesh& part) {
    append(m, part);
    append(m, mirrored(part));
}

Mesh bar(const Vec3& a, const Vec3& b, double r, const Stuff& what, int sides = 8) {
    return tube({a, b}, r, sides, what);
}

// A strip of sheet around part of a wheel, its edges bent inwards.
Mesh fender(double x, double r, double half, double from, double to, const Stuff& what) {
    Mesh m;
    const std::uint32_t s = m.index_of(what), o = m.new_object();
    constexpr int kSteps = 12;
    constexpr double kSheet_m = 0.003;
    const std::array<Vec2, 8> section{{{half, -0.014},
                                       {0.6 * half, 0},
                                       {-0.6 * half, 0},
                                       {-half, -0.014},
                                       {-half + kSheet_m, -0.014},
                                       {-0.6 * half, -kSheet_m},
                                       {0.6 * half, -kSheet_m},
                                       {half - kSheet_m, -0.014}}};
    std::vector<std::uint32_t> last, first;
    const auto close = [&](const std::vector<std::uint32_t>& ring, bool turned) {
        for (std::size_t k = 0; k < 3; ++k) {
            const std::uint32_t a = ring[k], b = ring[k + 1], c = ring[6 - k], d = ring[7 - k];
            if (turned) {
                m.quad(a, d, c, b, s, o);
            } else {
                m.quad(a, b, c, d, s, o);
            }
        }
    };
    for (int i = 0; i <= kSteps; ++i) {
        const double a = from + (to - from) * i / kSteps;
        std::vector<std::uint32_t> now;
        for (const Vec2& p : section) {
            now.push_back(
                m.add({x + (r + p.y) * std::cos(a), p.x, r - 0.03 + (r + p.y) * std::sin(a)}));
        }
        for (std::size_t k = 0; i > 0 && k < 8; ++k) {
            m.quad(last[k], now[k], now[(k + 1) % 8], last[(k + 1) % 8], s, o);
        }
        if (i == 0) first = now;
        last = now;
    }
    close(first, false);
    close(last, true);
    return m;
}

// Chain ring at `at` with chain to the hub at (0, R); cranks and pedals are the rider's, since they
// turn.
void add_drive(Mesh& m, const Vec3& at, double hub_z) {
    const Stuff steel = grey("metal", 0.4F), black = looks::kFrame;
    const double y = -0.048, r = 0.092, q = 0.035;
    append(m,
           lathe({{0, 0.004},
                  {0.35 * r, 0.004},
                  {r, 0.003},
                  {r, -0.003},
                  {0.35 * r, -0.004},
                  {0, -0.004}},
                 20, steel),
           {at.x, y, at.z});
    append(m, lathe({{0, 0.006}, {q, 0.006}, {q, -0.006}, {0, -0.006}}, 12, steel), {0, y, hub_z});
    // Upper and lower run of the chain.
    append(m, bar({at.x, y, at.z + r}, {0, y, hub_z + q}, 0.005, black, 4));
    append(m, bar({at.x, y, at.z - r}, {0, y, hub_z - q}, 0.005, black, 4));
    append(m, tube({at + Vec3(0, -0.06, 0), at + Vec3(0, 0.06, 0)}, 0.022, 8, steel));
}

Mesh saddle(const Vec3& at) {
    const Stuff what = grey("fabric", 0.02F);
    // Sections from the nose to the rear: half width and height.
    Mesh m;
    const std::uint32_t s = m.index_of(what), o = m.new_object();
    std::vector<std::vector<std::uint32_t>> rings;
    for (const auto& [x, w, h] :
         {std::array{0.15, 0.012, 0.012}, std::array{0.13, 0.02, 0.025},
          std::array{0.02, 0.03, 0.032}, std::array{-0.06, 0.062, 0.04},
          std::array{-0.11, 0.075, 0.04}, std::array{-0.135, 0.055, 0.025}}) {
        auto& ring = rings.emplace_back();
        for (int k = 0; k < 10; ++k) {
            const double a = 2 * kPi * k / 10;
            ring.push_back(m.add(at + Vec3(x, w * std::cos(a),
                                           (std::sin(a) > 0 ? 0.4 : 1.0) * h * std::sin(a) - 0.01 +
                                               (x < -0.05 ? 0.008 : 0))));
        }
    }
    for (std::size_t r = 0; r + 1 < rings.size(); ++r) {
        for (std::size_t k = 0; k < 10; ++k)
            m.quad(rings[r][k], rings[r + 1][k], rings[r + 1][(k + 1) % 10], rings[r][(k + 1) % 10],
                   s, o);
    }
    for (std::size_t k = 1; k + 1 < 10; ++k) {
        m.tri(rings.front()[0], rings.front()[k], rings.front()[k + 1], s, o);
        m.tri(rings.back()[0], rings.back()[k + 1], rings.back()[k], s, o);
    }
    return m;
}

// Swept back handlebar with grips, brake levers and a bell.
void add_handlebar(Mesh& m, const Vec3& stem, double half, double sweep) {
    const Stuff bright = looks::kBright;
    Mesh side =
        tube(smooth({stem, stem + Vec3(0.03, 0.4 * half, 0.015),
                     stem + Vec3(0.01, 0.65 * half, 0.02), stem + Vec3(-sweep, half - 0.02, 0.01)},
                    3),
             0.011, 7, bright);
    const Vec3 g0 = stem + Vec3(0.4 * -sweep, 0.74 * half, 0.02),
               g1 = stem + Vec3(-sweep, half - 0.02, 0.01);
    append(side, tube({g0, g1}, 0.016, 8, looks::kRubber, true));
    append(side, tube({g0 + Vec3(0.03, -0.02, -0.01), g0 + Vec3(0.055, 0.05, -0.03),
                       g1 + Vec3(0.06, -0.02, -0.035)},
                      0.005, 5, looks::kFrame));
    both(m, side);
}

void add_lights(Mesh& m, const Vec3& front, const Vec3& rear) {
    append(m, tube({front + Vec3(-0.05, 0, 0), front}, {0.02, 0.032}, 10, looks::kFrame));
    append(m, dome_x(front, 0.012, 0.03, 0.03, 10, 2, stuff("head_lamp")));
    append(m, box(rear + Vec3(-0.005, -0.033, -0.025), rear + Vec3(0.03, 0.033, 0.025), 0.01,
                  looks::kFrame));
    append(m, box(rear + Vec3(-0.016, -0.03, -0.022), rear + Vec3(0.0, 0.03, 0.022), 0.008,
                  stuff("tail_lamp")));
}

// Rear triangle, carrier, fender and stand, about the hub at (0, R).
void add_rear(Mesh& m, const Stuff& paint, const Vec3& bottom, const Vec3& seat_top, double R,
              double half_tyre) {
    const double gap = half_tyre + 0.028;
    both(m,
         tube(smooth(
                  {{0, 0.065, R}, {0.12, gap + 0.012, 0.97 * R}, bottom + Vec3(-0.06, 0.025, 0.0)},
                  3),
              0.009, 6, paint));
    both(m, tube({{0, 0.065, R}, seat_top + Vec3(0, 0.022, 0)}, 0.008, 6, paint));
    append(m, fender(0, R + 0.03, half_tyre + 0.012, 0.25, 3.35, looks::kFrame));
    both(m, bar({0, 0.07, R}, {-(R + 0.02) * 0.82, half_tyre + 0.008, R + (R + 0.02) * 0.5}, 0.003,
                looks::kBright, 4));
    // Carrier.
    const double z = 2 * R + 0.075;
    both(m, tube(smooth({{0.17, 0.03, z}, {0.1, 0.055, z}, {-0.2, 0.055, z}, {-0.27, 0.0, z}}, 3),
                 0.006, 5, looks::kFrame));
    both(m, bar({0, 0.075, R + 0.01}, {-0.04, 0.058, z}, 0.005, looks::kFrame, 5));
    for (const double x : {0.08, -0.05, -0.18})
        append(m, bar({x, -0.055, z}, {x, 0.055, z}, 0.004, looks::kFrame, 4));
    append(m, tube({bottom + Vec3(-0.08, 0.05, -0.02), bottom + Vec3(-0.32, 0.10, 0.10)}, 0.008, 5,
                   looks::kBright));
}

}  // namespace

Mesh make_bicycle(const Body& b) {
    const BodyAxle &front = b.axles.front(), &rear = b.axles.back();
    const double w = front.x_m, R = rear.wheel_radius_m, k = w / 1.05, ht = 0.5 * rear.tyre_width_m;
    const Stuff paint = looks::paint_of(b.livery);
    const auto at = [&](double x, double z) { return Vec3(k * x, 0, z * R / 0.34); };
    const Vec3 bottom = at(0.42, 0.28), seat_top = at(0.315, 0.82), head_low = at(0.905, 0.645),
               head_high = at(0.865, 0.86);
    Mesh m;
    append(m, tube({bottom, at(0.30, 0.86)}, 0.0165, 8, paint));
    append(
        m,
        tube(smooth({bottom + Vec3(0.0, 0, 0.0), at(0.66, 0.47), head_low + Vec3(-0.005, 0, 0.03)},
                    3),
             0.018, 8, paint));
    append(m, tube(smooth({at(0.325, 0.76), at(0.6, 0.78), head_high + Vec3(0.004, 0, -0.03)}, 2),
                   0.015, 8, paint));
    append(m, tube({head_low, head_high}, 0.021, 10, paint));
    // Fork: from the crown down both sides of the wheel, bent forward.
    Mesh blade =
        tube(smooth({head_low + Vec3(0.004, 0.012, -0.01), head_low + Vec3(0.022, 0.05, -0.05),
                     Vec3(w - 0.035, 0.052, R + 0.12), Vec3(w, 0.05, R)},
                    3),
             0.011, 7, paint);
    both(m, blade);
    append(m, tube({head_high, at(0.85, 0.985)}, 0.0145, 8, looks::kBright));
    append(m, tube({at(0.85, 0.985), at(0.885, 1.03)}, 0.014, 8, looks::kBright, true));
    add_handlebar(m, at(0.885, 1.03), 0.5 * b.width_m, 0.07);
    append(m, tube({at(0.30, 0.85), at(0.287, 0.89)}, 0.0135, 8, looks::kBright));
    append(m, saddle(at(0.285, 0.915)));
    add_rear(m, paint, bottom, seat_top, R, ht);
    append(m, fender(w, front.wheel_radius_m + 0.03, ht + 0.012, 0.9, 3.2, looks::kFrame));
    both(m, bar({w, 0.06, R}, {w - (R + 0.02) * 0.98, ht + 0.008, R - 0.02}, 0.003, looks::kBright,
                4));
    add_drive(m, bottom, R);
    add_lights(m, at(0.955, 0.86), Vec3(-0.27 * k, 0, 2 * R + 0.03));
    append(m, bar(at(0.885, 0.80), at(0.91, 0.86), 0.006, looks::kBright, 5));
    append(m, tube(smooth({at(0.91, 1.03), at(0.97, 0.96), at(0.93, 0.80), at(0.93, 0.70)}, 3),
                   0.003, 4, looks::kFrame));
    return m;
}

Mesh make_cargo_bicycle(const Body& b) {
    const BodyAxle &front = b.axles.front(), &rear = b.axles.back();
    const double w = front.x_m, R = rear.wheel_radius_m, rf = front.wheel_radius_m,
                 ht = 0.5 * rear.tyre_width_m;
    const Stuff paint = looks::paint_of(b.livery), wood = stuff("livery", 0.30F, 0.18F, 0.08F);
    const Vec3 bottom(0.42, 0, 0.28), seat_top(0.315, 0, 0.80), head(0.74, 0, 0.72);
    Mesh m;
    append(m, tube({bottom, {0.30, 0, 0.86}}, 0.019, 8, paint));
    append(m, tube(smooth({{0.34, 0, 0.66}, {0.55, 0, 0.62}, head}, 3), 0.02, 8, paint));
    // The long main tube under the box up to the front fork.
    append(m, tube(smooth({bottom,
                           {0.75, 0, 0.24},
                           {1.35, 0, 0.24},
                           {w - 0.30, 0, 0.45},
                           {w - 0.20, 0, 0.60}},
                          4),
                   0.026, 10, paint));
    append(m, tube({{0.72, 0, 0.26}, head + Vec3(0.0, 0, 0.1)}, 0.021, 8, paint));
    append(m, tube({{w - 0.17, 0, 0.52}, {w - 0.22, 0, 0.70}}, 0.024, 10, paint));
    both(m, tube(smooth({{w - 0.17, 0.015, 0.54},
                         {w - 0.14, 0.055, 0.49},
                         {w - 0.02, 0.06, rf + 0.06},
                         {w, 0.055, rf}},
                        3),
                 0.012, 7, paint));
    append(m, tube({head + Vec3(0, 0, 0.08), {0.70, 0, 1.05}}, 0.016, 8, looks::kBright));
    add_handlebar(m, {0.71, 0, 1.05}, std::min(0.32, 0.5 * b.width_m), 0.09);
    append(m, tube({{0.30, 0, 0.85}, {0.287, 0, 0.89}}, 0.0145, 8, looks::kBright));
    append(m, saddle({0.285, 0, 0.915}));
    add_rear(m, paint, bottom, seat_top, R, ht);
    append(m, fender(w, rf + 0.03, ht + 0.012, 0.6, 2.9, looks::kFrame));
    add_drive(m, bottom, R);
    // The box, wider at its upper edge, with a rim.
    const double x0 = 0.86, x1 = w - rf - 0.12, half = 0.5 * b.width_m;
    Mesh tub = box({x0, -half, 0.30}, {x1, half, 0.74}, 0.03, wood);
    deform(tub, [&](Vec3 p) {
        const double u = (0.74 - p.z) / 0.44;
        p.y *= 1 - 0.16 * u;
        p.x += p.x > 0.5 * (x0 + x1) ? -0.10 * u : 0.05 * u;
        return p;
    });
    append(m, tub);
    append(m, box({x0 - 0.01, -half, 0.725}, {x1 + 0.01, half, 0.752}, 0.012, looks::kFrame));
    append(m, plain_box({x0 + 0.03, -half + 0.03, 0.7485}, {x1 - 0.03, half - 0.03, 0.7535},
                        looks::kDark));
    for (const double side : {1.0, -1.0}) {
        append(m, tube({{1.1, side * 0.05, 0.22}, {1.02, side * 0.2, 0.07}}, 0.012, 6,
                       looks::kBright));
    }
    add_lights(m, {x1 + 0.04, 0, 0.64}, {-0.27, 0, 2 * R + 0.03});
    return m;
}

Mesh make_scooter(const Body& b) {
    const BodyAxle &front = b.axles.front(), &rear = b.axles.back();
    const double w = front.x_m, R = rear.wheel_radius_m, half = 0.5 * b.width_m,
                 top = std::min(1.15, b.height_m);
    const Stuff body = b.livery ? looks::paint_of(b.livery) : grey("plastic", 0.035F),
                black = looks::kFrame;
    const double z0 = R + 0.0, z1 = R + 0.05;
    Mesh m;
    // Deck with rounded ends and a rubber mat.
    append(m, box({0.12, -0.08, z0}, {w - 0.16, 0.08, z1}, 0.02, body, 2));
    append(m, box({0.15, -0.068, z1 - 0.006}, {w - 0.2, 0.068, z1 + 0.004}, 0.004, looks::kRubber));
    // Neck and stem.
    append(m,
           tube(smooth({{w - 0.2, 0, z0 + 0.03}, {w - 0.1, 0, z0 + 0.06}, {w - 0.045, 0, R + 0.14}},
                       3),
                0.027, 8, body));
    const Vec3 low(w - 0.03, 0, R + 0.08), high(w - 0.145, 0, top - 0.03);
    append(m, tube({low, low + 0.35 * (high - low), high}, {0.03, 0.024, 0.022}, 10, body));
    append(m,
           tube({low + 0.13 * (high - low), low + 0.17 * (high - low)}, 0.031, 10, looks::kBright));
    both(m,
         tube(smooth({low + Vec3(0, 0.012, 0.02), {w - 0.025, 0.045, R + 0.09}, {w, 0.05, R}}, 3),
              0.013, 7, body));
    both(m, tube(smooth({{0.2, 0.05, z0 + 0.025}, {0.1, 0.05, R + 0.02}, {0, 0.048, R}}, 3), 0.014,
                 7, body));
    both(m, tube({{0, 0.04, R}, {0, 0.058, R}}, 0.018, 8, looks::kBright));
    both(m, tube({{w, 0.04, R}, {w, 0.062, R}}, 0.018, 8, looks::kBright));
    append(m, fender(0, R + 0.025, 0.03, 0.5, 2.7, black));
    append(m, fender(w, R + 0.022, 0.03, 0.3, 2.5, black));
    // Handlebar with grips, brake lever, display.
    const Vec3 bar_at = high + Vec3(0.005, 0, 0.015);
    append(m, tube({bar_at + Vec3(-0.02, -half + 0.02, 0), bar_at,
                    bar_at + Vec3(-0.02, half - 0.02, 0)},
                   0.013, 8, black));
    both(m, tube({bar_at + Vec3(-0.013, half - 0.12, 0), bar_at + Vec3(-0.02, half - 0.01, 0)},
                 0.018, 8, looks::kRubber, true));
    append(m, tube({bar_at + Vec3(0.0, half - 0.13, 0), bar_at + Vec3(0.045, half - 0.10, -0.01),
                    bar_at + Vec3(0.04, half - 0.02, -0.02)},
                   0.005, 5, looks::kBright));
    append(m, box(bar_at + Vec3(-0.04, -0.035, -0.01), bar_at + Vec3(0.03, 0.035, 0.028), 0.012,
                  black));
    append(m, tube(smooth({bar_at + Vec3(0.02, 0.05, 0), bar_at + Vec3(0.05, 0.03, -0.12),
                           low + 0.6 * (high - low) + Vec3(0.02, 0.01, 0)},
                          4),
                   0.003, 4, black));
    const Vec3 lamp = low + 0.9 * (high - low) + Vec3(0.028, 0, 0);
    append(m, tube({lamp + Vec3(-0.03, 0, 0), lamp + Vec3(0.012, 0, 0)}, 0.027, 10, black));
    append(m, dome_x(lamp + Vec3(0.0121, 0, 0), 0.01, 0.024, 0.024, 10, 2, stuff("head_lamp")));
    const Vec3 tail(-(R + 0.025) * 0.86, 0, R + 0.06);
    append(m, box(tail + Vec3(-0.012, -0.025, -0.016), tail + Vec3(0.012, 0.025, 0.016), 0.007,
                  stuff("tail_lamp")));
    append(m, tube({{0.35, 0.07, z0 + 0.01}, {0.28, 0.12, 0.03}}, 0.006, 5, looks::kBright));
    return m;
}

}  // namespace huntsman::scenarios::bodywork
