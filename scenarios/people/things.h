// Things that people carry, attached to their joints.
#pragma once

#include <span>

#include "scenarios/people/places.h"

namespace huntsman::scenarios::people {

enum class Thing : std::uint8_t;

// In the rest pose, where the joint that carries it will take it along. Straps lie on `worn`.
Piece make_thing(const Body& body, const Places& places, Thing thing,
                 const engine::math::Vec3& colour, std::span<const Piece> worn);

}  // namespace huntsman::scenarios::people
