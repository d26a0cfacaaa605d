// Constrained Delaunay triangulation on the lattice, point by point, with exact predicates: within
// its box no input makes it fail, and equal input gives equal triangles.
//
// [Guibas, Stolfi 1985] for points, [Sloan 1993] for edges, [Hobby 1999] for edges that cross
// (snap_rounding.h). Boxes may be some 40 km wide. Cost: about 1 us a point where neighbours follow
// each other.
#pragma once

#include <array>
#include <utility>

#include "scenarios/streets/surface/lattice.h"

namespace huntsman::scenarios::streets {

class Triangulation {
  public:
    // Whether a box is small enough for exact predicates: up to some 40 km wide.
    static bool fits(const LatticePoint& lo, const LatticePoint& hi);
    // All points that are added must lie within the box, which must fit.
    Triangulation(const LatticePoint& lo, const LatticePoint& hi);

    // Adds a point and returns its index; that of the point that is already there, if any.
    std::uint32_t add_point(const LatticePoint& p);
    // Adds all points and edges of rings; later points do not remove the edges, but may split them.
    // Where edges cross they are bent to meet in a point of the lattice, at most half a step off
    // along each axis; where they pass as close to a point, they go through it. A ring of two
    // points is an edge. To be called once, as edges of two calls must not cross.
    void add_rings(const Rings& rings);

    // The four first points are the corners of a box around all.
    const std::vector<LatticePoint>& points() const { return points_; }
    static constexpr std::uint32_t kOwnPoints = 4;

    struct Triangle {
        std::array<std::uint32_t, 3> points{};     // counter-clockwise
        std::array<std::uint32_t, 3> neighbour{};  // across the side that starts at points[i]
        std::array<bool, 3> fixed{};               // whether that side was asked for
    };
    const std::vector<Triangle>& triangles() const { return triangles_; }
    static constexpr std::uint32_t kNobody = 0xffffffffU;

    // Labels triangles so that two have one label if they are joined without crossing a fixed edge.
    // Returns the number of labels.
    std::uint32_t label(std::vector<std::uint32_t>& labels) const;

  private:
    enum class Where : std::uint8_t { kInside, kOnSide, kOnPoint, kBeyondSide };
    struct Location {
        std::uint32_t triangle = 0;
        unsigned corner = 0;  // or side
        Where where = Where::kInside;
    };
    // Whether p lies in the triangle, and where; if not, which side it lies beyond. Sides are tried
    // from `first` on.
    bool holds(std::uint32_t triangle, unsigned first, const LatticePoint& p,
               Location& place) const;
    Location locate(const LatticePoint& p);
    void link(std::uint32_t triangle, unsigned side, std::uint32_t other);
    void legalise(std::uint32_t triangle, unsigned side);
    void flip(std::uint32_t triangle, unsigned side);
    unsigned side_to(std::uint32_t triangle, std::uint32_t neighbour) const;
    void set_corner(std::uint32_t triangle);
    unsigned corner_of(std::uint32_t triangle, std::uint32_t point) const;
    std::pair<std::uint32_t, unsigned> side_between(std::uint32_t a, std::uint32_t b) const;
    void fix(std::uint32_t triangle, unsigned side);
    // Makes ab an edge; it crosses no other, but may pass points.
    void add_edge(std::uint32_t a, std::uint32_t b);
    // The triangle and the side through which ab leaves a, and how far ab goes undisturbed: to b or
    // to the first point on its way.
    struct Way {
        std::uint32_t triangle = 0;
        unsigned side = 0;
        std::uint32_t end = 0;
        bool there = false;  // a side from a to the end exists: this one
    };
    Way leave(std::uint32_t a, std::uint32_t b) const;
    struct Side {
        std::uint32_t right = 0, left = 0;
    };
    // Sides that the way crosses, in order; shortens it to the first point on it.
    std::vector<Side> crossed_by(std::uint32_t a, Way& way) const;
    // Flips the sides away, so that a and b are joined, and makes what comes instead Delaunay.
    void clear_way(std::uint32_t a, std::uint32_t b, const std::vector<Side>& crossed);
    void legalise(std::uint32_t a, std::uint32_t b, std::vector<Side>& sides);

    std::vector<LatticePoint> points_;
    std::vector<Triangle> triangles_;
    std::vector<std::uint32_t> triangle_of_;  // one triangle at each point
    std::uint32_t last_ = 0;                  // where the last search ended
    bool has_rings_ = false;
};

}  // namespace huntsman::scenarios::streets
