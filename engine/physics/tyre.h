// One tyre's contact patch: slip from an elastic patch, force from the magic formula.
//
// The patch deflects by (u, v) against the rim and relaxes as it rolls [Pacejka 2012, ch. 7, single
// contact point]:
//     du/dt = -V_sx - |V_x|/sigma · u        dv/dt = -V_sy - |V_x|/sigma · v
// Rolling, u/sigma and v/sigma tend to the slip ratio and the tangent of the slip angle. Standing,
// the patch is a spring, so a braked car holds on a slope without creep. The force is
//     F = mu · F_z · sin(C atan(Bs - E(Bs - atan Bs))),  s = |(u, v)| / sigma,
// against the direction of slip (combined slip by similarity), so |F| never exceeds mu·F_z.
//
// References: H. B. Pacejka, Tire and Vehicle Dynamics, 3rd ed., 2012.
#pragma once

#include <algorithm>
#include <cmath>

namespace huntsman::engine::physics {

struct Tyre {
    // Passenger-car tyre on asphalt; the peak lies at a slip of 0.18, sliding keeps 91 % of it.
    static constexpr double kB = 10.0, kC = 1.9, kE = 0.97;
    static constexpr double kRelaxation_m = 0.1;

    // Force as a share of mu·F_z at combined slip s >= 0.
    static double magic_formula(double s) {
        const double x = kB * s;
        return std::sin(kC * std::atan(x - kE * (x - std::atan(x))));
    }
    // The same for slips up to 1, from a table: good to 1e-7, a tenth of the time. (Four wheels of
    // each vehicle ask twice in a step.)
    static double force_share(double s);
};

// Deflection of a patch: u along the wheel's heading, v to its left [m].
struct ContactPatch {
    double u_m = 0, v_m = 0;
};

struct TyreForce {
    double x_n = 0, y_n = 0;  // on the car, along the wheel's heading and to its left
};

// Advances the patch by `dt_s` and returns the elastic force. `vx`, `vy`: velocity of the contact
// point over the ground in the wheel's frame; `rolling_mps`: spin times radius; `grip_n`: mu·F_z.
inline TyreForce advance(ContactPatch& patch, double vx_mps, double vy_mps, double rolling_mps,
                         double grip_n, double dt_s) {
    if (grip_n <= 0.0) {
        patch = {};
        return {};
    }
    // Implicit in the relaxation, so that it is stable at any speed.
    const double decay = 1.0 / (1.0 + dt_s * std::abs(vx_mps) / Tyre::kRelaxation_m);
    patch.u_m = (patch.u_m - (vx_mps - rolling_mps) * dt_s) * decay;
    patch.v_m = (patch.v_m - vy_mps * dt_s) * decay;
    double deflection = std::sqrt(patch.u_m * patch.u_m + patch.v_m * patch.v_m);
    if (deflection < 1e-12) return {};
    // A real patch slides long before slip 1; near standstill more deflection would be a false
    // store of energy that throws the car back.
    const double cap = 0.12 + 0.88 * std::clamp((std::abs(vx_mps) - 1.0) / 4.0, 0.0, 1.0);  // slip
    const double most = cap * Tyre::kRelaxation_m;
    if (deflection > most) {
        patch.u_m *= most / deflection;
        patch.v_m *= most / deflection;
        deflection = most;
    }
    const double force = grip_n * Tyre::force_share(deflection / Tyre::kRelaxation_m);
    return {force * patch.u_m / deflection, force * patch.v_m / deflection};
}

}  // namespace huntsman::engine::physics
