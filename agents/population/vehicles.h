// Vehicles that come and go on roads without ends: those that the ego has left behind leave, and as
// many appear where it drives to, out of sight.
#pragma once

#include <vector>

#include "agents/conduct/lane_book.h"
#include "agents/population/sight.h"
#include "engine/core/random.h"

namespace huntsman::agents::population {

using conduct::LaneBook;

class Vehicles {
  public:
    // The world and the book must outlive the object.
    Vehicles(const world::World& world, const LaneBook& book);

    // Lets at most one leave and one appear: of a kind and colour that the world started with, in
    // flowing traffic, on a lane with room before and behind; so many as at the start. Who has
    // waited for a while stays until it has waited very long, as others may wait for it. Does
    // nothing without an ego.
    void update(world::State& state, const Sight& sight, const engine::core::Key& key) const;

    // Whoever is farther away from the middle of the ego's surroundings may leave; who appears is
    // nearer than the second.
    static constexpr double kLeave_m = 220, kAppear_m = 190;

  private:
    const world::ActorState* leaving(const world::State& state, const Vec2& middle,
                                     std::size_t& count) const;
    bool touches_something(const world::Archetype& kind, const math::RigidTransform& X_WB) const;
    bool set_on_lane(const road::LanePlace& place, world::Spawn& spawn) const;
    bool is_free(const world::State& state, const world::Spawn& spawn) const;

    const world::World* world_;
    const LaneBook* book_;
    std::vector<const world::Spawn*> kinds_;  // the vehicles that the world started with
    std::vector<road::LanePlace> places_;
    std::vector<Vec2> at_W_;  // by place
};

}  // namespace huntsman::agents::population
