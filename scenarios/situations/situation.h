// Situations: parametrised encounters that are placed on any map, read from assets/scenarios/
// situations. docs/situations.md describes the format.
//
// A situation says what it needs of the road, which numbers it varies, who takes part and what they
// do. All numbers may be expressions over its parameters, its values, the site's values and the
// coordinates of its places. SI units; angles that are written in files are degrees.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "scenarios/situations/needs.h"
#include "scenarios/story/criteria.h"
#include "scenarios/story/element.h"

namespace huntsman::scenarios::situations {

// A number or an expression ("$gap", "${2 * $gap}"), with its line in the file.
struct Expression {
    std::string text;
    int line = 0;
};

struct Parameter {
    enum class Distribution : std::uint8_t { kUniform, kNormal, kChoice };
    std::string name;
    double nominal = 0;
    double low = 0, high = 0;
    std::vector<double> choices;  // of kChoice
    Distribution distribution = Distribution::kUniform;
    std::string unit, meaning;
    int line = 0;
};

// A place by a path of the site: s along it from the conflict point, t towards the far side of the
// road (to the left where traffic drives on the right), turned against the path's direction.
struct PathPlace {
    std::string path;
    Expression s, t, turn_deg;
    int line = 0;
};

struct Action {
    enum class Kind : std::uint8_t {
        kSpeed,       // value: m/s; amount: by `dimension`
        kKeepAhead,   // of the ego by value [m], bumper to bumper
        kKeepBehind,  // the ego by value [m]
        kMeet,        // arrive at place when the ego arrives at the conflict point, at value [m/s]
        kWalk,        // along places
        kLaneChange,  // by value lanes to the far side within amount [s]
        kOffset,      // to value [m] from the lane's centre, amount: largest lateral m/s^2
        kPrivate,     // element
        kGlobal,      // element
    };
    Kind kind = Kind::kSpeed;
    Expression value, amount;
    std::string dimension;  // "rate", "time", "distance"; empty: at once
    std::vector<PathPlace> places;
    story::Element element;
    int line = 0;
};

struct Event {
    // When it starts: the ego's time to the conflict point falls to a value, another event has
    // ended, or a trigger of OpenSCENARIO fires. Nothing given: at the start.
    std::optional<Expression> ego_time_s;
    std::string after;
    Expression delay_s;
    std::optional<story::Element> trigger;
    std::string name;
    std::vector<Action> actions;
    int line = 0;
};

struct Actor {
    std::string name, kind;
    PathPlace at;
    Expression speed;
    bool present = true;        // else an action adds it
    std::vector<Action> start;  // from the start on
    std::vector<Event> events;
    int line = 0;
};

// A kind of actor, from the library file.
struct ActorKind {
    std::string type;  // "vehicle", "pedestrian", "object"
    std::string category, role, model;
    double length_m = 0, width_m = 0, height_m = 0;
    double x_m = 0;  // of the box's centre before the reference point
    double mass_kg = 0;
    double max_speed_mps = 0, max_acceleration_mps2 = 0, max_deceleration_mps2 = 0;
};
using ActorKinds = std::map<std::string, ActorKind>;

struct Situation {
    std::string name, summary, source;
    std::vector<std::string> tags;
    std::filesystem::path file;
    Needs needs;
    std::vector<Parameter> parameters;         // sorted by name
    std::map<std::string, Expression> values;  // derived from parameters, the site and each other
    std::map<std::string, PathPlace> places;   // NAME gives NAME_x, NAME_y, NAME_z, NAME_h
    Expression ego_speed, run_up_s;            // the ego's speed, and how long until the conflict
    Expression ego_offset;                     // from its lane's centre, to the far side
    std::vector<Actor> actors;
    std::vector<Event> events;          // of nobody
    std::vector<story::Element> start;  // global actions
    // How an ego fails that keeps its lane and speed: "collision", or a word for what else.
    std::string fails_by;
    std::vector<story::Criterion> criteria;
    ActorKinds kinds;
};

using Values = std::map<std::string, double>;

// Names of the situations that are shipped, sorted.
std::vector<std::string> shipped();

// A shipped situation by its name, or a file. Errors name file, line and what was expected.
engine::core::Result<Situation> load(const std::string& name_or_path);
// The same from a text; the library of kinds is the shipped one.
engine::core::Result<Situation> parse(const std::string& text, const std::filesystem::path& path);

// The nominal values.
Values nominal(const Situation& situation);
// Draw k of a seed: the same whatever the number of draws. Normal distributions have their mean at
// the nominal value and a quarter of the range as standard deviation, cut off at the range.
Values draw(const Situation& situation, std::uint64_t k, std::uint64_t seed);
// Values as given, over the nominal ones. Error: no such parameter, or out of its range.
engine::core::Result<Values> with_values(const Situation& situation, const Values& given);

}  // namespace huntsman::scenarios::situations
