// Who is an agent. For those who see the state: decisions do not.
#pragma once

#include "engine/world/state.h"

namespace huntsman::agents::senses {

// Whether an actor's own mind moves it; else a driver does, or a script.
inline bool is_agent(const engine::world::ActorState& actor, bool ego_is_agent) {
    return !actor.scripted && (actor.id != engine::world::kEgo || ego_is_agent);
}

}  // namespace huntsman::agents::senses
