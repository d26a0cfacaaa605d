#include "scenarios/edit/snapping.h"

#include <cmath>

#include "engine/math/constants.h"
#include "engine/road/road_geometry.h"
#include "engine/road/road_map.h"

namespace huntsman::scenarios::edit {

using engine::math::Vec2;
using engine::math::Vec3;
using engine::road::LanePlace;
using engine::road::RoadMap;

namespace {

constexpr double kAbove_m = 1e4;  // higher than anything

}  // namespace

struct Snapping::Impl {
    std::shared_ptr<const model::Place> place;
    engine::road::RoadGeometry geometry;
    RoadMap map;

    explicit Impl(std::shared_ptr<const model::Place> given)
        : place(std::move(given)), geometry(place->world.road_model), map(place->world) {}

    // On the highest level that has a lane there: not every bridge is for cars.
    std::optional<LanePlace> nearest(const Vec2& p_W, const std::optional<double>& heading_rad,
                                     double reach_m) const {
        constexpr int kLevels = 3;
        double from_m = kAbove_m;
        for (int level = 0; level < kLevels; ++level) {
            const double height_m = map.surface(Vec3(p_W, from_m)).height_m;
            if (const auto lane = nearest_at(Vec3(p_W, height_m), heading_rad, reach_m))
                return lane;
            from_m = height_m - engine::road::kLevel_m;
        }
        return std::nullopt;
    }
    std::optional<LanePlace> nearest_at(const Vec3& p, const std::optional<double>& heading_rad,
                                        double reach_m) const {
        if (heading_rad) return map.nearest_lane(p, *heading_rad, reach_m);
        std::optional<LanePlace> best;
        constexpr int kDirections = 4;
        for (int i = 0; i < kDirections; ++i) {
            const auto lane = map.nearest_lane(p, i * engine::math::kPi / 2, reach_m);
            if (lane && (!best || std::abs(lane->t_m) < std::abs(best->t_m))) best = lane;
        }
        return best;
    }

    SnappedPlace describe(const LanePlace& on, const Vec3& p_W) const {
        const auto& lane = map.lane(on.lane);
        SnappedPlace snapped{.p_W = p_W,
                             .heading_rad = map.at(on.lane, on.s_m).heading_rad,
                             .lane = lane.model_lane,
                             .lane_s_m = on.s_m,
                             .lane_t_m = on.t_m};
        const auto& roads = place->world.road_model.roads;
        if (lane.road >= roads.size()) return snapped;
        snapped.road = roads[lane.road].id;
        const auto at = geometry.project(lane.road, p_W);
        snapped.s_m = at.s_m;
        snapped.t_m = at.t_m;
        return snapped;
    }
};

Snapping::Snapping(std::shared_ptr<const model::Place> place)
    : impl_(std::make_unique<const Impl>(std::move(place))) {}
Snapping::~Snapping() = default;

std::optional<SnappedPlace> Snapping::to_lane(const Vec2& p_W,
                                              const std::optional<double>& heading_rad,
                                              double reach_m) const {
    const auto on = impl_->nearest(p_W, heading_rad, reach_m);
    if (!on) return std::nullopt;
    const Vec3 middle = impl_->map.at(on->lane, on->s_m).p;
    SnappedPlace snapped = impl_->describe({on->lane, on->s_m, 0}, middle);
    snapped.from_m = glm::length(Vec2(middle) - p_W);
    return snapped;
}

std::optional<SnappedPlace> Snapping::on_road(const Vec2& p_W, double reach_m) const {
    const auto on = impl_->nearest(p_W, std::nullopt, reach_m);
    if (!on) return std::nullopt;
    const double height_m = impl_->map.at(on->lane, on->s_m).p.z;
    return impl_->describe(*on, Vec3(p_W, impl_->map.surface(Vec3(p_W, height_m)).height_m));
}

double Snapping::height_m(const Vec2& p_W) const {
    // From above: bridges before what is under them.
    return impl_->map.surface(Vec3(p_W, kAbove_m)).height_m;
}

}  // namespace huntsman::scenarios::edit
