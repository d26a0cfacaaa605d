// Backing off: who stands nose to nose with somebody, and has waited for long, drives backwards a
// few metres to make room, as far as there is room behind.
#pragma once

#include <optional>

#include "agents/conduct/scene.h"

namespace huntsman::agents::conduct {

struct Backing {
    double speed_mps = 0;  // backwards; 0 where it has no room behind yet, or has made room already
    world::ActorId whom = world::kNoActor;  // who needs the room
};

// Whether the agent backs off now, `mind` being what it has decided else. Cars do so sooner than
// long vehicles; who stands behind somebody that backs off, and sees the reversing lamps, follows.
std::optional<Backing> weigh_backing(const Scene& scene, const world::DriverMind& mind);

// Whether a mind has the vehicle in reverse.
inline bool backs_off(const world::DriverMind& mind) { return mind.target_speed_mps < 0; }

}  // namespace huntsman::agents::conduct
