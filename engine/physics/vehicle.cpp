#include "engine/physics/vehicle.h"

#include <algorithm>
#include <cmath>

#include "engine/core/check.h"

namespace huntsman::engine::physics {

using math::Vec2;
using math::Vec3;

namespace {

// Of the wheels' spin, 2.5 ms each: the stiffest mode, a loaded wheel on its patch spring, has
// about 350 rad/s and is stable below 2 / 350 s.
constexpr int kSubSteps = 2;
constexpr double kRideFront_hz = 1.4;  // natural frequencies of a saloon's suspension
constexpr double kRideRear_hz = 1.6;   // rear above front: pitch settles ("flat ride")
constexpr double kDampingRatio = 0.35;
constexpr double kAntiRollShare = 0.4;     // anti-roll bar over spring stiffness
constexpr double kBumpTravel_m = 0.08;     // from rest to the bump stop
constexpr double kBumpStiffening = 8.0;    // bump stop over spring stiffness
constexpr double kWheelMassShare = 0.016;  // a wheel's mass over the vehicle's
constexpr double kAssistShare = 0.97;      // of the grip that anti-lock and traction control use
constexpr double kAssistFrom_mps = 1.0;    // below, wheels may lock
constexpr double kHoldDampingRatio = 0.5;  // of the patch spring near standstill
constexpr double kHoldBelow_mps = 2.0;
constexpr double kReverseTopSpeed_mps = 8.0;
constexpr double kTipped = 0.5;  // body z over the ground's normal below which wheels carry
                                 // nothing, and over W z where there is no ground to ask
constexpr double kOverturned = 0.1;

// The direction in which a wheel rolls, along the ground. Steered wheels turn by Ackermann: all
// axes meet in one point on the line of the origin.
Vec3 heading_of(const world::Wheel& wheel, double steer_rad, const math::Mat3& R_WB,
                const Vec3& normal) {
    Vec3 heading = R_WB[0];
    if (wheel.steered && steer_rad != 0.0) {
        const double base = wheel.p_B.x, tan_steer = std::tan(steer_rad);
        const double tan_own = base * tan_steer / (base - wheel.p_B.y * tan_steer);
        const double cos_own = 1.0 / std::sqrt(1.0 + tan_own * tan_own);
        heading = cos_own * (R_WB[0] + tan_own * R_WB[1]);
    }
    return glm::normalize(heading - glm::dot(heading, normal) * normal);
}

}  // namespace

Vehicle::Vehicle(const world::VehicleSpec& spec, const world::Extent& extent)
    : spec_(spec), extent_(extent), corners_(spec.wheels.size()) {
    HM_CHECK(!spec.wheels.empty(), "a vehicle has no wheels");
    // Wheels before G and behind it, each group with its middle.
    double ahead_x = 0, behind_x = 0, ahead = 0, behind = 0;
    for (const world::Wheel& wheel : spec.wheels) {
        const bool before = wheel.p_B.x > spec.cg_to_rear_m;
        (before ? ahead_x : behind_x) += wheel.p_B.x;
        (before ? ahead : behind) += 1;
    }
    HM_CHECK(ahead > 0 && behind > 0, "all wheels lie on one side of the centre of gravity");
    ahead_x /= ahead;
    behind_x /= behind;
    const double front_share = (spec.cg_to_rear_m - behind_x) / (ahead_x - behind_x);
    for (std::size_t i = 0; i < corners_.size(); ++i) {
        const world::Wheel& wheel = spec.wheels[i];
        const bool front = wheel.p_B.x > spec.cg_to_rear_m;
        Corner& c = corners_[i];
        c.p_GW = Vec3(wheel.p_B, 0.0) - p_BG();
        const double share = front ? front_share / ahead : (1.0 - front_share) / behind;
        const double omega = 2.0 * math::kPi * (front ? kRideFront_hz : kRideRear_hz);
        c.static_n = spec.mass_kg * kGravity_mps2 * share;
        c.stiffness = spec.mass_kg * share * omega * omega;
        c.damping = 2.0 * kDampingRatio * spec.mass_kg * share * omega;
        c.static_m = c.static_n / c.stiffness;
        // A uniform disc; four wheels have the mass that any number shares.
        const double mass_share = kWheelMassShare * (4.0 / static_cast<double>(corners_.size()));
        c.inertia = 0.5 * mass_share * spec.mass_kg * wheel.radius_m * wheel.radius_m;
        c.partner = i;
        for (std::size_t k = 0; k < corners_.size(); ++k) {
            const math::Vec2& other = spec.wheels[k].p_B;
            if (k != i && other.x == wheel.p_B.x && other.y == -wheel.p_B.y) c.partner = k;
        }
    }
}

Wrench Vehicle::step(const ChassisMotion& motion, const Ground& ground, double friction,
                     double dt_s, world::ActorState& actor) {
    HM_CHECK(actor.wheels.size() == corners_.size(), "actor {} has {} wheels, its vehicle {}",
             actor.id, actor.wheels.size(), corners_.size());
    const world::VehicleCommand& command = actor.vehicle;
    const math::Mat3 R_WB = glm::mat3_cast(motion.q_WB);
    const double speed = glm::dot(motion.v_WG, R_WB[0]);

    // Steering: towards the command at the actuator's rate.
    const double wanted = std::clamp(command.steer_rad, -spec_.max_steer_rad, spec_.max_steer_rad);
    const double most = spec_.max_steer_rate_rad_s * dt_s;
    actor.steer_rad += std::clamp(wanted - actor.steer_rad, -most, most);

    // Drive force: limited by force, power and, backwards, by speed.
    double drive_n =
        std::clamp(command.throttle, 0.0, 1.0) *
        std::min(spec_.max_drive_force_n, spec_.max_power_w / std::max(std::abs(speed), 1.0));
    if (command.reverse) drive_n = speed > -kReverseTopSpeed_mps ? -drive_n : 0.0;
    const double brake_n = std::clamp(command.brake, 0.0, 1.0) * spec_.max_brake_force_n;

    // Air.
    Wrench wrench;
    wrench.force_n =
        -0.5 * kAirDensity_kg_m3 * spec_.drag_area_m2 * glm::length(motion.v_WG) * motion.v_WG;

    const Moment now{motion, R_WB, friction, drive_n, brake_n, dt_s};
    place_on_ground(now, ground);
    for (std::size_t i = 0; i < corners_.size(); ++i) {
        const Wrench of_wheel = roll(i, now, actor);
        wrench.force_n += of_wheel.force_n;
        wrench.torque_nm += of_wheel.torque_nm;
    }
    // A car on its side or thrown off its springs lies on its hull.
    if (!upright_) add_hull_contacts(motion, ground, wrench);
    return wrench;
}

// Compression of each spring from full droop, with the ground below its wheel.
void Vehicle::place_on_ground(const Moment& now, const Ground& ground) {
    const Vec3& p_WG = now.motion.p_WG;
    const Vec3 up = now.R_WB[2];
    upright_ = up.z > kOverturned;
    const double share = 1.0 / static_cast<double>(corners_.size());
    Vec3 normals(0);
    for (Corner& c : corners_) {
        c.arm = now.R_WB * c.p_GW;
        c.ground = upright_ ? stand(c.footing, ground, p_WG + c.arm) : road::Surface{};
        normals += share * c.ground.normal;
    }
    upright_ = upright_ && glm::dot(up, normals) > kTipped;
    for (Corner& c : corners_) {
        const Vec3 foot = p_WG + c.arm;
        const double sunk = (c.ground.height_m - foot.z) * c.ground.normal.z;
        c.compression_m = upright_ ? c.static_m + sunk : -1.0;
    }
}

// Spring, damper, bump stop and anti-roll bar; never pulls.
double Vehicle::load_of(const Corner& c, double rise_mps) const {
    if (c.compression_m <= 0.0) return 0.0;
    const double other = std::max(0.0, corners_[c.partner].compression_m);
    const double bump = std::max(0.0, c.compression_m - c.static_m - kBumpTravel_m);
    const double load_n = c.stiffness * (c.compression_m + kBumpStiffening * bump +
                                         kAntiRollShare * (c.compression_m - other)) -
                          c.damping * rise_mps;
    return std::max(0.0, load_n);
}

TyreForce Vehicle::spin_wheel(const WheelContact& contact, const world::Wheel& wheel,
                              const Moment& now, Corner& c, world::WheelState& state) const {
    const auto [vx, vy, load_n, grip_n] = contact;
    const double radius = wheel.radius_m;
    // Torques about the axle; the assistants know the grip and keep within it.
    double drive = now.drive_n * wheel.drive_share * radius;
    double brake = now.brake_n * wheel.brake_share * radius;
    const double limit = kAssistShare * grip_n * radius;
    drive = std::clamp(drive, -limit, limit);
    if (std::abs(vx) > kAssistFrom_mps) brake = std::min(brake, limit);
    const double friction_torque = brake + spec_.rolling_resistance * load_n * radius;

    // Near standstill the patch spring is damped.
    const double hold = std::max(0.0, 1.0 - std::abs(vx) / kHoldBelow_mps);
    const double patch_stiffness = Tyre::kB * Tyre::kC * grip_n / Tyre::kRelaxation_m;
    const double damper = hold > 0.0 && grip_n > 0.0
                              ? hold * 2.0 * kHoldDampingRatio *
                                    std::sqrt(patch_stiffness * c.static_n / kGravity_mps2)
                              : 0.0;

    // Spin and patch in sub-steps, the chassis' motion held.
    const double h = now.dt_s / kSubSteps;
    double sum_x = 0.0, sum_y = 0.0;
    for (int k = 0; k < kSubSteps; ++k) {
        const TyreForce elastic = advance(c.patch, vx, vy, state.spin_rad_s * radius, grip_n, h);
        // Implicit in the damper, whose rate can exceed 1/h. Dry friction stops a wheel and
        // cannot turn it back.
        double spin =
            state.spin_rad_s + h / c.inertia * (drive - radius * (elastic.x_n - damper * vx));
        const double stop = friction_torque * h / c.inertia;
        spin = std::abs(spin) <= stop ? 0.0
                                      : (spin - std::copysign(stop, spin)) /
                                            (1.0 + h * damper * radius * radius / c.inertia);
        state.spin_rad_s = spin;
        double x = elastic.x_n - damper * (vx - spin * radius);
        double y = elastic.y_n - damper * vy;
        // The friction circle holds for the damper too.
        const double size2 = x * x + y * y;
        if (size2 > grip_n * grip_n) {
            const double scale = grip_n / std::sqrt(size2);
            x *= scale;
            y *= scale;
        }
        sum_x += x;
        sum_y += y;
    }
    return {sum_x / kSubSteps, sum_y / kSubSteps};
}

// Force and torque of one wheel; spins it.
Wrench Vehicle::roll(std::size_t index, const Moment& now, world::ActorState& actor) {
    const world::Wheel& wheel = spec_.wheels[index];
    world::WheelState& state = actor.wheels[index];
    Corner& c = corners_[index];
    const Vec3 normal = c.ground.normal;
    const Vec3 v_contact = now.motion.v_WG + glm::cross(now.motion.w_W, c.arm);
    const double load_n = load_of(c, glm::dot(v_contact, normal));
    state.compression_m = std::max(0.0, c.compression_m);
    state.load_n = load_n;

    const Vec3 heading = heading_of(wheel, actor.steer_rad, now.R_WB, normal);
    const Vec3 side = glm::cross(normal, heading);
    const WheelContact contact{glm::dot(v_contact, heading), glm::dot(v_contact, side), load_n,
                               now.friction * c.ground.friction * load_n};
    const TyreForce tyre = spin_wheel(contact, wheel, now, c, state);
    state.angle_rad += state.spin_rad_s * now.dt_s;
    if (std::abs(state.angle_rad) > math::kPi) state.angle_rad = math::wrap_angle(state.angle_rad);

    const Vec3 force = load_n * normal + tyre.x_n * heading + tyre.y_n * side;
    return {force, glm::cross(c.arm, force)};
}

road::Surface Vehicle::stand(Footing& footing, const Ground& ground, const Vec3& p) {
    const Vec2 moved = math::xy(p) - footing.at;
    if (glm::dot(moved, moved) > kFooting_m * kFooting_m) {
        footing = {math::xy(p), ground(p)};
        return footing.surface;
    }
    road::Surface surface = footing.surface;
    const Vec3& n = surface.normal;
    surface.height_m -= (n.x * moved.x + n.y * moved.y) / n.z;
    return surface;
}

void Vehicle::add_hull_contacts(const ChassisMotion& motion, const Ground& ground,
                                Wrench& wrench) const {
    const double mass = spec_.mass_kg;
    const double stiffness = mass * 400.0;  // 2.5 cm static sag on one corner
    const double damping = mass * 10.0;
    for (int corner = 0; corner < 8; ++corner) {
        const Vec3 p_B((corner & 1) != 0 ? extent_.front_m : -extent_.rear_m,
                       ((corner & 2) != 0 ? 0.5 : -0.5) * extent_.width_m,
                       (corner & 4) != 0 ? extent_.height_m : 0.0);
        const Vec3 arm = motion.q_WB * (p_B - p_BG());
        const Vec3 p = motion.p_WG + arm;
        const road::Surface at = ground(p);
        const double depth = (at.height_m - p.z) * at.normal.z;
        if (depth <= 0.0) continue;
        const Vec3 v = motion.v_WG + glm::cross(motion.w_W, arm);
        const double v_n = glm::dot(v, at.normal);
        const double normal_n = std::max(0.0, stiffness * depth - damping * v_n);
        const Vec3 slide = v - v_n * at.normal;
        const double slide_mps = glm::length(slide);
        // Steel on asphalt, 0.5; smoothed below 0.2 m/s.
        Vec3 force = normal_n * at.normal;
        if (slide_mps > 0.0) force -= 0.5 * normal_n / std::max(slide_mps, 0.2) * slide;
        wrench.force_n += force;
        wrench.torque_nm += glm::cross(arm, force);
    }
}

}  // namespace huntsman::engine::physics
