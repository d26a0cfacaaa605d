// Buildings as occluders: what lies wholly behind one need not be drawn.
//
// A building is a box that stands on the ground. Seen from a camera below its eaves it hides the
// wedge between its two outermost corners, as far up as its nearest corner's eaves reach. The test
// is conservative: the box is taken smaller than the building, the hidden space smaller than it is.
#pragma once

#include <span>
#include <vector>

#include "engine/math/geometry.h"
#include "engine/world/world.h"

namespace huntsman::engine::render {

class Occluders {
  public:
    Occluders() = default;
    // Collects the buildings among the static objects.
    explicit Occluders(std::span<const world::StaticObject> objects);

    // Prepares the hidden wedges for a camera at `p_W`.
    void look_from(const math::Vec3& p_W);
    // Whether a sphere is hidden from the camera by one building.
    bool hide(const math::Vec3& centre_W, double radius_m) const;

  private:
    struct Building {
        math::Box2 box;
        double top_m = 0;  // height in W below which it surely hides
        double reach_m = 0;
    };
    struct Wedge {
        math::Vec2 right, left;  // unit normals of the borders, pointing into the wedge
        double beyond_m = 0;     // distance of the farthest corner
        double slope = 0;        // height gained per metre of distance along the line over the top
    };
    std::vector<Building> buildings_;
    math::Vec3 eye_{0, 0, 0};
    std::vector<Wedge> wedges_;
};

}  // namespace huntsman::engine::render
