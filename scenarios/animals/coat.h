// Colours of an animal's surface.
#pragma once

#include "scenarios/animals/animal.h"
#include "scenarios/people/piece.h"

namespace huntsman::scenarios::animals {

// Gives the points of a surface the colours and the matter of the coat's marks, and a light
// mottling.
void paint(const Animal& animal, Surface surface, people::Piece& piece);

engine::math::Vec3 colour_of(const Colour& colour);

}  // namespace huntsman::scenarios::animals
