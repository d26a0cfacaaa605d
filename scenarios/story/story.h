// A story: who takes part, what they do, and when. What an element tree means once values stand for
// its parameters; the terms and rules are those of OpenSCENARIO XML 1.3.
//
// Plain data without references into the document. Entities, elements and variables are named by
// their index. SI units and radians; positions in W, or by road.
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/core/time.h"
#include "scenarios/story/criteria.h"
#include "scenarios/story/element.h"

namespace huntsman::scenarios::story {

using Index = std::uint32_t;
constexpr Index kNoIndex = std::numeric_limits<Index>::max();

// ---- Places ------------------------------------------------------------------------------------

struct Orientation {
    bool relative = false;  // to the road, lane, entity or trajectory that the place refers to
    std::optional<double> heading_rad, pitch_rad, roll_rad;
};

struct Trajectory;
struct Route;

struct WorldPlace {
    double x_m = 0, y_m = 0;
    std::optional<double> z_m;
    Orientation orientation;
};
struct RelativeWorldPlace {  // along the axes of W
    Index entity = kNoIndex;
    double dx_m = 0, dy_m = 0, dz_m = 0;
    Orientation orientation;
};
struct RelativeObjectPlace {  // along the axes of the entity
    Index entity = kNoIndex;
    double dx_m = 0, dy_m = 0, dz_m = 0;
    Orientation orientation;
};
struct RoadPlace {
    std::string road;
    double s_m = 0, t_m = 0;
    Orientation orientation;
};
struct RelativeRoadPlace {
    Index entity = kNoIndex;
    double ds_m = 0, dt_m = 0;
    Orientation orientation;
};
struct LanePlace {
    std::string road;
    int lane = 0;
    double s_m = 0, offset_m = 0;  // offset: to the left of the lane's centre, seen along s
    Orientation orientation;
};
struct RelativeLanePlace {
    Index entity = kNoIndex;
    int lanes = 0;  // to the left, seen along the entity's road; lane 0 is not counted
    double ds_m = 0;
    bool along_lane = false;  // ds_m along the lane's centre instead of the reference line
    double offset_m = 0;
    Orientation orientation;
};
struct RoutePlace {
    std::vector<Route> route;  // exactly one
    Index entity = kNoIndex;   // where this entity is; else:
    double path_s_m = 0;
    std::optional<double> t_m;  // from the reference line
    std::optional<int> lane;    // or in a lane
    double lane_offset_m = 0;
    Orientation orientation;
};
struct GeoPlace {
    double latitude_rad = 0, longitude_rad = 0;
    std::optional<double> altitude_m;
    Orientation orientation;
};
struct TrajectoryPlace {
    std::vector<Trajectory> trajectory;  // exactly one
    double s_m = 0, t_m = 0;
    Orientation orientation;
};
using Place =
    std::variant<WorldPlace, RelativeWorldPlace, RelativeObjectPlace, RoadPlace, RelativeRoadPlace,
                 LanePlace, RelativeLanePlace, RoutePlace, GeoPlace, TrajectoryPlace>;

enum class RouteStrategy : std::uint8_t { kFastest, kLeastIntersections, kRandom, kShortest };
struct Waypoint {
    Place place;
    RouteStrategy strategy = RouteStrategy::kShortest;
};
struct Route {
    std::string name;
    bool closed = false;
    std::vector<Waypoint> waypoints;
};

struct TrajectoryVertex {
    std::optional<double> time_s;
    Place place;
};
struct Polyline {
    std::vector<TrajectoryVertex> vertices;
};
struct ClothoidSegment {
    std::optional<Place> start;  // where the one before ends, unless given
    double curvature_start = 0, curvature_end = 0, length_m = 0;
    double heading_offset_rad = 0;
    std::optional<double> time_start_s;
};
struct ClothoidSpline {
    std::vector<ClothoidSegment> segments;
    std::optional<double> time_end_s;
};
struct NurbsPoint {
    std::optional<double> time_s;
    double weight = 1;
    Place place;
};
struct Nurbs {
    int order = 2;
    std::vector<NurbsPoint> points;
    std::vector<double> knots;
};
struct Trajectory {
    std::string name;
    bool closed = false;
    // A clothoid is a spline of one segment.
    std::variant<Polyline, ClothoidSpline, Nurbs> shape;
};

// ---- Actions -----------------------------------------------------------------------------------

enum class Shape : std::uint8_t { kCubic, kLinear, kSinusoidal, kStep };
enum class Dimension : std::uint8_t { kDistance, kRate, kTime };
enum class Following : std::uint8_t { kFollow, kPosition };
enum class Frame : std::uint8_t { kEntity, kLane, kRoad, kTrajectory, kWorld };
struct Dynamics {
    Shape shape = Shape::kStep;
    Dimension dimension = Dimension::kTime;
    double value = 0;  // m, 1/s of the changed quantity, or s
    Following following = Following::kPosition;
};
// Infinite where nothing is given.
struct Limits {
    double max_speed_mps = std::numeric_limits<double>::infinity();
    double max_acceleration_mps2 = std::numeric_limits<double>::infinity();
    double max_deceleration_mps2 = std::numeric_limits<double>::infinity();
    double max_acceleration_rate_mps3 = std::numeric_limits<double>::infinity();
    double max_deceleration_rate_mps3 = std::numeric_limits<double>::infinity();
    bool any() const;
};

struct SpeedAction {
    Dynamics dynamics;
    Index entity = kNoIndex;  // relative to this entity's speed
    bool factor = false;      // value times its speed, else value on top
    bool continuous = false;
    double value = 0;  // m/s, or a factor
};
struct SpeedProfileAction {
    struct Entry {
        double speed_mps = 0;
        std::optional<double> time_s;  // after the entry before
    };
    Index entity = kNoIndex;  // speeds are on top of this entity's
    Following following = Following::kPosition;
    Limits limits;
    std::vector<Entry> entries;
};
enum class Displacement : std::uint8_t { kAny, kTrailing, kLeading, kLeft, kRight };
struct LongitudinalDistanceAction {
    Index entity = kNoIndex;
    std::optional<double> distance_m, time_gap_s;
    bool freespace = false, continuous = false;
    Frame frame = Frame::kEntity;
    Displacement displacement = Displacement::kTrailing;
    Limits limits;
};
struct LaneChangeAction {
    Dynamics dynamics;
    Index entity = kNoIndex;  // relative to this entity's lane
    int lane = 0;             // id, or lanes to the left
    double target_offset_m = 0;
};
struct LaneOffsetAction {
    Shape shape = Shape::kStep;
    double max_lateral_acceleration_mps2 = std::numeric_limits<double>::infinity();
    bool continuous = false;
    Index entity = kNoIndex;  // relative to this entity's offset
    double offset_m = 0;
};
struct LateralDistanceAction {
    Index entity = kNoIndex;
    std::optional<double> distance_m;
    bool freespace = false, continuous = false;
    Frame frame = Frame::kEntity;
    Displacement displacement = Displacement::kAny;
    Limits limits;
};
struct VisibilityAction {
    bool graphics = true, sensors = true, traffic = true;
    std::vector<std::string> only_sensors;
};
struct SynchronizeAction {
    enum class Steady : std::uint8_t { kNone, kDistance, kTime };
    Index master = kNoIndex;
    Place master_place, place;
    double master_tolerance_m = 0, tolerance_m = 0;
    bool final_speed = false;    // given
    bool relative = false;       // to the master's speed
    bool factor = false;         // times the master's speed, else on top
    double final_speed_mps = 0;  // or factor
    Steady steady = Steady::kNone;
    double steady_value = 0;  // m or s before the place from which the final speed is held
};
struct Controller {
    std::string name;
    std::string type;  // "lateral", ..., empty
    std::vector<Attribute> properties;
};
// Which of an entity's controls a controller has; nothing: unchanged.
struct ActivateControllerAction {
    std::string controller;  // empty: the entity's own
    std::optional<bool> lateral, longitudinal, lighting, animation;
};
struct AssignControllerAction {
    Controller controller;
    ActivateControllerAction activate;
};
struct OverrideControllerAction {
    enum class Control : std::uint8_t {
        kThrottle,
        kBrake,
        kClutch,
        kParkingBrake,
        kSteering,
        kGear
    };
    struct Value {
        Control control = Control::kThrottle;
        bool active = false;
        double value = 0;
    };
    std::vector<Value> values;
};
struct TeleportAction {
    Place place;
};
struct AssignRouteAction {
    Route route;
};
struct FollowTrajectoryAction {
    Trajectory trajectory;
    double initial_offset_m = 0;
    bool timed = false;
    bool absolute = false;  // time since the start of the simulation, else of the action
    double time_scale = 1, time_offset_s = 0;
    Following following = Following::kPosition;
};
struct AcquirePositionAction {
    Place place;
};
struct RandomRouteAction {};
enum class LightMode : std::uint8_t { kOn, kOff, kFlashing };
struct LightStateAction {
    std::string light;  // "indicatorLeft", ... or a user-defined type
    LightMode mode = LightMode::kOff;
    double transition_s = 0, on_s = 0.5, off_s = 0.5;
};
struct AnimationAction {
    std::string kind;  // "doorFrontLeft", "walking", a file, or a user-defined type
    std::vector<std::string> gestures;
    double state = 1;  // 0 closed .. 1 open
    double duration_s = 0;
    bool loop = false;
};
struct ConnectTrailerAction {
    Index trailer = kNoIndex;
};
struct DisconnectTrailerAction {};

// Global actions.
struct EnvironmentAction {
    Element environment;  // <Environment>, expressions evaluated
};
struct AddEntityAction {
    Index entity = kNoIndex;
    Place place;
};
struct DeleteEntityAction {
    Index entity = kNoIndex;
};
struct SignalStateAction {
    std::string signal, state;
};
struct SignalControllerAction {
    Index controller = kNoIndex;
    Index phase = kNoIndex;
};
struct SetVariableAction {  // of a variable or, as older files do, a parameter
    Index variable = kNoIndex;
    std::string value;
};
struct ModifyVariableAction {
    Index variable = kNoIndex;
    bool multiply = false;
    double value = 0;
};
struct SetMonitorAction {
    Index monitor = kNoIndex;
    bool value = false;
};
// Traffic that comes and goes. Its road users are agents; see player/story_traffic.h.
struct TrafficMix {  // empty: vehicles of any kind
    struct Kind {
        std::string category;  // "car", ..., "pedestrian", as the standard's categories
        double weight = 1;
    };
    std::vector<Kind> kinds;
};
struct TrafficSource {
    Place place;
    double radius_m = 0, rate_per_s = 0;
    std::optional<double> speed_mps;
    TrafficMix mix;
};
struct TrafficSink {
    Place place;
    double radius_m = 0;
    std::optional<double> rate_per_s;  // none: at once
    TrafficMix mix;                    // empty: whoever comes
};
struct TrafficSwarm {  // in an ellipse about an entity, its long axis along the heading
    Index entity = kNoIndex;
    double semi_major_m = 0, semi_minor_m = 0, inner_radius_m = 0;
    double offset_m = 0;  // of the middle, ahead of the entity
    int vehicles = 0;
    std::optional<double> low_mps, high_mps;  // initial speed
    TrafficMix mix;
};
struct TrafficArea {
    struct Stretch {  // of a road, and the lanes of it; none: all
        std::string road;
        double low_m = 0, high_m = 0;
        std::vector<int> lanes;
    };
    std::vector<Place> border;  // of a polygon; else:
    std::vector<Stretch> stretches;
    int entities = 0;
    bool continuous = false;  // else the number comes once
    TrafficMix mix;
};
struct TrafficStop {};
struct TrafficAction {
    std::string name;  // by which it is stopped
    std::variant<TrafficStop, TrafficSource, TrafficSink, TrafficSwarm, TrafficArea> kind;
};
struct UserDefinedAction {
    std::string type, content;
};

using ActionKind =
    std::variant<SpeedAction, SpeedProfileAction, LongitudinalDistanceAction, LaneChangeAction,
                 LaneOffsetAction, LateralDistanceAction, VisibilityAction, SynchronizeAction,
                 ActivateControllerAction, AssignControllerAction, OverrideControllerAction,
                 TeleportAction, AssignRouteAction, FollowTrajectoryAction, AcquirePositionAction,
                 RandomRouteAction, LightStateAction, AnimationAction, ConnectTrailerAction,
                 DisconnectTrailerAction, EnvironmentAction, AddEntityAction, DeleteEntityAction,
                 SignalStateAction, SignalControllerAction, SetVariableAction, ModifyVariableAction,
                 SetMonitorAction, TrafficAction, UserDefinedAction>;

// ---- Conditions --------------------------------------------------------------------------------

enum class Rule : std::uint8_t {
    kEqualTo,
    kGreaterThan,
    kLessThan,
    kGreaterOrEqual,
    kLessOrEqual,
    kNotEqualTo,
};
enum class Direction : std::uint8_t { kTotal, kLongitudinal, kLateral, kVertical };
enum class DistanceKind : std::uint8_t { kLateral, kLongitudinal, kEuclidean };
struct Measure {  // how a distance is taken
    bool freespace = false;
    Frame frame = Frame::kEntity;
    DistanceKind kind = DistanceKind::kEuclidean;
};

struct EndOfRoadCondition {
    double duration_s = 0;
};
struct OffroadCondition {
    double duration_s = 0;
};
struct CollisionCondition {
    Index entity = kNoIndex;
    std::string type;  // "pedestrian", "vehicle", "miscellaneous"; where no entity is given
};
struct TimeHeadwayCondition {
    Index entity = kNoIndex;
    Rule rule = Rule::kLessThan;
    double value_s = 0;
    Measure measure;
};
struct TimeToCollisionCondition {
    Index entity = kNoIndex;
    std::optional<Place> place;
    Rule rule = Rule::kLessThan;
    double value_s = 0;
    Measure measure;
};
struct AccelerationCondition {
    Rule rule = Rule::kGreaterThan;
    double value_mps2 = 0;
    Direction direction = Direction::kTotal;
};
struct StandStillCondition {
    double duration_s = 0;
};
struct SpeedCondition {
    Rule rule = Rule::kGreaterThan;
    double value_mps = 0;
    Direction direction = Direction::kTotal;
};
struct RelativeSpeedCondition {
    Index entity = kNoIndex;
    Rule rule = Rule::kGreaterThan;
    double value_mps = 0;
    Direction direction = Direction::kTotal;
};
struct TraveledDistanceCondition {
    double value_m = 0;
};
struct ReachPositionCondition {
    Place place;
    double tolerance_m = 0;
};
struct DistanceCondition {
    Place place;
    Rule rule = Rule::kLessThan;
    double value_m = 0;
    Measure measure;
};
struct RelativeDistanceCondition {
    Index entity = kNoIndex;
    Rule rule = Rule::kLessThan;
    double value_m = 0;
    Measure measure;
};
struct RelativeClearanceCondition {
    struct Lanes {
        std::optional<int> from, to;
    };
    double forward_m = 0, backward_m = 0;
    bool freespace = false, opposite_lanes = false;
    std::vector<Lanes> lanes;
    std::vector<Index> entities;  // empty: all
};
struct AngleCondition {  // relative to an entity where one is given
    enum class Axis : std::uint8_t { kHeading, kPitch, kRoll };
    Index entity = kNoIndex;
    Axis axis = Axis::kHeading;
    double angle_rad = 0, tolerance_rad = 0;
    Frame frame = Frame::kWorld;
};
struct SimulationTimeCondition {
    Rule rule = Rule::kGreaterThan;
    double value_s = 0;
};
struct TimeOfDayCondition {
    Rule rule = Rule::kGreaterThan;
    double clock_s = 0;  // since 1970-01-01
};
enum class ElementKind : std::uint8_t { kStory, kAct, kGroup, kManeuver, kEvent, kAction };
enum class Transition : std::uint8_t {
    kComplete,
    kEnd,
    kRunning,
    kSkip,
    kStandby,
    kStart,
    kStop,
};
struct ElementStateCondition {
    ElementKind kind = ElementKind::kAct;
    std::string name;             // "Inner" or "Outer::Inner"
    std::vector<Index> elements;  // all that this names
    Transition state = Transition::kComplete;
};
struct VariableCondition {  // of a variable or parameter
    Index variable = kNoIndex;
    Rule rule = Rule::kEqualTo;
    std::string value;
};
struct UserDefinedValueCondition {
    std::string name, value;
    Rule rule = Rule::kEqualTo;
};
struct SignalCondition {
    std::string signal, state;
};
struct SignalControllerCondition {
    Index controller = kNoIndex;
    Index phase = kNoIndex;
};

using ConditionKind =
    std::variant<EndOfRoadCondition, OffroadCondition, CollisionCondition, TimeHeadwayCondition,
                 TimeToCollisionCondition, AccelerationCondition, StandStillCondition,
                 SpeedCondition, RelativeSpeedCondition, TraveledDistanceCondition,
                 ReachPositionCondition, DistanceCondition, RelativeDistanceCondition,
                 RelativeClearanceCondition, AngleCondition, SimulationTimeCondition,
                 TimeOfDayCondition, ElementStateCondition, VariableCondition,
                 UserDefinedValueCondition, SignalCondition, SignalControllerCondition>;

enum class Edge : std::uint8_t { kNone, kRising, kFalling, kRisingOrFalling };
struct Condition {
    std::string name;
    double delay_s = 0;
    Edge edge = Edge::kNone;
    std::vector<Index> triggering;  // of conditions by entity
    bool all = false;               // all of them must meet it, else any
    ConditionKind kind;
    Origin origin;
};
struct ConditionGroup {
    std::vector<Condition> conditions;  // all must hold
};
struct Trigger {
    std::vector<ConditionGroup> groups;  // any must hold; none: see where it is used
};

// ---- Who and when ------------------------------------------------------------------------------

enum class EntityKind : std::uint8_t { kVehicle, kPedestrian, kObject, kExternal };
struct Box {
    double length_m = 0, width_m = 0, height_m = 0;
    double x_m = 0, y_m = 0, z_m = 0;  // of its centre from the entity's reference point
};
struct Axle {
    double max_steer_rad = 0, wheel_diameter_m = 0, track_m = 0, x_m = 0, z_m = 0;
};
struct Entity {
    std::string name;
    EntityKind kind = EntityKind::kVehicle;
    std::string category;    // "car", "pedestrian", "barrier", ...
    std::string model;       // the name of the catalogue entry or of the description
    std::string model_file;  // model3d
    std::string role;
    double mass_kg = 0;
    Box box;
    // Of vehicles. Infinite for others.
    Limits performance;
    std::vector<Axle> axles;  // front, rear, further ones
    std::vector<Attribute> properties;
    std::vector<Controller> controllers;
    Index trailer = kNoIndex;  // coupled at the start
    std::optional<double> hitch_x_m, coupler_x_m;
    Origin origin;
};

enum class Priority : std::uint8_t { kOverride, kParallel, kSkip };
// An element of the storyboard, with all kinds' fields.
struct StoryElement {
    ElementKind kind = ElementKind::kStory;
    std::string name;
    Index parent = kNoIndex;
    std::vector<Index> children;
    std::uint32_t max_executions = 1;         // groups and events
    std::optional<Trigger> start, stop;       // acts, events; stop: acts
    Priority priority = Priority::kOverride;  // events
    std::vector<Index> actors;                // groups
    bool select_triggering = false;           // groups: those who met the event's condition act
    ActionKind action;                        // actions
    bool is_private = false;                  // actions: done by the group's actors
    Origin origin;
};

struct Variable {
    std::string name, value;
    bool is_parameter = false;
};
struct Monitor {
    std::string name;
    bool value = false;
};
struct SignalPhase {
    struct State {
        std::string signal, state;
    };
    std::string name;
    double duration_s = 0;
    std::vector<State> states;
    std::string group_state;
};
struct SignalController {
    std::string name, reference;
    double delay_s = 0;
    std::vector<SignalPhase> phases;
};
struct InitAction {
    Index entity = kNoIndex;  // none: a global action
    ActionKind action;
    Origin origin;
};

struct Story {
    std::string author, description, date;
    int major = 1, minor = 3;
    std::filesystem::path map;  // absolute or as given, beside the file; empty: none
    std::vector<Entity> entities;
    std::vector<Variable> variables;  // parameters of the file first
    std::vector<Monitor> monitors;
    std::vector<SignalController> signal_controllers;
    std::vector<InitAction> init;
    std::vector<StoryElement> elements;  // parents before children; stories have no parent
    Trigger stop;
    Index ego = kNoIndex;
    std::vector<Criterion> criteria;  // none: see default_criteria

    Index entity(std::string_view name) const;  // kNoIndex: none
};

}  // namespace huntsman::scenarios::story
