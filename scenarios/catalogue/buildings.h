// Houses as meshes: the front lies on y = 0 and looks along -y, x runs along it, centred; the house
// extends to y = depth; the ground is z = 0.
#pragma once

#include "engine/world/scene.h"

namespace huntsman::scenarios::catalogue {

enum class HouseKind {
    kBlock,     // plaster, flat roof with parapet, cornice
    kBrick,     // brick tenement with a pitched roof
    kVilla,     // detached, plaster, pitched roof, chimney
    kModern,    // flat roof, balconies
    kTerraced,  // narrow brick house, pitched roof
};
constexpr int kHouseKinds = 5;

struct House {
    HouseKind kind = HouseKind::kBlock;
    double width_m = 14, depth_m = 11;
    int storeys = 4;
    bool shop = false;          // shop fronts at the ground
    std::uint64_t variant = 0;  // colours, doors, balconies
};

double eaves_m(const House& house);   // height of the walls
double height_m(const House& house);  // of the roof's top
engine::world::Mesh house_mesh(const House& house);

}  // namespace huntsman::scenarios::catalogue
