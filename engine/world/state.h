// State: everything that changes during a run. Plain, copyable data with a hash; no pointers.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/core/result.h"
#include "engine/core/time.h"
#include "engine/math/transform.h"
#include "engine/world/ids.h"
#include "engine/world/mind.h"
#include "engine/world/road_network.h"
#include "engine/world/story_state.h"
#include "engine/world/world.h"

namespace huntsman::engine::world {

struct WheelState {
    double spin_rad_s = 0;     // forward rolling positive
    double angle_rad = 0;      // rolled angle, wrapped, for pictures
    double compression_m = 0;  // of the spring, from full droop
    double load_n = 0;         // vertical force
};

// What a vehicle's driver wants of its pedals and steering.
struct VehicleCommand {
    double steer_rad = 0;  // of the road wheels, left positive
    double throttle = 0;   // 0..1
    double brake = 0;      // 0..1
    bool reverse = false;
};
// Where a script takes an actor in the coming step; nothing but a collision keeps it from there,
// unless physics moves it under the commands that the script gives it.
struct ScriptedMotion {
    math::RigidTransform X_WB;
    math::Vec3 v_W{0, 0, 0};                       // of B's origin, at the end of the step
    double steer_rad = 0;                          // of the road wheels
    bool commands = false;                         // the script gives commands; physics moves it
    std::uint32_t lamps_ruled = 0, lamps_lit = 0;  // bits of Lamp that it rules, and that it lights
};
// How a person holds itself, beyond its gait.
struct Posture {
    double time_s = 0;       // of breath and swaying, since it appeared
    double head_rad = 0;     // turn of the head against the body, left positive
    double wave = 0;         // 0 to 1: how far the hand is raised that waves somebody on
    double wave_time_s = 0;  // since it began to rise
};
// Who does not see an actor, as bits.
enum HiddenFrom : std::uint8_t {
    kPictures = 1,
    kSensors = 2,  // lidar, and what is told of objects around the ego
    kTraffic = 4,
};

struct ActorState {
    ActorId id = kNoActor;
    std::uint32_t archetype = 0;
    std::array<float, 3> tint{0.5F, 0.5F, 0.5F};  // of paint or cloth, linear
    math::RigidTransform X_WB;
    math::Vec3 v_W{0, 0, 0};         // of B's origin [m/s]
    math::Vec3 w_W{0, 0, 0};         // angular velocity [rad/s]
    math::Vec3 a_W{0, 0, 0};         // of the centre of gravity, mean over the last step [m/s²]
    std::vector<WheelState> wheels;  // as VehicleSpec::wheels; people have none
    double steer_rad = 0;            // actual angle of the road wheels
    double gait_rad = 0;             // phase of a pedestrian's walk, or of a rider's crank
    Posture posture;                 // of people
    std::uint32_t lamps = 0;         // bits of Lamp
    VehicleCommand vehicle;
    WalkCommand walk;
    Mind mind;
    // Who it is, of Traffic::profiles (agents/traffic); kNone: not drawn yet, or no agent.
    std::uint32_t profile = kNone;
    // Set: a script moves it, not its mind. A hard collision ends that.
    std::optional<ScriptedMotion> scripted;
    std::uint8_t hidden_from = 0;  // bits of HiddenFrom
};

struct Contact {
    ActorId a = kNoActor, b = kNoActor;  // a < b
    math::Vec3 p_W{0, 0, 0};             // point of the largest impulse
    double impulse_ns = 0;               // sum over the tick
    double closing_speed_mps = 0;        // along the normal, at first touch
};

struct State {
    core::TimeUs time_us = 0;
    std::int64_t tick = 0;
    std::vector<ActorState> actors;  // sorted by id; ego first
    ActorId next_actor = kEgo;       // the id of the next actor that appears
    std::vector<Aspect> signals;     // one for each SignalGroup
    std::vector<Contact> contacts;   // of the last tick, sorted by (a, b)
    std::vector<ActorId>
        swept_overlaps;               // pairs (a, b) flattened: second collision check of the tick
    std::optional<StoryState> story;  // of runs that have one
    // Light, weather and road that came from outside: from then on in the place of what the world
    // and its story say. See environment_at.
    std::optional<Environment> environment;

    const ActorState* find(ActorId id) const;  // nullptr when absent; binary search
    ActorState* find(ActorId id);
};

// Hash of every field, independent of padding and addresses.
std::uint64_t hash(const State& state);

// First actor with a NaN, infinite or absurd (> 1 km/s, > 100 km away) quantity, or kNoActor.
ActorId first_invalid_actor(const State& state);

// Spawns as the first state: time 0, everything at rest but for spawn speeds.
State initial_state(const World& world);

// Lets an actor appear as the spawn says, under the state's next id, which it returns; the spawn's
// own id is not looked at. Fails when the
// world has no such archetype, or when the ids of actors are used up.
//
// Actors appear and vanish in phases before `move`; physics, pictures and labels follow the state.
// The place should be free of other bodies: bodies that overlap are pushed apart.
core::Result<ActorId> add_actor(State& state, const World& world, const Spawn& spawn);

// Puts an actor elsewhere, upright where its X_WB is, moving forward at this speed, with its wheels
// straight; false when there is none of this id. Physics (Physics::place), its mind
// (Traffic::place) and its story (StoryActors::place) are told by whoever calls.
bool place_actor(State& state, const World& world, ActorId id, const math::RigidTransform& X_WB,
                 double speed_mps);

// Light, weather and friction of a state: its own, else the world's at its time.
Environment environment_at(const World& world, const State& state);

// Lets an actor vanish; false when there is none of this id. The ego stays.
bool remove_actor(State& state, ActorId id);

}  // namespace huntsman::engine::world
