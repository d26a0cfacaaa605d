#include "scenarios/catalogue/world_builder.h"

#include <algorithm>
#include <utility>

#include "scenarios/catalogue/mesh_builder.h"

namespace huntsman::scenarios::catalogue {

namespace world = engine::world;

WorldBuilder::WorldBuilder(world::World& world)
    : world_(world), next_object_(world::kFirstStaticObject) {
    for (const world::StaticObject& object : world.objects) {
        next_object_ = std::max(next_object_, object.id + 1);
    }
}

std::uint32_t WorldBuilder::mesh(const std::string& key, const std::function<world::Mesh()>& make) {
    const auto [at, fresh] = meshes_.try_emplace(key, 0U);
    if (fresh) at->second = add_mesh(make());
    return at->second;
}

std::uint32_t WorldBuilder::add_mesh(world::Mesh mesh) {
    return catalogue::add_mesh(world_.scene, std::move(mesh));
}

world::ActorId WorldBuilder::add_object(world::Semantic semantic,
                                        const engine::math::RigidTransform& X_WB,
                                        const world::Extent& extent, bool collides) {
    world::StaticObject object;
    object.id = next_object_++;
    object.semantic = semantic;
    object.X_WB = X_WB;
    object.extent = extent;
    object.collides = collides;
    world_.objects.push_back(object);
    return object.id;
}

world::Instance& WorldBuilder::add_instance(std::uint32_t mesh,
                                            const engine::math::RigidTransform& X_WM,
                                            world::Semantic semantic, world::ActorId object) {
    world::Instance instance;
    instance.mesh = mesh;
    instance.X_WM = X_WM;
    instance.semantic = semantic;
    instance.object = object;
    world_.scene.instances.push_back(instance);
    return world_.scene.instances.back();
}

world::Extent box_extent(double length_m, double width_m, double height_m) {
    return {0.5 * length_m, 0.5 * length_m, width_m, height_m};
}

}  // namespace huntsman::scenarios::catalogue
