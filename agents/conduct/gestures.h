// What somebody shows another on purpose: a horn, a flash of the headlights, a waved hand.
#pragma once

#include "agents/conduct/scene.h"

namespace huntsman::agents::conduct {

// What happens to a driver that is a reason to signal.
struct Occasion {
    world::Intention intention = world::Intention::kFollow;
    world::ActorId whom = world::kNoActor;  // whom it yields to, or follows
    double acceleration_mps2 = 0;
    world::ActorId comes_at = world::kNoActor;  // who drives towards it in its own lane
    bool green = false;                         // its signal shows green
};

// A driver's signal from now on: the horn for somebody on foot who steps out before it, for who
// comes towards it in its lane, and for a leader that does not start at green for 4 s; a flash, or
// by day and close a waved hand, for somebody whom it lets go first while both stand.
world::Signalled signal_of_driver(const Scene& scene, const Occasion& occasion);

// That of somebody on foot who waits at the kerb: a waved hand for the driver who waits there for
// it, when it is in no hurry to cross itself.
world::Signalled signal_of_person(const Scene& scene, const world::PedestrianMind& mind);

}  // namespace huntsman::agents::conduct
