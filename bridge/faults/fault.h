// Faults that a run has on purpose: in what its driver is given, in the map that it drives by, and
// in what the car makes of its actions.
//
// Each fault is a struct with a field list; as people write it, it is its name with fields:
// "blind:class=pedestrian,side=left". docs/faults.md explains all of them.
//
// Faults are pure: what is random about them is keyed by the run's seed, the fault's place in the
// list and the frame.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/core/describe.h"
#include "engine/core/result.h"

namespace huntsman::bridge::faults {

// ---- Frames: pictures, and what drivers on true perception are given in their place.

// A frame does not come: the driver is not asked, and what it said last goes on.
struct Drop {
    double share = 0.1;
    bool operator==(const Drop&) const = default;
};
// Time falls into spans; during such a span what comes is that of the last frame before it.
struct Freeze {
    double share = 0.05, seconds = 1;
    bool operator==(const Freeze&) const = default;
};
// What comes is that of earlier; nothing of it is corrected for the ego's motion since.
struct Late {
    double ms = 200;  // rounded up to whole frames
    bool operator==(const Late&) const = default;
};
// Frames come one frame late and fall into pairs; of such a pair the second one comes first.
struct Reorder {
    double share = 0.1;
    bool operator==(const Reorder&) const = default;
};

// ---- Cameras

enum class Look : std::uint8_t { kBlack, kBlurred, kSmeared };
struct DirtyCamera {
    std::string camera;
    Look look = Look::kBlack;
    bool operator==(const DirtyCamera&) const = default;
};
// Its mounting turns: a random walk about each axis, of which the driver is told nothing.
struct Drift {
    std::string camera;
    double deg_per_sqrt_s = 0.5;  // standard deviation after one second
    bool operator==(const Drift&) const = default;
};

// ---- What is perceived, of drivers on true perception

enum class Class : std::uint8_t { kAny, kVehicle, kPedestrian };
enum class Side : std::uint8_t { kAny, kLeft, kRight, kAhead, kBehind };
enum class Light : std::uint8_t { kAny, kDay, kNight };
// Does not see the road users that all of this is true of.
struct Blind {
    Class of_class = Class::kAny;
    Side side = Side::kAny;  // beyond the car's own side or end
    Light light = Light::kAny;
    double beyond_m = 0;  // from the car's origin
    bool operator==(const Blind&) const = default;
};

// ---- The map

// The route lies beside where it is.
struct RouteShift {
    double left_m = 1;
    bool operator==(const RouteShift&) const = default;
};
// What drivers on true perception take signals to show.
enum class WrongSignal : std::uint8_t { kUnknown, kRed, kYellow, kGreen, kSwapped };
struct Signals {
    WrongSignal state = WrongSignal::kUnknown;  // swapped: green for red and red for the others
    bool operator==(const Signals&) const = default;
};
struct SpeedLimit {
    double factor = 1.5;
    bool operator==(const SpeedLimit&) const = default;
};

// ---- Actions

// On top of the run's latency.
struct LateAction {
    double ms = 200;
    bool operator==(const LateAction&) const = default;
};
struct Clip {
    double steer_deg = 90, throttle = 1, brake = 1;
    bool operator==(const Clip&) const = default;
};
struct WeakBrakes {
    double share = 0.2;  // of the braking that is missing
    bool operator==(const WeakBrakes&) const = default;
};
struct SteerOffset {
    double deg = 1;  // to the left
    bool operator==(const SteerOffset&) const = default;
};

using Fault = std::variant<Drop, Freeze, Late, Reorder, DirtyCamera, Drift, Blind, RouteShift,
                           Signals, SpeedLimit, LateAction, Clip, WeakBrakes, SteerOffset>;

// "blind:class=pedestrian". An error says in one sentence what was given and what was expected.
engine::core::Result<Fault> parse(const std::string& text);
// The same again, with every field: parse(text(fault)) is the fault.
std::string text(const Fault& fault);
// Names of all faults in the order of the variant.
std::vector<std::string> fault_names();
// Of the fault of this name: its keys in files, each with what it means.
std::vector<std::pair<std::string, std::string>> fault_keys(const std::string& fault_name);

}  // namespace huntsman::bridge::faults
