// Ways over the road away from crossings: where somebody on a pavement crosses straight over to the
// one opposite.
#pragma once

#include <optional>
#include <vector>

#include "agents/conduct/scene.h"
#include "engine/core/random.h"

namespace huntsman::agents::conduct {

// A stretch of a lane that somebody on foot walks over.
struct LaneCrossed {
    world::LaneId lane = world::kNone;
    double s_begin_m = 0, s_end_m = 0;  // along the lane
    double place_m = 0;                 // of its middle along the way of the one on foot
};

// The lanes of a way over the road, by place.
std::vector<LaneCrossed> lanes_crossed(const LaneBook& book, const world::OwnCrossing& way,
                                       double z_m);

// The way straight over the road from a place on a pavement whose direction is `along`: to the
// nearer side first, at most 16 m of road, not at a junction and not where things are in the way.
// Nothing where no pavement lies opposite.
std::optional<world::OwnCrossing> way_over(const LaneBook& book, const math::Vec3& p,
                                           const Vec2& along);

// Whether the agent crosses the road from this place of its walkway, which is not at a crossing:
// drawn once for each walkway and goal, by how often it uses crossings.
bool leaves_walkway(const Scene& scene, const world::Walkway& walkway, double s_m,
                    const world::PedestrianMind& mind, const engine::core::Key& seed);

// The way as a walkway of its own, towards its end.
world::Walkway as_walkway(const world::OwnCrossing& way, double z_m);

}  // namespace huntsman::agents::conduct
