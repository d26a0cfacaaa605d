// Hair, beards and what covers the head, as shells of the head and as curtains that hang from it.
#pragma once

#include <cstdint>

#include "scenarios/people/head.h"

namespace huntsman::scenarios::people {

enum class HairStyle : std::uint8_t {
    kBald,
    kCropped,
    kShort,
    kParted,  // fuller on top
    kCurly,   // a round volume
    kBob,     // to the chin
    kLong,    // over the shoulders
    kBun,
    kPonytail,
    kCount,
};
enum class Beard : std::uint8_t { kNone, kStubble, kMoustache, kFull, kCount };
enum class Headwear : std::uint8_t {
    kNone,
    kCap,
    kHat,
    kBeanie,
    kHeadscarf,
    kHelmet,       // of those who work
    kCycleHelmet,  // with vents
    kFullHelmet,   // of motorcyclists: covers the head, with a dark visor
    kCount
};

// `under` : what the head carries over it, so that hair does not come through.
std::vector<Piece> make_hair(const BodyData& data, const Body& body, const Places& places,
                             HairStyle style, Headwear under, const engine::math::Vec3& colour,
                             std::uint64_t seed);
Piece make_beard(const BodyData& data, const Body& body, Beard beard,
                 const engine::math::Vec3& colour);
std::vector<Piece> make_headwear(const BodyData& data, const Body& body, const Places& places,
                                 Headwear kind, const engine::math::Vec3& colour);
// The field of what a headscarf covers of the head: about metres inside its edge.
double scarf_covers_m(const Body& body, const Point& point);
Piece make_glasses(const Body& body, const Piece& skin, const engine::math::Vec3& colour);

}  // namespace huntsman::scenarios::people
