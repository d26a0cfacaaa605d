// What drivers and walkers sense, want and do: IDM car following on lanes, signals and right of
// way, people on pavements and crossings.
//
// `think` (20 Hz) reads the state as a snapshot and writes minds; `act` (100 Hz) turns minds into
// pedal, steering and gait commands. Both treat every actor but
// the ego, whose commands belong to its driver, unless told to drive it as well. Nothing is kept
// between calls but what the state holds. Result per actor depends on the snapshot alone, not
// on the order of actors.
#pragma once

#include <memory>

#include "agents/conduct/periods.h"
#include "engine/road/road_map.h"
#include "engine/world/state.h"
#include "engine/world/world.h"

namespace huntsman::agents::traffic {

class Traffic {
  public:
    // `world` and `map` must outlive the object. With `drive_ego` the ego follows its route like
    // any other agent, and roams on behind its goal. With `open_edges` traffic leaves where the map
    // ends, else it stops there.
    Traffic(const engine::world::World& world, const engine::road::RoadMap& map,
            bool drive_ego = false, bool open_edges = true);
    ~Traffic();

    // Decides for every agent from the state as it is at the call.
    void think(engine::world::State& state);
    void act(engine::world::State& state);
    // Lets road users leave and others come in, out of everyone's sight; in the phase `story`. See
    // agents/population/population.h.
    void populate(engine::world::State& state) const;

    static constexpr engine::core::TimeUs kThinkPeriod_us = conduct::kThinkPeriod_us;
    static constexpr engine::core::TimeUs kActPeriod_us = conduct::kActPeriod_us;
    static constexpr engine::core::TimeUs kPopulatePeriod_us = conduct::kPopulatePeriod_us;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace huntsman::agents::traffic
