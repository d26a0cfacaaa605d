#include "engine/world/ids.h"

namespace huntsman::engine::world {

const char* name(Semantic s) {
    static constexpr const char* kNames[kSemantics] = {
        "nothing",      "sky",           "road",  "road_mark",  "sidewalk", "kerb",
        "terrain",      "building",      "fence", "vegetation", "pole",     "traffic_signal",
        "traffic_sign", "car",           "van",   "truck",      "bus",      "motorcycle",
        "bicycle",      "pedestrian",    "other", "scooter",    "trailer",  "wheelchair",
        "animal",       "movable_object"};
    return kNames[static_cast<std::size_t>(s)];
}

}  // namespace huntsman::engine::world
