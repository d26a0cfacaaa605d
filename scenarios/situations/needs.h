// What a situation needs of the road.
#pragma once

#include <string>
#include <vector>

namespace huntsman::scenarios::situations {

struct Interval {
    double low = 0, high = 0;
};

// How the ego passes the conflict point.
enum class Pass {
    kLane,          // along a lane away from junctions
    kCrossing,      // over a crossing for people, away from junctions or at their entry
    kJunction,      // through a junction, where its way meets another's
    kTurnCrossing,  // over the crossing on the road that it turns into
    kRoundabout,    // into a roundabout, where its way meets the ring's
    kEntry,         // along a lane that another way joins
    kExit,          // along a lane that another way leaves
};

// "Near" is the side of the kerb: right where traffic drives on the right. Left and right turns are
// those of traffic on the right; where it drives on the left they are mirrored.
struct Needs {
    Pass pass = Pass::kLane;
    double before_m = 60, after_m = 20;              // length of the ego's way
    double clear_before_m = 25, clear_after_m = 10;  // without junctions (kLane)
    double other_before_m = 0;                       // length of the other's way
    Interval speed_limit_mps{0, 1e3};
    Interval curvature_per_m{0, 1};  // largest on the clear stretch, without sign
    double sight_m = 0;              // the way before the conflict point is straight to within 3 m
    std::vector<std::string> far, near;  // beside: "same_direction", "oncoming", "none"; any of
    bool parking = false, pavement = false, cycle_lane = false;  // at the near side
    bool bridge = false;                                         // in the near of one
    Interval kerb_m{0, 1e3};           // from the lane centre to the near kerb
    std::string turn;                  // "left", "right", "straight"
    std::vector<std::string> control;  // "none", "signal", "stop", "yield"; any of
    std::string other;       // the other comes from "opposite", "near", "far"; kLane: "oncoming",
                             // "same_direction"
    std::string other_turn;  // "left", "right", "straight"; empty: any
    bool signalled_crossing = false;
};

}  // namespace huntsman::scenarios::situations
