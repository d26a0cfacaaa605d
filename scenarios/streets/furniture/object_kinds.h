// What an object of a map is, told from its type, subtype and name.
#pragma once

#include "engine/world/road_model.h"

namespace huntsman::scenarios::streets {

enum class ObjectKind {
    kPaint,  // nothing that stands
    kPole,
    kLamp,
    kTree,
    kBush,
    kGuardRail,
    kJersey,
    kFence,
    kRailing,
    kWall,
    kHedge,
    kWorksBarrier,
    kCone,
    kBollard,
    kGuidePost,
    kBuilding,
    kShelter,
    kIsland,
    kHeap,
    kBench,
    kBin,
    kBox,
};

// Exporters write the kind into any of the three; matching ignores case. What is not recognised is
// a box, or paint where it has no height.
ObjectKind kind_of(const engine::world::ModelObject& object);

}  // namespace huntsman::scenarios::streets
