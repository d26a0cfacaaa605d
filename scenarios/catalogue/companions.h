// Animals that somebody leads: figures beside a figure, with collar and lead.
#pragma once

#include "scenarios/catalogue/cast.h"

namespace huntsman::scenarios::catalogue {

// Gives the figure of an archetype an animal at `p_FC` in the figure's frame that keeps step with
// it, as parts after those that there are and in the same skin, a collar, and a strap from it to
// the figure's right hand (Gesture::kLead). Both of the strap's ends stay where they are fixed to
// in any pose; in between it sags.
void add_companion(const CastMember& animal, const engine::math::Vec3& p_FC, int cycles,
                   engine::world::Archetype& archetype, engine::world::StaticScene& scene);

}  // namespace huntsman::scenarios::catalogue
