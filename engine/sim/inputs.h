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
};
const char* name(InputKind kind);

struct ExternalInput {
    std::int64_t tick = 0;
    world::ActorId actor = world::kNoActor;
    InputKind kind = InputKind::kCommand;
    std::vector<double> values;  // as the kind says
    friend bool operator==(const ExternalInput&, const ExternalInput&) = default;
};

// Whether the kind is known and has as many values as it should, and a latency is one; the message
// says what is wrong.
core::Status check(const ExternalInput& input);

class InputLog {
  public:
    // What a vehicle does from now on. Kept only where it differs from what held before.
    void command(std::int64_t tick, world::ActorId actor, const world::VehicleCommand& command);
    void release(std::int64_t tick, world::ActorId actor);
    // Precondition: not negative.
    void latency(std::int64_t tick, world::ActorId actor, core::TimeUs latency_us);
    // An input that passes `check`. Ticks must not fall.
    void add(const ExternalInput& input);

    // Writes what holds for each actor into the state. Those that are not there are left out.
    void apply(world::State& state) const;

    const std::vector<ExternalInput>& inputs() const { return inputs_; }

  private:
    std::vector<ExternalInput> inputs_;
    std::map<world::ActorId, world::VehicleCommand> commands_;  // that hold now
};

}  // namespace huntsman::engine::sim
