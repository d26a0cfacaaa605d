// Outlines drawn on a mesh from one side: its edges are cut where the outline crosses them, so that
// faces lie inside or outside; nothing comes apart. What lies inside can be given another stuff, be
// pushed in, or be cut out.
#pragma once

#include "scenarios/bodywork/mesh.h"

namespace huntsman::scenarios::bodywork {

enum class View : std::uint8_t { kSide, kFront, kRear, kTop, kBelow };

// A point as seen from a side: (x, z) from the left, (y, z) from front and rear, (x, y) from above
// and below.
Vec2 seen(View view, const Vec3& p);
Vec3 toward(View view);  // the viewer, unit

// The point of a face that is seen at a place; nothing where the face does not lie there.
std::optional<Vec3> place_on(const Mesh& mesh, const Tri& face, View view, const Vec2& at);

using Outline = std::vector<Vec2>;  // closed, either way round

// Corners rounded with up to `radius` by `steps` chords each; `radii` for each corner by itself.
Outline rounded(const Outline& corners, double radius, int steps = 3);
Outline rounded(const Outline& corners, const std::vector<double>& radii, int steps = 3);
Outline rectangle(double u0, double v0, double u1, double v1);
Outline ellipse(double u, double v, double radius_u, double radius_v, int sides);
// Moved outwards by a distance, inwards where it is negative.
Outline grown(const Outline& outline, double by);
bool inside(const Outline& outline, const Vec2& p);

// Which faces an imprint concerns.
struct Where {
    View view = View::kSide;
    double least_facing = 0.15;  // cosine between a face's normal and the viewer
    std::optional<std::uint32_t> object;
    // Faces whose middle lies elsewhere are left alone.
    Vec3 low{-100, -100, -100}, high{100, 100, 100};
};

// Cuts the mesh along the outline and returns the faces inside.
std::vector<std::size_t> imprint(Mesh& mesh, const Where& where, const Outline& outline);

void paint(Mesh& mesh, const std::vector<std::size_t>& faces, const Stuff& what);
void remove(Mesh& mesh, const std::vector<std::size_t>& faces);
// Pushes faces in along their normals by `depth` (out where it is negative); walls connect them
// with what stays. An edge at y = 0 of a half gets no wall. `direction` replaces the normals.
void push(Mesh& mesh, const std::vector<std::size_t>& faces, double depth, const Stuff& walls,
          std::optional<Vec3> direction = std::nullopt);
// A copy of faces, raised, as an object of its own: marks and thin trim.
Mesh lifted(const Mesh& mesh, const std::vector<std::size_t>& faces, const Stuff& what, double by);

}  // namespace huntsman::scenarios::bodywork
