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
    for (const Vec2 axis : {a.along, Vec2(-a.along.y, a.along.x), b.along,
                            Vec2(-b.along.y, b.along.x)}) {
        const auto reach = [&](const PlaneBox& box) {
            return box.length_m / 2 * std::abs(glm::dot(axis, box.along)) +
                   box.width_m / 2 * std::abs(glm::dot(axis, Vec2(-box.along.y, box.along.x)));
        };
        if (std::abs(glm::dot(d, axis)) > reach(a) + reach(b)) return false;
    }
    return true;
}

enum class Driver { kKeepsSpeed, kReference };

struct Outcome {
    bool collided = false;
    double collision_s = 0;
    std::string with;
    double impact_mps = 0;
    bool braked = false;
};

// Plays a document; the ego follows its route. The reference driver [UN R157, annex 3, guidance 2]:
// perceives a risk where another's box, going on as it does, comes to overlap the ego's within 3 s;
// 0.4 s later it begins to react, 0.75 s after that it brakes with a jerk of 12.65 m/s^3 up to
// 0.774 g.
inline Outcome play(const story::Story& story, const engine::road::RoadGeometry& geometry,
                    Driver driver, double until_s) {
    const player::Player player(story, geometry);
    StoryState state = player.begin();
    Outcome outcome;
    std::optional<double> perceived_s;
    double deceleration = 0;
    const std::size_t ego = story.ego;
    const double dt = seconds(kTick_us);
    for (int tick = 0; seconds(state.time_us) < until_s && !state.finished; ++tick) {
        player.step(state, kTick_us);
        ScriptedEntity& self = state.entities[ego];
        const PlaneBox own = box_of(self, story.entities[ego].box);
        for (std::size_t i = 0; i < state.entities.size(); ++i) {
            if (i == ego || !state.entities[i].present) continue;
            const ScriptedEntity& other = state.entities[i];
            if (std::abs(other.p_W.z - self.p_W.z) > 3) continue;
            if (!overlap(own, box_of(other, story.entities[i].box))) continue;
            outcome.collided = true;
            outcome.collision_s = seconds(state.time_us);
            outcome.with = story.entities[i].name;
            outcome.impact_mps = std::hypot(self.v_W.x - other.v_W.x, self.v_W.y - other.v_W.y);
            return outcome;
        }
        if (driver == Driver::kKeepsSpeed) continue;
        const double now = seconds(state.time_us);
        if (!perceived_s && tick % 10 == 0 && self.speed_mps > 0.1) {
            // The ego's way ahead is that of its present curve.
            const double yaw_rate = self.steer_rad != 0
                                        ? std::tan(self.steer_rad) * self.speed_mps / 2.8
                                        : 0;
            for (double t = 0; t <= 3 && !perceived_s; t += 0.1) {
                PlaneBox mine = own;
                const double turned = self.heading_rad + yaw_rate * t;
                const double chord = self.heading_rad + yaw_rate * t / 2;
                mine.along = Vec2(std::cos(turned), std::sin(turned));
                mine.centre += self.speed_mps * t * Vec2(std::cos(chord), std::sin(chord));
                mine.width_m += 0.3;
                for (std::size_t i = 0; i < state.entities.size(); ++i) {
                    if (i == ego || !state.entities[i].present) continue;
                    const ScriptedEntity& other = state.entities[i];
                    PlaneBox there = box_of(other, story.entities[i].box);
                    there.centre += t * Vec2(other.v_W.x, other.v_W.y);
                    if (overlap(mine, there)) perceived_s = now;
                }
            }
        }
        constexpr double kPerception_s = 0.4, kDelay_s = 0.75, kJerk = 12.65;
        constexpr double kMost = 0.774 * 9.81;
        if (perceived_s && now > *perceived_s + kPerception_s + kDelay_s) {
            outcome.braked = true;
            deceleration = std::min(kMost, deceleration + kJerk * dt);
            self.speed_mps = std::max(0.0, self.speed_mps - deceleration * dt);
        }
    }
    return outcome;
}

}  // namespace huntsman::scenarios::situations
