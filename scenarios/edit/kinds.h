// Kinds of actors as entities of a story.
#pragma once

#include <string>

#include "engine/world/world.h"
#include "scenarios/edit/commands.h"
#include "scenarios/situations/kinds.h"

namespace huntsman::scenarios::edit {

// nullptr where there is none; see actor_kinds().
const situations::ActorKind* kind_named(const std::string& name);
// What a model of a world is as an entity; its name leads back to the model.
situations::ActorKind kind_of(engine::world::Semantic semantic, const std::string& model,
                              const engine::world::Extent& extent, double mass_kg);

}  // namespace huntsman::scenarios::edit
