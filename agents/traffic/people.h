// What a person on foot decides at each `think`: where to go, whether to cross, how to pass others.
#pragma once

#include "agents/traffic/scene.h"
#include "engine/core/random.h"

namespace huntsman::agents::traffic {

struct Walker {
    double speed_mps = 1.34;   // [facts: Weidmann, 1.34 ± 0.26 m/s]
    double side = 0.5;         // place on the pavement, share of the room right of its middle
    bool takes_risks = false;  // about 7 % cross with no margin
};
Walker walker_traits(const engine::core::Key& seed, world::ActorId id);

struct Steps {
    world::Mind mind;
    world::WalkCommand walk;
};
Steps think_person(const Scene& scene, std::size_t self, const engine::core::Key& seed);

// Time that the last vehicle leaves before a person on `crossing`, starting at `place_m` along it
// and walking towards its other end, has cleared each lane: smallest of (arrival of the vehicle)
// minus (person out of its way) over all vehicles that do not stop; infinity if none comes.
double crossing_margin_s(const Scene& scene, world::CrossingId crossing, double place_m,
                         bool towards_b, double speed_mps);

}  // namespace huntsman::agents::traffic
