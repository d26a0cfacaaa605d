// A small world with traffic and physics, stepped like the simulation does.
#pragma once

#include <gtest/gtest.h>

#include <functional>

#include "agents/conduct/lane_book.h"
#include "agents/traffic/traffic.h"
#include "engine/physics/physics.h"
#include "engine/road/signals.h"
#include "tests/support/networks.h"

namespace huntsman::agents::traffic {

namespace math = engine::math;
namespace world = engine::world;
using namespace conduct;  // NOLINT

constexpr std::uint32_t kCarKind = 0, kPersonKind = 1;

struct Rig {
    world::World world;
    world::State state;
    std::unique_ptr<engine::road::RoadMap> map;
    std::unique_ptr<engine::physics::Physics> physics;
    std::unique_ptr<Traffic> traffic;
    std::function<void()> after_think;  // overrides minds at every step
    TrafficOptions options;
    std::function<void(profiles::Profile&)> alter;  // changes each profile before the start
    bool open_edges = false;                        // else traffic stops where the roads end

    explicit Rig(world::RoadNetwork roads) {
        world.roads = std::move(roads);
        world.seed = 11;
        world.minds = "attentive";
        world::Archetype car;
        car.semantic = world::Semantic::kCar;
        car.extent = {3.5, 1.008, 1.61, 1.45};
        world::Archetype person;
        person.semantic = world::Semantic::kPedestrian;
        person.extent = {0.25, 0.25, 0.5, 1.75};
        world.archetypes = {car, person};
        map = std::make_unique<engine::road::RoadMap>(world.roads);
    }
    // Ids count from 2; the ego is absent unless added by hand.
    world::ActorId add_car(world::LaneId lane, double s_m, double speed_mps) {
        world::Spawn spawn;
        spawn.id = static_cast<world::ActorId>(world.spawns.size() + 2);
        spawn.archetype = kCarKind;
        const auto q = map->at(lane, s_m);
        spawn.X_WB = math::upright(q.p, q.heading_rad);
        spawn.speed_mps = speed_mps;
        spawn.lane = lane;
        spawn.lane_s_m = s_m;
        world.spawns.push_back(spawn);
        return spawn.id;
    }
    world::ActorId add_person(world::WalkwayId walkway, double s_m, bool forward) {
        const auto& way = world.roads.walkways[walkway];
        const math::Vec3 a = way.points.front(), b = way.points.back();
        world::Spawn spawn;
        spawn.id = static_cast<world::ActorId>(world.spawns.size() + 2);
        spawn.archetype = kPersonKind;
        const math::Vec3 along = (b - a) / glm::length(b - a);
        spawn.X_WB = math::upright(a + s_m * along,
                                   std::atan2(along.y, along.x) + (forward ? 0.0 : math::kPi));
        spawn.walkway = walkway;
        spawn.walkway_s_m = s_m;
        spawn.walkway_forward = forward;
        world.spawns.push_back(spawn);
        return spawn.id;
    }
    void start() {
        state = world::initial_state(world);
        auto made = engine::physics::Physics::create(world, *map, state);
        ASSERT_TRUE(made.ok());
        physics = std::move(*made);
        auto cast = profiles::load_cast(world.minds);
        ASSERT_TRUE(cast.ok());
        if (alter) {
            for (profiles::Profile& profile : cast->profiles) alter(profile);
        }
        options.open_edges = open_edges;
        traffic = std::make_unique<Traffic>(world, *map, std::move(*cast), options);
        engine::road::signal_aspects(world.roads, state.time_us, state.signals);
    }
    void step() {
        engine::road::signal_aspects(world.roads, state.time_us, state.signals);
        if (state.time_us % Traffic::kThinkPeriod_us == 0) traffic->think(state);
        if (after_think) after_think();
        if (state.time_us % 50'000 == 0) traffic->populate(state);
        if (state.time_us % Traffic::kActPeriod_us == 0) traffic->act(state);
        physics->step(state);
        state.time_us += engine::core::kTick_us;
        ++state.tick;
    }
    void run(double time_s, const std::function<void()>& each = {}) {
        const auto end = state.time_us + engine::core::from_seconds(time_s);
        while (state.time_us < end) {
            step();
            if (each) each();
        }
    }
    world::ActorState& actor(world::ActorId id) { return *state.find(id); }
    double speed(world::ActorId id) { return glm::length(math::xy(actor(id).v_W)); }
    double time_s() const { return engine::core::seconds(state.time_us); }
};

}  // namespace huntsman::agents::traffic
