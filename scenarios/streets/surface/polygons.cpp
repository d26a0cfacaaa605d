#include "scenarios/streets/surface/polygons.h"

#include <algorithm>
#include <polyclipping/clipper.hpp>

namespace huntsman::scenarios::streets {

namespace math = engine::math;

namespace {

ClipperLib::Path to_path(const Ring& ring) {
    ClipperLib::Path path;
    path.reserve(ring.size());
    for (const LatticePoint& p : ring) path.emplace_back(p.x, p.y);
    return path;
}

ClipperLib::Paths to_paths(const Rings& rings) {
    ClipperLib::Paths paths;
    paths.reserve(rings.size());
    for (const Ring& ring : rings) {
        if (ring.size() >= 3) paths.push_back(to_path(ring));
    }
    return paths;
}

Rings from_paths(const ClipperLib::Paths& paths) {
    Rings rings;
    rings.reserve(paths.size());
    for (const ClipperLib::Path& path : paths) {
        Ring ring;
        ring.reserve(path.size());
        for (const ClipperLib::IntPoint& p : path) ring.push_back({p.X, p.Y});
        rings.push_back(std::move(ring));
    }
    return rings;
}

Rings combine(ClipperLib::ClipType operation, const Rings& a, const Rings& b) {
    ClipperLib::Clipper clipper(ClipperLib::ioPreserveCollinear);
    clipper.AddPaths(to_paths(a), ClipperLib::ptSubject, true);
    clipper.AddPaths(to_paths(b), ClipperLib::ptClip, true);
    ClipperLib::Paths out;
    clipper.Execute(operation, out, ClipperLib::pftNonZero, ClipperLib::pftNonZero);
    return from_paths(out);
}

// Distance of p to the segment ab [lattice steps].
double distance_to_chord(const LatticePoint& p, const LatticePoint& a, const LatticePoint& b) {
    const Vec2 ab(static_cast<double>(b.x - a.x), static_cast<double>(b.y - a.y));
    const Vec2 ap(static_cast<double>(p.x - a.x), static_cast<double>(p.y - a.y));
    const double length2 = glm::dot(ab, ab);
    const double u = length2 > 0 ? std::clamp(glm::dot(ap, ab) / length2, 0.0, 1.0) : 0.0;
    return glm::length(ap - u * ab);
}

}  // namespace

double area_m2(const Ring& ring) {
    if (ring.size() < 3) return 0;
    // About the first point, so that far rings lose nothing.
    double twice = 0;
    for (std::size_t i = 1; i + 1 < ring.size(); ++i) {
        const Vec2 a(to_metres(ring[i].x - ring[0].x), to_metres(ring[i].y - ring[0].y));
        const Vec2 b(to_metres(ring[i + 1].x - ring[0].x), to_metres(ring[i + 1].y - ring[0].y));
        twice += math::cross(a, b);
    }
    return 0.5 * twice;
}

Rings unite(const Rings& rings) { return combine(ClipperLib::ctUnion, rings, {}); }
Rings subtract(const Rings& from, const Rings& what) {
    return combine(ClipperLib::ctDifference, from, what);
}
Rings intersect(const Rings& a, const Rings& b) {
    return combine(ClipperLib::ctIntersection, a, b);
}

Rings grow(const Rings& rings, double by_m) {
    ClipperLib::ClipperOffset offset(2.0);
    offset.AddPaths(to_paths(rings), ClipperLib::jtMiter, ClipperLib::etClosedPolygon);
    ClipperLib::Paths out;
    offset.Execute(out, by_m / kLattice_m);
    return from_paths(out);
}

Rings simplified(const Rings& rings, double tolerance_m) {
    const double tolerance = tolerance_m / kLattice_m;
    Rings out;
    for (const Ring& ring : rings) {
        // Greedy runs: a chord is made longer while all points it skips stay close to it.
        Ring kept;
        const std::size_t n = ring.size();
        for (std::size_t i = 0; i < n;) {
            kept.push_back(ring[i]);
            std::size_t next = i + 1;
            while (next < n) {
                const LatticePoint& end = ring[(next + 1) % n];
                bool close = next + 1 <= n;
                for (std::size_t k = i + 1; k <= next && close; ++k) {
                    close = distance_to_chord(ring[k], ring[i], end) <= tolerance;
                }
                if (!close) break;
                ++next;
            }
            i = next;
        }
        if (kept.size() >= 3) out.push_back(std::move(kept));
    }
    return out;
}

bool contains(const Rings& rings, const Vec2& p) {
    int winding = 0;
    for (const Ring& ring : rings) {
        for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
            const Vec2 a = to_metres(ring[j]), b = to_metres(ring[i]);
            if ((a.y <= p.y) == (b.y <= p.y)) continue;
            const double side = math::cross(b - a, p - a);
            if (a.y <= p.y && side > 0) ++winding;
            if (a.y > p.y && side < 0) --winding;
        }
    }
    return winding != 0;
}

void Bounds::add(const LatticePoint& p) {
    lo.x = std::min(lo.x, p.x);
    lo.y = std::min(lo.y, p.y);
    hi.x = std::max(hi.x, p.x);
    hi.y = std::max(hi.y, p.y);
}

bool Bounds::overlaps(const Bounds& other) const {
    return lo.x <= other.hi.x && other.lo.x <= hi.x && lo.y <= other.hi.y && other.lo.y <= hi.y;
}

Bounds bounds_of(const Ring& ring) {
    Bounds bounds;
    for (const LatticePoint& p : ring) bounds.add(p);
    return bounds;
}

Bounds bounds_of(const Rings& rings) {
    Bounds bounds;
    for (const Ring& ring : rings) {
        for (const LatticePoint& p : ring) bounds.add(p);
    }
    return bounds;
}

InsideTest::InsideTest(const Rings& rings) {
    const Bounds bounds = bounds_of(rings);
    if (bounds.lo.y > bounds.hi.y) return;
    low_m_ = to_metres(bounds.lo.y);
    const double height = to_metres(bounds.hi.y) - low_m_;
    std::size_t edges = 0;
    for (const Ring& ring : rings) edges += ring.size();
    const auto count = std::clamp<std::size_t>(edges / 4, 1, 512);
    band_m_ = std::max(1e-6, height / static_cast<double>(count));
    bands_.resize(count);
    const auto band = [&](double y) {
        return static_cast<std::size_t>(
            std::clamp((y - low_m_) / band_m_, 0.0, static_cast<double>(count - 1)));
    };
    for (const Ring& ring : rings) {
        for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
            const Vec2 a = to_metres(ring[j]), b = to_metres(ring[i]);
            if (a.y == b.y) continue;
            const std::size_t last = band(std::max(a.y, b.y));
            for (std::size_t k = band(std::min(a.y, b.y)); k <= last; ++k) {
                bands_[k].push_back({a, b});
            }
        }
    }
}

bool InsideTest::operator()(const Vec2& p) const {
    const double at = (p.y - low_m_) / band_m_;
    if (at < 0 || at > static_cast<double>(bands_.size())) return false;
    const auto k = std::min(static_cast<std::size_t>(at), bands_.size() - 1);
    int winding = 0;
    for (const Edge& e : bands_[k]) {
        if ((e.a.y <= p.y) == (e.b.y <= p.y)) continue;
        const double side = math::cross(e.b - e.a, p - e.a);
        if (e.a.y <= p.y && side > 0) ++winding;
        if (e.a.y > p.y && side < 0) --winding;
    }
    return winding != 0;
}

}  // namespace huntsman::scenarios::streets
