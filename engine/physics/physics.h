// Rigid bodies in Bullet (double precision), behind our own types.
//
// Vehicles are boxes on any number of sprung wheels that steer, drive and brake. Each wheel stands
// on the road model's height and normal (no ray casts), carries a spring and damper, spins, and
// passes tyre forces bounded by the friction circle. Pedestrians are upright capsules moved by
// their walk. Static objects are boxes. Contacts are between bodies only; the ground is the road
// model.
//
// Actors may appear in the state and vanish from it between steps; bodies follow at the next step.
//
// Deterministic: bodies are inserted in order of id, and a step depends on nothing but the states
// that the simulation was given before.
#pragma once

#include <memory>

#include "engine/core/result.h"
#include "engine/physics/ground.h"
#include "engine/road/road_map.h"
#include "engine/world/state.h"
#include "engine/world/world.h"

namespace huntsman::engine::physics {

class Physics {
  public:
    // `world` and `map` must outlive the object.
    static core::Result<std::unique_ptr<Physics>> create(const world::World& world,
                                                         const road::RoadMap& map,
                                                         const world::State& initial);
    // The same on any ground, for surfaces that no road model offers.
    static core::Result<std::unique_ptr<Physics>> create(const world::World& world, Ground ground,
                                                         const world::State& initial);
    ~Physics();

    // Lets bodies appear and vanish with the state's actors, advances all by one tick under
    // the commands in `state`, then writes poses, velocities, accelerations, wheels, steering, gait
    // phases, contacts and swept overlaps back.
    void step(world::State& state);

    // The state has an actor elsewhere than the last step left it: its body stands there, upright,
    // from the next step on, which takes it for new. See world::place_actor.
    void place(world::ActorId actor);

  private:
    struct Impl;
    explicit Physics(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace huntsman::engine::physics
