// Moving along roads and lanes of a road model: from road to road, through junctions, at an offset
// from the lane's centre.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "engine/core/random.h"
#include "engine/math/vec.h"
#include "engine/road/road_geometry.h"
#include "engine/world/story_state.h"

namespace huntsman::scenarios::player {

using engine::world::OnRoad;
using RouteRoad = engine::world::ScriptedEntity::RouteRoad;

class RoadWalk {
  public:
    // The geometry must outlive the object.
    explicit RoadWalk(const engine::road::RoadGeometry& geometry) : geometry_(&geometry) {}

    const engine::road::RoadGeometry& geometry() const { return *geometry_; }

    std::optional<std::uint32_t> road_named(const std::string& id) const;
    // t of a lane's centre; the reference line's lane offset for lane 0.
    double lane_centre_t_m(std::uint32_t road, int lane, double s_m) const;
    double lane_width_m(std::uint32_t road, int lane, double s_m) const;
    bool has_lane(std::uint32_t road, int lane, double s_m) const;
    // The lane that lies `lanes` to the left of another, seen along s; lane 0 is not counted.
    static int lane_beside(int lane, int lanes);

    OnRoad in_lane(std::uint32_t road, int lane, double s_m, double offset_m) const;
    OnRoad at_t(std::uint32_t road, double s_m, double t_m) const;
    // The road place of a point: on the road whose lanes hold it, else the nearest within
    // `reach_m`; the heading decides between roads that overlap.
    std::optional<OnRoad> nearest(const engine::math::Vec3& p, double heading_rad,
                                  double reach_m) const;

    // Whether a place is on a lane that vehicles use: driven lanes, parking and stopping lanes.
    bool on_carriageway(const OnRoad& place) const;

    // Traffic of the lane drives along s.
    bool drives_forward(const OnRoad& place) const;

    // Moves by a distance along the lane at the place's offset, in the direction `forward` along s,
    // which changes where roads are linked end to end. Roads of `route` from `route_at` on are
    // preferred at junctions; else the straightest way is taken. Returns the distance that is left
    // where the road ends. Along the reference line, the distance is one of s.
    enum class Along : std::uint8_t { kOffset, kReferenceLine };
    double move(OnRoad& place, bool& forward, double distance_m, std::span<const RouteRoad> route,
                std::uint32_t& route_at, Along along = Along::kOffset) const;

    // The shortest distance along roads from one place to another, positive where `to` lies ahead
    // in the direction `forward`; on one road, that along it. Nothing where it is further than
    // `reach_m` or not linked.
    std::optional<double> distance(const OnRoad& from, bool forward, const OnRoad& to,
                                   double reach_m) const;

    // The roads of the shortest way over places, each with its direction; empty where there is
    // none. It begins on the first place's road.
    std::vector<RouteRoad> route(std::span<const OnRoad> places) const;

    // Roads from a place on, drawn wherever there is a choice, until they end or there are many.
    std::vector<RouteRoad> random_route(const OnRoad& from, bool forward,
                                        const engine::core::Key& key) const;

  private:
    struct Next {
        std::uint32_t road = engine::world::kNone;
        bool forward = true;
        int lane = 0;
    };
    // Ways on at the end of a road, by lane; all lanes where `lane` is 0.
    std::vector<Next> next(std::uint32_t road, bool forward, int lane) const;
    std::optional<Next> choose(const OnRoad& place, bool forward, std::span<const RouteRoad> route,
                               std::uint32_t& route_at) const;
    void cross_section(OnRoad& place, bool forward, double& left_m, Along along) const;

    const engine::road::RoadGeometry* geometry_;
};

}  // namespace huntsman::scenarios::player
