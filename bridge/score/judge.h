// Watches a run tick by tick and keeps what scores and failures are made of: collisions, red
// lights, stop signs, lanes left, near misses, progress, comfort.
//
// The judge reads states only; it never changes the run.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "bridge/route/ego_route.h"
#include "bridge/score/formulas.h"
#include "engine/math/geometry.h"
#include "engine/road/road_map.h"
#include "engine/world/state.h"
#include "engine/world/world.h"

namespace huntsman::bridge::score {

enum class InfractionKind : std::uint8_t {
    kCollisionPedestrian,
    kCollisionVehicle,
    kCollisionStatic,
    kRedLight,
    kStopSign,
    kOutsideLanes,
    kNearMiss,
    kBlocked,
    kOffRoute,
    kMissedObject,  // by the perception, see perception.h
    kInventedObject,
};
const char* name(InfractionKind kind);  // "collision_pedestrian", ...

struct Infraction {
    InfractionKind kind = InfractionKind::kNearMiss;
    std::int64_t tick = 0;
    engine::core::TimeUs time_us = 0;
    engine::world::ActorId other = engine::world::kNoActor;  // kNoActor: nobody in particular
    engine::math::Vec3 p_W{0, 0, 0};                         // where the ego was
    double ego_speed_mps = 0;
    double distance_m = 0;  // to the other
    double value = 0;       // impulse [N s], TTC [s], score, as the kind says
    bool at_fault = true;   // for collisions, in nuPlan's sense
    // Of the other, where it is somebody who takes part, as the ego sees it: where its middle is
    // and where it heads, from the ego's heading to the left, and how fast it was in the tick
    // before, which a blow has not changed yet.
    double bearing_rad = 0, heading_rad = 0, other_speed_mps = 0;
};

// A row of the curves in the report, ten a second.
struct TimelineRow {
    double time_s = 0;
    engine::math::Vec2 p_W{0, 0};
    double speed_mps = 0;
    double ttc_s = 0;  // infinity where nothing is on a collision course within 3 s
};

constexpr double kFarthestGap_m = 30;
constexpr double kLongestTtc_s = 3;  // longer times to collision tell of no encounter

class Judge {
  public:
    // All three must outlive the judge.
    Judge(const engine::world::World& world, const engine::road::RoadMap& map,
          const route::EgoRoute& route);

    // After each tick's move phase.
    void observe(const engine::world::State& state);

    // Why the run should end now: route done, off route, blocked; empty: go on.
    std::string end_reason() const { return end_reason_; }
    double route_s_m() const { return route_s_m_; }
    // Whether the ego is off every lane of its direction, as of the last tenth of a second.
    bool outside_lanes() const { return was_outside_; }

    const std::vector<Infraction>& infractions() const { return infractions_; }
    const std::vector<TimelineRow>& timeline() const { return timeline_; }
    // Sampled as the timeline is.
    const std::vector<MotionSample>& motion() const { return motion_; }
    // Collisions by Bullet without the swept boxes agreeing within 0.1 s, and the other way round.
    int collision_disagreements() const;

    CarlaCounts carla() const;
    NuplanTerms nuplan() const;
    // Of all moments, with a road user who is not behind; at most kLongestTtc_s.
    double smallest_time_to_collision_s() const { return smallest_ttc_s_; }
    // Between the footprints of the ego and of a road user who is not behind, while the ego moves;
    // at most kFarthestGap_m.
    double smallest_gap_m() const { return smallest_gap_m_; }

  private:
    void observe_contacts(const engine::world::State& state);
    void observe_lines(const engine::world::State& state, double front_before, double front_now);
    void observe_lanes(const engine::world::State& state, double moved_m);
    void observe_motion(const engine::world::State& state);
    void add(InfractionKind kind, const engine::world::State& state,
             engine::world::ActorId other = engine::world::kNoActor, double value = 0);

    const engine::world::World* world_;
    const engine::road::RoadMap* map_;
    const route::EgoRoute* route_;

    std::string end_reason_;
    double route_s_m_ = 0;
    double best_s_m_ = 0;
    double driven_m_ = 0;
    double outside_m_ = 0;
    bool was_outside_ = false;
    double blocked_s_ = 0;
    double last_stop_s_m_ = -1e9;  // route s of the front bumper when the ego last stood still
    std::vector<Infraction> infractions_;
    std::vector<TimelineRow> timeline_;
    std::map<engine::world::ActorId, engine::core::TimeUs> last_contact_us_;
    std::vector<std::pair<engine::world::ActorId, double>> speeds_mps_;  // in the tick before
    std::map<engine::world::ActorId, engine::core::TimeUs> last_near_miss_us_;
    // Last time each pair was seen touching by Bullet and by the swept boxes; first unanswered
    // touch.
    struct Touch {
        engine::core::TimeUs bullet_us = -1, swept_us = -1;
        engine::core::TimeUs bullet_since_us = -1, swept_since_us = -1;
        bool counted = false;
    };
    std::map<std::pair<engine::world::ActorId, engine::world::ActorId>, Touch> touches_;
    int disagreements_ = 0;

    // nuPlan's running terms.
    double overspeed_m_ = 0;
    double duration_s_ = 0;
    int low_ttc_samples_ = 0;
    double smallest_ttc_s_ = kLongestTtc_s;
    double smallest_gap_m_ = kFarthestGap_m;
    bool left_drivable_area_ = false;
    std::deque<double>
        against_m_;  // way against the lane's direction, each 0.1 s of the last second
    double worst_against_m_ = 0;
    double reference_s_m_ = 0, reference_mps_ = 0;  // an undisturbed car on the same route
    std::vector<MotionSample> motion_;
    engine::math::Vec2 a_sum_mps2_{0, 0};  // ahead and to the left, over the present tenth
    int a_count_ = 0;
    double minimum_speed_own_ = 0, minimum_speed_others_ = 0;
    std::vector<double> minimum_speed_percent_;
    double next_checkpoint_ = 0.25;
};

// Speed of a car that knows limits and bends alone, in which it takes 2.2 m/s² to the side.
double undisturbed_mps(const route::RouteSample& sample);

// Time until two boxes touch when both keep their velocities, in steps of 0.1 s up to 3 s; infinity
// if they do not. A box's heading stays.
double time_to_collision_s(const engine::math::Box2& a, const engine::math::Vec2& v_a,
                           const engine::math::Box2& b, const engine::math::Vec2& v_b);

}  // namespace huntsman::bridge::score
