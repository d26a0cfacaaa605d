#include "scenarios/town/scenery.h"

namespace huntsman::scenarios::town {

void add_scenery(const TownParameters&, const engine::core::Key&, const Layout&,
                 const std::vector<SignalMast>&, engine::world::World&) {}

}  // namespace huntsman::scenarios::town
