// Ears and eyes.
#pragma once

#include "scenarios/animals/animal.h"
#include "scenarios/people/piece.h"

namespace huntsman::scenarios::animals {

// A pair of each, as pieces by themselves. `at` is the middle of the left eye's ball, `looks` its
// direction.
people::Piece ears_of(const Animal& animal, const Ear& ear);
people::Piece eyes_of(const Eye& eye, const engine::math::Vec3& at,
                      const engine::math::Vec3& looks);

}  // namespace huntsman::scenarios::animals
