// Walls of buildings as occluders: what lies wholly behind them need not be drawn.
//
// An occluder is an upright rectangle of a building's mesh, with the sector that it covers as seen
// from the eye. A box is hidden where walls that stand wholly before it cover its sector without a
// gap, each to above the highest line of sight to the box. Walls of a street that share their
// corners hide together what none of them hides alone. Only walls that stand on the ground count:
// lines of sight that pass below them end at the ground. What is called hidden lies
// behind the finest walls; where a coarser level of theirs is drawn, some of it might have been in
// sight, by no more than that level's error.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/math/geometry.h"
#include "engine/world/world.h"

namespace huntsman::engine::render {

// What holds an item: its plan in W, and the height of its highest point.
struct Bounds {
    math::Box2 plan;
    double top_m = 0;
};

// Bounds of a box in the mesh frame, from its lowest to its highest corner, placed in W.
Bounds bounds_of(const math::RigidTransform& X_WM, const math::Vec3& low_M,
                 const math::Vec3& high_M);
Bounds bounds_of_sphere(const math::Vec3& centre_W, double radius_m);

class Occluders {
  public:
    Occluders() = default;
    // Collects the upright rectangles of the finest meshes of buildings.
    explicit Occluders(const world::World& world);

    std::size_t walls() const { return walls_.size(); }

    // Finds the walls that face an eye at `p_W`, within a few hundred metres.
    void look_from(const math::Vec3& p_W);
    // Whether no part of the box can be seen from the eye.
    bool hide(const Bounds& bounds) const;

  private:
    struct Wall {
        math::Vec2 a{0, 0}, b{0, 0};  // seen from its front, a is to the left
        double bottom_m = 0, top_m = 0;
    };
    // A wall as the eye sees it.
    struct Facing {
        math::Vec2 inward{0, 0};            // unit normal away from the eye
        double depth_m = 0;                 // the eye's distance from the wall's plane
        double from_rad = 0, span_rad = 0;  // the azimuths that it covers, counter-clockwise
        double rise = 0;  // per metre, of the steepest line of sight that meets all of it
    };
    static constexpr std::size_t kSectors = 64;

    void collect(const world::Mesh& mesh, const math::RigidTransform& X_WM);
    bool is_before(const Facing& wall, const std::array<math::Vec2, 4>& corners, double rise) const;

    std::vector<Wall> walls_;
    math::Vec3 eye_{0, 0, 0};
    std::vector<Facing> facing_;
    std::array<std::vector<std::uint32_t>, kSectors> sectors_;  // indices of facing_
};

}  // namespace huntsman::engine::render
