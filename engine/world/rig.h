// Cameras on a body: mounting, lens, shutter and timing, as plain data. What a lens does is in
// sensors/lens, what an image sensor does in sensors/imager.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/time.h"
#include "engine/math/transform.h"

namespace huntsman::engine::world {

enum class LensModel : std::uint8_t {
    kPinhole,          // Brown–Conrady: rational radial, tangential, thin prism
    kKannalaBrandt,    // fisheye
    kFTheta,           // a polynomial of the angle from the axis
    kEquirectangular,  // longitude and latitude
};
const char* name(LensModel model);  // "pinhole", "kannala_brandt", "f_theta", "equirectangular"

// Where a direction of C (x right, y down, z forward) falls in the picture. Pixels; the centre of
// the first pixel is (0.5, 0.5). Names, order and meaning of coefficients are OpenCV's, whose pixel
// coordinates are smaller by 0.5. With a = x/z, b = y/z, r² = a² + b² and θ the angle from the
// axis:
//   pinhole          a' = a (1 + k1 r² + k2 r⁴ + k3 r⁶) / (1 + k4 r² + k5 r⁴ + k6 r⁶)
//                         + 2 p1 a b + p2 (r² + 2 a²) + s1 r² + s2 r⁴
//                    b' = b (same) + p1 (r² + 2 b²) + 2 p2 a b + s3 r² + s4 r⁴
//                    u = fx a' + cx, v = fy b' + cy
//   kannala_brandt   ρ = θ (1 + k1 θ² + k2 θ⁴ + k3 θ⁶ + k4 θ⁸);
//                    u = fx ρ x / |(x, y)| + cx, v = fy ρ y / |(x, y)| + cy
//   f_theta          ρ = θ (1 + k1 θ + k2 θ² + k3 θ³ + k4 θ⁴ + k5 θ⁵); u, v as above
//   equirectangular  u = fx atan2(x, z) + cx, v = fy atan2(y, |(x, z)|) + cy
struct Lens {
    LensModel model = LensModel::kPinhole;
    double fx = 0, fy = 0, cx = 0, cy = 0;  // pixels; equirectangular: fx, fy pixels per radian
    std::array<double, 6> k{};
    std::array<double, 2> p{};
    std::array<double, 4> s{};
    // Angle from the axis up to which the model holds; directions beyond are not seen.
    double max_angle_rad = 1.5;
    bool operator==(const Lens&) const = default;
};

// The order in which a sensor's rows or columns are exposed and read.
enum class Readout : std::uint8_t {
    kGlobal,
    kTopToBottom,
    kBottomToTop,
    kLeftToRight,
    kRightToLeft,
};
const char* name(Readout readout);  // "global", "top_to_bottom", ...
struct Shutter {
    Readout readout = Readout::kGlobal;
    core::TimeUs readout_us = 0;  // from the first line's exposure to the last one's
    bool operator==(const Shutter&) const = default;
};

// How far the truth is from what the data file says, drawn once per run and camera; standard
// deviations.
struct CalibrationError {
    double position_m = 0;            // of each coordinate of the mounting
    double rotation_rad = 0;          // about each axis of C
    double focal_share = 0;           // of fx and fy together
    double centre_px = 0;             // of cx and cy
    double drift_rad_per_sqrt_s = 0;  // random walk of the rotation about each axis of C
    bool operator==(const CalibrationError&) const = default;
};

// One camera of a rig, as its data file says: what users are told. See true_camera in
// sensors/rig/rig.h for what differs by an injected error of calibration.
struct Camera {
    std::string name;
    math::RigidTransform X_BC;
    int width = 640, height = 400;
    Lens lens;
    double range_m = 100;  // nominal reach, for evaluation
    // Data file of the image sensor; empty: an ideal camera, whose picture is the renderer's.
    std::string sensor;
    Shutter shutter;
    // A picture's middle line is exposed at phase + k period. 0: the rig's period.
    core::TimeUs period_us = 0, phase_us = 0;
    CalibrationError error;
};

struct Rig {
    std::string name;
    std::vector<Camera> cameras;
    double rate_hz = 10;
};

}  // namespace huntsman::engine::world
