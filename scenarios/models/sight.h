// From where faces are seen: turns them outwards, finds those that are seen from both sides,
// through windows only, or not at all.
//
// Rays start on both sides of each face. A side from which rays get away is one that somebody can
// see. Pieces whose faces agree along their edges are turned as one by the sum over their rays
// [Takayama et al. 2014]. The result depends on the surface alone, not on the number of threads.
//   Takayama, K., et al.: A simple method for correcting facet orientations in polygon meshes
//   based on ray casting, Journal of Computer Graphics Techniques 3(4), 2014.
#pragma once

#include "engine/core/job_pool.h"
#include "scenarios/models/surface.h"
#include "scenarios/models/tree.h"

namespace huntsman::scenarios::models {

struct SightCount {
    std::size_t turned = 0, hidden = 0, inside = 0, from_both = 0;
};

// Of faces in B. Removes what nobody sees, sets `inside` of what is seen through glass only, and
// `backing` of faces that are seen from behind too. Faces of wheels are looked at without the body
// and the ground, since wheels turn.
SightCount turn_outwards(Surface& surface, engine::core::JobPool& pool);

// Faces of the surface as triangles, in their order.
Tree tree_of(const Surface& surface);

// The share of the sky and the far ground that a point on the surface sees, 0 to 1.
double openness(const Tree& tree, const Vec3& p, const Vec3& normal, std::uint64_t seed);

// Whether someone who stands somewhere around the vehicle sees a point of its surface.
bool seen_from_around(const Tree& tree, const Vec3& p, const Vec3& normal);

// Normals of corners from the faces around them that meet at less than the crease angle, weighted
// by the angle at the corner.
void smooth_normals(Surface& surface, double crease_deg);

}  // namespace huntsman::scenarios::models
