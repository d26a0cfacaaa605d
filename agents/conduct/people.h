// What a person on foot decides at each `think`: where to go, whether to cross, how to pass others.
#pragma once

#include "agents/conduct/scene.h"
#include "engine/core/random.h"

namespace huntsman::agents::conduct {

struct Steps {
    world::PedestrianMind mind;
    world::WalkCommand walk;
};
Steps think_person(const Scene& scene, const engine::core::Key& seed);

// Time that the last vehicle leaves before a person on `crossing`, starting at `place_m` along it
// and walking towards its other end, has cleared each lane: smallest of (arrival of the vehicle)
// minus (person out of its way) over all vehicles that do not stop; infinity if none comes.
double crossing_margin_s(const Scene& scene, world::CrossingId crossing, double place_m,
                         bool towards_b, double speed_mps);

}  // namespace huntsman::agents::conduct
