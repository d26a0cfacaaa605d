// What changes while a story is played: the progress of its elements, and where scripted entities
// are. Plain data; indices are those of the story (scenarios/story).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/time.h"
#include "engine/math/vec.h"
#include "engine/world/ids.h"
#include "engine/world/world.h"

namespace huntsman::engine::world {

// A place on a road of the road model, as scripted entities move along it.
struct OnRoad {
    std::uint32_t road = 0xFFFFFFFFU;  // kNone: not on a road
    int lane = 0;
    double s_m = 0;
    double t_m = 0;       // from the reference line
    double offset_m = 0;  // from the lane's centre, to the left seen along s
};

// A light of an entity as the story has set it.
struct ScriptedLight {
    std::string name;         // as OpenSCENARIO or the file calls it
    std::uint32_t lamps = 0;  // bits of Lamp that it stands for; 0: none that we have
    bool on = false, flashing = false;
    double on_s = 0, off_s = 0;  // of flashing
    double since_s = 0;          // time of the story at which it was set
};
// A part that moves, as a door, or what a person does.
struct ScriptedAnimation {
    std::string name;  // as OpenSCENARIO or the file calls it
    std::vector<std::string> gestures;
    double share = 0;  // of parts: open, from 0 to 1; of motions: done
};
// Controls that the story has taken from whoever drives; others are that one's own.
struct ControlOverride {
    std::optional<double> throttle, brake, clutch, parking_brake;  // 0..1
    std::optional<double> steering_wheel_rad;
    std::optional<double> gear;
};

struct ScriptedEntity {
    bool present = false;
    ActorId actor = kNoActor;  // that stands for it in the run; none: it is not there
    // Something else moves it, as a driver or physics: the story is told where it is.
    bool external = false;
    bool released = false;                                 // the story has let go of it for good
    bool graphics = true, sensors = true, traffic = true;  // who sees it
    // Position of the reference point in W and angles (heading, then pitch, then roll).
    math::Vec3 p_W{0, 0, 0};
    double heading_rad = 0, pitch_rad = 0, roll_rad = 0;
    double lean_rad = 0;   // of two-wheelers, added to the roll: to the right positive
    double speed_mps = 0;  // along the heading
    math::Vec3 v_W{0, 0, 0}, a_W{0, 0, 0};
    OnRoad on_road;
    double heading_to_road_rad = 0;       // heading against the road's
    double steer_rad = 0, wheel_rad = 0;  // of vehicles: road wheels' angle; rolled angle, wrapped
    double travelled_m = 0;
    double standing_s = 0, off_road_s = 0, end_of_road_s = 0;
    std::uint32_t trailer = 0xFFFFFFFFU;
    // The roads that its route takes, in order, with the direction of travel; and where it is.
    struct RouteRoad {
        std::uint32_t road = 0;
        bool forward = true;
    };
    std::vector<RouteRoad> route;
    std::uint32_t route_at = 0;
    // Which of its controls its controller has, as last commanded.
    bool lateral_controller = false, longitudinal_controller = false;
    std::vector<ScriptedLight> lights;
    // Lamps that the story rules, and which of them are lit now. Indicators stay lit while they
    // flash: pictures flash them.
    std::uint32_t lamps_ruled = 0, lamps_lit = 0;
    std::vector<ScriptedAnimation> animations;
    ControlOverride overridden;
};

// What the story has said of light, weather and road; the rest is as the world has it.
struct ScriptedEnvironment {
    std::optional<double> sun_azimuth_rad, sun_elevation_rad;  // as Environment has them
    std::optional<double> cloud_cover, fog_per_m, rain_mm_h, snow_cover;
    std::optional<double> wetness, puddles, friction;
    // The story's clock: seconds since 1970-01-01, and whether it goes on with the run.
    std::optional<double> clock_s;
    bool clock_runs = false;

    void apply_to(Environment& environment) const;
};

struct NamedValue {
    std::string name, value;
};

// A point of a trajectory whose places have been found.
struct TrajectoryPoint {
    math::Vec3 p_W{0, 0, 0};
    double heading_rad = 0;
    double s_m = 0;        // along the trajectory, in the plane
    double time_s = 0;     // where it has times
    double speed_mps = 0;  // at the point, where speed runs linearly over time between points
};

// One running action of one entity. What the numbers mean is the action's own matter; they are
// named where they are used.
struct RunningAction {
    std::uint32_t element = 0;  // index of the action; of init actions: of init
    bool from_init = false;
    std::uint32_t entity = 0xFFFFFFFFU;          // none: a global action
    bool lateral = false, longitudinal = false;  // what it controls
    double elapsed_s = 0;
    double progress = 0, length = 0;  // of a transition, in its dimension
    double start = 0, target = 0;     // of the quantity that changes
    double rate = 0;
    int lane = 0;
    std::uint32_t stage = 0;
    std::vector<TrajectoryPoint> trajectory;
    bool trajectory_timed = false, trajectory_straight = false, trajectory_smooth = false;
};

// A traffic action that goes on: a source, sink, swarm or area.
struct RunningTraffic {
    std::uint32_t element = 0;  // index of the action; of init actions: of init
    bool from_init = false;
    double owed = 0;               // road users that are to come or go, of those with a rate
    bool filled = false;           // its number has been reached once
    std::vector<ActorId> members;  // whom it has brought and who are still there, sorted
};

enum class StoryPhase : std::uint8_t { kStandby, kRunning, kComplete };
struct StoryElementState {
    StoryPhase phase = StoryPhase::kStandby;
    std::uint32_t executions = 0;
    // Transitions of this step and of the one before, as bits of StoryTransition.
    std::uint8_t transitions = 0, before = 0;
};
enum StoryTransition : std::uint8_t { kStarted = 1, kEnded = 2, kStopped = 4, kSkipped = 8 };

// A condition's memory: its last value for edges, and when it became true, for delays.
struct ConditionState {
    bool known = false, last = false;
    bool held = false;              // the delayed value
    std::vector<double> due_s;      // when values that are delayed come to hold, ascending
    std::vector<std::uint8_t> due;  // and what they are
};

struct StoryState {
    core::TimeUs time_us = 0;
    std::vector<ScriptedEntity> entities;
    std::vector<StoryElementState> elements;
    std::vector<ConditionState> conditions;
    std::vector<RunningAction> actions;
    std::vector<RunningTraffic> traffic;
    std::vector<std::string> variables;
    std::vector<std::uint8_t> monitors;
    std::vector<double> signal_controllers;  // time within the cycle [s]; below 0: not started
    std::vector<std::string> signals;
    bool finished = false;  // the stop trigger fired
    ScriptedEnvironment environment;
    std::vector<NamedValue> user_values;  // set from outside, for UserDefinedValueCondition
};

}  // namespace huntsman::engine::world
