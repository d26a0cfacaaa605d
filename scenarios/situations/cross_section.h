// What lies beside a lane, from the road model: how far the carriageway reaches to both sides, and
// which lanes for parking, bicycles and people are there.
#pragma once

#include <optional>

#include "engine/road/road_geometry.h"

namespace huntsman::scenarios::situations {

// t counts from the lane's centre, positive towards the far side: inwards, across lane 0.
struct Beside {
    double t_m = 0, width_m = 0;  // of its centre
};
enum class DrivenBeside { kNothing, kSameDirection, kOncoming };
struct CrossSection {
    int lane = 0;                            // of the model
    double near_edge_m = 0, far_edge_m = 0;  // of the carriageway
    DrivenBeside near = DrivenBeside::kNothing, far = DrivenBeside::kNothing;
    Beside near_lane, far_lane;                      // the driven lanes next to it
    std::optional<Beside> parking, cycle, pavement;  // at the near side
};

// Of the lane that holds t at s.
CrossSection cross_section(const engine::road::RoadGeometry& geometry, std::uint32_t road,
                           double s_m, double t_m);

}  // namespace huntsman::scenarios::situations
