// Puts things into a world: static objects with their ids, instances, meshes that are made once.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "engine/world/world.h"

namespace huntsman::scenarios::catalogue {

class WorldBuilder {
  public:
    // Ids go on after those of the world's objects. `world` must outlive the object.
    explicit WorldBuilder(engine::world::World& world);

    engine::world::World& world() const { return world_; }

    // A mesh by name, made when it is first asked for.
    std::uint32_t mesh(const std::string& key, const std::function<engine::world::Mesh()>& make);
    // A mesh of its own.
    std::uint32_t add_mesh(engine::world::Mesh mesh);

    // A static object without a mesh.
    engine::world::ActorId add_object(engine::world::Semantic semantic,
                                      const engine::math::RigidTransform& X_WB,
                                      const engine::world::Extent& extent, bool collides = true);
    engine::world::Instance& add_instance(std::uint32_t mesh,
                                          const engine::math::RigidTransform& X_WM,
                                          engine::world::Semantic semantic,
                                          engine::world::ActorId object);

  private:
    engine::world::World& world_;
    engine::world::ActorId next_object_;
    std::map<std::string, std::uint32_t> meshes_;
};

// Of a box with its origin in the middle of its foot.
engine::world::Extent box_extent(double length_m, double width_m, double height_m);

}  // namespace huntsman::scenarios::catalogue
