// Criteria: what makes a run pass or fail. Plain data; the judging is done by bridge/score.
//
// A criterion is a rule with its bounds, a name for reports, and how grave it is to break it. The
// subject of every rule is the ego; `entity` names the entity of the story that it is about, empty:
// anybody. SI units and radians; positions in W, or along the ego's route.
//
// In JSON files criteria are the list "criteria" beside "story":
//   {"kind": "no_collision"}
//   {"kind": "min_time_to_collision", "name": "keeps calm", "severity": "note", "at_least_s": 1.5}
// In OpenSCENARIO XML each is a <Property> of the <FileHeader>, named kCriterionProperty, whose
// value is the same object as text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/core/json_file.h"
#include "engine/core/result.h"
#include "scenarios/story/element.h"

namespace huntsman::scenarios::story {

// Where the ego is: within a circle of W, on a stretch of its route, or, where both are given,
// both.
struct Circle {
    double x_m = 0, y_m = 0;
    double radius_m = 0;
    friend bool operator==(const Circle&, const Circle&) = default;
};
struct Stretch {  // of the route, from its start
    double from_m = 0, to_m = 0;
    friend bool operator==(const Stretch&, const Stretch&) = default;
};
struct Zone {
    std::optional<Circle> circle;
    std::optional<Stretch> stretch;
    friend bool operator==(const Zone&, const Zone&) = default;
};
// Exactly one of the two.
struct PointInWorld {
    double x_m = 0, y_m = 0;
    friend bool operator==(const PointInWorld&, const PointInWorld&) = default;
};
struct Goal {
    std::optional<PointInWorld> point;
    std::optional<double> route_m;  // along the route from its start
    friend bool operator==(const Goal&, const Goal&) = default;
};

struct NoCollision {
    static constexpr const char* kKind = "no_collision";
    std::string entity;
    std::optional<double> above_mps;  // only impacts that close faster than this count
    friend bool operator==(const NoCollision&, const NoCollision&) = default;
};
// Time until the footprints touch if both keep their velocities.
struct MinTimeToCollision {
    static constexpr const char* kKind = "min_time_to_collision";
    std::string entity;
    double at_least_s = 0;
    friend bool operator==(const MinTimeToCollision&, const MinTimeToCollision&) = default;
};
// Time between one leaving a place and the other entering it [Allen et al. 1978], where their paths
// cross.
struct MinPostEncroachmentTime {
    static constexpr const char* kKind = "min_post_encroachment_time";
    std::string entity;
    double at_least_s = 0;
    friend bool operator==(const MinPostEncroachmentTime&,
                           const MinPostEncroachmentTime&) = default;
};
// Of footprints. Longitudinal: to who is in the strip that the ego's width takes; lateral: to who
// is beside it.
enum class GapDirection : std::uint8_t { kAny, kLongitudinal, kLateral };
struct MinGap {
    static constexpr const char* kKind = "min_gap";
    std::string entity;
    double at_least_m = 0;
    GapDirection direction = GapDirection::kAny;
    friend bool operator==(const MinGap&, const MinGap&) = default;
};
struct SpeedBounds {
    static constexpr const char* kKind = "speed";
    std::optional<double> at_least_mps, at_most_mps;
    std::optional<Zone> zone;  // where it counts; nowhere given: everywhere
    friend bool operator==(const SpeedBounds&, const SpeedBounds&) = default;
};
// Comes to rest at a place, with its front bumper.
struct StopAt {
    static constexpr const char* kKind = "stop";
    Goal at;
    double within_m = 0;  // of the place
    bool before = false;  // on this side of it
    friend bool operator==(const StopAt&, const StopAt&) = default;
};
struct Reach {
    static constexpr const char* kKind = "reach";
    Goal at;
    double tolerance_m = 2;
    std::optional<double> within_s;  // of the run
    friend bool operator==(const Reach&, const Reach&) = default;
};
struct KeepLane {
    static constexpr const char* kKind = "keep_lane";
    double for_at_most_s = 0;  // off every lane of its direction, without a break
    friend bool operator==(const KeepLane&, const KeepLane&) = default;
};
// Bounds of what passengers feel; the defaults are nuPlan's.
struct Comfort {
    static constexpr const char* kKind = "comfort";
    double max_deceleration_mps2 = 4.05, max_acceleration_mps2 = 2.40;
    double max_lateral_mps2 = 4.89;
    double max_jerk_mps3 = 8.37, max_longitudinal_jerk_mps3 = 4.13;
    double max_yaw_rate_rad_s = 0.95, max_yaw_acceleration_rad_s2 = 1.93;
    friend bool operator==(const Comfort&, const Comfort&) = default;
};
struct NoRedLight {
    static constexpr const char* kKind = "no_red_light";
    friend bool operator==(const NoRedLight&, const NoRedLight&) = default;
};
// A monitor of the story has this value at the end.
struct MonitorIs {
    static constexpr const char* kKind = "monitor";
    std::string monitor;
    bool value = true;
    friend bool operator==(const MonitorIs&, const MonitorIs&) = default;
};
// The story's own stop trigger has fired by the end, or not.
struct StopCondition {
    static constexpr const char* kKind = "stop_condition";
    bool fired = true;
    friend bool operator==(const StopCondition&, const StopCondition&) = default;
};

using CriterionRule =
    std::variant<NoCollision, MinTimeToCollision, MinPostEncroachmentTime, MinGap, SpeedBounds,
                 StopAt, Reach, KeepLane, Comfort, NoRedLight, MonitorIs, StopCondition>;

enum class CriterionSeverity : std::uint8_t { kFail, kNote };  // a note does not fail the run

struct Criterion {
    std::string name;  // its kind where none is given
    CriterionSeverity severity = CriterionSeverity::kFail;
    CriterionRule rule;
    friend bool operator==(const Criterion&, const Criterion&) = default;
};
const char* kind(const CriterionRule& rule);  // "no_collision", ...
// The entity that it is about; empty: anybody, or nobody.
std::string_view entity_of(const CriterionRule& rule);

// Of a run that has none of its own: no collision.
std::vector<Criterion> default_criteria();

// Reads one; what is wrong is reported to the node's file.
Criterion read_criterion(const engine::core::JsonNode& node);
// The same from a text. Errors without file.
engine::core::Result<Criterion> parse_criterion(const std::string& text);
// The object of a criterion on one line.
std::string text_of(const Criterion& criterion);
// Whether a criterion that was made or edited can be written and read: ranges, NaN, what belongs
// together.
engine::core::Status check(const Criterion& criterion);

// The header's properties that hold criteria, in the order of the file.
constexpr const char* kCriterionProperty = "huntsman.criterion";
std::vector<const Element*> criterion_properties(const Element& root);
void add_criterion(Element& root, const Criterion& criterion, const Origin& origin = {});
void remove_criteria(Element& root);

// [Allen et al. 1978] B. L. Allen, B. T. Shin, P. J. Cooper, Analysis of traffic conflicts and
//   collisions, Transportation Research Record 667.
}  // namespace huntsman::scenarios::story
