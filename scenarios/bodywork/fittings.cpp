#include "scenarios/bodywork/fittings.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace huntsman::scenarios::bodywork {

namespace {

constexpr double kPi = engine::math::kPi;

Where where(View view, const Shell& shell, double least_facing = 0.15) {
    return {.view = view, .least_facing = least_facing, .object = shell.skin};
}

}  // namespace

Stuff looks::paint_of(const std::optional<std::array<double, 3>>& livery) {
    if (!livery) return kPaint;
    return stuff("livery", static_cast<float>((*livery)[0]), static_cast<float>((*livery)[1]),
                 static_cast<float>((*livery)[2]));
}

std::optional<double> surface_at(const Mesh& mesh, View view, const Vec2& at,
                                 std::optional<std::uint32_t> object) {
    const Vec3 out = toward(view);
    std::optional<double> best;
    double most = -1e9;
    for (const Tri& t : mesh.tris) {
        if (object && t.object != *object) continue;
        if (glm::dot(mesh.cross(t), out) <= 1e-12) continue;
        const auto p = place_on(mesh, t, view, at);
        if (!p || glm::dot(*p, out) <= most) continue;
        most = glm::dot(*p, out);
        best = view == View::kSide                           ? p->y
               : view == View::kFront || view == View::kRear ? p->x
                                                             : p->z;
    }
    return best;
}

namespace {

// The arch's outline in (x, z), open below: from the front foot over the top to the rear foot.
std::vector<Vec2> arch_line(const Arch& a, double radius, double bottom, int steps) {
    std::vector<Vec2> line{{a.x + radius, bottom}};
    for (int i = 0; i <= steps; ++i) {
        const double t = kPi * i / steps;
        line.emplace_back(a.x + radius * std::cos(t), a.z + radius * std::sin(t));
    }
    line.emplace_back(a.x - radius, bottom);
    return line;
}

}  // namespace

void cut_arch(Shell& shell, const Arch& a) {
    Mesh& m = shell.mesh;
    constexpr int kSteps = 11;
    const double bottom = -0.1;
    const std::vector<Vec2> line = arch_line(a, a.radius, bottom, kSteps);
    const std::vector<Vec2> outer = arch_line(a, a.radius + a.lip, bottom, kSteps);
    Where side = where(View::kSide, shell, 0.02);
    side.low.y = a.inner;
    // The lip is raised first, then the hole is cut.
    if (a.lip > 0) {
        imprint(m, side, line);
        std::vector<std::size_t> ring;
        for (const std::size_t f : imprint(m, side, outer)) {
            if (!inside(line, seen(View::kSide, m.middle(m.tris[f])))) ring.push_back(f);
        }
        paint(m, ring, a.lip_stuff);
        push(m, ring, -a.lip_out, a.lip_stuff, Vec3(0, -1, 0));
        // No walls where the hole will be.
        const std::uint32_t walls = m.objects - 1;
        std::erase_if(m.tris, [&](const Tri& t) {
            const Vec3 p = m.middle(t);
            const double r = p.z > a.z ? std::hypot(p.x - a.x, p.z - a.z) : std::abs(p.x - a.x);
            return t.object == walls && (r < a.radius + 0.4 * a.lip || p.z < bottom + 0.2);
        });
    }
    remove(m, imprint(m, side, line));
    // The floor above the tyre.
    Where below{.view = View::kBelow, .least_facing = 0.15, .object = shell.floor};
    remove(m, imprint(m, below, rectangle(a.x - a.radius, a.inner, a.x + a.radius, 10)));
    // The liner, and the wall towards the middle.
    const std::uint32_t dark = m.index_of(looks::kDark), object = m.new_object();
    std::vector<std::array<std::uint32_t, 2>> rungs;
    double foot = 1e9;
    for (const Tri& t : m.tris) {
        if (t.object == shell.floor) foot = std::min(foot, m.middle(t).z);
    }
    for (Vec2 p : line) {
        p.y = std::max(p.y, foot);
        const auto y =
            surface_at(m, View::kSide, {p.x + (p.x > a.x ? 1 : -1) * 2e-3, p.y + 2e-3}, shell.skin);
        const double out = std::max(a.inner + 0.05, y.value_or(a.inner + 0.3) - 0.002);
        rungs.push_back({m.add({p.x, a.inner, p.y}), m.add({p.x, out, p.y})});
    }
    for (std::size_t i = 0; i + 1 < rungs.size(); ++i) {
        m.quad(rungs[i][0], rungs[i + 1][0], rungs[i + 1][1], rungs[i][1], dark, object);
    }
    const std::uint32_t wall = m.new_object();
    std::vector<std::uint32_t> edge;
    for (const auto& rung : rungs) edge.push_back(m.add(m.points[rung[0]]));
    for (std::size_t i = 1; i + 1 < edge.size(); ++i) {
        m.tri(edge[0], edge[i + 1], edge[i], dark, wall);
    }
}

void add_window(Shell& shell, View view, const Outline& outline, double frame,
                const Stuff& frame_stuff, double least_facing) {
    Mesh& m = shell.mesh;
    const Where w = where(view, shell, least_facing);
    if (frame > 0) paint(m, imprint(m, w, grown(outline, frame)), frame_stuff);
    const auto pane = imprint(m, w, outline);
    paint(m, pane, looks::kGlass);
}

void add_panel(Shell& shell, View view, const Outline& outline, const Stuff& what, double depth,
               const Stuff& walls) {
    const auto faces = imprint(shell.mesh, where(view, shell), outline);
    paint(shell.mesh, faces, what);
    if (depth != 0) push(shell.mesh, faces, depth, walls);
}

void add_lamps(Shell& shell, View view, const Outline& housing, double depth,
               const std::vector<LensSpot>& lenses, const Stuff& ground, double least_facing) {
    Mesh& m = shell.mesh;
    const Where w = where(view, shell, least_facing);
    const auto faces = imprint(m, w, housing);
    paint(m, faces, ground);
    push(m, faces, depth, looks::kFrame);
    for (const LensSpot& lens : lenses) {
        const auto spot = imprint(m, w, lens.outline);
        paint(m, spot, stuff(lens.kind));
        if (lens.out > 0) push(m, spot, -lens.out, looks::kBright);
    }
}

void add_mark(Shell& shell, View view, const Outline& outline, const Stuff& what) {
    const auto faces = imprint(shell.mesh, where(view, shell), outline);
    std::vector<std::size_t> skin;
    for (const std::size_t f : faces) {
        const std::string& kind = shell.mesh.stuffs[shell.mesh.tris[f].stuff].kind;
        if (kind == "paint" || kind == "livery" || kind == "reflector") skin.push_back(f);
    }
    paint(shell.mesh, skin, what);
}

Mesh door_handle(const Vec3& at, double length, const Stuff& what) {
    return tube({at + Vec3(0.5 * length, -0.012, 0), at + Vec3(0.4 * length, 0.022, 0),
                 at + Vec3(-0.4 * length, 0.022, 0), at + Vec3(-0.5 * length, -0.012, 0)},
                {0.011, 0.013, 0.013, 0.011}, 5, what);
}

namespace {

Mesh mirror_head(const Vec3& middle, const Vec3& half, const Stuff& shell) {
    Mesh m;
    Mesh housing = box(middle - half, middle + half, 0.8 * half.x, shell, 1);
    // Slimmer ahead.
    deform(housing, [&](const Vec3& p) {
        const double u = (p.x - middle.x) / half.x, s = u > 0 ? 1 - 0.3 * u * u : 1;
        return Vec3(p.x, middle.y + (p.y - middle.y) * s, middle.z + (p.z - middle.z) * s);
    });
    append(m, housing);
    const Vec3 g(half.x + 0.002, 0.82 * half.y, 0.78 * half.z);
    append(m, extrude_x(
                  rounded(rectangle(middle.y - g.y, middle.z - g.z, middle.y + g.y, middle.z + g.z),
                          0.4 * std::min(g.y, g.z), 2),
                  middle.x - g.x, middle.x - g.x + 0.004, grey("metal", 0.6F)));
    return m;
}

}  // namespace

Mesh car_mirror(const Vec3& foot, const Vec3& middle, const Vec3& half, const Stuff& shell) {
    Mesh m = tube({foot, 0.5 * (foot + middle) + Vec3(0, 0, -0.01), middle}, {0.03, 0.025, 0.025},
                  6, looks::kTrim);
    append(m, mirror_head(middle, half, shell));
    return m;
}

Mesh large_mirror(const Vec3& foot, const Vec3& top, const Vec3& middle, const Vec3& half) {
    Mesh m = tube({foot, {middle.x, middle.y, foot.z}, middle}, 0.016, 5, looks::kTrim);
    append(m, tube({top, {middle.x, middle.y, top.z}, middle}, 0.016, 5, looks::kTrim));
    append(m, mirror_head(middle, half, looks::kTrim));
    return m;
}

Mesh wiper(const Mesh& on, const Vec2& pivot, const Vec2& from, const Vec2& to) {
    Mesh m;
    bool all = true;
    const auto place = [&](const Vec2& p, double lift) {
        const auto x = surface_at(on, View::kFront, p);
        all = all && x.has_value();
        return Vec3(x.value_or(0) + lift, p.x, p.y);
    };
    std::vector<Vec3> blade;
    for (int i = 0; i <= 4; ++i) blade.push_back(place(from + (to - from) * (0.25 * i), 0.014));
    append(m, tube(blade, 0.007, 4, looks::kRubber));
    append(m, tube({place(pivot, 0.012), place(0.5 * (from + to), 0.03)}, 0.009, 4, looks::kFrame));
    return all ? m : Mesh{};
}

Mesh half_plate(double x, double z, bool front, double lean) {
    const double out = front ? 1 : -1;
    Mesh m;
    // Half of a frame and of the plate; both reach y = 0.
    const auto part = [&](double half_y, double half_z, double from, double depth,
                          const Stuff& what) {
        const std::uint32_t s = m.index_of(what), o = m.new_object();
        const auto at = [&](double d, double y, double h) {
            return m.add({x + out * (d + lean * h), y, z + h});
        };
        const double to = from + depth;
        const std::uint32_t a = at(to, 0, -half_z), b = at(to, half_y, -half_z),
                            c = at(to, half_y, half_z), d = at(to, 0, half_z);
        const std::uint32_t ai = at(from, 0, -half_z), bi = at(from, half_y, -half_z),
                            ci = at(from, half_y, half_z), di = at(from, 0, half_z);
        m.quad(a, b, c, d, s, o);
        m.quad(b, bi, ci, c, s, o);
        m.quad(d, c, ci, di, s, o);
        m.quad(ai, bi, b, a, s, o);
    };
    part(0.265, 0.06, -0.01, 0.014, looks::kFrame);
    part(0.257, 0.053, 0.0, 0.008, stuff("plate"));
    if (!front) {
        for (Tri& t : m.tris) std::swap(t.corner[1], t.corner[2]);
    }
    return m;
}

Mesh seat(const Vec3& at, double width, double back_height, const Stuff& what, bool headrest) {
    const double h = 0.5 * width;
    Mesh m = box({at.x - 0.25, at.y - h, at.z - 0.12}, {at.x + 0.27, at.y + h, at.z}, 0.05, what);
    Mesh back = box({at.x - 0.33, at.y - h, at.z - 0.05},
                    {at.x - 0.2, at.y + h, at.z + back_height}, 0.05, what);
    if (headrest) {
        append(back, box({at.x - 0.3, at.y - 0.13, at.z + back_height + 0.03},
                         {at.x - 0.2, at.y + 0.13, at.z + back_height + 0.2}, 0.04, what));
    }
    append(m, turned(back, {at.x - 0.26, at.y, at.z}, {0, 1, 0}, -0.2));
    return m;
}

Mesh steering_wheel(const Vec3& middle, double radius, double lean_rad) {
    const Stuff what = grey("steering_wheel", 0.02F);
    Mesh m;
    std::vector<Vec2> ring;
    for (int i = 0; i < 5; ++i) {
        const double a = -2 * kPi * i / 5;
        ring.emplace_back(radius + 0.014 * std::cos(a), 0.014 * std::sin(a));
    }
    append(m, lathe(ring, 16, what, true));
    append(m, box({-0.05, -0.02, -0.05}, {0.05, 0.02, 0.05}, 0.015, what));
    for (const double a : {0.0, 2.1, 4.2}) {
        append(m,
               tube({{0, 0, 0}, {radius * std::sin(a), 0, -radius * std::cos(a)}}, 0.012, 4, what));
    }
    // Its axis from y to backwards and up.
    m = turned(m, {0, 0, 0}, {0, 0, 1}, 0.5 * kPi);
    m = turned(m, {0, 0, 0}, {0, 1, 0}, lean_rad);
    Mesh placed;
    append(placed, m, middle);
    return placed;
}

Mesh lining(const Shell& shell, double x0, double x1, double z0, const Stuff& what) {
    const Mesh& m = shell.mesh;
    Mesh part;
    const std::uint32_t s = part.index_of(what), o = part.new_object();
    std::map<std::uint32_t, Vec3> normals;
    std::vector<const Tri*> faces;
    for (const Tri& t : m.tris) {
        if (t.object != shell.skin || m.stuffs[t.stuff].kind == "glass") continue;
        const Vec3 p = m.middle(t);
        if (p.x < x0 || p.x > x1 || p.z < z0) continue;
        faces.push_back(&t);
        for (const auto c : t.corner) normals[c] += m.cross(t);
    }
    std::map<std::uint32_t, std::uint32_t> moved;
    for (auto& [c, n] : normals) {
        if (std::abs(m.points[c].y) < 1e-6) n.y = 0;
        n = glm::length(n) > 1e-12 ? glm::normalize(n) : Vec3(0, 0, 0);
        moved[c] = part.add(m.points[c] - 0.025 * n);
    }
    for (const Tri* t : faces) {
        part.tri(moved[t->corner[0]], moved[t->corner[2]], moved[t->corner[1]], s, o);
    }
    return part;
}

}  // namespace huntsman::scenarios::bodywork
