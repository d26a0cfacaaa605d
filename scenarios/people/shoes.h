// Shoes: the cover's feet with uppers and soles. The body stands on the sole.
#pragma once

#include <cstdint>

#include "scenarios/people/places.h"

namespace huntsman::scenarios::people {

enum class ShoeStyle : std::uint8_t { kTrainers, kLeather, kBoots, kFlats, kCount };

double sole_m(ShoeStyle style, double scale);

// On the bare body, with the sole's underside at -sole_m.
Piece make_shoes(const BodyData& data, const Body& body, const Places& places, ShoeStyle style,
                 const engine::math::Vec3& upper, const engine::math::Vec3& sole);
// The field of what shoes cover of skin and socks: metres below their collar.
double shoe_covers_m(const Places& places, ShoeStyle style, const Point& point);

}  // namespace huntsman::scenarios::people
