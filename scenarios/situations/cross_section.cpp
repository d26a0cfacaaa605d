#include "scenarios/situations/cross_section.h"

#include <cmath>

namespace huntsman::scenarios::situations {

using engine::world::LaneType;
using engine::world::ModelLane;

namespace {

bool is_carriageway(LaneType type) {
    return engine::world::is_driven(type) || type == LaneType::kParking ||
           type == LaneType::kBiking || type == LaneType::kShoulder || type == LaneType::kStop ||
           type == LaneType::kRoadWorks;
}

}  // namespace

CrossSection cross_section(const engine::road::RoadGeometry& geometry, std::uint32_t road,
                           double s_m, double t_m) {
    CrossSection result;
    const std::uint32_t section = geometry.section_at(road, s_m);
    const int own = geometry.lane_at(road, s_m, t_m);
    if (own == 0) return result;
    result.lane = own;
    const double centre_m = (geometry.inner_t_m(road, section, own, s_m) +
                             geometry.outer_t_m(road, section, own, s_m)) /
                            2;
    const double outwards = own > 0 ? 1 : -1;
    const auto beside = [&](int lane) {
        const double inner = geometry.inner_t_m(road, section, lane, s_m);
        const double outer = geometry.outer_t_m(road, section, lane, s_m);
        return Beside{-outwards * ((inner + outer) / 2 - centre_m), std::abs(outer - inner)};
    };
    const double half_m = beside(own).width_m / 2;
    result.near_edge_m = -half_m;
    result.far_edge_m = half_m;
    // Goes over the lanes from one on; `use` returns false where the carriageway ends.
    const auto go = [&](int from, int step, auto use) {
        for (int lane = from;; lane += step) {
            if (lane == 0) continue;
            const ModelLane* found = geometry.lane(road, section, lane);
            if (found == nullptr || !use(*found, beside(lane))) return;
        }
    };
    constexpr double kNoWidth_m = 0.05;
    bool first = true, on_carriageway = true;
    go(own + (own > 0 ? 1 : -1), own > 0 ? 1 : -1, [&](const ModelLane& lane, const Beside& at) {
        if (at.width_m < kNoWidth_m) return true;
        if (lane.type == LaneType::kSidewalk && !result.pavement) result.pavement = at;
        on_carriageway &= is_carriageway(lane.type);
        if (!on_carriageway) return !result.pavement.has_value();
        if (first && engine::world::is_driven(lane.type)) {
            result.near = DrivenBeside::kSameDirection;
            result.near_lane = at;
        }
        first = false;
        if (lane.type == LaneType::kParking && !result.parking) result.parking = at;
        if (lane.type == LaneType::kBiking && !result.cycle) result.cycle = at;
        result.near_edge_m = at.t_m - at.width_m / 2;
        return true;
    });
    first = true;
    go(own + (own > 0 ? -1 : 1), own > 0 ? -1 : 1, [&](const ModelLane& lane, const Beside& at) {
        if (at.width_m < kNoWidth_m) return true;
        if (!is_carriageway(lane.type)) return false;
        if (first && engine::world::is_driven(lane.type)) {
            result.far =
                (lane.id > 0) == (own > 0) ? DrivenBeside::kSameDirection : DrivenBeside::kOncoming;
            result.far_lane = at;
        }
        first = false;
        result.far_edge_m = at.t_m + at.width_m / 2;
        return true;
    });
    return result;
}

}  // namespace huntsman::scenarios::situations
