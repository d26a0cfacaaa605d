// What can be seen, as data: meshes with levels of detail, their materials, and placed instances.
// Units are metres; mesh frames are x forward, y left, z up; triangles wind counter-clockwise when
// seen from outside.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/math/transform.h"
#include "engine/world/ids.h"

namespace huntsman::engine::world {

// A surface's look; the renderer owns what each means (textures, roughness, reflectance).
enum class Material : std::uint8_t {
    kAsphalt,
    kCarriageway,  // asphalt of lanes; uv is a place in their wear, see wear_uv
    kConcrete,
    kPaving,    // pavement slabs
    kPavers,    // small concrete stones
    kCobbles,   // granite setts
    kKerb,      // concrete
    kGranite,   // kerb stones of old towns
    kIron,      // covers in the road: u and v run over one of four, see kIronCells
    kRoadMark,  // white paint
    kGrass,
    kSoil,
    kBrick,
    kPlaster,
    // Windows in a wall: u in window bays, v in storeys.
    kFacade,         // plaster
    kFacadeBrick,    // brick
    kFacadeStucco,   // plaster with frames and lintels of stone, tall windows
    kFacadeShutter,  // plaster, shutters beside the windows
    kFacadePanel,    // concrete slabs
    kFacadeModern,   // bands of glass
    kShop,           // shop front: u in bays, v one storey
    kRoof,
    kWood,
    kBark,
    kLeaves,
    kCarPaint,
    kGlass,
    kRubber,
    kRim,
    kMetal,
    kPlastic,  // dark trim, signal housings
    kCloth,
    kSkin,
    kHair,
    kPlate,  // a licence plate: u from 0 to 1 along it, v from 0 to 1/4 upwards
    kSign,
    kReflector,  // retro-reflective sheeting
    kLamp,       // emits when its lamp bit is set, see Lamp
    kLivery,     // paint of a colour that does not change with the instance's tint
    kFabric,     // cloth of a colour that does not change with the instance's tint
    kLeather,    // shoes, bags
    kEye,        // wet
    kGear,       // glasses, phones, buttons: plastic of the vertex's colour
    kWindow,     // a vehicle's pane, whose vertices say what lies behind it: see Cabin
    kPicture,    // in the colours of Submesh::picture: u to its right, v downwards, 1 its size
    kCount,
};

// What lies behind a vehicle's windows, in the mesh frame. Vertices of kWindow say it, all of one
// mesh alike: uv holds x and z of the driver's eye, the colour the shares that `cabin_colour`
// gives.
struct Cabin {
    math::Vec3 eye{0, 0, 0};  // the driver's [m]; its side is where the steering wheel is
    double half_width_m = 0.7;
    double behind_m = 1.8;  // from the eye to the rear wall
};
constexpr double kCabinWidest = 1.5, kCabinLongest = 16;  // half width, behind the eye [m]
std::array<float, 3> cabin_colour(const Cabin& cabin);

// How a lane is used, as far as its wear shows it.
enum class LaneUse : std::uint8_t {
    kDriven,
    kDrivenAtKerb,  // with a kerb on its outer side, where dirt gathers
    kParking,
    kOther,
    kCount,
};
constexpr double kWearMetres = 32.0;  // along a lane, until its wear repeats

// Texture coordinates of kCarriageway: `across` runs from the lane's inner border (0) to its outer
// (1); `along_m` may start anywhere.
constexpr std::array<double, 2> wear_uv(LaneUse use, double across, double along_m) {
    constexpr double kMargin = 0.03;  // keeps neighbours in the texture apart
    const double u = kMargin + (1 - 2 * kMargin) * across;
    return {(static_cast<double>(use) + u) / static_cast<double>(LaneUse::kCount),
            along_m / kWearMetres};
}

// Lamps that can be lit; a vertex of a kLamp submesh belongs to one, an instance has a set of bits.
enum class Lamp : std::uint8_t {
    kHead,
    kTail,
    kBrake,
    kTurnLeft,
    kTurnRight,
    kReverse,
    kSignalRed,
    kSignalYellow,
    kSignalGreen,
    kWalk,
    kDontWalk,
    kStreet,
    kBlue,  // of emergency vehicles: flashes while its bit is set
    kCount,
};
constexpr std::uint32_t bit(Lamp lamp) { return 1U << static_cast<unsigned>(lamp); }

struct Vertex {
    float p[3];   // position [m]
    float n[3];   // unit normal
    float uv[2];  // texture coordinates [m on the surface, unless the material says otherwise]
    float
        colour[3];  // linear albedo factor; multiplied by the instance's tint for kCarPaint, kCloth
};

struct Submesh {
    Material material = Material::kConcrete;
    Lamp lamp = Lamp::kHead;                 // for kLamp only
    Semantic semantic = Semantic::kNothing;  // kNothing: the instance's
    std::uint32_t first_index = 0;
    std::uint32_t index_count = 0;
    std::uint32_t picture = 0;  // for kPicture: index into Mesh::pictures
};

// Which joints of a figure carry a vertex.
struct Binding {
    std::uint8_t joints[4] = {0, 0, 0, 0};     // figure::Joint
    std::uint8_t weights[4] = {255, 0, 0, 0};  // sum to 255
    std::uint8_t part = 0;  // of the triangles that begin with it, from Figure::first_part
};

// A texture of a model that others made, and how what wears it shines.
struct Picture {
    enum class Gloss : std::uint8_t { kDielectric, kMetal, kCoated };
    std::string name;
    int size_px = 0;  // of both sides, a power of two
    // Row by row from the top, RGBA: square roots of linear albedo; coverage, holes below 128.
    std::vector<std::uint8_t> texels;
    float roughness = 0.6F;
    Gloss gloss = Gloss::kDielectric;
};

struct MeshLod {
    std::vector<Vertex> vertices;
    std::vector<std::uint32_t> indices;  // triangles
    std::vector<Submesh> submeshes;
    std::vector<Binding> bindings;  // one a vertex in skins of figures, else none
    // Largest distance between this level's surface and the finest one's [m]; 0 for the finest.
    // The renderer takes the coarsest level whose error stays under its pixel budget.
    float error_m = 0;
};

struct Mesh {
    std::string name;
    std::vector<MeshLod> lods;   // finest first, at least one
    math::Vec3 centre{0, 0, 0};  // bounding sphere in the mesh frame
    double radius_m = 0;
    std::vector<std::shared_ptr<const Picture>> pictures = {};  // what its submeshes show
};

// A placed mesh that never moves.
struct Instance {
    std::uint32_t mesh = 0;
    math::RigidTransform X_WM;
    std::array<float, 3> tint{1, 1, 1};  // linear
    ActorId object = kNoActor;           // what the id buffer shows; 0 for scenery without identity
    Semantic semantic = Semantic::kOther;
    std::uint32_t signal_group = kNone;  // its lamps follow this group's aspect
    std::uint32_t lamps = 0;             // lamp bits lit at all times
    bool casts_shadow = true;
};

struct StaticScene {
    std::vector<Mesh> meshes;  // shared by instances and archetypes
    std::vector<Instance> instances;
};

// Centre and radius of the bounding sphere from the finest level's vertices.
void update_bounds(Mesh& mesh);

}  // namespace huntsman::engine::world
