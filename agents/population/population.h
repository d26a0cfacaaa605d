// Who is about: road users who come and go out of everyone's sight, so that there are about as many
// around the ego at any time as at the start.
//
// All that it keeps is fixed; a change depends on the state and the key alone.
#pragma once

#include <optional>

#include "agents/population/edges.h"
#include "agents/population/vehicles.h"
#include "agents/population/walkers.h"

namespace huntsman::agents::population {

class Population {
  public:
    // The world and the book must outlive the object.
    Population(const world::World& world, const LaneBook& book);

    // To be called every `conduct::kPopulatePeriod_us`.
    void update(world::State& state, const engine::core::Key& key) const;

  private:
    bool anybody_;  // besides the ego, at the start
    std::optional<Sight> sight_;
    std::optional<Edges> edges_;        // where the roads have ends
    std::optional<Vehicles> vehicles_;  // where they have none
    std::optional<Walkers> walkers_;
};

}  // namespace huntsman::agents::population
