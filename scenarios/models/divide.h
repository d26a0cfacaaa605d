// Cuts through edges of a surface, on both sides of each, so that nothing comes apart.
#pragma once

#include <cstdint>
#include <map>
#include <utility>

#include "scenarios/models/surface.h"

namespace huntsman::scenarios::models {

using Edge = std::pair<std::uint32_t, std::uint32_t>;  // points, the lower number first
inline Edge edge_of(std::uint32_t a, std::uint32_t b) { return {a < b ? a : b, a < b ? b : a}; }

// Where an edge is cut: the share of it before the cut, from its lower point, and the new point.
struct EdgeCut {
    double share = 0.5;
    std::uint32_t point = 0;
};
using EdgeCuts = std::map<Edge, EdgeCut>;

// Adds the points of the cuts to the surface and divides the faces at them. What faces have at
// their corners is interpolated. Pieces are not numbered anew.
void divide_at(EdgeCuts& cuts, Surface& surface);

// Cuts the faces for which `goes` is true along the planes of a box, where their own box reaches
// into it, so that each of them lies inside or outside. `mirrored` is the box's mirror image at -y.
template <typename Goes>
void cut_at_box(const std::array<double, 6>& box, bool mirrored, Goes goes, Surface& surface);

// One plane of it: x, y or z (0 to 2) at `at`.
void mark_plane(const Surface& surface, const Face& face, int axis, double at, EdgeCuts& cuts);
bool reaches_into(const Surface& surface, const Face& face, const Vec3& low, const Vec3& high);

template <typename Goes>
void cut_at_box(const std::array<double, 6>& box, bool mirrored, Goes goes, Surface& surface) {
    const Vec3 low(box[0], mirrored ? -box[4] : box[1], box[2]);
    const Vec3 high(box[3], mirrored ? -box[1] : box[4], box[5]);
    for (int plane = 0; plane < 6; ++plane) {
        const int axis = plane % 3;
        EdgeCuts cuts;
        for (const Face& face : surface.faces) {
            if (!goes(face) || !reaches_into(surface, face, low, high)) continue;
            mark_plane(surface, face, axis, plane < 3 ? low[axis] : high[axis], cuts);
        }
        divide_at(cuts, surface);
    }
}

}  // namespace huntsman::scenarios::models
