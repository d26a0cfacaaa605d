#include "engine/world/names.h"

namespace huntsman::engine::world {

const char* name(Intention intention) {
    static constexpr const char* kNames[] = {"follow", "stop_at_line",  "yield",     "cross",
                                             "walk",   "wait_to_cross", "cross_road"};
    return kNames[static_cast<std::size_t>(intention)];
}
const char* name(Aspect aspect) {
    static constexpr const char* kNames[] = {"off", "red", "red_yellow", "green", "yellow"};
    return kNames[static_cast<std::size_t>(aspect)];
}
const char* name(LaneKind kind) {
    static constexpr const char* kNames[] = {"driving", "parking", "cycle", "shoulder"};
    return kNames[static_cast<std::size_t>(kind)];
}
const char* name(Turn turn) {
    static constexpr const char* kNames[] = {"straight", "left", "right", "u_turn"};
    return kNames[static_cast<std::size_t>(turn)];
}

}  // namespace huntsman::engine::world
