// What a person on foot decides at each `think`: where to go, whether to cross, how to pass others.
#pragma once

#include "agents/conduct/scene.h"
#include "engine/core/random.h"

namespace huntsman::agents::conduct {

struct Walker {
    double speed_mps = 1.34;   // in free walking
    double side = 0.5;         // place on the pavement, share of the room right of its middle
    bool takes_risks = false;  // about 7 % cross with no margin
};
// `mean_mps` is that of the person's kind; 1.34 ± 0.26 m/s over adults [Weidmann 1993].
Walker walker_traits(const engine::core::Key& seed, world::ActorId id, double mean_mps);

struct Steps {
    world::Mind mind;
    world::WalkCommand walk;
};
Steps think_person(const Scene& scene, const world::World& world, std::size_t self,
                   const engine::core::Key& seed);

// Time that the last vehicle leaves before a person on `crossing`, starting at `place_m` along it
// and walking towards its other end, has cleared each lane: smallest of (arrival of the vehicle)
// minus (person out of its way) over all vehicles that do not stop; infinity if none comes.
double crossing_margin_s(const Scene& scene, world::CrossingId crossing, double place_m,
                         bool towards_b, double speed_mps);

}  // namespace huntsman::agents::conduct
