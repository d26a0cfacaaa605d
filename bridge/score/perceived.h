// Whether a driver has perceived each road user lately: for the cause of a failure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>

#include "bridge/messages/huntsman.pb.h"
#include "sensors/labels/ground_truth.h"

namespace huntsman::bridge::score {

class PerceivedLately {
  public:
    static constexpr int kFrames = 10;  // that are looked back

    // One camera frame in turn. A road user is perceived where an object of its class is within
    // 2 m (a vehicle: 3 m) of it, with at least the score from which the planner takes notice.
    void observe(const messages::Perception& perception,
                 std::span<const sensors::labels::TrueObject> truth);
    // The share of the last frames, 0..1, in which it was perceived; those before it was there
    // count as not perceived. Nothing where no perception was given, or of who is not there.
    std::optional<double> share(engine::world::ActorId id) const;

  private:
    std::map<engine::world::ActorId, std::uint32_t> seen_;  // a bit for each frame, the last lowest
};

}  // namespace huntsman::bridge::score
