#include "bridge/live/scene_key.h"

#include <string_view>

#include "engine/core/describe_hash.h"
#include "engine/core/hash.h"
#include "engine/world/weather_fields.h"

namespace huntsman::bridge::live {

using engine::core::hash_bytes;
using engine::core::hash_chain;
using engine::core::Hasher;

namespace {

// Arrays of numbers without padding between them.
template <class T>
std::uint64_t hash_all(const std::vector<T>& values) {
    return hash_bytes(values.data(), values.size() * sizeof(T));
}

void add(Hasher& hasher, const engine::math::RigidTransform& X) {
    for (const double number : {X.q.w, X.q.x, X.q.y, X.q.z, X.p.x, X.p.y, X.p.z}) {
        hasher.add(number);
    }
}
void add(Hasher& hasher, const engine::world::Extent& extent) {
    for (const double number : {extent.front_m, extent.rear_m, extent.width_m, extent.height_m}) {
        hasher.add(number);
    }
}

std::uint64_t key_of(const engine::world::MeshLod& lod) {
    static_assert(sizeof(engine::world::Vertex) == 11 * sizeof(float));
    std::uint64_t key = hash_chain(hash_all(lod.vertices), hash_all(lod.indices));
    Hasher hasher;
    for (const auto& part : lod.submeshes) {
        hasher.add(part.material);
        hasher.add(part.lamp);
        hasher.add(part.semantic);
        hasher.add(part.first_index);
        hasher.add(part.index_count);
    }
    hasher.add(lod.error_m);
    return hash_chain(key, hasher.digest());
}

void add(Hasher& hasher, const engine::world::Archetype& archetype) {
    hasher.add(std::string_view(archetype.name));
    hasher.add(archetype.semantic);
    add(hasher, archetype.extent);
    for (const auto& wheel : archetype.vehicle.wheels) {
        hasher.add(wheel.p_B.x);
        hasher.add(wheel.p_B.y);
        hasher.add(wheel.radius_m);
        hasher.add(wheel.steered);
    }
    for (const auto& part : archetype.parts) {
        hasher.add(part.motion);
        hasher.add(part.mesh);
        hasher.add(part.wheel);
        for (const double number : {part.p_BP.x, part.p_BP.y, part.p_BP.z, part.swing}) {
            hasher.add(number);
        }
    }
}

}  // namespace

std::uint64_t scene_key(const engine::world::World& world) {
    std::uint64_t key = 0;
    Hasher hasher;
    for (const auto& mesh : world.scene.meshes) {
        for (const auto& lod : mesh.lods) key = hash_chain(key, key_of(lod));
        hasher.add(mesh.radius_m);
    }
    for (const auto& instance : world.scene.instances) {
        hasher.add(instance.mesh);
        add(hasher, instance.X_WM);
        for (const float number : instance.tint) hasher.add(number);
        hasher.add(instance.object);
        hasher.add(instance.semantic);
        hasher.add(instance.signal_group);
        hasher.add(instance.lamps);
        hasher.add(instance.casts_shadow);
    }
    for (const auto& archetype : world.archetypes) add(hasher, archetype);
    for (const auto& object : world.objects) {
        hasher.add(object.id);
        hasher.add(object.semantic);
        add(hasher, object.X_WB);
        add(hasher, object.extent);
        hasher.add(object.collides);
    }
    for (const auto& group : world.roads.signal_groups) hasher.add(group.for_pedestrians);
    hasher.add(world.size_m);
    return hash_chain(key, hasher.digest());
}

std::uint64_t light_key(const engine::world::World& world) {
    Hasher hasher;
    add_to(hasher, world.environment);
    for (const auto& state : world.weather.states) add_to(hasher, state);
    if (world.weather.sun) add_to(hasher, *world.weather.sun);
    return hasher.digest();
}

}  // namespace huntsman::bridge::live
