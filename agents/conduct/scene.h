// What one agent decides from: itself, the others as it believes them to be, seen from above, the
// ways ahead of vehicles, who comes towards each junction connection, who is on each crossing.
// Built for each agent at every `think`, from its beliefs alone.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <tuple>
#include <vector>

#include "agents/conduct/lane_book.h"
#include "agents/conduct/sight_lines.h"
#include "agents/conduct/traits.h"
#include "engine/world/mind.h"

namespace huntsman::agents::conduct {

using math::Vec2;

// A front bumper whose distance to the stop line is below this has entered the junction.
constexpr double kPastLine_m = -0.7;

// What of the mind is used, for comparisons.
struct SceneOptions {
    bool other_minds = true;   // what others have seen and want
    bool second_order = true;  // and what they expect of the agent
    bool phantoms = true;      // who may be behind what hides the kerb
    bool gestures = true;      // horn, flash and waved hand are used
};

// What an agent knows of itself, and what it decides with. It holds no reference to the state.
struct Self {
    world::ActorId id = world::kNoActor;
    std::uint32_t archetype = 0;
    math::RigidTransform X_WB;
    math::Vec3 v_W{0, 0, 0};  // [m/s]
    double steer_rad = 0;
    world::WalkCommand walk;  // people: as commanded last
    const world::Mind* mind = nullptr;
    const Traits* traits = nullptr;
    std::span<const world::LaneId> plan;  // the route that it was given; empty for most
    engine::core::TimeUs time_us = 0;
    double dt_s = 0;                    // since it last thought
    const SightLines* sight = nullptr;  // null: nothing hides the roads
    SceneOptions options;
};

// The agent itself stands first among the road users.
constexpr std::size_t kSelf = 0;

// A road user seen from above: the agent itself, or what it believes of another.
struct RoadUser {
    world::ActorId id = world::kNoActor;
    std::uint32_t archetype = 0;
    bool person = false;
    const world::Track* track = nullptr;  // null: the agent itself
    Vec2 p{0, 0};                         // origin of B: rear axle's centre, or the person
    double z_m = 0;                       // its height
    Vec2 centre{0, 0};                    // of the box
    Vec2 x{1, 0};                         // heading
    double yaw_rad = 0;
    Vec2 half{0, 0};      // half length, half width
    Vec2 v{0, 0};         // [m/s]
    double speed = 0;     // along the heading [m/s]
    double front = 0;     // origin to front bumper [m]
    double rear = 0;      // origin to rear bumper [m]
    double a = 0;         // along the heading [m/s²]
    double waited_s = 0;  // without moving

    math::Vec3 p3() const { return {p, z_m}; }
};

// Whether somebody has signalled to the agent that it may go first.
inline bool lets_go_first(const RoadUser& user) {
    constexpr double kNow_s = 0.5;  // since it was last seen
    return user.track != nullptr && user.track->unseen_s < kNow_s &&
           (user.track->gesture == world::Gesture::kFlash ||
            user.track->gesture == world::Gesture::kWave);
}

// Whom the agent is signalling to that it may go first, so that it waits itself; kNoActor: nobody.
inline world::ActorId lets_go(const world::Mind& mind) {
    const world::Gesture gesture = mind.signalled.gesture;
    const bool lets = gesture == world::Gesture::kFlash || gesture == world::Gesture::kWave;
    return lets ? mind.signalled.to : world::kNoActor;
}

// The order of those who wait for each other: whoever has waited longer first, then the lower id.
inline bool waits_longer(const RoadUser& a, const RoadUser& b) {
    return std::tuple(-a.waited_s, a.id) < std::tuple(-b.waited_s, b.id);
}

// Whether two of them are on one level: a bridge and the road under it do not meet.
inline bool same_level(const RoadUser& a, const RoadUser& b) {
    return std::abs(a.z_m - b.z_m) <= road::kLevel_m;
}

// Where something lies relative to a way: s ahead of the vehicle's origin, t to the left, along the
// road's surface.
struct OnWay {
    double s_m = 0, t_m = 0;
    double z_m = 0;  // height of the way there
    Vec2 tangent{1, 0};
};

// The lanes ahead of a vehicle as legs, and as a polyline from its origin's place.
struct Way {
    struct Leg {
        world::LaneId lane = world::kNone;
        double start_m = 0;  // of the lane, ahead of the vehicle's origin; at most 0 for the first
    };
    std::array<Leg, world::DriverMind::kRouteLength> legs;
    std::size_t leg_count = 0;
    double end_m = 0;       // of the last lane, ahead of the origin
    bool dead_end = false;  // nothing continues the last leg, or only a change of lane
    double offset_m = 0;    // the vehicle's own place to the left of the way
    // Who keeps aside of its lane on purpose: from where it is to where it wants to be.
    double aside_from_m = 0, aside_to_m = 0;
    double aside_slope = 0;  // sideways for each metre ahead
    std::vector<Vec2> points;
    std::vector<double> s_m, z_m;   // of the points
    std::vector<double> stretch;    // of widths across, from each point on
    std::vector<double> inward_m;   // how far to the left of each point a long vehicle keeps
    std::vector<math::Box2> boxes;  // of a long vehicle's body as it comes to the points close by
    Vec2 low{0, 0}, high{0, 0};

    OnWay project(const Vec2& p) const;
    // How far to the left of its lane's middle the way runs on purpose, at a distance ahead.
    double aside_at(double ahead_m) const;
    void clear();
    // A point after the last one, unless it is the same place.
    void add(const math::Vec3& place, double stretch_there, double inward_there_m);
};

// A vehicle on its way to or on a connection.
struct Comer {
    std::uint32_t vehicle = 0;  // index into road_users
    world::LaneId lane = world::kNone;
    double start_m = 0;  // of the connection, ahead of its origin; negative when on it
    double line_m = 0;   // front bumper to the stop line; negative when past
};

// A person on a crossing, or waiting at it.
struct Crosser {
    std::uint32_t person = 0;
    double place_m = 0;  // along the crossing from its end a
    double speed = 0;    // along it
    bool waiting = false;
};

// How far ahead long vehicles see each other: bends in which two of them have no room are as long.
constexpr double kLongAhead_m = 80.0;
// Up to which cars leave ground to long vehicles, and up to which two of these agree on it.
constexpr double kSweepReach_m = 50.0, kMeetingReach_m = 120.0;

// The ground that a long vehicle will cover in a bend or in a junction, its body's boxes one after
// another.
struct Sweeper {
    std::uint32_t vehicle = 0;
    std::vector<math::Box2> boxes;  // at each point of its way
    std::size_t near = 0;           // those close ahead, where a car has no room beside it either
    std::size_t claimed = 0;        // up to the next stop line, where it can still be told to wait
};

struct Scene {
    const LaneBook* book = nullptr;
    Self self;
    std::vector<RoadUser> road_users;            // the agent, then those it believes in, by id
    std::vector<Way> ways;                       // of vehicles; empty for people
    std::vector<std::vector<Comer>> comers;      // by connection
    std::vector<std::vector<Crosser>> crossers;  // by crossing

    std::vector<Sweeper> sweepers;

    // From the agent's beliefs. Others are believed to go where their indicators say, else straight
    // on.
    void build(const LaneBook& lane_book, const Self& agent);

    // The believed aspect of a connection's signal.
    world::Aspect aspect(world::LaneId connection) const;
    world::Aspect group_aspect(world::SignalGroupId group) const;

    // The stop line of the next junction that a vehicle has not entered, if its way leads to one.
    struct NextLine {
        double ahead_m = 0;  // of the front bumper, at least 0
        world::LaneId connection = world::kNone;
    };
    std::optional<NextLine> next_line(std::size_t vehicle) const;
    // How far a long vehicle drives on before it can be told to wait: to the place at which it
    // stops before the next line, or before the next thing that it passes.
    double claim_m(std::size_t vehicle) const;
    // The vehicle's box once its origin has come to point k of its way.
    math::Box2 box_at(std::size_t vehicle, std::size_t k) const;
    // How far ahead of its origin a connection's stop line lies.
    static double line_back_m(const world::RoadNetwork& roads, const world::Lane& connection);

  private:
    void take_road_users();
    void build_ways();
    void find_comers(std::size_t index);
    void find_crossers();
    void find_sweepers();
    // How a long vehicle will follow its way.
    void predict_boxes(std::size_t index, double steer_rad);
    // The points of a lane that begins `start_m` ahead, from `from_m` on.
    void add_lane_points(std::size_t index, const world::Extent& extent, const world::Lane& lane,
                         double start_m, double from_m, double reach_m);
    void build_way(std::size_t index, const world::DriverMind::Route& route, double s_m, double t_m,
                   bool with_points);
    void add_comer(std::size_t index, world::LaneId connection, double start_m);
    std::vector<world::LaneId> touched_;
    std::vector<world::CrossingId> crossed_;
};

// Distance beyond which nobody reacts any more at a speed [m].
inline double horizon_m(double speed) {
    // Braking at 2 m/s² from speeds of motorways.
    return std::max(std::clamp(8.0 * speed, 40.0, 120.0), speed * speed / 4.0 + 30.0);
}

}  // namespace huntsman::agents::conduct
