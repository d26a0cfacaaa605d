#include "engine/world/mind_names.h"

namespace huntsman::engine::world {

const char* name(Goal goal) {
    static constexpr const char* kNames[] = {"straight", "left", "right", "yield", "cross", "wait"};
    return kNames[static_cast<std::size_t>(goal)];
}
const char* name(Gesture gesture) {
    static constexpr const char* kNames[] = {"nothing", "horn", "flash", "wave"};
    return kNames[static_cast<std::size_t>(gesture)];
}

}  // namespace huntsman::engine::world
