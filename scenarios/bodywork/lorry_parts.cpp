#include "scenarios/bodywork/lorry_parts.h"

#include <algorithm>
#include <cmath>

#include "scenarios/bodywork/families.h"
#include "scenarios/bodywork/fittings.h"

namespace huntsman::scenarios::bodywork {

// Rails, cross members and what hangs on them, from the cab to the rear.
Mesh make_frame(const Body& b, double top, bool guards) {
    Mesh m;
    const double r = b.rear_m(), f = b.front_m() - 0.7;
    for (const double y : {0.38, -0.38}) {
        append(m, plain_box({r + 0.12, y - 0.04, top - 0.28}, {f, y + 0.04, top}, looks::kChassis));
    }
    const double front = b.axles.front().x_m - b.axles.front().wheel_radius_m - 0.35;
    double behind = b.axles.back().x_m;
    for (std::size_t i = 1; i < b.axles.size(); ++i) {
        const BodyAxle& a = b.axles[i];
        behind = std::max(behind, a.x_m);
        append(m, tube({{a.x_m, -0.5 * a.track_m, a.wheel_radius_m},
                        {a.x_m, 0.5 * a.track_m, a.wheel_radius_m}},
                       0.07, 6, looks::kChassis));
    }
    const double half = 0.5 * b.width_m, back = behind + b.axles.back().wheel_radius_m + 0.25;
    const double room = front - back;
    if (room > 1.0) {
        // Fuel tank on the left, batteries and air on the right.
        const double l = std::min(1.1, room - 0.2);
        append(m, box({front - 0.1 - l, half - 0.62, 0.42}, {front - 0.1, half - 0.08, 0.92}, 0.12,
                      looks::kBright, 2));
        append(m, box({front - 0.1 - 0.7 * l, 0.1 - half, 0.5}, {front - 0.1, 0.55 - half, 0.92},
                      0.04, looks::kTrim));
        if (guards && room - l > 0.6) {
            for (const double side : {1.0, -1.0}) {
                const double from = back, to = front - 0.25 - (side > 0 ? l : 0.7 * l);
                for (const double z : {0.5, 0.82}) {
                    append(m, box({from, side * (half - 0.06) - 0.015, z},
                                  {to, side * (half - 0.06) + 0.015, z + 0.12}, 0.012,
                                  grey("metal", 0.45F)));
                }
                for (const double x : {from + 0.15, to - 0.15}) {
                    append(m,
                           plain_box({x - 0.03, side * (half - 0.1) - 0.02, 0.5},
                                     {x + 0.03, side * (half - 0.1) + 0.02, top}, looks::kChassis));
                }
            }
        }
    }
    return m;
}

Mesh mudguard(double x, double y0, double y1, double z, double radius, double from_rad,
              double to_rad) {
    Mesh m;
    const std::uint32_t s = m.index_of(looks::kTrim), o = m.new_object();
    std::array<std::uint32_t, 4> last{};
    constexpr int kSteps = 8;
    for (int i = 0; i <= kSteps; ++i) {
        const double a = from_rad + (to_rad - from_rad) * i / kSteps, c = std::cos(a),
                     d = std::sin(a);
        const double q = radius - 0.015;
        const std::array<std::uint32_t, 4> now{m.add({x + radius * c, y0, z + radius * d}),
                                               m.add({x + radius * c, y1, z + radius * d}),
                                               m.add({x + q * c, y1, z + q * d}),
                                               m.add({x + q * c, y0, z + q * d})};
        if (i > 0) {
            for (std::size_t k = 0; k < 4; ++k) {
                m.quad(last[k], last[(k + 1) % 4], now[(k + 1) % 4], now[k], s, o);
            }
        }
        last = now;
    }
    return m;
}

// The beam below the rear end with lamps and plate; x of its rear face.
Mesh rear_beam(double x, double half, double z, bool reverse) {
    Mesh m = box({x + 0.02, -half + 0.05, z - 0.09}, {x + 0.12, half - 0.05, z + 0.09}, 0.02,
                 looks::kTrim);
    const auto lens = [&](double y0, double y1, const char* kind) {
        for (const double side : {1.0, -1.0}) {
            const double a = std::min(side * y0, side * y1), b = std::max(side * y0, side * y1);
            append(m, box({x - 0.005, a, z - 0.06}, {x + 0.03, b, z + 0.06}, 0.014, stuff(kind)));
        }
    };
    for (const double side : {1.0, -1.0}) {
        const double a = side > 0 ? half - 0.52 : -half + 0.07, b = a + 0.45;
        append(m, box({x + 0.005, a, z - 0.075}, {x + 0.05, b, z + 0.075}, 0.015, looks::kFrame));
    }
    lens(half - 0.20, half - 0.09, "tail_lamp");
    lens(half - 0.31, half - 0.21, "brake_lamp");
    lens(half - 0.41, half - 0.32, "turn_lamp");
    if (reverse) lens(half - 0.50, half - 0.42, "reverse_lamp");
    Mesh half_one = half_plate(x + 0.006, z, false);
    append(m, joined(half_one, half_one));
    for (const double side : {1.0, -1.0}) {
        append(m, plain_box({x + 0.06, side * 0.5 - 0.04, z},
                            {x + 0.14, side * 0.5 + 0.04, z + 0.14}, looks::kChassis));
    }
    return m;
}

// A box of panels with edges of metal, doors at the rear.
Mesh box_body(double x0, double x1, double half, double z0, double z1, const Stuff& skin) {
    // Its edges lie under the profiles.
    Mesh m =
        plain_box({x0 + 0.012, -half + 0.012, z0 + 0.02}, {x1, half - 0.012, z1 - 0.006}, skin);
    const Stuff edge = grey("metal", 0.5F);
    // Profiles along the edges.
    for (const double side : {1.0, -1.0}) {
        const double y = side * (half - 0.03);
        append(m, box({x0 + 0.01, y - 0.03, z0}, {x1 + 0.004, y + 0.03, z0 + 0.12}, 0.012, edge));
        append(m, box({x0 + 0.01, y - 0.03, z1 - 0.09}, {x1 + 0.004, y + 0.03, z1}, 0.02, edge));
        append(m, box({x0 + 0.004, y - 0.03, z0 + 0.05}, {x0 + 0.08, y + 0.03, z1 - 0.03}, 0.012,
                      edge));
        append(m, box({x1 - 0.07, y - 0.03, z0 + 0.05}, {x1 + 0.006, y + 0.03, z1 - 0.03}, 0.02,
                      edge));
        // Joints of the panels.
        const int panels = std::max(2, static_cast<int>((x1 - x0) / 1.25));
        for (int i = 1; i < panels; ++i) {
            const double x = x0 + (x1 - x0) * i / panels, s = side * (half - 0.0115);
            append(m, plain_box({x - 0.005, std::min(s, s + side * 0.002), z0 + 0.1},
                                {x + 0.005, std::max(s, s + side * 0.002), z1 - 0.09},
                                grey("metal", 0.3F)));
        }
        // Markers.
        for (int i = 0; i < 4; ++i) {
            const double x = x0 + 0.5 + (x1 - x0 - 1) * i / 3;
            append(m, box({x - 0.05, side * half - 0.012, z0 + 0.04},
                          {x + 0.05, side * half + 0.001, z0 + 0.08}, 0.004,
                          stuff("reflector", 0.8F, 0.35F, 0.02F)));
        }
    }
    // Doors: posts, the line between them, locking bars, hinges.
    for (const double side : {1.0, -1.0}) {
        for (const double u : {0.12, 0.62}) {
            const double y = side * u * half;
            append(m, tube({{x0 - 0.004, y, z0 + 0.1}, {x0 - 0.004, y, z1 - 0.08}}, 0.013, 5,
                           grey("metal", 0.45F)));
            append(m, box({x0 - 0.012, y - 0.03, z0 + 0.55}, {x0 + 0.016, y + 0.11, z0 + 0.6},
                          0.006, grey("metal", 0.3F)));
        }
        for (const double u : {0.15, 0.5, 0.85}) {
            const double y = side * (half - 0.1), z = z0 + u * (z1 - z0);
            append(m, box({x0 - 0.004, y - 0.07, z - 0.03}, {x0 + 0.016, y + 0.07, z + 0.03}, 0.005,
                          grey("metal", 0.3F)));
        }
    }
    append(m, plain_box({x0 + 0.0095, -0.008, z0 + 0.06}, {x0 + 0.0125, 0.008, z1 - 0.06},
                        looks::kGap));
    append(m, box({x0 + 0.006, -half + 0.05, z0 + 0.0}, {x0 + 0.05, half - 0.05, z0 + 0.07}, 0.01,
                  edge));
    append(m, box({x0 + 0.006, -half + 0.05, z1 - 0.06}, {x0 + 0.05, half - 0.05, z1 - 0.002}, 0.01,
                  edge));
    return m;
}

}  // namespace huntsman::scenarios::bodywork
