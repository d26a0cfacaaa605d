// From state to messages: what a driver is told, and what is truly there in the same words.
#pragma once

#include "bridge/messages/huntsman.pb.h"
#include "bridge/route/ego_route.h"
#include "engine/world/state.h"
#include "engine/world/world.h"
#include "sensors/labels/ground_truth.h"

namespace huntsman::bridge::loop {

// Rise over run along the car.
double grade_of(const engine::math::RigidTransform& X_WB);

// How far ground truth reaches from the ego, for labels and scores.
constexpr double kTruthReach_m = 80;
// How far the oracle sees: as far as one looks for oncoming traffic before driving in its lane.
constexpr double kOracleReach_m = 160;

// Whether the sun is so far below the horizon that one needs lamps to see: civil twilight is over.
bool is_night(const engine::world::Environment& environment);

// What a driver may know of its car. Full brake is that of the pedal; the road may give less.
messages::EgoVehicle vehicle_message(const engine::world::Archetype& archetype);

// Everything but the pictures. Reuses the message's memory.
void observe(const engine::world::World& world, const engine::world::State& state,
             const route::EgoRoute& route, double route_s_m, std::uint64_t frame,
             messages::Observation& observation);

// Ground truth as a perception: all road users within 160 m, hidden or not, other things that stand
// within 6 m of the route, in pieces (of no class), and the true aspects of the route's signal
// heads.
messages::Perception true_perception(const engine::world::World& world,
                                     const engine::world::State& state,
                                     const messages::Route& route);

messages::SignalState signal_state(engine::world::Aspect aspect);

}  // namespace huntsman::bridge::loop
