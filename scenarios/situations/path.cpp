#include "scenarios/situations/path.h"

#include <algorithm>
#include <cmath>

#include "engine/math/geometry.h"

namespace huntsman::scenarios::situations {

using engine::math::Vec2;
using engine::math::Vec3;
using engine::world::Lane;
using engine::world::LaneId;
using engine::world::RoadNetwork;

namespace {

double turn_of(const Lane& lane) {
    return std::abs(engine::math::wrap_angle(lane.samples.back().heading_rad -
                                             lane.samples.front().heading_rad));
}

// The one of several lanes that bends least; the first of equals.
LaneId straightest(const RoadNetwork& network, const std::vector<LaneId>& lanes) {
    return *std::ranges::min_element(lanes, {},
                                     [&](LaneId id) { return turn_of(network.lanes[id]); });
}

}  // namespace

SitePath::SitePath(const engine::road::RoadMap& map, std::vector<LaneId> lanes,
                   std::size_t conflict, double s_m)
    : map_(&map), lanes_(std::move(lanes)), left_hand_(map.network().left_hand) {
    double at_m = -s_m;
    for (std::size_t i = 0; i < conflict; ++i) at_m -= map.lane(lanes_[i]).length_m;
    first_m_ = at_m;
    for (const LaneId lane : lanes_) {
        begins_.push_back(at_m);
        at_m += map.lane(lane).length_m;
    }
    last_m_ = at_m;
}

SitePath::SitePath(const Vec3& p, double heading_rad, double before_m, double after_m,
                   bool left_hand)
    : first_m_(-before_m),
      last_m_(after_m),
      left_hand_(left_hand),
      p_(p),
      heading_rad_(heading_rad) {}

PathPoint SitePath::at(double s_m) const {
    const double s = std::clamp(s_m, first_m_, last_m_);
    if (!is_lanes()) {
        return {.p = p_ + Vec3(s * engine::math::direction(heading_rad_), 0.0),
                .heading_rad = heading_rad_};
    }
    std::size_t i = lanes_.size() - 1;
    while (i > 0 && begins_[i] > s) --i;
    const auto sample = map_->at(lanes_[i], s - begins_[i]);
    return {sample.p,       sample.heading_rad, sample.curvature_per_m,
            sample.width_m, lanes_[i],          s - begins_[i]};
}

Vec3 SitePath::point(double s_m, double t_m) const {
    const PathPoint here = at(s_m);
    const Vec2 left = engine::math::perp(engine::math::direction(here.heading_rad));
    return here.p + Vec3(side() * t_m * left, 0.0);
}

std::vector<LaneId> way_through(const RoadNetwork& network, LaneId lane, double s_m,
                                double before_m, double after_m, std::size_t* conflict) {
    std::vector<LaneId> way{lane};
    const auto seen = [&](LaneId id) { return std::ranges::find(way, id) != way.end(); };
    double length_m = s_m;
    while (length_m < before_m) {
        const auto& before = network.lanes[way.front()].predecessors;
        if (before.empty()) break;
        const LaneId next = straightest(network, before);
        if (seen(next)) break;
        length_m += network.lanes[next].length_m;
        way.insert(way.begin(), next);
    }
    *conflict = static_cast<std::size_t>(std::ranges::find(way, lane) - way.begin());
    length_m = network.lanes[lane].length_m - s_m;
    while (length_m < after_m) {
        const auto& after = network.lanes[way.back()].successors;
        if (after.empty()) break;
        const LaneId next = straightest(network, after);
        if (seen(next)) break;
        length_m += network.lanes[next].length_m;
        way.push_back(next);
    }
    return way;
}

}  // namespace huntsman::scenarios::situations
