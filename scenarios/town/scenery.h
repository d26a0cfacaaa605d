// All that is seen and hit: ground, buildings, trees, furniture, parked vehicles.
#pragma once

#include "engine/math/geometry.h"
#include "engine/world/world.h"
#include "scenarios/town/ground.h"
#include "scenarios/town/layout.h"
#include "scenarios/town/network.h"
#include "scenarios/town/town.h"

namespace huntsman::scenarios::town {

// Hands out ids of static objects and places meshes.
struct Stage {
    engine::world::World& world;
    engine::world::ActorId next_object = engine::world::kFirstStaticObject;

    // A static object without a mesh; its box is that of `extent` at the pose.
    engine::world::ActorId add_object(engine::world::Semantic semantic,
                                      const engine::math::RigidTransform& X_WB,
                                      const engine::world::Extent& extent, bool collides);
    engine::world::Instance& add_instance(std::uint32_t mesh,
                                          const engine::math::RigidTransform& X_WM,
                                          engine::world::Semantic semantic,
                                          engine::world::ActorId object);
};

// Houses along the streets and far ones at the horizon. Returns the ground boxes of the near ones.
std::vector<engine::math::Box2> add_houses(const Layout& layout, const std::vector<Block>& blocks,
                                           const engine::core::Key& key, Stage& stage);

// Signals, lamps, signs, trees, hedges, benches, clear of lanes, houses and each other.
void add_furniture(const Layout& layout, const std::vector<Block>& blocks,
                   const std::vector<SignalMast>& masts,
                   const std::vector<engine::math::Box2>& houses, const engine::core::Key& key,
                   Stage& stage);

// Vehicles in the parking places.
void add_parked(const Layout& layout, double share, const engine::core::Key& key, Stage& stage);

// Fills the scene and the static objects of a world whose roads and archetypes are set.
void add_scenery(const TownParameters& parameters, const engine::core::Key& key,
                 const Layout& layout, const std::vector<SignalMast>& masts,
                 engine::world::World& world);

}  // namespace huntsman::scenarios::town
