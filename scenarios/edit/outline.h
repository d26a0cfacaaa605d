// What panes show of a draft: lists and descriptions, made anew from it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.h"
#include "engine/math/vec.h"
#include "scenarios/edit/commands.h"
#include "scenarios/edit/draft.h"

namespace huntsman::scenarios::edit {

struct OutlineActor {
    std::string name;
    std::string kind;      // "vehicle", "pedestrian", "object", "external"
    std::string category;  // "car", "child"'s "pedestrian", ...
    std::string model;     // name of the description
    std::string path;      // of its element
    bool is_ego = false;
    bool left_out = false;  // by the scenario's "without"
    double length_m = 0, width_m = 0, height_m = 0, centre_x_m = 0;
    // At the start: as the story's initial actions put it on the place's roads, or, without a
    // place, as a world position says.
    std::optional<engine::math::Vec3> p_W;
    double heading_rad = 0;
    std::optional<double> speed_mps;
    // Of what an initial action writes plainly, for parameters: <WorldPosition> and
    // <AbsoluteTargetSpeed>; empty where it is written otherwise.
    std::string place_path, speed_path;
    std::vector<engine::math::Vec3> route_W;  // waypoints of its first route
    std::string route_path;
    std::vector<std::string> route_points;  // paths of their <Position>; empty: not world positions
    // Of each trajectory that it follows, with times where given.
    struct Trajectory {
        std::string path;  // of <Trajectory>
        std::string event;
        std::vector<engine::math::Vec3> points_W;
        std::vector<std::optional<double>> times_s;
        std::vector<std::string> points;  // paths of their <Position>
        bool polyline = false;            // its points can be inserted and removed
    };
    std::vector<Trajectory> trajectories;
};

struct OutlineEvent {
    std::string name, path;
    std::vector<std::string> actors;
    std::vector<std::string> actions;       // in words: "go at 8 m/s"
    std::string trigger;                    // in words: "when Ego is 20 m from Child"
    std::optional<double> start_s;          // of triggers by time, and of those after such
    std::optional<engine::math::Vec3> p_W;  // of triggers with a position
    double radius_m = 0;
    std::string position_path;  // of that <Position>
    std::string radius_path, radius_attribute;
};

struct OutlineParameter {
    std::string name, type, value;
    std::optional<double> low, high;
    std::string distribution;           // "uniform", "normal", "choice", or empty
    std::string unit, meaning;          // of situations
    std::vector<std::string> bound_to;  // "Entities/...@attribute"
    bool overridden = false;            // by the scenario's "parameters"
};

struct OutlineSignal {
    std::string controller, path;
    struct Phase {
        std::string name;
        double duration_s = 0;
        std::vector<std::pair<std::string, std::string>> states;  // signal and state
    };
    std::vector<Phase> phases;
};

struct Outline {
    std::string source;     // "town", "map", and after a comma "story" or "situation cpnco"
    std::string situation;  // empty: none
    std::vector<OutlineActor> actors;
    std::vector<OutlineEvent> events;
    std::vector<OutlineParameter> parameters;
    std::vector<OutlineSignal> signals;
};

// A situation that is only placed is shown as the story that it becomes, where the place is there;
// its paths are those of that story, which `expand_situation` makes the draft's own.
Outline outline(const Draft& draft, const Context& context);

// Names of entities in `after` that `before` has not, to select what a command has added.
std::vector<std::string> added_actors(const Draft& before, const Draft& after);

// ---- Properties

struct PropertyDescription {
    std::string name;   // as commands want it: attribute or field
    std::string label;  // "Dynamics shape"
    std::string type;   // "number", "whole number", "text", "flag", "choice"
    std::string unit;   // "m/s", empty: none or not known
    std::string doc;
    std::vector<std::string> choices;
    bool required = false;
    std::optional<std::string> value;  // none: it is not given
    std::optional<double> low, high;
    std::string without;  // what holds where it is not given
};

struct ElementDescription {
    std::string path, name, label, type;
    std::vector<PropertyDescription> properties;
    struct Child {
        std::string path, name, label;
    };
    std::vector<Child> children;
    std::vector<std::string> insertable;      // names of elements that may be added
    std::vector<std::string> replaceable_by;  // names of elements that may stand in its place
    bool removable = false;
};
// Error: no such element.
engine::core::Result<ElementDescription> describe_element(const Draft& draft,
                                                          std::string_view path);

// The fields of the scenario that `set` and `reset` take, by group ("scenario", "town",
// "environment", "parameters"), with what they are now.
struct FieldDescription {
    std::string group;
    PropertyDescription property;  // name: "town.vehicles"
};
std::vector<FieldDescription> describe_fields(const Draft& draft);

}  // namespace huntsman::scenarios::edit
