#include "scenarios/streets/surface/snap_rounding.h"

#include <algorithm>

namespace huntsman::scenarios::streets {

namespace {

__extension__ using Wide = __int128;

struct Segment {
    LatticePoint a, b, lo, hi;
};

// Twice the signed area of abc: positive where c lies left of ab.
std::int64_t turn(const LatticePoint& a, const LatticePoint& b, const LatticePoint& c) {
    return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

std::vector<Segment> segments_of(const Rings& rings) {
    std::vector<Segment> out;
    for (const Ring& ring : rings) {
        for (std::size_t i = 0; i < ring.size(); ++i) {
            const LatticePoint &a = ring[i], &b = ring[(i + 1) % ring.size()];
            if (a == b) continue;
            out.push_back({a,
                           b,
                           {std::min(a.x, b.x), std::min(a.y, b.y)},
                           {std::max(a.x, b.x), std::max(a.y, b.y)}});
        }
    }
    return out;
}

// The integer whose cell [n - 1/2, n + 1/2) holds p / q, q > 0.
std::int64_t nearest(Wide p, Wide q) {
    const Wide twice = 2 * p + q, cell = 2 * q;
    Wide n = twice / cell;
    if (n * cell > twice) --n;  // division rounds to zero
    return static_cast<std::int64_t>(n);
}

// Adds the point where the insides of two segments cross, if they do.
void add_crossing(const Segment& s, const Segment& o, std::vector<LatticePoint>& points) {
    std::int64_t from = turn(o.a, o.b, s.a), to = turn(o.a, o.b, s.b);
    if (from == 0 || to == 0 || (from > 0) == (to > 0)) return;
    const std::int64_t c = turn(s.a, s.b, o.a), d = turn(s.a, s.b, o.b);
    if (c == 0 || d == 0 || (c > 0) == (d > 0)) return;
    if (from < 0) {
        from = -from;
        to = -to;
    }
    const Wide part = from, whole = Wide{from} - to;
    points.push_back({s.a.x + nearest(part * (s.b.x - s.a.x), whole),
                      s.a.y + nearest(part * (s.b.y - s.a.y), whole)});
}

// Ends and crossings of all segments, sorted.
std::vector<LatticePoint> hot_points(const std::vector<Segment>& segments) {
    std::vector<LatticePoint> points;
    for (const Segment& s : segments) {
        points.push_back(s.a);
        points.push_back(s.b);
    }
    // Sweep to the right; those that ended behind the sweep are dropped on the way.
    std::vector<const Segment*> order;
    for (const Segment& s : segments) order.push_back(&s);
    std::stable_sort(order.begin(), order.end(),
                     [](const Segment* p, const Segment* q) { return p->lo.x < q->lo.x; });
    std::vector<const Segment*> active;
    for (const Segment* s : order) {
        std::erase_if(active, [&](const Segment* o) { return o->hi.x < s->lo.x; });
        for (const Segment* o : active) {
            if (o->lo.y <= s->hi.y && s->lo.y <= o->hi.y) add_crossing(*s, *o, points);
        }
        active.push_back(s);
    }
    std::sort(points.begin(), points.end());
    points.erase(std::unique(points.begin(), points.end()), points.end());
    return points;
}

// A part of a segment, as parameters p / q from its start; q > 0.
struct Part {
    Wide low = 0, low_of = 1, high = 1, high_of = 1;
    bool low_open = false, high_open = false;

    void not_before(Wide p, Wide q, bool open) {
        const Wide more = p * low_of - low * q;
        if (more > 0) {
            low = p;
            low_of = q;
            low_open = open;
        } else if (more == 0) {
            low_open = low_open || open;
        }
    }
    void not_after(Wide p, Wide q, bool open) {
        const Wide less = high * q - p * high_of;
        if (less > 0) {
            high = p;
            high_of = q;
            high_open = open;
        } else if (less == 0) {
            high_open = high_open || open;
        }
    }
    bool empty() const {
        const Wide length = high * low_of - low * high_of;
        return length < 0 || (length == 0 && (low_open || high_open));
    }
};

// Keeps the part whose coordinate, `from` at its start and `to` at its end, lies in the cell
// [at - 1/2, at + 1/2). Returns false where there is none.
bool clip(std::int64_t from, std::int64_t to, std::int64_t at, Part& part) {
    // In half steps from the start.
    const std::int64_t low = 2 * (at - from) - 1, high = low + 2, all = 2 * (to - from);
    if (all == 0) return low <= 0 && 0 < high;
    if (all > 0) {
        part.not_before(low, all, false);
        part.not_after(high, all, true);
    } else {
        part.not_before(-high, -all, true);
        part.not_after(-low, -all, false);
    }
    return true;
}

bool passes(const Segment& s, const LatticePoint& p) {
    Part part;
    return clip(s.a.x, s.b.x, p.x, part) && clip(s.a.y, s.b.y, p.y, part) && !part.empty();
}

// Hot points that a segment passes, in its direction, without its ends.
std::vector<LatticePoint> chain_of(const Segment& s, const std::vector<LatticePoint>& hot) {
    std::vector<LatticePoint> chain;
    auto at = std::lower_bound(hot.begin(), hot.end(), LatticePoint{s.lo.x - 1, INT64_MIN});
    for (; at != hot.end() && at->x <= s.hi.x + 1; ++at) {
        if (at->y < s.lo.y - 1 || at->y > s.hi.y + 1 || *at == s.a || *at == s.b) continue;
        if (passes(s, *at)) chain.push_back(*at);
    }
    const auto along = [&](const LatticePoint& p) {
        return (s.b.x - s.a.x) * (p.x - s.a.x) + (s.b.y - s.a.y) * (p.y - s.a.y);
    };
    std::sort(chain.begin(), chain.end(),
              [&](const LatticePoint& p, const LatticePoint& q) { return along(p) < along(q); });
    return chain;
}

}  // namespace

Rings snap_rounded(const Rings& rings) {
    const std::vector<Segment> segments = segments_of(rings);
    const std::vector<LatticePoint> hot = hot_points(segments);
    Rings out;
    out.reserve(rings.size());
    std::size_t next = 0;
    for (const Ring& ring : rings) {
        Ring bent;
        for (std::size_t i = 0; i < ring.size(); ++i) {
            if (ring[i] == ring[(i + 1) % ring.size()]) continue;
            bent.push_back(ring[i]);
            const auto chain = chain_of(segments[next++], hot);
            bent.insert(bent.end(), chain.begin(), chain.end());
        }
        if (bent.empty() && !ring.empty()) bent.push_back(ring[0]);
        out.push_back(std::move(bent));
    }
    return out;
}

}  // namespace huntsman::scenarios::streets
