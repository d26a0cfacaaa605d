// Passing things that stand on a lane for good.
//
// Things do not move, so the way past them is part of the road: for each lane and kind of vehicle
// it is laid out once, as a move aside within the lane or over the lane beside it. Everybody drives
// along it as along the lane's middle. Whoever needs the lane beside waits before moving out until
// those who drive there, as far as the snapshot tells, leave it free for long enough.
#pragma once

#include <vector>

#include "engine/driving/swerve.h"
#include "engine/math/geometry.h"
#include "engine/road/road_map.h"
#include "engine/world/world.h"

namespace huntsman::agents::conduct {

struct Scene;

// The way past what stands on a lane; s and offsets are the lane's. One that begins on the lane
// before or ends on the next goes on there: each of them has it, in its own s.
struct Detour {
    engine::driving::Swerve swerve;
    double speed_mps = 0;  // at most, on it
    double back_m = 0;     // where the vehicle is out of the lane beside again
    // The lanes that it takes; none: it keeps to its own. From where the vehicle moves out to where
    // it is back, along those lanes by ascending s.
    struct Beside {
        engine::world::LaneId lane = engine::world::kNone;
        double enter_m = 0, leave_m = 0;
    };
    std::vector<Beside> beside;
    bool oncoming = false;
    bool tight = false;  // with less room than drivers like
};

class Detours {
  public:
    Detours() = default;
    // `boxes` stand for good, at these heights.
    Detours(const engine::world::World& world, const engine::road::RoadMap& map,
            const std::vector<engine::math::Box2>& boxes, const std::vector<double>& z_m);

    // Of a lane for a kind of vehicle (an index of World::archetypes), by ascending s.
    const std::vector<Detour>& on(engine::world::LaneId lane, std::uint32_t archetype) const {
        return lanes_[lane].empty() ? none_ : lanes_[lane][archetype];
    }
    // How far to the left of the lane's middle the kind drives at s, and the slope of that.
    double offset_m(engine::world::LaneId lane, std::uint32_t archetype, double s_m) const;
    double slope(engine::world::LaneId lane, std::uint32_t archetype, double s_m) const;

  private:
    std::vector<Detour> none_;
    std::vector<std::vector<std::vector<Detour>>> lanes_;  // by lane, where there are any by kind
};

// The lane that somebody on `place` at p drives along: the one beside it where that one is
// oncoming, as while passing.
engine::road::LanePlace own_lane(const engine::road::RoadMap& map,
                                 const engine::road::LanePlace& place, const engine::math::Vec2& p,
                                 double yaw_rad);

// What the next detour asks of a driver, and those of others over its lane.
struct PassingDuty {
    double speed_mps = 1e9;  // at most, here
    // The front bumper to the line before which it waits for somebody; negative: it does not wait.
    double line_m = -1;
    engine::world::ActorId whom = engine::world::kNoActor;
};
PassingDuty weigh_passing(const Scene& scene, std::size_t self);

// How far ahead of the vehicle a detour over another lane begins, before which it may have to wait:
// the first one beyond `from_m`; far away without one.
double next_detour_m(const Scene& scene, std::size_t vehicle, double from_m = 0);

}  // namespace huntsman::agents::conduct
