// Exact geometry of a road model: (road, s, t, h) to positions and back, lane borders and heights.
//
// A RoadGeometry refers to the model it was made from, which must outlive it. All queries are
// const, allocate nothing and may run on many threads. s is clamped to [0, road length]. Roads are
// given by their index in RoadModel::roads.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/math/transform.h"
#include "engine/road/plan_piece.h"
#include "engine/world/road_model.h"

namespace huntsman::engine::road {

// A place in road coordinates [m]: t to the left of the reference line, h above the surface that
// elevation and superelevation span.
struct RoadPlace {
    std::uint32_t road = world::kNone;
    double s_m = 0, t_m = 0, h_m = 0;
};

// Position and Tait-Bryan angles (heading about z, then pitch about y, then roll about x) of axes
// along s, along t and out of the road. Pitch is positive downhill, roll positive where the left
// side is up, as rotations of a right-handed frame are.
struct RoadPose {
    math::Vec3 p{0, 0, 0};
    double heading_rad = 0, pitch_rad = 0, roll_rad = 0;
};

class RoadGeometry {
  public:
    explicit RoadGeometry(const world::RoadModel& model);

    const world::RoadModel& model() const { return *model_; }

    // Reference line without lane offset.
    ReferencePoint reference(std::uint32_t road, double s_m) const;
    double lane_offset_m(std::uint32_t road, double s_m) const;
    double elevation_m(std::uint32_t road, double s_m) const;
    double elevation_slope(std::uint32_t road, double s_m) const;
    double superelevation_rad(std::uint32_t road, double s_m) const;

    // Index of the lane section that holds s; the later one at a border.
    std::uint32_t section_at(std::uint32_t road, double s_m) const;
    double section_end_m(std::uint32_t road, std::uint32_t section) const;
    // The lane of a section by its id; nullptr where there is none.
    const world::ModelLane* lane(std::uint32_t road, std::uint32_t section, int lane_id) const;

    // Width of a lane (never negative) and t of its borders, lane offset included. Lane 0: width 0,
    // both borders at the lane offset.
    double width_m(std::uint32_t road, std::uint32_t section, int lane_id, double s_m) const;
    double outer_t_m(std::uint32_t road, std::uint32_t section, int lane_id, double s_m) const;
    double inner_t_m(std::uint32_t road, std::uint32_t section, int lane_id, double s_m) const;
    double outer_t_slope(std::uint32_t road, std::uint32_t section, int lane_id, double s_m) const;
    // Height of a lane over the road at a border (the `height` records), 0 where none is given.
    double lane_height_m(const world::ModelLane& lane, double section_s_m, bool outer) const;

    // The lane whose area holds t at s (0 where t lies beyond all lanes, or exactly between).
    int lane_at(std::uint32_t road, double s_m, double t_m) const;

    // Offset of the surface from the plane that elevation and superelevation span, along its
    // normal [m]: shape, crossfall, level lanes and the height of the lane at t. The second form
    // takes the lane for granted, so that both sides of a kerb can be asked for.
    double surface_offset_m(std::uint32_t road, double s_m, double t_m) const;
    double surface_offset_m(std::uint32_t road, std::uint32_t section, int lane_id, double s_m,
                            double t_m) const;

    // Place and angles on the surface at (s, t), lifted by h along its normal. Lane heights are
    // included.
    RoadPose pose(const RoadPlace& place) const;

    // Point on a lane's outer border (lane 0: reference line with offset), and the border's heading
    // in the plane.
    RoadPose border(std::uint32_t road, std::uint32_t section, int lane_id, double s_m) const;

    // Road coordinates of a point, by the closest point of the reference line in the plane; h is
    // the height above the surface. Cost: about 1 us per 100 m of road.
    RoadPlace project(std::uint32_t road, const math::Vec3& p) const;
    // The same from a guess of s that is within a few metres.
    RoadPlace project_near(std::uint32_t road, const math::Vec3& p, double s_guess_m) const;

  private:
    struct RoadTable {
        std::vector<ArcTable> arcs;          // by piece
        std::vector<ReferencePoint> coarse;  // every `step_m`, for projections
        double step_m = 0;
    };

    const world::Cubic* offset_record(std::uint32_t road, std::uint32_t section, double s_m) const;

    const world::RoadModel* model_;
    std::vector<RoadTable> tables_;  // by road
};

// Value of a profile at s; 0 where it is empty, its first value before its start.
double value_at(const world::Profile& profile, double s_m);
double slope_at(const world::Profile& profile, double s_m);

}  // namespace huntsman::engine::road
