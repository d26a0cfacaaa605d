#include "engine/physics/physics.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <variant>

#include "engine/physics/bodies.h"
#include "engine/physics/footpaths.h"
#include "engine/physics/sweep.h"
#include "engine/physics/vehicle.h"
#include "engine/physics/walker.h"
#include "engine/world/pose.h"

namespace huntsman::engine::physics {

using math::Quat;
using math::RigidTransform;
using math::Vec2;
using math::Vec3;

namespace {

// A blow that changes an adult's speed by this much takes the feet away.
constexpr double kKnockDown_mps = 1.0;
// One that changes its speed by this much ends an actor's script.
constexpr double kEndsScript_mps = 0.3;

struct VehicleBody {
    world::ActorId id = world::kNoActor;
    btRigidBody* body = nullptr;
    Vehicle vehicle;
};
struct WalkerBody {
    world::ActorId id = world::kNoActor;
    btRigidBody* body = nullptr;
    Walker walker;
};
// Of an actor that a script moves. Its mass is its own, so that a collision does to the other what
// it should.
struct ScriptedBody {
    world::ActorId id = world::kNoActor;
    btRigidBody* body = nullptr;
    Vec3 p_BG{0, 0, 0};               // the body's centre
    Vec3 v_W{0, 0, 0}, w_W{0, 0, 0};  // of the step, if nothing stops it
};
using ActorBody = std::variant<VehicleBody, WalkerBody, ScriptedBody>;

world::ActorId id_of(const ActorBody& body) {
    return std::visit([](const auto& own) { return own.id; }, body);
}

core::Status check(const world::World& world, const world::State& initial) {
    world::ActorId last = world::kNoActor;
    for (const world::ActorState& actor : initial.actors) {
        if (actor.id <= last || actor.id >= world::kFirstStaticObject) {
            return core::Error{fmt::format("actor ids must ascend from 1 to {}, found {} after {}",
                                           world::kFirstStaticObject - 1, actor.id, last)};
        }
        if (actor.archetype >= world.archetypes.size()) {
            return core::Error{fmt::format("actor {} has archetype {} of only {}", actor.id,
                                           actor.archetype, world.archetypes.size())};
        }
        last = actor.id;
    }
    last = world::kFirstStaticObject - 1;
    for (const world::StaticObject& object : world.objects) {
        if (object.id <= last || object.id > world::kLastId) {
            return core::Error{
                fmt::format("ids of static objects must ascend from {} to {}, found {}",
                            world::kFirstStaticObject, world::kLastId, object.id)};
        }
        last = object.id;
    }
    const world::ActorId invalid = world::first_invalid_actor(initial);
    if (invalid != world::kNoActor) {
        return core::Error{fmt::format("actor {} starts at an invalid place", invalid)};
    }
    return {};
}

}  // namespace

struct Physics::Impl {
    const world::World& world;
    Ground ground;
    Bodies bodies;
    std::vector<ActorBody> actors;  // same order as State::actors
    Sweep sweep;
    Footpaths footpaths;
    std::vector<btVector3> v_before;      // of the centres of gravity, for accelerations
    double friction = 1.0;                // of the moment's weather
    std::vector<world::Contact> touches;  // of the last step, of actors that scripts move
    std::vector<world::ActorId> placed;   // since the last step

    Impl(const world::World& w, Ground g, const world::State& initial)
        : world(w), ground(std::move(g)), sweep(w), footpaths(w.roads) {
        for (const world::ActorState& actor : initial.actors) actors.push_back(body_for(actor));
        for (const world::StaticObject& object : w.objects) {
            if (object.collides) bodies.add_static(object);
        }
        bodies.finish();
        sweep.remember(initial);
    }

    ActorBody body_for(const world::ActorState& actor) {
        ActorBody own = free_body_for(actor);
        if (!is_scripted(actor)) return own;
        ScriptedBody scripted{.id = actor.id};
        if (auto* car = std::get_if<VehicleBody>(&own)) {
            scripted.body = car->body;
            scripted.p_BG = car->vehicle.p_BG();
        } else {
            auto& person = std::get<WalkerBody>(own);
            scripted.body = person.body;
            scripted.p_BG = {0, 0, 0.5 * person.walker.height_m};
        }
        bodies.make_scripted(*scripted.body);
        return scripted;
    }

    ActorBody free_body_for(const world::ActorState& actor) {
        const world::Archetype& archetype = world.archetypes[actor.archetype];
        if (world::is_vehicle(archetype.semantic)) {
            Vehicle vehicle(archetype.vehicle, archetype.extent);
            btRigidBody& body = bodies.add_vehicle(actor.id, archetype, vehicle.p_BG(), actor.X_WB);
            const Vec3 arm = actor.X_WB.rotate(vehicle.p_BG());
            body.setLinearVelocity(to_bullet(actor.v_W + glm::cross(actor.w_W, arm)));
            body.setAngularVelocity(to_bullet(actor.w_W));
            return VehicleBody{actor.id, &body, vehicle};
        }
        Walker walker;
        walker.radius_m = archetype.pedestrian.radius_m;
        walker.height_m = std::max(archetype.extent.height_m, 2.0 * walker.radius_m + 0.01);
        // Body mass index 22 [kg/m²], clothes and bag 4 kg.
        walker.mass_kg = 22.0 * walker.height_m * walker.height_m + 4.0;
        btRigidBody& body = bodies.add_walker(actor.id, walker.mass_kg, walker.radius_m,
                                              walker.height_m, actor.X_WB);
        body.setLinearVelocity(btVector3(actor.v_W.x, actor.v_W.y, 0));
        return WalkerBody{actor.id, &body, walker};
    }

    static bool is_body_of(const ActorBody& own, const world::ActorState& actor) {
        return id_of(own) == actor.id &&
               std::holds_alternative<ScriptedBody>(own) == is_scripted(actor);
    }
    static bool is_scripted(const world::ActorState& actor) {
        return actor.scripted && !actor.scripted->commands;
    }

    // Bodies as the state has actors: removals first, then additions in order of id.
    void follow(const world::State& state) {
        const auto is_placed = [&](world::ActorId id) {
            return std::ranges::find(placed, id) != placed.end();
        };
        const auto same = [&] {
            if (!placed.empty() || actors.size() != state.actors.size()) return false;
            for (std::size_t i = 0; i < actors.size(); ++i) {
                if (!is_body_of(actors[i], state.actors[i])) return false;
            }
            return true;
        };
        if (same()) return;
        std::erase_if(actors, [&](const ActorBody& own) {
            const world::ActorState* actor = state.find(id_of(own));
            if (actor != nullptr && is_body_of(own, *actor) && !is_placed(actor->id)) return false;
            std::visit([&](const auto& gone) { bodies.remove(*gone.body); }, own);
            return true;
        });
        for (std::size_t i = 0; i < state.actors.size(); ++i) {
            const world::ActorState& actor = state.actors[i];
            if (i < actors.size() && id_of(actors[i]) == actor.id) continue;
            HM_CHECK(i == actors.size() || id_of(actors[i]) > actor.id,
                     "actor {} is out of order in the state", actor.id);
            actors.insert(actors.begin() + static_cast<std::ptrdiff_t>(i), body_for(actor));
        }
        for (const world::ActorId id : placed) sweep.forget(id);
        placed.clear();
    }

    // Before the step: forces and wishes.
    void drive(VehicleBody& own, world::ActorState& actor, double dt_s) const {
        btRigidBody& body = *own.body;
        const ChassisMotion motion{actor.X_WB.q, from_bullet(body.getCenterOfMassPosition()),
                                   from_bullet(body.getLinearVelocity()),
                                   from_bullet(body.getAngularVelocity())};
        const Wrench wrench = own.vehicle.step(motion, ground, friction, dt_s, actor);
        body.applyCentralForce(to_bullet(wrench.force_n));
        body.applyTorque(to_bullet(wrench.torque_nm));
    }
    void walk(WalkerBody& own, world::ActorState& actor, double dt_s) const {
        btRigidBody& body = *own.body;
        if (own.walker.knocked_down) {
            const btTransform& pose = body.getCenterOfMassTransform();
            const Wrench wrench = ground_contact(own.walker, from_bullet(pose.getOrigin()),
                                                 from_bullet(pose.getBasis().getColumn(2)),
                                                 from_bullet(body.getLinearVelocity()),
                                                 from_bullet(body.getAngularVelocity()), ground);
            body.applyCentralForce(to_bullet(wrench.force_n));
            body.applyTorque(to_bullet(wrench.torque_nm));
            return;
        }
        // Legs: velocity towards the command.
        const btVector3& v_now = body.getLinearVelocity();
        const Vec2 v = Walker::approach({v_now.x(), v_now.y()}, actor.walk.velocity_mps, dt_s);
        body.setLinearVelocity(btVector3(v.x, v.y, 0));
        // Feet on the ground, turning towards the wanted heading.
        const double yaw = actor.X_WB.yaw_rad();
        const double turn =
            std::clamp(math::wrap_angle(actor.walk.heading_rad - yaw),
                       -Walker::kTurnRate_rad_s * dt_s, Walker::kTurnRate_rad_s * dt_s);
        double z = actor.X_WB.p.z;
        if (v != Vec2(0, 0)) {
            const double step_m = Walker::kStepUp_mps * dt_s;
            const Vec3& p = actor.X_WB.p;
            const std::optional<double> pavement = footpaths.height_m(p);
            z += std::clamp((pavement ? *pavement : ground(p).height_m) - z, -step_m, step_m);
        } else if (turn == 0.0) {
            return;
        }
        btTransform pose = body.getCenterOfMassTransform();
        pose.getOrigin().setZ(z + 0.5 * own.walker.height_m);
        pose.setRotation(to_bullet(math::yaw_rotation(yaw + turn)));
        body.setCenterOfMassTransform(pose);
    }

    // From where it is to where the script wants it; a jump comes out of nowhere.
    static void move(ScriptedBody& own, const world::ActorState& actor, double dt_s) {
        const RigidTransform& to = actor.scripted->X_WB;
        own.v_W = (to.p - actor.X_WB.p) / dt_s;
        const Quat turn = to.q * glm::conjugate(actor.X_WB.q);
        own.w_W = 2.0 / dt_s * Vec3(turn.x, turn.y, turn.z) * (turn.w < 0 ? -1.0 : 1.0);
        const Vec3 target = to * own.p_BG;
        Vec3 v = (target - actor.X_WB * own.p_BG) / dt_s;
        if (is_jump(actor)) {
            own.v_W = v = actor.scripted->v_W;
            own.w_W = {0, 0, 0};
        }
        own.body->setCenterOfMassTransform(
            btTransform(to_bullet(to.q), to_bullet(target - v * dt_s)));
        own.body->setLinearVelocity(to_bullet(v));
        own.body->setAngularVelocity(to_bullet(own.w_W));
    }
    static bool is_jump(const world::ActorState& actor) {
        constexpr double kSlack_m = 0.5;
        const double speed = std::max(glm::length(actor.v_W), glm::length(actor.scripted->v_W));
        return glm::length(actor.scripted->X_WB.p - actor.X_WB.p) >
               2 * core::seconds(core::kTick_us) * speed + kSlack_m;
    }

    // Where a script's actor is after the step; false where a collision has ended the script.
    bool read(ScriptedBody& own, world::ActorState& actor, double dt_s) const {
        const btRigidBody& body = *own.body;
        for (const world::Contact& contact : bodies.contacts()) {
            if (contact.a != own.id && contact.b != own.id) continue;
            if (contact.impulse_ns * body.getInvMass() < kEndsScript_mps) continue;
            actor.w_W = from_bullet(body.getAngularVelocity());
            actor.v_W = from_bullet(body.getLinearVelocity()) -
                        glm::cross(actor.w_W, actor.scripted->X_WB.rotate(own.p_BG));
            actor.X_WB = actor.scripted->X_WB;
            return false;
        }
        roll(actor, dt_s);
        actor.a_W = (own.v_W - actor.v_W) / dt_s;
        if (is_jump(actor)) actor.a_W = {0, 0, 0};
        actor.v_W = own.v_W;
        actor.w_W = own.w_W;
        actor.X_WB = actor.scripted->X_WB;
        const world::Archetype& archetype = world.archetypes[actor.archetype];
        if (has_gait(archetype)) world::hold_posture(archetype, actor, dt_s);
        return true;
    }
    // Wheels of an actor that a script moves.
    void roll(world::ActorState& actor, double dt_s) const {
        const world::Archetype& archetype = world.archetypes[actor.archetype];
        const double speed = glm::dot(actor.scripted->v_W, actor.scripted->X_WB.rotate({1, 0, 0}));
        actor.steer_rad = actor.scripted->steer_rad;
        roll(archetype, speed, actor, dt_s);
    }
    // Wheels that roll on the ground at a speed.
    static void roll(const world::Archetype& archetype, double speed_mps, world::ActorState& actor,
                     double dt_s) {
        for (std::size_t i = 0; i < actor.wheels.size(); ++i) {
            world::WheelState& wheel = actor.wheels[i];
            wheel.spin_rad_s = speed_mps / archetype.vehicle.wheels[i].radius_m;
            wheel.angle_rad = math::wrap_angle(wheel.angle_rad + wheel.spin_rad_s * dt_s);
        }
    }
    static bool has_gait(const world::Archetype& archetype) {
        return !world::is_vehicle(archetype.semantic) || archetype.figure;
    }

    // After the step: what became of it.
    void read(const VehicleBody& own, world::ActorState& actor, const btVector3& v_start,
              double dt_s) const {
        const btRigidBody& body = *own.body;
        const Vec3 v_WG = from_bullet(body.getLinearVelocity());
        actor.w_W = from_bullet(body.getAngularVelocity());
        actor.X_WB.q = from_bullet(body.getOrientation());
        const Vec3 arm = actor.X_WB.rotate(own.vehicle.p_BG());
        actor.X_WB.p = from_bullet(body.getCenterOfMassPosition()) - arm;
        actor.v_W = v_WG - glm::cross(actor.w_W, arm);
        actor.a_W = (v_WG - from_bullet(v_start)) / dt_s;
        const world::Archetype& archetype = world.archetypes[actor.archetype];
        if (archetype.figure) world::hold_posture(archetype, actor, dt_s);
    }
    void read(const WalkerBody& own, world::ActorState& actor, const btVector3& v_start,
              double dt_s) const {
        const btRigidBody& body = *own.body;
        const Vec3 v_WG = from_bullet(body.getLinearVelocity());
        const Quat q = from_bullet(body.getOrientation());
        const Vec3 arm = q * Vec3(0, 0, 0.5 * own.walker.height_m);
        const Vec3 p = from_bullet(body.getCenterOfMassPosition()) - arm;
        actor.a_W = (v_WG - from_bullet(v_start)) / dt_s;
        if (own.walker.knocked_down) {
            actor.w_W = from_bullet(body.getAngularVelocity());
            actor.v_W = v_WG - glm::cross(actor.w_W, arm);
        } else {
            actor.w_W = Vec3(
                0, 0,
                math::wrap_angle(RigidTransform{q, p}.yaw_rad() - actor.X_WB.yaw_rad()) / dt_s);
            actor.v_W = Vec3(v_WG.x, v_WG.y, (p.z - actor.X_WB.p.z) / dt_s);
            const world::Archetype& archetype = world.archetypes[actor.archetype];
            world::hold_posture(archetype, actor, dt_s);
            roll(archetype, glm::dot(actor.v_W, q * Vec3(1, 0, 0)), actor, dt_s);
        }
        actor.X_WB = {q, p};
    }

    void read_all(world::State& state, double dt_s) {
        for (std::size_t i = 0; i < state.actors.size(); ++i) {
            world::ActorState& actor = state.actors[i];
            if (auto* car = std::get_if<VehicleBody>(&actors[i])) {
                read(*car, actor, v_before[i], dt_s);
            } else if (auto* person = std::get_if<WalkerBody>(&actors[i])) {
                read(*person, actor, v_before[i], dt_s);
            } else if (auto& own = std::get<ScriptedBody>(actors[i]); !read(own, actor, dt_s)) {
                bodies.remove(*own.body);
                actor.scripted.reset();
                actors[i] = body_for(actor);
            }
        }
    }

    // Scripts put actors into each other and into walls, where no impulse keeps them apart: what
    // touches then is a contact without one.
    void add_touches(world::State& state) {
        std::vector<world::Contact> before = std::exchange(touches, {});
        for (std::size_t i = 0; i + 1 < state.swept_overlaps.size(); i += 2) {
            const world::ActorId a = state.swept_overlaps[i], b = state.swept_overlaps[i + 1];
            const world::ActorState *first = state.find(a), *second = state.find(b);
            if (first == nullptr || !is_scripted(*first)) continue;
            if (second != nullptr && !is_scripted(*second)) continue;
            if (are_coupled(state, a, b)) continue;
            const Vec3 v = first->v_W - (second != nullptr ? second->v_W : Vec3(0));
            world::Contact touch{
                .a = a, .b = b, .p_W = first->X_WB.p, .closing_speed_mps = glm::length(v)};
            const auto earlier = std::ranges::find_if(
                before, [&](const world::Contact& c) { return c.a == a && c.b == b; });
            if (earlier != before.end()) touch.closing_speed_mps = earlier->closing_speed_mps;
            touches.push_back(touch);
        }
        state.contacts.insert(state.contacts.end(), touches.begin(), touches.end());
        std::ranges::stable_sort(state.contacts, {},
                                 [](const world::Contact& c) { return std::pair(c.a, c.b); });
    }
    static bool are_coupled(const world::State& state, world::ActorId a, world::ActorId b) {
        if (!state.story) return false;
        const auto& entities = state.story->entities;
        return std::ranges::any_of(entities, [&](const world::ScriptedEntity& entity) {
            if (entity.trailer >= entities.size()) return false;
            const world::ActorId towed = entities[entity.trailer].actor;
            return (entity.actor == a && towed == b) || (entity.actor == b && towed == a);
        });
    }

    // People struck hard enough fall.
    void knock_down(const world::State& state) {
        for (const world::Contact& contact : state.contacts) {
            for (const world::ActorId id : {contact.a, contact.b}) {
                const world::ActorId other = id == contact.a ? contact.b : contact.a;
                const world::ActorState* actor = state.find(id);
                const world::ActorState* striker = state.find(other);
                if (actor == nullptr || striker == nullptr) continue;
                auto* own = std::get_if<WalkerBody>(
                    &actors[static_cast<std::size_t>(actor - state.actors.data())]);
                if (own == nullptr || own->walker.knocked_down ||
                    !world::is_vehicle(world.archetypes[striker->archetype].semantic)) {
                    continue;
                }
                // Walking into a standing car is no blow.
                if (contact.impulse_ns < own->walker.mass_kg * kKnockDown_mps ||
                    glm::length(striker->v_W) < kKnockDown_mps) {
                    continue;
                }
                own->walker.knocked_down = true;
                Bodies::release(*own->body);
            }
        }
    }
};

Physics::Physics(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Physics::~Physics() = default;

core::Result<std::unique_ptr<Physics>> Physics::create(const world::World& world, Ground ground,
                                                       const world::State& initial) {
    HM_TRY(check(world, initial));
    return std::unique_ptr<Physics>(
        new Physics(std::make_unique<Impl>(world, std::move(ground), initial)));
}

void Physics::place(world::ActorId actor) { impl_->placed.push_back(actor); }

void Physics::step(world::State& state) {
    Impl& impl = *impl_;
    impl.follow(state);
    const double dt_s = core::seconds(core::kTick_us);
    // Two hundred times a second: only what the wheels need of the weather.
    const world::WeatherProgramme& weather = impl.world.weather;
    impl.friction = weather.states.empty()
                        ? impl.world.environment.friction
                        : friction_of(weather_at(weather, core::seconds(state.time_us)));
    if (state.story) impl.friction = state.story->environment.friction.value_or(impl.friction);
    if (state.environment) impl.friction = state.environment->friction;
    std::vector<btVector3>& v_before = impl.v_before;
    v_before.clear();

    for (std::size_t i = 0; i < state.actors.size(); ++i) {
        world::ActorState& actor = state.actors[i];
        if (auto* car = std::get_if<VehicleBody>(&impl.actors[i])) {
            v_before.push_back(car->body->getLinearVelocity());
            impl.drive(*car, actor, dt_s);
        } else if (auto* person = std::get_if<WalkerBody>(&impl.actors[i])) {
            v_before.push_back(person->body->getLinearVelocity());
            impl.walk(*person, actor, dt_s);
        } else {
            v_before.emplace_back();
            Impl::move(std::get<ScriptedBody>(impl.actors[i]), actor, dt_s);
        }
    }
    impl.bodies.step(dt_s);
    impl.read_all(state, dt_s);
    state.contacts = impl.bodies.contacts();
    impl.knock_down(state);
    impl.sweep.check(state);
    impl.add_touches(state);
}

}  // namespace huntsman::engine::physics
