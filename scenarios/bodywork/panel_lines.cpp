// Lines of panels: strips laid on a shell.
#include <algorithm>
#include <cmath>

#include "scenarios/bodywork/fittings.h"

namespace huntsman::scenarios::bodywork {

namespace {

double seen_y(View view, const Vec2& p) {
    return view == View::kTop || view == View::kBelow ? p.y : p.x;
}

// A place on the skin and its normal; nothing beside it or on glass.
struct Foot {
    Vec3 p, n;
};
std::optional<Foot> foot_of(const Mesh& m, const std::vector<const Tri*>& faces, View view,
                            const Vec2& at) {
    const Vec3 out = toward(view);
    std::optional<Foot> best;
    double most = -1e9;
    bool glass = false;
    for (const Tri* t : faces) {
        const auto p = place_on(m, *t, view, at);
        if (!p || glm::dot(*p, out) <= most) continue;
        most = glm::dot(*p, out);
        glass = m.stuffs[t->stuff].kind == "glass";
        best = Foot{*p, glm::normalize(m.cross(*t))};
    }
    return glass ? std::nullopt : best;
}

// Faces of the skin that are seen within a distance of a line's box.
std::vector<const Tri*> faces_near(const Shell& shell, View view, const Vec2& a, const Vec2& b,
                                   double margin) {
    std::vector<const Tri*> faces;
    const Vec3 out = toward(view);
    const Mesh& m = shell.mesh;
    for (const Tri& t : m.tris) {
        if (t.object != shell.skin) continue;
        Vec2 low(1e9, 1e9), high = -low;
        for (const std::uint32_t c : t.corner) {
            low = glm::min(low, seen(view, m.points[c])),
            high = glm::max(high, seen(view, m.points[c]));
        }
        const Vec2 from = glm::min(a, b) - margin, to = glm::max(a, b) + margin;
        if (low.x > to.x || low.y > to.y || high.x < from.x || high.y < from.y) continue;
        const Vec3 n = m.cross(t);
        if (glm::dot(n, out) > 0.15 * glm::length(n)) faces.push_back(&t);
    }
    return faces;
}

// Rungs of a strip without those that lie near the line between their neighbours.
std::vector<std::array<Vec3, 2>> needed(const std::vector<std::array<Vec3, 2>>& rungs) {
    constexpr double kOff_m = 0.0005;
    std::vector<std::array<Vec3, 2>> kept;
    std::size_t last = 0;
    for (std::size_t i = 0; i < rungs.size(); ++i) {
        bool goes = i > 0 && i + 1 < rungs.size();
        for (std::size_t k = last + 1; goes && k <= i; ++k) {
            const Vec3 a = rungs[last][0], d = glm::normalize(rungs[i + 1][0] - a);
            const Vec3 off = rungs[k][0] - a;
            goes = glm::length(off - glm::dot(off, d) * d) < kOff_m;
        }
        if (goes) continue;
        kept.push_back(rungs[i]);
        last = i;
    }
    return kept;
}

// A strip over the skin from `from` to `to`, as wide as `across` is long; only as many corners as
// it takes to follow the skin.
void add_strip(Shell& shell, Mesh& part, View view, const Vec2& from, const Vec2& to,
               const Vec2& across_from, const Vec2& across_to) {
    constexpr double kStep_m = 0.03, kLift_m = 0.0026;
    const int steps = std::max(1, static_cast<int>(std::ceil(glm::length(to - from) / kStep_m)));
    const auto near = faces_near(shell, view, from, to, 2 * glm::length(across_from) + 0.01);
    std::vector<std::array<Vec3, 2>> rungs;
    const auto flush = [&] {
        const auto kept = needed(rungs);
        for (std::size_t i = 0; i + 1 < kept.size(); ++i) {
            std::uint32_t a = part.add(kept[i][0]), b = part.add(kept[i + 1][0]);
            std::uint32_t c = part.add(kept[i + 1][1]), d = part.add(kept[i][1]);
            const Vec3 n = glm::cross(kept[i + 1][0] - kept[i][0], kept[i][1] - kept[i][0]);
            if (glm::dot(n, toward(view)) < 0) std::swap(a, d), std::swap(b, c);
            part.quad(a, b, c, d, 0, 0);
        }
        rungs.clear();
    };
    for (int i = 0; i <= steps; ++i) {
        const double u = static_cast<double>(i) / steps;
        const Vec2 at = from + u * (to - from), side = across_from + u * (across_to - across_from);
        const auto a = foot_of(shell.mesh, near, view, at + side),
                   b = foot_of(shell.mesh, near, view, at - side);
        if (!a || !b || glm::length(a->p - b->p) > 4 * glm::length(2.0 * side)) {
            flush();
            continue;
        }
        rungs.push_back({a->p + kLift_m * a->n, b->p + kLift_m * b->n});
    }
    flush();
}

}  // namespace

void add_line(Shell& shell, Mesh& extras, View view, const Outline& outline, double width,
              const Stuff& what) {
    const Outline outer = grown(outline, 0.5 * width);
    Mesh part;
    part.index_of(what), part.new_object();
    for (std::size_t i = 0; i < outline.size(); ++i) {
        const std::size_t k = (i + 1) % outline.size();
        // Halves have no line across their middle.
        if (view != View::kSide && seen_y(view, outline[i]) < 0 && seen_y(view, outline[k]) < 0)
            continue;
        add_strip(shell, part, view, outline[i], outline[k], outer[i] - outline[i],
                  outer[k] - outline[k]);
    }
    append(extras, part);
}

void add_seam(Shell& shell, Mesh& extras, View view, const Vec2& from, const Vec2& to, double width,
              const Stuff& what) {
    const Vec2 d = glm::normalize(to - from), n = 0.5 * width * Vec2(-d.y, d.x);
    Mesh part;
    part.index_of(what), part.new_object();
    add_strip(shell, part, view, from, to, n, n);
    append(extras, part);
}

}  // namespace huntsman::scenarios::bodywork
