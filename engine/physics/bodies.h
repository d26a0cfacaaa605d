// The rigid-body engine (Bullet) as this room uses it: bodies with our own identity, one step, and
// the contacts of that step. Included by this room's sources only.
#pragma once

#include <btBulletDynamicsCommon.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/math/grid_index.h"
#include "engine/math/transform.h"
#include "engine/world/state.h"
#include "engine/world/world.h"

namespace huntsman::engine::physics {

inline btVector3 to_bullet(const math::Vec3& v) { return {v.x, v.y, v.z}; }
inline math::Vec3 from_bullet(const btVector3& v) { return {v.x(), v.y(), v.z()}; }
inline btQuaternion to_bullet(const math::Quat& q) { return {q.x, q.y, q.z, q.w}; }
inline math::Quat from_bullet(const btQuaternion& q) { return {q.w(), q.x(), q.y(), q.z()}; }

// Owns the engine's world and its bodies. The order in which bodies are added and removed is part
// of the result.
class Bodies {
  public:
    Bodies();
    ~Bodies();

    // A chassis: box of `extent` raised to `clearance_m`, centre of gravity at p_BG.
    btRigidBody& add_vehicle(world::ActorId id, const world::Archetype& archetype,
                             const math::Vec3& p_BG, const math::RigidTransform& X_WB);
    // An upright capsule that slides in the plane, free of gravity.
    btRigidBody& add_walker(world::ActorId id, double mass_kg, double radius_m, double height_m,
                            const math::RigidTransform& X_WB);
    // Lets a vehicle or walker be moved by a script: free of gravity, it touches only what is moved
    // by physics.
    void make_scripted(btRigidBody& mover);
    // Takes a vehicle or walker out.
    void remove(btRigidBody& mover);
    // Lets a walker fall.
    static void release(btRigidBody& walker);
    // A standing box. It takes part only while something that moves is near, so that a town full of
    // poles and walls costs nothing.
    void add_static(const world::StaticObject& object);
    // To be called once, after all statics are there and before the first step.
    void finish();

    void step(double dt_s);

    // Contacts of the last step with an impulse, sorted by (a, b). The closing speed is that of the
    // first of consecutive steps in which the pair touched.
    const std::vector<world::Contact>& contacts() const { return contacts_; }

  private:
    using Shapes = std::vector<std::unique_ptr<btCollisionShape>>;  // the last one is the body's
    static std::unique_ptr<btRigidBody> make(world::ActorId id, double mass_kg,
                                             const Shapes& shapes, const math::RigidTransform& pose,
                                             const math::Vec3& inertia);
    btRigidBody& add_mover(std::unique_ptr<btRigidBody> body, Shapes shapes);
    void collect_contacts();
    // Of a body's point, as it was before the step; statics stand.
    btVector3 velocity_before(const btRigidBody& body, const btVector3& point) const;
    // Lets the statics around each mover take part, and those no longer near anyone rest.
    void update_neighbourhoods();

    btDefaultCollisionConfiguration configuration_;
    btCollisionDispatcher dispatcher_;
    btDbvtBroadphase broadphase_;
    btSequentialImpulseConstraintSolver solver_;
    btDiscreteDynamicsWorld world_;
    // Statics by cells of a grid; a cell counts the movers near it, a static the cells in use.
    struct Static {
        std::unique_ptr<btCollisionShape> shape;
        std::unique_ptr<btRigidBody> body;
        std::uint32_t cells = 0;
    };
    void use(const math::GridIndex::Cells& cells, bool begin);
    std::vector<Static> statics_;
    math::GridIndex statics_near_;
    std::vector<std::uint32_t> movers_near_;  // by cell
    struct Mover {
        Shapes shapes;
        std::unique_ptr<btRigidBody> body;
        double radius_m = 0;
        math::GridIndex::Cells near;                     // none at first
        btVector3 v_before{0, 0, 0}, w_before{0, 0, 0};  // of the step
    };
    std::vector<Mover> movers_;  // a body's second user index is its place here; statics have -1
    std::vector<world::Contact> contacts_, previous_;
    struct Sum {
        world::ActorId a, b;
        btVector3 impulse{0, 0, 0};  // on a
        btScalar largest = -1;
        btVector3 point{0, 0, 0};
        double closing_mps = 0;
    };
    std::vector<Sum> sums_;
};

}  // namespace huntsman::engine::physics
