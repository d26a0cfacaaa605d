// A four-legged animal as its file in assets/animals describes it (docs/animals.md), and the model
// that is made from it.
//
// Places are in metres: x forward, y left, z up from the ground; the origin is anywhere in between.
// An animal stands, and is the same on both sides: what lies at y > 0 is there at -y too.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/figure/model.h"
#include "engine/math/vec.h"

namespace huntsman::scenarios::animals {

using Colour = std::array<double, 3>;  // linear

// A place of a strand: its axis, its radius across y, and its half width along y over that.
struct Station {
    engine::math::Vec3 p{0, 0, 0};
    double radius_m = 0;
    double wide = 1;
};

// A list of its own type, since files have it in a form of its own.
struct Stations : std::vector<Station> {};

// What flesh belongs to: what is of one surface melts together.
enum class Surface : std::uint8_t { kBody, kTail, kAntlers };
constexpr int kSurfaces = 3;
const char* name(Surface surface);

// A round strand of flesh, bone or horn along its stations.
struct Strand {
    std::string carriers;  // joint of each stretch between stations; the last goes on
    double blend_m = 0;    // within which it melts into what was there before
    Surface of = Surface::kBody;
    Stations stations;
};

enum class Matter : std::uint8_t { kHair, kSkin, kLeather, kHorn };
constexpr int kMatters = 4;
const char* name(Matter matter);
enum class Pattern : std::uint8_t { kPlain, kPatches, kStripes };
constexpr int kPatterns = 3;
const char* name(Pattern pattern);

// A mark of the coat, over those before it: within its strand, all over without one.
struct Mark {
    Colour colour{};
    Stations stations;
    double edge_m = 0.01;  // half width of the border
    double ragged_m = 0;   // by how much the border wanders
    double strength = 1;
    Pattern pattern = Pattern::kPlain;
    double size_m = 0.1;  // of patches, or from stripe to stripe
    double level = 0;     // of noise or wave, -1 to 1, from which on it shows
    Surface of = Surface::kBody;
    Matter matter = Matter::kHair;
};
struct Coat {
    Colour colour{};
    std::vector<Mark> marks;
};

struct Eye {
    std::array<double, 3> at_m{};  // about where the left one is; it is brought onto the surface
    double radius_m = 0.01;
    Colour colour{};
    std::optional<Colour> pupil;  // where it differs
};

// A leaf that is hollow towards `out`.
struct Ear {
    std::array<double, 3> root_m{}, tip_m{}, out{};
    double width_m = 0.05;
    bool pointed = false;          // broadest at its root, not in the middle
    std::optional<Colour> colour;  // of its back; else the coat's
    std::optional<Colour> inner;   // of the hollow side; else darker than the back
};

// Names of joints in files, in the order of kJoints in animal.cpp.
struct Joints {
    std::array<double, 3> pelvis{}, loin{}, chest{}, neck{}, neck_middle{}, head{}, ear{};
    std::array<double, 3> shoulder_blade{}, shoulder{}, elbow{}, carpus{}, fetlock{}, toe{};
    std::array<double, 3> hip{}, stifle{}, hock{}, hind_fetlock{}, hind_toe{};
    std::array<double, 3> tail_1{}, tail_2{}, tail_3{};
};

struct Animal {
    std::string description;
    std::optional<std::string> like;       // another file, of which this has all that it lacks
    std::array<double, 3> scale{1, 1, 1};  // of what is taken from there, along x, y and z
    std::optional<Joints> joints;
    std::vector<Strand> flesh;
    std::vector<Eye> eyes;
    std::vector<Ear> ears;
    std::optional<Coat> coat;
    std::optional<double> cell_m;  // size of the cells that the flesh is sampled in
    std::array<double, 3> triangles{7000, 1800, 280};  // of its levels of detail, at most
};

// Reads a file, and the one that it is like. Fails with file, line and expectation; a strand may
// name no joint that there is not, have no radius of 0, and the feet must stand on the ground.
engine::core::Result<Animal> read_animal(const std::filesystem::path& path);

// Size of the cells of a surface: tails and antlers are thin. The animal is whole.
double cell_of(const Animal& animal, Surface surface);

// The model: surfaces sampled in cells and polygonised, thinned to the levels. Its B's origin is on
// the ground below the middle of its box. The same animal gives the same bits. Cost: some seconds.
engine::figure::Model make_model(const Animal& animal, const std::string& name);

}  // namespace huntsman::scenarios::animals
