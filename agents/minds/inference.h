// What an agent makes of the minds of others: has it seen me, what does it want. From its own
// beliefs alone.
#pragma once

#include "agents/beliefs/other_mind.h"
#include "agents/conduct/lane_book.h"
#include "engine/core/time.h"
#include "engine/math/transform.h"

namespace huntsman::agents::minds {

// Where the one who thinks is.
struct Observer {
    engine::world::ActorId id = engine::world::kNoActor;
    engine::math::RigidTransform X_WB;
    bool vehicle = true;
    bool starts = false;  // begins to move: who saw it stand does not know
};

// Updates the other minds of those who matter to the observer: people near a driver's way, vehicles
// that come towards somebody on foot or across a driver's way. `think` counts thinks; goals are
// thought over at every fourth, by those who think less often at each.
void infer_minds(const Observer& me, const conduct::LaneBook& book, double dt_s, std::int64_t think,
                 engine::world::Beliefs& beliefs);

}  // namespace huntsman::agents::minds
