// Carriageways, marks, kerbs, pavements and the land between them.
#pragma once

#include <vector>

#include "engine/world/world.h"
#include "scenarios/town/layout.h"

namespace huntsman::scenarios::town {

// One side of a street as seen from the block behind it.
struct Front {
    std::uint32_t street = 0;
    bool left = true;  // the street's left side
};

// Land enclosed by streets, or all land outside them.
struct Block {
    std::vector<Vec2> border;  // outer edges of the pavements; counter-clockwise inside
    std::vector<Front> fronts;
    bool outside = false;
    bool urban = false;  // paved, shops: at an arterial
};

std::vector<Block> find_blocks(const Layout& layout);

// Appends meshes and instances of all of the ground.
void add_ground(const Layout& layout, const std::vector<Block>& blocks,
                const engine::core::Key& key, engine::world::World& world);

}  // namespace huntsman::scenarios::town
