// How a model that others made becomes a vehicle or a person: the files of assets/models, see
// docs/models.md.
//
// Frames. File: as the model's file has it. Model, M: x forward, y left, z up, in metres; its
// origin is the middle of the file's bounding box in x and y, and the lowest point in z; boxes of
// rules are in M. Body, B: that of world::VehicleSpec, on the ground below the middle of the
// axles that do not steer; everything made and measured is in B.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/world/ids.h"
#include "engine/world/scene.h"
#include "scenarios/bodywork/body.h"

namespace huntsman::scenarios::models {

// What a part of a vehicle is.
enum class Kind : std::uint8_t {
    kPaint,    // in the actor's tint
    kLivery,   // paint of a colour of its own
    kGlass,    // windows
    kTyre,     // says where the wheels are
    kRim,      // of light metal
    kRubber,   // seals, bumpers, handles
    kMetal,    // bare or chromed
    kPlastic,  // trim, grilles, housings
    kFabric,   // seats and soft tops
    kPlate,
    kReflector,
    kHeadLamp,
    kTailLamp,
    kBrakeLamp,
    kTurnLamp,  // left or right by its place
    kReverseLamp,
    kBlueLamp,
    kInterior,       // what is seen through the windows
    kSteeringWheel,  // likewise
    kNothing,        // left out
};
constexpr int kKinds = static_cast<int>(Kind::kNothing) + 1;
const char* name(Kind kind);  // "paint", "head_lamp", ...
bool is_lamp(Kind kind);

// An axis of the file's frame.
enum class Axis : std::uint8_t { kX, kMinusX, kY, kMinusY, kZ, kMinusZ };
const char* name(Axis axis);  // "x", "-x", ...

// Where the model's file is. Exactly one of `file` and `archive` is given.
struct Source {
    std::string file;     // relative to the description's folder, or absolute
    std::string archive;  // a zip archive, with one of:
    std::string member;
    std::int64_t entry = 0;  // of its PluginFurnitureCatalog.properties, as `model#entry`
    std::string package;     // Debian's that has it, for the message when it is missing
    std::string author, licence, origin;  // for the credits
};

// What some faces are: those of a material, an object and a piece, in a box; what is left out does
// not restrict. A '*' at either end of a name is
// anything. A piece is a connected component of one object and material.
struct Rule {
    Kind is = Kind::kPlastic;
    std::optional<std::string> material, object;
    std::optional<std::int64_t> piece;  // counted by falling area among what the rule finds
    std::optional<std::array<double, 6>> box_m;  // in M: x, y, z from, x, y, z to
    bool cut = false;   // faces are cut at the box's sides; else whole pieces in it
    bool twin = false;  // the box has a mirror image at -y
    std::optional<std::array<float, 3>> colour;  // linear; else the material's
    bool textured = true;  // colours from the material's texture where it has one
    bool picture = false;  // shows that texture itself
};

enum class Side : std::uint8_t { kFront, kRear, kLeft, kRight, kTop };
const char* name(Side side);  // "front", ...

// The corners of a shape, in their order.
struct Outline {
    std::vector<std::array<double, 2>> corners;
};

// A lamp or plate that the model lacks: a patch laid on its surface from one side. It is a
// rectangle about `at_m`, or has the corners of `outline_m`; places are in B: y and z from front
// and rear, x and z from left and right, x and y from the top.
struct Patch {
    Kind is = Kind::kHeadLamp;
    Side side = Side::kFront;
    std::optional<std::array<double, 2>> at_m;  // the middle
    std::optional<std::array<double, 2>> size_m;
    Outline outline_m;
    std::optional<double> corner_m;  // radius of the corners
    bool round = false;
    bool twin = false;       // another one at -y
    double raise_m = 0.006;  // above the surface
    double rim_m = 0.006;    // width of the dark rim about it, which goes down to the surface
    std::optional<std::array<float, 3>> colour;
};

// Triangles of the levels of detail, finest first: of the body, and of each wheel.
struct Budgets {
    std::array<double, 4> body{5600, 1400, 360, 60};
    std::array<double, 4> wheel{600, 150, 38, 16};
};

// Of a person: the file's node that is a joint of engine/figure.
struct JointRule {
    std::string joint, node;
};

struct Description {
    std::string name;  // of its file
    std::filesystem::path folder;
    std::string description;
    engine::world::Semantic semantic = engine::world::Semantic::kCar;
    Source source;                       // of these two exactly one is given
    std::optional<bodywork::Body> body;  // made of numbers, in B; without axes, unit and parts
    Axis forward = Axis::kZ, up = Axis::kY;
    std::optional<double> unit_m;    // metres in one of the file's units
    std::optional<double> length_m;  // or: overall length of what is left in
    std::optional<double> height_m;  // or, of people: from the soles to the crown
    double crease_deg = 38;          // faces that meet at less are shaded as one surface
    std::int64_t steered_axles = 1;  // from the front
    std::vector<Rule> parts;         // the first that fits a face counts
    std::vector<Patch> patches;
    std::optional<std::array<double, 3>> eye_m;  // the driver's, in B
    std::vector<JointRule> joints;               // of people; others are known by their names
    bool has_mirrors = true;                     // which the width does not count, see measure.h
    Budgets budgets;
};

inline bool is_person(const Description& d) {
    return d.semantic == engine::world::Semantic::kPedestrian;
}

// Reads a description. Errors name file, line and what was expected.
engine::core::Result<Description> load_description(const std::filesystem::path& path);
// That of assets/models.
std::filesystem::path description_path(const std::string& name);
// As a file.
std::string to_json(const Description& description);

}  // namespace huntsman::scenarios::models
