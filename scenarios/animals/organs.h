// Ears and eyes.
#pragma once

#include "scenarios/animals/animal.h"
#include "scenarios/people/piece.h"

namespace huntsman::scenarios::animals {

// A pair of each, as pieces by themselves. `looks` is the direction of the left eye.
people::Piece ears_of(const Animal& animal, const Ear& ear);
people::Piece eyes_of(const Eye& eye, const engine::math::Vec3& looks);

}  // namespace huntsman::scenarios::animals
