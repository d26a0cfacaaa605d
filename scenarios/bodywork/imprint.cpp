#include "scenarios/bodywork/imprint.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace huntsman::scenarios::bodywork {

namespace {

constexpr double kSnap_m =
    3e-4;  // corners and crossings nearer than this to a point are that point

double cross2(const Vec2& a, const Vec2& b) { return a.x * b.y - a.y * b.x; }

double area_of(const Outline& o) {
    double sum = 0;
    for (std::size_t i = 0; i < o.size(); ++i) sum += cross2(o[i], o[(i + 1) % o.size()]);
    return 0.5 * sum;
}

class Imprinter {
  public:
    Imprinter(Mesh& mesh, const Where& where) : mesh_(mesh), where_(where) {}

    std::vector<std::size_t> draw(const Outline& outline) {
        std::vector<Vec2> ends;
        for (const Vec2& p : outline) ends.push_back(insert(p));
        for (std::size_t i = 0; i < ends.size(); ++i) segment(ends[i], ends[(i + 1) % ends.size()]);
        std::vector<std::size_t> found;
        for (std::size_t f = 0; f < mesh_.tris.size(); ++f) {
            if (!concerns(mesh_.tris[f])) continue;
            if (inside(outline, seen(where_.view, mesh_.middle(mesh_.tris[f])))) found.push_back(f);
        }
        return found;
    }

  private:
    using Edge = std::pair<std::uint32_t, std::uint32_t>;

    bool concerns(const Tri& t) const {
        if (where_.object && t.object != *where_.object) return false;
        const Vec3 n = mesh_.cross(t), m = mesh_.middle(t);
        for (int k = 0; k < 3; ++k) {
            if (m[k] < where_.low[k] || m[k] > where_.high[k]) return false;
        }
        return glm::dot(n, toward(where_.view)) > where_.least_facing * glm::length(n);
    }
    Vec2 at(std::uint32_t i) const { return seen(where_.view, mesh_.points[i]); }

    // Splits edges at points; a face may have one or two of them.
    void split(const std::map<Edge, std::uint32_t>& cuts) {
        if (cuts.empty()) return;
        const auto cut_of = [&](std::uint32_t a, std::uint32_t b) -> std::optional<std::uint32_t> {
            const auto found = cuts.find(std::minmax(a, b));
            if (found == cuts.end()) return std::nullopt;
            return found->second;
        };
        touched_.assign(mesh_.points.size(), 0);
        for (const auto& [edge, point] : cuts) touched_[edge.first] = touched_[edge.second] = 1;
        const std::size_t count = mesh_.tris.size();
        std::vector<std::uint32_t> ring;
        for (std::size_t f = 0; f < count; ++f) {
            const auto& c = mesh_.tris[f].corner;
            if (touched_[c[0]] + touched_[c[1]] + touched_[c[2]] < 2) continue;
            ring.clear();
            for (std::size_t k = 0; k < 3; ++k) {
                const std::uint32_t a = mesh_.tris[f].corner[k],
                                    b = mesh_.tris[f].corner[(k + 1) % 3];
                ring.push_back(a);
                if (const auto cut = cut_of(a, b)) ring.push_back(*cut);
            }
            if (ring.size() > 3) replace(f, ring);
        }
    }
    // A ring of four or five points: cuts are connected with each other first.
    void replace(std::size_t f, const std::vector<std::uint32_t>& ring) {
        const Tri t = mesh_.tris[f];
        const auto is_cut = [&](std::uint32_t p) {
            return std::find(t.corner.begin(), t.corner.end(), p) == t.corner.end();
        };
        // Begins with a cut that is followed by a corner and, of two, another cut.
        const std::size_t n = ring.size();
        std::size_t from = 0;
        for (std::size_t i = 0; i < n; ++i) {
            if (is_cut(ring[i]) && (n == 4 || is_cut(ring[(i + 2) % n]))) from = i;
        }
        const auto r = [&](std::size_t i) { return ring[(from + i) % n]; };
        const auto add = [&](std::uint32_t a, std::uint32_t b, std::uint32_t c) {
            mesh_.tris.push_back({{a, b, c}, t.stuff, t.object});
        };
        mesh_.tris[f].corner = {r(0), r(1), r(2)};
        if (n == 4) {
            add(r(0), r(2), r(3));
            return;
        }
        // What is left of two cuts is a quad: r0 r2 r3 r4.
        const double a = glm::length(mesh_.points[r(0)] - mesh_.points[r(3)]);
        const double b = glm::length(mesh_.points[r(2)] - mesh_.points[r(4)]);
        if (a < b) {
            add(r(0), r(2), r(3));
            add(r(0), r(3), r(4));
        } else {
            add(r(0), r(2), r(4));
            add(r(2), r(3), r(4));
        }
    }

    // Makes the place a point of the mesh; returns where that point is.
    Vec2 insert(const Vec2& p) {
        for (std::size_t f = 0; f < mesh_.tris.size(); ++f) {
            const Tri& t = mesh_.tris[f];
            if (where_.object && t.object != *where_.object) continue;
            const std::array<Vec2, 3> q{at(t.corner[0]), at(t.corner[1]), at(t.corner[2])};
            const Vec2 low = glm::min(q[0], glm::min(q[1], q[2]));
            const Vec2 high = glm::max(q[0], glm::max(q[1], q[2]));
            if (low.x > p.x || low.y > p.y || high.x < p.x || high.y < p.y) continue;
            bool in = true;
            const double whole = cross2(q[1] - q[0], q[2] - q[0]);
            if (std::abs(whole) < 1e-12) continue;
            std::array<double, 3> share;
            for (std::size_t k = 0; k < 3; ++k) {
                share[k] = cross2(q[(k + 2) % 3] - q[(k + 1) % 3], p - q[(k + 1) % 3]) / whole;
                in = in && share[k] > -1e-9;
            }
            if (!in || !concerns(t)) continue;
            return insert_into(f, p, q, share);
        }
        return p;
    }
    Vec2 insert_into(std::size_t f, const Vec2& p, const std::array<Vec2, 3>& q,
                     const std::array<double, 3>& share) {
        const Tri t = mesh_.tris[f];
        for (std::size_t k = 0; k < 3; ++k) {
            if (glm::length(q[k] - p) < kSnap_m) return q[k];
        }
        Vec3 place(0, 0, 0);
        for (std::size_t k = 0; k < 3; ++k) place += share[k] * mesh_.points[t.corner[k]];
        for (std::size_t k = 0; k < 3; ++k) {
            const std::size_t a = (k + 1) % 3, b = (k + 2) % 3;
            const Vec2 along = q[b] - q[a];
            const double far = std::abs(cross2(along, p - q[a])) / glm::length(along);
            if (far > kSnap_m) continue;
            const double u =
                std::clamp(glm::dot(p - q[a], along) / glm::dot(along, along), 0.0, 1.0);
            const std::uint32_t i =
                mesh_.add(mesh_.points[t.corner[a]] +
                          u * (mesh_.points[t.corner[b]] - mesh_.points[t.corner[a]]));
            split({{std::minmax(t.corner[a], t.corner[b]), i}});
            return at(i);
        }
        const std::uint32_t i = mesh_.add(place);
        mesh_.tris[f].corner = {t.corner[0], t.corner[1], i};
        mesh_.tris.push_back({{t.corner[1], t.corner[2], i}, t.stuff, t.object});
        mesh_.tris.push_back({{t.corner[2], t.corner[0], i}, t.stuff, t.object});
        return p;
    }

    void segment(const Vec2& from, const Vec2& to) {
        const Vec2 along = to - from;
        const double length = glm::length(along);
        if (length < kSnap_m) return;
        const Vec2 unit = along / length;
        std::map<Edge, std::uint32_t> cuts;
        for (std::size_t f = 0; f < mesh_.tris.size(); ++f) {
            const Tri& t = mesh_.tris[f];
            if (where_.object && t.object != *where_.object) continue;
            const std::array<Vec2, 3> q{at(t.corner[0]), at(t.corner[1]), at(t.corner[2])};
            std::array<double, 3> off;
            for (std::size_t k = 0; k < 3; ++k) off[k] = cross2(unit, q[k] - from);
            if (*std::min_element(off.begin(), off.end()) > -kSnap_m ||
                *std::max_element(off.begin(), off.end()) < kSnap_m || !concerns(t)) {
                continue;
            }
            for (std::size_t k = 0; k < 3; ++k) {
                const std::size_t b = (k + 1) % 3;
                if (std::min(off[k], off[b]) > -kSnap_m || std::max(off[k], off[b]) < kSnap_m)
                    continue;
                const double u = off[k] / (off[k] - off[b]);
                const double s = glm::dot(q[k] + u * (q[b] - q[k]) - from, unit);
                if (s < -1e-9 || s > length + 1e-9) continue;
                const Edge edge = std::minmax(t.corner[k], t.corner[b]);
                if (cuts.count(edge) > 0) continue;
                const Vec3 place = mesh_.points[t.corner[k]] +
                                   u * (mesh_.points[t.corner[b]] - mesh_.points[t.corner[k]]);
                cuts[edge] = mesh_.add(place);
            }
        }
        split(cuts);
    }

    Mesh& mesh_;
    const Where& where_;
    std::vector<char> touched_;  // by point: an end of an edge that is cut
};

}  // namespace

Vec2 seen(View view, const Vec3& p) {
    switch (view) {
        case View::kSide:
            return {p.x, p.z};
        case View::kFront:
        case View::kRear:
            return {p.y, p.z};
        default:
            return {p.x, p.y};
    }
}

Vec3 toward(View view) {
    switch (view) {
        case View::kSide:
            return {0, 1, 0};
        case View::kFront:
            return {1, 0, 0};
        case View::kRear:
            return {-1, 0, 0};
        case View::kTop:
            return {0, 0, 1};
        default:
            return {0, 0, -1};
    }
}

Outline rounded(const Outline& corners, double radius, int steps) {
    return rounded(corners, std::vector<double>(corners.size(), radius), steps);
}

Outline rounded(const Outline& corners, const std::vector<double>& radii, int steps) {
    Outline out;
    const std::size_t n = corners.size();
    for (std::size_t i = 0; i < n; ++i) {
        const Vec2 p = corners[i];
        const Vec2 a = corners[(i + n - 1) % n] - p, b = corners[(i + 1) % n] - p;
        const double la = glm::length(a), lb = glm::length(b);
        const Vec2 ua = a / la, ub = b / lb;
        const double half = 0.5 * std::acos(std::clamp(glm::dot(ua, ub), -1.0, 1.0));
        double cut = radii[i] / std::max(0.05, std::tan(half));
        cut = std::min(cut, 0.49 * std::min(la, lb));
        if (cut < 1e-3) {
            out.push_back(p);
            continue;
        }
        // A quadratic curve through the tangent points.
        for (int k = 0; k <= steps; ++k) {
            const double u = static_cast<double>(k) / steps;
            const Vec2 from = p + cut * ua, to = p + cut * ub;
            // Rational with the weight of a circle's arc.
            const double w = std::sin(half), c0 = (1 - u) * (1 - u), c1 = 2 * u * (1 - u) * w,
                         c2 = u * u;
            out.push_back((c0 * from + c1 * p + c2 * to) / (c0 + c1 + c2));
        }
    }
    return out;
}

Outline rectangle(double u0, double v0, double u1, double v1) {
    return {{u0, v0}, {u1, v0}, {u1, v1}, {u0, v1}};
}

Outline ellipse(double u, double v, double radius_u, double radius_v, int sides) {
    Outline out;
    for (int i = 0; i < sides; ++i) {
        const double a = 2 * engine::math::kPi * (i + 0.5) / sides;
        out.emplace_back(u + radius_u * std::cos(a), v + radius_v * std::sin(a));
    }
    return out;
}

Outline grown(const Outline& outline, double by) {
    const double sign = area_of(outline) > 0 ? 1 : -1;
    Outline out;
    const std::size_t n = outline.size();
    for (std::size_t i = 0; i < n; ++i) {
        const Vec2 a = glm::normalize(outline[i] - outline[(i + n - 1) % n]);
        const Vec2 b = glm::normalize(outline[(i + 1) % n] - outline[i]);
        const Vec2 na = sign * Vec2(a.y, -a.x), nb = sign * Vec2(b.y, -b.x);
        const double scale = 1 / std::max(0.3, 1 + glm::dot(na, nb));
        out.push_back(outline[i] + by * scale * (na + nb));
    }
    return out;
}

bool inside(const Outline& outline, const Vec2& p) {
    bool in = false;
    for (std::size_t i = 0, j = outline.size() - 1; i < outline.size(); j = i++) {
        const Vec2 &a = outline[i], &b = outline[j];
        if ((a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x) {
            in = !in;
        }
    }
    return in;
}

std::optional<Vec3> place_on(const Mesh& mesh, const Tri& t, View view, const Vec2& at) {
    std::array<Vec2, 3> q;
    for (std::size_t k = 0; k < 3; ++k) q[k] = seen(view, mesh.points[t.corner[k]]);
    const auto cross2 = [](const Vec2& a, const Vec2& b) { return a.x * b.y - a.y * b.x; };
    const double whole = cross2(q[1] - q[0], q[2] - q[0]);
    if (std::abs(whole) < 1e-12) return std::nullopt;
    Vec3 p(0, 0, 0);
    for (std::size_t k = 0; k < 3; ++k) {
        const double share = cross2(q[(k + 2) % 3] - q[(k + 1) % 3], at - q[(k + 1) % 3]) / whole;
        if (share < -1e-6) return std::nullopt;
        p += share * mesh.points[t.corner[k]];
    }
    return p;
}

std::vector<std::size_t> imprint(Mesh& mesh, const Where& where, const Outline& outline) {
    return Imprinter(mesh, where).draw(outline);
}

void paint(Mesh& mesh, const std::vector<std::size_t>& faces, const Stuff& what) {
    const std::uint32_t index = mesh.index_of(what);
    for (const std::size_t f : faces) mesh.tris[f].stuff = index;
}

void remove(Mesh& mesh, const std::vector<std::size_t>& faces) {
    std::vector<bool> goes(mesh.tris.size());
    for (const std::size_t f : faces) goes[f] = true;
    std::size_t f = 0;
    std::erase_if(mesh.tris, [&](const Tri&) { return goes[f++]; });
}

namespace {

// Mean normals at the corners of some faces.
std::map<std::uint32_t, Vec3> normals_of(const Mesh& mesh, const std::vector<std::size_t>& faces) {
    std::map<std::uint32_t, Vec3> normals;
    for (const std::size_t f : faces) {
        const Tri& t = mesh.tris[f];
        for (const std::uint32_t c : t.corner) normals[c] += mesh.cross(t);
    }
    for (auto& [c, n] : normals) {
        if (std::abs(mesh.points[c].y) < 1e-6) n.y = 0;
        n = glm::length(n) > 1e-12 ? glm::normalize(n) : Vec3(0, 0, 1);
    }
    return normals;
}

}  // namespace

void push(Mesh& mesh, const std::vector<std::size_t>& faces, double depth, const Stuff& walls,
          std::optional<Vec3> direction) {
    if (faces.empty()) return;
    std::map<std::uint32_t, std::uint32_t> moved;
    for (const auto& [c, n] : normals_of(mesh, faces)) {
        const Vec3 by = direction ? *direction * depth : -n * depth;
        moved[c] = mesh.add(mesh.points[c] + by);
    }
    // Edges with a face on one side only.
    std::map<std::pair<std::uint32_t, std::uint32_t>, int> uses;
    for (const std::size_t f : faces) {
        const Tri& t = mesh.tris[f];
        for (std::size_t k = 0; k < 3; ++k) {
            uses[std::minmax(t.corner[k], t.corner[(k + 1) % 3])] += 1;
        }
    }
    const std::uint32_t wall = mesh.index_of(walls), object = mesh.new_object();
    for (const std::size_t f : faces) {
        const Tri t = mesh.tris[f];
        for (std::size_t k = 0; k < 3; ++k) {
            const std::uint32_t a = t.corner[k], b = t.corner[(k + 1) % 3];
            if (uses[std::minmax(a, b)] != 1) continue;
            if (std::abs(mesh.points[a].y) < 1e-6 && std::abs(mesh.points[b].y) < 1e-6) continue;
            mesh.quad(a, b, moved[b], moved[a], wall, object);
        }
        for (std::size_t k = 0; k < 3; ++k) mesh.tris[f].corner[k] = moved[t.corner[k]];
    }
}

Mesh lifted(const Mesh& mesh, const std::vector<std::size_t>& faces, const Stuff& what, double by) {
    Mesh part;
    const std::uint32_t index = part.index_of(what), object = part.new_object();
    std::map<std::uint32_t, std::uint32_t> moved;
    for (const auto& [c, n] : normals_of(mesh, faces)) moved[c] = part.add(mesh.points[c] + n * by);
    for (const std::size_t f : faces) {
        const Tri& t = mesh.tris[f];
        part.tri(moved[t.corner[0]], moved[t.corner[1]], moved[t.corner[2]], index, object);
    }
    return part;
}

}  // namespace huntsman::scenarios::bodywork
