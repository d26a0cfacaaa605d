// Driving slowly past those who might step out: people who have not seen the vehicle, people who
// are believed to stand behind something, and those who might do so.
#pragma once

#include "agents/conduct/scene.h"

namespace huntsman::agents::conduct {

// The highest speed that is careful enough now [m/s]; infinite where nobody could step out.
double careful_speed_mps(const Scene& scene);

}  // namespace huntsman::agents::conduct
