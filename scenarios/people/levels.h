// Levels of detail of a person from its pieces.
#pragma once

#include <vector>

#include "engine/figure/model.h"
#include "scenarios/people/piece.h"

namespace huntsman::scenarios::people {

// Triangles of a whole figure at each level, at most.
using Budgets = std::array<std::size_t, 3>;
constexpr Budgets kBudgets = {5000, 1500, 250};  // of people

// Fills `levels` and `radius_m`. Each piece gets its own budget, scaled down where their sum
// exceeds that of the level.
void add_levels(engine::figure::Model& model, const std::vector<Piece>& pieces,
                const Budgets& budgets = kBudgets);

}  // namespace huntsman::scenarios::people
