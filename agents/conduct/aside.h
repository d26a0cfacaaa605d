// Where across its lane a driver keeps on purpose: two-wheelers at the side or in a cycle lane and
// past standing queues, everybody with room past two-wheelers and past those who stand with both
// indicators lit, at the kerb for an emergency vehicle.
//
// The offset is to the left of the lane's middle, or of the way past what stands there for good
// (passing.h). The driver moves over to it gradually; it is part of the mind, so that a move that
// has begun is finished. Long vehicles keep to their lane.
#pragma once

#include <optional>

#include "agents/conduct/scene.h"
#include "engine/core/random.h"

namespace huntsman::agents::conduct {

// What keeping aside asks of a driver.
struct AsideDuty {
    double offset_m = 0;     // to the left
    double speed_mps = 1e9;  // at most, while it passes closely or makes way
};
// `wanted_mps` is the speed that it likes here.
AsideDuty weigh_aside(const Scene& scene, double wanted_mps, const engine::core::Key& seed);

// Sideways motion for each metre ahead, at a speed.
double aside_slope(double speed_mps);

// An emergency vehicle that the agent believes behind it or to cross its way: blue lamps seen, or a
// siren heard.
struct Emergency {
    world::ActorId id = world::kNoActor;
    double distance_m = 0;  // where it is seen, else that of a siren that is well heard
    bool behind = false;    // it drives the same way
};
std::optional<Emergency> believed_emergency(const Scene& scene);

// How far ahead the place lies at which the agent stops to deliver; far away where it does not.
// It stands there once the place is no further ahead than kDelivers_m.
constexpr double kDelivers_m = 4.0;
double delivery_ahead_m(const Scene& scene, const engine::core::Key& seed);

// Whether somebody has both indicators lit and stands.
bool stands_with_hazard_lights(const RoadUser& user);

// Highest speed of a bicycle or a scooter on the level [m/s]; unbounded for others.
double cycling_mps(world::Semantic semantic);

}  // namespace huntsman::agents::conduct
