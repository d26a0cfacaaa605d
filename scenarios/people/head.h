// Skin, eyes and eyebrows.
#pragma once

#include "scenarios/people/places.h"

namespace huntsman::scenarios::people {

struct Complexion {
    double tone = 0.3;                          // of the skin: 0 very light to 1 very dark
    engine::math::Vec3 hair{0.05, 0.03, 0.02};  // linear
    engine::math::Vec3 iris{0.10, 0.06, 0.03};
    double beard_shadow = 0;  // 0 to 1
    double lip_colour = 0;    // of lipstick, 0 to 1
};

// Linear albedo of skin of a tone.
engine::math::Vec3 skin_colour(double tone);

// Middle of the head between the ears, from which directions on the head are measured.
engine::math::Vec3 head_middle(const Body& body);
// Direction of a place of the head: azimuth from the front, of either side, and elevation [rad].
struct HeadDirection {
    double azimuth, elevation, radius_m;
};
HeadDirection head_direction(const Body& body, const engine::math::Vec3& p);
// How large the head is against an adult's.
double head_scale(const Body& body);

// All skin but for the mouth's inside, painted; what cloth hides is cut later.
Piece make_skin(const BodyData& data, const Body& body, const Complexion& complexion);
Piece make_eyes(const BodyData& data, const Body& body, const Complexion& complexion);
// On the surface of `skin`.
Piece make_brows(const Body& body, const Piece& skin, const Complexion& complexion);

// Where a ray first meets the piece; `distance_m` stays as it is where it does not.
bool ray_hit(const Piece& piece, const engine::math::Vec3& from, const engine::math::Vec3& way,
             double& distance_m, engine::math::Vec3& normal);

}  // namespace huntsman::scenarios::people
