// Between our messages and AlpaSim's. For the sources of this room alone.
#pragma once

#include <optional>

#include "bridge/driver/driver.h"
#include "bridge/rpc/egodriver.pb.h"

namespace huntsman::bridge::rpc {

// Where the rig is in the session's local frame.
struct LocalPose {
    double x_m = 0, y_m = 0, yaw_rad = 0;
};

// The pose `dt_s` after `from`, by the motion at both ends: the mean speed along the mean heading.
LocalPose moved_on(const LocalPose& from, const messages::EgoMotion& before,
                   const messages::EgoMotion& after, double dt_s);

void write_pose(const LocalPose& pose, std::int64_t time_us, egodriver::PoseAtTime& to);
void write_state(const messages::EgoMotion& motion, egodriver::DynamicState& to);
// Its points from the rig on, in the rig frame.
void write_route(const messages::Route& route, std::int64_t time_us, egodriver::Route& to);
// Error: a lens that AlpaSim has no name for.
engine::core::Status write_camera(const engine::world::Camera& camera,
                                  egodriver::AvailableCamera& to);

// The part of a trajectory of the local frame that lies after `now_us`, in B; nothing where there
// is none, which AlpaSim's drivers answer to hold still. Times that are not finite or do not
// increase come through, and are found by check_answer.
std::optional<messages::Trajectory> read_trajectory(const egodriver::Trajectory& from,
                                                    const LocalPose& now, std::int64_t now_us,
                                                    double speed_mps);

}  // namespace huntsman::bridge::rpc
