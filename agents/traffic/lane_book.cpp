#include "agents/traffic/lane_book.h"

#include <algorithm>
#include <cmath>

#include "engine/world/pose.h"

namespace huntsman::agents::traffic {

using math::Vec2;

LaneBook::LaneBook(const world::World& world, const road::RoadMap& map) : map_(&map) {
    const world::RoadNetwork& roads = map.network();

    // Speeds: limit and bends at every metre, then a backward pass for slowing down in time.
    for (const world::Lane& lane : roads.lanes) {
        const auto count = static_cast<std::size_t>(std::ceil(lane.length_m)) + 1;
        std::vector<double> speeds(count);
        for (std::size_t i = 0; i < count; ++i) {
            const double bend = std::abs(map.at(lane.id, static_cast<double>(i)).curvature_per_m);
            speeds[i] =
                std::min(lane.speed_limit_mps, std::sqrt(kLateral_mps2 / std::max(bend, 1e-6)));
        }
        for (std::size_t i = count - 1; i-- > 0;) {
            speeds[i] =
                std::min(speeds[i], std::sqrt(speeds[i + 1] * speeds[i + 1] + 2 * kSlowing_mps2));
        }
        slowest_.push_back(*std::min_element(speeds.begin(), speeds.end()));
        speeds_.push_back(std::move(speeds));
    }

    // Crossings by lane.
    crossings_.resize(roads.lanes.size());
    for (const world::Crossing& crossing : roads.crossings) {
        const Vec2 a = math::xy(crossing.a), ab = math::xy(crossing.b) - a;
        for (const auto& span : crossing.lanes) {
            const Vec2 middle =
                math::xy(map.at(span.lane, 0.5 * (span.s_begin_m + span.s_end_m)).p);
            crossings_[span.lane].push_back({crossing.id, span.s_begin_m, span.s_end_m,
                                             glm::dot(middle - a, ab) / glm::length(ab)});
        }
    }
    for (auto& list : crossings_) {
        std::sort(list.begin(), list.end(),
                  [](const auto& x, const auto& y) { return x.begin_m < y.begin_m; });
    }

    // Rights of way seen from the other side.
    for (const world::Lane& lane : roads.lanes) {
        std::vector<char> flags;
        for (const world::Conflict& conflict : lane.conflicts) {
            const auto& back = roads.lanes[conflict.other].conflicts;
            flags.push_back(std::any_of(back.begin(), back.end(), [&](const auto& c) {
                return c.other == lane.id && c.yields;
            }));
        }
        other_yields_.push_back(std::move(flags));
    }

    // Static boxes: all for people, those on the carriageway for drivers.
    Vec2 high{0, 0};
    for (const world::StaticObject& object : world.objects) {
        if (!object.collides) continue;
        const math::Box2 box = world::footprint(object.extent, object.X_WB);
        const double radius = glm::length(box.half) + kReach_m;
        if (boxes_.empty()) low_ = high = box.centre;
        low_ = glm::min(low_, box.centre - radius);
        high = glm::max(high, box.centre + radius);
        boxes_.push_back(box);
        const auto corners = box.corners();
        if (map.on_road(box.centre) ||
            std::any_of(corners.begin(), corners.end(), [&](Vec2 p) { return map.on_road(p); })) {
            obstacles_.push_back(box);
            obstacle_ids_.push_back(object.id);
        }
    }
    columns_ = static_cast<std::int64_t>((high.x - low_.x) / kCell_m) + 1;
    rows_ = static_cast<std::int64_t>((high.y - low_.y) / kCell_m) + 1;
    cells_.resize(static_cast<std::size_t>(columns_ * rows_));
    for (std::uint32_t i = 0; i < boxes_.size(); ++i) {
        // Cells within reach of the box; the cell's own diagonal counts as half a cell around it.
        math::Box2 wide = boxes_[i];
        wide.half += Vec2(kReach_m);
        const double radius = glm::length(wide.half);
        const Vec2 from = (boxes_[i].centre - radius - low_) / kCell_m;
        const Vec2 to = (boxes_[i].centre + radius - low_) / kCell_m;
        for (auto y = static_cast<std::int64_t>(from.y); y <= static_cast<std::int64_t>(to.y);
             ++y) {
            for (auto x = static_cast<std::int64_t>(from.x); x <= static_cast<std::int64_t>(to.x);
                 ++x) {
                if (x < 0 || y < 0 || x >= columns_ || y >= rows_) continue;
                const math::Box2 cell{low_ + kCell_m * Vec2(static_cast<double>(x) + 0.5,
                                                            static_cast<double>(y) + 0.5),
                                      0.0, Vec2(0.5 * kCell_m)};
                if (math::overlap(cell, wide)) {
                    cells_[static_cast<std::size_t>(y * columns_ + x)].push_back(i);
                }
            }
        }
    }
}

double LaneBook::speed_mps(world::LaneId lane, double s_m) const {
    const auto& speeds = speeds_[lane];
    const double s = std::clamp(s_m, 0.0, static_cast<double>(speeds.size() - 1));
    const auto i = static_cast<std::size_t>(s);
    if (i + 1 >= speeds.size()) return speeds.back();
    const double u = s - static_cast<double>(i);
    return speeds[i] + u * (speeds[i + 1] - speeds[i]);
}

}  // namespace huntsman::agents::traffic
