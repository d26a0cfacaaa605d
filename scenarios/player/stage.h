// What the parts of the player share for one step.
#pragma once

#include <cmath>
#include <optional>
#include <unordered_map>
#include <vector>

#include "engine/core/time.h"
#include "engine/world/story_state.h"
#include "scenarios/player/curve.h"
#include "scenarios/player/player.h"
#include "scenarios/player/road_walk.h"
#include "scenarios/story/story.h"

namespace huntsman::scenarios::player {

using engine::math::kPi;
using engine::math::Vec2;
using engine::math::Vec3;
using engine::math::wrap_angle;
using engine::world::RunningAction;
using engine::world::ScriptedEntity;
using engine::world::StoryState;
using story::Index;
using story::kNoIndex;

// A place that has been found.
struct Pose {
    Vec3 p_W{0, 0, 0};
    double heading_rad = 0, pitch_rad = 0, roll_rad = 0;
    std::optional<OnRoad> on_road;
    bool has_heading = false;  // given, not the lane's
};

// Fixed tables of a story.
struct Script {
    const story::Story& story;
    Vec2 origin_W{0, 0};  // of the story's coordinates
    RoadWalk walk;
    std::vector<const story::Condition*> conditions;  // all, in order
    // The number of a trigger's first condition.
    std::vector<Index> start_conditions, stop_conditions;  // by element
    Index end_conditions = 0;                              // of the story's stop trigger
    // Where the places of conditions and long actions are that do not refer to entities: found
    // once, as they are asked for every tick.
    std::unordered_map<const story::Place*, std::optional<Pose>> fixed_places;
};

bool refers_to_entity(const story::Place& place);

class Step {
  public:
    Step(const Script& script, StoryState& state, engine::core::TimeUs dt_us)
        : script_(script),
          story_(script.story),
          walk_(script.walk),
          state_(state),
          dt_us_(dt_us),
          dt_s_(engine::core::seconds(dt_us)) {}

    void begin();
    void run();
    void observe(Index entity, const Observed& now);
    void put(Index entity, const Observed& now);

    // ---- places.cpp
    // `self` is the entity whose place is sought, for headings.
    std::optional<Pose> find(const story::Place& place) const;
    // The same without the table of fixed places.
    std::optional<Pose> search(const story::Place& place) const;
    Pose pose_on_road(const OnRoad& place, const story::Orientation& orientation) const;

  private:
    // ---- places.cpp
    std::optional<OnRoad> road_place(const Vec3& p, double heading_rad) const;
    std::optional<Curve> curve_of(const story::Trajectory& trajectory,
                                  const ScriptedEntity& here) const;
    std::optional<Pose> find_by_entity(const story::Place& place) const;
    std::optional<Pose> find_on_route(const story::RoutePlace& place) const;
    void place_entity(ScriptedEntity& entity, const Pose& pose) const;
    // Pose on the road that the entity stands on, from its place and its heading to the road.
    void follow_road(ScriptedEntity& entity) const;
    // Finds the road under an entity that moves freely.
    void find_road(ScriptedEntity& entity) const;
    bool faces_along(const ScriptedEntity& entity) const {
        return std::cos(entity.heading_to_road_rad) >= 0;
    }

    // ---- storyboard.cpp
    void run_storyboard();
    double now_s() const { return engine::core::seconds(state_.time_us); }
    void update(Index element);
    void start(Index element);
    void finish(Index element, bool stopped);
    void stop(Index element);
    bool children_complete(Index element) const;
    void start_event(Index element);
    bool actions_done(Index element) const;
    void reset(Index element);
    engine::world::StoryElementState& at(Index element) { return state_.elements[element]; }

    // ---- triggers.cpp
    bool holds(const story::Trigger& trigger, Index first_condition);
    bool holds(const story::Condition& condition, Index number);
    bool value_of(const story::Condition& condition);
    bool value_by_entity(const story::Condition& condition, Index entity) const;
    bool meets(const story::EndOfRoadCondition& c, Index index) const;
    bool meets(const story::OffroadCondition& c, Index index) const;
    bool meets(const story::StandStillCondition& c, Index index) const;
    bool meets(const story::CollisionCondition& c, Index index) const;
    bool meets(const story::SpeedCondition& c, Index index) const;
    bool meets(const story::AccelerationCondition& c, Index index) const;
    bool meets(const story::RelativeSpeedCondition& c, Index index) const;
    bool meets(const story::TraveledDistanceCondition& c, Index index) const;
    bool meets(const story::ReachPositionCondition& c, Index index) const;
    bool meets(const story::DistanceCondition& c, Index index) const;
    bool meets(const story::RelativeDistanceCondition& c, Index index) const;
    bool meets(const story::TimeHeadwayCondition& c, Index index) const;
    bool meets(const story::TimeToCollisionCondition& c, Index index) const;
    bool meets(const story::AngleCondition& c, Index index) const;
    bool meets(const story::RelativeClearanceCondition& c, Index index) const;
    bool is_present(Index entity) const;
    bool value_by_value(const story::Condition& condition) const;
    void forget(const story::Trigger& trigger, Index first_condition);
    std::vector<Index> triggering_;  // entities that met the conditions last evaluated

    // ---- measures.cpp
    struct Gap {
        double longitudinal_m = 0, lateral_m = 0, euclidean_m = 0;  // signed but for the last
        bool found = false;
    };
    Gap gap(Index from, Index to, const story::Measure& measure) const;
    Gap gap(Index from, const Pose& to, const story::Measure& measure) const;
    std::optional<double> distance(const Gap& gap, const story::Measure& measure) const;
    bool overlap(Index a, Index b) const;
    std::optional<double> along_road(const ScriptedEntity& from, const OnRoad& to) const;

    // ---- actions.cpp
    void launch(const story::ActionKind& action, Index entity, Index element, bool from_init);
    void run_traffic(const story::TrafficAction& action, Index element, bool from_init);
    // Ends what controls the same of an entity.
    void take_over(Index entity, bool lateral, bool longitudinal);
    // What takes no time is done; the rest is kept by those who read the story.
    void perform(const auto&, Index) {}
    void perform(const story::TeleportAction& action, Index entity);
    void perform(const story::AssignRouteAction& action, Index entity);
    void perform(const story::AcquirePositionAction& action, Index entity);
    void perform(const story::VisibilityAction& action, Index entity);
    void perform(const story::ActivateControllerAction& action, Index entity);
    void perform(const story::AssignControllerAction& action, Index entity);
    void perform(const story::ConnectTrailerAction& action, Index entity);
    void perform(const story::DisconnectTrailerAction& action, Index entity);
    void perform(const story::AddEntityAction& action, Index entity);
    void perform(const story::DeleteEntityAction& action, Index entity);
    void perform(const story::SignalStateAction& action, Index entity);
    void perform(const story::SignalControllerAction& action, Index entity);
    void perform(const story::SetVariableAction& action, Index entity);
    void perform(const story::ModifyVariableAction& action, Index entity);
    void perform(const story::SetMonitorAction& action, Index entity);
    void perform(const story::RandomRouteAction& action, Index entity);
    // ---- appearance.cpp
    void perform(const story::OverrideControllerAction& action, Index entity);
    // ---- environment.cpp
    void perform(const story::EnvironmentAction& action, Index entity);
    ScriptedEntity* entity_or_null(Index entity);
    void set_route(ScriptedEntity& entity, const std::vector<story::Place>& places);
    void set_variable(Index variable, std::string value);
    void set_signal(const std::string& signal, const std::string& state);
    const story::ActionKind& action_of(const RunningAction& run) const;

    // ---- motions.cpp: `begin` and `advance` return false where an action has ended.
    bool begin(const story::SpeedAction& action, RunningAction& run);
    bool begin(const story::SpeedProfileAction& action, RunningAction& run);
    bool begin(const story::LongitudinalDistanceAction& action, RunningAction& run);
    bool begin(const story::LaneChangeAction& action, RunningAction& run);
    bool begin(const story::LaneOffsetAction& action, RunningAction& run);
    bool begin(const story::LateralDistanceAction& action, RunningAction& run);
    bool begin(const story::SynchronizeAction& action, RunningAction& run);
    bool begin(const story::FollowTrajectoryAction& action, RunningAction& run);
    bool advance(const story::SpeedAction& action, RunningAction& run);
    bool advance(const story::SpeedProfileAction& action, RunningAction& run);
    bool advance(const story::LongitudinalDistanceAction& action, RunningAction& run);
    bool advance(const story::LaneChangeAction& action, RunningAction& run);
    bool advance(const story::LaneOffsetAction& action, RunningAction& run);
    bool advance(const story::LateralDistanceAction& action, RunningAction& run);
    bool advance(const story::SynchronizeAction& action, RunningAction& run);
    bool advance(const story::FollowTrajectoryAction& action, RunningAction& run);
    // ---- appearance.cpp
    bool begin(const story::LightStateAction& action, RunningAction& run);
    bool begin(const story::AnimationAction& action, RunningAction& run);
    bool advance(const story::LightStateAction& action, RunningAction& run);
    bool advance(const story::AnimationAction& action, RunningAction& run);
    bool switch_when_due(double dt_s, const story::LightStateAction& action, RunningAction& run);
    engine::world::ScriptedAnimation& animation(Index entity, const story::AnimationAction& action);
    void light_lamps();
    // ---- environment.cpp
    void run_clock();
    // ---- motions.cpp
    void place_on_trajectory(ScriptedEntity& self, const CurvePoint& at) const;
    double speed_target(const story::SpeedAction& action) const;
    story::Limits profile_limits(const story::SpeedProfileAction& action, Index entity) const;
    // Moves an entity aside within its lane: offset and its rate of change.
    void shift(ScriptedEntity& entity, double offset_m, double rate_mps) const;
    bool advance_offset(const story::Dynamics& dynamics, RunningAction& run);
    void limit_speed(Index entity, double& speed_mps) const;
    ScriptedEntity& actor(const RunningAction& run) { return state_.entities[run.entity]; }

    // ---- motion.cpp
    void move_entities();
    void keep_lane(ScriptedEntity& entity);
    // Trailers: turned to the hitch, and put behind it.
    void tow(Index entity);
    void couple(Index entity);
    Vec2 hitch(Index entity) const;
    double bar_length_m(Index trailer) const;
    struct Before {
        bool present;
        Vec3 p_W;
        double heading_rad;
    };
    void derive(Index entity, const Before& before);
    void lean(ScriptedEntity& entity, double yaw_rad_s) const;
    // Times for which it has stood and been off the road.
    void count_time(ScriptedEntity& entity);
    void run_signals();

    const Script& script_;
    const story::Story& story_;
    const RoadWalk& walk_;
    StoryState& state_;
    engine::core::TimeUs dt_us_;
    double dt_s_;
};

}  // namespace huntsman::scenarios::player
