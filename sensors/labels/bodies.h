// The shapes of everything that is labelled: which meshes make up an actor or a parked vehicle, and
// where they are.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "engine/world/skin.h"
#include "engine/world/state.h"
#include "engine/world/world.h"
#include "sensors/labels/sample.h"

namespace huntsman::sensors::labels {

// A mesh in its place.
struct PlacedMesh {
    const engine::world::Mesh* mesh = nullptr;
    RigidTransform X_WM;
    std::uint32_t part = 0;  // of the actor's archetype
    // Of a figure's skin, whose vertices have parts of their own, from `part` on.
    std::shared_ptr<const engine::world::SkinRows> joints;
};

// Bounds of a part at rest, for boxes.
struct PartBounds {
    Vec3 low{0, 0, 0}, high{0, 0, 0};  // in the mesh frame
    double axle_radius_m = 0;          // largest distance from the mesh's y axis: of wheels
};

class Bodies {
  public:
    // `world` must outlive the object.
    explicit Bodies(const engine::world::World& world);

    // Meshes of an actor as it is in the state, and of a labelled static object.
    std::vector<PlacedMesh> meshes_of(const engine::world::ActorState& actor) const;
    std::vector<PlacedMesh> meshes_of(const engine::world::StaticObject& object) const;

    // The smallest box along the body's axes that holds it: wheels as the cylinders they turn in,
    // so that rolling does not show; people with their limbs as they are. X_WO has its middle.
    struct Box {
        RigidTransform X_WO;
        Vec3 size_m{0, 0, 0};
    };
    Box box_of(const engine::world::ActorState& actor) const;
    Box box_of(const engine::world::StaticObject& object) const;

    const engine::world::World& world() const { return world_; }

  private:
    const engine::world::World& world_;
    std::vector<PartBounds> bounds_;  // of each mesh of the scene that a body may use
    std::map<ActorId, std::vector<std::uint32_t>> instances_;  // of labelled static objects
};

// Actors but the ego, and labelled static objects, whose middle is within `range_m` of the ego on
// the ground; sorted by id. What cameras and lidar see of them is filled in elsewhere.
std::vector<ObjectLabel> label_objects(const Bodies& bodies, const engine::world::State& state,
                                       double range_m);

}  // namespace huntsman::sensors::labels
