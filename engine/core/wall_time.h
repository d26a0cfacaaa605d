// Wall time that passes, for people: it never enters a run's state.
#pragma once

#include <chrono>

namespace huntsman::engine::core {

using WallClock = std::chrono::steady_clock;

inline double seconds_since(WallClock::time_point start) {
    return std::chrono::duration<double>(WallClock::now() - start).count();
}

}  // namespace huntsman::engine::core
