// What a signal of the road model means for traffic.
#pragma once

#include <cstdint>

#include "engine/world/road_model.h"

namespace huntsman::engine::road {

enum class SignalRole : std::uint8_t {
    kOther,
    kTrafficLight,     // for vehicles
    kPedestrianLight,  // for people on foot or on bicycles
    kStop,
    kYield,
    kPriority,  // priority road, or priority at the next junction
    kStopLine,
};

// By type: OpenDRIVE's own signals (1000001 ...), German numbers (206, 205, 301, 306, 294), which
// many maps use whatever their country, and the usual codes of the United States, Sweden, France
// and the United Kingdom.
SignalRole role_of(const world::ModelSignal& signal);

}  // namespace huntsman::engine::road
