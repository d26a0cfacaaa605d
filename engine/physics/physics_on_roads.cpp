#include "engine/physics/physics.h"

namespace huntsman::engine::physics {

core::Result<std::unique_ptr<Physics>> Physics::create(const world::World& world,
                                                       const road::RoadMap& map,
                                                       const world::State& initial) {
    return create(
        world, [&map](const math::Vec3& p) { return map.surface(p); }, initial);
}

}  // namespace huntsman::engine::physics
