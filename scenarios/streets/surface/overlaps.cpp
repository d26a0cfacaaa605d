#include "scenarios/streets/surface/overlaps.h"

#include <algorithm>
#include <tuple>

#include "scenarios/streets/surface/polygons.h"
#include "scenarios/streets/surface/triangulation.h"

namespace huntsman::scenarios::streets {

namespace math = engine::math;

namespace {

constexpr double kDepth_m = 0.15;   // sheets that share less are neighbours
constexpr double kStorey_m = 1.0;   // apart in height: they have nothing to do with each other
constexpr double kLeast_m2 = 0.02;  // smaller remains are dropped
constexpr std::size_t kMostTriangles = 1200;  // that one sheet is cut with
constexpr std::size_t kCovers = static_cast<std::size_t>(Cover::kCount);

struct Flat {
    Vec2 p[3];
    Vec2 lo, hi;
    double z = 0;
};

std::vector<Flat> flats_of(const Sheet& sheet) {
    std::vector<Flat> out;
    out.reserve(sheet.triangles.size());
    for (const Sheet::Triangle& t : sheet.triangles) {
        Flat flat;
        flat.lo = Vec2(1e30);
        flat.hi = Vec2(-1e30);
        for (unsigned i = 0; i < 3; ++i) {
            const SheetVertex& v = sheet.vertices[t.v[i]];
            flat.p[i] = to_metres(v.xy);
            flat.lo = glm::min(flat.lo, flat.p[i]);
            flat.hi = glm::max(flat.hi, flat.p[i]);
            flat.z += to_metres(v.z) / 3.0;
        }
        out.push_back(flat);
    }
    return out;
}

// Whether two triangles share more than a rim of `kDepth_m`, by separating axes.
bool share(const Flat& a, const Flat& b) {
    for (const Flat* one : {&a, &b}) {
        for (unsigned i = 0; i < 3; ++i) {
            const Vec2 side = one->p[(i + 1) % 3] - one->p[i];
            const double length = glm::length(side);
            if (length < 1e-6) return false;
            const Vec2 axis = math::perp(side) / length;
            double a0 = 1e30, a1 = -1e30, b0 = 1e30, b1 = -1e30;
            for (unsigned k = 0; k < 3; ++k) {
                a0 = std::min(a0, glm::dot(axis, a.p[k]));
                a1 = std::max(a1, glm::dot(axis, a.p[k]));
                b0 = std::min(b0, glm::dot(axis, b.p[k]));
                b1 = std::max(b1, glm::dot(axis, b.p[k]));
            }
            if (std::min(a1, b1) - std::max(a0, b0) < kDepth_m) return false;
        }
    }
    return true;
}

Ring ring_of(const Sheet& sheet, const Sheet::Triangle& t) {
    return {sheet.vertices[t.v[0]].xy, sheet.vertices[t.v[1]].xy, sheet.vertices[t.v[2]].xy};
}

// The sheet's own height and the rest of a vertex at a point of one cover.
SheetVertex vertex_at(const Sheet& sheet, Cover cover, const LatticePoint& p) {
    const Vec2 q = to_metres(p);
    SheetVertex best;
    double outside = 1e30;
    for (const Sheet::Triangle& t : sheet.triangles) {
        if (t.cover != cover) continue;
        const SheetVertex* v[3] = {&sheet.vertices[t.v[0]], &sheet.vertices[t.v[1]],
                                   &sheet.vertices[t.v[2]]};
        const Vec2 a = to_metres(v[0]->xy), b = to_metres(v[1]->xy), c = to_metres(v[2]->xy);
        const double all = math::cross(b - a, c - a);
        if (all <= 0) continue;
        const double w[3] = {math::cross(c - b, q - b) / all, math::cross(a - c, q - c) / all,
                             math::cross(b - a, q - a) / all};
        const double miss = -std::min({w[0], w[1], w[2], 0.0});
        if (miss >= outside) continue;
        outside = miss;
        best = *v[0];
        double z = 0;
        best.normal = Vec3(0);
        best.st = Vec2(0);
        for (unsigned i = 0; i < 3; ++i) {
            z += w[i] * static_cast<double>(v[i]->z);
            best.normal += w[i] * v[i]->normal;
            best.st += w[i] * v[i]->st;
        }
        best.z = std::llround(z);
        best.normal = glm::normalize(best.normal);
        if (miss == 0) break;
    }
    best.xy = p;
    return best;
}

// The sheet without `gone[cover]`.
Sheet without(const Sheet& sheet, const std::vector<Rings>& gone) {
    Sheet out;
    out.lanes = sheet.lanes;
    for (std::size_t k = 0; k < kCovers; ++k) {
        const auto cover = static_cast<Cover>(k);
        Rings whole;
        Bounds box = bounds_of(gone[k]);
        std::vector<const Sheet::Triangle*> touched;
        for (const Sheet::Triangle& t : sheet.triangles) {
            if (t.cover != cover) continue;
            const Ring ring = ring_of(sheet, t);
            if (!gone[k].empty() && bounds_of(ring).overlaps(box)) {
                touched.push_back(&t);
                if (area_m2(ring) > 0) whole.push_back(ring);
                continue;
            }
            Sheet::Triangle copy = t;
            for (std::uint32_t& v : copy.v) {
                out.vertices.push_back(sheet.vertices[v]);
                v = static_cast<std::uint32_t>(out.vertices.size() - 1);
            }
            out.triangles.push_back(copy);
        }
        if (whole.empty()) continue;
        Rings left = subtract(unite(whole), gone[k]);
        std::erase_if(left, [](const Ring& r) { return std::abs(area_m2(r)) < kLeast_m2; });
        if (left.empty()) continue;
        const Bounds bounds = bounds_of(left);
        if (!Triangulation::fits(bounds.lo, bounds.hi)) continue;
        Triangulation mesh(bounds.lo, bounds.hi);
        mesh.add_rings(left);
        // Its own points within keep its shape.
        const InsideTest inside(left);
        for (const Sheet::Triangle* t : touched) {
            for (const std::uint32_t v : t->v) {
                const LatticePoint& p = sheet.vertices[v].xy;
                if (inside(to_metres(p))) mesh.add_point(p);
            }
        }
        std::vector<std::uint32_t> names(mesh.points().size(), UINT32_MAX);
        for (const Triangulation::Triangle& t : mesh.triangles()) {
            Vec2 centre(0, 0);
            for (const std::uint32_t v : t.points) centre += to_metres(mesh.points()[v]) / 3.0;
            if (!inside(centre)) continue;
            Sheet::Triangle triangle{{}, cover};
            for (unsigned i = 0; i < 3; ++i) {
                std::uint32_t& name = names[t.points[i]];
                if (name == UINT32_MAX) {
                    name = static_cast<std::uint32_t>(out.vertices.size());
                    out.vertices.push_back(vertex_at(sheet, cover, mesh.points()[t.points[i]]));
                }
                triangle.v[i] = name;
            }
            out.triangles.push_back(triangle);
        }
    }
    return out;
}

}  // namespace

int strength(Cover cover) {
    switch (cover) {
        case Cover::kAsphalt:
            return 6;
        case Cover::kCycleway:
            return 5;
        case Cover::kGravel:
            return 4;
        case Cover::kPaving:
        case Cover::kKerbStone:
            return 3;
        case Cover::kIsland:
            return 2;
        case Cover::kGutter:
            return 1;
        case Cover::kGrass:
        case Cover::kCount:
            break;
    }
    return 0;
}

std::vector<Meeting> find_meetings(const std::vector<Sheet>& coarse) {
    std::vector<std::vector<Flat>> flats;
    std::vector<Vec2> lo(coarse.size(), Vec2(1e30)), hi(coarse.size(), Vec2(-1e30));
    for (std::size_t s = 0; s < coarse.size(); ++s) {
        flats.push_back(flats_of(coarse[s]));
        for (const Flat& f : flats.back()) {
            lo[s] = glm::min(lo[s], f.lo);
            hi[s] = glm::max(hi[s], f.hi);
        }
    }
    const auto apart = [](const Vec2& alo, const Vec2& ahi, const Vec2& blo, const Vec2& bhi) {
        return alo.x > bhi.x - kDepth_m || blo.x > ahi.x - kDepth_m || alo.y > bhi.y - kDepth_m ||
               blo.y > ahi.y - kDepth_m;
    };
    // By their left borders, so that each is compared with few.
    std::vector<std::uint32_t> order(coarse.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return lo[a].x < lo[b].x; });
    std::vector<Meeting> meetings;
    for (std::size_t i = 0; i < order.size(); ++i) {
        for (std::size_t j = i + 1; j < order.size(); ++j) {
            const std::uint32_t a = std::min(order[i], order[j]), b = std::max(order[i], order[j]);
            if (lo[order[j]].x > hi[order[i]].x) break;
            if (apart(lo[a], hi[a], lo[b], hi[b])) continue;
            bool meet = false;
            for (std::size_t x = 0; x < flats[a].size() && !meet; ++x) {
                const Flat& f = flats[a][x];
                if (apart(f.lo, f.hi, lo[b], hi[b])) continue;
                for (const Flat& g : flats[b]) {
                    if (apart(f.lo, f.hi, g.lo, g.hi) || std::abs(f.z - g.z) > kStorey_m) continue;
                    if (!share(f, g)) continue;
                    meet = true;
                    break;
                }
            }
            if (!meet) continue;
            meetings.push_back({a, b});
            meetings.push_back({b, a});
        }
    }
    std::sort(meetings.begin(), meetings.end(), [](const Meeting& a, const Meeting& b) {
        return std::tie(a.weaker, a.stronger) < std::tie(b.weaker, b.stronger);
    });
    return meetings;
}

void cut_meetings(const std::vector<Meeting>& meetings, std::vector<Sheet>& sheets) {
    std::vector<std::pair<std::uint32_t, Sheet>> fresh;
    for (std::size_t i = 0; i < meetings.size();) {
        const std::uint32_t name = meetings[i].weaker;
        const Sheet& sheet = sheets[name];
        Bounds box;
        for (const SheetVertex& v : sheet.vertices) box.add(v.xy);
        // What of it lies under stronger ground.
        std::vector<Rings> gone(kCovers);
        for (; i < meetings.size() && meetings[i].weaker == name; ++i) {
            const std::uint32_t other = meetings[i].stronger;
            for (const Sheet::Triangle& t : sheets[other].triangles) {
                const Ring ring = ring_of(sheets[other], t);
                if (area_m2(ring) <= 0 || !bounds_of(ring).overlaps(box)) continue;
                for (std::size_t k = 0; k < kCovers; ++k) {
                    const int mine = strength(static_cast<Cover>(k)), theirs = strength(t.cover);
                    if (theirs > mine || (theirs == mine && other < name)) gone[k].push_back(ring);
                }
            }
        }
        // A road wound many times over itself is left as it is.
        std::size_t count = 0;
        for (const Rings& rings : gone) count = std::max(count, rings.size());
        if (count > kMostTriangles) continue;
        for (Rings& rings : gone) {
            if (!rings.empty()) rings = unite(rings);
        }
        fresh.emplace_back(name, without(sheet, gone));
    }
    for (auto& [name, sheet] : fresh) sheets[name] = std::move(sheet);
}

}  // namespace huntsman::scenarios::streets
