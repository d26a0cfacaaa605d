// Height of pavements and of their ramps at crossings, for people's feet.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

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
    math::Vec2 low_{0, 0};
    std::int64_t columns_ = 0, rows_ = 0;
    std::vector<std::uint32_t> begin_;  // into items_, one more than cells
    std::vector<std::uint32_t> items_;
};

}  // namespace huntsman::engine::physics
