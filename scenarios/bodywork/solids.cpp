#include "scenarios/bodywork/solids.h"

#include <algorithm>
#include <cmath>

namespace huntsman::scenarios::bodywork {

namespace {

constexpr double kPi = engine::math::kPi;

// Any vector at right angles to d.
Vec3 across(const Vec3& d) {
    const Vec3 helper = std::abs(d.z) < 0.8 ? Vec3(0, 0, 1) : Vec3(1, 0, 0);
    return glm::normalize(glm::cross(d, helper));
}

// Rings of the same number of points; faces between them.
void skin(Mesh& m, const std::vector<std::vector<std::uint32_t>>& rings, std::uint32_t what,
          std::uint32_t object, bool around = true) {
    for (std::size_t r = 0; r + 1 < rings.size(); ++r) {
        const std::size_t n = rings[r].size(), last = around ? n : n - 1;
        for (std::size_t c = 0; c < last; ++c) {
            m.quad(rings[r][c], rings[r][(c + 1) % n], rings[r + 1][(c + 1) % n], rings[r + 1][c],
                   what, object);
        }
    }
}

void fan(Mesh& m, const std::vector<std::uint32_t>& ring, bool turned, std::uint32_t what,
         std::uint32_t object) {
    // Corners of their own, so that the edge stays sharp where it is.
    std::vector<std::uint32_t> own;
    Vec3 middle(0, 0, 0);
    for (const std::uint32_t i : ring) {
        own.push_back(m.add(m.points[i]));
        middle += m.points[i] / static_cast<double>(ring.size());
    }
    const std::uint32_t centre = m.add(middle);
    for (std::size_t i = 0; i < own.size(); ++i) {
        const std::uint32_t a = own[i], b = own[(i + 1) % own.size()];
        m.tri(centre, turned ? b : a, turned ? a : b, what, object);
    }
}

}  // namespace

Mesh plain_box(const Vec3& low, const Vec3& high, const Stuff& what) {
    Mesh m;
    const std::uint32_t s = m.index_of(what), o = m.new_object();
    std::array<std::uint32_t, 8> p;
    for (std::size_t i = 0; i < 8; ++i) {
        p[i] = m.add({(i & 1) != 0 ? high.x : low.x, (i & 2) != 0 ? high.y : low.y,
                      (i & 4) != 0 ? high.z : low.z});
    }
    constexpr std::size_t kFaces[6][4] = {{0, 2, 3, 1}, {4, 5, 7, 6}, {0, 1, 5, 4},
                                          {2, 6, 7, 3}, {0, 4, 6, 2}, {1, 3, 7, 5}};
    for (const auto& f : kFaces) m.quad(p[f[0]], p[f[1]], p[f[2]], p[f[3]], s, o);
    return m;
}

Mesh box(const Vec3& low, const Vec3& high, double radius, const Stuff& what, int steps) {
    const Vec3 size = high - low;
    const double r = std::min(radius, 0.49 * std::min({size.x, size.y, size.z}));
    Mesh m;
    const std::uint32_t s = m.index_of(what), o = m.new_object();
    const int n = std::max(1, steps);
    // Rings around z: from the bottom's edge to the top's, each a rounded rectangle.
    const auto ring = [&](double in, double z) {
        std::vector<std::uint32_t> points;
        const double q = r - in;
        const std::array<Vec2, 4> centres = {
            Vec2(high.x - r, high.y - r), Vec2(low.x + r, high.y - r), Vec2(low.x + r, low.y + r),
            Vec2(high.x - r, low.y + r)};
        for (std::size_t k = 0; k < 4; ++k) {
            // Where the corners have become points, the rings keep their number of corners.
            const bool is_point = q < 1e-6;
            if (is_point) {
                points.insert(points.end(), static_cast<std::size_t>(n) + 1,
                              m.add({centres[k].x, centres[k].y, z}));
            }
            for (int i = 0; i <= n && !is_point; ++i) {
                const double a = 0.5 * kPi * (static_cast<double>(k) + static_cast<double>(i) / n);
                points.push_back(
                    m.add({centres[k].x + q * std::cos(a), centres[k].y + q * std::sin(a), z}));
            }
        }
        return points;
    };
    std::vector<std::vector<std::uint32_t>> rings;
    for (int i = 0; i <= n; ++i) {
        const double a = 0.5 * kPi * i / n;
        rings.push_back(ring(r * (1 - std::sin(a)), low.z + r * (1 - std::cos(a))));
    }
    for (int i = n; i >= 0; --i) {
        const double a = 0.5 * kPi * i / n;
        rings.push_back(ring(r * (1 - std::sin(a)), high.z - r * (1 - std::cos(a))));
    }
    skin(m, rings, s, o);
    for (const bool top : {false, true}) {
        const auto& edge = top ? rings.back() : rings.front();
        for (std::size_t i = 1; i + 1 < edge.size(); ++i) {
            m.tri(edge[0], top ? edge[i] : edge[i + 1], top ? edge[i + 1] : edge[i], s, o);
        }
    }
    return m;
}

Mesh tube(const std::vector<Vec3>& path, const std::vector<double>& radii, int sides,
          const Stuff& what, bool round_ends) {
    Mesh m;
    const std::uint32_t s = m.index_of(what), o = m.new_object();
    std::vector<std::vector<std::uint32_t>> rings;
    Vec3 u(0, 0, 0);
    const std::size_t n = path.size();
    for (std::size_t i = 0; i < n; ++i) {
        const auto unit = [&](std::size_t k) {
            const Vec3 step = path[k + 1] - path[k];
            return glm::length(step) > 1e-9 ? glm::normalize(step) : Vec3(0, 0, 0);
        };
        const Vec3 in = i > 0 ? unit(i - 1) : Vec3(0, 0, 0);
        const Vec3 out = i + 1 < n ? unit(i) : Vec3(0, 0, 0);
        Vec3 d = in + out;
        // Where the path turns back or stands still.
        if (glm::length(d) < 1e-6) d = glm::length(in) > 0 ? in : Vec3(0, 0, 1);
        d = glm::normalize(d);
        const Vec3 carried = u - glm::dot(u, d) * d;
        u = i == 0 || glm::length(carried) < 1e-6 ? across(d) : glm::normalize(carried);
        const Vec3 v = glm::cross(d, u);
        const auto ring = [&](const Vec3& at, double r) {
            std::vector<std::uint32_t> points;
            for (int k = 0; k < sides; ++k) {
                const double a = 2 * kPi * k / sides;
                points.push_back(m.add(at + r * (std::cos(a) * u + std::sin(a) * v)));
            }
            rings.push_back(points);
        };
        if (round_ends && i == 0) ring(path[i] - 0.7 * radii[i] * d, 0.6 * radii[i]);
        ring(path[i], radii[i]);
        if (round_ends && i + 1 == n) ring(path[i] + 0.7 * radii[i] * d, 0.6 * radii[i]);
    }
    skin(m, rings, s, o);
    fan(m, rings.front(), true, s, o);
    fan(m, rings.back(), false, s, o);
    return m;
}

Mesh tube(const std::vector<Vec3>& path, double radius, int sides, const Stuff& what,
          bool round_ends) {
    return tube(path, std::vector<double>(path.size(), radius), sides, what, round_ends);
}

std::vector<Vec3> smooth(const std::vector<Vec3>& points, int steps) {
    std::vector<Vec3> out;
    const std::size_t n = points.size();
    for (std::size_t i = 0; i + 1 < n; ++i) {
        const Vec3& b = points[i];
        const Vec3& c = points[i + 1];
        const Vec3 a = i > 0 ? points[i - 1] : 2.0 * b - c;
        const Vec3 d = i + 2 < n ? points[i + 2] : 2.0 * c - b;
        for (int k = 0; k < steps; ++k) {
            const double t = static_cast<double>(k) / steps;
            out.push_back(0.5 *
                          ((2.0 * b) + (c - a) * t + (2.0 * a - 5.0 * b + 4.0 * c - d) * t * t +
                           (3.0 * b - a - 3.0 * c + d) * t * t * t));
        }
    }
    out.push_back(points.back());
    return out;
}

Mesh lathe(const std::vector<Vec2>& profile, int sides, const Stuff& what, bool closed) {
    Mesh m;
    const std::uint32_t s = m.index_of(what), o = m.new_object();
    std::vector<std::vector<std::uint32_t>> rings;
    for (const Vec2& p : profile) {
        auto& ring = rings.emplace_back();
        if (p.x < 1e-5) {
            ring.assign(static_cast<std::size_t>(sides), m.add({0, p.y, 0}));
            continue;
        }
        for (int k = 0; k < sides; ++k) {
            const double a = 2 * kPi * k / sides;
            ring.push_back(m.add({p.x * std::cos(a), p.y, p.x * std::sin(a)}));
        }
    }
    if (closed) rings.push_back(rings.front());
    skin(m, rings, s, o);
    return m;
}

namespace {

Mesh extruded(const Outline& outline, double from, double to, const Stuff& what,
              const std::function<Vec3(const Vec2&, double)>& place) {
    Mesh m;
    const std::uint32_t s = m.index_of(what), o = m.new_object();
    std::vector<std::uint32_t> a, b;
    for (const Vec2& p : outline)
        a.push_back(m.add(place(p, from))), b.push_back(m.add(place(p, to)));
    skin(m, {a, b}, s, o);
    fan(m, a, true, s, o);
    fan(m, b, false, s, o);
    // Outwards whichever way round the outline runs: a closed mesh has a positive volume.
    double volume = 0;
    for (const Tri& t : m.tris) volume += glm::dot(m.points[t.corner[0]], m.cross(t));
    if (volume < 0) {
        for (Tri& t : m.tris) std::swap(t.corner[1], t.corner[2]);
    }
    return m;
}

}  // namespace

Mesh extrude_x(const Outline& outline, double x0, double x1, const Stuff& what) {
    return extruded(outline, x0, x1, what,
                    [](const Vec2& p, double x) { return Vec3(x, p.x, p.y); });
}

Mesh extrude_y(const Outline& outline, double y0, double y1, const Stuff& what) {
    return extruded(outline, y0, y1, what,
                    [](const Vec2& p, double y) { return Vec3(p.x, y, p.y); });
}

Mesh dome_x(const Vec3& middle, double depth, double radius_y, double radius_z, int sides,
            int rings, const Stuff& what) {
    Mesh m;
    const std::uint32_t s = m.index_of(what), o = m.new_object();
    std::vector<std::vector<std::uint32_t>> all;
    for (int r = 0; r <= rings; ++r) {
        const double a = 0.5 * kPi * r / rings, c = std::cos(a);
        auto& ring = all.emplace_back();
        const double x = middle.x + depth * std::sin(a);
        if (r == rings) {
            ring.assign(static_cast<std::size_t>(sides), m.add({x, middle.y, middle.z}));
            continue;
        }
        for (int k = 0; k < sides; ++k) {
            const double t = 2 * kPi * k / sides;
            ring.push_back(m.add(
                {x, middle.y + c * radius_y * std::cos(t), middle.z + c * radius_z * std::sin(t)}));
        }
    }
    skin(m, all, s, o);
    if (depth < 0) {
        for (Tri& t : m.tris) std::swap(t.corner[1], t.corner[2]);
    }
    return m;
}

}  // namespace huntsman::scenarios::bodywork
