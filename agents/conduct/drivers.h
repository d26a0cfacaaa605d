// What a driver decides at each `think`: route, speed, whom to follow, where to stop.
#pragma once

#include "agents/conduct/scene.h"
#include "engine/core/random.h"
#include "engine/driving/car_following.h"

namespace huntsman::agents::conduct {

// A driver's new mind, and what it shows others on purpose. `seed` is the run's key.
world::DriverMind think_driver(const Scene& scene, const engine::core::Key& seed,
                               world::Deliberation& deliberation, world::Signalled& signalled);

// Keeps `mind.route` true and full: finds a lost vehicle's lane, draws lanes ahead. Who was
// given a route takes it as long as it lasts. `advance_route` drops lanes left behind.
void update_route(const LaneBook& book, const Self& self, const RoadUser& user,
                  const engine::core::Key& seed, world::DriverMind& mind);
void advance_route(const LaneBook& book, world::DriverMind& mind);

}  // namespace huntsman::agents::conduct
