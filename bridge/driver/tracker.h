// Follows perceived boxes over frames: gives them numbers and velocities, bridges short gaps.
//
// Works in an odometry frame dead-reckoned from the ego's speed and yaw rate, with a
// constant-velocity alpha–beta filter per object.
#pragma once

#include <cstdint>
#include <vector>

#include "bridge/messages/huntsman.pb.h"
#include "engine/math/transform.h"

namespace huntsman::bridge::driver {

class Tracker {
  public:
    void reset() { *this = Tracker(); }
    // Replaces the objects of `perception` (single-frame boxes in B) by tracked ones with velocity
    // and track number. Objects seen once are passed on with zero velocity; objects lost for up to
    // 0.3 s are carried on along their velocity with fading score.
    void update(const messages::Observation& observation, messages::Perception& perception);

  private:
    struct Track {
        std::uint32_t number = 0;
        messages::PerceivedObject box;  // last seen shape and class
        engine::math::Vec2 p{0, 0};     // in the odometry frame
        engine::math::Vec2 v{0, 0};
        double yaw_rad = 0;  // in the odometry frame
        double score = 0;
        int hits = 0;
        int misses = 0;
    };
    // Which object of the frame belongs to which track.
    struct Matches {
        std::vector<int> object_of;  // of each track; -1: none
        std::vector<bool> taken;     // of each object
    };

    // Moves the frame B and the tracks on to the observation's time; the time since the last [s].
    double advance(const messages::Observation& observation);
    // `seen` are the objects' places in the odometry frame. Closest pairs first, classes apart.
    Matches match(const messages::Perception& perception,
                  const std::vector<engine::math::Vec2>& seen) const;
    // Pulls tracks towards their objects; those without one fade, and end after a while.
    void correct(const messages::Perception& perception,
                 const std::vector<engine::math::Vec2>& seen, const Matches& matches, double dt_s);
    void begin_tracks(const messages::Perception& perception,
                      const std::vector<engine::math::Vec2>& seen, const Matches& matches);
    // The tracks as objects in B.
    void write(messages::Perception& perception) const;

    std::vector<Track> tracks_;
    engine::math::RigidTransform X_OB_;  // odometry frame: B at the first frame
    std::int64_t last_time_us_ = -1;
    std::uint32_t next_number_ = 1;
};

}  // namespace huntsman::bridge::driver
