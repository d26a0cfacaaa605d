// A scene of a few bodies on a plane.
#pragma once

#include <utility>

#include "engine/world/state.h"
#include "engine/world/world.h"

namespace huntsman::agents::senses {

namespace math = engine::math;
namespace world = engine::world;

constexpr std::uint32_t kCar = 0, kVan = 1, kPerson = 2, kChild = 3, kBicycle = 4, kBus = 5;

struct Scene {
    world::World world;
    world::State state;

    Scene() {
        world.seed = 11;
        const auto add_kind = [&](world::Semantic semantic, const world::Extent& extent) {
            world::Archetype kind;
            kind.semantic = semantic;
            kind.extent = extent;
            world.archetypes.push_back(kind);
        };
        add_kind(world::Semantic::kCar, {3.5, 1.0, 1.8, 1.45});
        add_kind(world::Semantic::kVan, {4.2, 1.2, 2.0, 2.4});
        add_kind(world::Semantic::kPedestrian, {0.25, 0.25, 0.5, 1.75});
        add_kind(world::Semantic::kPedestrian, {0.2, 0.2, 0.4, 1.15});
        add_kind(world::Semantic::kBicycle, {1.2, 0.6, 0.6, 1.75});
        add_kind(world::Semantic::kBus, {9, 3, 2.55, 3.1});
        world.environment.cloud_cover = 0;
        world.environment.sun_elevation_rad = 0.9;
    }
    world::ActorId add(std::uint32_t kind, const math::Vec3& p, double yaw_rad = 0,
                       double speed_mps = 0) {
        world::ActorState actor;
        actor.id = static_cast<world::ActorId>(state.actors.size() + 2);
        actor.archetype = kind;
        actor.X_WB = math::upright(p, yaw_rad);
        actor.v_W = math::Vec3(speed_mps * math::direction(yaw_rad), 0);
        state.actors.push_back(std::move(actor));
        return state.actors.back().id;
    }
    void build(world::Semantic semantic, const math::Vec3& p, double length_m, double width_m,
               double height_m, double yaw_rad = 0) {
        world::StaticObject object;
        object.id = world::kFirstStaticObject + static_cast<world::ActorId>(world.objects.size());
        object.semantic = semantic;
        object.X_WB = math::upright(p, yaw_rad);
        object.extent = {0.5 * length_m, 0.5 * length_m, width_m, height_m};
        world.objects.push_back(object);
    }
    void park(std::uint32_t kind, const math::Vec3& p) {
        const world::Extent& extent = world.archetypes[kind].extent;
        build(world.archetypes[kind].semantic, p, extent.length_m(), extent.width_m,
              extent.height_m);
        world.objects.back().extent = extent;
        world.objects.back().archetype = kind;
    }
    void add_street_lamp(const math::Vec3& foot, double height_m) {
        world::Mesh mesh;
        world::MeshLod lod;
        for (int i = 0; i < 3; ++i) {
            world::Vertex vertex{};
            vertex.p[2] = static_cast<float>(height_m);
            lod.vertices.push_back(vertex);
        }
        lod.indices = {0, 1, 2};
        world::Submesh part;
        part.material = world::Material::kLamp;
        part.lamp = world::Lamp::kStreet;
        part.index_count = 3;
        lod.submeshes.push_back(part);
        mesh.lods.push_back(lod);
        world::Instance instance;
        instance.mesh = static_cast<std::uint32_t>(world.scene.meshes.size());
        instance.X_WM = math::upright(foot, 0);
        world.scene.meshes.push_back(mesh);
        world.scene.instances.push_back(instance);
    }
};

}  // namespace huntsman::agents::senses
