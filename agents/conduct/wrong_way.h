// Drivers on the wrong side of a two-way street, and whom others meet there.
//
// A driver who does not obey the direction (`Traits::obeys_direction`, drawn for each street) takes
// the lane of those who come the other way for its own: it moves over to it where the street
// begins, and drives on there. It goes back once it believes somebody to come towards it, hears a
// horn from ahead, or comes near a junction, a crossing or the end of its stretch. It follows the
// lanes of its own direction all the while: nobody drives into a one-way street from its end.
#pragma once

#include <optional>

#include "agents/conduct/aside.h"
#include "agents/conduct/scene.h"
#include "engine/core/random.h"

namespace huntsman::agents::conduct {

// Where across the road somebody keeps who is on the wrong side, moves to it or comes back from it;
// nothing for all others.
std::optional<AsideDuty> weigh_wrong_side(const Scene& scene, const engine::core::Key& seed);

// Somebody who is believed to drive or stand in the agent's own way and heads towards it, outside
// of junctions; and how far the agent drives on, so that 15 m are left between the two when
// both stop.
struct HeadOn {
    world::ActorId whom = world::kNoActor;
    double stop_m = 0;  // ahead of the front bumper
};
std::optional<HeadOn> comes_at(const Scene& scene);

}  // namespace huntsman::agents::conduct
