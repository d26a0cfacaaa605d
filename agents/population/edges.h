// Where a map ends: vehicles that reach the end leave it, and as many come in where roads begin.
#pragma once

#include <vector>

#include "agents/conduct/lane_book.h"
#include "agents/population/sight.h"
#include "engine/core/random.h"
#include "engine/world/state.h"

namespace huntsman::agents::population {

using conduct::LaneBook;

class Edges {
  public:
    // The world and the book must outlive the object.
    Edges(const world::World& world, const LaneBook& book);

    // Lets vehicles leave whose front has reached an exit, and at most one come in where the map
    // holds fewer than at the start: of a kind and colour that the world started with, at an entry
    // that is free and out of everyone's sight, on each lane every 8 s in the mean. Does nothing on
    // maps without edges.
    void update(world::State& state, const Sight& sight, const engine::core::Key& key) const;

    const std::vector<world::LaneId>& entries() const { return entries_; }
    const std::vector<world::LaneId>& exits() const { return exits_; }

  private:
    bool has_left(const world::ActorState& actor) const;
    bool is_free(const world::State& state, world::LaneId lane, double s_m, double speed_mps) const;
    void let_in(world::State& state, const Sight& sight, const engine::core::Key& key) const;

    const world::World* world_;
    const LaneBook* book_;
    std::vector<world::LaneId> entries_, exits_;  // sorted
    std::vector<const world::Spawn*> kinds_;      // the vehicles that the world started with
};

}  // namespace huntsman::agents::population
