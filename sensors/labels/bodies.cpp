#include "sensors/labels/bodies.h"

#include <cmath>
#include <limits>

#include "engine/core/check.h"
#include "engine/world/pose.h"
#include "engine/world/skin.h"

namespace huntsman::sensors::labels {

using engine::world::ActorState;
using engine::world::Motion;
using engine::world::StaticObject;
using engine::world::World;

namespace {

struct Bounds {
    Vec3 low{std::numeric_limits<double>::max()}, high{std::numeric_limits<double>::lowest()};
    void add(const Vec3& p) {
        low = glm::min(low, p);
        high = glm::max(high, p);
    }
};

Bodies::Box box_from(const RigidTransform& X_WB, const Bounds& b) {
    return {X_WB * RigidTransform{{1, 0, 0, 0}, 0.5 * (b.low + b.high)}, b.high - b.low};
}

// All vertices of a placed mesh's finest level.
void add_vertices(const PlacedMesh& placed, const RigidTransform& X_BW, Bounds& bounds) {
    const RigidTransform X_BM = X_BW * placed.X_WM;
    for (const auto& v : placed.mesh->lods.front().vertices) {
        bounds.add(X_BM * Vec3(v.p[0], v.p[1], v.p[2]));
    }
}

}  // namespace

Bodies::Bodies(const World& world) : world_(world), bounds_(world.scene.meshes.size()) {
    std::vector<bool> used(bounds_.size());
    for (const auto& archetype : world.archetypes) {
        for (const auto& part : archetype.parts) used[part.mesh] = true;
    }
    for (std::size_t i = 0; i < bounds_.size(); ++i) {
        if (!used[i]) continue;
        Bounds b;
        double axle = 0;
        for (const auto& v : world.scene.meshes[i].lods.front().vertices) {
            b.add({v.p[0], v.p[1], v.p[2]});
            axle = std::max(axle,
                            std::hypot(static_cast<double>(v.p[0]), static_cast<double>(v.p[2])));
        }
        bounds_[i] = {b.low, b.high, axle};
    }
    for (const StaticObject& object : world.objects) {
        if (object.labelled) instances_[object.id] = {};
    }
    for (std::uint32_t i = 0; i < world.scene.instances.size(); ++i) {
        const auto found = instances_.find(world.scene.instances[i].object);
        if (found != instances_.end()) found->second.push_back(i);
    }
}

std::vector<PlacedMesh> Bodies::meshes_of(const ActorState& actor) const {
    const auto& archetype = world_.archetypes[actor.archetype];
    std::vector<PlacedMesh> meshes;
    for (std::uint32_t i = 0; i < archetype.parts.size(); ++i) {
        const auto& part = archetype.parts[i];
        if (engine::world::of_skin(part)) continue;
        meshes.push_back({&world_.scene.meshes[part.mesh],
                          engine::world::part_pose(archetype, part, actor), i, nullptr});
    }
    if (archetype.figure) {
        const engine::world::Figure& own = *archetype.figure;
        meshes.push_back({&world_.scene.meshes[own.skin], actor.X_WB, own.first_part,
                          std::make_shared<const engine::world::SkinRows>(
                              engine::world::skinning_of(archetype, actor))});
    }
    return meshes;
}

std::vector<PlacedMesh> Bodies::meshes_of(const StaticObject& object) const {
    std::vector<PlacedMesh> meshes;
    const auto found = instances_.find(object.id);
    if (found == instances_.end()) return meshes;
    for (const std::uint32_t i : found->second) {
        const auto& instance = world_.scene.instances[i];
        meshes.push_back({&world_.scene.meshes[instance.mesh], instance.X_WM, 0, nullptr});
    }
    return meshes;
}

Bodies::Box Bodies::box_of(const ActorState& actor) const {
    const auto& archetype = world_.archetypes[actor.archetype];
    const RigidTransform X_BW = actor.X_WB.inverse();
    Bounds bounds;
    for (const auto& part : archetype.parts) {
        if (engine::world::of_skin(part)) continue;
        const RigidTransform X_WP = engine::world::part_pose(archetype, part, actor);
        const PartBounds& rest = bounds_[part.mesh];
        if (part.motion == Motion::kWheel) {
            // The disc's edges on both sides, wherever its rolling has brought it.
            const auto turn = engine::math::yaw_rotation(
                archetype.vehicle.wheels[part.wheel].steered ? actor.steer_rad : 0.0);
            const Vec3 axle = turn * Vec3(0, 1, 0), ahead = turn * Vec3(1, 0, 0);
            const double r = rest.axle_radius_m;
            for (const double y : {rest.low.y, rest.high.y}) {
                const Vec3 hub = part.p_BP + axle * y;
                const Vec3 reach(r * std::abs(ahead.x), r * std::abs(ahead.y), r);
                bounds.add(hub - reach);
                bounds.add(hub + reach);
            }
        } else if (part.motion == Motion::kFixed) {
            // Never turned against the body.
            const RigidTransform X_BM = X_BW * X_WP;
            bounds.add(X_BM.p + rest.low);
            bounds.add(X_BM.p + rest.high);
        } else {
            add_vertices({&world_.scene.meshes[part.mesh], X_WP, 0, nullptr}, X_BW, bounds);
        }
    }
    if (archetype.figure) {
        const auto rows = engine::world::skinning_of(archetype, actor);
        const auto& skin = world_.scene.meshes[archetype.figure->skin].lods.front();
        for (std::size_t i = 0; i < skin.vertices.size(); ++i) {
            bounds.add(engine::world::skinned_point(rows, skin.vertices[i], skin.bindings[i]));
        }
    }
    if (archetype.parts.empty()) {
        const auto& e = archetype.extent;
        bounds.add({-e.rear_m, -0.5 * e.width_m, 0});
        bounds.add({e.front_m, 0.5 * e.width_m, e.height_m});
    }
    return box_from(actor.X_WB, bounds);
}

Bodies::Box Bodies::box_of(const StaticObject& object) const {
    Bounds bounds;
    const RigidTransform X_BW = object.X_WB.inverse();
    for (const PlacedMesh& placed : meshes_of(object)) add_vertices(placed, X_BW, bounds);
    if (bounds.low.x > bounds.high.x) {
        const auto& e = object.extent;
        bounds.add({-e.rear_m, -0.5 * e.width_m, 0});
        bounds.add({e.front_m, 0.5 * e.width_m, e.height_m});
    }
    return box_from(object.X_WB, bounds);
}

std::vector<ObjectLabel> label_objects(const Bodies& bodies, const engine::world::State& state,
                                       double range_m) {
    const World& world = bodies.world();
    const ActorState* ego = state.find(engine::world::kEgo);
    HM_CHECK(ego != nullptr, "the state has no ego");
    std::vector<ObjectLabel> labels;
    const auto away = [&](const Vec3& p) { return glm::length(engine::math::xy(p - ego->X_WB.p)); };
    for (const ActorState& actor : state.actors) {
        if (actor.id == engine::world::kEgo) continue;
        const auto& archetype = world.archetypes[actor.archetype];
        const double distance = away(engine::world::box_centre(archetype.extent, actor.X_WB));
        if (distance > range_m) continue;
        const Bodies::Box box = bodies.box_of(actor);
        labels.push_back({.id = actor.id,
                          .semantic = archetype.semantic,
                          .kind = archetype.name,
                          .X_WO = box.X_WO,
                          .size_m = box.size_m,
                          .v_W = actor.v_W + glm::cross(actor.w_W, box.X_WO.p - actor.X_WB.p),
                          .w_W = actor.w_W,
                          .distance_m = distance});
    }
    for (const StaticObject& object : world.objects) {
        if (!object.labelled) continue;
        const double distance = away(engine::world::box_centre(object.extent, object.X_WB));
        if (distance > range_m) continue;
        const Bodies::Box box = bodies.box_of(object);
        const bool named = object.archetype < world.archetypes.size();
        labels.push_back({.id = object.id,
                          .semantic = object.semantic,
                          .kind = named ? world.archetypes[object.archetype].name
                                        : engine::world::name(object.semantic),
                          .X_WO = box.X_WO,
                          .size_m = box.size_m,
                          .parked = true,
                          .distance_m = distance});
    }
    return labels;
}

}  // namespace huntsman::sensors::labels
