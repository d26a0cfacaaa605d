#include "scenarios/bodywork/shell.h"

#include <algorithm>
#include <cmath>

namespace huntsman::scenarios::bodywork {

namespace {

constexpr std::array<double Station::*, 8> kValues = {
    &Station::z,         &Station::front,        &Station::rear,
    &Station::half,      &Station::corner_front, &Station::corner_rear,
    &Station::bow_front, &Station::bow_rear};

constexpr double kRoofEnd_m = 0.5;  // over which the roof rises from its ends

double far(const Station& a, const Station& b) {
    return std::max(1e-6, std::hypot(a.z - b.z, a.front - b.front, a.half - b.half) +
                              0.3 * std::abs(a.rear - b.rear));
}

// Between b and c on a cubic through a, b, c and d whose slopes at b and c are limited, so that it
// does not overshoot [Fritsch and Carlson 1980].
double cubic(const std::array<double, 4>& v, const std::array<double, 3>& h, double u) {
    const auto slope = [](double s0, double s1, double h0, double h1) {
        if (s0 * s1 <= 0) return 0.0;
        const double w0 = 2 * h1 + h0, w1 = h1 + 2 * h0;
        return (w0 + w1) / (w0 / s0 + w1 / s1);
    };
    const double s0 = (v[1] - v[0]) / h[0], s1 = (v[2] - v[1]) / h[1], s2 = (v[3] - v[2]) / h[2];
    const double m1 = slope(s0, s1, h[0], h[1]), m2 = slope(s1, s2, h[1], h[2]);
    const double a = 2 * u * u * u - 3 * u * u + 1, b = u * u * u - 2 * u * u + u;
    const double c = -2 * u * u * u + 3 * u * u, d = u * u * u - u * u;
    return a * v[1] + b * h[1] * m1 + c * v[2] + d * h[1] * m2;
}

std::vector<Station> dense(const std::vector<Station>& stations) {
    std::vector<Station> out;
    const std::size_t n = stations.size();
    for (std::size_t i = 0; i + 1 < n; ++i) {
        const Station &b = stations[i], &c = stations[i + 1];
        // A straight neighbour continues in its own direction.
        const Station& a = i > 0 ? stations[i - 1] : b;
        const Station& d = i + 2 < n ? stations[i + 2] : c;
        for (int k = 0; k < b.steps; ++k) {
            const double u = static_cast<double>(k) / b.steps;
            Station s = b;
            for (const auto value : kValues) {
                s.*value =
                    b.steps == 1
                        ? b.*value
                        : cubic(
                              {a.*value == b.*value && i == 0 ? 2 * b.*value - c.*value : a.*value,
                               b.*value, c.*value, i + 2 >= n ? 2 * c.*value - b.*value : d.*value},
                              {i > 0 ? far(a, b) : far(b, c), far(b, c),
                               i + 2 < n ? far(c, d) : far(b, c)},
                              u);
            }
            out.push_back(s);
        }
    }
    out.push_back(stations.back());
    return out;
}

// From the middle of the front along the left side to the middle of the rear.
std::vector<Vec3> outline(const Station& s, const ShellShape& shape) {
    std::vector<Vec3> ring;
    const Division& d = shape.division;
    const double rf = std::min(s.corner_front, 0.95 * s.half);
    const double rr = std::min(s.corner_rear, 0.95 * s.half);
    const double middle = 0.5 * (s.front + s.rear), length = std::max(0.01, s.front - s.rear);
    const auto end = [&](double sign, double x, double bow, double r, int steps) {
        for (int i = 0; i <= steps; ++i) {
            const double y = (s.half - r) * i / steps, u = y / s.half;
            ring.emplace_back(x - sign * bow * u * u, y, s.z);
        }
    };
    const auto corner = [&](double sign, double x, double bow, double r) {
        const double u = (s.half - r) / s.half, x0 = x - sign * bow * u * u;
        // The end's slope goes over into the corner.
        const double turn = std::atan2(2 * bow * u / s.half, 1.0);
        std::vector<Vec3> arc;
        for (int i = 1; i <= d.corner; ++i) {
            const double a = turn + (0.5 * engine::math::kPi - turn) * i / d.corner;
            const double w = (std::sin(a) - std::sin(turn)) / (1 - std::sin(turn));
            const double q = (std::cos(turn) - std::cos(a)) / std::cos(turn);
            arc.emplace_back(x0 - sign * r * q, s.half - r + r * w, s.z);
        }
        return arc;
    };
    end(1, s.front, s.bow_front, rf, d.front);
    const auto first = corner(1, s.front, s.bow_front, rf);
    ring.insert(ring.end(), first.begin(), first.end());
    std::vector<Vec3> back;
    std::swap(ring, back);
    end(-1, s.rear, s.bow_rear, rr, d.rear);
    const auto last = corner(-1, s.rear, s.bow_rear, rr);
    ring.insert(ring.end(), last.begin(), last.end());
    std::swap(ring, back);
    // The side between the corners.
    const double x0 = ring.back().x, x1 = back.back().x;
    std::vector<double> xs;
    for (int i = 1; i < d.side; ++i) xs.push_back(x0 + (x1 - x0) * i / d.side);
    for (const double u : shape.side_at) xs.push_back(x0 + (x1 - x0) * u);
    std::sort(xs.begin(), xs.end(), std::greater<>());
    for (const double x : xs) ring.emplace_back(x, s.half, s.z);
    ring.insert(ring.end(), back.rbegin(), back.rend());
    for (Vec3& p : ring) {
        const double u = 2 * (p.x - middle) / length;
        p.y *= 1 - shape.side_bow * u * u / std::max(0.1, s.half);
    }
    return ring;
}

}  // namespace

Station inset(Station s, double z, double front, double rear, double half) {
    s.z = z;
    s.front -= front, s.rear += rear, s.half -= half;
    s.corner_front = std::max(0.02, s.corner_front - 0.5 * half);
    s.corner_rear = std::max(0.02, s.corner_rear - 0.5 * half);
    return s;
}

void add_roof_edge(std::vector<Station>& stations, double height, double front, double rear,
                   double half, int steps) {
    stations.back().steps = 1;
    const Station from = stations.back();
    for (int i = 1; i <= steps; ++i) {
        const double a = 0.5 * engine::math::kPi * i / steps;
        const double in = 1 - std::cos(a);
        stations.push_back(
            inset(from, from.z + height * std::sin(a), front * in, rear * in, half * in));
    }
}

Shell make_shell(const ShellShape& shape, const Stuff& skin, const Stuff& floor) {
    Shell shell;
    Mesh& m = shell.mesh;
    shell.skin = m.new_object(), shell.floor = m.new_object();
    const std::uint32_t what = m.index_of(skin), below = m.index_of(floor);
    std::vector<std::vector<std::uint32_t>> rows;
    const auto add_row = [&](const std::vector<Vec3>& ring) {
        auto& row = rows.emplace_back();
        for (const Vec3& p : ring) row.push_back(m.add(p));
    };
    const std::vector<Station> stations = dense(shape.stations);
    for (const Station& s : stations) add_row(outline(s, shape));
    // The roof: the last outline drawn together towards the middle.
    const std::vector<Vec3> edge = outline(stations.back(), shape);
    for (const double u : {0.72, 0.36, 0.0}) {
        std::vector<Vec3> ring = edge;
        // It rises from the ends as from the sides.
        for (Vec3& p : ring) {
            const double d = std::min(stations.back().front - p.x, p.x - stations.back().rear);
            const double rise = std::clamp(d / kRoofEnd_m, 0.0, 1.0);
            p = {p.x, u * p.y, p.z + shape.crown * (1 - u * u) * rise * (2 - rise)};
        }
        add_row(ring);
    }
    for (std::size_t r = 0; r + 1 < rows.size(); ++r) {
        for (std::size_t c = 0; c + 1 < rows[r].size(); ++c) {
            m.quad(rows[r][c], rows[r][c + 1], rows[r + 1][c + 1], rows[r + 1][c], what,
                   shell.skin);
        }
    }
    // The floor shares no corners with the skin, whose lower edge stays sharp.
    std::vector<std::uint32_t> rim, spine;
    for (const Vec3& p : outline(stations.front(), shape)) {
        rim.push_back(m.add(p));
        spine.push_back(m.add({p.x, 0, p.z}));
    }
    for (std::size_t c = 0; c + 1 < rim.size(); ++c) {
        m.quad(spine[c], spine[c + 1], rim[c + 1], rim[c], below, shell.floor);
    }
    return shell;
}

}  // namespace huntsman::scenarios::bodywork
