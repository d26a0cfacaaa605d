// How far a lens sees: limits of its model, angles of view, and lenses made for an angle of view.
#pragma once

#include "engine/core/result.h"
#include "sensors/lens/lens.h"

namespace huntsman::sensors::lens {

// Largest angle from the axis up to which the picture keeps growing with the angle, at no less than
// 1 % of its rate at the centre and, for pinholes, at no more than 100 times that of one without
// coefficients (a denominator that vanishes), so that every pixel has one direction. At most
// 1.55 rad for pinholes and pi for the others.
double monotone_angle(const Lens& lens);

// Refuses a lens that cannot be, or that cannot fill a picture of this size: numbers that are not
// finite, a focal length that is not positive, a principal point more than a picture outside, a
// field beyond what the model can do, a pinhole that does not reach the picture's border. Fisheyes
// may leave the picture's corners dark.
engine::core::Status check(const Lens& lens, int width, int height);

// Angles of view of a picture: what lies between two opposite borders on the lines through the
// principal point, and between opposite corners (the wider diagonal). Where the lens's field ends
// before the border, up to there.
struct FieldOfView {
    double horizontal_rad = 0, vertical_rad = 0, diagonal_rad = 0;
    // From the axis to each border and from one to the other; left and up are positive.
    double left_rad = 0, right_rad = 0, up_rad = 0, down_rad = 0;
};
FieldOfView field_of_view(const Lens& lens, int width, int height);

// A lens with `shape`'s model and coefficients, square pixels and the principal point in the
// middle, that has `horizontal_fov_rad` from the left to the right border. The field is the
// model's own, at most `shape.max_angle_rad`. For pinholes below pi.
Lens lens_for_fov(const Lens& shape, int width, int height, double horizontal_fov_rad);
// The same without coefficients; the field of fisheyes is what their picture's corners need.
Lens lens_for_fov(engine::world::LensModel model, int width, int height, double horizontal_fov_rad);

// The same lens in front of a picture of another size that shows the same: the scale may differ
// between the two directions.
Lens scaled(const Lens& lens, double scale_x, double scale_y);

}  // namespace huntsman::sensors::lens
