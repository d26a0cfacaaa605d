// Passing what stands in the way: things, and vehicles that stand for good.
//
// Where the lane has room beside it, the ego passes within its lane. Else it takes the lane beside,
// of its own direction or the oncoming one, when what is perceived leaves it free for long enough;
// until then it waits at a distance from which it can still move out. Vehicles that may be in a
// queue, before a signal, a line or a junction or behind others, are not passed in another lane.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "bridge/driver/demand.h"
#include "bridge/driver/road_users.h"
#include "bridge/messages/huntsman.pb.h"
#include "engine/driving/swerve.h"

namespace huntsman::bridge::driver {

using engine::driving::OffsetProfile;
using engine::driving::Swerve;

struct Blocker;

class Passing {
  public:
    // Since the frame before: `moved_m` along the route.
    void advance(double moved_m) { travelled_m_ += moved_m; }
    // How far beside the route to drive, over s; adds to `demand` where to wait and how fast to
    // pass. `users`: what is perceived.
    OffsetProfile weigh(const messages::Observation& observation,
                        const std::vector<RoadUser>& users, Demand& demand);

  private:
    struct Standing {
        std::int64_t since_us = 0, seen_us = 0;
    };
    void watch(const std::vector<RoadUser>& users, std::int64_t now_us);
    double stood_s(const RoadUser& user, std::int64_t now_us) const;
    // What stands, by its place along the route.
    std::vector<Blocker> blockers(const std::vector<RoadUser>& users, std::int64_t now_us) const;
    // The moves that have been begun, from where the ego is.
    OffsetProfile begun_profile() const;
    // Where the blocker is more of what is being passed: stays out longer. Where somebody stands
    // behind that: is back before. False where neither is the case.
    bool mend_begun(const Blocker& blocker, const messages::EgoVehicle& vehicle);

    double travelled_m_ = 0;
    std::vector<Swerve> begun_;                   // s along the way travelled
    std::map<std::uint32_t, Standing> standing_;  // vehicles by track
};

}  // namespace huntsman::bridge::driver
