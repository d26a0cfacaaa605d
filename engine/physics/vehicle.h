// Forces on a wheeled chassis from its suspension, tyres, drive, brakes and the air.
//
// Free of the rigid-body engine: motion of the centre of gravity G in, force and torque about G
// out. Wheels are those of the VehicleSpec, in its order. At rest the wheels before G share their
// load equally, as axles on a balance beam do, and so do those behind it.
#pragma once

#include <vector>

#include "engine/math/constants.h"
#include "engine/math/transform.h"
#include "engine/physics/ground.h"
#include "engine/physics/tyre.h"
#include "engine/world/state.h"
#include "engine/world/world.h"

namespace huntsman::engine::physics {

using math::kAirDensity_kg_m3;
using math::kGravity_mps2;

// Motion of the chassis. The body's axes are those of B, moved to G.
struct ChassisMotion {
    math::Quat q_WB{1, 0, 0, 0};
    math::Vec3 p_WG{0, 0, 0};
    math::Vec3 v_WG{0, 0, 0};
    math::Vec3 w_W{0, 0, 0};
};
struct Wrench {
    math::Vec3 force_n{0, 0, 0};    // in W
    math::Vec3 torque_nm{0, 0, 0};  // in W about G
};

class Vehicle {
  public:
    Vehicle(const world::VehicleSpec& spec, const world::Extent& extent);

    // G in the body frame.
    math::Vec3 p_BG() const { return {spec_.cg_to_rear_m, 0.0, spec_.cg_height_m}; }

    // Mean wrench over the coming `dt_s`; turns the steering, spins the wheels and fills `actor`'s
    // wheels and steering angle. `friction` is the environment's tyre-road coefficient.
    Wrench step(const ChassisMotion& motion, const Ground& ground, double friction, double dt_s,
                world::ActorState& actor);

  private:
    // The ground under a wheel as a plane, looked up again when the wheel has moved on.
    struct Footing {
        math::Vec2 at{1e30, 1e30};
        road::Surface surface;
    };
    static constexpr double kFooting_m = 0.15;  // about the length of a tyre's contact patch
    static road::Surface stand(Footing& footing, const Ground& ground, const math::Vec3& p);

    // A wheel on its suspension.
    struct Corner {
        math::Vec3 p_GW;          // wheel's foot at rest, from G, in B
        double static_n = 0;      // load at rest
        double stiffness = 0;     // [N/m]
        double damping = 0;       // [N·s/m]
        double static_m = 0;      // compression at rest
        double inertia = 1;       // of the wheel about its axle [kg·m²]
        std::size_t partner = 0;  // the axle's other wheel, or the same where it has none
        ContactPatch patch;
        Footing footing;
        // Of the step.
        road::Surface ground;
        math::Vec3 arm{0, 0, 0};  // from G, in W
        double compression_m = 0;
    };
    // What is the same for all wheels in a step.
    struct Moment {
        const ChassisMotion& motion;
        math::Mat3 R_WB;
        double friction, drive_n, brake_n, dt_s;
    };
    // A wheel's contact with the ground: velocity along its heading and to the left of it, load and
    // grip.
    struct WheelContact {
        double vx_mps, vy_mps, load_n, grip_n;
    };
    void place_on_ground(const Moment& now, const Ground& ground);
    // Vertical load of a wheel whose foot moves away from the ground at `rise_mps`.
    double load_of(const Corner& corner, double rise_mps) const;
    // Spins the wheel; the tyre's mean force.
    TyreForce spin_wheel(const WheelContact& contact, const world::Wheel& wheel, const Moment& now,
                         Corner& corner, world::WheelState& state) const;
    Wrench roll(std::size_t index, const Moment& now, world::ActorState& actor);
    void add_hull_contacts(const ChassisMotion& motion, const Ground& ground, Wrench& wrench) const;

    world::VehicleSpec spec_;
    world::Extent extent_;
    std::vector<Corner> corners_;  // as spec_.wheels
    bool upright_ = true;          // the wheels carry
};

}  // namespace huntsman::engine::physics
