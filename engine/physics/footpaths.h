// Height of pavements and of their ramps at crossings, for people's feet.
#pragma once

#include <optional>
#include <vector>

#include "engine/math/grid_index.h"
#include "engine/math/vec.h"
#include "engine/world/road_network.h"

namespace huntsman::engine::physics {

class Footpaths {
  public:
    explicit Footpaths(const world::RoadNetwork& roads);

    // Height of the closest walkway at p on p's own level; nothing away from all of them.
    std::optional<double> height_m(const math::Vec3& p) const;

  private:
    struct Segment {
        math::Vec2 a{0, 0}, ab{0, 0};
        double inverse_length2 = 0;
        double z = 0, dz = 0;
        double reach_m = 0;
    };
    std::vector<Segment> segments_;
    math::GridIndex near_;
};

}  // namespace huntsman::engine::physics
