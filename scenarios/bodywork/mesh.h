// Triangles of a vehicle in the making, in metres in frame B: x forward, y left, z up, origin on
// the ground below the middle of the axles that do not steer. Triangles wind counter-clockwise when
// seen from outside.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/import/model.h"
#include "engine/math/transform.h"

namespace huntsman::scenarios::bodywork {

using engine::math::Vec2;
using engine::math::Vec3;
using Rgb = std::array<float, 3>;  // linear albedo

// What a face is: a kind of models::Kind by its name, in a colour of its own if one is given.
struct Stuff {
    std::string kind;
    std::optional<Rgb> colour;
    friend bool operator==(const Stuff&, const Stuff&) = default;
};

inline Stuff stuff(const char* kind) { return {kind, std::nullopt}; }
inline Stuff stuff(const char* kind, float r, float g, float b) { return {kind, Rgb{r, g, b}}; }
inline Stuff grey(const char* kind, float level) { return {kind, Rgb{level, level, level}}; }

struct Tri {
    std::array<std::uint32_t, 3> corner{};
    std::uint32_t stuff = 0;   // index into Mesh::stuffs
    std::uint32_t object = 0;  // faces of different objects are never one piece
};

struct Mesh {
    std::vector<Vec3> points;
    std::vector<Tri> tris;
    std::vector<Stuff> stuffs;
    std::uint32_t objects = 0;

    std::uint32_t add(const Vec3& p);
    std::uint32_t index_of(const Stuff& what);  // adds it where it is new
    std::uint32_t new_object() { return objects++; }
    void tri(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t what,
             std::uint32_t object);
    // The shorter diagonal divides it.
    void quad(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d,
              std::uint32_t what, std::uint32_t object);
    Vec3 cross(const Tri& t) const {
        return glm::cross(points[t.corner[1]] - points[t.corner[0]],
                          points[t.corner[2]] - points[t.corner[0]]);
    }
    Vec3 middle(const Tri& t) const {
        return (points[t.corner[0]] + points[t.corner[1]] + points[t.corner[2]]) / 3.0;
    }
};

// Adds the faces of `part`, moved; its objects stay apart from those that are there.
void append(Mesh& to, const Mesh& part, const Vec3& offset = {0, 0, 0});
// The mirror image at -y added, with what lies at y = 0 joined.
void add_mirrored(Mesh& mesh);
Mesh mirrored(const Mesh& part);
// Every point moved.
void deform(Mesh& mesh, const std::function<Vec3(const Vec3&)>& move);
// Turned about an axis through `centre` by an angle in rad.
Mesh turned(Mesh part, const Vec3& centre, const Vec3& axis, double angle_rad);

// As engine/import has models: a mesh for each object and stuff; materials are named "kind" or,
// where they have a colour of their own, "kind:N".
engine::import::Model to_import(const Mesh& mesh);

}  // namespace huntsman::scenarios::bodywork
