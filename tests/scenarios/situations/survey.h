// Situations played kinematically: an ego that keeps lane and speed, and one that brakes as the
// reference driver of UN R157 does.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <set>

#include "scenarios/openscenario/openscenario.h"
#include "scenarios/player/player.h"
#include "scenarios/situations/place.h"
#include "scenarios/story/compile.h"

namespace huntsman::scenarios::situations {

using engine::core::kTick_us;
using engine::core::seconds;
using engine::math::Vec2;
using engine::world::ScriptedEntity;
using engine::world::StoryState;

inline story::Story compiled(story::Document document, engine::core::Findings& findings) {
    story::CompileOptions options;
    return story::compile(document, options, findings);
}

// The corners of a box in the plane, grown by a margin to the sides.
struct PlaneBox {
    Vec2 centre{0, 0}, along{1, 0};
    double length_m = 0, width_m = 0;
};
inline PlaneBox box_of(const ScriptedEntity& e, const story::Box& box) {
    const Vec2 along(std::cos(e.heading_rad), std::sin(e.heading_rad));
    return {Vec2(e.p_W.x, e.p_W.y) + box.x_m * along, along, box.length_m, box.width_m};
}
// By separating axes.
inline bool overlap(const PlaneBox& a, const PlaneBox& b) {
    const Vec2 d = b.centre - a.centre;
    for (const Vec2 axis :
         {a.along, Vec2(-a.along.y, a.along.x), b.along, Vec2(-b.along.y, b.along.x)}) {
        const auto reach = [&](const PlaneBox& box) {
            return box.length_m / 2 * std::abs(glm::dot(axis, box.along)) +
                   box.width_m / 2 * std::abs(glm::dot(axis, Vec2(-box.along.y, box.along.x)));
        };
        if (std::abs(glm::dot(d, axis)) > reach(a) + reach(b)) return false;
    }
    return true;
}

struct Outcome {
    bool collided = false;
    double collision_s = 0;
    std::string with;
    bool braked = false;
    std::vector<PlaneBox> way;  // of the ego's box, for each tick; of one that keeps its speed
};

// The first overlap of the ego's box with another's.
inline void judge(const story::Story& story, const StoryState& state, Outcome& outcome) {
    const ScriptedEntity& self = state.entities[story.ego];
    const PlaneBox own = box_of(self, story.entities[story.ego].box);
    for (std::size_t i = 0; i < state.entities.size() && !outcome.collided; ++i) {
        const ScriptedEntity& other = state.entities[i];
        constexpr double kLevel_m = 3;
        if (i == story.ego || !other.present || std::abs(other.p_W.z - self.p_W.z) > kLevel_m) {
            continue;
        }
        if (!overlap(own, box_of(other, story.entities[i].box))) continue;
        outcome.collided = true;
        outcome.collision_s = seconds(state.time_us);
        outcome.with = story.entities[i].name;
    }
}

// Plays a story with an ego that keeps lane and speed, on beyond a collision.
inline Outcome keep_speed(const story::Story& story, const engine::road::RoadGeometry& geometry,
                          double until_s) {
    const player::Player player(story, geometry);
    StoryState state = player.begin();
    Outcome outcome;
    while (seconds(state.time_us) < until_s && !state.finished) {
        player.step(state, kTick_us);
        judge(story, state, outcome);
        outcome.way.push_back(box_of(state.entities[story.ego], story.entities[story.ego].box));
    }
    return outcome;
}

// Another's box in t seconds: on the curve that it drives, at its speed; one that brakes goes on
// braking.
inline PlaneBox foreseen(const ScriptedEntity& other, const story::Entity& entity, double t) {
    PlaneBox box = box_of(other, entity.box);
    const Vec2 v(other.v_W.x, other.v_W.y), a(other.a_W.x, other.a_W.y);
    const double speed = glm::length(v);
    if (speed < 0.1) return box;
    double way_m = speed * t;
    const double braking = -glm::dot(a, v) / speed;
    constexpr double kBrakes_mps2 = 0.5;
    if (braking > kBrakes_mps2) {
        const double until = std::min(t, speed / braking);
        way_m = speed * until - braking * until * until / 2;
    }
    double turned = 0;
    if (entity.axles.size() >= 2) {
        turned = std::tan(other.steer_rad) / (entity.axles[0].x_m - entity.axles[1].x_m) * way_m;
        turned = std::clamp(turned, -2.0, 2.0);
    }
    const auto rotated = [](const Vec2& d, double by) {
        return Vec2(std::cos(by) * d.x - std::sin(by) * d.y,
                    std::sin(by) * d.x + std::cos(by) * d.y);
    };
    box.centre += way_m * rotated(v / speed, turned / 2);
    box.along = rotated(box.along, turned);
    return box;
}

// The reference driver [UN R157, guidance on performance models] on the same way: it perceives a
// risk where another's box, going on as it does, comes to overlap its own within 4 s; 0.4 s later
// it begins to react, 0.75 s after that it brakes with a jerk of 12.65 m/s^3 up to 0.774 g.
inline Outcome brake_as_reference(const story::Story& story,
                                  const engine::road::RoadGeometry& geometry,
                                  const std::vector<PlaneBox>& way, double until_s) {
    constexpr double kHorizon_s = 4, kPerception_s = 0.4, kDelay_s = 0.75, kJerk = 12.65;
    constexpr double kMost = 0.774 * 9.81, kAside_m = 0.3;
    const player::Player player(story, geometry);
    StoryState state = player.begin();
    Outcome outcome;
    std::optional<double> perceived_s;
    double deceleration = 0, start_mps = state.entities[story.ego].speed_mps, gone_m = 0;
    const double dt = seconds(kTick_us);
    for (int tick = 0; seconds(state.time_us) < until_s && !state.finished; ++tick) {
        player.step(state, kTick_us);
        ScriptedEntity& self = state.entities[story.ego];
        // Who hits an ego that stands is at fault himself.
        if (self.speed_mps > 0.1) judge(story, state, outcome);
        if (outcome.collided) return outcome;
        gone_m += self.speed_mps * dt;
        const double now = seconds(state.time_us);
        if (!perceived_s && tick % 10 == 0 && self.speed_mps > 0.1) {
            for (double t = 0; t <= kHorizon_s && !perceived_s; t += 0.1) {
                const double at = (gone_m + self.speed_mps * t) / (start_mps * dt);
                PlaneBox mine = way[std::min(static_cast<std::size_t>(at), way.size() - 1)];
                mine.width_m += kAside_m;
                for (std::size_t i = 0; i < state.entities.size(); ++i) {
                    if (i == story.ego || !state.entities[i].present) continue;
                    const PlaneBox there = foreseen(state.entities[i], story.entities[i], t);
                    if (overlap(mine, there)) perceived_s = now;
                }
            }
        }
        if (!perceived_s || now < *perceived_s + kPerception_s + kDelay_s) continue;
        outcome.braked = true;
        deceleration = std::min(kMost, deceleration + kJerk * dt);
        self.speed_mps = std::max(0.0, self.speed_mps - deceleration * dt);
    }
    return outcome;
}

}  // namespace huntsman::scenarios::situations
