// The rigid-body engine (Bullet) as this room uses it: bodies with our own identity, one step, and
// the contacts of that step. Included by this room's sources only.
#pragma once

#include <btBulletDynamicsCommon.h>

#include <memory>
#include <vector>

#include "engine/math/transform.h"
#include "engine/world/state.h"
#include "engine/world/world.h"

namespace huntsman::engine::physics {

inline btVector3 to_bullet(const math::Vec3& v) { return {v.x, v.y, v.z}; }
inline math::Vec3 from_bullet(const btVector3& v) { return {v.x(), v.y(), v.z()}; }
inline btQuaternion to_bullet(const math::Quat& q) { return {q.x, q.y, q.z, q.w}; }
inline math::Quat from_bullet(const btQuaternion& q) { return {q.w(), q.x(), q.y(), q.z()}; }

// Owns the engine's world and its bodies. Bodies must be added in order of id.
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
    // Lets a walker fall.
    static void release(btRigidBody& walker);
    void add_static(const world::StaticObject& object);

    void step(double dt_s);

    // Contacts of the last step with an impulse, sorted by (a, b). The closing speed is that of the
    // first of consecutive steps in which the pair touched.
    const std::vector<world::Contact>& contacts() const { return contacts_; }

  private:
    btRigidBody& add(world::ActorId id, double mass_kg, btCollisionShape& shape,
                     const math::RigidTransform& pose, const math::Vec3& inertia);
    void collect_contacts();

    btDefaultCollisionConfiguration configuration_;
    btCollisionDispatcher dispatcher_;
    btDbvtBroadphase broadphase_;
    btSequentialImpulseConstraintSolver solver_;
    btDiscreteDynamicsWorld world_;
    std::vector<std::unique_ptr<btCollisionShape>> shapes_;
    std::vector<std::unique_ptr<btRigidBody>> bodies_;
    // Velocities before the step, by a body's index.
    struct Motion {
        btVector3 v{0, 0, 0}, w{0, 0, 0};
    };
    std::vector<Motion> before_;
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
