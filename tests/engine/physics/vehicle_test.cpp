#include "engine/physics/vehicle.h"

#include "tests/engine/physics/yard.h"

namespace huntsman::engine::physics {
namespace {

using math::Vec2;
using math::Vec3;

double braking_distance(double friction, double speed_mps) {
    Yard yard;
    yard.world.environment.friction = friction;
    const auto car = yard.add(kCarKind, {0, 0}, 0.0, speed_mps);
    yard.start();
    yard.run(0.5);  // springs settle, wheels roll
    auto& actor = yard.actor(car);
    const double start = actor.X_WB.p.x, v = actor.v_W.x;
    actor.vehicle.brake = 1.0;
    while (actor.v_W.x > 1e-3) yard.step();
    return (actor.X_WB.p.x - start) * 2.0 * friction * kGravity_mps2 / (v * v);
}

// v²/(2 mu g) needs all four wheels at the limit at once. On dry asphalt the rear brakes are
// limited by anti-lock and the front by the brakes themselves, to about 0.9 mu g; building up slip
// and pitch takes another tenth of a second.
TEST(BrakingDistance, DryAsphaltMatchesClosedForm) {
    const double ratio = braking_distance(1.0, 20.0);
    EXPECT_GT(ratio, 1.03);
    EXPECT_LT(ratio, 1.20);
}

// Wet, all four wheels reach the limit: 0.97 of it by anti-lock, plus the build-up; drag helps by 1
// %.
TEST(BrakingDistance, WetAsphaltMatchesClosedForm) {
    const double ratio = braking_distance(0.5, 20.0);
    EXPECT_GT(ratio, 1.0);
    EXPECT_LT(ratio, 1.09);
}

// Dry for four seconds, then a film of water: who brakes before and who brakes after.
TEST(BrakingDistance, FollowsTheWeatherOfTheMoment) {
    const auto ratio = [](double brake_at_s, double friction) {
        Yard yard;
        yard.world.environment.friction = 0.1;  // the programme takes its place
        world::WeatherState dry, wet;
        dry.time_s = 4.0;
        wet.time_s = 4.01;
        wet.wetness = 1;
        yard.world.weather.states = {dry, wet};
        const auto car = yard.add(kCarKind, {0, 0}, 0.0, 15.0);
        yard.start();
        auto& actor = yard.actor(car);
        yard.run(brake_at_s);
        const double start = actor.X_WB.p.x, v = actor.v_W.x;
        actor.vehicle.brake = 1.0;
        while (actor.v_W.x > 1e-3) yard.step();
        return (actor.X_WB.p.x - start) * 2.0 * friction * kGravity_mps2 / (v * v);
    };
    // As on dry and wet asphalt above; braking builds up over a larger part of the shorter way.
    EXPECT_GT(ratio(0.5, 1.0), 1.03);
    EXPECT_LT(ratio(0.5, 1.0), 1.25);
    EXPECT_GT(ratio(5.0, 0.7), 1.0);
    EXPECT_LT(ratio(5.0, 0.7), 1.2);
}

TEST(BrakingDistance, FullBrakingNeverRollsBack) {
    Yard yard;
    const auto car = yard.add(kCarKind, {0, 0}, 0.0, 15.0);
    yard.start();
    auto& actor = yard.actor(car);
    actor.vehicle.brake = 1.0;
    double furthest = 0;
    yard.run(6.0, [&] {
        furthest = std::max(furthest, actor.X_WB.p.x);
        for (const auto& wheel : actor.wheels) ASSERT_GE(wheel.spin_rad_s, 0.0);
    });
    // The patch springs give back about their own deflection, 1 to 2 cm.
    EXPECT_LT(furthest - actor.X_WB.p.x, 0.03);
    EXPECT_LT(glm::length(actor.v_W), 1e-4);
}

TEST(Cornering, LateralAccelerationIsBoundedByFriction) {
    for (const double friction : {0.4, 1.0}) {
        Yard yard;
        yard.world.environment.friction = friction;
        const auto car = yard.add(kCarKind, {0, 0}, 0.0, 20.0);
        yard.start();
        auto& actor = yard.actor(car);
        actor.vehicle.steer_rad = 0.3;
        actor.vehicle.throttle = 0.4;
        double largest = 0, sum = 0;
        int count = 0;
        yard.run(6.0, [&] {
            const double a = glm::length(math::xy(actor.a_W));
            if (yard.state.tick < 200) return;
            sum += a;
            ++count;
            largest = std::max(largest, a);
        });
        // The loads on the four wheels sum to m·g only on average: the body heaves by some percent.
        EXPECT_LT(sum / count, friction * kGravity_mps2);
        EXPECT_LT(largest, 1.10 * friction * kGravity_mps2);
        // And the car really is at the limit.
        EXPECT_GT(sum / count, 0.5 * friction * kGravity_mps2);
    }
}

TEST(Cornering, SlowCircleHasTheKinematicRadius) {
    Yard yard;
    const auto car = yard.add(kCarKind, {0, 0}, 0.0, 2.0);
    yard.start();
    auto& actor = yard.actor(car);
    const double steer = 0.2;
    const auto hold_speed = [&] {
        actor.vehicle.steer_rad = steer;
        const double v = glm::length(math::xy(actor.v_W));
        actor.vehicle.throttle = std::clamp(0.1 + 0.5 * (2.0 - v), 0.0, 1.0);
    };
    yard.run(3.0, hold_speed);
    double radius = 0;
    int count = 0;
    yard.run(5.0, [&] {
        hold_speed();
        radius += glm::length(math::xy(actor.v_W)) / actor.w_W.z;
        ++count;
    });
    radius /= count;
    // Rear axle's radius of the kinematic bicycle, L / tan(delta); at 0.3 m/s² slip angles are a
    // thousandth of a radian, 0.5 % of the steering angle.
    EXPECT_NEAR(radius, yard.spec().wheelbase_m / std::tan(steer), 0.02 * radius);
}

TEST(CoastDown, MatchesDragInClosedForm) {
    Yard yard;
    yard.world.archetypes[kCarKind].vehicle.rolling_resistance = 0.0;
    const auto car = yard.add(kCarKind, {0, 0}, 0.0, 40.0);
    yard.start();
    yard.run(0.5);
    auto& actor = yard.actor(car);
    const double v0 = actor.v_W.x, t = 20.0;
    yard.run(t);
    // m dv/dt = -k v² gives v = v0 / (1 + k v0 t / m); the four wheels' inertia counts as mass:
    // each half a wheel's mass, 1.6 % of the car's, so 3.2 % in all.
    const double k = 0.5 * kAirDensity_kg_m3 * yard.spec().drag_area_m2;
    const double mass = yard.spec().mass_kg * 1.032;
    EXPECT_NEAR(actor.v_W.x, v0 / (1.0 + k * v0 * t / mass), 0.005 * v0);
}

TEST(CoastDown, RollingResistanceStopsTheCarForGood) {
    Yard yard;
    const auto car = yard.add(kCarKind, {0, 0}, 0.0, 3.0);
    yard.start();
    auto& actor = yard.actor(car);
    // v²/(2 c g) with the wheels' inertia; drag adds a little at this speed.
    const double expected = 9.0 / (2.0 * yard.spec().rolling_resistance * kGravity_mps2) * 1.032;
    yard.run(40.0);
    EXPECT_NEAR(actor.X_WB.p.x, expected, 0.05 * expected);
    EXPECT_LT(glm::length(actor.v_W), 1e-6);
}

TEST(Rest, SuspensionCarriesTheWeight) {
    Yard yard;
    const auto car = yard.add(kCarKind, {0, 0}, 0.3);
    yard.start();
    yard.run(4.0);
    const auto& actor = yard.actor(car);
    double load = 0;
    for (const auto& wheel : actor.wheels) load += wheel.load_n;
    EXPECT_NEAR(load, yard.spec().mass_kg * kGravity_mps2, 0.5);
    EXPECT_NEAR(actor.X_WB.p.z, 0.0, 1e-4);
    EXPECT_LT(glm::length(actor.v_W), 1e-6);
    // Front axle: share of the distance from the rear axle to the centre of gravity.
    const double front = actor.wheels[0].load_n + actor.wheels[1].load_n;
    EXPECT_NEAR(front / load, yard.spec().cg_to_rear_m / yard.spec().wheelbase_m, 1e-3);
}

// A tandem rear axle: the front wheels carry the share of the lever, the four behind the rest in
// equal parts.
TEST(Rest, SixWheelsCarryTheLoadOfTheirGroup) {
    Yard yard;
    world::VehicleSpec& spec = yard.world.archetypes[kCarKind].vehicle;
    auto tandem = world::four_wheels(spec.wheelbase_m, 1.4, 0.344);
    for (std::size_t i : {2U, 3U}) {
        tandem[i].p_B.x = -0.4;
        tandem[i].drive_share = 0.25;
        tandem[i].brake_share *= 0.5;
        tandem.push_back(tandem[i]);
        tandem.back().p_B.x = 0.4;
    }
    spec.wheels = tandem;
    const auto car = yard.add(kCarKind, {0, 0}, 0.3);
    yard.start();
    yard.run(4.0);
    const auto& actor = yard.actor(car);
    ASSERT_EQ(actor.wheels.size(), 6U);
    const double weight_n = spec.mass_kg * kGravity_mps2;
    const double front_n = 0.5 * weight_n * spec.cg_to_rear_m / spec.wheelbase_m;
    const double rear_n = 0.25 * (weight_n - 2 * front_n);
    for (std::size_t i = 0; i < 6; ++i) {
        EXPECT_NEAR(actor.wheels[i].load_n, i < 2 ? front_n : rear_n, 1e-3 * weight_n) << i;
    }
    EXPECT_NEAR(actor.X_WB.p.z, 0.0, 1e-4);

    // It drives, steers and stops.
    yard.actor(car).vehicle = {.steer_rad = 0.05, .throttle = 0.5};
    yard.run(3.0);
    EXPECT_GT(glm::length(yard.actor(car).v_W), 3.0);
    EXPECT_GT(yard.actor(car).w_W.z, 0.05);
    yard.actor(car).vehicle = {.brake = 1};
    yard.run(4.0);
    EXPECT_LT(glm::length(yard.actor(car).v_W), 1e-2);
}

TEST(Rest, BrakedCarDoesNotCreepOnASlope) {
    Yard yard;
    const double grade = 0.10;
    const auto car = yard.add(kCarKind, {0, 0}, 0.0);
    yard.world.spawns[0].X_WB.q = glm::angleAxis(-std::atan(grade), Vec3(0, 1, 0));
    yard.start(slope(grade));
    auto& actor = yard.actor(car);
    actor.vehicle.brake = 0.5;
    yard.run(3.0);
    const Vec3 settled = actor.X_WB.p;
    yard.run(30.0, [&] { ASSERT_LT(glm::length(actor.v_W), 1e-5); });
    EXPECT_LT(glm::length(actor.X_WB.p - settled), 1e-5);
}

TEST(Rest, UnbrakedCarRollsDownASlope) {
    Yard yard;
    const double grade = 0.10;
    const auto car = yard.add(kCarKind, {0, 0}, 0.0);
    yard.world.spawns[0].X_WB.q = glm::angleAxis(-std::atan(grade), Vec3(0, 1, 0));
    yard.start(slope(grade));
    yard.run(2.0);
    // g (sin - c cos) over the effective mass, along x.
    const double a = kGravity_mps2 * (std::sin(std::atan(grade)) - 0.012) / 1.032;
    EXPECT_NEAR(yard.actor(car).v_W.x, -a * 2.0, 0.05 * a * 2.0);
}

TEST(Drive, ForceAndPowerLimitAcceleration) {
    Yard yard;
    const auto car = yard.add(kCarKind, {0, 0}, 0.0);
    yard.start();
    auto& actor = yard.actor(car);
    actor.vehicle.throttle = 1.0;
    yard.run(2.0);
    const double force_limit = yard.spec().max_drive_force_n / yard.spec().mass_kg;
    EXPECT_LT(actor.v_W.x, force_limit * 2.0);
    EXPECT_GT(actor.v_W.x, 0.85 * force_limit * 2.0);
    yard.run(100.0);
    // Top speed: power = (drag + rolling) · v; tyre slip takes a little.
    const double v = actor.v_W.x;
    const double need = (0.5 * kAirDensity_kg_m3 * yard.spec().drag_area_m2 * v * v +
                         yard.spec().rolling_resistance * yard.spec().mass_kg * kGravity_mps2) *
                        v;
    EXPECT_NEAR(need, yard.spec().max_power_w, 0.05 * yard.spec().max_power_w);
}

TEST(Drive, ReverseGoesBackwards) {
    Yard yard;
    const auto car = yard.add(kCarKind, {0, 0}, 0.0);
    yard.start();
    auto& actor = yard.actor(car);
    actor.vehicle.throttle = 0.3;
    actor.vehicle.reverse = true;
    yard.run(3.0);
    EXPECT_LT(actor.v_W.x, -1.0);
    EXPECT_LT(actor.wheels[2].spin_rad_s, 0.0);
}

TEST(Steering, TurnsNoFasterThanItsActuator) {
    Yard yard;
    const auto car = yard.add(kCarKind, {0, 0}, 0.0, 5.0);
    yard.start();
    auto& actor = yard.actor(car);
    actor.vehicle.steer_rad = 2.0;  // more than the car can
    yard.run(0.5);
    EXPECT_NEAR(actor.steer_rad, 0.5 * yard.spec().max_steer_rate_rad_s, 1e-9);
    yard.run(2.0);
    EXPECT_NEAR(actor.steer_rad, yard.spec().max_steer_rad, 1e-12);
}

TEST(Energy, NeverGrowsWithoutThrottle) {
    Yard yard;
    const auto car = yard.add(kCarKind, {0, 0}, 0.0, 25.0);
    yard.start();
    auto& actor = yard.actor(car);
    const auto& spec = yard.spec();
    const auto energy = [&] {
        const Vec3 v = yard.v_cg(car);
        return 0.5 * spec.mass_kg * glm::dot(v, v) +
               0.5 * spec.yaw_inertia_kg_m2 * actor.w_W.z * actor.w_W.z;
    };
    yard.run(1.0);
    double last = energy();
    for (int i = 0; i < 80; ++i) {
        // Swerve and brake in turns, at and beyond the limit.
        actor.vehicle.steer_rad = 0.4 * std::sin(0.7 * i);
        actor.vehicle.brake = i % 3 == 0 ? 0.6 : 0.0;
        yard.run(0.1);
        const double now = energy();
        // Springs and patches may give back what they stored, some joules to some tens.
        ASSERT_LT(now, last + 60.0) << "after " << i;
        last = std::min(last, now);
    }
}

TEST(Tyre, ForceStaysInTheFrictionCircleAndPeaksAtOne) {
    double peak = 0;
    for (double s = 0; s < 5.0; s += 0.001) peak = std::max(peak, Tyre::magic_formula(s));
    EXPECT_NEAR(peak, 1.0, 1e-6);
    // Slope at the origin is B·C.
    EXPECT_NEAR(Tyre::magic_formula(1e-6) / 1e-6, Tyre::kB * Tyre::kC, 1e-3);
    // What is used of it.
    for (double s = 0; s < 1.0; s += 0.00037) {
        ASSERT_NEAR(Tyre::force_share(s), Tyre::magic_formula(s), 1e-7) << s;
        ASSERT_LE(Tyre::force_share(s), 1.0) << s;
    }
    EXPECT_EQ(Tyre::force_share(0), 0);
    EXPECT_NEAR(Tyre::force_share(3), Tyre::magic_formula(1), 1e-12);
    ContactPatch patch;
    for (int i = 0; i < 400; ++i) {
        const TyreForce f = advance(patch, 10.0, 3.0 * std::sin(0.1 * i), 8.0, 1000.0, 0.00125);
        ASSERT_LE(std::hypot(f.x_n, f.y_n), 1000.0 + 1e-9);
    }
}

TEST(Hull, AnOverturnedCarLiesOnTheGround) {
    Yard yard;
    const auto car = yard.add(kCarKind, {0, 0}, 0.0);
    yard.world.spawns[0].X_WB.q = glm::angleAxis(math::kPi, Vec3(1, 0, 0));
    yard.world.spawns[0].X_WB.p.z = 1.5;
    yard.start();
    yard.run(5.0);
    EXPECT_NEAR(yard.actor(car).X_WB.p.z, 1.45, 0.05);  // roof down, height of the box
    EXPECT_LT(glm::length(yard.actor(car).v_W), 0.05);
}

}  // namespace
}  // namespace huntsman::engine::physics
