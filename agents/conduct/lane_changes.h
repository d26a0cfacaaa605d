// Changes to a neighbouring lane of the same direction: those that the route asks for, and those by
// which a driver gets on better, decided by MOBIL [Kesting 2007] on what it believes.
#pragma once

#include "agents/conduct/scene.h"

namespace huntsman::agents::conduct {

// Changes lane when the route asks for it or it is worth it, after a look over the shoulder and
// when the gaps there are safe. Writes route, place and the look; who has to change and has no room
// falls back.
void change_lane(const Scene& scene, world::DriverMind& mind);

// One who is ahead of or behind a place in a lane.
struct InLane {
    double gap_m = 1e9;  // between the bumpers; far away where nobody is
    double speed_mps = 0;
    bool any() const { return gap_m < 1e9; }
};
// Who is next on a lane, seen from where the driver is or would be.
struct Neighbours {
    InLane leader, follower;
    double length_m = 0;  // of the driver's own body, between them when it is not there
};

// How much better it is to be on the other lane [m/s²]: its own gain in acceleration, and those of
// the two followers as it guesses them with its own parameters, times `politeness`. Nothing where
// the new follower would have to brake harder than kSafe_mps2.
constexpr double kSafe_mps2 = 4.0;
std::optional<double> incentive_mps2(const engine::driving::Idm& idm, double v, double v0,
                                     const Neighbours& here, const Neighbours& there,
                                     double politeness);

// What the gains of others count, 0 to 0.5, by social value: 0 for egoists, 0.5 for those who weigh
// all alike.
double politeness(double social_rad);

// References
// [Kesting 2007] A. Kesting, M. Treiber, D. Helbing: General lane-changing model MOBIL for
//     car-following models. Transportation Research Record 1999.

}  // namespace huntsman::agents::conduct
