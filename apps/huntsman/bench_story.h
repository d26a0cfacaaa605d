// huntsman bench story: the cost of playing scripted actors.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace huntsman::apps {

// A row for each number of actors: every actor drives in a lane of a long road and has three events
// whose conditions measure it against others, so that there are three conditions an actor.
// Milliseconds a tick, minimum and median of `repeats` runs of `ticks`.
nlohmann::ordered_json bench_story(int repeats, int ticks);

}  // namespace huntsman::apps
