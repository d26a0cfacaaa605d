// The town and the road users that bench senses and bench agents measure.
#pragma once

#include "engine/core/result.h"
#include "engine/world/world.h"

namespace huntsman::apps {

// The fixed town, with nobody in it.
engine::core::Result<engine::world::World> bench_town();

// Gives it `agents` spawns in place of those that it has, half of them cars on lanes and half
// people on walkways, at drawn places within a disc around the middle that grows with their number:
// as many on each square metre as 60 within 150 m. The first is the ego. Errors: there is no room.
engine::core::Status place_agents(engine::world::World& town, int agents);

}  // namespace huntsman::apps
