// What comes into a run from outside: all that its states do not follow from by themselves.
//
// The ego's driver is one source; a takeover of another vehicle, a fault or an editor is another.
// Whoever it is, its inputs go through an `InputLog`, which keeps them for the recording and
// applies them; a replay applies the kept ones at the same place of the tick. So a run is computed
// again exactly without whoever gave them.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "engine/core/result.h"
#include "engine/core/time.h"
#include "engine/world/state.h"

namespace huntsman::engine::sim {

enum class InputKind : std::uint8_t {
    // What a vehicle's pedals and steering do from this tick on, instead of what its own mind
    // wants: steer_rad, throttle, brake, reverse (0 or 1).
    kCommand = 1,
    // From this tick on the vehicle's own mind has it again; no values.
    kRelease = 2,
    // How long the vehicle's driver took to answer what it saw at this tick [µs], where that was
    // measured. It changes no state by itself: commands are recorded as they took effect.
    kLatency = 3,
    // The actor stands elsewhere in this tick, before anything moves: x, y, z of its origin in W,
    // yaw_rad, speed_mps along it.
    kPlace = 4,
    // Light, weather and road are others from this tick on (State::environment): the numbers of
    // Environment in the order of its field list; actor: kNoActor.
    kEnvironment = 5,
    // The vehicle's driver gave no answer to what it saw at this tick; no values. It changes no
    // state by itself: commands are recorded as they took effect.
    kNoAnswer = 6,
};
const char* name(InputKind kind);

struct ExternalInput {
    std::int64_t tick = 0;
    world::ActorId actor = world::kNoActor;
    InputKind kind = InputKind::kCommand;
    std::vector<double> values;  // as the kind says
    friend bool operator==(const ExternalInput&, const ExternalInput&) = default;
};

// Whether the kind is known and has as many values as it should, and these are what they stand for;
// the message says what is wrong.
core::Status check(const ExternalInput& input);

// Where an actor is put.
struct Placement {
    math::Vec3 p_W{0, 0, 0};  // of B's origin
    double yaw_rad = 0;
    double speed_mps = 0;
};
ExternalInput place_input(std::int64_t tick, world::ActorId actor, const Placement& placement);
ExternalInput environment_input(std::int64_t tick, const world::Environment& environment);
// What such inputs say. Precondition: they pass `check` and have this kind.
Placement placement_of(const ExternalInput& input);
world::Environment environment_of(const ExternalInput& input);  // with its words

class InputLog {
  public:
    // What a vehicle does from now on. Kept only where it differs from what held before.
    void command(std::int64_t tick, world::ActorId actor, const world::VehicleCommand& command);
    void release(std::int64_t tick, world::ActorId actor);
    // Precondition: not negative.
    void latency(std::int64_t tick, world::ActorId actor, core::TimeUs latency_us);
    void no_answer(std::int64_t tick, world::ActorId actor);
    // An input that passes `check`. Ticks must not fall.
    void add(const ExternalInput& input);

    // Writes the commands that hold for each actor into the state, and ends the script of whoever
    // else than the ego follows one. Those that are not there are left out.
    void apply(world::State& state) const;

    const std::vector<ExternalInput>& inputs() const { return inputs_; }

  private:
    std::vector<ExternalInput> inputs_;
    std::map<world::ActorId, world::VehicleCommand> commands_;  // that hold now
};

}  // namespace huntsman::engine::sim
