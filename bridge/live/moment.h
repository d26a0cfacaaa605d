// What is known of one moment of a run: enough to show it again without computing anything.
//
// Cost: about 4 kB an actor, most of it what its mind believes, and 3 kB a thumbnail: with 70
// actors 270 kB, at 10 Hz 160 MB a minute; eight cameras add 15 MB.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bridge/loop/session.h"
#include "engine/core/image.h"

namespace huntsman::bridge::live {

// Curves of the ego.
struct PlotValues {
    double time_s = 0;
    double speed_mps = 0;
    double acceleration_mps2 = 0;  // along the car
    double steer_rad = 0;
    // Until the footprints touch if both keep their velocities, of road users who are not behind;
    // infinite where there is none. The gap is that of the nearest of them.
    double ttc_s = std::numeric_limits<double>::infinity();
    double gap_m = std::numeric_limits<double>::infinity();
    double progress_m = 0;  // of the ego's place along its route
};

// A moment does not change once it is published. Observation, perception and truth are those of the
// last camera tick, in B at that time (`observation.time_us()`).
struct Moment {
    std::shared_ptr<const engine::world::World> world;
    engine::world::State state;
    std::int64_t tick = 0;
    std::uint64_t frame = 0;              // of the last camera tick
    bool at_frame = false;                // it is a camera tick
    bool driven = false;                  // `action` is what the driver answered to this moment
    messages::Observation observation;    // without pictures
    messages::Action action;              // with what the driver perceived, and its plan
    messages::Perception truth;           // in the same words
    std::vector<std::string> thumbnails;  // JPEG of each camera, small; empty without pictures
    std::shared_ptr<const std::vector<loop::Failure>> failures;  // so far; never null
    std::shared_ptr<const std::vector<std::string>> profiles;    // of ActorState::profile
    PlotValues plots;
    std::size_t bytes = 0;  // that it keeps, about

    const messages::Perception& perceived() const { return action.perception(); }
};
using MomentPtr = std::shared_ptr<const Moment>;

// Shrunk to `width` at most, by the mean of the pixels that fall onto each.
engine::core::Image shrunk(const engine::core::Image& image, int width);
// The picture of a thumbnail; empty where there is none.
engine::core::Image thumbnail(const Moment& moment, std::size_t camera);

PlotValues plot_values(const engine::world::World& world, const engine::world::State& state,
                       double progress_m);

// The moment with another light and weather, or with an actor elsewhere, to be shown while an edit
// goes on: nothing is computed, and nobody reacts. An actor that is not there changes nothing.
MomentPtr with_environment(const MomentPtr& moment, const engine::world::Environment& environment);
MomentPtr with_actor_at(const MomentPtr& moment, engine::world::ActorId actor,
                        const engine::math::RigidTransform& X_WB);

// Moments in the order of time, of which some have been dropped where they became too many.
using Moments = std::vector<MomentPtr>;

// The last one that is not after the tick; null where there is none.
MomentPtr moment_at(const Moments& moments, std::int64_t tick);

// Where an actor was.
struct PathPoint {
    double time_s = 0;
    engine::math::RigidTransform X_WB;
    double speed_mps = 0;
};
// From the moments, in steps of `step_s`, from `from` to `to` (ticks), as far as the actor was
// there; places between moments lie on straight lines.
std::vector<PathPoint> path_of(const Moments& moments, engine::world::ActorId actor,
                               std::int64_t from, std::int64_t to, double step_s);

}  // namespace huntsman::bridge::live
