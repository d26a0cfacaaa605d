// Tracks: what one road user believes of each other one. A track can be wrong: between looks it is
// predicted, it goes stale, and it is given up when its target should have been seen and was not.
//
//   predict(beliefs, dt_s, &map, model);   // time passes
//   observe(beliefs, look, model, key);    // then a look
//
// Nothing here reads the world's state: all that comes in is a `Look`. Positions and velocities
// are in frame W. Tracks are plain data with a field list (belief_fields.h).
//
// Filter. Each horizontal axis is a constant-velocity Kalman filter with the state (place, speed)
// and white acceleration noise of density q [Bar-Shalom 2001, 6.2.2]; both axes share one
// covariance. A look measures place and speed. Along a lane the mean follows the lane and the
// covariance stays that of the straight line.
//
// Existence. A detection sets it to 1. A look that would have found the target with the
// probability d and did not takes it from e to e (1 - d) / (1 - e d). Unseen, it decays as the
// target may have parked, turned off or gone indoors.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "agents/beliefs/other_mind.h"
#include "engine/core/random.h"
#include "engine/math/vec.h"
#include "engine/road/road_map.h"
#include "engine/world/ids.h"
#include "engine/world/road_network.h"

namespace huntsman::agents::beliefs {

namespace core = engine::core;
namespace math = engine::math;
namespace road = engine::road;
namespace world = engine::world;

// One road user as a look found it.
struct Seen {
    world::ActorId id = world::kNoActor;
    world::Semantic kind = world::Semantic::kNothing;
    std::uint32_t archetype = 0;
    math::Vec3 p_W{0, 0, 0};  // origin of its body [m]
    math::Vec2 v_W{0, 0};     // [m/s]
    double yaw_rad = 0;
    double a_mps2 = 0;               // along its heading
    std::uint32_t lamps = 0;         // bits of world::Lamp
    std::optional<double> gaze_rad;  // direction of looking; nothing where no face was seen
    world::Gesture gesture = world::Gesture::kNothing;  // that it shows to the observer
    double share = 1;         // of the target that was not covered, above 0
    road::LanePlace place{};  // on the lane that it drives along; kNone: on none
};

// A target that was not found.
struct Missed {
    world::ActorId id = world::kNoActor;
    double detection = 0;  // probability that this look finds it at its believed place
};

struct Look {
    math::Vec3 eye_W{0, 0, 0};            // of the observer [m]
    std::span<const Seen> seen = {};      // each target once, in any order
    std::span<const Missed> missed = {};  // in any order; targets without a track are passed over
};

using world::Beliefs;
using world::Track;

struct TrackModel {
    double acceleration_noise_m2ps3 = 0.5;  // q; 1 s without a look adds 0.7 m/s to the speed's sd
    // Standard deviations of what a look measures, where the whole target is seen: the greater of
    // a constant and a share of the distance, or of the speed.
    double place_sd_m = 0.2, place_sd_share = 0.03;
    double speed_sd_mps = 0.3, speed_sd_share = 0.1;
    double vanish_per_s = 1.0 / 30;  // rate at which an unseen target leaves the scene
    double forget_below = 0.05;      // existence at which a track is given up
    std::uint32_t most_tracks = 24;
};

// Lets time pass. Vehicles follow their lane where `map` has one (nullptr: none is known), the
// others go straight on; vehicles that stand stay. `dt_s` at least 0. Prediction over two steps
// has the variances and existence of one step of their sum.
void predict(Beliefs& beliefs, double dt_s, const road::RoadMap* map, const TrackModel& model);
// The same for one track.
void predict(Track& track, double dt_s, const road::RoadMap* map, const TrackModel& model);

// Takes in a look: updates and adds tracks, gives up those that are not believed any more, and
// drops the least relevant ones beyond `most_tracks`, equals by a draw keyed by their id. The
// order within the look does not matter.
void observe(Beliefs& beliefs, const Look& look, const TrackModel& model, const core::Key& key);

// The way on at a lane's end: as these lamps' indicator says, else straight on, else the least
// bend; kNone where no lane goes on.
world::LaneId believed_successor(const road::RoadMap& map, const world::Lane& lane,
                                 std::uint32_t lamps);

// How much a track matters to somebody at a place: its existence over the time [s, plus one] after
// which it could be there, at its own speed and at least at 1 m/s.
double relevance(const Track& track, const math::Vec3& p_W);

// Existence after a look that would have found it with the probability `detection`, and did not.
double existence_after_miss(double exists, double detection);

// References
// [Bar-Shalom 2001] Y. Bar-Shalom, X. R. Li, T. Kirubarajan: Estimation with Applications to
//     Tracking and Navigation. Wiley.

}  // namespace huntsman::agents::beliefs
