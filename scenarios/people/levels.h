// Levels of detail of a person from its pieces.
#pragma once

#include <vector>

#include "engine/figure/model.h"
#include "scenarios/people/piece.h"

namespace huntsman::scenarios::people {

// Triangles of a whole person at each level, at most.
constexpr std::array<std::size_t, 3> kBudgets = {5000, 1500, 250};

// Fills `levels` and `radius_m`. Each piece gets its own budget, scaled down where their sum
// exceeds that of the level.
void add_levels(engine::figure::Model& model, const std::vector<Piece>& pieces);

}  // namespace huntsman::scenarios::people
