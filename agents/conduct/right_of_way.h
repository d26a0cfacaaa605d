// Whether a vehicle may enter a junction's connection, and which of two vehicles inside goes first.
#pragma once

#include "agents/conduct/scene.h"

namespace huntsman::agents::conduct {

// How fast the agent speeds up from the line through this connection: briskly where it takes a gap
// that others leave.
double start_mps2(const Scene& scene, world::LaneId connection);

// How long before it comes somebody with way must be seen [s]: until the agent has cleared the
// first ground of its connection, leg `leg` of its way, on which it gives way. 0 where it gives way
// to nobody, or is there.
double sight_needed_s(const Scene& scene, std::size_t leg);

// How good it is to enter now, -1 to 1, and whose coming speaks against it most.
struct Prospect {
    double drift = 1;
    world::ActorId whom = world::kNoActor;
};

// For a vehicle before its stop line: gap acceptance in time against everyone with way over it and
// everyone already inside; -1 where the paths do not leave room. The connection is leg `leg` of
// its way. `against_signal`: an emergency vehicle at red, which leaves way to everybody who may go.
Prospect prospect_of_entry(const Scene& scene, std::size_t self, std::size_t leg,
                           bool against_signal = false);

// For a vehicle past its stop line: the distance from its front bumper to the first conflict area
// that it must leave to somebody else inside, or nothing.
struct Halt {
    double distance_m = 1e9;
    world::ActorId blocker = world::kNoActor;
};
Halt must_halt_inside(const Scene& scene, std::size_t self, std::size_t leg);

}  // namespace huntsman::agents::conduct
