// Queries on a road network: places on lanes, nearest lane, routes, the road's surface.
//
// A RoadMap refers to the world or network it was made from, which must outlive it. All queries are
// const, allocate nothing in the steady state unless they return a vector, and may run on many
// threads.
//
// Roads may lie over each other: queries by place leave out lanes more than kLevel_m above or below
// the point, so that a bridge and the road under it are two places.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/math/transform.h"
#include "engine/road/surface.h"
#include "engine/world/road_network.h"
#include "engine/world/world.h"

namespace huntsman::engine::road {

// A place on a lane: s along it, t to the left of its centre [m].
struct LanePlace {
    world::LaneId lane = world::kNone;
    double s_m = 0;
    double t_m = 0;
};

constexpr double kLevel_m = 2.5;  // places further apart in height are on two levels

class RoadMap {
  public:
    // Lanes of the world's network; its surface is that of the road model and the terrain, where
    // the world has a road model.
    explicit RoadMap(const world::World& world);
    // Lanes alone: the surface is level or, where lanes rise, smoothed between them.
    explicit RoadMap(const world::RoadNetwork& network);
    ~RoadMap();
    RoadMap(RoadMap&&) noexcept;
    RoadMap& operator=(RoadMap&&) noexcept;

    const world::RoadNetwork& network() const { return *network_; }
    const world::Lane& lane(world::LaneId id) const;

    // Interpolated lane centre at s, clamped to the lane: position, heading, curvature, width.
    world::LaneSample at(world::LaneId lane, double s_m) const;
    // The point t metres left of the centre.
    math::Vec3 point(const LanePlace& place) const;

    // Projection of p on one lane: s in [0, length], t signed distance to its centre line.
    LanePlace project(world::LaneId lane, const math::Vec2& p) const;

    // The driving lane whose area holds p, or else the closest within `reach_m`. Among lanes that
    // hold p (inside junctions several do) the one whose heading is closest to `heading_rad` wins.
    std::optional<LanePlace> nearest_lane(const math::Vec3& p, double heading_rad,
                                          double reach_m = 10.0) const;
    // Whether p lies on the carriageway: on the area of any driving lane.
    bool on_road(const math::Vec3& p, double margin_m = 0.0) const;
    // The same on any level.
    bool on_road(const math::Vec2& p, double margin_m = 0.0) const;
    // All driving lanes whose centre line comes within `radius_m` of p.
    std::vector<world::LaneId> lanes_near(const math::Vec3& p, double radius_m) const;

    // Cheapest sequence of lanes (successors and lane changes), both ends included; empty if there
    // is none. Cost is length, with a surcharge of 20 m a lane change. A lane change shows as two
    // consecutive lanes that are neighbours instead of successors.
    std::vector<world::LaneId> route(world::LaneId from, world::LaneId to) const;

    // What a wheel or foot at p stands on: the highest surface not more than 1 m above p.
    Surface surface(const math::Vec3& p) const;

  private:
    struct Index;
    const world::RoadNetwork* network_;
    std::unique_ptr<Index> index_;
};

}  // namespace huntsman::engine::road
