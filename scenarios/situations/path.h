// Paths of a site: the lanes that somebody drives along, or the straight line on which somebody
// crosses the road. s grows along the path from 0 at the conflict point [m]; t is positive towards
// the far side of the road: to the left where traffic drives on the right.
#pragma once

#include <optional>
#include <vector>

#include "engine/road/road_geometry.h"
#include "engine/road/road_map.h"

namespace huntsman::scenarios::situations {

struct PathPoint {
    engine::math::Vec3 p{0, 0, 0};
    double heading_rad = 0;
    double curvature_per_m = 0, width_m = 0;
    engine::world::LaneId lane = engine::world::kNone;  // of paths along lanes
    double lane_s_m = 0;
};

class SitePath {
  public:
    SitePath() = default;
    // Lanes that follow each other; the conflict point lies `s_m` along the lane number `conflict`.
    // The map must outlive the path.
    SitePath(const engine::road::RoadMap& map, std::vector<engine::world::LaneId> lanes,
             std::size_t conflict, double s_m);
    // A line through p; it ends `before_m` before and `after_m` behind it.
    SitePath(const engine::math::Vec3& p, double heading_rad, double before_m, double after_m,
             bool left_hand);

    bool is_lanes() const { return map_ != nullptr; }
    const std::vector<engine::world::LaneId>& lanes() const { return lanes_; }
    double first_s_m() const { return first_m_; }
    double last_s_m() const { return last_m_; }
    // s where a lane of the path begins.
    double lane_begin_m(std::size_t index) const { return begins_[index]; }
    // On the path's middle; s is clamped to the path.
    PathPoint at(double s_m) const;
    // The point t metres beside it.
    engine::math::Vec3 point(double s_m, double t_m) const;
    // 1 where t counts to the left, -1 where to the right.
    double side() const { return left_hand_ ? -1 : 1; }

  private:
    const engine::road::RoadMap* map_ = nullptr;
    std::vector<engine::world::LaneId> lanes_;
    std::vector<double> begins_;  // s of each lane's start
    double first_m_ = 0, last_m_ = 0;
    bool left_hand_ = false;
    engine::math::Vec3 p_{0, 0, 0};  // of a line
    double heading_rad_ = 0;
};

// The lanes of a way through `lane`: straight on through junctions, until it is `before_m` long
// before s_m and `after_m` behind it, or the road ends. `conflict` gets the lane's number.
std::vector<engine::world::LaneId> way_through(const engine::world::RoadNetwork& network,
                                               engine::world::LaneId lane, double s_m,
                                               double before_m, double after_m,
                                               std::size_t* conflict);

}  // namespace huntsman::scenarios::situations
