// Sheets as meshes: materials, texture coordinates, one mesh a tile.
#pragma once

#include "engine/world/world.h"
#include "scenarios/catalogue/mesh_builder.h"
#include "scenarios/streets/surface/surface.h"

namespace huntsman::scenarios::streets {

// The levels of one tile while it is built. Builders take points in W.
struct TileMesh {
    Vec3 origin{0, 0, 0};  // on whole metres, so that points stay exact
    std::array<catalogue::MeshBuilder, kLevels> builders;
};

// How pavements are paved in the part of a town where p lies.
engine::world::Material paving_of(const Vec2& p);

// A tile's ground at all levels; empty sheets give empty builders.
TileMesh begin_tile(const Surface& surface, std::size_t tile);

// Appends the mesh and its instance.
void finish_tile(const TileMesh& tile, const char* name, engine::world::World& world);

}  // namespace huntsman::scenarios::streets
