// What a person on foot decides at each `think`: where to go, whether to cross, how to pass others.
#pragma once

#include "agents/conduct/scene.h"
#include "engine/core/random.h"

namespace huntsman::agents::conduct {

struct Steps {
    world::PedestrianMind mind;
    world::WalkCommand walk;
    world::Signalled signalled;
};
Steps think_person(const Scene& scene, const engine::core::Key& seed,
                   world::Deliberation& deliberation);

// Time that the last vehicle leaves before a person on `crossing`, starting at `place_m` along it
// and walking towards its other end, has cleared each lane: smallest of (arrival of the vehicle)
// Whether all vehicles that come while somebody crosses from a place can still stop before, without
// braking hard.
bool all_can_stop(const Scene& scene, world::CrossingId crossing, double place_m, bool towards_b);

// minus (person out of its way) over all vehicles that do not stop; infinity if none comes.
double crossing_margin_s(const Scene& scene, world::CrossingId crossing, double place_m,
                         bool towards_b, double speed_mps);

// How good it is to cross now, for the agent of the scene, -1 to 1: gaps in time against what it
// accepts, and drivers who have seen it.
double advantage_of_crossing(const Scene& scene, world::CrossingId crossing, double place_m,
                             bool towards_b, double waited_s);

// The same for its own way over the road, away from crossings, from its begin.
double advantage_of_own_crossing(const Scene& scene, const world::OwnCrossing& way,
                                 double waited_s);

// The critical gap of somebody at a road of a width, who has `on_foot_s` at one of 7.5 m [s].
double critical_on_foot_s(double on_foot_s, double width_m);

}  // namespace huntsman::agents::conduct
