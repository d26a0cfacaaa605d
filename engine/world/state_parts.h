// Parts of a state: what a phase of the tick may write, and what its link of the hash chain covers.
// Each field of a state says in its list (state_fields.h, mind_fields.h) to which part it belongs.
#pragma once

#include <cstdint>

namespace huntsman::engine::world {

struct State;

enum StatePart : std::uint32_t {
    kClock = 1U << 0,     // time and tick, the simulation's own; weather that came from outside
    kRoster = 1U << 1,    // which actors there are, how they look, who sees them
    kBodies = 1U << 2,    // where they are, how they move, and what a script moves
    kControls = 1U << 3,  // pedals, steering, legs and lamps
    kMinds = 1U << 4,     // who they are and what they plan
    kBeliefs = 1U << 5,   // what they believe of others
    kSignals = 1U << 6,
    kContacts = 1U << 7,  // of the last tick
    kStory = 1U << 8,
};

using StateParts = std::uint32_t;  // bits of StatePart
constexpr StateParts kWholeState = (kStory << 1) - 1;

const char* name(StatePart part);  // "roster", "bodies", ...

// Hash of every field of these parts, independent of padding and addresses.
std::uint64_t hash(const State& state, StateParts parts);

}  // namespace huntsman::engine::world
