// Where things of the road model are in W.
#pragma once

#include <vector>

#include "engine/math/transform.h"
#include "engine/road/road_geometry.h"
#include "scenarios/streets/surface/surface.h"

namespace huntsman::scenarios::streets {

// The ground of a map as furniture and paint ask for it.
class Ground {
  public:
    Ground(const engine::road::RoadGeometry& geometry, const Surface& surface);

    const engine::road::RoadGeometry& geometry() const { return geometry_; }
    const engine::world::RoadModel& model() const { return geometry_.model(); }
    const Surface& surface() const { return surface_; }

    // The tile that shows a road at s; kNone where it has none.
    std::uint32_t tile_of(std::uint32_t road, double s_m) const;
    // The ground at a point near (road, s): the road's own, or the junction's.
    SurfaceSample at(std::uint32_t road, double s_m, const Vec2& p) const;
    // A point of the ground by road coordinates.
    Vec3 point(std::uint32_t road, double s_m, double t_m) const;
    // Cover of a road at (s, t) outside junctions; kCount beyond its lanes.
    Cover cover(std::uint32_t road, double s_m, double t_m) const;

    // Axes of an object: z up (or as pitch and roll say), x by heading against the road.
    engine::math::RigidTransform pose(std::uint32_t road, double s_m, double t_m, double z_m,
                                      double heading_rad, double pitch_rad = 0,
                                      double roll_rad = 0) const;

  private:
    const engine::road::RoadGeometry& geometry_;
    const Surface& surface_;
    std::vector<std::vector<std::uint32_t>> tiles_;  // by road
};

// Corners of an outline of an object; its box where it has none. z is that of the outline's base.
std::vector<Vec3> object_corners(const Ground& ground, std::uint32_t road,
                                 const engine::world::ModelObject& object);

}  // namespace huntsman::scenarios::streets
