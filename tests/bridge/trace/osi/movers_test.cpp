#include "bridge/trace/osi/movers.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "bridge/trace/osi/convert.h"
#include "bridge/trace/osi/lanes.h"
#include "sensors/labels/ground_truth.h"
#include "tests/support/networks.h"

namespace huntsman::bridge::trace::osi {
namespace {

using engine::math::Quat;
using engine::math::RigidTransform;
using engine::math::Vec3;
using engine::world::Semantic;

Vec3 vec(const osi3::Vector3d& v) { return {v.x(), v.y(), v.z()}; }

// A car on lane 0 of a straight road, another on a slope that rolls and turns, a pedestrian, one
// that sensors do not see, and a parked van.
struct Scene {
    engine::world::World world;
    engine::world::State state;
    Scene() {
        world.roads = tests::straight_road();
        engine::world::Archetype car{.name = "saloon", .semantic = Semantic::kCar};
        car.extent = {.front_m = 3.5, .rear_m = 1.0, .width_m = 1.8, .height_m = 1.5};
        engine::world::Archetype person{.name = "adult", .semantic = Semantic::kPedestrian};
        person.extent = {.front_m = 0.3, .rear_m = 0.3, .width_m = 0.5, .height_m = 1.8};
        world.archetypes = {car, person};
        const Quat tilted = engine::math::yaw_rotation(0.7) *
                            Quat(std::cos(0.1), 0, std::sin(0.1), 0) *
                            Quat(std::cos(0.05), std::sin(0.05), 0, 0);
        add(1, 0, {Quat(1, 0, 0, 0), {50, -1.75, 0}}).v_W = {10, 0, 0};
        auto& turning = add(2, 0, {tilted, {60, 20, 2}});
        turning.v_W = {3, 2, 0.5};
        turning.w_W = {0.1, -0.2, 0.5};
        turning.lamps = bit(engine::world::Lamp::kTurnLeft) | bit(engine::world::Lamp::kBrake);
        add(3, 1, {Quat(1, 0, 0, 0), {55, 5, 0}});
        add(4, 1, {Quat(1, 0, 0, 0), {57, 5, 0}}).hidden_from = engine::world::kSensors;
        world.objects.push_back({.id = engine::world::kFirstStaticObject,
                                 .semantic = Semantic::kCar,
                                 .archetype = 0,
                                 .X_WB = {Quat(1, 0, 0, 0), {40, 4, 0}},
                                 .extent = car.extent,
                                 .labelled = true});
    }
    engine::world::ActorState& add(engine::world::ActorId id, std::uint32_t archetype,
                                   const RigidTransform& X_WB) {
        engine::world::ActorState actor;
        actor.id = id;
        actor.archetype = archetype;
        actor.X_WB = X_WB;
        actor.wheels.resize(4);
        state.actors.push_back(actor);
        return state.actors.back();
    }
    osi3::GroundTruth movers() const {
        osi3::GroundTruth truth;
        const engine::road::RoadMap map(world.roads);
        add_movers(world, map, state, truth);
        return truth;
    }
};

TEST(OsiMovers, BoxesAreThoseOfTheLabels) {
    const Scene scene;
    const auto truth = scene.movers();
    std::map<std::uint64_t, const osi3::MovingObject*> by_id;
    for (const auto& object : truth.moving_object()) by_id[object.id().value()] = &object;
    const auto labels = sensors::labels::objects_around(scene.world, scene.state, 1000);
    ASSERT_EQ(labels.size(), 3U);              // without the ego
    EXPECT_EQ(truth.moving_object_size(), 4);  // with it
    EXPECT_EQ(truth.moving_object(0).id().value(), engine::world::kEgo);
    const RigidTransform& X_WE = scene.state.actors.front().X_WB;
    for (const auto& label : labels) {
        const auto& base = by_id.at(label.id)->base();
        EXPECT_NEAR(glm::length(vec(base.position()) - X_WE * label.centre_B), 0, 1e-12);
        EXPECT_EQ(base.dimension().length(), label.size_m.x);
        EXPECT_EQ(base.dimension().width(), label.size_m.y);
        EXPECT_EQ(base.dimension().height(), label.size_m.z);
        EXPECT_NEAR(base.orientation().yaw(), label.yaw_rad, 1e-12);  // the ego heads along x
    }
}

// The middle of the box, in two states a microsecond apart.
TEST(OsiMovers, VelocityIsThatOfTheBoxsMiddle) {
    Scene scene;
    const auto before = scene.movers();
    constexpr double dt = 1e-6;
    auto& actor = scene.state.actors[1];
    const double w = glm::length(actor.w_W);
    const Vec3 half = std::sin(0.5 * w * dt) / w * actor.w_W;
    actor.X_WB.p += dt * actor.v_W;
    actor.X_WB.q = Quat(std::cos(0.5 * w * dt), half.x, half.y, half.z) * actor.X_WB.q;
    const auto after = scene.movers();
    const auto& a = before.moving_object(1).base();
    const auto& b = after.moving_object(1).base();
    const Vec3 moved = (vec(b.position()) - vec(a.position())) / dt;
    EXPECT_NEAR(glm::length(vec(a.velocity()) - moved), 0, 1e-5);
    EXPECT_NEAR(a.orientation_rate().yaw(), (b.orientation().yaw() - a.orientation().yaw()) / dt,
                1e-5);
}

TEST(OsiMovers, VectorsToTheAxlesStartInTheBoxsMiddle) {
    const auto truth = Scene().movers();
    const auto& car = truth.moving_object(0);
    const auto& spec = Scene().world.archetypes[0].vehicle;
    // The box reaches from -1 to 3.5 m: its middle is 1.25 m before the rear axle, 0.75 m high.
    const Vec3 rear = vec(car.vehicle_attributes().bbcenter_to_rear());
    EXPECT_NEAR(glm::length(rear - Vec3(-1.25, 0, spec.wheels[0].radius_m - 0.75)), 0, 1e-12);
    const Vec3 front = vec(car.vehicle_attributes().bbcenter_to_front());
    EXPECT_NEAR(glm::length(front - rear - Vec3(spec.wheelbase_m, 0, 0)), 0, 1e-12);
    // Front left comes first of ours: axle 0, second from the right.
    EXPECT_EQ(car.vehicle_attributes().wheel_data(0).axle(), 0U);
    EXPECT_EQ(car.vehicle_attributes().wheel_data(0).index(), 1U);
    EXPECT_EQ(car.vehicle_attributes().wheel_data(3).axle(), 1U);
    EXPECT_EQ(car.vehicle_attributes().wheel_data(3).index(), 0U);
}

TEST(OsiMovers, LampsAndLanesAreSaid) {
    const Scene scene;
    const auto truth = scene.movers();
    using Lights = osi3::MovingObject::VehicleClassification::LightState;
    const auto& lights = truth.moving_object(1).vehicle_classification().light_state();
    EXPECT_EQ(lights.indicator_state(), Lights::INDICATOR_STATE_LEFT);
    EXPECT_EQ(lights.brake_light_state(), Lights::BRAKE_LIGHT_STATE_NORMAL);
    EXPECT_EQ(lights.head_light(), Lights::GENERIC_LIGHT_STATE_OFF);
    EXPECT_FALSE(lights.has_emergency_vehicle_illumination());
    const auto& ego = truth.moving_object(0).moving_object_classification();
    ASSERT_EQ(ego.assigned_lane_id_size(), 1);
    EXPECT_EQ(ego.assigned_lane_id(0).value(), lane_id(scene.world.roads.lanes[0]));
    EXPECT_EQ(truth.moving_object(1).moving_object_classification().assigned_lane_id_size(), 0);
    EXPECT_EQ(truth.moving_object(2).type(), osi3::MovingObject::TYPE_PEDESTRIAN);
    EXPECT_FALSE(truth.moving_object(2).has_vehicle_attributes());
}

TEST(OsiHost, MotionIsThatOfTheRearAxleAlongTheCarsAxes) {
    Scene scene;
    auto& ego = scene.state.actors.front();
    ego.X_WB.q = engine::math::yaw_rotation(0.5);
    ego.v_W = ego.X_WB.rotate({8, 0, 0});
    ego.w_W = {0, 0, 0.4};
    ego.a_W = ego.X_WB.rotate({1, 3.2, 0});
    osi3::HostVehicleData host;
    set_host(scene.world, scene.state, &host);
    const auto& motion = host.vehicle_motion();
    const double radius = scene.world.archetypes[0].vehicle.wheels[0].radius_m;
    EXPECT_NEAR(glm::length(vec(motion.position()) - (ego.X_WB.p + Vec3(0, 0, radius))), 0, 1e-12);
    EXPECT_NEAR(glm::length(vec(motion.velocity()) - Vec3(8, 0, 0)), 0, 1e-12);
    EXPECT_NEAR(motion.orientation_rate().yaw(), 0.4, 1e-12);
    EXPECT_NEAR(motion.current_curvature(), 0.05, 1e-12);
    // Behind the centre of gravity by 1.423 m: w² r more along the car.
    EXPECT_NEAR(motion.acceleration().x(), 1 + 0.16 * 1.423, 1e-9);
    EXPECT_NEAR(motion.acceleration().y(), 3.2, 1e-9);
    EXPECT_NEAR(host.vehicle_localization().position().z(), 0.75, 1e-12);
}

}  // namespace
}  // namespace huntsman::bridge::trace::osi
