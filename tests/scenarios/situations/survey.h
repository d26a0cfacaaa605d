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

// The reference driver [UN R157, guidance on performance models] on the same way: it perceives a
// risk where another's box, going on as it does, comes to overlap its own within 3 s; 0.4 s later
// it begins to react, 0.75 s after that it brakes with a jerk of 12.65 m/s^3 up to 0.774 g.
inline Outcome brake_as_reference(const story::Story& story,
                                  const engine::road::RoadGeometry& geometry,
                                  const std::vector<PlaneBox>& way, double until_s) {
    constexpr double kHorizon_s = 3, kPerception_s = 0.4, kDelay_s = 0.75, kJerk = 12.65;
    constexpr double kMost = 0.774 * 9.81, kAside_m = 0.3;
    const player::Player player(story, geometry);
    StoryState state = player.begin();
    Outcome outcome;
    std::optional<double> perceived_s;
    double deceleration = 0, start_mps = state.entities[story.ego].speed_mps, gone_m = 0;
    const double dt = seconds(kTick_us);
    for (int tick = 0; seconds(state.time_us) < until_s && !state.finished; ++tick) {
        player.step(state, kTick_us);
        judge(story, state, outcome);
        if (outcome.collided) return outcome;
        ScriptedEntity& self = state.entities[story.ego];
        gone_m += self.speed_mps * dt;
        const double now = seconds(state.time_us);
        if (!perceived_s && tick % 10 == 0 && self.speed_mps > 0.1) {
            for (double t = 0; t <= kHorizon_s && !perceived_s; t += 0.1) {
                const double at = (gone_m + self.speed_mps * t) / (start_mps * dt);
                PlaneBox mine = way[std::min(static_cast<std::size_t>(at), way.size() - 1)];
                mine.width_m += kAside_m;
                for (std::size_t i = 0; i < state.entities.size(); ++i) {
                    if (i == story.ego || !state.entities[i].present) continue;
                    PlaneBox there = box_of(state.entities[i], story.entities[i].box);
                    there.centre += t * Vec2(state.entities[i].v_W.x, state.entities[i].v_W.y);
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
