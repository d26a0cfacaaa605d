// The moment at which a session stands.
#pragma once

#include "bridge/live/moment.h"

namespace huntsman::bridge::live {

// `world` stands for the session's own, which ends with it. `before`: the moment before, to share
// with; or null.
MomentPtr moment_of(const loop::Session& session, std::shared_ptr<const engine::world::World> world,
                    const MomentPtr& before, int thumbnail_width);

}  // namespace huntsman::bridge::live
