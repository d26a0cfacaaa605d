// Trajectories as sampled curves: polylines, clothoids and NURBS whose places have been found.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "engine/core/result.h"
#include "engine/math/vec.h"
#include "engine/world/story_state.h"
#include "scenarios/story/story.h"

namespace huntsman::scenarios::player {

using CurvePoint = engine::world::TrajectoryPoint;
struct Curve {
    std::vector<CurvePoint> points;  // at least two; headings of corners are those of the way on
    bool has_times = false;
    // Straight between points, with the heading of the piece; else headings turn between points.
    bool straight = false;
    // Speed runs linearly over time between points, else it is constant.
    bool smooth = false;

    double length_m() const { return points.back().s_m; }
    CurvePoint at_s(double s_m) const;
    CurvePoint at_time(double time_s) const;
    // Makes speed run linearly between points with times, as `follow` asks.
    void smooth_speeds();
};

struct CurveStart {
    engine::math::Vec3 p_W{0, 0, 0};
    double heading_rad = 0;
    bool has_heading = false;  // given by the place
};
// Where a place is, as the player finds it.
using FindPlace = std::function<std::optional<CurveStart>(const story::Place&)>;

// `here` is where a clothoid begins that does not say so. Nothing where a place cannot be found.
std::optional<Curve> make_curve(const story::Trajectory& trajectory, const FindPlace& find,
                                const CurveStart& here);

}  // namespace huntsman::scenarios::player
