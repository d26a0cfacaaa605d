// Sets of the plan as polygons with holes: union, difference, growth. Rings are taken by the
// non-zero rule, results are oriented (outer borders counter-clockwise, holes clockwise) and keep
// points on straight borders.
#pragma once

#include "scenarios/streets/surface/lattice.h"

namespace huntsman::scenarios::streets {

double area_m2(const Ring& ring);  // positive for counter-clockwise rings
Rings unite(const Rings& rings);
Rings subtract(const Rings& from, const Rings& what);
Rings intersect(const Rings& a, const Rings& b);
// All points within `by_m` of the set; negative: all points farther than that from its outside.
// Corners stay sharp up to twice the distance.
Rings grow(const Rings& rings, double by_m);
// Without points that lie within `tolerance_m` of their neighbours' chord.
Rings simplified(const Rings& rings, double tolerance_m);

// Whether a point lies inside by the non-zero rule.
bool contains(const Rings& rings, const Vec2& p_m);

// Smallest upright box; empty rings give lo > hi.
struct Bounds {
    LatticePoint lo{INT64_MAX, INT64_MAX}, hi{INT64_MIN, INT64_MIN};
    void add(const LatticePoint& p);
    bool overlaps(const Bounds& other) const;
};
Bounds bounds_of(const Ring& ring);
Bounds bounds_of(const Rings& rings);

// Answers many `contains` of one set in logarithmic time or so: edges by horizontal bands.
class InsideTest {
  public:
    explicit InsideTest(const Rings& rings);
    bool operator()(const Vec2& p_m) const;

  private:
    struct Edge {
        Vec2 a, b;
    };
    double low_m_ = 0, band_m_ = 1;
    std::vector<std::vector<Edge>> bands_;
};

}  // namespace huntsman::scenarios::streets
