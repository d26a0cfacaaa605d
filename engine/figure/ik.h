// Inverse kinematics of limbs of two bones, and turns between directions.
#pragma once

#include "engine/figure/skeleton.h"

namespace huntsman::engine::figure {

// The shortest turn that takes direction `from` to `to`; neither need be of length 1.
math::Quat turn_between(const math::Vec3& from, const math::Vec3& to);
math::Quat turn_about(const math::Vec3& axis, double angle_rad);
// The turn by which a frame whose `axis` points along `rest` comes to point along `aim`, with its
// second direction `rest_side` as near as possible to `aim_side`.
math::Quat turn_to(const math::Vec3& rest, const math::Vec3& rest_side, const math::Vec3& aim,
                   const math::Vec3& aim_side);

// Where the middle joint of a limb is: root and end given, lengths of the two bones, bent towards
// `pole` (a direction). An end out of reach is brought to 0.9995 of the limb's length.
struct Bend {
    math::Vec3 middle{0, 0, 0};
    math::Vec3 end{0, 0, 0};
    double angle_rad = 0;  // between the bones: pi when stretched
};
Bend bend(const math::Vec3& root, const math::Vec3& end, double upper_m, double lower_m,
          const math::Vec3& pole);

// Turns upper and lower bone of a limb so that its end joint comes to `end_B`, bent towards
// `pole_B`. `frames` are those of the pose with everything above the limb in place; only the two
// turns change. `rest_pole` is the direction in which the limb bends at rest.
void reach(const Skeleton& skeleton, Pose& pose, const math::RigidTransform& X_BP, Joint upper,
           Joint lower, Joint end, const math::Vec3& end_B, const math::Vec3& pole_B,
           const math::Vec3& rest_pole);

}  // namespace huntsman::engine::figure
