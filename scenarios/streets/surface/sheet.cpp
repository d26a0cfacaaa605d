#include "scenarios/streets/surface/sheet.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "engine/core/check.h"
#include "scenarios/streets/surface/lane_wear.h"

namespace huntsman::scenarios::streets {

namespace math = engine::math;
namespace world = engine::world;

namespace {

// Border points of two patches closer than this in plan are one point: what maps leave open where
// roads join is rarely more.
constexpr double kSnap_m = 0.02;
// Heights that differ by less become one; more is a step that the map wants.
constexpr double kSnapHeight_m = 0.03;
// Sheets that lie farther above each other than this have nothing to do with each other.
constexpr double kStorey_m = 1.0;
// A point this close to a border lies on it.
constexpr double kOnBorder_m = 0.004;

struct Edge {
    LatticePoint p, q;  // p < q
    std::int64_t zp = 0, zq = 0;
    bool forward = true;  // whether the triangle runs from p to q
    std::uint32_t sheet = 0, triangle = 0;
    unsigned side = 0;
};

bool plan_less(const Edge& a, const Edge& b) { return std::tie(a.p, a.q) < std::tie(b.p, b.q); }

// Edges of a sheet that no other triangle of it shares by its vertices' names. Most edges go here,
// before their places are looked at.
void edges_of(const Sheet& sheet, std::uint32_t name, std::vector<Edge>& edges) {
    // Edges by their lower vertex.
    struct Named {
        std::uint32_t high = 0, triangle = 0, side = 0;
        bool forward = true, done = false;
    };
    std::vector<std::uint32_t> begin(sheet.vertices.size() + 1, 0);
    const auto ends = [&](std::uint32_t t, unsigned i) {
        return std::pair(sheet.triangles[t].v[i], sheet.triangles[t].v[i == 2 ? 0 : i + 1]);
    };
    const auto count = static_cast<std::uint32_t>(sheet.triangles.size());
    for (std::uint32_t t = 0; t < count; ++t) {
        for (unsigned i = 0; i < 3; ++i) {
            const auto [a, b] = ends(t, i);
            ++begin[std::min(a, b) + 1];
        }
    }
    for (std::size_t v = 0; v + 1 < begin.size(); ++v) begin[v + 1] += begin[v];
    std::vector<Named> named(3 * static_cast<std::size_t>(count));
    std::vector<std::uint32_t> next(begin.begin(), begin.end() - 1);
    for (std::uint32_t t = 0; t < count; ++t) {
        for (unsigned i = 0; i < 3; ++i) {
            const auto [a, b] = ends(t, i);
            // One that runs the other way closes it.
            const std::uint32_t low = std::min(a, b), high = std::max(a, b);
            bool closed = false;
            for (std::uint32_t k = begin[low]; k < next[low] && !closed; ++k) {
                Named& other = named[k];
                if (other.done || other.high != high || other.forward == (a < b)) continue;
                other.done = closed = true;
            }
            if (!closed) named[next[low]++] = {high, t, i, a < b, false};
        }
    }
    for (std::uint32_t low = 0; low + 1 < begin.size(); ++low) {
        for (std::uint32_t k = begin[low]; k < next[low]; ++k) {
            if (named[k].done) continue;
            const std::uint32_t t = named[k].triangle, i = named[k].side;
            const SheetVertex& a = sheet.vertices[ends(t, i).first];
            const SheetVertex& b = sheet.vertices[ends(t, i).second];
            if (a.xy == b.xy && a.z == b.z) continue;
            if (a.xy < b.xy) {
                edges.push_back({a.xy, b.xy, a.z, b.z, true, name, t, i});
            } else {
                edges.push_back({b.xy, a.xy, b.z, a.z, false, name, t, i});
            }
        }
    }
}

// Sorts edges by place and drops those that meet their opposite at the same height.
void cancel(std::vector<Edge>& edges) {
    std::sort(edges.begin(), edges.end(), [](const Edge& a, const Edge& b) {
        return std::tie(a.p, a.q, a.zp, a.zq, a.forward, a.sheet, a.triangle, a.side) <
               std::tie(b.p, b.q, b.zp, b.zq, b.forward, b.sheet, b.triangle, b.side);
    });
    std::vector<Edge> left;
    for (std::size_t i = 0; i < edges.size();) {
        std::size_t end = i, backward = 0;
        while (end < edges.size() && edges[end].p == edges[i].p && edges[end].q == edges[i].q &&
               edges[end].zp == edges[i].zp && edges[end].zq == edges[i].zq) {
            if (!edges[end].forward) ++backward;
            ++end;
        }
        // Backward ones come first; as many of each kind cancel.
        const std::size_t forward = end - i - backward, pairs = std::min(forward, backward);
        for (std::size_t k = pairs; k < backward; ++k) left.push_back(edges[i + k]);
        for (std::size_t k = pairs; k < forward; ++k) left.push_back(edges[i + backward + k]);
        i = end;
    }
    edges = std::move(left);
}

// Edges of a sheet that none of its own triangles closes, at any place.
std::vector<Edge> own_edges(const std::vector<Sheet>& sheets, std::uint32_t name) {
    std::vector<Edge> edges;
    edges_of(sheets[name], name, edges);
    cancel(edges);
    return edges;
}

// Those of many sheets, kept between looks: most sheets do not change from one to the next.
class OpenEdges {
  public:
    explicit OpenEdges(const std::vector<Sheet>& sheets) : sheets_(sheets), own_(sheets.size()) {
        for (std::uint32_t s = 0; s < sheets.size(); ++s) own_[s] = own_edges(sheets, s);
    }
    void renew(std::uint32_t sheet) { own_[sheet] = own_edges(sheets_, sheet); }
    // All edges that no triangle of any sheet closes at the same height.
    std::vector<Edge> all() const {
        std::vector<Edge> out;
        for (const std::vector<Edge>& edges : own_)
            out.insert(out.end(), edges.begin(), edges.end());
        cancel(out);
        return out;
    }

  private:
    const std::vector<Sheet>& sheets_;
    std::vector<std::vector<Edge>> own_;
};

// Points by square cells of the plan; only looked up, never walked through. Where roads are wound
// over each other hundreds of times the rest is left out.
class PointGrid {
  public:
    explicit PointGrid(double cell_m) : cell_(to_lattice(cell_m)) {}
    void add(const LatticePoint& p, std::uint32_t name) {
        auto& cell = cells_[key(p.x / cell_ - (p.x < 0), p.y / cell_ - (p.y < 0))];
        if (cell.size() < kMostInCell) cell.push_back(name);
    }
    template <typename Visit>
    void near(const LatticePoint& lo, const LatticePoint& hi, Visit visit) const {
        const auto index = [&](std::int64_t v) { return v / cell_ - (v < 0); };
        for (std::int64_t x = index(lo.x); x <= index(hi.x); ++x) {
            for (std::int64_t y = index(lo.y); y <= index(hi.y); ++y) {
                const auto cell = cells_.find(key(x, y));
                if (cell == cells_.end()) continue;
                for (const std::uint32_t name : cell->second) visit(name);
            }
        }
    }

  private:
    static constexpr std::size_t kMostInCell = 500;
    static std::uint64_t key(std::int64_t x, std::int64_t y) {
        return static_cast<std::uint64_t>(x) << 32 ^ (static_cast<std::uint64_t>(y) & 0xffffffffU);
    }
    std::int64_t cell_;
    std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> cells_;
};

double squared(const LatticePoint& a, const LatticePoint& b) {
    const auto x = static_cast<double>(a.x - b.x), y = static_cast<double>(a.y - b.y);
    return x * x + y * y;
}

// Returns which sheets moved.
std::vector<bool> snap(std::vector<Sheet>& sheets, const std::vector<Edge>& open) {
    std::vector<bool> moved(sheets.size(), false);
    const std::int64_t storey = to_lattice(kStorey_m);
    const auto reach = static_cast<std::int64_t>(kSnap_m / kLattice_m);
    // Border vertices in the order of the sheets.
    std::vector<std::pair<std::uint32_t, std::uint32_t>> border;
    for (const Edge& e : open) {
        const auto& triangle = sheets[e.sheet].triangles[e.triangle];
        border.emplace_back(e.sheet, triangle.v[e.side]);
        border.emplace_back(e.sheet, triangle.v[e.side == 2 ? 0 : e.side + 1]);
    }
    std::sort(border.begin(), border.end());
    border.erase(std::unique(border.begin(), border.end()), border.end());

    // Each goes to the closest of those before it that belong to another patch. The original
    // places decide, so that chains of near points do not creep.
    struct Anchor {
        LatticePoint xy;
        std::int64_t z;
        std::uint32_t patch;
    };
    std::vector<Anchor> anchors;
    PointGrid grid(0.25);
    for (const auto& [s, v] : border) {
        SheetVertex& vertex = sheets[s].vertices[v];
        const LatticePoint lo{vertex.xy.x - reach, vertex.xy.y - reach},
            hi{vertex.xy.x + reach, vertex.xy.y + reach};
        double best2 = math::square(static_cast<double>(reach));
        const Anchor* best = nullptr;
        grid.near(lo, hi, [&](std::uint32_t name) {
            const Anchor& anchor = anchors[name];
            if (anchor.patch == vertex.patch || std::abs(anchor.z - vertex.z) > storey) return;
            const double d2 = squared(anchor.xy, vertex.xy);
            if (d2 < best2 || (d2 == best2 && best == nullptr)) {
                best2 = d2;
                best = &anchor;
            }
        });
        if (best != nullptr) {
            // Among the anchors at that place, the one of the nearest height.
            const LatticePoint xy = best->xy;
            std::int64_t step = to_lattice(kSnapHeight_m) + 1, z = vertex.z;
            grid.near(xy, xy, [&](std::uint32_t name) {
                const Anchor& anchor = anchors[name];
                if (anchor.xy != xy || std::abs(anchor.z - vertex.z) >= step) return;
                step = std::abs(anchor.z - vertex.z);
                z = anchor.z;
            });
            if (vertex.xy != xy || vertex.z != z) moved[s] = true;
            vertex.xy = xy;
            vertex.z = z;
        }
        grid.add(vertex.xy, static_cast<std::uint32_t>(anchors.size()));
        anchors.push_back({vertex.xy, vertex.z, vertex.patch});
    }
    return moved;
}

// Whether the ear (h, i, j) of a counter-clockwise polygon may be cut off.
bool is_ear(const std::vector<SheetVertex>& vertices, const std::vector<std::uint32_t>& polygon,
            std::size_t h, std::size_t i, std::size_t j) {
    const auto at = [&](std::size_t k) { return vertices[polygon[k]].xy; };
    const auto turn = [](const LatticePoint& a, const LatticePoint& b, const LatticePoint& c) {
        return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
    };
    if (turn(at(h), at(i), at(j)) <= 0) return false;
    for (std::size_t k = 0; k < polygon.size(); ++k) {
        if (k == h || k == i || k == j) continue;
        if (turn(at(h), at(i), at(k)) > 0 && turn(at(i), at(j), at(k)) > 0 &&
            turn(at(j), at(h), at(k)) > 0) {
            return false;
        }
    }
    return true;
}

// Replaces a triangle by a fan through the points on its sides (by side, in its direction).
void split(Sheet& sheet, std::uint32_t triangle,
           const std::array<std::vector<std::uint32_t>, 3>& on_sides) {
    const Sheet::Triangle whole = sheet.triangles[triangle];
    std::vector<std::uint32_t> polygon;
    for (unsigned i = 0; i < 3; ++i) {
        polygon.push_back(whole.v[i]);
        polygon.insert(polygon.end(), on_sides[i].begin(), on_sides[i].end());
    }
    bool first = true;
    const auto emit = [&](std::uint32_t a, std::uint32_t b, std::uint32_t c) {
        if (first) {
            sheet.triangles[triangle] = {{a, b, c}, whole.cover, whole.lane};
        } else {
            sheet.triangles.push_back({{a, b, c}, whole.cover, whole.lane});
        }
        first = false;
    };
    while (polygon.size() > 3) {
        const std::size_t n = polygon.size();
        std::size_t ear = n;
        for (std::size_t i = 0; i < n && ear == n; ++i) {
            if (is_ear(sheet.vertices, polygon, (i + n - 1) % n, i, (i + 1) % n)) ear = i;
        }
        // Points that rounding put on one line still leave a fan without area.
        if (ear == n) ear = 1;
        emit(polygon[(ear + n - 1) % n], polygon[ear], polygon[(ear + 1) % n]);
        polygon.erase(polygon.begin() + static_cast<std::ptrdiff_t>(ear));
    }
    emit(polygon[0], polygon[1], polygon[2]);
}

// Returns which sheets changed.
std::vector<bool> split_borders(std::vector<Sheet>& sheets, const std::vector<Edge>& all) {
    std::vector<bool> changed(sheets.size(), false);
    // Only edges without an opposite at any height can need points; their ends are the points.
    std::vector<const Edge*> open;
    for (std::size_t i = 0; i < all.size();) {
        std::size_t end = i;
        bool forward = false, backward = false;
        while (end < all.size() && !plan_less(all[i], all[end])) {
            (all[end].forward ? forward : backward) = true;
            ++end;
        }
        if (!(forward && backward)) {
            for (; i < end; ++i) open.push_back(&all[i]);
        }
        i = end;
    }
    struct Point {
        LatticePoint xy;
        std::int64_t z;
    };
    std::vector<Point> points;
    PointGrid grid(2.0);
    for (const Edge* e : open) {
        for (const Point& p : {Point{e->p, e->zp}, Point{e->q, e->zq}}) {
            grid.add(p.xy, static_cast<std::uint32_t>(points.size()));
            points.push_back(p);
        }
    }

    // Points on each open edge, by triangle.
    struct Cut {
        double along;
        std::uint32_t point;
    };
    std::sort(open.begin(), open.end(), [](const Edge* a, const Edge* b) {
        return std::tie(a->sheet, a->triangle, a->side) < std::tie(b->sheet, b->triangle, b->side);
    });
    const double near = kOnBorder_m / kLattice_m;
    const auto margin = static_cast<std::int64_t>(near) + 1;
    const std::int64_t storey = to_lattice(kStorey_m), level = to_lattice(kSnapHeight_m);
    for (std::size_t i = 0; i < open.size();) {
        Sheet& sheet = sheets[open[i]->sheet];
        const std::uint32_t triangle = open[i]->triangle;
        std::array<std::vector<std::uint32_t>, 3> on_sides;
        bool any = false;
        const std::size_t first = i;
        for (; i < open.size() && open[i]->sheet == open[first]->sheet &&
               open[i]->triangle == triangle;
             ++i) {
            const unsigned side = open[i]->side;
            const SheetVertex a = sheet.vertices[sheet.triangles[triangle].v[side]];
            const SheetVertex b = sheet.vertices[sheet.triangles[triangle].v[(side + 1) % 3]];
            const Vec2 ab(static_cast<double>(b.xy.x - a.xy.x),
                          static_cast<double>(b.xy.y - a.xy.y));
            const double length2 = glm::dot(ab, ab);
            if (length2 < 4 * near * near) continue;
            std::vector<Cut> cuts;
            const LatticePoint lo{std::min(a.xy.x, b.xy.x) - margin,
                                  std::min(a.xy.y, b.xy.y) - margin},
                hi{std::max(a.xy.x, b.xy.x) + margin, std::max(a.xy.y, b.xy.y) + margin};
            grid.near(lo, hi, [&](std::uint32_t name) {
                const Point& p = points[name];
                const Vec2 ap(static_cast<double>(p.xy.x - a.xy.x),
                              static_cast<double>(p.xy.y - a.xy.y));
                const double u = glm::dot(ap, ab) / length2;
                if (u <= 0 || u >= 1 || std::abs(math::cross(ab, ap)) > near * std::sqrt(length2))
                    return;
                if (p.xy == a.xy || p.xy == b.xy) return;
                const double z = (1 - u) * static_cast<double>(a.z) + u * static_cast<double>(b.z);
                if (std::abs(static_cast<double>(p.z) - z) > static_cast<double>(storey)) return;
                cuts.push_back({u, name});
            });
            std::sort(cuts.begin(), cuts.end(), [](const Cut& l, const Cut& r) {
                return std::tie(l.along, l.point) < std::tie(r.along, r.point);
            });
            for (std::size_t c = 0; c < cuts.size(); ++c) {
                const LatticePoint xy = points[cuts[c].point].xy;
                if (c > 0 && points[cuts[c - 1].point].xy == xy) continue;
                // Its height: that of the closest of the points there, if it is close.
                const double u = cuts[c].along;
                SheetVertex v;
                v.xy = xy;
                v.z =
                    std::llround((1 - u) * static_cast<double>(a.z) + u * static_cast<double>(b.z));
                std::int64_t step = level, z = v.z;
                for (const Cut& other : cuts) {
                    const Point& p = points[other.point];
                    if (p.xy != xy || std::abs(p.z - v.z) >= step) continue;
                    step = std::abs(p.z - v.z);
                    z = p.z;
                }
                v.z = z;
                v.normal = glm::normalize((1 - u) * a.normal + u * b.normal);
                v.st = (1 - u) * a.st + u * b.st;
                v.patch = a.patch;
                on_sides[side].push_back(static_cast<std::uint32_t>(sheet.vertices.size()));
                sheet.vertices.push_back(v);
                any = true;
            }
        }
        if (!any) continue;
        changed[open[first]->sheet] = true;
        split(sheet, triangle, on_sides);
    }
    return changed;
}

void drop_empty(Sheet& sheet) {
    std::erase_if(sheet.triangles, [&](const Sheet::Triangle& t) {
        const auto same = [&](unsigned i, unsigned j) {
            const SheetVertex &a = sheet.vertices[t.v[i]], &b = sheet.vertices[t.v[j]];
            return a.xy == b.xy && a.z == b.z;
        };
        return same(0, 1) || same(1, 2) || same(2, 0);
    });
}

}  // namespace

void add_span(const Span& span, const std::vector<std::uint32_t>& kept, std::uint32_t patch,
              Sheet& sheet) {
    const auto rows = static_cast<std::uint32_t>(kept.size());
    std::vector<std::uint32_t> names;       // of this lane: row by row
    std::vector<std::uint32_t> last_names;  // of the last column of the lane before
    for (std::size_t k = 0; k < span.lanes.size(); ++k) {
        const LaneStrip& lane = span.lanes[k];
        const std::uint32_t n = lane.columns();
        // Lanes that lie at one height share the points between them.
        bool joined = k > 0;
        for (std::uint32_t r = 0; r < rows && joined; ++r) {
            const SurfacePoint &here = span.at(kept[r], lane.first_column),
                               &there = span.at(kept[r], lane.first_column - 1);
            joined = here.xy == there.xy && here.z == there.z;
        }
        names.clear();
        for (std::uint32_t r = 0; r < rows; ++r) {
            for (std::uint32_t c = 0; c < n; ++c) {
                if (c == 0 && joined) {
                    names.push_back(last_names[r]);
                    continue;
                }
                const SurfacePoint& p = span.at(kept[r], lane.first_column + c);
                names.push_back(static_cast<std::uint32_t>(sheet.vertices.size()));
                sheet.vertices.push_back({p.xy, p.z, p.normal, p.st, patch});
            }
        }
        last_names.clear();
        for (std::uint32_t r = 0; r < rows; ++r) last_names.push_back(names[r * n + n - 1]);

        const world::LaneUse use = use_of(span, k);
        const std::uint32_t name =
            span.road * 1024U + span.section * 32U + static_cast<std::uint32_t>(lane.lane + 16);
        for (std::uint32_t r = 0; r + 1 < rows; ++r) {
            for (std::uint32_t c = 0; c + 1 < n; ++c) {
                // l0 r0 at the start, l1 r1 at the end; columns run from left to right.
                const std::uint32_t l0 = names[r * n + c], r0 = names[r * n + c + 1],
                                    l1 = names[(r + 1) * n + c], r1 = names[(r + 1) * n + c + 1];
                const auto& v = sheet.vertices;
                const auto add = [&](std::uint32_t a, std::uint32_t b, std::uint32_t d) {
                    // Folded or empty triangles (inside of tight bends, tapers) are left out.
                    const LatticePoint &pa = v[a].xy, &pb = v[b].xy, &pd = v[d].xy;
                    const std::int64_t turn =
                        (pb.x - pa.x) * (pd.y - pa.y) - (pb.y - pa.y) * (pd.x - pa.x);
                    const bool taper = (pa == pb && v[a].z == v[b].z) ||
                                       (pb == pd && v[b].z == v[d].z) ||
                                       (pd == pa && v[d].z == v[a].z);
                    if (turn < 0 || taper) return;
                    std::uint32_t map = world::kNone;
                    if (lane.covers[c] == Cover::kAsphalt && use != world::LaneUse::kOther) {
                        map = static_cast<std::uint32_t>(sheet.lanes.size());
                        const auto place = [&](std::uint32_t vertex) {
                            const bool second = vertex == l1 || vertex == r1;
                            const std::uint32_t row = kept[second ? r + 1 : r];
                            const std::uint32_t column = vertex == l0 || vertex == l1 ? c : c + 1;
                            return place_in_lane(span, lane, row, column);
                        };
                        sheet.lanes.push_back(
                            lane_map({to_metres(pa), to_metres(pb), to_metres(pd)},
                                     {place(a), place(b), place(d)}));
                        sheet.lanes.back().use = use;
                        sheet.lanes.back().name = name;
                    }
                    sheet.triangles.push_back({{a, b, d}, lane.covers[c], map});
                };
                // The shorter diagonal.
                if (squared(v[l0].xy, v[r1].xy) <= squared(v[r0].xy, v[l1].xy)) {
                    add(l0, r0, r1);
                    add(l0, r1, l1);
                } else {
                    add(l0, r0, l1);
                    add(r0, r1, l1);
                }
            }
        }
    }
}

void weld(std::vector<Sheet>& sheets) {
    OpenEdges edges(sheets);
    const auto renew = [&](const std::vector<bool>& which) {
        bool any = false;
        for (std::uint32_t s = 0; s < sheets.size(); ++s) {
            if (!which[s]) continue;
            any = true;
            drop_empty(sheets[s]);
            edges.renew(s);
        }
        return any;
    };
    renew(snap(sheets, edges.all()));
    // A split may bring up a point that lies on another border: twice is enough in practice.
    for (int round = 0; round < 2; ++round) {
        if (!renew(split_borders(sheets, edges.all()))) break;
    }
}

namespace {

// Pairs edges at one place that run against each other, the nearest in height first; `meet` is
// called for each pair of sides, `alone` for each edge that is left.
template <typename Meet, typename Alone>
void match(const std::vector<Edge>& open, Meet meet, Alone alone) {
    const std::int64_t storey = to_lattice(kStorey_m);
    for (std::size_t i = 0; i < open.size();) {
        std::size_t end = i;
        while (end < open.size() && !plan_less(open[i], open[end])) ++end;
        std::vector<bool> done(end - i, false);
        for (std::size_t k = i; k < end; ++k) {
            if (done[k - i]) continue;
            std::size_t best = end;
            std::int64_t least = 2 * storey;
            for (std::size_t m = k + 1; m < end; ++m) {
                if (done[m - i] || open[m].forward == open[k].forward) continue;
                const std::int64_t gap =
                    std::abs(open[m].zp - open[k].zp) + std::abs(open[m].zq - open[k].zq);
                if (gap < least) {
                    least = gap;
                    best = m;
                }
            }
            if (best == end) continue;
            done[k - i] = done[best - i] = true;
            meet(open[k], open[best]);
        }
        for (std::size_t k = i; k < end; ++k) {
            if (!done[k - i]) alone(open[k]);
        }
        i = end;
    }
}

OutlineEdge outline_edge(const std::vector<Sheet>& sheets, const Edge& e) {
    OutlineEdge edge;
    edge.a = e.forward ? e.p : e.q;
    edge.b = e.forward ? e.q : e.p;
    edge.a_z = e.forward ? e.zp : e.zq;
    edge.b_z = e.forward ? e.zq : e.zp;
    edge.sheet = e.sheet;
    edge.cover = sheets[e.sheet].triangles[e.triangle].cover;
    return edge;
}

}  // namespace

std::vector<OutlineEdge> open_sides(const std::vector<Sheet>& sheets,
                                    const std::vector<bool>& take) {
    std::vector<OutlineEdge> out;
    std::vector<Edge> open;
    for (std::uint32_t s = 0; s < sheets.size(); ++s) {
        if (!take[s]) continue;
        const std::vector<Edge> own = own_edges(sheets, s);
        open.insert(open.end(), own.begin(), own.end());
    }
    cancel(open);
    match(
        open, [](const Edge&, const Edge&) {},
        [&](const Edge& e) {
            if (e.p != e.q) out.push_back(outline_edge(sheets, e));
        });
    return out;
}

std::vector<OutlineEdge> close_sides(std::vector<Sheet>& sheets) {
    std::vector<OutlineEdge> outline;
    match(
        OpenEdges(sheets).all(),
        [&](const Edge& x, const Edge& y) {
            const bool x_above = x.zp + x.zq > y.zp + y.zq;
            const Edge &high = x_above ? x : y, &low = x_above ? y : x;
            const OutlineEdge top = outline_edge(sheets, high);
            const bool f = high.forward;
            sheets[high.sheet].walls.push_back({top.a, top.b, top.a_z, top.b_z, f ? low.zp : low.zq,
                                                f ? low.zq : low.zp, top.cover, false});
        },
        [&](const Edge& e) {
            if (e.p == e.q) return;
            const OutlineEdge edge = outline_edge(sheets, e);
            const std::int64_t depth = to_lattice(kSkirt_m);
            outline.push_back(edge);
            sheets[e.sheet].walls.push_back({edge.a, edge.b, edge.a_z, edge.b_z, edge.a_z - depth,
                                             edge.b_z - depth, edge.cover, true});
        });
    return outline;
}

}  // namespace huntsman::scenarios::streets
