// Parts of a driving stack that a run may have in an ideal form: what blame puts in the place of a
// part to see whether the run then passes.
//
// Each part is a struct with a field list; as people write it, it is its name with fields:
// "perception:class=pedestrian". docs/blame.md explains all of them.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "bridge/faults/fault.h"
#include "engine/core/result.h"
#include "engine/world/rig.h"

namespace huntsman::bridge::parts {

// ---- Of drivers that say what they perceive and plan on it

enum class Seen : std::uint8_t { kAny, kVehicle, kPedestrian, kThing };
// All objects of a class that can be seen from the car are perceived, as they are, and no others.
struct Perception {
    Seen of_class = Seen::kAny;
    bool operator==(const Perception&) const = default;
};
// Who has been perceived once stays perceived, as it is, under one number.
struct Tracks {
    bool operator==(const Tracks&) const = default;
};
// Perceived objects have their true velocities.
struct Velocities {
    bool operator==(const Velocities&) const = default;
};
// Signals show what they show.
struct Signals {
    bool operator==(const Signals&) const = default;
};
// Where perceived road users will go is known: where they went in the run without this part.
struct Prediction {
    bool operator==(const Prediction&) const = default;
};
// The shared planner plans on what the driver perceives, in the place of the driver's own.
struct Planning {
    bool operator==(const Planning&) const = default;
};

// ---- Of all drivers

// The route lies where it is, with its true limits.
struct Map {
    bool operator==(const Map&) const = default;
};
// A camera is clean, stands where it should, and its picture is the renderer's, without an image
// sensor.
struct Camera {
    std::string camera;
    bool operator==(const Camera&) const = default;
};
// Every frame comes at once, and actions take effect at once.
struct Latency {
    bool operator==(const Latency&) const = default;
};
// The car does what it is told.
struct Actions {
    bool operator==(const Actions&) const = default;
};

using Part = std::variant<Perception, Tracks, Velocities, Signals, Prediction, Planning, Map,
                          Camera, Latency, Actions>;

// "perception:class=pedestrian". An error says in one sentence what was given and what was
// expected.
engine::core::Result<Part> parse(const std::string& text);
// The same again, with every field: parse(text(part)) is the part.
std::string text(const Part& part);
// Names of all parts in the order of the variant.
std::vector<std::string> part_names();

template <typename T>
bool has(std::span<const Part> parts) {
    return std::ranges::any_of(parts,
                               [](const Part& part) { return std::holds_alternative<T>(part); });
}

// Whether the parts are seen by what the driver perceives: then it is given what could be seen.
bool needs_actual(std::span<const Part> parts);

// The faults that do something where these parts are ideal; of `Blind` and `Signals`, which spoil
// true perception, nothing is changed here. Those that do nothing leave one without effect in their
// places: what is random about the others stays as it is.
std::vector<faults::Fault> left(std::span<const faults::Fault> faults, std::span<const Part> parts);

// Makes the cameras of the parts ideal. Error: a part names a camera that the rig has not.
engine::core::Status mend(std::span<const Part> parts, engine::world::Rig& rig);

}  // namespace huntsman::bridge::parts
