// The layers of the texture array, and what of their patterns shaders have to know.
#pragma once

#include <cstdint>

namespace huntsman::engine::texture {

// Layers of the texture array. kNoise must stay the first: shaders refer to it as layer 0.
enum class TextureLayer : std::uint8_t {
    kNoise,
    kAsphalt,
    kConcrete,
    kPaving,
    kPavers,
    kCobbles,
    kKerb,
    kGranite,
    kIron,
    kRoadMark,
    kGrass,
    kSoil,
    kLaneWear,  // from here to kMeadow: factors on other ground, see pattern_tools.h
    kGrime,
    kMeadow,
    kBrick,
    kPlaster,
    kFacadePlaster,
    kFacadeBrick,
    kFacadeStucco,
    kFacadeShutter,
    kFacadePanel,
    kFacadeModern,
    kShop,
    kRoof,
    kWood,
    kBark,
    kLeaves,
    kCloth,
    kPlates,  // licence plates, see kPlateColumns
    kCount,
};

// Licence plates stand in a grid, so that each vehicle can show another.
constexpr int kPlateColumns = 4, kPlateRows = 16;

// Where the wall of a bay is open for its window, in shares of the bay's width and the storey's
// height: width, height, and height of the sill; the window stands in the bay's middle.
struct Opening {
    float width = 0, height = 0, sill = 0;
};
Opening opening_of(TextureLayer facade);

}  // namespace huntsman::engine::texture
