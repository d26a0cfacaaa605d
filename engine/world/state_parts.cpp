#include "engine/world/state_parts.h"

#include "engine/core/describe_hash.h"
#include "engine/world/state_fields.h"

namespace huntsman::engine::world {

const char* name(StatePart part) {
    switch (part) {
        case kClock:
            return "clock";
        case kRoster:
            return "roster";
        case kBodies:
            return "bodies";
        case kControls:
            return "controls";
        case kMinds:
            return "minds";
        case kBeliefs:
            return "beliefs";
        case kSignals:
            return "signals";
        case kContacts:
            return "contacts";
        case kStory:
            return "story";
    }
    return "unknown";
}

std::uint64_t hash(const State& state, StateParts parts) {
    thread_local core::Hasher hasher;  // keeps its buffer from tick to tick
    hasher.clear();
    core::add_parts(hasher, state, parts);
    return hasher.digest();
}

std::uint64_t hash(const State& state) { return hash(state, kWholeState); }

}  // namespace huntsman::engine::world
