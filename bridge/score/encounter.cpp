#include "bridge/score/encounter.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/core/check.h"
#include "engine/road/road_map.h"

namespace huntsman::bridge::score {

using engine::math::Box2;
using engine::math::cross;
using engine::math::direction;
using engine::math::Vec2;
using engine::math::Vec3;

namespace {

// Half the length of a box's shadow on an axis.
double shadow(const Box2& box, const Vec2& axis) {
    const Vec2 ahead = direction(box.yaw_rad);
    return box.half.x * std::abs(glm::dot(axis, ahead)) + box.half.y * std::abs(cross(axis, ahead));
}

bool circles_meet(const Box2& a, const Box2& b) {
    const Vec2 between = b.centre - a.centre;
    const double reach = glm::length(a.half) + glm::length(b.half);
    return glm::dot(between, between) <= reach * reach;
}

}  // namespace

bool same_level(const Vec3& a, const Vec3& b) {
    constexpr double kGrade = 0.08;
    return std::abs(a.z - b.z) <=
           engine::road::kLevel_m + kGrade * glm::length(engine::math::xy(a - b));
}

double contact_time_s(const Box2& a, const Vec2& v_a, const Box2& b, const Vec2& v_b) {
    const Vec2 between = b.centre - a.centre, closing = v_b - v_a;
    double enter = 0.0, leave = kInfinity;
    for (const double yaw : {a.yaw_rad, b.yaw_rad}) {
        for (const Vec2& axis : {direction(yaw), engine::math::perp(direction(yaw))}) {
            const double gap = glm::dot(between, axis), speed = glm::dot(closing, axis);
            const double reach = shadow(a, axis) + shadow(b, axis);
            if (speed == 0.0) {
                if (std::abs(gap) > reach) return kInfinity;
                continue;
            }
            const double first = (-gap - std::copysign(reach, speed)) / speed;
            const double last = (-gap + std::copysign(reach, speed)) / speed;
            enter = std::max(enter, first);
            leave = std::min(leave, last);
        }
    }
    return enter <= leave ? enter : kInfinity;
}

Gaps gaps(const Box2& a, const Box2& b) {
    const Vec2 ahead = direction(a.yaw_rad);
    const Vec2 between = b.centre - a.centre;
    const double along = std::abs(glm::dot(between, ahead)) - a.half.x - shadow(b, ahead);
    const double across =
        std::abs(cross(ahead, between)) - a.half.y - shadow(b, engine::math::perp(ahead));
    return {.longitudinal_m = across < 0.0 ? std::max(0.0, along) : kInfinity,
            .lateral_m = along < 0.0 ? std::max(0.0, across) : kInfinity};
}

void Encroachments::remember(Track& track, double time_s, const Footprint& now) {
    constexpr double kSamePlace_m = 0.02;  // far below what times between road users can tell
    while (!track.empty() && track.front().until_s < time_s - kHorizon_s) track.pop_front();
    if (!track.empty() &&
        glm::distance(track.back().at.box.centre, now.box.centre) < kSamePlace_m) {
        track.back().until_s = time_s;
        return;
    }
    track.push_back({.at = now, .until_s = time_s});
}

std::optional<double> Encroachments::last_there(const Track& track, const Footprint& now) {
    constexpr double kCrossingCosine = 0.866;  // of 30 degrees
    for (auto stay = track.rbegin(); stay != track.rend(); ++stay) {
        const Box2& then = stay->at.box;
        if (!circles_meet(then, now.box)) continue;
        if (std::cos(then.yaw_rad - now.box.yaw_rad) > kCrossingCosine) continue;
        if (!same_level(Vec3(then.centre, stay->at.z_m), Vec3(now.box.centre, now.z_m))) continue;
        if (overlap(then, now.box)) return stay->until_s;
    }
    return {};
}

void Encroachments::see_ego(double time_s, const Footprint& now) {
    remember(ego_, time_s, now);
    // Who is gone for the whole horizon is forgotten.
    std::erase_if(others_, [&](const auto& other) {
        return other.second.back().until_s < time_s - kHorizon_s;
    });
}

std::optional<double> Encroachments::see_other(double time_s, engine::world::ActorId other,
                                               const Footprint& now) {
    HM_CHECK(!ego_.empty(), "the ego is seen before others");
    Track& track = others_[other];
    remember(track, time_s, now);
    const auto ego_left = last_there(ego_, now);
    const auto other_left = last_there(track, ego_.back().at);
    if (!ego_left && !other_left) return {};
    return time_s - std::max(ego_left.value_or(-kInfinity), other_left.value_or(-kInfinity));
}

}  // namespace huntsman::bridge::score
