#include "scenarios/dressing/fronts.h"

#include <algorithm>

#include "engine/math/geometry.h"

namespace huntsman::scenarios::dressing {

namespace math = engine::math;
using engine::road::RoadGeometry;
using namespace engine::world;

namespace {

// Outermost lane of a side in the section at s; 0 where there is none.
int outermost(const RoadGeometry& geometry, const Front& front, double s_m) {
    const std::uint32_t section = geometry.section_at(front.road, s_m);
    const auto& lanes = geometry.model().roads[front.road].sections[section].lanes;
    const int id = front.left ? lanes.front().id : lanes.back().id;
    return front.left ? std::max(0, id) : std::min(0, id);
}

// The innermost of the pavements at a side's outside; 0 where there is none.
int pavement(const RoadGeometry& geometry, const Front& front, double s_m) {
    const std::uint32_t section = geometry.section_at(front.road, s_m);
    int found = 0;
    const int step = front.left ? -1 : 1;
    for (int id = outermost(geometry, front, s_m); id != 0; id += step) {
        const ModelLane* lane = geometry.lane(front.road, section, id);
        if (lane == nullptr || geometry.width_m(front.road, section, id, s_m) < 0.05) continue;
        if (lane->type == LaneType::kSidewalk) {
            found = id;
        } else if (is_driven(lane->type) || lane->type == LaneType::kParking ||
                   lane->type == LaneType::kBiking) {
            break;
        }
    }
    return found;
}

}  // namespace

double edge_t_m(const RoadGeometry& geometry, const Front& front, double s_m) {
    const std::uint32_t section = geometry.section_at(front.road, s_m);
    return geometry.outer_t_m(front.road, section, outermost(geometry, front, s_m), s_m);
}

double kerb_t_m(const RoadGeometry& geometry, const Front& front, double s_m) {
    const std::uint32_t section = geometry.section_at(front.road, s_m);
    const int id = pavement(geometry, front, s_m);
    if (id == 0) return edge_t_m(geometry, front, s_m);
    return geometry.inner_t_m(front.road, section, id, s_m);
}

std::vector<Front> find_fronts(const RoadGeometry& geometry) {
    std::vector<Front> fronts;
    const RoadModel& model = geometry.model();
    for (std::uint32_t r = 0; r < model.roads.size(); ++r) {
        const Road& road = model.roads[r];
        if (road.junction != kNone || road.sections.empty() || road.length_m < 8.0) continue;
        // How many lanes are driven, and how fast.
        int driven = 0;
        bool rails = false;
        for (const ModelLane& lane : road.sections[0].lanes) {
            driven += is_driven(lane.type) ? 1 : 0;
            rails = rails || lane.type == LaneType::kRail;
        }
        if (driven == 0 || rails) continue;
        Rank rank = driven >= 4 ? Rank::kMain : Rank::kLocal;
        for (const RoadType& type : road.types) {
            if (type.type == "motorway" || type.type.find("Highway") != std::string::npos) {
                rank = Rank::kMotorway;
            } else if (type.type == "rural") {
                rank = Rank::kRural;
            }
        }
        for (const bool left : {true, false}) {
            Front front;
            front.road = r;
            front.left = left;
            front.rank = rank;
            front.length_m = road.length_m;
            const double middle = 0.5 * road.length_m;
            front.pavement = pavement(geometry, front, middle) != 0;
            front.pavement_m =
                std::abs(edge_t_m(geometry, front, middle) - kerb_t_m(geometry, front, middle));
            fronts.push_back(front);
        }
    }
    return fronts;
}

FrontPoint front_point(const RoadGeometry& geometry, const Front& front, double s_m, double out_m) {
    const double s = std::clamp(s_m, 0.0, front.length_m);
    const double t = edge_t_m(geometry, front, s) + front.sign() * out_m;
    const auto q = geometry.reference(front.road, s);
    const Vec2 along = math::direction(q.heading_rad);
    FrontPoint point;
    point.p = q.p + t * math::perp(along) + (s_m - s) * along;
    point.heading_rad = q.heading_rad;
    point.curvature_per_m = q.curvature_per_m;
    return point;
}

}  // namespace huntsman::scenarios::dressing
