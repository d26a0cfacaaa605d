// Turns a road network for traffic on the right into one for traffic on the left.
#pragma once

#include "engine/world/road_model.h"

namespace huntsman::scenarios::town {

// Mirrors a model at the x axis: y, headings, t, lane ids and all that follows. What was a network
// that drives on the right is one that drives on the left.
// Crossfall and lateral shapes, which towns do not have, stay as they are.
void mirror(engine::world::RoadModel& model);

}  // namespace huntsman::scenarios::town
