// Clothing that follows the body: shells cut from the base mesh's own smooth cover, and skirts and
// coat tails that hang from it. Cuts are data; see docs/people.md.
#pragma once

#include <functional>

#include "scenarios/people/places.h"

namespace huntsman::scenarios::people {

// How a garment is cut. Shares: sleeves 0 to 1 from shoulder to elbow, to 2 at the wrist; legs
// likewise from hip to ankle; 0: none.
struct Cut {
    const char* name = "";
    double sleeves = 0;
    double legs = 0;
    bool torso = false;         // covers the trunk between hem and neck
    double hem_m = 0;           // of the trunk: above (or below) the crotch, for 1.75 m
    double neck_drop_m = 0.05;  // how much lower the neckline is in front
    double neck_m = 0;          // below the neck's foot, all around
    double v_neck_m = 0;        // depth of a V from the neck; 0: none
    double collar_m = 0;        // height of an upright collar
    double collar_flare = 0;    // how far it leans outwards, over its height
    double offset_m = 0.006;    // from the body
    double hang = 0.5;          // how fast it draws in below what it hangs from: 0 falls straight
    double sleeve_width = 1.1;  // of the cloth around the arm, over the arm's radius
    double leg_width_m = 0;     // least radius at the hem of legs
    double fold_m = 0.003;      // height of folds
    double thickness_m = 0.004;
    double tail_m = 0;         // tails hang from the waist to this far below the crotch; 0: none
    double tail_flare = 0.08;  // how much they widen, over their length
    double top_m = 0;          // trousers, skirts: upper edge above the waist
};

// The field of the part that a garment covers: metres inside its edges.
double covered_m(const Places& places, const Cut& cut, const Point& point);

// The garment on this body. `matter` and colour are left at cloth, grey.
Piece make_garment(const BodyData& data, const Body& body, const Places& places, const Cut& cut,
                   std::uint64_t seed);

}  // namespace huntsman::scenarios::people
