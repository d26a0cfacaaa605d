// All road users but the ego: what they see, believe, decide and do.
//
// `think` (20 Hz) reads the state as a snapshot and writes minds: each agent looks, updates its
// beliefs (agents/minds) and decides from them alone (agents/conduct). `act` (100 Hz) turns minds
// into pedal, steering and gait commands. Both treat every actor but the ego, whose commands
// belong to its driver, unless told to drive it as well. Nothing is kept between calls but what the
// state holds. The result for an actor depends on the snapshot alone, not on the order of actors.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "agents/conduct/periods.h"
#include "agents/conduct/traits.h"
#include "agents/profiles/profile.h"
#include "engine/core/time.h"
#include "engine/road/road_map.h"
#include "engine/world/state.h"
#include "engine/world/world.h"

namespace huntsman::agents::traffic {

struct TrafficOptions {
    bool drive_ego = false;  // the ego follows its route as an agent, and roams on behind its goal
    bool open_edges = true;  // traffic leaves where the map ends, else it stops there
    // For comparisons.
    bool all_knowing = false;  // agents know everything near as it is
    bool other_minds = true;   // they think about what others have seen and want
    bool phantoms = true;      // and about who may be where they cannot see
    bool gestures = true;      // they sound horns, flash and wave
};

class Traffic {
  public:
    // `world` and `map` must outlive the object. `cast`: who is about; see profiles::load_cast.
    Traffic(const engine::world::World& world, const engine::road::RoadMap& map,
            profiles::Cast cast, const TrafficOptions& options = {});
    ~Traffic();

    // Names of the profiles that ActorState::profile indexes.
    const std::vector<std::string>& profiles() const;

    // What an agent is like; it must have thought once.
    const conduct::Traits& traits(const engine::world::ActorState& agent) const;

    // Decides for every agent from the state as it is at the call.
    void think(engine::world::State& state);
    void act(engine::world::State& state);
    // Lets road users leave and others come in, out of everyone's sight; in the phase `story`. See
    // agents/population/population.h.
    void populate(engine::world::State& state) const;

    // An agent has been put elsewhere: its mind finds the lane or walkway there, and begins anew
    // but for what it believes of others. Others know of it once they see it.
    void place(engine::world::State& state, engine::world::ActorId actor) const;

    static constexpr engine::core::TimeUs kThinkPeriod_us = conduct::kThinkPeriod_us;
    static constexpr engine::core::TimeUs kActPeriod_us = conduct::kActPeriod_us;
    static constexpr engine::core::TimeUs kPopulatePeriod_us = conduct::kPopulatePeriod_us;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace huntsman::agents::traffic
