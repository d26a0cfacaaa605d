// Plain solids, of which files in assets/actors make parts: see docs/actors.md.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/core/describe.h"

namespace huntsman::scenarios::catalogue {

class MeshBuilder;

enum class SolidShape : std::uint8_t {
    kBox,   // from corner to opposite corner
    kTube,  // from end to end, with flat ends; tapers
    kLimb,  // the same with round ends
    kBall,  // an ellipsoid within a box from corner to opposite corner
    kPod,   // a box with round corners and edges: a roof box, a carrycot
    // A folding hood: a quarter of an ellipsoid over bows that turn about a line across at to_m's x
    // and from_m's z; its closed end is at from_m's x, its top at to_m's z.
    kHood,
};
enum class Finish : std::uint8_t {
    kPaint,   // in the actor's tint
    kLivery,  // paint of a colour of its own
    kCloth,   // in the actor's tint
    kMatt,    // fur, cardboard, hair, leather
    kSkin,
    kMetal,
    kPlastic,
    kRubber,
    kGlass,
    kConcrete,
    kReflector,
    kHeadLamp,
    kTailLamp,
    kBrakeLamp,
    kTurnLamp,  // left or right by its place
    kBlueLamp,
};
const char* name(SolidShape shape);  // "box", "tube", ...
const char* name(Finish finish);     // "paint", "livery", ...
constexpr int value_count(engine::core::Of<SolidShape>) { return 6; }
constexpr int value_count(engine::core::Of<Finish>) {
    return static_cast<int>(Finish::kBlueLamp) + 1;
}

// In the frame of its part: x forward, y left, z up [m].
struct Solid {
    SolidShape shape = SolidShape::kBox;
    std::array<double, 3> from_m{}, to_m{};
    double radius_m = 0.02;              // of tubes and limbs, at `from_m`
    std::optional<double> end_radius_m;  // at `to_m`; else the same
    Finish finish = Finish::kMatt;
    std::array<float, 3> colour{1, 1, 1};  // linear
    bool mirrored = false;                 // there is another one on the other side, at -y
};

// Appends solids to a mesh; what is round has so many sides.
void add_solids(const std::vector<Solid>& solids, int sides, MeshBuilder& builder);

}  // namespace huntsman::scenarios::catalogue
