// A proving ground for tests: cars and people on any surface.
#pragma once

#include <gtest/gtest.h>

#include <functional>

#include "engine/physics/physics.h"

namespace huntsman::engine::physics {

constexpr double kStep_s = 0.005;
constexpr std::uint32_t kCarKind = 0, kPersonKind = 1;

inline Ground flat() {
    return [](const math::Vec3&) { return road::Surface{}; };
}
// A plane rising towards +x.
inline Ground slope(double grade) {
    return [grade](const math::Vec3& p) {
        return road::Surface{grade * p.x, glm::normalize(math::Vec3(-grade, 0, 1)), 1.0};
    };
}

struct Yard {
    world::World world;
    world::State state;
    std::unique_ptr<Physics> physics;

    Yard() {
        world::Archetype car;
        car.name = "car";
        car.semantic = world::Semantic::kCar;
        // BMW 320i, CommonRoad vehicle 2.
        car.extent = {3.5, 1.008, 1.61, 1.45};
        world::Archetype person;
        person.name = "person";
        person.semantic = world::Semantic::kPedestrian;
        person.extent = {0.25, 0.25, 0.5, 1.75};
        world.archetypes = {car, person};
    }
    world::ActorId add(std::uint32_t kind, math::Vec2 p, double yaw_rad, double speed_mps = 0,
                       double z_m = 0) {
        world::Spawn spawn;
        spawn.id = static_cast<world::ActorId>(world.spawns.size() + 1);
        spawn.archetype = kind;
        spawn.X_WB = math::upright({p.x, p.y, z_m}, yaw_rad);
        spawn.speed_mps = speed_mps;
        world.spawns.push_back(spawn);
        return spawn.id;
    }
    void add_wall(math::Vec2 p, double yaw_rad, double length_m, double width_m) {
        world::StaticObject object;
        object.id = world::kFirstStaticObject + static_cast<world::ActorId>(world.objects.size());
        object.X_WB = math::upright({p.x, p.y, 0}, yaw_rad);
        object.extent = {0.5 * length_m, 0.5 * length_m, width_m, 2.0};
        world.objects.push_back(object);
    }
    void start(Ground ground = flat()) {
        state = world::initial_state(world);
        auto made = Physics::create(world, std::move(ground), state);
        ASSERT_TRUE(made.ok());
        physics = std::move(*made);
    }
    void step() {
        physics->step(state);
        state.time_us += engine::core::kTick_us;
        ++state.tick;
    }
    void run(double time_s, const std::function<void()>& each = {}) {
        const int count = static_cast<int>(time_s / kStep_s + 0.5);
        for (int i = 0; i < count; ++i) {
            step();
            if (each) each();
        }
    }
    world::ActorState& actor(world::ActorId id) { return *state.find(id); }
    const world::VehicleSpec& spec() const { return world.archetypes[kCarKind].vehicle; }
    // Velocity of the centre of gravity.
    math::Vec3 v_cg(world::ActorId id) {
        const auto& a = actor(id);
        const auto& s = world.archetypes[a.archetype].vehicle;
        return a.v_W + glm::cross(a.w_W, a.X_WB.rotate({s.cg_to_rear_m, 0, s.cg_height_m}));
    }
};

}  // namespace huntsman::engine::physics
