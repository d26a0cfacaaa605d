// A piece of a person while it is made: a triangle mesh at rest whose points know what carries
// them, of what they are made, and which of them are one point of the surface (the copies along
// seams of the texture layout share a weld).
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/figure/model.h"
#include "scenarios/people/body.h"

namespace huntsman::scenarios::people {

struct Point {
    engine::math::Vec3 p{0, 0, 0};  // at rest, in B [m]
    engine::math::Vec3 n{0, 0, 1};
    engine::math::Vec2 uv{0, 0};
    engine::math::Vec3 colour{0.5, 0.5, 0.5};  // linear
    engine::figure::Matter matter = engine::figure::Matter::kCloth;
    engine::figure::Tint tint = engine::figure::Tint::kNone;
    Influences carried;
    std::uint32_t weld = 0;  // equal for copies of one point
    double importance = 1;   // of detail here, when levels are made
};
using Face = std::array<std::uint32_t, 3>;

struct Piece {
    std::string name;
    std::vector<Point> points;
    std::vector<Face> faces;
    // Edges that are added once a level is simplified: folded inwards at the borders, this thick
    // and this deep; or an inner side all over. 0: none.
    double rim_m = 0, lining_m = 0;
    double inner_side_m = 0;
    // Triangles of its levels of detail, see budgets.h.
    std::array<std::size_t, 3> most{1000, 300, 50};
};

// The share of both: 0 gives a, 1 gives b.
Influences mixed(const Influences& a, const Influences& b, double share);
Influences carried_by(engine::figure::Joint joint);
// Sum of the shares of these joints.
double share_of(const Influences& influences, std::initializer_list<engine::figure::Joint> joints);

// Two faces of these corners, cut along the shorter diagonal.
void add_quad(Piece& piece, std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d);

// A group of the base mesh; welds are the base mesh's vertices. Without `keep` all of its faces.
Piece take(const BodyData& data, const Body& body, const std::string& group,
           const std::function<bool(const Quad&)>& keep = {});

// Splits each triangle into four; points stay on the surface's chords.
void subdivide(Piece& piece);
// Keeps the part where the field of the points is at least 0; cuts triangles at 0.
void clip(Piece& piece, const std::vector<double>& field);
// Normals from the faces, smooth over welds.
void add_normals(Piece& piece);
// Moves each point towards the mean of its neighbours; borders stay where `keep_borders`.
void smooth(Piece& piece, int rounds, double strength, bool keep_borders);
// Folds the borders inwards: a lining that begins this thickness below and goes this deep.
void add_rims(Piece& piece, double thickness_m, double depth_m);
// An inner side and edges, for what is seen from both sides.
void thicken(Piece& piece, double thickness_m);
// Drops points that no face uses.
void tidy(Piece& piece);
void append(Piece& piece, const Piece& more);
// Scales texture coordinates so that they are metres on the surface, on the mean.
void metric_uv(Piece& piece);

// Smooth noise of a place, -1 to 1, with features of about 1 unit.
double noise(const engine::math::Vec3& p);
double smooth_step(double low, double high, double x);

}  // namespace huntsman::scenarios::people
