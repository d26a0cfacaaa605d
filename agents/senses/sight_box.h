// Boxes that hide, and the points of a body that are looked at.
#pragma once

#include <array>

#include "engine/math/geometry.h"
#include "engine/world/world.h"

namespace huntsman::agents::senses {

namespace math = engine::math;
namespace world = engine::world;
using math::Vec2;
using math::Vec3;

// Points of a body that are looked at, in W.
constexpr unsigned kSilhouettePoints = 5;
using Silhouette = std::array<Vec3, kSilhouettePoints>;
// Bits of points, the first one the lowest.
using PointSet = unsigned;
constexpr PointSet kAllPoints = (1U << kSilhouettePoints) - 1;

// An upright box [m, frame W]: a rectangle on the plane that may be turned about z, from `low_m` to
// `high_m`.
struct SightBox {
    Vec2 centre{0, 0};
    Vec2 x{1, 0};  // unit vector along its length
    Vec2 half{0, 0};
    double low_m = 0, high_m = 0;
    double radius_m = 0;  // of the circle around the rectangle
};
// The box of a body; its pitch and roll are left out.
SightBox sight_box(const world::Extent& extent, const math::RigidTransform& X_WB);

// Those of the `open` points that the box hides from the eye. A box that holds the eye or a point
// does not hide that point: it is a shelter or a gate, which is only roughly a box.
PointSet hidden_by(const SightBox& box, const Vec3& eye_W, const Silhouette& points, PointSet open);

// The points of a body: of people and animals head, shoulders, hips and shins; of vehicles
// the four sides' ends at half height and the roof.
Silhouette silhouette(world::Semantic semantic, const world::Extent& extent,
                      const math::RigidTransform& X_WB);

// The segments from an eye to the points, as seen from above.
struct Fan {
    Fan(const Vec3& eye_W, const Silhouette& points);
    // Whether a box may hide one of the points: false only where none is hidden.
    bool may_meet(const SightBox& box) const {
        const Vec2 d = box.centre - eye;
        const double along = glm::dot(d, to_middle);
        return std::abs(math::cross(to_middle, d)) < half_width_m + box.radius_m &&
               along > -box.radius_m && along < reach_m + box.radius_m;
    }

    Vec2 eye{0, 0};
    Vec2 to_middle{1, 0};     // unit vector
    double half_width_m = 0;  // no point lies farther aside of the line to the middle
    double reach_m = 0;       // nor farther along it
};

}  // namespace huntsman::agents::senses
