// Levels of detail of a mesh within budgets of triangles.
//
// The surface is thinned as a whole by quadric errors [Garland and Heckbert 1997] as meshoptimizer
// has it, so that borders of materials stay and nothing comes apart; corners keep the normals of
// the surface before. What is too small for a level is left out of it, lamps become flat lenses.
//   Garland, M., Heckbert, P.: Surface simplification using quadric error metrics, SIGGRAPH 1997.
#pragma once

#include <functional>
#include <span>

#include "engine/world/scene.h"
#include "scenarios/models/surface.h"
#include "scenarios/models/tree.h"

namespace huntsman::scenarios::models {

// How a kind is drawn, and what its albedo is divided by to become a vertex colour.
struct Finish {
    engine::world::Material material = engine::world::Material::kPlastic;
    engine::world::Lamp lamp = engine::world::Lamp::kHead;
    double base = 1;
};
Finish finish_of(Kind kind, bool left);

// A patch ready to be drawn, for all levels.
struct Lens {
    struct Triangle {
        std::array<Vec3, 3> p, n;
    };
    Kind kind = Kind::kHeadLamp;
    bool left = false;
    Rgb colour{};
    std::vector<Triangle> fine;    // follows the surface
    std::vector<Triangle> rim;     // about it, down to the surface; of dark plastic
    std::vector<Triangle> coarse;  // its outline alone, for the second level
    std::array<Vec3, 4> quad{};    // from afar
    Vec3 normal{1, 0, 0};
};

struct LevelJob {
    const Surface* fine = nullptr;    // for the first level
    const Surface* coarse = nullptr;  // for the others
    std::function<bool(const Face&)> takes;
    std::vector<Lens> lenses;      // on top of the budgets at the finest level
    Vec3 origin{0, 0, 0};          // of the mesh
    const Tree* around = nullptr;  // what darkens corners; none: nothing does
    bool shell = false;            // from the third level on one skin, see shell.h
    bool flat_lamps = true;        // lamps as lenses from the third level on
};

// A mesh whose level k has at most about budgets[k] triangles; a level that would not be coarser
// than the one before is left out. An empty mesh has no levels.
engine::world::Mesh make_levels(const std::string& name, const LevelJob& job,
                                std::span<const double> budgets);

// A wheel's coarse levels are a disc, or a ring where one sees through it.
engine::world::MeshLod plain_wheel(double radius_m, double width_m, double rim_share, int sides,
                                   bool open, bool left);

// Sets error_m of each level: the largest distance between its corners and the finest surface, and
// the other way round. Corners of the finest level that are not seen from around do not count;
// `around` is the surface that may hide them, in whose frame the mesh's origin is `origin`.
void measure_errors(engine::world::Mesh& mesh, const Tree* around, const Vec3& origin);

std::size_t triangles(const engine::world::MeshLod& lod);

}  // namespace huntsman::scenarios::models
