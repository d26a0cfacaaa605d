// What an agent plans, and what it believes of the others: the part of the state that its own mind
// writes, and that a decision may read. Plain data; agents/ says how it comes about.
//
// Positions and velocities are in frame W, angles of gazes too.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "engine/core/time.h"
#include "engine/math/vec.h"
#include "engine/world/ids.h"
#include "engine/world/road_network.h"

namespace huntsman::engine::world {

enum class Intention : std::uint8_t {
    kFollow,      // vehicles: follow the lane and its leader
    kStopAtLine,  // wait for a signal or for right of way
    kYield,
    kCross,  // through a junction
    kWalk,   // people: along a walkway
    kWaitToCross,
    kCrossRoad,
};

// What somebody shows another on purpose: a horn warns, a flash of the headlights and a waved hand
// let the other go first.
enum class Gesture : std::uint8_t { kNothing, kHorn, kFlash, kWave };

// --- Beliefs about others ---

enum class Goal : std::uint8_t {
    kStraight,  // vehicles: the way through the junction ahead
    kLeft,
    kRight,
    kYield,  // vehicles: stop before the place where our ways meet
    kCross,  // people: over the road
    kWait,   // people: at the kerb, for a gap or for me
};
constexpr std::size_t kGoals = 6;

// Probabilities of the goals; they sum to 1, and those that the kind cannot have are 0.
using GoalBelief = std::array<double, kGoals>;
// How late and hard somebody brakes, how fast they turn, and how much they slow down to look before
// they cross on foot: gentle, usual, hard.
constexpr std::size_t kStyles = 3;
// Joint probabilities of goal and style, as the motion so far tells.
using GoalStates = std::array<std::array<double, kStyles>, kGoals>;

// Probabilities of social value angles from kFirstSocialAngle_rad on, in equal steps.
constexpr std::size_t kSocialAngles = 9;
constexpr double kFirstSocialAngle_rad = -math::kPi / 6;
constexpr double kSocialAngleStep_rad = math::kPi / 12;
using SocialBelief = std::array<double, kSocialAngles>;

// What one road user believes of the mind of another.
struct OtherMind {
    double has_seen_me = 0;  // probability
    bool reacts = false;     // as last observed, so that a reaction counts once
    GoalStates goal{};
    SocialBelief social{};
};

// What one road user believes of another.
struct Track {
    ActorId id = kNoActor;
    Semantic kind = Semantic::kNothing;
    std::uint32_t archetype = 0;  // what it looks like
    double exists = 1;            // probability that it is still about where it is believed
    math::Vec3 p_W{0, 0, 0};      // origin of its body: rear axle's centre, or the person [m]
    math::Vec2 v_W{0, 0};         // [m/s]
    double yaw_rad = 0;
    double a_mps2 = 0;                       // along its heading, as last seen
    double standing_s = 0;                   // for how long it has stood
    double unseen_s = 0;                     // since it was last seen
    double place_variance_m2 = 0;            // of each axis
    double place_speed_covariance_m2ps = 0;  // of each axis
    double speed_variance_m2ps2 = 0;         // of each axis
    // As last seen.
    std::uint32_t lamps = 0;  // bits of Lamp
    std::optional<double> gaze_rad;
    Gesture gesture = Gesture::kNothing;  // that it showed to the believer
    // The lane that it is believed to follow; kNone before it is sought and where there is none.
    LaneId lane = kNone;
    double lane_s_m = 0;  // its origin's place on that lane
    double lane_t_m = 0;
    bool lane_sought = false;       // since it was last seen
    std::optional<OtherMind> mind;  // what it has seen and wants; of those who matter
};

// A siren that was heard.
struct Siren {
    ActorId source = kNoActor;
    double bearing_rad = 0;  // in W, as it seemed
    double ago_s = 0;        // since it was last heard
};

struct Beliefs {
    std::vector<Track> tracks;    // sorted by id
    std::vector<Aspect> signals;  // of each signal group as last looked at; empty before that
    std::optional<Siren> siren;   // the last one; nothing when it has long been silent

    const Track* find(ActorId id) const;  // nullptr when absent; binary search
    Track* find(ActorId id);
};

// --- Plans ---

// Richer agents add fields: here, and to the lists of mind_fields.h.
struct DriverMind {
    // Enough for what a driver sees ahead where lanes are a few metres long.
    static constexpr int kRouteLength = 12;
    using Route = std::array<LaneId, kRouteLength>;
    static constexpr Route no_route() {
        Route route{};
        for (LaneId& lane : route) lane = kNone;
        return route;
    }
    Intention intention = Intention::kFollow;
    Route route = no_route();  // the lanes ahead, the current one first; kNone after the last known
    double lane_s_m = 0;       // place on route[0]
    double lane_t_m = 0;       // offset to the left
    double target_speed_mps = 0;
    double acceleration_mps2 = 0;  // wanted, along the vehicle
    ActorId leader = kNoActor;     // whom it follows or yields to
    double waited_s = 0;           // time without moving, red lights apart
    double checked_s = 0;          // looking over the shoulder before a change of lane,
    bool change_left = false;      // to this side
    double aside_m = 0;            // how far to the left of its way it keeps on purpose
    double parked_s = 0;           // for how long still it stands at the kerb to deliver
    double gaze_rad = 0;           // direction of looking, in W
    std::uint32_t decisions = 0;   // draws made so far, for keyed randomness
};
// A way over the road away from crossings, from kerb to kerb.
struct OwnCrossing {
    math::Vec2 from_W{0, 0}, to_W{0, 0};
    WalkwayId beyond = kNone;  // where it leads to
};
struct PedestrianMind {
    Intention intention = Intention::kWalk;
    WalkwayId walkway = kNone;
    bool walkway_forward = true;
    std::uint32_t goal_node = kNone;  // walk node that it goes to; kNone: not chosen yet
    double lane_s_m = 0;              // place on the walkway
    double lane_t_m = 0;              // offset to the left
    double target_speed_mps = 0;
    double waited_s = 0;                      // time without moving
    double gaze_rad = 0;                      // direction of looking, in W
    std::uint32_t decisions = 0;              // draws made so far, for keyed randomness
    std::optional<OwnCrossing> own_crossing;  // that it waits at or is on
};

// What a pedestrian's mind wants of its legs.
struct WalkCommand {
    math::Vec2 velocity_mps{0, 0};  // in W
    double heading_rad = 0;
};

// Looks at the road and away from it alternate.
struct Glance {
    bool away = false;
    core::TimeUs until_us = 0;
};

// A decision that is being made: to go or to give way where ways meet. Evidence adds up until it
// is enough for either; see agents/conduct.
struct Deliberation {
    std::uint32_t place = kNone;  // the connection or crossing that it is about
    double evidence = 0;          // for going; -1 and 1 decide
    bool going = false;           // it has been decided to go
    double since_s = 0;           // time spent on it
};

// What an agent shows on purpose.
struct Signalled {
    Gesture gesture = Gesture::kNothing;
    ActorId to = kNoActor;
    double left_s = 0;  // for how long still
};

// The mind of an agent of either kind. `driver` and `pedestrian` are for those who know which.
struct Mind {
    std::variant<DriverMind, PedestrianMind> own;
    Glance glance;
    Deliberation deliberation;
    Signalled signalled;
    Beliefs beliefs;
    core::TimeUs thought_us = -1;  // when it thought last; negative: never

    bool is_driver() const { return std::holds_alternative<DriverMind>(own); }
    DriverMind& driver();
    const DriverMind& driver() const;
    PedestrianMind& pedestrian();
    const PedestrianMind& pedestrian() const;

    // What all kinds have.
    Intention intention() const {
        return std::visit([](const auto& mind) { return mind.intention; }, own);
    }
    double waited_s() const {
        return std::visit([](const auto& mind) { return mind.waited_s; }, own);
    }
    double gaze_rad() const {
        return std::visit([](const auto& mind) { return mind.gaze_rad; }, own);
    }
};

}  // namespace huntsman::engine::world
