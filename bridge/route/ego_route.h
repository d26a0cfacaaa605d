// The ego's planned way as one line with events, and what an observation shows of it.
#pragma once

#include <vector>

#include "bridge/messages/huntsman.pb.h"
#include "engine/road/beside.h"
#include "engine/road/road_map.h"
#include "engine/world/state.h"
#include "engine/world/world.h"

namespace huntsman::bridge::route {

struct RouteSample {
    double s_m = 0;  // from the route's first point
    engine::math::Vec2 p{0, 0};
    double z_m = 0;
    double bank = 0;  // sine of the slope across, positive where the left side is lower
    double heading_rad = 0;
    double curvature_per_m = 0;
    double speed_limit_mps = 0;
    double width_m = 3.5;
    double offset_m = 0;                   // to the left of the lane's centre
    engine::road::LaneBeside left, right;  // outside junctions
    engine::world::LaneId lane = engine::world::kNone;
};

enum class RouteEventKind { kSignal, kStop, kYield, kCrossing, kGoal };
struct RouteEvent {
    RouteEventKind kind = RouteEventKind::kGoal;
    double s_m = 0, s_end_m = 0;
    engine::world::LaneId connection = engine::world::kNone;  // the lane that the line guards
    engine::world::SignalGroupId group = engine::world::kNone;
    bool turns_across = false;         // gives way to oncoming traffic although green
    std::vector<std::uint32_t> heads;  // indices into RoadNetwork::signal_heads
};

class EgoRoute {
  public:
    // The route in World::ego_route, sampled every metre. It must hold at least one lane.
    EgoRoute(const engine::world::World& world, const engine::road::RoadMap& map);

    const std::vector<RouteSample>& samples() const { return samples_; }
    const std::vector<RouteEvent>& events() const { return events_; }
    double length_m() const { return goal_s_m_; }  // from the start to the goal

    // Where p lies along the route and, positive to the left, beside it; searched around `near_s_m`
    // (−10..+40 m).
    struct Projection {
        double s_m = 0, t_m = 0;
    };
    Projection project(const engine::math::Vec2& p, double near_s_m) const;
    const RouteSample& at(double s_m) const;

    // Route points and events from 6 m behind to `ahead_m` ahead, in the ego's body frame.
    messages::Route message(const engine::world::RoadNetwork& network,
                            const engine::math::RigidTransform& X_WB, double s_m,
                            double ahead_m = 80) const;

  private:
    std::vector<RouteSample> samples_;
    std::vector<RouteEvent> events_;
    double goal_s_m_ = 0;
};

}  // namespace huntsman::bridge::route
