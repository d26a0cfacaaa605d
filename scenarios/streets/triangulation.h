// Constrained Delaunay triangulation on the lattice, point by point, with exact predicates: no
// input makes it fail, and equal input gives equal triangles.
//
// [Guibas, Stolfi 1985] for points, [Sloan 1993] for edges. Boxes may be some 20 km wide. Cost:
// about 1 us a point where neighbours follow each other.
#pragma once

#include <array>

#include "scenarios/streets/lattice.h"

namespace huntsman::scenarios::streets {

class Triangulation {
  public:
    // Whether a box is small enough for exact predicates: up to some 20 km wide.
    static bool fits(const LatticePoint& lo, const LatticePoint& hi);
    // All points that are added must lie within the box, which must fit.
    Triangulation(const LatticePoint& lo, const LatticePoint& hi);

    // Adds a point and returns its index; that of the point that is already there, if any.
    std::uint32_t add_point(const LatticePoint& p);
    // Makes ab an edge that later points do not remove (they may split it). Where it meets a point
    // or another such edge it is split; the crossing becomes a point, rounded to the lattice.
    void add_edge(std::uint32_t a, std::uint32_t b);
    // Adds all points and edges of a ring.
    void add_ring(const Ring& ring);

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
    enum class Where : std::uint8_t { kInside, kOnSide, kOnPoint };
    struct Place {
        std::uint32_t triangle = 0;
        unsigned corner = 0;
        Where where = Where::kInside;
    };
    Place locate(const LatticePoint& p);
    void link(std::uint32_t triangle, unsigned side, std::uint32_t other);
    void legalise(std::uint32_t triangle, unsigned side);
    void flip(std::uint32_t triangle, unsigned side);
    unsigned side_to(std::uint32_t triangle, std::uint32_t neighbour) const;
    void set_corner(std::uint32_t triangle);
    void add_edge(std::uint32_t a, std::uint32_t b, int depth);

    std::vector<LatticePoint> points_;
    std::vector<Triangle> triangles_;
    std::vector<std::uint32_t> triangle_of_;  // one triangle at each point
    std::uint32_t last_ = 0;                  // where the last search ended
};

}  // namespace huntsman::scenarios::streets
