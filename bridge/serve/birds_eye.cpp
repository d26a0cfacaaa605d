#include "bridge/serve/birds_eye.h"

#include <algorithm>
#include <cmath>

namespace huntsman::bridge::serve {

using engine::math::Vec2;
using engine::math::Vec3;

namespace {

using Rgb = std::array<std::uint8_t, 3>;
constexpr Rgb kGround{38, 44, 38}, kRoad{96, 96, 100}, kRoute{70, 110, 170}, kLine{190, 190, 190},
    kRed{220, 40, 40}, kYellow{230, 200, 40}, kGreen{50, 190, 70}, kVehicle{235, 140, 30},
    kPerson{240, 80, 170}, kThing{150, 110, 80}, kEgo{60, 160, 255};
constexpr std::size_t kMostCells = 1 << 21;  // two pictures of the largest size
constexpr double kRouteWidth_m = 0.8, kLineDepth_m = 1.0, kLaneWidth_m = 3.5;

// Of a line across the route, by what rules there.
Rgb line_colour(const messages::RouteEvent& event, const messages::Perception& truth) {
    if (event.kind() == messages::EVENT_STOP) return kRed;
    if (event.kind() != messages::EVENT_SIGNAL) return kLine;
    for (const auto& signal : truth.signals()) {
        const bool of_this = std::ranges::any_of(
            event.heads(), [&](const auto& head) { return head.head() == signal.head(); });
        if (!of_this) continue;
        switch (signal.state()) {
            case messages::SIGNAL_RED:
                return kRed;
            case messages::SIGNAL_YELLOW:
                return kYellow;
            case messages::SIGNAL_GREEN:
                return kGreen;
            default:
                break;
        }
    }
    return kLine;
}

}  // namespace

void BirdsEye::put(int row, int column, const Colour& colour, std::string& rgb) const {
    const std::size_t at = 3 * (static_cast<std::size_t>(row) * static_cast<std::size_t>(pixels_) +
                                static_cast<std::size_t>(column));
    for (std::size_t c = 0; c < 3; ++c) rgb[at + c] = static_cast<char>(colour[c]);
}

void BirdsEye::paint_ground(const loop::Session& session, std::string& rgb) {
    if (on_road_.size() > kMostCells) on_road_.clear();
    const auto& X_WB = session.state().actors.front().X_WB;
    const Vec2 ego(X_WB.p), x = engine::math::direction(X_WB.yaw_rad()), y = engine::math::perp(x);
    for (int row = 0; row < pixels_; ++row) {
        for (int column = 0; column < pixels_; ++column) {
            const Vec2 p = ego + cell_m_ * ((0.5 * pixels_ - row - 0.5) * x +
                                            (0.5 * pixels_ - column - 0.5) * y);
            // The ground's own cells, so that each is asked for once.
            const auto i = static_cast<std::int32_t>(std::floor(p.x / cell_m_));
            const auto j = static_cast<std::int32_t>(std::floor(p.y / cell_m_));
            const std::uint64_t key = static_cast<std::uint64_t>(static_cast<std::uint32_t>(i))
                                          << 32 |
                                      static_cast<std::uint32_t>(j);
            const auto [cell, is_new] = on_road_.try_emplace(key, false);
            if (is_new) {
                cell->second = session.road_map().on_road(cell_m_ * Vec2(i + 0.5, j + 0.5));
            }
            put(row, column, cell->second ? kRoad : kGround, rgb);
        }
    }
}

void BirdsEye::paint(const Box& box, const Colour& colour, std::string& rgb) const {
    const Vec2 x = engine::math::direction(box.heading_rad), y = engine::math::perp(x);
    // Something small is a pixel at least.
    const Vec2 half(0.5 * std::max(box.length_m, cell_m_), 0.5 * std::max(box.width_m, cell_m_));
    const double reach = glm::length(half);
    const auto first = [&](double p) {
        return std::max(0, static_cast<int>(std::floor(0.5 * pixels_ - (p + reach) / cell_m_)));
    };
    const auto last = [&](double p) {
        return std::min(pixels_ - 1,
                        static_cast<int>(std::ceil(0.5 * pixels_ - (p - reach) / cell_m_)));
    };
    if (std::abs(box.centre.x) > pixels_ * cell_m_ || std::abs(box.centre.y) > pixels_ * cell_m_) {
        return;
    }
    for (int row = first(box.centre.x); row <= last(box.centre.x); ++row) {
        for (int column = first(box.centre.y); column <= last(box.centre.y); ++column) {
            const Vec2 p = cell_m_ * Vec2(0.5 * pixels_ - row - 0.5, 0.5 * pixels_ - column - 0.5) -
                           box.centre;
            if (std::abs(glm::dot(p, x)) <= half.x && std::abs(glm::dot(p, y)) <= half.y) {
                put(row, column, colour, rgb);
            }
        }
    }
}

void BirdsEye::paint_route(const messages::Route& route, const messages::Perception& truth,
                           std::string& rgb) const {
    const auto& points = route.points();
    for (int i = 0; i + 1 < points.size(); ++i) {
        const Vec2 from(points[i].x_m(), points[i].y_m());
        const Vec2 way = Vec2(points[i + 1].x_m(), points[i + 1].y_m()) - from;
        paint({.centre = from + 0.5 * way,
               .heading_rad = std::atan2(way.y, way.x),
               .length_m = glm::length(way),
               .width_m = kRouteWidth_m},
              kRoute, rgb);
    }
    for (const auto& event : route.events()) {
        if (event.kind() == messages::EVENT_GOAL) continue;
        const auto point =
            std::ranges::find_if(points, [&](const auto& one) { return one.s_m() >= event.s_m(); });
        if (point == points.end()) continue;
        paint({.centre = Vec2(point->x_m(), point->y_m()),
               .heading_rad = point->heading_rad(),
               .length_m = kLineDepth_m,
               .width_m = point->width_m() > 0 ? point->width_m() : kLaneWidth_m},
              line_colour(event, truth), rgb);
    }
}

void BirdsEye::draw(const loop::Session& session, const messages::Route& route, std::string& rgb) {
    rgb.resize(3 * static_cast<std::size_t>(pixels_) * static_cast<std::size_t>(pixels_));
    const messages::Perception truth = session.true_perception();
    paint_ground(session, rgb);
    paint_route(route, truth, rgb);
    for (const auto& object : truth.objects()) {
        paint({.centre = Vec2(object.x_m(), object.y_m()),
               .heading_rad = object.yaw_rad(),
               .length_m = object.length_m(),
               .width_m = object.width_m()},
              object.object_class() == messages::OBJECT_VEHICLE      ? kVehicle
              : object.object_class() == messages::OBJECT_PEDESTRIAN ? kPerson
                                                                     : kThing,
              rgb);
    }
    const auto& ego = session.observation().vehicle();
    paint({.centre = Vec2(0.5 * (ego.front_m() - ego.rear_m()), 0),
           .heading_rad = 0,
           .length_m = ego.front_m() + ego.rear_m(),
           .width_m = ego.width_m()},
          kEgo, rgb);
}

}  // namespace huntsman::bridge::serve
