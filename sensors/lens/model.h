// The models' formulas with what is the same for all points of a lens worked out once.
#pragma once

#include "sensors/lens/lens.h"

namespace huntsman::sensors::lens {

// Distance from the picture's centre in units of the focal length, and how it grows.
struct Growth {
    double value = 0, slope = 0;
};

struct Model {
    explicit Model(const Lens& from);

    // Of x = r = tan θ for pinholes (radial part), of x = θ for the two fisheyes.
    Growth radial(double x) const;

    Lens lens;
    bool plain = false;     // a pinhole without coefficients
    bool sideways = false;  // a pinhole with tangential or thin prism terms
    double limit = 0;       // largest x of the field
    double reach = 0;       // radial(limit).value
    double cos_limit = -1;  // of the largest angle
};

// As those of lens.h, for loops over points.
bool project(const Model& model, const Vec3& p_C, Vec2& pixel);
bool unproject(const Model& model, const Vec2& pixel, Vec3& ray_C);

// Brown–Conrady's a', b' and their derivatives after a and b.
struct Bent {
    double a = 0, b = 0;
    double a_a = 1, a_b = 0, b_a = 0, b_b = 1;
};
Bent bend(const Lens& lens, double a, double b);

}  // namespace huntsman::sensors::lens
