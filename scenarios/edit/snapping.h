// Places on the roads for what is dragged with the pointer.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "engine/math/vec.h"
#include "scenarios/model/scenario.h"

namespace huntsman::scenarios::edit {

struct SnappedPlace {
    engine::math::Vec3 p_W{0, 0, 0};
    double heading_rad = 0;  // of the lane's traffic
    double from_m = 0;       // how far the pointer is from it
    std::string road;        // its id, and the lane's, as OpenDRIVE has them
    int lane = 0;
    double s_m = 0, t_m = 0;            // along and across the road's reference line
    double lane_s_m = 0, lane_t_m = 0;  // along and across the lane's middle
};

// Made once for a place; any thread may call.
class Snapping {
  public:
    explicit Snapping(std::shared_ptr<const model::Place> place);
    ~Snapping();

    // The middle of the driven lane next to a point, within reach; of several the one whose heading
    // is closest to `heading_rad`, where that is given.
    std::optional<SnappedPlace> to_lane(const engine::math::Vec2& p_W,
                                        const std::optional<double>& heading_rad = {},
                                        double reach_m = 4) const;
    // The point itself, with the place on the road of that lane.
    std::optional<SnappedPlace> on_road(const engine::math::Vec2& p_W, double reach_m = 30) const;
    // The height of the highest surface there.
    double height_m(const engine::math::Vec2& p_W) const;

  private:
    struct Impl;
    std::unique_ptr<const Impl> impl_;
};

}  // namespace huntsman::scenarios::edit
