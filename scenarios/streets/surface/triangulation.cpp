#include "scenarios/streets/surface/triangulation.h"

#include <algorithm>
#include <deque>

#include "engine/core/check.h"
#include "scenarios/streets/surface/snap_rounding.h"

namespace huntsman::scenarios::streets {

namespace {

__extension__ using Wide = __int128;

// Twice the signed area of abc: positive where c lies left of ab.
std::int64_t turn(const LatticePoint& a, const LatticePoint& b, const LatticePoint& c) {
    return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

// Whether d lies inside the circle through a, b, c (counter-clockwise).
bool in_circle(const LatticePoint& a, const LatticePoint& b, const LatticePoint& c,
               const LatticePoint& d) {
    const std::int64_t ax = a.x - d.x, ay = a.y - d.y, bx = b.x - d.x, by = b.y - d.y,
                       cx = c.x - d.x, cy = c.y - d.y;
    const Wide aa = ax * ax + ay * ay, bb = bx * bx + by * by, cc = cx * cx + cy * cy;
    return aa * (bx * cy - by * cx) - bb * (ax * cy - ay * cx) + cc * (ax * by - ay * bx) > 0;
}

constexpr unsigned next(unsigned i) { return i == 2 ? 0 : i + 1; }
constexpr unsigned before(unsigned i) { return i == 0 ? 2 : i - 1; }

// Largest coordinate difference for which no predicate overflows.
constexpr std::int64_t kSpan = std::int64_t{1} << 30;

}  // namespace

bool Triangulation::fits(const LatticePoint& lo, const LatticePoint& hi) {
    // The own box is twice as wide.
    return lo.x <= hi.x && lo.y <= hi.y && hi.x - lo.x < kSpan / 3 && hi.y - lo.y < kSpan / 3;
}

Triangulation::Triangulation(const LatticePoint& lo, const LatticePoint& hi) {
    // The box is wide, so that its corners bend no triangle among the points.
    const std::int64_t margin = std::max<std::int64_t>(hi.x - lo.x, hi.y - lo.y) / 2 + 8192;
    points_ = {{lo.x - margin, lo.y - margin},
               {hi.x + margin, lo.y - margin},
               {hi.x + margin, hi.y + margin},
               {lo.x - margin, hi.y + margin}};
    HM_CHECK(fits(lo, hi), "a triangulation of {} by {} steps", hi.x - lo.x, hi.y - lo.y);
    triangles_.push_back({{0, 1, 2}, {kNobody, kNobody, 1}, {}});
    triangles_.push_back({{0, 2, 3}, {0, kNobody, kNobody}, {}});
    triangle_of_ = {0, 0, 0, 1};
}

bool Triangulation::holds(std::uint32_t t, unsigned first, const LatticePoint& p,
                          Location& place) const {
    const Triangle& triangle = triangles_[t];
    unsigned zeros = 0, zero_side = 0;
    for (unsigned k = 0; k < 3; ++k) {
        const unsigned i = (k + first) % 3;
        const std::int64_t side =
            turn(points_[triangle.points[i]], points_[triangle.points[next(i)]], p);
        if (side < 0) {
            place = {t, i, Where::kBeyondSide};
            return false;
        }
        if (side == 0) {
            ++zeros;
            zero_side = i;
        }
    }
    place = {t, 0, Where::kInside};
    if (zeros == 0) return true;
    place = {t, zero_side, Where::kOnSide};
    for (unsigned i = 0; i < 3; ++i) {
        if (points_[triangle.points[i]] == p) place = {t, i, Where::kOnPoint};
    }
    return true;
}

Triangulation::Location Triangulation::locate(const LatticePoint& p) {
    // Walk towards p. Fixed edges keep triangles from being Delaunay ones, and among such a walk
    // may run in circles: one that takes more steps than there are triangles is given up.
    Location place;
    std::uint32_t t = last_;
    const auto count = static_cast<std::uint32_t>(triangles_.size());
    for (std::uint32_t step = 0; step < count; ++step) {
        if (holds(t, step % 3, p, place)) {
            last_ = t;
            return place;
        }
        t = triangles_[t].neighbour[place.corner];
        HM_CHECK(t != kNobody, "a point outside the box");
    }
    for (t = 0; t < count; ++t) {
        if (holds(t, 0, p, place)) break;
    }
    HM_CHECK(t < count, "no triangle holds ({}, {})", p.x, p.y);
    last_ = t;
    return place;
}

void Triangulation::link(std::uint32_t triangle, unsigned side, std::uint32_t other) {
    // `other` has the same side the other way round; both learn of each other.
    Triangle& t = triangles_[triangle];
    t.neighbour[side] = other;
    if (other == kNobody) return;
    Triangle& o = triangles_[other];
    for (unsigned i = 0; i < 3; ++i) {
        if (o.points[i] == t.points[next(side)] && o.points[next(i)] == t.points[side]) {
            o.neighbour[i] = triangle;
            return;
        }
    }
    HM_CHECK(false, "triangles {} and {} share no side", triangle, other);
}

unsigned Triangulation::side_to(std::uint32_t triangle, std::uint32_t neighbour) const {
    const Triangle& t = triangles_[triangle];
    for (unsigned i = 0; i < 3; ++i) {
        if (t.neighbour[i] == neighbour) return i;
    }
    HM_CHECK(false, "triangles {} and {} are no neighbours", triangle, neighbour);
}

void Triangulation::set_corner(std::uint32_t triangle) {
    for (const std::uint32_t p : triangles_[triangle].points) triangle_of_[p] = triangle;
}

void Triangulation::flip(std::uint32_t t, unsigned i) {
    // abc and bad become cad and dbc: the side ab turns into cd.
    const std::uint32_t o = triangles_[t].neighbour[i];
    const unsigned j = side_to(o, t);
    const Triangle tt = triangles_[t], oo = triangles_[o];
    const std::uint32_t a = tt.points[i], b = tt.points[next(i)], c = tt.points[before(i)],
                        d = oo.points[before(j)];
    triangles_[t] = {{c, a, d},
                     {tt.neighbour[before(i)], oo.neighbour[next(j)], o},
                     {tt.fixed[before(i)], oo.fixed[next(j)], false}};
    triangles_[o] = {{d, b, c},
                     {oo.neighbour[before(j)], tt.neighbour[next(i)], t},
                     {oo.fixed[before(j)], tt.fixed[next(i)], false}};
    for (const std::uint32_t q : {t, o}) {
        for (unsigned k = 0; k < 2; ++k) link(q, k, triangles_[q].neighbour[k]);
        set_corner(q);
    }
}

void Triangulation::legalise(std::uint32_t triangle, unsigned side) {
    // Sides opposite of the new point are tested; a flip brings up two more.
    struct Open {
        std::uint32_t triangle;
        unsigned side;
    };
    std::vector<Open> open{{triangle, side}};
    while (!open.empty()) {
        const auto [t, i] = open.back();
        open.pop_back();
        const Triangle& tt = triangles_[t];
        const std::uint32_t o = tt.neighbour[i];
        if (o == kNobody || tt.fixed[i]) continue;
        const std::uint32_t d = triangles_[o].points[before(side_to(o, t))];
        if (!in_circle(points_[tt.points[0]], points_[tt.points[1]], points_[tt.points[2]],
                       points_[d])) {
            continue;
        }
        flip(t, i);
        // The new point is the first of t and the last of o.
        open.push_back({t, 1});
        open.push_back({o, 0});
    }
}

std::uint32_t Triangulation::add_point(const LatticePoint& p) {
    const Location place = locate(p);
    if (place.where == Where::kOnPoint) return triangles_[place.triangle].points[place.corner];
    const auto v = static_cast<std::uint32_t>(points_.size());
    points_.push_back(p);
    triangle_of_.push_back(place.triangle);
    const auto made = static_cast<std::uint32_t>(triangles_.size());
    const std::uint32_t t = place.triangle;
    const Triangle tt = triangles_[t];
    if (place.where == Where::kInside) {
        triangles_.resize(made + 2);
        const std::uint32_t names[3] = {t, made, made + 1};
        for (unsigned i = 0; i < 3; ++i) {
            triangles_[names[i]] = {{v, tt.points[i], tt.points[next(i)]},
                                    {names[before(i)], tt.neighbour[i], names[next(i)]},
                                    {false, tt.fixed[i], false}};
        }
        for (unsigned i = 0; i < 3; ++i) {
            link(names[i], 1, tt.neighbour[i]);
            set_corner(names[i]);
        }
        for (const std::uint32_t name : names) legalise(name, 1);
        return v;
    }
    // On a side: both of its triangles are halved.
    const unsigned i = place.corner;
    const std::uint32_t o = tt.neighbour[i];
    HM_CHECK(o != kNobody, "a point on the border of the box");
    const unsigned j = side_to(o, t);
    const Triangle oo = triangles_[o];
    const std::uint32_t a = tt.points[i], b = tt.points[next(i)], c = tt.points[before(i)],
                        d = oo.points[before(j)];
    const bool fixed = tt.fixed[i];
    triangles_.resize(made + 2);
    // Around v: (b c) (c a) (a d) (d b).
    const std::uint32_t names[4] = {t, made, o, made + 1};
    triangles_[names[0]] = {
        {v, b, c}, {names[3], tt.neighbour[next(i)], names[1]}, {fixed, tt.fixed[next(i)], false}};
    triangles_[names[1]] = {{v, c, a},
                            {names[0], tt.neighbour[before(i)], names[2]},
                            {false, tt.fixed[before(i)], fixed}};
    triangles_[names[2]] = {
        {v, a, d}, {names[1], oo.neighbour[next(j)], names[3]}, {fixed, oo.fixed[next(j)], false}};
    triangles_[names[3]] = {{v, d, b},
                            {names[2], oo.neighbour[before(j)], names[0]},
                            {false, oo.fixed[before(j)], fixed}};
    for (const std::uint32_t name : names) {
        link(name, 1, triangles_[name].neighbour[1]);
        set_corner(name);
    }
    for (const std::uint32_t name : names) legalise(name, 1);
    return v;
}

unsigned Triangulation::corner_of(std::uint32_t triangle, std::uint32_t point) const {
    const auto& points = triangles_[triangle].points;
    for (unsigned i = 0; i < 3; ++i) {
        if (points[i] == point) return i;
    }
    HM_CHECK(false, "point {} is not a corner of triangle {}", point, triangle);
}

void Triangulation::fix(std::uint32_t t, unsigned i) {
    triangles_[t].fixed[i] = true;
    const std::uint32_t o = triangles_[t].neighbour[i];
    if (o != kNobody) triangles_[o].fixed[side_to(o, t)] = true;
}

std::pair<std::uint32_t, unsigned> Triangulation::side_between(std::uint32_t a,
                                                               std::uint32_t b) const {
    // Turn about a, counter-clockwise and, from the border of the box, clockwise.
    const std::uint32_t start = triangle_of_[a];
    for (const bool clockwise : {false, true}) {
        std::uint32_t t = start;
        do {
            const Triangle& tt = triangles_[t];
            const unsigned i = corner_of(t, a);
            if (tt.points[next(i)] == b) return {t, i};
            t = clockwise ? tt.neighbour[i] : tt.neighbour[before(i)];
        } while (t != kNobody && t != start);
    }
    HM_CHECK(false, "no side from point {} to {}", a, b);
}

Triangulation::Way Triangulation::leave(std::uint32_t a, std::uint32_t b) const {
    const LatticePoint &pa = points_[a], &pb = points_[b];
    const auto ahead = [&](std::uint32_t q) {
        return (pb.x - pa.x) * (points_[q].x - pa.x) + (pb.y - pa.y) * (points_[q].y - pa.y) > 0;
    };
    const std::uint32_t start = triangle_of_[a];
    for (const bool clockwise : {false, true}) {
        std::uint32_t t = start;
        do {
            const Triangle& tt = triangles_[t];
            const unsigned i = corner_of(t, a);
            const std::uint32_t right = tt.points[next(i)], left = tt.points[before(i)];
            const std::int64_t of_right = turn(pa, pb, points_[right]),
                               of_left = turn(pa, pb, points_[left]);
            if (of_right == 0 && ahead(right)) return {t, i, right, true};
            if (of_left == 0 && ahead(left)) return {t, before(i), left, true};
            if (of_right < 0 && of_left > 0) return {t, next(i), b, false};
            t = clockwise ? tt.neighbour[i] : tt.neighbour[before(i)];
        } while (t != kNobody && t != start);
    }
    HM_CHECK(false, "no way from point {} to {}", a, b);
}

std::vector<Triangulation::Side> Triangulation::crossed_by(std::uint32_t a, Way& way) const {
    const LatticePoint &pa = points_[a], &pb = points_[way.end];
    std::vector<Side> crossed;
    std::uint32_t t = way.triangle;
    unsigned side = way.side;
    for (;;) {
        const Triangle& tt = triangles_[t];
        const std::uint32_t right = tt.points[side], left = tt.points[next(side)];
        HM_CHECK(!tt.fixed[side], "edges {} {} and {} {} cross", a, way.end, right, left);
        crossed.push_back({right, left});
        const std::uint32_t o = tt.neighbour[side];
        const unsigned j = side_to(o, t);
        const std::uint32_t apex = triangles_[o].points[before(j)];
        const std::int64_t of_apex = turn(pa, pb, points_[apex]);
        if (of_apex == 0) {
            way.end = apex;
            return crossed;
        }
        t = o;
        side = of_apex > 0 ? next(j) : before(j);
    }
}

void Triangulation::clear_way(std::uint32_t a, std::uint32_t b, const std::vector<Side>& crossed) {
    // A side whose two triangles form no convex quadrangle waits for its turn.
    const LatticePoint &pa = points_[a], &pb = points_[b];
    std::deque<Side> open(crossed.begin(), crossed.end());
    std::vector<Side> fresh;
    while (!open.empty()) {
        const Side s = open.front();
        open.pop_front();
        const auto [q, k] = side_between(s.right, s.left);
        const std::uint32_t o = triangles_[q].neighbour[k];
        const std::uint32_t c = triangles_[q].points[before(k)],
                            d = triangles_[o].points[before(side_to(o, q))];
        const LatticePoint &pr = points_[s.right], &pl = points_[s.left], &pc = points_[c],
                           &pd = points_[d];
        if (turn(pc, pr, pd) <= 0 || turn(pd, pl, pc) <= 0) {
            open.push_back(s);
            continue;
        }
        flip(q, k);
        const std::int64_t of_c = turn(pa, pb, pc), of_d = turn(pa, pb, pd);
        const bool crosses =
            c != a && c != b && d != a && d != b && ((of_c > 0) != (of_d > 0)) && of_c != 0;
        if (crosses) {
            // Kept with its right end first.
            open.push_back(of_c < 0 ? Side{c, d} : Side{d, c});
        } else {
            fresh.push_back({c, d});
        }
    }
    const auto [t, i] = side_between(a, b);
    fix(t, i);
    legalise(a, b, fresh);
}

void Triangulation::legalise(std::uint32_t a, std::uint32_t b, std::vector<Side>& sides) {
    for (bool changed = true; changed;) {
        changed = false;
        for (Side& s : sides) {
            if ((s.right == a && s.left == b) || (s.right == b && s.left == a)) continue;
            const auto [q, k] = side_between(s.right, s.left);
            const std::uint32_t o = triangles_[q].neighbour[k];
            if (o == kNobody || triangles_[q].fixed[k]) continue;
            const std::uint32_t c = triangles_[q].points[before(k)],
                                d = triangles_[o].points[before(side_to(o, q))];
            if (!in_circle(points_[s.right], points_[s.left], points_[c], points_[d])) continue;
            flip(q, k);
            s = {c, d};
            changed = true;
        }
    }
}

void Triangulation::add_edge(std::uint32_t a, std::uint32_t b) {
    // From point to point on its way.
    while (a != b) {
        Way way = leave(a, b);
        if (way.there) {
            fix(way.triangle, way.side);
        } else {
            const std::vector<Side> crossed = crossed_by(a, way);
            clear_way(a, way.end, crossed);
        }
        a = way.end;
    }
}

void Triangulation::add_rings(const Rings& rings) {
    HM_CHECK(!has_rings_, "rings are added twice: edges of both might cross");
    has_rings_ = true;
    for (const Ring& ring : snap_rounded(rings)) {
        std::vector<std::uint32_t> names;
        names.reserve(ring.size());
        for (const LatticePoint& p : ring) names.push_back(add_point(p));
        for (std::size_t i = 0; i < names.size(); ++i) {
            add_edge(names[i], names[(i + 1) % names.size()]);
        }
    }
}

std::uint32_t Triangulation::label(std::vector<std::uint32_t>& labels) const {
    labels.assign(triangles_.size(), kNobody);
    std::uint32_t count = 0;
    std::vector<std::uint32_t> open;
    for (std::uint32_t start = 0; start < triangles_.size(); ++start) {
        if (labels[start] != kNobody) continue;
        labels[start] = count;
        open.assign(1, start);
        while (!open.empty()) {
            const Triangle& t = triangles_[open.back()];
            open.pop_back();
            for (unsigned i = 0; i < 3; ++i) {
                const std::uint32_t o = t.neighbour[i];
                if (o == kNobody || t.fixed[i] || labels[o] != kNobody) continue;
                labels[o] = count;
                open.push_back(o);
            }
        }
        ++count;
    }
    return count;
}

}  // namespace huntsman::scenarios::streets
