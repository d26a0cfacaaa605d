// What drivers and walkers sense, want and do: IDM car following on lanes, signals and right of
// way, people on pavements and crossings.
//
// `think` (20 Hz) reads the state as a snapshot and writes minds; `act` (each tick of vehicles'
// control, 200 Hz) turns minds into pedal, steering and gait commands. Both treat every actor but
// the ego, whose commands belong to its driver. Result per actor depends on the snapshot alone, not
// on the order of actors.
#pragma once

#include <memory>

#include "engine/core/job_pool.h"
#include "engine/road/road_map.h"
#include "engine/world/state.h"
#include "engine/world/world.h"

namespace huntsman::agents::traffic {

class Traffic {
  public:
    // `world` and `map` must outlive the object.
    Traffic(const engine::world::World& world, const engine::road::RoadMap& map);
    ~Traffic();

    // Decides for every agent from the state as it is at the call.
    void think(engine::world::State& state);
    void act(engine::world::State& state);

    static constexpr engine::core::TimeUs kThinkPeriod_us = 50'000;
    static constexpr engine::core::TimeUs kActPeriod_us = 10'000;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace huntsman::agents::traffic
