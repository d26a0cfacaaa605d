// The triangles of a model in one list, with what is known of each; the stages between the file
// and the meshes work on it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/findings.h"
#include "engine/import/model.h"
#include "engine/math/transform.h"
#include "scenarios/models/description.h"

namespace huntsman::scenarios::models {

using engine::math::Vec2;
using engine::math::Vec3;
using Rgb = std::array<float, 3>;  // linear

struct Face {
    std::array<std::uint32_t, 3> corner{};  // indices into Surface::points
    std::array<std::array<float, 2>, 3> uv{};
    std::array<Rgb, 3> colour{};  // albedo at the corners
    std::array<Vec3, 3> normal{};
    std::uint32_t material = 0, object = 0, piece = 0;
    Kind kind = Kind::kPlastic;
    std::int32_t wheel = -1;  // which it belongs to
    bool has_uv = false;
    bool painted = false;       // its colours are those of a texture
    std::uint32_t picture = 0;  // 1 + index of the texture that it shows; 0: none
    bool inside = false;        // seen through glass only
    bool backing = false;       // the far side of a face that is seen from both
};

// A connected component of one object and material.
struct Piece {
    std::uint32_t material = 0, object = 0;
    std::vector<std::uint32_t> faces;
    Vec3 low{0, 0, 0}, high{0, 0, 0};
    double area_m2 = 0;
};

struct Surface {
    std::vector<Vec3> points;  // no two within kWeld_m
    std::vector<Face> faces;
    std::vector<Piece> pieces;  // by falling area
    std::vector<std::string> materials, objects;
    std::vector<bool> textured;  // by material: whether it has a texture

    const Vec3& point(const Face& face, std::size_t k) const { return points[face.corner[k]]; }
    Vec3 middle(const Face& face) const {
        return (point(face, 0) + point(face, 1) + point(face, 2)) / 3.0;
    }
    // Twice the area as its length, outwards.
    Vec3 cross(const Face& face) const {
        return glm::cross(point(face, 1) - point(face, 0), point(face, 2) - point(face, 0));
    }
};

inline constexpr double kWeld_m = 1e-4;  // corners closer than this are one

// Turns the file's meshes into frame M (see description.h): axes and scale, corners welded, faces
// without an area left out, pieces found. Findings say how many were.
// Errors: all faces without an area; a size of less than 5 cm or more than 60 m, which says that
// the unit is wrong.
engine::core::Result<Surface> surface_of(const engine::import::Model& model,
                                         const Description& description,
                                         engine::core::Findings& findings);

// Numbers the pieces anew after faces came or went.
void find_pieces(Surface& surface);

}  // namespace huntsman::scenarios::models
