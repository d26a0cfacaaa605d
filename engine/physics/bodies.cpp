#include "engine/physics/bodies.h"

#include <algorithm>

#include "engine/core/check.h"
#include "engine/math/constants.h"

namespace huntsman::engine::physics {

using math::RigidTransform;
using math::Vec3;

namespace {

// Wheels, not the hull, meet the ground; the hull must pass kerbs and reach a fallen person.
constexpr double kClearance_m = 0.18;
// Two bodies' coefficients multiply: steel on steel 0.4, restitution of crumpling cars about 0.1.
constexpr double kHullFriction = 0.63, kHullRestitution = 0.3;
constexpr double kWalkerFriction = 0.5;
constexpr double kCell_m = 8.0;
constexpr double kNear_m = 2.0;  // around a mover; it comes at most 0.4 m further in a step

}  // namespace

Bodies::Bodies()
    : dispatcher_(&configuration_), world_(&dispatcher_, &broadphase_, &solver_, &configuration_) {
    world_.setGravity(btVector3(0, 0, -math::kGravity_mps2));
    world_.setForceUpdateAllAabbs(false);
    world_.getDispatchInfo().m_deterministicOverlappingPairs = true;
    // Friction in one direction per point, without randomised order: fixed cost, fixed bits.
    world_.getSolverInfo().m_solverMode &= ~SOLVER_RANDMIZE_ORDER;
}

Bodies::~Bodies() {
    for (const Mover& mover : movers_) world_.removeRigidBody(mover.body.get());
    for (const Static& item : statics_) {
        if (item.body->isInWorld()) world_.removeRigidBody(item.body.get());
    }
}

std::unique_ptr<btRigidBody> Bodies::make(world::ActorId id, double mass_kg, const Shapes& shapes,
                                          const RigidTransform& pose, const Vec3& inertia) {
    btRigidBody::btRigidBodyConstructionInfo info(mass_kg, nullptr, shapes.back().get(),
                                                  to_bullet(inertia));
    info.m_startWorldTransform = btTransform(to_bullet(pose.q), to_bullet(pose.p));
    info.m_friction = kHullFriction;
    info.m_restitution = kHullRestitution;
    auto body = std::make_unique<btRigidBody>(info);
    body->setUserIndex(static_cast<int>(id));
    body->setUserIndex2(-1);
    return body;
}

btRigidBody& Bodies::add_mover(std::unique_ptr<btRigidBody> body, Shapes shapes) {
    btVector3 centre;
    btScalar radius;
    body->getCollisionShape()->getBoundingSphere(centre, radius);
    body->setUserIndex2(static_cast<int>(movers_.size()));
    body->setActivationState(DISABLE_DEACTIVATION);
    world_.addRigidBody(body.get());
    Mover& mover = movers_.emplace_back();
    mover.shapes = std::move(shapes);
    mover.body = std::move(body);
    mover.radius_m = radius + centre.length() + kNear_m;
    return *mover.body;
}

void Bodies::make_scripted(btRigidBody& mover) {
    // A group of its own, so that scripts may put things into walls and into each other.
    constexpr int kScripted = 64;
    world_.removeRigidBody(&mover);
    mover.setFlags(mover.getFlags() | BT_DISABLE_WORLD_GRAVITY |
                   BT_ENABLE_GYROSCOPIC_FORCE_IMPLICIT_BODY);
    mover.setGravity(btVector3(0, 0, 0));
    mover.setLinearFactor(btVector3(1, 1, 1));
    mover.setAngularFactor(btVector3(1, 1, 1));
    world_.addRigidBody(&mover, kScripted, btBroadphaseProxy::DefaultFilter);
}

void Bodies::remove(btRigidBody& mover) {
    const auto index = static_cast<std::size_t>(mover.getUserIndex2());
    if (!statics_near_.empty()) use(movers_[index].near, false);
    world_.removeRigidBody(&mover);
    movers_.erase(movers_.begin() + static_cast<std::ptrdiff_t>(index));
    for (std::size_t i = index; i < movers_.size(); ++i) {
        movers_[i].body->setUserIndex2(static_cast<int>(i));
    }
}

btRigidBody& Bodies::add_vehicle(world::ActorId id, const world::Archetype& archetype,
                                 const Vec3& p_BG, const RigidTransform& X_WB) {
    const world::Extent& e = archetype.extent;
    const world::VehicleSpec& spec = archetype.vehicle;
    // The hull, off the centre of gravity.
    const double low = std::min(kClearance_m, 0.5 * e.height_m);
    Shapes shapes;
    shapes.push_back(std::make_unique<btBoxShape>(
        btVector3(0.5 * e.length_m(), 0.5 * e.width_m, 0.5 * (e.height_m - low))));
    btCollisionShape* box = shapes.back().get();
    auto compound = std::make_unique<btCompoundShape>(false, 1);
    const Vec3 centre(e.centre_x_m(), 0.0, 0.5 * (e.height_m + low));
    compound->addChildShape(btTransform(btQuaternion(0, 0, 0, 1), to_bullet(centre - p_BG)), box);
    shapes.push_back(std::move(compound));

    // Yaw inertia is given; a car pitches about as hard as it yaws and rolls like its
    // cross-section.
    const Vec3 inertia(spec.mass_kg / 12.0 * (math::square(e.width_m) + math::square(e.height_m)),
                       0.95 * spec.yaw_inertia_kg_m2, spec.yaw_inertia_kg_m2);
    auto body = make(id, spec.mass_kg, shapes, {X_WB.q, X_WB * p_BG}, inertia);
    return add_mover(std::move(body), std::move(shapes));
}

btRigidBody& Bodies::add_walker(world::ActorId id, double mass_kg, double radius_m, double height_m,
                                const RigidTransform& X_WB) {
    auto capsule =
        std::make_unique<btCapsuleShapeZ>(radius_m, std::max(0.01, height_m - 2.0 * radius_m));
    btVector3 inertia;
    capsule->calculateLocalInertia(mass_kg, inertia);
    Shapes shapes;
    shapes.push_back(std::move(capsule));
    const RigidTransform pose = math::upright(X_WB.p + Vec3(0, 0, 0.5 * height_m), X_WB.yaw_rad());
    auto body = make(id, mass_kg, shapes, pose, from_bullet(inertia));
    body->setFriction(kWalkerFriction);
    body->setRestitution(0);
    body->setFlags(BT_DISABLE_WORLD_GRAVITY);  // and no gyroscopic torque: it does not turn
    body->setLinearFactor(btVector3(1, 1, 0));
    body->setAngularFactor(btVector3(0, 0, 0));
    return add_mover(std::move(body), std::move(shapes));
}

void Bodies::release(btRigidBody& walker) {
    walker.setLinearFactor(btVector3(1, 1, 1));
    walker.setAngularFactor(btVector3(1, 1, 1));
    walker.setGravity(btVector3(0, 0, -math::kGravity_mps2));
    walker.setDamping(0.0, 0.5);  // limbs take up rotation
    walker.setFlags(walker.getFlags() | BT_ENABLE_GYROSCOPIC_FORCE_IMPLICIT_BODY);
}

void Bodies::add_static(const world::StaticObject& object) {
    const world::Extent& e = object.extent;
    Shapes shapes;
    shapes.push_back(std::make_unique<btBoxShape>(
        btVector3(0.5 * e.length_m(), 0.5 * e.width_m, 0.5 * e.height_m)));
    const Vec3 centre = object.X_WB * Vec3(e.centre_x_m(), 0.0, 0.5 * e.height_m);
    auto body = make(object.id, 0.0, shapes, {object.X_WB.q, centre}, Vec3(0, 0, 0));
    statics_.push_back({std::move(shapes.back()), std::move(body), 0});
}

void Bodies::finish() {
    std::vector<math::Bounds2> bounds;
    for (const Static& item : statics_) {
        btVector3 low, high;
        item.body->getCollisionShape()->getAabb(item.body->getWorldTransform(), low, high);
        bounds.push_back({{low.x(), low.y()}, {high.x(), high.y()}});
    }
    statics_near_ = math::GridIndex(bounds, kCell_m);
    movers_near_.assign(statics_near_.cell(0, statics_near_.rows()), 0);
}

void Bodies::use(const math::GridIndex::Cells& cells, bool begin) {
    for (int y = cells.y0; y <= cells.y1; ++y) {
        for (int x = cells.x0; x <= cells.x1; ++x) {
            std::uint32_t& movers = movers_near_[statics_near_.cell(x, y)];
            const bool changes = begin ? movers++ == 0 : --movers == 0;
            if (!changes) continue;
            for (const std::uint32_t i : statics_near_.items(x, y)) {
                Static& item = statics_[i];
                if (begin && item.cells++ == 0) world_.addRigidBody(item.body.get());
                if (!begin && --item.cells == 0) world_.removeRigidBody(item.body.get());
            }
        }
    }
}

void Bodies::update_neighbourhoods() {
    for (Mover& mover : movers_) {
        const btVector3& centre = mover.body->getCenterOfMassPosition();
        const math::Vec2 p(centre.x(), centre.y());
        const auto near = statics_near_.touched_or_border({p - mover.radius_m, p + mover.radius_m});
        if (near == mover.near) continue;
        use(near, true);
        use(mover.near, false);
        mover.near = near;
    }
}

void Bodies::step(double dt_s) {
    for (Mover& mover : movers_) {
        mover.v_before = mover.body->getLinearVelocity();
        mover.w_before = mover.body->getAngularVelocity();
    }
    if (!statics_near_.empty()) update_neighbourhoods();
    world_.stepSimulation(dt_s, 0);
    collect_contacts();
}

btVector3 Bodies::velocity_before(const btRigidBody& body, const btVector3& point) const {
    if (body.getUserIndex2() < 0) return {0, 0, 0};
    const Mover& mover = movers_[static_cast<std::size_t>(body.getUserIndex2())];
    return mover.v_before + mover.w_before.cross(point - body.getCenterOfMassPosition());
}

void Bodies::collect_contacts() {
    // Sum the impulses of every touching pair.
    sums_.clear();
    for (int m = 0; m < dispatcher_.getNumManifolds(); ++m) {
        const btPersistentManifold& manifold = *dispatcher_.getManifoldByIndexInternal(m);
        if (manifold.getNumContacts() == 0) continue;
        const auto* body0 = static_cast<const btRigidBody*>(manifold.getBody0());
        const auto* body1 = static_cast<const btRigidBody*>(manifold.getBody1());
        const auto id0 = static_cast<world::ActorId>(body0->getUserIndex());
        const auto id1 = static_cast<world::ActorId>(body1->getUserIndex());
        Sum sum{std::min(id0, id1), std::max(id0, id1)};
        for (int p = 0; p < manifold.getNumContacts(); ++p) {
            const btManifoldPoint& point = manifold.getContactPoint(p);
            if (point.m_appliedImpulse <= 0) continue;
            const btVector3 impulse0 =
                point.m_normalWorldOnB * point.m_appliedImpulse +
                point.m_lateralFrictionDir1 * point.m_appliedImpulseLateral1 +
                point.m_lateralFrictionDir2 * point.m_appliedImpulseLateral2;
            sum.impulse += id0 < id1 ? impulse0 : -impulse0;
            if (point.m_appliedImpulse <= sum.largest) continue;
            sum.largest = point.m_appliedImpulse;
            sum.point = point.getPositionWorldOnB();
            // Speed of approach before the step.
            const btVector3 v0 = velocity_before(*body0, sum.point);
            const btVector3 v1 = velocity_before(*body1, sum.point);
            sum.closing_mps = std::max(0.0, (v1 - v0).dot(point.m_normalWorldOnB));
        }
        if (sum.largest > 0) sums_.push_back(sum);
    }
    std::stable_sort(sums_.begin(), sums_.end(),
                     [](const Sum& x, const Sum& y) { return x.a != y.a ? x.a < y.a : x.b < y.b; });

    // One contact a pair; a pair that touched in the step before keeps its closing speed.
    std::swap(previous_, contacts_);
    contacts_.clear();
    auto earlier = previous_.begin();
    for (std::size_t i = 0; i < sums_.size();) {
        Sum total = sums_[i];
        for (++i; i < sums_.size() && sums_[i].a == total.a && sums_[i].b == total.b; ++i) {
            total.impulse += sums_[i].impulse;
            if (sums_[i].largest <= total.largest) continue;
            total.largest = sums_[i].largest;
            total.point = sums_[i].point;
            total.closing_mps = sums_[i].closing_mps;
        }
        while (earlier != previous_.end() &&
               (earlier->a < total.a || (earlier->a == total.a && earlier->b < total.b))) {
            ++earlier;
        }
        if (earlier != previous_.end() && earlier->a == total.a && earlier->b == total.b) {
            total.closing_mps = earlier->closing_speed_mps;
        }
        contacts_.push_back({total.a, total.b, from_bullet(total.point), total.impulse.length(),
                             total.closing_mps});
    }
}

}  // namespace huntsman::engine::physics
